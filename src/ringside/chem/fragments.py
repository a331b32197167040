"""What ions a molecule gives when its [M+H]+, M+ or [2M+H]+ is broken."""

from __future__ import annotations

import heapq
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from scipy.constants import physical_constants

from ringside.chem.breaking import Piece, steps
from ringside.chem.fragment_rules import FragmentRule, FragmentRules
from ringside.chem.mass import charge, exact_formula_mass, formula, hill, parse_formula
from ringside.chem.molecule import mol
from ringside.chem.skeleton import Skeleton
from ringside.units import Mz

IonKind = Literal["single", "dimer", "quaternary"]
_ELECTRON = physical_constants["electron mass in u"][0]
HALVES = "dimer-falls-apart"
FREE = {"C": 2, "Si": 2, "N": 1, "P": 1, "B": 1, "F": -1, "Cl": -1, "Br": -1, "I": -1}  # bonds beyond two
Path = tuple[tuple[FragmentRule, str], ...]


@dataclass(frozen=True, slots=True)
class Fragment:
    """One ion that a molecule may give.

    ``formula`` is that of the ion without its charge, ``lost`` the formulas of the neutrals on the way to it, one for each generation: together
    they make up the precursor. ``rule`` is the id of the last step. ``weight`` is the share of the intensity that the rules give it.
    """

    mz: Mz
    formula: str
    label: str
    rule: str
    generation: int
    weight: float
    lost: tuple[str, ...]


@lru_cache(maxsize=16384)
def fragments_of(smiles: str, kind: IonKind, rules: FragmentRules) -> tuple[Fragment, ...]:
    """Return the ions that a molecule gives in MS/MS, largest share first.

    The easiest pieces are broken first, over a few generations, until the limits of the table are met. Every fragment balances: its formula and the
    formulas lost make up the precursor. [2M+H]+ falls apart into [M+H]+ and M, and that [M+H]+ breaks on.

    Args:
        smiles: Canonical SMILES of one component.
        kind: "single" for [M+H]+, "dimer" for [2M+H]+ (both of neutral molecules), "quaternary" for the M+ of a permanent cation.
        rules: How ions break.

    Returns:
        Fragments whose weights sum to 1; none where the charge of the molecule does not suit the kind, or isotopes are labelled.

    Raises:
        BadInput: If the SMILES does not parse.
    """
    labelled = any(a.GetIsotope() for a in mol(smiles).GetAtoms())
    if charge(smiles) != (1 if kind == "quaternary" else 0) or labelled or not rules.rules:
        return ()
    if kind == "dimer":
        return _halves(smiles, rules)
    of = Skeleton(smiles, rules)
    best = _search(of, rules)
    ways_to: dict[str, list[tuple[float, Path]]] = {}
    mz: dict[str, Mz] = {}
    name = "M" if kind == "quaternary" else "M+H"
    for piece, (weight, path) in best.items():
        if path:
            counts = of.counts(piece.atoms, piece.gained)
            text = hill(counts)
            mz[text] = _mass(counts) - _ELECTRON
            ways_to.setdefault(text, []).append((weight, path))
    whole = sum(weight for ways in ways_to.values() for weight, _ in ways)
    found: list[Fragment] = []
    for text, ways in ways_to.items():
        _, path = min(ways, key=_order)
        rule, lost = path[-1][0], tuple(part for _, part in path)
        label = f"[{name}{''.join(f'-{part}' for part in lost)}]+ {rule.text}"
        share = sum(weight for weight, _ in ways) / whole
        found.append(Fragment(mz[text], text, label, rule.id, len(path), share, lost))
    return tuple(sorted(found, key=lambda f: (-f.weight, f.mz, f.formula)))


def _order(way: tuple[float, Path]) -> tuple[float, int, tuple[tuple[str, str], ...]]:
    return -way[0], len(way[1]), tuple((rule.id, lost) for rule, lost in way[1])


def _halves(smiles: str, rules: FragmentRules) -> tuple[Fragment, ...]:
    """Return what [2M+H]+ gives: [M+H]+, and what that gives, one generation later."""
    own = formula(smiles)
    counts = dict(parse_formula(own))
    counts["H"] = counts.get("H", 0) + 1
    text, share = hill(counts), rules.constants["dimer_half"]
    half = Fragment(_mass(counts) - _ELECTRON, text, "[M+H]+ half of the dimer", HALVES, 1, share, (own,))
    on = (
        Fragment(f.mz, f.formula, f.label, f.rule, f.generation + 1, f.weight * (1.0 - share), (own, *f.lost))
        for f in fragments_of(smiles, "single", rules)
    )
    return (half, *on)


def _possible(ion: Mapping[str, int], lost: Mapping[str, int]) -> bool:
    """Say whether no atom of ion and neutral has more hydrogens than it can bind, and the neutral is no carbene."""
    if not (_bound(ion, 3) and _bound(lost, 2)):
        return False
    return lost.get("C", 0) != 1 or lost["H"] > 2 or sum(lost.values()) > lost["H"] + 1


def _bound(counts: Mapping[str, int], ends: int) -> bool:
    room = ends - counts["H"]
    if counts["H"] < 0:
        return False
    for element, n in counts.items():
        room += n * FREE.get(element, 0)
    return room >= 0


@lru_cache(maxsize=128)
def _atom_mass(symbol: str) -> float:
    return exact_formula_mass(symbol)


def _mass(counts: Mapping[str, int]) -> float:
    return sum(n * _atom_mass(symbol) for symbol, n in counts.items() if n)


def _search(of: Skeleton, rules: FragmentRules) -> dict[Piece, tuple[float, Path]]:
    """Return the best way to each piece as (weight, steps with what each lost), the easiest first."""
    most, least = int(rules.constants["most_broken"]), rules.constants["least_weight"]
    generations, ring_share = int(rules.constants["generations"]), rules.constants["ring_share"]
    later, lightest = rules.constants["later_generation"], rules.constants["least_mz"]
    start = Piece(of.whole, of.cation)
    best: dict[Piece, tuple[float, Path]] = {start: (1.0, ())}
    heap: list[tuple[float, int, Piece]] = [(-1.0, 0, start)]
    done: set[Piece] = set()
    count = 0
    while heap and len(done) < most:
        _, _, piece = heapq.heappop(heap)
        if piece in done:
            continue
        done.add(piece)
        weight, path = best[piece]
        if len(path) >= generations:
            continue
        so_far = weight * (later if path else 1.0)
        for step, rule, part in steps(piece, of, ring_share, least / so_far):
            then = so_far * part
            if then < least or (step in best and best[step][0] >= then):
                continue
            ion = of.counts(step.atoms, step.gained)
            if _mass(ion) < lightest:
                continue
            lost = of.counts(piece.atoms & ~step.atoms, piece.gained - step.gained)
            if not _possible(ion, lost):
                continue
            best[step] = (then, (*path, (rule, hill(lost))))
            count += 1
            heapq.heappush(heap, (-then, count, step))
    return best
