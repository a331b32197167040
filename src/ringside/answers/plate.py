"""A plate of wells, each with its target: what is named in every injection, how much of it, and what recurs unnamed."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from ringside import __version__
from ringside.answers.flow import DRAWS, instrument_of, simulator
from ringside.answers.predict import UNTOLD, assignment_entries, readings
from ringside.answers.report import SCHEMA_VERSION, AssignmentEntry
from ringside.answers.species import species_id
from ringside.answers.tools import case_tools
from ringside.case.nouns import Case
from ringside.case.read import case_from_raw
from ringside.chem.labels import describe
from ringside.chem.mass import exact_mass
from ringside.chem.molecule import canonical, components, is_valid
from ringside.errors import BadInput, bad_input
from ringside.evidence.assign import assign, explained_area
from ringside.evidence.expected import expected
from ringside.evidence.nouns import Assignment, Instrument, LcmsRun
from ringside.evidence.readers import read_lcms
from ringside.knowledge.base import Knowledge
from ringside.record.tables import read_csv

MOST_WELLS = 384
LIKELY = 0.5
OTHER = (0.0, 0.01, 0.3)
NONE = "none-of-these"
SAME_MZ, SAME_RT = 0.4, 6.0
LEAST_AREA = 0.01
STEADY = 3
FORM = "vial,well,smiles (and file, where each injection has its own)"


@dataclass(frozen=True, slots=True)
class WellSpecies:
    """One structure that peaks of a well were compared with."""

    id: str
    smiles: str
    label: str
    mass: float


@dataclass(frozen=True, slots=True)
class WellEntry:
    """One well. ``product_area_percent``: UV area of peaks times the chance that they are the target, or one of ``tied_with``.

    ``product_rt_min`` is the time of the likeliest such peak, None where none is likelier than not; ``drift_s`` how much later this well's
    recurring peaks come than elsewhere. ``problem`` says why nothing could be read.
    """

    vial: str
    well: str
    target: str
    file: str
    product_area_percent: float | None
    product_rt_min: float | None
    product_ion: str
    tied_with: tuple[str, ...]
    explained_area: float | None
    drift_s: float | None
    assignments: tuple[AssignmentEntry, ...]
    species: tuple[WellSpecies, ...]
    notes: tuple[str, ...]
    problem: str


@dataclass(frozen=True, slots=True)
class Recurring:
    """A peak without a reading that several wells show."""

    mz: float
    rt_min: float
    wells: tuple[str, ...]
    area_percent: float


@dataclass(frozen=True, slots=True)
class PlateReport:
    """All wells of a plate."""

    schema: str
    ringside: str
    knowledge: str
    question: str
    title: str
    verdict: str
    wells: tuple[WellEntry, ...]
    recurring: tuple[Recurring, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Read:
    """A well as far as it could be read."""

    entry: WellEntry
    found: tuple[Assignment, ...]


def plate(platemap: Path, data: Path, knowledge: Knowledge, template: Case | None = None) -> PlateReport:
    """Name the peaks of every well of a plate.

    Args:
        platemap: A table with ``vial`` or ``well`` (or both), ``smiles`` of the target, and ``file`` where each injection has its own.
            Columns named like charges of ``template`` hold the structure that a well has there.
        data: A file with all injections (OpenLynx report), or the folder of the files.
        knowledge: Rules and tables.
        template: A case that all wells follow, but for the columns of the plate map; None where only masses are to be
            looked for.

    Returns:
        One entry for each row of the plate map, in its order; a well that cannot be read says why.

    Raises:
        BadInput: If the plate map cannot be used, or the data are not there.
    """
    rows = read_csv(platemap)
    _check(rows, platemap, data, template)
    targets = {canonical(r["smiles"], file=str(platemap), field="smiles") for r in rows}
    wells = [
        _well(row, number, targets, platemap, data, knowledge, template) for number, row in enumerate(rows, start=2)
    ]
    shifts = _drift([w.found for w in wells])
    entries = tuple(replace(w.entry, drift_s=s if w.found else None) for w, s in zip(wells, shifts, strict=True))
    recurring = _recurring(wells, shifts)
    return PlateReport(
        SCHEMA_VERSION,
        __version__,
        knowledge.hash,
        "plate",
        template.title if template is not None else platemap.stem,
        _verdict(entries),
        entries,
        recurring,
        tuple(dict.fromkeys(n for e in entries for n in e.notes)),
    )


def _check(rows: Sequence[Mapping[str, str]], platemap: Path, data: Path, template: Case | None) -> None:
    head = set(rows[0]) if rows else set[str]()
    if not rows or "smiles" not in head or not head & {"vial", "well", "file"}:
        raise bad_input(
            "bad-platemap", "the plate map needs the target and where it is", file=str(platemap), field="header",
            value=", ".join(sorted(head)), limit=FORM,
        )  # fmt: skip
    if len(rows) > MOST_WELLS:
        raise bad_input("too-many-wells", "the plate map is too long", file=str(platemap), value=str(len(rows)), limit=f"{MOST_WELLS} wells")  # fmt: skip
    if not data.exists():
        raise bad_input("cannot-read", "there are no such data", file=str(data), field="DATA", next_step="name the report, or the folder of files")  # fmt: skip
    if data.is_dir() and "file" not in head:
        raise bad_input(
            "which-file", "a folder of files needs a column that says which well is in which", file=str(platemap), field="file",
            limit=FORM,
        )  # fmt: skip
    known = {"vial", "well", "smiles", "file"}
    names = {c.name for c in template.recipe.charges} if template is not None else set[str]()
    strange = sorted(head - known - names)
    if template is not None and strange:
        raise bad_input(
            "bad-column", "this column is no charge of the case", file=str(platemap), field="header",
            value=", ".join(strange), limit=", ".join(sorted(known | names)),
        )  # fmt: skip


def _well(
    row: Mapping[str, str],
    number: int,
    targets: set[str],
    platemap: Path,
    data: Path,
    knowledge: Knowledge,
    template: Case | None,
) -> _Read:
    target = canonical(row["smiles"], file=str(platemap), field=f"row {number}, smiles")
    name = row.get("well") or row.get("vial") or row.get("file") or ""
    path = data / row["file"] if data.is_dir() else data
    place = row.get("vial") or row.get("well") or None
    empty = WellEntry(row.get("vial", ""), name, target, path.name, None, None, "", (), None, None, (), (), (), "")
    instrument = instrument_of(template) if template is not None else Instrument()
    try:
        run = read_lcms(path, knowledge.columns, well=None if data.is_dir() else place, wavelength=instrument.uv)
        if template is None:
            others = {canonical(s) for k, s in row.items() if k not in {"vial", "well", "file", "smiles"} and s and is_valid(s)}  # fmt: skip
            found, views = _by_mass(run, target, targets, others, instrument, knowledge)
        else:
            found, views = _by_case(run, target, row, template, knowledge)
    except BadInput as fault:
        return _Read(replace(empty, problem=fault.complaints[0].text), ())
    labels = {s: describe(s, target, {}, knowledge.names) for s in views}
    listed = tuple(
        WellSpecies(species_id(s), s, labels[s], exact_mass(s))
        for s in sorted(views, key=lambda s: (s != target, s))
        if s == target or any(c.species == s and c.probability > 0.01 for a in found for c in a.candidates)
    )
    return _Read(_entry(empty, target, found, run, listed), found)


def _entry(
    empty: WellEntry, target: str, found: tuple[Assignment, ...], run: LcmsRun, species: tuple[WellSpecies, ...]
) -> WellEntry:
    chances = [(next((c for c in a.candidates if c.species == target), None), a) for a in found]
    area = sum((a.peak.area or 0.0) * _chance(a, target) for a in found)
    likely = [(c, a) for c, a in chances if (c is not None and c.probability >= LIKELY) or _tied(c, a, target)]
    best = max(likely, key=lambda x: x[1].peak.area or 0.0, default=None)
    tied = tuple(s for s in best[1].undecidable_between if s != target) if best is not None else ()
    return replace(
        empty,
        product_area_percent=100.0 * area if any(a.peak.area is not None for a in found) else None,
        product_rt_min=best[1].peak.rt / 60.0 if best is not None and best[1].peak.rt is not None else None,
        product_ion=best[0].ion if best is not None and best[0] is not None else "",
        tied_with=tied,
        explained_area=explained_area(found),
        assignments=assignment_entries(found),
        species=species,
        notes=run.notes,
    )


def _chance(a: Assignment, target: str) -> float:
    """Return the chance that a peak is the target, or an isomer that the data cannot tell from it."""
    alike = {target, *(a.undecidable_between if target in a.undecidable_between else ())}
    return sum(c.probability for c in a.candidates if c.species in alike)


def _tied(candidate: object, a: Assignment, target: str) -> bool:
    return candidate is not None and target in a.undecidable_between


def _by_mass(
    run: LcmsRun, target: str, targets: set[str], others: set[str], instrument: Instrument, knowledge: Knowledge
) -> tuple[tuple[Assignment, ...], list[str]]:
    """Compare peaks with the target, what else the row names, and the targets of other wells (carried over)."""
    smiles = sorted({target, *targets, *(part for s in others for part in components(s))})
    views = [expected(s, knowledge.evidence, instrument) for s in smiles]
    amounts = {s: UNTOLD if s == target or s in others else OTHER for s in smiles}
    return assign(run.peaks, views, amounts, knowledge.evidence, instrument), smiles


def _by_case(
    run: LcmsRun, target: str, row: Mapping[str, str], template: Case, knowledge: Knowledge
) -> tuple[tuple[Assignment, ...], list[str]]:
    """Simulate the case with the structures of this well, and compare peaks with all that forms."""
    raw: dict[str, Any] = copy.deepcopy(dict(template.raw))
    raw["target"] = row["smiles"]
    raw.pop("round", None)
    for charge in raw.get("charge", []):
        given = row.get(str(charge["name"]), "")
        if given:
            charge["smiles"] = given
    case = case_from_raw(raw, case_tools(knowledge), file=template.file, folder=Path(template.file).parent)
    simulation = simulator(knowledge)(case, DRAWS)
    found = readings(simulation, run, knowledge)
    return found, sorted(
        {*simulation.outcome.species, target} - {s for s in simulation.outcome.species if ":" in s[:7]}
    )


def _unnamed(found: Sequence[Assignment]) -> list[tuple[float, float, float]]:
    """Return (m/z, rt [s], area) of the peaks whose likeliest reading is none of these."""
    return [
        (a.peak.mz[0], a.peak.rt, a.peak.area or 0.0)
        for a in found
        if a.peak.mz
        and a.peak.rt is not None
        and (a.peak.area or 0.0) >= LEAST_AREA
        and a.candidates[0].species == NONE
    ]


def _drift(wells: Sequence[Sequence[Assignment]]) -> list[float]:
    """Return by how many seconds each well runs late, from peaks of one mass that at least three wells show."""
    seen = [(w, a.peak.mz[0], a.peak.rt) for w, found in enumerate(wells) for a in found if a.peak.mz and a.peak.rt]
    late: list[list[float]] = [[] for _ in wells]
    for w, mz, rt in seen:
        near = {v: t for v, m, t in seen if v != w and abs(m - mz) < SAME_MZ and abs(t - rt) < SAME_RT}
        if len(near) >= STEADY - 1:
            late[w].append(rt - float(np.median([*near.values(), rt])))
    return [float(np.median(x)) if x else 0.0 for x in late]


def _recurring(wells: Sequence[_Read], shifts: Sequence[float]) -> tuple[Recurring, ...]:
    """Gather unnamed peaks of one mass and time, once the drift of each well is taken off."""
    peaks = sorted(
        (mz, rt - shift, area, w.entry.well)
        for w, shift in zip(wells, shifts, strict=True)
        for mz, rt, area in _unnamed(w.found)
    )
    left, groups = list(peaks), list[Recurring]()
    while left:
        mz, rt, _, _ = max(left, key=lambda p: (p[2], p[0]))
        own = [p for p in left if abs(p[0] - mz) < SAME_MZ and abs(p[1] - rt) < SAME_RT]
        left = [p for p in left if p not in own]
        names = tuple(dict.fromkeys(p[3] for p in own))
        if len(names) > 1:
            area = 100.0 * float(np.mean([p[2] for p in own]))
            groups.append(Recurring(float(np.median([p[0] for p in own])), float(np.median([p[1] for p in own])) / 60.0, names, area))  # fmt: skip
    return tuple(sorted(groups, key=lambda g: (-len(g.wells), -g.area_percent, g.mz)))


def _verdict(entries: Sequence[WellEntry]) -> str:
    named = [e for e in entries if e.product_rt_min is not None]
    tied = sum(bool(e.tied_with) for e in named)
    failed = sum(bool(e.problem) for e in entries)
    text = f"The target is named in {len(named)} of {len(entries)} wells"
    text += f", in {tied} of them tied with an isomer that the data cannot tell apart." if tied else "."
    return text + (f" {failed} could not be read." if failed else "")
