from dataclasses import replace

import pytest
from fake_flasks import SITUATION, observed_case, tools
from shipped_cards import CAUSES, CHECKS, CONSTANTS, SHIFTS

from ringside.diagnosis.nexttest import information, next_tests
from ringside.diagnosis.rank import rank

IDS = ("low-titre-electrophile", "stopped-early", "lost-in-water", "unprotected-diamine")


@pytest.fixture(scope="module")
def torn():
    """A yield that leaves several worlds open."""
    cards = [c for c in CAUSES if c.id in IDS]
    case = observed_case(isolated_yield=(0.2, 0.2))
    return rank(case, cards, (), situation=SITUATION, shifts=SHIFTS, constants=CONSTANTS, tools=tools(), many=64)


def test_tests_are_ordered_by_what_they_tell(torn):
    found = next_tests(torn, CHECKS, situation=SITUATION | {"workup:extract"}, constants=CONSTANTS)
    per_hour = [t.bits / t.hours for t in found]
    assert per_hour == sorted(per_hour, reverse=True)
    assert len(found) >= 3
    assert all(t.how and t.sources and t.positive and t.negative for t in found)


def test_looking_in_the_aqueous_layer_tells_when_the_product_may_be_there(torn):
    card = next(c for c in CHECKS if c.id == "extract-the-water")
    other = next(c for c in CHECKS if c.id == "assay-aldehyde")
    assert information(torn, card, CONSTANTS) > information(torn, other, CONSTANTS) + 0.1


def test_what_was_measured_is_not_asked_for_again(torn):
    found = next_tests(torn, CHECKS, situation=SITUATION, constants=CONSTANTS, best=99)
    assert "weigh-product" not in {t.id for t in found}
    assert "lc-conversion" in {t.id for t in found}


def test_information_is_never_negative_nor_more_than_the_question_holds(torn):
    worlds = len(torn.candidates) + len(torn.shares)
    for card in CHECKS:
        assert 0 <= information(torn, card, CONSTANTS) <= worlds.bit_length() + 1


def test_a_test_that_answers_alike_under_every_cause_tells_nothing(torn):
    card = next(c for c in CHECKS if c.id == "karl-fischer")
    dull = replace(card, answers={"wet-solvent": 0.5}, default=0.5)
    assert information(torn, dull, CONSTANTS) == pytest.approx(0.0, abs=1e-9)


def test_a_quick_test_comes_before_a_slow_one_that_tells_as_much(torn):
    card = next(c for c in CHECKS if c.id == "extract-the-water")
    quick, slow = replace(card, id="quick", hours=0.5), replace(card, id="a-slow-one", hours=8.0)
    found = next_tests(torn, [slow, quick], situation=SITUATION | {"workup:extract"}, constants=CONSTANTS)
    assert [t.id for t in found] == ["quick", "a-slow-one"]
