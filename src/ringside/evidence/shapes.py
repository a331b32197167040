"""The shape of a chromatographic peak: a Gaussian that tails or fronts exponentially."""

from __future__ import annotations

import numpy as np
from scipy.special import erfc, erfcx

from ringside.kinetics.nouns import FloatArray

LEAST_SKEW = 1e-3
ROOT_TWO = float(np.sqrt(2.0))
ROOT_TWO_PI = float(np.sqrt(2.0 * np.pi))
FOOT = 0.01  # of the height, at which a peak is said to start and end
GRID = 400


def emg(t: FloatArray, place: FloatArray, log_sigma: FloatArray, skew: FloatArray) -> FloatArray:
    """Return exponentially modified Gaussians of unit area.

    f(x) = exp(-x^2 / 2 s^2) erfcx((s / tau - x / s) / sqrt 2) / (2 tau), x = t - mu, tau = skew s, mirrored where the skew is negative
    (fronting). ``place`` is near the apex: mu = place - s skew / (1 + abs skew), which decouples it from the tail.

    Args:
        t: Times [s], shape (n,).
        place: Near the apex [s], shape (k,).
        log_sigma: Natural log of the width s of the Gaussian [ln s], shape (k,).
        skew: tau / s [-], shape (k,).

    Returns:
        Values [1/s], shape (n, k).

    Sources:
        kalambet-2011: the form by erfcx, stable for any skew.
    """
    sigma = np.exp(log_sigma)
    sign = np.where(skew < 0.0, -1.0, 1.0)
    bend = np.maximum(np.abs(skew), LEAST_SKEW)
    middle = place - sigma * skew / (1.0 + np.abs(skew))
    x = sign * (t[:, None] - middle) / sigma
    z = (1.0 / bend - x) / ROOT_TWO
    steep = np.exp(-0.5 * np.minimum(x * x, 1400.0)) * erfcx(np.maximum(z, 0.0))
    flat = np.exp(np.minimum(0.5 / bend**2 - x / bend, 0.0)) * erfc(np.minimum(z, 0.0))
    return np.asarray(np.where(z > 0.0, steep, flat) / (2.0 * bend * sigma), dtype=np.float64)


def emg_slopes(t: FloatArray, place: FloatArray, log_sigma: FloatArray, skew: FloatArray, f: FloatArray) -> FloatArray:
    """Return the derivatives of such peaks, given their values ``f``.

    From tau f' + f = g, with g the Gaussian, and from diffusion: df/ds = s f''.

    Returns:
        With place, log sigma and skew, shape (3, n, k).
    """
    sigma = np.exp(log_sigma)
    sign = np.where(skew < 0.0, -1.0, 1.0)
    bend = np.maximum(np.abs(skew), LEAST_SKEW)
    tau, fold = bend * sigma, 1.0 + np.abs(skew)
    x = sign * (t[:, None] - place + sigma * skew / fold)
    g = np.exp(-0.5 * (x / sigma) ** 2) / (sigma * ROOT_TWO_PI)
    first = (g - f) / tau
    second = (-g * x / sigma**2 - first) / tau
    by_tau = f * (x / tau**2 - 1.0 / tau - sigma**2 / tau**3) + g * sigma**2 / tau**3
    by_middle = -sign * first
    by_log_sigma = sigma * (sigma * second + by_tau * bend - by_middle * skew / fold)
    by_skew = sigma * (by_tau * sign - by_middle / fold**2)
    return np.stack([by_middle, by_log_sigma, by_skew])


def outline(place: float, log_sigma: float, skew: float) -> tuple[float, float, float, float, float]:
    """Return start, apex, end, width at half height [s] and height [1/s] of one such peak of unit area.

    It starts and ends at 1 % of its height.
    """
    sigma = float(np.exp(log_sigma))
    reach = sigma * (5.0 + 6.0 * abs(skew))
    t = np.linspace(place - reach, place + reach, 2 * GRID + 1)
    y = emg(t, np.array([place]), np.array([log_sigma]), np.array([skew]))[:, 0]
    top = float(y.max())
    seen, half = np.flatnonzero(y >= FOOT * top), np.flatnonzero(y >= 0.5 * top)
    return (
        float(t[seen[0]]),
        float(t[int(np.argmax(y))]),
        float(t[seen[-1]]),
        float(t[half[-1]] - t[half[0]]),
        top,
    )
