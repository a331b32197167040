"""Plates: every well named, aligned, ranked, and what recurs in several explained."""
