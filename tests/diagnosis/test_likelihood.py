from dataclasses import replace

import numpy as np
import pytest
from fake_flasks import BIS, DIAMINE, MONO, assigned, case_of, observed_case, raw_case, run
from shipped_cards import CONSTANTS

from ringside.diagnosis.artefacts import with_artefact
from ringside.diagnosis.likelihood import area_fractions, conversion, crude_mass, log_likelihood
from ringside.diagnosis.observations import Observation, observe
from ringside.diagnosis.world import quantiles, weighted_quantile

WORLD = run(case_of(raw_case()), 64)


def seen(observed, assignments=()):
    return observe(observed_case(**observed), assignments, WORLD, lambda s: s)


def test_a_yield_near_the_prediction_is_more_probable_than_one_far_off():
    near, far = (Observation("isolated-yield", "yield", "", y, y) for y in (0.45, 0.05))
    assert log_likelihood(near, WORLD, CONSTANTS).mean() > log_likelihood(far, WORLD, CONSTANTS).mean() + 5


def test_a_narrow_range_tends_to_the_density_at_a_point():
    point = log_likelihood(Observation("y", "yield", "", 0.4, 0.4), WORLD, CONSTANTS)
    narrow = log_likelihood(Observation("y", "yield", "", 0.3999, 0.4001), WORLD, CONSTANTS)
    assert narrow == pytest.approx(point, abs=1e-3)


def test_a_yield_density_integrates_to_one_between_floor_and_ceiling():
    parts = np.linspace(0.0101, 0.9899, 2001)
    logits = np.log(parts / (1 - parts))
    logs = [log_likelihood(Observation("y", "yield", "", v, v), WORLD, CONSTANTS)[0] for v in parts]
    inside = np.trapezoid(np.exp(logs), logits)
    below = np.exp(log_likelihood(Observation("y", "yield", "", 0.0, 0.0), WORLD, CONSTANTS)[0])
    above = np.exp(log_likelihood(Observation("y", "yield", "", 1.0, 1.0), WORLD, CONSTANTS)[0])
    assert inside + below + above == pytest.approx(1.0, abs=1e-3)


def test_areas_are_compared_as_ratios_so_their_scale_does_not_matter():
    groups = ((MONO,), (BIS,))
    one = Observation("a", "areas", "", groups=groups, areas=(0.6, 0.4))
    half = replace(one, areas=(0.3, 0.2))
    assert log_likelihood(one, WORLD, CONSTANTS) == pytest.approx(log_likelihood(half, WORLD, CONSTANTS))


def test_areas_do_not_depend_on_the_order_of_the_groups():
    one = Observation("a", "areas", "", groups=((MONO,), (BIS,)), areas=(0.6, 0.4))
    two = Observation("a", "areas", "", groups=((BIS,), (MONO,)), areas=(0.4, 0.6))
    assert log_likelihood(one, WORLD, CONSTANTS) == pytest.approx(log_likelihood(two, WORLD, CONSTANTS))


def test_between_chromophore_classes_a_ratio_says_less():
    mixed = replace(WORLD, uv_class=("benzyl", "indole", "none", "benzyl"))
    odd = Observation("a", "areas", "", groups=((MONO,), (BIS,)), areas=(0.98, 0.02))
    assert log_likelihood(odd, mixed, CONSTANTS).mean() > log_likelihood(odd, WORLD, CONSTANTS).mean()


def test_not_seen_is_unlikely_for_a_large_visible_species():
    absent = Observation("absent", "absent", "", groups=((MONO,),))
    assert log_likelihood(absent, WORLD, CONSTANTS).max() < np.log(0.05)


def test_not_seen_says_nothing_of_an_invisible_species():
    blind = replace(WORLD, uv=np.zeros(4), esi=(False, False, False, False))
    absent = Observation("absent", "absent", "", groups=((MONO,),))
    assert log_likelihood(absent, blind, CONSTANTS) == pytest.approx(0.0, abs=1e-9)


