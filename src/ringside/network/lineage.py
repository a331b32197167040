"""Which seed each species is made of: residues, followed atom by atom through the events."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import TypeAlias

from ringside.chem.molecule import mol
from ringside.network.apply import Event, apply_counted
from ringside.network.nouns import Network, Rule
from ringside.network.sites import distances, places
from ringside.network.template import ELECTROPHILE, NUCLEOPHILE, compile_template

Cores: TypeAlias = tuple[tuple[int, str], ...]
"""The marked atoms of a species, and the seed that each came with."""


@lru_cache(maxsize=4096)
def core(smiles: str) -> int:
    """Return the atom that stands for a seed: a carbon, if there is one, nearest the middle of the molecule.

    It stays with the residue when a group leaves from the end.

    >>> core("BrCCCBr")
    2
    """
    molecule, near = mol(smiles), distances(smiles)
    return min(range(len(near)), key=lambda i: (molecule.GetAtomWithIdx(i).GetAtomicNum() != 6, max(near[i]), i))


def seed_cores(seeds: Iterable[str]) -> dict[str, Cores]:
    """Return the marks of the seeds themselves."""
    return {smiles: ((core(smiles), smiles),) for smiles in seeds}


def inherited(event: Event, product: int, cores: Mapping[str, Cores]) -> Cores:
    """Return the marks of one product of an event."""
    marks = {(side, atom): seed for side, smiles in enumerate(event.reaction.reactants) for atom, seed in cores[smiles]}
    return tuple((i, marks[spot]) for i, spot in enumerate(event.origins[product]) if spot in marks)


def counted(cores: Cores) -> dict[str, int]:
    """Return how many residues of each seed these marks are, seeds sorted."""
    return dict(sorted(Counter(seed for _, seed in cores).items()))


def linking_seeds(seeds: Iterable[str], rules: Sequence[Rule]) -> frozenset[str]:
    """Return the seeds that can react at two atoms or more, so that chains can grow through them."""
    found: set[str] = set()
    for smiles in seeds:
        atoms = {
            place.atoms[i]
            for rule in rules
            for side in compile_template(rule.smarts).sides
            for i, number in enumerate(side.maps)
            if number in (NUCLEOPHILE, ELECTROPHILE)
            for place in places(side, smiles)
        }
        if len(atoms) > 1:
            found.add(smiles)
    return frozenset(found)


def residues(network: Network, seeds: Iterable[str], rules: Sequence[Rule]) -> dict[str, dict[str, int]]:
    """Return how many residues of each seed every species of a network holds.

    Args:
        network: As grown from ``seeds`` with ``rules``.
        seeds: Canonical SMILES of what was charged.
        rules: The rules it was grown with.

    Returns:
        Species (families left out) to seed to number of residues, all sorted. Small leaving groups hold none.
    """
    by_id = {rule.id: rule for rule in rules}
    cores = seed_cores(sorted(set(seeds)))
    forward = sorted((r for r in network.reactions if r.reverse_of is None), key=lambda r: (r.rule, r.reactants, r.id))
    waiting = [r for r in forward if any(p not in cores for p in r.products)]
    while ready := [r for r in waiting if all(s in cores for s in r.reactants)]:
        for reaction in ready:
            for event in apply_counted(by_id[reaction.rule], reaction.reactants).events:
                if event.reaction.id == reaction.id:
                    for i, product in enumerate(event.reaction.products):
                        if product in network.species:
                            cores.setdefault(product, inherited(event, i, cores))
        waiting = [r for r in waiting if r not in ready]
    return {smiles: counted(cores[smiles]) for smiles in network.species if smiles in cores}
