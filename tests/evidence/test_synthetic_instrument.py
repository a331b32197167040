"""The synthetic instrument: known truth in, a believable LC-MS file out."""

from dataclasses import replace

import numpy as np
import pytest
from evidence_tables import UNIT_MASS, rows
from hypothesis import given, settings
from hypothesis import strategies as st

from ringside.chem.mass import exact_mass, formula
from ringside.chem.molecule import canonical
from ringside.errors import BadInput, BadKnowledge
from ringside.evidence.expected import expected, read_background
from ringside.evidence.lamp import spectrum_at
from ringside.evidence.mzml import read_mzml
from ringside.evidence.mzml_write import mzml_text, write_mzml
from ringside.evidence.retention import Eluted, shapes
from ringside.evidence.setting import SynthTables, broken, read_machine, setting_of
from ringside.evidence.simulated import MARK
from ringside.evidence.spray import response
from ringside.evidence.synthetic import SynthSpecies, synthesise
from ringside.knowledge.load import load

PROTON = 1.007276
HOMOPIPERAZINE = "C1CNCCNC1"
BENZYL = "c1ccc(CN2CCCNCC2)cc1"
DIBENZYL = "c1ccc(CN2CCCN(Cc3ccccc3)CC2)cc1"
QUATERNARY = "CC[N+](CC)(CC)Cc1ccccc1"
ALDEHYDE = "O=Cc1ccccc1"
NITRO = "O=[N+]([O-])c1cccc(CN2CCCNCC2)c1"
CRUDE = {HOMOPIPERAZINE: 0.3, BENZYL: 0.5, DIBENZYL: 0.2, QUATERNARY: 0.03, ALDEHYDE: 0.05}
KNOWLEDGE = load()
TABLES = SynthTables(KNOWLEDGE.evidence, KNOWLEDGE.acidity, KNOWLEDGE.machine)
USUAL = setting_of(KNOWLEDGE.machine.constants, eluent_ph=2.7, uv=254.0)
EXACT = replace(
    USUAL,
    uv_class_log_sd=0.0,
    uv_species_log_sd=0.0,
    ms_species_log_sd=0.0,
    ms_ratio_log_sd=0.0,
    cone_log_sd=0.0,
    uv_noise=0.0,
    uv_gradient=0.0,
    uv_wander=0.0,
    uv_front=0.0,
    suppression=0.0,
    ms_spray=0.0,
    ms_scatter=0.0,
)


def sample(amounts):
    return [SynthSpecies(expected(canonical(s), TABLES.evidence, UNIT_MASS), a) for s, a in amounts.items()]


def made(amounts=CRUDE, setting=USUAL, seed=1):
    return synthesise(sample(amounts), setting, TABLES, seed)


def truth_of(truth, smiles):
    return next(p for p in truth.peaks if p.species == canonical(smiles))


def highest(run, mz, width=0.5):
    return max(
        (float(s.intensity[np.abs(s.mz - mz) < width].sum()) for s in run.scans if np.any(np.abs(s.mz - mz) < width)),
        default=0.0,
    )


# --- the file ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fine", [False, True])
def test_a_run_is_read_back_as_it_was_written(tmp_path, fine):
    run, _ = made(setting=replace(USUAL, fine=fine))
    write_mzml(run, tmp_path / "a.mzML")
    back = read_mzml(tmp_path / "a.mzML")
    assert len(back.scans) == len(run.scans) == 600
    assert [s.t for s in back.scans] == [s.t for s in run.scans]
    assert all(np.array_equal(a.mz, b.mz) for a, b in zip(back.scans, run.scans, strict=True))
    assert all(np.array_equal(a.intensity, b.intensity) for a, b in zip(back.scans, run.scans, strict=True))
    assert np.array_equal(back.uv, run.uv)
    assert np.array_equal(back.uv_t, run.uv_t)
    assert np.array_equal(back.wavelengths, np.arange(200.0, 401.0, 4.0))
    assert back.fine is fine


def test_the_mark_survives_reading(tmp_path):
    run, truth = made()
    write_mzml(run, tmp_path / "a.mzML")
    assert read_mzml(tmp_path / "a.mzML").notes == run.notes
    assert MARK in run.notes[0]
    assert truth.note == MARK


