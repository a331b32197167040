"""How well one observation agrees with one world, draw by draw."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.linalg import helmert
from scipy.special import gammaln, logit, ndtr, stdtr

from ringside.diagnosis.constants import Constants
from ringside.diagnosis.observations import Observation
from ringside.diagnosis.world import World
from ringside.kinetics.nouns import FloatArray

_SMALL = 1e-12
_LOG_ROOT_TWO_PI = 0.5 * float(np.log(2 * np.pi))
_NARROW = 1e-4


def log_likelihood(observation: Observation, world: World, constants: Constants) -> FloatArray:
    """Return log p(observation | draw), shape (n_draws,), natural logarithm.

    Yield and conversion are compared as logits, censored where they meet the floor; crude mass as a logarithm; areas as
    log-ratios between assigned peaks with an unknown common scale, a response factor shared within each chromophore
    class and a smaller one for each species; "not seen" by the detection limit; a sign by how often it is noted in this world.
    Errors have the tails of Student's t distribution, because a rate that is off by more than its table says, or a slip of the pen, is
    commoner than a normal distribution has it.

    Args:
        observation: What was seen.
        world: A simulated world.
        constants: Spreads and limits.

    Returns:
        One value per draw.
    """
    c = constants
    match observation.kind:
        case "yield":
            expected = world.target_yield() * c.handling_median
            sd = float(np.hypot(c.sd_yield_logit, c.sd_handling_log))
            result = _logit_density(observation, expected, sd, c.floor_yield, c.tail_degrees)
        case "conversion":
            sd = c.sd_conversion_logit
            result = _logit_density(observation, conversion(world), sd, c.floor_conversion, c.tail_degrees)
        case "crude":
            result = _mass_density(observation, crude_mass(world), c.sd_crude_log, c.tail_degrees)
        case "areas":
            result = _area_density(observation, world, c)
        case "unexplained":
            result = _unexplained_density(observation.low, _unread(world), c)
        case "sign":
            chance = world.signs.get(observation.id.removeprefix("sign:"), observation.low)
            result = np.full(world.n_draws, float(np.log(chance)))
        case "absent":
            result = np.log(_probability_absent(observation.groups[0], world, c))
        case "seen":
            result = np.log1p(-_probability_absent(observation.groups[0], world, c))
    return result


def misfit(observation: Observation, world: World, constants: Constants) -> FloatArray:
    """Return how far an observation is from each draw, in standard deviations, shape (n_draws, n).

    The same comparison as ``log_likelihood``, for least squares: what is censored counts only where a draw is beyond the floor. One column
    for a yield, a conversion or a crude mass, one contrast less than areas; none for what was merely seen or not seen.

    Args:
        observation: What was seen.
        world: A simulated world.
        constants: Spreads and limits.
    """
    c = constants
    match observation.kind:
        case "yield":
            sd = float(np.hypot(c.sd_yield_logit, c.sd_handling_log))
            result = _logit_misfit(observation, world.target_yield() * c.handling_median, sd, c.floor_yield)
        case "conversion":
            result = _logit_misfit(observation, conversion(world), c.sd_conversion_logit, c.floor_conversion)
        case "crude":
            a, b = (float(np.log(max(v, _SMALL))) for v in (observation.low, observation.high))
            sd = float(np.hypot(c.sd_crude_log, (b - a) / np.sqrt(12.0)))
            result = (((a + b) / 2 - np.log(np.maximum(crude_mass(world), _SMALL))) / sd)[:, None]
        case "areas":
            result = _area_misfit(observation, world, c)
        case _:
            result = np.zeros((world.n_draws, 0))
    return result


def _logit_misfit(observation: Observation, expected: FloatArray, sd: float, floor: float) -> FloatArray:
    centre = logit(np.clip(expected, floor / 2, 1 - floor / 2))
    if observation.high <= floor:
        return np.minimum((logit(floor) - centre) / sd, 0.0)[:, None]
    if observation.low >= 1 - floor:
        return np.maximum((logit(1 - floor) - centre) / sd, 0.0)[:, None]
    a, b = (float(logit(np.clip(v, floor / 2, 1 - floor / 2))) for v in (observation.low, observation.high))
    return (((a + b) / 2 - centre) / float(np.hypot(sd, (b - a) / np.sqrt(12.0))))[:, None]


def reference_log_density(observation: Observation, named: float, frame: World, constants: Constants) -> float:
    """Return log p(observation | none of these), broad and independent of the worlds.

    Args:
        observation: What was seen.
        named: Log of the prior mean density of the named worlds. For observations that say little by being met (a
            species not seen, a sign) the reference is never worse than it; what is unknown may bring a peak of any size, or none.
        frame: The recipe as written; gives the masses charged.
        constants: Spreads and limits.

    Returns:
        Natural logarithm.
    """
    match observation.kind:
        case "yield":
            result = _uniform_logit_density(observation, constants.floor_yield)
        case "conversion":
            result = _uniform_logit_density(observation, constants.floor_conversion)
        case "crude":
            result = _broad_mass_density(observation, frame, constants)
        case "areas":
            result = _broad_area_density(observation, frame, constants)
        case "unexplained":
            result = float(
                np.logaddexp(np.log1p(-constants.unexplained_none) + named, np.log(constants.unexplained_none))
            )
        case "absent" | "seen":
            result = max(named, float(np.log(constants.absent_reference)))
        case "sign":
            result = max(named, float(np.log(observation.low)))
    return result


def conversion(world: World) -> FloatArray:
    """Return the conversion of the limiting reactant that the sample shows, shape (n_draws,)."""
    index = world.species.index(world.limiting) if world.limiting in world.species else None
    charged = float(world.charged[index]) if index is not None else 1.0
    left = world.column(world.in_sample, world.limiting)
    return 1.0 - left / max(charged, _SMALL)


def crude_mass(world: World) -> FloatArray:
    """Return the mass of the crude after work-up [g], shape (n_draws,)."""
    stays = np.array(world.residue, dtype=bool)
    held = (world.isolated[:, stays] @ world.molar_mass[stays]) * world.limiting_mol
    return held if world.weighed is None else held * world.weighed


def area_fractions(world: World, groups: tuple[tuple[str, ...], ...]) -> FloatArray:
    """Return predicted UV area of each group as a fraction of all UV area, shape (n_draws, n_groups)."""
    signal = world.in_sample * world.uv
    total = np.maximum(signal.sum(axis=1, keepdims=True), _SMALL) / (1.0 - _unread(world))[:, None]
    columns = [np.sum([world.column(signal, s) for s in g], axis=0) for g in groups]
    return np.stack(columns, axis=1) / total if columns else np.zeros((world.n_draws, 0))


def _logit_density(
    observation: Observation, expected: FloatArray, sd: float, floor: float, degrees: float
) -> FloatArray:
    """Return the log density of a fraction on the logit scale, as a probability where it is beyond the floor."""
    centre = logit(np.clip(expected, floor / 2, 1 - floor / 2))
    low, high = (float(np.clip(v, 0.0, 1.0)) for v in (observation.low, observation.high))
    if high <= floor:
        return np.log(stdtr(degrees, (logit(floor) - centre) / sd))
    if low >= 1 - floor:
        return np.log(stdtr(degrees, (centre - logit(1 - floor)) / sd))
    a, b = (float(logit(np.clip(v, floor / 2, 1 - floor / 2))) for v in (low, high))
    return _interval_density(a, b, centre, sd, degrees)


def _uniform_logit_density(observation: Observation, floor: float) -> float:
    """Return what a fraction of which nothing is known has for the same density: uniform between 0 and 1."""
    low, high = (float(np.clip(v, 0.0, 1.0)) for v in (observation.low, observation.high))
    if high <= floor or low >= 1 - floor:
        return float(np.log(floor))
    low, high = (float(np.clip(v, floor / 2, 1 - floor / 2)) for v in (low, high))
    if high - low < _SMALL:
        return float(np.log(low * (1 - low)))
    return float(np.log((high - low) / (logit(high) - logit(low))))


def _mass_density(observation: Observation, expected: FloatArray, sd: float, degrees: float) -> FloatArray:
    a, b = (float(np.log(max(v, _SMALL))) for v in (observation.low, observation.high))
    return _interval_density(a, b, np.log(np.maximum(expected, _SMALL)), sd, degrees)


def _interval_density(a: float, b: float, centre: FloatArray, sd: float, degrees: float) -> FloatArray:
    """Return the log of the mean density between ``a`` and ``b`` of Student's t distribution around ``centre``."""
    if b - a < _NARROW * sd:
        return _t_log_density((((a + b) / 2 - centre) / sd) ** 2, degrees, 1) - np.log(sd)
    lower, upper = (a - centre) / sd, (b - centre) / sd
    flip = lower > 0
    lo, hi = np.where(flip, -upper, lower), np.where(flip, -lower, upper)
    return np.log(stdtr(degrees, hi) - stdtr(degrees, lo)) - np.log(b - a)