def test_one_injection_is_one_observation():
    found = seen({}, assigned({MONO: 0.6, BIS: 0.4})).observations
    assert [o.kind for o in found] == ["areas", "unexplained"]


def test_background_peaks_are_left_out_of_the_ratios():
    found = seen({}, assigned({MONO: 0.5, BIS: 0.3, "background:phthalate": 0.2})).observations
    areas = next(o for o in found if o.kind == "areas")
    assert areas.groups == ((BIS,), (MONO,))


def test_peaks_that_cannot_be_told_apart_are_one_group():
    (first, second) = assigned({MONO: 0.5, BIS: 0.3})
    both = (MONO, BIS)
    blurred = (replace(first, undecidable_between=both), replace(second, undecidable_between=both))
    found = seen({}, blurred).observations
    assert not any(o.kind == "areas" for o in found)
    assert any(o.groups == (tuple(sorted(both)),) for o in found)


def test_starting_material_means_the_limiting_reactant():
    found = seen({"absent": ("starting material",)}).observations
    assert found[0].groups == ((DIAMINE,),)


def test_conversion_counts_what_is_left_against_what_was_charged():
    expected = 1 - WORLD.in_sample[:, WORLD.species.index(DIAMINE)]
    assert conversion(WORLD) == pytest.approx(expected)


def test_crude_mass_leaves_out_what_does_not_stay():
    dry = replace(WORLD, residue=(False, True, False, True))
    assert (crude_mass(dry) < crude_mass(WORLD)).all()


def test_area_fractions_of_everything_sum_to_one():
    every = tuple((s,) for s in WORLD.species)
    assert area_fractions(WORLD, every).sum(axis=1) == pytest.approx(1.0)


def test_an_artefact_leaves_the_flask_alone():
    artefact = {"observable": "isolated", "of": "product", "times": [0.1, 0.5]}
    after = with_artefact(WORLD, artefact, lambda s: frozenset())
    assert (after.amount == WORLD.amount).all()
    ratio = after.column(after.isolated, MONO) / WORLD.column(WORLD.isolated, MONO)
    assert ratio.min() >= 0.1
    assert ratio.max() <= 0.5
    assert (after.column(after.isolated, BIS) == WORLD.column(WORLD.isolated, BIS)).all()


def test_what_hydrolyses_on_the_column_appears_as_starting_material():
    artefact = {"observable": "in_sample", "of": "product", "times": [0.1, 0.5], "into": "starting-material"}
    after = with_artefact(WORLD, artefact, lambda s: frozenset())
    assert after.in_sample.sum(axis=1) == pytest.approx(WORLD.in_sample.sum(axis=1))
    assert (after.column(after.in_sample, DIAMINE) > WORLD.column(WORLD.in_sample, DIAMINE)).all()


def test_area_moved_to_a_confusable_species_is_conserved():
    artefact = {"observable": "in_sample", "of": "product", "times": [0.3, 0.8], "into": "confusable"}
    after = with_artefact(WORLD, artefact, lambda s: frozenset(), (BIS,))
    assert (after.in_sample @ after.uv) == pytest.approx(WORLD.in_sample @ WORLD.uv)


def test_artefacts_can_be_chosen_by_feature():
    artefact = {"observable": "in_sample", "of": "feature:imine|aminal", "times": [0.5, 0.5]}
    after = with_artefact(WORLD, artefact, lambda s: frozenset({"aminal"} if s == BIS else set()))
    assert after.column(after.in_sample, BIS) == pytest.approx(0.5 * WORLD.column(WORLD.in_sample, BIS))


def test_quantiles_of_fewer_draws_start_those_of_more():
    assert (quantiles(64) == quantiles(256)[:64]).all()
    assert 0 < quantiles(256).min() < 0.01
    assert 0.99 < quantiles(256).max() < 1


def test_weighted_quantile_with_equal_weights_is_the_median():
    values = np.array([3.0, 1.0, 2.0])
    assert weighted_quantile(values, np.ones(3), 0.5) == pytest.approx(2.0)
