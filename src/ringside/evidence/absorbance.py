"""The UV of an injection made ready for fitting: the trace that areas are of, bands beside it, and where the detector was full."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d, maximum_filter1d

from ringside.evidence.nouns import Chromatogram
from ringside.evidence.raw import RawRun
from ringside.evidence.trace import baseline, noise_of
from ringside.evidence.unmix import Block
from ringside.kinetics.nouns import FloatArray

SOLVENT_FRONT = 210.0  # nm; below it the gradient itself absorbs
BANDS = 6
MISFIT, MISFIT_NEAR = (
    0.015,
    0.004,
)  # of the local signal and of the highest nearby: how far real peaks are from the shape
CURRENT_MISFIT = 0.1
LEAK = 0.004  # of the trace: how far a band of one species is from proportional to it
CEILING = 0.999  # of the highest reading: what counts as that reading
FLAT, FLAT_SHARE = 5, 0.2  # points in a row at the ceiling, and their share of the width at half height
DENSE = 60  # points of a window that are enough
DRIFT_NOISE, DRIFT_TOP = 3.0, 0.01


@dataclass(frozen=True, slots=True, eq=False)
class Lamp:
    """The trace peaks are found in, less its baseline: ``level`` at ``t`` [s], shape (n,).

    ``bands``: UV in bands, less their baselines, shape (n, n_bands), empty where there is one wavelength. ``noise`` of the trace, ``band_noise`` of the
    bands. ``full``: where a wavelength in use is at the ceiling of the detector, shape (n,), ``ceiling`` that reading. ``coarse``: relative
    misfit allowed; ``uv``: it is of absorbance, and no ion current.
    """

    trace: Chromatogram
    level: FloatArray
    noise: float
    bands: FloatArray
    band_noise: FloatArray
    full: NDArray[np.bool_]
    ceiling: float
    coarse: float
    uv: bool = True


def lamp_of(run: RawRun, wavelength: float | None) -> Lamp | None:
    """Return the UV of a run at one wavelength [nm], or its mean above 210 nm; None where there is none."""
    if not run.uv.size or len(run.uv_t) < 5:
        return from_trace(run.traces[0]) if run.traces and len(run.traces[0].t) >= 5 else None
    used = run.wavelengths >= SOLVENT_FRONT
    used = used if used.any() else np.ones_like(used)
    if wavelength is None:
        name, own = "UV mean", used
        y = np.asarray(run.uv[:, used].mean(axis=1), dtype=np.float64)
    else:
        nearest = int(np.argmin(np.abs(run.wavelengths - wavelength)))
        name, own = f"UV {run.wavelengths[nearest]:.0f} nm", np.arange(len(run.wavelengths)) == nearest
        y = run.uv[:, nearest]
    full, ceiling = _ceiling(run.uv[:, used | own])
    columns = np.array_split(np.flatnonzero(used), min(BANDS, int(used.sum())))
    raw = np.stack([run.uv[:, c].mean(axis=1) for c in columns], axis=1) if len(columns) > 1 else np.zeros((len(y), 0))
    bands = raw - baseline(run.uv_t, raw) if raw.shape[1] else raw
    return _lamp(Chromatogram(name, run.uv_t, y), bands, noise_of(raw), full, ceiling, MISFIT)


def from_trace(trace: Chromatogram) -> Lamp:
    """Return the same of a single UV trace."""
    full, ceiling = _ceiling(trace.y[:, None])
    return _lamp(trace, np.zeros((len(trace.t), 0)), np.zeros(0), full, ceiling, MISFIT)


def from_current(trace: Chromatogram) -> Lamp:
    """Return the same of a base-peak trace, which is no sum of its peaks, so that less is made of its shape."""
    none = np.zeros(len(trace.t), dtype=bool)
    return replace(_lamp(trace, np.zeros((len(trace.t), 0)), np.zeros(0), none, 0.0, CURRENT_MISFIT), uv=False)


def _lamp(
    trace: Chromatogram,
    bands: FloatArray,
    band_noise: FloatArray,
    full: NDArray[np.bool_],
    ceiling: float,
    coarse: float,
) -> Lamp:
    level = np.asarray(trace.y - baseline(trace.t, trace.y), dtype=np.float64)
    noise = max(float(noise_of(trace.y)), 1e-6 * float(np.ptp(trace.y)), 1e-30)
    return Lamp(trace, level, noise, bands, np.maximum(band_noise, 1e-3 * noise), full, ceiling, coarse)


def _ceiling(uv: FloatArray) -> tuple[NDArray[np.bool_], float]:
    """Return where any wavelength stays at its highest reading for longer than a peak's top does, and that reading."""
    full = np.zeros(len(uv), dtype=bool)
    ceiling = 0.0
    top = uv.max(axis=0)
    near = uv >= CEILING * top
    for j in np.flatnonzero((near.sum(axis=0) >= FLAT) & (top > 0.0)):
        edges = np.flatnonzero(np.diff(np.concatenate([[0], near[:, j].astype(np.int8), [0]])))
        for start, end in zip(edges[::2], edges[1::2], strict=True):
            above = uv[:, j] > 0.5 * (top[j] + float(np.median(uv[:, j])))
            left, right = start, end
            while left > 0 and above[left - 1]:
                left -= 1
            while right < len(above) and above[right]:
                right += 1
            if end - start >= max(FLAT, FLAT_SHARE * (right - left)) and right - left < len(uv) / 3:
                full[start:end] = True
                ceiling = max(ceiling, float(top[j]))
    return full, ceiling


