"""The peaks of one trace, those that touch taken apart, each with its area, its error and its ions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from ringside.evidence.absorbance import Lamp, lamp_block
from ringside.evidence.humps import Hump, Ions, contrast, hump, ion_block, proposals, spectra
from ringside.evidence.nouns import Peak
from ringside.evidence.raw import Scan
from ringside.evidence.resolve import resolved, reweighted
from ringside.evidence.shapes import outline
from ringside.evidence.trace import Span, spans_of, touching
from ringside.evidence.unmix import Block, Fit, Limits, Tie, fit
from ringside.kinetics.nouns import FloatArray

VALLEY = 0.02  # of the lower peak: a valley below it parts groups
TOGETHER = 6  # peaks unmixed at once
BESIDE = 1.0  # spans of the outer peaks that are looked at beside a group
LEAST_POINTS = 12  # of a window, for shapes to be fitted
GOOD_FIT = 1.5  # chi squared a point
LEAST_SIGNAL = 0.002  # of the highest, where there is a peak at all
UNSEEN, UNSEEN_SHARE = 3.0, 0.01  # standard errors, and share of a hump, of an area that counts as seen
UNSEEN_HEIGHT = 0.05  # of the strongest ion under the hump, of a peak that UV does not show
SHAPE_SD, SKEW_SD, NEAR_SD = 0.3, 0.6, 0.2  # of log sigma and skew about the usual of the run, and of neighbours
LOOSE = Tie(0.0, 1.5, 0.4, 1.2, 0.0, 1.0, 0.3)
DELAY_SD, SURE_DELAY_SD = 0.5, 0.15  # s, of the delay in one group about that of the run, where peaks have told it
SIGMAS = (0.25, 4.0)  # of the width first seen
TO_SIGMA = 2.3548
MOVE = 0.75  # widths, by which a peak that is seen as such may move
USUAL_FROM = 3  # groups of a single peak
ION_TRACE = "ion trace"


@dataclass(frozen=True, slots=True, eq=False)
class _Group:
    """Peaks that are unmixed together: the traces, where ions rise, the ions, and a first fit."""

    spans: list[Span]
    blocks: tuple[Block, ...]
    places: list[float]
    first: Fit
    limits: Limits
    ions: Hump | None


def fitted(scans: Sequence[Scan], lamp: Lamp, delay: float, apart: float, least: float) -> list[Peak]:
    """Return the peaks of a trace, and those that only ions tell from them (without an area).

    Args:
        scans: Mass spectra by time.
        lamp: The trace and what belongs to it.
        delay: By which the ions come after it [s].
        apart: Distance [Da] from which two signals are two ions.
        least: Share of the whole area below half of which a peak is not looked at [-].

    Returns:
        Peaks without an id; areas and their standard errors in units of the trace times seconds.
    """
    t = lamp.trace.t
    spans = spans_of(t, lamp.trace.y)
    whole = sum(s.area for s in spans)
    spans = [s for s in spans if s.area >= 0.5 * least * whole]
    grouped = touching(t, lamp.level, spans, VALLEY, TOGETHER)
    limits = [-np.inf, *(0.5 * (a[-1].end + b[0].start) for a, b in pairwise(grouped)), np.inf]
    groups = [_group(scans, lamp, here, (limits[i], limits[i + 1]), delay, apart) for i, here in enumerate(grouped)]
    usual = _usual([g for g in groups if g is not None], delay)
    found: list[Peak] = []
    for here, group in zip(grouped, groups, strict=True):
        if group is None:
            found += [_plain(scans, lamp, s, delay, apart) for s in here]
        else:
            found += _peaks(scans, lamp, group, _best(group, usual, alone=lamp.uv), apart)
    return found


def _plain(scans: Sequence[Scan], lamp: Lamp, span: Span, delay: float, apart: float) -> Peak:
    """Return a peak of which there are too few points for a fit."""
    step = float(np.median(np.diff(lamp.trace.t)))
    sd = lamp.noise * float(np.sqrt((span.end - span.start) * step))
    mz, heights = contrast(scans, span.start + delay, span.apex + delay, span.end + delay, apart)
    return Peak("", span.apex, mz, span.area, heights, lamp.trace.label, sd, (span.start, span.end))


def _group(
    scans: Sequence[Scan], lamp: Lamp, spans: list[Span], limits: tuple[float, float], delay: float, apart: float
) -> _Group | None:
    t, level = lamp.trace.t, lamp.level
    widths = [_width(t, level, s) for s in spans]
    start = max(spans[0].start - BESIDE * (spans[0].apex - spans[0].start), limits[0], float(t[0]))
    end = min(spans[-1].end + BESIDE * (spans[-1].end - spans[-1].apex), limits[1], float(t[-1]))
    block = lamp_block(lamp, start, end, float(np.median(widths)))
    if len(block.t) < LEAST_POINTS or block.t[-1] <= block.t[0]:
        return None
    inside = [s for s in scans if start + delay <= s.t <= end + delay]
    ions = hump(inside, apart)
    places, chosen = proposals(ions, delay, float(np.median(widths))) if ions is not None else ([], [])
    blocks = (block, ion_block(ions, chosen)) if ions is not None and chosen else (block,)
    logs = np.log(np.array(widths) / TO_SIGMA)
    bounds = float(logs.min() + np.log(SIGMAS[0])), float(logs.max() + np.log(SIGMAS[1]))
    edges = Limits(bounds, np.array([s.apex for s in spans]), MOVE * np.array(widths))
    guess = np.concatenate([[s.apex for s in spans], logs, np.full(len(spans), 0.3), [delay]])
    tie = replace(LOOSE, log_sigma=float(np.median(logs)), delay=delay, delay_sd=DELAY_SD)
    return _Group(spans, blocks, places, fit(blocks, guess, tie, edges), edges, ions)


def _width(t: FloatArray, level: FloatArray, span: Span) -> float:
    """Return the width at half height [s] of a peak that may meet its neighbour before."""
    i, j = np.searchsorted(t, (span.start, span.end))
    part, y = t[i : j + 1], level[i : j + 1]
    top = int(np.argmin(np.abs(part - span.apex)))
    half = 0.5 * float(y[top])
    above = y >= half
    left, right = top, top
    while left > 0 and above[left - 1]:
        left -= 1
    while right < len(part) - 1 and above[right + 1]:
        right += 1
    step = float(np.median(np.diff(t)))
    sides = [float(part[top] - part[left]), float(part[right] - part[top])]
    return max(2.0 * min(max(sides[0], step), max(sides[1], step)), sum(sides) / 2.0, 2.0 * step)


def _usual(groups: list[_Group], delay: float) -> Tie | None:
    """Return the shape that is usual in the run, where enough single peaks tell."""
    single = [g.first for g in groups if g.first.k == 1 and g.first.misfit < 2.0 * GOOD_FIT * g.first.n]
    if len(single) < USUAL_FROM:
        return None
    log_sigma, skew = (float(np.median([f.theta[i] for f in single])) for i in (1, 2))
    delays = [f.theta[-1] for f in single if len(f.heights) > 1]
    sure = len(delays) >= USUAL_FROM
    late = float(np.median(delays)) if sure else delay
    return Tie(log_sigma, SHAPE_SD, skew, SKEW_SD, late, DELAY_SD if not sure else SURE_DELAY_SD, NEAR_SD)


def _best(group: _Group, usual: Tie | None, *, alone: bool) -> Fit:
    first = group.first
    k = first.k
    own = replace(
        LOOSE, log_sigma=float(np.median(first.theta[k : 2 * k])), delay=float(first.theta[-1]), delay_sd=DELAY_SD
    )
    best = first
    if len(group.places) > k or first.misfit > GOOD_FIT * first.n:
        best = resolved(group.blocks, first, group.places, usual or own, group.limits, alone=alone)
    return reweighted(group.blocks, best, usual or own, group.limits) if best.k > 1 else best


def _peaks(scans: Sequence[Scan], lamp: Lamp, group: _Group, best: Fit, apart: float) -> list[Peak]:
    k = best.k
    scale = max(1.0, best.misfit / best.n)
    areas = best.heights[0][:k, 0]
    sd = np.sqrt(np.maximum(np.diag(best.linear + best.slopes @ best.covariance @ best.slopes.T) * scale, 0.0))
    extra = _left(best, lamp, group.blocks[0])
    areas, sd = np.maximum(areas + extra, 0.0), np.hypot(sd, 0.5 * extra)
    seen = (areas > UNSEEN * sd) & (areas > UNSEEN_SHARE * areas.sum())
    delay = float(best.theta[-1])
    lines = [outline(*best.theta[[i, k + i, 2 * k + i]]) for i in range(k)]
    told = spectra(best, group.ions) if group.ions is not None else None
    strongest = _strengths(best, group)
    by_eye = scale > GOOD_FIT and k == len(group.spans)
    found: list[Peak] = []
    for i, (start, shaped, end, *_) in enumerate(lines):
        apex = group.spans[i].apex if by_eye else shaped
        ions: Ions = told[i] if told is not None else contrast(scans, start + delay, apex + delay, end + delay, apart)
        if seen[i] or (i < len(group.spans) and areas[i] > sd[i]):
            found.append(
                Peak("", apex, ions[0], float(areas[i]), ions[1], lamp.trace.label, float(sd[i]), (start, end))
            )
        elif ions[0] and strongest[i] >= UNSEEN_HEIGHT * max(strongest):
            found.append(Peak("", apex, ions[0], None, ions[1], ION_TRACE, span=(start, end)))
    return found


def _left(best: Fit, lamp: Lamp, block: Block) -> FloatArray:
    """Return the areas that real peaks have beyond the fitted shapes: what is left, shared out as the shapes share the signal."""
    k = best.k
    shapes = best.shapes(block.t, late=False) * best.heights[0][:k, 0]
    total = shapes.sum(axis=1)
    rest = block.y[:, 0] - total - block.ramps() @ best.heights[0][k:, 0]
    full = np.interp(block.t, lamp.trace.t, lamp.full.astype(np.float64)) > 0.0
    counts = (total > LEAST_SIGNAL * total.max()) & ~full
    share = np.divide(shapes, total[:, None], out=np.zeros_like(shapes), where=counts[:, None])
    return np.asarray(np.trapezoid(share * rest[:, None], block.t, axis=0), dtype=np.float64)


def _strengths(best: Fit, group: _Group) -> list[float]:
    """Return the height of the highest fitted ion of each peak."""
    if len(group.blocks) < 2:
        return [0.0] * best.k
    tops = best.shapes(group.blocks[1].t, late=True).max(axis=0)
    return [float(h) for h in (best.heights[1][: best.k] * tops[:, None]).max(axis=1)]
