from dataclasses import replace

import numpy as np
import pytest
from fake_flasks import BIS, DIAMINE, MONO, case_of, raw_case, run
from shipped_cards import CONSTANTS

from ringside.diagnosis.artefacts import with_artefact
from ringside.diagnosis.likelihood import area_fractions, crude_mass, log_likelihood
from ringside.diagnosis.observations import Observation
from ringside.diagnosis.world import head

WORLD = run(case_of(raw_case()), 32)


def through(observable, of, times, into=None):
    table = {"observable": observable, "of": of, "times": times} | ({"into": into} if into else {})
    return with_artefact(WORLD, table, lambda s: frozenset())


def unexplained(share, world):
    return log_likelihood(Observation("unexplained-area", "unexplained", "", share, share), world, CONSTANTS)


def test_salts_make_the_crude_heavier_and_leave_the_yield_alone():
    after = through("crude", "all", [1.5, 1.5])
    assert crude_mass(after) == pytest.approx(1.5 * crude_mass(WORLD))
    assert after.target_yield() == pytest.approx(WORLD.target_yield())


def test_a_crude_over_everything_charged_is_more_probable_with_salts_in_it():
    heavy = Observation("crude-mass", "crude", "", *(2.0 * float(np.median(crude_mass(WORLD))),) * 2)
    salty = through("crude", "all", [1.2, 2.5])
    assert log_likelihood(heavy, salty, CONSTANTS).mean() > log_likelihood(heavy, WORLD, CONSTANTS).mean() + 2


def test_saturation_clips_the_largest_peak_of_each_draw_and_no_other():
    after = through("in_sample", "largest", [0.5, 0.5])
    area, clipped = WORLD.in_sample * WORLD.uv, after.in_sample * WORLD.uv
    top = area.argmax(axis=1)[:, None]
    assert np.take_along_axis(clipped, top, 1) == pytest.approx(0.5 * np.take_along_axis(area, top, 1))
    assert (clipped != area).sum(axis=1).tolist() == [1] * WORLD.n_draws


def test_area_of_a_second_rotamer_is_due_without_a_reading():
    after = through("in_sample", "product", [0.6, 0.6], "unread")
    groups = ((MONO,), (BIS,))
    total = area_fractions(after, groups).sum(axis=1) + after.unread
    assert total == pytest.approx(area_fractions(WORLD, groups).sum(axis=1))
    assert (after.unread > 0.05).all()


def test_unexplained_area_that_is_due_is_more_probable_than_none():
    ghosts = through("in_sample", "all", [0.7, 0.7], "unread")
    assert unexplained(0.3, ghosts).mean() > unexplained(0.3, WORLD).mean() + 2
    assert unexplained(0.0, ghosts).mean() < unexplained(0.0, WORLD).mean() - 2


@pytest.mark.parametrize("due", [0.0, 0.3, 0.95])
def test_the_density_of_unexplained_area_integrates_to_one(due):
    world = replace(WORLD, unread=np.full(WORLD.n_draws, due))
    shares = np.linspace(0.0, 1.0, 4001)
    density = [float(np.exp(unexplained(float(s), world)[0])) for s in shares]
    assert np.trapezoid(density, shares) == pytest.approx(1.0, abs=1e-3)


def test_what_goes_on_in_the_vial_appears_as_product():
    after = through("in_sample", "limiting", [0.5, 0.5], "product")
    lost = WORLD.column(WORLD.in_sample, DIAMINE) - after.column(after.in_sample, DIAMINE)
    assert after.column(after.in_sample, MONO) == pytest.approx(WORLD.column(WORLD.in_sample, MONO) + lost)


def test_fewer_draws_keep_what_the_artefact_did():
    after = head(through("in_sample", "all", [0.5, 0.9], "unread"), 8)
    assert after.unread.shape == (8,)
    assert head(through("crude", "all", [1.2, 2.5]), 8).weighed.shape == (8,)
