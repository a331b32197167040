"""Changes to the recipe, and what they bring."""

from __future__ import annotations

from dataclasses import dataclass

from ringside.case.nouns import Patch
from ringside.diagnosis.nouns import Change


@dataclass(frozen=True, slots=True)
class RemedyCard:
    """A change worth trying, as data. Each entry of ``options`` is a tuple of changes; all options are simulated."""

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


@dataclass(frozen=True, slots=True)
class Interval:
    """Median and 5 to 95 %."""

    median: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Remedy:
    """A simulated change: yields before and after under common random numbers, and the paired gain."""

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
