"""ANDI (AIA) files, .cdf: one chromatogram with its peak table, or mass spectra."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from scipy.io import netcdf_file

from ringside.errors import BadInput, bad_input
from ringside.evidence.nouns import Chromatogram, LcmsRun, Peak
from ringside.evidence.raw import RawRun, Scan
from ringside.evidence.xml import FIELD, LARGEST
from ringside.kinetics.nouns import FloatArray

AGAIN = "export it again as AIA/ANDI, or export the peak table as CSV"
NO_FLOATS = np.zeros(0)


def read_andi(path: Path) -> LcmsRun | RawRun:
    """Return the integrated peaks of a chromatogram, or the scans of mass spectra; a chromatogram without peaks as it was recorded.

    Raises:
        BadInput: If it is no classic netCDF file, is cut short, or is of negative ions.
    """
    size = path.stat().st_size
    if size == 0 or size > LARGEST:
        raise bad_input(
            "empty-file" if size == 0 else "too-large",
            "the file is empty" if size == 0 else "the file is too large to be one injection",
            file=str(path),
            field=FIELD,
            next_step=AGAIN,
        )
    try:
        with netcdf_file(str(path), mmap=False) as file:
            content: Any = file
            names = {str(k): np.array(v[...]) for k, v in content.variables.items()}
            words = {str(k): _text(v) for k, v in content._attributes.items()}
    except (TypeError, ValueError, OSError, IndexError, KeyError, AssertionError, OverflowError, MemoryError) as fault:
        raise _broken(path) from fault
    if "mass_values" in names and "scan_index" in names:
        return _spectra(path, names, words)
    if "ordinate_values" in names and names["ordinate_values"].size > 1:
        return _chromatogram(path, names, words)
    raise bad_input(
        "nothing-recorded", "the file holds neither a chromatogram nor mass spectra", file=str(path), field=FIELD, next_step=AGAIN
    )  # fmt: skip


def _broken(path: Path) -> BadInput:
    return bad_input(
        "bad-andi", "this is no ANDI (netCDF) file, or it is cut short", file=str(path), field=FIELD, next_step=AGAIN
    )


def _text(value: object) -> str:
    return value.decode("latin-1").strip("\0 ") if isinstance(value, bytes) else str(value)


def _number(names: dict[str, np.ndarray], key: str, otherwise: float) -> float:
    value = names.get(key)
    return float(value.reshape(-1)[0]) if value is not None and value.size else otherwise


def _spectra(path: Path, names: dict[str, np.ndarray], words: dict[str, str]) -> RawRun:
    if words.get("test_ionization_polarity", "").casefold().startswith("neg"):
        raise bad_input(
            "negative-mode", "the file holds negative ions: amines hardly show as such", file=str(path), field=FIELD,
            limit="positive scans", next_step="export the positive function",
        )  # fmt: skip
    mz, intensity = (names[k].astype(np.float64) for k in ("mass_values", "intensity_values"))
    start = names["scan_index"].astype(np.int64)
    count = names.get("point_count", np.diff(np.append(start, len(mz)))).astype(np.int64)
    time = names.get("scan_acquisition_time", np.arange(len(start))).astype(np.float64)
    if len(mz) != len(intensity) or len(start) == 0 or int((start + count).max()) > len(mz):
        raise _broken(path)
    scans: list[Scan] = []
    for t, a, n in zip(time, start, count, strict=True):
        order = np.argsort(mz[a : a + n], kind="stable")
        scans.append(Scan(float(t), mz[a : a + n][order], intensity[a : a + n][order]))
    electron = "electron" in words.get("test_ionization_mode", "").casefold()
    notes = ("the ions were made by electron impact: fragments, not [M+H]+, are to be expected",) if electron else ()
    empty = np.zeros((0, 0))
    return RawRun(tuple(scans), NO_FLOATS, NO_FLOATS, empty, (), None, words.get("experiment_title", path.stem), notes)


def _chromatogram(path: Path, names: dict[str, np.ndarray], words: dict[str, str]) -> LcmsRun | RawRun:
    y = names["ordinate_values"].astype(np.float64)
    step = _number(names, "actual_sampling_interval", 0.0)
    retention = names.get("raw_data_retention")
    factor = 60.0 if words.get("retention_unit", "seconds").casefold().startswith("min") else 1.0
    if retention is not None and retention.size == y.size:
        t: FloatArray = retention.astype(np.float64) * factor
    elif step > 0.0:
        t = np.asarray((np.arange(len(y)) * step + _number(names, "actual_delay_time", 0.0)) * factor, dtype=np.float64)
    else:
        raise _broken(path)
    label = words.get("detector_name") or words.get("detection_method_name") or "UV"
    trace = Chromatogram(label, t, y)
    sample = words.get("sample_name") or path.stem
    rt, area = names.get("peak_retention_time"), names.get("peak_area")
    if rt is None or area is None or not rt.size or rt.size != area.size or float(area.clip(0.0).sum()) <= 0.0:
        return RawRun((), NO_FLOATS, NO_FLOATS, np.zeros((0, 0)), (trace,), None, sample)
    share = area.clip(0.0).astype(np.float64) / float(area.clip(0.0).sum())
    peaks = [
        Peak(f"p{i}", float(r) * factor, (), float(a), source=label)
        for i, (r, a) in enumerate(zip(rt, share, strict=True), start=1)
    ]
    return LcmsRun(tuple(sorted(peaks, key=lambda p: p.rt or 0.0)), (trace,), sample=sample)
