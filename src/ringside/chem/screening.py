"""Which kinds of atoms a pattern asks for: molecules without them need not be searched."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, TypeAlias, cast

from rdkit import Chem

from ringside.chem.molecule import mol

Asked: TypeAlias = tuple[frozenset[str], ...]
"""Sets of kinds, of each of which a molecule needs one at least."""

AROMATIC = 1000
"""RDKit's atom type of an aromatic element is its atomic number and this."""
_TOLD = re.compile(r"(AtomType|AtomAtomicNum|AtomFormalCharge) (-?\d+) = val")


def kinds(molecule: Chem.Mol) -> frozenset[str]:
    """Return the kinds of atoms in a molecule: symbols, aromatic ones in small letters, and the signs of charges.

    >>> sorted(kinds(Chem.MolFromSmiles("c1ccccc1C[NH3+]")))
    ['+', 'C', 'N', 'c']
    """
    found: set[str] = set()
    for i in range(molecule.GetNumAtoms()):
        atom = molecule.GetAtomWithIdx(i)
        symbol = atom.GetSymbol()
        found.add(symbol.lower() if atom.GetIsAromatic() else symbol)
        if charge := atom.GetFormalCharge():
            found.add("+" if charge > 0 else "-")
    return frozenset(found)


@lru_cache(maxsize=131072)
def kinds_in(smiles: str) -> frozenset[str]:
    """Return the kinds of atoms in a molecule, by its SMILES."""
    return kinds(mol(smiles))


def asked(query: Chem.Mol) -> Asked:
    """Return what a molecule must have for a query to fit it; what a query says inside $(...) is left aside.

    >>> [sorted(options) for options in asked(Chem.MolFromSmarts("[NX3;H2]-[c,C]"))]
    [['N'], ['C', 'c']]
    """
    found: list[frozenset[str]] = []
    for atom in cast(Any, query).GetAtoms():
        lines = [line for line in str(atom.DescribeQuery()).splitlines() if line.strip()]
        found += _told(lines)
    return tuple(dict.fromkeys(found))


def may_fit(asks: Asked, present: frozenset[str]) -> bool:
    """Say whether a molecule has what a query asks for."""
    return all(not options.isdisjoint(present) for options in asks)


def _told(lines: Sequence[str]) -> list[frozenset[str]]:
    """Read one node of a description and what is indented below it."""
    head, below = lines[0].strip(), _children(lines[1:])
    if head == "AtomAnd":
        return [options for child in below for options in _told(child)]
    if head == "AtomOr":
        choices = [_told(child) for child in below]
        return [frozenset().union(*(c[0] for c in choices))] if choices and all(choices) else []
    known = _TOLD.fullmatch(head)
    if known is None:
        return []
    what, number = known[1], int(known[2])
    if what == "AtomFormalCharge":
        return [frozenset("+" if number > 0 else "-")] if number else []
    symbol = str(cast(Any, Chem).GetPeriodicTable().GetElementSymbol(number % AROMATIC))
    if what == "AtomAtomicNum":
        return [frozenset((symbol, symbol.lower()))]
    return [frozenset((symbol.lower() if number > AROMATIC else symbol,))]


def _children(lines: Sequence[str]) -> list[list[str]]:
    """Group lines by those that are indented least."""
    depths = [len(line) - len(line.lstrip()) for line in lines]
    found: list[list[str]] = []
    for line, depth in zip(lines, depths, strict=True):
        if depth == min(depths):
            found.append([])
        found[-1].append(line)
    return found
