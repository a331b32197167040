"""Partition between octanol and water."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any, cast

from rdkit.Chem import Crippen

from ringside.chem.acidity import AcidityTable, microstates, neutral_form, proton_sites
from ringside.chem.mass import charge
from ringside.chem.molecule import mol

LOWEST = -6.0


@lru_cache(maxsize=65536)
def logp(smiles: str) -> float:
    """Return log10 of the octanol-water partition coefficient of a molecule as written.

    Sources:
        wildman-crippen-1999: atomic contributions, as implemented in RDKit.
    """
    return float(cast(Any, Crippen).MolLogP(mol(smiles)))


def fraction_neutral(smiles: str, ph: float, table: AcidityTable) -> float:
    """Return the fraction of a molecule in which no atom is charged, at a pH in water.

    Zwitterions count as charged; a permanent ion is never neutral.

    Args:
        smiles: Canonical SMILES, in any protonation state.
        ph: pH of the water.
        table: Sites and pKa.

    Returns:
        Fraction in [0, 1].
    """
    sites = proton_sites(smiles, table)
    pairs = list(zip(sites.kinds, sites.anionic, strict=True))
    permanent = charge(smiles) - pairs.count(("acid", False)) + pairs.count(("base", True))
    if permanent:
        return 0.0
    neutral = tuple(i for i, anionic in enumerate(sites.anionic) if anionic)
    logs = {chosen: weight - ph * len(chosen) for chosen, weight in microstates(sites, sites.pkas, sites.pair)}
    top = max(logs.values())
    return 10.0 ** (logs[neutral] - top) / sum(10.0 ** (x - top) for x in logs.values())


@lru_cache(maxsize=65536)
def log_d(smiles: str, ph: float, table: AcidityTable) -> float:
    """Return log10 of the octanol-water distribution coefficient at a pH; ions are taken to stay in the water.

    log D = log P(neutral form) + log10(fraction neutral), at least -6.

    Args:
        smiles: Canonical SMILES, in any protonation state.
        ph: pH of the water.
        table: Sites and pKa.
    """
    fraction = fraction_neutral(smiles, ph, table)
    if fraction <= 0.0:
        return LOWEST
    return max(LOWEST, logp(neutral_form(smiles, table)) + math.log10(fraction))
