from copy import deepcopy
from dataclasses import replace

import numpy as np
import pytest
from fake_flasks import BROMIDE, SITUATION, assigned, case_of, observed_case, raw_case, run, tools
from shipped_cards import CAUSES, CONSTANTS, SHIFTS

from ringside.diagnosis.rank import rank
from ringside.diagnosis.rounds import Run, hypotheses_over

IDS = ("low-titre-electrophile", "insufficient-base", "stopped-early", "lost-in-water", "unprotected-diamine")
CARDS = tuple(c for c in CAUSES if c.id in IDS)
LOW = {"isolated_yield": (0.2, 0.2), "conversion": (0.3, 0.3)}


def of_run(number, case):
    return Run(number, case, (), SITUATION)


def ask(*cases):
    """Rank by runs in their order."""
    runs = [of_run(n, c) for n, c in enumerate(cases)]
    return rank(
        cases[-1],
        CARDS,
        (),
        situation=SITUATION,
        shifts=SHIFTS,
        constants=CONSTANTS,
        tools=tools(),
        earlier=runs[:-1],
        number=len(cases) - 1,
    )


def chance(ranking):
    return {v.cause: v.probability for v in ranking.posterior.verdicts}


def fresh(**observed):
    """The same recipe, the bromide from another bottle."""
    raw = deepcopy(raw_case())
    raw["charge"][1]["purity"] = "99 %"
    return observed_case(raw, **observed)


def as_it_should(case):
    world = run(case, 64)
    y = float(np.median(world.target_yield())) * 0.9
    c = 1.0 - float(np.median(world.column(world.in_sample, world.limiting)))
    return {"isolated_yield": (y, y), "conversion": (c, c)}


def held(*cases, cause="low-titre-electrophile", cards=CARDS):
    found = hypotheses_over([of_run(n, c) for n, c in enumerate(cases)], cards, SHIFTS, tools())
    return next((set(h.held) for h in found if h.id == cause), set())


def test_a_bottle_is_the_same_until_a_round_says_otherwise():
    first = observed_case(**LOW)
    assert held(first, first, fresh()) == {0, 1}
    assert held(first, fresh(), first) == {0, 2}


def test_a_slip_in_what_is_set_goes_on_with_another_setting():
    raw = raw_case(conditions={"temperature": "25 degC", "time": "48 h"})
    assert held(case_of(raw_case()), case_of(raw), cause="stopped-early") == {0, 1}


def test_a_cause_that_only_a_later_run_fits_is_considered_from_there():
    raw = raw_case()
    without = {**raw, "charge": [c for c in raw["charge"] if c["role"] != "base"]}
    assert held(case_of(without), case_of(raw), cause="insufficient-base") == {1}


def test_a_design_cause_is_one_of_the_newest_recipe():
    raw = deepcopy(raw_case())
    raw["charge"][0]["amount"] = "10 equiv"
    first, last = observed_case(**LOW), observed_case(raw, **LOW)
    assert "unprotected-diamine" in chance(ask(last, first))
    assert "unprotected-diamine" not in chance(ask(first, last))


def test_a_second_run_from_a_fresh_bottle_that_works_raises_the_old_bottle_as_the_cause():
    first = observed_case(**LOW)
    before = chance(ask(first))["low-titre-electrophile"]
    worked = chance(ask(first, fresh(**as_it_should(fresh()))))["low-titre-electrophile"]
    failed = chance(ask(first, fresh(**LOW))).get("low-titre-electrophile", 0.0)
    assert worked > 1.5 * before
    assert failed < before


@pytest.mark.parametrize("seen", [LOW, {"isolated_yield": (0.07, 0.07), "conversion": (0.75, 0.75)}])
def test_a_run_repeated_with_the_same_result_keeps_or_sharpens_the_leading_cause(seen):
    case = observed_case(**seen)
    once, twice = chance(ask(case)), chance(ask(case, case))
    named = [c for c in once if c != "none-of-these"]
    lead = max(named, key=lambda c: once[c])
    assert max(named, key=lambda c: twice[c]) == lead
    assert twice[lead] >= once[lead] - 0.02


def test_identical_runs_may_come_in_any_order():
    one = observed_case(**LOW)
    other = observed_case(isolated_yield=(0.25, 0.25), conversion=(0.35, 0.35))
    first, second = chance(ask(one, other, one)), chance(ask(other, one, one))
    assert first.keys() == second.keys()
    assert all(second[c] == pytest.approx(p, abs=1e-6) for c, p in first.items())


def test_a_run_without_observations_says_nothing_of_the_causes():
    case = observed_case(**LOW)
    before, after = chance(ask(case)), chance(ask(case, replace(case, observed=None)))
    assert before.keys() == after.keys()
    assert all(after[c] == pytest.approx(p, abs=1e-9) for c, p in before.items())


def test_probabilities_of_several_runs_sum_to_one():
    found = ask(observed_case(**LOW), fresh(isolated_yield=(0.4, 0.4))).posterior
    assert sum(v.probability for v in found.verdicts) == pytest.approx(1.0, abs=1e-9)
    assert found.monte_carlo_error < 0.05


def test_evidence_names_the_round_it_comes_from():
    found = ask(observed_case(**LOW), observed_case(**LOW)).posterior.verdicts
    names = {e.observation for v in found for e in (*v.supports, *v.against)}
    assert {"isolated-yield", "round[1].isolated-yield"} <= names
    texts = [e.text for v in found for e in v.supports + v.against if e.observation.startswith("round[1].")]
    assert all(t.startswith("round 1: ") for t in texts)


def test_the_readings_of_each_run_are_its_own():
    one, two = observed_case(), observed_case()
    runs = [Run(0, one, assigned({BROMIDE: 1.0}), SITUATION)]
    found = rank(
        two, CARDS, (), situation=SITUATION, shifts=SHIFTS, constants=CONSTANTS, tools=tools(), earlier=runs, number=1
    )
    names = {e.observation for v in found.posterior.verdicts for e in (*v.supports, *v.against)}
    assert f"seen:{BROMIDE}" in names
    assert not any(n.startswith("round[") for n in names)
    assert found.sighting.observations == ()
