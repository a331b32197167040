"""How species and readings stand in a report."""

from __future__ import annotations

import hashlib

from ringside.answers.report import AssignmentEntry, CandidateEntry, TraceEntry
from ringside.evidence.nouns import Assignment, Chromatogram
from ringside.network.nouns import FAMILY_PREFIX


def species_id(smiles: str) -> str:
    """Return the id of a species: it depends on the canonical SMILES alone."""
    return f"s-{hashlib.sha256(smiles.encode()).hexdigest()[:10]}"


def report_id(species: str) -> str:
    """Return the id under which a species, family or other reading is known in a report."""
    if species.startswith((FAMILY_PREFIX, "background:")) or species == "none-of-these":
        return species
    return species_id(species)


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


def trace_entry(trace: Chromatogram) -> TraceEntry:
    """Return a trace in minutes, scaled to its maximum."""
    low, high = float(trace.y.min()), float(trace.y.max())
    scale = (high - low) or 1.0
    return TraceEntry(
        trace.label,
        tuple(round(float(x) / 60.0, 4) for x in trace.t),
        tuple(round((float(y) - low) / scale, 4) for y in trace.y),
    )
