"""From a case to what its flask gives: recipe, network, rates, courses, outcome."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import ndtr

from ringside.answers.growth import bindings_of, grown, main_solvent, neutral_of, seeds_of
from ringside.case.nouns import Case
from ringside.chem.mass import charge, heavy_atoms
from ringside.chem.molecule import canonical, components
from ringside.evidence.expected import expected
from ringside.evidence.nouns import Expected, Instrument
from ringside.kinetics.draws import normals
from ringside.kinetics.ensemble import ensemble
from ringside.kinetics.gases import gases_over
from ringside.kinetics.nouns import Ensemble, RateLaw, Term
from ringside.kinetics.posterior import learned_laws
from ringside.kinetics.protons import dissolution_rates
from ringside.kinetics.rates import rate_laws, soft_terms
from ringside.knowledge.base import Knowledge
from ringside.network.lineage import residues
from ringside.network.nouns import FAMILY_PREFIX, Network, Rule
from ringside.outcome.nouns import Outcome
from ringside.outcome.outcome import outcome
from ringside.recipe.features import recipe_features
from ringside.recipe.nouns import Flask
from ringside.recipe.resolve import resolve, unknown_fields

DRAWS = 200
SEED = "ringside"
ENDS = (0.05, 0.95)
LEAST_PART = 0.4
OFF = Term("off", -60.0, 0.0, "judgement", "switched off")
MORE, WARMER = 10.0, 25.0
"""How much more concentrated (or dilute), longer and warmer [K] a recipe may be than one whose network serves it."""


@dataclass(frozen=True, slots=True)
class Simulation:
    """One case simulated: everything later layers ask of it.

    ``flask`` has every range at its middle; ``seeds`` are what the network grew from, ``features`` what opened its gates.
    """

    case: Case
    flask: Flask
    seeds: tuple[str, ...]
    features: frozenset[str]
    network: Network
    laws: tuple[RateLaw, ...]
    ensemble: Ensemble
    outcome: Outcome
    target: str | None
    reached: bool


Simulator = Callable[[Case, int], Simulation]


def flasks_of(case: Case, knowledge: Knowledge, n: int, seed: str) -> tuple[Flask, ...]:
    """Return one flask where the recipe is exact, else ``n`` with its ranges sampled at common quantiles."""
    fields = unknown_fields(case.recipe)
    if not fields:
        return (middle_flask(case, knowledge),)
    quantiles = ndtr(normals([f"range:{name}" for name in fields], n, seed))
    return tuple(
        _resolved(case, knowledge, dict(zip(fields, (float(u) for u in column), strict=True))) for column in quantiles.T
    )


def middle_flask(case: Case, knowledge: Knowledge) -> Flask:
    """Return the flask with every range at its middle."""
    return _resolved(case, knowledge, {})


def _resolved(case: Case, knowledge: Knowledge, quantiles: Mapping[str, float]) -> Flask:
    """Return the flask of a recipe, organic ions counted as their neutral forms, whatever salt they are charged as."""
    flask = resolve(case.recipe, knowledge.catalogue, quantiles, priors=knowledge.priors, file=case.file)
    neutral = {
        d.smiles: neutral_of(d.smiles, knowledge)
        for d in flask.doses
        if d.smiles is not None and neutral_of(d.smiles, knowledge) != d.smiles
    }
    doses = tuple(
        replace(d, smiles=neutral[d.smiles], charged_as=d.smiles) if d.smiles in neutral else d for d in flask.doses
    )
    return replace(flask, doses=doses, limiting_smiles=neutral.get(flask.limiting_smiles, flask.limiting_smiles))


def corners(case: Case, knowledge: Knowledge) -> tuple[Flask, ...]:
    """Return the flasks at the ends of the recipe's ranges and unknowns: all at one end, and each alone."""
    fields = unknown_fields(case.recipe)
    middle = dict.fromkeys(fields, 0.5)
    ends = [dict.fromkeys(fields, end) for end in ENDS] if fields else []
    alone = [middle | {field: end} for field in fields for end in ENDS] if len(fields) > 1 else []
    return tuple(_resolved(case, knowledge, quantiles) for quantiles in (*ends, *alone))


