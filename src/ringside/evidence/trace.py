"""One trace: what runs under its peaks, its noise, and where its peaks are."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import solveh_banded
from scipy.ndimage import gaussian_filter1d, grey_opening, uniform_filter1d
from scipy.signal import find_peaks, peak_widths

from ringside.kinetics.nouns import FloatArray

WINDOW = 60.0  # s, wider than any peak that is to be kept
CLEAR = 6.0  # times the noise: what a peak must stand out by
QUIET = 3.0  # times the noise: what counts as no peak
LEAST_NOISE = 1e-6  # of the range of a trace
ROUNDS = 4
SURROUNDINGS = 0.25  # of the width of a peak, at either side, that does not count as quiet
DIP = 0.02  # of the height: a shallower dip at the top of a peak does not make two of it
FOOT = 0.98  # of the height, down to which the width of a peak is followed
MAD_TO_SD = 1.4826


class Span(NamedTuple):
    """One peak of a trace: start, apex and end [s], and the area above the baseline [unit of the trace times s]."""

    start: float
    apex: float
    end: float
    area: float


def baseline(t: FloatArray, y: FloatArray) -> FloatArray:
    """Return what runs under the peaks of one trace or several.

    It begins as the opening over a minute, which peaks do not survive, and becomes the smoothest line through the points that do not
    stand out of it (Whittaker's smoother, stiff over two minutes; a peak and as much again of its surroundings as a quarter of its width have no weight).

    Args:
        t: Times [s], shape (n,).
        y: Signal, shape (n,) or (n, n_traces).

    Returns:
        The baseline, shape as ``y``.

    Sources:
        eilers-2003: the smoother.
    """
    many = y.reshape(len(t), -1)
    if len(t) < 5:
        return np.asarray(np.broadcast_to(many.min(axis=0), many.shape).reshape(y.shape), dtype=np.float64)
    step = max(float(np.median(np.diff(t))), 1e-6)
    width = min(max(int(WINDOW / step), 5), max(len(t) // 3, 3))
    smooth = gaussian_filter1d(many, 1.5, axis=0)
    low = uniform_filter1d(grey_opening(smooth, size=(width, 1)), max(width // 4, 3), axis=0)
    reach = QUIET * np.maximum(noise_of(many), LEAST_NOISE * np.ptp(many, axis=0))
    bands = _bends(len(t), (width / np.pi) ** 4)
    for j in range(many.shape[1]):
        for _ in range(ROUNDS):
            low[:, j] = _smoothest(many[:, j], ~_widened(smooth[:, j] - low[:, j] > 0.6 * reach[j]), bands)
    return np.asarray(low.reshape(y.shape), dtype=np.float64)


def _widened(high: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return the runs of a mask, each longer by a quarter of its length at both ends; runs of fewer than three points are noise."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], high.astype(np.int8), [0]])))
    out = np.zeros_like(high)
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        if end - start >= 3:
            more = int((end - start) * SURROUNDINGS) + 1
            out[max(start - more, 0) : end + more] = True
    return out


def _bends(n: int, stiff: float) -> FloatArray:
    """Return stiff times the sum of squared second differences as a matrix, its upper bands, shape (3, n)."""
    bands = np.zeros((3, n))
    for k, c in enumerate((1.0, -2.0, 1.0)):
        for m, d in enumerate((1.0, -2.0, 1.0)):
            if m >= k:
                bands[2 - (m - k), m : n - 2 + m] += stiff * c * d
    return bands


def _smoothest(y: FloatArray, counts: NDArray[np.bool_], bends: FloatArray) -> FloatArray:
    """Return z with the least sum of counts (y - z)^2, and of its bends."""
    weight = counts + 1e-6
    bands = bends.copy()
    bands[2] += weight
    return np.asarray(solveh_banded(bands, weight * y, overwrite_ab=True, check_finite=False), dtype=np.float64)


def noise_of(y: FloatArray) -> FloatArray:
    """Return the standard deviation of noise of one trace or of each column, from differences between neighbours."""
    if len(y) < 2:
        return np.zeros(y.shape[1:])
    steps = np.diff(y, axis=0)
    spread = np.median(np.abs(steps - np.median(steps, axis=0)), axis=0)
    return np.asarray(MAD_TO_SD * spread / np.sqrt(2.0), dtype=np.float64)


def spans_of(t: FloatArray, y: FloatArray, clear: float = CLEAR) -> list[Span]:
    """Return the peaks of a trace.

    A peak stands out by ``clear`` times the noise; it ends at its valleys or where it meets the baseline.
    """
    if len(t) < 5:
        return []
    level = y - baseline(t, y)
    noise = max(float(noise_of(y)), 1e-9 * float(np.ptp(y)), 1e-30)
    smooth = gaussian_filter1d(level, 1.0)
    tops, found_at = find_peaks(smooth, prominence=clear * noise, height=clear * noise)
    tops = tops[found_at["prominences"] > DIP * smooth[tops]]
    if not len(tops):
        return []
    _, _, left, right = peak_widths(smooth, tops, rel_height=FOOT)
    found: list[Span] = []
    for k, top in enumerate(tops):
        first, last = int(np.floor(left[k])), int(np.ceil(right[k]))
        if k:
            first = max(first, int(tops[k - 1] + np.argmin(smooth[tops[k - 1] : top + 1])))
        if k + 1 < len(tops):
            last = min(last, int(top + np.argmin(smooth[top : tops[k + 1] + 1])))
        first, last = max(first, 0), min(last, len(t) - 1)
        area = float(np.trapezoid(np.maximum(level[first : last + 1], 0.0), t[first : last + 1]))
        if area > 0.0:
            found.append(Span(float(t[first]), float(t[top]), float(t[last]), area))
    return found


def touching(t: FloatArray, level: FloatArray, spans: list[Span], least: float, most: int) -> list[list[Span]]:
    """Return the peaks in groups that are to be unmixed together.

    Two neighbours touch where the valley between them stays above the share ``least`` of the lower; a group has at most ``most`` peaks
    and is else cut at its deepest valleys.

    Args:
        t: Times [s].
        level: The trace less its baseline.
        spans: Its peaks by time.
        least: Depth of a valley that parts peaks [-].
        most: Largest group.
    """
    if not spans:
        return []
    smooth = gaussian_filter1d(level, 1.0)
    depths: list[float] = []
    for a, b in pairwise(spans):
        i, j = int(np.searchsorted(t, a.apex)), int(np.searchsorted(t, b.apex))
        lower = max(min(float(smooth[i]), float(smooth[j])), 1e-30)
        depths.append(max(float(smooth[i : j + 1].min()), 0.0) / lower)
    groups, start = [], 0
    for k, depth in enumerate([*depths, 0.0], start=1):
        if depth < least:
            groups += _cut(spans[start:k], depths[start : k - 1], most)
            start = k
    return groups


def _cut(spans: list[Span], depths: list[float], most: int) -> list[list[Span]]:
    if len(spans) <= most:
        return [spans]
    k = int(np.argmin(depths))
    return _cut(spans[: k + 1], depths[:k], most) + _cut(spans[k + 1 :], depths[k + 1 :], most)
