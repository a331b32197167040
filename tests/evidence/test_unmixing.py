"""Peaks out of raw runs: how many, how large, how sure, and with which ions."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_up_runs import USUAL, MadeUp, made_up, seen, shape

from ringside.evidence.picking import picked
from ringside.evidence.raw import RawRun
from ringside.evidence.shapes import emg, emg_slopes
from ringside.evidence.trace import baseline


def near(run, start, end):
    return [p for p in run.peaks if p.area is not None and start < p.rt < end]


def pair(resolution, ratio, skew, *, told, minor_first=False):
    """Return two peaks at a resolution of their widths without the tail, widened by it."""
    apart = resolution * 4.0 * 1.5 * np.sqrt(1.0 + 0.3 * skew**2)
    large, small = (20.0 / ratio, 20.0) if minor_first else (20.0, 20.0 / ratio)
    second = {315.2: 2e3 * small + 3e3, 316.2: 300.0 * small} if told else {301.2: 2e3 * small}
    return (
        MadeUp(100.0, large, {301.2: 2e3 * large + 3e3, 302.2: 300.0 * large}, skew=skew),
        MadeUp(100.0 + apart, small, second, sigma=1.55, skew=1.05 * skew),
    )


# --- the shape ------------------------------------------------------------------------------------------------------


@given(st.floats(0.2, 20.0), st.floats(-2.0, 6.0))
def test_a_shape_has_unit_area_whatever_its_tail(sigma, skew):
    t = np.linspace(-200.0, 200.0, 40001) * sigma / 2.0
    assert np.trapezoid(emg(t, np.zeros(1), np.log([sigma]), np.array([skew]))[:, 0], t) == pytest.approx(1.0, rel=1e-4)


@given(st.floats(0.3, 3.0), st.floats(0.05, 5.0), st.sampled_from([-1.0, 1.0]))
def test_slopes_of_a_shape_are_those_of_differences(sigma, skew, sign):
    t = np.linspace(-15.0, 25.0, 200)
    at = [np.array([1.0]), np.log(np.array([sigma])), np.array([sign * skew])]
    slopes = emg_slopes(t, *at, emg(t, *at))
    for i in range(3):
        up, down = ([x + s * 1e-5 * (j == i) for j, x in enumerate(at)] for s in (1.0, -1.0))
        assert slopes[i] == pytest.approx((emg(t, *up) - emg(t, *down)) / 2e-5, abs=1e-5 / sigma)


def test_peaks_do_not_lift_the_baseline_under_them():
    run = made_up(USUAL, ms=False, noise=0.001)
    y = run.uv.mean(axis=1)
    assert baseline(run.uv_t, y) == pytest.approx(0.002 * run.uv_t, abs=0.003)


# --- how many -------------------------------------------------------------------------------------------------------


@settings(max_examples=25, deadline=None)
@given(st.floats(0.8, 3.5), st.floats(-0.6, 2.5), st.floats(-3.0, -1.0), st.booleans(), st.integers(0, 99))
def test_a_clean_peak_stays_one_peak_however_it_tails(sigma, skew, log_noise, ms, seed):
    peak = MadeUp(80.0, 20.0, {250.1: 4e4, 251.1: 6e3, 272.1: 3e3}, sigma=sigma, skew=skew)
    run = picked(made_up([peak], length=180.0, seed=seed, noise=10.0**log_noise, ms=ms))
    assert len(run.peaks) == 1
    assert run.peaks[0].signal == pytest.approx(seen(peak), rel=0.05)


@pytest.mark.parametrize("flat", [2e4, 4e4])
def test_an_ion_that_fills_its_detector_does_not_split_a_peak(flat):
    run = made_up([MadeUp(80.0, 20.0, {250.1: 9e4, 251.1: 1.4e4, 272.1: 8e3})], length=180.0)
    scans = tuple(replace(s, intensity=flat * np.tanh(s.intensity / flat)) for s in run.scans)
    assert len(picked(replace(run, scans=scans)).peaks) == 1


@pytest.mark.parametrize("resolution", [0.5, 1.0, 1.5])
@pytest.mark.parametrize(("ratio", "minor_first"), [(1, False), (5, False), (5, True), (20, False), (20, True)])
def test_ions_that_rise_apart_split_a_hump_and_each_half_keeps_its_own(resolution, ratio, minor_first):
    two = pair(resolution, ratio, 0.8, told=True, minor_first=minor_first)
    run = picked(made_up([*two, *USUAL], seed=ratio))
    found = near(run, 90.0, 125.0)
    assert len(found) == 2
    assert len(run.peaks) == 6
    assert [p.mz[0] for p in found] == pytest.approx([301.2, 315.2], abs=0.05)
    for p, other in zip(found, (315.2, 301.2), strict=True):
        assert all(h < 0.05 for m, h in zip(p.mz, p.intensity, strict=True) if abs(m - other) < 0.3)
    if resolution > 0.5 or ratio < 5:
        assert [p.signal for p in found] == pytest.approx([seen(p) for p in two], rel=0.1)


@pytest.mark.parametrize(("resolution", "ratio"), [(0.5, 1), (0.75, 1), (0.75, 5), (1.0, 5), (1.5, 20)])
def test_without_ions_that_differ_the_shape_of_the_uv_still_splits_what_it_can(resolution, ratio):
    two = pair(resolution, ratio, 0.4, told=False)
    found = near(picked(made_up([*two, *USUAL])), 90.0, 125.0)
    assert [p.signal for p in found] == pytest.approx([seen(p) for p in two], rel=0.1)


def test_two_uv_spectra_under_one_hump_without_ions_are_two_peaks():
    two = MadeUp(100.0, 20.0), MadeUp(104.0, 6.0, colour=3)
    found = near(picked(made_up([*two, *USUAL], ms=False)), 90.0, 125.0)
    assert [p.signal for p in found] == pytest.approx([seen(p) for p in two], rel=0.1)


def test_a_species_that_uv_does_not_see_under_one_that_it_does_has_no_area():
    two = MadeUp(100.0, 20.0, {301.2: 4e4}), MadeUp(103.0, 0.0, {315.2: 3e4})
    run = picked(made_up([*two, *USUAL]))
    (hidden,) = [p for p in run.peaks if p.area is None]
    assert hidden.mz[0] == pytest.approx(315.2, abs=0.05)
    assert hidden.source == "ion trace"
    (shown,) = near(run, 90.0, 125.0)
    assert shown.signal == pytest.approx(seen(two[0]), rel=0.03)


# --- how sure -------------------------------------------------------------------------------------------------------


def test_errors_of_areas_are_as_large_as_the_areas_are_wrong():
    two = pair(0.75, 3, 0.6, told=True)
    truth = np.array([seen(p) for p in two])
    total = truth.sum() + sum(seen(p) for p in USUAL)
    pulls = []
    for seed in range(8):
        found = near(picked(made_up([*two, *USUAL], seed=seed, noise=0.05)), 90.0, 125.0)
        pulls += [(p.area - x / total) / p.area_sd for p, x in zip(found, truth, strict=True)]
    assert len(pulls) == 16
    assert 0.2 < float(np.sqrt(np.mean(np.square(pulls)))) < 3.0


def test_shares_sum_to_one_and_spans_hold_their_peaks():
    run = picked(made_up(USUAL))
    assert sum(p.area for p in run.peaks) == pytest.approx(1.0)
    assert all(p.span[0] < p.rt < p.span[1] for p in run.peaks)
    assert [p.signal for p in run.peaks] == pytest.approx([seen(p) for p in USUAL], rel=0.02)


def test_a_full_detector_is_said_and_the_area_guessed_from_the_flanks():
    great = MadeUp(100.0, 30.0, {301.2: 4e4})
    run = picked(made_up([great, *USUAL], full=5.0, noise=0.002))
    (p,) = near(run, 90.0, 110.0)
    assert any("detector is full" in n and p.id in n for n in run.notes)
    assert p.signal == pytest.approx(seen(great), rel=0.15)


def test_no_detector_is_called_full_without_reason():
    assert not picked(made_up(USUAL)).notes


def test_the_same_run_gives_the_same_peaks():
    run = made_up([*pair(0.75, 3, 0.6, told=True), *USUAL])
    assert picked(run).peaks == picked(run).peaks


def test_background_ions_are_not_those_of_a_peak():
    run = made_up(USUAL)
    standing = {round(float(m), 1) for m in run.scans[10].mz}
    for p in picked(run).peaks:
        strong = {round(m, 1) for m, h in zip(p.mz, p.intensity, strict=True) if h > 0.02}
        assert len(strong & standing) == 0


def test_a_run_of_nothing_but_noise_has_no_peak():
    t = np.arange(0.0, 120.0, 0.2)
    uv = np.random.default_rng(1).normal(0.0, 1.0, (len(t), 10))
    run = RawRun((), t, np.linspace(220.0, 300.0, 10), uv, (), None, "noise")
    assert picked(run).peaks == ()


def test_a_shape_is_where_its_place_says():
    t = np.linspace(90.0, 110.0, 4001)
    assert abs(float(t[np.argmax(shape(MadeUp(100.0, 1.0), t))]) - 100.0) < 0.3
