"""What the validation of the diagnosis rests on: cards that exist, and a pair that its datum tells apart."""

import csv
import sys
from pathlib import Path

from ringside.knowledge.load import load

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tools"))

from lookalikes import case_of, factor, pairs, sides  # noqa: E402 - the tools are no package

KNOWN = load()
CAUSES = {c.id for c in KNOWN.causes}
REMEDIES = {r.id for r in KNOWN.remedies}


def test_stated_causes_and_fixes_are_mapped_to_cards_that_exist():
    with (ROOT / "validation" / "stated-causes.csv").open(encoding="utf-8") as file:
        stated = list(csv.DictReader(file))
    assert {r["kind"] for r in stated} == {"cause", "fix"}
    for row in stated:
        assert set(row["cards"].split()) <= (CAUSES if row["kind"] == "cause" else REMEDIES), row["case"]
        assert set(row["later"].split()) <= (CAUSES if row["kind"] == "cause" else REMEDIES), row["case"]
        assert row["reason"], row["case"]


def test_the_sides_of_look_alike_pairs_are_cards_that_exist():
    named = {c for p in pairs() if not p.get("peak") for c in (*p["one"], *p["other"])}
    assert named <= CAUSES | {"as-expected", "none-of-these"}


def test_a_load_series_tells_two_molecules_and_a_proton_from_the_cyclic_dimer():
    pair = next(p for p in pairs() if p["case"] == "cluster-or-ring")
    before = sides(pair, case_of(pair, KNOWN), KNOWN)
    for datum in pair["datum"]:
        after = sides(pair, case_of(pair, KNOWN, datum), KNOWN)
        assert factor(before, after, datum["points"]) > 2
