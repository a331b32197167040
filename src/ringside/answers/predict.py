"""What will form, how much, and what each peak is."""

from __future__ import annotations

from pathlib import Path

from ringside import __version__
from ringside.answers.families import family_entries
from ringside.answers.flow import DRAWS, Simulation, instrument_of, looks, simulator
from ringside.answers.report import (
    SCHEMA_VERSION,
    AssignmentEntry,
    CandidateEntry,
    CaseHead,
    NotEnumerated,
    Observations,
    Report,
    SourceEntry,
    TraceEntry,
    WarningEntry,
)
from ringside.answers.species import flask_entry, interval, report_id, species_entries
from ringside.answers.verdict import verdict
from ringside.case.nouns import Case
from ringside.evidence.assign import assign, explained_area
from ringside.evidence.expected import expected
from ringside.evidence.nouns import Assignment, LcmsRun
from ringside.evidence.readers import read_lcms
from ringside.knowledge.base import Knowledge
from ringside.network.grow import Caps
from ringside.recipe.nouns import Caution

UNTOLD = (0.0, 0.5, 1.0)


def evidence_of(case: Case, knowledge: Knowledge) -> LcmsRun | None:
    """Return the injection of a case: from its file, or as typed; None where there is none."""
    if case.observed is None:
        return None
    if case.observed.lcms_file is not None:
        seen = case.observed
        return read_lcms(
            Path(case.observed.lcms_file), knowledge.columns, well=seen.lcms_well, wavelength=seen.instrument.uv
        )
    return LcmsRun(peaks=case.observed.peaks) if case.observed.peaks else None


def readings(simulation: Simulation, run: LcmsRun | None, knowledge: Knowledge) -> tuple[Assignment, ...]:
    """Return the readings of all peaks of an injection.

    A target that no rule reaches may be there all the same: its amount is taken as anything.
    """
    if run is None:
        return ()
    out = simulation.outcome
    amounts = {s: interval(out.in_sample[:, i]) for i, s in enumerate(out.species)}
    expected_amounts = {s: (v.low, v.median, v.high) for s, v in amounts.items()}
    views = looks(simulation, knowledge)
    target = simulation.target
    if target is not None and not simulation.reached and target not in amounts:
        views = (*views, expected(target, knowledge.evidence, instrument_of(simulation.case)))
        expected_amounts[target] = UNTOLD
    return assign(
        run.peaks,
        views,
        expected_amounts,
        knowledge.evidence,
        instrument_of(simulation.case),
    )


def assignment_entries(found: tuple[Assignment, ...]) -> tuple[AssignmentEntry, ...]:
    """Return readings as they stand in a report."""
    return tuple(
        AssignmentEntry(
            peak=a.peak.id,
            rt_min=None if a.peak.rt is None else a.peak.rt / 60.0,
            area_percent=None if a.peak.area is None else 100.0 * a.peak.area,
            mz=a.peak.mz[:6],
            candidates=tuple(
                CandidateEntry(report_id(c.species), c.ion, c.ppm, c.score, c.probability, c.decided_by_data)
                for c in a.candidates
            ),
            undecidable_between=tuple(report_id(s) for s in a.undecidable_between),
            decided_by=a.decided_by,
        )
        for a in found
    )


def trace_entries(run: LcmsRun | None) -> tuple[TraceEntry, ...] | None:
    """Return the traces of an injection, in minutes and scaled to their maximum."""
    if run is None or not run.traces:
        return None
    found: list[TraceEntry] = []
    for t in run.traces:
        low, high = float(t.y.min()), float(t.y.max())
        scale = (high - low) or 1.0
        found.append(
            TraceEntry(
                t.label,
                tuple(round(float(x) / 60.0, 4) for x in t.t),
                tuple(round((float(y) - low) / scale, 4) for y in t.y),
            )
        )
    return tuple(found)


def reader_notes(run: LcmsRun | None) -> tuple[Caution, ...]:
    """Return what the reader of the LC-MS file found worth saying."""
    return tuple(Caution("lcms", "note", text, "observed.lcms") for text in (run.notes if run is not None else ()))


def observations_of(case: Case) -> Observations | None:
    """Return what the chemist reported, in the words of the case file."""
    if case.observed is None:
        return None
    raw = case.raw.get("observed", {})
    return Observations(
        raw.get("isolated_yield"),
        raw.get("conversion"),
        raw.get("crude_mass"),
        case.observed.absent,
        case.observed.notes,
    )


def is_absolute(simulation: Simulation) -> bool:
    """Say whether the way to the target holds no catalytic step of unknown rate."""
    relative = {law.reaction for law in simulation.laws if not law.absolute}
    return not any(r.id in relative and simulation.target in r.products for r in simulation.network.reactions)


