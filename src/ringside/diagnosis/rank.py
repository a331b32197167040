"""Ranking of causes: which world could have produced what was seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from ringside.case.nouns import Case
from ringside.diagnosis.artefacts import with_artefact
from ringside.diagnosis.constants import Constants, PriorShift
from ringside.diagnosis.design import Share, design_shares
from ringside.diagnosis.hypotheses import AS_WRITTEN, NONE_OF_THESE, Hypothesis, hypotheses, pair
from ringside.diagnosis.nouns import Cause, Posterior
from ringside.diagnosis.observations import Sighting, observe
from ringside.diagnosis.scores import Scores, draw_weights, monte_carlo_error, probabilities, score
from ringside.diagnosis.verdicts import is_prior_driven, verdicts
from ringside.diagnosis.world import Toolbox, World
from ringside.errors import NoAnswer
from ringside.evidence.nouns import Assignment
from ringside.kinetics.nouns import FloatArray

_LISTED = 0.01
_MANY_WORLDS = 4
_PAIR_WHEN_NONE = 0.3
_MONTE_CARLO_LIMIT = 0.02


@dataclass(frozen=True, slots=True)
class Candidate:
    """A world that is still possible: its hypothesis (None for the recipe as written), draws and probability."""

    id: str
    hypothesis: Hypothesis | None
    world: World
    weights: FloatArray
    probability: float


@dataclass(frozen=True, slots=True)
class Ranking:
    """What a diagnosis knows; remedies and next tests start from it.

    Attributes:
        posterior: The verdicts.
        candidates: Named worlds, most probable first, with the weight of each draw given the evidence.
        none_probability: Probability of none of these.
        shares: Design causes and what switching each off brings back.
        sighting: The observations used, and the words that could not be read.
        without_effect: Deviations that would have changed nothing here; they are part of the recipe as written.
    """

    posterior: Posterior
    candidates: tuple[Candidate, ...]
    none_probability: float
    shares: tuple[Share, ...]
    sighting: Sighting
    without_effect: tuple[str, ...]


def rank(
    case: Case,
    causes: Sequence[Cause],
    assignments: Sequence[Assignment],
    *,
    situation: frozenset[str],
    shifts: Sequence[PriorShift],
    constants: Constants,
    tools: Toolbox,
    few: int = 48,
    many: int = 200,
) -> Ranking:
    """Compare the worlds that could have produced the evidence.

    Exclusive worlds: the recipe as written, each deviation, each artefact, and none of these. With draws i of world w,

        P(w | seen) ~ prior(w) * mean_i exp(t * sum_k log p(k | w, i)),    t the tempering exponent.

    Draws share their rate deviations between worlds, and those that contradict the observed conversion weigh little, so
    rates are conditioned before worlds are compared. The prior of the named worlds is 1 - ``prior_none``, shared as
    the prior odds say; none-of-these has its own broad density. P(as written) is divided over the design causes.

    Args:
        case: The case with its observations.
        causes: All cause cards; those that do not fit the case are left out.
        assignments: Readings of the peaks; empty where there are none.
        situation: Features of the case, see ``situation_of``.
        shifts: How the recipe shifts prior odds.
        constants: Constants of the likelihood.
        tools: The simulation, and what else is borrowed.
        few: Draws of each world at first.
        many: Draws of the recipe as written, and of the best few other worlds where the Monte Carlo error asks for
            it; doubled once where it stays above 0.02.

    Returns:
        The ranking. Without observations the posterior is the prior.
    """
    found = hypotheses(case, causes, situation, shifts, tools)
    base = tools.run(case, few)
    inquiry = _Inquiry(case, base, observe(case, assignments, base, tools.canonical), constants, tools)
    seen = inquiry.sighting.observations
    worlds, idle = _first_look(inquiry, found, few)
    scores = _scores(inquiry, worlds)
    if seen and probabilities(scores)[NONE_OF_THESE] > _PAIR_WHEN_NONE:
        worlds = _with_pairs(inquiry, worlds)
    if seen:
        worlds = _refined(inquiry, worlds, many)
    scores = _scores(inquiry, worlds)
    design = [h for h in found if h.kind == "design"]
    weights = draw_weights(score(base, seen, constants), constants.tempering)
    shares = design_shares(design, base, weights, tools=tools, constants=constants)
    even = np.full(few, 1 / few)
    flat = design_shares(design, base, even, tools=tools, constants=constants, before=shares)
    chances = probabilities(scores)
    pool = {i: w.world for i, w in worlds.items()}
    candidates = [
        Candidate(i, worlds[i].hypothesis, pool[i], draw_weights(scores.logs[i], constants.tempering), chances[i])
        for i in sorted(pool, key=lambda i: (-chances[i], i))
    ]
    listed = verdicts(
        scores,
        pool,
        {i: w.hypothesis for i, w in worlds.items() if w.hypothesis is not None},
        shares=shares,
        flat=flat,
        sighting=inquiry.sighting,
        constants=constants,
    )
    posterior = Posterior(listed, is_prior_driven(scores), monte_carlo_error(scores))
    return Ranking(posterior, tuple(candidates), chances[NONE_OF_THESE], shares, inquiry.sighting, idle)


@dataclass(frozen=True, slots=True)
class _Inquiry:
    """What stays the same through one ranking; ``frame`` is the recipe as written, with few draws."""

    case: Case
    frame: World
    sighting: Sighting
    constants: Constants
    tools: Toolbox

    def simulate(self, h: Hypothesis, n: int, base: World) -> World:
        """Return the world of a hypothesis, ``base`` being the recipe as written with as many draws."""
        if h.artefact is not None:
            return with_artefact(base, h.artefact, self.tools.features, self.sighting.confusable)
        return self.tools.run(h.case, n)


@dataclass(frozen=True, slots=True)
class _Entry:
    hypothesis: Hypothesis | None
    world: World


def _first_look(inquiry: _Inquiry, found: Sequence[Hypothesis], few: int) -> tuple[dict[str, _Entry], tuple[str, ...]]:
    """Simulate every deviation and artefact; those without any effect here, or without an answer, are named, not kept."""
    worlds = {AS_WRITTEN: _Entry(None, inquiry.frame)}
    idle: list[str] = []
    for h in found:
        if h.kind == "design":
            continue
        into = h.artefact.get("into") if h.artefact is not None else None
        try:
            world = inquiry.simulate(h, few, inquiry.frame)
        except NoAnswer:
            idle.append(h.id)
            continue
        pointless = into == "confusable" and not inquiry.sighting.confusable
        if not pointless and _differs(world, inquiry.frame, inquiry.constants.same_prediction):
            worlds[h.id] = _Entry(h, world)
        else:
            idle.append(h.id)
    return worlds, tuple(idle)


def _differs(world: World, base: World, limit: float) -> bool:
    """Say whether any observable of a world differs from the recipe as written in its median."""
    species = sorted({*world.species, *base.species})
    pairs = ((world.in_sample, base.in_sample), (world.isolated, base.isolated))
    return any(
        abs(float(np.median(world.column(mine, s))) - float(np.median(base.column(theirs, s)))) > limit
        for mine, theirs in pairs
        for s in species
    )


def _scores(inquiry: _Inquiry, worlds: Mapping[str, _Entry]) -> Scores:
    odds = {i: 1.0 if w.hypothesis is None else w.hypothesis.odds for i, w in worlds.items()}
    seen = inquiry.sighting.observations
    logs = {i: score(w.world, seen, inquiry.constants) for i, w in worlds.items()}
    return Scores.of(logs, odds, seen, inquiry.frame, inquiry.constants)


def _with_pairs(inquiry: _Inquiry, worlds: Mapping[str, _Entry]) -> dict[str, _Entry]:
    """Add pairs of the best three deviations where they are clearly better than the best single world."""
    chances = probabilities(_scores(inquiry, worlds))
    single = [w.hypothesis for w in worlds.values() if w.hypothesis is not None and w.hypothesis.kind == "deviation"]
    single.sort(key=lambda h: (-chances[h.id], h.id))
    best = max(chances[i] for i in worlds)
    added: dict[str, _Entry] = {}
    for one, two in combinations(single[:3], 2):
        both = pair(inquiry.case, one, two, inquiry.tools)
        try:
            entry = _Entry(both, inquiry.tools.run(both.case, inquiry.frame.n_draws))
        except NoAnswer:
            continue
        trial = probabilities(_scores(inquiry, {**worlds, both.id: entry}))
        if trial[both.id] > inquiry.constants.pair_advantage * best:
            added[both.id] = entry
    return {**worlds, **added}


def _refined(inquiry: _Inquiry, worlds: Mapping[str, _Entry], many: int) -> dict[str, _Entry]:
    """Simulate the best few worlds again with many draws, twice as many where the error is still too large."""
    current = dict(worlds)
    rough = monte_carlo_error(_scores(inquiry, current))
    for n in (many, 2 * many):
        chances = probabilities(_scores(inquiry, current))
        base = inquiry.tools.run(inquiry.case, n)
        current[AS_WRITTEN] = _Entry(None, base)
        if rough < _MONTE_CARLO_LIMIT / 2:
            break
        likely = sorted((i for i in worlds if chances[i] > _LISTED), key=lambda i: (-chances[i], i))
        for i in likely[:_MANY_WORLDS]:
            h = current[i].hypothesis
            if h is not None:
                current[i] = _Entry(h, inquiry.simulate(h, n, base))
        if monte_carlo_error(_scores(inquiry, current)) < _MONTE_CARLO_LIMIT:
            break
    return current
