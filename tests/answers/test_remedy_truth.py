"""A change is tried in the world that made the flask: what was at work stays at work, unless the change takes it away."""

import importlib
import sys
from functools import cache
from pathlib import Path

import pytest

from ringside.diagnosis.changes import all_patches
from ringside.diagnosis.nouns import Cause, Change
from ringside.knowledge.load import load

sys.path.insert(0, str(Path(__file__).parents[2] / "tools"))
FLASKS, TRUTH = (importlib.import_module(n) for n in ("troubled_flasks", "remedy_truth"))
KNOWN = load(None)
CAUSES = {c.id: c for c in KNOWN.causes}
CARDS = {r.id: r for r in KNOWN.remedies}


@cache
def base():
    return FLASKS.base_of("benzylation", KNOWN)


def truth(cause=None, misreported=None):
    return FLASKS.Truth(
        CAUSES[cause] if isinstance(cause, str) else cause, misreported, KNOWN, "flask of this test", draw=3
    )


def patches(remedy, option=1):
    return all_patches(base().case, CARDS[remedy].options[option - 1], base().tools)


def happened(cause, remedy, option=1):
    changed = base().tools.patch(base().case, patches(remedy, option))
    return changed, FLASKS.happened(base(), truth(cause), changed)


def charge(case, name):
    return next(c for c in case.raw["charge"] if c["name"] == name)


@pytest.mark.parametrize(
    "cause", ["low-titre-electrophile", "stopped-early", "insufficient-base", "carbonated-diamine"]
)
def test_where_nothing_is_changed_the_cause_is_at_work_as_the_diagnosis_has_it(cause):
    patched = all_patches(base().case, CAUSES[cause].changes, base().tools)
    assert FLASKS.happened(base(), truth(cause), base().case) == base().tools.patch(base().case, patched)


def test_a_weak_bottle_stays_weak_in_more_solvent():
    changed, real = happened("low-titre-electrophile", "dilute")
    assert charge(changed, "acetonitrile")["amount"] == charge(real, "acetonitrile")["amount"] == "150 mL"
    assert charge(real, "benzyl bromide")["purity"] == "30..85 %"


def test_a_fresh_bottle_takes_the_cause_away():
    changed, real = happened("low-titre-electrophile", "fresh-electrophile")
    assert real == changed


def test_a_base_that_was_not_all_at_work_is_not_when_twice_as_much_is_charged_but_another_bottle_is():
    _, doubled = happened("insufficient-base", "add-base", 2)
    assert charge(doubled, "triethylamine")["amount"] == "0.15..1.2 equiv"
    changed, other = happened("insufficient-base", "hindered-base")
    assert other == changed


def test_a_flask_stopped_early_is_stopped_early_again_after_more_time():
    _, real = happened("stopped-early", "longer")
    assert real.raw["conditions"]["time"] == "4.8..24 h"


def test_a_cold_bath_is_colder_than_the_new_temperature_too():
    changed, real = happened("colder-than-written", "warmer")
    assert changed.raw["conditions"]["temperature"] == "45 degC"
    assert real.raw["conditions"]["temperature"] == "20..37 degC"


def test_a_stranger_in_the_flask_and_a_misreported_amount_stay():
    stranger = Cause("none-of-these", "no card", "deviation", "", "", "draft", 0.0, (Change("new", to={"name": "stranger", "smiles": "CS", "role": "substrate", "amount": "0.6 equiv"}),))  # fmt: skip
    less = Change("name:triethylamine", "amount", times=(0.8, 0.8))
    changed = base().tools.patch(base().case, patches("dilute"))
    real = FLASKS.happened(base(), truth(stranger, less), changed)
    assert charge(real, "stranger")["amount"] == "0.6 equiv"
    assert charge(real, "triethylamine")["amount"] == "1.2 equiv"