def warnings_of(simulation: Simulation, extra: tuple[Caution, ...] = ()) -> tuple[WarningEntry, ...]:
    """Return everything that the reader must know, alarms first."""
    found = [*simulation.flask.warnings, *extra]
    for c in simulation.case.recipe.charges:
        if c.assumed:
            found.append(Caution("assumed", "note", f"{c.name} is assumed, not on record.", f"charge[{c.name}]"))
    for name in ("temperature", "time"):
        value = simulation.case.raw.get("conditions", {}).get(name, "unknown")
        if value == "unknown":
            found.append(
                Caution("unknown", "note", f"The {name} is unknown: sampled from a broad prior.", f"conditions.{name}")
            )
        elif isinstance(value, str) and ".." in value:
            found.append(
                Caution(
                    "range", "note", f"The {name} is given as a range and was sampled over it.", f"conditions.{name}"
                )
            )
    if not simulation.reached:
        found.append(
            Caution(
                "target-not-reached",
                "caution",
                "No rule path leads to the target: its amount is not predicted, only its masses.",
                "target",
            )
        )
    elif not is_absolute(simulation):
        found.append(
            Caution(
                "catalyst-rate-unknown",
                "caution",
                "The rate of the catalytic step is not known: only ratios of products mean something, no time and no conversion.",
                "",
            )
        )
    most = Caps().max_species
    if len(simulation.network.species) >= most:
        found.append(
            Caution(
                "network-cut",
                "caution",
                f"More can form here than is followed: only the {most} species that could amount to most are kept, the rest is listed as left out. "
                "Charge fewer reactive materials at once for a complete answer.",
                "charge",
            )
        )
    if not any(c.role == "solvent" for c in simulation.case.recipe.charges):
        found.append(
            Caution("no-solvent", "caution", "No solvent is charged: the neat liquids make up the volume.", "charge")
        )
    if simulation.case.rounds:
        found.append(
            Caution(
                "rounds",
                "note",
                f"{len(simulation.case.rounds)} later round(s) were read; this answer is about the first run.",
                "round",
            )
        )
    order = {"alarm": 0, "caution": 1, "note": 2}
    unique = {(order[w.severity], w.code, w.text, w.field): w for w in found}
    return tuple(
        WarningEntry(w.code, w.severity, w.text, w.field) for _, w in sorted(unique.items(), key=lambda i: i[0])
    )


def sources_of(keys: set[str], knowledge: Knowledge) -> tuple[SourceEntry, ...]:
    """Return the sources of the given keys ("key: locator")."""
    wanted = sorted({k.split(":", 1)[0].strip() for k in keys})
    return tuple(
        SourceEntry(s.key, s.kind, s.citation, s.url, s.read_as)
        for s in (knowledge.sources[k] for k in wanted if k in knowledge.sources)
    )


def rate_sources(simulation: Simulation) -> set[str]:
    """Return the source keys of the rates that carry the most turnover."""
    flux = simulation.ensemble.flux.mean(axis=0)
    busy = sorted(range(len(simulation.laws)), key=lambda j: -float(flux[j]))[:12]
    return {t.source for j in busy for t in simulation.laws[j].terms if float(flux[j]) > 0}


def predict(case: Case, knowledge: Knowledge) -> Report:
    """Say what will form, how much, and what it will look like.

    Raises:
        BadInput: If the recipe cannot be resolved.
        NoAnswer: If the simulation fails.
    """
    simulation = simulator(knowledge)(case, DRAWS)
    return basic_report("predict", simulation, None, knowledge)


def assign_report(case: Case, knowledge: Knowledge) -> Report:
    """Say what each peak of the case is."""
    simulation = simulator(knowledge)(case, DRAWS)
    return basic_report("assign", simulation, evidence_of(case, knowledge), knowledge)


def basic_report(question: str, simulation: Simulation, run: LcmsRun | None, knowledge: Knowledge) -> Report:
    """Return a report without causes and remedies."""
    found = readings(simulation, run, knowledge)
    entries = assignment_entries(found) if run is not None else None
    species = species_entries(simulation, knowledge)
    case = simulation.case
    return Report(
        schema=SCHEMA_VERSION,
        ringside=__version__,
        knowledge=knowledge.hash,
        question=question,
        case=CaseHead(case.title, simulation.target, simulation.reached),
        verdict=verdict(
            reached=simulation.reached,
            species=species,
            assignments=entries,
            causes=None,
            remedies=None,
            absolute=is_absolute(simulation),
        ),
        flask=flask_entry(simulation),
        observed=observations_of(case),
        species=species,
        families=family_entries(simulation, knowledge),
        traces=trace_entries(run),
        assignments=entries,
        explained_area=explained_area(found) if run is not None else None,
        causes=None,
        prior_driven=None,
        monte_carlo_error=None,
        remedies=None,
        next_tests=None,
        warnings=warnings_of(simulation, reader_notes(run)),
        not_enumerated=tuple(NotEnumerated(what, why) for what, why in simulation.network.not_enumerated),
        sources=sources_of(rate_sources(simulation), knowledge),
        pathways=None,
        explanations=None,
        rates=None,
        turns_on=None,
        sweep=None,
        fit=None,
        levers=None,
    )
