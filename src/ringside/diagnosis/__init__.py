"""Why it went wrong."""
