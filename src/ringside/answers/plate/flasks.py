"""Wells that follow a case: each flask simulated once, however many wells share it."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ringside.answers.flow import DRAWS, Simulation, instrument_of, looks, simulator
from ringside.answers.plate.masses import UNTOLD
from ringside.answers.plate.platemap import Row
from ringside.answers.species import interval
from ringside.answers.tools import case_tools
from ringside.case.nouns import Case
from ringside.case.read import case_from_raw
from ringside.evidence.assign import assign
from ringside.evidence.expected import expected
from ringside.evidence.nouns import Assignment, Expected, LcmsRun
from ringside.evidence.sharing import Interval
from ringside.knowledge.base import Knowledge


@dataclass(frozen=True, slots=True)
class Mixture:
    """What a flask is expected to hold: how each species looks, and how much of it is injected."""

    views: tuple[Expected, ...]
    amounts: Mapping[str, Interval]


Namer = Callable[[Row, LcmsRun], tuple[tuple[Assignment, ...], list[str]]]


def by_case(template: Case, knowledge: Knowledge) -> Namer:
    """Return the function that names the peaks of a well that follows a case.

    Wells that differ only by their target share one simulation; of each only the expected amounts are kept, so that
    memory does not grow with the ensembles.

    Args:
        template: The case.
        knowledge: Rules, rates and tables.
    """
    known: dict[str, Mixture] = {}
    instrument = instrument_of(template)

    def name(row: Row, run: LcmsRun) -> tuple[tuple[Assignment, ...], list[str]]:
        raw = flask_of(template, row)
        key = json.dumps({k: v for k, v in raw.items() if k != "target"}, sort_keys=True, default=str)
        if key not in known:
            case = case_from_raw(raw, case_tools(knowledge), file=template.file, folder=Path(template.file).parent)
            known[key] = _mixture(simulator(knowledge)(case, DRAWS), knowledge)
        mixture = known[key]
        views, amounts = list(mixture.views), dict(mixture.amounts)
        for s in (row.target, row.standard):
            if s is not None and s not in amounts:
                views.append(expected(s, knowledge.evidence, instrument))
                amounts[s] = UNTOLD
        return assign(run.peaks, views, amounts, knowledge.evidence, instrument), sorted(v.species for v in views)

    return name


def flask_of(template: Case, row: Row) -> dict[str, Any]:
    """Return the raw case of a well: the template with the structures and the target of its row."""
    raw: dict[str, Any] = copy.deepcopy(dict(template.raw))
    raw["target"] = row.target
    raw.pop("round", None)
    for charge in raw.get("charge", []):
        given = row.cells.get(str(charge["name"]), "")
        if given:
            charge["smiles"] = given
    return raw


def _mixture(simulation: Simulation, knowledge: Knowledge) -> Mixture:
    out = simulation.outcome
    held = {s: interval(out.in_sample[:, i]) for i, s in enumerate(out.species)}
    return Mixture(looks(simulation, knowledge), {s: (v.low, v.median, v.high) for s, v in held.items()})
