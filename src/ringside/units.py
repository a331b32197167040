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
    """One dimension: factors to the inside unit, an example for messages, and whether a bare number is allowed."""

    factors: dict[str, float]
    example: str
    offset: dict[str, float] | None = None


_PREFIXED_VOLUME = {"L": 1.0, "l": 1.0, "mL": 1e-3, "ml": 1e-3, "uL": 1e-6, "µL": 1e-6, "μL": 1e-6}
DIMENSIONS: dict[str, UnitTable] = {
    "time": UnitTable(
        {"s": 1.0, "sec": 1.0, "min": 60.0, "h": 3600.0, "hr": 3600.0, "d": 86400.0, "day": 86400.0, "days": 86400.0},
        "2 h",
    ),
    "temperature": UnitTable(
        {"degC": 1.0, "°C": 1.0, "C": 1.0, "K": 1.0}, "80 degC", {"degC": 273.15, "°C": 273.15, "C": 273.15, "K": 0.0}
    ),
    "volume": UnitTable(_PREFIXED_VOLUME, "50 mL"),
    "mass": UnitTable({"g": 1.0, "mg": 1e-3, "kg": 1e3, "ug": 1e-6, "µg": 1e-6, "μg": 1e-6}, "2.4 g"),
    "mol": UnitTable({"mol": 1.0, "mmol": 1e-3, "umol": 1e-6, "µmol": 1e-6, "μmol": 1e-6, "kmol": 1e3}, "10 mmol"),
    "concentration": UnitTable(
        {
            "mol/L": 1.0,
            "mol/l": 1.0,
            "M": 1.0,
            "mmol/L": 1e-3,
            "mmol/l": 1e-3,
            "mM": 1e-3,
            "mmol/mL": 1.0,
            "umol/L": 1e-6,
        },
        "0.2 mol/L",
    ),
    "fraction": UnitTable({"%": 1e-2}, "97 %"),
    "equiv": UnitTable({"equiv": 1.0, "eq": 1.0, "equivalents": 1.0}, "1.1 equiv"),
    "mol_fraction": UnitTable({"mol%": 1e-2, "mol %": 1e-2}, "5 mol%"),
    "wavelength": UnitTable({"nm": 1.0}, "254 nm"),
    "mz_error_ppm": UnitTable({"ppm": 1.0}, "5 ppm"),
    "mz_error_da": UnitTable({"Da": 1.0, "mDa": 1e-3}, "0.3 Da"),
}
_NUMBER = r"[-+]?(?:\d+(?:[.,](?!\.)\d*)?|[.,]\d+)(?:[eE][-+]?\d+)?"
_QUANTITY = re.compile(rf"^\s*({_NUMBER})(?:\s*\.\.\s*({_NUMBER}))?\s*(.*?)\s*$")
UNKNOWN = "unknown"


def _number(text: str) -> float:
    return float(text.replace(",", "."))


def parse_span(text: object, dimension: str, *, file: str = "", field: str = "") -> Span | None:
    """Return a quantity or range in the inside unit of its dimension.

    >>> parse_span("80 degC", "temperature")
    Span(low=353.15, high=353.15)
    >>> parse_span("0.05..0.5 mol/L", "concentration")
    Span(low=0.05, high=0.5)

    Args:
        text: Such as "2 h", "0,5 mL" or "unknown".
        dimension: A key of ``DIMENSIONS``.
        file: Named in complaints.
        field: Named in complaints.

    Returns:
        The range, a point for a single number; None for "unknown".

    Raises:
        BadInput: For a bare number, an unknown unit, an empty or reversed range.
    """
    table = DIMENSIONS[dimension]

    def refuse(code: str, why: str) -> BadInput:
        accepted = f'text with a unit, such as "{table.example}" ({", ".join(table.factors)}), a range "a..b unit", or "unknown"'
        return bad_input(
            code,
            why,
            file=file,
            field=field,
            value=repr(text),
            limit=accepted,
            next_step=f'write it like "{table.example}"',
        )

    if isinstance(text, bool) or not isinstance(text, (str, int, float)):
        raise refuse("bad-quantity", "this is not a quantity")
    if not isinstance(text, str):
        raise refuse("bare-number", "a number without a unit")
    if text.strip() == UNKNOWN:
        return None
    match = _QUANTITY.match(text)
    if match is None:
        raise refuse("bad-quantity", "this cannot be read as a quantity")
    first, second, unit = match.groups()
    if not unit:
        raise refuse("bare-number", "a number without a unit")
    if unit not in table.factors:
        near = get_close_matches(unit, table.factors, n=1)
        hint = f"; did you mean {near[0]}?" if near else ""
        raise refuse("unknown-unit", f"the unit {unit!r} is not one of a {dimension.replace('_', ' ')}{hint}")
    factor, shift = table.factors[unit], (table.offset or {}).get(unit, 0.0)
    low = _number(first) * factor + shift
    high = _number(second) * factor + shift if second else low
    if not (math.isfinite(low) and math.isfinite(high)):
        raise refuse("bad-quantity", "not a finite number")
    if low > high:
        raise refuse("reversed-range", "the range runs backwards")
    return Span(low, high)


def unit_of(text: object) -> str | None:
    """Return the unit part of a quantity's text, or None where there is none.

    >>> unit_of("0.05..0.5 mol/L")
    'mol/L'
    """
    match = _QUANTITY.match(text) if isinstance(text, str) else None
    return (match.group(3) or None) if match else None


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
    if dimension == "temperature":
        return f"{round(value - 273.15, 4):g} degC"
    if dimension == "fraction":
        return f"{100 * value:.6g} %"
    if dimension in _SHOWN:
        scales = _SHOWN[dimension]
        unit = next((u for u, least in scales if abs(value) >= least), scales[-1][0])
        factor = DIMENSIONS[dimension].factors[unit]
        return f"{value / factor:.6g} {unit}"
    unit = next(iter(DIMENSIONS[dimension].factors))
    return f"{value / DIMENSIONS[dimension].factors[unit]:.6g} {unit}"
