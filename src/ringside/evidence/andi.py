"""ANDI (AIA) files, .cdf: one chromatogram with its peak table, or mass spectra."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
from scipy.io import netcdf_file

from ringside.errors import BadInput, bad_input
from ringside.evidence.arrays import SENSIBLE
from ringside.evidence.files import FIELD, inspected, seen_as
from ringside.evidence.nouns import Chromatogram, LcmsRun, Peak
from ringside.evidence.raw import RawRun, Scan
from ringside.kinetics.nouns import FloatArray

AGAIN = "export it again as AIA/ANDI, or export the peak table as CSV"
LARGEST_ANDI = 300_000_000
NO_FLOATS = np.zeros(0)


class _Clipped(io.FileIO):
    """A file that never gives more than it holds: the header of a damaged one may ask for any amount, any number of times."""

    def __init__(self, path: Path, size: int) -> None:
        super().__init__(str(path), "r")
        self.left = 2 * size + 1_000_000

    def read(self, size: int | None = -1, /) -> bytes:
        """Return up to ``size`` bytes."""
        there = max(self.left, 0) if size is None or size < 0 else min(size, max(self.left, 0))
        got = super().read(min(there, max(self.left // 2 - self.tell(), 0)))
        self.left -= len(got)
        return got


def read_andi(path: Path) -> LcmsRun | RawRun:
    """Return the integrated peaks of a chromatogram, or the scans of mass spectra; a chromatogram without peaks as it was recorded.

    Raises:
        BadInput: If it is no classic netCDF file, is cut short, or is of negative ions.
    """
    size = inspected(path, AGAIN, largest=LARGEST_ANDI)
    try:
        with _Clipped(path, size) as clipped, netcdf_file(clipped, mmap=False) as file:
            content: Any = file
            names = {str(k): np.array(v[...]).reshape(-1) for k, v in content.variables.items()}
            words = {str(k): _text(v) for k, v in content._attributes.items()}
    except Exception as fault:  # a damaged header makes the library fail in ways that are not its contract
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
        "bad-andi", "this is no ANDI (netCDF) file, or it is cut short or damaged", file=str(path), field=FIELD, value=seen_as(path), next_step=AGAIN
    )  # fmt: skip


def _text(value: object) -> str:
    return value.decode("latin-1").strip("\0 ") if isinstance(value, bytes) else str(value)


def _floats(names: dict[str, np.ndarray], key: str, path: Path) -> FloatArray:
    """Return a variable as numbers, empty where there is none."""
    values = names.get(key)
    if values is None:
        return NO_FLOATS
    if values.dtype.kind not in "fiu":
        raise _broken(path)
    with np.errstate(invalid="ignore"):
        numbers = values.astype(np.float64)
        if not np.all(np.abs(numbers) < SENSIBLE):
            raise _broken(path)
    return numbers


def _number(names: dict[str, np.ndarray], key: str, path: Path) -> float:
    values = _floats(names, key, path)
    return float(values[0]) if values.size else 0.0


def _spectra(path: Path, names: dict[str, np.ndarray], words: dict[str, str]) -> RawRun:
    if words.get("test_ionization_polarity", "").casefold().startswith("neg"):
        raise bad_input(
            "negative-mode", "the file holds negative ions: amines hardly show as such", file=str(path), field=FIELD,
            limit="positive scans", next_step="export the positive function",
        )  # fmt: skip
    mz, intensity = (_floats(names, k, path) for k in ("mass_values", "intensity_values"))
    start = _floats(names, "scan_index", path).astype(np.int64)
    ends = np.append(start[1:], len(mz))
    count = _floats(names, "point_count", path).astype(np.int64) if "point_count" in names else ends - start
    time = _floats(names, "scan_acquisition_time", path)
    if not len(mz) == len(intensity) or not len(start) == len(count) == len(time) > 0:
        raise _broken(path)
    if min(int(start.min()), int(count.min())) < 0 or int((start + count).max()) > len(mz):
        raise _broken(path)
    if int(count.sum()) > len(mz):
        raise _broken(path)
    scans: list[Scan] = []
    for t, a, n in zip(time, start, count, strict=True):
        order = np.argsort(mz[a : a + n], kind="stable")
        scans.append(Scan(float(t), mz[a : a + n][order], intensity[a : a + n][order]))
    scans.sort(key=lambda s: s.t)
    electron = "electron" in words.get("test_ionization_mode", "").casefold()
    notes = ("the ions were made by electron impact: fragments, not [M+H]+, are to be expected",) if electron else ()
    empty = np.zeros((0, 0))
    return RawRun(tuple(scans), NO_FLOATS, NO_FLOATS, empty, (), None, words.get("experiment_title", path.stem), notes)


def _chromatogram(path: Path, names: dict[str, np.ndarray], words: dict[str, str]) -> LcmsRun | RawRun:
    y = _floats(names, "ordinate_values", path)
    step = _number(names, "actual_sampling_interval", path)
    retention = _floats(names, "raw_data_retention", path)
    factor = 60.0 if words.get("retention_unit", "seconds").casefold().startswith("min") else 1.0
    if retention.size == y.size:
        t = retention * factor
    elif step > 0.0:
        t = np.asarray(
            (np.arange(len(y)) * step + _number(names, "actual_delay_time", path)) * factor, dtype=np.float64
        )
    else:
        raise _broken(path)
    label = words.get("detector_name") or words.get("detection_method_name") or "UV"
    trace = Chromatogram(label, t, y)
    sample = words.get("sample_name") or path.stem
    rt, area = (_floats(names, k, path) for k in ("peak_retention_time", "peak_area"))
    area = area.clip(0.0)
    if not rt.size or rt.size != area.size or float(area.sum()) <= 0.0:
        return RawRun((), NO_FLOATS, NO_FLOATS, np.zeros((0, 0)), (trace,), None, sample)
    share = area / float(area.sum())
    peaks = [
        Peak(f"p{i}", float(r) * factor, (), float(a), source=label)
        for i, (r, a) in enumerate(zip(rt, share, strict=True), start=1)
    ]
    return LcmsRun(tuple(sorted(peaks, key=lambda p: p.rt or 0.0)), (trace,), sample=sample)
