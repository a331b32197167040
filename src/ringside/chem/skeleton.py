"""A molecule made ready for breaking: bits of atoms, and where each rule of fragmentation applies."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from rdkit import Chem

from ringside.chem.features import MOST_MATCHES, pattern
from ringside.chem.fragment_rules import FragmentRule, FragmentRules
from ringside.chem.molecule import mol

SHIFTS = {2: (-2, 0), 3: (-3, -1, 1)}  # hydrogens that two or three cuts at once may move


class Cut(NamedTuple):
    """A bond from ``inside`` to ``outside``; ``kept`` are the atoms that stay with ``inside``, 0 where the bond is in a ring."""

    inside: int
    outside: int
    kept: int
    rule: FragmentRule


def _is_cation(atom: Chem.Atom) -> bool:
    return atom.GetFormalCharge() > 0 and all(n.GetFormalCharge() >= 0 for n in atom.GetNeighbors())


class Cuts(NamedTuple):
    """Cuts that are made at once: those of a ring, of which one alone takes nothing out."""

    ring: int
    kept: int
    weight: float
    cuts: tuple[Cut, ...]


@lru_cache(maxsize=1024)
def _marked(smarts: str) -> tuple[Chem.Mol, tuple[int, ...]]:
    """Return a pattern and its mapped atoms in the order of their numbers."""
    query = pattern(smarts)
    marks = sorted((a.GetAtomMapNum(), a.GetIdx()) for a in query.GetAtoms() if a.GetAtomMapNum())
    return query, tuple(i for _, i in marks)


class Skeleton:
    """A molecule made ready: bits of neighbours, hydrogens, and where each rule applies."""

    def __init__(self, smiles: str, rules: FragmentRules) -> None:
        """Find where the rules apply.

        Args:
            smiles: Canonical SMILES of one component.
            rules: How ions break.
        """
        molecule = mol(smiles)
        atoms = list(molecule.GetAtoms())
        self.elements: dict[str, int] = {}
        for i, a in enumerate(atoms):
            self.elements[a.GetSymbol()] = self.elements.get(a.GetSymbol(), 0) | 1 << i
        most = max(a.GetTotalNumHs() for a in atoms)
        self.hydrogens = [sum(1 << i for i, a in enumerate(atoms) if a.GetTotalNumHs() > n) for n in range(most)]
        self.cation = next((a.GetIdx() for a in atoms if _is_cation(a)), None)
        self.near = [sum(1 << b.GetIdx() for b in a.GetNeighbors()) for a in atoms]
        self.whole = (1 << len(atoms)) - 1
        self.rings = [sum(1 << i for i in ring) for ring in molecule.GetRingInfo().AtomRings()]
        self.cuts: list[Cut] = []
        self.ring_cuts: list[Cut] = []
        self.parts: dict[tuple[tuple[int, int], ...], int] = {}
        self.losses: list[tuple[int, FragmentRule]] = []
        self._place(molecule, rules)
        self.cuts.sort(key=lambda c: -c.rule.weight)
        self.ring_cuts.sort(key=lambda c: -c.rule.weight)
        self.losses.sort(key=lambda x: -x[1].weight)
        least = rules.constants["least_weight"]
        sets = [p for ring in self.rings for p in self._pairs(ring, least)]
        sets += [p for ring in self._bridged() for p in self._triples(ring, least)]
        self.sets = sorted(sets, key=lambda p: -p[2])

    def _place(self, molecule: Chem.Mol, rules: FragmentRules) -> None:
        taken: set[tuple[int, int, int]] = set()
        gone: set[tuple[int, int, int]] = set()
        sides: dict[tuple[int, int], int] = {}
        for rule in rules.rules:
            query, marks = _marked(rule.smarts)
            for match in molecule.GetSubstructMatches(query, uniquify=False, maxMatches=MOST_MATCHES):
                if rule.kind == "lose":
                    out = sum(1 << i for i in {match[i] for i in marks})
                    if (out, rule.shift, rule.joins) not in gone:
                        gone.add((out, rule.shift, rule.joins))
                        self.losses.append((out, rule))
                    continue
                a, b = match[marks[0]], match[marks[1]]
                if (a, b, rule.shift) in taken:
                    continue
                taken.add((a, b, rule.shift))
                if (a, b) not in sides:
                    sides[a, b] = self.reach(a, self.whole, (), (a, b))
                kept = sides[a, b]
                if kept >> b & 1:
                    self.ring_cuts.append(Cut(a, b, 0, rule))
                else:
                    self.cuts.append(Cut(a, b, kept, rule))

    def _bridged(self) -> list[int]:
        """Return the ring systems of two rings that share more than one bond."""
        found = {
            one | two for k, one in enumerate(self.rings) for two in self.rings[k + 1 :] if (one & two).bit_count() > 2
        }
        return sorted(found)

    def _pairs(self, ring: int, least: float) -> Iterator[Cuts]:
        """Yield each two cuts of one ring that take a piece out of it, the rare ones left out."""
        own = [c for c in self.ring_cuts if ring >> c.inside & 1 and ring >> c.outside & 1]
        for k, one in enumerate(own):
            for two in own[k + 1 :]:
                if one.rule.weight * two.rule.weight < least:
                    break
                found = self._apart(ring, one, two)
                if found is not None:
                    yield found

    def _triples(self, system: int, least: float) -> Iterator[Cuts]:
        """Yield each three cuts that take a piece out of a bridged ring system, the rare ones left out."""
        own = [c for c in self.ring_cuts if system >> c.inside & 1 and system >> c.outside & 1]
        for k, one in enumerate(own):
            for m, two in enumerate(own[k + 1 :], start=k + 1):
                if one.rule.weight * two.rule.weight < least:
                    break
                for three in own[m + 1 :]:
                    if one.rule.weight * two.rule.weight * three.rule.weight < least:
                        break
                    found = self._apart(system, one, two, three)
                    if found is not None:
                        yield found

    def _apart(self, ring: int, *cuts: Cut) -> Cuts | None:
        """Return cuts that split a ring or ring system, all with the same piece inside; None where they do not."""
        if sum(c.rule.shift for c in cuts) not in SHIFTS[len(cuts)]:
            return None
        bonds = tuple((c.inside, c.outside) for c in cuts)
        if bonds not in self.parts:
            kept = self.reach(cuts[0].inside, self.whole, (), *bonds)
            self.parts[bonds] = kept if all(kept >> a & 1 and not kept >> b & 1 for a, b in bonds) else 0
        kept = self.parts[bonds]
        return Cuts(ring, kept, math.prod(c.rule.weight for c in cuts), cuts) if kept else None

    def reach(self, start: int, within: int, joined: tuple[tuple[int, int], ...], *broken: tuple[int, int]) -> int:
        """Return the atoms bound to one atom, inside a piece and without the broken bonds."""
        seen = new = 1 << start
        while new:
            found = 0
            while new:
                low = new & -new
                new ^= low
                i = low.bit_length() - 1
                near = self.near[i]
                for a, b in broken:
                    if i == a:
                        near &= ~(1 << b)
                    elif i == b:
                        near &= ~(1 << a)
                for a, b in joined:
                    if i == a:
                        near |= 1 << b
                    elif i == b:
                        near |= 1 << a
                found |= near
            new = found & within & ~seen
            seen |= new
        return seen

    def around(self, atoms: int) -> list[int]:
        """Return the neighbours of some atoms; one that has two neighbours among them comes once."""
        found, left = 0, atoms
        while left:
            low = left & -left
            left ^= low
            found |= self.near[low.bit_length() - 1]
        found &= ~atoms
        return [i for i in range(found.bit_length()) if found >> i & 1]

    def counts(self, atoms: int, more: int) -> dict[str, int]:
        """Return the elements of some atoms with their hydrogens and ``more`` of these."""
        found = {e: (atoms & bits).bit_count() for e, bits in self.elements.items()}
        found["H"] = found.get("H", 0) + more + sum((atoms & bits).bit_count() for bits in self.hydrogens)
        return found
