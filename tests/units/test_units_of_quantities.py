"""Quantities between text and number: the case grammar, its refusals, pint as the oracle."""

import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringside.errors import BadInput
from ringside.units import DIMENSIONS, Span, format_quantity, parse_span, split_times, unit_of

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import pint

INSIDE = {
    "time": "second",
    "temperature": "kelvin",
    "volume": "liter",
    "mass": "gram",
    "mol": "mole",
    "concentration": "mole/liter",
    "wavelength": "nanometer",
    "mz_error_da": "dalton",
}
PINT_WORDS = {
    "°C": "degC", "℃": "degC", "C": "degC", "h": "hour", "hr": "hour", "hrs": "hour", "mins": "minute", "min": "minute",
    "sec": "second", "d": "day", "M": "mole/liter", "mM": "millimole/liter", "uM": "micromole/liter",
    "µM": "micromole/liter", "μM": "micromole/liter", "cm3": "centimeter**3", "dm3": "decimeter**3",
    "mol/dm3": "mole/decimeter**3", "Da": "dalton", "mDa": "millidalton",
}  # fmt: skip
PRINTED = ("time", "volume", "mass", "mol", "concentration", "fraction", "equiv", "mol_fraction", "wavelength")
NUMBERS = st.floats(min_value=1e-6, max_value=1e6)


@pytest.fixture(scope="module")
def registry() -> pint.UnitRegistry:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return pint.UnitRegistry()


def refusal(text: object, dimension: str):
    with pytest.raises(BadInput) as caught:
        parse_span(text, dimension, file="case.toml", field="conditions.time")
    (complaint,) = caught.value.complaints
    assert (complaint.file, complaint.field) == ("case.toml", "conditions.time")
    assert complaint.limit
    assert complaint.next_step
    return complaint


def point(text: str, dimension: str) -> float:
    span = parse_span(text, dimension)
    assert span is not None
    assert span.exact
    return span.low


@pytest.mark.parametrize(("dimension", "unit"), [(d, u) for d in INSIDE for u in DIMENSIONS[d].factors])
def test_every_unit_means_what_pint_says_it_means(registry, dimension, unit):
    oracle = registry.Quantity(2.5, PINT_WORDS.get(unit, unit)).to(INSIDE[dimension]).magnitude
    assert point(f"2.5 {unit}", dimension) == pytest.approx(oracle, rel=1e-12)


@pytest.mark.parametrize(
    ("text", "dimension", "value"),
    [
        ("80 degC", "temperature", 353.15),
        ("-78degC", "temperature", 195.15),
        ("25 deg C", "temperature", 298.15),
        ("50 mmol/L", "concentration", 0.05),
        ("0,5 mL", "volume", 5e-4),
        ("0,125 mL", "volume", 1.25e-4),
        ("1e3 mL", "volume", 1.0),
        ("97 %", "fraction", 0.97),
        ("97%", "fraction", 0.97),
        ("1.1 eq.", "equiv", 1.1),
        ("5 mol%", "mol_fraction", 0.05),
        ("5 mol %", "mol_fraction", 0.05),
        ("  2 h ", "time", 7200.0),
        ("250 µL", "volume", 2.5e-4),
        ("250 μL", "volume", 2.5e-4),
    ],
)
def test_a_number_with_its_unit_is_read(text, dimension, value):
    assert point(text, dimension) == pytest.approx(value, rel=1e-12)


@pytest.mark.parametrize(
    ("text", "dimension", "low", "high"),
    [
        ("0.05..0.5 mol/L", "concentration", 0.05, 0.5),
        ("15..110 degC", "temperature", 288.15, 383.15),
        ("-78..-20 degC", "temperature", 195.15, 253.15),
        ("0 degC .. 25 degC", "temperature", 273.15, 298.15),
        ("30 min..2 h", "time", 1800.0, 7200.0),
        ("1..2 mL", "volume", 1e-3, 2e-3),
        ("0,5..0,7 mL", "volume", 5e-4, 7e-4),
        (".5...7 mL", "volume", 5e-4, 7e-4),
    ],
)
def test_a_range_is_read_whole(text, dimension, low, high):
    span = parse_span(text, dimension)
    assert span is not None
    assert (span.low, span.high) == pytest.approx((low, high), rel=1e-12)


