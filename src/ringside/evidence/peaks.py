"""Peaks typed by hand into a case file."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, cast

from ringside.errors import BadInput, Complaint, bad_input
from ringside.evidence.nouns import Peak
from ringside.record.toml import unknown_keys
from ringside.units import parse_span

PEAK_KEYS = ("rt", "mz", "area", "heights", "load_exponent", "exchange", "fragments", "second_rt")
MOST_EXPONENT, MOST_EXCHANGE = 4.0, 40.0
AREA_SUM = 1.02


def read_peaks(raw: object, within: str, file: str, prefix: str = "p") -> tuple[Peak, ...]:
    """Return peaks typed by hand.

    Args:
        raw: The list of tables.
        within: Field that holds them, such as ``observed.peak``.
        file: Named in complaints.
        prefix: Their ids are it and their number.

    Raises:
        BadInput: With every complaint about them at once.
    """
    if not isinstance(raw, list):
        raise bad_input("bad-peaks", f"peaks are written as [[{within}]]", file=file, field=within, value=repr(raw))
    complaints: list[Complaint] = []
    peaks: list[Peak] = []
    for number, item in enumerate(cast("list[object]", raw), start=1):
        try:
            peaks.append(_peak(item, f"{within}[{number}]", f"{prefix}{number}", file))
        except BadInput as error:
            complaints.extend(error.complaints)
    total = math.fsum(p.area for p in peaks if p.area is not None)
    if total > AREA_SUM:
        complaints.append(
            Complaint(
                "bad-areas",
                "the areas add up to more than 100 %",
                file=file,
                field=within,
                value=f"{100 * total:.4g} %",
                next_step="give area percent of one detector channel",
            )
        )
    if complaints:
        raise BadInput(*complaints)
    return tuple(peaks)


def _peak(raw: object, field: str, name: str, file: str) -> Peak:
    item = cast("Mapping[str, Any]", raw) if isinstance(raw, Mapping) else {}
    complaints = unknown_keys(item, PEAK_KEYS, file=file, field=field)
    if complaints:
        raise BadInput(*complaints)
    if not item:
        raise bad_input("empty-peak", "nothing is said of this peak", file=file, field=field, limit="rt, mz, area")
    rt = parse_span(item["rt"], "time", file=file, field=f"{field}.rt") if "rt" in item else None
    area = parse_span(item["area"], "fraction", file=file, field=f"{field}.area") if "area" in item else None
    second = (
        parse_span(item["second_rt"], "time", file=file, field=f"{field}.second_rt") if "second_rt" in item else None
    )
    for key, found, most in (("rt", rt, math.inf), ("area", area, AREA_SUM), ("second_rt", second, math.inf)):
        if found is not None and (found.low < 0 or found.high > most):
            raise bad_input("out-of-range", "this cannot be", file=file, field=f"{field}.{key}", value=str(item[key]))
    masses = _numbers(
        item, "mz", field, file, "m/z is a list of numbers, strongest first", "such as [191.154, 213.136]"
    )
    heights = _numbers(
        item, "heights", field, file, "heights belong to mz, one each", "such as [100, 14] for mz = [191.2, 192.2]"
    )
    if heights and (len(heights) != len(masses) or max(heights) > heights[0]):
        raise bad_input(
            "bad-heights",
            "heights belong to mz, one each, the strongest first",
            file=file,
            field=f"{field}.heights",
            value=repr(item["heights"]),
            limit=f"{len(masses)} numbers, the first the highest",
        )
    return Peak(
        id=name,
        rt=rt.mid if rt else None,
        mz=masses,
        area=area.mid if area else None,
        intensity=tuple(h / heights[0] for h in heights),
        source="case",
        load_exponent=_bounded(item, "load_exponent", MOST_EXPONENT, field, file),
        exchange=_bounded(item, "exchange", MOST_EXCHANGE, field, file),
        fragments=_fragments(item.get("fragments", []), f"{field}.fragments", file),
        second_rt=second.mid if second else None,
    )


def _numbers(item: Mapping[str, Any], key: str, field: str, file: str, text: str, limit: str) -> tuple[float, ...]:
    """Return positive numbers, one or a list."""
    value: object = item.get(key, [])
    found = cast("list[object]", value) if isinstance(value, list) else [value]
    if not all(is_positive(m) for m in found):
        raise bad_input(f"bad-{key}", text, file=file, field=f"{field}.{key}", value=repr(value), limit=limit)
    return tuple(float(cast(float, m)) for m in found)


def is_positive(value: object) -> bool:
    """Say whether a value is a positive number."""
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value) and value > 0


def _bounded(item: Mapping[str, Any], key: str, most: float, field: str, file: str) -> float | None:
    value: object = item.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= most:
        raise bad_input(
            "out-of-range",
            "this cannot be",
            file=file,
            field=f"{field}.{key}",
            value=repr(value),
            limit=f"0 to {most:g}",
        )
    return float(value)


def _fragments(raw: object, field: str, file: str) -> tuple[tuple[float, float], ...]:
    """Return MS/MS lines (m/z, height relative to the strongest) of m/z alone or pairs of m/z and height."""
    found: list[tuple[float, float]] = []
    for item in cast("list[object]", raw) if isinstance(raw, list) else [raw]:
        pair = cast("list[object]", item) if isinstance(item, list) else [item, 1.0]
        if len(pair) != 2 or not all(is_positive(x) for x in pair):
            raise bad_input(
                "bad-fragments",
                "fragments are m/z, or pairs of m/z and height",
                file=file,
                field=field,
                value=repr(item),
                limit="[91.054, 70.065] or [[91.054, 100], [70.065, 12]]",
            )
        found.append((float(cast(float, pair[0])), float(cast(float, pair[1]))))
    top = max((h for _, h in found), default=1.0)
    return tuple(sorted((m, h / top) for m, h in found))
