"""Vendor folders, where they and the library that reads them are here."""

import os
import shutil
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from evidence_tables import words

from ringside.errors import BadInput
from ringside.evidence.readers import read_lcms
from ringside.evidence.vendor import read_folder

SHARED = Path(__file__).parents[3] / "shared" / "data" / "lcms" / "vendor"
here = pytest.mark.skipif(
    not SHARED.is_dir() or find_spec("rainbow") is None, reason="the folders or the extra are not here"
)


@here
def test_a_waters_folder_gives_positive_scans_and_the_uv_matrix():
    run = read_folder(SHARED / "blue.raw")
    assert len(run.scans) == 725 and run.fine is False
    assert run.uv.shape == (3001, 190) and run.wavelengths[[0, -1]].tolist() == [210.0, 399.0]
    assert run.uv_t[-1] == pytest.approx(150.0, abs=0.1)
    assert all(np.all(np.diff(s.mz) > 0) and np.all(s.intensity > 0) for s in run.scans)
    assert any("CAD" in n for n in run.notes)


@here
def test_an_agilent_folder_gives_its_spectra_and_single_traces():
    run = read_folder(SHARED / "red.D")
    assert run.uv.shape == (2100, 106) and run.wavelengths[0] == 190.0
    assert [t.label for t in run.traces] == ["UV 280 nm", "UV 220 nm"]
    assert run.scans == () and run.sample == "usp"


@here
@pytest.mark.parametrize(("name", "count"), [("blue.raw", 2), ("red.D", 10)])
def test_peaks_are_found_in_a_folder(name, count):
    run = read_lcms(SHARED / name, words(), wavelength=254.0)
    assert len(run.peaks) >= count and run.traces[0].label == "UV 254 nm"
    assert bool(run.peaks[0].mz) == (name == "blue.raw")


@here
@pytest.mark.parametrize(("name", "broken"), [("blue.raw", "_FUNC001.IDX"), ("blue.raw", "_FUNCTNS.INF"), ("red.D", "DAD1.UV")])  # fmt: skip
def test_a_damaged_folder_is_refused_in_words(tmp_path, name, broken):
    folder = tmp_path / name
    shutil.copytree(SHARED / name, folder, copy_function=shutil.copyfile)
    folder.chmod(0o755)
    content = (folder / broken).read_bytes()
    (folder / broken).write_bytes(content[: len(content) // 3] + b"\xff" * 50)
    with pytest.raises(BadInput) as caught:
        read_lcms(folder, words())
    assert "mzML" in caught.value.complaints[0].next_step


def test_without_the_extra_its_name_and_the_export_are_told(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "rainbow", None)
    (tmp_path / "crude.d").mkdir()
    (tmp_path / "crude.d" / "DAD1.UV").write_bytes(b"x")
    with pytest.raises(BadInput) as caught:
        read_lcms(tmp_path / "crude.d", words())
    complaint = caught.value.complaints[0]
    assert (
        complaint.code == "needs-extra" and "ringside[vendor]" in complaint.next_step and "mzML" in complaint.next_step
    )


@pytest.mark.parametrize("name", ["crude.D", "crude.raw"])
def test_an_empty_folder_is_refused(tmp_path, name):
    (tmp_path / name).mkdir()
    with pytest.raises(BadInput, match="empty"):
        read_lcms(tmp_path / name, words())


def test_a_folder_with_a_pipe_in_it_is_refused(tmp_path):

    (tmp_path / "crude.D").mkdir()
    os.mkfifo(tmp_path / "crude.D" / "DAD1.UV")
    with pytest.raises(BadInput, match="no file"):
        read_lcms(tmp_path / "crude.D", words())
