"""Rate laws, protons, and amounts over time."""
