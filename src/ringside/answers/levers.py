"""How much the target moves with each field of the recipe, one at a time."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ringside.answers.flow import Simulation, simulator
from ringside.answers.report import Interval, LeverEntry
from ringside.answers.species import columns
from ringside.answers.sweep import Axis, axis_of
from ringside.answers.tools import case_tools
from ringside.case.nouns import Case
from ringside.case.read import patch_case
from ringside.errors import RingsideError
from ringside.kinetics.nouns import FloatArray
from ringside.knowledge.base import Knowledge

DRAWS_EACH = 64
AMOUNT, DOUBLE, KELVIN = 1.2, 2.0, 10.0
ZERO_CELSIUS = 273.15


def levers(base: Simulation, knowledge: Knowledge) -> tuple[LeverEntry, ...]:
    """Return what the target gains, draw by draw, when one field of the recipe is lowered or raised a little.

    Equivalents by a fifth, temperature by 10 K, concentration, time and addition times by a factor of two.

    Args:
        base: The flask as written.
        knowledge: Rules and rates.

    Returns:
        One entry for each field that can be varied so, the strongest first; none where the target is not reached.
    """
    if base.target is None or not base.reached:
        return ()
    run, tools = simulator(knowledge), case_tools(knowledge)
    start = _target(run(base.case, DRAWS_EACH))
    found: list[LeverEntry] = []
    for axis in _axes(base, knowledge):
        gains = [
            _gain(_target(run(patch_case(base.case, axis.patches(x), tools), DRAWS_EACH)) - start)
            for x in (axis.numbers[0], axis.numbers[-1])
        ]
        low, high = (f"{x:.3g} {axis.unit}".strip() for x in (axis.numbers[0], axis.numbers[-1]))
        found.append(LeverEntry(axis.field, low, gains[0], high, gains[1]))
    return tuple(sorted(found, key=lambda e: (-max(abs(e.lower.median), abs(e.higher.median)), e.field)))


def _target(world: Simulation) -> FloatArray:
    return world.outcome.amount[:, columns(world)[world.target or ""]]


def _gain(draws: FloatArray) -> Interval:
    low, median, high = (float(v) for v in np.quantile(draws, (0.05, 0.5, 0.95)))
    return Interval(median, low, high)


def _axes(base: Simulation, knowledge: Knowledge) -> Iterator[Axis]:
    for text in _texts(base.case, base):
        try:
            yield axis_of(text, base.case, base, 1, knowledge)
        except RingsideError:
            continue


def _texts(case: Case, base: Simulation) -> Iterator[str]:
    recipe = case.recipe
    for c in recipe.charges:
        span = c.amount.value
        if c.role == "solvent" or span is None or not span.exact:
            continue
        if c.amount.kind == "equiv" and not _limits(c.name, base):  # fmt: skip
            yield f"charge[{c.name}].amount={span.low / AMOUNT:.6g}..{span.low * AMOUNT:.6g} equiv:2"
        if c.add_over.exact and c.add_over.low > 0.0:
            hours = c.add_over.low / 3600.0
            yield f"charge[{c.name}].add_over={hours / DOUBLE:.6g}..{hours * DOUBLE:.6g} h:2"
    litres = base.flask.volume
    spans = [c.amount.value for c in recipe.charges if c.role == "solvent"]
    if litres > 0.0 and any(span is not None and span.exact for span in spans):
        molar = base.flask.limiting / litres
        yield f"concentration={molar / DOUBLE:.6g}..{molar * DOUBLE:.6g} M:2"
    if recipe.time.exact:
        hours = recipe.time.low / 3600.0
        yield f"time={hours / DOUBLE:.6g}..{hours * DOUBLE:.6g} h:2"
    points = recipe.programme.points
    if len(points) == 1 and points[0][1].exact:
        celsius = points[0][1].low - ZERO_CELSIUS
        yield f"temperature={celsius - KELVIN:.6g}..{celsius + KELVIN:.6g} degC:2"


def _limits(name: str, base: Simulation) -> bool:
    return any(d.name == name and d.smiles == base.flask.limiting_smiles for d in base.flask.doses)
