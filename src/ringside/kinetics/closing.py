"""What is lumped reacts on: the ends of chains too long to follow, as species of their own.

A chain dies at a rate that depends on the ends it meets, not on how long their chains are (equal reactivity of equal ends), so the
loss of every species that is followed stays exact, however few are followed, and the lumped remainder joins, grows and is counted as it
should. Only rings that close in the remainder are left out.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from ringside.kinetics.nouns import Binding, FloatArray, RateLaw, Term
from ringside.network.nouns import FAMILY_PREFIX, Family, Network, Reaction, Site
from ringside.network.sites import equivalents

END = "end:"
CHAINS, JOINED = f"{END}chains", f"{END}joined"
ATTACKS, ATTACKED = 1, 2
ROLES = {ATTACKS: ("nuc:",), ATTACKED: ("ele:", "lg:")}


@dataclass(frozen=True, slots=True)
class Closed:
    """A network whose lumped family reacts on; ``species`` and ``reactions`` count those it had before."""

    network: Network
    laws: tuple[RateLaw, ...]
    bindings: Mapping[str, Binding]
    species: int
    reactions: int


@dataclass(frozen=True, slots=True)
class _Fold:
    """A reaction into the lumped family: which kind of end attacks which."""

    reaction: Reaction
    law: RateLaw
    kinds: tuple[str, str]
    chains: tuple[str, str]
    atoms: tuple[int, int]


def closed(network: Network, laws: Sequence[RateLaw], bindings: Mapping[str, Binding]) -> Closed | None:
    """Return the network with the ends of its lumped chains, or None where nothing is lumped.

    Ends are of one kind where the tables give them the same rate (nucleophile; electrophile and leaving group). Those that a fold leaves
    over enter the remainder; each then reacts with every chain that is followed, and with its counterparts in the remainder,
    at the constant that followed chains have.

    Args:
        network: Species and reactions; a family takes up the long chains.
        laws: One rate law per reaction.
        bindings: Proton binding by species.
    """
    if not network.families:
        return None
    family = network.families[0]
    folds = {
        j: found
        for j, (r, law) in enumerate(zip(network.reactions, laws, strict=True))
        if family.id in r.products and (found := _fold(r, law)) is not None
    }
    if not folds:
        return None
    ends = _ends(folds.values())
    units = dict(family.units)
    sent = [_sent(r, folds[j], ends) if j in folds else r for j, r in enumerate(network.reactions)]
    new: list[tuple[Reaction, RateLaw]] = []
    atoms = {(c, k): a for f in folds.values() for c, k, a in zip(f.chains, f.kinds, f.atoms, strict=True)}
    for fold in _kinds(folds.values()):
        new += _reactions(fold, ends, units, family, atoms)
    species = sorted({s for r, _ in new for s in (*r.reactants, *r.products) if s.startswith(END)} | {CHAINS})
    species = sorted({*species, *(s for r in sent for s in r.products if s.startswith(END))})
    held = {end: b for end in species if (b := _binding(end, folds.values(), bindings)) is not None}
    return Closed(
        Network((*network.species, *species), (*sent, *(r for r, _ in new)), network.families),
        (*laws, *(law for _, law in new)),
        {**bindings, **held},
        len(network.species),
        len(network.reactions),
    )


def chains_of(species: Sequence[str], n: FloatArray) -> FloatArray:
    """Return how many lumped molecules there are, from amounts whose last axis follows ``species``."""
    rank = {s: i for i, s in enumerate(species)}
    joined = n[..., rank[JOINED]] if JOINED in rank else 0.0
    return np.asarray(n[..., rank[CHAINS]] - joined, dtype=np.float64)


def _fold(r: Reaction, law: RateLaw) -> _Fold | None:
    """Return a fold of two molecules with one site on each, None for any other."""
    places = {s.map_number: s for s in r.sites}
    if len(r.reactants) != 2 or ATTACKS not in places or ATTACKED not in places:
        return None
    first, second = places[ATTACKS], places[ATTACKED]
    if first.reactant == second.reactant or law.acid_order:
        return None
    kinds = tuple(END + "+".join(t.key for t in law.terms if t.key.startswith(ROLES[m])) for m in (ATTACKS, ATTACKED))
    if END in kinds:
        return None
    return _Fold(
        r,
        law,
        (kinds[0], kinds[1]),
        (r.reactants[first.reactant], r.reactants[second.reactant]),
        (first.atom, second.atom),
    )


def _ends(folds: Iterable[_Fold]) -> dict[str, Counter[str]]:
    """Return how many ends of each kind every chain has that takes part in a fold."""
    places: dict[str, set[tuple[str, int]]] = {}
    for f in folds:
        for chain, kind, atom in zip(f.chains, f.kinds, f.atoms, strict=True):
            places.setdefault(chain, set()).add((kind, atom))
    found: dict[str, Counter[str]] = {}
    for chain, sites in places.items():
        found[chain] = Counter()
        for kind, atom in sites:
            found[chain][kind] += _places(chain, atom)
    return found


@lru_cache(maxsize=1 << 14)
def _places(smiles: str, atom: int) -> int:
    return equivalents(smiles, (atom,))


def _kinds(folds: Iterable[_Fold]) -> list[_Fold]:
    """Return one fold for each pair of kinds of ends and each rule."""
    found: dict[tuple[str, str, str], _Fold] = {}
    for f in sorted(folds, key=lambda f: f.reaction.id):
        found.setdefault((f.reaction.rule, *f.kinds), f)
    return list(found.values())


def _over(ends: Mapping[str, int], used: str) -> list[str]:
    """Return the ends left when one has reacted."""
    left = Counter(ends)
    left[used] -= 1
    return sorted(left.elements())


def _sent(r: Reaction, fold: _Fold, ends: Mapping[str, Counter[str]]) -> Reaction:
    left = [e for chain, kind in zip(fold.chains, fold.kinds, strict=True) for e in _over(ends[chain], kind)]
    return replace(r, products=(*r.products, *left, CHAINS))


def _reactions(
    fold: _Fold,
    ends: Mapping[str, Counter[str]],
    units: Mapping[str, float],
    family: Family,
    atoms: Mapping[tuple[str, str], int],
) -> list[tuple[Reaction, RateLaw]]:
    """Return what one kind of end of the remainder does with chains that carry the other, and with its counterpart."""
    aside = tuple(p for p in fold.reaction.products if not p.startswith(FAMILY_PREFIX))
    first, second = fold.kinds
    found = [_one(fold, (first, second), (0, 0), 1, (*aside, JOINED), 0.0)]
    for chain, carried in sorted(ends.items()):
        if chain not in units:
            continue
        whole = (*aside, family.id)
        if carried[second]:
            pair, place, left = (first, chain), (0, atoms[chain, second]), _over(carried, second)
            found.append(_one(fold, pair, place, carried[second], (*whole, *left), units[chain]))
        if carried[first]:
            pair, place, left = (chain, second), (atoms[chain, first], 0), _over(carried, first)
            found.append(_one(fold, pair, place, carried[first], (*whole, *left), units[chain]))
    return found


def _one(
    fold: _Fold,
    reactants: tuple[str, str],
    atoms: tuple[int, int],
    count: int,
    products: tuple[str, ...],
    units: float,
) -> tuple[Reaction, RateLaw]:
    r = fold.reaction
    name = f"{END}{r.rule}:{'+'.join(reactants)}"
    sites = (Site(ATTACKS, 0, atoms[0]), Site(ATTACKED, 1, atoms[1]))
    terms = tuple(
        Term(t.key, t.value - math.log10(r.degeneracy) + math.log10(count), t.sd, t.source, t.text)
        if t.key.startswith("site:")
        else t
        for t in fold.law.terms
    )
    return (
        Reaction(name, r.rule, r.rate, reactants, products, count, None, sites, units=units),
        replace(fold.law, reaction=name, terms=terms),
    )


def _binding(end: str, folds: Iterable[_Fold], bindings: Mapping[str, Binding]) -> Binding | None:
    """Return the proton binding of an attacking end: that of its own nitrogen in a chain, whatever else is on it."""
    for f in sorted(folds, key=lambda f: f.reaction.id):
        b = bindings.get(f.chains[0])
        if f.kinds[0] != end or b is None or b.offset or len(b.beta) < 2 or f.atoms[0] not in b.free:
            continue
        own = b.beta[1] - b.free[f.atoms[0]][1]
        if own > 0.0:
            return Binding((1.0, own), 0, {0: (1.0, 0.0)})
    return None
