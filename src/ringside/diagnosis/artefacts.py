"""Artefacts: the reaction was fine, but work-up, sample or instrument misled."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from ringside.diagnosis.world import World, quantiles
from ringside.kinetics.nouns import FloatArray


def with_artefact(
    world: World,
    artefact: Mapping[str, Any],
    features: Callable[[str], frozenset[str]],
    confusable: tuple[str, ...] = (),
) -> World:
    """Return the world as it would have looked through the artefact.

    ``artefact`` has ``observable`` (``isolated`` or ``in_sample``), ``of`` (``product``, ``starting-material``, ``all``
    or ``feature:<a|b>``), ``times`` ([low, high], log-uniform, the same quantile of a draw in every world) and
    optionally ``into``: what is lost appears as ``starting-material`` (mol for mol), or as ``confusable``, the species
    whose peak the product may be mistaken for (area for area).

    Args:
        world: The world before.
        artefact: The table of the cause card.
        features: Feature ids of a SMILES.
        confusable: Species whose peaks may be the product's.

    Returns:
        A new world; the amounts in the flask are the same.
    """
    low, high = (float(v) for v in artefact["times"])
    factor = np.exp(np.log(low) + (np.log(high) - np.log(low)) * quantiles(world.n_draws, turn=1))
    chosen = _chosen(world, str(artefact["of"]), features)
    field = str(artefact["observable"])
    before: FloatArray = world.isolated if field == "isolated" else world.in_sample
    after = np.where(chosen[None, :], before * factor[:, None], before)
    lost = before - after
    into = artefact.get("into")
    if into == "starting-material" and world.limiting in world.species:
        after[:, world.species.index(world.limiting)] += lost.sum(axis=1)
    if into == "confusable":
        _spread(after, lost, world, confusable)
    return replace(world, isolated=after) if field == "isolated" else replace(world, in_sample=after)


def _spread(after: FloatArray, lost: FloatArray, world: World, confusable: tuple[str, ...]) -> None:
    """Give the lost area to the visible confusable species in equal parts."""
    area = (lost * world.uv).sum(axis=1)
    takers = [i for i, s in enumerate(world.species) if s in confusable and world.uv[i] > 0]
    for i in takers:
        after[:, i] += area / (len(takers) * world.uv[i])


def _chosen(world: World, of: str, features: Callable[[str], frozenset[str]]) -> np.ndarray[Any, np.dtype[np.bool_]]:
    if of == "all":
        return np.ones(len(world.species), dtype=bool)
    if of == "product":
        return np.array([s == world.product for s in world.species], dtype=bool)
    if of == "starting-material":
        return np.array([s in world.starting_materials for s in world.species], dtype=bool)
    wanted = of.removeprefix("feature:").split("|")
    structures = [None if s.startswith("family:") else s for s in world.species]
    return np.array([s is not None and not features(s).isdisjoint(wanted) for s in structures], dtype=bool)
