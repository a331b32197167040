"""Files that are not what they should be: refused in words, with what to export instead, within bounded memory."""

import base64
import json
import os
import struct
import subprocess
import sys
import zipfile
import zlib
from pathlib import Path

import numpy as np
import pytest
from evidence_tables import PLATE, words
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mzml_files import array, spectrum, write

from ringside.errors import BadInput
from ringside.evidence import records
from ringside.evidence.mzml import read_mzml
from ringside.evidence.readers import read_lcms

DATA = Path(__file__).parent / "data"
SHIPPED = [
    *(DATA / n for n in ("FeatureFinderMetaboIdent_1_input.mzML", "example.mzML", "agilent-hplc.cdf", "VARIAN1.CDF")),
    *(DATA / n for n in ("HP_MS.CDF", "shimadzu-5.daml", "shimadzu-14.daml")),
    PLATE / "plate.rpt",
]
ENDINGS = ("mzML", "cdf", "daml", "rpt", "csv", "tsv", "txt", "xlsx")
TWO = [(40.0, 30.0, {191.15: 5e4}), (80.0, 10.0, {281.2: 4e4})]
MS1 = '<cvParam accession="MS:1000511" value="1"/><cvParam accession="MS:1000130"/>'
MOST_MB = 350.0
CHILD = """
import json, sys
from pathlib import Path
from ringside.errors import BadInput
from ringside.evidence.readers import read_lcms
from ringside.knowledge.load import load
def peak():  # of this process alone; getrusage would count the one that started it
    return int(next(x.split()[1] for x in open("/proc/self/status") if x.startswith("VmHWM"))) / 1024
columns = load().columns
start = peak()
said = {}
for name in sys.argv[1:]:
    try:
        read_lcms(Path(name), columns)
        said[name] = ["read", ""]
    except BadInput as fault:
        said[name] = [fault.complaints[0].code, fault.complaints[0].next_step]
    said[name].append(peak() - start)
print(json.dumps(said))
"""


def refusal(path, **options):
    with pytest.raises(BadInput) as caught:
        read_lcms(path, words(), **options)
    (complaint,) = caught.value.complaints
    assert complaint.file == str(path) and complaint.next_step and complaint.text
    assert caught.value.exit_code == 2
    return complaint


def mzml(path, *spectra, head="", tail="</mzML>"):
    path.write_text(f'<?xml version="1.0"?>\n{head}<mzML><run><spectrumList>{"".join(spectra)}</spectrumList></run>{tail}', encoding="utf-8")  # fmt: skip
    return path


def scan(mz, intensity, **kwargs):
    return spectrum(0, 0.1, array(mz, "MS:1000514", **kwargs) + array(intensity, "MS:1000515", **kwargs), params=MS1)


# --- what the path leads to -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", ENDINGS)
def test_nothing_in_it_nothing_there_a_folder_and_a_pipe_are_refused(tmp_path, ending):
    (tmp_path / f"empty.{ending}").touch()
    assert refusal(tmp_path / f"empty.{ending}").code == "empty-file"
    assert refusal(tmp_path / f"none.{ending}").code == "cannot-read"
    (tmp_path / f"folder.{ending}").mkdir()
    assert "folder" in refusal(tmp_path / f"folder.{ending}").text
    os.mkfifo(tmp_path / f"pipe.{ending}")
    assert "pipe" in refusal(tmp_path / f"pipe.{ending}").text


def test_a_link_that_leads_to_itself_and_a_name_too_long_are_refused(tmp_path):
    (tmp_path / "a.mzML").symlink_to(tmp_path / "b.mzML")
    (tmp_path / "b.mzML").symlink_to(tmp_path / "a.mzML")
    assert refusal(tmp_path / "a.mzML").code == "cannot-read"
    assert refusal(tmp_path / ("x" * 300 + ".csv")).code == "cannot-read"


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_file_that_may_not_be_opened_is_refused(tmp_path, ending, monkeypatch):
    path = tmp_path / f"closed.{ending}"
    path.write_text("rt,area\n1,2\n")
    opened = Path.open

    def denied(self, *args, **kwargs):
        if self == path:
            raise PermissionError(13, "Permission denied", str(self))
        return opened(self, *args, **kwargs)

    monkeypatch.setattr(Path, "open", denied)
    assert "Permission denied" in refusal(path).text


