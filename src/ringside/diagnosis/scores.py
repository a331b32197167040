"""From likelihoods of draws to probabilities of worlds, and how sure they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ringside.diagnosis.constants import Constants
from ringside.diagnosis.hypotheses import NONE_OF_THESE
from ringside.diagnosis.likelihood import log_likelihood, log_sum, mean_log, reference_log_density
from ringside.diagnosis.observations import Observation
from ringside.diagnosis.world import World
from ringside.kinetics.nouns import FloatArray

_RESAMPLES = 200
_SEED = 20_260_101


def score(world: World, observations: Sequence[Observation], constants: Constants) -> FloatArray:
    """Return log p(observation | draw), shape (n_observations, n_draws)."""
    rows = [log_likelihood(o, world.of(o.run), constants) for o in observations]
    return np.stack(rows) if rows else np.zeros((0, world.n_draws))


def draw_weights(logs: FloatArray, tempering: float) -> FloatArray:
    """Return the weight of each draw of one world given the evidence, summing to 1, shape (n_draws,)."""
    total = tempering * logs.sum(axis=0)
    return np.exp(total - log_sum(total))


@dataclass(frozen=True, slots=True)
class Scores:
    """All worlds against all observations.

    ``logs`` by world has shape (n_observations, n_draws); ``reference`` holds log p(observation | none of these);
    ``prior`` sums to 1 over the worlds and none-of-these.
    """

    logs: Mapping[str, FloatArray]
    reference: FloatArray
    prior: Mapping[str, float]
    tempering: float

    @staticmethod
    def of(
        logs: Mapping[str, FloatArray],
        odds: Mapping[str, float],
        observations: Sequence[Observation],
        frame: World,
        constants: Constants,
    ) -> Scores:
        """Add the prior and the reference density to the scores of the named worlds."""
        total = sum(odds.values())
        prior = {i: (1 - constants.prior_none) * odds[i] / total for i in sorted(odds)}
        reference: list[float] = []
        for k, observation in enumerate(observations):
            named = log_sum([float(np.log(odds[i] / total)) + mean_log(logs[i][k]) for i in prior])
            reference.append(reference_log_density(observation, named, frame.of(observation.run), constants))
        return Scores(logs, np.array(reference), prior | {NONE_OF_THESE: constants.prior_none}, constants.tempering)

    def evidence(self, world: str, leave_out: int | None = None) -> float:
        """Return log p(all observations, but one if asked | world), tempered."""
        if world == NONE_OF_THESE:
            kept = np.delete(self.reference, leave_out) if leave_out is not None else self.reference
            return self.tempering * float(kept.sum())
        rows = self.logs[world]
        kept = np.delete(rows, leave_out, axis=0) if leave_out is not None else rows
        return mean_log(self.tempering * kept.sum(axis=0))


def normalise(log_weights: Mapping[str, float]) -> dict[str, float]:
    """Return exp(weights) scaled to sum to 1."""
    total = log_sum(list(log_weights.values()))
    return {i: float(np.exp(v - total)) for i, v in log_weights.items()}


def probabilities(scores: Scores, prior: Mapping[str, float] | None = None) -> dict[str, float]:
    """Return the probability of each world and of none-of-these."""
    prior = prior or scores.prior
    return normalise({i: float(np.log(p)) + scores.evidence(i) for i, p in prior.items()})


def monte_carlo_error(scores: Scores) -> float:
    """Return the largest standard error of any probability, by resampling draws (the same ones in every world)."""
    if len(scores.reference) == 0:
        return 0.0
    generator = np.random.Generator(np.random.PCG64(_SEED))
    counts: dict[int, FloatArray] = {}
    names = sorted(scores.prior)
    columns: list[FloatArray] = []
    for name in names:
        start = float(np.log(scores.prior[name]))
        if name == NONE_OF_THESE:
            columns.append(np.full(_RESAMPLES, start + scores.evidence(name)))
            continue
        total = scores.tempering * scores.logs[name].sum(axis=0)
        n = total.shape[0]
        if n not in counts:
            counts[n] = generator.multinomial(n, np.full(n, 1 / n), size=_RESAMPLES).astype(float)
        top = float(total.max())
        means = counts[n] @ np.exp(total - top) / n
        columns.append(start + top + np.log(np.maximum(means, 1e-300)))
    logs = np.stack(columns, axis=1)
    chances = np.exp(logs - np.logaddexp.reduce(logs, axis=1, keepdims=True))
    return float(chances.std(axis=0).max())
