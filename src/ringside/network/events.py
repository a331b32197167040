"""One event: the reactants edited at one place, checked, and taken apart into products."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, TypeAlias

from rdkit import Chem

from ringside.chem.molecule import canonical, mol
from ringside.errors import BadInput
from ringside.network.template import ELECTROPHILE, NUCLEOPHILE, Template

Refusal = Literal[
    "does not balance", "makes an impossible molecule", "changes nothing", "closes no ring of these sizes"
]
UNBALANCED: Refusal = "does not balance"
IMPOSSIBLE: Refusal = "makes an impossible molecule"
IDLE: Refusal = "changes nothing"
NO_RING: Refusal = "closes no ring of these sizes"
PROTON = "[H+]"
HYDROGEN = "[H][H]"
_STEREO = frozenset("@/\\:")


_Part: TypeAlias = tuple[str, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Products:
    """What an event gives.

    ``smiles``: products, sorted. ``origins``: for each product, the atom of the joined reactants (second after first)
    that each of its atoms was (-1 for a proton or hydrogen set free). ``ring``: size of the ring closed between atoms 1 and 2.
    """

    smiles: tuple[str, ...]
    origins: tuple[tuple[int, ...], ...]
    ring: int | None


def react(
    template: Template,
    reactants: Sequence[str],
    atoms: Mapping[int, int],
    rings: tuple[int, int] | None,
    *,
    rough: bool = False,
) -> Products | Refusal:
    """Carry out a template at one place.

    Args:
        template: The edits.
        reactants: Canonical SMILES, one or two.
        atoms: Map number to atom index in the joined reactants (the second molecule's atoms follow the first's).
        rings: Ring sizes allowed to a join of atoms 1 and 2 within one molecule; None allows any.
        rough: Leave the SMILES of the largest product as it comes, which is faster; for what will be lumped.

    Returns:
        The products, or why there are none.
    """
    two = len(reactants) == 2 and template.hydrogens >= 0
    work = Chem.RWMol(_joined(reactants[0], reactants[1]) if two else mol(reactants[0]))
    touched = _touched(template, atoms)
    before = _hydrogens_and_charge(work, touched)
    if not _edit(work, template, atoms, touched):
        return IMPOSSIBLE
    if Chem.SanitizeMol(work, catchErrors=True) != Chem.SanitizeFlags.SANITIZE_NONE:
        return IMPOSSIBLE
    hydrogens, charge = _hydrogens_and_charge(work, touched)
    if (hydrogens + template.protons + 2 * template.hydrogens, charge + template.protons) != before:
        return UNBALANCED
    ring = _ring(work, template, atoms) if len(reactants) == 1 else None
    if rings is not None and template.joins and (ring is None or not rings[0] <= ring <= rings[1]):
        return NO_RING
    return _taken_apart(work, tuple(sorted(reactants)), ring, _set_free(template), rough=rough)


@lru_cache(maxsize=4096)
def _joined(first: str, second: str) -> Chem.Mol:
    return Chem.CombineMols(mol(first), mol(second))


@lru_cache(maxsize=4096)
def _changed_maps(template: Template) -> tuple[int, ...]:
    bonds = {n for edit in template.bonds for n in (edit.first, edit.second)}
    return tuple(sorted(bonds | {edit.map_number for edit in template.atoms}))


def _touched(template: Template, atoms: Mapping[int, int]) -> tuple[int, ...]:
    return tuple(atoms[number] for number in _changed_maps(template))


def _hydrogens_and_charge(work: Chem.RWMol, touched: Sequence[int]) -> tuple[int, int]:
    """Count what an edit could lose: no other atom can change, and heavy atoms stay by construction."""
    found = [work.GetAtomWithIdx(i) for i in touched]
    return sum(a.GetTotalNumHs() for a in found), sum(a.GetFormalCharge() for a in found)


def _edit(work: Chem.RWMol, template: Template, atoms: Mapping[int, int], touched: Sequence[int]) -> bool:
    """Carry out all edits in place; False when a bond to be made is there already."""
    stereo = {i: _neighbours(work, i) for i in touched if work.GetAtomWithIdx(i).GetChiralTag()}
    for i in touched:
        for bond in work.GetAtomWithIdx(i).GetBonds():
            if bond.GetStereo() != Chem.BondStereo.STEREONONE:
                bond.SetStereo(Chem.BondStereo.STEREONONE)
    for edit in template.bonds:
        a, b = atoms[edit.first], atoms[edit.second]
        if edit.order is None:
            work.RemoveBond(a, b)
        elif not edit.made:
            bond = work.GetBondBetweenAtoms(a, b)
            bond.SetBondType(edit.order)
            bond.SetIsAromatic(edit.order == Chem.BondType.AROMATIC)
        elif b in _neighbours(work, a):
            return False
        else:
            work.AddBond(a, b, edit.order)
    said = {atoms[edit.map_number]: edit for edit in template.atoms}
    for i in touched:
        atom = work.GetAtomWithIdx(i)
        edit = said.get(i)
        hydrogens = edit.hydrogens if edit else None
        if edit and edit.charge is not None:
            atom.SetFormalCharge(edit.charge)
        atom.SetNumExplicitHs(hydrogens or 0)
        atom.SetNoImplicit(hydrogens is not None)
        if atom.GetIsAromatic() or any(bond.GetIsAromatic() for bond in atom.GetBonds()):
            atom.SetIsAromatic(any(bond.GetIsAromatic() for bond in atom.GetBonds()))
    for i, old in stereo.items():
        _carry_stereo(work.GetAtomWithIdx(i), old, _neighbours(work, i), said[i].inversion if i in said else 0)
    return True


def _neighbours(work: Chem.RWMol, index: int) -> list[int]:
    return [bond.GetOtherAtomIdx(index) for bond in work.GetAtomWithIdx(index).GetBonds()]


def _carry_stereo(atom: Chem.Atom, old: list[int], new: list[int], inversion: int) -> None:
    """Keep a stereocentre whose one neighbour was replaced (inverted when the template says so), else drop it."""
    lost, gained = set(old) - set(new), set(new) - set(old)
    if len(lost) != len(gained) or len(lost) > 1 or inversion > 1:
        atom.SetChiralTag(Chem.ChiralType.CHI_UNSPECIFIED)
        return
    image = [next(iter(gained)) if n in lost else n for n in old]
    if _odd([image.index(n) for n in new]) != (inversion == 1):
        atom.InvertChirality()


def _odd(order: list[int]) -> bool:
    """Say whether a permutation is odd."""
    return sum(a > b for i, a in enumerate(order) for b in order[i + 1 :]) % 2 == 1


def _ring(work: Chem.RWMol, template: Template, atoms: Mapping[int, int]) -> int | None:
    if not template.joins:
        return None
    bond = work.GetBondBetweenAtoms(atoms[NUCLEOPHILE], atoms[ELECTROPHILE])
    return int(work.GetRingInfo().MinBondRingSize(bond.GetIdx())) or None


def _set_free(template: Template) -> list[_Part]:
    return [(PROTON, (-1,))] * template.protons + [(HYDROGEN, (-1, -1))] * template.hydrogens


def _taken_apart(
    work: Chem.RWMol, reactants: tuple[str, ...], ring: int | None, free: list[_Part], *, rough: bool
) -> Products | Refusal:
    text = Chem.MolToSmiles(work)
    order = [int(i) for i in work.GetProp("_smilesAtomOutputOrder")[1:-1].split(",") if i]
    sizes = {i: len(fragment) for fragment in Chem.GetMolFrags(work) for i in fragment}
    largest = max(sizes.values())
    parts = list(free)
    start = 0
    for piece in text.split("."):
        here = order[start : start + sizes[order[start]]]
        start += len(here)
        if rough and len(here) == largest:
            parts.append((piece, tuple(here)))
            continue
        try:
            smiles, renumbering = _settled(piece)
        except BadInput:
            return IMPOSSIBLE
        parts.append((smiles, tuple(here[i] for i in renumbering)))
    parts.sort()
    products = tuple(smiles for smiles, _ in parts)
    if products == reactants:
        return IDLE
    return Products(products, tuple(origin for _, origin in parts), ring)


@lru_cache(maxsize=1 << 16)
def _settled(piece: str) -> tuple[str, tuple[int, ...]]:
    """Return the canonical SMILES of a fragment, and which atom of the fragment each of its atoms was."""
    parsed = Chem.MolFromSmiles(piece)
    if parsed and not _STEREO.intersection(piece) and Chem.MolToSmiles(parsed) == piece:
        return piece, tuple(range(parsed.GetNumAtoms()))
    smiles = canonical(piece)
    final = mol(smiles)
    return smiles, tuple(mol(piece).GetSubstructMatch(final))
