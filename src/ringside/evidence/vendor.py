"""Vendor folders, Agilent .D and Waters .raw, through the optional library rainbow."""

from __future__ import annotations

import stat
import warnings
from collections.abc import Iterator
from pathlib import Path
from traceback import clear_frames
from typing import Any

import numpy as np

from ringside.errors import BadInput, bad_input
from ringside.evidence.arrays import sound, sound_all
from ringside.evidence.centroids import tidied
from ringside.evidence.files import FIELD, LARGEST
from ringside.evidence.nouns import Chromatogram
from ringside.evidence.raw import RawRun, Scan

AGAIN = (
    "convert it to mzML (msconvert), export ANDI (.cdf) or an OpenLynx report (.rpt), or export the peak table as CSV"
)
EXTRA = "vendor"
BIN = 0.1  # Da: finer than unit-mass detectors tell apart, wide enough that the matrix of a run stays small
MOST_FILES = 5000
PER_MINUTE = 60.0


def read_folder(path: Path) -> RawRun:
    """Return the positive scans and the UV of a folder.

    Quadrupole data come on a grid of 0.1 Da; MassHunter spectra keep their own masses, centroids before profiles.

    Raises:
        BadInput: If the library is not installed, the folder is too large, damaged or of another maker, or holds only negative scans.
    """
    _check(path)
    try:
        import rainbow  # noqa: PLC0415  (an extra)
    except ImportError as fault:
        raise bad_input(
            "needs-extra",
            f"vendor folders are read by an extra that is not installed: {EXTRA}",
            file=str(path),
            field=FIELD,
            next_step=f"pip install 'ringside[{EXTRA}]'; or, without it: {AGAIN}",
        ) from fault
    reader: Any = rainbow
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            found = reader.read(str(path), bin_width=BIN, centroid=True)
            if not found.by_detector.get("MS") and (path / "AcqData" / "MSProfile.bin").is_file():
                found = reader.read(str(path), hrms=True)
            return _run(found, path)
        except BadInput:
            raise
        except Exception as fault:  # binary files of other makers and damaged ones make the library fail in any way
            clear_frames(fault.__traceback__)  # closes what it left open
            text = "the folder cannot be read: it is damaged, incomplete or of another kind"
            raise _refused(path, "bad-folder", text) from None


def _check(path: Path) -> None:
    total = count = 0
    for name in _walk(path):
        kind = name.lstat()
        count, total = count + 1, total + kind.st_size
        if not (stat.S_ISREG(kind.st_mode) or stat.S_ISDIR(kind.st_mode)):
            raise _refused(path, "bad-folder", f"the folder holds something that is no file: {name.name}")
        if count > MOST_FILES or total > LARGEST:
            raise _refused(path, "too-large", "the folder is too large to be one injection")
    if not count:
        raise _refused(path, "empty-file", "the folder is empty")


def _walk(path: Path) -> Iterator[Path]:
    try:
        yield from path.rglob("*")
    except OSError as fault:
        raise _refused(path, "cannot-read", f"the folder cannot be read: {fault.strerror or fault}") from fault


def _run(directory: object, path: Path) -> RawRun:
    found: Any = directory
    scans: list[Scan] = []
    fine: bool | None = None
    negative = 0
    for function in found.by_detector.get("MS", ()):
        if str(function.metadata.get("polarity", "+")).startswith("-"):
            negative += len(function.xlabels)
            continue
        fine = hasattr(function, "scan")
        scans += _scans(function, path)
    lamps = found.by_detector.get("UV", ())
    uv_t, wavelengths, uv = np.zeros(0), np.zeros(0), np.zeros((0, 0))
    traces: list[Chromatogram] = []
    for lamp in lamps:
        t, y = sound(lamp.xlabels * PER_MINUTE, path), sound(lamp.data, path)
        x = np.asarray(lamp.ylabels)
        if y.shape[1] > 1 and y.shape[1] > uv.shape[1]:
            uv_t, wavelengths, uv = t, sound(x.astype(np.float64), path), y
        elif y.shape[1] == 1:
            traces.append(Chromatogram(f"UV {lamp.metadata.get('wavelength', x[0]):.0f} nm", t, y[:, 0]))
    if not scans and negative and not uv.size and not traces:
        raise bad_input(
            "negative-mode", "the folder holds only negative scans: amines hardly show in them", file=str(path), field=FIELD,
            value=f"{negative} scans", limit="positive scans", next_step="export the positive function",
        )  # fmt: skip
    if not scans and not uv.size and not traces:
        raise _refused(path, "nothing-recorded", "the folder holds neither scans nor UV that can be read")
    others = sorted({str(f.detector) for f in found.datafiles} - {"MS", "UV"})
    notes = [f"{negative} negative scans were left out"] if negative else []
    notes += [f"the {', '.join(others)} trace was left out"] if others else []
    scans.sort(key=lambda s: s.t)
    sample = str(found.metadata.get("sample") or path.stem)
    return RawRun(tuple(scans), uv_t, wavelengths, uv, tuple(traces), fine, sample, tuple(notes))


def _scans(channel: object, path: Path) -> list[Scan]:
    function: Any = channel
    times = sound(function.xlabels * PER_MINUTE, path).tolist()
    if not times:
        return []
    if not hasattr(function, "scan"):
        grid = sound(function.ylabels, path)
        return [Scan(t, grid[row > 0], sound(row[row > 0], path)) for t, row in zip(times, function.data, strict=True)]
    pairs = [function.scan(i) for i in range(len(times))]
    mz, y = (sound_all([pair[k] for pair in pairs], path) for k in (0, 1))
    sizes = np.array([len(pair[0]) for pair in pairs])
    profile = "Profile" in type(function).__name__
    return [Scan(t, *pair) for t, pair in zip(times, tidied(mz, y, sizes, profile=profile), strict=True)]


def _refused(path: Path, code: str, text: str) -> BadInput:
    return bad_input(code, text, file=str(path), field=FIELD, next_step=AGAIN)
