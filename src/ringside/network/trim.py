"""Keeping a network under its cap on species."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from ringside.chem.mass import charge, heavy_atoms
from ringside.network.growth import Active, Growth, Upper, branches, network_of
from ringside.network.paths import closure


def trim(growth: Growth, active: Active | None, upper: Upper) -> None:
    """Bring the number of species under its cap: those worth most stay, and what leads to them.

    New species have no bound yet. The scarcest reactant that each was made from tells which are worth asking about;
    what they lead to is not known either, so they then rank at the geometric mean of reach and worth.
    """
    room = max(growth.caps.max_species - len(growth.seeds), 0)
    if active is None:
        _keep(growth, room, {})
        return
    share = {s: upper.reach.get(s, math.inf) for s in growth.seeds} | dict(upper.reach)
    for found in growth.reactions.values():
        least = min(share.get(s, 0.0) for s in found[0].reactants)
        for product in found[0].products:
            if product not in upper.reach:
                share[product] = max(share.get(product, 0.0), least)
    _keep(growth, 2 * room, share)
    if len(growth.cores) > growth.caps.max_species:
        now = active(network_of(growth))
        known = upper.reach.keys()
        _keep(growth, room, {s: w if s in known else math.sqrt(w * now.reach[s]) for s, w in now.worth.items()})


def _keep(growth: Growth, room: int, upper: Mapping[str, float]) -> None:
    seeds = set(growth.seeds)
    grown = [s for s in growth.cores if s not in seeds]
    _drop(growth, sorted(grown, key=lambda s: (-upper.get(s, 0.0), *_size(growth, s)))[room:])


def _size(growth: Growth, smiles: str) -> tuple[bool, int, str]:
    """Order species of equal amount: what leaves first, then small ones; a branch or a charge weighs as three atoms."""
    cores = growth.cores[smiles]
    extra = branches(smiles) - sum(branches(seed) for _, seed in cores)
    return bool(cores), heavy_atoms(smiles) + 3 * (max(extra, 0) + abs(charge(smiles))), smiles


def _drop(growth: Growth, gone: Sequence[str]) -> None:
    """Take species out for good, and for now whatever can then not be reached any more."""
    out = set(gone)
    growth.banned |= out
    growth.leave("species", *gone)
    while out:
        growth.cores = {s: cores for s, cores in growth.cores.items() if s not in out}
        growth.reactions = {
            key: found
            for key, found in growth.reactions.items()
            if out.isdisjoint(found[0].reactants) and out.isdisjoint(found[0].products)
        }
        growth.folds = {
            key: fold
            for key, fold in growth.folds.items()
            if out.isdisjoint(fold.reaction.reactants) and out.isdisjoint(fold.reaction.products)
        }
        growth.tried = {reactants for reactants in growth.tried if out.isdisjoint(reactants)}
        out = growth.cores.keys() - closure((found[0] for found in growth.reactions.values()), growth.seeds)
