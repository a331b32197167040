"""The times of a run: they must be those of one injection."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from ringside.errors import bad_input
from ringside.evidence.files import FIELD
from ringside.evidence.nouns import Chromatogram
from ringside.evidence.raw import RawRun

LATEST = 86_400.0  # s; no injection takes a day


def on_time(run: RawRun, path: Path) -> RawRun:
    """Return a run whose traces run forwards; scans and UV spectra come sorted from their readers.

    Args:
        run: As a reader gives it.
        path: The file, for complaints.

    Raises:
        BadInput: If a time lies before the start or a day after it.
    """
    clocks = [run.uv_t, *(t.t for t in run.traces), np.array([s.t for s in run.scans])]
    for times in clocks:
        if times.size and not (float(times.min()) > -LATEST and float(times.max()) < LATEST):
            raise bad_input(
                "bad-times",
                "the times in the file are not those of one injection",
                file=str(path),
                field=FIELD,
                value=f"{times.min():g} s to {times.max():g} s",
                limit=f"up to {LATEST:g} s",
                next_step="export it again, or export the peak table as CSV",
            )
    return replace(run, traces=tuple(_forwards(t) for t in run.traces))


def _forwards(trace: Chromatogram) -> Chromatogram:
    if np.all(trace.t[1:] >= trace.t[:-1]):
        return trace
    order = np.argsort(trace.t, kind="stable")
    return Chromatogram(trace.label, trace.t[order], trace.y[order])
