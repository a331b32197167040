"""Chains and rings too long to enumerate, lumped into one family that counts repeat units."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TypeVar

from ringside.chem.mass import charge, hill
from ringside.chem.molecule import mol
from ringside.network.nouns import FAMILY_PREFIX, Family, Reaction, Series

Key = TypeVar("Key", bound=tuple[object, ...])
OLIGOMER = f"{FAMILY_PREFIX}oligomer"


@dataclass(frozen=True, slots=True)
class Fold:
    """A reaction with one product too long to enumerate, and that product's residues of each seed."""

    reaction: Reaction
    product: str
    residues: Mapping[str, int]


def folded(
    folds: Sequence[Fold], compositions: Mapping[str, Mapping[str, int]], max_residues: int
) -> tuple[tuple[Family, ...], tuple[Reaction, ...]]:
    """Send reactions with too long a product to the lumped family; what leaves stays exact.

    The repeat unit is one residue of each seed that the chains are made of (A and B of A-A + B-B, the monomer of A-B).
    Its formula is the difference between enumerated species that are one repeat unit apart.

    Args:
        folds: What growth cut off.
        compositions: Residues of each seed in every species enumerated.
        max_residues: The longest chain enumerated, for the label.

    Returns:
        The family (none when nothing was cut off) and the reactions, whose ``units`` say how many repeat units the
        family takes up.
    """
    if not folds:
        return (), ()
    repeat = _commonest([_chain_seeds(fold.residues) for fold in folds])
    unit = _repeat_unit(repeat, compositions)
    text = hill(unit)
    label = f"longer chains and rings (more than {max_residues} repeat units)"
    series = _series(repeat, unit, compositions)
    ends = ", ".join(s.ends or "nothing (rings)" for s in series)
    units = {s: sum(held.get(seed, 0) for seed in repeat) / len(repeat) for s, held in sorted(compositions.items())}
    held_units = tuple((s, u) for s, u in units.items() if u > 0.0)
    family = Family(OLIGOMER, label, text, f"n x {text} + {ends or 'ends'}", series, held_units)
    return (family,), tuple(_sent(fold, repeat) for fold in folds)


def _series(
    repeat: tuple[str, ...], unit: Mapping[str, int], compositions: Mapping[str, Mapping[str, int]]
) -> tuple[Series, ...]:
    """Return the enumerated chains and rings, made of the repeated seeds alone, by what they hold beyond the unit.

    A series has a member of at least two units: what has only one is no chain. Rings come first.
    """
    found: dict[str, list[tuple[int, str]]] = {}
    for smiles, residues in sorted(compositions.items()):
        k = min((residues.get(seed, 0) for seed in repeat), default=0)
        if charge(smiles) or k == 0 or not set(residues) <= set(repeat):
            continue
        rest = Counter(dict(_elements(smiles)))
        rest.subtract({e: k * n for e, n in unit.items()})
        if all(n >= 0 for n in rest.values()):
            found.setdefault(hill(rest), []).append((k, smiles))
    kept = {ends: sorted(members) for ends, members in found.items() if max(k for k, _ in members) > 1}
    return tuple(Series(ends, tuple(kept[ends])) for ends in sorted(kept, key=lambda e: (e != "", len(e), e)))


def _sent(fold: Fold, repeat: tuple[str, ...]) -> Reaction:
    held = sum(fold.residues.get(smiles, 0) for smiles in repeat)
    products = list(fold.reaction.products)
    products[products.index(fold.product)] = OLIGOMER
    return replace(fold.reaction, products=tuple(sorted(products)), units=held / len(repeat))


def _chain_seeds(residues: Mapping[str, int]) -> tuple[str, ...]:
    """Return the seeds that a chain repeats: those at least twice in it, and half as often as the most frequent."""
    most = max(residues.values())
    return tuple(sorted(smiles for smiles, n in residues.items() if n >= max(2, most / 2)))


def _repeat_unit(repeat: tuple[str, ...], compositions: Mapping[str, Mapping[str, int]]) -> dict[str, int]:
    """Return the commonest difference in elements between neutral species that are one repeat unit apart."""
    by_residues: dict[tuple[tuple[str, int], ...], list[str]] = {}
    for smiles, residues in sorted(compositions.items()):
        if charge(smiles) == 0:
            by_residues.setdefault(tuple(sorted(residues.items())), []).append(smiles)
    differences: list[tuple[tuple[str, int], ...]] = []
    for key, shorter in by_residues.items():
        longer = dict(key)
        if not longer:
            continue
        for seed in repeat:
            longer[seed] = longer.get(seed, 0) + 1
        for other in by_residues.get(tuple(sorted(longer.items())), ()):
            for smiles in shorter:
                gain = Counter(dict(_elements(other)))
                gain.subtract(dict(_elements(smiles)))
                differences.append(tuple(sorted((e, n) for e, n in gain.items() if n)))
    sound = [d for d in differences if all(n > 0 for _, n in d)]
    if sound:
        return dict(_commonest(sound))
    whole: Counter[str] = Counter()
    for smiles in repeat:
        whole.update(dict(_elements(smiles)))
    return dict(whole)


def _commonest(items: Sequence[Key]) -> Key:
    return min(Counter(items).items(), key=lambda item: (-item[1], repr(item[0])))[0]


@lru_cache(maxsize=1 << 14)
def _elements(smiles: str) -> tuple[tuple[str, int], ...]:
    counts: Counter[str] = Counter()
    for atom in mol(smiles).GetAtoms():
        counts[atom.GetSymbol()] += 1
        counts["H"] += atom.GetTotalNumHs()
    return tuple(sorted(counts.items()))
