"""Ions over time: traces of targets, species without UV, delays, blanks, loads and charges."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from made_up_runs import USUAL, MadeUp, made_up, seen
from mzml_files import write

from ringside.chem.mass import exact_formula_mass
from ringside.errors import BadInput
from ringside.evidence.absorbance import lamp_of
from ringside.evidence.blank import without_blank
from ringside.evidence.delay import lag
from ringside.evidence.dilution import load_exponents
from ringside.evidence.extract import extracted, mz_of
from ringside.evidence.mzml import read_mzml
from ringside.evidence.picking import picked
from ringside.evidence.raw import Scan
from ringside.evidence.readers import read_lcms
from ringside.knowledge.load import load

DATA = Path(__file__).parent / "data"
PROTON = 1.007276

# --- traces ---------------------------------------------------------------------------------------------------------


@given(
    st.lists(arrays(np.float64, st.integers(0, 12), elements=st.floats(100.0, 110.0)), max_size=6),
    arrays(np.float64, st.integers(0, 8), elements=st.floats(99.0, 111.0)),
    st.floats(0.001, 3.0),
)
def test_a_trace_is_the_sum_of_what_lies_in_its_window(spectra, targets, tolerance):
    scans = [Scan(float(i), np.sort(m), 1.0 + np.arange(len(m))) for i, m in enumerate(spectra)]
    plain = [[float(s.intensity[(s.mz >= m - tolerance) & (s.mz <= m + tolerance)].sum()) for s in scans] for m in targets]  # fmt: skip
    found = extracted(scans, targets, tolerance)
    assert found.shape == (len(targets), len(scans))
    assert found == pytest.approx(np.array(plain).reshape(found.shape))


@given(arrays(np.float64, 8, elements=st.floats(0.001, 3.0)))
def test_each_target_may_have_a_window_of_its_own(tolerance):
    scan = Scan(0.0, np.linspace(100.0, 110.0, 50), np.ones(50))
    targets = np.array([101.0, 109.0, 103.0, 103.1, 100.0, 105.0, 107.5, 102.0])
    alone = [float(extracted([scan], [m], float(w))[0, 0]) for m, w in zip(targets, tolerance, strict=True)]
    assert extracted([scan], targets, tolerance)[:, 0].tolist() == alone


def test_traces_of_targets_come_in_their_order_on_the_clock_of_the_uv():
    targets = (410.1, 191.1)
    run = picked(made_up(USUAL, delay=5.0), targets=targets)
    assert [mz_of(c.label) for c in run.ions] == list(targets)
    assert [float(c.t[np.argmax(c.y)]) for c in run.ions] == pytest.approx([200.0, 30.0], abs=0.8)


def test_each_target_of_the_table_is_at_its_time_in_a_real_file():
    wanted = {"C10H13N5O4": 220.8, "C10H13N5O3": 243.0, "C10H12N4O5": 264.0, "C10H14N2O6": 291.6}
    run = picked(read_mzml(DATA / "FeatureFinderMetaboIdent_1_input.mzML"), targets=[exact_formula_mass(f) + PROTON for f in wanted])  # fmt: skip
    assert [float(c.t[np.argmax(c.y)]) for c in run.ions] == pytest.approx(list(wanted.values()), abs=3.0)


# --- species without UV ---------------------------------------------------------------------------------------------


def test_a_target_that_rises_where_uv_shows_nothing_is_a_peak_without_an_area():
    run = made_up([*USUAL, MadeUp(120.0, 0.0, {115.1: 5e3, 138.1: 2e3})])
    assert all(p.area is not None for p in picked(run).peaks)
    (found,) = [p for p in picked(run, targets=[115.1, 191.1]).peaks if p.area is None]
    assert found.rt == pytest.approx(120.0, abs=1.0)
    assert found.mz[:2] == pytest.approx([115.1, 138.1], abs=0.05)
    assert found.source == "ion trace"


def test_a_target_that_is_background_is_no_peak():
    run = made_up(USUAL)
    scans = tuple(Scan(s.t, np.append(s.mz, 701.2), np.append(s.intensity, 5e3 * (1.0 + 0.2 * np.sin(s.t)))) for s in run.scans)  # fmt: skip
    assert all(p.area is not None for p in picked(replace(run, scans=scans), targets=[701.2]).peaks)


def test_targets_of_known_peaks_make_no_more_of_them():
    run = made_up(USUAL)
    assert len(picked(run, targets=[191.1, 220.1, 350.1, 410.1]).peaks) == len(USUAL)


# --- delay ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("delay", [-10.0, -4.0, 0.0, 1.3, 10.0])
@pytest.mark.parametrize(("noise", "scatter"), [(0.005, 0.02), (0.1, 0.2)])
def test_the_delay_is_found_though_some_peaks_have_no_ions_and_some_ions_no_peak(delay, noise, scatter):
    silent, dark = MadeUp(110.0, 30.0), MadeUp(85.0, 0.0, {155.1: 9e4})
    run = made_up([*USUAL, silent, dark], delay=delay, noise=noise, scatter=scatter)
    assert lag(lamp_of(run, None).trace, run.scans) == pytest.approx(delay, abs=0.6)


@pytest.mark.parametrize("many", [1, 2, 4])
def test_few_peaks_are_enough_for_the_delay(many):
    run = made_up(USUAL[:many], delay=6.0)
    assert lag(lamp_of(run, None).trace, run.scans) == pytest.approx(6.0, abs=0.6)


def test_where_nothing_agrees_no_delay_is_made_up():
    run = made_up([MadeUp(60.0, 20.0), MadeUp(150.0, 20.0), MadeUp(110.0, 0.0, {200.1: 3e4})])
    assert lag(lamp_of(run, None).trace, run.scans) == 0.0


# --- blank ----------------------------------------------------------------------------------------------------------

GHOST = MadeUp(110.0, 12.0, {279.2: 2e4}, colour=2)


def test_what_the_blank_shows_too_is_taken_off():
    run, blank = made_up([*USUAL, GHOST]), made_up([replace(GHOST, rt=111.0)], seed=9)
    left = picked(run, blank=blank)
    assert not [p for p in left.peaks if 100.0 < p.rt < 120.0 and p.area is not None and p.area > 0.02]
    assert [p.signal for p in left.peaks if (p.area or 0.0) > 0.02] == pytest.approx([seen(p) for p in USUAL], rel=0.05)
    assert any("the blank made up was taken off" in n and "-1.0 s" in n for n in left.notes)


def test_a_blank_with_more_than_the_run_leaves_no_hole():
    run, blank = made_up([*USUAL, GHOST]), made_up([replace(GHOST, area=60.0)], seed=9)
    left = without_blank(run, blank, 0.3)
    assert float((left.uv - run.uv).max()) <= 0.0
    level = left.uv.mean(axis=1) - 0.002 * left.uv_t
    assert float(level.min()) > -0.02


def test_an_ion_of_a_peak_that_the_blank_lacks_stays():
    run, blank = made_up([*USUAL, GHOST]), made_up([GHOST], seed=9)
    left = without_blank(run, blank, 0.3)
    before, after = (extracted(r.scans, [191.1, 279.2], 0.3).max(axis=1) for r in (run, left))
    assert after[0] == pytest.approx(before[0], rel=0.05)
    assert after[1] < 0.4 * before[1]


def test_a_blank_without_anything_in_common_is_refused():
    with pytest.raises(BadInput, match="neither"):
        without_blank(made_up(USUAL, ms=False), replace(made_up(USUAL), uv=np.zeros((0, 0))), 0.3)


def test_a_blank_and_targets_pass_through_the_reader(tmp_path):
    two = [(40.0, 30.0, {191.15: 5e4}), (80.0, 10.0, {281.2: 4e4})]
    run = write(tmp_path / "a.mzML", two)
    blank = write(tmp_path / "b.mzML", two[1:])
    found = read_lcms(run, load().columns, targets=[191.15], blank=blank)
    assert [round(p.rt) for p in found.peaks if (p.area or 0.0) > 0.05] == [40]
    assert len(found.ions) == 1


@pytest.mark.parametrize("name", ["agilent-hplc.cdf", "shimadzu-5.daml", "none.mzML"])
def test_a_blank_that_cannot_be_taken_off_is_refused_in_words(name, tmp_path):
    run = write(tmp_path / "a.mzML", [(40.0, 30.0, {191.15: 5e4})])
    with pytest.raises(BadInput) as fault:
        read_lcms(run, load().columns, blank=DATA / name)
    assert fault.value.complaints[0].field == "observed.lcms.blank"


# --- loads ----------------------------------------------------------------------------------------------------------


def injection(load_, *, full=None):
    """Return the usual peaks at a load; m/z 350.1 goes with its square, and an ion levels off at ``full``."""
    peaks = [replace(p, area=load_ * p.area, ions={m: h * load_ ** (2 if m == 350.1 else 1) for m, h in p.ions.items()}) for p in USUAL]  # fmt: skip
    run = made_up(peaks, seed=int(100 * load_), delay=3.0)
    if full is None:
        return run
    return replace(run, scans=tuple(replace(s, intensity=np.where(np.abs(s.mz - 191.1) < 0.3, np.minimum(s.intensity, full), s.intensity)) for s in run.scans))  # fmt: skip


def test_a_dimer_goes_with_the_square_of_the_load_and_other_ions_with_the_load():
    run = load_exponents(
        picked(injection(1.0)), [(1.0, injection(1.0)), (0.5, injection(0.5)), (0.25, injection(0.25))]
    )
    assert [p.load_exponent for p in run.peaks] == pytest.approx([1.0, 1.0, 2.0, 1.0], abs=0.2)
    assert not run.notes


def test_picked_injections_with_the_same_targets_tell_as_well():
    targets = [191.1, 220.1, 350.1, 410.1]
    runs = {x: picked(injection(x), targets=targets) for x in (1.0, 0.5, 0.25)}
    run = load_exponents(runs[1.0], [(x, r) for x, r in runs.items() if x < 1.0])
    assert [p.load_exponent for p in run.peaks] == pytest.approx([1.0, 1.0, 2.0, 1.0], abs=0.2)


def test_an_ion_that_levels_off_is_said_to():
    raw = {x: injection(x, full=9e3) for x in (1.0, 0.5, 0.25)}
    run = load_exponents(picked(raw[1.0]), list(raw.items()))
    assert run.peaks[0].load_exponent < 0.5
    assert "grows less than the load" in run.notes[-1]


def test_no_exponent_is_told_of_what_is_not_seen_again_or_of_loads_alike():
    run = picked(injection(1.0))
    assert all(
        p.load_exponent is None for p in load_exponents(run, [(1.0, injection(1.0)), (0.9, injection(0.9))]).peaks
    )
    assert all(p.load_exponent is None for p in load_exponents(run, [(0.5, injection(0.5))]).peaks)
