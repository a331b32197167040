"""What more could form from a flask if nothing but structure forbade it: every gate open, no amount too small."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ringside.chem.mass import charge, heavy_atoms
from ringside.network.apply import apply_counted
from ringside.network.nouns import Reaction, Rule
from ringside.network.sites import places
from ringside.network.template import compile_template

MAX_CHARGE = 2


@dataclass(frozen=True, slots=True)
class Widened:
    """How each new species was first made, and whether every combination could be tried."""

    makers: Mapping[str, Reaction]
    complete: bool


def widen(
    base: Sequence[str],
    partners: Collection[str],
    rules: Sequence[Rule],
    *,
    rounds: int,
    max_events: int,
    max_atoms: int,
) -> Widened:
    """Apply all rules to what is there, and again to what they make.

    Args:
        base: Canonical SMILES of what is there, most important first.
        partners: Those of ``base`` that anything may meet; the others only react alone and with these.
        rules: All rules; gates are not asked. Where several make the same species, the first in this order counts.
        rounds: How many steps beyond ``base``.
        max_events: Where to stop [events]; the important and small come first.
        max_atoms: Heavy atoms of a species.

    Returns:
        The reaction that first made each species that is not in ``base``.
    """
    makers: dict[str, Reaction] = {}
    frontier = list(dict.fromkeys(base))
    known = set(frontier)
    others = [s for s in frontier if s in set(partners)]
    built = 0
    for _ in range(rounds):
        new: list[str] = []
        for rule, reactants in _tries(frontier, others, rules):
            if built >= max_events:
                return Widened(makers, complete=False)
            events = apply_counted(rule, reactants).events
            built += len(events)
            for event in events:
                for product in event.reaction.products:
                    if product in known or heavy_atoms(product) > max_atoms or abs(charge(product)) > MAX_CHARGE:
                        continue
                    known.add(product)
                    makers[product] = event.reaction
                    new.append(product)
        frontier = sorted(new, key=lambda s: (heavy_atoms(s), s))
    return Widened(makers, complete=True)


def _tries(
    frontier: Sequence[str], others: Sequence[str], rules: Sequence[Rule]
) -> Iterator[tuple[Rule, tuple[str, ...]]]:
    """Yield each rule with what it fits: one species alone, and two of which one is a partner."""
    for rule in rules:
        sides = compile_template(rule.smarts).sides
        if len(sides) == 1 or rule.rings is not None:
            yield from ((rule, (s,)) for s in frontier if all(places(side, s) for side in sides))
        if len(sides) != 2:
            continue
        one, two = sides
        second = [s for s in others if places(two, s)]
        yield from ((rule, (a, b)) for a in frontier if second and places(one, a) for b in second)
        met = set(second)
        first = [s for s in others if places(one, s)]
        again = [s for s in frontier if s not in met and places(two, s)] if first else []
        yield from ((rule, (a, b)) for b in again for a in first)


def steps_to(species: str, makers: Mapping[str, Reaction]) -> tuple[Reaction, ...]:
    """Return the reactions that make a species from what was there, each after those that make its reactants."""
    found: dict[str, Reaction] = {}
    _collect(species, makers, found)
    return tuple(found.values())


def _collect(species: str, makers: Mapping[str, Reaction], found: dict[str, Reaction]) -> None:
    reaction = makers.get(species)
    if reaction is None or reaction.id in found:
        return
    for reactant in reaction.reactants:
        _collect(reactant, makers, found)
    found[reaction.id] = reaction
