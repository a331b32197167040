"""The [observed] part of a case file."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar, cast

from ringside.errors import BadInput, Complaint, bad_input
from ringside.evidence.nouns import Dilution, Instrument, Observed
from ringside.evidence.peaks import is_positive, read_peaks
from ringside.evidence.standards import read_calibrations, read_standard
from ringside.evidence.typed import read_aliquots, read_nmr, read_ph, read_water
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
    "ph",
    "water",
    "nmr",
    "aliquot",
)
INSTRUMENT_KEYS = ("polarity", "mz_error", "eluent_ph", "uv", "sampled_at", "second_ph")
LARGEST = {"isolated_yield": (1.5, "0 % to 150 %"), "conversion": (1.0, "0 % to 100 %")}
DEFAULT_ERROR_DA = 0.3


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

    peaks = attempt(lambda: read_peaks(raw.get("peak", []), "observed.peak", file), ())
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
        ph=attempt(lambda: read_ph(raw.get("ph"), file), None),
        water=attempt(lambda: read_water(raw.get("water", []), file), ()),
        nmr=attempt(lambda: read_nmr(raw.get("nmr", []), file), ()),
        aliquots=attempt(lambda: read_aliquots(raw.get("aliquot", []), file), ()),
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
        if not isinstance(name, str) or not name.strip() or not is_positive(load) or load == 1:
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
