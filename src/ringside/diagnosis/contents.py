"""What a flask holds by pH, by Karl Fischer titration and by NMR, against what a world predicts."""

from __future__ import annotations

import numpy as np
from scipy.linalg import helmert

from ringside.diagnosis.constants import Constants
from ringside.diagnosis.densities import SMALL, interval_density, normal_logpdf, t_logpdf
from ringside.diagnosis.observations import Observation
from ringside.diagnosis.world import World
from ringside.kinetics.nouns import FloatArray


def ph_density(observation: Observation, world: World, constants: Constants) -> FloatArray:
    """Return log p(pH | draw), shape (n_draws,): normal about the pH that the acids and bases of the draw give in water."""
    if world.ph is None:
        return np.zeros(world.n_draws)
    return interval_density(observation.low, observation.high, world.ph, constants.sd_ph, constants.tail_degrees)


def water_density(observation: Observation, world: World, constants: Constants) -> FloatArray:
    """Return log p(water content | draw), shape (n_draws,): log-normal about what the draw holds and the little that is always there."""
    held = world.water.get(observation.id.removeprefix("water:"))
    if held is None:
        return np.zeros(world.n_draws)
    low, high = _log_span(observation)
    return interval_density(
        low, high, np.log(held + constants.ordinary_water), constants.sd_water_log, constants.tail_degrees
    )


def broad_water_density(observation: Observation, constants: Constants) -> float:
    """Return the density of a water content of which nothing is known."""
    low, high = _log_span(observation)
    middle = np.log(np.array([constants.water_reference]))
    return float(interval_density(low, high, middle, constants.sd_water_reference_log, constants.tail_degrees)[0])


def _log_span(observation: Observation) -> tuple[float, float]:
    low, high = (float(np.log(max(v, SMALL))) for v in (observation.low, observation.high))
    return low, high


def nmr_density(observation: Observation, world: World, constants: Constants) -> FloatArray:
    """Return log p(integrals | draw), shape (n_draws,).

    Molar amounts as contrasts between logarithms; as logarithms themselves where an internal standard makes them absolute. No
    response factor: a proton is a proton. What is below the detection limit counts as half of it.
    """
    c = constants
    amounts = world.isolated if observation.id.startswith("nmr-crude") else world.amount
    held = np.stack([np.sum([world.column(amounts, s) for s in g], axis=0) for g in observation.groups], axis=1)
    if observation.absolute:
        seen = np.log(np.array(observation.areas))
        spread = np.eye(len(seen)) * c.sd_nmr_log**2 + c.sd_standard_log**2
        return t_logpdf(seen - np.log(held + c.detection_limit_nmr / 2), spread, c.tail_degrees)
    turn = helmert(len(observation.groups))
    share = held / np.maximum(held.sum(axis=1, keepdims=True), SMALL)
    residual = (_log_shares(observation, c) - np.log(share + c.detection_limit_nmr / 2)) @ turn.T
    return t_logpdf(residual, np.eye(residual.shape[1]) * c.sd_nmr_log**2, c.tail_degrees)


def broad_nmr_density(observation: Observation, constants: Constants) -> float:
    """Return the density of integrals of which nothing is known, around equal ones."""
    c = constants
    if observation.absolute:
        residual = np.log(np.array(observation.areas)) - np.log(0.5)
    else:
        residual = helmert(len(observation.groups)) @ _log_shares(observation, c)
    return float(normal_logpdf(residual[None, :], np.eye(len(residual)) * c.sd_area_reference_log**2)[0])


def _log_shares(observation: Observation, constants: Constants) -> FloatArray:
    seen = np.array(observation.areas)
    return np.log(seen / seen.sum() + constants.detection_limit_nmr / 2)
