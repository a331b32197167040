"""Masses, formula and key of a molecule."""

from __future__ import annotations

from functools import lru_cache

from rdkit import Chem
from rdkit.Chem.Descriptors import MolWt
from rdkit.Chem.rdMolDescriptors import CalcExactMolWt, CalcMolFormula

from ringside.chem.molecule import mol


@lru_cache(maxsize=65536)
def exact_mass(smiles: str) -> float:
    """Return the monoisotopic mass [Da]; for an ion the mass of its atoms (electrons are not subtracted)."""
    return float(CalcExactMolWt(mol(smiles)))


@lru_cache(maxsize=65536)
def average_mass(smiles: str) -> float:
    """Return the average molar mass [g/mol]."""
    return float(MolWt(mol(smiles)))


@lru_cache(maxsize=65536)
def formula(smiles: str) -> str:
    """Return the Hill formula, with the charge.

    >>> formula("C1CNCCNC1")
    'C5H12N2'
    """
    return str(CalcMolFormula(mol(smiles)))


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
