"""mzML: mass spectra, UV spectra and chromatograms."""

from __future__ import annotations

import base64
import binascii
import xml.etree.ElementTree as ET
import zlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from ringside.errors import BadInput, bad_input
from ringside.evidence.nouns import Chromatogram
from ringside.evidence.raw import RawRun, Scan
from ringside.evidence.xml import FIELD, elements, local
from ringside.kinetics.nouns import FloatArray

AGAIN = "convert it again (msconvert, 64-bit, zlib, peak picking), or export the peak table as CSV"
# Accession numbers of the PSI mass spectrometry vocabulary.
MS_LEVEL, NEGATIVE, PROFILE = "MS:1000511", "MS:1000129", "MS:1000128"
START_TIME, MINUTE = "MS:1000016", "UO:0000031"
SINGLE, DOUBLE = "MS:1000521", "MS:1000523"
ZLIB, PLAIN = "MS:1000574", "MS:1000576"
MZ, INTENSITY, WAVELENGTH, TIME = "MS:1000514", "MS:1000515", "MS:1000617", "MS:1000595"
ABSORPTION = "MS:1000812"
FINE = {"MS:1000484", "MS:1000084", "MS:1000079"}
COARSE = {"MS:1000081", "MS:1000264", "MS:1000082", "MS:1000291"}
WANTED = frozenset({"spectrum", "chromatogram", "analyzer", "referenceableParamGroup"})


def read_mzml(path: Path) -> RawRun:
    """Return the positive full scans, the UV spectra and the UV traces of a file.

    Profile spectra are turned into centroids; MS/MS and negative scans are left out.

    Raises:
        BadInput: If it is no mzML, is cut short, is compressed in a way that is not read, or holds only negative scans.
    """
    scans: list[Scan] = []
    lamp: list[tuple[float, FloatArray, FloatArray]] = []
    traces: list[Chromatogram] = []
    groups: dict[str, dict[str, str]] = {}
    analysers: set[str] = set()
    negative = other = 0
    for element in elements(path, WANTED, "mzML", AGAIN):
        match local(element):
            case "referenceableParamGroup":
                groups[element.get("id", "")] = _params(element, {})
            case "analyzer":
                analysers |= set(_params(element, groups))
            case "chromatogram":
                traces += _trace(element, groups, path)
            case _:
                params = _params(element, groups)
                arrays = _arrays(element, groups, path)
                t = _time(element)
                if WAVELENGTH in arrays and INTENSITY in arrays:
                    lamp.append((t, arrays[WAVELENGTH], arrays[INTENSITY]))
                elif MZ not in arrays or params.get(MS_LEVEL, "1") not in {"1", ""}:
                    other += 1
                elif NEGATIVE in params:
                    negative += 1
                else:
                    scans.append(_scan(t, arrays, profile=PROFILE in params))
    if not scans and negative:
        raise bad_input(
            "negative-mode",
            "the file holds only negative scans: amines and their side-products hardly show in them",
            file=str(path),
            field=FIELD,
            value=f"{negative} scans",
            limit="positive scans",
            next_step="export the positive function",
        )
    if not scans and not lamp and not traces:
        raise bad_input(
            "nothing-recorded", "the file holds no full scan and no UV", file=str(path), field=FIELD, next_step=AGAIN
        )
    uv_t, wavelengths, uv = _matrix(lamp, path)
    fine = True if analysers & FINE else False if analysers & COARSE else None
    notes = (f"{negative} negative scans were left out",) if negative else ()
    return RawRun(tuple(sorted(scans, key=lambda s: s.t)), uv_t, wavelengths, uv, tuple(traces), fine, path.stem, notes)


def _params(element: ET.Element, groups: dict[str, dict[str, str]]) -> dict[str, str]:
    """Return accession and value of an element's own parameters, those of the groups it refers to included."""
    found: dict[str, str] = {}
    for child in element:
        name = local(child)
        if name == "cvParam":
            found[child.get("accession", "")] = child.get("value", "")
        elif name == "referenceableParamGroupRef":
            found |= groups.get(child.get("ref", ""), {})
    return found


def _time(element: ET.Element) -> float:
    for child in element.iter():
        if local(child) == "cvParam" and child.get("accession") == START_TIME:
            value = float(child.get("value", "0"))
            return value * 60.0 if child.get("unitAccession") == MINUTE else value
    return 0.0


