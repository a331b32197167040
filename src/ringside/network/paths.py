"""How a species forms, and what leads to it."""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterable, Mapping

from ringside.network.nouns import Network, Reaction


def path_to(network: Network, species: str, flux: Mapping[str, float], seeds: Collection[str]) -> tuple[str, ...]:
    """Return the ids of the rules by which most of a species forms, in order (see ``tree_to``)."""
    return tuple(reaction.rule for reaction in tree_to(network, species, flux, seeds))


def tree_to(network: Network, species: str, flux: Mapping[str, float], seeds: Collection[str]) -> tuple[Reaction, ...]:
    """Return the reactions by which most of a species forms, in order.

    Of all trees of reactions from the seeds to the species, the one whose smallest net flux is largest; among equals
    the one with the fewest reactions. Reactions without a flux count as zero, so an empty ``flux`` gives the shortest.

    Args:
        network: Where to look.
        species: Canonical SMILES or family id.
        flux: Turnover of each reaction [mol], by id; that of its reverse is taken off.
        seeds: What was charged.

    Returns:
        Reactions, each after those that make its reactants; empty only for a seed and for what cannot be reached.
    """
    return trees(network, flux, seeds).get(species, ())


def trees(network: Network, flux: Mapping[str, float], seeds: Collection[str]) -> dict[str, tuple[Reaction, ...]]:
    """Return ``tree_to`` of every species that can be reached.

    Species are settled in order of their best tree (Knuth's generalisation of Dijkstra's method).
    """
    net = net_flux(network, flux)
    users: dict[str, list[Reaction]] = {}
    for reaction in network.reactions:
        for smiles in sorted(set(reaction.reactants)):
            users.setdefault(smiles, []).append(reaction)
    trees: dict[str, tuple[Reaction, ...]] = {}
    queue: list[tuple[float, int, tuple[str, ...], str, tuple[Reaction, ...]]] = []
    for smiles in sorted(set(seeds)):
        heapq.heappush(queue, (float("-inf"), 0, (), smiles, ()))
    width: dict[str, float] = {}
    while queue:
        narrow, _, _, smiles, tree = heapq.heappop(queue)
        if smiles in trees:
            continue
        trees[smiles], width[smiles] = tree, -narrow
        for reaction in users.get(smiles, ()):
            if not all(r in trees for r in reaction.reactants):
                continue
            joined = tuple(dict.fromkeys(step for r in reaction.reactants for step in trees[r]))
            longer = (*joined, reaction)
            least = min(net[reaction.id], *(width[r] for r in reaction.reactants))
            ids = tuple(step.id for step in longer)
            for product in sorted(set(reaction.products) - trees.keys()):
                heapq.heappush(queue, (-least, len(longer), ids, product, longer))
    return trees


def net_flux(network: Network, flux: Mapping[str, float]) -> dict[str, float]:
    """Return the turnover of each reaction less that of its reverse, never below 0, by id."""
    net = {reaction.id: flux.get(reaction.id, 0.0) for reaction in network.reactions}
    for reaction in network.reactions:
        if reaction.reverse_of in net:
            there, back = flux.get(reaction.reverse_of, 0.0), flux.get(reaction.id, 0.0)
            net[reaction.reverse_of], net[reaction.id] = max(there - back, 0.0), max(back - there, 0.0)
    return net


def reach(network: Network, seeds: Iterable[str]) -> frozenset[str]:
    """Return every species and family that can form from the seeds, the seeds included."""
    return closure(network.reactions, seeds)


def closure(reactions: Iterable[Reaction], seeds: Iterable[str]) -> frozenset[str]:
    """Return everything that these reactions can make of the seeds, the seeds included."""
    found = set(seeds)
    waiting = list(reactions)
    while ready := [r for r in waiting if found.issuperset(r.reactants)]:
        waiting = [r for r in waiting if not found.issuperset(r.reactants)]
        for reaction in ready:
            found.update(reaction.products)
    return frozenset(found)


def leads_to(network: Network, species: str) -> frozenset[str]:
    """Return every species that takes part, directly or through others, in making a species; itself included."""
    found = {species}
    size = 0
    while size != len(found):
        size = len(found)
        for reaction in network.reactions:
            if not found.isdisjoint(reaction.products):
                found.update(reaction.reactants)
    return frozenset(found)