# --- what it is -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize(
    "content",
    [b"\x89PNG\r\n\x1a\n" + bytes(500), b"\x03131" + bytes(5000), b"%PDF-1.7\n" + b"\x00\x01" * 400, b"\xff" * 999],
)
def test_a_file_of_another_kind_is_refused_by_every_reader(tmp_path, ending, content):
    path = tmp_path / f"crude.{ending}"
    path.write_bytes(content)
    refusal(path)


def test_a_picture_named_as_a_spectrum_is_called_a_picture(tmp_path):
    (tmp_path / "a.mzML").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(500))
    assert refusal(tmp_path / "a.mzML").value == "a PNG picture"


def test_a_thermo_file_is_told_from_a_waters_folder(tmp_path):
    (tmp_path / "a.raw").write_bytes(b"\x01\xa1F\x00i\x00n\x00n\x00i\x00g\x00a\x00n\x00")
    assert "Thermo" in refusal(tmp_path / "a.raw").next_step


@pytest.mark.parametrize("name", [p.name for p in SHIPPED])
@pytest.mark.parametrize("share", [0.0005, 0.003, 0.01, 0.1, 0.3, 0.6, 0.9, 0.995])
def test_a_real_file_cut_short_anywhere_is_refused(tmp_path, name, share):
    source = next(p for p in SHIPPED if p.name == name)
    whole = source.read_bytes()
    path = tmp_path / name
    path.write_bytes(whole[: int(len(whole) * share)])
    try:
        read_lcms(path, words(), well="4:22" if path.suffix == ".rpt" else None)
    except BadInput as fault:
        assert fault.complaints[0].next_step
    else:
        assert path.suffix == ".rpt" or (name == "VARIAN1.CDF" and share > 0.99), "a part was taken for the whole"


# --- mzML inside ----------------------------------------------------------------------------------------------------


def test_a_sound_little_file_is_read(tmp_path):
    run = read_mzml(mzml(tmp_path / "a.mzML", scan([100.0, 200.0], [5.0, 0.0])))
    assert run.scans[0].mz.tolist() == [100.0] and run.scans[0].t == pytest.approx(6.0)


@pytest.mark.parametrize("size", [700, 4096, 50_000])
def test_records_that_go_on_in_the_next_piece_are_whole(monkeypatch, size):
    wanted = read_mzml(DATA / "example.mzML")
    monkeypatch.setattr(records, "PIECE", size)
    found = read_mzml(DATA / "example.mzML")
    assert [s.mz.tolist() for s in found.scans] == [s.mz.tolist() for s in wanted.scans]


def test_comments_hide_what_is_in_them_and_attributes_come_in_any_order(tmp_path, monkeypatch):
    hidden = "<!-- " + scan([1.0], [1.0]) + " > -->"
    turned = scan([100.0], [5.0]).replace('accession="MS:1000511" value="1"', "value='2' accession='MS:1000511'")
    path = mzml(tmp_path / "a.mzML", hidden, scan([300.0], [5.0]), turned, hidden)
    for size in (50, 300, 10_000):
        monkeypatch.setattr(records, "PIECE", size)
        assert [s.mz.tolist() for s in read_mzml(path).scans] == [[300.0]]


def test_ms_ms_is_kept_with_its_precursor_and_negative_scans_are_not(tmp_path):
    second = MS1.replace('value="1"', 'value="2"') + '<cvParam accession="MS:1000744" value="191.154"/>'
    both = array([91.05, 60.0], "MS:1000514") + array([5.0, 3.0], "MS:1000515")
    negative = second.replace("MS:1000130", "MS:1000129")
    path = mzml(tmp_path / "a.mzML", scan([191.154], [9.0]), spectrum(1, 0.2, both, params=second), spectrum(2, 0.3, both, params=negative))  # fmt: skip
    run = read_mzml(path)
    (fragments,) = run.msms
    assert fragments.precursor == 191.154 and fragments.t == pytest.approx(12.0)
    assert fragments.mz.tolist() == [60.0, 91.05] and fragments.intensity.tolist() == [3.0, 5.0]


