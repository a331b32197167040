"""mzML: mass spectra, UV spectra and chromatograms."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from ringside.errors import bad_input
from ringside.evidence.arrays import (
    AGAIN,
    INTENSITY,
    MZ,
    NUMPRESS,
    PLAIN,
    TIME,
    TYPES,
    WAVELENGTH,
    ZLIB,
    Coding,
    coding,
    decoded,
    sound,
    sound_all,
    unreadable,
)  # fmt: skip
from ringside.evidence.centroids import tidied
from ringside.evidence.files import FIELD
from ringside.evidence.nouns import Chromatogram
from ringside.evidence.raw import FragmentScan, RawRun, Scan
from ringside.evidence.records import records
from ringside.evidence.simulated import simulated_notes
from ringside.kinetics.nouns import FloatArray

# Accession numbers of the PSI mass spectrometry vocabulary.
MS_LEVEL, NEGATIVE, PROFILE, PRECURSOR = "MS:1000511", "MS:1000129", "MS:1000128", "MS:1000744"
START_TIME, MINUTE = "MS:1000016", "UO:0000031"
ABSORPTION, LAMP, ABSORBED = "MS:1000812", "MS:1000804", "MS:1000806"
FINE = {"MS:1000484", "MS:1000084", "MS:1000079"}
COARSE = {"MS:1000081", "MS:1000264", "MS:1000082", "MS:1000291"}
USED = (
    MS_LEVEL, NEGATIVE, PROFILE, PRECURSOR, START_TIME, MZ, INTENSITY, WAVELENGTH, TIME, ABSORPTION, LAMP, ABSORBED,
    ZLIB, PLAIN, *sorted(FINE), *sorted(COARSE), *sorted(TYPES), *sorted(NUMPRESS),
)  # fmt: skip
NAMES, ROOTS = (
    ("fileContent", "spectrum", "chromatogram", "analyzer", "referenceableParamGroup"),
    ("mzML", "indexedmzML"),
)
BATCH = 100_000
MOST_VALUES = 100_000_000
MOST_HEADS = 1000
LATEST = 1e7
_USED = re.compile(rb"accession\s*=\s*[\"'](%s)[\"']" % b"|".join(a.encode() for a in USED))
_GROUP = re.compile(rb"<referenceableParamGroupRef\s[^>]*?ref\s*=\s*[\"']([^\"']*)[\"']")
_VALUE = re.compile(rb"\svalue\s*=\s*[\"']([^\"']*)[\"']")
_MINUTES = re.compile(rb"unitAccession\s*=\s*[\"']%s[\"']" % MINUTE.encode())
_ID = re.compile(rb"\sid\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")

_Params = dict[str, bytes]


@dataclass(slots=True)
class _Held:
    """What has been read so far; ``waiting`` are (t, precursor or None, profile, m/z, intensity) not tidied yet."""

    path: Path
    groups: dict[bytes, _Params] = field(default_factory=dict[bytes, "_Params"])
    codings: dict[bytes, tuple[Coding, float]] = field(default_factory=dict[bytes, tuple[Coding, float]])
    analysers: set[str] = field(default_factory=set[str])
    waiting: list[tuple[float, float | None, bool, np.ndarray, np.ndarray]] = field(
        default_factory=list[tuple[float, "float | None", bool, np.ndarray, np.ndarray]]
    )
    scans: list[Scan] = field(default_factory=list[Scan])
    msms: list[FragmentScan] = field(default_factory=list[FragmentScan])
    lamp: list[tuple[float, FloatArray, FloatArray]] = field(default_factory=list[tuple[float, FloatArray, FloatArray]])
    traces: list[Chromatogram] = field(default_factory=list[Chromatogram])
    marks: tuple[str, ...] = ()
    negative: int = 0
    values: int = 0
    waiting_values: int = 0


def read_mzml(path: Path) -> RawRun:
    """Return the positive full and MS/MS scans, the UV spectra and the UV traces of a file.

    Profile spectra are turned into centroids; negative scans are left out.

    Raises:
        BadInput: If it is no mzML, is cut short, is compressed in a way that is not read, or holds only negative scans.
    """
    held = _Held(path)
    for name, record in records(path, NAMES, ROOTS, "mzML", AGAIN):
        match name:
            case "spectrum":
                _spectrum(record, held)
            case "fileContent":
                held.marks = simulated_notes(record)
            case "chromatogram":
                _trace(record, held)
            case "analyzer":
                held.analysers |= _params(record, held).keys()
            case _:
                held.groups[_id(record)] = _params(record, held)
    _tidy(held)
    if not held.scans and held.negative:
        raise bad_input(
            "negative-mode",
            "the file holds only negative scans: amines and their side-products hardly show in them",
            file=str(path),
            field=FIELD,
            value=f"{held.negative} scans",
            limit="positive scans",
            next_step="export the positive function",
        )
    if not held.scans and not held.lamp and not held.traces:
        raise bad_input(
            "nothing-recorded", "the file holds no full scan and no UV", file=str(path), field=FIELD, next_step=AGAIN
        )
    uv_t, wavelengths, uv = _matrix(held.lamp, path)
    fine = True if held.analysers & FINE else False if held.analysers & COARSE else None
    notes = (*held.marks, *((f"{held.negative} negative scans were left out",) if held.negative else ()))
    return RawRun(
        tuple(sorted(held.scans, key=lambda s: s.t)), uv_t, wavelengths, uv, tuple(held.traces), fine, path.stem, notes,
        tuple(sorted(held.msms, key=lambda s: s.t)),
    )  # fmt: skip


def _params(text: bytes, held: _Held) -> _Params:
    """Return accession and tag of the parameters that count, those of the groups referred to included; the first of each."""
    found: _Params = {}
    for match in _USED.finditer(text):
        accession = match[1].decode()
        if accession not in found:
            found[accession] = text[text.rfind(b"<", 0, match.start()) : text.find(b">", match.end())]
    if held.groups and b"<referenceableParamGroupRef" in text:
        for match in _GROUP.finditer(text):
            found = held.groups.get(match[1], {}) | found
    return found


def _number(tag: bytes | None, path: Path) -> float:
    """Return the value of a parameter, nan where there is none."""
    match = _VALUE.search(tag) if tag is not None else None
    if tag is None or match is None:
        return float("nan")
    try:
        value = float(match[1]) * (60.0 if _MINUTES.search(tag) else 1.0)
    except ValueError as fault:
        raise unreadable(path, "a parameter that should be a number is none") from fault
    if not abs(value) < LATEST:
        raise unreadable(path, "a time or m/z is no number")
    return value


def _id(record: bytes) -> bytes:
    match = _ID.search(record[: record.find(b">")])
    return (match[1] or match[2] or b"") if match is not None else b""


def _arrays(parts: Sequence[bytes], held: _Held) -> dict[str, np.ndarray]:
    """Return the arrays of a record, times in s, from what follows each ``<binaryDataArray``."""
    found: dict[str, np.ndarray] = {}
    for part in parts:
        if part[:1].isalpha():
            continue
        start = part.find(b"<binary")
        opened = part.find(b">", start) + 1
        end = part.find(b"<", opened)
        alone = part[opened - 2 : opened] == b"/>"
        if start < 0 or not opened or not (alone or part.startswith(b"</binary", end)):
            raise unreadable(held.path, "an array is damaged: its text has no end")
        how, scale = _coding(part[part.find(b">") : start], held)
        if how.kind:
            values = decoded(b"" if alone else part[opened:end], how, held.path)
            found[how.kind] = values if scale == 1.0 else sound(values, held.path) * scale
    return found


def _coding(head: bytes, held: _Held) -> tuple[Coding, float]:
    """Return how an array is written and the factor to s of a time; the same few heads come again and again."""
    known = held.codings.get(head)
    if known is None:
        params = _params(head, held)
        how = coding(params.keys())
        known = how, 60.0 if how.kind == TIME and _MINUTES.search(params[TIME]) else 1.0
        if len(held.codings) < MOST_HEADS:
            held.codings[head] = known
    return known


def _spectrum(record: bytes, held: _Held) -> None:
    head, *parts = record.split(b"<binaryDataArray")
    params = _params(head, held)
    uv = LAMP in params or ABSORBED in params
    level = params.get(MS_LEVEL)
    order = 1 if level is None or not _VALUE.search(level) else int(_number(level, held.path))
    if NEGATIVE in params and not uv:
        held.negative += order == 1
        return
    arrays = _arrays(parts, held)
    y = arrays.get(INTENSITY)
    x = arrays.get(WAVELENGTH, arrays.get(MZ) if MZ in arrays else None)
    uv = uv or WAVELENGTH in arrays
    if uv and y is not None and x is None:
        raise unreadable(held.path, "the UV spectra have no wavelengths")
    if x is None and y is None:
        return
    if x is None or y is None or len(x) != len(y):
        raise unreadable(held.path, f"a spectrum has {0 if x is None else len(x)} positions and {0 if y is None else len(y)} heights")  # fmt: skip
    held.values += len(x)
    if held.values > MOST_VALUES:
        raise bad_input(
            "too-large", "the file holds more signals than one injection can", file=str(held.path), field=FIELD,
            limit=f"{MOST_VALUES / 1e6:.0f} million", next_step="export the one injection, centroided",
        )  # fmt: skip
    t = _number(params.get(START_TIME), held.path) if START_TIME in params else 0.0
    if uv:
        held.lamp.append((t, sound(x, held.path), sound(y, held.path)))
    elif order == 1:
        held.waiting.append((t, None, PROFILE in params, x, y))
    elif order == 2 and PRECURSOR in params:
        held.waiting.append((t, _number(params[PRECURSOR], held.path), PROFILE in params, x, y))
    held.waiting_values += len(x)
    if held.waiting_values > BATCH:
        _tidy(held)


def _tidy(held: _Held) -> None:
    for profile in (False, True):
        chosen = [w for w in held.waiting if w[2] == profile]
        if not chosen:
            continue
        mz = sound_all([w[3] for w in chosen], held.path)
        y = sound_all([w[4] for w in chosen], held.path)
        sizes = np.array([len(w[3]) for w in chosen])
        for (t, precursor, *_), pair in zip(chosen, tidied(mz, y, sizes, profile=profile), strict=True):
            if precursor is None:
                held.scans.append(Scan(t, *pair))
            else:
                held.msms.append(FragmentScan(t, precursor, *pair))
    held.waiting.clear()
    held.waiting_values = 0


def _trace(record: bytes, held: _Held) -> None:
    head, *parts = record.split(b"<binaryDataArray")
    name = html.unescape(_id(record).decode("utf-8", "replace"))
    if ABSORPTION not in _params(head, held) and not name.upper().startswith(("UV", "DAD", "PDA")):
        return
    arrays = _arrays(parts, held)
    t, y = arrays.get(TIME), arrays.get(INTENSITY)
    if t is not None and y is not None and len(t) == len(y) > 1:
        held.traces.append(Chromatogram(name or "UV", sound(t, held.path), sound(y, held.path)))


def _matrix(lamp: list[tuple[float, FloatArray, FloatArray]], path: Path) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return times, wavelengths and absorbance of UV spectra on the grid of the first."""
    if not lamp:
        return np.zeros(0), np.zeros(0), np.zeros((0, 0))
    lamp = sorted(lamp, key=lambda s: s[0])
    grid = lamp[0][1]
    if not len(grid) or float(grid.min()) <= 0.0:
        raise unreadable(path, "the UV spectra have no wavelengths")
    rows = [y if len(w) == len(grid) and np.array_equal(w, grid) else np.interp(grid, w, y) for _, w, y in lamp]
    return np.array([t for t, _, _ in lamp]), grid, np.array(rows)
