"""Computational technical support for the synthesis of 1,4-diazepanes and related cyclic diamines."""

__version__ = "0.1.0"
