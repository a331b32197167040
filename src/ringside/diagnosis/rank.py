"""Ranking of causes: which world could have produced what was seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations

import numpy as np

from ringside.case.nouns import Case
from ringside.diagnosis.artefacts import with_artefact
from ringside.diagnosis.constants import Constants, PriorShift
from ringside.diagnosis.design import SCREEN, Share, after_signs, design_shares, signs_as_written
from ringside.diagnosis.hypotheses import AS_WRITTEN, NONE_OF_THESE, Hypothesis, pair
from ringside.diagnosis.nouns import Cause, Posterior
from ringside.diagnosis.observations import Observation, Sighting, observe
from ringside.diagnosis.rounds import Run, case_in, hypotheses_over
from ringside.diagnosis.scores import Scores, draw_weights, monte_carlo_error, probabilities, score
from ringside.diagnosis.signs import Sign
from ringside.diagnosis.verdicts import is_prior_driven, verdicts
from ringside.diagnosis.world import Toolbox, World, head, recipe_key
from ringside.errors import NoAnswer
from ringside.evidence.nouns import Assignment
from ringside.kinetics.nouns import FloatArray

_LISTED = 0.01
_PROMISING = 0.003
_MANY_WORLDS = 4
_PAIR_WHEN_NONE = 0.3
_MONTE_CARLO_LIMIT = 0.02
_WETTER, _DRY = 2.0, 1e-5


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
    base = _joined({r.number: tools.run(r.case, few) for r in runs}, number)
    sightings = {r.number: _sighting(r, base.of(r.number), tools, signs) for r in runs}
    seen = tuple(replace(o, run=n) for n, sighting in sightings.items() for o in sighting.observations)
    reported = [o for o in seen if o.kind == "sign"]
    design = [h for h in found if h.kind == "design"]
    weights = draw_weights(score(base, seen, constants), constants.tempering)
    shares = design_shares(design, base, weights, tools=tools, constants=constants)
    even = np.full(few, 1 / few)
    flat = design_shares(design, base, even, tools=tools, constants=constants, before=shares)
    expected = signs_as_written(shares, reported, constants.tempering)
    shares = after_signs(shares, reported, constants.tempering)
    inquiry = _Inquiry(runs, _with_signs(base, expected), sightings, seen, constants, tools, expected)
    worlds, idle = _first_look(inquiry, found)
    if seen:
        worlds = _second_look(inquiry, worlds, few)
        if probabilities(_scores(inquiry, worlds))[NONE_OF_THESE] > _PAIR_WHEN_NONE:
            worlds = _with_pairs(inquiry, worlds)
        worlds = _refined(inquiry, worlds, many)
    scores = _scores(inquiry, worlds)
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


@dataclass(frozen=True, slots=True)
class _Inquiry:
    """What stays the same through one ranking; ``frame`` is the recipe as written, with few draws.

    ``signs``: how probable each reported sign is where the recipe was followed.
    """

    runs: tuple[Run, ...]
    frame: World
    sightings: Mapping[int, Sighting]
    seen: tuple[Observation, ...]
    constants: Constants
    tools: Toolbox
    signs: Mapping[str, float] = field(default_factory=dict[str, float])

    def written(self, n: int) -> World:
        """Return the recipe as written."""
        worlds = {r.number: self.tools.run(r.case, n) for r in self.runs}
        return _with_signs(_joined(worlds, self.newest), self.signs)

    @property
    def newest(self) -> int:
        """Return the number of the newest run."""
        return self.runs[-1].number

    def like(self, number: int) -> frozenset[int]:
        """Return the runs of the same recipe as one, itself among them."""
        key = next(recipe_key(r.case) for r in self.runs if r.number == number)
        return frozenset(r.number for r in self.runs if recipe_key(r.case) == key)

    def simulate(self, h: Hypothesis, n: int, base: World, only: frozenset[int] | None = None) -> World:
        """Return the world of a hypothesis, ``base`` being the recipe as written with as many draws.

        Runs in which the cause was not at work are those of ``base``; with ``only``, all others than those are.
        """
        worlds = {r.number: base.of(r.number) for r in self.runs}
        for run in self.runs:
            if run.number not in h.held or (only is not None and run.number not in only):
                continue
            if h.artefact is not None:
                confusable = self.sightings[run.number].confusable
                world = with_artefact(worlds[run.number], h.artefact, self.tools.features, confusable)
            else:
                world = self.tools.run(case_in(run, h, self.tools), n)
            worlds[run.number] = replace(world, signs=h.signs)
        return _joined(worlds, self.newest)


def _sighting(run: Run, base: World, tools: Toolbox, signs: Sequence[Sign]) -> Sighting:
    """Return what was seen in a run; species are named by SMILES, by a charge or as the catalogue does."""

    def structure(text: str) -> str | None:
        return tools.canonical(text) or tools.canonical(tools.smiles_of(run.case, text) or "")

    return observe(run.case, run.assignments, base, structure, signs, run.aliquots)


def _joined(worlds: Mapping[int, World], newest: int) -> World:
    """Return the runs of one world as the newest one with the others."""
    return replace(worlds[newest], others={n: replace(w, others={}) for n, w in worlds.items() if n != newest})


def _with_signs(world: World, signs: Mapping[str, float]) -> World:
    others = {n: replace(w, signs=signs) for n, w in world.others.items()}
    return replace(world, signs=signs, others=others)


@dataclass(frozen=True, slots=True)
class _Entry:
    hypothesis: Hypothesis | None
    world: World
    whole: bool = True


def _first_look(inquiry: _Inquiry, found: Sequence[Hypothesis]) -> tuple[dict[str, _Entry], tuple[str, ...]]:
    """Simulate every deviation and artefact with few draws; those without any effect here, or without an answer, are named.

    Of several runs only the first in which a world shows is simulated here, with those of the same recipe.
    """
    frame = head(inquiry.frame, SCREEN)
    worlds = {AS_WRITTEN: _Entry(None, inquiry.frame)}
    idle: list[str] = []
    for h in found:
        if h.kind == "design":
            continue
        looks = ((run, _shown(inquiry, h, run, frame)) for run in sorted(h.held))
        first = next(((run, w) for run, w in looks if w is not None), None)
        if first is None:
            idle.append(h.id)
        else:
            run, shown = first
            worlds[h.id] = _Entry(h, shown, whole=inquiry.like(run) >= h.held.keys())
    return worlds, tuple(idle)


def _shown(inquiry: _Inquiry, h: Hypothesis, run: int, frame: World) -> World | None:
    """Return the world of a hypothesis that was at work in one run, None where it changes nothing there or has no answer."""
    if h.artefact is not None and h.artefact.get("into") == "confusable" and not inquiry.sightings[run].confusable:
        return None
    try:
        world = inquiry.simulate(h, SCREEN, frame, inquiry.like(run))
    except NoAnswer:
        return None
    return world if differs(world.of(run), frame.of(run), inquiry.constants.same_prediction) else None


def _second_look(inquiry: _Inquiry, worlds: Mapping[str, _Entry], few: int) -> dict[str, _Entry]:
    """Simulate what a first look leaves possible with more draws, in every run in which it was at work."""
    rough = {i: _Entry(w.hypothesis, head(w.world, SCREEN)) for i, w in worlds.items()}
    chances = probabilities(_scores(inquiry, rough))
    kept = dict(worlds)
    wanted = [i for i in worlds if chances[i] > _PROMISING]
    while wanted:
        for i in wanted:
            h = worlds[i].hypothesis
            if h is None:
                continue
            try:
                kept[i] = _Entry(h, inquiry.simulate(h, few, inquiry.frame))
            except NoAnswer:
                del kept[i]
        chances = probabilities(_scores(inquiry, kept))
        wanted = [i for i, entry in kept.items() if not entry.whole and chances[i] > _PROMISING]
    return kept


def differs(world: World, base: World, limit: float) -> bool:
    """Say whether any observable of a world differs from the recipe as written in its median."""
    species = sorted({*world.species, *base.species})
    pairs = ((world.in_sample, base.in_sample), (world.isolated, base.isolated))
    if any(v is not None for v in (world.unread, world.weighed)):
        return True
    if any(differs(s, base.samples[at], limit) for at, s in world.samples.items() if at in base.samples):
        return True
    if any(_factor(w, base.water[of]) > _WETTER for of, w in world.water.items() if of in base.water):
        return True
    return any(
        abs(float(np.median(world.column(mine, s))) - float(np.median(base.column(theirs, s)))) > limit
        for mine, theirs in pairs
        for s in species
    )


def _factor(one: FloatArray, other: FloatArray) -> float:
    """Return by what factor the medians of two contents differ, those below 10 ppm counting as that."""
    high, low = sorted((float(np.median(v)) + _DRY for v in (one, other)), reverse=True)
    return high / low


def _scores(inquiry: _Inquiry, worlds: Mapping[str, _Entry]) -> Scores:
    odds = {i: 1.0 if w.hypothesis is None else w.hypothesis.odds for i, w in worlds.items()}
    seen = inquiry.seen
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
        both = pair(inquiry.runs[-1].case, one, two, inquiry.tools)
        try:
            entry = _Entry(both, inquiry.simulate(both, inquiry.frame.n_draws, inquiry.frame))
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
        base = inquiry.written(n)
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
