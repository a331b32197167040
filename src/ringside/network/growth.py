"""Caps, and what a network under growth holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeAlias

from ringside.chem.molecule import mol
from ringside.network.families import Fold, folded
from ringside.network.lineage import Cores, counted, linking_seeds, seed_cores
from ringside.network.nouns import Network, Reaction, Rule


@dataclass(frozen=True, slots=True)
class Upper:
    """Upper bounds by species [mol per mol limiting].

    Attributes:
        reach: What could pass through a species: whether it is worth trying what it reacts to.
        worth: What is there of it, or of what it leads to, in what has been grown: whether it is worth keeping.
    """

    reach: Mapping[str, float]
    worth: Mapping[str, float]


Active: TypeAlias = Callable[[Network], Upper]


@dataclass(frozen=True, slots=True)
class Caps:
    """Where growth stops.

    Attributes:
        max_species: Species in the network, seeds included.
        max_generations: Rounds of reactions.
        max_heavy_atoms: Heavy atoms of a species.
        max_charge: Absolute charge of a species.
        max_residues: Residues in one species of any one seed that can link (two reacting atoms or more).
        threshold: A species whose amount cannot exceed this [mol per mol limiting] is kept, but reacts no further.
        pair_threshold: Two species whose bounds [mol per mol limiting] multiply to less are not tried together. The
            default asks for ``threshold`` where the other partners of the two amount to 0.1 mol per mol limiting.
        max_events: Events built in all. One generation also ends when it has three times as many new species as fit.
        max_lumped: Events tried that can only make chains too long to enumerate, of the most abundant reactants.
    """

    max_species: int = 150
    max_generations: int = 8
    max_heavy_atoms: int = 70
    max_charge: int = 2
    max_residues: int = 3
    threshold: float = 1e-3
    pair_threshold: float = 1e-4
    max_events: int = 6000
    max_lumped: int = 400


@dataclass(slots=True)
class Growth:
    """What growth has so far; lives only inside ``grow``.

    ``reactions``: by id of the forward reaction, which comes first, its reverse after it. ``left``: what was left out,
    by reason. ``masks``: which rules a species fits, as bits (alone, as first of two, as second of two).
    """

    seeds: tuple[str, ...]
    rules: tuple[Rule, ...]
    caps: Caps
    linking: frozenset[str]
    cores: dict[str, Cores]
    reactions: dict[str, tuple[Reaction, ...]] = field(default_factory=dict[str, tuple[Reaction, ...]])
    folds: dict[str, Fold] = field(default_factory=dict[str, Fold])
    tried: set[tuple[str, ...]] = field(default_factory=set[tuple[str, ...]])
    masks: dict[str, tuple[int, int, int]] = field(default_factory=dict[str, tuple[int, int, int]])
    banned: set[str] = field(default_factory=set[str])
    left: dict[str, set[str]] = field(default_factory=dict[str, set[str]])
    refused: dict[tuple[str, str], int] = field(default_factory=dict[tuple[str, str], int])
    built: int = 0

    def leave(self, why: str, *items: str) -> None:
        """Note what was left out."""
        self.left.setdefault(why, set()).update(items)

    def held(self, cores: Cores) -> dict[str, int]:
        """Return the residues of linking seeds among these marks."""
        counts: dict[str, int] = {}
        for _, seed in cores:
            if seed in self.linking:
                counts[seed] = counts.get(seed, 0) + 1
        return counts


def planted(seeds: tuple[str, ...], rules: tuple[Rule, ...], caps: Caps) -> Growth:
    """Return growth with nothing but its seeds."""
    return Growth(seeds, rules, caps, linking_seeds(seeds, rules), seed_cores(seeds))


def network_of(growth: Growth) -> Network:
    """Return the network so far. A reverse that a rule also gives as a forward reaction is not told twice."""
    forward = [found[0] for found in growth.reactions.values()]
    known = {(r.rule, tuple(sorted(r.reactants)), r.products) for r in forward}
    backward = [
        back
        for found in growth.reactions.values()
        for back in found[1:]
        if (back.rule, back.reactants, tuple(sorted(back.products))) not in known
    ]
    folds = [growth.folds[key] for key in sorted(growth.folds)]
    compositions = {smiles: counted(cores) for smiles, cores in growth.cores.items()} if folds else {}
    families, sent = folded(folds, compositions, growth.caps.max_residues)
    species = sorted((*growth.cores, *(family.id for family in families)))
    reactions = sorted((*forward, *backward, *sent), key=lambda r: r.id)
    return Network(tuple(species), tuple(reactions), families)


@lru_cache(maxsize=65536)
def branches(smiles: str) -> int:
    """Return the number of atoms with three neighbours or more."""
    return sum(atom.GetDegree() > 2 for atom in mol(smiles).GetAtoms())
