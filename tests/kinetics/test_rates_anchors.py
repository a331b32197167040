"""The evidence behind the rates, and the rates that come out."""

from __future__ import annotations

import csv

import pytest
from rate_flasks import law, log_k

from ringside.knowledge.load import SHIPPED

MODEL_MISFIT = 0.6  # what one additive model may miss a single anchor by, log10

with (SHIPPED / "data" / "rates" / "anchors.csv").open(encoding="utf-8", newline="") as stream:
    ANCHORS = list(csv.DictReader(stream))


@pytest.mark.parametrize("anchor", ANCHORS, ids=lambda a: a["id"])
def test_an_anchor_is_reproduced_by_the_tables(anchor: dict[str, str]) -> None:
    reactants = [s for s in (anchor["nucleophile"], anchor["electrophile"]) if s]
    found = law(anchor["rule"], *reactants, solvent=anchor["solvent"], product=anchor["product"] or None)
    wanted, sd = float(anchor["log10_k"]), float(anchor["sd"])
    assert log_k(found, float(anchor["temperature_degC"])) == pytest.approx(wanted, abs=max(MODEL_MISFIT, sd))


@pytest.mark.parametrize("anchor", ANCHORS, ids=lambda a: a["id"])
def test_an_anchor_meets_no_unknown_site(anchor: dict[str, str]) -> None:
    reactants = [s for s in (anchor["nucleophile"], anchor["electrophile"]) if s]
    found = law(anchor["rule"], *reactants, solvent=anchor["solvent"], product=anchor["product"] or None)
    assert not [t.key for t in found.terms if t.key.endswith(":other") and t.text == "no row fits"]


def test_the_dichloromethane_half_lives_span_the_measured_range() -> None:
    fast = law("dichloromethane-amine", "C1CCNCC1", "ClCCl", solvent="dichloromethane")
    slow = law("dichloromethane-quaternisation", "CN1CCOCC1", "ClCCl", solvent="dichloromethane")
    neat, hour = 15.5, 3600.0
    assert 0.693 / (10 ** log_k(fast) * neat) / hour == pytest.approx(15.0, rel=0.1)
    assert 0.693 / (10 ** log_k(slow) * neat) / hour == pytest.approx(3000.0, rel=0.2)


def test_the_anchors_cover_what_a_flask_of_this_project_does() -> None:
    rules = {a["rule"] for a in ANCHORS}
    assert {"amine-alkylation", "amine-quaternisation", "dichloromethane-amine", "hydride-iminium", "boc-protection",
            "snar", "acylation", "aza-michael", "boc-cleavage"} <= rules  # fmt: skip
