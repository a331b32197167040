"""The [observed] part of a case file."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar, cast

from ringside.errors import BadInput, Complaint, bad_input
from ringside.evidence.nouns import Instrument, Observed, Peak
from ringside.record.toml import unknown_keys
from ringside.units import Span, parse_span, unit_of

T = TypeVar("T")
KEYS = ("isolated_yield", "conversion", "crude_mass", "absent", "notes", "lcms", "instrument", "peak")
INSTRUMENT_KEYS = ("polarity", "mz_error", "eluent_ph", "uv", "sampled_at")
PEAK_KEYS = ("rt", "mz", "area")
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
    lcms, well = attempt(lambda: _lcms(raw.get("lcms"), file), (None, None))
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


def _lcms(value: object, file: str) -> tuple[str | None, str | None]:
    if value is None or (isinstance(value, str) and value.strip()):
        return value, None
    if isinstance(value, Mapping):
        table = cast("Mapping[str, object]", value)
        complaints = unknown_keys(table, ("file", "well"), file=file, field="observed.lcms")
        if complaints:
            raise BadInput(*complaints)
        name, well = table.get("file"), table.get("well")
        if isinstance(name, str) and name.strip() and (well is None or isinstance(well, str)):
            return name, well
    raise bad_input(
        "bad-lcms",
        "this names no file",
        file=file,
        field="observed.lcms",
        value=repr(value),
        limit='"crude.csv" or { file = "plate.rpt", well = "4:18" }',
    )


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
        _eluent_ph(table.get("eluent_ph"), file),
        _middle(table, "uv", "wavelength", file),
        _middle(table, "sampled_at", "time", file),
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


def _eluent_ph(value: object, file: str) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= 14:
        raise bad_input(
            "out-of-range",
            "a pH lies between 0 and 14",
            file=file,
            field="observed.instrument.eluent_ph",
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
    for name, found, most in (("rt", rt, math.inf), ("area", area, AREA_SUM)):
        if found is not None and (found.low < 0 or found.high > most):
            raise bad_input("out-of-range", "this cannot be", file=file, field=f"{field}.{name}", value=str(item[name]))
    value: object = item.get("mz", [])
    masses = cast("list[object]", value) if isinstance(value, list) else [value]
    if not all(isinstance(m, (int, float)) and not isinstance(m, bool) and math.isfinite(m) and m > 0 for m in masses):
        raise bad_input(
            "bad-mz",
            "m/z is a list of numbers, strongest first",
            file=file,
            field=f"{field}.mz",
            value=repr(value),
            limit="such as [191.154, 213.136]",
        )
    return Peak(
        id=f"p{number}",
        rt=rt.mid if rt else None,
        mz=tuple(float(cast(float, m)) for m in masses),
        area=area.mid if area else None,
        source="case",
    )
