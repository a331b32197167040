"""Rates brought in line with what was measured, and how much of them that tells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path

import numpy as np

from ringside.answers.flow import DRAWS, SEED, simulator
from ringside.answers.measured import RESPONSE, BoolArray, MeasuredRun, Model, measured_runs, samples
from ringside.answers.predict import basic_report
from ringside.answers.rates import NINETY, ZERO_CELSIUS, arrhenius_step, weights_of
from ringside.answers.report import FitEntry, FitPoint, FittedRate, Interval, OpenInterval, Report, SpeciesEntry
from ringside.case.nouns import Case
from ringside.evidence.course import Reading, read_course
from ringside.kinetics.draws import normals
from ringside.kinetics.fit import Fitted, derivative, fit, profile, samples_agree
from ringside.kinetics.nouns import FloatArray, RateLaw
from ringside.kinetics.posterior import Posterior, updated
from ringside.kinetics.rates import log10_k
from ringside.knowledge.base import Knowledge
from ringside.network.nouns import Reaction

TRIALS, STARTS = 64, 3
ENOUGH = 2.706  # chi squared of one degree of freedom at 90 %
GRID = (-4.0, -2.5, -1.645, -0.8, 0.0, 0.8, 1.645, 2.5, 4.0)
WIDE = 3.0
MOST_RATES, MOST_PROFILES = 14, 8
TIED = 0.9
LEAST_TURNOVER = 1e-3
FEW_SAMPLES = 0.3


@dataclass(frozen=True, slots=True, eq=False)
class _Direction:
    """log10 k of one reaction as a weighted sum of the fitted deviates (and of those that stay as they are)."""

    reaction: Reaction
    law: RateLaw
    weights: FloatArray
    rest: float
    centre: float
    turnover: float


def fitted(case: Case, knowledge: Knowledge, data: Path | None) -> tuple[Report, Posterior]:
    """Fit the rates of a case to a table of amounts over time and to what the case file reports of its runs.

    Everything uncertain that the measurements can move is fitted at once, each part with its table value and standard
    deviation as prior; then each rate constant is held at values around the fit, to see what the data alone say of it.

    Args:
        case: The case, its rounds included.
        knowledge: Rules and rates; what was fitted before is the prior.
        data: The table (see ``evidence.course``), or None.

    Returns:
        A report with ``fit`` and the amounts of the fitted model, and what was learned.

    Raises:
        BadInput: If nothing was measured, or a name, time or run of the table does not fit the case.
    """
    file = str(data) if data is not None else ""
    readings: tuple[Reading, ...] = read_course(data) if data is not None else ()
    runs = measured_runs(case, readings, file, knowledge)
    model = Model(runs, knowledge)
    keys, found, agree = _fit(model)
    name = data.name if data is not None else Path(case.file).name
    rates = [i for i, k in enumerate(keys) if not k.startswith(RESPONSE)]
    posterior = updated(
        knowledge.learned,
        [keys[i] for i in rates],
        found.mean[rates],
        found.covariance[np.ix_(rates, rates)],
        name,
    )
    first = replace(case, rounds=())  # the amounts are those of the first run, the rates those of all
    after = simulator(replace(knowledge, learned=posterior))(first, DRAWS)
    report = basic_report("fit", after, None, replace(knowledge, learned=posterior))
    directions = _directions(model, keys)
    entry = FitEntry(
        data=name,
        points=len(found.before),
        runs=len(runs),
        misfit_before=_root_mean_square(found.before),
        misfit_after=_root_mean_square(found.after),
        widened=found.widened,
        learned=found.learned,
        agreement=agree,
        rates=_rates(model, keys, found, directions, report.species, knowledge),
        tied=_tied(found, directions, report.species, knowledge),
        measured=_points(model, keys, found, report.species),
    )
    return replace(report, verdict=_verdict(entry), fit=entry), posterior


def _fit(model: Model) -> tuple[list[str], Fitted, float]:
    """Fit what the data can move: a first look at all deviates, the fit, and a second look from there."""
    trials = normals(model.keys, TRIALS, SEED).T
    seen = model.misfit(trials)
    cost = np.sum(seen**2, axis=1) + np.sum(trials**2, axis=1)
    starts = trials[np.argsort(cost, kind="stable")[:STARTS]]
    least = model.knowledge.fitting["least_effect"]
    active = np.zeros(len(model.keys), dtype=bool)
    for at in (np.zeros(len(model.keys)), starts[0]):
        active |= np.linalg.norm(derivative(model.misfit, at), axis=0) > least
    active = model.whole(active)
    keys, found = _fit_active(model, active, np.vstack([np.zeros(len(model.keys)), starts]))
    whole = np.zeros(len(model.keys))
    whole[active] = found.mean
    more = np.linalg.norm(derivative(model.misfit, whole), axis=0) > least
    if np.any(more & ~active):
        keys, found = _fit_active(model, model.whole(active | more), whole[None, :])
    return keys, found, samples_agree(lambda z: model.misfit(z, keys), found, 0)


def _fit_active(model: Model, active: BoolArray, starts: FloatArray) -> tuple[list[str], Fitted]:
    keys = [k for k, yes in zip(model.keys, active, strict=True) if yes]
    return keys, fit(lambda z: model.misfit(z, keys), starts[:, active])


def _directions(model: Model, keys: Sequence[str]) -> list[_Direction]:
    """Return log10 k of each reaction that turns something over, in the deviates of the fit."""
    learned = model.knowledge.learned
    mixing = learned.mixing() if learned.keys else np.zeros((0, 0))
    rank = {k: i for i, k in enumerate(keys)}
    found: dict[str, _Direction] = {}
    for run in model.runs:
        s = run.simulation
        kelvin = max(t for _, t in s.flask.programme)
        flux = s.ensemble.flux.max(axis=0) / s.flask.limiting
        for j, (r, law) in enumerate(zip(s.network.reactions, s.laws, strict=True)):
            if flux[j] < LEAST_TURNOVER or r.id in found:
                continue
            given = weights_of(law, kelvin)
            white = {k: w for k, w in given.items() if k not in learned.keys}
            old = np.array([given.get(k, 0.0) for k in learned.keys])
            for k, w in zip(learned.keys, mixing.T @ old, strict=True):
                white[k] = white.get(k, 0.0) + float(w)
            weights = np.zeros(len(keys))
            for k, w in white.items():
                if k in rank:
                    weights[rank[k]] = w
            rest = float(np.sqrt(sum(w * w for k, w in white.items() if k not in rank)))
            centre = log10_k(law) + law.ea * arrhenius_step(kelvin)
            turnover = float(np.median(s.ensemble.flux[:, j]) / s.flask.limiting)
            found[r.id] = _Direction(r, law, weights, rest, centre, turnover)
    return list(found.values())


def _spread(d: _Direction, covariance: FloatArray) -> float:
    return float(np.sqrt(d.weights @ covariance @ d.weights + d.rest**2))


def _share_kept(d: _Direction, found: Fitted) -> float:
    before = float(np.sqrt(d.weights @ d.weights + d.rest**2))
    return _spread(d, found.covariance) / before if before > 0.0 else 1.0


def _rates(
    model: Model,
    keys: Sequence[str],
    found: Fitted,
    directions: Sequence[_Direction],
    species: tuple[SpeciesEntry, ...],
    knowledge: Knowledge,
) -> tuple[FittedRate, ...]:
    """Return the constants that were learned most of, then the busiest of the others."""
    ordered = sorted(directions, key=lambda d: (round(_share_kept(d, found), 6), -d.turnover, d.reaction.id))
    shown = ordered[: MOST_RATES // 2]
    shown += sorted(ordered[MOST_RATES // 2 :], key=lambda d: (-d.turnover, d.reaction.id))[: MOST_RATES // 2]
    labels = {s.smiles: s.label for s in species if s.smiles is not None}
    titles = {rule.id: rule.title for rule in knowledge.rules}
    kelvin = max(t for run in model.runs for _, t in run.simulation.flask.programme)
    alone = {d.reaction.id: _alone(model, keys, found, d) for d in shown[:MOST_PROFILES]}
    entries: list[FittedRate] = []
    for d in shown:
        sd = float(np.sqrt(d.weights @ d.weights + d.rest**2))
        now, narrow = d.centre + float(d.weights @ found.mean), _spread(d, found.covariance)
        kept = _share_kept(d, found)
        entries.append(
            FittedRate(
                reaction=d.reaction.id,
                title=titles.get(d.reaction.rule, d.reaction.rule),
                equation=_written(d.reaction, labels),
                unit="L/mol/s" if len(d.reaction.reactants) == 2 else "/s",
                temperature_c=kelvin - ZERO_CELSIUS,
                before=_interval(d.centre, sd),
                after=_interval(now, narrow),
                data_alone=alone.get(d.reaction.id),
                kept=kept,
                told=_told(kept, knowledge) if d.law.absolute else "relative only: the catalyst decides the speed",
            )
        )
    return tuple(entries)


def _told(kept: float, knowledge: Knowledge) -> str:
    limits = knowledge.fitting
    if kept > limits["told_nothing"]:
        return "not told by these data"
    return "measured" if kept < limits["measured"] else "narrowed"


def _alone(model: Model, keys: Sequence[str], found: Fitted, d: _Direction) -> OpenInterval | None:
    """Return the 90 % interval of log10 k by its profile likelihood; an end is None where the data set none."""
    inside = float(np.linalg.norm(d.weights))
    if inside == 0.0:
        return OpenInterval(None, None)
    s = float(np.sqrt(d.weights @ found.covariance @ d.weights))
    at = float(d.weights @ found.mean)
    offsets = np.array(sorted({*(g * s for g in GRID), -WIDE * inside, WIDE * inside}))

    def misfit(z: FloatArray) -> FloatArray:
        return model.misfit(z, keys)

    loss = profile(misfit, found, d.weights, at + offsets)
    loss -= loss.min()
    best = int(np.argmin(loss))
    low = _crossing(offsets[best::-1], loss[best::-1])
    high = _crossing(offsets[best:], loss[best:])
    centre = d.centre + at
    return OpenInterval(None if low is None else centre + low, None if high is None else centre + high)


def _crossing(offsets: FloatArray, loss: FloatArray) -> float | None:
    """Return where the root of the loss first passes the 90 % limit, walking outwards; None where it never does."""
    root = np.sqrt(np.maximum(loss, 0.0))
    limit = float(np.sqrt(ENOUGH))
    for i in range(1, len(offsets)):
        if root[i] >= limit:
            share = (limit - root[i - 1]) / max(root[i] - root[i - 1], 1e-12)
            return float(offsets[i - 1] + share * (offsets[i] - offsets[i - 1]))
    return None


def _tied(
    found: Fitted, directions: Sequence[_Direction], species: tuple[SpeciesEntry, ...], knowledge: Knowledge
) -> tuple[str, ...]:
    """Say which constants are known only together: their ratio or product much better than either."""
    labels = {s.smiles: s.label for s in species if s.smiles is not None}
    loose = [d for d in directions if _share_kept(d, found) > knowledge.fitting["measured"] and d.weights.any()]
    loose = sorted(loose, key=lambda d: -d.turnover)[:10]
    texts: list[str] = []
    for a, b in combinations(loose, 2):
        for word, way in (("ratio", -1.0), ("product", 1.0)):
            joint = a.weights + way * b.weights
            rest = float(np.hypot(a.rest, b.rest))
            before = float(np.sqrt(joint @ joint + rest**2))
            after = float(np.sqrt(joint @ found.covariance @ joint + rest**2))
            if before > 0.0 and after / before < 1.0 - TIED + 0.2:
                texts.append(
                    f"Only the {word} of {_written(a.reaction, labels)} and {_written(b.reaction, labels)} is known, to a factor of {10 ** (NINETY * after):.2g}."
                )
    return tuple(texts[:5])


def _points(
    model: Model, keys: Sequence[str], found: Fitted, species: tuple[SpeciesEntry, ...]
) -> tuple[FitPoint, ...]:
    """Return each reading beside what was and is now expected of it; areas as a share of their sample."""
    labels = {s.smiles: s.label for s in species if s.smiles is not None}
    tables = model.table(np.vstack([np.zeros(len(keys)), found.mean]), keys)
    points: list[FitPoint] = []
    for run, values in zip(model.runs, tables, strict=True):
        whole = _sums(run)
        for j, (reading, smiles) in enumerate(run.readings):
            factor = whole.get(j, 1.0)
            if reading.kind == "area" and j not in whole:
                continue
            unit = {"share": "mol/mol", "concentration": "mol/L", "area": "area share"}[reading.kind]
            error = model.knowledge.fitting["error_area_log"] * reading.value / factor
            points.append(
                FitPoint(
                    run=run.number,
                    time_h=(reading.t if reading.t is not None else run.simulation.flask.time) / 3600.0,
                    what=labels.get(smiles, reading.name),
                    unit=unit,
                    observed=reading.value / factor,
                    error=error if reading.kind == "area" else model.error(run, reading, smiles),
                    limit=reading.below,
                    before=float(values[0, j]),
                    after=float(values[1, j]),
                )
            )
    return tuple(points)


def _sums(run: MeasuredRun) -> dict[int, float]:
    found: dict[int, float] = {}
    for columns in samples(run):
        total = sum(run.readings[j][0].value for j in columns if not run.readings[j][0].below)
        found.update(dict.fromkeys(columns, max(total, 1e-12)))
    return found


def _written(r: Reaction, labels: dict[str, str]) -> str:
    left, right = (" + ".join(labels.get(s, s) for s in side) for side in (r.reactants, r.products))
    return f"{left} → {right}"


def _interval(centre: float, sd: float) -> Interval:
    return Interval(centre, centre - NINETY * sd, centre + NINETY * sd)


def _root_mean_square(values: FloatArray) -> float:
    return float(np.sqrt(np.mean(values**2))) if len(values) else 0.0


def _verdict(entry: FitEntry) -> str:
    measured = [r for r in entry.rates if r.told == "measured"]
    silent = [r for r in entry.rates if r.told == "not told by these data"]
    parts = [
        f"{entry.points} measured values from {entry.runs} run{'s' if entry.runs > 1 else ''} decide about {entry.learned:.1f} parameters; "
        f"the model misses them by {entry.misfit_after:.1f} of their errors (before: {entry.misfit_before:.1f})."
    ]
    if entry.widened > 1.0:
        parts.append(f"They scatter {entry.widened:.1f} times as much as their errors say, which were widened by that.")
    if measured:
        first = measured[0]
        parts.append(
            f"Best known now: {first.equation}, to a factor of {10 ** (first.after.high - first.after.median):.2g}."
        )
    if silent:
        parts.append(f"{len(silent)} of the constants shown are not told by these data and stay as they were.")
    if entry.agreement < FEW_SAMPLES:
        parts.append("The posterior is far from normal: take its intervals with care.")
    return " ".join(parts)
