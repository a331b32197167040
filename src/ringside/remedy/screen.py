"""A screen: the few runs whose results tell most about which recipe is best."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ringside.kinetics.nouns import FloatArray
from ringside.remedy.search import Trial

WORLDS = 96


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """One run of a screen.

    ``bits``: what its result is expected to tell, after the runs before it, about which recipe gives most. ``expected`` is the yield that
    the recipe chosen afterwards is expected to give [mol/mol].
    """

    trial: Trial
    bits: float
    expected: float


def screen(trials: Sequence[Trial], *, runs: int, sd: float, same: float) -> tuple[Run, ...]:
    """Choose runs one by one, each the one that tells most given those before it.

    The unknown is which of the recipes gives most (within ``same``, the first counts). With each of up to 96 worlds taken as the true one, the
    results of the chosen runs, blurred by ``sd``, weigh all worlds anew; what is left of the entropy of the winner, averaged over the
    true worlds, is taken from what there was. Ties go to the run after which the recipe to choose is expected to give more.

    Args:
        trials: Recipes to choose among, simulated with shared draws; the weights of the first count for all.
        runs: How many runs at most.
        sd: Standard error of a measured yield [mol/mol].
        same: Yields closer than this are the same [mol/mol].

    Returns:
        The runs in their order; none where only one recipe is left to choose, or nothing tells anything.
    """
    if len(trials) < 2:
        return ()
    table = np.stack([t.yields for t in trials], axis=1)
    weights = trials[0].weights
    won = np.argmax(table >= table.max(axis=1, keepdims=True) - same, axis=1)
    truth = _worlds(weights)
    log_posterior = np.tile(np.log(np.maximum(weights, 1e-300)), (len(truth), 1))
    before = _entropy(_winner(weights[None, :], won, len(trials)))[0]
    chosen: list[Run] = []
    left = list(range(len(trials)))
    while left and len(chosen) < runs:
        scored: list[tuple[float, float, int]] = []
        for j in left:
            logs = log_posterior + _seen(table[:, j], truth, sd)
            p = _normal(logs)
            after = float(_entropy(_winner(p, won, len(trials))).mean())
            scored.append((round(before - after, 9), round(float((p @ table).max(axis=1).mean()), 9), -j))
        bits, expected, minus = max(scored)
        if bits < 0.01:
            break
        j = -minus
        log_posterior = log_posterior + _seen(table[:, j], truth, sd)
        before -= bits
        left.remove(j)
        chosen.append(Run(trials[j], bits, expected))
    return tuple(chosen)


def _worlds(weights: FloatArray) -> list[int]:
    """Return draws that stand for all, by equal steps of their cumulative weight."""
    steps = (np.arange(WORLDS) + 0.5) / WORLDS
    return [int(i) for i in np.searchsorted(np.cumsum(weights), steps).clip(0, len(weights) - 1)]


def _seen(column: FloatArray, truth: Sequence[int], sd: float) -> FloatArray:
    """Return log p(result of a true world | each world), shape (n_true, n_draws)."""
    return np.asarray(-0.25 * ((column[list(truth)][:, None] - column[None, :]) / sd) ** 2, dtype=np.float64)


def _normal(logs: FloatArray) -> FloatArray:
    shifted = np.exp(logs - logs.max(axis=1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=1, keepdims=True), dtype=np.float64)


def _winner(p: FloatArray, won: np.ndarray[tuple[int], np.dtype[np.int64]], n: int) -> FloatArray:
    """Return the chance of each recipe to be the best, shape (n_rows, n)."""
    return np.stack([p[:, won == i].sum(axis=1) for i in range(n)], axis=1)


def _entropy(p: FloatArray) -> FloatArray:
    safe = np.maximum(p, 1e-15)
    return np.asarray(-(p * np.log2(safe)).sum(axis=1), dtype=np.float64)