def _t_log_density(squared: FloatArray, degrees: float, size: int) -> FloatArray:
    """Return the log density of Student's t distribution of unit scale in ``size`` dimensions, by the squared distance."""
    front = float(gammaln((degrees + size) / 2) - gammaln(degrees / 2)) - size / 2 * float(np.log(degrees * np.pi))
    return front - (degrees + size) / 2 * np.log1p(squared / degrees)


def _broad_mass_density(observation: Observation, frame: World, constants: Constants) -> float:
    """Return the density of a crude mass around half of what was charged."""
    charged = [
        frame.charged[frame.species.index(s)] * frame.molar_mass[frame.species.index(s)]
        for s in frame.starting_materials
        if s in frame.species
    ]
    half = np.array([sum(charged) * float(np.median(frame.limiting_mol)) / 2])
    return float(_mass_density(observation, half, constants.sd_crude_reference_log, constants.tail_degrees)[0])


def _broad_area_density(observation: Observation, frame: World, constants: Constants) -> float:
    """Return the density of areas of which nothing is known, around equal ones."""
    visible = _visible_groups(observation, frame)
    if len(visible) < 2:
        return 0.0
    residual = helmert(len(visible)) @ np.log(np.array([observation.areas[i] for i in visible]))
    covariance = np.eye(len(residual)) * constants.sd_area_reference_log**2
    return float(_normal_logpdf(residual[None, :], covariance)[0])