@pytest.mark.parametrize("way", ["MS:1002312", "MS:1002313", "MS:1002314", "MS:1002746"])
def test_numpress_is_refused_by_name(tmp_path, way):
    path = mzml(tmp_path / "a.mzML", scan([100.0], [5.0]).replace("MS:1000574", way))
    complaint = refusal(path)
    assert "numpress" in complaint.text and "numpress off" in complaint.next_step


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1e300])
def test_values_that_are_no_numbers_are_refused(tmp_path, value):
    assert "no numbers" in refusal(mzml(tmp_path / "a.mzML", scan([100.0, 200.0], [5.0, value]))).text
    assert "no numbers" in refusal(mzml(tmp_path / "b.mzML", scan([100.0, value], [5.0, 1.0]))).text


def test_arrays_of_different_length_are_refused(tmp_path):
    assert "2 positions and 3 heights" in refusal(mzml(tmp_path / "a.mzML", scan([1.0, 2.0], [1.0, 2.0, 3.0]))).text


def test_uv_spectra_without_wavelengths_are_refused(tmp_path):
    only = array([1.0, 2.0], "MS:1000515")
    path = mzml(tmp_path / "a.mzML", spectrum(0, 0.1, only, params='<cvParam accession="MS:1000804"/>'))
    assert "no wavelengths" in refusal(path).text


def test_negative_only_is_refused_and_no_mass_spectra_at_all_are_allowed(tmp_path):
    assert refusal(write(tmp_path / "n.mzML", TWO, negative=True, uv=False)).code == "negative-mode"
    assert all(p.mz == () for p in read_lcms(write(tmp_path / "u.mzML", TWO, ms=False), words()).peaks)


def test_a_break_names_the_line(tmp_path):
    whole = (DATA / "example.mzML").read_text()
    lines = whole.splitlines(keepends=True)
    (tmp_path / "a.mzML").write_text("".join(lines[:200]))
    start = max(n for n, line in enumerate(lines[:200], start=1) if "<spectrum " in line)
    assert f"line {start}" in refusal(tmp_path / "a.mzML").text


@pytest.mark.parametrize("far", [0, 100_000, 5_000_000])
def test_entities_are_refused_wherever_they_are_declared(tmp_path, far):
    bomb = "<!DOCTYPE a [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;&a;'>]>"
    for name, root in (("a.mzML", "mzML"), ("a.daml", "DAML")):
        path = tmp_path / name
        path.write_text(f'<?xml version="1.0"?>{" " * far}{bomb}<{root}>&b;</{root}>', encoding="utf-8")
        assert refusal(path).code in {"entities", "wrong-format"}


# --- text -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1", "utf-16", "utf-16-le", "utf-16-be"])
def test_tables_and_reports_are_read_in_every_encoding(tmp_path, encoding):
    (tmp_path / "a.csv").write_bytes("RT;Fläche %;Masse\n3,42;61;191,154\n".encode(encoding))
    assert read_lcms(tmp_path / "a.csv", words()).peaks[0].mz == (191.154,)
    (tmp_path / "a.rpt").write_bytes((PLATE / "plate.rpt").read_text("latin-1").encode(encoding))
    assert len(read_lcms(tmp_path / "a.rpt", words(), well="B6").peaks) == 2


def test_a_trace_as_text_is_not_taken_for_peaks(tmp_path):
    (tmp_path / "a.csv").write_text("time,area\n" + "".join(f"{n / 1000},1\n" for n in range(6_000)))
    assert "trace" in refusal(tmp_path / "a.csv").text


