"""Masses, formula and key of a molecule."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, cast

from rdkit import Chem
from rdkit.Chem import Descriptors
from rdkit.Chem.rdMolDescriptors import CalcExactMolWt, CalcMolFormula

from ringside.chem.molecule import mol
from ringside.errors import bad_input

_PART = re.compile(r"([A-Z][a-z]?)(\d*)")
_FORMULA = re.compile(r"((?:[A-Z][a-z]?\d*)+)([+-]\d*)?")


@lru_cache(maxsize=65536)
def exact_mass(smiles: str) -> float:
    """Return the monoisotopic mass [Da]; that of an ion counts its missing or extra electrons.

    >>> round(exact_mass("C1CNCCNC1"), 4)
    100.1
    """
    return float(CalcExactMolWt(mol(smiles)))


@lru_cache(maxsize=65536)
def average_mass(smiles: str) -> float:
    """Return the average molar mass [g/mol]."""
    return float(cast(Any, Descriptors).MolWt(mol(smiles)))


@lru_cache(maxsize=65536)
def formula(smiles: str) -> str:
    """Return the formula in Hill order, with the charge at the end.

    >>> formula("C1CNCCNC1"), formula("C[N+](C)(C)C"), formula("O=C([O-])[O-]")
    ('C5H12N2', 'C4H12N+', 'CO3-2')
    """
    return str(CalcMolFormula(mol(smiles)))


def parse_formula(text: str) -> Mapping[str, int]:
    """Return the atoms of a formula; a charge at its end is passed over.

    Raises:
        BadInput: If it is not a formula.

    >>> parse_formula("C5H13N2+")
    {'C': 5, 'H': 13, 'N': 2}
    """
    whole = _FORMULA.fullmatch(text.strip())
    counts: dict[str, int] = {}
    for symbol, number in _PART.findall(whole.group(1)) if whole else ():
        counts[symbol] = counts.get(symbol, 0) + int(number or 1)
    if not counts:
        raise bad_input("bad-formula", "this is not a molecular formula", value=text, limit="such as C5H12N2")
    return counts


@lru_cache(maxsize=65536)
def charge(smiles: str) -> int:
    """Return the formal charge."""
    return int(Chem.GetFormalCharge(mol(smiles)))


@lru_cache(maxsize=65536)
def heavy_atoms(smiles: str) -> int:
    """Return the number of atoms that are not hydrogen."""
    return int(mol(smiles).GetNumHeavyAtoms())


@lru_cache(maxsize=65536)
def inchikey(smiles: str) -> str:
    """Return the InChIKey."""
    return str(Chem.MolToInchiKey(mol(smiles)))


def atom_charge(smiles: str, atom: int) -> int:
    """Return the formal charge of one atom (index in ``mol(smiles)``)."""
    return int(mol(smiles).GetAtomWithIdx(atom).GetFormalCharge())


def formula_mass(text: str) -> float:
    """Return the average molar mass [g/mol] of a formula.

    >>> round(formula_mass("C5H12N2"), 2)
    100.16
    """
    table = Chem.GetPeriodicTable()
    return sum(n * float(table.GetAtomicWeight(symbol)) for symbol, n in parse_formula(text).items())


def exact_formula_mass(text: str) -> float:
    """Return the monoisotopic mass [Da] of a neutral formula.

    >>> round(exact_formula_mass("C5H12N2"), 4)
    100.1
    """
    table = Chem.GetPeriodicTable()
    return sum(n * float(table.GetMostCommonIsotopeMass(symbol)) for symbol, n in parse_formula(text).items())


def hill(counts: Mapping[str, int]) -> str:
    """Write a formula in Hill order: carbon, hydrogen, then the others by name (all by name without carbon).

    >>> hill({"N": 2, "H": 12, "C": 5})
    'C5H12N2'
    """
    carbon = counts.get("C", 0) > 0
    order = sorted(counts, key=lambda e: (carbon and e != "C", carbon and e != "H", e))
    return "".join(f"{e}{counts[e] if counts[e] > 1 else ''}" for e in order if counts[e] > 0)
