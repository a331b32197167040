"""Log densities that the likelihood is made of."""

from __future__ import annotations

import numpy as np
from scipy.special import log_ndtr, logit

from ringside.kinetics.nouns import FloatArray

SMALL = 1e-12
_LOG_ROOT_TWO_PI = 0.5 * float(np.log(2 * np.pi))


def logit_of(expected: FloatArray, floor: float) -> FloatArray:
    """Return fractions as logits, those beyond the floor at half of it."""
    return logit(np.clip(expected, floor / 2, 1 - floor / 2))


def logit_density(span: tuple[float, float], centre: FloatArray, sd: float, floor: float) -> FloatArray:
    """Return the log density of a fraction on the logit scale, as a probability where it is beyond the floor.

    Args:
        span: The fraction seen, from low to high.
        centre: The logit expected, any shape.
        sd: Standard deviation of the logit.
        floor: A fraction nearer to 0 or 1 counts as there.

    Returns:
        Natural logarithms, in the shape of ``centre``.
    """
    low, high = (float(np.clip(v, 0.0, 1.0)) for v in span)
    if high <= floor:
        return log_ndtr((logit(floor) - centre) / sd)
    if low >= 1 - floor:
        return log_ndtr((centre - logit(1 - floor)) / sd)
    a, b = (float(logit(np.clip(v, floor / 2, 1 - floor / 2))) for v in (low, high))
    return interval_density(a, b, centre, sd)


def uniform_logit_density(span: tuple[float, float], floor: float) -> float:
    """Return what a fraction of which nothing is known has for the same density: uniform between 0 and 1."""
    low, high = (float(np.clip(v, 0.0, 1.0)) for v in span)
    if high <= floor or low >= 1 - floor:
        return float(np.log(floor))
    low, high = (float(np.clip(v, floor / 2, 1 - floor / 2)) for v in (low, high))
    if high - low < SMALL:
        return float(np.log(low * (1 - low)))
    return float(np.log((high - low) / (logit(high) - logit(low))))


def interval_density(a: float, b: float, centre: FloatArray, sd: float) -> FloatArray:
    """Return the log of the mean normal density between ``a`` and ``b``."""
    if b - a < 1e-6:
        z = (a - centre) / sd
        return -0.5 * z**2 - np.log(sd) - _LOG_ROOT_TWO_PI
    lower, upper = (a - centre) / sd, (b - centre) / sd
    flip = lower > 0
    lo, hi = np.where(flip, -upper, lower), np.where(flip, -lower, upper)
    log_mass = log_ndtr(hi) + np.log1p(-np.exp(np.minimum(log_ndtr(lo) - log_ndtr(hi), -SMALL)))
    return log_mass - np.log(b - a)


def normal_logpdf(residual: FloatArray, covariance: FloatArray) -> FloatArray:
    """Return the log density of residuals, shape (n_draws, n), under a covariance, shape (n, n); one value per draw."""
    lower = np.linalg.cholesky(covariance)
    z = np.linalg.solve(lower, residual.T)
    size = residual.shape[1]
    return -0.5 * np.sum(z**2, axis=0) - float(np.log(np.diag(lower)).sum()) - size * _LOG_ROOT_TWO_PI
