"""The [observed] part of a case file."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar, cast

from ringside.errors import BadInput, Complaint, bad_input
from ringside.evidence.nouns import Dilution, Instrument, Observed, Peak
from ringside.evidence.standards import read_calibrations, read_standard
from ringside.record.toml import unknown_keys
from ringside.units import Span, parse_span, unit_of

T = TypeVar("T")
KEYS = (
    "isolated_yield",
    "conversion",
    "crude_mass",
    "absent",
    "notes",
    "lcms",
    "dilution",
    "instrument",
    "peak",
    "standard",
    "calibration",
)
INSTRUMENT_KEYS = ("polarity", "mz_error", "eluent_ph", "uv", "sampled_at", "second_ph")
PEAK_KEYS = ("rt", "mz", "area", "heights", "load_exponent", "exchange", "fragments", "second_rt")
MOST_EXPONENT, MOST_EXCHANGE = 4.0, 40.0
LARGEST = {"isolated_yield": (1.5, "0 % to 150 %"), "conversion": (1.0, "0 % to 100 %")}
DEFAULT_ERROR_DA = 0.3
AREA_SUM = 1.02


def read_observed(raw: Mapping[str, Any], *, file: str, folder: Path) -> Observed:
    """Return the observations of a case; files are named, not opened.

    Args:
        raw: The [observed] table.
        file: Named in complaints.
        folder: Where file names in it start.

    Returns:
        What was seen; entries that are left out were not looked for.

    Raises:
        BadInput: With every complaint at once.
    """
    if not isinstance(cast(object, raw), Mapping):
        raise bad_input("bad-observed", "a table is asked for", file=file, field="observed", value=repr(raw))
    complaints: list[Complaint] = unknown_keys(raw, KEYS, file=file, field="observed")

    def attempt(work: Callable[[], T], fallback: T) -> T:
        try:
            return work()
        except BadInput as error:
            complaints.extend(error.complaints)
            return fallback

    def span(key: str, dimension: str) -> tuple[float, float] | None:
        return attempt(lambda: _span(raw, key, dimension, file), None) if key in raw else None

    peaks = attempt(lambda: _peaks(raw.get("peak", []), file), ())
    lcms, well, blank = attempt(lambda: _lcms(raw.get("lcms"), file), (None, None, None))
    dilutions = attempt(lambda: _dilutions(raw.get("dilution", []), file, folder), ())
    if lcms is not None and peaks:
        complaints.append(
            Complaint(
                "two-sources",
                "peaks are typed and a file is named as well",
                file=file,
                field="observed.lcms",
                value=lcms,
                next_step="keep one of the two",
            )
        )
    observed = Observed(
        isolated_yield=span("isolated_yield", "fraction"),
        conversion=span("conversion", "fraction"),
        crude_mass=span("crude_mass", "mass"),
        absent=attempt(lambda: _texts(raw, "absent", file), ()),
        notes=attempt(lambda: _texts(raw, "notes", file), ()),
        instrument=attempt(lambda: _instrument(raw.get("instrument", {}), file), Instrument()),
        peaks=peaks,
        lcms_file=str(folder / lcms) if lcms is not None else None,
        lcms_well=well,
        lcms_blank=str(folder / blank) if blank is not None else None,
        dilutions=dilutions,
        standard=attempt(lambda: read_standard(raw.get("standard"), file), None),
        calibrations=attempt(lambda: read_calibrations(raw.get("calibration", []), file), ()),
    )
    if any(p.second_rt is not None for p in peaks) and None in (
        observed.instrument.eluent_ph,
        observed.instrument.second_ph,
    ):
        complaints.append(
            Complaint(
                "no-second-ph",
                "a time in a second eluent says something only with the pH of both",
                file=file,
                field="observed.instrument.second_ph",
                limit="{ eluent_ph = 2.7, second_ph = 10.0 }",
            )
        )
    if complaints:
        raise BadInput(*complaints)
    return observed


def _span(raw: Mapping[str, Any], key: str, dimension: str, file: str) -> tuple[float, float] | None:
    field = f"observed.{key}"
    found = parse_span(raw[key], dimension, file=file, field=field)
    if found is None:
        return None
    most, text = LARGEST.get(key, (math.inf, "0 or more"))
    if found.low < 0 or found.high > most:
        raise bad_input("out-of-range", "this cannot be", file=file, field=field, value=str(raw[key]), limit=text)
    return found.low, found.high


def _texts(raw: Mapping[str, Any], key: str, file: str) -> tuple[str, ...]:
    value: object = raw.get(key, [])
    items = cast("list[object]", value) if isinstance(value, list) else [value]
    if not all(isinstance(i, str) and i.strip() for i in items):
        raise bad_input(
            "bad-list",
            "a list of texts is asked for",
            file=file,
            field=f"observed.{key}",
            value=repr(value),
            limit='such as ["starting material"]',
        )
    return tuple(str(i) for i in items)


def _lcms(value: object, file: str) -> tuple[str | None, str | None, str | None]:
    """Return file, well and blank."""
    if value is None or (isinstance(value, str) and value.strip()):
        return value, None, None
    if isinstance(value, Mapping):
        table = cast("Mapping[str, object]", value)
        complaints = unknown_keys(table, ("file", "well", "blank"), file=file, field="observed.lcms")
        if complaints:
            raise BadInput(*complaints)
        name, well, blank = table.get("file"), table.get("well"), table.get("blank")
        texts = all(x is None or (isinstance(x, str) and x.strip()) for x in (well, blank))
        if isinstance(name, str) and name.strip() and texts:
            return name, cast("str | None", well), cast("str | None", blank)
    raise bad_input(
        "bad-lcms",
        "this names no file",
        file=file,
        field="observed.lcms",
        value=repr(value),
        limit='"crude.mzML", { file = "plate.rpt", well = "4:18" } or { file = "crude.mzML", blank = "blank.mzML" }',
    )


def _dilutions(raw: object, file: str, folder: Path) -> tuple[Dilution, ...]:
    """Return further injections of the same sample at other loads."""
    found: list[Dilution] = []
    for number, item in enumerate(cast("list[object]", raw) if isinstance(raw, list) else [raw], start=1):
        field = f"observed.dilution[{number}]"
        table = cast("Mapping[str, object]", item) if isinstance(item, Mapping) else {}
        complaints = unknown_keys(table, ("lcms", "load"), file=file, field=field)
        if complaints:
            raise BadInput(*complaints)
        name, load = table.get("lcms"), table.get("load")
        if not isinstance(name, str) or not name.strip() or not _is_positive(load) or load == 1:
            raise bad_input(
                "bad-dilution",
                "a dilution names a file and its load relative to the main injection",
                file=file,
                field=field,
                value=repr(item),
                limit='{ lcms = "crude-1to10.mzML", load = 0.1 }',
            )
        found.append(Dilution(str(folder / name), float(cast(float, load))))
    return tuple(found)


def _instrument(raw: object, file: str) -> Instrument:
    field = "observed.instrument"
    if not isinstance(raw, Mapping):
        raise bad_input(
            "bad-instrument",
            "a table is asked for",
            file=file,
            field=field,
            value=repr(raw),
            limit='{ polarity = "positive", mz_error = "5 ppm", eluent_ph = 2.7, uv = "254 nm", sampled_at = "16 h" }',
        )
    table = cast("Mapping[str, Any]", raw)
    complaints = unknown_keys(table, INSTRUMENT_KEYS, file=file, field=field)
    if complaints:
        raise BadInput(*complaints)
    error, unit = _mass_error(table, file)
    return Instrument(
        _polarity(str(table.get("polarity", "positive")), file),
        error,
        unit,
        _eluent_ph(table.get("eluent_ph"), "eluent_ph", file),
        _middle(table, "uv", "wavelength", file),
        _middle(table, "sampled_at", "time", file),
        _eluent_ph(table.get("second_ph"), "second_ph", file),
    )


def _polarity(text: str, file: str) -> str:
    if text != "positive":
        negative = text.casefold().startswith("neg")
        raise bad_input(
            "negative-mode" if negative else "bad-polarity",
            "negative mode is not read: amines and their side-products hardly show in it"
            if negative
            else "no such polarity",
            file=file,
            field="observed.instrument.polarity",
            value=text,
            limit="positive",
            next_step="take the positive-mode masses, or leave m/z out and give retention times and areas",
        )
    return text


def _mass_error(table: Mapping[str, Any], file: str) -> tuple[float, str]:
    """Return the mass error and its unit, that of a unit-mass detector where the case says nothing."""
    if "mz_error" not in table:
        return DEFAULT_ERROR_DA, "Da"
    field = "observed.instrument.mz_error"
    unit = "ppm" if unit_of(table["mz_error"]) == "ppm" else "Da"
    found = parse_span(table["mz_error"], "mz_error_ppm" if unit == "ppm" else "mz_error_da", file=file, field=field)
    error = found.mid if found is not None else None
    if error is None:
        return DEFAULT_ERROR_DA, "Da"
    if error <= 0 or error > (1000.0 if unit == "ppm" else 1.0):
        raise bad_input(
            "out-of-range",
            "a mass error lies above 0 and within 1 Da or 1000 ppm",
            file=file,
            field=field,
            value=str(table["mz_error"]),
            limit='such as "5 ppm" or "0.3 Da"',
        )
    return error, unit


def _eluent_ph(value: object, key: str, file: str) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= 14:
        raise bad_input(
            "out-of-range",
            "a pH lies between 0 and 14",
            file=file,
            field=f"observed.instrument.{key}",
            value=repr(value),
            limit="a number from 0 to 14",
        )
    return float(value)


def _middle(table: Mapping[str, Any], key: str, dimension: str, file: str) -> float | None:
    field = f"observed.instrument.{key}"
    found: Span | None = parse_span(table[key], dimension, file=file, field=field) if key in table else None
    if found is not None and found.low < 0:
        raise bad_input("out-of-range", "this cannot be negative", file=file, field=field, value=str(table[key]))
    return found.mid if found is not None else None


def _peaks(raw: object, file: str) -> tuple[Peak, ...]:
    if not isinstance(raw, list):
        raise bad_input(
            "bad-peaks", "peaks are written as [[observed.peak]]", file=file, field="observed.peak", value=repr(raw)
        )
    complaints: list[Complaint] = []
    peaks: list[Peak] = []
    for number, item in enumerate(cast("list[object]", raw), start=1):
        try:
            peaks.append(_peak(item, number, file))
        except BadInput as error:
            complaints.extend(error.complaints)
    total = math.fsum(p.area for p in peaks if p.area is not None)
    if total > AREA_SUM:
        complaints.append(
            Complaint(
                "bad-areas",
                "the areas add up to more than 100 %",
                file=file,
                field="observed.peak",
                value=f"{100 * total:.4g} %",
                next_step="give area percent of one detector channel",
            )
        )
    if complaints:
        raise BadInput(*complaints)
    return tuple(peaks)


def _peak(raw: object, number: int, file: str) -> Peak:
    field = f"observed.peak[{number}]"
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
    for name, found, most in (("rt", rt, math.inf), ("area", area, AREA_SUM), ("second_rt", second, math.inf)):
        if found is not None and (found.low < 0 or found.high > most):
            raise bad_input("out-of-range", "this cannot be", file=file, field=f"{field}.{name}", value=str(item[name]))
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
        id=f"p{number}",
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
    if not all(_is_positive(m) for m in found):
        raise bad_input(f"bad-{key}", text, file=file, field=f"{field}.{key}", value=repr(value), limit=limit)
    return tuple(float(cast(float, m)) for m in found)


def _is_positive(value: object) -> bool:
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
        if len(pair) != 2 or not all(_is_positive(x) for x in pair):
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
