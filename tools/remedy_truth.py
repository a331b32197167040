"""What the changes that are advised do to the true yield of synthetic troubled flasks.

Each change is made in the world that made the flask: its cause stays at work unless the change takes it away, its rates are the true ones. The flask
itself is diagnosed from its observations alone, as for a user.
"""

from __future__ import annotations

import csv
import math
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from troubled_flasks import Base, Flask, Truth, happened, looked_into, true_world

from ringside.answers.diagnose import Inquiry, changes
from ringside.answers.flow import middle_flask
from ringside.case.nouns import Case, Patch
from ringside.diagnosis.artefacts import with_artefact
from ringside.diagnosis.changes import all_patches
from ringside.diagnosis.hypotheses import considered
from ringside.errors import BadInput, NoAnswer
from ringside.remedy.moves import joined
from ringside.remedy.nouns import RemedyCard

FOLDER = Path(__file__).parents[1] / "validation"
UNDOES = FOLDER / "remedy-undoes.csv"
ADVICE = FOLDER / "seed-advice.csv"
TOLD = 3
LOW_CONVERSION = 0.7
LOW_YIELD = 0.5
HEAVIER = 5.0
HEAVY_AREA = 0.05  # of all area
PROTON = 1.00728
_TIE = 1e-6
_SOLD_AS = ("purity", "water", "form")


@dataclass(frozen=True, slots=True)
class Effect:
    """What one change does in truth.

    ``own``: yield per mol of the reactant that limits after it; ``gain``: beyond doing nothing, both per mol of that reactant; ``original``:
    beyond doing nothing, per mol of the reactant that limits the recipe as written (of several that do, the one that limits after).
    """

    own: float
    gain: float
    original: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """One flask, and what each way to choose a change brings.

    Attributes:
        before: True yield when nothing is done.
        repeat: Gain of the recipe as written, its cause gone.
        told: Ids of the first remedies, at most three, in the order in which they are told.
        effects: What each of them does: own yield, gain, gain per original limiting reactant.
        promised: The yield that each promises: median, 5 and 95 %.
        expected: The gain that each promises: median, 5 and 95 %.
        patches: Each in words.
        seed: What the guide advises, and what it does; empty where no symptom is told.
        lot: A random change that fits.
        best: The change of the largest gain.
        tried: How many changes fit.
        harm: How many of those lower the true yield by more than a point.
    """

    seed_of_run: int
    knowledge: str
    base: str
    number: int
    perturbed: bool
    kind: str
    cause: str
    before: float
    repeat: float
    told: tuple[str, ...]
    effects: tuple[tuple[float, float, float], ...]
    promised: tuple[tuple[float, float, float], ...]
    expected: tuple[tuple[float, float, float], ...]
    patches: tuple[str, ...]
    seed: tuple[str, ...]
    seed_effect: tuple[float, float, float] | None
    lot: str
    lot_effect: tuple[float, float, float] | None
    best: str
    best_effect: tuple[float, float, float] | None
    tried: int
    harm: int


@cache
def undoing() -> frozenset[tuple[str, str]]:
    """Return pairs of a cause and a remedy that takes it away, beyond another bottle or another setting."""
    with UNDOES.open(encoding="utf-8", newline="") as file:
        return frozenset((r["cause"], r["remedy"]) for r in csv.DictReader(file))


def true_effect(
    base: Base, truth: Truth, patches: Sequence[Patch], remedies: Sequence[str] = (), before: float | None = None
) -> Effect:
    """Return what a change of the recipe does in truth.

    Args:
        base: The recipe.
        truth: What was at work in its flask.
        patches: The change, for the case as written.
        remedies: The cards it is from; they may take the cause away, see ``remedy-undoes.csv``.
        before: Product where nothing is done, if it is known already, see ``product``.

    Raises:
        BadInput: If the changed recipe is none.
        NoAnswer: If it cannot be simulated.
    """
    changed = base.tools.patch(base.case, patches) if patches else base.case
    before = product(base, truth, base.case) if before is None else before
    after = product(base, _left(truth, remedies), changed) if patches else before
    old, new = written(base, base.case), written(base, changed)
    was, limits = (middle_flask(c, base.knowledge).limiting_smiles for c in (base.case, changed))
    if old.get(limits, math.inf) <= old[was] * (1 + _TIE):
        was = limits
    own = after / new[limits]
    plain = before / old[was]
    return Effect(
        own=own,
        gain=own - (before / old[limits] if limits in old else plain),
        original=(after / new[was] if was in new else own) - plain,
    )


def _left(truth: Truth, remedies: Sequence[str]) -> Truth:
    """Return what is still at work after these remedies."""
    if truth.cause is None or all((truth.cause.id, r) not in undoing() for r in remedies):
        return truth
    return without_cause(truth)


def without_cause(truth: Truth) -> Truth:
    """Return the same rates and amounts with nothing gone wrong."""
    return Truth(None, truth.misreported, truth.knowledge, truth.seed, truth.draw)


def product(base: Base, truth: Truth, case: Case) -> float:
    """Return the product that is truly isolated when a case is run [mol per equivalent of the recipe].

    A loss at the work-up is a loss; that a product was weighed with something else in it is none.
    """
    real = happened(base, truth, case)
    world = true_world(truth, real)
    lost = truth.cause.artefact if truth.cause is not None else None
    if lost is not None and lost["observable"] == "isolated" and float(lost["times"][1]) <= 1.0:
        world = with_artefact(world, lost, base.tools.features)
    return float(world.target_yield()[truth.draw]) * written(base, real).get(world.limiting, 1.0)


