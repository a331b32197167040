"""Observations typed by hand beside peaks: pH, Karl Fischer water, NMR integrals, and aliquots taken on the way."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, TypeVar, cast

from ringside.errors import BadInput, Complaint, bad_input
from ringside.evidence.nouns import Aliquot, NmrSignal, WaterContent
from ringside.evidence.peaks import is_positive, read_peaks
from ringside.record.toml import unknown_keys
from ringside.units import parse_span

T = TypeVar("T")
_PH = re.compile(r"^\s*(\d+(?:[.,]\d+)?)\s*(?:(?:\.\.|-)\s*(\d+(?:[.,]\d+)?))?\s*$")
MIXTURE = "mixture"
PH = '7.5, "3" or "3..4"'
WATER = '"450 ppm", or { value = "450 ppm", of = "acetonitrile" }'
NMR = '{ of = "target", integral = 2.00, protons = 2 } or { of = "target", mol_percent = 62 }'
ALIQUOT = '{ at = "2 h", conversion = "35 %" }'


def read_ph(raw: object, file: str) -> tuple[float, float] | None:
    """Return the pH of ``observed.ph``: a number, or text with a number or a range.

    Raises:
        BadInput: If it is none, or lies outside 0 to 14.
    """
    if raw is None:
        return None
    text = str(raw) if isinstance(raw, (int, float, str)) and not isinstance(raw, bool) else ""
    match = _PH.match(text)
    low, high = (float((match[k] or match[1]).replace(",", ".")) for k in (1, 2)) if match else (-1.0, -1.0)
    if not 0 <= low <= high <= 14:
        raise bad_input(
            "bad-ph", "a pH lies between 0 and 14", file=file, field="observed.ph", value=repr(raw), limit=PH
        )
    return low, high


def read_water(raw: object, file: str) -> tuple[WaterContent, ...]:
    """Return the water contents of ``observed.water``: of the mixture where nothing else is named.

    Raises:
        BadInput: If one is no content between 0 and 100 %.
    """
    return _each(raw, "observed.water", _water, file)


def _water(item: object, field: str, file: str) -> WaterContent:
    table: Mapping[str, Any] = (
        {"value": item} if isinstance(item, (str, int, float)) else _table(item, field, WATER, file)
    )
    _known(table, ("value", "of"), field, file)
    of: object = table.get("of", MIXTURE)
    found = parse_span(table.get("value"), "content", file=file, field=f"{field}.value")
    if not isinstance(of, str) or not of.strip() or found is None or found.high > 1:
        raise bad_input(
            "bad-water",
            "a water content names what was titrated",
            file=file,
            field=field,
            value=repr(item),
            limit=WATER,
        )
    return WaterContent(of.strip(), (found.low, found.high))


def read_nmr(raw: object, file: str) -> tuple[NmrSignal, ...]:
    """Return the integrals of ``[[observed.nmr]]`` as molar amounts on one common scale for each sample.

    Raises:
        BadInput: If one has no species or no positive integral, or integrals and mol % of one sample are mixed.
    """
    found = _each(raw, "observed.nmr", _signal, file)
    tables = cast("list[Mapping[str, Any]]", raw if isinstance(raw, list) else [raw])
    for sample in ("crude", "mixture"):
        scales = {"mol_percent" in t for t, s in zip(tables, found, strict=True) if s.sample == sample}
        if len(scales) > 1:
            raise bad_input(
                "mixed-scales",
                "integrals and mol % of one sample have no common scale",
                file=file,
                field="observed.nmr",
                limit=NMR,
                next_step="give all of one sample as integrals with protons, or all as mol_percent",
            )
    return found


def _signal(item: object, field: str, file: str) -> NmrSignal:
    table = _table(item, field, NMR, file)
    _known(table, ("of", "integral", "protons", "mol_percent", "sample"), field, file)
    of, sample = table.get("of"), table.get("sample", "crude")
    share, integral, protons = table.get("mol_percent"), table.get("integral"), table.get("protons")
    by_share = is_positive(share) and integral is None and protons is None
    by_integral = is_positive(integral) and is_positive(protons) and share is None
    if not isinstance(of, str) or not of.strip() or not (by_share or by_integral):
        raise bad_input(
            "bad-nmr",
            "an integral names its species and how many protons it stands for",
            file=file,
            field=field,
            value=repr(item),
            limit=NMR,
        )
    if sample not in ("crude", "mixture"):
        raise bad_input(
            "bad-sample",
            "no such sample",
            file=file,
            field=f"{field}.sample",
            value=repr(sample),
            limit='"crude" (after work-up) or "mixture" (as it was, no acid)',
        )
    molar = float(cast(float, share)) if by_share else float(cast(float, integral)) / float(cast(float, protons))
    return NmrSignal(of.strip(), molar, sample)


def read_aliquots(raw: object, file: str) -> tuple[Aliquot, ...]:
    """Return the samples of ``[[observed.aliquot]]``, by time.

    Raises:
        BadInput: If one has no time or tells nothing, or two have the same time.
    """
    found = _each(raw, "observed.aliquot", _aliquot, file)
    twice = sorted({a.at for a in found if sum(b.at == a.at for b in found) > 1})
    if twice:
        raise bad_input(
            "same-time",
            "two aliquots have the same time",
            file=file,
            field="observed.aliquot",
            value=f"{twice[0] / 3600:.3g} h",
            next_step="put what was seen at one time into one [[observed.aliquot]]",
        )
    return tuple(sorted(found, key=lambda a: a.at))


def _aliquot(item: object, field: str, file: str) -> Aliquot:
    table = _table(item, field, ALIQUOT, file)
    _known(table, ("at", "conversion", "yield", "peak"), field, file)
    at = parse_span(table.get("at"), "time", file=file, field=f"{field}.at")
    spans: dict[str, tuple[float, float] | None] = {"conversion": None, "yield": None}
    for key in spans:
        span = parse_span(table[key], "fraction", file=file, field=f"{field}.{key}") if key in table else None
        if span is not None and span.high > 1:
            raise bad_input(
                "out-of-range",
                "this cannot be",
                file=file,
                field=f"{field}.{key}",
                value=str(table[key]),
                limit="0 % to 100 %",
            )
        spans[key] = (span.low, span.high) if span is not None else None
    peaks = read_peaks(table.get("peak", []), f"{field}.peak", file)
    if at is None or not (peaks or any(spans.values())):
        raise bad_input(
            "empty-aliquot",
            "an aliquot has a time, and a conversion, a yield or peaks",
            file=file,
            field=field,
            value=repr(item),
            limit=ALIQUOT,
        )
    return Aliquot(at.mid, spans["conversion"], spans["yield"], peaks)


def _each(raw: object, field: str, read: Callable[[object, str, str], T], file: str) -> tuple[T, ...]:
    """Read one item or each of a list, with every complaint at once."""
    items = cast("list[object]", raw) if isinstance(raw, list) else [raw]
    complaints: list[Complaint] = []
    found: list[T] = []
    for number, item in enumerate(items, start=1):
        try:
            found.append(read(item, f"{field}[{number}]" if isinstance(raw, list) else field, file))
        except BadInput as error:
            complaints.extend(error.complaints)
    if complaints:
        raise BadInput(*complaints)
    return tuple(found)


def _table(item: object, field: str, example: str, file: str) -> Mapping[str, Any]:
    if not isinstance(item, Mapping):
        raise bad_input("bad-table", "a table is asked for", file=file, field=field, value=repr(item), limit=example)
    return cast("Mapping[str, Any]", item)


def _known(table: Mapping[str, Any], keys: tuple[str, ...], field: str, file: str) -> None:
    complaints = unknown_keys(table, keys, file=file, field=field)
    if complaints:
        raise BadInput(*complaints)
