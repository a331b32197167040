"""From what was seen to named peaks."""
