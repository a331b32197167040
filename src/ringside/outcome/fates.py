"""What a species turns into in the sample or in the water of a work-up."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from ringside.chem.features import has
from ringside.network.apply import apply, template
from ringside.network.nouns import FAMILY_PREFIX, Rule
from ringside.outcome.tables import Fate

WATERS = frozenset({"O", "[OH-]"})
MOST_STEPS = 6


def hydrolyse(smiles: str, rules: Sequence[Rule]) -> tuple[str, ...] | None:
    """Return what a species hydrolyses to in full, without water; None where no rule takes hold.

    >>> hydrolyse("CN1CCN(C)C1", [Rule("aminal", "", "[NX3:1][CX4:2][NX3:3].[OX2H2:4]>>[N:1].[C:2]=[O:4].[N:3]", "")])
    ('C=O', 'CNCCNC')
    """
    return _hydrolyse(smiles, tuple(rules))


@lru_cache(maxsize=16384)
def _hydrolyse(smiles: str, rules: tuple[Rule, ...]) -> tuple[str, ...] | None:
    todo, done = [smiles], list[str]()
    for _ in range(MOST_STEPS):
        later: list[str] = []
        for s in todo:
            products = next((p for rule in rules if (p := _once(s, rule)) is not None), None)
            if products is None:
                done.append(s)
            else:
                later.extend(p for p in products if p not in WATERS)
        todo = later
    done.extend(todo)
    return None if done == [smiles] else tuple(sorted(done))


@lru_cache(maxsize=65536)
def _once(smiles: str, rule: Rule) -> tuple[str, ...] | None:
    alone = len(template(rule.smarts, intramolecular=False).patterns) == 1
    waters = [()] if alone else [("O",), ("[OH-]",)]
    for water in waters:
        reactions = apply(rule, (smiles, *water))
        if reactions:
            return min(r.products for r in reactions)
    return None


@lru_cache(maxsize=65536)
def fate_of(smiles: str, fates: tuple[Fate, ...]) -> tuple[Fate, tuple[str, ...]] | None:
    """Return the first fate that takes hold of a species and what it becomes (nothing, where it is destroyed)."""
    if smiles.startswith(FAMILY_PREFIX):
        return None
    for fate in fates:
        if fate.rule is None:
            if has(smiles, fate.pattern):
                return fate, ()
        elif _once(smiles, fate.rule) is not None:
            rules = tuple(f.rule for f in fates if f.rule is not None)
            products = _hydrolyse(smiles, rules) or ()
            return fate, tuple(p for p in products if not _destroyed(p, fates))
    return None


def _destroyed(smiles: str, fates: Sequence[Fate]) -> bool:
    return any(f.rule is None and has(smiles, f.pattern) for f in fates)
