"""Rings that grow and shrink: what is taken first, what is left in the end, and what must not happen."""

from __future__ import annotations

import pytest
from rate_flasks import knowledge, run

from ringside.chem.molecule import canonical
from ringside.network.apply import apply

SIX, SEVEN = "CN1CCN(C)C(CCl)C1", "CN1CCN(C)CC(Cl)C1"
WAYS = ("aziridinium-closure", "strained-ring-opening-anion")


def seven_to_six(**flask: float) -> float:
    left = run({SIX: 0.01, **{k: v for k, v in flask.items() if k not in {"hours", "celsius"}}}, rules=WAYS,
               hours=flask["hours"], celsius=flask["celsius"])  # fmt: skip
    return left[canonical(SEVEN)] / left[canonical(SIX)]


def test_chloride_comes_back_so_the_larger_ring_grows_with_time_and_heat() -> None:
    early, later = seven_to_six(hours=1, celsius=25), seven_to_six(hours=24, celsius=25)
    hot, hotter = seven_to_six(hours=24, celsius=60), seven_to_six(hours=240, celsius=80)
    assert 3 * early < later
    assert 3 * later < hot
    assert hotter == pytest.approx(hot, rel=0.3)
    assert hotter > 1.5


def test_azide_does_not_come_back_and_keeps_the_smaller_ring_ahead() -> None:
    for hours in (2.0, 48.0):
        left = run({SIX: 0.05, "[N-]=[N+]=[N-]": 1.0}, rules=WAYS, hours=hours, celsius=60)
        seven, six = (left[canonical(s)] for s in ("CN1CCN(C)CC(N=[N+]=[N-])C1", "CN1CCN(C)C(CN=[N+]=[N-])C1"))
        assert 0.1 < seven / six < 1.0


def test_an_azetidine_expands_to_the_diazepane_by_way_of_the_bromide_and_not_by_itself() -> None:
    azetidine, diazepane = "NCCN1CCC1", "C1CNCCNC1"
    direct = [r for rule in knowledge().rules for r in apply(rule, (azetidine,)) if canonical(diazepane) in r.products]
    assert not direct
    opened = run({azetidine: 0.1, "Br": 0.3}, rules=("azetidine-halide-opening",), features=("has:strong-acid",),
                 hours=24, celsius=90)  # fmt: skip
    assert opened[canonical("NCCNCCCBr")] > 0.03
    closed = run({"NCCNCCCBr": 0.01, "CCN(CC)CC": 0.05}, rules=("amine-alkylation",), hours=24, celsius=60)
    assert closed[diazepane] > 0.002


def test_a_beta_lactam_with_an_aminoethyl_group_becomes_the_diazepanone_and_a_pyrrolidone_stays() -> None:
    left = run({"NCCN1CCC1=O": 0.1}, rules=("lactam-expansion-7",), hours=24, celsius=80)
    assert left[canonical("O=C1CCNCCN1")] > 0.02
    assert not apply(next(r for r in knowledge().rules if r.id == "lactam-expansion-7"), ("NCCN1CCCC1=O",))
