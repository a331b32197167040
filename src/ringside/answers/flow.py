"""From a case to what its flask gives: recipe, network, rates, courses, outcome."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.special import ndtr

from ringside.answers.growth import grown
from ringside.case.nouns import Case
from ringside.errors import NoAnswer, Complaint
from ringside.evidence.nouns import Instrument
from ringside.kinetics.bound import bound
from ringside.kinetics.draws import normals
from ringside.kinetics.ensemble import ensemble
from ringside.kinetics.nouns import Binding, Ensemble, RateLaw
from ringside.kinetics.protons import binding
from ringside.kinetics.rates import rate_laws
from ringside.knowledge.base import Knowledge
from ringside.network.nouns import FAMILY_PREFIX, Network
from ringside.outcome.nouns import Outcome
from ringside.outcome.outcome import outcome
from ringside.recipe.features import recipe_features
from ringside.recipe.nouns import Flask
from ringside.recipe.resolve import resolve, unknown_fields

ALWAYS_THERE = ("O",)


@dataclass(frozen=True, slots=True)
class Simulation:
    """One case simulated: everything later layers ask of it."""

    case: Case
    flasks: tuple[Flask, ...]
    network: Network
    laws: tuple[RateLaw, ...]
    ensemble: Ensemble
    outcome: Outcome
    target: str | None


def case_seed(case: Case) -> str:
    """Return the seed of all draws: a hash of what was charged and observed, independent of the order of charges."""
    raw = {key: value for key, value in case.raw.items() if key not in {"charge", "title"}}
    charges = sorted((json.dumps(c, sort_keys=True, default=str) for c in case.raw.get("charge", [])))
    text = json.dumps([raw, charges], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def flasks_of(case: Case, knowledge: Knowledge, n: int, seed: str) -> tuple[Flask, ...]:
    """Return one flask where the recipe is exact, else ``n`` with its ranges sampled at common quantiles."""
    fields = unknown_fields(case.recipe)
    if not fields:
        return (resolve(case.recipe, knowledge.catalogue),)
    quantiles = ndtr(normals([f"range:{name}" for name in fields], n, seed))
    return tuple(
        resolve(case.recipe, knowledge.catalogue, dict(zip(fields, map(float, column), strict=True)))
        for column in quantiles.T
    )