def written(base: Base, case: Case) -> Mapping[str, float]:
    """Return the equivalents of each substrate as the recipe says them, whatever its bottles hold, by SMILES."""
    bare = [
        Patch(f"charge[{c['name']}].{field}", c[field], None)
        for c in case.raw["charge"]
        for field in _SOLD_AS
        if field in c
    ]
    plain = base.tools.patch(case, bare) if bare else case
    found: dict[str, float] = {}
    for name, equivalents in base.tools.equivalents(plain).items():
        smiles = base.tools.smiles_of(plain, name)
        key = base.tools.canonical(smiles) if smiles is not None else None
        if key is not None:
            found[key] = equivalents
    limits = middle_flask(plain, base.knowledge).limiting_smiles
    return found if limits in found else {**found, limits: 1.0}


def options(base: Base, found: Inquiry) -> list[tuple[str, tuple[Patch, ...]]]:
    """Return every option of every card that fits, by name such as ``dilute:2``."""
    cards = (c for c in base.knowledge.remedies if _fits(c, found.situation))
    named = (
        (f"{c.id}:{i}", all_patches(base.case, option, base.tools))
        for c in sorted(cards, key=lambda c: c.id)
        for i, option in enumerate(c.options, start=1)
    )
    return [(name, patches) for name, patches in named if patches]


def _fits(card: RemedyCard, situation: frozenset[str]) -> bool:
    return card.status != "retired" and considered(card.needs, card.excludes, situation)


def symptoms(base: Base, case: Case) -> frozenset[str]:
    """Return what a user of the guide would report, from the observations alone."""
    seen = case.observed
    if seen is None:
        return frozenset()
    found: set[str] = set()
    notes = " ".join(seen.notes)
    if "gum" in notes:
        found.add("gum")
    if seen.conversion is not None and sum(seen.conversion) / 2 < LOW_CONVERSION:
        found.add("low-conversion")
    if seen.isolated_yield is not None and sum(seen.isolated_yield) / 2 < LOW_YIELD:
        found.add("low-yield")
    world = base.tools.run(base.case, 16)
    if world.product is not None:
        top = float(world.molar_mass[world.species.index(world.product)]) + PROTON + HEAVIER
        if any(p.area is not None and p.area > HEAVY_AREA and p.mz and p.mz[0] > top for p in seen.peaks):
            found.add("heavier")
    return frozenset(found)


@cache
def advice() -> tuple[dict[str, str], ...]:
    """Return the rows of the guide, in the order in which they are read."""
    with ADVICE.open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def advised(base: Base, found: Inquiry, reported: frozenset[str]) -> tuple[tuple[str, ...], tuple[Patch, ...]]:
    """Return the cards and the change that the guide advises for these symptoms; nothing where it has no row that fits."""
    fitting = dict(options(base, found))
    for row in advice():
        needs = (row["needs"],) if row["needs"] else ()
        names = tuple(n.strip() for n in row["cards"].split("+"))
        if row["symptom"] in reported and considered(needs, (), found.situation) and set(names) <= fitting.keys():
            return names, joined([p for n in names for p in fitting[n]])
    return (), ()


def outcome_of(base: Base, flask: Flask, seed: int) -> Outcome:
    """Diagnose one flask, and see what each way to choose a change does in truth."""
    truth = flask.truth
    found = looked_into(base, flask.case)
    nothing = product(base, truth, base.case)

    def tried(patches: Sequence[Patch], cards: Sequence[str]) -> Effect | None:
        try:
            return true_effect(base, truth, patches, [c.partition(":")[0] for c in cards], nothing)
        except (BadInput, NoAnswer):
            return None

    fitting = {name: tried(patches, [name]) for name, patches in options(base, found)}
    known = {name: effect for name, effect in fitting.items() if effect is not None}
    lot = np.random.Generator(np.random.PCG64([seed, flask.number, zlib.crc32(base.name.encode()), flask.perturbed]))
    drawn = sorted(known)[int(lot.integers(len(known)))] if known else ""
    best = min(known, key=lambda n: (-known[n].gain, n), default="")
    remedies = [(r, tried(r.patch, [r.id])) for r in changes(found, base.knowledge).remedies[:TOLD]]
    shown = [(r, e) for r, e in remedies if e is not None]
    names, patches = advised(base, found, symptoms(base, flask.case))
    before = true_effect(base, truth, (), before=nothing)
    return Outcome(
        seed_of_run=seed,
        knowledge=base.knowledge.hash[:12],
        base=base.name,
        number=flask.number,
        perturbed=flask.perturbed,
        kind=flask.kind,
        cause=flask.cause,
        before=before.own,
        repeat=true_effect(base, without_cause(truth), ()).own - before.own,
        told=tuple(r.id for r, _ in shown),
        effects=tuple(_row(e) for _, e in shown),
        promised=tuple((r.after.median, r.after.low, r.after.high) for r, _ in shown),
        expected=tuple((r.gain.median, r.gain.low, r.gain.high) for r, _ in shown),
        patches=tuple(r.text for r, _ in shown),
        seed=names,
        seed_effect=_maybe(tried(patches, names) if names else None),
        lot=drawn,
        lot_effect=_maybe(known.get(drawn)),
        best=best,
        best_effect=_maybe(known.get(best)),
        tried=len(known),
        harm=sum(e.gain < -0.01 for e in known.values()),
    )


def _row(effect: Effect) -> tuple[float, float, float]:
    return effect.own, effect.gain, effect.original


def _maybe(effect: Effect | None) -> tuple[float, float, float] | None:
    return None if effect is None else _row(effect)
