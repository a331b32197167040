"""Artefacts: the reaction was fine, but work-up, sample or instrument misled."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from ringside.diagnosis.world import World, quantiles
from ringside.kinetics.nouns import FloatArray

_SMALL = 1e-12


def with_artefact(
    world: World,
    artefact: Mapping[str, Any],
    features: Callable[[str], frozenset[str]],
    confusable: tuple[str, ...] = (),
) -> World:
    """Return the world as it would have looked through the artefact.

    ``artefact`` has ``observable`` (``isolated``, ``in_sample``, or ``crude``: what the crude weighs, not what it holds),
    ``of`` (``product``, ``limiting``, ``starting-material``, ``all``, ``feature:<a|b>`` or ``largest``, the largest peak of
    each draw), ``times`` ([low, high], log-uniform, the same quantile of a draw in every world) and optionally ``into``: what
    is lost appears as ``starting-material`` or ``product`` (mol for mol), as ``confusable``, the species whose peak the
    product may be mistaken for (area for area), or as ``unread``, area without a reading.

    Args:
        world: The world before.
        artefact: The table of the cause card.
        features: Feature ids of a SMILES.
        confusable: Species whose peaks may be the product's.

    Returns:
        A new world; the amounts in the flask are the same.
    """
    samples = {at: with_artefact(s, artefact, features, confusable) for at, s in world.samples.items()}
    world = replace(world, samples=samples)
    low, high = (float(v) for v in artefact["times"])
    factor = np.exp(np.log(low) + (np.log(high) - np.log(low)) * quantiles(world.n_draws, turn=1))
    field = str(artefact["observable"])
    if field == "crude":
        return replace(world, weighed=factor)
    before: FloatArray = world.isolated if field == "isolated" else world.in_sample
    chosen = _chosen(world, str(artefact["of"]), features)
    after = np.where(chosen, before * factor[:, None], before)
    lost = before - after
    match artefact.get("into"):
        case "starting-material":
            _give(after, lost, world, world.limiting)
        case "product":
            _give(after, lost, world, world.product)
        case "confusable":
            _spread(after, lost, world, confusable)
        case "unread":
            unread = (lost @ world.uv) / np.maximum(before @ world.uv, _SMALL)
            return replace(world, in_sample=after, unread=unread)
        case _:
            pass
    return replace(world, isolated=after) if field == "isolated" else replace(world, in_sample=after)


def _give(after: FloatArray, lost: FloatArray, world: World, taker: str | None) -> None:
    """Give what is lost to one species, mol for mol."""
    if taker in world.species:
        after[:, world.species.index(taker)] += lost.sum(axis=1)


def _spread(after: FloatArray, lost: FloatArray, world: World, confusable: tuple[str, ...]) -> None:
    """Give the lost area to the visible confusable species in equal parts."""
    area = (lost * world.uv).sum(axis=1)
    takers = [i for i, s in enumerate(world.species) if s in confusable and world.uv[i] > 0]
    for i in takers:
        after[:, i] += area / (len(takers) * world.uv[i])


def _chosen(world: World, of: str, features: Callable[[str], frozenset[str]]) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Return which amounts are hit, shape (n_draws, n_species) or (1, n_species)."""
    if of == "largest":
        area = world.in_sample * world.uv
        return (area == area.max(axis=1, keepdims=True)) & (area > 0)
    if of == "all":
        found = [True] * len(world.species)
    elif of == "product":
        found = [s == world.product for s in world.species]
    elif of == "limiting":
        found = [s == world.limiting for s in world.species]
    elif of == "starting-material":
        found = [s in world.starting_materials for s in world.species]
    else:
        wanted = of.removeprefix("feature:").split("|")
        structures = [None if s.startswith("family:") else s for s in world.species]
        found = [s is not None and not features(s).isdisjoint(wanted) for s in structures]
    return np.array(found, dtype=bool)[None, :]
