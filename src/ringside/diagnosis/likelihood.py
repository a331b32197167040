"""How well one observation agrees with one world, draw by draw."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.special import logit, ndtr

from ringside.diagnosis.areas import area_density, area_fractions, area_misfit, broad_area_density, due_unread
from ringside.diagnosis.constants import Constants
from ringside.diagnosis.contents import broad_nmr_density, broad_water_density, nmr_density, ph_density, water_density
from ringside.diagnosis.courses import broad_course_density, conversion, course_density
from ringside.diagnosis.densities import SMALL, interval_density, logit_density, logit_of, uniform_logit_density
from ringside.diagnosis.observations import Observation
from ringside.diagnosis.world import World
from ringside.kinetics.nouns import FloatArray


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
            centre = logit_of(expected, c.floor_yield)
            result = logit_density(_span(observation), centre, sd, c.floor_yield, c.tail_degrees)
        case "conversion":
            centre = logit_of(conversion(world), c.floor_conversion)
            sd = c.sd_conversion_logit
            result = logit_density(_span(observation), centre, sd, c.floor_conversion, c.tail_degrees)
        case "crude":
            result = _mass_density(observation, crude_mass(world), c.sd_crude_log, c.tail_degrees)
        case "areas":
            result = area_density(observation, world, c)
        case "unexplained":
            result = _unexplained_density(observation.low, due_unread(world), c)
        case "sign":
            chance = world.signs.get(observation.id.removeprefix("sign:"), observation.low)
            result = np.full(world.n_draws, float(np.log(chance)))
        case "course":
            result = course_density(observation, world, c)
        case "nmr":
            result = nmr_density(observation, world, c)
        case "ph":
            result = ph_density(observation, world, c)
        case "water":
            result = water_density(observation, world, c)
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
            a, b = (float(np.log(max(v, SMALL))) for v in (observation.low, observation.high))
            sd = float(np.hypot(c.sd_crude_log, (b - a) / np.sqrt(12.0)))
            result = (((a + b) / 2 - np.log(np.maximum(crude_mass(world), SMALL))) / sd)[:, None]
        case "areas":
            result = area_misfit(observation, world, c)
        case _:
            result = np.zeros((world.n_draws, 0))
    return result


def _span(observation: Observation) -> tuple[float, float]:
    return observation.low, observation.high


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
            result = uniform_logit_density(_span(observation), constants.floor_yield)
        case "conversion":
            result = uniform_logit_density(_span(observation), constants.floor_conversion)
        case "crude":
            result = _broad_mass_density(observation, frame, constants)
        case "areas":
            result = broad_area_density(observation, frame, constants)
        case "unexplained":
            result = float(
                np.logaddexp(np.log1p(-constants.unexplained_none) + named, np.log(constants.unexplained_none))
            )
        case "course":
            result = broad_course_density(observation, frame, constants)
        case "nmr":
            result = broad_nmr_density(observation, constants)
        case "ph":
            result = -float(np.log(constants.ph_range))
        case "water":
            result = broad_water_density(observation, constants)
        case "absent" | "seen":
            result = max(named, float(np.log(constants.absent_reference)))
        case "sign":
            result = max(named, float(np.log(observation.low)))
    return result


def crude_mass(world: World) -> FloatArray:
    """Return the mass of the crude after work-up [g], shape (n_draws,)."""
    stays = np.array(world.residue, dtype=bool)
    held = (world.isolated[:, stays] @ world.molar_mass[stays]) * world.limiting_mol
    return held if world.weighed is None else held * world.weighed


def _mass_density(observation: Observation, expected: FloatArray, sd: float, degrees: float) -> FloatArray:
    a, b = (float(np.log(max(v, SMALL))) for v in (observation.low, observation.high))
    return interval_density(a, b, np.log(np.maximum(expected, SMALL)), sd, degrees)


def _broad_mass_density(observation: Observation, frame: World, constants: Constants) -> float:
    """Return the density of a crude mass around half of what was charged."""
    charged = [
        frame.charged[frame.species.index(s)] * frame.molar_mass[frame.species.index(s)]
        for s in frame.starting_materials
        if s in frame.species
    ]
    half = np.array([sum(charged) * float(np.median(frame.limiting_mol)) / 2])
    return float(_mass_density(observation, half, constants.sd_crude_reference_log, constants.tail_degrees)[0])


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
        return np.full(world.n_draws, 1 - SMALL)
    if uv:
        share, limit = area_fractions(world, (group,))[:, 0], constants.detection_limit_uv
    else:
        total = np.maximum(world.in_sample[:, np.array(world.esi, dtype=bool)].sum(axis=1), SMALL)
        share = np.sum([world.column(world.in_sample, s) for s in group], axis=0) / total
        limit = constants.detection_limit_esi
    below = ndtr(np.log(limit / np.maximum(share, SMALL)) / constants.sd_detection_log)
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
