"""Shimadzu Open Solution files (.daml): XML with a UV trace, its integrated peaks and the mass spectrum of each."""

from __future__ import annotations

import base64
import binascii
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np

from ringside.errors import BadInput, bad_input
from ringside.evidence.arrays import SENSIBLE, sound
from ringside.evidence.files import FIELD
from ringside.evidence.nouns import Chromatogram, Instrument, LcmsRun, Peak
from ringside.evidence.rpt import MOST_IONS, UNIT_MASS_ERROR_DA
from ringside.evidence.xml import elements, local
from ringside.kinetics.nouns import FloatArray

AGAIN = "export it again, or export the peak table as text (LabSolutions: File, Export Data)"
PER_SECOND, PER_DALTON = 1000.0, 10000.0
POSITIVE = "0"
WANTED = frozenset({"lc_chros", "spectra", "sample_name", "method_file_name"})


def read_daml(path: Path) -> LcmsRun:
    """Return one injection: UV peaks with their areas, each with the positive spectrum taken at it.

    Raises:
        BadInput: If it is no such file, is cut short, or holds no integrated UV peak.
    """
    peaks: list[tuple[str, float, float, float]] = []
    traces: list[Chromatogram] = []
    ions: dict[str, tuple[tuple[float, ...], tuple[float, ...]]] = {}
    sample = method = label = ""
    for element in elements(path, WANTED, "DAML", AGAIN):
        match local(element):
            case "sample_name":
                sample = element.text or ""
            case "method_file_name":
                method = element.text or ""
            case "lc_chros":
                for number, chro in enumerate(c for c in element if local(c) == "chro"):
                    wavelength = _value(chro, "wavelength")
                    name = f"UV {wavelength} nm" if wavelength not in {"", "0"} else "UV"
                    t, y = _pairs(chro, path)
                    traces.append(Chromatogram(name, t / PER_SECOND, y))
                    if number == 0:
                        label = name
                        peaks = [_peak(p, path) for p in chro if local(p) == "peak"]
            case _:
                for spectrum in (s for s in element if local(s) == "spec"):
                    if _value(spectrum, "polarity") == POSITIVE:
                        mz, intensity = _pairs(spectrum, path)
                        ions.setdefault(_value(spectrum, "peak_id"), _strongest(mz / PER_DALTON, intensity))
    if not peaks:
        raise bad_input(
            "no-peaks", "this file holds no integrated UV peak", file=str(path), field=FIELD,
            next_step="integrate it and export again, or type the peaks into the case",
        )  # fmt: skip
    total = sum(area for *_, area in peaks)
    if total <= 0.0:
        raise _damaged(path)
    found = tuple(
        Peak(f"p{number}", t, *_of(ions.get(key), area / total), source=label)
        for number, (key, t, _, area) in enumerate(sorted(peaks, key=lambda p: p[1]), start=1)
    )
    acid = "acid" in method.casefold()
    name = method.replace("\\", "/").rpartition("/")[2]
    note = f"the method name {name!r} hints at an acidic eluent; no pH was taken from it: if it is so, write eluent_ph in instrument"
    return LcmsRun(
        found, tuple(traces), Instrument("positive", UNIT_MASS_ERROR_DA, "Da"), sample, (note,) if acid else ()
    )


def _of(
    seen: tuple[tuple[float, ...], tuple[float, ...]] | None, share: float
) -> tuple[tuple[float, ...], float, tuple[float, ...]]:
    mz, intensity = seen or ((), ())
    return mz, share, intensity


def _value(element: ET.Element, name: str) -> str:
    return next(((c.text or "").strip() for c in element if local(c) == name), "")


def _decoded(element: ET.Element, path: Path) -> str:
    try:
        return base64.b64decode(_value(element, "data"), validate=True).decode("latin-1")
    except (binascii.Error, ValueError) as fault:
        raise _damaged(path) from fault


def _damaged(path: Path) -> BadInput:
    return bad_input("bad-array", "an array of the file is damaged", file=str(path), field=FIELD, next_step=AGAIN)


def _pairs(element: ET.Element, path: Path) -> tuple[FloatArray, FloatArray]:
    """Return both columns of an array "name;name;;;x;y;x;y...", empty where there is none."""
    body = _decoded(element, path).partition(";;;")[2]
    if not body.strip(";"):
        return np.zeros(0), np.zeros(0)
    try:
        flat = np.array([float(v) for v in body.strip(";").split(";")])
    except ValueError as fault:
        raise _damaged(path) from fault
    flat = sound(flat[: len(flat) // 2 * 2], path)
    return flat[::2], flat[1::2]


def _peak(element: ET.Element, path: Path) -> tuple[str, float, float, float]:
    """Return id, apex [s], height and area of an integrated peak."""
    fields = dict(part.split("=", 1) for part in _decoded(element, path).split(";") if "=" in part)
    try:
        apex, height, area = (float(fields[key]) for key in ("ApRT", "Hgt", "A"))
        key = fields["ID"]
    except (KeyError, ValueError) as fault:
        raise _damaged(path) from fault
    if not (abs(apex) < SENSIBLE and abs(height) < SENSIBLE and 0.0 <= area < SENSIBLE):
        raise _damaged(path)
    return key, apex / PER_SECOND, height, area


def _strongest(mz: FloatArray, intensity: FloatArray) -> tuple[tuple[float, ...], tuple[float, ...]]:
    order = np.lexsort((mz, -intensity))[:MOST_IONS]
    order = order[intensity[order] > 0.0]
    top = float(intensity[order[0]]) if len(order) else 1.0
    return tuple(float(m) for m in mz[order]), tuple(float(i) / top for i in intensity[order])
