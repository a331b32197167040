"""The synthetic troubled flasks of tools/ are cases like any other, and their causes can be found."""

import importlib
import sys
import tomllib
from functools import cache
from pathlib import Path

import pytest

from ringside.answers.tools import case_tools
from ringside.case.read import case_from_raw, write_case
from ringside.diagnosis.signs import signs_in
from ringside.knowledge.load import load

sys.path.insert(0, str(Path(__file__).parents[2] / "tools"))
TOOL = importlib.import_module("troubled_flasks")
KNOWN = load(None)


@cache
def base():
    return TOOL.base_of("benzylation", KNOWN)


@pytest.mark.parametrize("perturbed", [False, True])
def test_a_flask_is_a_case_that_can_be_written_and_read_again(perturbed):
    flasks = [TOOL.flask_of(base(), n, seed=1, perturbed=perturbed) for n in range(12)]
    for flask in flasks:
        again = case_from_raw(
            tomllib.loads(write_case(flask.case)), case_tools(KNOWN), file=flask.case.file, folder=Path()
        )
        assert again.observed == flask.case.observed
        assert again.observed.isolated_yield is not None
        assert again.recipe == base().case.recipe
    assert len({f.cause for f in flasks}) > 1
    assert any(f.case.observed.peaks for f in flasks)


def test_a_flask_is_the_same_each_time_and_another_with_another_seed():
    def raw(seed):
        return TOOL.flask_of(base(), 3, seed=seed, perturbed=True).case.raw

    assert raw(1) == raw(1)
    assert raw(1) != raw(2)


def test_every_sign_is_written_in_words_that_report_it_and_nothing_else():
    for sign in KNOWN.signs:
        found, unread = signs_in([TOOL.WORDS[sign.id]], KNOWN.signs)
        assert ([s.id for s in found], unread) == ([sign.id], ())


def test_a_flask_that_does_what_the_model_assumes_has_its_true_cause_among_the_first_three():
    flask = TOOL.flask_of(base(), 0, seed=1, perturbed=False, everything=True, cause="lost-in-water")
    verdicts = TOOL.looked_into(base(), flask.case).ranking.posterior.verdicts
    assert any("lost-in-water" in (v.members or (v.cause,)) for v in verdicts[:3])


def test_a_cause_whose_card_is_taken_away_is_not_told():
    flask = TOOL.flask_of(base(), 0, seed=1, perturbed=False, everything=True, cause="lost-in-water")
    found, without = TOOL.looked_into(base(), flask.case), TOOL.looked_into(base(), flask.case, "lost-in-water")
    assert all("lost-in-water" not in (v.cause, *v.members) for v in without.ranking.posterior.verdicts)
    assert without.ranking.none_probability > found.ranking.none_probability
