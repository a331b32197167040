"""Peak areas against those a world predicts."""

from __future__ import annotations

import numpy as np
from scipy.linalg import helmert

from ringside.diagnosis.constants import Constants
from ringside.diagnosis.densities import SMALL, normal_logpdf, t_logpdf
from ringside.diagnosis.observations import Observation
from ringside.diagnosis.world import World
from ringside.kinetics.nouns import FloatArray


def area_fractions(world: World, groups: tuple[tuple[str, ...], ...]) -> FloatArray:
    """Return predicted UV area of each group as a fraction of all UV area, shape (n_draws, n_groups)."""
    signal = world.in_sample * world.uv
    total = np.maximum(signal.sum(axis=1, keepdims=True), SMALL) / (1.0 - due_unread(world))[:, None]
    columns = [np.sum([world.column(signal, s) for s in g], axis=0) for g in groups]
    return np.stack(columns, axis=1) / total if columns else np.zeros((world.n_draws, 0))


def due_unread(world: World) -> FloatArray:
    """Return the area without a reading that is due in each draw, as a fraction of all."""
    return np.zeros(world.n_draws) if world.unread is None else np.minimum(world.unread, 1.0 - SMALL)


def broad_area_density(observation: Observation, frame: World, constants: Constants) -> float:
    """Return the density of areas of which nothing is known, around equal ones."""
    visible = visible_groups(observation, frame)
    if len(visible) < 2:
        return 0.0
    residual = helmert(len(visible)) @ np.log(np.array([observation.areas[i] for i in visible]))
    covariance = np.eye(len(residual)) * constants.sd_area_reference_log**2
    return float(normal_logpdf(residual[None, :], covariance)[0])


def visible_groups(observation: Observation, world: World) -> list[int]:
    """Return the positions of the groups that the UV detector sees."""
    seen = [any(s in world.species and world.uv[world.species.index(s)] > 0 for s in g) for g in observation.groups]
    return [i for i, yes in enumerate(seen) if yes]


def area_density(observation: Observation, world: World, constants: Constants) -> FloatArray:
    """Return the log density of the contrasts between log areas; the common scale drops out."""
    found = _area_contrasts(observation, world, constants)
    return t_logpdf(*found, constants.tail_degrees) if found is not None else np.zeros(world.n_draws)


def area_misfit(observation: Observation, world: World, constants: Constants) -> FloatArray:
    """Return the contrasts in standard deviations, shape (n_draws, n)."""
    found = _area_contrasts(observation, world, constants)
    if found is None:
        return np.zeros((world.n_draws, 0))
    residual, covariance = found
    return np.asarray(np.linalg.solve(np.linalg.cholesky(covariance), residual.T).T, dtype=np.float64)


def _area_contrasts(
    observation: Observation, world: World, constants: Constants
) -> tuple[FloatArray, FloatArray] | None:
    """Return the contrasts between log areas, seen less expected, and their covariance; None for fewer than two areas."""
    visible = visible_groups(observation, world)
    if len(visible) < 2:
        return None
    groups = tuple(observation.groups[i] for i in visible)
    observed = np.log(np.array([observation.areas[i] for i in visible]))
    expected = np.log(area_fractions(world, groups) + constants.detection_limit_uv / 2)
    contrasts = helmert(len(groups))
    covariance = contrasts @ response_covariance(groups, world, constants) @ contrasts.T
    return (observed - expected) @ contrasts.T, covariance


def response_covariance(groups: tuple[tuple[str, ...], ...], world: World, constants: Constants) -> FloatArray:
    """Return the covariance of log areas: responses shared within a class, and what each species has alone."""
    classes = [world.uv_class[world.species.index(next(s for s in g if s in world.species))] for g in groups]
    same = np.array([[a == b for b in classes] for a in classes], dtype=float)
    alone = constants.sd_response_within_log**2 + constants.sd_area_log**2
    return same * constants.sd_response_between_log**2 + np.eye(len(groups)) * alone
