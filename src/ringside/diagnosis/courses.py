"""A series of aliquots against the course that a world predicts."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.linalg import block_diag, helmert
from scipy.special import logsumexp

from ringside.diagnosis.areas import area_fractions, response_covariance, visible_groups
from ringside.diagnosis.constants import Constants
from ringside.diagnosis.densities import SMALL, logit_density, logit_of, normal_logpdf, t_logpdf
from ringside.diagnosis.observations import Observation
from ringside.diagnosis.world import World
from ringside.kinetics.nouns import FloatArray

_NODES = np.linspace(-4.0, 4.0, 41)
_WEIGHTS = np.exp(-0.5 * _NODES**2) / np.exp(-0.5 * _NODES**2).sum()


def conversion(world: World) -> FloatArray:
    """Return the conversion of the limiting reactant that the sample shows, shape (n_draws,)."""
    index = world.species.index(world.limiting) if world.limiting in world.species else None
    charged = float(world.charged[index]) if index is not None else 1.0
    left = world.column(world.in_sample, world.limiting)
    return 1.0 - left / max(charged, SMALL)


def course_density(observation: Observation, world: World, constants: Constants) -> FloatArray:
    """Return log p(series | draw), shape (n_draws,).

    All samples of one series share one error of the method, y_t = x_t + e + e_t with e ~ N(0, s), e_t ~ N(0, own): ten aliquots
    of one method are not ten pieces of evidence, but how they go up is. Fractions on the logit scale, e summed over 41
    nodes so that samples beyond the floor stay probabilities; areas as contrasts within each sample, each species keeping its response.

    Args:
        observation: A series; its parts say when each sample was taken.
        world: A simulated world with its samples.
        constants: Spreads and limits.
    """
    c = constants
    match observation.parts[0].kind:
        case "areas":
            return _areas(observation, world, c)
        case "yield":
            expect: Callable[[World], FloatArray] = _in_solution
            sd, floor = c.sd_yield_logit, c.floor_yield
        case _:
            expect, sd, floor = conversion, c.sd_conversion_logit, c.floor_conversion
    centres = [logit_of(expect(world.sampled(p.at)), floor) for p in observation.parts]
    return _fractions(observation, centres, (sd, c.sd_course_logit, c.tail_degrees), floor)


def broad_course_density(observation: Observation, frame: World, constants: Constants) -> float:
    """Return the density of a series of which nothing is known: any level, and wide steps between its samples."""
    c = constants
    kind = observation.parts[0].kind
    if kind == "areas":
        found = _contrasts(observation, frame, c)
        if found is None:
            return 0.0
        logs, turn, same = found
        spread = c.sd_area_reference_log**2 * same + c.sd_course_reference**2 * np.eye(len(same))
        return float(normal_logpdf((turn @ logs)[None, :], turn @ spread @ turn.T)[0])
    floor = c.floor_yield if kind == "yield" else c.floor_conversion
    middle = [np.zeros(1) for _ in observation.parts]
    return float(
        _fractions(observation, middle, (c.sd_level_reference, c.sd_course_reference, c.tail_degrees), floor)[0]
    )


def _in_solution(world: World) -> FloatArray:
    return world.column(world.in_sample, world.product)


def _fractions(
    observation: Observation, centres: list[FloatArray], spreads: tuple[float, float, float], floor: float
) -> FloatArray:
    """Return the log of the mean over the shared error of the product over the samples.

    ``spreads``: of the shared error, of each sample's own, and the degrees of freedom of the latter.
    """
    shared, own, degrees = spreads
    logs = sum(
        (
            logit_density((p.low, p.high), centre[None, :] + shared * _NODES[:, None], own, floor, degrees)
            for p, centre in zip(observation.parts, centres, strict=True)
        ),
        np.zeros((len(_NODES), len(centres[0]))),
    )
    return np.asarray(logsumexp(logs + np.log(_WEIGHTS)[:, None], axis=0), dtype=np.float64)


def _areas(observation: Observation, world: World, constants: Constants) -> FloatArray:
    c = constants
    found = _contrasts(observation, world, c)
    if found is None:
        return np.zeros(world.n_draws)
    logs, turn, same = found
    expected: list[FloatArray] = []
    items: list[tuple[str, ...]] = []
    for part in _told(observation, world):
        groups = tuple(part.groups[i] for i in visible_groups(part, world))
        expected.append(np.log(area_fractions(world.sampled(part.at), groups) + c.detection_limit_uv / 2))
        items += groups
    shared = response_covariance(tuple(items), world, c)
    alone = c.sd_response_within_log**2 + c.sd_area_log**2
    spread = shared - alone * np.eye(len(items)) + alone * same + c.sd_course_area_log**2 * np.eye(len(items))
    residual = (logs - np.hstack(expected)) @ turn.T
    return t_logpdf(residual, turn @ spread @ turn.T, c.tail_degrees)


def _told(observation: Observation, world: World) -> list[Observation]:
    """Return the samples that show two or more areas."""
    return [p for p in observation.parts if len(visible_groups(p, world)) > 1]


def _contrasts(
    observation: Observation, world: World, constants: Constants
) -> tuple[FloatArray, FloatArray, FloatArray] | None:
    """Return log areas of all samples, the matrix of contrasts within each, and which items are the same species; None without any."""
    told = _told(observation, world)
    if not told:
        return None
    seen = [(p.groups[i], p.areas[i]) for p in told for i in visible_groups(p, world)]
    turn = np.asarray(block_diag(*(helmert(len(visible_groups(p, world))) for p in told)), dtype=np.float64)
    same = np.array([[float(a == b) for b, _ in seen] for a, _ in seen])
    return np.log(np.array([max(a, constants.detection_limit_uv / 2) for _, a in seen])), turn, same
