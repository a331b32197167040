"""Hydrogens that deuterium oxide exchanges, and what an ion gains by it."""

from __future__ import annotations

from functools import lru_cache

from rdkit import Chem

from ringside.chem.features import pattern
from ringside.chem.ion_label import IonLabel, read_label
from ringside.chem.mass import charge
from ringside.chem.molecule import mol
from ringside.units import Mz

_EXCHANGING = "[#7,#8,#16;!H0]"
_OF_PARTS = {
    "H": 1, "NH4": 4, "NH3": 3, "H2O": 2, "CH3OH": 1, "CH4O": 1, "HCOOH": 1, "TFA": 1, "HF": 1, "HCl": 1, "HBr": 1, "HI": 1,
}  # fmt: skip
_HYDRIDE_LOSS = (("H", -1),)


@lru_cache(maxsize=65536)
def exchangeable(smiles: str) -> int:
    """Return the number of hydrogens that exchange in neutral D2O within minutes.

    Those on nitrogen, oxygen and sulfur: amines and their ammonium ions, amides, indoles, alcohols, acids, thiols. Not those on carbon
    (aldehydes, alkynes, between two carbonyls: a 1,3-diketone follows within hours and counts only where it is drawn as its enol) and
    not those on boron.

    >>> exchangeable("CN1CCCNCC1"), exchangeable("O=CC"), exchangeable("C[N+]1(C)CCC1")
    (1, 0, 0)
    """
    molecule = mol(smiles)
    found = molecule.GetSubstructMatches(pattern(_EXCHANGING))
    return sum(molecule.GetAtomWithIdx(atom).GetTotalNumHs() for (atom,) in found)


@lru_cache(maxsize=65536)
def exchange_gain(smiles: str, ion: str) -> Mz:
    """Return how much further up in m/z an ion appears in an eluent of D2O, all exchanged.

    The protons that charge an ion come from the eluent and count; what it has lost takes the hydrogens of its own N-H and O-H along
    (water two, ammonia three). A fixed fragment, made of C-H only, gains nothing.

    Args:
        smiles: Canonical SMILES of the molecule.
        ion: Its name, such as ``[M+H]+``.

    Returns:
        (hydrogens exchanged) x (mass of D less H) / charge.

    Raises:
        BadInput: If it is not the name of an ion.

    >>> round(exchange_gain("CN1CCCNCC1", "[M+H]+"), 4), exchange_gain("CN1CCCNCC1", "[C7H7]+")
    (2.0126, 0.0)
    """
    label = read_label(ion)
    if label.molecules == 0:
        return 0.0
    from_parts = 0 if _is_hydride_loss(smiles, label) else sum(n * _OF_PARTS.get(part, 0) for part, n in label.parts)
    hydrogens = max(label.molecules * exchangeable(smiles) + from_parts, 0)
    return hydrogens * _deuterium_less_protium() / abs(label.charge)


def _is_hydride_loss(smiles: str, label: IonLabel) -> bool:
    """Say whether [M-H]+ is short of a hydride, from carbon or boron, and not of a proton."""
    return label.parts == _HYDRIDE_LOSS and label.charge > label.molecules * charge(smiles)


def _deuterium_less_protium() -> float:
    table = Chem.GetPeriodicTable()
    return float(table.GetMassForIsotope(1, 2) - table.GetMassForIsotope(1, 1))
