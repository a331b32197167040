"""From areas to amounts: known mixtures, and what cannot be said."""

import math
from dataclasses import replace

import numpy as np
import pytest
from evidence_tables import tables
from hypothesis import given, settings
from hypothesis import strategies as st

from ringside.chem.molecule import canonical, without_stereo
from ringside.evidence.drawn import detector_of, draw_peaks
from ringside.evidence.expected import expected
from ringside.evidence.nouns import Assignment, Calibration, Candidate, Instrument, Peak
from ringside.evidence.quantity import (
    Contents,
    assay_yield,
    conversion,
    diastereomer_ratio,
    measure,
    selectivity,
)
from ringside.evidence.response import ResponseSpread, responses

N, SEED = 1000, "test"
NONE = "none-of-these"
START = canonical("C1CNCCN(C1)Cc1ccccc1")
PRODUCT = canonical("C1CN(C)CCN(C1)Cc1ccccc1")
OTHER = canonical("C1CN(CC)CCN(C1)Cc1ccccc1")
NITRO = canonical("C1CN(C)CCN(C1)Cc1cccc([N+](=O)[O-])c1")
BLIND = canonical("C1CNCCNC1")
STANDARD = canonical("COc1cc(OC)cc(OC)c1")
SPREAD = ResponseSpread(between=0.67, within=0.26, calibration=0.05, range_sd=0.304)
CONSTANTS = {
    "sd_area_unstated_log": 0.05,
    "area_unstated_floor": 0.001,
    "second_peak": 0.1,
    "detection_limit": 0.005,
    "detection_spread": 0.7,
    "response_between": 0.67,
    "found": 0.5,
}


def view(smiles):
    return expected(smiles, tables(), Instrument(uv=254.0))


def read_as(peak, **chances):
    return Assignment(peak, tuple(Candidate(s, "", None, None, 0.0, p, False) for s, p in chances.items()))


def sure(species, area, rt, **more):
    return read_as(Peak(f"p{rt}", rt, (), area, **more), **{species: 1.0})


def area_of(**amounts):
    """Return the peaks of a mixture whose responses are exactly those of the table."""
    areas = {s: n * view(s).uv_response for s, n in amounts.items()}
    whole = sum(areas.values())
    return [sure(s, a / whole, 60.0 * i) for i, (s, a) in enumerate(areas.items(), start=1)]


def measured(peaks, *, held=(START, PRODUCT, OTHER, NITRO), product=PRODUCT, standard=None, calibrations=(), also=()):
    drawn = draw_peaks(peaks, CONSTANTS, N, SEED)
    names = sorted({*drawn.names, START, product, *also})
    response = responses([view(s) for s in names], calibrations, {}, SPREAD, N, SEED)
    contents = Contents(START, product, dict.fromkeys(held, 1.0))
    return measure(drawn, response, contents, CONSTANTS, SEED, standard)


def ends(values):
    return tuple(float(x) for x in np.quantile(values, (0.05, 0.5, 0.95)))


def factor(values):
    low, _, high = ends(values)
    return high / low


def test_a_mixture_of_one_chromophore_class_gives_its_amounts_within_the_narrow_factor():
    found = measured(area_of(**{START: 1.0, PRODUCT: 2.0, OTHER: 1.0}))
    for species, true in ((START, 0.25), (PRODUCT, 0.5), (OTHER, 0.25)):
        low, median, high = ends(found.amount[species])
        assert low < true < high and median == pytest.approx(true, rel=0.1)
    ratio = found.amount[PRODUCT] / found.amount[START]
    assert factor(ratio) == pytest.approx(math.exp(2 * 1.645 * math.hypot(0.26, 0.26, 0.05, 0.05)), rel=0.1)


def test_two_classes_give_a_wide_interval_that_covers_a_response_three_times_off():
    peaks = area_of(**{START: 1.0, NITRO: 1.0})
    found = measured(peaks, product=NITRO)
    alike = measured(area_of(**{START: 1.0, PRODUCT: 1.0}))
    low, _, high = ends(found.amount[NITRO] / found.amount[START])
    assert low < 1 / 3 and high > 3
    assert high / low > 3 * factor(alike.amount[PRODUCT] / alike.amount[START])


def test_an_internal_standard_makes_amounts_absolute():
    peaks = area_of(**{START: 0.2, PRODUCT: 0.6, STANDARD: 0.5})
    found = measured(peaks, standard=(STANDARD, (0.5, 0.5)))
    assert found.absolute and np.allclose(found.amount[STANDARD], 0.5)
    assert ends(assay_yield(found).values)[1] == pytest.approx(0.6, rel=0.1)
    assert ends(conversion(found, SEED).values)[1] == pytest.approx(0.8, abs=0.05)


