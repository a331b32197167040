"""Least squares with priors: where rates lie after measurements, how well they are known, and what only priors hold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from scipy.linalg import null_space
from scipy.optimize import least_squares

from ringside.kinetics.nouns import FloatArray

STEP = 0.05
MOST_EVALUATIONS = 40
ROUNDS = 8
SHRINK = (1.0, 0.5, 0.2)
SAMPLES = 400
TINY = 1e-12

Misfit = Callable[[FloatArray], FloatArray]
"""From deviates, shape (m, p), to measured less predicted in units of the error, shape (m, k)."""


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """The most probable deviates and how well they are known.

    ``mean`` (p,), ``covariance`` (p, p) in prior standard deviations; ``slope`` (k, p) the derivative of the misfit there;
    ``before`` and ``after`` (k,) misfits at the prior mean and at the fit, in units of the given errors; ``widened`` the
    factor that the errors had to be multiplied by, 1 or more; ``learned`` the number of parameters that the data decide.
    """

    mean: FloatArray
    covariance: FloatArray
    slope: FloatArray
    before: FloatArray
    after: FloatArray
    widened: float
    learned: float


def derivative(misfit: Misfit, at: FloatArray) -> FloatArray:
    """Return the derivative of a misfit by central differences, shape (k, p): all steps are one call."""
    p = len(at)
    steps = np.vstack([np.eye(p), -np.eye(p)]) * STEP
    found = misfit(at + steps)
    return np.asarray((found[:p] - found[p:]).T / (2.0 * STEP), dtype=np.float64)


def fit(misfit: Misfit, starts: FloatArray) -> Fitted:
    """Return the least-squares fit with standard normal priors, and its curvature as covariance.

    Data that scatter more about the fit than their errors allow have those widened by the ratio (reduced chi squared), and are
    fitted again.

    Args:
        misfit: The model.
        starts: Deviates to start from, shape (m, p); the best fit of all is taken.
    """
    before = misfit(np.zeros((1, starts.shape[1])))[0]
    best = _best(misfit, starts, 1.0)
    widened = 1.0
    after = misfit(best[None, :])[0]
    slope = derivative(misfit, best)
    learned = _learned(slope, 1.0)
    free = max(len(after) - learned, 1.0)
    scatter = float(np.sqrt(after @ after / free))
    if scatter > 1.0:
        widened = scatter
        best = _best(misfit, best[None, :], widened)
        after = misfit(best[None, :])[0]
        slope = derivative(misfit, best)
        learned = _learned(slope, widened)
    covariance = np.linalg.inv(slope.T @ slope / widened**2 + np.eye(len(best)))
    return Fitted(best, (covariance + covariance.T) / 2.0, slope, before, after, widened, learned)


def _learned(slope: FloatArray, widened: float) -> float:
    values = np.linalg.svd(slope / widened, compute_uv=False) ** 2
    return float(np.sum(values / (1.0 + values)))


def _best(misfit: Misfit, starts: FloatArray, widened: float) -> FloatArray:
    def together(z: FloatArray) -> FloatArray:
        return np.concatenate([misfit(z[None, :])[0] / widened, z])

    def slope(z: FloatArray) -> FloatArray:
        return np.vstack([derivative(misfit, z) / widened, np.eye(len(z))])

    best, lowest = starts[0], np.inf
    for z in starts:
        found: Any = least_squares(
            together, z, jac=cast("Any", slope), method="lm", max_nfev=MOST_EVALUATIONS, xtol=1e-4, ftol=1e-5
        )
        if float(found.cost) < lowest:
            best, lowest = np.asarray(found.x, dtype=np.float64), float(found.cost)
    return best


def samples_agree(misfit: Misfit, fitted: Fitted, seed: int) -> float:
    """Return the effective share of independent draws among draws of the fit's normal, weighted to the true posterior.

    1 where the posterior is normal; near 0 where it is not, so that its intervals must be taken with care.
    """
    generator = np.random.default_rng(seed)
    lower = np.linalg.cholesky(fitted.covariance)
    xi = generator.standard_normal((SAMPLES, len(fitted.mean)))
    z = fitted.mean + xi @ lower.T
    data = misfit(z) / fitted.widened
    log_weight = -0.5 * (np.sum(data**2, axis=1) + np.sum(z**2, axis=1)) + 0.5 * np.sum(xi**2, axis=1)
    weight = np.exp(log_weight - log_weight.max())
    return float(weight.sum() ** 2 / np.sum(weight**2) / SAMPLES)


def profile(misfit: Misfit, fitted: Fitted, direction: FloatArray, values: FloatArray) -> FloatArray:
    """Return twice the loss of log likelihood when a weighted sum of deviates is held at given values, all else refitted.

    The sum's own prior is left out, that of everything across it stays: what is low here is what the data allow.

    Args:
        misfit: The model.
        fitted: The fit.
        direction: Weights of the deviates in the sum, shape (p,).
        values: Values of the sum, shape (m,).

    Returns:
        Shape (m,), 0 at the best value for the data; negative where a value beats the fit once its prior is left out.
    """
    c = direction / max(float(np.linalg.norm(direction)), TINY)
    aim = values / max(float(np.linalg.norm(direction)), TINY)
    across = np.asarray(null_space(c[None, :]), dtype=np.float64)
    along = fitted.covariance @ c / float(c @ fitted.covariance @ c)
    z = fitted.mean + (aim - float(c @ fitted.mean))[:, None] * along
    slopes = np.repeat(fitted.slope[None, :, :] / fitted.widened, len(values), axis=0)

    def loss(z: FloatArray, data: FloatArray) -> FloatArray:
        return np.asarray(np.sum(data**2, axis=1) + np.sum((z @ across) ** 2, axis=1), dtype=np.float64)

    data = misfit(z) / fitted.widened
    found = loss(z, data)
    for _ in range(ROUNDS):
        move = np.stack([_step(s, d, x, across) for s, d, x in zip(slopes, data, z, strict=True)])
        best_z, best_data, best = z, data, found
        for share in SHRINK:
            tried = z + share * move
            seen = misfit(tried) / fitted.widened
            cost = loss(tried, seen)
            better = cost < best
            best_z = np.where(better[:, None], tried, best_z)
            best_data = np.where(better[:, None], seen, best_data)
            best = np.where(better, cost, best)
            if better.all():
                break
        step = best_z - z
        size = np.sum(step**2, axis=1)
        gap = best_data - data - np.einsum("mkp,mp->mk", slopes, step)
        slopes = slopes + np.where(size > TINY, 1.0 / np.maximum(size, TINY), 0.0)[:, None, None] * (
            gap[:, :, None] * step[:, None, :]
        )
        if np.all(found - best < 1e-3):
            found = best
            break
        z, data, found = best_z, best_data, best
    start = fitted.after / fitted.widened
    return np.asarray(found - float(start @ start + np.sum((fitted.mean @ across) ** 2)), dtype=np.float64)


def _step(slope: FloatArray, data: FloatArray, z: FloatArray, across: FloatArray) -> FloatArray:
    """Return the Gauss-Newton step across the held direction."""
    matrix = np.vstack([slope @ across, np.eye(across.shape[1])])
    target = -np.concatenate([data, z @ across])
    return np.asarray(across @ np.linalg.lstsq(matrix, target, rcond=None)[0], dtype=np.float64)
