"""A report for a terminal or a browser; calculates nothing."""