def test_without_a_standard_nothing_absolute_is_claimed():
    found = measured(area_of(**{START: 1.0, PRODUCT: 3.0}))
    assert not found.absolute
    assert assay_yield(found).values is None and assay_yield(found).why_not == "no-standard"


def test_a_standard_that_is_no_peak_leaves_everything_relative():
    found = measured(area_of(**{START: 1.0, PRODUCT: 3.0}), standard=(STANDARD, (0.5, 0.5)), also=(STANDARD,))
    assert not found.absolute


def test_a_species_without_a_chromophore_has_no_amount_rather_than_none_of_it():
    found = measured([*area_of(**{START: 1.0, PRODUCT: 1.0}), sure(BLIND, 0.1, 900.0)])
    assert BLIND not in found.amount


def test_a_visible_species_without_a_peak_lies_between_nothing_and_the_detection_limit():
    found = measured(area_of(**{START: 1.0, PRODUCT: 1.0}), also=(OTHER,))
    low, median, high = ends(found.amount[OTHER])
    assert not found.seen[OTHER].any()
    assert 0 < low < median < high < 0.05


def test_a_smaller_peak_that_was_picked_lowers_the_detection_limit():
    tiny = [*area_of(**{START: 1.0, PRODUCT: 1.0}), read_as(Peak("p9", 900.0, (), 0.0005), **{NONE: 1.0})]
    coarse = measured(area_of(**{START: 1.0, PRODUCT: 1.0}), also=(OTHER,))
    assert ends(measured(tiny, also=(OTHER,)).amount[OTHER])[2] < 0.3 * ends(coarse.amount[OTHER])[2]


def test_conversion_is_above_the_detection_limit_where_no_peak_is_the_limiting_reactant():
    found = conversion(measured(area_of(**{PRODUCT: 1.0})), SEED)
    assert found.censored == "above"
    assert ends(found.values)[0] > 0.97


def test_conversion_is_not_told_where_the_limiting_reactant_cannot_be_seen():
    drawn = draw_peaks(area_of(**{PRODUCT: 1.0}), CONSTANTS, N, SEED)
    response = responses([view(PRODUCT), view(BLIND)], (), {}, SPREAD, N, SEED)
    contents = Contents(BLIND, PRODUCT, {BLIND: 1.0, PRODUCT: 1.0})
    found = conversion(measure(drawn, response, contents, CONSTANTS, SEED), SEED)
    assert found.values is None and found.why_not == "limiting-not-seen"


def test_selectivity_counts_residues_of_the_limiting_reactant():
    peaks = area_of(**{PRODUCT: 1.0, OTHER: 1.0})
    drawn = draw_peaks(peaks, CONSTANTS, N, SEED)
    response = responses([view(s) for s in (START, PRODUCT, OTHER)], (), {}, SPREAD, N, SEED)
    contents = Contents(START, PRODUCT, {START: 1.0, PRODUCT: 1.0, OTHER: 2.0})
    found = selectivity(measure(drawn, response, contents, CONSTANTS, SEED), SEED)
    assert ends(found.values)[1] == pytest.approx(1 / 3, rel=0.1)


def test_area_without_a_reading_widens_the_selectivity_downwards_only():
    plain = area_of(**{PRODUCT: 3.0, OTHER: 1.0})
    strange = [*plain, read_as(Peak("p9", 900.0, (), 0.5), **{NONE: 1.0})]
    before, after = (ends(selectivity(measured(p), SEED).values) for p in (plain, strange))
    assert after[0] < before[0] - 0.1 and after[2] <= before[2] + 0.02


def test_a_calibration_wins_over_counting_and_has_its_own_error():
    peaks = [sure(START, 0.5, 60.0), sure(NITRO, 0.5, 120.0)]
    found = measured(peaks, product=NITRO, calibrations=(Calibration(NITRO, START, (1.9, 2.1)),))
    ratio = found.amount[START] / found.amount[NITRO]
    assert ends(ratio)[1] == pytest.approx(2.0, rel=0.05)
    assert factor(ratio) < 1.4


def test_a_calibration_carries_over_to_the_class_of_the_calibrated_species():
    sibling = canonical("C1CN(CC)CCN(C1)Cc1cccc([N+](=O)[O-])c1")
    counted = math.log(view(sibling).uv_response / view(START).uv_response)
    names = [view(s) for s in (START, NITRO, sibling)]
    free = responses(names, (), {}, SPREAD, N, SEED)
    tied = responses(names, (Calibration(NITRO, START, (3.0, 3.0)),), {}, SPREAD, N, SEED)
    before, after = free[sibling] - free[START], tied[sibling] - tied[START]
    assert np.median(before) == pytest.approx(counted, abs=0.15)
    assert abs(np.median(after) - math.log(3.0)) < abs(counted - math.log(3.0)) / 2
    assert after.std() < before.std() / 2