def _visible_groups(observation: Observation, world: World) -> list[int]:
    seen = [any(s in world.species and world.uv[world.species.index(s)] > 0 for s in g) for g in observation.groups]
    return [i for i, yes in enumerate(seen) if yes]


def _area_density(observation: Observation, world: World, constants: Constants) -> FloatArray:
    """Return the log density of the contrasts between log areas; the common scale drops out."""
    found = _area_contrasts(observation, world, constants)
    return _t_logpdf(*found, constants.tail_degrees) if found is not None else np.zeros(world.n_draws)


def _area_misfit(observation: Observation, world: World, constants: Constants) -> FloatArray:
    found = _area_contrasts(observation, world, constants)
    if found is None:
        return np.zeros((world.n_draws, 0))
    residual, covariance = found
    return np.asarray(np.linalg.solve(np.linalg.cholesky(covariance), residual.T).T, dtype=np.float64)


def _area_contrasts(
    observation: Observation, world: World, constants: Constants
) -> tuple[FloatArray, FloatArray] | None:
    """Return the contrasts between log areas, seen less expected, and their covariance; None for fewer than two areas."""
    visible = _visible_groups(observation, world)
    if len(visible) < 2:
        return None
    groups = tuple(observation.groups[i] for i in visible)
    observed = np.log(np.array([observation.areas[i] for i in visible]))
    expected = np.log(area_fractions(world, groups) + constants.detection_limit_uv / 2)
    contrasts = helmert(len(groups))
    covariance = contrasts @ _area_covariance(groups, world, constants) @ contrasts.T
    return (observed - expected) @ contrasts.T, covariance


