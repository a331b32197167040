"""From a simulation to the world that a diagnosis compares with what was seen."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ringside.answers.flow import (
    SEED,
    Simulation,
    boiling_points,
    flasks_of,
    looks,
    outcome_of,
    solvent_smiles,
)
from ringside.chem.mass import average_mass, formula_mass
from ringside.chem.molecule import elements
from ringside.diagnosis.world import World
from ringside.evidence.nouns import Observed
from ringside.kinetics.nouns import FloatArray
from ringside.kinetics.schedule import volume_at
from ringside.knowledge.base import Knowledge
from ringside.network.nouns import FAMILY_PREFIX
from ringside.outcome.nouns import Outcome
from ringside.outcome.ph import aqueous_ph

WATER = "O"
MIXTURE = "mixture"
PAPER = 2.0  # volumes of water and mixture per volume of mixture, on wet paper


def world_of(simulation: Simulation, knowledge: Knowledge) -> World:
    """Return a simulation as the world that a diagnosis compares with what was seen."""
    species = simulation.outcome.species
    views = {e.species: e for e in looks(simulation, knowledge)}
    boiling = boiling_points(knowledge)
    volatile = knowledge.outcome.constants["volatile_boiling_point"][0]
    solvents = solvent_smiles(simulation.flask)

    def stays(s: str) -> bool:
        if s.startswith(FAMILY_PREFIX):
            return True
        return "C" in elements(s) and s not in solvents and boiling.get(s, 1e3) > volatile

    doses: dict[str, float] = {}
    for d in simulation.flask.doses:
        if d.smiles is not None:
            doses[d.smiles] = doses.get(d.smiles, 0.0) + d.mol / simulation.flask.limiting
    substrates = sorted(
        {
            d.smiles
            for d in simulation.flask.doses
            if d.role == "substrate" and d.smiles is not None and "C" in elements(d.smiles)
        },
        key=lambda s: (s != simulation.flask.limiting_smiles, s),
    )
    world = World(
        species=species,
        amount=simulation.outcome.amount,
        in_sample=simulation.outcome.in_sample,
        isolated=simulation.outcome.isolated,
        charged=np.array([doses.get(s, 0.0) for s in species]),
        limiting_mol=simulation.ensemble.limiting,
        molar_mass=np.array([_mass(s, simulation) for s in species]),
        uv=np.array([views[s].uv_response if s in views else 0.0 for s in species]),
        uv_class=tuple(views[s].uv_class if s in views else "none" for s in species),
        esi=tuple(views[s].esi if s in views else False for s in species),
        residue=tuple(stays(s) for s in species),
        product=simulation.target if simulation.reached else None,
        starting_materials=tuple(substrates),
    )
    seen = simulation.case.observed
    return world if seen is None else _with_what_was_looked_at(world, simulation, seen, knowledge)


def _mass(species: str, simulation: Simulation) -> float:
    """Return the molar mass [g/mol]; that of a repeat unit for a family."""
    if not species.startswith(FAMILY_PREFIX):
        return average_mass(species)
    family = next(f for f in simulation.network.families if f.id == species)
    return formula_mass(family.repeat)


def _with_what_was_looked_at(world: World, simulation: Simulation, seen: Observed, knowledge: Knowledge) -> World:
    """Return the world with its samples, pH and water contents, as far as somebody measured them."""
    return replace(
        world,
        samples=_samples(world, simulation, knowledge) if seen.aliquots else {},
        ph=_ph(world, simulation, knowledge) if seen.ph is not None else None,
        water={w.of: found for w in seen.water if (found := _water(w.of, world, simulation, knowledge)) is not None},
    )


def _samples(world: World, simulation: Simulation, knowledge: Knowledge) -> dict[float, World]:
    """Return the flask at the time of each aliquot; one that is taken after the end sees the end."""
    seen, course = simulation.case.observed, simulation.ensemble
    flask = replace(simulation.flask, workup=None)
    found: dict[float, World] = {}
    for a in seen.aliquots if seen is not None else ():
        i = min(int(np.searchsorted(course.t, a.at - 1e-6)), len(course.t) - 1)
        then = replace(course, t=course.t[i : i + 1], n=course.n[:, i : i + 1])
        after = outcome_of(simulation.case, flask, then, knowledge)
        amount, in_sample = (_in_columns(after, values, world) for values in (after.amount, after.in_sample))
        found[a.at] = replace(world, amount=amount, in_sample=in_sample, isolated=amount)
    return found


def _in_columns(after: Outcome, values: FloatArray, world: World) -> FloatArray:
    """Return amounts in the columns of a world."""
    found = np.zeros_like(world.amount)
    for i, s in enumerate(after.species):
        if s in world.species:
            found[:, world.species.index(s)] = values[:, i]
    return found


def _ph(world: World, simulation: Simulation, knowledge: Knowledge) -> FloatArray:
    """Return the pH of the mixture on wet paper at the end."""
    flask = simulation.flask
    litres = PAPER * volume_at(flask, flask.time)
    return aqueous_ph(world.species, world.amount * world.limiting_mol[:, None] / litres, knowledge.acidity)


def _water(of: str, world: World, simulation: Simulation, knowledge: Knowledge) -> FloatArray | None:
    """Return the mass fraction of water in the mixture at its end or in a charge, shape (n_draws,); None for another name."""
    if of.casefold() == MIXTURE:
        total = sum(d.mol * average_mass(d.smiles) for d in simulation.flask.doses if d.smiles is not None)
        held = world.column(world.amount, WATER) * world.limiting_mol * average_mass(WATER)
        return held / total if total > 0 else None
    if of not in {c.name for c in simulation.case.recipe.charges}:
        return None
    flasks = flasks_of(simulation.case, knowledge, world.n_draws, SEED)
    shares: list[float] = []
    for flask in flasks:
        own = sum(d.mol * average_mass(d.smiles) for d in flask.doses if d.name == of and d.smiles is not None)
        wet = sum(d.mol for d in flask.doses if d.name == f"water in {of}") * average_mass(WATER)
        shares.append(wet / (own + wet) if own + wet > 0 else 0.0)
    return np.array(shares * (world.n_draws if len(shares) == 1 else 1))
