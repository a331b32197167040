"""What will form, how much, and what each peak is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from ringside import __version__
from ringside.answers.entries import assignment_entries, trace_entry
from ringside.answers.families import family_entries
from ringside.answers.fates import material_entries
from ringside.answers.flow import DRAWS, Simulation, instrument_of, looks, simulator
from ringside.answers.quantities import quantities
from ringside.answers.report import (
    SCHEMA_VERSION,
    CaseHead,
    NotEnumerated,
    Observations,
    Report,
    SourceEntry,
    TraceEntry,
    WarningEntry,
)
from ringside.answers.species import flask_entry, interval, species_entries
from ringside.answers.standard import standard_entries, standard_peak, standard_view
from ringside.answers.typed import typed_lines
from ringside.answers.verdict import verdict
from ringside.case.nouns import Case
from ringside.evidence.assign import assign, explained_area
from ringside.evidence.dilution import load_exponents
from ringside.evidence.expected import expected
from ringside.evidence.nouns import Assignment, Instrument, LcmsRun
from ringside.evidence.readers import read_lcms, read_recorded
from ringside.knowledge.base import Knowledge
from ringside.network.grow import Caps
from ringside.recipe.nouns import Caution
from ringside.units import Mz

UNTOLD = (0.0, 0.5, 1.0)
LEAST_LOOKED_FOR = 1e-3


def evidence_of(simulation: Simulation, knowledge: Knowledge) -> LcmsRun | None:
    """Return the injection of a case: from its file, with the traces of what is expected, or as typed; None where there is none."""
    case = simulation.case
    if case.observed is None:
        return None
    seen = case.observed
    if seen.lcms_file is None:
        return LcmsRun(peaks=seen.peaks) if seen.peaks else None
    run = read_lcms(
        Path(seen.lcms_file),
        knowledge.columns,
        well=seen.lcms_well,
        wavelength=seen.instrument.uv,
        targets=wanted_ions(simulation, knowledge),
        blank=Path(seen.lcms_blank) if seen.lcms_blank is not None else None,
    )
    if not seen.dilutions:
        return run
    others = [(d.load, read_recorded(Path(d.file))) for d in seen.dilutions]
    return load_exponents(run, [(1.0, read_recorded(Path(seen.lcms_file))), *others])


def wanted_ions(simulation: Simulation, knowledge: Knowledge) -> tuple[Mz, ...]:
    """Return the m/z of the usual ions of everything that may be injected, rising."""
    usual = knowledge.evidence.constants["esi_commonness"]
    out = simulation.outcome
    most = dict(zip(out.species, np.quantile(out.in_sample, 0.95, axis=0), strict=True))
    found = {
        round(ion.mz, 4)
        for view in looks(simulation, knowledge)
        if view.species == simulation.target or most.get(view.species, 0.0) >= LEAST_LOOKED_FOR
        for ion in view.ions
        if ion.weight >= usual
    }
    return tuple(sorted(found))


def instrument_seen(case: Case, run: LcmsRun | None) -> Instrument:
    """Return how the data were taken: as the case says, and where it is silent of the mass error, as the file says."""
    own = instrument_of(case)
    stated = "mz_error" in case.raw.get("observed", {}).get("instrument", {})
    if stated or run is None or run.instrument is None:
        return own
    return replace(own, mz_error=run.instrument.mz_error, mz_error_unit=run.instrument.mz_error_unit)


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
    added = standard_view(simulation, knowledge)
    if added is not None:
        views = (*views, added[0])
        expected_amounts[added[0].species] = added[1]
    peaks, told = standard_peak(run.peaks, simulation, knowledge)
    found = assign(peaks, views, expected_amounts, knowledge.evidence, instrument_seen(simulation.case, run))
    return found if told is None else tuple(sorted((*found, told), key=lambda a: (a.peak.rt is None, a.peak.rt or 0.0)))


def trace_entries(run: LcmsRun | None) -> tuple[TraceEntry, ...] | None:
    """Return the traces of an injection, in minutes and scaled to their maximum."""
    if run is None or not run.traces:
        return None
    return tuple(map(trace_entry, run.traces))


def reader_notes(run: LcmsRun | None) -> tuple[Caution, ...]:
    """Return what the reader of the LC-MS file found worth saying."""
    return tuple(Caution("lcms", "note", text, "observed.lcms") for text in (run.notes if run is not None else ()))


def aliquot_readings(simulation: Simulation, knowledge: Knowledge) -> tuple[tuple[Assignment, ...], ...]:
    """Return the readings of the peaks of each aliquot, by time; empty ones where it was not injected."""
    seen = simulation.case.observed
    return tuple(
        readings(simulation, LcmsRun(peaks=a.peaks) if a.peaks else None, knowledge)
        for a in (seen.aliquots if seen is not None else ())
    )


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
        typed_lines(case.observed),
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
    return basic_report("assign", simulation, evidence_of(simulation, knowledge), knowledge)


def basic_report(question: str, simulation: Simulation, run: LcmsRun | None, knowledge: Knowledge) -> Report:
    """Return a report without causes and remedies."""
    found = readings(simulation, run, knowledge)
    entries = assignment_entries(found) if run is not None else None
    species = (*species_entries(simulation, knowledge), *standard_entries(simulation, knowledge))
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
        plan=None,
        rounds=None,
        materials=material_entries(simulation, knowledge),
        quantities=quantities(simulation, found, species, knowledge) if run is not None else None,
    )
