"""Validate plates on real data: a Waters plate beside PyParse, and ten Shimadzu runs. Writes validation/plates.md.

usage: python tools/validate_plates.py

The Waters plate is in examples/data. The Shimadzu runs and the published answers of PyParse are read from the folder that SHARED names
(../shared beside this one when left out); where they are absent the page says so. PYPARSE and PYPARSE_PYTHON as in bench_plate.py.
"""

import csv
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from recorded_reactions import stamp, wilson
from tiled_plate import ROOT, WATERS

from ringside.answers.plate.ask import ask_plate
from ringside.answers.plate.nouns import PlateReport, WellEntry
from ringside.chem.molecule import canonical
from ringside.knowledge.load import load

PAGE = ROOT / "validation" / "plates.md"
PEERS = ROOT / "validation" / "pyparse-published.csv"
SHARED = Path(os.environ.get("SHARED", ROOT.parent / "shared"))
SHIMADZU = SHARED / "data" / "lcms" / "shimadzu"
NEAR_MIN, NEAR_AREA = 0.02, 0.5
AREAS = (1.0, 5.0, 20.0)


def published() -> dict[tuple[str, str], tuple[float, float]]:
    """Return (min, area %) of the product peak that PyParse published, by plate and well; 0 where it found none."""
    with PEERS.open(encoding="utf-8") as stream:
        rows = csv.DictReader(line for line in stream if not line.startswith("#"))
        return {(r["plate"], r["well"]): (float(r["rt_min"]), float(r["area_percent"])) for r in rows}


def pyparse_now(report: PlateReport) -> dict[str, tuple[float, float]] | None:
    """Return (min, area %) of the product peaks that PyParse finds now, by well; None where it is not installed."""
    where, python = os.environ.get("PYPARSE"), os.environ.get("PYPARSE_PYTHON")
    if not where or not python:
        return None
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rows = [["Well", "Desired Product Smiles"], *([w.well, w.target] for w in report.wells)]
        with (folder / "map.csv").open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream, lineterminator="\n").writerows(rows)
        command = [python, str(Path(where) / "PyParse.py"), str(WATERS / "plate.rpt"), str(folder / "map.csv"), "-o", str(folder / "out")]  # fmt: skip
        (folder / "out").mkdir()
        subprocess.run(command, check=True, capture_output=True, cwd=where)
        with (folder / "out" / "outputTable.csv").open(encoding="utf-8") as stream:
            areas = {r["Well"]: float(r["Parea"]) for r in csv.DictReader(stream)}
        with (folder / "out" / "compoundtable.csv").open(encoding="utf-8") as stream:
            times = {canonical(r["canonSMILES"]): float(r["time"]) for r in csv.DictReader(stream) if r["canonSMILES"]}
    return {w.well: (times.get(w.target, 0.0), areas.get(w.well, 0.0)) for w in report.wells}


def agrees(w: WellEntry, other: tuple[float, float]) -> bool:
    """Say whether PyParse's one product peak is the whole of what Ringside reads as the target."""
    found = [p for p in w.product_peaks if (p.area_percent or 0.0) >= 1.0]
    if not found or other[1] == 0.0:
        return not found and other[1] == 0.0
    return len(found) == 1 and abs(found[0].rt_min - other[0]) <= NEAR_MIN


def difference(w: WellEntry, other: tuple[float, float] | None) -> str:
    """Return in words where the published answer differs."""
    if other is None:
        return "not published"
    if agrees(w, other):
        own = next((p.area_percent for p in w.product_peaks if (p.area_percent or 0.0) >= 1.0), 0.0) or 0.0
        return "" if abs(own - other[1]) <= NEAR_AREA else f"same peak, {own:.2f} against {other[1]:.2f} %"
    peaks = ", ".join(f"{p.rt_min:.2f} min {p.area_percent:.2f} %" for p in w.product_peaks if p.area_percent)
    text = f"PyParse: {other[0]:.2f} min, {other[1]:.2f} %; here {peaks or 'none'}"
    there = next((a for a in w.assignments if a.rt_min is not None and abs(a.rt_min - other[0]) <= NEAR_MIN), None)
    if peaks or there is None:
        return text
    chance = sum(c.probability for c in there.candidates if c.species == w.species[0].id)
    ions = ", ".join(f"{m:.1f}" for m in there.mz[:3])
    return f"{text}: that peak (strongest ions {ions}) reads as the target with {chance:.0%}"


def row(w: WellEntry, other: tuple[float, float] | None) -> str:
    """Return the row of a well."""
    peaks = "; ".join(f"{p.rt_min:.2f} min, {p.area_percent:.2f} %, {p.ion}, {p.probability:.0%}" for p in w.product_peaks if p.area_percent is not None)  # fmt: skip
    tie = ("tie with an isomer" if w.tied_with else "") + (" tie between its peaks" if w.product_if_one_percent else "")
    explained = "-" if w.explained_area is None else f"{w.explained_area:.1%}"
    area = "-" if w.product_area_percent is None else f"{w.product_area_percent:.1f}"
    return f"| {w.well} | {peaks or 'none'} | {tie.strip()} | {area} | {explained} | {difference(w, other)} |"


