"""The keys of [observed] by which amounts become absolute: an internal standard, and response factors."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, cast

from ringside.errors import BadInput, Complaint, bad_input
from ringside.evidence.nouns import Calibration, Standard, StandardUnit
from ringside.record.toml import unknown_keys
from ringside.units import DIMENSIONS, parse_span, unit_of

_FACTOR = re.compile(r"^\s*(\d+(?:[.,]\d+)?)\s*(?:\.\.\s*(\d+(?:[.,]\d+)?))?\s*$")
_WITH_ERROR = re.compile(r"^\s*(\d+(?:[.,]\d+)?)\s*(?:±|\+/-|\+-)\s*(\d+(?:[.,]\d+)?)\s*$")
UNITS: tuple[StandardUnit, ...] = ("equiv", "mol", "mass")
STANDARD = '{ species = "1,3,5-trimethoxybenzene", amount = "0.5 equiv" }'
CALIBRATION = '{ species = "product", relative_to = "1,3,5-trimethoxybenzene", factor = "1.7..1.9" }'


def read_standard(raw: object, file: str) -> Standard | None:
    """Return the internal standard of ``observed.standard``: its name, how much of it was added, and its retention time.

    Args:
        raw: The table, or None where there is none.
        file: Named in complaints.

    Raises:
        BadInput: If species or amount is missing, or the amount is no positive equiv, mol or mass.
    """
    field = "observed.standard"
    if raw is None:
        return None
    table = _table(raw, ("species", "amount", "rt"), field, STANDARD, file)
    species = _name(table, "species", field, STANDARD, file)
    text = table.get("amount")
    unit = _unit(text)
    found = parse_span(text, unit, file=file, field=f"{field}.amount")
    if found is None or found.low <= 0:
        raise bad_input(
            "bad-standard",
            "a standard is of use only when its amount is known",
            file=file,
            field=f"{field}.amount",
            value=repr(text),
            limit='"0.5 equiv", "0.10 mmol" or "16.8 mg", as added to the whole reaction mixture',
        )
    rt = parse_span(table["rt"], "time", file=file, field=f"{field}.rt") if "rt" in table else None
    return Standard(species, (found.low, found.high), unit, rt.mid if rt is not None else None)


def _unit(text: object) -> StandardUnit:
    """Return what an amount is given in; equivalents where that is not plain, so that the complaint is about them."""
    for unit in UNITS:
        if unit_of(text) in DIMENSIONS[unit].factors:
            return unit
    return "equiv"


def read_calibrations(raw: object, file: str) -> tuple[Calibration, ...]:
    """Return the relative response factors of ``[[observed.calibration]]``.

    Args:
        raw: The list of tables.
        file: Named in complaints.

    Raises:
        BadInput: If one is incomplete, or its factor is no positive number or range.
    """
    complaints: list[Complaint] = []
    found: list[Calibration] = []
    for number, item in enumerate(cast("list[object]", raw) if isinstance(raw, list) else [raw], start=1):
        field = f"observed.calibration[{number}]"
        try:
            found.append(_calibration(item, field, file))
        except BadInput as error:
            complaints.extend(error.complaints)
    if complaints:
        raise BadInput(*complaints)
    return tuple(found)


def _calibration(raw: object, field: str, file: str) -> Calibration:
    table = _table(raw, ("species", "relative_to", "factor"), field, CALIBRATION, file)
    species = _name(table, "species", field, CALIBRATION, file)
    reference = _name(table, "relative_to", field, CALIBRATION, file)
    return Calibration(species, reference, _factor(table.get("factor"), f"{field}.factor", file))


def _factor(value: object, field: str, file: str) -> tuple[float, float]:
    """Return a number, or the ends of a range: "1.8", "1.7..1.9", "1.8 ± 0.1"; a factor has no unit."""
    text = str(value) if isinstance(value, (int, float, str)) and not isinstance(value, bool) else ""
    spread, around = _FACTOR.match(text), _WITH_ERROR.match(text)
    low = high = 0.0
    if around is not None:
        middle, error = (float(g.replace(",", ".")) for g in around.groups())
        low, high = middle - error, middle + error
    elif spread is not None:
        low = float(spread[1].replace(",", "."))
        high = float((spread[2] or spread[1]).replace(",", "."))
    if not 0 < low <= high:
        raise bad_input(
            "bad-factor",
            "a response factor is a positive number or range: area per mol, relative to the other species",
            file=file,
            field=field,
            value=repr(value),
            limit='"1.8", "1.7..1.9" or "1.8 ± 0.1"',
        )
    return low, high


def _table(raw: object, keys: tuple[str, ...], field: str, example: str, file: str) -> Mapping[str, Any]:
    if not isinstance(raw, Mapping):
        raise bad_input("bad-table", "a table is asked for", file=file, field=field, value=repr(raw), limit=example)
    table = cast("Mapping[str, Any]", raw)
    complaints = unknown_keys(table, keys, file=file, field=field)
    if complaints:
        raise BadInput(*complaints)
    return table


def _name(table: Mapping[str, Any], key: str, field: str, example: str, file: str) -> str:
    value: object = table.get(key)
    if not isinstance(value, str) or not value.strip():
        raise bad_input(
            "no-species",
            "a species is named by a charge, a catalogue name or SMILES",
            file=file,
            field=f"{field}.{key}",
            value=repr(value),
            limit=example,
        )
    return value.strip()