def test_doing_nothing_gains_nothing_and_gives_what_the_flask_gave():
    flask = FLASKS.flask_of(base(), 0, seed=1, perturbed=False, cause="low-titre-electrophile")
    nothing = TRUTH.true_effect(base(), flask.truth, ())
    real = FLASKS.happened(base(), flask.truth, base().case)
    world = FLASKS.true_world(flask.truth, real)
    assert nothing.gain == nothing.original == 0.0
    assert nothing.own == pytest.approx(float(world.target_yield()[flask.truth.draw]))


def test_a_loss_at_the_work_up_is_a_loss_each_time_and_a_crude_that_weighs_too_much_is_none():
    plain, spilled, wet = (TRUTH.true_effect(base(), truth(c), ()).own for c in (None, "mechanical-loss", "not-dry"))
    assert spilled < 0.86 * plain
    assert wet == plain
    more = patches("excess-diamine")
    assert TRUTH.true_effect(base(), truth("mechanical-loss"), more).gain == pytest.approx(
        spilled / plain * TRUTH.true_effect(base(), truth(), more).gain
    )


def test_a_table_says_which_losses_a_card_takes_away():
    basic = patches("extract-basic")
    kept = TRUTH.true_effect(base(), truth("lost-in-water"), basic, ["extract-more"])
    cured = TRUTH.true_effect(base(), truth("lost-in-water"), basic, ["extract-basic"])
    assert cured.own > kept.own
    assert cured.own == pytest.approx(TRUTH.true_effect(base(), truth(), basic).own)
    assert all(c in CAUSES and r in CARDS for c, r in TRUTH.undoing())


def test_an_excess_of_diamine_gains_per_electrophile_and_loses_per_diamine():
    effect = TRUTH.true_effect(base(), truth(), patches("excess-diamine"))
    assert effect.gain > 0.1
    assert effect.original < 0.0


def test_the_basis_is_what_the_recipe_says_whatever_the_bottle_holds():
    fresh = TRUTH.true_effect(base(), truth(), patches("excess-diamine"))
    weak = TRUTH.true_effect(base(), truth("low-titre-electrophile"), patches("excess-diamine"))
    assert weak.own < 0.86 * fresh.own


def test_the_guides_advice_names_cards_that_there_are():
    for row in TRUTH.advice():
        for name in row["cards"].split("+"):
            card, _, option = name.strip().partition(":")
            assert 1 <= int(option) <= len(CARDS[card].options)


def outcome(gain, best=0.2, **more):
    known = {
        "seed_of_run": 1, "knowledge": "-", "base": "benzylation", "number": 0, "perturbed": False, "kind": "deviation", "cause": "dead-hydride",
        "before": 0.5, "repeat": 0.1, "told": ("longer",), "effects": ((0.5 + gain, gain, gain - 0.3),), "promised": ((0.6, 0.55, 0.8),),
        "expected": ((0.1, 0.05, 0.3),), "patches": ("Give it more time",), "seed": (), "seed_effect": None, "lot": "warmer:1",
        "lot_effect": (0.5, 0.0, 0.0), "best": "cooler:1", "best_effect": (0.7, best, best), "tried": 2, "harm": 0,
    }  # fmt: skip
    return TRUTH.Outcome(**known | more)


def test_the_page_counts_harm_by_both_bases_and_only_where_something_helps():
    page = importlib.import_module("validate_remedies")
    rows = [outcome(0.18), outcome(-0.05, number=1), outcome(-0.05, best=0.005, number=2)]
    text = page.page([*rows], page.head(rows, 3, 1))
    assert "Of 3 flasks 2 can be helped" in text
    assert "a remedy is told in 1, and lowers the true yield in 1 of 1" in text
    first = next(line for line in text.splitlines() if line.startswith("| the first remedy"))
    assert "| 1 of 2 (9 to 91 %) | 1 of 2 (9 to 91 %) |" in first
    assert first.rstrip().endswith("2 of 2 (34 to 100 %) |")
    assert "outside the interval: true cause dead-hydride" in text
    assert len(page.harmed(rows[:2])) == 1
