"""Ions over time: the traces of many m/z at once, and which m/z there are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from ringside.evidence.raw import Scan
from ringside.kinetics.nouns import FloatArray

LABEL = "m/z "


def _compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return the function compiled, with the on-disk cache where a folder can be written."""
    try:
        return njit(cache=True, error_model="numpy")(function)
    except RuntimeError:
        return njit(error_model="numpy")(function)


@_compiled
def _sums(
    mz: FloatArray,
    intensity: FloatArray,
    start: NDArray[np.int64],
    low: FloatArray,
    high: FloatArray,
    order: NDArray[np.int64],
    out: FloatArray,
) -> None:
    """Add to ``out[0]`` the intensity and to ``out[1]``, where there is one, the m/z times intensity of each window in each scan."""
    for s in range(len(start) - 1):
        first = 0
        for p in range(start[s], start[s + 1]):
            # Signals and windows both rise: windows that end below this signal are done with.
            while first < len(low) and high[first] < mz[p]:
                first += 1
            k = first
            while k < len(low) and low[k] <= mz[p]:
                if mz[p] <= high[k]:
                    out[0, order[k], s] += intensity[p]
                    if len(out) > 1:
                        out[1, order[k], s] += intensity[p] * mz[p]
                k += 1


def with_moments(
    scans: Sequence[Scan], mz: FloatArray | Sequence[float], tolerance: float | FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return summed intensities and summed m/z times intensity, both of shape (n_targets, n_scans)."""
    found = _extracted(scans, mz, tolerance, 2)
    return found[0], found[1]


def extracted(scans: Sequence[Scan], mz: FloatArray | Sequence[float], tolerance: float | FloatArray) -> FloatArray:
    """Return the extracted-ion traces of many m/z: in each scan the intensities within the tolerance, summed.

    Args:
        scans: Mass spectra.
        mz: Targets in any order, shape (n_targets,).
        tolerance: Half width of the window [Da], one or one a target.

    Returns:
        Summed intensity, shape (n_targets, n_scans); 0 where a scan has nothing there.
    """
    return _extracted(scans, mz, tolerance, 1)[0]


def _extracted(
    scans: Sequence[Scan], mz: FloatArray | Sequence[float], tolerance: float | FloatArray, parts: int
) -> FloatArray:
    wanted = np.asarray(mz, dtype=np.float64).reshape(-1)
    out = np.zeros((parts, len(wanted), len(scans)))
    if len(wanted) and scans:
        low, high = wanted - tolerance, wanted + tolerance
        order = np.argsort(low, kind="stable")
        start = np.concatenate([[0], np.cumsum([len(s.mz) for s in scans])]).astype(np.int64)
        every = np.concatenate([s.mz for s in scans]), np.concatenate([s.intensity for s in scans])
        _sums(every[0], every[1], start, low[order], high[order], order.astype(np.int64), out)
    return out


def label_of(mz: float) -> str:
    """Return the label of the trace of an m/z."""
    return f"{LABEL}{mz:.4f}"


def mz_of(label: str) -> float | None:
    """Return the m/z that a trace is labelled with, None where it is no extracted-ion trace."""
    return float(label.removeprefix(LABEL)) if label.startswith(LABEL) else None


def strongest(scans: Sequence[Scan], apart: float, most: int) -> FloatArray:
    """Return the m/z of the highest signals of scans, at most ``most``, each at least ``apart`` [Da] from a higher one."""
    if not scans:
        return np.zeros(0)
    mz, height = np.concatenate([s.mz for s in scans]), np.concatenate([s.intensity for s in scans])
    if not len(mz):
        return np.zeros(0)
    cell = np.floor(mz / apart).astype(np.int64)
    order = np.lexsort((height, cell))
    last = np.flatnonzero(np.append(np.diff(cell[order]) > 0, True))
    mz, height = mz[order][last], height[order][last]
    hidden = np.zeros(len(mz), dtype=bool)
    close = np.diff(mz) < apart
    hidden[:-1] |= close & (height[:-1] < height[1:])
    hidden[1:] |= close & (height[1:] <= height[:-1])
    mz, height = mz[~hidden], height[~hidden]
    chosen = np.lexsort((mz, -height))[:most]
    return np.asarray(np.sort(mz[chosen]), dtype=np.float64)


def joined(scans: Sequence[Scan], apart: float) -> tuple[FloatArray, FloatArray]:
    """Return the mean spectrum of scans: m/z closer than ``apart`` [Da] are one ion."""
    mz = np.concatenate([s.mz for s in scans])
    height = np.concatenate([s.intensity for s in scans])
    if not len(mz):
        return np.zeros(0), np.zeros(0)
    order = np.argsort(mz, kind="stable")
    mz, height = mz[order], height[order]
    group = np.concatenate([[0], np.cumsum(np.diff(mz) > apart)])
    total = np.bincount(group, weights=height)
    centre = np.bincount(group, weights=height * mz)
    seen = total > 0.0
    return np.asarray(centre[seen] / total[seen], dtype=np.float64), np.asarray(
        total[seen] / len(scans), dtype=np.float64
    )
