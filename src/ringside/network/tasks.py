"""What is to be tried next: rules on species that fit them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from ringside.chem.mass import heavy_atoms
from ringside.network.growth import Growth
from ringside.network.nouns import Rule
from ringside.network.sites import places
from ringside.network.template import compile_template


@dataclass(frozen=True, slots=True)
class Task:
    """A rule, by its place in the list, to be tried on some reactants.

    ``share`` is the bound of the scarcest reactant [mol per mol limiting]. ``too_long``: together the reactants hold
    more residues than a species may.
    """

    share: float
    reactants: tuple[str, ...]
    rule: int
    too_long: bool = False


def tasks(growth: Growth, bounds: Mapping[str, float]) -> tuple[list[Task], list[Task]]:
    """Return what was not tried yet, most abundant and smallest reactants first.

    What can only make too long a chain is told apart, as the second list. Species without a bound have no limit.
    Pairs too rare to matter are left out, the latter sooner.
    """
    caps = growth.caps
    amount = {s: bounds.get(s, math.inf) for s in sorted(growth.cores)}
    able = [s for s, upper in amount.items() if upper >= caps.threshold]
    for smiles in able:
        if smiles not in growth.masks:
            growth.masks[smiles] = _masks(growth.rules, smiles)
    held = {s: growth.held(growth.cores[s]) for s in able}
    found: list[Task] = []
    for a in able:
        alone, first, _ = growth.masks[a]
        if alone and (a,) not in growth.tried:
            found += [Task(amount[a], (a,), i) for i in _bits(alone)]
        for b in able if first else ():
            both = first & growth.masks[b][2]
            if not both or (a, b) in growth.tried:
                continue
            too_long = any(n + held[b].get(seed, 0) > caps.max_residues for seed, n in held[a].items())
            if amount[a] * amount[b] < (caps.threshold if too_long else caps.pair_threshold):
                growth.leave("rare", f"{a}.{b}")
                continue
            found += [Task(min(amount[a], amount[b]), (a, b), i, too_long) for i in _bits(both)]
    found.sort(key=lambda t: (-t.share, sum(heavy_atoms(s) for s in t.reactants), t.reactants, t.rule))
    return [t for t in found if not t.too_long], [t for t in found if t.too_long]


@lru_cache(maxsize=65536)
def _masks(rules: tuple[Rule, ...], smiles: str) -> tuple[int, int, int]:
    alone = first = second = 0
    for i, rule in enumerate(rules):
        fits = [bool(places(side, smiles)) for side in compile_template(rule.smarts).sides]
        if len(fits) == 1:
            alone |= fits[0] << i
            continue
        first |= fits[0] << i
        second |= fits[1] << i
        alone |= (all(fits) and rule.rings is not None) << i
    return alone, first, second


def _bits(mask: int) -> list[int]:
    found: list[int] = []
    while mask:
        low = mask & -mask
        found.append(low.bit_length() - 1)
        mask ^= low
    return found
