"""Wrong structures of the same formula: a molecule with some bonds moved."""

import random
import zlib

from rdkit import Chem

from ringside.chem.mass import formula
from ringside.chem.molecule import canonical, is_valid, mol

MOVES = (1, 2, 3)
MOST_TRIES = 4000
SMALL_RING = 5


def decoys(smiles: str, number: int) -> list[str]:
    """Return isomers of a molecule, made by moving one to three groups or bonds; always the same for the same molecule.

    Groups move to other atoms with hydrogen, pairs of single bonds change partners, and neighbouring atoms of a ring swap places. Rings of
    three and four that the molecule does not have are left out.
    """
    own = canonical(Chem.MolToSmiles(mol(smiles), isomericSmiles=False))
    chance = random.Random(zlib.crc32(own.encode()))
    found: list[str] = []
    for _ in range(MOST_TRIES):
        if len(found) == number:
            break
        text = own
        for _ in range(chance.choice(MOVES)):
            text = _moved(text, chance) or text
        if text not in {own, *found} and formula(text) == formula(own) and _small(text) <= _small(own):
            found.append(text)
    return found


def _small(smiles: str) -> int:
    return sum(len(r) < SMALL_RING for r in mol(smiles).GetRingInfo().AtomRings())


def _moved(smiles: str, chance: random.Random) -> str | None:
    """Return a molecule with one thing moved; None where the move makes no molecule."""
    made = Chem.RWMol(mol(smiles))
    single = [b for b in made.GetBonds() if b.GetBondType() == Chem.BondType.SINGLE]
    kind = chance.choice(("group", "group", "bonds", "atoms"))
    if kind == "atoms":
        bond = chance.choice(list(made.GetBonds()))
        a, b = bond.GetBeginAtom(), bond.GetEndAtom()
        if not bond.IsInRing() or a.GetAtomicNum() == b.GetAtomicNum() or a.GetFormalCharge() or b.GetFormalCharge():
            return None
        one, other = a.GetAtomicNum(), b.GetAtomicNum()
        for atom, number in ((a, other), (b, one)):
            atom.SetAtomicNum(number)
            atom.SetNoImplicit(False)
            atom.SetNumExplicitHs(0)
    elif kind == "group":
        bond = chance.choice(single)
        ends = [bond.GetBeginAtomIdx(), bond.GetEndAtomIdx()]
        chance.shuffle(ends)
        homes = [a.GetIdx() for a in made.GetAtoms() if a.GetTotalNumHs() and a.GetIdx() not in ends]
        if bond.IsInRing() or not homes:
            return None
        home = chance.choice(homes)
        if made.GetBondBetweenAtoms(ends[1], home):
            return None
        made.RemoveBond(*ends)
        made.AddBond(ends[1], home, Chem.BondType.SINGLE)
        for i in (ends[0], home):
            made.GetAtomWithIdx(i).SetNoImplicit(False)
            made.GetAtomWithIdx(i).SetNumExplicitHs(0)
        if made.GetAtomWithIdx(ends[0]).GetIsAromatic() and made.GetAtomWithIdx(ends[0]).GetAtomicNum() == 7:
            made.GetAtomWithIdx(ends[0]).SetNumExplicitHs(1)
    else:
        one, two = chance.choice(single), chance.choice(single)
        a, b, c, d = one.GetBeginAtomIdx(), one.GetEndAtomIdx(), two.GetBeginAtomIdx(), two.GetEndAtomIdx()
        if len({a, b, c, d}) < 4 or made.GetBondBetweenAtoms(a, d) or made.GetBondBetweenAtoms(c, b):
            return None
        made.RemoveBond(a, b)
        made.RemoveBond(c, d)
        made.AddBond(a, d, Chem.BondType.SINGLE)
        made.AddBond(c, b, Chem.BondType.SINGLE)
    try:
        Chem.SanitizeMol(made)
    except (ValueError, RuntimeError):
        return None
    text = Chem.MolToSmiles(made)
    return canonical(text) if "." not in text and is_valid(text) else None
