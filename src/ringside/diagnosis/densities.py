"""Log densities that the likelihood is made of."""

from __future__ import annotations

import numpy as np
from scipy.special import gammaln, logit, stdtr

from ringside.kinetics.nouns import FloatArray

SMALL = 1e-12
_NARROW = 1e-4
_LOG_ROOT_TWO_PI = 0.5 * float(np.log(2 * np.pi))


def logit_of(expected: FloatArray, floor: float) -> FloatArray:
    """Return fractions as logits, those beyond the floor at half of it."""
    return logit(np.clip(expected, floor / 2, 1 - floor / 2))


def logit_density(span: tuple[float, float], centre: FloatArray, sd: float, floor: float, degrees: float) -> FloatArray:
    """Return the log density of a fraction on the logit scale, as a probability where it is beyond the floor.

    Args:
        span: The fraction seen, from low to high.
        centre: The logit expected, any shape.
        sd: Scale of the logit.
        floor: A fraction nearer to 0 or 1 counts as there.
        degrees: Degrees of freedom of Student's t distribution.

    Returns:
        Natural logarithms, in the shape of ``centre``.
    """
    low, high = (float(np.clip(v, 0.0, 1.0)) for v in span)
    if high <= floor:
        return np.log(stdtr(degrees, (logit(floor) - centre) / sd))
    if low >= 1 - floor:
        return np.log(stdtr(degrees, (centre - logit(1 - floor)) / sd))
    a, b = (float(logit(np.clip(v, floor / 2, 1 - floor / 2))) for v in (low, high))
    return interval_density(a, b, centre, sd, degrees)


def uniform_logit_density(span: tuple[float, float], floor: float) -> float:
    """Return what a fraction of which nothing is known has for the same density: uniform between 0 and 1."""
    low, high = (float(np.clip(v, 0.0, 1.0)) for v in span)
    if high <= floor or low >= 1 - floor:
        return float(np.log(floor))
    low, high = (float(np.clip(v, floor / 2, 1 - floor / 2)) for v in (low, high))
    if high - low < SMALL:
        return float(np.log(low * (1 - low)))
    return float(np.log((high - low) / (logit(high) - logit(low))))


def interval_density(a: float, b: float, centre: FloatArray, sd: float, degrees: float) -> FloatArray:
    """Return the log of the mean density between ``a`` and ``b`` of Student's t distribution of scale ``sd`` around ``centre``."""
    if b - a < _NARROW * sd:
        return _t_log_density((((a + b) / 2 - centre) / sd) ** 2, degrees, 1) - np.log(sd)
    lower, upper = (a - centre) / sd, (b - centre) / sd
    flip = lower > 0
    lo, hi = np.where(flip, -upper, lower), np.where(flip, -lower, upper)
    return np.log(stdtr(degrees, hi) - stdtr(degrees, lo)) - np.log(b - a)


def normal_logpdf(residual: FloatArray, covariance: FloatArray) -> FloatArray:
    """Return the log density of residuals, shape (n_draws, n), under a covariance, shape (n, n); one value per draw."""
    squared, log_root = _distance(residual, covariance)
    return -0.5 * squared - log_root - residual.shape[1] * _LOG_ROOT_TWO_PI


def t_logpdf(residual: FloatArray, covariance: FloatArray, degrees: float) -> FloatArray:
    """Return the log density of residuals, as ``normal_logpdf``, of Student's t distribution."""
    squared, log_root = _distance(residual, covariance)
    return _t_log_density(squared, degrees, residual.shape[1]) - log_root


def _t_log_density(squared: FloatArray, degrees: float, size: int) -> FloatArray:
    """Return the log density of Student's t distribution of unit scale in ``size`` dimensions, by the squared distance."""
    front = float(gammaln((degrees + size) / 2) - gammaln(degrees / 2)) - size / 2 * float(np.log(degrees * np.pi))
    return front - (degrees + size) / 2 * np.log1p(squared / degrees)


def _distance(residual: FloatArray, covariance: FloatArray) -> tuple[FloatArray, float]:
    """Return the squared Mahalanobis distance of each draw, and half the log determinant of the covariance."""
    lower = np.linalg.cholesky(covariance)
    z = np.linalg.solve(lower, residual.T)
    return np.sum(z**2, axis=0), float(np.log(np.diag(lower)).sum())
