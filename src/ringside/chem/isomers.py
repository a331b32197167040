"""Stereoisomers that an achiral column could tell apart, and slow rotamers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

from rdkit import Chem
from rdkit.Chem import rdCIPLabeler
from rdkit.Chem.EnumerateStereoisomers import EnumerateStereoisomers, StereoEnumerationOptions

from ringside.chem.features import pattern
from ringside.chem.molecule import canonical, mol

LIMIT = 16
_EXCHANGES = ("[CX3]=[NX2;!$(N-[#7,#8])]", "[CX3]=[NX3+]", "[NX3]-[CX3]=[CX3]-[CX3]=O", "[NX3]-[NX2]=O")
_ROTAMERS = (
    ("Boc", "[NX3;!$(N-C(=O)[#7])](-[#6;!$(C=O)])(-[#6;!$(C=O)])-C(=O)-O-C([CH3])([CH3])[CH3]"),
    ("Cbz", "[NX3](-[#6;!$(C=O)])(-[#6;!$(C=O)])-C(=O)-O-[CH2]-c1ccccc1"),
    ("carbamate", "[NX3](-[#6;!$(C=O)])(-[#6;!$(C=O)])-C(=O)-[OX2]-[#6]"),
    ("amide", "[NX3](-[#6;!$(C=O)])(-[#6;!$(C=O)])-[$([CX3;H1]=O),$([CX3](=O)-[#6])]"),
    ("nitrosamine", "[NX3](-[#6])(-[#6])-[NX2]=O"),
)


@dataclass(frozen=True, slots=True)
class Isomer:
    """One of several stereoisomers; a racemic pair counts once. ``interconverts``: it is no peak of its own."""

    smiles: str
    label: str
    interconverts: bool


@lru_cache(maxsize=16384)
def stereoisomers(smiles: str, limit: int = LIMIT) -> tuple[Isomer, ...]:
    """Return the isomers that a molecule with open stereocentres or double bonds stands for.

    Enantiomers are folded into one, meso forms are named; nitrogen is no stereocentre unless it is a quaternary ammonium
    ion or locked; centres that are written stay as they are. Imines, iminium ions, push-pull enaminones and nitrosamines
    turn over fast and are marked so.

    Args:
        smiles: Canonical SMILES.
        limit: Most isomers that are told apart.

    Returns:
        Sorted; empty when there is only one, or more than ``limit``.

    >>> [i.label for i in stereoisomers("CC1CNCC(C)N1")]
    ['meso, cis', 'trans']
    """
    options = StereoEnumerationOptions(onlyUnassigned=True, unique=True, maxIsomers=2 * limit + 1)
    found = sorted({_without_amines(m) for m in EnumerateStereoisomers(Chem.Mol(mol(smiles)), options=options)})
    if not 1 < len(found) <= 2 * limit:
        return ()
    folded: dict[str, str] = {}
    for one in found:
        folded.setdefault(min(one, _mirror(one)) if _mirror(one) in found else one, one)
    if not 1 < len(folded) <= limit:
        return ()
    exchanges = any(mol(smiles).HasSubstructMatch(pattern(p)) for p in _EXCHANGES) and not _open_centres(smiles)
    isomers = [Isomer(one, _label(one, smiles), exchanges) for one in sorted(folded)]
    return tuple(sorted(isomers, key=lambda i: (i.label, i.smiles)))


def rotamers(smiles: str) -> tuple[str, ...]:
    """Return notes on slow rotation about N-CO and N-NO bonds, where both places differ.

    >>> rotamers("CC(C)(C)OC(=O)N1CCCNCC1")
    ('Boc rotamers: two sets of NMR signals, one LC peak',)
    >>> rotamers("CC(C)(C)OC(=O)N1CCNCC1")
    ()
    """
    molecule = mol(smiles)
    ranks = list(Chem.CanonicalRankAtoms(molecule, breakTies=False))
    found: list[str] = []
    taken: set[int] = set()
    for name, smarts in _ROTAMERS:
        hits = [m for m in molecule.GetSubstructMatches(pattern(smarts)) if m[0] not in taken]
        taken |= {m[0] for m in hits}
        if any(ranks[m[1]] != ranks[m[2]] for m in hits):
            found.append(f"{name} rotamers: two sets of NMR signals, one LC peak")
    return tuple(found)


def _without_amines(molecule: Chem.Mol) -> str:
    """Return the canonical SMILES without stereo on neutral nitrogen."""
    for atom in molecule.GetAtoms():
        if atom.GetAtomicNum() == 7 and not atom.GetFormalCharge():
            atom.SetChiralTag(Chem.ChiralType.CHI_UNSPECIFIED)
    return canonical(Chem.MolToSmiles(molecule))


def _mirror(smiles: str) -> str:
    image = Chem.Mol(mol(smiles))
    for atom in image.GetAtoms():
        atom.InvertChirality()
    return canonical(Chem.MolToSmiles(image))


def _open_centres(smiles: str) -> list[int]:
    found = cast(Any, Chem).FindMolChiralCenters(
        Chem.Mol(mol(smiles)), includeUnassigned=True, useLegacyImplementation=False
    )
    return [i for i, tag in found if tag == "?"]


def _label(isomer: str, flat: str) -> str:
    molecule = Chem.Mol(mol(isomer))
    cast(Any, Chem).AssignStereochemistry(molecule, cleanIt=True, force=True)
    centres = cast(Any, Chem).FindMolChiralCenters(molecule, includeUnassigned=False, useLegacyImplementation=False)
    fixed = cast(Any, Chem).FindMolChiralCenters(Chem.Mol(mol(flat)), useLegacyImplementation=False)
    tags = [tag for _, tag in centres]
    parts: list[str] = []
    if len(centres) > 1 or fixed:
        mirrored = _mirror(isomer)
        meso = mirrored == isomer
        if meso:
            parts.append("meso")
        elif not fixed:
            tags = min(tags, [{"R": "S", "S": "R", "r": "r", "s": "s"}.get(t, t) for t in tags])
        side = _side(molecule, [i for i, _ in centres]) if len(centres) == 2 else ""
        star = "" if fixed else "*"
        if side or not meso:
            parts.append(side or f"({','.join(t + star for t in tags)})")
    rdCIPLabeler.AssignCIPLabels(molecule)
    parts += [bond.GetProp("_CIPCode") for bond in molecule.GetBonds() if bond.HasProp("_CIPCode")]
    return ", ".join(parts)


def _side(molecule: Chem.Mol, centres: list[int]) -> str:
    """Return cis or trans of two centres on one ring that carry one substituent and one hydrogen each."""
    rings = [set(ring) for ring in molecule.GetRingInfo().AtomRings() if set(centres) <= set(ring)]
    if len(rings) != 1 or any(molecule.GetAtomWithIdx(i).GetTotalNumHs() != 1 for i in centres):
        return ""
    outside = [
        [n.GetIdx() for n in molecule.GetAtomWithIdx(i).GetNeighbors() if n.GetIdx() not in rings[0]] for i in centres
    ]
    if any(len(o) != 1 for o in outside):
        return ""
    return "cis" if _same_face(molecule, sorted(rings[0]), centres, [o[0] for o in outside]) else "trans"


def _same_face(molecule: Chem.Mol, ring: list[int], centres: list[int], outside: list[int]) -> bool:
    """Say whether two substituents are on one face: the sense ring-next, ring-previous, substituent seen from hydrogen."""
    order = next(list(r) for r in molecule.GetRingInfo().AtomRings() if sorted(r) == ring)
    senses: list[int] = []
    for centre, out in zip(centres, outside, strict=True):
        at = order.index(centre)
        wanted = [order[at - 1], order[(at + 1) % len(order)], out]
        atom = molecule.GetAtomWithIdx(centre)
        given = [b.GetOtherAtomIdx(centre) for b in atom.GetBonds()]
        swaps = sum(wanted.index(a) > wanted.index(b) for i, a in enumerate(given) for b in given[i + 1 :])
        clockwise = atom.GetChiralTag() == Chem.ChiralType.CHI_TETRAHEDRAL_CW
        senses.append((swaps % 2) ^ int(clockwise))
    return senses[0] == senses[1]