def test_a_file_without_the_mark_has_no_such_note(tmp_path):
    run, _ = made()
    path = tmp_path / "a.mzML"
    path.write_text(mzml_text(run).replace(MARK, "a comment"), encoding="utf-8")
    assert read_mzml(path).notes == ()


def test_a_measured_file_is_never_overwritten_and_a_simulated_one_may_be(tmp_path):
    run, _ = made({})
    measured = tmp_path / "crude.mzML"
    measured.write_text("<mzML/>", encoding="utf-8")
    with pytest.raises(BadInput, match="not simulated"):
        write_mzml(run, measured)
    assert measured.read_text(encoding="utf-8") == "<mzML/>"
    write_mzml(run, tmp_path / "b.mzML")
    write_mzml(run, tmp_path / "b.mzML")


def test_another_ending_is_refused(tmp_path):
    with pytest.raises(BadInput, match=r"\.mzML"):
        write_mzml(made({})[0], tmp_path / "a.csv")


def test_the_same_order_gives_the_same_bytes_and_another_seed_does_not():
    first, again, other = (mzml_text(made(seed=s)[0]) for s in (7, 7, 8))
    assert first == again
    assert first != other


def test_the_order_in_which_species_are_given_changes_nothing():
    turned = dict(reversed(CRUDE.items()))
    assert mzml_text(made(CRUDE)[0]) == mzml_text(made(turned)[0])
    assert made(CRUDE)[1] == made(turned)[1]


# --- light ------------------------------------------------------------------------------------------------------------


def test_shares_of_uv_area_sum_to_one():
    assert sum(p.uv_share for p in made()[1].peaks) == pytest.approx(1.0)


@settings(max_examples=15, deadline=None)
@given(st.floats(0.05, 2.5))
def test_scaling_the_load_scales_the_uv_areas_below_saturation(load_):
    once, scaled = made(setting=EXACT)[0].uv, made(setting=replace(EXACT, load=load_))[0].uv
    assert once.max() * 1e3 * max(load_, 1.0) < EXACT.uv_ceiling
    assert scaled.sum(axis=0) == pytest.approx(load_ * once.sum(axis=0), rel=1e-4, abs=1e-3)


def test_areas_of_one_chromophore_class_go_with_amounts():
    truth = made({BENZYL: 0.6, QUATERNARY: 0.1}, EXACT)[1]
    assert truth_of(truth, BENZYL).uv_area == pytest.approx(6.0 * truth_of(truth, QUATERNARY).uv_area)


def test_the_area_of_the_file_is_that_of_the_truth():
    run, truth = made({DIBENZYL: 0.4}, EXACT)
    recorded = 1e3 * EXACT.step * float(np.interp(254.0, run.wavelengths, run.uv.sum(axis=0)))
    assert recorded == pytest.approx(truth.peaks[0].uv_area, rel=0.05)
    column = run.uv[:, np.argmin(np.abs(run.wavelengths - 254.0))]
    assert run.uv_t[np.argmax(column)] == truth.peaks[0].rt


def test_the_detector_clips_at_its_ceiling():
    run, truth = made({NITRO: 1.0}, replace(USUAL, load=5.0))
    assert run.uv.max() == pytest.approx(1e-3 * USUAL.uv_ceiling, rel=1e-6)
    assert truth.peaks[0].uv_height > USUAL.uv_ceiling
    assert np.sum(run.uv[:, 14] >= 0.999e-3 * USUAL.uv_ceiling) > 3


def test_what_has_no_chromophore_is_not_seen_by_uv():
    peak = truth_of(made()[1], HOMOPIPERAZINE)
    assert not peak.seen_uv
    assert peak.uv_share < 1e-4
    assert peak.seen_ms


@pytest.mark.parametrize("smiles", [BENZYL, NITRO, ALDEHYDE, "c1ccc2ncccc2c1", "CN1CCN(c2ncccn2)CC1"])
def test_a_band_agrees_with_the_chromophore_table_at_254_nm_and_at_its_edge(smiles):
    view = expected(canonical(smiles), TABLES.evidence, UNIT_MASS)
    longest = next(r.visible for r in TABLES.evidence.chromophores.rows if r.uv_class == view.uv_class)
    at = np.array([254.0, longest, longest + 60.0])
    found = spectrum_at(canonical(smiles), at, USUAL, TABLES.evidence.chromophores)
    assert found[0] == pytest.approx(view.uv_response, rel=0.05)
    assert found[2] < 0.05 * found[0]


