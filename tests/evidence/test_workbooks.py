"""Peak tables in spreadsheets, whole and damaged."""

import zipfile

import pytest
from evidence_tables import words
from openpyxl import Workbook

from ringside.errors import BadInput
from ringside.evidence.readers import read_lcms

TABLE = [["RT [min]", "Area %", "m/z"], [3.42, 61, "191.154 213.136"], [4.10, 39, 281.2]]


def write(path, *sheets, percent=()):
    book = Workbook()
    book.remove(book.active)
    for rows in sheets:
        sheet = book.create_sheet()
        for row in rows:
            sheet.append(row)
        for cell in percent:
            sheet[cell].number_format = "0.0%"
    book.save(path)
    return path


def refusal(path):
    with pytest.raises(BadInput) as caught:
        read_lcms(path, words())
    return caught.value.complaints[0]


def check(run):
    assert [p.rt for p in run.peaks] == pytest.approx([205.2, 246.0])
    assert [p.area for p in run.peaks] == pytest.approx([0.61, 0.39])
    assert run.peaks[0].mz == pytest.approx((191.154, 213.136)) and run.peaks[1].mz == pytest.approx((281.2,))


def test_a_workbook_is_read_like_a_text_table(tmp_path):
    check(read_lcms(write(tmp_path / "a.xlsx", TABLE), words()))


def test_titles_above_and_totals_below_the_table_are_passed_over(tmp_path):
    rows = [["Report of crude 7"], [], ["Area"], *TABLE, ["Total", 100], [], ["printed by", "x"]]
    path = write(tmp_path / "a.xlsx", rows)
    from openpyxl import load_workbook  # noqa: PLC0415

    book = load_workbook(path)
    book.active.merge_cells("A1:C1")
    book.save(path)
    check(read_lcms(path, words()))


def test_the_first_sheet_with_known_words_counts(tmp_path):
    other = [["rt", "area %", "m/z"], [1.0, 100, 99.0]]
    check(read_lcms(write(tmp_path / "a.xlsx", [["Method"], ["fast"]], TABLE, other), words()))


def test_numbers_written_as_text_with_commas_are_numbers(tmp_path):
    rows = [["Retentionszeit", "Fläche %", "Masse"], ["3,42", "61", "191,154 213,136"], ["4,1", "39,0", "281,2"]]
    check(read_lcms(write(tmp_path / "a.xlsx", rows), words()))


def test_cells_shown_as_percent_are_percent(tmp_path):
    rows = [["rt", "area %", "m/z"], [3.42, 0.61, "191.154 213.136"], [4.10, 0.39, 281.2]]
    check(read_lcms(write(tmp_path / "a.xlsx", rows, percent=("B2", "B3")), words()))


def test_a_sample_of_a_workbook_can_be_asked_for(tmp_path):
    rows = [["sample", "rt", "area", "m/z"], ["A", 1, 60, 101.1], ["B", 2, 40, 115.1]]
    path = write(tmp_path / "a.xlsx", rows)
    assert [p.mz[0] for p in read_lcms(path, words(), well="B").peaks] == [115.1]
    assert refusal(path).code == "which-well"


def test_a_workbook_without_known_words_says_which_are_known(tmp_path):
    complaint = refusal(write(tmp_path / "a.xlsx", [["tR/min", "Signal"], [3.4, 5]]))
    assert complaint.code == "wrong-columns" and "Signal" in complaint.value and "m/z" in complaint.limit


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_a_workbook_cut_short_is_refused_in_words(tmp_path, share):
    path = write(tmp_path / "a.xlsx", TABLE)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * share)])
    complaint = refusal(path)
    assert complaint.code == "cut-short" and "CSV" in complaint.next_step


def test_an_old_or_locked_workbook_says_so(tmp_path):
    (tmp_path / "a.xlsx").write_bytes(b"\xd0\xcf\x11\xe0" + bytes(2000))
    assert "old .xls or a workbook with a password" in refusal(tmp_path / "a.xlsx").text
    (tmp_path / "a.xls").write_bytes(b"\xd0\xcf\x11\xe0" + bytes(2000))
    assert ".xlsx or CSV" in refusal(tmp_path / "a.xls").next_step


def replaced(path, target, name, content):
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.infolist():
            new.writestr(item.filename, content if item.filename == name else old.read(item.filename))
    return target


@pytest.mark.parametrize("name", ["xl/worksheets/sheet1.xml", "xl/styles.xml"])
def test_a_workbook_that_unpacks_to_a_flood_is_refused(tmp_path, name):
    bomb = replaced(write(tmp_path / "a.xlsx", TABLE), tmp_path / "b.xlsx", name, b" " * 100_000_000)
    assert bomb.stat().st_size < 1_000_000
    assert refusal(bomb).code == "too-large"


def test_entities_in_a_workbook_are_refused(tmp_path):
    text = b'<!DOCTYPE a [<!ENTITY a "aaaa">]><worksheet>&a;</worksheet>'
    assert refusal(replaced(write(tmp_path / "a.xlsx", TABLE), tmp_path / "b.xlsx", "xl/worksheets/sheet1.xml", text)).code == "entities"  # fmt: skip


def test_a_part_that_is_no_xml_is_refused(tmp_path):
    broken = replaced(write(tmp_path / "a.xlsx", TABLE), tmp_path / "b.xlsx", "xl/worksheets/sheet1.xml", b"<worksheet><row")  # fmt: skip
    assert refusal(broken).next_step


def test_a_cell_far_away_costs_nothing(tmp_path):
    book = Workbook()
    for row in TABLE:
        book.active.append(row)
    book.active["XFD1048576"] = 1
    book.save(tmp_path / "a.xlsx")
    check(read_lcms(tmp_path / "a.xlsx", words()))


def test_a_trace_in_a_workbook_is_not_taken_for_peaks(tmp_path):
    rows = [["rt", "area"], *([n / 1000.0, 1.0] for n in range(6_000))]
    assert "trace" in refusal(write(tmp_path / "a.xlsx", rows)).text