def table(report: PlateReport, others: Sequence[tuple[float, float] | None]) -> list[str]:
    """Return the rows of all wells."""
    head = ["| well | peaks read as the target | tie | product area % | explained | where PyParse's published answer differs |", "|---|---|---|---|---|---|"]  # fmt: skip
    return [*head, *(row(w, o) for w, o in zip(report.wells, others, strict=True))]


def waters() -> list[str]:
    """Return the section on the Waters plate."""
    report = ask_plate(WATERS / "platemap.csv", WATERS / "plate.rpt", None)
    wells, known = report.wells, published()
    others = [known.get(("waters", w.well)) for w in wells]
    n = len(wells)
    named = sum(w.product_rt_min is not None for w in wells)
    largest = sum(
        any((p.area_percent or 0.0) == max(a.area_percent or 0.0 for a in w.assignments) for p in w.product_peaks) for w in wells
    )  # fmt: skip
    same = sum(o is not None and agrees(w, o) for w, o in zip(wells, others, strict=True))
    lines = [
        "## Waters QDa plate (14 wells, one intended compound each)", "",
        f"The target is named in {wilson(named, n)}, as the largest peak in {wilson(largest, n)}; at least 90 % of the area explained in "
        f"{wilson(sum((w.explained_area or 0.0) >= 0.9 for w in wells), n)}. Tied with an isomer that is on the same plate: {sum(bool(w.tied_with) for w in wells)}; more than one peak of the target: "
        f"{sum(w.product_if_one_percent is not None for w in wells)}. The product peak of PyParse's published output is the one here, alone, in {wilson(same, n)}.", "",
        *table(report, others), "",
        "In B6 two peaks have the target's mass: 1.07 min, 92.87 % (base ion 299.12, M+H) and 1.28 min, 7.13 % (base ion 243.12, M+H less C4H8). Which of the two regioisomers (2-chloro-4- or 4-chloro-2-"
        "pyrimidinyl) is which nobody has recorded. PyParse reports one of them, the smaller, as the product, 7.13 %; Ringside counts both and says that it is 7.1 or 92.9 % if only one of them is the target.", "",
    ]  # fmt: skip
    now = pyparse_now(report)
    if now is None:
        return [*lines, "PyParse was not at hand to be run on the same file (see the head of `tools/validate_plates.py`).", ""]  # fmt: skip
    alike = sum(agrees(w, now[w.well]) for w in wells)
    apart = ", ".join(w.well for w in wells if not agrees(w, now[w.well]))
    return [*lines, f"PyParse run now on the same file and targets: the same single product peak in {wilson(alike, n)}; apart in {apart or 'none'}; B6: {now['B6'][0]:.2f} min, {now['B6'][1]:.2f} %.", ""]  # fmt: skip


def shimadzu() -> list[str]:
    """Return the section on the Shimadzu runs."""
    head = ["## Shimadzu LCMS-2020 runs (10 wells, aryl pyrazoles)", ""]
    if not (SHIMADZU / "platemap.csv").exists():
        return [*head, "The runs are not in this repository and the folder that holds them is absent here, so nothing was computed.", ""]  # fmt: skip
    report = ask_plate(SHIMADZU / "platemap.csv", SHIMADZU, None)
    wells, known, n = report.wells, published(), len(report.wells)
    others = [known.get(("shimadzu", w.well)) for w in wells]
    counts = "; ".join(
        f"{wilson(sum(any((p.area_percent or 0.0) > least for p in w.product_peaks) for w in wells), n)} in a peak of more than {least:g} % area"
        for least in AREAS
    )
    both = [(w, o) for w, o in zip(wells, others, strict=True) if o is not None]
    same = sum(agrees(w, o) for w, o in both)
    found = sum(any((p.area_percent or 0.0) > AREAS[0] for p in w.product_peaks) == (o[1] > AREAS[0]) for w, o in both)
    return [
        *head,
        "Whether the intended product formed is not known, so this counts where an ion of the target is the likeliest reading of a peak, and nothing more.", "",
        f"The target is so read in {counts}. PyParse's published output agrees on whether there is such a peak of more than {AREAS[0]:g} % in {wilson(found, len(both))}, and on the peak itself in {wilson(same, len(both))}.", "",
        *table(report, others), "",
    ]  # fmt: skip


def main() -> None:
    """Write the page and print it."""
    lines = [
        "# Plates", "", f"Made at {stamp(load())}, by `make validate`. Intervals are 95 % (Wilson).", "",
        "PyParse's published answers: example outputs in its repository (validation/pyparse-published.csv, single facts).", "", *waters(), *shimadzu(),
    ]  # fmt: skip
    PAGE.write_text("\n".join(lines).rstrip("\n") + "\n", encoding="utf-8")
    sys.stdout.write(PAGE.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
