"""Reaction SMARTS, compiled to a list of edits.

Products are made by editing the reactants in place, so no atom can be lost or doubled, whichever bond is cut.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, cast

from rdkit import Chem
from rdkit.Chem.rdChemReactions import ChemicalReaction, ReactionFromSmarts

from ringside.errors import BadKnowledge, Complaint

NUCLEOPHILE, ELECTROPHILE = 1, 2
INVERTS, KEEPS = 1, 2


@dataclass(frozen=True, slots=True)
class BondEdit:
    """A bond between two mapped atoms that is made, cut (``order`` None) or changed."""

    first: int
    second: int
    order: Chem.BondType | None
    made: bool


@dataclass(frozen=True, slots=True)
class AtomEdit:
    """What a template says of one atom: new charge and hydrogen count (None: as valence asks), and its stereo flag."""

    map_number: int
    charge: int | None
    hydrogens: int | None
    inversion: int


@dataclass(frozen=True, slots=True)
class Side:
    """One reactant template: query, and the map number of each of its atoms; ``centre`` indexes those that change."""

    text: str
    maps: tuple[int, ...]
    centre: tuple[int, ...]
    query: Chem.Mol = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True, eq=False)
class Template:
    """A compiled reaction SMARTS.

    ``joins``: it makes a bond between atoms 1 and 2. ``protons``: it sets free so many [H+], ``hydrogens``: so many
    molecules of hydrogen gas (-1: it takes one up, which then is the second reactant).
    """

    sides: tuple[Side, ...]
    bonds: tuple[BondEdit, ...]
    atoms: tuple[AtomEdit, ...]
    joins: bool
    protons: int = 0
    hydrogens: int = 0

    @property
    def patterns(self) -> tuple[Chem.Mol, ...]:
        """Return the queries of the reactants."""
        return tuple(side.query for side in self.sides)


@lru_cache(maxsize=4096)
def compile_template(smarts: str) -> Template:
    """Compile a reaction SMARTS.

    Every atom must carry a map number, and every number must stand once on either side: what is not in the template
    stays as it is. Charges that the product side leaves out are kept, hydrogen counts that it leaves out are what
    valence asks. The products without a map are a proton set free, ``[H+]`` (an amine that attacks a cation is then
    written neutral, as amines are everywhere), and hydrogen gas, ``[H][H]``. Hydrogen gas may also stand as the
    second reactant, without a map: the atoms that change take its two hydrogens, as valence asks.

    Args:
        smarts: One or two reactant templates, any number of products, no agents.

    Returns:
        The edits.

    Raises:
        BadKnowledge: If it does not parse, has another number of reactants, or its maps do not balance.
    """
    reaction = _parsed(smarts)
    reactants, products = list(reaction.GetReactants()), list(reaction.GetProducts())
    if not 1 <= len(reactants) <= 2:
        raise _bad("a rule takes one or two reactants", str(len(reactants)), "1 or 2 templates before >>")
    protons = [template for template in products if _is_proton(template)]
    gas = [template for template in products if _is_hydrogen(template)]
    products = [template for template in products if not (_is_proton(template) or _is_hydrogen(template))]
    taken = sum(_is_hydrogen(template) for template in reactants[1:])
    before = _maps([t for t in reactants if not _is_hydrogen(t)], "before >>")
    after = _maps(products, "after >>")
    if sorted(before) != sorted(after):
        odd = sorted(set(before) ^ set(after))
        raise _bad("mapped atoms differ between the two sides, so the rule cannot balance", f"maps {odd}")
    atoms = tuple(edit for number in sorted(after) if (edit := _atom_edit(number, before[number], after[number])))
    bonds = _bond_edits(_bonds(reactants), _bonds(products), after)
    if not (atoms or bonds):
        raise _bad("the rule changes nothing", smarts)
    changed = {edit.map_number for edit in atoms} | {n for edit in bonds for n in (edit.first, edit.second)}
    joins = any(edit.made and (edit.first, edit.second) == (NUCLEOPHILE, ELECTROPHILE) for edit in bonds)
    sides = tuple(_side(query, changed) for query in reactants)
    return Template(sides, bonds, atoms, joins, len(protons), len(gas) - taken)


def _is_proton(template: Chem.Mol) -> bool:
    if template.GetNumAtoms() != 1:
        return False
    atom = template.GetAtomWithIdx(0)
    return (atom.GetAtomicNum(), atom.GetFormalCharge(), atom.GetAtomMapNum()) == (1, 1, 0)


def _is_hydrogen(template: Chem.Mol) -> bool:
    found = [(a.GetAtomicNum(), a.GetFormalCharge(), a.GetAtomMapNum()) for a in template.GetAtoms()]
    return found == [(1, 0, 0), (1, 0, 0)]


def _bad(text: str, value: str, limit: str = "") -> BadKnowledge:
    return BadKnowledge(Complaint("bad-smarts", text, field="smarts", value=value, limit=limit))


def _parsed(smarts: str) -> ChemicalReaction:
    try:
        reaction = ReactionFromSmarts(smarts)
        reaction.Initialize()
    except (ValueError, RuntimeError) as fault:
        raise _bad("this reaction SMARTS cannot be read", smarts, "REACTANTS>>PRODUCTS") from fault
    return reaction


def _maps(templates: Sequence[Chem.Mol], where: str) -> dict[int, Chem.Atom]:
    found: dict[int, Chem.Atom] = {}
    for template in templates:
        for atom in template.GetAtoms():
            number = atom.GetAtomMapNum()
            if not number:
                raise _bad(f"an atom {where} has no map number", atom.GetSmarts(), "every atom mapped, as in [C:2]")
            if number in found:
                raise _bad(f"a map number stands twice {where}", str(number), "each number once")
            found[number] = atom
    return found


def _atom_edit(number: int, before: Chem.Atom, after: Chem.Atom) -> AtomEdit | None:
    charge = after.GetIntProp("_QueryFormalCharge") if after.HasProp("_QueryFormalCharge") else None
    hydrogens = after.GetIntProp("_QueryHCount") if after.HasProp("_QueryHCount") else None
    inversion = after.GetIntProp("molInversionFlag") if after.HasProp("molInversionFlag") else 0
    if inversion == KEEPS:
        inversion = 0
    if before.GetAtomicNum() and after.GetAtomicNum() and before.GetAtomicNum() != after.GetAtomicNum():
        raise _bad("an atom changes its element", f"map {number}")
    if charge is None and hydrogens is None and not inversion:
        return None
    return AtomEdit(number, charge, hydrogens, inversion)


def _bonds(templates: Sequence[Chem.Mol]) -> dict[tuple[int, int], Chem.Bond]:
    found: dict[tuple[int, int], Chem.Bond] = {}
    for template in templates:
        for bond in template.GetBonds():
            ends = sorted((bond.GetBeginAtom().GetAtomMapNum(), bond.GetEndAtom().GetAtomMapNum()))
            if ends[0]:
                found[ends[0], ends[1]] = bond
    return found


def _bond_edits(
    before: dict[tuple[int, int], Chem.Bond], after: dict[tuple[int, int], Chem.Bond], atoms: dict[int, Chem.Atom]
) -> tuple[BondEdit, ...]:
    edits = [BondEdit(a, b, None, made=False) for a, b in sorted(before.keys() - after.keys())]
    for a, b in sorted(after):
        old, new = before.get((a, b)), after[a, b]
        order = new.GetBondType()
        loose = _text(new) == "" and atoms[a].GetIsAromatic() and atoms[b].GetIsAromatic()
        if old is None:
            made = Chem.BondType.SINGLE if order == Chem.BondType.UNSPECIFIED else order
            edits.append(BondEdit(a, b, made, made=True))
        elif not (_text(new) in ("~", _text(old)) or loose):
            edits.append(BondEdit(a, b, order, made=False))
    return tuple(edits)


def _text(bond: Chem.Bond) -> str:
    return str(cast("Any", bond).GetSmarts())


def _side(query: Chem.Mol, changed: set[int]) -> Side:
    maps = tuple(atom.GetAtomMapNum() for atom in query.GetAtoms())
    numbered = sorted(range(len(maps)), key=lambda i: maps[i])
    return Side(Chem.MolToSmarts(query), maps, tuple(i for i in numbered if maps[i] in changed), query)
