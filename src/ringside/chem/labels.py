"""What a chemist would call a molecule, seen from the target."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from ringside.chem.features import has
from ringside.chem.mass import charge, formula, heavy_atoms, parse_formula
from ringside.chem.molecule import mol, without_stereo
from ringside.chem.names import CommonName, class_word, macrocycle, name_of, of_kind, read_names
from ringside.chem.substituents import by_substituent, differs, inside, one_step

__all__ = ["CommonName", "describe", "read_names"]

_MULTIPLES = ((2, "dimer"), (3, "trimer"), (4, "tetramer"))


def describe(
    smiles: str,
    target: str | None,
    reactants: Mapping[str, str] | Sequence[str] = (),
    names: tuple[CommonName, ...] = (),
) -> str:
    """Return a short name for a molecule, relative to the target and to what was charged.

    Everything it says is read from the structures; where nothing more telling is certain it gives formula and family.

    Args:
        smiles: Canonical SMILES.
        target: Canonical SMILES of the target, or None.
        reactants: Canonical SMILES of what was charged, with their names where they are known (those of single-atom
            ions are passed over: a salt has one name and several ions).
        names: Rows of common_names.csv.

    Returns:
        Such as "target", "over-alkylated: N,N'-dibenzyl", "14-membered cyclic dimer", "C7H13NO (alcohol)".
    """
    given = dict(reactants) if isinstance(reactants, Mapping) else dict.fromkeys(reactants, "")
    if smiles == target:
        return "target"
    known = name_of(smiles, names)
    if given.get(smiles) and not (known and heavy_atoms(smiles) == 1 and charge(smiles)):
        return given[smiles]
    if known:
        return known
    told = _beside_target(smiles, target, names) or _one_more(smiles, target, given) if target else None
    return told or _from_reactant(smiles, given, names) or _by_structure(smiles, names)


def _beside_target(smiles: str, target: str, names: tuple[CommonName, ...]) -> str | None:
    """Return what the molecule is to the target, if that is plain."""
    here, there = Counter(parse_formula(formula(smiles))), Counter(parse_formula(formula(target)))
    same_charge = charge(smiles) == charge(target)
    if same_charge and here == there:
        return _isomer(smiles, target, names)
    for times, word in _MULTIPLES:
        if same_charge and here == Counter({k: times * v for k, v in there.items()}):
            size = macrocycle(smiles)
            return f"{size}-membered cyclic {word}" if size else f"{word} of the target"
    return by_substituent(smiles, target, "target", names)


def _isomer(smiles: str, target: str, names: tuple[CommonName, ...]) -> str:
    if without_stereo(smiles) == without_stereo(target):
        return "stereoisomer of the target"
    mine, wanted = _ring_sizes(smiles), _ring_sizes(target)
    told = class_word(smiles, names)
    if told and told != class_word(target, names):
        return f"{told}, isomer of the target"
    if len(mine) < len(wanted):
        return "open-chain isomer of the target"
    if mine == wanted:
        alike = _nitrogens(smiles) == _nitrogens(target)
        return "regioisomer of the target" if alike else "isomer of the target"
    lost, gained = Counter(wanted) - Counter(mine), Counter(mine) - Counter(wanted)
    if sum(lost.values()) == sum(gained.values()) == 1:
        old, new = next(iter(lost)), next(iter(gained))
        return f"isomer of the target with a {new}-membered in place of the {old}-membered ring"
    return "isomer of the target"


def _one_more(smiles: str, target: str, given: Mapping[str, str]) -> str | None:
    """Return that the target took up another of a charged halide or aldehyde, if atoms and frame agree."""
    for reactant in sorted(given):
        gain = Counter(parse_formula(formula(reactant)))
        leaving = next((x for x in ("I", "Br", "Cl") if has(reactant, f"[{x}]-[CX4]")), None)
        if leaving:
            gain.subtract({leaving: 1, "H": 1})
        elif has(reactant, "[CX3;H1](=O)-[#6]"):
            gain.subtract({"O": 1})
        else:
            continue
        text = "".join(f"{k}{v}" for k, v in gain.items() if v > 0)
        if text and differs(smiles, target, text, 1) and inside(target, smiles):
            word = "quaternary ammonium" if charge(smiles) > charge(target) else "over-alkylated"
            return f"{word}: target and one more {given[reactant] or formula(reactant)}"
    return None


def _from_reactant(smiles: str, given: Mapping[str, str], names: tuple[CommonName, ...]) -> str | None:
    """Return how one step makes the molecule from something charged: hydrolysis, exchange, elimination, reduction."""
    for reactant in sorted(given):
        what = given[reactant] or name_of(reactant, names) or formula(reactant)
        for product, text in one_step(reactant):
            if product == smiles:
                return f"{text} {what}"
        told = by_substituent(smiles, reactant, what, names)
        if told and told.startswith((f"{what} with ", "quaternary ammonium from ")):
            return told
    return None


def _by_structure(smiles: str, names: tuple[CommonName, ...]) -> str:
    """Return ring size of a large ring, class and formula; failing these formula and family."""
    size = macrocycle(smiles)
    word = class_word(smiles, names)
    told = ", ".join(part for part in (f"{size}-membered ring" if size else "", word or "") if part)
    if told:
        return f"{told} ({formula(smiles)})"
    family = next((n.name for n in of_kind(names, "family") if has(smiles, n.pattern)), None)
    return f"{formula(smiles)} ({family})" if family else formula(smiles)


def _ring_sizes(smiles: str) -> tuple[int, ...]:
    return tuple(sorted(len(ring) for ring in mol(smiles).GetRingInfo().AtomRings()))


def _nitrogens(smiles: str) -> Counter[tuple[int, int]]:
    return Counter((a.GetTotalNumHs(), int(a.GetIsAromatic())) for a in mol(smiles).GetAtoms() if a.GetAtomicNum() == 7)
