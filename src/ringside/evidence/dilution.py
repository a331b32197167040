"""How the ions of a peak go with the amount injected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.ndimage import gaussian_filter1d
from scipy.signal import find_peaks

from ringside.evidence.absorbance import lamp_of
from ringside.evidence.delay import lag
from ringside.evidence.extract import extracted, mz_of
from ringside.evidence.nouns import LcmsRun, Peak
from ringside.evidence.raw import RawRun
from ringside.evidence.trace import noise_of
from ringside.kinetics.nouns import FloatArray
from ringside.units import Mz

MOST_SHIFT = 8.0  # s, of a peak between injections
CLEAR = 8.0  # times the noise
LEAST_RATIO = 2.0  # between the highest and the lowest load
HEIGHT_ERROR = 0.1  # relative, of an ion between injections
MOST_ERROR = 0.25  # of the exponent, beyond which it is not told
SATURATED = 0.75  # an exponent below it is said to be that of a full detector or of ions that crowd each other out
RIVAL = 0.3  # of the highest: another apex that may be meant
COARSE, FINE = 0.3, 0.01  # Da


@dataclass(frozen=True, slots=True, eq=False)
class _Injection:
    """One load with its traces by m/z: ``t`` [s, clock of the peaks] and heights."""

    load: float
    run: LcmsRun | RawRun
    delay: float
    apart: float

    def trace(self, mz: Mz) -> tuple[FloatArray, FloatArray] | None:
        if isinstance(self.run, RawRun):
            if len(self.run.scans) < 3:
                return None
            t = np.array([s.t for s in self.run.scans]) - self.delay
            return t, extracted(self.run.scans, [mz], self.apart)[0]
        near = [(abs((mz_of(c.label) or 0.0) - mz), c) for c in self.run.ions]
        best = min(near, key=lambda x: x[0], default=None)
        return (best[1].t, best[1].y) if best is not None and best[0] <= self.apart else None


def load_exponents(run: LcmsRun, others: Sequence[tuple[float, LcmsRun | RawRun]]) -> LcmsRun:
    """Return a run whose peaks say with which power of the load their strongest ion grows.

    The exponent is the slope of log height against log load over the injections in which the ion rises at the peak's time (all moved alike
    between injections). It is told where the loads differ by a factor of 2 and more and its standard error is at most 0.25.

    Args:
        run: The main injection, load 1, picked with the m/z of its peaks as targets, so that it holds their traces; or else give its raw
            run among the others, with load 1.
        others: Load relative to the main injection [-] and the injection: raw, or picked with the same targets.

    Returns:
        The run with ``load_exponent`` of each peak, None where it cannot be told, and a note where an ordinary ion levels off.
    """
    injections = [_injection(load, other) for load, other in others]
    if all(i.load != 1.0 for i in injections):
        injections.insert(0, _injection(1.0, run))
    shifts = [_moved(run.peaks, i) for i in injections]
    told: list[Peak] = []
    for peak in run.peaks:
        heights = [_height(peak, i, s) for i, s in zip(injections, shifts, strict=True)]
        points = [(i.load, h) for i, h in zip(injections, heights, strict=True) if h is not None]
        told.append(replace(peak, load_exponent=_slope(points)))
    low = [f"{p.id} (m/z {p.mz[0]:.1f}: {p.load_exponent:.2f})" for p in told if p.load_exponent is not None and p.load_exponent < SATURATED]  # fmt: skip
    note = f"grows less than the load: {', '.join(low)}; the detector is full or ions crowd each other out, so heights say little of amounts"
    return replace(run, peaks=tuple(told), notes=(*run.notes, note) if low else run.notes)


def _injection(load: float, run: LcmsRun | RawRun) -> _Injection:
    if isinstance(run, LcmsRun):
        coarse = run.instrument is None or run.instrument.mz_error_unit == "Da"
        return _Injection(load, run, 0.0, COARSE if coarse else FINE)
    lamp = lamp_of(run, None)
    delay = 0.0
    if lamp is not None and len(run.scans) > 2:
        delay = lag(lamp.trace, run.scans)
    return _Injection(load, run, delay, FINE if run.fine else COARSE)


def _apexes(peak: Peak, injection: _Injection, about: float, reach: float) -> list[tuple[float, float]]:
    """Return (height, time [s]) of the clear rises of a peak's strongest ion around a time, highest first."""
    found = injection.trace(peak.mz[0]) if peak.mz else None
    if found is None or len(found[0]) < 5:
        return []
    t, y = found
    noise = max(float(noise_of(y)), 1e-3 * float(np.ptp(y)), 1e-30)
    smooth = gaussian_filter1d(y, 0.7)
    tops, _ = find_peaks(smooth, prominence=CLEAR * noise)
    level = smooth - np.median(smooth)
    near = [(float(level[i]), float(t[i])) for i in tops if abs(t[i] - about) <= reach]
    return sorted(near, reverse=True)


def _moved(peaks: Sequence[Peak], injection: _Injection) -> float:
    """Return by how much the peaks of an injection come later [s], by those that only one apex can be."""
    moves: list[float] = []
    for peak in peaks:
        if peak.rt is None:
            continue
        near = _apexes(peak, injection, peak.rt, MOST_SHIFT)
        if near and all(h < RIVAL * near[0][0] for h, _ in near[1:]):
            moves.append(near[0][1] - peak.rt)
    return float(np.median(moves)) if moves else 0.0


def _height(peak: Peak, injection: _Injection, shift: float) -> float | None:
    if peak.rt is None:
        return None
    width = (peak.span[1] - peak.span[0]) / 4.0 if peak.span is not None else MOST_SHIFT / 4.0
    near = _apexes(peak, injection, peak.rt + shift, max(width, 1.0))
    return near[0][0] if near else None


def _slope(points: Sequence[tuple[float, float]]) -> float | None:
    """Return the slope of log height against log load, None where it is too uncertain."""
    good = [(load, h) for load, h in points if load > 0.0 and h > 0.0]
    if len(good) < 2:
        return None
    x, y = (np.log(np.array(c)) for c in zip(*good, strict=True))
    if float(np.ptp(x)) < np.log(LEAST_RATIO) - 1e-9:
        return None
    spread = float(((x - x.mean()) ** 2).sum())
    slope = float(((x - x.mean()) * (y - y.mean())).sum()) / spread
    rest = y - y.mean() - slope * (x - x.mean())
    scatter = float((rest**2).sum()) / (len(good) - 2) if len(good) > 2 else 0.0
    error = float(np.sqrt(max(scatter, HEIGHT_ERROR**2) / spread))
    return slope if error <= MOST_ERROR else None
