from pathlib import Path

import pytest

from ringside.errors import BadInput
from ringside.evidence.observed import read_observed


def read(**raw):
    return read_observed(raw, file="case.toml", folder=Path())


def codes(**raw):
    with pytest.raises(BadInput) as caught:
        read(**raw)
    return {c.code for c in caught.value.complaints}


@pytest.mark.parametrize(
    ("text", "span"), [(3, (3.0, 3.0)), ("7,5", (7.5, 7.5)), ("3..4", (3.0, 4.0)), ("5-6", (5.0, 6.0))]
)
def test_a_ph_is_a_number_or_a_range(text, span):
    assert read(ph=text).ph == span


@pytest.mark.parametrize("text", [15, "acidic", "4..3", True, -1])
def test_what_is_no_ph_is_refused(text):
    assert codes(ph=text) == {"bad-ph"}


def test_water_is_that_of_the_mixture_where_nothing_else_is_named():
    (water,) = read(water="450 ppm").water
    assert (water.of, water.fraction) == ("mixture", pytest.approx((4.5e-4, 4.5e-4)))


def test_water_may_be_that_of_several_bottles():
    found = read(water=[{"value": "0.3 %", "of": "acetonitrile"}, {"value": "200..400 ppm", "of": "DMF"}]).water
    assert [w.of for w in found] == ["acetonitrile", "DMF"]
    assert found[1].fraction == pytest.approx((2e-4, 4e-4))


def test_water_without_a_unit_is_refused():
    assert codes(water=450) == {"bare-number"}
    assert codes(water="450") == {"bare-number"}


def test_an_integral_counts_per_proton():
    two, three = read(
        nmr=[{"of": "target", "integral": 2.0, "protons": 2}, {"of": "benzyl bromide", "integral": 1.0, "protons": 2}]
    ).nmr
    assert (two.molar, three.molar) == (1.0, 0.5)
    assert two.sample == "crude"


def test_integrals_and_mol_percent_of_one_sample_are_not_mixed():
    assert codes(nmr=[{"of": "target", "integral": 2, "protons": 2}, {"of": "a", "mol_percent": 20}]) == {
        "mixed-scales"
    }


def test_an_integral_without_its_protons_is_refused():
    assert codes(nmr=[{"of": "target", "integral": 2.0}]) == {"bad-nmr"}


def test_aliquots_are_sorted_by_time():
    found = read(aliquot=[{"at": "4 h", "conversion": "60 %"}, {"at": "30 min", "yield": "5..8 %"}]).aliquots
    assert [a.at for a in found] == [1800.0, 14400.0]
    assert found[0].assay == pytest.approx((0.05, 0.08))


def test_an_aliquot_may_have_peaks_like_the_crude():
    (found,) = read(aliquot=[{"at": "1 h", "peak": [{"mz": [191.154], "area": "40 %"}]}]).aliquots
    assert found.peaks[0].mz == (191.154,)


def test_an_aliquot_that_tells_nothing_is_refused():
    assert codes(aliquot=[{"at": "1 h"}]) == {"empty-aliquot"}
    assert codes(aliquot=[{"conversion": "20 %"}]) == {"bad-quantity"}


def test_two_aliquots_at_one_time_are_refused():
    assert codes(aliquot=[{"at": "1 h", "conversion": "5 %"}, {"at": "60 min", "yield": "4 %"}]) == {"same-time"}


def test_all_that_is_wrong_with_aliquots_is_said_at_once():
    assert codes(aliquot=[{"at": "1 h", "conversion": "120 %"}, {"at": "2 h", "colour": "red"}]) == {
        "out-of-range",
        "unknown-key",
    }
