"""By how much the ions come after the UV."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.ndimage import gaussian_filter1d
from scipy.signal import find_peaks

from ringside.evidence.nouns import Chromatogram
from ringside.evidence.raw import Scan
from ringside.evidence.trace import baseline, noise_of, spans_of
from ringside.kinetics.nouns import FloatArray

MOST_DELAY = 15.0  # s, between the detectors
USUAL_DELAY = 6.0  # s; a longer one is not believed of a single peak
STEP = 0.1  # s
NEAR = 0.5  # s, within which two apexes are one, beside half a scan
FAR_COSTS = 0.004  # of the score, for each second of delay
TOLD = 0.35  # of what could agree, from which a delay is believed
LOOKED_AT = 80  # nominal masses that come and go
CLEAR = 8.0  # times the noise
LEAST_RISE = 0.02  # of the highest
MOST_RISES = 5  # of one mass; more are noise
CELL = 1.0  # Da


def rises(scans: Sequence[Scan]) -> tuple[FloatArray, FloatArray]:
    """Return times [s] and heights of the apexes of the nominal masses that come and go most."""
    low = min((float(s.mz[0]) for s in scans if len(s.mz)), default=0.0)
    high = max((float(s.mz[-1]) for s in scans if len(s.mz)), default=0.0)
    cells = int((high - low) / CELL) + 1
    table = np.zeros((len(scans), cells))
    for i, scan in enumerate(scans):
        table[i] += np.bincount(((scan.mz - low) / CELL).astype(np.int64), weights=scan.intensity, minlength=cells)
    level = table - np.median(table, axis=0)
    chosen = np.argsort(-level.max(axis=0), kind="stable")[:LOOKED_AT]
    smooth = gaussian_filter1d(level[:, chosen], 1.0, axis=0)
    noise = np.maximum(noise_of(table[:, chosen]), 1e-3 * smooth.max(axis=0))
    least = LEAST_RISE * float(smooth.max(initial=0.0))
    t = np.array([s.t for s in scans])
    times: list[float] = []
    heights: list[float] = []
    for j, sd in enumerate(noise):
        y: FloatArray = smooth[:, j]
        tops, _ = find_peaks(y, prominence=max(CLEAR * float(sd), 0.1 * float(y.max()), least))
        for i in tops if len(tops) <= MOST_RISES else ():
            bend = y[i - 1] - 2.0 * y[i] + y[i + 1]
            shift = 0.5 * (y[i - 1] - y[i + 1]) / bend if bend < 0.0 else 0.0
            times.append(float(t[i] + shift * (t[i + 1] - t[i - 1]) / 2.0))
            heights.append(float(y[i]))
    return np.array(times), np.array(heights)


def lag(uv: Chromatogram, scans: Sequence[Scan]) -> float:
    """Return by how many seconds the ions come after the UV; 0 where the two are too unlike to tell.

    It is where apexes of the UV and of single masses agree best, each counted by the root of its height and once, so that neither one great peak
    nor what only one detector sees decides.

    Args:
        uv: The UV trace.
        scans: Mass spectra by time.
    """
    if len(scans) < 5 or len(uv.t) < 5:
        return 0.0
    spans = spans_of(uv.t, uv.y)
    times, heights = rises(scans)
    if not spans or not len(times):
        return 0.0
    level = uv.y - baseline(uv.t, uv.y)
    apex = np.array([s.apex for s in spans])
    lit = np.sqrt(np.maximum(np.interp(apex, uv.t, level), 0.0))
    ions = np.sqrt(np.maximum(heights, 0.0) / max(float(heights.max()), 1e-300))
    lit = lit / max(float(lit.max()), 1e-300)
    width = NEAR + 0.5 * float(np.median(np.diff([s.t for s in scans])))
    delays = np.arange(-MOST_DELAY, MOST_DELAY + STEP / 2.0, STEP)
    apart = times[None, None, :] - apex[None, :, None] - delays[:, None, None]
    close = np.exp(-0.5 * (apart / width) ** 2) * np.sqrt(lit[None, :, None] * ions[None, None, :])
    score = close.max(axis=2).sum(axis=1) * (1.0 - FAR_COSTS * np.abs(delays))
    best = int(np.argmax(score))
    matched = int((np.exp(-0.5 * (apart[best] / width) ** 2).max(axis=1) > 0.5).sum())
    alone = len(apex) == 1 or np.ptp(times) < 2.0 * width
    believed = matched > 1 or (alone and abs(float(delays[best])) <= USUAL_DELAY)
    return float(delays[best]) if believed and score[best] >= TOLD * min(float(lit.sum()), float(ions.sum())) else 0.0
