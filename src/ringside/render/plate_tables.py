"""A plate as a table: CSV, columns for Parquet, and for the terminal."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from ringside.answers.plate.nouns import PlateReport, WellEntry
from ringside.render.plate import mass_words, meaning_words, number, remark
from ringside.render.plate_maps import mark

Cell = str | float | int | None
LISTED = 6


def plate_columns(report: PlateReport) -> dict[str, tuple[type, list[Cell]]]:
    """Return the columns of the table of wells: type and values, None where there is none.

    A material of the plate map has a column "left NAME %" with the UV area that is left of it.
    """
    wells = report.wells
    texts = {"vial", "well", "target", "file", "product_ion", "tied_with", "remark"}
    found: dict[str, tuple[type, list[Cell]]] = {}

    def add(name: str, values: Sequence[Cell]) -> None:
        found[name] = (str if name in texts else int if name in {"rank", "product_peaks"} else float, list(values))

    add("vial", [w.vial for w in wells])
    add("well", [w.well for w in wells])
    add("target", [w.target for w in wells])
    add("file", [w.file for w in wells])
    add("rank", [w.rank for w in wells])
    add("product_area_percent", [w.product_area_percent for w in wells])
    add("product_rt_min", [w.product_rt_min for w in wells])
    add("product_ion", [w.product_ion for w in wells])
    add("product_peaks", [len(w.product_peaks) for w in wells])
    add("product_if_one_low_percent", [w.product_if_one_percent[0] if w.product_if_one_percent else None for w in wells])  # fmt: skip
    add("product_if_one_high_percent", [w.product_if_one_percent[1] if w.product_if_one_percent else None for w in wells])  # fmt: skip
    add("tied_with", [".".join(_smiles(w)) for w in wells])
    add("standard_area_percent", [w.standard_area_percent for w in wells])
    add("product_to_standard", [w.product_to_standard for w in wells])
    for name in dict.fromkeys(m.name for w in wells for m in w.materials):
        add(f"left {name} %", [next((m.area_percent for m in w.materials if m.name == name), None) for w in wells])
    add("explained_area_percent", [None if w.explained_area is None else 100.0 * w.explained_area for w in wells])
    add("largest_unknown_percent", [w.largest_unknown_percent for w in wells])
    add("largest_unknown_mz", [w.largest_unknown_mz for w in wells])
    add("drift_s", [w.drift_s for w in wells])
    add("stretch", [w.stretch for w in wells])
    add("remark", [remark(w) for w in wells])
    return found


def _smiles(w: WellEntry) -> list[str]:
    known = {s.id: s.smiles for s in w.species}
    return [known.get(i, i) for i in w.tied_with]


def plate_csv(report: PlateReport) -> str:
    """Return a row for each well."""
    columns = plate_columns(report)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    for row in zip(*(values for _, values in columns.values()), strict=True):
        writer.writerow(["" if v is None else f"{v:.6g}" if isinstance(v, float) else v for v in row])
    return text.getvalue()


def print_plate(report: PlateReport, console: Console) -> None:
    """Write the table of wells, and what recurs."""
    console.print()
    console.print(Text(report.title, style="bold"))
    console.print(Text(report.verdict, style="bold cyan"))
    if report.ranking:
        console.print(Text(f"best by {report.ranked_by}: {', '.join(report.ranking[:5])}"))
    table = Table(box=None, pad_edge=False, header_style="dim")
    for name in ("well", "product area", "min", "ion", "explained", "unknown", ""):
        table.add_column(name, overflow="fold")
    for w in report.wells:
        area = "-" if w.product_area_percent is None else f"{w.product_area_percent:.1f} % {mark(w)}"
        explained = "-" if w.explained_area is None else f"{w.explained_area:.0%}"
        unknown = "-" if not w.largest_unknown_percent else f"{w.largest_unknown_percent:.1f} %"
        table.add_row(w.well, area, number(w.product_rt_min, 2), w.product_ion, explained, unknown, Text(remark(w)))
    console.print(table)
    for g in report.recurring[:LISTED]:
        at = "" if g.difference_da is not None else f" at {g.rt_min:.2f} min"
        best = f": {meaning_words(g.meanings[0])}" if g.meanings else ""
        console.print(Text(f"recurs without a reading: {mass_words(g)}{at} in {', '.join(g.wells)}{best}"))
    for note in report.warnings:
        console.print(Text(f"note: {note}", style="dim"))
