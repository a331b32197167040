"""How many peaks there are under a hump."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from ringside.evidence.shapes import outline
from ringside.evidence.unmix import Block, Fit, Limits, Tie, fit
from ringside.kinetics.nouns import FloatArray

MARGIN = 20.0  # of chi squared, beyond the criterion, for one peak more
UV_ONLY = 40.0  # the same where no ion tells
APART = 0.25  # of the width at half height, between two apexes
APART_ALONE = 0.6  # the same where no ion tells: nearer, two peaks are one of another shape
NEIGHBOUR, LEAST_BESIDE = 2.0, 0.08  # widths, and share of the area of a neighbour within them, where no ion tells
SURE = 4.0  # standard errors, of a height that counts
SHARE = 0.005  # of the group's area, of a peak that only UV shows
REWEIGHT = (0.06, 20.0)  # chi squared a point: what it may be taken for
ALIKE = 0.9  # cosine of the roots of the ion heights, of two peaks that may be one
POOR = 0.8  # chi squared a point, from which the trace may tell of a peak by itself
MOST = 10  # peaks in a group
TRIES = 3
WIDTHS = (0.45, 2.2)  # against the usual width of the run


def resolved(
    blocks: tuple[Block, ...],
    first: Fit,
    proposals: Sequence[float],
    tie: Tie,
    limits: Limits,
    *,
    alone: bool = True,
) -> Fit:
    """Return the fit with as many peaks as the data ask for, at least those of the first.

    Peaks are proposed where ions rise apart from the UV, where the UV is left unexplained, and as halves of what is there. One more is
    taken if chi squared, scaled by how well the better fit explains the data, falls by more than log n for each number it brings (its place, width,
    skew and every height that differs from zero), and a margin; if it has a width like others of the run, an apex of its own, and a
    height beyond its error.

    Args:
        blocks: The traces, UV first.
        first: The fit of the peaks that are seen as such.
        proposals: Times at which ions have apexes [s, on the clock of the UV].
        tie: What shapes are held to.
        limits: What no fit may leave.
        alone: Whether the shape of the trace may tell of a peak that no ion tells of.

    Sources:
        schwarz-1978: the criterion.
    """
    now = fit(blocks, first.theta, tie, limits)
    waiting = list(proposals)
    while now.k < MOST:
        width = _width(now)
        waiting = [p for p in waiting if np.min(np.abs(now.theta[: now.k] - p)) > APART * width]
        several = [waiting[:n] for n in range(min(TRIES, len(waiting), MOST - now.k), 1, -1)]
        starts = [
            (_snapped(_with(now, *p), proposals, width, tie), True) for p in (*several, *([p] for p in waiting[:TRIES]))
        ]
        starts += [(s, False) for s in _halves(now, blocks[0])] if alone and now.misfit > POOR * now.n else []
        trials = ((fit(blocks, start, tie, limits), told) for start, told in starts)
        better = next((trial for trial, told in trials if _better(now, trial, blocks, tie, told=told)), None)
        if better is None:
            break
        now = better
    return _leaner(now, first.k, blocks, tie, limits) if now.k > first.k + 1 else now


def _leaner(now: Fit, known: int, blocks: tuple[Block, ...], tie: Tie, limits: Limits) -> Fit:
    """Return the fit without the peaks that a later one has made needless."""
    for i in range(now.k - 1, known - 1, -1):
        kept = np.arange(now.k) != i
        without = fit(blocks, now.theta[np.append(np.tile(kept, 3), True)], tie, limits)
        if not _worth(without, now, i, blocks):
            return _leaner(without, known, blocks, tie, limits) if without.k > known + 1 else without
    return now


def reweighted(blocks: tuple[Block, ...], found: Fit, tie: Tie, limits: Limits) -> Fit:
    """Return the fit once more with each trace weighted by how well it is explained: full detectors count less, clean traces more."""
    again: list[Block] = []
    for block, heights in zip(blocks, found.heights, strict=True):
        design = np.concatenate([found.shapes(block.t, late=block.late), block.ramps()], axis=1)
        chi = (block.weight * (block.y - design @ heights) ** 2).mean(axis=0)
        again.append(replace(block, weight=block.weight / np.clip(chi, *REWEIGHT)))
    return fit(tuple(again), found.theta, tie, limits)


def _width(now: Fit) -> float:
    k = now.k
    return float(np.median([outline(*now.theta[[i, k + i, 2 * k + i]])[3] for i in range(k)]))


def _snapped(theta: FloatArray, proposals: Sequence[float], width: float, tie: Tie) -> FloatArray:
    """Return a start with places moved to where ions rise nearby, and shapes and the delay back at those of the run."""
    moved = theta.copy()
    k = len(theta) // 3
    rises = np.array(proposals)
    for i in range(k):
        near = rises[int(np.argmin(np.abs(rises - theta[i])))]
        if abs(near - theta[i]) < 0.5 * width and near not in moved[:k]:
            moved[i] = near
    moved[k : 2 * k], moved[2 * k : 3 * k], moved[-1] = tie.log_sigma, tie.skew, tie.delay
    return moved


def _with(now: Fit, *places: float) -> FloatArray:
    """Return a start with more peaks, shaped like those nearest."""
    k = now.k
    near = [int(np.argmin(np.abs(now.theta[:k] - p))) for p in places]
    shapes = now.theta[k : 2 * k], now.theta[2 * k : 3 * k]
    grown = (np.append(s, s[near]) for s in shapes)
    return np.concatenate([now.theta[:k], places, *grown, now.theta[-1:]])


def _halves(now: Fit, block: Block) -> list[FloatArray]:
    """Return starts with one peak more: at what is left of the trace, and the worst peak in two."""
    k = now.k
    shapes = np.concatenate([now.shapes(block.t, late=False), block.ramps()], axis=1)
    rest = block.y[:, 0] - shapes @ now.heights[0][:, 0]
    pull = gaussian_filter1d(rest * np.sqrt(block.weight[:, 0]), 2.0)
    sums = (shapes[:, :k] / np.maximum(shapes[:, :k].max(axis=0), 1e-300)).T @ (block.weight[:, 0] * rest * rest)
    worst = int(np.argmax(sums))
    sigma = float(np.exp(now.theta[k + worst]))
    half = _with(now, float(now.theta[worst]) + 0.8 * sigma)
    half[worst] -= 0.8 * sigma
    half[k + 1 + worst] -= 0.35
    half[2 * k + 1] -= 0.35
    return [_with(now, float(block.t[int(np.argmax(pull))])), half]


def _better(now: Fit, trial: Fit, blocks: tuple[Block, ...], tie: Tie, *, told: bool) -> bool:
    """Return whether one peak more is worth it."""
    if not np.all(np.isfinite(trial.theta)) or not _separate(now, trial, blocks, tie, told=told):
        return False
    k, more = trial.k, trial.k - now.k
    scale = _scale(trial)
    seen = significance(trial, blocks, scale)
    counted = sum(int((s[now.k :] > 2.0).sum()) for s in seen)
    if (now.cost - trial.cost) / scale < (3 * more + counted) * np.log(trial.n) + (MARGIN if told else UV_ONLY) * more:
        return False
    area = trial.heights[0][:k, 0]
    by_uv = (seen[0][:, 0] > SURE) & (area >= SHARE * area.sum())
    by_ions = np.zeros(k, dtype=bool)
    for heights in seen[1:] if told else ():
        by_ions |= np.asarray(heights.max(axis=1) > SURE, dtype=bool)
    return bool(np.all(by_uv | by_ions))


def _separate(now: Fit, trial: Fit, blocks: tuple[Block, ...], tie: Tie, *, told: bool) -> bool:
    """Return whether all peaks have apexes of their own and widths like others of the run, and new ones are not of their neighbours' making."""
    k = trial.k
    lines = [outline(*trial.theta[[i, k + i, 2 * k + i]]) for i in range(k)]
    apex, widths = np.array([x[1] for x in lines]), np.array([x[3] for x in lines])
    order = np.argsort(apex)
    apex, widths = apex[order], widths[order]
    if np.any(np.diff(apex) < (APART if told else APART_ALONE) * np.minimum(widths[1:], widths[:-1])):
        return False
    sigma = np.exp(trial.theta[k : 2 * k] - tie.log_sigma)
    if sigma.min() < WIDTHS[0] or sigma.max() > WIDTHS[1]:
        return False
    if told:
        return _unlike(trial, blocks, order, now.k)
    return not _overlooked(trial.heights[0][order, 0], apex, widths, order >= now.k)


