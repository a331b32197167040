"""A case: recipe, observations, rounds and question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ringside.evidence.nouns import Observed
from ringside.recipe.nouns import Recipe


@dataclass(frozen=True, slots=True)
class Patch:
    """One change to a case, in the words of the case file.

    ``path``: ``charge[NAME].FIELD``, ``charge[+]`` (a whole new charge), ``charge[-NAME]`` (taken out),
    ``conditions.FIELD``, ``workup.FIELD``. ``old`` and ``new`` are the values as the file has them (None: left out).
    """

    path: str
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class Case:
    """One reaction brought to the desk. ``raw`` is the parsed file, which patches change; ``file`` names it."""

    title: str
    recipe: Recipe
    observed: Observed | None
    rounds: tuple[Case, ...]
    raw: Mapping[str, Any]
    file: str
