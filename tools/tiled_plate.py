"""A plate of any size made of the wells of a smaller Waters report: for benchmarks and for looking at pages."""

import csv
import re
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parent.parent
WATERS = ROOT / "examples" / "data" / "waters_plate"
COLUMNS = 12
_NUMBER = re.compile(r"(?m)^(Well\t\d+:)\d+\r?$")


def tiled(folder: Path, wells: int, *, keep: Callable[[int], bool] = lambda _n: True) -> tuple[Path, Path]:
    """Write a plate map and a report of so many wells, the shipped ones over and over, by rows of twelve.

    Args:
        folder: Where to.
        wells: How many.
        keep: Whether the injection of a well, counted from 1, is in the report; it is in the plate map all the same.

    Returns:
        The plate map and the report.
    """
    text = (WATERS / "plate.rpt").read_text(encoding="latin-1")
    parts = re.split(r"(?m)^(?=\[SAMPLE\])", text)[1:]
    with (WATERS / "platemap.csv").open(encoding="utf-8") as stream:
        smiles = [row["smiles"] for row in csv.DictReader(stream)]
    numbers = range(1, wells + 1)
    rows = [["vial", "well", "smiles"]]
    rows += [[f"4:{n}", place(n), smiles[(n - 1) % len(smiles)]] for n in numbers]
    platemap, report = folder / f"map-{wells}.csv", folder / f"plate-{wells}.rpt"
    with platemap.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows(rows)
    with report.open("w", encoding="latin-1", newline="") as stream:
        for n in numbers:
            if keep(n):
                stream.write(_NUMBER.sub(rf"\g<1>{n}", parts[(n - 1) % len(parts)], count=1))
    return platemap, report


def place(number: int) -> str:
    """Return the name of a well counted by rows of twelve: B6 of 18."""
    return f"{chr(ord('A') + (number - 1) // COLUMNS)}{(number - 1) % COLUMNS + 1}"