def _overlooked(area: FloatArray, apex: FloatArray, widths: FloatArray, new: NDArray[np.bool_]) -> bool:
    """Return whether a new peak is so small beside a near neighbour that it may as well be of that one's shape."""
    for i, j in pairwise(range(len(area))):
        beside = apex[j] - apex[i] < NEIGHBOUR * max(widths[i], widths[j])
        small, large = (i, j) if area[i] < area[j] else (j, i)
        if beside and new[small] and area[small] < LEAST_BESIDE * area[large]:
            return True
    return False


def _scale(found: Fit) -> float:
    return max(1.0, found.misfit / max(found.n - 3 * found.k, 1))


def _worth(without: Fit, now: Fit, i: int, blocks: tuple[Block, ...]) -> bool:
    """Return whether the i-th peak of a fit still explains more than it brings."""
    scale = _scale(now)
    counted = sum(int((s[i] > 2.0).sum()) for s in significance(now, blocks, scale))
    return (without.cost - now.cost) / scale >= (3 + counted) * np.log(now.n) + MARGIN


def _unlike(trial: Fit, blocks: tuple[Block, ...], order: NDArray[np.intp], known: int) -> bool:
    """Return whether new peaks have other ions than their neighbours in time: a full detector bends traces too, but all of one species."""
    tops = [
        h[: trial.k] * trial.shapes(b.t, late=True).max(axis=0)[:, None]
        for b, h in zip(blocks, trial.heights, strict=True)
        if b.late
    ]
    if not tops:
        return True
    roots = np.sqrt(tops[0])
    for i, j in pairwise(order):
        length = float(np.linalg.norm(roots[i]) * np.linalg.norm(roots[j]))
        if max(i, j) >= known and float(roots[i] @ roots[j]) > ALIKE * length:
            return False
    return True


def significance(found: Fit, blocks: tuple[Block, ...], scale: float) -> list[FloatArray]:
    """Return each height over its standard error at fixed shapes, one array a block, shape (k, n_traces)."""
    k = found.k
    told: list[FloatArray] = []
    for block, heights in zip(blocks, found.heights, strict=True):
        shapes = found.shapes(block.t, late=block.late)
        own = (shapes**2).T @ block.weight
        told.append(np.abs(heights[:k]) * np.sqrt(own / scale))
    return told
