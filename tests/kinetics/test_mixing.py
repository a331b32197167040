"""Feeds that react before they are mixed in."""

from dataclasses import replace

import numpy as np
import pytest
from small_networks import dose, flask, laws, network, reaction

from ringside.kinetics.simulate import simulate

PAIR = network([reaction(("CN", "CCl"), ("CNC",)), reaction(("CNC", "CCl"), ("CN(C)C",))])


def mono_and_bis(k, mixing, *, over=600.0, start=0.0):
    """Return yields per amine of first and second reaction; amine 0.1 mol in 1 L, as much electrophile in 0.1 L more."""
    recipe = flask([dose("CN", 0.1), dose("CCl", 0.1, over=over, start=start, volume=0.1)], limiting=0.1, time=7200.0)
    course = simulate(PAIR, replace(recipe, mixing=mixing), laws(PAIR, [k, k / 2.0]), {})
    last = dict(zip(course.species, course.n[-1] / 0.1, strict=True))
    return last["CNC"], last["CN(C)C"]


def test_perfect_mixing_is_the_limit_of_a_short_mixing_time():
    assert mono_and_bis(1e3, 1e-6) == pytest.approx(mono_and_bis(1e3, 0.0), abs=2e-3)


def test_a_reaction_much_slower_than_mixing_does_not_notice_it():
    assert mono_and_bis(1e-2, 1.0) == pytest.approx(mono_and_bis(1e-2, 0.0), abs=2e-3)


def test_an_electrophile_faster_than_mixing_reacts_twice_where_it_enters():
    mono, bis = zip(*(mono_and_bis(1e4, t) for t in (0.0, 1e-3, 1e-2, 1e-1, 1.0)), strict=True)
    assert list(mono) == sorted(mono, reverse=True)
    assert list(bis) == sorted(bis)
    assert bis[-1] > 1.5 * bis[0]


def test_slower_feeding_does_not_help_when_the_speed_of_mixing_decides():
    assert mono_and_bis(1e6, 1.0, over=6000.0)[0] < mono_and_bis(1e6, 0.0, over=6000.0)[0] - 0.05


def test_one_shot_after_the_start_is_mixed_in_like_a_feed():
    assert mono_and_bis(1e4, 1.0, over=0.0, start=60.0)[1] > mono_and_bis(1e4, 0.0, over=0.0, start=60.0)[1] + 0.05


def test_nothing_is_lost_between_zone_and_bulk():
    recipe = flask([dose("CN", 0.1), dose("CCl", 0.1, over=600.0, volume=0.1)], limiting=0.1, time=7200.0)
    course = simulate(PAIR, replace(recipe, mixing=5.0), laws(PAIR, [1e4, 5e3]), {}, rtol=1e-6, atol=1e-10)
    n = dict(zip(course.species, course.n.T, strict=True))
    assert np.allclose(n["CN"] + n["CNC"] + n["CN(C)C"], 0.1, rtol=1e-5)
    fed = np.clip(course.t / 600.0, 0.0, 1.0) * 0.1
    assert np.allclose(n["CCl"] + n["CNC"] + 2.0 * n["CN(C)C"], fed, atol=1e-6)
