"""A plate of wells, each with its target: what is named in every injection, how much of it, and what recurs unnamed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from ringside import __version__
from ringside.answers.plate.drift import drifts
from ringside.answers.plate.injections import Source, source_of
from ringside.answers.plate.masses import Looks, by_mass, looks_of
from ringside.answers.plate.meanings import Paths, meanings, protonated
from ringside.answers.plate.nouns import PlateReport, Recurring, WellEntry
from ringside.answers.plate.platemap import PlateMap, Row, read_platemap
from ringside.answers.plate.ranking import aligned, ranked, ranking_of
from ringside.answers.plate.recurring import recurring
from ringside.answers.plate.state import frame_of, keep, kept, key_of
from ringside.answers.plate.wells import blank, well_entry
from ringside.answers.report import SCHEMA_VERSION
from ringside.case.nouns import Case
from ringside.errors import BadInput
from ringside.evidence.nouns import Assignment, Instrument, LcmsRun
from ringside.knowledge.base import Knowledge

Namer = Callable[[Row, LcmsRun], tuple[tuple[Assignment, ...], list[str]]]
Step = Callable[[int, int], None]
Tell = Callable[[str], None]


def plate(
    platemap: Path,
    data: Path,
    knowledge: Knowledge,
    template: Case | None = None,
    *,
    resume: Path | None = None,
    step: Step = lambda _done, _of: None,
    tell: Tell = lambda _text: None,
) -> PlateReport:
    """Name the peaks of every well of a plate, and compare the wells.

    Args:
        platemap: A table with ``vial`` or ``well`` (or both), ``smiles`` of the target, and ``file`` where each injection has its own;
            ``standard`` for an internal standard. Columns named like charges of ``template`` hold the structure that a well has there.
        data: A file with all injections (OpenLynx report), or the folder of the files.
        knowledge: Rules and tables.
        template: A case that all wells follow, but for the columns of the plate map; None where only masses are to be looked for.
        resume: A folder that keeps finished wells; those of an earlier run whose input, knowledge and version are the same are not done again.
        step: Told after each well how many are done, and of how many.
        tell: Told what a person should know of the run and not of the plate.

    Returns:
        One entry for each row of the plate map, in its order; a well that cannot be read says why.

    Raises:
        BadInput: If the plate map cannot be used, or the data are not there.
    """
    held = read_platemap(platemap, data, template)
    instrument = (
        template.observed.instrument if template is not None and template.observed is not None else Instrument()
    )
    source = source_of(data, knowledge.columns, instrument.uv)
    looks = looks_of(held.rows, instrument, knowledge)
    name = _namer(looks, instrument, knowledge, template)
    wells = _wells(held, source, name, knowledge, template, resume, step, tell)
    clocks = drifts(wells, knowledge.plate)
    by, placed = ranked(aligned(wells, clocks, knowledge.plate))
    paths = _paths(template, knowledge)
    groups = recurring(wells, clocks, {s: protonated(v) for s, v in looks.views.items()}, knowledge.plate)
    return PlateReport(
        schema=SCHEMA_VERSION,
        ringside=__version__,
        knowledge=knowledge.hash,
        question="plate",
        title=template.title if template is not None else platemap.stem,
        verdict=_verdict(placed),
        ranked_by=by,
        ranking=ranking_of(placed),
        wells=placed,
        recurring=_explained(groups, placed, looks, instrument, knowledge, paths),
        warnings=tuple(dict.fromkeys((*held.notes, *(n for e in placed for n in e.notes)))),
    )


def _namer(looks: Looks, instrument: Instrument, knowledge: Knowledge, template: Case | None) -> Namer:
    if template is None:
        return lambda row, run: by_mass(row, run, looks, instrument, knowledge)
    from ringside.answers.plate.flasks import by_case  # noqa: PLC0415  (a plate without a case starts without the simulation)

    return by_case(template, knowledge)


def _paths(template: Case | None, knowledge: Knowledge) -> Paths | None:
    if template is None:
        return None
    from ringside.answers.plate.paths import paths_of  # noqa: PLC0415  (as above)

    return paths_of(template, knowledge)


def _wells(
    held: PlateMap,
    source: Source,
    name: Namer,
    knowledge: Knowledge,
    template: Case | None,
    resume: Path | None,
    step: Step,
    tell: Tell,
) -> tuple[WellEntry, ...]:
    frame = ""
    if resume is not None:
        frame = frame_of([row.target for row in held.rows], knowledge, template)
    found: list[WellEntry] = []
    for done, row in enumerate(held.rows, start=1):
        found.append(_well(row, source, name, knowledge, resume, frame, tell))
        step(done, len(held.rows))
    return tuple(found)


def _well(
    row: Row, source: Source, name: Namer, knowledge: Knowledge, resume: Path | None, frame: str, tell: Tell
) -> WellEntry:
    """Return a well, from the folder of finished ones where it is there; a well that cannot be read says why."""
    try:
        key = key_of(frame, dict(row.cells), source.digest(row)) if resume is not None else ""
        before = kept(resume, key) if resume is not None else None
        if isinstance(before, WellEntry):
            return before
        if before is not None:
            tell(before)
        run = source.run(row)
        found, smiles = name(row, run)
    except BadInput as fault:
        return blank(row, fault.complaints[0].text)
    entry = well_entry(row, run, found, smiles, knowledge)
    if resume is not None:
        keep(resume, key, entry)
    return entry


def _explained(
    groups: Sequence[Recurring],
    wells: Sequence[WellEntry],
    looks: Looks,
    instrument: Instrument,
    knowledge: Knowledge,
    paths: Paths | None,
) -> tuple[Recurring, ...]:
    most = int(knowledge.plate["most_explained"])
    return tuple(
        replace(g, meanings=meanings(g, wells, looks.views, instrument, knowledge, paths if n < most else None))
        for n, g in enumerate(groups)
    )


def _verdict(entries: Sequence[WellEntry]) -> str:
    named = [e for e in entries if e.product_rt_min is not None]
    tied = sum(bool(e.tied_with) for e in named)
    several = sum(e.product_if_one_percent is not None for e in named)
    failed = sum(bool(e.problem) for e in entries)
    text = f"The target is named in {len(named)} of {len(entries)} wells"
    text += f", in {tied} of them tied with an isomer that the data cannot tell apart." if tied else "."
    text += f" In {several} more than one peak reads as the target, and nothing says which is." if several else ""
    return text + (f" {failed} could not be read." if failed else "")
