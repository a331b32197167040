"""Where a reactant template fits a molecule, and which of these places symmetry makes equal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from rdkit import Chem

from ringside.chem.molecule import mol
from ringside.chem.screening import Asked, asked, kinds_in, may_fit
from ringside.network.template import NUCLEOPHILE, Side, Template

MAX_MATCHES = 1000
_CACHE = 1 << 17

Kind: TypeAlias = tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Place:
    """One match of a reactant template: an atom for each query atom, and those of the reaction centre in map order."""

    atoms: tuple[int, ...]
    centre: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PlaceClass:
    """Places that symmetry makes equal: one of them, and how many there are."""

    kind: Kind
    place: Place
    count: int


@dataclass(frozen=True, slots=True)
class Twin:
    """Two places of one molecule that react with each other: how many such pairs are equal, and the ring they close."""

    kind: Kind
    places: tuple[Place, Place]
    count: int


@lru_cache(maxsize=_CACHE)
def places(side: Side, smiles: str) -> tuple[Place, ...]:
    """Return every match of a reactant template on a molecule (canonical SMILES)."""
    molecule = mol(smiles)
    if molecule.GetNumAtoms() < len(side.maps) or not may_fit(_asks(side), kinds_in(smiles)):
        return ()
    matches = molecule.GetSubstructMatches(side.query, uniquify=False, maxMatches=MAX_MATCHES)
    return tuple(Place(m, tuple(m[i] for i in side.centre)) for m in matches)


@lru_cache(maxsize=4096)
def _asks(side: Side) -> Asked:
    return asked(side.query)


@lru_cache(maxsize=_CACHE)
def classes(side: Side, smiles: str) -> tuple[PlaceClass, ...]:
    """Return the places of a reactant template on a molecule, equal ones together."""
    first: dict[tuple[int, ...], Place] = {}
    for place in sorted(places(side, smiles), key=lambda p: (p.centre, p.atoms)):
        first.setdefault(place.centre, place)
    grouped: dict[Kind, list[Place]] = {}
    for place in first.values():
        grouped.setdefault(kind_of(smiles, place.centre), []).append(place)
    return tuple(PlaceClass(kind, found[0], len(found)) for kind, found in sorted(grouped.items()))


def twins(template: Template, smiles: str, rings: tuple[int, int]) -> tuple[Twin, ...]:
    """Return the pairs of places by which a two-reactant template fits one molecule, equal ones together.

    Pairs that share an atom are no pairs. Where the template joins atoms 1 and 2, pairs too far apart for the largest
    ring of ``rings`` are left out at once; the exact ring is known only when the product is built.
    """
    one, two = template.sides
    left, right = places(one, smiles), places(two, smiles)
    if not left or not right:
        return ()
    near = distances(smiles)
    ends = _ends(template)
    first: dict[tuple[int, ...], tuple[Place, Place]] = {}
    for a in left:
        for b in right:
            if not set(a.atoms).isdisjoint(b.atoms):
                continue
            if ends and near[ends[0].atom(a, b)][ends[1].atom(a, b)] + 1 > rings[1]:
                continue
            key = a.centre + b.centre
            if key not in first or (a.atoms, b.atoms) < (first[key][0].atoms, first[key][1].atoms):
                first[key] = (a, b)
    grouped: dict[Kind, list[tuple[Place, Place]]] = {}
    for key in sorted(first):
        grouped.setdefault(kind_of(smiles, key), []).append(first[key])
    return tuple(Twin(kind, found[0], len(found)) for kind, found in sorted(grouped.items()))


@dataclass(frozen=True, slots=True)
class _End:
    side: int
    query_atom: int

    def atom(self, *found: Place) -> int:
        return found[self.side].atoms[self.query_atom]


def _ends(template: Template) -> tuple[_End, _End] | None:
    """Return where atoms 1 and 2 stand in the template, when it joins them."""
    if not template.joins:
        return None
    spots = {number: _End(s, q) for s, side in enumerate(template.sides) for q, number in enumerate(side.maps)}
    return spots[NUCLEOPHILE], spots[NUCLEOPHILE + 1]


def kind_of(smiles: str, atoms: Sequence[int]) -> Kind:
    """Return what kind of place these atoms are: their symmetry classes, and how far they are apart."""
    ranks, near = symmetry(smiles), distances(smiles)
    apart = tuple(near[a][b] for i, a in enumerate(atoms) for b in atoms[:i])
    return (tuple(ranks[a] for a in atoms), apart)


@lru_cache(maxsize=_CACHE)
def symmetry(smiles: str) -> tuple[int, ...]:
    """Return the symmetry class of each atom."""
    return tuple(Chem.CanonicalRankAtoms(mol(smiles), breakTies=False))


@lru_cache(maxsize=_CACHE)
def distances(smiles: str) -> tuple[tuple[int, ...], ...]:
    """Return the number of bonds between each two atoms."""
    return tuple(tuple(int(d) for d in row) for row in Chem.GetDistanceMatrix(mol(smiles)))


@lru_cache(maxsize=_CACHE)
def _symmetries(smiles: str) -> tuple[tuple[int, ...], ...]:
    molecule = mol(smiles)
    return tuple(molecule.GetSubstructMatches(molecule, uniquify=False, useChirality=True, maxMatches=MAX_MATCHES))


def equivalents(smiles: str, atoms: Sequence[int]) -> int:
    """Return in how many ways symmetry places this tuple of atoms on its molecule.

    >>> equivalents("BrCCCBr", (0, 1))
    2
    """
    return max(len({tuple(image[a] for a in atoms) for image in _symmetries(smiles)}), 1)


def atoms_by_map(template: Template, found: Sequence[Place]) -> Mapping[int, tuple[int, int]]:
    """Return, for each map number, the template side it is on and the atom it is in that side's molecule.

    The atoms of hydrogen gas have no number and count as 0.
    """
    return {
        number: (s, found[s].atoms[q]) for s, side in enumerate(template.sides) for q, number in enumerate(side.maps)
    }
