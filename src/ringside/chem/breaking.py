"""One step of fragmentation: what an ion on its way may become, its hydrogens and charge kept in order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from ringside.chem.fragment_rules import FragmentRule
from ringside.chem.skeleton import Cut, Skeleton


class Piece(NamedTuple):
    """An ion on its way: its atoms as bits, hydrogens that atoms gained or lost, and bonds that were not in the molecule.

    ``lacks`` is the atom whose missing bond carries the charge, None where a mobile proton does.
    """

    atoms: int
    lacks: int | None
    moved: tuple[tuple[int, int], ...] = ()
    joined: tuple[tuple[int, int], ...] = ()

    @property
    def gained(self) -> int:
        """Return the hydrogens beyond those that its atoms have in the molecule."""
        return sum(n for _, n in self.moved) + (self.lacks is None)


Step = tuple[Piece, FragmentRule, float]


def steps(piece: Piece, of: Skeleton, ring_share: float, least: float) -> Iterator[Step]:
    """Yield what a piece may become, by which rule and with which weight, as far as that is not rarer than ``least``."""
    atoms = piece.atoms
    for cut in of.cuts:
        if cut.rule.weight < least:
            break
        if atoms >> cut.inside & 1 and atoms >> cut.outside & 1:
            kept = atoms & cut.kept if not piece.joined else _side(piece, cut, of)
            if not kept >> cut.outside & 1:
                yield _kept(piece, kept, cut)
    for group in of.sets:
        if group.weight * ring_share < least:
            break
        if atoms & group.ring == group.ring:
            step, rule, weight = _kept(piece, atoms & group.kept, *group.cuts)
            yield step, rule, weight * ring_share
    yield from _opened(piece, of, least)
    for out, rule in of.losses:
        if rule.weight < least:
            break
        if atoms & out == out:
            yield from _without(piece, out, rule, of)


def _opened(piece: Piece, of: Skeleton, least: float) -> Iterator[Step]:
    """Yield the cuts of bonds that were in a ring, of which parts have left."""
    atoms = piece.atoms
    for cut in of.ring_cuts:
        if cut.rule.weight < least:
            break
        if atoms >> cut.inside & 1 and atoms >> cut.outside & 1 and not _closed(cut, atoms, of):
            kept = _side(piece, cut, of)
            if not kept >> cut.outside & 1:
                yield _kept(piece, kept, cut)


def _side(piece: Piece, cut: Cut, of: Skeleton) -> int:
    return of.reach(cut.inside, piece.atoms, piece.joined, (cut.inside, cut.outside))


def _closed(cut: Cut, atoms: int, of: Skeleton) -> bool:
    both = 1 << cut.inside | 1 << cut.outside
    return any(ring & both == both and atoms & ring == ring for ring in of.rings)


def _kept(piece: Piece, kept: int, *cuts: Cut) -> Step:
    """Return the piece that stays, its hydrogens set right cut by cut; weight 0 where the charge would have left with a radical."""
    moved = {i: n for i, n in piece.moved if kept >> i & 1}
    lacks, away = piece.lacks, piece.lacks is not None and not kept >> piece.lacks & 1
    weight = 1.0
    for cut in cuts:
        shift, inside = cut.rule.shift, cut.inside
        weight *= cut.rule.weight
        if shift < 0:
            if lacks is not None and not away:
                moved[lacks] = moved.get(lacks, 0) - 1
            lacks, away = inside, False
            shift += 1
        elif away:
            weight = weight if shift else 0.0
            lacks, away = None, False
        moved[inside] = moved.get(inside, 0) + shift
    joined = tuple(j for j in piece.joined if kept >> j[0] & 1 and kept >> j[1] & 1) if piece.joined else ()
    best = cuts[0].rule if len(cuts) == 1 else min((c.rule for c in cuts), key=lambda r: (-r.weight, r.id))
    return Piece(kept, lacks, _tidy(moved), joined), best, weight


def _tidy(moved: Mapping[int, int]) -> tuple[tuple[int, int], ...]:
    return tuple(sorted((i, n) for i, n in moved.items() if n))


def _without(piece: Piece, out: int, rule: FragmentRule, of: Skeleton) -> Iterator[Step]:
    """Yield a piece less some atoms, their neighbours joined; nothing where it would fall into other than the parts of the rule."""
    rest = piece.atoms & ~out
    ends = [i for i in of.around(out) if rest >> i & 1]
    ends += [b for a, b in (*piece.joined, *(j[::-1] for j in piece.joined)) if out >> a & 1 and rest >> b & 1]
    if len(ends) != rule.joins:
        return
    end = ends[0]
    joined = {j for j in piece.joined if not (out >> j[0] & 1 or out >> j[1] & 1)}
    if len(ends) == 2 and ends[0] != ends[1]:
        joined.add((min(ends), max(ends)))
    moved = {i: n for i, n in piece.moved if rest >> i & 1}
    given = sum(n for i, n in piece.moved if out >> i & 1) + rule.shift
    lacks = piece.lacks
    if lacks is not None and out >> lacks & 1:
        lacks = end if len(ends) == 1 else None
    if given < 0 and lacks is None:
        lacks, given = end, given + 1
    moved[end] = moved.get(end, 0) + given
    yield Piece(rest, lacks, _tidy(moved), tuple(sorted(joined))), rule, rule.weight
