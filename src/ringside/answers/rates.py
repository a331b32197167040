"""Which rates an answer was made with, where they are from, and which of them it hangs on."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from scipy.stats import rankdata

from ringside.answers.flow import DRAWS, SEED, Simulation, simulator
from ringside.answers.levers import levers
from ringside.answers.predict import basic_report, sources_of
from ringside.answers.report import Interval, RateEntry, RatePart, Report, SensitivityEntry, SpeciesEntry
from ringside.answers.species import columns, flux_of
from ringside.case.nouns import Case
from ringside.kinetics.draws import deviates, energy_key
from ringside.kinetics.nouns import RateLaw
from ringside.kinetics.posterior import Posterior, joint_sd
from ringside.knowledge.base import Knowledge
from ringside.network.nouns import Reaction
from ringside.recipe.resolve import unknown_fields

NINETY = 1.645
GAS_CONSTANT = 8.314462618e-3
ROOM = 298.15
ZERO_CELSIUS = 273.15
LEAST_TURNOVER = 1e-6
BUSY = 1e-4
CLEAR = 3.0
MOST = 8
_RANGE = re.compile(r"(-?\d+(?:\.\d+)?) to (-?\d+(?:\.\d+)?) degC")


def rates(case: Case, knowledge: Knowledge) -> Report:
    """List each rate constant of a case with its parts, interval and sources, the busiest first.

    Args:
        case: The case.
        knowledge: Rules and rates.

    Returns:
        A report with ``rates``, ``turns_on`` and ``levers``.
    """
    simulation = simulator(knowledge)(case, DRAWS)
    report = basic_report("rate", simulation, None, knowledge)
    entries = rate_entries(simulation, report.species, knowledge)
    hangs = turns_on(simulation, report.species, knowledge)
    keys = {part.source for e in entries for part in e.parts}
    text = f"{len(entries)} reactions turn something over. {hinge_text(hangs)}".strip()
    return replace(
        report,
        verdict=text,
        rates=entries,
        turns_on=hangs,
        levers=levers(simulation, knowledge),
        sources=sources_of(keys, knowledge),
    )


def rate_entries(
    simulation: Simulation, species: tuple[SpeciesEntry, ...], knowledge: Knowledge
) -> tuple[RateEntry, ...]:
    """Return the rate constants of what turns over more than a millionth, at the hottest temperature of the run.

    Args:
        simulation: The flask.
        species: Entries of the report, for their labels.
        knowledge: Rules and rates.
    """
    labels = {s.smiles: s.label for s in species if s.smiles is not None}
    titles = {rule.id: rule.title for rule in knowledge.rules}
    flux = flux_of(simulation)
    net = dict(flux)
    for r in simulation.network.reactions:
        if r.reverse_of is not None:
            net[r.reverse_of] = flux[r.reverse_of] - flux[r.id]
            net[r.id] = -net[r.reverse_of]
    kelvin = max(t for _, t in simulation.flask.programme)
    found = [
        _entry(r, law, net[r.id], kelvin, labels, titles, knowledge.learned)
        for r, law in zip(simulation.network.reactions, simulation.laws, strict=True)
        if flux[r.id] > LEAST_TURNOVER
    ]
    return tuple(sorted(found, key=lambda e: (-abs(e.turnover), -e.turnover, e.reaction)))


def _entry(
    r: Reaction,
    law: RateLaw,
    turnover: float,
    kelvin: float,
    labels: Mapping[str, str],
    titles: Mapping[str, str],
    learned: Posterior,
) -> RateEntry:
    step = arrhenius_step(kelvin)
    centre = sum(t.value for t in law.terms) + law.ea * step
    sd = joint_sd(weights_of(law, kelvin), learned)
    celsius = kelvin - ZERO_CELSIUS
    said = _RANGE.search(law.validity)
    outside = said is not None and not float(said[1]) <= celsius <= float(said[2])
    doubts = [f"{celsius:.0f} degC is outside {said[0]}"] if outside and said else []
    doubts += [f"{t.text} ({t.key})" for t in law.terms if t.text.startswith("no row fits")]

    return RateEntry(
        reaction=r.id,
        rule=r.rule,
        title=titles.get(r.rule, r.rule),
        equation=_written(r, labels),
        smiles=f"{'.'.join(r.reactants)}>>{'.'.join(r.products)}",
        log10_k=Interval(centre, centre - NINETY * sd, centre + NINETY * sd),
        unit="L/mol/s" if len(r.reactants) == 2 else "/s",
        temperature_c=celsius,
        activation_energy=law.ea,
        activation_energy_sd=law.ea_sd,
        absolute=law.absolute,
        turnover=turnover,
        parts=tuple(RatePart(t.key, t.text, t.value, t.sd, t.source) for t in law.terms),
        validity=law.validity,
        extrapolated="; ".join(doubts),
    )


def arrhenius_step(kelvin: float) -> float:
    """Return by how much log10 k at a temperature exceeds that at 298.15 K, per kJ/mol of activation energy."""
    return float((1.0 / ROOM - 1.0 / kelvin) / (GAS_CONSTANT * np.log(10.0)))


def weights_of(law: RateLaw, kelvin: float) -> dict[str, float]:
    """Return by how much log10 k at a temperature rises with each deviate, by key."""
    found: dict[str, float] = {}
    for t in law.terms:
        found[t.key] = found.get(t.key, 0.0) + t.sd
    found[energy_key(law)] = law.ea_sd * arrhenius_step(kelvin)
    return found


def turns_on(
    simulation: Simulation, species: tuple[SpeciesEntry, ...], knowledge: Knowledge
) -> tuple[SensitivityEntry, ...]:
    """Return what the amount of the target hangs on over the draws: parts of rates, energies, ranges of the recipe.

    Each quantity is drawn independently, so its squared rank correlation with the amount is the part of the spread that
    it explains alone. Only what is clear of chance (three standard errors) is listed.

    Args:
        simulation: The flask, with its draws.
        species: Entries of the report, for their labels.
        knowledge: What each kind of term is called and how it is measured.

    Returns:
        At most eight entries, the largest share first; none where the target does not form or does not vary.
    """
    at = columns(simulation)
    if simulation.target is None or simulation.target not in at or not simulation.reached:
        return ()
    amount = simulation.outcome.amount[:, at[simulation.target]]
    if float(np.ptp(amount)) < BUSY:
        return ()
    flux = flux_of(simulation)
    busy = [law for law in simulation.laws if flux[law.reaction] > BUSY]
    terms = {t.key: t for law in busy for t in law.terms if t.sd > 0.0}
    energies = {f"ea:{law.terms[0].key}": law for law in busy if law.ea_sd > 0.0}
    hot = abs(max(t for _, t in simulation.flask.programme) - ROOM)
    ranges = {f"range:{name}": name for name in unknown_fields(simulation.case.recipe)}
    keys = [*sorted(terms), *(sorted(energies) if hot > 1.0 else ()), *sorted(ranges)]
    ranks = rankdata(amount)
    labels = {s.smiles: s.label for s in species if s.smiles is not None}
    found: list[SensitivityEntry] = []
    for key, z in zip(keys, deviates(keys, len(amount), SEED, knowledge.learned), strict=True):
        r = float(np.corrcoef(rankdata(z), ranks)[0, 1])
        if abs(r) * np.sqrt(len(amount)) < CLEAR:
            continue
        sign, share = (1 if r > 0 else -1), r * r
        if key in ranges:
            what, how = knowledge.measures["range"]
            found.append(SensitivityEntry(key, "recipe", f"{what} {ranges[key]}", share, sign, "its range", how))
        elif key in energies:
            what, how = knowledge.measures["ea"]
            law = energies[key]
            known = f"{NINETY * law.ea_sd:.0f} kJ/mol either way"
            found.append(SensitivityEntry(key, "energy", f"{what} {law.terms[0].text}", share, sign, known, how))
        else:
            term = terms[key]
            what, how = knowledge.measures[key.partition(":")[0]]
            known = f"a factor of {_factor(10 ** (NINETY * term.sd))} either way"
            kind, _, rest = key.partition(":")
            name = rest.rpartition(":")[2].replace("-", " ") if kind in {"nuc", "ele", "lg"} else term.text
            text = f"{what} {name} ({', '.join(_rules(key, busy, simulation))})"
            if key.startswith("site:"):
                text = f"{what} {_equation(key, busy, simulation, labels)}"
            found.append(SensitivityEntry(key, "rate", text, share, sign, known, how))
    return tuple(sorted(found, key=lambda e: (-e.share, e.key))[:MOST])


def _written(r: Reaction, labels: Mapping[str, str]) -> str:
    left, right = (" + ".join(labels.get(s, s) for s in side) for side in (r.reactants, r.products))
    return f"{left} → {right}"


def _equation(key: str, busy: list[RateLaw], simulation: Simulation, labels: Mapping[str, str]) -> str:
    reactions = {r.id: r for r in simulation.network.reactions}
    own = next(law.reaction for law in busy if any(t.key == key for t in law.terms))
    return _written(reactions[own], labels)


def _rules(key: str, busy: list[RateLaw], simulation: Simulation) -> list[str]:
    rule = {r.id: r.rule for r in simulation.network.reactions}
    return list(dict.fromkeys(rule[law.reaction] for law in busy if any(t.key == key for t in law.terms)))[:3]


def _factor(value: float) -> str:
    return f"{value:.1f}" if value < 3 else f"{value:.0f}"


def hinge_text(found: tuple[SensitivityEntry, ...]) -> str:
    """Return one sentence on what an answer turns on; empty where nothing stands out."""
    if not found:
        return "No single rate decides the yield."
    first = found[0]
    known = f"known to {first.known_to}" if first.kind != "recipe" else "given as a range"
    return f"The yield turns on the {first.text}, {known} ({first.share:.0%} of the spread): {first.how}."
