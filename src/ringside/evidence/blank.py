"""An injection without sample, taken off one with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ringside.errors import bad_input
from ringside.evidence.nouns import Chromatogram
from ringside.evidence.raw import RawRun, Scan
from ringside.evidence.trace import baseline, noise_of
from ringside.kinetics.nouns import FloatArray

MOST_SHIFT = 6.0  # s, of the blank against the run
STEP = 0.1  # s
ALIKE = 0.3  # correlation, from which a shift is believed
CLEAR = 4.0  # times the noise: what the blank itself shows
LEAST_POINTS = 10
RATIO = 0.25  # quantile of run over blank: what is there in both, and not what only the sample adds
SCANS = 1.6  # scans of the blank at either side, that are averaged
FIELD = "observed.blank"


def without_blank(run: RawRun, blank: RawRun, apart: float) -> RawRun:
    """Return a run less its blank.

    The blank is moved by up to six seconds to where it is most like the run, and scaled by the ratio of the two where the blank
    shows something, at most 1: the lower quartile in the UV, so that peaks that only the run has do not raise it, the median in the ions, high ones first of all. Of each UV trace and each ion is taken what the blank
    shows above its own baseline, and never more than the run has above its own.

    Args:
        run: With sample.
        blank: Without.
        apart: Distance [Da] from which two signals are two ions.

    Returns:
        The run with a note on what was taken off.

    Raises:
        BadInput: If there is neither UV nor a scan in both.
    """
    both_uv = run.uv.size > 0 and blank.uv.size > 0
    both_scans = len(run.scans) > 2 and len(blank.scans) > 2
    pairs = [(a, b) for a in run.traces for b in blank.traces if a.label == b.label]
    if not (both_uv or both_scans or pairs):
        raise bad_input(
            "blank-unlike",
            "the blank holds neither a UV trace nor mass spectra that the run holds too",
            field=FIELD,
            value=blank.sample,
            next_step="give the blank of the same method, as raw data",
        )
    told: list[str] = []
    uv, traces, scans = run.uv, run.traces, run.scans
    if both_uv:
        there = np.stack([np.interp(run.wavelengths, blank.wavelengths, y) for y in blank.uv]) if not np.array_equal(run.wavelengths, blank.wavelengths) else blank.uv  # fmt: skip
        uv, shift, scale, share = _off(run.uv_t, run.uv, blank.uv_t, there)
        told.append(f"{share:.1%} of the UV (moved by {shift:+.1f} s, times {scale:.2f})")
    if pairs:
        traces = tuple(_trace_off(a, next((b for x, b in pairs if x is a), None)) for a in run.traces)
        told.append("the UV traces of the same name")
    if both_scans:
        scans, shift, scale, share = _ions_off(run.scans, blank.scans, apart)
        told.append(f"{share:.1%} of the ions (moved by {shift:+.1f} s, times {scale:.2f})")
    note = f"the blank {blank.sample or 'run'} was taken off: {'; '.join(told)}"
    return replace(run, uv=uv, traces=traces, scans=scans, notes=(*run.notes, note))


def _trace_off(trace: Chromatogram, blank: Chromatogram | None) -> Chromatogram:
    if blank is None:
        return trace
    y, *_ = _off(trace.t, trace.y[:, None], blank.t, blank.y[:, None])
    return replace(trace, y=y[:, 0])


def _off(
    t: FloatArray, y: FloatArray, blank_t: FloatArray, blank: FloatArray
) -> tuple[FloatArray, float, float, float]:
    """Return traces less their blank, by how much it was moved [s] and scaled, and the share of the signal that it was."""
    level = y - baseline(t, y)
    there = blank - baseline(blank_t, blank)
    there = np.where(there > CLEAR * noise_of(blank), there, 0.0)
    shift = _shift(t, level.mean(axis=1), blank_t, there.mean(axis=1))
    moved = np.stack([np.interp(t, blank_t + shift, c, left=0.0, right=0.0) for c in there.T], axis=1)
    scale = _scale(level, moved)
    taken = np.minimum(scale * moved, np.maximum(level, 0.0))
    whole = float(np.maximum(level, 0.0).sum())
    return y - taken, shift, scale, float(taken.sum()) / whole if whole > 0.0 else 0.0


def _shift(t: FloatArray, y: FloatArray, blank_t: FloatArray, blank: FloatArray) -> float:
    """Return by how much the blank is to be moved [s]; 0 where the two are too unlike to tell."""
    a = np.sqrt(np.maximum(y, 0.0))
    shifts = np.arange(-MOST_SHIFT, MOST_SHIFT + STEP / 2.0, STEP)
    root = np.sqrt(np.maximum(blank, 0.0))
    if a.std() == 0.0 or root.std() == 0.0:
        return 0.0
    moved = (np.interp(t, blank_t + s, root) for s in shifts)
    likeness = np.array([float(np.corrcoef(a, b)[0, 1]) if b.std() > 0.0 else 0.0 for b in moved])
    best = int(np.argmax(likeness))
    return float(round(shifts[best], 3)) if likeness[best] > ALIKE else 0.0


def _scale(y: FloatArray, blank: FloatArray) -> float:
    """Return how much of the blank is in a run, 0 to 1."""
    strong = blank > 0.2 * np.maximum(blank.max(axis=0), 1e-300)
    if int(strong.sum()) < LEAST_POINTS:
        return 1.0
    return float(np.clip(np.quantile(y[strong] / blank[strong], RATIO), 0.0, 1.0))


def _ions_off(
    scans: Sequence[Scan], blank: Sequence[Scan], apart: float
) -> tuple[tuple[Scan, ...], float, float, float]:
    """Return scans less those of the blank at the same time, the move [s], the scale, and the share taken off."""
    t, blank_t = np.array([s.t for s in scans]), np.array([s.t for s in blank])
    total, there = (np.array([float(s.intensity.sum()) for s in x]) for x in (scans, blank))
    shift = _shift(t, total - baseline(t, total), blank_t, np.maximum(there - baseline(blank_t, there), 0.0))
    reach = SCANS * float(np.median(np.diff(blank_t)))
    under = [_mean_near(s, blank, blank_t + shift, reach, apart) for s in scans]
    both = [(s.intensity[u > 0.0], u[u > 0.0]) for s, u in zip(scans, under, strict=True)]
    own, other = (np.concatenate([b[i] for b in both]) for i in (0, 1))
    scale = 1.0
    if len(own) >= LEAST_POINTS:
        order = np.argsort(own / other)
        weight = np.cumsum(other[order] ** 2)
        middle = int(np.searchsorted(weight, 0.5 * float(weight[-1])))
        scale = float(np.clip(own[order[middle]] / other[order[middle]], 0.0, 1.0))
    left: list[Scan] = []
    for scan, u in zip(scans, under, strict=True):
        rest = scan.intensity - scale * u
        left.append(Scan(scan.t, scan.mz[rest > 0.0], rest[rest > 0.0]))
    taken = float(total.sum()) - sum(float(s.intensity.sum()) for s in left)
    return tuple(left), shift, scale, taken / max(float(total.sum()), 1e-300)


def _mean_near(scan: Scan, blank: Sequence[Scan], t: FloatArray, reach: float, apart: float) -> FloatArray:
    """Return what the blank has on average around the time of a scan at each of its m/z."""
    first, last = np.searchsorted(t, (scan.t - reach, scan.t + reach))
    near = blank[int(first) : int(last)]
    under = np.zeros(len(scan.mz))
    for other in near:
        ends = np.searchsorted(other.mz, np.stack([scan.mz - apart / 2.0, scan.mz + apart / 2.0]))
        sums = np.concatenate([[0.0], np.cumsum(other.intensity)])
        under += sums[ends[1]] - sums[ends[0]]
    return under / max(len(near), 1)
