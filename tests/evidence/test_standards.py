"""The keys of [observed] that make amounts absolute."""

from pathlib import Path

import pytest

from ringside.errors import BadInput
from ringside.evidence.observed import read_observed


def read(**table):
    return read_observed(table, file="case.toml", folder=Path("cases"))


@pytest.mark.parametrize(
    ("amount", "value", "unit"),
    [("0.5 equiv", 0.5, "equiv"), ("0.10 mmol", 1e-4, "mol"), ("16.8 mg", 0.0168, "mass")],
)
def test_a_standard_is_read_with_its_amount(amount, value, unit):
    found = read(standard={"species": "biphenyl", "amount": amount, "rt": "4.4 min"}).standard
    assert (found.species, found.unit, found.rt) == ("biphenyl", unit, pytest.approx(264.0))
    assert found.amount == pytest.approx((value, value))


@pytest.mark.parametrize(
    ("factor", "ends"),
    [("1.8", (1.8, 1.8)), (1.8, (1.8, 1.8)), ("1.7..1.9", (1.7, 1.9)), ("1,8 ± 0,1", (1.7, 1.9)), ("2 +/- 1", (1, 3))],
)
def test_a_response_factor_is_a_number_a_range_or_has_an_error(factor, ends):
    (found,) = read(calibration=[{"species": "a", "relative_to": "b", "factor": factor}]).calibrations
    assert found.factor == pytest.approx(ends)


def test_a_single_calibration_may_be_written_as_one_table():
    assert len(read(calibration={"species": "a", "relative_to": "b", "factor": "2"}).calibrations) == 1


@pytest.mark.parametrize(
    ("table", "code", "field"),
    [
        ({"standard": "biphenyl"}, "bad-table", "observed.standard"),
        ({"standard": {"species": "biphenyl", "amount": "0.5"}}, "bare-number", "observed.standard.amount"),
        ({"standard": {"species": "biphenyl", "amount": "5 mL"}}, "unknown-unit", "observed.standard.amount"),
        ({"standard": {"species": "biphenyl", "amount": "0 equiv"}}, "bad-standard", "observed.standard.amount"),
        ({"standard": {"species": "biphenyl", "amount": "unknown"}}, "bad-standard", "observed.standard.amount"),
        ({"standard": {"amount": "1 equiv"}}, "no-species", "observed.standard.species"),
        ({"standard": {"species": "x", "amount": "1 equiv", "mass": 1}}, "unknown-key", "observed.standard.mass"),
        ({"calibration": [{"species": "a", "relative_to": "b"}]}, "bad-factor", "observed.calibration[1].factor"),
        ({"calibration": [{"species": "a", "relative_to": "b", "factor": "-1"}]}, "bad-factor", "observed.calibration[1].factor"),
        ({"calibration": [{"species": "a", "relative_to": "b", "factor": "2..1"}]}, "bad-factor", "observed.calibration[1].factor"),
        ({"calibration": [{"species": "a", "relative_to": "b", "factor": "1 ± 2"}]}, "bad-factor", "observed.calibration[1].factor"),
        ({"calibration": [{"species": "a", "factor": "1"}]}, "no-species", "observed.calibration[1].relative_to"),
        ({"calibration": [3]}, "bad-table", "observed.calibration[1]"),
    ],
)  # fmt: skip
def test_what_is_no_standard_or_calibration_is_refused_by_name(table, code, field):
    with pytest.raises(BadInput) as caught:
        read(**table)
    assert (code, field) in {(c.code, c.field) for c in caught.value.complaints}