def test_a_peak_keeps_its_area_whatever_its_tail():
    t = np.arange(-50.0, 400.0, 0.1)
    tails = np.array([-4.0, -0.5, 0.0, 1e-6, 0.3, 2.0, 20.0])
    peaks = Eluted(np.full(7, 100.0), np.full(7, 1.5), tails)
    y = shapes(t, peaks)
    assert np.all(np.isfinite(y))
    assert y.min() > -1e-12
    assert np.trapezoid(y, t, axis=0) == pytest.approx(np.ones(7), abs=1e-3)
    centres = np.trapezoid(y * t[:, None], t, axis=0)
    assert centres == pytest.approx(100.0 + tails, abs=0.01)


# --- ions -------------------------------------------------------------------------------------------------------------


def test_exact_masses_are_exact_and_unit_masses_are_not():
    wanted = exact_mass(canonical(BENZYL)) + PROTON
    for fine, limit in ((True, 8e-6 * wanted), (False, 0.4)):
        run, truth = made({BENZYL: 0.5}, replace(USUAL, fine=fine))
        time = truth.peaks[0].rt + USUAL.ms_delay
        near = [s for s in run.scans if abs(s.t - time) < 2.0]
        errors = [float(s.mz[np.argmax(s.intensity)]) - wanted for s in near]
        assert max(map(abs, errors)) < limit
        assert np.std(errors) > 1e-5


def test_masses_of_a_scan_rise():
    for fine in (False, True):
        run, _ = made(setting=replace(USUAL, fine=fine))
        assert all(np.all(np.diff(s.mz) > 0.0) for s in run.scans)


@settings(max_examples=10, deadline=None)
@given(st.floats(1.0, 3.0))
def test_the_dimer_goes_with_the_square_of_the_load(load_):
    def heights(setting):
        truth = made({DIBENZYL: 0.3}, setting)[1]
        ions = {i.ion: i.counts for i in truth.peaks[0].ions}
        return ions["[M+H]+"], ions["[2M+H]+"]

    plain = replace(EXACT, dimer_counts=1e6)
    single, dimer = heights(plain)
    more, dimers = heights(replace(plain, load=load_))
    assert more == pytest.approx(load_ * single)
    assert dimers == pytest.approx(load_**2 * dimer)


def test_the_isotope_of_bromine_stands_beside_the_ion():
    smiles = "Brc1ccc(CN2CCCNCC2)cc1"
    run, _ = made({smiles: 0.5}, EXACT)
    mz = exact_mass(canonical(smiles)) + PROTON
    assert highest(run, mz + 2.0) == pytest.approx(0.97 * highest(run, mz), rel=0.1)


def test_quaternary_ions_answer_ten_times_as_strongly_and_aldehydes_not_at_all():
    assert response(QUATERNARY, TABLES) >= 10.0 * response(canonical(DIBENZYL), TABLES)
    assert response(ALDEHYDE, TABLES) == 0.0
    assert response("CC(=O)Nc1ccccc1", TABLES) < response(HOMOPIPERAZINE, TABLES)
    assert not truth_of(made()[1], ALDEHYDE).seen_ms


def test_a_strong_ion_that_leaves_at_the_same_time_suppresses_the_others():
    calm = replace(EXACT, coelution=1.0)
    together = replace(calm, suppression=USUAL.suppression)
    alone = truth_of(made({BENZYL: 0.1}, together)[1], BENZYL).ions[0].counts
    crowd = {BENZYL: 0.1, HOMOPIPERAZINE: 5.0}
    assert truth_of(made(crowd, together)[1], BENZYL).ions[0].counts < 0.95 * alone
    assert truth_of(made(crowd, calm)[1], BENZYL).ions[0].counts > alone
    apart = replace(together, coelution=0.0)
    assert truth_of(made(crowd, apart)[1], BENZYL).ions[0].counts > 0.95 * alone


def test_the_ion_detector_clips_at_its_ceiling():
    run, _ = made({QUATERNARY: 1.0}, replace(EXACT, load=20.0))
    assert max(float(s.intensity.max()) for s in run.scans) == USUAL.ms_ceiling