@pytest.mark.parametrize(
    "line", ["(" * 3_000_000, "a," * 1_000_000, '"' + "x" * 500_000, "rt,area\n1e308,1e308\n2,1e308\n"]
)
def test_absurd_lines_are_refused_quickly(tmp_path, line):
    (tmp_path / "a.csv").write_text(line)
    refusal(tmp_path / "a.csv")


# --- memory ---------------------------------------------------------------------------------------------------------


def huge_netcdf():
    def name(text):
        return struct.pack(">i", len(text)) + text + b"\0" * (-len(text) % 4)

    dims = struct.pack(">ii", 10, 1) + name(b"point_number") + struct.pack(">i", 2_000_000_000)
    variable = name(b"ordinate_values") + struct.pack(">iiii", 1, 0, 0, 0) + struct.pack(">iii", 6, -1, 200)
    return (
        b"CDF\x01"
        + struct.pack(">i", 0)
        + dims
        + struct.pack(">ii", 0, 0)
        + struct.pack(">ii", 11, 1)
        + variable
        + bytes(500)
    )


def floods(folder):
    for ending in ENDINGS:
        with (folder / f"sparse.{ending}").open("wb") as file:
            file.truncate(2_000_000_000)
    packed = zlib.compressobj(9)
    raw = b"".join(packed.compress(bytes(1_000_000)) for _ in range(300)) + packed.flush()
    text = base64.b64encode(raw).decode()
    (folder / "inflating.mzML").write_text(
        f'<mzML><spectrum index="0">{MS1}<binaryDataArrayList><binaryDataArray><cvParam accession="MS:1000523"/><cvParam accession="MS:1000574"/>'
        f'<cvParam accession="MS:1000514"/><binary>{text}</binary></binaryDataArray></binaryDataArrayList></spectrum></mzML>'
    )
    for name, root, inner in (("deep.mzML", "mzML", "spectrum"), ("deep.daml", "DAML", "lc_chros")):
        (folder / name).write_bytes(b"<%s>" % root.encode() + b"<%s>" % inner.encode() + b"<a>" * 3_000_000)
    for name, root, inner in (("long.mzML", "mzML", "spectrum"), ("long.daml", "DAML", "lc_chros")):
        with (folder / name).open("wb") as file:
            file.write(b"<%s><%s>" % (root.encode(), inner.encode()))
            for _ in range(100):
                file.write(b"A" * 1_000_000)
            file.write(b"</%s></%s>" % (inner.encode(), root.encode()))
    (folder / "claims.cdf").write_bytes(huge_netcdf())
    with (
        zipfile.ZipFile(folder / "bomb.xlsx", "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/a.xml", "w") as part,
    ):
        for _ in range(100):
            part.write(b" " * 1_000_000)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="peak memory is read from /proc")
def test_floods_are_refused_in_bounded_memory(tmp_path):
    floods(tmp_path)
    names = sorted(str(p) for p in tmp_path.iterdir())
    run = subprocess.run([sys.executable, "-c", CHILD, *names], capture_output=True, text=True, check=True, timeout=240)
    said = json.loads(run.stdout)
    assert len(said) == len(names)
    for name, (code, step, _) in said.items():
        assert code != "read" and step, name
    assert max(memory for *_, memory in said.values()) < MOST_MB, said


# --- chance ---------------------------------------------------------------------------------------------------------


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    flips=st.lists(
        st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255), st.booleans()), min_size=1, max_size=12
    )
)
@pytest.mark.parametrize("name", [p.name for p in SHIPPED])
def test_no_flipped_bytes_make_a_reader_fail_other_than_by_a_complaint(tmp_path, name, flips):
    source = next(p for p in SHIPPED if p.name == name)
    content = bytearray(source.read_bytes())
    for place, value, early in flips:
        content[int(place * (min(len(content), 4000) if early else len(content)))] = value
    path = tmp_path / name
    path.write_bytes(content)
    try:
        run = read_lcms(path, words(), well="4:18" if path.suffix == ".rpt" else None)
    except BadInput as fault:
        assert fault.complaints[0].text
    else:
        assert all(p.rt is None or np.isfinite(p.rt) for p in run.peaks)
