"""The page and the tables of a plate."""

import csv
import importlib
import io
import re
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ringside.answers.plate.ask import ask_plate
from ringside.cli.main import app
from ringside.cli.plate_output import parquet_bytes
from ringside.render.plate import plate_html
from ringside.render.plate_maps import places
from ringside.render.plate_tables import plate_columns, plate_csv

WATERS = Path(__file__).parents[2] / "examples" / "data" / "waters_plate"
ARGUMENTS = ["plate", str(WATERS / "platemap.csv"), str(WATERS / "plate.rpt")]


@pytest.fixture(scope="module")
def waters():
    return ask_plate(WATERS / "platemap.csv", WATERS / "plate.rpt", None)


def many(report, number):
    """Return a report with its wells repeated over a plate of 24 columns."""
    wells = [replace(report.wells[n % 14], well=f"{chr(65 + n // 24)}{n % 24 + 1:02d}") for n in range(number)]
    return replace(report, wells=tuple(wells), ranking=tuple(w.well for w in wells))


def test_the_page_draws_three_maps_with_a_scale_and_a_chromatogram_for_each_well(waters):
    page = plate_html(waters)
    assert page.count('<svg class="plate"') == 3
    assert page.count('aria-label="scale in percent"') == 3
    assert page.count('aria-label="chromatogram of') == 14
    assert page.count("<details>") == 14


def test_the_page_of_a_full_plate_stays_light(waters):
    assert len(plate_html(many(waters, 96)).encode()) < 1_000_000
    assert len(plate_html(many(waters, 384)).encode()) < 3_000_000


def test_ties_and_double_peaks_are_marked_on_the_product_map(waters):
    first = plate_html(waters).split('<svg class="plate"')[1]
    assert first.count("≈</text>") == sum(bool(w.tied_with) for w in waters.wells)
    assert first.count("=</text>") == 2


def test_a_well_without_data_is_hatched_and_says_why(waters):
    gone = replace(
        waters.wells[3],
        problem="the report has no such well",
        product_area_percent=None,
        explained_area=None,
        largest_unknown_percent=None,
        tied_with=(),
        rank=None,
    )
    page = plate_html(replace(waters, wells=(*waters.wells[:3], gone, *waters.wells[4:])))
    assert page.count("A4: no data") == 3
    assert "the report has no such well" in page


def test_nothing_of_the_page_is_fetched(waters):
    assert not re.search(r"(?:src|href)=[\"'](?!data:|#)", plate_html(waters))


def test_what_a_file_holds_cannot_become_markup(waters):
    strange = replace(waters.wells[0], well="<b>A1</b>", remarks=("<script>",))
    page = plate_html(replace(waters, wells=(strange, *waters.wells[1:]), title="<i>x</i>", ranking=("<b>A1</b>",)))
    assert "<script>" not in page
    assert "<b>A1" not in page
    assert "<i>x" not in page


@pytest.mark.parametrize(
    ("names", "placed"),
    [(("A1", "H12"), True), (("a01", "P24"), True), (("AA1", "AF48"), True), (("4:1", "4:2"), False), (("A1", "A01"), False), (("A1", "P1-A1"), False)],
)  # fmt: skip
def test_wells_stand_where_their_names_say_or_else_all_in_order(waters, names, placed):
    wells = tuple(replace(w, well=n) for w, n in zip(waters.wells, names, strict=False))
    assert (places(wells) is not None) == placed
    assert plate_html(replace(waters, wells=wells, ranking=())).count('<svg class="plate"') == 3


def test_the_csv_has_a_row_for_each_well_with_its_rank(waters):
    rows = list(csv.DictReader(io.StringIO(plate_csv(waters))))
    assert [r["well"] for r in rows] == [w.well for w in waters.wells]
    assert [int(r["rank"]) for r in rows] == [w.rank for w in waters.wells]
    assert rows[12]["product_if_one_high_percent"] == "92.87"


def test_parquet_holds_what_the_csv_holds_with_types(waters):
    arrow = importlib.import_module("pyarrow.parquet")
    table = arrow.read_table(io.BytesIO(parquet_bytes(waters)))
    columns = plate_columns(waters)
    assert table.column_names == list(columns)
    assert table.column("product_area_percent").to_pylist() == columns["product_area_percent"][1]
    assert table.column("drift_s").null_count == 14


def test_parquet_without_its_package_is_refused_by_the_name_of_the_extra(monkeypatch, tmp_path):
    monkeypatch.setattr("ringside.cli.plate_output.util.find_spec", lambda _name: None)
    run = CliRunner().invoke(app, [*ARGUMENTS, "--parquet", str(tmp_path / "p.parquet")])
    assert run.exit_code != 0
    assert "ringside[parquet]" in str(run.exception)
    assert not (tmp_path / "p.parquet").exists()


def test_a_quick_plate_shows_no_bar_where_standard_error_is_no_terminal(tmp_path):
    run = CliRunner().invoke(app, [*ARGUMENTS, "--resume", str(tmp_path / "state"), "--csv", str(tmp_path / "p.csv")])
    assert run.exit_code == 0, run.output
    assert run.stderr == ""
    assert (tmp_path / "p.csv").read_text().count("\n") == 15
