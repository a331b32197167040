from dataclasses import replace

import numpy as np
import pytest
from fake_flasks import MONO, SITUATION, case_of, observed_case, raw_case, run, tools
from hypothesis import given, settings
from hypothesis import strategies as st
from shipped_cards import CAUSES, CONSTANTS, FOLDER, SHIFTS, SIGNS, SOURCE_KEYS, rows

from ringside.diagnosis.rank import rank
from ringside.diagnosis.signs import read_signs, signs_in
from ringside.errors import BadKnowledge

IDS = ("low-titre-electrophile", "stopped-early", "lost-in-water", "mechanical-loss", "unprotected-diamine")
CARDS = [c for c in CAUSES if c.id in IDS]
NOTES = ("bumped on the rotavap", "a brown gum at the end", "the stirrer had stopped overnight", "blue smoke")


def ask(notes=(), cards=CARDS, **observed):
    case = observed_case(**({"isolated_yield": (0.25, 0.25)} | observed), notes=tuple(notes))
    known = {"situation": SITUATION, "shifts": SHIFTS, "constants": CONSTANTS}
    return rank(case, cards, (), tools=tools(), signs=SIGNS, many=64, **known)


def chance(ranking):
    return {v.cause: v.probability for v in ranking.posterior.verdicts}


def ids(*notes):
    return {s.id for s in signs_in(notes, SIGNS)[0]}


@pytest.mark.parametrize(
    ("note", "sign"),
    [
        ("a white solid formed after 10 min", "white-solid"),
        ("Gas evolution on adding the acid", "gas"),
        ("turned to a sticky gum", "gum"),
        ("EXOTHERM to 45 degC", "exotherm"),
        ("two spots on TLC", "two-spots"),
        ("emulsion in the funnel", "emulsion"),
        ("the carbonate had caked", "caked"),
        ("pH 4 at the end", "acidic"),
        ("bromide added in one portion", "fast-addition"),
        ("orange solution", "colour"),
        ("crude weighed over 100 %", "overweight"),
        ("run without nitrogen", "open-flask"),
        ("the two sets coalesce on warming in NMR", "coalescence"),
        ("peaks merge on heating to 80 degC", "coalescence"),
        ("the signals collapse to one set at 370 K", "coalescence"),
        ("each peak re-injects as itself", "two-for-good"),
        ("the two spots do not interconvert", "two-for-good"),
        ("no coalescence up to 100 degC", "two-for-good"),
        ("gas at the quench", "gas-at-quench"),
        ("quenched with methanol with vigorous bubbling", "gas-at-quench"),
        ("no gas with acid", "no-gas-at-quench"),
        ("the acid gave no bubbles", "no-gas-at-quench"),
        ("no exotherm on adding the hydride", "no-exotherm"),
        ("the exotherm was absent", "no-exotherm"),
        ("gelled overnight", "gum"),
        ("crystals on standing", "white-solid"),
        ("UV-active baseline spot", "streak"),
        ("product at Rf 0, tailing", "streak"),
        ("went purple", "colour"),
        ("basic to paper", "basic"),
        ("pH 11 at the end", "basic"),
        ("NMR shows N-methylene at 4.1 ppm", "aminal-signal"),
    ],
)
def test_the_words_of_a_chemist_are_read_as_signs(note, sign):
    assert sign in ids(note)


@pytest.mark.parametrize(
    "note",
    [
        "no gas",
        "did not foam",
        "without any precipitate",
        "never turned yellow",
        "precipitate not seen",
        "gas was absent",
    ],
)
def test_a_sign_that_is_denied_is_not_reported(note):
    assert signs_in((note,), SIGNS) == ((), ())


def test_the_denial_of_one_sign_may_be_another():
    assert ids("no gas at the quench") == {"no-gas-at-quench"}
    assert ids("does not coalesce on warming") == {"two-for-good"}
    assert ids("no exotherm was seen") == {"no-exotherm"}


def test_gas_at_the_quench_is_not_gas_in_the_reaction():
    assert ids("gas at the quench") == {"gas-at-quench"}
    assert ids("gas on adding the acid") == {"gas"}


def test_a_denial_ends_with_its_clause():
    assert ids("no gas, but a white solid formed") == {"white-solid"}


def test_unknown_words_are_listed_as_not_read():
    assert ask(NOTES).sighting.unread == ("blue smoke",)


def test_a_sign_raises_the_cause_that_brings_it():
    plain, noted = chance(ask()), chance(ask(["the flask bumped on the rotavap"]))
    assert noted["mechanical-loss"] > 1.5 * plain["mechanical-loss"]
    assert noted["stopped-early"] < plain["stopped-early"]


def test_a_sign_raises_the_design_cause_that_brings_it():
    sticky = [replace(c, signs={"gum": 0.6}) if c.id == "unprotected-diamine" else c for c in CARDS]
    plain, noted = chance(ask(cards=sticky)), chance(ask(["a gum"], cards=sticky))
    assert noted["unprotected-diamine"] > plain["unprotected-diamine"]
    assert noted["as-expected"] < plain["as-expected"]
    verdict = next(v for v in ask(["a gum"], cards=sticky).posterior.verdicts if v.cause == "unprotected-diamine")
    assert "sign:gum" in {e.observation for e in verdict.supports}


def test_a_sign_that_no_cause_brings_changes_nothing():
    silent = [replace(c, signs={}) for c in CARDS]
    plain, noted = chance(ask(cards=silent)), chance(ask(["a brown gum"], cards=silent))
    assert plain.keys() == noted.keys()
    for cause, p in plain.items():
        assert noted[cause] == pytest.approx(p, abs=1e-9)


def test_a_sign_that_is_not_noted_is_no_evidence():
    assert chance(ask()) == chance(ask(["blue smoke"]))


STRAIGHT = chance(ask(NOTES))


@given(order=st.permutations(NOTES))
@settings(max_examples=6, deadline=None, derandomize=True)
def test_the_order_of_the_notes_does_not_matter(order):
    assert chance(ask(order)) == STRAIGHT


def test_signs_are_no_evidence_of_how_much_formed():
    case = case_of(raw_case())
    known = {"situation": SITUATION, "shifts": SHIFTS, "constants": CONSTANTS, "tools": tools(), "many": 64}
    noted = rank(observed_case(notes=("a gum",)), CARDS, (), signs=SIGNS, **known)
    plain = rank(case, CARDS, (), signs=SIGNS, **known)
    mono = [next(c for c in r.candidates if c.id == "as-written") for r in (noted, plain)]
    spread = [float(c.world.column(c.world.amount, MONO) @ c.weights) for c in mono]
    assert spread[0] == pytest.approx(spread[1])
    assert np.ptp(mono[0].weights) == pytest.approx(0.0, abs=1e-12)
    assert run(case, 64).signs == {}


def test_every_shipped_sign_is_brought_by_some_cause_and_has_a_source():
    brought = {s for c in CAUSES for s in c.signs}
    assert {s.id for s in SIGNS} == brought
    assert {r["source"] for r in rows(FOLDER / "data" / "notes.csv")} <= SOURCE_KEYS


@pytest.mark.parametrize(("key", "value"), [("pattern", "(gas"), ("baseline", "often"), ("baseline", "1.5")])
def test_a_faulty_row_is_refused(key, value):
    with pytest.raises(BadKnowledge):
        read_signs([{"sign": "gas", "text": "gas", "pattern": "gas", "baseline": "0.1"} | {key: value}])
