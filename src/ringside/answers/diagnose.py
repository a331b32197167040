"""The main job: what went wrong, and what to change."""

from __future__ import annotations

from dataclasses import replace

from ringside.answers.entries import report_id
from ringside.answers.flow import DRAWS, Simulation, simulator
from ringside.answers.predict import (
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
from ringside.answers.tools import price_of, toolbox_of
from ringside.answers.verdict import verdict
from ringside.case.nouns import Case
from ringside.chem.features import features_of
from ringside.diagnosis.hypotheses import situation_of
from ringside.diagnosis.nexttest import next_tests
from ringside.diagnosis.nouns import Evidence, Verdict
from ringside.diagnosis.rank import rank
from ringside.knowledge.base import Knowledge
from ringside.recipe.features import recipe_features
from ringside.recipe.nouns import Caution
from ringside.remedy.nouns import Interval as PlanInterval
from ringside.remedy.nouns import Remedy
from ringside.remedy.plan import plan


def diagnose(case: Case, knowledge: Knowledge) -> Report:
    """Name the peaks, rank the causes and simulate the changes of a case.

    Raises:
        BadInput: If the recipe or its evidence cannot be used.
        NoAnswer: If the simulation fails.
    """
    run = simulator(knowledge)
    simulation = run(case, DRAWS)
    evidence = evidence_of(simulation, knowledge)
    base = basic_report("diagnose", simulation, evidence, knowledge)
    failed: list[str] = []
    tools = toolbox_of(run, knowledge, failed)
    situation = _situation(simulation, knowledge)
    ranking = rank(
        case,
        knowledge.causes,
        readings(simulation, evidence, knowledge),
        situation=situation,
        shifts=knowledge.shifts,
        constants=knowledge.constants,
        tools=tools,
        many=DRAWS,
    )
    planned = plan(
        case,
        ranking,
        knowledge.remedies,
        situation=situation,
        constants=knowledge.constants,
        tools=tools,
        price=price_of(knowledge),
        draws=DRAWS,
    )
    claims = {c.id: c.claims for c in knowledge.causes}
    causes = tuple(_cause(v, claims) for v in ranking.posterior.verdicts)
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
            causes=causes if case.observed is not None else None,
            remedies=remedies,
            absolute=is_absolute(simulation),
        ),
        causes=causes,
        prior_driven=ranking.posterior.prior_driven,
        monte_carlo_error=ranking.posterior.monte_carlo_error,
        remedies=remedies,
        next_tests=tuple(
            NextTestEntry(t.id, t.bits, t.how)
            for t in next_tests(ranking, knowledge.tests, situation=situation, constants=knowledge.constants)
        ),
        warnings=warnings_of(simulation, (*planned.cautions, *unread, *skipped, *reader_notes(evidence))),
        sources=sources_of(keys, knowledge),
    )


def _situation(simulation: Simulation, knowledge: Knowledge) -> frozenset[str]:
    """Return the features of the case that cards ask for."""
    recipe = recipe_features(simulation.case.recipe, knowledge.catalogue, knowledge.features)
    target = features_of(simulation.target, knowledge.features) if simulation.target else frozenset[str]()
    return situation_of(simulation.case, recipe, target)


def _evidence(items: tuple[Evidence, ...]) -> tuple[EvidenceEntry, ...]:
    return tuple(EvidenceEntry(e.observation, e.text, e.log_odds) for e in items)


def _cause(v: Verdict, claims: dict[str, str]) -> CauseEntry:
    return CauseEntry(
        v.cause,
        v.title,
        v.members,
        v.probability,
        v.prior,
        min(v.bayes_factor, 1e12),
        _evidence(v.supports),
        _evidence(v.against),
        claims.get(v.cause, ""),
        v.sources,
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
