"""Design causes: what the recipe itself loses, and which change brings it back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ringside.diagnosis.constants import Constants
from ringside.diagnosis.hypotheses import AS_EXPECTED, Hypothesis
from ringside.diagnosis.observations import Observation
from ringside.diagnosis.world import Toolbox, World, head, weighted_quantile
from ringside.errors import NoAnswer
from ringside.kinetics.nouns import FloatArray

SCREEN = 16
"""Draws of a first look at a world, enough to leave out what changes nothing."""
_NO_GAIN = 1e-3


@dataclass(frozen=True, slots=True)
class Share:
    """A share of P(as written): ``before`` and ``after`` are median yields with the cause there and switched off."""

    cause: Hypothesis | None
    weight: float
    before: float
    after: float
    gains: FloatArray

    @property
    def id(self) -> str:
        """Return the cause's id, or as-expected."""
        return AS_EXPECTED if self.cause is None else self.cause.id


def design_shares(
    design: Sequence[Hypothesis],
    base: World,
    weights: FloatArray,
    *,
    tools: Toolbox,
    constants: Constants,
    before: Sequence[Share] = (),
) -> tuple[Share, ...]:
    """Divide the recipe as written over its design causes, whatever their order.

    With L the lost yield and g_i the median paired gain when cause i is switched off, what comes back is
    G = L (1 - prod_i(1 - g_i / L)). As far as G is a gain that matters, G^2 / (G^2 + tolerance^2), P(as written) is divided in
    proportion to g_i; the rest is as-expected: nothing in the recipe that could be changed for much. Yields compared share one
    reactant as their basis.

    A channel is a side reaction: it is switched off on the same network, with the same draws. Where causes that it covers
    (too concentrated, say, for the growth of chains) bring the same loss back by a change of the recipe, only what
    the channel brings beyond the largest of them, c, counts as g_i, and that the less, the more can be changed:
    (gain - c) tolerance^2 / (tolerance^2 + c^2). So one loss is not divided twice, and what can be changed comes first.

    Args:
        design: Design causes with the case that undoes each.
        base: The recipe as written.
        weights: Weight of each draw of ``base``, shape (n_draws,).
        tools: The simulation.
        constants: The yield that matters.
        before: Shares of an earlier call, whose simulations serve again.

    Returns:
        One share per cause that gains, largest first, and as-expected last; the weights sum to 1.
    """
    known = {s.id: s.gains for s in before}
    entries: list[Share] = []
    for h in design:
        gains = known.get(h.id)
        if gains is None and not before:
            try:
                first = _undone(h, min(SCREEN, base.n_draws), tools)
                if first is None or float(paired_gain(head(base, SCREEN), first).max()) < _NO_GAIN:
                    continue
                gains = paired_gain(base, _undone(h, base.n_draws, tools) or base)
            except NoAnswer:
                continue
        if gains is None:
            continue
        median = weighted_quantile(gains, weights, 0.5)
        start = weighted_quantile(base.target_yield(), weights, 0.5)
        entries.append(Share(h, max(0.0, median), start, start + median, gains))
    entries = [
        replace(s, weight=_own(s, entries, constants.loss_that_matters)) for s in sorted(entries, key=lambda s: s.id)
    ]
    start = weighted_quantile(base.target_yield(), weights, 0.5)
    lost = max(1.0 - start, 1e-9)
    back = lost * (1.0 - float(np.prod([1.0 - min(1.0, s.weight / lost) for s in entries])))
    explained = back**2 / (back**2 + constants.loss_that_matters**2)
    total = sum(s.weight for s in entries)
    shares = [replace(s, weight=explained * s.weight / total) for s in entries if s.weight > 0]
    shares.sort(key=lambda s: (-s.weight, s.id))
    rest = 1.0 - sum(s.weight for s in shares)
    return (*shares, Share(None, rest, start, start, np.zeros(base.n_draws)))


def _undone(h: Hypothesis, n: int, tools: Toolbox) -> World | None:
    """Return the world without a design cause; None where a channel is idle."""
    return tools.run(h.case, n) if h.channel is None else tools.without(h.case, h.channel, n)


def _own(share: Share, all_of_them: Sequence[Share], tolerance: float) -> float:
    """Return the gain of a cause beyond what the causes that it covers bring, the less the more these bring."""
    covers = () if share.cause is None else share.cause.covers
    covered = max((s.weight for s in all_of_them if s.id in covers), default=0.0)
    return max(0.0, share.weight - covered) * tolerance**2 / (tolerance**2 + covered**2)


def signs_as_written(shares: Sequence[Share], reported: Sequence[Observation], tempering: float) -> Mapping[str, float]:
    """Return how probable each reported sign is where the recipe was followed, its design causes taken together.

    Each sign has the tempered mean over the shares; what the signs say together beyond that, because one cause may bring
    several, is given to all alike, so that neither their order nor their number matters.
    """
    if not reported or not shares:
        return {}
    weights = np.array([s.weight for s in shares])
    logs = tempering * np.log(np.array([[_sign(s, o) for o in reported] for s in shares]))
    alone = np.log(weights @ np.exp(logs)) / tempering
    together = float(np.log(weights @ np.exp(logs.sum(axis=1)))) / tempering
    each = alone + (together - float(alone.sum())) / len(reported)
    return {o.id.removeprefix("sign:"): float(np.exp(v)) for o, v in zip(reported, each, strict=True)}


def after_signs(shares: Sequence[Share], reported: Sequence[Observation], tempering: float) -> tuple[Share, ...]:
    """Return the shares weighed by the signs that were reported, largest first, and as-expected last."""
    factors = [float(np.prod([_sign(s, o) ** tempering for o in reported])) for s in shares]
    total = sum(s.weight * f for s, f in zip(shares, factors, strict=True))
    found = [replace(s, weight=s.weight * f / total) for s, f in zip(shares, factors, strict=True)]
    return tuple(sorted(found, key=lambda s: (s.cause is None, -s.weight, s.id)))


def _sign(share: Share, observation: Observation) -> float:
    signs = {} if share.cause is None else share.cause.signs
    return signs.get(observation.id.removeprefix("sign:"), observation.low)


def paired_gain(before: World, after: World) -> FloatArray:
    """Return the gain of isolated yield draw by draw, per mol of the reactant that limits ``after``."""
    return after.target_yield() - before.target_yield(after.limiting)
