"""How a species forms, step by step, with the atoms numbered; and why it does not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from ringside.answers.flow import DRAWS, Simulation, simulator
from ringside.answers.predict import basic_report, sources_of
from ringside.answers.report import Interval, PathwayEntry, Report, StepEntry
from ringside.answers.species import columns, flux_of, interval, species_id
from ringside.case.nouns import Case
from ringside.chem.labels import describe
from ringside.chem.molecule import canonical, elements
from ringside.errors import BadInput, bad_input
from ringside.kinetics.rates import log10_k
from ringside.knowledge.base import Knowledge
from ringside.network.gates import because, holds
from ringside.network.mapping import mapped
from ringside.network.nouns import FAMILY_PREFIX, Network, Reaction, Rule
from ringside.network.paths import tree_to
from ringside.network.search import steps_to, widen

PARTNERS, ROUNDS, MAX_EVENTS, MAX_ATOMS = 12, 3, 6000, 60


def paths(case: Case, knowledge: Knowledge, species: str) -> Report:
    """Say how a species forms in the flask of a case; for what does not form, what would be needed.

    Args:
        case: The case.
        knowledge: Rules and rates.
        species: SMILES, label, id, or the name of a charge.

    Raises:
        BadInput: If nothing of that name is in the flask and it is no SMILES.
    """
    simulation = simulator(knowledge)(case, DRAWS)
    report = basic_report("paths", simulation, None, knowledge)
    smiles = named_species(species, report, simulation)
    found = pathway(smiles, simulation, knowledge)
    keys = {key for rule in knowledge.rules if any(rule.id == s.rule for s in found.steps) for key in rule.sources}
    return replace(report, verdict=_verdict(found), pathways=(found,), sources=sources_of(keys, knowledge))


def named_species(text: str, report: Report, simulation: Simulation) -> str:
    """Return the SMILES of what a user calls a species: a SMILES, label, id, or the name of a charge."""
    names = {d.name.casefold(): d.smiles for d in simulation.flask.doses if d.smiles is not None}
    if text == "target" and simulation.target is not None:
        return simulation.target
    for s in report.species:
        if s.smiles is not None and text in (s.id, s.smiles, s.label):
            return s.smiles
    if names.get(text.casefold()) is not None:
        return names[text.casefold()] or text
    try:
        return canonical(text)
    except BadInput as fault:
        shown = ", ".join(s.label for s in report.species if s.role not in {"solvent", "salt", "reagent"})
        raise bad_input(
            "no-such-species",
            "this is neither a species of the flask nor a SMILES",
            field="SPECIES",
            value=text,
            limit=shown,
            next_step="give a SMILES in quotes, or one of these labels",
        ) from fault


def pathway(smiles: str, simulation: Simulation, knowledge: Knowledge) -> PathwayEntry:
    """Return how most of a species forms; through shut gates, with the reasons, where it does not form."""
    network = simulation.network
    at = columns(simulation)
    amount = interval(simulation.outcome.amount[:, at[smiles]]) if smiles in at else None
    if smiles in network.species:
        return pathway_of(smiles, amount, (), simulation, knowledge)
    base = abundant(simulation)
    found = widen(
        base, base[:PARTNERS], ordered(knowledge, simulation), rounds=ROUNDS, max_events=MAX_EVENTS, max_atoms=MAX_ATOMS
    )
    if smiles in found.makers:
        return pathway_of(smiles, amount, steps_to(smiles, found.makers), simulation, knowledge)
    how = "" if found.complete else " (not every combination was tried)"
    why = (f"No rule leads to it within {ROUNDS} steps of what is in the flask{how}.",)
    return PathwayEntry(species_id(smiles), smiles, _label(smiles, simulation, knowledge), amount, (), why)


def _label(smiles: str, simulation: Simulation, knowledge: Knowledge) -> str:
    names = {d.smiles: d.name for d in simulation.flask.doses if d.smiles is not None}
    return names.get(smiles) or describe(smiles, simulation.target, names, knowledge.names)


def pathway_of(
    smiles: str,
    amount: Interval | None,
    beyond: tuple[Reaction, ...],
    simulation: Simulation,
    knowledge: Knowledge,
) -> PathwayEntry:
    """Return the way to a species by steps beyond the network, if any, after those within it.

    Args:
        smiles: Canonical SMILES.
        amount: What the simulation holds of it, None where it is not followed.
        beyond: Reactions that the network does not hold, in order.
        simulation: The flask.
        knowledge: Rules and names.
    """
    network, flux = simulation.network, flux_of(simulation)
    starts = [s for r in beyond for s in r.reactants if s in network.species] if beyond else [smiles]
    first = [r for s in starts for r in tree_to(network, s, flux, simulation.seeds)]
    reactions = tuple({r.id: r for r in (*first, *beyond)}.values())
    rules = {rule.id: rule for rule in knowledge.rules}
    return PathwayEntry(
        species_id(smiles),
        smiles,
        _label(smiles, simulation, knowledge),
        amount,
        tuple(_step(r, network, simulation, rules) for r in reactions),
        obstacles(beyond, simulation, rules),
    )


def obstacles(reactions: Iterable[Reaction], simulation: Simulation, rules: Mapping[str, Rule]) -> tuple[str, ...]:
    """Return why these reactions do not run in this flask: gates that are shut, and what is too scarce."""
    listed = tuple(reactions)
    known = {r.id for r in simulation.network.reactions}
    scarce = [
        f"{rules[r.rule].title}: what could form that way stays below the limit of what is followed."
        for r in listed
        if r.id not in known and holds(rules[r.rule].gate, simulation.features)
    ]
    return tuple(dict.fromkeys((*shut_gates(listed, simulation, rules), *scarce)))


def shut_gates(reactions: Iterable[Reaction], simulation: Simulation, rules: Mapping[str, Rule]) -> tuple[str, ...]:
    """Return the conditions that these reactions need and the recipe does not give."""
    needed = dict.fromkeys(rules[r.rule].id for r in reactions)
    return tuple(
        f"{rules[rule].title}: {because(rules[rule].gate, simulation.features)}."
        for rule in needed
        if not holds(rules[rule].gate, simulation.features)
    )


def abundant(simulation: Simulation) -> tuple[str, ...]:
    """Return the species of a flask, most abundant at any time first; what was charged comes before the rest."""
    largest = simulation.ensemble.n.mean(axis=0).max(axis=0)
    rank = {s: float(largest[i]) for i, s in enumerate(simulation.ensemble.species)}
    organic = [s for s in simulation.network.species if not s.startswith(FAMILY_PREFIX)]
    charged = {d.smiles for d in simulation.flask.doses if d.role != "solvent"}
    return tuple(sorted(organic, key=lambda s: (s not in charged, "C" not in elements(s), -rank.get(s, 0.0), s)))


def ordered(knowledge: Knowledge, simulation: Simulation) -> tuple[Rule, ...]:
    """Return all rules but retired ones, those that the recipe allows first."""
    alive = [rule for rule in knowledge.rules if rule.status != "retired"]
    return tuple(sorted(alive, key=lambda rule: (not holds(rule.gate, simulation.features), rule.id)))


def _step(reaction: Reaction, network: Network, simulation: Simulation, rules: Mapping[str, Rule]) -> StepEntry:
    forward = next((r for r in network.reactions if r.id == reaction.reverse_of), None) if reaction.reverse_of else None
    numbered = mapped(reaction, rules, forward)
    law = next((law for law in simulation.laws if law.reaction == reaction.id), None)
    share = flux_of(simulation).get(reaction.id)
    return StepEntry(
        rule=reaction.rule,
        title=f"{rules[reaction.rule].title}{' (back)' if reaction.reverse_of else ''}",
        reactants=reaction.reactants,
        products=reaction.products,
        mapped=numbered.smiles,
        centre=numbered.centre,
        ring=reaction.ring,
        log10_k=None if law is None or not law.absolute else log10_k(law),
        turnover=share,
    )


def _verdict(found: PathwayEntry) -> str:
    if not found.steps and not found.obstacles:
        return f"{found.label} was charged."
    if found.obstacles:
        text = " ".join(found.obstacles)
        return f"{found.label} does not form here. {text}"
    amount = "" if found.amount is None else f"; {100 * found.amount.median:.2g} % at the end"
    return f"{found.label} forms in {len(found.steps)} step{'s' * (len(found.steps) > 1)}{amount}."
