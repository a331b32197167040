"""The way to a target: which species and reactions are on it, and which take material off it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from ringside.network.nouns import FAMILY_PREFIX, Network, Reaction
from ringside.network.paths import tree_to

LASTING = 5
"""Smaller rings are closed and opened again on the way."""
Content = Literal["larger", "isomer", "part", "none"]


@dataclass(frozen=True, slots=True)
class Route:
    """The way from what was charged to a target.

    Attributes:
        target: Canonical SMILES.
        species: Every species on the way: the target, what was charged for it, and what lies between.
        off: Ids of the reactions that take material off the way or react what is off it; with a reverse, both directions.
        exits: Those of ``off`` by which material leaves: nothing that holds residues of the target is off the way among their reactants.
        ring: Size of the largest ring of five members or more closed on the shortest way, None where there is none.
        contents: Residues of what was charged, by species (see ``network.lineage``).
    """

    target: str
    species: frozenset[str]
    off: frozenset[str]
    exits: frozenset[str]
    ring: int | None
    contents: Mapping[str, Mapping[str, int]]

    def content(self, species: str, materials: Collection[str] | None = None) -> Content:
        """Compare what a species holds with the target: more of some material, the same, part of it, or nothing of it.

        ``materials``: what to compare, everything the target holds where left out. Lumped families are larger.
        """
        if species.startswith(FAMILY_PREFIX):
            return "larger"
        goal = self.contents.get(self.target, {})
        held = self.contents.get(species, {})
        wanted = set(goal if materials is None else materials)
        mine = {m: n for m, n in held.items() if m in wanted}
        if not mine:
            return "none"
        if any(n > goal.get(m, 0) for m, n in mine.items()):
            return "larger"
        return "isomer" if all(mine.get(m, 0) == goal.get(m, 0) for m in wanted) else "part"


def route(network: Network, target: str, seeds: Iterable[str], contents: Mapping[str, Mapping[str, int]]) -> Route:
    """Find the way to a target.

    A reaction is on the way if one of its main products (those that hold residues of what the target is made of; all, where none
    does) is the target or on the way itself, the target is not among its reactants, and that product does not lie nearer to what was charged than its reactants do: going back, as from a
    bridged aminal to the hemiaminal it came from, is no way on. It takes material off the way if it is not on it, in either
    direction, and a main product is not on the way.

    Args:
        network: Species and reactions.
        target: Canonical SMILES of a species of the network.
        seeds: What was charged.
        contents: Residues by species, from ``lineage.residues``.

    Returns:
        The way. It depends on the network alone, not on amounts or rates.
    """
    seeds = frozenset(seeds)
    depth = _depths(network.reactions, seeds)
    goal = contents.get(target, {}).keys()
    main = {r.id: _main(r, contents, goal) for r in network.reactions}
    reachable = [r for r in network.reactions if all(s in depth for s in r.reactants)]
    far = {r.id: max((depth[s] for s in r.reactants), default=0) for r in reachable}
    species, on = {target}, set[str]()
    while True:
        new = [
            r
            for r in reachable
            if r.id not in on
            and target not in r.reactants
            and any(p in species and p not in seeds and depth[p] >= far[r.id] for p in main[r.id])
        ]
        if not new:
            break
        on.update(r.id for r in new)
        species.update(s for r in new for s in r.reactants)
    kept = on | {r.reverse_of for r in network.reactions if r.id in on and r.reverse_of is not None}
    off = {
        r.id
        for r in network.reactions
        if r.id not in kept and r.reverse_of not in kept and any(p not in species for p in main[r.id])
    }
    exits = {r.id for r in network.reactions if r.id in off and species.issuperset(_held(r.reactants, contents, goal))}
    rings = [r.ring for r in tree_to(network, target, {}, seeds) if r.ring is not None and r.ring >= LASTING]
    left = _both(network, exits)
    return Route(target, frozenset(species), _both(network, off), left, max(rings, default=None), contents)


def _both(network: Network, ids: Collection[str]) -> frozenset[str]:
    """Return reactions with their reverses."""
    backs = {r.id for r in network.reactions if r.reverse_of in ids}
    fronts = {r.reverse_of for r in network.reactions if r.id in ids and r.reverse_of is not None}
    return frozenset(ids) | backs | fronts


def _depths(reactions: Iterable[Reaction], seeds: frozenset[str]) -> dict[str, int]:
    """Return how many steps each species lies from what was charged."""
    depth = dict.fromkeys(seeds, 0)
    waiting = list(reactions)
    step = 0
    while ready := [r for r in waiting if all(s in depth for s in r.reactants)]:
        step += 1
        done = {r.id for r in ready}
        waiting = [r for r in waiting if r.id not in done]
        for reaction in ready:
            for product in reaction.products:
                depth.setdefault(product, step)
    return depth


def _held(species: Iterable[str], contents: Mapping[str, Mapping[str, int]], goal: Collection[str]) -> tuple[str, ...]:
    """Return those that hold what the target is made of."""
    return tuple(s for s in species if s.startswith(FAMILY_PREFIX) or any(m in goal for m in contents.get(s, {})))


def _main(reaction: Reaction, contents: Mapping[str, Mapping[str, int]], goal: Collection[str]) -> tuple[str, ...]:
    """Return the products that hold what the target is made of; all of them where none does."""
    return _held(reaction.products, contents, goal) or reaction.products
