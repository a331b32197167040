"""Molecules that differ by a substituent on nitrogen, or by one simple step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, cast

from rdkit import Chem

from ringside.chem.features import pattern
from ringside.chem.mass import charge, formula, parse_formula
from ringside.chem.molecule import canonical, mol
from ringside.chem.names import CommonName, of_kind

_TIMES = {2: "di", 3: "tri", 4: "tetra", 5: "penta", 6: "hexa"}
_LEAVING = "[Cl,Br,I;$(*-[CX4])]"


def by_substituent(smiles: str, other: str, what: str, names: tuple[CommonName, ...]) -> str | None:
    """Return which substituents on nitrogen the molecule has more or fewer of than another, called ``what``."""
    for row in of_kind(names, "substituent"):
        mine, wanted = _carriers(smiles, row.pattern), _carriers(other, row.pattern)
        more = len(mine) - len(wanted)
        if more > 0 and differs(smiles, other, row.gain, more) and inside(other, smiles):
            if charge(smiles) > charge(other):
                origin = "" if what == "target" else f" from {what}"
                return f"quaternary ammonium{origin}: {_counted(mine, row.name)}"
            if not wanted:
                return f"{what} with {_counted(mine, row.name)}"
            over = "over-alkylated" if _is_alkyl(smiles, row.pattern) else f"one {row.name} too many"
            return f"{over}: {_counted(mine, row.name)}"
        if more < 0 and differs(other, smiles, row.gain, -more) and inside(smiles, other):
            return f"{what} without {row.name}" if len(wanted) == 1 else f"{what} with less {row.name}"
    return None


def _counted(carriers: Sequence[int], name: str) -> str:
    """Return "N-benzyl", "N,N'-dibenzyl" (on two nitrogens), "N,N-dibenzyl" (on one), or "tribenzyl"."""
    n = len(carriers)
    if n == 1:
        return f"N-{name}"
    joint = "-" if name[:1].isupper() or name[:1].isdigit() else ""
    word = f"{_TIMES.get(n, str(n))}{joint}{name}"
    if n == 2:
        return f"N,N'-{word}" if len(set(carriers)) == 2 else f"N,N-{word}"
    return word


def _carriers(smiles: str, smarts: str) -> tuple[int, ...]:
    """Return the nitrogens that carry a substituent, once for each time they do."""
    found = mol(smiles).GetSubstructMatches(pattern(smarts), uniquify=False)
    return tuple(n for n, _ in sorted({(match[0], match[1]) for match in found}))


def _is_alkyl(smiles: str, smarts: str) -> bool:
    """Say whether the first atom of a substituent is sp3 carbon."""
    molecule = mol(smiles)
    found = molecule.GetSubstructMatches(pattern(smarts), uniquify=False)
    return any(molecule.GetAtomWithIdx(m[1]).GetHybridization() == Chem.HybridizationType.SP3 for m in found)


def differs(larger: str, smaller: str, gain: str, times: int) -> bool:
    """Say whether the larger molecule is the smaller one with so many N-H turned into N-R, or quaternised."""
    wanted = Counter(parse_formula(formula(smaller)))
    for _ in range(times):
        wanted.update(parse_formula(gain))
    wanted["H"] += charge(larger) - charge(smaller)
    return wanted == Counter(parse_formula(formula(larger)))


def inside(part: str, whole: str) -> bool:
    """Say whether the heavy atoms of one molecule are found, bonded alike, in another."""
    query = Chem.RWMol(mol(part))
    for atom in query.GetAtoms():
        atom.SetFormalCharge(0)
        atom.SetNoImplicit(False)
        atom.SetNumExplicitHs(0)
        atom.SetChiralTag(Chem.ChiralType.CHI_UNSPECIFIED)
    return bool(mol(whole).HasSubstructMatch(query))


@lru_cache(maxsize=1024)
def one_step(smiles: str) -> tuple[tuple[str, str], ...]:
    """Return (product, words) of simple changes to one molecule, each worked out on the structure."""
    found: list[tuple[str, str]] = []
    molecule = mol(smiles)
    for (i,) in molecule.GetSubstructMatches(pattern(_LEAVING)):
        for number, text in ((8, "alcohol from"), (17, "chloride from"), (35, "bromide from"), (53, "iodide from")):
            if number != molecule.GetAtomWithIdx(i).GetAtomicNum():
                changed = Chem.RWMol(molecule)
                changed.GetAtomWithIdx(i).SetAtomicNum(number)
                found.append((_text(changed), text))
    for halogen, first, second in molecule.GetSubstructMatches(pattern("[Cl,Br,I]-[CX4]-[CX4;!H0]"), uniquify=False):
        changed = Chem.RWMol(molecule)
        changed.GetBondBetweenAtoms(first, second).SetBondType(Chem.BondType.DOUBLE)
        changed.RemoveAtom(halogen)
        found.append((_text(changed), "alkene by elimination from"))
    for carbon, oxygen in molecule.GetSubstructMatches(pattern("[CX3;H1,H2,$(C([#6])[#6])]=[OX1]")):
        changed = Chem.RWMol(molecule)
        changed.GetBondBetweenAtoms(carbon, oxygen).SetBondType(Chem.BondType.SINGLE)
        found.append((_text(changed), "alcohol by reduction of"))
    for (carbon,) in molecule.GetSubstructMatches(pattern("[CX3;H1;$(C(=O)[#6])]")):
        changed = Chem.RWMol(molecule)
        oxygen = changed.AddAtom(Chem.Atom(8))
        changed.AddBond(carbon, oxygen, Chem.BondType.SINGLE)
        found.append((_text(changed), "acid by oxidation of"))
    return tuple(found)


def _text(changed: Chem.RWMol) -> str:
    for atom in changed.GetAtoms():
        if atom.GetNoImplicit() and not atom.GetFormalCharge():
            atom.SetNoImplicit(False)
            atom.SetNumExplicitHs(0)
    cast(Any, Chem).SanitizeMol(changed)
    return canonical(Chem.MolToSmiles(changed))
