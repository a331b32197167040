"""What instruments write: mzML, ANDI and Shimadzu files, whole and damaged."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from mzml_files import write

from ringside.chem.mass import exact_formula_mass
from ringside.errors import BadInput
from ringside.evidence.andi import read_andi
from ringside.evidence.centroids import centroids
from ringside.evidence.daml import read_daml
from ringside.evidence.mzml import read_mzml
from ringside.evidence.picking import picked
from ringside.evidence.raw import RawRun
from ringside.evidence.readers import read_lcms
from ringside.evidence.trace import spans_of
from ringside.knowledge.load import load

DATA = Path(__file__).parent / "data"
NUCLEOSIDES = DATA / "FeatureFinderMetaboIdent_1_input.mzML"
PROTON = 1.007276
TARGETS = [
    ("2'-O-methylcytidine", "C10H15N3O5", 207.6),
    ("adenosine", "C10H13N5O4", 220.8),
    ("deoxyadenosine", "C10H13N5O3", 243.0),
    ("inosine", "C10H12N4O5", 264.0),
    ("5-formylcytidine", "C10H13N3O6", 269.4),
    ("5-methyluridine", "C10H14N2O6", 291.6),
]
TWO = [(40.0, 30.0, {191.15: 5e4, 192.15: 7e3}), (80.0, 10.0, {281.2: 4e4})]


def read(path, **options):
    return read_lcms(path, load().columns, **options)


# --- mzML -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "formula", "rt"), TARGETS)
def test_each_compound_of_the_target_table_is_a_peak_with_its_exact_mass(name, formula, rt):
    run = picked(read_mzml(NUCLEOSIDES))
    wanted = exact_formula_mass(formula) + PROTON
    near = [p for p in run.peaks if abs(p.rt - rt) < 6.0]
    assert near, name
    best = min(abs(m / wanted - 1.0) * 1e6 for p in near for m in p.mz[:10])
    assert best < 10.0


def test_a_profile_of_one_hump_is_one_centroid_at_its_middle():
    mz = np.linspace(199.9, 200.1, 41)
    found, height = centroids(mz, np.exp(-(((mz - 200.003) / 0.01) ** 2)) * (np.abs(mz - 200.003) < 0.05))
    assert found == pytest.approx([200.003], abs=1e-3)
    assert len(height) == 1


def test_centroided_compressed_scans_are_read_as_they_are():
    run = read_mzml(DATA / "example.mzML")
    assert len(run.scans) == 11
    assert run.fine is True
    assert len(run.scans[0].mz) == 917
    assert run.scans[0].mz[np.argmax(run.scans[0].intensity)] == pytest.approx(74.09703683)
    assert run.scans[0].t == pytest.approx(0.0014658998 * 60.0)


def test_peaks_of_the_uv_carry_the_ions_of_their_time(tmp_path):
    run = read(write(tmp_path / "a.mzML", TWO))
    assert [p.rt for p in run.peaks] == pytest.approx([40.0, 80.0], abs=1.0)
    assert [p.area for p in run.peaks] == pytest.approx([0.75, 0.25], abs=0.02)
    assert [p.mz[0] for p in run.peaks] == pytest.approx([191.15, 281.2], abs=0.01)
    assert all(abs(m - 150.1) > 0.5 for p in run.peaks for m in p.mz)


def test_the_delay_between_the_detectors_is_found(tmp_path):
    run = read(write(tmp_path / "a.mzML", TWO, delay=5.0))
    assert [p.rt for p in run.peaks] == pytest.approx([40.0, 80.0], abs=1.0)
    assert [p.mz[0] for p in run.peaks] == pytest.approx([191.15, 281.2], abs=0.01)


def test_a_wavelength_can_be_asked_for(tmp_path):
    path = write(tmp_path / "a.mzML", TWO)
    assert read(path, wavelength=254.0).traces[0].label == "UV 254 nm"
    assert float(read(path, wavelength=300.0).traces[0].y.max()) < 0.2 * float(read(path, wavelength=254.0).traces[0].y.max())  # fmt: skip


def test_a_file_without_uv_says_that_ion_currents_say_little_of_amounts(tmp_path):
    run = read(write(tmp_path / "a.mzML", TWO, uv=False))
    assert [p.mz[0] for p in run.peaks] == pytest.approx([191.15, 281.2], abs=0.01)
    assert "ion current" in run.notes[0]


def test_a_file_without_mass_spectra_gives_peaks_without_ions(tmp_path):
    run = read(write(tmp_path / "a.mzML", TWO, ms=False))
    assert [p.mz for p in run.peaks] == [(), ()]


def test_the_analyser_says_how_exact_masses_are(tmp_path):
    assert read(write(tmp_path / "a.mzML", TWO)).instrument.mz_error_unit == "Da"
    assert read(write(tmp_path / "b.mzML", TWO, analyser="MS:1000084")).instrument.mz_error_unit == "ppm"


def test_arrays_may_be_plain_or_compressed(tmp_path):
    a, b = (read(write(tmp_path / f"{s}.mzML", TWO, squeeze=s)) for s in (True, False))
    assert a.peaks == b.peaks


# --- ANDI -----------------------------------------------------------------------------------------------------------


def test_an_integrated_chromatogram_keeps_the_peaks_of_its_software():
    run = read(DATA / "agilent-hplc.cdf")
    assert [round(p.rt or 0.0) for p in run.peaks] == [196, 333, 528, 710, 735, 799, 1030, 1178]
    assert sum(p.area for p in run.peaks) == pytest.approx(1.0)
    assert "254" in run.traces[0].label


@pytest.mark.parametrize("name", ["agilent-hplc.cdf", "VARIAN1.CDF"])
def test_peaks_found_here_are_those_the_maker_integrated(name):
    run = read_andi(DATA / name)
    spans = spans_of(run.traces[0].t, run.traces[0].y)
    total = sum(a for *_, a in spans)
    for peak in run.peaks:
        near = [a / total for _, apex, _, a in spans if abs(apex - peak.rt) < 1.5]
        assert near, peak.rt
        if peak.area > 0.2:
            assert max(near) == pytest.approx(peak.area, rel=0.2)


def test_mass_spectra_by_electron_impact_are_read_and_said_to_be_such():
    run = read_andi(DATA / "HP_MS.CDF")
    assert isinstance(run, RawRun)
    found = picked(run)
    assert [round(p.mz[0]) for p in found.peaks if p.area > 0.1] == [57, 154, 188, 74]
    assert any("electron impact" in n for n in found.notes)


# --- Shimadzu -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "mz", "rt"), [("shimadzu-5.daml", 187.1, 1.592 * 60.0), ("shimadzu-14.daml", 212.1, None)]
)
def test_a_shimadzu_run_holds_the_target_mass_of_its_well(name, mz, rt):
    run = read_daml(DATA / name)
    hit = [p for p in run.peaks if p.mz and min(abs(m - mz) for m in p.mz[:6]) < 0.4]
    assert hit
    assert rt is None or min(abs(p.rt - rt) for p in hit) < 1.0
    assert sum(p.area for p in run.peaks) == pytest.approx(1.0)
    assert run.traces[0].label == "UV 254 nm"
    assert any("acidic eluent" in n for n in run.notes)


def test_every_shimadzu_run_of_the_plate_can_be_read():
    folder = Path(__file__).parents[3] / "shared" / "data" / "lcms" / "shimadzu"
    if not folder.is_dir():
        pytest.skip("the plate is not here")
    for path in sorted(folder.glob("*.daml")):
        assert len(read_daml(path).peaks) > 3


# --- damaged files --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["example.mzML", "agilent-hplc.cdf", "HP_MS.CDF", "shimadzu-5.daml"])
@pytest.mark.parametrize("share", [0.0, 0.02, 0.5, 0.97])
def test_a_file_cut_short_is_refused_in_words(name, share, tmp_path):
    whole = (DATA / name).read_bytes()
    path = tmp_path / name
    path.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(BadInput) as fault:
        read(path)
    (complaint,) = fault.value.complaints
    assert complaint.file == str(path)
    assert complaint.next_step


@pytest.mark.parametrize("name", ["a.mzML", "a.cdf", "a.daml"])
def test_a_file_of_another_kind_is_refused_in_words(name, tmp_path):
    shutil.copy(Path(__file__), tmp_path / name)
    with pytest.raises(BadInput) as fault:
        read(tmp_path / name)
    assert fault.value.complaints[0].next_step


def test_only_negative_scans_are_refused(tmp_path):
    with pytest.raises(BadInput, match="negative"):
        read(write(tmp_path / "a.mzML", TWO, negative=True, uv=False))


def test_entities_are_refused_before_they_are_read(tmp_path):
    path = tmp_path / "bomb.mzML"
    path.write_text('<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><mzML>&b;</mzML>', encoding="utf-8")  # fmt: skip
    with pytest.raises(BadInput, match="entities"):
        read(path)


@pytest.mark.parametrize("name", ["big.mzML", "big.cdf", "big.daml"])
def test_a_huge_file_is_refused_without_being_read(name, tmp_path):
    path = tmp_path / name
    with path.open("wb") as file:
        file.truncate(2_000_000_000)
    with pytest.raises(BadInput, match="too large"):
        read(path)
