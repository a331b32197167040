"""Wells without a case: peaks against the target, what the row names, and what other wells could have left."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ringside.answers.plate.platemap import Row
from ringside.chem.molecule import components
from ringside.evidence.assign import assign
from ringside.evidence.expected import expected
from ringside.evidence.lines import line_model, lines_of
from ringside.evidence.nouns import Assignment, Expected, Instrument, LcmsRun
from ringside.evidence.sharing import Interval
from ringside.evidence.spectrum import mass_sd
from ringside.knowledge.base import Knowledge

UNTOLD: Interval = (0.0, 0.5, 1.0)
REACH = 4.0
FAINT = 0.01


@dataclass(frozen=True, slots=True)
class Looks:
    """How the structures of a plate look, worked out once: views by SMILES, and the lines of all targets by m/z."""

    views: Mapping[str, Expected]
    lines: tuple[tuple[float, str], ...]


def looks_of(rows: Sequence[Row], instrument: Instrument, knowledge: Knowledge) -> Looks:
    """Return how every structure of a plate map looks."""
    views = {s: expected(s, knowledge.evidence, instrument) for s in sorted({s for row in rows for s in own(row)})}
    model = line_model(knowledge.evidence.constants)
    lines = sorted(
        (line.mz, s) for s in {row.target for row in rows} for line in lines_of(views[s], model) if line.base >= FAINT
    )
    return Looks(views, tuple(lines))


def own(row: Row) -> frozenset[str]:
    """Return the structures that a row names."""
    named = [s for _, s in row.materials] + ([row.standard] if row.standard else [])
    return frozenset({row.target, *(part for s in named for part in components(s))})


def by_mass(
    row: Row, run: LcmsRun, looks: Looks, instrument: Instrument, knowledge: Knowledge
) -> tuple[tuple[Assignment, ...], list[str]]:
    """Return the readings of one well, and the structures that were compared.

    Targets of other wells count where one of the stronger ions of a peak could be theirs.

    Args:
        row: The well.
        run: Its injection.
        looks: Those of the plate.
        instrument: Mass error.
        knowledge: Ions and constants.
    """
    named = own(row)
    smiles = sorted({*named, *_carried(run, looks, instrument, knowledge)})
    other = (0.0, knowledge.plate["carried_over"], knowledge.plate["carried_over_most"])
    amounts = {s: UNTOLD if s in named else other for s in smiles}
    found = assign(run.peaks, [looks.views[s] for s in smiles], amounts, knowledge.evidence, instrument)
    return found, smiles


def _carried(run: LcmsRun, looks: Looks, instrument: Instrument, knowledge: Knowledge) -> Iterator[str]:
    constants = knowledge.evidence.constants
    for peak in run.peaks:
        for mz in peak.mz[: int(constants["most_ions"])]:
            reach = REACH * mass_sd(mz, constants, instrument)
            at = bisect_left(looks.lines, (mz - reach, ""))
            while at < len(looks.lines) and looks.lines[at][0] <= mz + reach:
                yield looks.lines[at][1]
                at += 1
