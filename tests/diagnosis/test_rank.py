from dataclasses import replace

import numpy as np
import pytest
from fake_flasks import (
    BIS,
    BROMIDE,
    DIAMINE,
    MONO,
    SITUATION,
    assigned,
    case_of,
    observed_case,
    raw_case,
    run,
    tools,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from shipped_cards import CAUSES, CONSTANTS, SHIFTS

from ringside.diagnosis.rank import rank
from ringside.evidence.nouns import Observed

IDS = ("low-titre-electrophile", "insufficient-base", "stopped-early", "lost-in-water", "unprotected-diamine")


KNOWN = {"situation": SITUATION, "shifts": SHIFTS, "constants": CONSTANTS}


def ask(case, assignments=(), only=IDS, **more):
    return rank(case, [c for c in CAUSES if c.id in only], assignments, tools=tools(), **KNOWN, **more)


def chance(ranking):
    return {v.cause: v.probability for v in ranking.posterior.verdicts}


def test_probabilities_sum_to_one_and_are_ranked():
    found = ask(observed_case(isolated_yield=(0.2, 0.2), conversion=(0.5, 0.5))).posterior.verdicts
    assert sum(v.probability for v in found) == pytest.approx(1.0, abs=1e-9)
    assert sum(v.prior for v in found) == pytest.approx(1.0, abs=1e-9)
    assert [v.probability for v in found] == sorted((v.probability for v in found), reverse=True)


def test_without_observations_the_posterior_is_the_prior():
    ranking = ask(case_of(raw_case()))
    for verdict in ranking.posterior.verdicts:
        assert verdict.probability == pytest.approx(verdict.prior, abs=1e-12)
        assert verdict.bayes_factor == pytest.approx(1.0)
    assert ranking.posterior.prior_driven


def test_none_of_these_has_a_prior_of_at_least_fifteen_percent():
    none = next(v for v in ask(case_of(raw_case())).posterior.verdicts if v.cause == "none-of-these")
    assert none.prior >= 0.15


def test_a_recipe_that_gives_what_it_should_is_as_written():
    base = run(case_of(raw_case()), 64)
    expected = float(np.median(base.target_yield())) * 0.9
    found = chance(ask(observed_case(isolated_yield=(expected, expected), conversion=(0.74, 0.74))))
    assert found["as-expected"] + found["unprotected-diamine"] > 0.6


def test_low_yield_at_full_conversion_is_lost_in_the_water():
    case = observed_case(isolated_yield=(0.07, 0.07), conversion=(0.75, 0.75))
    found = chance(ask(case, assigned({MONO: 0.5, BIS: 0.5})))
    assert max(found, key=found.get) == "lost-in-water"


def test_low_conversion_and_low_yield_are_not_lost_in_the_water():
    ranking = ask(observed_case(isolated_yield=(0.33, 0.33), conversion=(0.45, 0.45)))
    factor = {v.cause: v.bayes_factor for v in ranking.posterior.verdicts}
    assert factor["lost-in-water"] < 0.5
    assert all(factor[i] > 1.5 for i in ("low-titre-electrophile", "insufficient-base", "stopped-early"))


def test_an_observation_far_from_every_world_gives_none_of_these():
    case = observed_case(isolated_yield=(0.985, 0.985), conversion=(0.1, 0.1))
    assert chance(ask(case))["none-of-these"] >= 0.8


def test_area_without_any_reading_raises_none_of_these():
    case = observed_case(isolated_yield=(0.4, 0.4))
    strange = assigned({MONO: 0.3, BIS: 0.2, "none-of-these": 0.5})
    calm = assigned({MONO: 0.6, BIS: 0.4})
    assert chance(ask(case, strange))["none-of-these"] > chance(ask(case, calm))["none-of-these"]


def test_removing_the_true_card_raises_none_of_these():
    case = observed_case(isolated_yield=(0.05, 0.05), conversion=(0.75, 0.75))
    with_it = chance(ask(case))["none-of-these"]
    without = chance(ask(case, only=tuple(i for i in IDS if i != "lost-in-water")))["none-of-these"]
    assert without > with_it


def test_an_uninformative_observation_changes_nothing():
    plain = observed_case(isolated_yield=(0.3, 0.3))
    nowhere = replace(plain, observed=Observed(isolated_yield=(0.3, 0.3), absent=(BROMIDE,)))
    first, second = chance(ask(plain)), chance(ask(nowhere))
    assert first.keys() == second.keys()
    for cause, p in first.items():
        assert second[cause] == pytest.approx(p, abs=1e-9)


def test_what_was_not_looked_for_is_no_evidence():
    looked = observed_case(isolated_yield=(0.3, 0.3), absent=("starting material",))
    silent = observed_case(isolated_yield=(0.3, 0.3))
    ids = {e.observation for v in ask(silent).posterior.verdicts for e in (*v.supports, *v.against)}
    assert not any(i.startswith("absent") for i in ids)
    ids = {e.observation for v in ask(looked).posterior.verdicts for e in (*v.supports, *v.against)}
    assert f"absent:{DIAMINE}" in ids


PEAKS = {MONO: 0.5, BIS: 0.5}
TURNED = {"isolated_yield": (0.2, 0.2), "conversion": (0.6, 0.6)}
STRAIGHT = chance(ask(observed_case(**TURNED, absent=("homopiperazine", "product")), assigned(PEAKS), many=64))


@given(turn=st.permutations((0, 1, 2, 3)), peaks=st.permutations((MONO, BIS)))
@settings(max_examples=5, deadline=None, derandomize=True)
def test_the_order_of_charges_peaks_and_words_does_not_matter(turn, peaks):
    raw = raw_case()
    raw["charge"] = [raw["charge"][i] for i in turn]
    case = observed_case(raw, **TURNED, absent=("product", "homopiperazine"))
    assert chance(ask(case, assigned({p: PEAKS[p] for p in peaks}), many=64)) == STRAIGHT


def test_the_monte_carlo_error_is_stated_and_small():
    case = observed_case(isolated_yield=(0.2, 0.2), conversion=(0.5, 0.5))
    assert 0 < ask(case).posterior.monte_carlo_error < 0.02


def test_the_same_question_has_the_same_answer():
    case = observed_case(isolated_yield=(0.2, 0.2), conversion=(0.5, 0.5))
    assert ask(case).posterior == ask(case).posterior


def test_a_deviation_without_effect_is_not_a_cause():
    ranking = ask(case_of(raw_case()), only=("colder-than-written", "wet-solvent"))
    assert "wet-solvent" not in chance(ranking)


def test_twin_causes_are_reported_as_one_group():
    card = next(c for c in CAUSES if c.id == "low-titre-electrophile")
    twin = replace(card, id="old-bromide", title="The bromide was old")
    ranking = rank(observed_case(conversion=(0.4, 0.4)), [card, twin], (), tools=tools(), many=64, **KNOWN)
    group = next(v for v in ranking.posterior.verdicts if v.members)
    assert group.members == ("low-titre-electrophile", "old-bromide")
    assert not {v.cause for v in ranking.posterior.verdicts if v != group} & set(group.members)


def test_design_causes_share_the_recipe_as_written_by_what_they_bring_back():
    ranking = ask(case_of(raw_case()), only=("unprotected-diamine", "too-much-electrophile"))
    shares = {s.id: s for s in ranking.shares}
    assert shares["unprotected-diamine"].after > shares["unprotected-diamine"].before + 0.2
    assert shares["unprotected-diamine"].weight > 0.5
    assert sum(s.weight for s in ranking.shares) == pytest.approx(1.0)


def test_the_winner_is_called_prior_driven_when_evidence_is_weak():
    weak = ask(observed_case(isolated_yield=(0.33, 0.33), conversion=(0.45, 0.45)))
    strong = ask(observed_case(isolated_yield=(0.03, 0.03), conversion=(0.76, 0.76)), assigned({MONO: 0.5, BIS: 0.5}))
    assert weak.posterior.prior_driven
    assert not strong.posterior.prior_driven


def test_evidence_names_the_observation_that_told():
    case = observed_case(isolated_yield=(0.05, 0.05), conversion=(0.75, 0.75))
    water = next(v for v in ask(case).posterior.verdicts if v.cause == "lost-in-water")
    assert water.supports[0].observation == "isolated-yield"
    assert "expected" in water.supports[0].text


def test_words_that_cannot_be_read_are_reported():
    assert ask(observed_case(absent=("blue smoke",))).sighting.unread == ("blue smoke",)


def test_draws_that_contradict_the_conversion_weigh_little():
    ranking = ask(observed_case(raw_case(conditions={"temperature": "25 degC", "time": "2 h"}), conversion=(0.4, 0.4)))
    written = next(c for c in ranking.candidates if c.id == "as-written")
    conversion = 1 - written.world.column(written.world.in_sample, DIAMINE)
    assert float(conversion @ written.weights) < float(conversion.mean()) or conversion.mean() < 0.4


def test_results_drawn_from_a_world_raise_that_world_on_average():
    gains = []
    for cause in ("low-titre-electrophile", "stopped-early", "lost-in-water"):
        ranking = ask(case_of(raw_case()), only=(cause,))
        candidate = next(c for c in ranking.candidates if c.id == cause)
        for i in range(0, candidate.world.n_draws, 3):
            y = float(candidate.world.target_yield()[i]) * CONSTANTS.handling_median
            c = 1 - float(candidate.world.column(candidate.world.in_sample, DIAMINE)[i])
            after = ask(observed_case(isolated_yield=(y, y), conversion=(c, c)), many=64)
            verdict = next(v for v in after.posterior.verdicts if v.cause == cause)
            gains.append(np.log(verdict.probability / verdict.prior))
    assert np.mean(gains) > 0.3


def test_two_deviations_together_are_listed_only_where_clearly_better():
    cards = [replace(c, prior=1.0) for c in CAUSES if c.id in ("low-titre-electrophile", "stopped-early")]

    def listed(y, c):
        short = raw_case(conditions={"temperature": "25 degC", "time": "4 h"})
        case = observed_case(short, conversion=(c, c), isolated_yield=(y, y))
        return rank(case, cards, (), tools=tools(), **KNOWN).posterior.verdicts

    both = listed(0.06, 0.07)
    assert both[0].cause == "low-titre-electrophile+stopped-early"
    assert both[0].sources == ("judgement", "seed")
    assert not any("+" in v.cause for v in listed(0.33, 0.45))
