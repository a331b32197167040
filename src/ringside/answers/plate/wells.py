"""One well: from the readings of its peaks to what a plate chemist asks."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

import numpy as np

from ringside.answers.entries import assignment_entries, species_id, trace_entry
from ringside.answers.plate.nouns import Material, ProductPeak, WellEntry, WellSpecies
from ringside.answers.plate.platemap import Row
from ringside.answers.report import AssignmentEntry, TraceEntry
from ringside.chem.labels import describe
from ringside.chem.mass import exact_mass
from ringside.chem.molecule import components
from ringside.evidence.assign import BACKGROUND, NONE, explained_area
from ringside.evidence.nouns import Assignment, Candidate, Chromatogram, LcmsRun
from ringside.knowledge.base import Knowledge

POINTS = 180
SHOWN = 0.01
NOTHING = Candidate("", "", None, None, 0.0, 0.0, False)


def blank(row: Row, problem: str = "") -> WellEntry:
    """Return the entry of a well of which nothing was read."""
    return WellEntry(
        row.vial, row.name, row.target, row.file, None, None, "", (), None, (), None, None, (), None, None, None, None,
        None, None, (), (), None, (), (), problem,
    )  # fmt: skip


def well_entry(
    row: Row, run: LcmsRun, found: tuple[Assignment, ...], smiles: Sequence[str], knowledge: Knowledge
) -> WellEntry:
    """Return the entry of a well, before it is compared with others.

    Args:
        row: Its row of the plate map.
        run: Its injection.
        found: The readings of its peaks.
        smiles: What they were compared with.
        knowledge: Names and constants.
    """
    likely = knowledge.plate["likely"]
    own = [a for a in found if _chance(a, {row.target}) >= likely or row.target in a.undecidable_between]
    best = max(own, key=lambda a: (a.peak.area or 0.0, -(a.peak.rt or 0.0)), default=None)
    peaks = tuple(
        ProductPeak(a.peak.rt / 60.0, _percent(a), _chance(a, _alike(a, row.target)), _reading(a, row.target).ion)
        for a in own
        if a.peak.rt is not None
    )
    measured = any(a.peak.area is not None for a in found)
    product = _area(found, {row.target}, tied=True) if measured else None
    standard = _area(found, set(components(row.standard))) if measured and row.standard else None
    areas = [p.area_percent for p in peaks if p.area_percent is not None and p.area_percent >= 100.0 * SHOWN]
    unknown = max(
        (a for a in found if _unread(a.candidates[0].species)), key=lambda a: a.peak.area or 0.0, default=None
    )
    return replace(
        blank(row),
        product_area_percent=product,
        product_rt_min=best.peak.rt / 60.0 if best is not None and best.peak.rt is not None else None,
        product_ion=_reading(best, row.target).ion if best is not None else "",
        product_peaks=peaks,
        product_if_one_percent=(min(areas), max(areas)) if len(areas) > 1 else None,
        tied_with=tuple(species_id(s) for s in best.undecidable_between if s != row.target) if best is not None else (),
        standard_area_percent=standard,
        product_to_standard=product / standard if product is not None and standard else None,
        materials=tuple(
            Material(name, s, _area(found, set(components(s))) if measured else None)
            for name, s in row.materials
            if s not in {row.target, row.standard}
        ),
        explained_area=explained_area(found),
        largest_unknown_percent=(_percent(unknown) if unknown is not None else 0.0) if measured else None,
        largest_unknown_mz=unknown.peak.mz[0] if unknown is not None and unknown.peak.mz else None,
        assignments=assignment_entries(found),
        species=_species(row.target, found, smiles, knowledge),
        trace=_thumbnail(run),
        notes=run.notes,
    )


def unread(entry: AssignmentEntry) -> bool:
    """Say whether the likeliest reading of a peak is no structure."""
    return _unread(entry.candidates[0].species)


def _unread(species: str) -> bool:
    return species == NONE or species.startswith(BACKGROUND)


def _percent(a: Assignment) -> float | None:
    return None if a.peak.area is None else 100.0 * a.peak.area


def _reading(a: Assignment, target: str) -> Candidate:
    return next((c for c in a.candidates if c.species == target), NOTHING)


def _alike(a: Assignment, target: str) -> set[str]:
    """Return the target, and the isomers that the data cannot tell from it at this peak."""
    return {target, *(a.undecidable_between if target in a.undecidable_between else ())}


def _chance(a: Assignment, species: Collection[str]) -> float:
    return sum(c.probability for c in a.candidates if c.species in species)


def _area(found: Sequence[Assignment], species: set[str], *, tied: bool = False) -> float:
    """Return the area [%] of peaks times the chance that they are one of these, or, if ``tied``, told apart by nothing."""
    total = 0.0
    for a in found:
        wider = species.union(*(_alike(a, s) for s in species)) if tied else species
        total += (a.peak.area or 0.0) * _chance(a, wider)
    return 100.0 * total


def _species(
    target: str, found: Sequence[Assignment], smiles: Sequence[str], knowledge: Knowledge
) -> tuple[WellSpecies, ...]:
    seen = {c.species for a in found for c in a.candidates if c.probability > SHOWN} | {target}
    seen |= {s for a in found for s in a.undecidable_between}
    listed = sorted(seen & set(smiles) | {target}, key=lambda s: (s != target, s))
    return tuple(WellSpecies(species_id(s), s, describe(s, target, {}, knowledge.names), exact_mass(s)) for s in listed)


def _thumbnail(run: LcmsRun) -> TraceEntry | None:
    """Return the first trace thinned for a small picture; each bin keeps its highest point."""
    if not run.traces or len(run.traces[0].t) < 2:
        return None
    trace = run.traces[0]
    bins = np.array_split(np.arange(len(trace.t)), min(POINTS, len(trace.t)))
    tops = np.array([b[int(trace.y[b].argmax())] for b in bins])
    return trace_entry(Chromatogram(trace.label, trace.t[tops], trace.y[tops]))