def instrument_of(case: Case) -> Instrument:
    """Return how the data were taken, or would be."""
    return case.observed.instrument if case.observed is not None else Instrument()


def simulator(knowledge: Knowledge, seed: str = SEED, within: Sequence[Simulation] = ()) -> Simulator:
    """Return the simulation of any case; all cases share their draws, so that a patched case file repeats what was promised.

    Args:
        knowledge: Rules, rates, tables.
        seed: Names the draws of rates and ranges.
        within: Simulations whose networks serve for a first look at cases near them: the same gates, nothing charged that they do
            not hold, a target that they reach, and no more than ``MORE`` and ``WARMER`` apart. Other cases grow their own network, and without ``within`` all do.

    Returns:
        A function of a case and a number of draws; equal calls give the same value.
    """
    known: dict[tuple[str, int], Simulation] = {}

    def run(case: Case, n: int) -> Simulation:
        key = (json.dumps(case.raw, sort_keys=True, default=str), n)
        if key not in known:
            known[key] = _simulate(case, knowledge, n, seed, within)
        return known[key]

    return run


def _simulate(case: Case, knowledge: Knowledge, n: int, seed: str, within: Sequence[Simulation]) -> Simulation:
    flask = middle_flask(case, knowledge)
    wanted = canonical(case.recipe.target, file=case.file, field="target") if case.recipe.target is not None else None
    features = recipe_features(case.recipe, knowledge.catalogue, knowledge.features)
    seeds = seeds_of(flask, knowledge)
    near = (s for s in within if s.features == features and set(seeds) <= set(s.seeds) and _near(s, flask, wanted))
    network = next((s.network for s in near), None)
    if network is None:
        network = grown((flask, *corners(case, knowledge)), features, knowledge)
    solvent, group = main_solvent(flask, knowledge)
    tables = rate_laws(network, solvent, group, knowledge.rates, soft_terms(knowledge.rules, features))
    laws = learned_laws(tables, knowledge.learned)
    found = _courses(case, flask, network, laws, knowledge, n, seed)
    after = outcome_of(case, flask, found, knowledge)
    target = wanted if wanted is not None else _likely_target(flask, seeds, knowledge.rules, network, after)
    reached = target is not None and target in network.species and target not in seeds
    return Simulation(case, flask, seeds, features, network, laws, found, after, target, reached)


def _courses(
    case: Case, flask: Flask, network: Network, laws: tuple[RateLaw, ...], knowledge: Knowledge, n: int, seed: str
) -> Ensemble:
    flasks = flasks_of(case, knowledge, n, seed)
    solvent, group = main_solvent(flask, knowledge)
    return ensemble(
        network,
        flasks,
        laws,
        bindings_of(network, flask, knowledge),
        n_draws=n,
        seed=seed,
        dissolution=dissolution_rates(solvent, group, knowledge.protons),
        gases=gases_over(flask.atmosphere, knowledge.gases),
        times=_times(case, flasks),
        limit=knowledge.rates.diffusion_limit,
        posterior=knowledge.learned,
    )


def switched_off(
    simulation: Simulation, reactions: Collection[str], n: int, knowledge: Knowledge, seed: str = SEED
) -> Simulation:
    """Return a simulation with some of its reactions switched off: the same network, draws and protons, their rates next to nothing.

    Args:
        simulation: The flask as it is.
        reactions: Ids of the reactions.
        n: Number of draws; the first ones are those of ``simulation``.
        knowledge: As for ``simulation``.
        seed: As for ``simulation``.

    Raises:
        NoAnswer: If the integrator stops before the end in any draw.
    """
    off = set(reactions)
    laws = tuple(replace(v, terms=(*v.terms, OFF)) if v.reaction in off else v for v in simulation.laws)
    found = _courses(simulation.case, simulation.flask, simulation.network, laws, knowledge, n, seed)
    after = outcome_of(simulation.case, simulation.flask, found, knowledge)
    return replace(simulation, laws=laws, ensemble=found, outcome=after)


