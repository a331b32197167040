"""Lumped chains and rings in a report: how they end, and which lengths to expect."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import numpy as np

from ringside.answers.flow import Simulation
from ringside.answers.report import FamilyEntry, Interval, MemberEntry, SeriesEntry
from ringside.answers.species import NOTHING, columns, flux_of, interval
from ringside.chem.mass import exact_formula_mass, formula, hill, parse_formula
from ringside.kinetics.chains import spread
from ringside.knowledge.base import Knowledge
from ringside.network.nouns import Family, Series

LONGER = 4
LEAST = 1e-4
PROTONATED = "[M+H]+"


def family_entries(simulation: Simulation, knowledge: Knowledge) -> tuple[FamilyEntry, ...]:
    """Return the lumped families with their amounts in repeat units, and the lengths that theory expects in them."""
    at = columns(simulation)
    proton = next(a.shift for a in knowledge.evidence.adducts if a.label == PROTONATED)
    return tuple(
        _entry(f, interval(simulation.outcome.amount[:, at[f.id]]) if f.id in at else NOTHING, simulation, proton)
        for f in simulation.network.families
    )


def _entry(family: Family, amount: Interval, simulation: Simulation, proton: float) -> FamilyEntry:
    at = columns(simulation)
    medians = np.median(simulation.outcome.amount, axis=0)
    known = {
        s.ends: [
            sum(float(medians[at[m]]) for k, m in s.members if k == n and m in at)
            for n in range(1, s.members[-1][0] + 1)
        ]
        for s in family.series
    }
    longer = spread(amount.median, _mean_length(family, simulation), known, "", LONGER)
    charged = {formula(d.smiles): d.name for d in simulation.flask.doses if d.smiles is not None}
    series = tuple(
        _series(s, known[s.ends], list(longer[s.ends]), family, proton, charged.get(s.ends)) for s in family.series
    )
    shown = tuple(s for s in series if any(m.amount >= LEAST for m in s.members))
    return FamilyEntry(family.id, family.label, family.repeat, family.mass_formula, amount, shown)


def _mean_length(family: Family, simulation: Simulation) -> float:
    """Return the repeat units per molecule that went into a family."""
    flux = flux_of(simulation)
    fed = [(flux[r.id], r.units) for r in simulation.network.reactions if family.id in r.products]
    molecules = sum(turnover for turnover, _ in fed)
    return sum(turnover * units for turnover, units in fed) / molecules if molecules > 0.0 else 0.0


def _series(
    series: Series, followed: list[float], longer: list[float], family: Family, proton: float, ends: str | None
) -> SeriesEntry:
    members: list[MemberEntry] = []
    for k, amount in enumerate((*followed, *longer), start=1):
        text = _formula(parse_formula(family.repeat), k, series.ends)
        mass = exact_formula_mass(text)
        members.append(MemberEntry(k, text, mass, mass + proton, float(amount), followed=k <= len(followed)))
    label = f"chains: n units and one more {ends}" if ends else f"chains: n units and {series.ends}"
    label = label if series.ends else "rings, and isomers of them"
    return SeriesEntry(series.ends, label, tuple(members))


def _formula(unit: Mapping[str, int], k: int, ends: str) -> str:
    counts = Counter({e: k * n for e, n in unit.items()})
    counts.update(parse_formula(ends) if ends else {})
    return hill(counts)