def test_what_the_table_does_not_see_is_seen_by_calibration():
    found = responses([view(START), view(BLIND)], (Calibration(BLIND, START, (0.1, 0.1)),), {}, SPREAD, N, SEED)
    assert np.median(found[BLIND] - found[START]) == pytest.approx(math.log(0.1), abs=0.02)


def test_the_doubt_of_a_reading_goes_into_the_amount():
    doubtful = read_as(Peak("p2", 120.0, (), 0.5), **{PRODUCT: 0.6, NONE: 0.4})
    found = measured([sure(START, 0.5, 60.0), doubtful])
    assert found.seen[PRODUCT].mean() == pytest.approx(0.6, abs=0.02)
    low, _, high = ends(found.amount[PRODUCT])
    assert low < 0.02 and high > 0.4


def test_two_isomers_and_two_peaks_are_one_each_and_keep_their_probabilities():
    one = read_as(Peak("p1", 60.0, (), 0.9), **{PRODUCT: 0.7, OTHER: 0.3})
    two = read_as(Peak("p2", 70.0, (), 0.1), **{PRODUCT: 0.3, OTHER: 0.7})
    drawn = draw_peaks([one, two], CONSTANTS, N, SEED)
    first, second = drawn.reading.T
    assert (first == drawn.names.index(PRODUCT)).mean() == pytest.approx(0.7, abs=0.02)
    assert (first == second).mean() < 0.1


def test_the_error_of_an_area_is_the_stated_one():
    exact = draw_peaks(
        [sure(START, 0.5, 60.0, area_sd=0.001), sure(PRODUCT, 0.5, 90.0, area_sd=0.1)], CONSTANTS, N, SEED
    )
    assert exact.of(START).std() == pytest.approx(0.001, rel=0.15)
    assert exact.of(PRODUCT).std() == pytest.approx(0.1, rel=0.15)


@settings(max_examples=12, deadline=None)
@given(scale=st.floats(0.01, 1e6), order=st.permutations(range(4)))
def test_neither_the_scale_of_all_areas_nor_the_order_of_peaks_changes_anything(scale, order):
    peaks = [*area_of(**{START: 1.0, PRODUCT: 2.0, OTHER: 0.5}), read_as(Peak("p4", 400.0, (), 0.03), **{NONE: 1.0})]
    other = [replace(peaks[i], peak=replace(peaks[i].peak, area=peaks[i].peak.area * scale)) for i in order]
    a, b = measured(peaks), measured(other)
    for species in a.amount:
        assert np.allclose(a.amount[species], b.amount[species], rtol=1e-9)


def test_a_diastereomer_ratio_comes_from_two_peaks_of_one_chromophore():
    cis, trans = canonical("C[C@H]1CN[C@H](C)CN1"), canonical("C[C@H]1CN[C@@H](C)CN1")
    assert without_stereo(cis) == without_stereo(trans)
    drawn = draw_peaks([sure(cis, 0.75, 60.0), sure(trans, 0.25, 80.0)], CONSTANTS, N, SEED)
    low, median, high = ends(diastereomer_ratio(drawn, frozenset({cis, trans}), 0.03, SEED).values)
    assert median == pytest.approx(3.0, rel=0.03) and 2.5 < low < high < 3.6


def test_one_peak_gives_no_diastereomer_ratio():
    drawn = draw_peaks([sure(PRODUCT, 1.0, 60.0)], CONSTANTS, N, SEED)
    assert diastereomer_ratio(drawn, frozenset({PRODUCT}), 0.03, SEED).why_not == "one-peak"
    assert diastereomer_ratio(drawn, frozenset(), 0.03, SEED).why_not == "no-isomers"


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("base peak, ES+", ("ions", None)),
        ("ES+ TIC", ("ions", None)),
        ("DAD: TIC", ("uv", None)),
        ("UV 220 nm", ("uv", 220.0)),
        ("UV mean", ("uv", None)),
        ("9065 UV-DAD", ("uv", None)),
        ("DAD1 A, Sig=254,4 Ref=360,100", ("uv", 254.0)),
        ("case", ("unstated", None)),
        ("peaks.csv", ("unstated", None)),
    ],
)
def test_a_trace_says_what_its_areas_are(source, told):
    assert detector_of([Peak("p1", 60.0, (), 0.5, source=source)]) == told


def test_peaks_without_areas_give_no_draws_of_amounts():
    drawn = draw_peaks([sure(PRODUCT, None, 60.0)], CONSTANTS, N, SEED)
    assert drawn.area.shape == (N, 0) and drawn.least == 0.0
