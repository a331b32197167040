"""Chains and rings too long to enumerate, lumped into one family that counts repeat units."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TypeVar

from ringside.chem.mass import charge
from ringside.chem.molecule import mol
from ringside.network.nouns import FAMILY_PREFIX, Family, Reaction

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
    text = _hill(_repeat_unit(repeat, compositions))
    label = f"longer chains and rings (more than {max_residues} repeat units)"
    family = Family(OLIGOMER, label, text, f"n x {text} + ends")
    return (family,), tuple(_sent(fold, repeat) for fold in folds)


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


def _hill(counts: Mapping[str, int]) -> str:
    """Write a formula: carbon, hydrogen, then the others by name (all by name without carbon)."""
    carbon = counts.get("C", 0) > 0
    order = sorted(counts, key=lambda e: (carbon and e != "C", carbon and e != "H", e))
    return "".join(f"{e}{counts[e] if counts[e] > 1 else ''}" for e in order if counts[e] > 0)
