"""From an ensemble of courses to what is injected and what is isolated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ringside.chem.acidity import AcidityTable
from ringside.chem.lipophilicity import log_d
from ringside.chem.molecule import elements
from ringside.kinetics.draws import deviates
from ringside.kinetics.nouns import Ensemble, FloatArray
from ringside.network.nouns import FAMILY_PREFIX
from ringside.outcome.fates import fate_of
from ringside.outcome.nouns import Outcome
from ringside.outcome.tables import Fate, OutcomeTables, quench_ph
from ringside.recipe.nouns import Workup

SEED = "outcome"


def outcome(
    ensemble: Ensemble,
    workup: Workup | None,
    tables: OutcomeTables,
    acidity: AcidityTable,
    *,
    eluent_ph: float | None = None,
    solvents: frozenset[str] = frozenset(),
    boiling: Mapping[str, float] | None = None,
    central: bool = False,
) -> Outcome:
    """Quench, sample and work up the end of every draw.

    Hydrides, acyl halides, iminium ions, hemiaminals, and in acid imines, aminals and enamines end in the sample as
    what they hydrolyse to. Work-up: the same in the water of the quench at its pH; each portion of organic solvent
    takes D V_o / (V_w + D V_o) of what is in the water, with log D at the quench pH; volatile species are lost on
    concentration. Without a work-up nothing is lost. Inorganic species and the reaction solvent are never isolated.

    Args:
        ensemble: Amounts [mol]; the last output time is the end of the reaction.
        workup: Quench and extraction, or None.
        tables: Quenches, fates and constants.
        acidity: Sites and pKa in water.
        eluent_ph: pH of the LC eluent, where the instrument says it.
        solvents: SMILES of the reaction solvents.
        boiling: Boiling points [degC] by SMILES, where known.
        central: Take fates and log D at their central values in every draw.

    Returns:
        Amounts [mol per mol limiting], columns as ``species``: those of the ensemble, then species that appear only
        later.
    """
    amount = ensemble.n[:, -1, :] / ensemble.limiting[:, None]
    column_ph = tables.constants["eluent_ph"][0] if eluent_ph is None else eluent_ph
    ph = None if workup is None else quench_ph(workup.quench, workup.ph, tables)
    in_column = _fates_at("sample", column_ph, tables)
    in_water = () if ph is None else _fates_at("water", ph, tables)
    species = _all_species(ensemble.species, (in_column, in_water))
    amount = np.hstack([amount, np.zeros((len(amount), len(species) - len(ensemble.species)))])
    in_sample = _suffer(amount, species, in_column, central=central)
    inorganic = np.array([not s.startswith(FAMILY_PREFIX) and "C" not in elements(s) for s in species])
    in_sample[:, inorganic] = 0.0
    isolated = amount.copy()
    if workup is not None and ph is not None:
        isolated = _suffer(amount, species, in_water, central=central)
        z = _drawn([f"log-d:{s}" for s in species], len(amount), central=central)
        isolated *= _extracted(species, workup, ph, z, tables=tables, acidity=acidity)
        isolated *= _kept_dry(species, tables, boiling or {})
    isolated[:, inorganic | np.array([s in solvents for s in species])] = 0.0
    return Outcome(species, amount, in_sample, isolated)


def _fates_at(place: str, ph: float, tables: OutcomeTables) -> tuple[Fate, ...]:
    return tuple(f for f in tables.fates if place in f.places and ph < f.below_ph)


def _all_species(species: tuple[str, ...], stages: Sequence[tuple[Fate, ...]]) -> tuple[str, ...]:
    known = set(species)
    new: set[str] = set()
    for fates in stages:
        for s in species:
            hit = fate_of(s, fates)
            if hit is not None:
                new.update(p for p in hit[1] if p not in known)
    return (*species, *sorted(new))


def _drawn(keys: Sequence[str], n: int, *, central: bool) -> FloatArray:
    return deviates(keys, n, SEED, given={} if central else None)


def _suffer(amount: FloatArray, species: tuple[str, ...], fates: tuple[Fate, ...], *, central: bool) -> FloatArray:
    out = amount.copy()
    rank = {s: i for i, s in enumerate(species)}
    drawn = _drawn([f"fate:{f.id}" for f in fates], len(amount), central=central)
    z = dict(zip((f.id for f in fates), drawn, strict=True))
    for i, s in enumerate(species):
        hit = fate_of(s, fates)
        if hit is None:
            continue
        fate, products = hit
        lost = amount[:, i] * np.clip(fate.fraction + fate.sd * z[fate.id], 0.0, 1.0)
        out[:, i] -= lost
        for p in products:
            out[:, rank[p]] += lost
    return out


def _extracted(
    species: Sequence[str], workup: Workup, ph: float, z: FloatArray, *, tables: OutcomeTables, acidity: AcidityTable
) -> FloatArray:
    """Return the share of each species that ends in the organic extracts; all of it where nothing is extracted."""
    if not workup.extract:
        return np.ones(z.T.shape)
    shift, sd = tables.constants["log_d"]
    water = workup.extract[0].volume * tables.constants["aqueous_per_organic"][0]
    log_ds = np.array([6.0 if s.startswith(FAMILY_PREFIX) else log_d(s, ph, acidity) for s in species])
    d = 10.0 ** np.clip(log_ds[:, None] + shift + sd * z, -8.0, 8.0)
    left = np.ones_like(d)
    for step in workup.extract:
        left *= (water / (water + d * step.volume)) ** step.times
    return (1.0 - left).T


def _kept_dry(species: Sequence[str], tables: OutcomeTables, boiling: Mapping[str, float]) -> FloatArray:
    half, width = tables.constants["volatile_boiling_point"][0], tables.constants["volatile_width"][0]
    points = np.array([boiling.get(s, np.inf) for s in species])
    return 1.0 / (1.0 + np.exp(-(points - half) / width))
