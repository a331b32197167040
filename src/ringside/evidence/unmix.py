"""Peaks that overlap taken apart: shapes fitted to several traces together, heights by linear algebra at each step."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from ringside.evidence.shapes import emg, emg_slopes
from ringside.kinetics.nouns import FloatArray

MOST_STEPS = 25
ENOUGH, ENOUGH_SHARE = 0.05, 5e-5  # of chi squared, and of all of it: a step that gains less is the last
SKEWS = (-2.0, 6.0)
LONGEST = (0.7, 0.4, 0.7)  # steps of place [sigma], log sigma and skew
RIDGE = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Traces on one clock: ``t`` [s] shape (n,), ``y`` and ``weight`` = 1 / variance shape (n, n_traces).

    ``signed``: traces whose heights may be negative, shape (n_traces,). ``drift``: standard deviation of what is left of the baseline,
    a straight line under the peaks, shape (n_traces,). ``late``: the clock runs after the first by the delay.
    """

    t: FloatArray
    y: FloatArray
    weight: FloatArray
    signed: FloatArray
    drift: FloatArray
    late: bool = False

    def ramps(self) -> FloatArray:
        """Return a falling and a rising line across the window, shape (n, 2)."""
        u = (self.t - self.t[0]) / max(float(self.t[-1] - self.t[0]), 1e-9)
        return np.stack([1.0 - u, u], axis=1)


@dataclass(frozen=True, slots=True)
class Tie:
    """What shapes are held to, weakly: log sigma and skew usual in the run, the delay, each with its standard deviation.

    ``near``: standard deviation of the difference of log sigma between neighbours; of their skew it is three times that.
    """

    log_sigma: float
    log_sigma_sd: float
    skew: float
    skew_sd: float
    delay: float
    delay_sd: float
    near: float


@dataclass(frozen=True, slots=True, eq=False)
class Limits:
    """What a fit may not leave: ``log_sigma`` lowest and highest, and for the first peaks, which are seen as such, ``places`` [s] and ``reach`` [s]."""

    log_sigma: tuple[float, float]
    places: FloatArray
    reach: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """Shapes and heights: ``theta`` = places, log sigmas, skews, delay, shape (3 k + 1,); ``covariance`` of theta.

    ``heights``: one array a block, shape (k + 2, n_traces): areas of the k peaks, and the two ends of the line under them. ``slopes``: of the areas
    in the first trace of the first block with theta, shape (k, 3 k + 1), ``linear`` their covariance at fixed theta. ``cost`` is chi squared
    with the penalties, ``misfit`` without.
    """

    theta: FloatArray
    covariance: FloatArray
    heights: tuple[FloatArray, ...]
    slopes: FloatArray
    linear: FloatArray
    cost: float
    misfit: float
    n: int

    @property
    def k(self) -> int:
        """How many peaks."""
        return len(self.theta) // 3

    def shapes(self, t: FloatArray, *, late: bool) -> FloatArray:
        """Return the peaks at unit area, shape (n, k)."""
        return _shapes(self.theta, t, late=late)


def _shapes(theta: FloatArray, t: FloatArray, *, late: bool) -> FloatArray:
    k = len(theta) // 3
    return emg(t - theta[-1] if late else t, theta[:k], theta[k : 2 * k], theta[2 * k : 3 * k])


