"""The main job: what went wrong, and what to change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ringside.answers.channels import situation
from ringside.answers.entries import report_id
from ringside.answers.flow import DRAWS, Simulation, Simulator, simulator
from ringside.answers.predict import (
    aliquot_readings,
    basic_report,
    evidence_of,
    is_absolute,
    rate_sources,
    reader_notes,
    readings,
    sources_of,
    warnings_of,
)
from ringside.answers.report import (
    CauseEntry,
    ChangeEntry,
    CostEntry,
    EvidenceEntry,
    Interval,
    NextTestEntry,
    PatchEntry,
    RemedyEntry,
    Report,
    SideProductEntry,
    YieldEntry,
)
from ringside.answers.rounds import round_entries, runs_of
from ringside.answers.tools import price_of, toolbox_of
from ringside.answers.verdict import verdict
from ringside.case.nouns import Case
from ringside.diagnosis.nexttest import next_tests
from ringside.diagnosis.nouns import Cause, Evidence, Verdict
from ringside.diagnosis.rank import Ranking, rank
from ringside.diagnosis.rounds import Run
from ringside.diagnosis.world import Toolbox
from ringside.evidence.nouns import LcmsRun
from ringside.knowledge.base import Knowledge
from ringside.recipe.nouns import Caution
from ringside.remedy.nouns import Interval as PlanInterval
from ringside.remedy.nouns import Plan, Remedy, RemedyCard
from ringside.remedy.plan import DEVIATION_COUNTS, plan


@dataclass(frozen=True, slots=True, eq=False)
class Inquiry:
    """A case looked into: its runs, what was borrowed for the ranking, and the ranking of all of them.

    ``case``, ``simulation``, ``evidence`` and ``situation`` are those of the newest run. ``failed`` gathers what could not be simulated, also later.
    """

    case: Case
    runs: tuple[Run, ...]
    simulation: Simulation
    evidence: LcmsRun | None
    tools: Toolbox
    situation: frozenset[str]
    ranking: Ranking
    failed: list[str]


def inquire(case: Case, knowledge: Knowledge, run: Simulator | None = None, tools: Toolbox | None = None) -> Inquiry:
    """Simulate a case with its rounds and rank the causes of what was seen in them.

    Args:
        case: The case with its observations.
        knowledge: Rules, rates, cards, tables.
        run: A simulator that may have met the case before; its own where left out.
        tools: A toolbox over it, likewise.

    Raises:
        BadInput: If the recipe or its evidence cannot be used.
        NoAnswer: If the simulation fails.
    """
    run = run or simulator(knowledge)
    failed: list[str] = []
    simulations = [(n, run(one, DRAWS)) for n, one in runs_of(case)]
    tools = tools or toolbox_of(run, knowledge, failed, simulator(knowledge, within=[s for _, s in simulations]))
    for _, s in simulations:
        tools.run(s.case, DRAWS)  # so that fewer draws of the recipe as written are the first of these
    seen = [evidence_of(s, knowledge) for _, s in simulations]
    runs = tuple(
        Run(n, s.case, readings(s, e, knowledge), situation(s, knowledge), aliquot_readings(s, knowledge))
        for (n, s), e in zip(simulations, seen, strict=True)
    )
    newest = runs[-1]
    ranking = _ranked(runs, tools, knowledge)
    return Inquiry(newest.case, runs, simulations[-1][1], seen[-1], tools, newest.situation, ranking, failed)


def _ranked(runs: Sequence[Run], tools: Toolbox, knowledge: Knowledge) -> Ranking:
    """Rank the causes by all of these runs."""
    newest = runs[-1]
    return rank(
        newest.case,
        knowledge.causes,
        newest.assignments,
        situation=newest.situation,
        shifts=knowledge.shifts,
        constants=knowledge.constants,
        tools=tools,
        signs=knowledge.signs,
        earlier=runs[:-1],
        number=newest.number,
        aliquots=newest.aliquots,
        many=DRAWS,
    )


def diagnose(case: Case, knowledge: Knowledge) -> Report:
    """Name the peaks, rank the causes and simulate the changes of a case.

    Where the case has rounds, the causes are those of all runs; peaks, changes and next tests are those of the newest in which something was observed.

    Raises:
        BadInput: If the recipe or its evidence cannot be used.
        NoAnswer: If the simulation fails.
    """
    found = inquire(case, knowledge)
    simulation, evidence, ranking, failed = found.simulation, found.evidence, found.ranking, found.failed
    base = basic_report("diagnose", simulation, evidence, knowledge)
    planned = changes(found, knowledge)
    runs = found.runs
    rankings = {r.number: _ranked(runs[:k], found.tools, knowledge) for k, r in enumerate(runs[:-1], start=1)}
    rankings[runs[-1].number] = ranking
    cards = {c.id: c for c in knowledge.causes}
    causes = tuple(_cause(v, cards.get(v.cause)) for v in ranking.posterior.verdicts)
    remedies = tuple(_remedy(r) for r in planned.remedies)
    unread = tuple(
        Caution("not-read", "note", f"Not understood, and not used: {text}", "observed")
        for text in ranking.sighting.unread
    )
    skipped = (
        (
            Caution(
                "not-simulated",
                "caution",
                f"{len(failed)} variant(s) of the recipe could not be simulated and were left out: {failed[0]}.",
                "",
            ),
        )
        if failed
        else ()
    )
    keys = {k for c in causes for k in c.sources} | {k for r in remedies for k in r.sources} | rate_sources(simulation)
    return replace(
        base,
        verdict=verdict(
            reached=simulation.reached,
            species=base.species,
            assignments=base.assignments,
            causes=causes if found.case.observed is not None else None,
            remedies=remedies,
            absolute=is_absolute(simulation),
        ),
        causes=causes,
        prior_driven=ranking.posterior.prior_driven,
        monte_carlo_error=ranking.posterior.monte_carlo_error,
        remedies=remedies,
        next_tests=tuple(
            NextTestEntry(t.id, t.bits, t.how, t.hours, t.positive, t.negative)
            for t in next_tests(ranking, knowledge.tests, situation=found.situation, constants=knowledge.constants)
        ),
        warnings=warnings_of(simulation, (*planned.cautions, *unread, *skipped, *reader_notes(evidence))),
        sources=sources_of(keys, knowledge),
        rounds=round_entries(case, rankings),
    )


def changes(found: Inquiry, knowledge: Knowledge) -> Plan:
    """Simulate the changes worth trying for a case that was looked into, and return the best."""
    return plan(
        found.case,
        found.ranking,
        _worth_trying(found.ranking, knowledge),
        situation=found.situation,
        constants=knowledge.constants,
        tools=found.tools,
        price=price_of(knowledge),
        draws=DRAWS,
    )


def _worth_trying(ranking: Ranking, knowledge: Knowledge) -> tuple[RemedyCard, ...]:
    """Return the remedies that may bring something here, so that no others are simulated.

    Left out is what only causes name that are out of play: a deviation too improbable to plan for, a design cause that brings
    nothing back. What textbooks advise is tried all the same, to say so where it brings nothing.
    """
    alive = {
        c.id
        for c in ranking.candidates
        if c.hypothesis is not None and (c.hypothesis.kind == "artefact" or c.probability > DEVIATION_COUNTS)
    }
    alive |= {s.id for s in ranking.shares}
    named: dict[str, set[str]] = {}
    for cause in knowledge.causes:
        for remedy in cause.remedies:
            named.setdefault(remedy, set()).add(cause.id)
    return tuple(r for r in knowledge.remedies if r.says or not named.get(r.id) or not alive.isdisjoint(named[r.id]))


def _evidence(items: tuple[Evidence, ...]) -> tuple[EvidenceEntry, ...]:
    return tuple(EvidenceEntry(e.observation, e.text, e.log_odds) for e in items)


def _cause(v: Verdict, card: Cause | None) -> CauseEntry:
    return CauseEntry(
        v.cause,
        v.title,
        v.members,
        v.probability,
        v.prior,
        min(v.bayes_factor, 1e12),
        _evidence(v.supports),
        _evidence(v.against),
        "" if card is None else card.claims,
        v.sources,
        "" if card is None else card.advice,
    )


def _interval(value: PlanInterval, top: float | None = None) -> Interval:
    parts = (value.median, value.low, value.high)
    if top is not None:
        parts = tuple(min(max(p, 0.0), top) for p in parts)
    return Interval(*parts)


def _remedy(r: Remedy) -> RemedyEntry:
    return RemedyEntry(
        r.id,
        ChangeEntry(r.text, tuple(PatchEntry(p.path, p.old, p.new) for p in r.patch)),
        YieldEntry(_interval(r.before, 1.0), _interval(r.after, 1.0)),
        _interval(r.gain),
        tuple(SideProductEntry(report_id(s), _interval(a), _interval(b)) for s, a, b in r.side_products),
        CostEntry(r.solvent_ml, r.time_h, r.money),
        r.note,
        r.sources,
    )
