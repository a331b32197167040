"""From what was recorded to peaks: baseline, detection, areas with errors, and the ions of each peak."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.ndimage import gaussian_filter1d, grey_opening, uniform_filter1d
from scipy.signal import find_peaks, peak_widths

from ringside.evidence.nouns import Chromatogram, Instrument, LcmsRun, Peak
from ringside.evidence.raw import RawRun, Scan
from ringside.kinetics.nouns import FloatArray

WINDOW = 60.0  # s, wider than any peak that is to be kept
CLEAR = 6.0
LEAST_SHARE = 0.002
MOST_PEAKS = 60
MOST_IONS = 40
MOST_DELAY = 15.0
LIKENESS = 0.4
COARSE, FINE = 0.3, 0.01
ERROR_PPM = 10.0
MAD_TO_SD = 1.4826
SOLVENT_FRONT = 210.0  # nm; below it the gradient itself absorbs


def picked(run: RawRun, wavelength: float | None = None) -> LcmsRun:
    """Return the peaks of an injection, found in its UV trace, or in the ions where there is none.

    The baseline is what a peak-wide opening leaves of the trace, smoothed; the noise that of differences between neighbours. A peak stands
    out by six times the noise and has at least 0.2 % of the area; it ends at its valleys or where it meets the baseline. Its ions are those of the scans
    across its upper half, less those before and after it, at the delay between the detectors.

    Args:
        run: What was recorded.
        wavelength: Of the UV trace [nm]; the mean above 210 nm where it is left out and the file has spectra.

    Returns:
        Peaks by retention time with area shares, the traces, and notes on how they were found.
    """
    uv = _lamp(run, wavelength)
    ions = _total(run.scans)
    source = uv if uv is not None else ions
    if source is None:
        return LcmsRun((), run.traces, sample=run.sample, notes=run.notes)
    notes = [*run.notes]
    delay = 0.0
    if uv is None:
        notes.append("no UV in the file: peaks and areas are those of the ion current, which says little about amounts")
    elif ions is not None:
        delay = lag(uv, ions)
    spans = spans_of(source.t, source.y)
    whole = sum(area for *_, area in spans) or 1.0
    found: list[Peak] = []
    for start, apex, end, area in spans:
        mz, intensity = _ions(run, start + delay, apex + delay, end + delay)
        found.append(Peak("", apex, mz, area / whole, intensity, source.label))
    kept = sorted((p for p in found if (p.area or 0.0) >= LEAST_SHARE), key=lambda p: -(p.area or 0.0))[:MOST_PEAKS]
    total = sum(p.area or 0.0 for p in kept) or 1.0
    named = [
        Peak(f"p{i}", p.rt, p.mz, (p.area or 0.0) / total, p.intensity, p.source)
        for i, p in enumerate(sorted(kept, key=lambda p: p.rt or 0.0), start=1)
    ]
    traces = tuple(t for t in (uv, ions) if t is not None)
    return LcmsRun(tuple(named), traces, _instrument(run), run.sample, tuple(notes))


def _instrument(run: RawRun) -> Instrument | None:
    if run.fine is None:
        return None
    return Instrument("positive", ERROR_PPM if run.fine else COARSE, "ppm" if run.fine else "Da")


def _lamp(run: RawRun, wavelength: float | None) -> Chromatogram | None:
    """Return the UV trace that peaks are found in."""
    if run.uv.size:
        if wavelength is None:
            used = run.wavelengths >= SOLVENT_FRONT
            used = used if used.any() else np.ones_like(used)
            return Chromatogram("UV mean", run.uv_t, np.asarray(run.uv[:, used].mean(axis=1), dtype=np.float64))
        nearest = int(np.argmin(np.abs(run.wavelengths - wavelength)))
        return Chromatogram(f"UV {run.wavelengths[nearest]:.0f} nm", run.uv_t, run.uv[:, nearest])
    return run.traces[0] if run.traces else None


def _total(scans: Sequence[Scan]) -> Chromatogram | None:
    """Return the base-peak trace: the strongest ion of each scan, which shows peaks above chemical noise."""
    if len(scans) < 3:
        return None
    y = np.array([float(s.intensity.max()) if len(s.intensity) else 0.0 for s in scans])
    return Chromatogram("base peak, ES+", np.array([s.t for s in scans]), y)


def baseline(t: FloatArray, y: FloatArray) -> FloatArray:
    """Return what runs under the peaks of a trace: its opening over a minute, smoothed, nowhere above the trace."""
    step = float(np.median(np.diff(t)))
    width = max(int(WINDOW / max(step, 1e-6)), 5)
    width = min(width, max(len(y) // 3, 3))
    low = grey_opening(gaussian_filter1d(y, 1.5), size=width)
    return np.asarray(np.minimum(uniform_filter1d(low, max(width // 2, 3)), y), dtype=np.float64)


def noise_of(y: FloatArray) -> float:
    """Return the standard deviation of noise, from differences between neighbours."""
    steps = np.diff(y)
    return float(MAD_TO_SD * np.median(np.abs(steps - np.median(steps))) / np.sqrt(2.0)) if len(steps) else 0.0


def spans_of(t: FloatArray, y: FloatArray) -> list[tuple[float, float, float, float]]:
    """Return start, apex, end [s] and area above the baseline of each peak of a trace."""
    if len(t) < 5:
        return []
    level = y - baseline(t, y)
    noise = max(noise_of(y), 1e-9 * float(np.ptp(y)), 1e-30)
    smooth = gaussian_filter1d(level, 1.0)
    tops, _ = find_peaks(smooth, prominence=CLEAR * noise, height=CLEAR * noise)
    if not len(tops):
        return []
    _, _, left, right = peak_widths(smooth, tops, rel_height=0.98)
    found: list[tuple[float, float, float, float]] = []
    for k, top in enumerate(tops):
        first, last = int(np.floor(left[k])), int(np.ceil(right[k]))
        if k:
            first = max(first, int(tops[k - 1] + np.argmin(smooth[tops[k - 1] : top + 1])))
        if k + 1 < len(tops):
            last = min(last, int(top + np.argmin(smooth[top : tops[k + 1] + 1])))
        first, last = max(first, 0), min(last, len(t) - 1)
        area = float(np.trapezoid(np.maximum(level[first : last + 1], 0.0), t[first : last + 1]))
        if area > 0.0:
            found.append((float(t[first]), float(t[top]), float(t[last]), area))
    return found


def lag(uv: Chromatogram, ions: Chromatogram) -> float:
    """Return by how many seconds the ions come after the UV; 0 where the traces are too unlike to tell."""
    step = max(float(np.median(np.diff(ions.t))), 0.2)
    start, end = max(uv.t[0], ions.t[0]), min(uv.t[-1], ions.t[-1])
    if end - start < 4.0 * MOST_DELAY:
        return 0.0
    grid = np.arange(start, end, step)
    a = np.interp(grid, uv.t, uv.y - baseline(uv.t, uv.y))
    b = np.interp(grid, ions.t, ions.y - baseline(ions.t, ions.y))
    most = int(MOST_DELAY / step)
    inner = slice(most, len(grid) - most)
    likeness = [float(np.corrcoef(a[inner], b[most + k : len(grid) - most + k])[0, 1]) for k in range(-most, most + 1)]
    best = int(np.nanargmax(likeness)) if not np.all(np.isnan(likeness)) else most
    return float((best - most) * step) if likeness[best] > LIKENESS else 0.0


def _ions(run: RawRun, start: float, apex: float, end: float) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return the ions of a peak, strongest first and scaled to the strongest, less what was there before and after it."""
    half = max(min(apex - start, end - apex) / 2.0, 0.0)
    inside = [s for s in run.scans if apex - half <= s.t <= apex + half]
    if not inside:
        nearest = min(run.scans, key=lambda s: abs(s.t - apex), default=None)
        inside = [nearest] if nearest is not None and start <= nearest.t <= end else []
    if not inside:
        return (), ()
    wide = max(end - start, 1.0)
    outside = [s for s in run.scans if start - wide <= s.t < start or end < s.t <= end + wide]
    apart = FINE if run.fine else COARSE
    mz, height = joined(inside, apart)
    if outside:
        there, noise = joined(outside, apart)
        near = np.searchsorted(there, mz)
        under = np.zeros(len(mz))
        for side in (near - 1, near):
            ok = (side >= 0) & (side < len(there))
            at = np.clip(side, 0, max(len(there) - 1, 0))
            close = ok & (np.abs(there[at] - mz) <= apart) if len(there) else np.zeros(len(mz), dtype=bool)
            under = np.maximum(under, np.where(close, noise[at] if len(there) else 0.0, 0.0))
        height = height - under
    order = np.lexsort((mz, -height))[:MOST_IONS]
    order = order[height[order] > 0.0]
    if not len(order):
        return (), ()
    top = float(height[order[0]])
    return tuple(float(m) for m in mz[order]), tuple(float(h) / top for h in height[order])


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
