"""Plates: a well, a row."""

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ringside.answers.plate.ask import ask_plate
from ringside.chem.molecule import canonical
from ringside.cli.main import app
from ringside.errors import BadInput

ROOT = Path(__file__).parents[2]
WATERS = ROOT / "examples" / "data" / "waters_plate"
SHIMADZU = ROOT / "tests" / "evidence" / "data"


@pytest.fixture(scope="module")
def waters():
    return ask_plate(WATERS / "platemap.csv", WATERS / "plate.rpt", None)


def shimadzu(folder, *rows):
    path = folder / "map.csv"
    path.write_text("\n".join(("file,well,smiles", *rows)) + "\n", encoding="utf-8")
    return path


def test_each_well_of_the_real_plate_names_its_own_compound(waters):
    assert len(waters.wells) == 14
    assert all(w.product_rt_min is not None for w in waters.wells)
    assert all(w.product_area_percent > 60.0 and w.explained_area > 0.9 for w in waters.wells)


def test_well_b6_holds_two_peaks_of_its_product_and_says_that_either_may_be_it(waters):
    b6 = next(w for w in waters.wells if w.well == "B6")
    assert [round(p.rt_min, 2) for p in b6.product_peaks] == [1.07, 1.28]
    assert 90.0 < b6.product_area_percent < 100.0  # both peaks, less the doubt about each
    assert b6.product_if_one_percent == pytest.approx((7.13, 92.87))
    assert sum(w.product_if_one_percent is not None for w in waters.wells) == 2


def test_wells_are_ranked_by_their_product_and_equal_ones_share_a_place(waters):
    by_rank = sorted(waters.wells, key=lambda w: w.rank)
    areas = [w.product_area_percent for w in by_rank]
    assert areas == sorted(areas, reverse=True)
    assert waters.ranking == tuple(w.well for w in by_rank)
    assert by_rank[0].rank == 1


def test_isomers_on_the_same_plate_are_told_as_ties(waters):
    assert sum(bool(w.tied_with) for w in waters.wells) == 6


def test_shimadzu_files_of_a_folder_are_wells(tmp_path):
    rows = (
        "shimadzu-5.daml,F1,Cc1ccc(C)c(-c2cc(C)[nH]n2)c1",
        "shimadzu-14.daml,G2,Cc1cc(-c2cc3ccccc3n2C)n[nH]1",
    )
    report = ask_plate(shimadzu(tmp_path, *rows), SHIMADZU, None)
    assert [w.product_ion for w in report.wells] == ["[M+H]+", "[M+H]+"]
    assert [round(w.product_rt_min, 1) for w in report.wells] == [1.6, 1.6]


def test_a_wrong_target_is_not_found_in_a_real_file(tmp_path):
    report = ask_plate(shimadzu(tmp_path, "shimadzu-5.daml,F1,O=C(c1ccccc1)N1CCCNCC1"), SHIMADZU, None)
    assert report.wells[0].product_rt_min is None
    assert report.wells[0].explained_area < 0.3


def test_one_bad_file_spoils_only_its_well(tmp_path):
    shutil.copy(SHIMADZU / "shimadzu-5.daml", tmp_path / "a.daml")
    (tmp_path / "b.daml").write_bytes((SHIMADZU / "shimadzu-14.daml").read_bytes()[:5000])
    rows = ("a.daml,A1,Cc1ccc(C)c(-c2cc(C)[nH]n2)c1", "b.daml,A2,CCO", "c.daml,A3,CCO")
    report = ask_plate(shimadzu(tmp_path, *rows), tmp_path, None)
    assert [bool(w.problem) for w in report.wells] == [False, True, True]
    assert "2 could not be read" in report.verdict


def test_a_case_gives_each_well_its_own_flask(tmp_path):
    case = tmp_path / "case.toml"
    case.write_text(
        """
title = "benzylations"
target = "C1CNCCN(C1)Cc1ccccc1"
scale = "0.1 mmol"
charge = [
  { name = "homopiperazine", role = "substrate", amount = "2 equiv" },
  { name = "halide", smiles = "BrCc1ccccc1", role = "substrate", amount = "1 equiv" },
  { name = "triethylamine", role = "base", amount = "2 equiv" },
  { name = "acetonitrile", role = "solvent", amount = "1 mL" },
]
conditions = { temperature = "25 degC", time = "16 h", atmosphere = "N2" }
""",
        encoding="utf-8",
    )
    data = tmp_path / "peaks.csv"
    data.write_text("well,rt,area %,m/z\nA1,1.0,70,191.15\nA1,1.5,30,281.20\nA2,1.1,80,225.12\nA2,1.6,20,349.12\n")
    path = tmp_path / "map.csv"
    path.write_text(
        "well,smiles,halide\nA1,C1CNCCN(C1)Cc1ccccc1,BrCc1ccccc1\nA2,C1CNCCN(C1)Cc1ccc(Cl)cc1,BrCc1ccc(Cl)cc1\n"
    )
    report = ask_plate(path, data, case)
    assert [w.product_area_percent for w in report.wells] == pytest.approx([70.0, 80.0], abs=3.0)
    assert [m.name for w in report.wells for m in w.materials] == ["halide", "halide"]
    second = [a.candidates[0].species for a in (w.assignments[1] for w in report.wells)]
    names = {s.id: s.smiles for w in report.wells for s in w.species}
    assert names[second[0]] == canonical("C1CN(Cc2ccccc2)CCCN1Cc1ccccc1")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("well,target\nA1,CCO\n", "plate map needs"),
        ("well,smiles\nA1,CCO\n", "which well is in which"),
        ("file,smiles\na.daml,C1CC\n", "SMILES"),
        ("file,smiles,amine\na.daml,CCO,CCN\nb.daml,CCO,C1CN\n", "row 3, amine"),
    ],
)
def test_a_plate_map_that_cannot_be_used_is_refused(text, says, tmp_path):
    path = tmp_path / "map.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput, match=says):
        ask_plate(path, SHIMADZU, None)


def test_the_command_writes_json_with_the_published_keys(tmp_path):
    out = tmp_path / "plate.json"
    run = CliRunner().invoke(
        app, ["plate", str(WATERS / "platemap.csv"), str(WATERS / "plate.rpt"), "--json", str(out)]
    )
    assert run.exit_code == 0, run.output
    well = json.loads(out.read_text(encoding="utf-8"))["wells"][0]
    assert {"vial", "well", "target", "product_area_percent", "explained_area", "assignments"} <= set(well)
