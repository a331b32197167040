"""Ranking of causes: which world could have produced what was seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ringside.case.nouns import Case
from ringside.diagnosis.constants import Constants, PriorShift
from ringside.diagnosis.design import Share, after_signs, design_shares, signs_as_written
from ringside.diagnosis.hypotheses import NONE_OF_THESE, Hypothesis
from ringside.diagnosis.looks import (
    Question,
    first_look,
    joined,
    refined,
    scores_of,
    second_look,
    sighting_of,
    with_pairs,
    with_signs,
)
from ringside.diagnosis.nouns import Cause, Posterior
from ringside.diagnosis.observations import Sighting
from ringside.diagnosis.rounds import Run, hypotheses_over
from ringside.diagnosis.scores import draw_weights, monte_carlo_error, probabilities, score
from ringside.diagnosis.signs import Sign
from ringside.diagnosis.verdicts import is_prior_driven, verdicts
from ringside.diagnosis.world import Toolbox, World
from ringside.evidence.nouns import Assignment
from ringside.kinetics.nouns import FloatArray

_PAIR_WHEN_NONE = 0.3


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
        sighting: The observations of the newest run, and the words of any run that could not be read.
        without_effect: Deviations and artefacts that would have changed nothing here; they are part of the recipe as written.
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
    signs: Sequence[Sign] = (),
    earlier: Sequence[Run] = (),
    number: int = 0,
    aliquots: Sequence[tuple[Assignment, ...]] = (),
    few: int = 48,
    many: int = 200,
) -> Ranking:
    """Compare the worlds that could have produced the evidence.

    Exclusive worlds: the recipe as written, each deviation, each artefact, and none of these. With draws i of world w,

        P(w | seen) ~ prior(w) * mean_i exp(t * sum_k log p(k | w, i)),    t the tempering exponent.

    Draws share their rate deviations between worlds, and those that contradict the observed conversion weigh little, so
    rates are conditioned before worlds are compared. The prior of the named worlds is 1 - ``prior_none``, shared as
    the prior odds say; none-of-these has its own broad density. P(as written) is divided over the design causes, which are weighed
    by what they bring back and by the signs that were noted.

    Where there are several runs, log p(seen | w, i) is the sum over them with the same draw i: one world is one bottle, one solvent and one
    chemist, see ``hypotheses_over``. Design causes are those of the newest recipe.

    Args:
        case: The case with its observations, the newest run.
        causes: All cause cards; those that do not fit the case are left out.
        assignments: Readings of the peaks; empty where there are none.
        situation: Features of the case, see ``situation_of``.
        shifts: How the recipe shifts prior odds.
        constants: Constants of the likelihood.
        tools: The simulation, and what else is borrowed.
        signs: What notes may report.
        earlier: The runs before, in their order.
        number: The number of the newest run.
        aliquots: Readings of the peaks of its aliquots.
        few: Draws of each world that a first look with fewer leaves possible.
        many: Draws of the recipe as written, and of the best few other worlds where the Monte Carlo error asks for
            it; doubled once where it stays above 0.02.

    Returns:
        The ranking. Without observations the posterior is the prior.
    """
    runs = (*earlier, Run(number, case, tuple(assignments), situation, tuple(aliquots)))
    found = hypotheses_over(runs, causes, shifts, tools)
    base = joined({r.number: tools.run(r.case, few) for r in runs}, number)
    sightings = {r.number: sighting_of(r, base.of(r.number), tools, signs) for r in runs}
    seen = tuple(replace(o, run=n) for n, sighting in sightings.items() for o in sighting.observations)
    reported = [o for o in seen if o.kind == "sign"]
    design = [h for h in found if h.kind == "design"]
    weights = draw_weights(score(base, seen, constants), constants.tempering)
    shares = design_shares(design, base, weights, tools=tools, constants=constants)
    even = np.full(few, 1 / few)
    flat = design_shares(design, base, even, tools=tools, constants=constants, before=shares)
    expected = signs_as_written(shares, reported, constants.tempering)
    shares = after_signs(shares, reported, constants.tempering)
    question = Question(runs, with_signs(base, expected), sightings, seen, constants, tools, expected)
    worlds, idle = first_look(question, found)
    if seen:
        worlds = second_look(question, worlds, few)
        if probabilities(scores_of(question, worlds))[NONE_OF_THESE] > _PAIR_WHEN_NONE:
            worlds = with_pairs(question, worlds)
        worlds = refined(question, worlds, many)
    scores = scores_of(question, worlds)
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
        seen=seen,
        constants=constants,
    )
    posterior = Posterior(listed, is_prior_driven(scores), monte_carlo_error(scores))
    unread = tuple(dict.fromkeys(word for s in sightings.values() for word in s.unread))
    sighting = replace(sightings[number], unread=unread)
    return Ranking(posterior, tuple(candidates), chances[NONE_OF_THESE], shares, sighting, idle)
