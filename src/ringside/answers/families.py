"""Lumped chains and rings in a report: how they end, and which lengths to expect."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import numpy as np

from ringside.answers.flow import Simulation
from ringside.answers.report import FamilyEntry, Interval, MemberEntry, SeriesEntry
from ringside.answers.species import NOTHING, columns, interval
from ringside.chem.mass import exact_formula_mass, formula, hill, parse_formula
from ringside.kinetics.chains import LONGEST, spread
from ringside.kinetics.nouns import FloatArray
from ringside.knowledge.base import Knowledge
from ringside.network.nouns import Family, Series

LONGER = 4
LEAST = 1e-4
NONE = 1e-9
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
    longer = spread(amount.median, _mean_length(family, simulation), known, "", LONGEST)
    number, weight = _averages(family, known, longer)
    charged = {formula(d.smiles): d.name for d in simulation.flask.doses if d.smiles is not None}
    series = tuple(
        _series(s, known[s.ends], list(longer[s.ends][:LONGER]), family, proton, charged.get(s.ends))
        for s in family.series
    )
    shown = tuple(s for s in series if any(m.amount >= LEAST for m in s.members))
    return FamilyEntry(family.id, family.label, family.repeat, family.mass_formula, amount, number, weight, shown)


def _mean_length(family: Family, simulation: Simulation) -> float:
    """Return the repeat units per molecule of a lumped family, 0 where there is none of it."""
    chains, at = simulation.ensemble.chains, columns(simulation)
    if chains is None or family.id not in at:
        return 0.0
    molecules = float(np.median(chains / simulation.ensemble.limiting))
    units = float(np.median(simulation.outcome.amount[:, at[family.id]]))
    return units / molecules if molecules > NONE else 0.0


def _averages(
    family: Family, known: Mapping[str, list[float]], spread_out: Mapping[str, FloatArray]
) -> tuple[float | None, float | None]:
    """Return number and weight average mass [Da] of all chains and rings, followed or not."""
    unit = exact_formula_mass(family.repeat)
    number = first = second = 0.0
    for s in family.series:
        amounts = np.array([*known[s.ends], *spread_out[s.ends]])
        masses = unit * np.arange(1, len(amounts) + 1) + (exact_formula_mass(s.ends) if s.ends else 0.0)
        number += float(amounts.sum())
        first += float((amounts * masses).sum())
        second += float((amounts * masses**2).sum())
    return (first / number, second / first) if number > NONE else (None, None)


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
