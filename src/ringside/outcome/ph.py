"""The pH that a reaction mixture gives to water."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from ringside.chem.acidity import AcidityTable, binding_polynomial, proton_sites
from ringside.chem.mass import charge
from ringside.kinetics.nouns import FloatArray
from ringside.network.nouns import FAMILY_PREFIX

_GRID = np.linspace(0.0, 14.0, 141)
_LOG_KW = -14.0


def aqueous_ph(species: Sequence[str], molar: FloatArray, table: AcidityTable) -> FloatArray:
    """Return the pH at which all charges of a solution in water cancel.

    sum_i c_i q_i(pH) + [H+] - [OH-] = 0, with q_i the mean charge of a species at a pH by its pKa in water at 25 degC; activities
    are concentrations. Where nothing but water is left over it is 7. Lumped families and solids that water would not dissolve are
    not told apart: a coarse value.

    Args:
        species: Canonical SMILES or family ids; families count for nothing.
        molar: Concentrations in the water [mol/L], shape (n_draws, n_species).
        table: Sites and pKa in water.

    Returns:
        The pH, between 0 and 14, shape (n_draws,).
    """
    charges = np.zeros((len(species), len(_GRID)))
    for i, s in enumerate(species):
        if not s.startswith(FAMILY_PREFIX) and float(molar[:, i].max(initial=0.0)) > 0.0:
            charges[i] = _mean_charges(s, table)
    net = molar @ charges + 10.0**-_GRID - 10.0 ** (_GRID + _LOG_KW)
    above = np.argmax(net <= 0.0, axis=1)  # the net charge falls with pH
    last = np.maximum(above - 1, 0)
    rows = np.arange(len(net))
    before, after = net[rows, last], net[rows, above]
    share = np.where(before > after, before / np.where(before > after, before - after, 1.0), 0.0)
    found = _GRID[last] + np.clip(share, 0.0, 1.0) * (_GRID[above] - _GRID[last])
    return np.where((net > 0.0).all(axis=1), _GRID[-1], found)


@lru_cache(maxsize=4096)
def _mean_charges(smiles: str, table: AcidityTable) -> FloatArray:
    """Return the mean charge of a species over the grid of pH."""
    sites = proton_sites(smiles, table)
    beta = np.array(binding_polynomial(sites))
    protons = np.arange(len(beta))
    logs = np.log10(beta)[:, None] - np.outer(protons, _GRID)
    weights = 10.0 ** (logs - logs.max(axis=0))
    return charge(smiles) + protons @ (weights / weights.sum(axis=0)) - sites.kinds.count("acid")
