"""Plate maps and peak tables made for tests."""

from pathlib import Path

BENZYLS = ("", "C", "Cl", "F", "OC", "C(F)(F)F")
PROTONATED = {"": 191.154, "C": 205.170, "Cl": 225.115, "F": 209.145, "OC": 221.165, "C(F)(F)F": 259.142}


def target(substituent: str) -> str:
    """Return the N-benzyl homopiperazine with a substituent."""
    return f"C1CNCCN(C1)Cc1ccc({substituent})cc1" if substituent else "C1CNCCN(C1)Cc1ccccc1"


def written(folder: Path, header: str, rows: list[str], peaks: list[str]) -> tuple[Path, Path]:
    """Write a plate map and one peak table for all its wells."""
    platemap, table = folder / "map.csv", folder / "peaks.csv"
    platemap.write_text("\n".join((header, *rows)) + "\n", encoding="utf-8")
    table.write_text("\n".join(("well,rt,area %,m/z", *peaks)) + "\n", encoding="utf-8")
    return platemap, table


def place(number: int) -> str:
    """Return the name of a well counted from 0 by rows of six."""
    return f"{chr(ord('A') + number // 6)}{number % 6 + 1}"
