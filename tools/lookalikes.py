"""Explanations that look alike, with and without the datum that decides: validation/lookalikes.toml and the case files beside it.

usage: python tools/lookalikes.py [loss-or-oligomer ...]

Looks into the pairs that are named, or all, and records them in validation/lookalike-odds.csv.
"""

import copy
import csv
import sys
import tomllib
from pathlib import Path
from typing import Any

from ringside.answers.diagnose import inquire
from ringside.answers.flow import DRAWS, simulator
from ringside.answers.predict import evidence_of, readings
from ringside.answers.tools import case_tools
from ringside.case.nouns import Case
from ringside.case.read import case_from_raw
from ringside.chem.molecule import canonical
from ringside.diagnosis.nexttest import next_tests
from ringside.knowledge.base import Knowledge
from ringside.knowledge.load import load

FOLDER = Path(__file__).parent.parent / "validation"
RECORD = FOLDER / "lookalike-odds.csv"
FIELDS = ("pair", "datum", "points", "one", "other", "times", "next")
LEAST = 1e-4
MOVES = 1.1


def pairs() -> list[dict[str, Any]]:
    """Return the pairs of validation/lookalikes.toml."""
    with (FOLDER / "lookalikes.toml").open("rb") as file:
        return tomllib.load(file)["pair"]


def case_of(pair: dict[str, Any], known: Knowledge, datum: dict[str, Any] | None = None) -> Case:
    """Return the case of a pair, with a datum added to what was seen; for a peak the datum is of that peak."""
    path = FOLDER / "lookalikes" / f"{pair['case']}.toml"
    with path.open("rb") as file:
        raw = copy.deepcopy(tomllib.load(file))
    seen = raw["observed"]
    added = datum["observed"] if datum else {}
    if pair.get("peak"):
        seen["peak"][0].update(added)
    else:
        seen.update(added | {"notes": [*seen.get("notes", []), *added.get("notes", [])]})
    return case_from_raw(raw, case_tools(known), file=path.name, folder=path.parent)


def sides(pair: dict[str, Any], case: Case, known: Knowledge) -> tuple[float, float, str]:
    """Return the probabilities of the two sides and the test that is proposed next."""
    chances: dict[str, float] = {}
    if pair.get("peak"):
        simulation = simulator(known)(case, DRAWS)
        entry = readings(simulation, evidence_of(simulation, known), known)[0]
        for c in entry.candidates:
            chances[c.species] = chances.get(c.species, 0.0) + c.probability
        names = [[canonical(s) for s in pair[side]] for side in ("one", "other")]
        proposed = entry.decided_by
    else:
        found = inquire(case, known)
        for v in found.ranking.posterior.verdicts:
            for member in v.members or (v.cause,):
                chances[member] = v.probability / max(1, len(v.members))
        names = [pair["one"], pair["other"]]
        tests = next_tests(found.ranking, known.tests, situation=found.situation, constants=known.constants)
        unread = found.ranking.sighting.unread
        proposed = (tests[0].id if tests else "-") + (f" (not understood: {', '.join(unread)})" if unread else "")
    one, other = (sum(chances.get(n, 0.0) for n in side) for side in names)
    return one, other, proposed


def factor(before: tuple[float, float, str], after: tuple[float, float, str], points: str) -> float:
    """Return by what the datum multiplies the odds of the side it speaks for."""
    odds = [max(one, LEAST) / max(other, LEAST) for one, other, _ in (before, after)]
    change = odds[1] / odds[0]
    return change if points == "one" else 1 / change


def recorded() -> list[dict[str, str]]:
    """Return what was recorded of the pairs."""
    if not RECORD.exists():
        return []
    with RECORD.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def table() -> tuple[list[str], list[float]]:
    """Return the lines of the table, and the factor of every datum."""
    lines = [
        "| pair | datum | one side | other side | odds of the right side times | proposed next |",
        "|---|---|---|---|---|---|",
    ]
    factors: list[float] = []
    for row in recorded():
        times = row["times"]
        if times:
            factors.append(float(times))
            times += "" if factors[-1] > MOVES else " **not the right way**"
        name = "" if row["datum"] else row["pair"]
        datum = f"{row['datum']} (for the {row['points']} side)" if row["datum"] else "none"
        lines.append(f"| {name} | {datum} | {row['one']} | {row['other']} | {times} | {row['next']} |")
    missing = sorted({p["name"] for p in pairs()} - {r["pair"] for r in recorded()})
    return [*lines, "", f"Not recorded, because it took too long: {', '.join(missing) or 'none'}."], factors


def main() -> None:
    """Look into the pairs that are named, or all, and record them; the rows of others are kept."""
    known, wanted = load(), set(sys.argv[1:])
    for pair in pairs():
        if wanted and pair["case"] not in wanted:
            continue
        fresh: list[dict[str, str]] = []
        before = sides(pair, case_of(pair, known), known)
        for datum in (None, *pair["datum"]):
            found = sides(pair, case_of(pair, known, datum), known) if datum else before
            row = {"pair": pair["name"], "one": f"{found[0]:.4f}", "other": f"{found[1]:.4f}", "next": found[2]}
            if datum:
                times = factor(before, found, datum["points"])
                row |= {"datum": datum["text"], "points": datum["points"], "times": f"{times:.3g}"}
            fresh.append(row)
        names = [p["name"] for p in pairs()]
        kept = [r for r in recorded() if r["pair"] != pair["name"]]
        with RECORD.open("w", newline="", encoding="utf-8") as file:
            out = csv.DictWriter(file, FIELDS, lineterminator="\n")
            out.writeheader()
            out.writerows(sorted([*kept, *fresh], key=lambda r: names.index(r["pair"])))


if __name__ == "__main__":
    main()
