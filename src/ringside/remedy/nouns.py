"""Changes to the recipe, and what they bring."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ringside.case.nouns import Patch
from ringside.diagnosis.nouns import Change
from ringside.recipe.nouns import Caution


@dataclass(frozen=True, slots=True)
class RemedyCard:
    """A change worth trying, as data. Each entry of ``options`` is a tuple of changes; all options are simulated.

    ``says`` is what textbooks say for it, shown where the simulation disagrees. ``steps`` and ``hours`` are what it
    costs outside the reaction.
    """

    id: str
    title: str
    claims: str
    wrong_when: str
    status: str
    text: str
    options: tuple[tuple[Change, ...], ...]
    needs: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    says: str = ""
    steps: int = 0
    hours: float = 0.0
    locators: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class Interval:
    """Median and 5 to 95 %."""

    median: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Remedy:
    """A simulated change: yields before and after under common random numbers, and the paired gain.

    ``after`` is what the patched case file predicts. ``gain`` is paired draw by draw and weighted by the evidence, so
    its median need not be the difference of the two medians. ``note`` says what a reader must know beside the numbers.
    """

    id: str
    text: str
    patch: tuple[Patch, ...]
    before: Interval
    after: Interval
    gain: Interval
    side_products: tuple[tuple[str, Interval, Interval], ...]
    solvent_ml: float
    time_h: float
    money: float | None
    sources: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """Remedies, best first, and what is to be said where common advice brings nothing here."""

    remedies: tuple[Remedy, ...]
    cautions: tuple[Caution, ...]
