"""Which changes help most, traded against volume, time and cost."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from ringside.answers.diagnose import Inquiry, inquire
from ringside.answers.flow import DRAWS, middle_flask
from ringside.answers.predict import basic_report, sources_of
from ringside.answers.report import (
    BillEntry,
    ChangeEntry,
    FlatEntry,
    Interval,
    PatchEntry,
    PlanEntry,
    PlanPoint,
    Report,
    ScreenRun,
)
from ringside.answers.tools import price_of
from ringside.case.nouns import Case
from ringside.diagnosis.hypotheses import AS_WRITTEN
from ringside.diagnosis.world import weighted_quantile
from ringside.errors import NoAnswer, no_answer
from ringside.kinetics.draws import normals
from ringside.kinetics.nouns import FloatArray
from ringside.knowledge.base import Knowledge
from ringside.remedy.costs import in_words
from ringside.remedy.moves import Move, moves_of
from ringside.remedy.screen import Run, screen
from ringside.remedy.search import Belief, Bill, Limits, Question, Trial, best, evaluate, front, robust, search, winners

FEW = 64
DEPTH, WIDTH, PARTNERS = 3, 4, 8
SIZES = ((40, 140), (100, 80), (10_000, 45))
SHOWN = 12
COUNTS = 0.15
SEED = "plan"
ENDS = (0.5, 0.05, 0.95)


def plan_report(case: Case, knowledge: Knowledge, limits: Limits, runs: int) -> Report:
    """Search over the recipe for yield, purity and effort, and say which runs would decide where the model cannot.

    Args:
        case: The case; what was observed weighs the draws and what may have happened.
        knowledge: Rules, remedies, levers and costs.
        limits: What a recipe must keep to.
        runs: Most runs of a screen.

    Returns:
        A report with ``plan``.

    Raises:
        BadInput: If the recipe or its evidence cannot be used.
        NoAnswer: If no rule leads to the target, or the recipe as written breaks the limits and nothing else keeps to them.
    """
    found = inquire(case, knowledge)
    case = found.case
    if not found.simulation.reached:
        raise no_answer(
            "target-not-reached",
            "no rule leads from this flask to the target: there is nothing to optimise",
            file=case.file,
            field="target",
            next_step="see ringside paths for what stands in the way",
        )
    few, many = (_question(found, case, knowledge, limits, n) for n in (FEW, DRAWS))
    moves = moves_of(case, knowledge.remedies, knowledge.levers, situation=found.situation, tools=found.tools)
    size = len(found.simulation.network.species)
    most = next(m for top, m in SIZES if size <= top)
    tried = search(few, moves, width=WIDTH, partners=PARTNERS, depth=DEPTH, most=most)
    written = evaluate(replace(many, limits=Limits()), ())
    if not tried or written is None:
        raise _nothing(case, limits)
    same = knowledge.planning["flat"]
    kept = sorted(front(tried, same / 2, knowledge.planning["same_effort"]), key=lambda t: (t.bill.effort, -t.mean))
    picked = _few(kept, best(tried, same), robust(tried, knowledge.planning["robust_quantile"], same))
    again = [t for t in (evaluate(many, p.moves) for p in picked) if t is not None]
    if not again:
        raise _nothing(case, limits)
    top = best(again, same)
    safe = robust(again, knowledge.planning["robust_quantile"], same)
    won = winners(again, same)
    point = _writer(won)
    chosen = screen(again, runs=runs, sd=knowledge.planning["measured_yield_sd"], same=same)
    decided = max(won.values()) >= 1.0 - knowledge.planning["undecided_share"]
    entry = PlanEntry(
        tried=len(tried),
        written=point(written),
        points=tuple(point(t) for t in sorted(again, key=lambda t: (t.bill.effort, _id(t)))),
        best=_id(top),
        robust=_id(safe),
        flatness=_flatness(few, top, moves),
        routes=tuple(point(t) for t in _routes(many, tried, same)),
        decided=decided,
        screen=() if decided else tuple(_run(r, n) for n, r in enumerate(chosen)),
    )
    base = basic_report("plan", found.simulation, found.evidence, knowledge)
    keys = {k for p in entry.points for k in p.sources}
    return replace(
        base,
        verdict=_verdict(entry),
        plan=entry,
        sources=tuple({s.key: s for s in (*base.sources, *sources_of(keys, knowledge))}.values()),
    )


def _nothing(case: Case, limits: Limits) -> NoAnswer:
    return no_answer(
        "limits-too-narrow",
        "no recipe keeps to these limits, the one as written included",
        file=case.file,
        field="--max-volume, --max-time, --max-cost",
        value=f"{1000 * limits.volume:.3g} mL, {limits.hours:.3g} h, {limits.money:.3g} EUR",
        next_step="widen a limit, or lower the scale of the case",
    )


def _question(found: Inquiry, case: Case, knowledge: Knowledge, limits: Limits, draws: int) -> Question:
    """Return what the search asks: the recipe as written and each likely deviation, with the weights of their draws."""
    likely = [
        c
        for c in found.ranking.candidates
        if c.hypothesis is not None and c.hypothesis.kind == "deviation" and c.probability > COUNTS
    ]
    written = next(c for c in found.ranking.candidates if c.id == AS_WRITTEN)
    rest = 1.0 - sum(c.probability for c in likely)
    beliefs = [Belief((), _head(written.weights, draws), rest)]
    beliefs += [
        Belief(c.hypothesis.patches, _head(c.weights, draws), c.probability) for c in likely if c.hypothesis is not None
    ]
    p = knowledge.planning
    z = normals([SEED], draws, SEED)[0]
    steps = np.minimum(p["step_yield"] * np.exp(p["step_yield_sd_log"] * z), 1.0)
    return Question(case, tuple(beliefs), limits, found.tools, _biller(knowledge), np.asarray(steps), draws)


def _head(weights: FloatArray, n: int) -> FloatArray:
    """Return the weights of the first draws; equal ones where the ranking had fewer."""
    first = weights[:n]
    total = float(first.sum())
    return first / total if len(first) == n and total > 0.0 else np.full(n, 1.0 / n)


def _biller(knowledge: Knowledge) -> Callable[[Case, Sequence[Move]], Bill]:
    price, p = price_of(knowledge), knowledge.planning

    def bill(case: Case, moves: Sequence[Move]) -> Bill:
        flask = middle_flask(case, knowledge)
        volume = flask.volume + sum(d.volume for d in flask.doses if d.duration > 0 or d.start > 0)
        spans = [c.amount.value for c in case.recipe.charges if c.role == "solvent" and c.amount.kind == "volume"]
        solvent = sum(s.mid for s in spans if s is not None)
        hours = case.recipe.time.mid / 3600.0 + sum(m.hours for m in moves)
        steps, money = sum(m.steps for m in moves), price(case)
        effort = (money or 0.0) + p["solvent_litre"] * solvent + p["hour"] * hours + p["step"] * steps
        return Bill(1000.0 * solvent, volume, hours, steps, money, effort)

    return bill


def _few(kept: Sequence[Trial], *wanted: Trial) -> list[Trial]:
    """Return at most so many recipes of the front, evenly by effort, those wanted and the one as written among them."""
    must = list({id(t): t for t in (*wanted, *(t for t in kept if not t.moves))}.values())
    rest = [t for t in kept if all(t is not m for m in must)]
    room = SHOWN - len(must)
    if len(rest) > room:
        at = np.unique(np.linspace(0, len(rest) - 1, room).round().astype(int))
        rest = [rest[i] for i in at]
    return [*must, *rest]


def _id(trial: Trial) -> str:
    return "+".join(m.id for m in trial.moves) or AS_WRITTEN


def _interval(values: FloatArray, weights: FloatArray, top: float = 1.0) -> Interval:
    median, low, high = (min(max(weighted_quantile(values, weights, q), 0.0), top) for q in ENDS)
    return Interval(median, min(low, median), max(high, median))


def _plain(values: FloatArray) -> Interval:
    return _interval(values, np.full(len(values), 1.0 / len(values)))


def _change(trial: Trial) -> ChangeEntry:
    text = "; ".join(m.text for m in trial.moves) or "The recipe as written"
    words = in_words(trial.patches)
    return ChangeEntry(
        f"{text} ({words})" if words else text, tuple(PatchEntry(p.path, p.old, p.new) for p in trial.patches)
    )


def _writer(won: Mapping[tuple[str, ...], float]) -> Callable[[Trial], PlanPoint]:
    def point(t: Trial) -> PlanPoint:
        b = t.bill
        return PlanPoint(
            id=_id(t),
            change=_change(t),
            yield_=_interval(t.yields, t.weights),
            purity=_interval(t.purity, t.weights),
            predicted=_plain(t.plain),
            bill=BillEntry(b.solvent_ml, 1000.0 * b.volume, b.hours, b.steps, b.money, b.effort),
            wins=float(won.get(tuple(m.id for m in t.moves), 0.0)),
            sources=tuple(sorted({s for m in t.moves for s in m.sources})),
        )

    return point


def _flatness(question: Question, top: Trial, moves: Sequence[Move]) -> tuple[FlatEntry, ...]:
    """Return what each lever does to the best recipe, paired draw by draw, the largest first."""
    start = evaluate(question, top.moves)
    if start is None:
        return ()
    found: list[tuple[float, FlatEntry]] = []
    for move in moves:
        if not move.lever:
            continue
        trial = evaluate(question, (*top.moves, move))
        if trial is None or trial.yields.shape != start.yields.shape:
            continue
        gain = trial.yields - start.yields
        low, median, high = (weighted_quantile(gain, start.weights, q) for q in (0.05, 0.5, 0.95))
        found.append((abs(median), FlatEntry(move.text, Interval(median, low, high))))
    return tuple(e for _, e in sorted(found, key=lambda x: (-x[0], x[1].text)))


def _routes(question: Question, tried: Sequence[Trial], same: float) -> list[Trial]:
    """Return the best recipe without further steps and the best with, where there are both."""
    direct = [t for t in tried if not any(m.steps for m in t.moves)]
    longer = [t for t in tried if any(m.steps for m in t.moves)]
    if not direct or not longer:
        return []
    found = [evaluate(question, best(group, same).moves) for group in (direct, longer)]
    return [t for t in found if t is not None]


def _run(run: Run, number: int) -> ScreenRun:
    t = run.trial
    spread = _interval(t.yields, t.weights)
    why = (
        "most of the doubt about which recipe is best hangs on it"
        if number == 0
        else "tells what the runs before leave open"
    )
    return ScreenRun(
        _id(t),
        _change(t),
        spread,
        run.bits,
        run.expected,
        f"{why}: between {100 * spread.low:.0f} and {100 * spread.high:.0f} % is possible",
    )


def _verdict(entry: PlanEntry) -> str:
    top = next(p for p in entry.points if p.id == entry.best)
    now, then = (f"{100 * v.yield_.median:.0f}" for v in (entry.written, top))
    text = top.change.text.split(" (")[0]
    if entry.best == AS_WRITTEN:
        first = f"Nothing tried beats the recipe as written ({now} %)."
    else:
        first = (
            f"{text}: {now} % becomes {then} %, for {top.bill.effort - entry.written.bill.effort:+.0f} EUR of effort."
        )
    if entry.decided:
        return first
    return f"{first} The model cannot be sure which recipe is best: {len(entry.screen)} runs would tell."
