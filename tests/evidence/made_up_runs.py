"""Injections made up for tests: tailing peaks in UV spectra and scans, with noise and background ions."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from ringside.evidence.raw import RawRun, Scan
from ringside.evidence.shapes import emg

WAVELENGTHS = np.arange(200.0, 350.0, 4.0)
BACKGROUND_IONS = 40


@dataclass(frozen=True)
class MadeUp:
    """One peak: place, width and skew as of ``emg``; area at the top of its UV spectrum; ions by their heights."""

    rt: float
    area: float
    ions: dict[float, float] = field(default_factory=dict)
    sigma: float = 1.5
    skew: float = 0.5
    colour: int = 0


def shape(peak: MadeUp, t):
    return emg(np.asarray(t), np.array([peak.rt]), np.log(np.array([peak.sigma])), np.array([peak.skew]))[:, 0]


def spectrum(colour: int):
    return np.exp(-0.5 * ((WAVELENGTHS - 230.0 - 18.0 * colour) / 20.0) ** 2) + 0.4 * np.exp(
        -0.5 * ((WAVELENGTHS - 275.0 - 10.0 * colour) / 14.0) ** 2
    )


def seen(peak: MadeUp) -> float:
    """Return the area in the mean trace above 210 nm."""
    return peak.area * float(spectrum(peak.colour)[WAVELENGTHS >= 210.0].mean())


def made_up(
    peaks, *, length=240.0, seed=0, delay=3.0, noise=0.02, scatter=0.05, ms=True, full=None, background=True, load=1.0
) -> RawRun:
    """Return a run of UV spectra each 0.2 s and scans each 0.6 s; ``full`` is where the UV detector ends."""
    rng = np.random.default_rng(seed)
    t, ts = np.arange(0.0, length, 0.2), np.arange(0.1, length, 0.6)
    uv = sum((np.outer(shape(p, t), spectrum(p.colour)) * p.area for p in peaks), np.zeros((len(t), len(WAVELENGTHS))))
    uv = load * uv + rng.normal(0.0, noise, uv.shape) + 0.002 * t[:, None]
    if full is not None:
        uv = np.minimum(uv, full)
    traces: dict[float, np.ndarray] = {}
    for p in peaks:
        top = float(shape(p, np.linspace(p.rt - 10.0, p.rt + 10.0, 801)).max())
        for mz, height in p.ions.items():
            traces[mz] = traces.get(mz, 0.0) + load * height * shape(p, ts - delay) / top
    standing = rng.uniform(100.0, 600.0, BACKGROUND_IONS), rng.exponential(500.0, BACKGROUND_IONS)
    scans: list[Scan] = []
    for j, at in enumerate(ts) if ms else ():
        own = [(mz + rng.normal(0.0, 0.02), y[j] * rng.normal(1.0, scatter)) for mz, y in traces.items()]
        other = [(mz + rng.normal(0.0, 0.02), h * max(rng.normal(1.0, 0.15), 0.1)) for mz, h in zip(*standing, strict=True)]  # fmt: skip
        both = sorted((mz, h) for mz, h in [*own, *(other if background else ())] if h > 20.0)
        scans.append(Scan(float(at), np.array([m for m, _ in both]), np.array([h for _, h in both])))
    return RawRun(tuple(scans), t, WAVELENGTHS, uv, (), False, "made up")


USUAL = (
    MadeUp(30.0, 15.0, {191.1: 3e4}, colour=1),
    MadeUp(55.0, 8.0, {220.1: 3e4}, colour=2),
    MadeUp(160.0, 20.0, {350.1: 3e4}, colour=2),
    MadeUp(200.0, 10.0, {410.1: 3e4}),
)
