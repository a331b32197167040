"""A simulated flask for other programs: as SBML, and its course as a table."""

from __future__ import annotations

import csv
import io

from ringside.answers.flow import DRAWS, Simulation, simulator
from ringside.answers.growth import bindings_of, main_solvent
from ringside.answers.species import species_entries
from ringside.case.nouns import Case
from ringside.kinetics.gases import gases_over
from ringside.kinetics.protons import dissolution_rates
from ringside.kinetics.sbml import sbml
from ringside.kinetics.simulate import simulate
from ringside.knowledge.base import Knowledge

TIMES = 121
LEAST = 1e-9


def sbml_text(case: Case, knowledge: Knowledge) -> str:
    """Return the flask of a case at its central rates, every range at its middle, as SBML."""
    simulation = simulator(knowledge)(case, DRAWS)
    solvent, group = main_solvent(simulation.flask, knowledge)
    return sbml(
        simulation.network,
        simulation.flask,
        simulation.laws,
        bindings_of(simulation.network, simulation.flask, knowledge),
        dissolution=dissolution_rates(solvent, group, knowledge.protons),
        gases=gases_over(simulation.flask.atmosphere, knowledge.gases),
        labels=_labels(simulation, knowledge),
        title=case.title,
    )


def course_text(case: Case, knowledge: Knowledge) -> str:
    """Return the course of the central case as CSV: time [min], then mol per mol limiting of each species that appears."""
    simulation = simulator(knowledge)(case, DRAWS)
    solvent, group = main_solvent(simulation.flask, knowledge)
    course = simulate(
        simulation.network,
        simulation.flask,
        simulation.laws,
        bindings_of(simulation.network, simulation.flask, knowledge),
        dissolution=dissolution_rates(solvent, group, knowledge.protons),
        gases=gases_over(simulation.flask.atmosphere, knowledge.gases),
        n_times=TIMES,
    )
    share = course.n / simulation.flask.limiting
    kept = [i for i in range(len(course.species)) if share[:, i].max() > LEAST]
    labels = _labels(simulation, knowledge)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["time_min", *(labels.get(course.species[i], course.species[i]) for i in kept)])
    writer.writerow(["", *(course.species[i] for i in kept)])
    for t, row in zip(course.t, share, strict=True):
        writer.writerow([f"{t / 60.0:.6g}", *(f"{row[i]:.6g}" for i in kept)])
    return text.getvalue()


def _labels(simulation: Simulation, knowledge: Knowledge) -> dict[str, str]:
    entries = species_entries(simulation, knowledge)
    return {e.smiles: e.label for e in entries if e.smiles is not None}
