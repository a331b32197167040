"""Diagnose the development cases that state a cause or a fix, before what they state is mapped to cards.

usage: python tools/diagnosed_cases.py [--again] [VAL-009 ...]

Diagnoses the cases that are named, or all; the rows of others are kept, and a case that takes longer than 75 s is recorded as that. Reads validation/diagnosed.toml, writes validation/diagnosed-cases.csv: every cause with its probability and prior, and every
remedy, in the order in which the report lists them. ``--again`` writes diagnosed-again.csv instead, with the cards as they are now: what was recorded before the
stated causes were read stays. What a case states is in validation/stated-causes.csv and is not read here.
"""

import csv
import signal
import sys
import tomllib
from pathlib import Path
from typing import Any

from ringside import __version__
from ringside.answers.diagnose import diagnose
from ringside.answers.tools import case_tools
from ringside.case.nouns import Case
from ringside.case.read import case_from_raw
from ringside.chem.mass import charge, exact_mass
from ringside.errors import RingsideError
from ringside.knowledge.base import Knowledge
from ringside.knowledge.load import load

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "validation"
RECORD = FOLDER / "diagnosed-cases.csv"
AGAIN = FOLDER / "diagnosed-again.csv"
FIELDS = ("case", "what", "place", "id", "members", "probability", "prior", "monte_carlo_error", "version", "seen")
PROTON = 1.00728
LONGEST = 75
TYPED = ("isolated_yield", "conversion", "notes")


def listed() -> list[dict[str, Any]]:
    """Return the rows of validation/diagnosed.toml."""
    with (FOLDER / "diagnosed.toml").open("rb") as file:
        return tomllib.load(file)["case"]


def raw_case(row: dict[str, Any]) -> dict[str, Any]:
    """Return the case file of a row with what was seen filled in."""
    with (FOLDER / f"{row['file']}.toml").open("rb") as file:
        raw = tomllib.load(file)
    observed: dict[str, Any] = {k: row[k] for k in TYPED if k in row}
    areas = row.get("areas", [None] * len(row.get("seen", ())))
    mz = [exact_mass(s) + (0.0 if charge(s) else PROTON) for s in row.get("seen", ())]
    if "dimer" in row:
        mz, areas = [*mz, 2 * exact_mass(row["seen"][0]) + PROTON], [*areas, row["dimer"]]
    peaks = [{"mz": [round(m, 3)], **({"area": a} if a else {})} for m, a in zip(mz, areas, strict=True)]
    if peaks:
        observed["peak"] = peaks
    return {**raw, "observed": {**raw.get("observed", {}), **observed}} if observed else raw


def read(row: dict[str, Any], known: Knowledge) -> Case:
    """Return the case of a row."""
    return case_from_raw(raw_case(row), case_tools(known), file=row["file"], folder=FOLDER)


def rows_of(row: dict[str, Any], known: Knowledge) -> list[dict[str, Any]]:
    """Diagnose one case: a row for each cause and remedy, or one that says why there is no answer."""
    base = {"case": row["id"], "version": __version__, "seen": "yes" if set(row) & {"seen", *TYPED} else "no"}
    try:
        report = diagnose(read(row, known), known)
    except RingsideError as error:
        return [{**base, "what": "no-answer", "place": 0, "id": error.complaints[0].code}]
    causes = [
        {
            **base,
            "what": "cause",
            "place": i,
            "id": c.id,
            "members": " ".join(c.members),
            "probability": f"{c.probability:.4f}",
            "prior": f"{c.prior:.4f}",
            "monte_carlo_error": f"{report.monte_carlo_error or 0:.4f}",
        }
        for i, c in enumerate(report.causes, start=1)
    ]
    return causes + [{**base, "what": "remedy", "place": i, "id": r.id} for i, r in enumerate(report.remedies, start=1)]


def in_time(row: dict[str, Any], known: Knowledge) -> list[dict[str, Any]]:
    """Diagnose one case, or say that it took too long."""

    def stop(*_: object) -> None:
        raise TimeoutError

    signal.signal(signal.SIGALRM, stop)
    signal.alarm(LONGEST)
    try:
        return rows_of(row, known)
    except TimeoutError:
        return [{"case": row["id"], "version": __version__, "what": "no-answer", "place": 0, "id": "too-slow"}]
    finally:
        signal.alarm(0)


def main() -> None:
    """Diagnose the cases that are named, or all that can be run."""
    known, wanted = load(), set(sys.argv[1:]) - {"--again"}
    record = AGAIN if "--again" in sys.argv[1:] else RECORD
    cases = [r for r in listed() if "left_out" not in r]
    old: list[dict[str, Any]] = []
    if wanted and record.exists():
        with record.open(encoding="utf-8") as file:
            old = list(csv.DictReader(file))
    found: list[dict[str, Any]] = []
    for row in cases:
        fresh = not wanted or row["id"] in wanted
        found += in_time(row, known) if fresh else [r for r in old if r["case"] == row["id"]]
    with record.open("w", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, FIELDS, lineterminator="\n")
        table.writeheader()
        table.writerows(found)


if __name__ == "__main__":
    main()
