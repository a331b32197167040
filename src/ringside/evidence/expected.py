"""What a species would look like in LC-MS."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from ringside.chem.acidity import AcidityTable
from ringside.chem.features import FeatureTable, features_of
from ringside.chem.fragment_rules import NO_RULES, FragmentRules
from ringside.chem.ions import Adduct, ions_of
from ringside.chem.optical import ChromophoreTable, uv_class
from ringside.evidence.nouns import Expected, ExpectedIon, Instrument
from ringside.network.nouns import FAMILY_PREFIX

NO_CLASS = "unknown"


@dataclass(frozen=True, slots=True, eq=False)
class EvidenceTables:
    """What evidence is judged by; ``constants`` are those of assignment.csv by key. Compared by identity.

    ``background`` is (ion, m/z); ``decided_by`` maps a kind of degeneracy to the experiment that would tell; ``fragmentation``
    says how ions break in MS/MS.
    """

    adducts: tuple[Adduct, ...]
    features: FeatureTable
    chromophores: ChromophoreTable
    background: tuple[tuple[str, float], ...]
    decided_by: Mapping[str, str]
    constants: Mapping[str, float]
    acidity: AcidityTable
    fragmentation: FragmentRules = NO_RULES


def read_background(rows: Sequence[Mapping[str, str]]) -> tuple[tuple[str, float], ...]:
    """Return (ion, m/z) of the background ions."""
    return tuple((r["ion"], float(r["mz"])) for r in rows)


@lru_cache(maxsize=16384)
def expected(smiles: str, tables: EvidenceTables, instrument: Instrument) -> Expected:
    """Return the ions of a species, usual strongest first, and whether UV and electrospray see it.

    Electrospray sees what has an ion that is usually high: permanent cations, what binds a proton, carbamates and
    amides through sodium. UV sees what absorbs at the detector's wavelength. Fragments of the source (carbamates less
    isobutene, alcohols less water, benzyl cations) are ions like any other.

    Args:
        smiles: Canonical SMILES, or the id of a lumped family, of which only the existence is known.
        tables: Adducts, features, chromophores and constants.
        instrument: UV wavelength.

    Returns:
        Ions, visibility and response class.
    """
    if smiles.startswith(FAMILY_PREFIX):
        return Expected(smiles, (), uv=True, esi=False, uv_class=NO_CLASS, uv_response=1.0)
    ions = ions_of(smiles, features_of(smiles, tables.features), tables.adducts, "positive")
    group, response, longest = uv_class(smiles, tables.chromophores)
    wavelength = instrument.uv if instrument.uv is not None else tables.constants["uv_default_nm"]
    seen = response > 0 and longest >= wavelength
    return Expected(
        species=smiles,
        ions=tuple(ExpectedIon(*ion) for ion in ions),
        uv=seen,
        esi=any(height >= tables.constants["esi_commonness"] for _, _, height in ions),
        uv_class=group,
        uv_response=response if seen else 0.0,
    )
