"""From what was recorded to peaks: baseline, detection, unmixing, areas with errors, and the ions of each peak."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ringside.evidence.absorbance import Lamp, from_current, lamp_of
from ringside.evidence.blank import without_blank
from ringside.evidence.delay import lag
from ringside.evidence.extract import extracted, label_of
from ringside.evidence.fitted import fitted
from ringside.evidence.fragments import with_fragments
from ringside.evidence.humps import contrast
from ringside.evidence.nouns import Chromatogram, Instrument, LcmsRun, Peak
from ringside.evidence.raw import RawRun, Scan
from ringside.evidence.silent import silent
from ringside.units import Mz

LEAST_SHARE = 0.002  # of the area, of a peak that is kept
MOST_PEAKS = 60
COARSE, FINE = 0.3, 0.01  # Da, within which two signals are one ion
ISOLATION = 0.7  # Da, from the middle of what an instrument isolates for MS/MS to its end
ERROR_PPM = 10.0
ION_TRACE = "ion trace"


def picked(
    run: RawRun, wavelength: float | None = None, targets: Sequence[Mz] = (), blank: RawRun | None = None
) -> LcmsRun:
    """Return the peaks of an injection, found in its UV trace, or in the ions where there is none.

    Peaks stand out of the baseline by six times the noise and have at least 0.2 % of the area. Those that touch are unmixed: Gaussians
    that tail or front exponentially are fitted to the trace, the UV in bands and the ions that rise under it, all with the same shapes. A hump is
    split where its ions rise apart, or its UV cannot be explained otherwise. The ions of a peak are what its shape takes of each m/z;
    what runs on beside it is background. Where a target's m/z rises while UV shows nothing, that is a peak without an area.

    Args:
        run: What was recorded.
        wavelength: Of the UV trace [nm]; the mean above 210 nm where it is left out and the file has spectra.
        targets: m/z whose traces are wanted.
        blank: An injection without sample, to be taken off.

    Returns:
        Peaks by retention time with area shares and errors, the traces, those of the targets on the clock of the UV, and notes on
        how the peaks were found.

    Raises:
        BadInput: If the blank has nothing in common with the run.
    """
    if blank is not None:
        run = without_blank(run, blank, FINE if run.fine else COARSE)
    lamp, current = lamp_of(run, wavelength), _total(run.scans)
    notes = [*run.notes]
    delay = 0.0
    if lamp is not None and current is not None:
        delay = lag(lamp.trace, run.scans)
    used = lamp
    if used is None and current is not None:
        notes.append("no UV in the file: peaks and areas are those of the ion current, which says little about amounts")
        used = from_current(current)
    if used is None:
        return LcmsRun((), run.traces, sample=run.sample, notes=tuple(notes))
    apart = FINE if run.fine else COARSE
    peaks = fitted(run.scans, used, delay, apart, LEAST_SHARE)
    kept = sorted((p for p in peaks if p.area is not None), key=lambda p: -(p.area or 0.0))
    kept = [p for p in kept if (p.area or 0.0) >= LEAST_SHARE * sum(q.area or 0.0 for q in kept)][:MOST_PEAKS]
    shared = [*_shares(kept), *(p for p in peaks if p.area is None)]
    t = np.array([s.t for s in run.scans]) - delay
    traces = extracted(run.scans, targets, apart) if targets and current is not None else np.zeros((0, len(t)))
    found = silent(t, traces, targets, shared)
    for span, mz in found:
        seen = contrast(run.scans, span.start + delay, span.apex + delay, span.end + delay, apart)
        ions = seen if seen[0] else ((mz,), (1.0,))
        shared.append(Peak("", span.apex, ions[0], None, ions[1], ION_TRACE, span=(span.start, span.end)))
    named = [replace(p, id=f"p{i}") for i, p in enumerate(sorted(shared, key=lambda p: p.rt or 0.0), start=1)]
    if run.msms:
        named = list(with_fragments(named, run.msms, delay, ISOLATION, apart=apart))
    notes += _told(named, used)
    asked = tuple(Chromatogram(label_of(m), t, y) for m, y in zip(targets, traces, strict=False))
    shown = tuple(x for x in (lamp.trace if lamp is not None else None, current) if x is not None)
    return LcmsRun(tuple(named), shown, _instrument(run), run.sample, tuple(notes), asked)


def _instrument(run: RawRun) -> Instrument | None:
    if run.fine is None:
        return None
    return Instrument("positive", ERROR_PPM if run.fine else COARSE, "ppm" if run.fine else "Da")


def _total(scans: Sequence[Scan]) -> Chromatogram | None:
    """Return the base-peak trace: the strongest ion of each scan, which shows peaks above chemical noise."""
    if len(scans) < 3:
        return None
    y = np.array([float(s.intensity.max()) if len(s.intensity) else 0.0 for s in scans])
    return Chromatogram("base peak, ES+", np.array([s.t for s in scans]), y)


def _shares(peaks: Sequence[Peak]) -> list[Peak]:
    """Return peaks with areas as fractions of their total, and the errors of these."""
    areas = np.array([p.area or 0.0 for p in peaks])
    errors = np.array([p.area_sd or 0.0 for p in peaks])
    total = max(float(areas.sum()), 1e-300)
    share = areas / total
    spread = np.sqrt(((1.0 - share) * errors) ** 2 + share**2 * ((errors**2).sum() - errors**2)) / total
    return [
        replace(p, area=float(f), area_sd=float(e), signal=float(a))
        for p, f, e, a in zip(peaks, share, spread, areas, strict=True)
    ]


def _told(peaks: Sequence[Peak], lamp: Lamp) -> list[str]:
    full = lamp.trace.t[lamp.full]
    hit = [p for p in peaks if p.span is not None and np.any((full >= p.span[0]) & (full <= p.span[1]))]
    hit = [
        p
        for p in hit
        if p.area is not None and np.min(np.abs(full - (p.rt or 0.0))) <= (p.span or (0.0, 0.0))[1] - (p.rt or 0.0)
    ]
    notes = [
        f"the detector is full at {lamp.ceiling:.4g} in peak {p.id} ({(p.rt or 0.0) / 60.0:.2f} min): its top is flat, its area is a guess from its flanks"
        for p in hit
    ]
    hidden = [p.id for p in peaks if p.area is None]
    if hidden:
        notes.append(f"{', '.join(hidden)}: seen in the ions alone, so without an area")
    return notes
