"""Proton binding of a species in a solvent, and how fast solids dissolve there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log10

from ringside.chem.acidity import AcidityTable, microstates, neutral_form, proton_sites
from ringside.chem.molecule import canonical, mol
from ringside.errors import BadKnowledge, Complaint
from ringside.kinetics.nouns import Binding

ANY = "*"
FALLBACK_CLASS = "polar-aprotic"


@dataclass(frozen=True, slots=True)
class SolventRow:
    """How a solvent moves pKa: of protonated amines and other cations, and of neutral acids.

    ``second`` is what each further cationic proton of one molecule costs beyond its cost in water [pKa units].
    """

    name: str
    solvent_class: str
    shift_cation: float
    shift_acid: float
    second: float


@dataclass(frozen=True, slots=True)
class ProtonTable:
    """Solvent shifts, the damping of a free nitrogen by a proton elsewhere [log10], and how fast solids dissolve.

    ``dissolution`` rows: SMILES, solvent class, log10 of the first-order rate [1/s], its standard deviation.
    """

    solvents: tuple[SolventRow, ...]
    damp: float
    dissolution: tuple[tuple[str, str, float, float], ...]


def read_protons(
    solvent_rows: Sequence[Mapping[str, str]],
    constant_rows: Sequence[Mapping[str, str]],
    dissolution_rows: Sequence[Mapping[str, str]],
) -> ProtonTable:
    """Build the table from the rows of solvents.csv, protons.csv and dissolution.csv.

    Raises:
        BadKnowledge: If the constant ``damp_per_proton`` or the fallback solvent row is missing.
    """
    solvents = tuple(
        SolventRow(
            r["name"],
            r["class"],
            float(r["shift_cation_pka"]),
            float(r["shift_acid_pka"]),
            float(r["second_proton_pka"]),
        )
        for r in solvent_rows
    )
    damp = [float(r["value"]) for r in constant_rows if r["key"] == "damp_per_proton"]
    if not damp or not any(s.name == ANY and s.solvent_class == FALLBACK_CLASS for s in solvents):
        raise BadKnowledge(
            Complaint(
                "missing-row",
                f"protons.csv needs damp_per_proton, and solvents.csv a row * of class {FALLBACK_CLASS}",
                file="solvents.csv",
            )
        )
    dissolution = tuple(
        (canonical(r["smiles"]), r["solvent_class"], log10(float(r["rate_per_s"])), float(r["sd_log10"]))
        for r in dissolution_rows
    )
    return ProtonTable(solvents, damp[0], dissolution)


def solvent_row(name: str, solvent_class: str, table: ProtonTable) -> SolventRow:
    """Return the row of a solvent, or that of its class, or that of a dipolar aprotic solvent."""
    named = next((s for s in table.solvents if s.name == name), None)
    by_class = next((s for s in table.solvents if s.name == ANY and s.solvent_class == solvent_class), None)
    fallback = next(s for s in table.solvents if s.name == ANY and s.solvent_class == FALLBACK_CLASS)
    return named or by_class or fallback


def dissolution_rates(solvent: str, solvent_class: str, table: ProtonTable) -> Mapping[str, tuple[float, float]]:
    """Return log10 of the rate [1/s] at which solids dissolve, with its standard deviation, by SMILES.

    What is not listed dissolves at once.
    """
    row = solvent_row(solvent, solvent_class, table)
    return {s: (rate, sd) for s, c, rate, sd in table.dissolution if c == (solvent_class or row.solvent_class)}


@lru_cache(maxsize=65536)
def binding(smiles: str, solvent: str, solvent_class: str, acidity: AcidityTable, table: ProtonTable) -> Binding:
    """Return the proton binding of a species in a solvent.

    Every subset of its sites may hold a proton; the pKa of a base that becomes a cation moves by the solvent's shift
    for cations, that of a neutral acid (and of an anion that becomes neutral) by its shift for acids. An atom is free
    to react where it holds no proton, damped once for each proton elsewhere in the molecule. In solvents of low
    polarity the shifts are effective ones, for ion pairs.

    Args:
        smiles: Canonical SMILES.
        solvent: Name of the main solvent.
        solvent_class: Its class, for solvents without a row.
        acidity: Sites and pKa in water.
        table: Solvent shifts and damping.

    Returns:
        Binding polynomial, labile protons held as written, free polynomials of nitrogen by atom, and the neutral form.
    """
    sites = proton_sites(smiles, acidity)
    row = solvent_row(solvent, solvent_class, table)
    to_neutral = sites.anionic
    pkas = [p + (row.shift_acid if n else row.shift_cation) for p, n in zip(sites.pkas, to_neutral, strict=True)]
    beta = [0.0] * (len(pkas) + 1)
    free = {
        atom: [0.0] * (len(pkas) + 1) for atom in sites.atoms if mol(smiles).GetAtomWithIdx(atom).GetSymbol() == "N"
    }
    for chosen, log_weight in microstates(sites, pkas, sites.pair):
        cations = sum(not to_neutral[i] for i in chosen)
        weight = 10.0 ** (log_weight - row.second * cations * (cations - 1) / 2)
        beta[len(chosen)] += weight
        damped = weight * 10.0 ** (-table.damp * cations)
        for i, atom in enumerate(sites.atoms):
            if i not in chosen and atom in free:
                free[atom][len(chosen)] += damped
    return Binding(
        tuple(beta),
        sites.kinds.count("acid"),
        {a: tuple(w) for a, w in sorted(free.items())},
        neutral_form(smiles, acidity),
    )