def lamp_block(lamp: Lamp, start: float, end: float, width: float) -> Block:
    """Return the UV of a window: the trace, and each band less what is proportional to the trace.

    Where all under the hump is one species, nothing is left in the bands: they tell of spectra, not of shapes, and are given
    the small error of a detector's linearity. The trace is given the error of real shapes.

    Args:
        lamp: The UV.
        start: Of the window [s].
        end: Of the window [s].
        width: Of a peak at half height [s].
    """
    t = lamp.trace.t
    i, j = int(np.searchsorted(t, start)), max(int(np.searchsorted(t, end, side="right")), 0)
    i, j = (i, j) if j - i >= 5 else (max(i - 3, 0), min(j + 3, len(t)))
    t, trace, bands = t[i:j], lamp.level[i:j], lamp.bands[i:j]
    step = float(np.median(np.diff(t)))
    smooth = np.maximum(gaussian_filter1d(trace, 1.0), 0.0)
    near = maximum_filter1d(smooth, max(int(2.0 * width / max(step, 1e-9)) | 1, 3))
    ratio = (bands * trace[:, None]).sum(axis=0) / max(float((trace * trace).sum()), 1e-300)
    y = np.concatenate([trace[:, None], bands - ratio * trace[:, None]], axis=1)
    variance = np.concatenate(
        [
            (lamp.noise**2 + (lamp.coarse * smooth) ** 2 + (MISFIT_NEAR / MISFIT * lamp.coarse * near) ** 2)[:, None],
            lamp.band_noise**2 + (ratio * lamp.noise) ** 2 + (LEAK * ratio * smooth[:, None]) ** 2 + (0.25 * LEAK * ratio * near[:, None]) ** 2,
        ],
        axis=1,
    )  # fmt: skip
    weight = np.where(lamp.full[i:j, None], 1e-6, 1.0) / variance
    few = max(len(t) // DENSE, 1)
    if few > 1:
        n = len(t) // few * few
        t = t[:n].reshape(-1, few).mean(axis=1)
        y = y[:n].reshape(-1, few, y.shape[1]).mean(axis=1)
        noise = np.concatenate([[lamp.noise], np.hypot(lamp.band_noise, ratio * lamp.noise)]) ** 2
        shape = np.maximum(1.0 / weight[:n] - noise, 0.0).reshape(-1, few, y.shape[1]).mean(axis=1)
        weight = 1.0 / (shape + noise / few)
    top = float(smooth.max())
    drift = np.concatenate(
        [[DRIFT_NOISE * lamp.noise + DRIFT_TOP * top], DRIFT_NOISE * lamp.band_noise + DRIFT_TOP * np.abs(ratio) * top]
    )
    signed = np.concatenate([[0.0], np.ones(bands.shape[1])])
    return Block(t, y, weight, signed, drift)