def heights_of(design: FloatArray, block: Block, k: int) -> tuple[FloatArray, FloatArray]:
    """Return the weighted least-squares heights of all traces of a block, those of peaks not negative, and the normal matrices.

    Args:
        design: Shapes and lines, shape (n, k + 2).
        block: The traces.
        k: How many columns are peaks.

    Returns:
        Heights, shape (k + 2, n_traces), and matrices of what was free, shape (n_traces, k + 2, k + 2).
    """
    n, q = design.shape
    pairs = (design[:, :, None] * design[:, None, :]).reshape(n, q * q)
    normal = (pairs.T @ block.weight).T.reshape(-1, q, q)
    at = np.arange(q)
    scale = normal[:, at, at].max(axis=1)
    normal[:, at, at] += RIDGE * scale[:, None] + 1e-300
    normal[:, at[k:], at[k:]] += 1.0 / np.maximum(block.drift, 1e-150)[:, None] ** 2
    right = (design.T @ (block.weight * block.y)).T
    free = np.ones_like(right, dtype=bool)
    matrix = normal.copy()
    heights = np.linalg.solve(matrix, right[:, :, None])[:, :, 0]
    for _ in range(k):
        below = np.where(block.signed[:, None] > 0.0, 0.0, np.minimum(heights[:, :k], 0.0))
        bad = np.flatnonzero(below.min(axis=1) < 0.0)
        if not len(bad):
            break
        free[bad, np.argmin(below[bad], axis=1)] = False
        some = free[bad]
        matrix[bad] = np.where(some[:, :, None] & some[:, None, :], normal[bad], 0.0)
        matrix[bad[:, None], at, at] = np.where(some, normal[bad[:, None], at, at], 1.0)
        heights[bad] = np.linalg.solve(matrix[bad], np.where(some, right[bad], 0.0)[:, :, None])[:, :, 0]
    return np.where(free, heights, 0.0).T, matrix


