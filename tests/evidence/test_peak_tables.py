"""Peak tables as vendors write them."""

import pytest
from evidence_tables import words
from hypothesis import given
from hypothesis import strategies as st

from ringside.errors import BadInput
from ringside.evidence.readers import LATER, read_lcms
from ringside.evidence.table import read_table


def write(folder, text, name="peaks.csv", encoding="utf-8"):
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize(
    "text",
    [
        "rt,area %,m/z\n3.42,61,191.154 213.136\n4.10,39,281.2\n",
        "RT [min];Area %;m/z\n3,42;61;191,154 213,136\n4,10;39;281,2\n",
        "RT (s)\tArea (%)\tMass\n205.2\t61\t191.154;213.136\n246.0\t39\t281.2\n",
        "\ufeffPeak #,RetTime [min],Area [mAU*s],Base Peak\r\n1,3.42,6.1,191.154|213.136\r\n2,4.10,3.9,281.2\r\n",
        "Sample Name: crude 7\nMethod: fast\n\n#,Ret. Time,Rel. Area,m/z 1,m/z 2\n1,3.42,61,191.154,213.136\n2,4.1,39,281.2,-\nTotal,,100,,\n",
        'Retention_Time,Peak Area,ions\n3.42,"6,100.0",191.154 213.136\n4.10,"3,900.0",281.2\n',
        "Retentionszeit;Fläche %;Masse\n3,42;61;191,154 213,136\n4,1;39;281,2\n",
        "[Peak Table]\n# of Peaks\t2\nPeak#\tR.Time\tArea%\tm/z\n1\t3.42\t61\t191.154/213.136\n2\t4.10\t39\t281.2\n\n[LC]\nx\ty\n",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "latin-1", "utf-16"])
def test_the_same_peaks_are_read_from_every_vendors_words(tmp_path, text, encoding):
    if encoding == "latin-1" and "\ufeff" in text:
        pytest.skip("latin-1 has no byte order mark")
    run = read_lcms(write(tmp_path, text, encoding=encoding), words())
    assert [p.rt for p in run.peaks] == pytest.approx([205.2, 246.0])
    assert [p.area for p in run.peaks] == pytest.approx([0.61, 0.39])
    assert run.peaks[0].mz == pytest.approx((191.154, 213.136)) and run.peaks[1].mz == (281.2,)


def test_area_percent_of_a_part_of_the_peaks_stays_as_it_is(tmp_path):
    run = read_lcms(write(tmp_path, "rt,area %\n3.4,50\n5.0,20\n"), words())
    assert [p.area for p in run.peaks] == pytest.approx([0.5, 0.2])


def test_unknown_columns_are_refused_with_those_found_and_those_accepted(tmp_path):
    with pytest.raises(BadInput) as caught:
        read_lcms(write(tmp_path, "tR/min,Signal,Comment\n3.4,5,x\n"), words())
    complaint = caught.value.complaints[0]
    assert complaint.code == "wrong-columns"
    assert "Signal" in complaint.value and "m/z" in complaint.limit and "area %" in complaint.limit


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty-file"),
        ("  \n \n", "empty-file"),
        ("rt,area %,m/z\n", "empty-file"),
        ("rt,area %,m/z\n3.4,61,191.15\n4.1,3", "cut-short"),
        ("rt,area %,m/z\nabc,61,191.15\n", "bad-number"),
        ("rt,area %,m/z\nnan,61,191.15\n", "bad-number"),
        ("rt,area %,m/z\n3.4,-6,191.15\n", "bad-areas"),
        ("rt,area %,m/z\n3.4,80,191.15\n4,70,200\n", "bad-areas"),
        ("rt,area %,m/z\n3.4,80,-191.15\n", "out-of-range"),
        ("PK\x03\x04\x00\x00\x00\x01", "not-text"),
        ("sample,rt,area %\nA,1,60\nB,1,40\n", "which-well"),
    ],
)
def test_a_table_that_cannot_be_used_is_refused(tmp_path, text, code):
    path = write(tmp_path, text)
    with pytest.raises(BadInput) as caught:
        read_lcms(path, words())
    assert caught.value.complaints[0].code == code


def test_a_table_of_several_samples_gives_the_one_asked_for(tmp_path):
    path = write(tmp_path, "sample,rt,area %,m/z\nA,1,60,101.1\nA,2,40,115.1\nB,1,100,129.1\n")
    assert [p.mz[0] for p in read_lcms(path, words(), well="a").peaks] == [101.1, 115.1]
    with pytest.raises(BadInput) as caught:
        read_lcms(path, words(), well="C")
    assert caught.value.complaints[0].limit == "A, B"


@pytest.mark.parametrize("ending", sorted(LATER))
def test_a_known_format_that_is_not_read_says_what_to_export_instead(tmp_path, ending):
    path = write(tmp_path, "x", name=f"crude{ending.upper()}")
    with pytest.raises(BadInput) as caught:
        read_lcms(path, words())
    complaint = caught.value.complaints[0]
    assert complaint.code == "format-not-read" and complaint.next_step and ".csv" in complaint.limit


def test_a_vendor_folder_and_a_missing_file_are_refused(tmp_path):
    (tmp_path / "run.d").mkdir()
    (tmp_path / "run.csv").mkdir()
    for name, code in (("run.d", "empty-file"), ("run.csv", "format-not-read"), ("none.csv", "cannot-read")):
        with pytest.raises(BadInput) as caught:
            read_lcms(tmp_path / name, words())
        assert caught.value.complaints[0].code == code


def test_header_words_have_one_meaning_each():
    assert words().meaning("Retention Time (sec)") == ("rt", "sec")
    assert words().meaning("Area [%]") == ("area_percent", "%")
    assert words().meaning("m/z 2") == ("mz", "Da")
    assert words().meaning("comment") is None


@given(st.binary(max_size=300))
def test_no_bytes_make_the_reader_fail_other_than_by_a_complaint(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("fuzz") / "peaks.csv"
    path.write_bytes(content)
    try:
        run = read_table(path, words())
    except BadInput as error:
        assert error.complaints[0].text
    else:
        assert run.peaks


@given(st.lists(st.tuples(st.floats(0, 60), st.floats(0.01, 1e6), st.floats(50, 2000)), min_size=1, max_size=8))
def test_a_written_table_is_read_back(tmp_path_factory, peaks):
    path = tmp_path_factory.mktemp("table") / "peaks.csv"
    path.write_text("rt,area,m/z\n" + "".join(f"{t:.6f},{a:.6f},{m:.5f}\n" for t, a, m in peaks))
    run = read_table(path, words())
    total = sum(a for _, a, _ in peaks)
    assert [p.rt for p in run.peaks] == pytest.approx([60 * t for t, _, _ in peaks], abs=1e-4)
    assert [p.mz[0] for p in run.peaks] == pytest.approx([m for _, _, m in peaks], abs=1e-4)
    assert [p.area for p in run.peaks] == pytest.approx([a / total for _, a, _ in peaks], rel=1e-3, abs=1e-6)
