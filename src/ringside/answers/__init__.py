"""One function per question; the report and its schema."""