def _arrays(element: ET.Element, groups: dict[str, dict[str, str]], path: Path) -> dict[str, FloatArray]:
    found: dict[str, FloatArray] = {}
    for child in element.iter():
        if local(child) != "binaryDataArray":
            continue
        params = _params(child, groups)
        kind = next((k for k in (MZ, INTENSITY, WAVELENGTH, TIME) if k in params), None)
        if kind is not None:
            values = _decoded(child, params, path)
            minutes = any(p.get("accession") == TIME and p.get("unitAccession") == MINUTE for p in child)
            found[kind] = values * 60.0 if minutes else values
    return found


def _decoded(element: ET.Element, params: dict[str, str], path: Path) -> FloatArray:
    text = next((c.text or "" for c in element if local(c) == "binary"), "")
    if ZLIB not in params and PLAIN not in params and text:
        raise _unreadable(path, "an array is compressed in a way that is not read")
    try:
        raw = base64.b64decode(text)
        raw = zlib.decompress(raw) if ZLIB in params and raw else raw
        return np.frombuffer(raw, dtype="<f4" if SINGLE in params else "<f8").astype(np.float64)
    except (binascii.Error, zlib.error, ValueError) as fault:
        raise _unreadable(path, f"an array is damaged: {fault}") from fault


def _unreadable(path: Path, text: str) -> BadInput:
    return bad_input("bad-array", text, file=str(path), field=FIELD, limit="zlib or no compression", next_step=AGAIN)


def _scan(t: float, arrays: dict[str, FloatArray], *, profile: bool) -> Scan:
    mz, intensity = arrays[MZ], arrays.get(INTENSITY, np.zeros(0))
    n = min(len(mz), len(intensity))
    mz, intensity = mz[:n], intensity[:n]
    if n and np.any(np.diff(mz) < 0.0):
        order = np.argsort(mz, kind="stable")
        mz, intensity = mz[order], intensity[order]
    if profile:
        mz, intensity = centroids(mz, intensity)
    seen = intensity > 0.0
    return Scan(t, mz[seen], intensity[seen])


def centroids(mz: FloatArray, intensity: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the centres and summed heights of the humps of a profile spectrum.

    A hump ends where the signal is zero or turns up again.
    """
    if len(mz) < 3:
        return mz, intensity
    rising = np.diff(intensity)
    valley = np.zeros(len(mz), dtype=bool)
    valley[1:-1] = (rising[:-1] < 0.0) & (rising[1:] >= 0.0)
    group = np.cumsum(valley | (intensity <= 0.0))
    total = np.bincount(group, weights=intensity)
    centre = np.bincount(group, weights=intensity * mz)
    kept = total > 0.0
    return np.asarray(centre[kept] / total[kept], dtype=np.float64), np.asarray(total[kept], dtype=np.float64)


def _trace(element: ET.Element, groups: dict[str, dict[str, str]], path: Path) -> Iterator[Chromatogram]:
    name = element.get("id", "")
    params = _params(element, groups)
    if ABSORPTION not in params and not name.upper().startswith(("UV", "DAD", "PDA")):
        return
    arrays = _arrays(element, groups, path)
    if TIME in arrays and INTENSITY in arrays and len(arrays[TIME]) == len(arrays[INTENSITY]) > 1:
        yield Chromatogram(name or "UV", arrays[TIME], arrays[INTENSITY])


def _matrix(lamp: list[tuple[float, FloatArray, FloatArray]], path: Path) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return times, wavelengths and absorbance of UV spectra on the grid of the first."""
    if not lamp:
        return np.zeros(0), np.zeros(0), np.zeros((0, 0))
    lamp = sorted(lamp, key=lambda s: s[0])
    grid = lamp[0][1]
    if not len(grid) or not np.all(np.isfinite(grid)) or float(grid.min()) <= 0.0:
        raise _unreadable(path, "the UV spectra have no wavelengths")
    rows = [y if len(w) == len(grid) and np.array_equal(w, grid) else np.interp(grid, w, y) for _, w, y in lamp]
    return np.array([t for t, _, _ in lamp]), grid, np.array(rows)