def _times(case: Case, flasks: Sequence[Flask]) -> tuple[float, ...] | None:
    """Return when the aliquots of a case were taken and the end of its longest run [s]; None where there are none."""
    taken = {a.at for a in case.observed.aliquots} if case.observed is not None else set[float]()
    end = max(f.time for f in flasks)
    return (*sorted(t for t in taken if t < end), end) if taken else None


def _near(known: Simulation, flask: Flask, target: str | None) -> bool:
    """Say whether a flask is so near to one that was simulated that the rates which growth allows for cover it."""
    reached = known.reached and (target is None or target in known.network.species)
    cool = max(k for _, k in flask.programme) <= max(k for _, k in known.flask.programme) + WARMER
    short = flask.time <= MORE * known.flask.time
    there = _concentrations(known.flask)
    thin = all(c <= MORE * there.get(s, 0.0) for s, c in _concentrations(flask).items())
    dense = flask.limiting / flask.volume >= known.flask.limiting / known.flask.volume / MORE
    return reached and cool and short and thin and dense


def _concentrations(flask: Flask) -> dict[str, float]:
    """Return what is charged of each species over the volume at the start [mol/L]."""
    found: dict[str, float] = {}
    for d in flask.doses:
        if d.smiles is not None:
            found[d.smiles] = found.get(d.smiles, 0.0) + d.mol / flask.volume
    return found


def outcome_of(case: Case, flask: Flask, found: Ensemble, knowledge: Knowledge, *, central: bool = False) -> Outcome:
    """Return what is injected and isolated at the last time of an ensemble (see ``outcome.outcome``)."""
    return outcome(
        found,
        flask.workup,
        knowledge.outcome,
        knowledge.acidity,
        eluent_ph=instrument_of(case).eluent_ph,
        solvents=solvent_smiles(flask),
        boiling=boiling_points(knowledge),
        central=central,
    )


def solvent_smiles(flask: Flask) -> frozenset[str]:
    """Return the SMILES of the reaction solvents."""
    return frozenset(d.smiles for d in flask.doses if d.role == "solvent" and d.smiles is not None)


def boiling_points(knowledge: Knowledge) -> dict[str, float]:
    """Return the boiling points [degC] of the catalogue by SMILES, where known."""
    return {
        components(r.smiles)[0]: r.boiling_point
        for r in knowledge.catalogue.reagents
        if r.smiles and r.boiling_point is not None and "." not in r.smiles
    }


def _likely_target(
    flask: Flask, seeds: tuple[str, ...], grown_rules: tuple[Rule, ...], network: Network, after: Outcome
) -> str | None:
    """Return the product a chemist would mean: the most abundant one that joins the limiting reactant to another substrate.

    Failing such a one, the most abundant that is not much smaller than the limiting reactant.
    """
    grown_up = [s for s in network.species if s not in seeds and not s.startswith(FAMILY_PREFIX) and charge(s) == 0]
    held = residues(network, seeds, grown_rules)
    others = {d.smiles for d in flask.doses if d.role == "substrate"} - {flask.limiting_smiles}
    joined = [
        s for s in grown_up if flask.limiting_smiles in held.get(s, {}) and not others.isdisjoint(held.get(s, {}))
    ]
    medians = dict(zip(after.species, np.median(after.amount, axis=0), strict=True))
    candidates = joined or [s for s in grown_up if heavy_atoms(s) >= LEAST_PART * heavy_atoms(flask.limiting_smiles)]
    return max(candidates, key=lambda s: (round(float(medians.get(s, 0.0)), 9), s), default=None)


def looks(simulation: Simulation, knowledge: Knowledge) -> tuple[Expected, ...]:
    """Return what every species that can be injected would look like."""
    instrument = instrument_of(simulation.case)
    return tuple(
        expected(s, knowledge.evidence, instrument)
        for s in simulation.outcome.species
        if not s.startswith(FAMILY_PREFIX)
    )
