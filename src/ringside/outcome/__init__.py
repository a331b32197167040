"""From a course to isolated and injected amounts."""
