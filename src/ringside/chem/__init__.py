"""Molecules: identity, masses, ions, acidity, lipophilicity, features, drawing."""
