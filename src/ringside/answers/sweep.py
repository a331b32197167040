"""One case with a field of its recipe varied, or two on a grid."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from ringside.answers.entries import report_id
from ringside.answers.flow import DRAWS, Simulation, middle_flask, simulator
from ringside.answers.predict import basic_report
from ringside.answers.report import Interval, PatchEntry, Report, SpeciesEntry, SweepEntry, SweepPoint
from ringside.answers.species import columns, interval
from ringside.answers.tools import case_tools
from ringside.case.nouns import Case, Patch
from ringside.case.read import patch_case
from ringside.chem.labels import describe
from ringside.chem.mass import heavy_atoms
from ringside.diagnosis.changes import scaled
from ringside.errors import bad_input
from ringside.knowledge.base import Knowledge
from ringside.network.nouns import FAMILY_PREFIX

POINTS_LINE, POINTS_MAP, MOST_POINTS = 9, 7, 200
MOST_SIDES = 4
LEAST_SIDE = 0.005
LEAST_ATOMS = 5
FLAT = 0.01
DECADE = 10.0
_VARY = re.compile(
    r"^\s*(?P<field>.+?)\s*=\s*(?P<low>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)\s*\.\.\s*"
    r"(?P<high>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)\s*(?P<unit>[^:]*?)\s*(?::\s*(?P<n>\d+))?\s*$"
)
FORM = "FIELD=A..B UNIT, such as concentration=0.01..1 M, add_over=0..8 h, temperature=20..80 degC:7"
UNITS = {"concentration": "mol/L", "M": "mol/L", "temperature": "degC", "time": "h", "add_over": "h", "start": "h"}


@dataclass(frozen=True, slots=True)
class Axis:
    """One varied field: its values, and the patches that put one of them into the case."""

    field: str
    unit: str
    numbers: tuple[float, ...]
    logarithmic: bool
    patches: Callable[[float], tuple[Patch, ...]]


def sweep(case: Case, knowledge: Knowledge, vary: Sequence[str]) -> Report:
    """Predict a case with one field varied over a range, or two fields over a grid.

    Every point is the prediction that the patched case file would give, with the same draws.

    Args:
        case: The case.
        knowledge: Rules and rates.
        vary: One or two texts ``FIELD=A..B UNIT`` with an optional ``:N`` for the number of points.

    Returns:
        The prediction of the case as written, with ``sweep``.

    Raises:
        BadInput: If a field, a range or a unit cannot be used, or the target is not reached as written.
    """
    if len(vary) > 2:
        raise bad_input("too-many-fields", "at most two fields can vary", field="--vary", value="; ".join(vary))
    run = simulator(knowledge)
    base = run(case, DRAWS)
    report = basic_report("predict", base, None, knowledge)
    if base.target is None:
        raise bad_input(
            "no-target", "a sweep needs a target to follow", file=case.file, field="target", next_step="give one"
        )
    axes = tuple(axis_of(text, case, base, len(vary), knowledge) for text in vary)
    grid = list(product(*(a.numbers for a in axes)))
    if len(grid) > MOST_POINTS:
        raise bad_input(
            "too-many-points",
            "so many points take too long",
            field="--vary",
            value=str(len(grid)),
            limit=f"at most {MOST_POINTS}",
        )
    tools = case_tools(knowledge)
    worlds: list[tuple[tuple[float, ...], tuple[Patch, ...], Simulation]] = []
    for numbers in grid:
        patches = tuple(p for a, x in zip(axes, numbers, strict=True) for p in a.patches(x))
        worlds.append((numbers, patches, run(patch_case(case, patches, tools), DRAWS)))
    shown = _shown(base, [w for _, _, w in worlds])
    labels = _labels(shown, base, report.species, knowledge)
    points = tuple(_point(axes, numbers, patches, world, base, shown) for numbers, patches, world in worlds)
    entry = SweepEntry(
        tuple(a.field for a in axes),
        tuple(a.unit for a in axes),
        tuple(a.logarithmic for a in axes),
        tuple(labels[s][0] for s in shown),
        tuple(labels[s][1] for s in shown),
        tuple(_amount(base, s) for s in shown),
        points,
    )
    return replace(report, verdict=_verdict(entry), sweep=entry)


def axis_of(text: str, case: Case, base: Simulation, count: int, knowledge: Knowledge) -> Axis:
    """Read one FIELD=A..B UNIT."""
    found = _VARY.match(text)
    if found is None:
        raise bad_input("bad-vary", "this is no range of a field", field="--vary", value=text, limit=FORM)
    low, high = float(found["low"]), float(found["high"])
    n = int(found["n"]) if found["n"] else (POINTS_LINE if count == 1 else POINTS_MAP)
    if not (low < high and 2 <= n <= MOST_POINTS):
        raise bad_input(
            "bad-vary", "the range must rise and have two points or more", field="--vary", value=text, limit=FORM
        )
    logarithmic = low > 0.0 and high / low >= DECADE
    spaced = np.geomspace(low, high, n) if logarithmic else np.linspace(low, high, n)
    numbers = tuple(float(f"{x:.4g}") for x in spaced)
    name, unit = found["field"], found["unit"]
    if name == "concentration":
        _unit(unit, ("M", "mol/L"), text)
        return Axis(name, "mol/L", numbers, logarithmic, lambda x: _concentration(x, case, base, knowledge))
    path = _path(name, case, text)
    unit = unit or UNITS.get(path.rpartition(".")[2], "")
    head, _, key = path.rpartition(".")
    old = _old(case, path)
    if isinstance(old, list):
        raise bad_input(
            "bad-vary", "a temperature programme cannot be varied as one number", field="--vary", value=text,
            next_step="write one temperature into the case",
        )  # fmt: skip
    if key == "amount" and not unit:
        unit = "equiv"
    return Axis(path, unit, numbers, logarithmic, lambda x: (Patch(f"{head}.{key}", old, f"{x:.6g} {unit}".strip()),))


def _unit(unit: str, known: tuple[str, ...], text: str) -> None:
    if unit not in known:
        raise bad_input(
            "bad-unit", "this unit does not fit", field="--vary", value=text, limit=" or ".join(known), next_step=FORM
        )


def _path(name: str, case: Case, text: str) -> str:
    """Return the path in the case file of what a user calls a field."""
    charges = [str(c["name"]) for c in case.raw.get("charge", ())]
    if name in ("temperature", "time"):
        return f"conditions.{name}"
    if name in charges:
        return f"charge[{name}].amount"
    if name in ("add_over", "start"):
        fed = [str(c["name"]) for c in case.raw.get("charge", ()) if "add_over" in c]
        if len(fed) == 1:
            return f"charge[{fed[0]}].{name}"
        raise bad_input(
            "bad-vary", "the case must feed exactly one charge for that", field="--vary", value=text,
            limit=", ".join(f"charge[{c}].{name}" for c in charges), next_step="name the charge",
        )  # fmt: skip
    if name.startswith(("charge[", "conditions.", "workup.")) or name == "scale":
        return name
    fields = [
        "concentration",
        "temperature",
        "time",
        "add_over",
        *charges,
        "charge[NAME].amount",
        "charge[NAME].add_over",
    ]
    raise bad_input(
        "bad-vary", "there is no such field", field="--vary", value=name, limit=", ".join(fields), next_step=FORM
    )


def _old(case: Case, path: str) -> object:
    if path.startswith("charge["):
        name, key = path[len("charge[") :].rsplit("].", 1)
        return next((c.get(key) for c in case.raw.get("charge", ()) if str(c["name"]) == name), None)
    head, _, key = path.partition(".")
    return case.raw.get(head, {}).get(key) if key else case.raw.get(head)


def _concentration(x: float, case: Case, base: Simulation, knowledge: Knowledge) -> tuple[Patch, ...]:
    """Scale the solvents so that the limiting reactant has this concentration [mol/L] before any feed."""
    solvents = [c for c in case.recipe.charges if c.role == "solvent"]
    raw = {str(c["name"]): c.get("amount") for c in case.raw.get("charge", ())}
    if solvents and all(c.amount.value is None or c.amount.kind == "concentration" for c in solvents):
        return tuple(Patch(f"charge[{c.name}].amount", raw[c.name], f"{x:.6g} mol/L") for c in solvents)

    def scaling(times: float) -> tuple[Patch, ...]:
        found: list[Patch] = []
        for c in case.recipe.charges:
            factor = times if c.role == "solvent" else 1.0 / times if c.amount.kind == "concentration" else None
            new = scaled(str(raw[c.name]), (factor, factor)) if factor is not None else None
            if new is not None:
                found.append(Patch(f"charge[{c.name}].amount", raw[c.name], new))
        return tuple(found)

    tools = case_tools(knowledge)
    doubled = middle_flask(patch_case(case, scaling(2.0), tools), knowledge).volume if solvents else base.flask.volume
    share = doubled - base.flask.volume
    rest = base.flask.volume - share
    times = (base.flask.limiting / x - rest) / share if share > 0.0 else 0.0
    if times <= 0.0:
        neat = (
            f"at most {base.flask.limiting / rest:.3g} mol/L without solvent"
            if share > 0.0
            else "a recipe with solvent"
        )
        raise bad_input(
            "bad-vary", "the recipe cannot have this concentration", field="--vary", value=f"{x:.4g} mol/L", limit=neat
        )
    return scaling(times)


def _draws(world: Simulation, species: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    at = columns(world)
    return world.outcome.amount[:, at[species]] if species in at else np.zeros(DRAWS)


def _amount(world: Simulation, species: str) -> Interval:
    return interval(_draws(world, species))


def _shown(base: Simulation, worlds: Sequence[Simulation]) -> tuple[str, ...]:
    """Return the target and the side products that reach most anywhere."""
    top: dict[str, float] = {}
    doses = {d.smiles for d in base.flask.doses}
    for world in (base, *worlds):
        for s, i in columns(world).items():
            if s != base.target and s not in doses and s not in world.seeds and _organic(s):
                top[s] = max(top.get(s, 0.0), float(np.median(world.outcome.amount[:, i])))
    best = sorted((s for s, v in top.items() if v > LEAST_SIDE), key=lambda s: (-top[s], s))[:MOST_SIDES]
    return (base.target or "", *best)


def _organic(species: str) -> bool:
    return species.startswith(FAMILY_PREFIX) or heavy_atoms(species) >= LEAST_ATOMS


def _labels(
    shown: Sequence[str], base: Simulation, entries: tuple[SpeciesEntry, ...], knowledge: Knowledge
) -> dict[str, tuple[str, str]]:
    """Return id and label of each species shown."""
    known = {e.smiles: e.label for e in entries if e.smiles is not None}
    names = {d.smiles: d.name for d in base.flask.doses if d.smiles is not None}
    return {
        s: (
            report_id(s),
            "longer chains and rings"
            if s.startswith(FAMILY_PREFIX)
            else known.get(s) or describe(s, base.target, names, knowledge.names),
        )
        for s in shown
    }


def _point(
    axes: Sequence[Axis],
    numbers: tuple[float, ...],
    patches: tuple[Patch, ...],
    world: Simulation,
    base: Simulation,
    shown: Sequence[str],
) -> SweepPoint:
    better = float(np.mean(_draws(world, shown[0]) > _draws(base, shown[0])))
    return SweepPoint(
        tuple(f"{x:.4g} {a.unit}".strip() for a, x in zip(axes, numbers, strict=True)),
        numbers,
        tuple(_amount(world, s) for s in shown),
        better,
        tuple(PatchEntry(p.path, p.old, p.new) for p in patches),
    )


def _verdict(entry: SweepEntry) -> str:
    """Return one sentence: where the target is best, against the case as written, and how sure that is."""
    best = max(entry.points, key=lambda p: (p.amounts[0].median, p.numbers))
    worst = min(entry.points, key=lambda p: (p.amounts[0].median, p.numbers))
    where = ", ".join(f"{f} {v}" for f, v in zip(entry.fields, best.values, strict=True))
    there = ", ".join(f"{f} {v}" for f, v in zip(entry.fields, worst.values, strict=True))
    now, top, low = entry.as_written[0].median, best.amounts[0].median, worst.amounts[0].median
    if top - low < FLAT:
        return f"{', '.join(entry.fields)} changes the target by less than 1 % over this range ({now:.0%} as written)."
    return (
        f"Most target at {where}: {top:.0%} against {now:.0%} as written (better in {best.better:.0%} of the draws); "
        f"least at {there}: {low:.0%}."
    )
