"""Unit aliases, and quantities between text and number."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TypeAlias

from ringside.errors import BadInput, bad_input

MolAmount: TypeAlias = float
Litre: TypeAlias = float
Second: TypeAlias = float
Kelvin: TypeAlias = float
Gram: TypeAlias = float
Mz: TypeAlias = float


@dataclass(frozen=True, slots=True)
class Span:
    """A quantity known exactly (``low == high``) or to a range."""

    low: float
    high: float

    @property
    def exact(self) -> bool:
        """Say whether the range is a point."""
        return self.low == self.high

    @property
    def mid(self) -> float:
        """Return the geometric middle where both ends are positive, else the arithmetic one."""
        return self.at(0.5)

    def at(self, u: float) -> float:
        """Return the value at quantile ``u`` in [0, 1]: log-uniform where both ends are positive, else uniform.

        >>> round(Span(1.0, 100.0).at(0.5), 9)
        10.0
        """
        if self.exact:
            return self.low
        if self.low > 0:
            return math.exp(math.log(self.low) * (1 - u) + math.log(self.high) * u)
        return self.low * (1 - u) + self.high * u


EXACT_ZERO = Span(0.0, 0.0)
EXACT_ONE = Span(1.0, 1.0)


@dataclass(frozen=True, slots=True)
class UnitTable:
    """One dimension: factors to the inside unit (the usual ones first), an example for messages, and offsets.

    ``signed`` says whether a value may be below zero.
    """

    factors: dict[str, float]
    example: str
    offset: dict[str, float] | None = None
    signed: bool = False


_CELSIUS = ("degC", "°C", "℃", "C")
DIMENSIONS: dict[str, UnitTable] = {
    "time": UnitTable(
        {
            **{"h": 3600.0, "min": 60.0, "s": 1.0, "d": 86400.0},
            **{"hr": 3600.0, "hrs": 3600.0, "hour": 3600.0, "hours": 3600.0},
            **{"mins": 60.0, "minute": 60.0, "minutes": 60.0, "sec": 1.0, "second": 1.0, "seconds": 1.0, "ms": 1e-3},
            **{"day": 86400.0, "days": 86400.0},
        },
        "2 h",
    ),
    "temperature": UnitTable(
        {**dict.fromkeys(_CELSIUS, 1.0), "K": 1.0},
        "80 degC",
        {**dict.fromkeys(_CELSIUS, 273.15), "K": 0.0},
        signed=True,
    ),
    "volume": UnitTable(
        {"mL": 1e-3, "L": 1.0, "uL": 1e-6, "µL": 1e-6, "μL": 1e-6, "ml": 1e-3, "l": 1.0, "cm3": 1e-3, "dm3": 1.0},
        "50 mL",
    ),
    "mass": UnitTable({"g": 1.0, "mg": 1e-3, "kg": 1e3, "ug": 1e-6, "µg": 1e-6, "μg": 1e-6}, "2.4 g"),
    "mol": UnitTable(
        {"mmol": 1e-3, "mol": 1.0, "umol": 1e-6, "µmol": 1e-6, "μmol": 1e-6, "nmol": 1e-9, "kmol": 1e3}, "10 mmol"
    ),
    "concentration": UnitTable(
        {
            **{"mol/L": 1.0, "mmol/L": 1e-3, "M": 1.0, "mM": 1e-3, "mmol/mL": 1.0, "mol/l": 1.0, "mmol/l": 1e-3},
            **{"umol/L": 1e-6, "µmol/L": 1e-6, "μmol/L": 1e-6, "uM": 1e-6, "µM": 1e-6, "μM": 1e-6, "mol/dm3": 1.0},
        },
        "0.2 mol/L",
    ),
    "fraction": UnitTable({"%": 1e-2, "wt%": 1e-2, "percent": 1e-2}, "97 %"),
    "equiv": UnitTable(
        dict.fromkeys(("equiv", "eq", "equiv.", "eq.", "equivs", "equivalent", "equivalents"), 1.0), "1.1 equiv"
    ),
    "mol_fraction": UnitTable({"mol%": 1e-2}, "5 mol%"),
    "wavelength": UnitTable({"nm": 1.0}, "254 nm"),
    "content": UnitTable({"ppm": 1e-6, "%": 1e-2, "wt%": 1e-2, "mg/g": 1e-3}, "450 ppm"),
    "mz_error_ppm": UnitTable({"ppm": 1.0}, "5 ppm"),
    "mz_error_da": UnitTable({"Da": 1.0, "mDa": 1e-3}, "0.3 Da"),
}
_NUMBER = r"[-+]?(?:\d+(?:[.,](?!\.)\d*)?|[.,]\d+)(?:[eE][-+]?\d+)?"
_SINGLE = re.compile(rf"^\s*({_NUMBER})\s*([^\d.,\s].*?)?\s*$")
_RANGE = re.compile(rf"^\s*({_NUMBER})\s*([^\d.,\s][^.]*?)?\s*\.\.\s*({_NUMBER})\s*([^\d.,\s].*?)?\s*$")
_THOUSANDS = re.compile(r"^[-+]?[1-9]\d{0,2},\d{3}$")
_TIMES = re.compile(r"^\s*(\d+)\s*[x×]\s*(\S.*?)\s*$")
_DASH = re.compile(r"^\s*[\d.,]+[^\d.,]*\s*[-–]\s*[\d.,]+")
_SHOWN_UNITS = 6
UNKNOWN = "unknown"


def _number(text: str) -> float:
    return float(text.replace(",", "."))


@dataclass(frozen=True, slots=True)
class _Parts:
    """The words of a quantity: numbers as written, units without spaces."""

    low: str
    high: str
    low_unit: str
    unit: str


def _parts(text: str) -> _Parts | None:
    single, spread = _SINGLE.match(text), _RANGE.match(text)
    if spread is not None:
        low, inner, high, outer = (g or "" for g in spread.groups())
    elif single is not None:
        low, outer = single[1], single[2] or ""
        inner, high = outer, low
    else:
        return None
    inner, outer = inner.replace(" ", ""), outer.replace(" ", "")
    return _Parts(low, high, inner or outer, outer)


def parse_span(text: object, dimension: str, *, file: str = "", field: str = "") -> Span | None:
    """Return a quantity or range in the inside unit of its dimension.

    >>> parse_span("80 degC", "temperature")
    Span(low=353.15, high=353.15)
    >>> parse_span("0.05..0.5 mol/L", "concentration")
    Span(low=0.05, high=0.5)

    Args:
        text: Such as "2 h", "0,5 mL", "20..40 degC", "30 min..2 h" or "unknown".
        dimension: A key of ``DIMENSIONS``.
        file: Named in complaints.
        field: Named in complaints.

    Returns:
        The range, a point for a single number; None for "unknown".

    Raises:
        BadInput: For a bare number, an unknown unit, a reversed range, a value below zero (temperatures apart), or a
            comma that may be a decimal or a thousands mark.
    """
    table = DIMENSIONS[dimension]

    def refuse(code: str, why: str, next_step: str = f'write it like "{table.example}"') -> BadInput:
        units = ", ".join(list(table.factors)[:_SHOWN_UNITS])
        accepted = f'text with a unit, such as "{table.example}" ({units}), a range "a..b unit", or "unknown"'
        return bad_input(code, why, file=file, field=field, value=repr(text), limit=accepted, next_step=next_step)

    if isinstance(text, bool) or not isinstance(text, (str, int, float)):
        raise refuse("bad-quantity", "this is not a quantity")
    if not isinstance(text, str):
        raise refuse("bare-number", "a number without a unit", _with_unit(str(text), table))
    if text.strip() == UNKNOWN:
        return None
    parts = _parts(text)
    if parts is None:
        raise refuse("bad-quantity", "this cannot be read as a quantity")
    fault = _fault(parts, text, dimension)
    if fault is not None:
        raise refuse(*fault)
    low, high = _inside(parts.low, parts.low_unit, table), _inside(parts.high, parts.unit, table)
    if not (math.isfinite(low) and math.isfinite(high)):
        raise refuse("bad-quantity", "not a finite number")
    if low > high:
        raise refuse("reversed-range", "the range runs backwards", "put the smaller number first")
    if low < 0.0 and not table.signed:
        raise refuse("out-of-range", f"a {_named(dimension)} cannot be negative", "write 0 or more")
    return Span(low, high)


def _fault(parts: _Parts, text: str, dimension: str) -> tuple[str, str, str] | None:
    """Return code, fault and next step of numbers or units that cannot be used, or None."""
    table = DIMENSIONS[dimension]
    if not parts.unit:
        return "bare-number", "a number without a unit", _with_unit(text.strip(), table)
    for number in (parts.low, parts.high):
        if _THOUSANDS.match(number):
            plain, decimal = number.replace(",", ""), number.replace(",", ".")
            step = f'write "{plain} {parts.unit}" or "{decimal} {parts.unit}"'
            return "ambiguous-number", f"the comma in {number} may be a decimal or a thousands mark", step
    unknown = next((u for u in (parts.low_unit, parts.unit) if u not in table.factors), None)
    if unknown is None:
        return None
    if _DASH.match(text):
        return "bad-quantity", "a range is written with two dots", f'write it like "20..40 {next(iter(table.factors))}"'
    why = f"the unit {unknown!r} is not one of a {_named(dimension)}{_nearest(unknown, table)}"
    return "unknown-unit", why, f'write it like "{table.example}"'


def _inside(number: str, unit: str, table: UnitTable) -> float:
    return _number(number) * table.factors[unit] + (table.offset or {}).get(unit, 0.0)


def _with_unit(number: str, table: UnitTable) -> str:
    return f'write the unit, such as "{number} {next(iter(table.factors))}"'


def _named(dimension: str) -> str:
    return {"mol": "amount", "equiv": "number of equivalents"}.get(dimension, dimension.replace("_", " "))


def _nearest(unit: str, table: UnitTable) -> str:
    folded = [u for u in table.factors if u.casefold() == unit.casefold()]
    near = folded or get_close_matches(unit, table.factors, n=1)
    return f"; did you mean {near[0]}?" if near else ""


def unit_of(text: object) -> str | None:
    """Return the unit part of a quantity's text without spaces, or None where there is none.

    >>> unit_of("0.05..0.5 mol/L")
    'mol/L'
    """
    parts = _parts(text) if isinstance(text, str) else None
    return (parts.unit or None) if parts else None


def split_times(text: str) -> tuple[int, str]:
    """Return how often, and the rest, of a text such as "3 x 20 mL"; once where it does not say.

    >>> split_times("3 x 20 mL"), split_times("20 mL")
    ((3, '20 mL'), (1, '20 mL'))
    """
    match = _TIMES.match(text)
    return (int(match[1]), match[2]) if match else (1, text)


_SHOWN: dict[str, tuple[tuple[str, float], ...]] = {
    "time": (("d", 172800.0), ("h", 3600.0), ("min", 60.0), ("s", 1.0)),
    "volume": (("L", 1.0), ("mL", 1e-3), ("uL", 1e-6)),
    "mass": (("kg", 1e3), ("g", 1.0), ("mg", 1e-3)),
    "mol": (("mol", 1.0), ("mmol", 1e-3), ("umol", 1e-6)),
    "concentration": (("mol/L", 0.01), ("mmol/L", 1e-3), ("umol/L", 1e-6)),
}


def format_quantity(value: float, dimension: str) -> str:
    """Return a quantity as text that ``parse_span`` reads back to within six digits.

    >>> format_quantity(0.0025, "volume"), format_quantity(298.15, "temperature"), format_quantity(7200.0, "time")
    ('2.5 mL', '25 degC', '2 h')
    """
    table = DIMENSIONS[dimension]
    if dimension == "temperature":
        unit = _CELSIUS[0]
        shift = (table.offset or {})[unit]
        return f"{round(value - shift, 4):.8g} {unit}"
    value = float(f"{value:.6g}")
    scales = _SHOWN.get(dimension, ((next(iter(table.factors)), 0.0),))
    unit = next((u for u, least in scales if abs(value) >= least), scales[-1][0])
    return f"{value / table.factors[unit]:.6g} {unit}"
