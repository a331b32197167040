"""The [observed] part of a case file."""

from pathlib import Path

import pytest

from ringside.errors import BadInput
from ringside.evidence.observed import read_observed


def read(**table):
    return read_observed(table, file="case.toml", folder=Path("cases"))


def test_everything_of_the_design_is_read():
    seen = read(
        isolated_yield="31 %",
        conversion="90..98 %",
        crude_mass="2.4 g",
        absent=["starting material"],
        notes=["two new spots on TLC"],
        lcms={"file": "plate.rpt", "well": "4:18"},
        instrument={
            "polarity": "positive",
            "mz_error": "5 ppm",
            "eluent_ph": 2.7,
            "uv": "254 nm",
            "sampled_at": "16 h",
        },
    )
    assert seen.isolated_yield == pytest.approx((0.31, 0.31)) and seen.conversion == pytest.approx((0.9, 0.98))
    assert seen.crude_mass == (2.4, 2.4) and seen.absent == ("starting material",)
    assert (seen.lcms_file, seen.lcms_well) == (str(Path("cases") / "plate.rpt"), "4:18")
    made = seen.instrument
    assert (made.mz_error, made.mz_error_unit, made.eluent_ph, made.uv, made.sampled_at) == (5, "ppm", 2.7, 254, 57600)


def test_typed_peaks_keep_their_order_and_their_masses_strongest_first():
    seen = read(peak=[{"rt": "3.42 min", "mz": [191.154, 213.136], "area": "61 %"}, {"mz": 281.2}])
    first, second = seen.peaks
    assert (first.id, first.rt, first.mz, first.area) == ("p1", pytest.approx(205.2), (191.154, 213.136), 0.61)
    assert (second.id, second.rt, second.mz, second.area) == ("p2", None, (281.2,), None)


def test_nothing_said_is_nothing_looked_for():
    seen = read()
    assert seen.isolated_yield is None and seen.conversion is None and seen.peaks == () and seen.lcms_file is None
    assert (seen.instrument.mz_error, seen.instrument.mz_error_unit) == (0.3, "Da")


@pytest.mark.parametrize(
    ("table", "code", "field"),
    [
        ({"yeild": "31 %"}, "unknown-key", "observed.yeild"),
        ({"isolated_yield": 0.31}, "bare-number", "observed.isolated_yield"),
        ({"isolated_yield": "-3 %"}, "out-of-range", "observed.isolated_yield"),
        ({"conversion": "120 %"}, "out-of-range", "observed.conversion"),
        ({"absent": [3]}, "bad-list", "observed.absent"),
        ({"lcms": 5}, "bad-lcms", "observed.lcms"),
        ({"lcms": {"well": "4:18"}}, "bad-lcms", "observed.lcms"),
        ({"lcms": {"file": "a.csv", "vial": "1"}}, "unknown-key", "observed.lcms.vial"),
        ({"lcms": "a.csv", "peak": [{"mz": [101.1]}]}, "two-sources", "observed.lcms"),
        ({"instrument": "QDa"}, "bad-instrument", "observed.instrument"),
        ({"instrument": {"detector": "QDa"}}, "unknown-key", "observed.instrument.detector"),
        ({"instrument": {"eluent_ph": 27}}, "out-of-range", "observed.instrument.eluent_ph"),
        ({"instrument": {"mz_error": 5}}, "bare-number", "observed.instrument.mz_error"),
        ({"instrument": {"mz_error": "0 ppm"}}, "out-of-range", "observed.instrument.mz_error"),
        ({"instrument": {"polarity": "both"}}, "bad-polarity", "observed.instrument.polarity"),
        ({"peak": {"mz": [101.1]}}, "bad-peaks", "observed.peak"),
        ({"peak": [{}]}, "empty-peak", "observed.peak[1]"),
        ({"peak": [{"mz": ["101"]}]}, "bad-mz", "observed.peak[1].mz"),
        ({"peak": [{"mz": [-1.0]}]}, "bad-mz", "observed.peak[1].mz"),
        ({"peak": [{"area": "61"}]}, "bare-number", "observed.peak[1].area"),
        ({"peak": [{"area": "61 %"}, {"area": "61 %"}]}, "bad-areas", "observed.peak"),
        ({"peak": [{"rt": 3.42}]}, "bare-number", "observed.peak[1].rt"),
    ],
)
def test_what_cannot_be_is_refused_where_it_stands(table, code, field):
    with pytest.raises(BadInput) as caught:
        read(**table)
    assert (code, field) in {(c.code, c.field) for c in caught.value.complaints}


def test_all_faults_are_told_at_once():
    with pytest.raises(BadInput) as caught:
        read(isolated_yield=0.3, instrument={"eluent_ph": -1}, peak=[{"mz": 0}, {"area": "x"}])
    assert len(caught.value.complaints) == 4


def test_negative_mode_is_refused_with_a_way_out():
    with pytest.raises(BadInput) as caught:
        read(instrument={"polarity": "negative"})
    complaint = caught.value.complaints[0]
    assert complaint.code == "negative-mode" and "positive" in complaint.next_step


def test_one_text_stands_for_a_list_of_one():
    assert read(absent="starting material").absent == ("starting material",)