def fit(blocks: tuple[Block, ...], start: FloatArray, tie: Tie, limits: Limits) -> Fit:
    """Return the shapes that fit all traces best.

    Levenberg and Marquardt steps on places, widths, skews and the delay, with heights solved for at each (variable projection, in
    Kaufman's form: their change with the shapes is left out of the slopes).

    Args:
        blocks: Traces; areas with errors are those of the first trace of the first.
        start: First guess of theta.
        tie: What shapes are held to.
        limits: What it may not leave.

    Returns:
        Shapes, heights and errors.

    Sources:
        golub-pereyra-2003: variable projection.
    """
    theta = np.array(start, dtype=np.float64)
    rows, aim = _penalties(theta, tie)
    state = _assess(theta, blocks, rows, aim)
    damping = 1e-2
    jtj, jtr = _slopes(theta, blocks, state, rows, aim)
    for _ in range(MOST_STEPS):
        step: FloatArray = np.asarray(np.linalg.solve(jtj + damping * np.diag(np.diag(jtj)), -jtr), dtype=np.float64)
        trial = _bounded(theta, step, limits)
        tried = _assess(trial, blocks, rows, aim)
        gain = state.cost - tried.cost
        if gain > 0.0:
            theta, state, damping = trial, tried, max(damping / 5.0, 1e-9)
            if gain < max(ENOUGH, ENOUGH_SHARE * state.cost):
                break
            jtj, jtr = _slopes(theta, blocks, state, rows, aim)
        else:
            damping *= 6.0
            if damping > 1e6:
                break
    jtj, _ = _slopes(theta, blocks, state, rows, aim)
    k = len(theta) // 3
    design, heights, matrix, _ = state.parts[0]
    inverse = np.linalg.inv(matrix[0])
    tangents = _tangents(theta, blocks[0], design, heights)[:, :, :1]
    change = -_projected(design, tangents, blocks[0].weight[:, :1], matrix[:1], heights[:, :1])[0]
    return Fit(
        theta,
        np.asarray(np.linalg.pinv(jtj), dtype=np.float64),
        tuple(p[1] for p in state.parts),
        change[:k],
        inverse[:k, :k],
        state.cost,
        state.misfit,
        sum(b.y.size for b in blocks),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _State:
    """Where a fit stands: design, heights, normal matrices and residuals of each block."""

    parts: tuple[tuple[FloatArray, FloatArray, FloatArray, FloatArray], ...]
    misfit: float
    cost: float


def _assess(theta: FloatArray, blocks: tuple[Block, ...], rows: FloatArray, aim: FloatArray) -> _State:
    k = len(theta) // 3
    parts: list[tuple[FloatArray, FloatArray, FloatArray, FloatArray]] = []
    misfit = 0.0
    for block in blocks:
        design = np.concatenate([_shapes(theta, block.t, late=block.late), block.ramps()], axis=1)
        heights, matrix = heights_of(design, block, k)
        rest = block.y - design @ heights
        misfit += float((block.weight * rest * rest).sum())
        parts.append((design, heights, matrix, rest))
    held = rows @ theta - aim
    return _State(tuple(parts), misfit, misfit + float(held @ held))


def _tangents(theta: FloatArray, block: Block, design: FloatArray, heights: FloatArray) -> FloatArray:
    """Return the change of each trace with theta at fixed heights, shape (n, 3 k + 1, n_traces)."""
    k = len(theta) // 3
    t = block.t - theta[-1] if block.late else block.t
    slopes = emg_slopes(t, theta[:k], theta[k : 2 * k], theta[2 * k : 3 * k], design[:, :k])
    found = np.zeros((len(t), 3 * k + 1, block.y.shape[1]))
    found[:, :-1] = (slopes[:, :, :, None] * heights[None, None, :k]).transpose(1, 0, 2, 3).reshape(len(t), 3 * k, -1)
    if block.late:
        found[:, -1] = found[:, :k].sum(axis=1)
    return found


def _projected(
    design: FloatArray, tangents: FloatArray, weight: FloatArray, matrix: FloatArray, heights: FloatArray
) -> FloatArray:
    """Return the heights that would take up each tangent, shape (n_traces, k + 2, 3 k + 1)."""
    right = (design.T[None] * weight.T[:, None, :]) @ tangents.transpose(2, 0, 1)
    return np.asarray(np.linalg.solve(matrix, np.where((heights.T == 0.0)[:, :, None], 0.0, right)), dtype=np.float64)


def _slopes(
    theta: FloatArray, blocks: tuple[Block, ...], state: _State, rows: FloatArray, aim: FloatArray
) -> tuple[FloatArray, FloatArray]:
    jtj, jtr = rows.T @ rows, rows.T @ (rows @ theta - aim)
    for block, (design, heights, matrix, rest) in zip(blocks, state.parts, strict=True):
        tangents = _tangents(theta, block, design, heights)
        taken = _projected(design, tangents, block.weight, matrix, heights)
        slope = tangents.transpose(2, 0, 1) - design[None] @ taken
        weighted = slope * block.weight.T[:, :, None]
        jtj = jtj + (weighted.transpose(0, 2, 1) @ slope).sum(axis=0)
        jtr = jtr - (weighted.transpose(0, 2, 1) @ rest.T[:, :, None]).sum(axis=0)[:, 0]
    return jtj + 1e-9 * np.eye(len(theta)), jtr


def _penalties(theta: FloatArray, tie: Tie) -> tuple[FloatArray, FloatArray]:
    """Return the rows of the linear penalties and what they aim at."""
    k = len(theta) // 3
    rows: list[FloatArray] = []
    aim: list[float] = []

    def add(entries: dict[int, float], value: float, sd: float) -> None:
        row = np.zeros(len(theta))
        for i, x in entries.items():
            row[i] = x / sd
        rows.append(row)
        aim.append(value / sd)

    for i in range(k):
        add({k + i: 1.0}, tie.log_sigma, tie.log_sigma_sd)
        add({2 * k + i: 1.0}, tie.skew, tie.skew_sd)
    order = np.argsort(theta[:k])
    for a, b in pairwise(order):
        add({k + int(a): 1.0, k + int(b): -1.0}, 0.0, tie.near)
        add({2 * k + int(a): 1.0, 2 * k + int(b): -1.0}, 0.0, 3.0 * tie.near)
    add({3 * k: 1.0}, tie.delay, tie.delay_sd)
    return np.array(rows), np.array(aim)


def _bounded(theta: FloatArray, step: FloatArray, limits: Limits) -> FloatArray:
    k = len(theta) // 3
    sigma = np.exp(theta[k : 2 * k])
    moved = theta.copy()
    moved[:k] += np.clip(step[:k], -LONGEST[0] * sigma, LONGEST[0] * sigma)
    moved[k : 2 * k] = np.clip(theta[k : 2 * k] + np.clip(step[k : 2 * k], -LONGEST[1], LONGEST[1]), *limits.log_sigma)
    moved[2 * k : 3 * k] = np.clip(theta[2 * k : 3 * k] + np.clip(step[2 * k : 3 * k], -LONGEST[2], LONGEST[2]), *SKEWS)
    moved[-1] += step[-1]
    seen = len(limits.places)
    moved[:seen] = np.clip(moved[:seen], limits.places - limits.reach, limits.places + limits.reach)
    return moved
