"""The way to the target in a simulated flask, and the side reactions that take material off it."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache

import numpy as np

from ringside.answers.flow import Simulation
from ringside.chem.features import features_of
from ringside.chem.mass import average_mass
from ringside.diagnosis.channels import events_of
from ringside.diagnosis.hypotheses import considered, situation_of
from ringside.diagnosis.nouns import Cause
from ringside.knowledge.base import Knowledge
from ringside.network.lineage import residues
from ringside.network.nouns import Network
from ringside.network.route import Route, route
from ringside.recipe.features import recipe_features

LEAST_TURNOVER = 5e-3
"""Turnover [mol per mol limiting] of all reactions of a channel below which it counts as idle."""


def situation(simulation: Simulation, knowledge: Knowledge) -> frozenset[str]:
    """Return the features of the case that cards ask for."""
    recipe = recipe_features(simulation.case.recipe, knowledge.catalogue, knowledge.features)
    target = features_of(simulation.target, knowledge.features) if simulation.target else frozenset[str]()
    light = simulation.target is not None and average_mass(simulation.target) < knowledge.constants.light_molar_mass
    return situation_of(simulation.case, recipe, target, light=light)


def way_of(simulation: Simulation, knowledge: Knowledge) -> Route | None:
    """Return the way to the target of a flask, None where it is not reached."""
    if simulation.target is None or not simulation.reached:
        return None
    return _way(simulation.network, simulation.target, simulation.seeds, knowledge)


@lru_cache(maxsize=8)
def _way(network: Network, target: str, seeds: tuple[str, ...], knowledge: Knowledge) -> Route:
    return route(network, target, seeds, residues(network, seeds, knowledge.rules))


def carries(simulation: Simulation, reactions: Collection[str]) -> bool:
    """Say whether reactions turn anything over, in any draw."""
    at = [j for j, r in enumerate(simulation.network.reactions) if r.id in reactions]
    turnover = simulation.ensemble.flux[:, at].sum(axis=1) / simulation.ensemble.limiting
    return bool(np.max(turnover, initial=0.0) > LEAST_TURNOVER)


def channel_of(simulation: Simulation, way: Route, knowledge: Knowledge) -> dict[str, Cause]:
    """Return the channel card of each reaction that takes material off the way; reactions without a card are left out."""
    here = situation(simulation, knowledge)
    found: dict[str, Cause] = {}
    for cause in sorted(knowledge.causes, key=lambda c: c.id):
        if cause.channel is None or cause.status == "retired" or not considered(cause.needs, cause.excludes, here):
            continue
        for reaction in events_of(cause.channel, simulation.network, way):
            found.setdefault(reaction, cause)
    return found
