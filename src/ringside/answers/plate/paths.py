"""Recurring peaks explained by the rules, from the flask of the case."""

from __future__ import annotations

from ringside.answers.flow import instrument_of, simulator
from ringside.answers.plate.meanings import REACH, Paths
from ringside.answers.whatis import what_is
from ringside.case.nouns import Case
from ringside.evidence.spectrum import mass_sd
from ringside.knowledge.base import Knowledge

STEPS = 2


def paths_of(template: Case, knowledge: Knowledge) -> Paths:
    """Return the function from an m/z to the rule paths of the template case that give it; the case is simulated once.

    Args:
        template: The case.
        knowledge: Rules, rates and ions.
    """
    simulate = simulator(knowledge)
    instrument = instrument_of(template)

    def paths(mz: float) -> list[tuple[str, str, str, float, float]]:
        within = min(REACH * mass_sd(mz, knowledge.evidence.constants, instrument), 1.0)
        report = what_is(template, knowledge, mz=f"{mz:.2f}", tolerance=within, steps=STEPS, simulate=simulate)
        return [
            (e.pathway.label, e.pathway.smiles, e.ion, mz - e.mz, e.cost)
            for e in report.explanations or ()
            if e.mz is not None
        ]

    return paths
