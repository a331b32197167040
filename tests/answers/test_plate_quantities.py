"""What a plate chemist asks of a well: product over standard, what is left, which well is best."""

import pytest
from plate_files import PROTONATED, target, written

from ringside.answers.plate.ask import ask_plate

STANDARD = "c1ccc(-c2ccccc2)cc1CN(C)C"
STANDARD_MZ = 212.143


@pytest.fixture
def wells(tmp_path):
    rows = [f"A{n},{target('')},{STANDARD},O=C(c1ccc(Br)cc1)N1CCCC1,by hand" for n in (1, 2, 3)]
    peaks = [
        f"A{n},{rt},{area},{mz}"
        for n, product, standard in ((1, 40, 40), (2, 30, 10), (3, 60, 40))
        for rt, area, mz in (
            (1.0, product, PROTONATED[""]),
            (2.0, standard, STANDARD_MZ),
            (1.5, 100 - product - standard, 254.018),
        )
        if area
    ]
    return ask_plate(*written(tmp_path, "well,smiles,standard,amide,who", rows, peaks), None)


def test_product_over_standard_ranks_the_wells_where_all_have_a_standard(wells):
    assert [w.product_to_standard for w in wells.wells] == pytest.approx([1.0, 3.0, 1.5], rel=0.02)
    assert wells.ranking == ("A2", "A3", "A1")
    assert "internal standard" in wells.ranked_by


def test_what_a_column_names_is_told_as_left(wells):
    assert [m.name for m in wells.wells[0].materials] == ["amide"]
    assert [w.materials[0].area_percent for w in wells.wells] == pytest.approx([20.0, 60.0, 0.0], abs=3.0)


def test_a_column_without_structures_is_passed_over_with_a_note(wells):
    assert any("'who'" in text for text in wells.warnings)


def test_a_well_without_the_product_has_a_rank_and_one_that_cannot_be_read_has_none(tmp_path):
    rows = [f"A{n},{target('')}" for n in (1, 2, 3)]
    peaks = [f"A1,1.0,100,{PROTONATED['']}", "A2,1.4,100,402.1"]
    report = ask_plate(*written(tmp_path, "well,smiles", rows, peaks), None)
    assert [w.rank for w in report.wells] == [1, 2, None]
    assert report.wells[1].product_rt_min is None
    assert report.wells[1].largest_unknown_percent == pytest.approx(100.0)
    assert report.wells[2].problem
