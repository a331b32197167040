"""The ions under one hump of the UV: their traces, where these rise, and the spectrum of each peak after unmixing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.ndimage import gaussian_filter1d
from scipy.signal import find_peaks, peak_widths

from ringside.evidence.extract import joined, strongest, with_moments
from ringside.evidence.raw import Scan
from ringside.evidence.trace import noise_of
from ringside.evidence.unmix import Block, Fit, heights_of
from ringside.kinetics.nouns import FloatArray

LOOKED_AT = 150  # m/z under a hump
MOST_IONS = 40  # of a peak
COLUMNS = 12  # traces that shapes are fitted to
PER_APEX = 4  # of these, for one apex
ION_CLEAR = 8.0  # times the noise, of an ion that tells where a peak is
ION_MISFIT, ION_NEAR = 0.1, 0.03  # relative error of an ion's height in a scan, and of the highest
LEAST_SCANS = 8  # in a window, for its ions to be fitted
ACROSS = 3.0  # scans across the upper half of an ion's peak, for its apex to count
SAME_APEX = 0.2  # of the width at half height
LEAST_HEIGHT = 0.01  # of the strongest ion under the hump, of one that tells of another peak
ION_SURE = 3.0  # standard errors, of an ion that is told
LEAST_TOLD = 0.001  # of the strongest ion of a peak

Ions = tuple[tuple[float, ...], tuple[float, ...]]


@dataclass(frozen=True, slots=True, eq=False)
class Hump:
    """Ions of a window: ``t`` [s, clock of the scans], ``mz``, their ``traces`` and ``moments``, shape (n_ions, n_scans).

    ``apexes``: (time [s], m/z index, height) of each clear rise of an ion.
    """

    t: FloatArray
    mz: FloatArray
    traces: FloatArray
    moments: FloatArray
    apexes: tuple[tuple[float, int, float], ...]


def hump(scans: Sequence[Scan], apart: float) -> Hump | None:
    """Return the ions of the scans of a window; None where there are too few scans to fit anything to them.

    Args:
        scans: By time.
        apart: Distance [Da] from which two signals are two ions.
    """
    if len(scans) < LEAST_SCANS:
        return None
    mz = strongest(scans, apart, LOOKED_AT)
    if not len(mz):
        return None
    traces, moments = with_moments(scans, mz, apart)
    t = np.array([s.t for s in scans])
    return Hump(t, mz, traces, moments, tuple(_apexes(t, traces)))


def _apexes(t: FloatArray, traces: FloatArray) -> list[tuple[float, int, float]]:
    found: list[tuple[float, int, float]] = []
    level = traces - np.quantile(traces, 0.15, axis=1, keepdims=True)
    smooth = gaussian_filter1d(level, 0.7, axis=1)
    noise = np.maximum(noise_of(traces.T), 1e-12)
    tops = smooth.max(axis=1)
    for i in np.flatnonzero(tops > ION_CLEAR * noise):
        y = smooth[i]
        least = max(ION_CLEAR * float(noise[i]), 0.15 * float(tops[i]))
        peaks, _ = find_peaks(y, prominence=least)
        if not len(peaks):
            continue
        wide, _, left, right = peak_widths(y, peaks, rel_height=0.4)
        for p, w, a, b in zip(peaks, wide, left, right, strict=True):
            if w >= ACROSS - 1.0:
                part = slice(int(np.ceil(a)), int(np.floor(b)) + 1)
                weight = np.maximum(y[part] - 0.6 * y[p], 0.0)
                if weight.sum() > 0.0:
                    found.append((float((weight * t[part]).sum() / weight.sum()), int(i), float(y[p])))
    return found


def proposals(seen: Hump, delay: float, width: float) -> tuple[list[float], list[int]]:
    """Return the times [s, clock of the UV] at which ions rise, highest first, and the ions that shapes are fitted to.

    Args:
        seen: The ions.
        delay: By which they come after the UV [s].
        width: Of a peak at half height [s].
    """
    if not seen.apexes:
        return [], []
    top = max(h for *_, h in seen.apexes)
    apexes = sorted(a for a in seen.apexes if a[2] >= LEAST_HEIGHT * top)
    step = float(np.median(np.diff(seen.t)))
    groups: list[list[tuple[float, int, float]]] = []
    for apex in apexes:
        if groups and apex[0] - groups[-1][0][0] <= max(SAME_APEX * width, 0.5 * step):
            groups[-1].append(apex)
        else:
            groups.append([apex])
    groups.sort(key=lambda g: -sum(h for *_, h in g))
    places: list[float] = []
    chosen: list[int] = []
    for group in groups:
        total = sum(h for *_, h in group)
        places.append(sum(t * h for t, _, h in group) / total - delay)
        for _, i, _ in sorted(group, key=lambda a: -a[2])[:PER_APEX]:
            if i not in chosen and len(chosen) < COLUMNS:
                chosen.append(i)
    return places, sorted(chosen)


def ion_block(seen: Hump, chosen: Sequence[int]) -> Block:
    """Return the traces of some ions for fitting."""
    y = seen.traces[list(chosen)].T
    return Block(seen.t, y, 1.0 / _variance(y), np.zeros(y.shape[1]), np.full(y.shape[1], 1e150), late=True)


def _variance(y: FloatArray) -> FloatArray:
    level = np.maximum(y - np.quantile(y, 0.15, axis=0), 0.0)
    top = np.maximum(level.max(axis=0), 1e-30)
    noise = np.maximum(noise_of(y), 0.005 * top)
    smooth = gaussian_filter1d(level, 0.7, axis=0)
    return np.asarray(noise**2 + (ION_MISFIT * smooth) ** 2 + (ION_NEAR * top) ** 2, dtype=np.float64)


def spectra(found: Fit, seen: Hump) -> list[Ions]:
    """Return the ions of each peak of a fit, strongest first and scaled to the strongest: what its shape takes of each trace.

    What is as high outside the peaks, straight on, is background and cancels.
    """
    k = found.k
    shapes = found.shapes(seen.t, late=True)
    block = ion_block(seen, range(len(seen.mz)))
    design = np.concatenate([shapes, block.ramps()], axis=1)
    heights, matrix = heights_of(design, block, k)
    rest = block.y - design @ heights
    scale = np.maximum((block.weight * rest * rest).sum(axis=0) / max(len(seen.t) - k - 2, 1), 1.0)
    errors = np.sqrt(np.linalg.inv(matrix)[:, np.arange(k), np.arange(k)] * scale[:, None])
    model = np.maximum(design @ np.maximum(heights, 0.0), 1e-30)
    told: list[Ions] = []
    for j in range(k):
        top = float(shapes[:, j].max())
        height = heights[j] * top
        clear = heights[j] > ION_SURE * errors[:, j]
        share = (shapes[:, j : j + 1] ** 2 * heights[j] / model).T
        total = (share * seen.traces).sum(axis=1)
        centre = np.divide((share * seen.moments).sum(axis=1), total, out=seen.mz.copy(), where=total > 0.0)
        told.append(ranked(centre, np.where(clear, height, 0.0)))
    return told


def ranked(mz: FloatArray, height: FloatArray) -> Ions:
    """Return the highest ions, scaled to the highest; none where nothing is above zero."""
    order = np.lexsort((mz, -height))[:MOST_IONS]
    top = float(height[order[0]]) if len(order) else 0.0
    if top <= 0.0:
        return (), ()
    order = order[height[order] > LEAST_TOLD * top]
    return tuple(float(m) for m in mz[order]), tuple(float(h) / top for h in height[order])


def contrast(scans: Sequence[Scan], start: float, apex: float, end: float, apart: float) -> Ions:
    """Return the ions of the scans across the upper half of a peak, less what was there before and after it.

    Args:
        scans: Of the whole run.
        start: Of the peak [s, clock of the scans].
        apex: Of the peak [s].
        end: Of the peak [s].
        apart: Distance [Da] from which two signals are two ions.
    """
    half = max(min(apex - start, end - apex) / 2.0, 0.0)
    inside = [s for s in scans if apex - half <= s.t <= apex + half]
    if not inside:
        nearest = min(scans, key=lambda s: abs(s.t - apex), default=None)
        inside = [nearest] if nearest is not None and start <= nearest.t <= end else []
    if not inside:
        return (), ()
    wide = max(end - start, 1.0)
    outside = [s for s in scans if start - wide <= s.t < start or end < s.t <= end + wide]
    mz, height = joined(inside, apart)
    if outside and len(mz):
        there, noise = joined(outside, apart)
        near = np.searchsorted(there, mz)
        for side in (near - 1, near):
            at = np.clip(side, 0, max(len(there) - 1, 0))
            if len(there):
                close = (side >= 0) & (side < len(there)) & (np.abs(there[at] - mz) <= apart)
                height = height - np.where(close, noise[at], 0.0) * (height > 0.0)
    return ranked(mz, height)
