"""Species that UV does not see, by the traces of their ions."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.ndimage import gaussian_filter1d, minimum_filter1d

from ringside.evidence.nouns import Peak
from ringside.evidence.trace import Span, noise_of, spans_of
from ringside.kinetics.nouns import FloatArray
from ringside.units import Mz

CLEAR_ION = 10.0  # times the noise: what an ion must stand out by to be a peak of its own
LEAST_OF_RUN = 0.01  # of the highest target in the run
STANDING = 0.25  # of the run in which an ion is above a third of its highest: background
THIRD = 1.0 / 3.0
MOST_RISES = 4  # peaks of one target; more are noise
ACROSS = 3  # scans above half height
LASTING = 0.3  # of its highest, that a rise keeps over so many scans
BESIDE = 0.75  # of the distance from an apex to the foot of a UV peak: within it the ion is that peak's


def silent(t: FloatArray, traces: FloatArray, targets: Sequence[Mz], peaks: Sequence[Peak]) -> list[tuple[Span, Mz]]:
    """Return where targets rise while no peak is known, each with the highest target that rises there.

    A rise stands out by ten times the noise and 1 % of the highest target, over three scans and more. An ion that is there over much
    of the run is background.

    Args:
        t: Times of the scans [s, clock of the peaks], shape (n_scans,).
        traces: Of the targets, shape (n_targets, n_scans).
        targets: Their m/z.
        peaks: What is known.

    Returns:
        Spans by time.
    """
    if not len(traces) or len(t) < 5:
        return []
    smooth = gaussian_filter1d(traces, 0.7, axis=1)
    top = smooth.max(axis=1)
    noise = np.maximum(noise_of(traces.T), 1e-3 * top)
    standing = (smooth > THIRD * top[:, None]).mean(axis=1)
    clear = (top - np.median(smooth, axis=1) > CLEAR_ION * noise) & (standing < STANDING)
    clear &= top > LEAST_OF_RUN * top.max()
    clear &= minimum_filter1d(traces, ACROSS, axis=1).max(axis=1) > LASTING * top
    rises: list[tuple[float, Span, Mz]] = []
    for i in np.flatnonzero(clear):
        spans = spans_of(t, traces[i], CLEAR_ION)
        heights = [float(smooth[i, int(np.searchsorted(t, s.apex))]) for s in spans]
        good = [
            (h, s)
            for h, s in zip(heights, spans, strict=True)
            if h > max(THIRD * top[i] / 10.0, LEAST_OF_RUN * top.max())
            and _scans_above(t, traces[i], s, 0.5 * h) >= ACROSS
        ]
        if len(good) <= MOST_RISES:
            rises += [(h, s, targets[int(i)]) for h, s in good if not _known(s, peaks)]
    found: list[tuple[Span, Mz]] = []
    for _, span, mz in sorted(rises, key=lambda r: (-r[0], r[1].apex, r[2])):
        if all(abs(span.apex - other.apex) > 0.5 * (other.end - other.start) / 2.0 for other, _ in found):
            found.append((span, mz))
    return sorted(found, key=lambda f: f[0].apex)


def _scans_above(t: FloatArray, y: FloatArray, span: Span, least: float) -> int:
    i, j = np.searchsorted(t, (span.start, span.end))
    return int((y[i : j + 1] >= least).sum())


def _known(span: Span, peaks: Sequence[Peak]) -> bool:
    """Return whether a peak is at that time."""
    for p in peaks:
        if p.rt is not None and p.span is not None:
            before, after = BESIDE * (p.rt - p.span[0]), BESIDE * (p.span[1] - p.rt)
            step = 0.5 * (span.end - span.start) / 4.0
            if p.rt - max(before, step) <= span.apex <= p.rt + max(after, step):
                return True
    return False