def _area_covariance(groups: tuple[tuple[str, ...], ...], world: World, constants: Constants) -> FloatArray:
    classes = [world.uv_class[world.species.index(next(s for s in g if s in world.species))] for g in groups]
    same = np.array([[a == b for b in classes] for a in classes], dtype=float)
    alone = constants.sd_response_within_log**2 + constants.sd_area_log**2
    return same * constants.sd_response_between_log**2 + np.eye(len(groups)) * alone


def _normal_logpdf(residual: FloatArray, covariance: FloatArray) -> FloatArray:
    squared, log_root = _distance(residual, covariance)
    return -0.5 * squared - log_root - residual.shape[1] * _LOG_ROOT_TWO_PI


def _t_logpdf(residual: FloatArray, covariance: FloatArray, degrees: float) -> FloatArray:
    squared, log_root = _distance(residual, covariance)
    return _t_log_density(squared, degrees, residual.shape[1]) - log_root


def _distance(residual: FloatArray, covariance: FloatArray) -> tuple[FloatArray, float]:
    """Return the squared Mahalanobis distance of each draw and half the log determinant of the covariance."""
    lower = np.linalg.cholesky(covariance)
    z = np.linalg.solve(lower, residual.T)
    return np.sum(z**2, axis=0), float(np.log(np.diag(lower)).sum())


def _unread(world: World) -> FloatArray:
    """Return the area without a reading that is due in each draw, as a fraction of all."""
    return np.zeros(world.n_draws) if world.unread is None else np.minimum(world.unread, 1.0 - _SMALL)


def _unexplained_density(share: float, due: FloatArray, constants: Constants) -> FloatArray:
    """Return the log density of unexplained area around what is due: exponential to both sides, cut at 0 and 1."""
    mean = constants.unexplained_mean
    mass = mean * (-np.expm1(-due / mean) - np.expm1(-(1.0 - due) / mean))
    return -np.abs(share - due) / mean - np.log(mass)


def _probability_absent(group: tuple[str, ...], world: World, constants: Constants) -> FloatArray:
    """Return the probability that none of a group is noticed; 1 where no detector sees it."""
    known = [s for s in group if s in world.species]
    uv = any(world.uv[world.species.index(s)] > 0 for s in known)
    esi = any(world.esi[world.species.index(s)] for s in known)
    if known and not (uv or esi):
        return np.full(world.n_draws, 1 - _SMALL)
    if uv:
        share, limit = area_fractions(world, (group,))[:, 0], constants.detection_limit_uv
    else:
        total = np.maximum(world.in_sample[:, np.array(world.esi, dtype=bool)].sum(axis=1), _SMALL)
        share = np.sum([world.column(world.in_sample, s) for s in group], axis=0) / total
        limit = constants.detection_limit_esi
    below = ndtr(np.log(limit / np.maximum(share, _SMALL)) / constants.sd_detection_log)
    return np.clip(below, constants.miss_rate, 1 - constants.miss_rate)


def mean_log(log_values: FloatArray) -> float:
    """Return log of the mean of exp(values)."""
    return log_sum(log_values) - float(np.log(len(log_values)))


def log_sum(log_values: Sequence[float] | FloatArray) -> float:
    """Return log of the sum of exp(values), in the order of size, so that their own order cannot matter.

    >>> round(log_sum([0.0, 0.0]), 6)
    0.693147
    """
    ordered = np.sort(np.asarray(log_values, dtype=float))
    return float(np.logaddexp.reduce(ordered))