def test_the_ions_come_after_the_light():
    run, truth = made({DIBENZYL: 0.5}, EXACT)
    top = max(run.scans, key=lambda s: float(s.intensity[np.abs(s.mz - 281.2) < 0.5].sum()))
    assert top.t - truth.peaks[0].rt == pytest.approx(EXACT.ms_delay, abs=1.0)


# --- the run ----------------------------------------------------------------------------------------------------------


def test_a_blank_holds_background_and_no_peak():
    run, truth = made(dict.fromkeys(CRUDE, 0.0))
    assert truth.peaks == ()
    assert len(run.scans) == 600
    assert highest(run, 391.28) > USUAL.ms_least
    assert highest(run, 191.15) < 2e4
    assert 1e3 * run.uv[:, 14].max() < 2.0


def test_free_diamines_leave_with_the_dead_time_and_lipophilic_molecules_late():
    truth = made({HOMOPIPERAZINE: 0.1, BENZYL: 0.1, DIBENZYL: 0.1, "c1ccc(-c2ccccc2)cc1": 0.1})[1]
    times = [p.species for p in truth.peaks]
    assert times == [HOMOPIPERAZINE, BENZYL, DIBENZYL, "c1ccc(-c2ccccc2)cc1"]
    assert truth.peaks[0].rt < 1.3 * USUAL.dead_time
    assert truth.peaks[-1].rt > 0.5 * USUAL.duration


def test_an_amine_is_held_longer_where_it_is_not_protonated():
    acid, base = (truth_of(made(setting=replace(USUAL, eluent_ph=ph))[1], BENZYL).rt for ph in (2.7, 10.5))
    assert base > acid + 20.0


def test_a_species_keeps_its_place_whatever_else_is_in_the_sample():
    alone = made({BENZYL: 0.5})[1].peaks[0]
    crowd = truth_of(made()[1], BENZYL)
    assert crowd.rt == alone.rt
    assert crowd.uv_area == alone.uv_area


def test_drift_moves_the_whole_run():
    late = made(setting=replace(USUAL, drift=10.0))[1]
    assert [b.rt - a.rt for a, b in zip(made()[1].peaks, late.peaks, strict=True)] == [10.0] * len(CRUDE)


def test_a_broken_instrument_moves_species_onto_each_other_and_falsifies_responses():
    worse = broken(USUAL, 3)
    assert worse.uv_class_log_sd > USUAL.uv_class_log_sd
    assert worse.coelution > 0.0
    ratio = [truth_of(made(setting=worse)[1], s).uv_area / truth_of(made()[1], s).uv_area for s in (BENZYL, ALDEHYDE)]
    assert max(ratio) > 1.5 * min(ratio)
    pair = {BENZYL: 0.1, DIBENZYL: 0.1}
    apart, close = made(pair)[1].peaks, made(pair, replace(USUAL, coelution=1.0))[1].peaks
    assert apart[1].rt - apart[0].rt > 30.0
    assert close[1].rt - close[0].rt < 3.0


# --- tables -----------------------------------------------------------------------------------------------------------


def test_every_unknown_is_what_its_formula_says():
    table = rows("synthetic_unknowns")
    assert len(table) >= 60
    assert all(formula(canonical(r["smiles"])) == r["formula"] for r in table)
    assert len({canonical(r["smiles"]) for r in table}) == len(table)


@pytest.mark.parametrize("spoil", [lambda c: c.pop("drift"), lambda c: c.update(wobble=1.0)])
def test_a_missing_or_unknown_knob_is_refused(spoil):
    constants = dict(KNOWLEDGE.machine.constants)
    spoil(constants)
    with pytest.raises(BadKnowledge, match=r"drift|wobble"):
        read_machine(constants, (), ionisation=(), background=(), unknowns=())


def test_a_background_ion_that_nobody_knows_is_refused():
    odd = [{"ion": "[Kr+H]+", "counts": "5", "course": "constant"}]
    with pytest.raises(BadKnowledge, match="Kr"):
        read_machine(
            KNOWLEDGE.machine.constants,
            read_background(rows("background_ions")),
            ionisation=(),
            background=odd,
            unknowns=(),
        )