def test_unknown_is_none():
    assert parse_span("unknown", "time") is None
    assert parse_span(" unknown ", "temperature") is None


@pytest.mark.parametrize("number", [80, 80.0, "80", "20..30"])
def test_a_bare_number_is_refused_and_the_right_spelling_shown(number):
    complaint = refusal(number, "temperature")
    assert complaint.code == "bare-number"
    assert f"{number} degC" in complaint.next_step


@pytest.mark.parametrize(
    ("text", "dimension", "code", "word"),
    [
        ("50 mmo/L", "concentration", "unknown-unit", "mmol/L"),
        ("50 ML", "volume", "unknown-unit", "mL"),
        ("5 mol", "fraction", "unknown-unit", "fraction"),
        ("5 degC..6 h", "temperature", "unknown-unit", "'h'"),
        ("2..1 h", "time", "reversed-range", "backwards"),
        ("2 h..1 min", "time", "reversed-range", "backwards"),
        ("1e400 h", "time", "bad-quantity", "finite"),
        ("nan h", "time", "bad-quantity", "read"),
        ("room temperature", "temperature", "bad-quantity", "read"),
        ("", "time", "bad-quantity", "read"),
        ("20-40 degC", "temperature", "bad-quantity", "two dots"),
        ("1,000 mL", "volume", "ambiguous-number", "thousands"),
        ("1.234,5 mL", "volume", "bad-quantity", "read"),
        ("-5 mL", "volume", "out-of-range", "negative"),
        ("-1..2 h", "time", "out-of-range", "negative"),
        (True, "time", "bad-quantity", "not a quantity"),
        (["2 h"], "time", "bad-quantity", "not a quantity"),
    ],
)
def test_what_cannot_be_meant_is_refused(text, dimension, code, word):
    complaint = refusal(text, dimension)
    assert complaint.code == code
    assert word in complaint.text
    assert complaint.value == repr(text)


def test_a_thousands_comma_is_never_taken_for_a_decimal_one():
    complaint = refusal("1,000 mL", "volume")
    assert '"1000 mL"' in complaint.next_step
    assert '"1.000 mL"' in complaint.next_step


@given(value=NUMBERS, dimension=st.sampled_from(PRINTED))
def test_what_is_printed_reads_back_to_six_digits(value, dimension):
    assert point(format_quantity(value, dimension), dimension) == pytest.approx(value, rel=1e-5)


@given(value=st.floats(min_value=1.0, max_value=2000.0))
def test_a_printed_temperature_reads_back_to_a_tenth_of_a_millikelvin(value):
    assert point(format_quantity(value, "temperature"), "temperature") == pytest.approx(value, abs=1e-4)


@given(value=NUMBERS, dimension=st.sampled_from((*PRINTED, "temperature")))
def test_printing_what_was_read_changes_no_character(value, dimension):
    text = format_quantity(value, dimension)
    assert format_quantity(point(text, dimension), dimension) == text


@given(low=NUMBERS, factor=st.floats(1.0, 1e3), u=st.floats(0.0, 1.0), v=st.floats(0.0, 1.0))
def test_a_quantile_of_a_range_lies_in_it_and_rises(low, factor, u, v):
    span = Span(low, low * factor)
    a, b = sorted((u, v))
    slack = 1 + 1e-12
    assert span.low / slack <= span.at(a) <= span.at(b) * slack <= span.high * slack * slack


def test_a_range_from_zero_is_sampled_evenly_and_one_above_zero_by_its_logarithm():
    assert Span(0.0, 2.0).at(0.25) == pytest.approx(0.5)
    assert Span(1.0, 16.0).at(0.25) == pytest.approx(2.0)


def test_the_unit_of_a_text_is_found_without_reading_the_number():
    assert unit_of("0.05..0.5 mol/L") == "mol/L"
    assert unit_of("5 mol %") == "mol%"
    assert unit_of("80") is None
    assert unit_of(80) is None


def test_repeats_are_split_off():
    assert split_times("3 x 20 mL") == (3, "20 mL")
    assert split_times("2×0,5 L") == (2, "0,5 L")
    assert split_times("20 mL") == (1, "20 mL")
