"""The worlds of one diagnosis: simulated with few draws, then with as many as their probability deserves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations

import numpy as np

from ringside.diagnosis.artefacts import with_artefact
from ringside.diagnosis.constants import Constants
from ringside.diagnosis.design import SCREEN
from ringside.diagnosis.hypotheses import AS_WRITTEN, Hypothesis, pair
from ringside.diagnosis.observations import Observation, Sighting, observe
from ringside.diagnosis.rounds import Run, case_in
from ringside.diagnosis.scores import Scores, monte_carlo_error, probabilities, score
from ringside.diagnosis.signs import Sign
from ringside.diagnosis.world import Toolbox, World, head, recipe_key
from ringside.errors import NoAnswer
from ringside.kinetics.nouns import FloatArray

_LISTED = 0.01
_PROMISING = 0.003
_MANY_WORLDS = 4
_MONTE_CARLO_LIMIT = 0.02
_WETTER, _DRY = 2.0, 1e-5


@dataclass(frozen=True, slots=True)
class Question:
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
        return with_signs(joined(worlds, self.newest), self.signs)

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
        return joined(worlds, self.newest)


def sighting_of(run: Run, base: World, tools: Toolbox, signs: Sequence[Sign]) -> Sighting:
    """Return what was seen in a run; species are named by SMILES, by a charge or as the catalogue does."""

    def structure(text: str) -> str | None:
        return tools.canonical(text) or tools.canonical(tools.smiles_of(run.case, text) or "")

    return observe(run.case, run.assignments, base, structure, signs, run.aliquots)


def joined(worlds: Mapping[int, World], newest: int) -> World:
    """Return the runs of one world as the newest one with the others."""
    return replace(worlds[newest], others={n: replace(w, others={}) for n, w in worlds.items() if n != newest})


def with_signs(world: World, signs: Mapping[str, float]) -> World:
    """Return a world in all of whose runs the signs are as probable as this."""
    others = {n: replace(w, signs=signs) for n, w in world.others.items()}
    return replace(world, signs=signs, others=others)


@dataclass(frozen=True, slots=True)
class Entry:
    """A world in play: its hypothesis (None for the recipe as written); ``whole`` when every run in which it was at work is simulated."""

    hypothesis: Hypothesis | None
    world: World
    whole: bool = True


def first_look(question: Question, found: Sequence[Hypothesis]) -> tuple[dict[str, Entry], tuple[str, ...]]:
    """Simulate every deviation and artefact with few draws; those without any effect here, or without an answer, are named.

    Of several runs only the first in which a world shows is simulated here, with those of the same recipe.
    """
    frame = head(question.frame, SCREEN)
    worlds = {AS_WRITTEN: Entry(None, question.frame)}
    idle: list[str] = []
    for h in found:
        if h.kind == "design":
            continue
        looks = ((run, _shown(question, h, run, frame)) for run in sorted(h.held))
        first = next(((run, w) for run, w in looks if w is not None), None)
        if first is None:
            idle.append(h.id)
        else:
            run, shown = first
            worlds[h.id] = Entry(h, shown, whole=question.like(run) >= h.held.keys())
    return worlds, tuple(idle)


def _shown(question: Question, h: Hypothesis, run: int, frame: World) -> World | None:
    """Return the world of a hypothesis that was at work in one run, None where it changes nothing there or has no answer."""
    if h.artefact is not None and h.artefact.get("into") == "confusable" and not question.sightings[run].confusable:
        return None
    try:
        world = question.simulate(h, SCREEN, frame, question.like(run))
    except NoAnswer:
        return None
    return world if differs(world.of(run), frame.of(run), question.constants.same_prediction) else None


def second_look(question: Question, worlds: Mapping[str, Entry], few: int) -> dict[str, Entry]:
    """Simulate what a first look leaves possible with more draws, in every run in which it was at work."""
    rough = {i: Entry(w.hypothesis, head(w.world, SCREEN)) for i, w in worlds.items()}
    chances = probabilities(scores_of(question, rough))
    kept = dict(worlds)
    wanted = [i for i in worlds if chances[i] > _PROMISING]
    while wanted:
        for i in wanted:
            h = worlds[i].hypothesis
            if h is None:
                continue
            try:
                kept[i] = Entry(h, question.simulate(h, few, question.frame))
            except NoAnswer:
                del kept[i]
        chances = probabilities(scores_of(question, kept))
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


def scores_of(question: Question, worlds: Mapping[str, Entry]) -> Scores:
    """Return all worlds in play against everything that was seen."""
    odds = {i: 1.0 if w.hypothesis is None else w.hypothesis.odds for i, w in worlds.items()}
    seen = question.seen
    logs = {i: score(w.world, seen, question.constants) for i, w in worlds.items()}
    return Scores.of(logs, odds, seen, question.frame, question.constants)


def with_pairs(question: Question, worlds: Mapping[str, Entry]) -> dict[str, Entry]:
    """Add pairs of the best three deviations where they are clearly better than the best single world."""
    chances = probabilities(scores_of(question, worlds))
    single = [w.hypothesis for w in worlds.values() if w.hypothesis is not None and w.hypothesis.kind == "deviation"]
    single.sort(key=lambda h: (-chances[h.id], h.id))
    best = max(chances[i] for i in worlds)
    added: dict[str, Entry] = {}
    for one, two in combinations(single[:3], 2):
        both = pair(question.runs[-1].case, one, two, question.tools)
        try:
            entry = Entry(both, question.simulate(both, question.frame.n_draws, question.frame))
        except NoAnswer:
            continue
        trial = probabilities(scores_of(question, {**worlds, both.id: entry}))
        if trial[both.id] > question.constants.pair_advantage * best:
            added[both.id] = entry
    return {**worlds, **added}


def refined(question: Question, worlds: Mapping[str, Entry], many: int) -> dict[str, Entry]:
    """Simulate the best few worlds again with many draws, twice as many where the error is still too large."""
    current = dict(worlds)
    rough = monte_carlo_error(scores_of(question, current))
    for n in (many, 2 * many):
        chances = probabilities(scores_of(question, current))
        base = question.written(n)
        current[AS_WRITTEN] = Entry(None, base)
        if rough < _MONTE_CARLO_LIMIT / 2:
            break
        likely = sorted((i for i in worlds if chances[i] > _LISTED), key=lambda i: (-chances[i], i))
        for i in likely[:_MANY_WORLDS]:
            h = current[i].hypothesis
            if h is not None:
                current[i] = Entry(h, question.simulate(h, n, base))
        if monte_carlo_error(scores_of(question, current)) < _MONTE_CARLO_LIMIT:
            break
    return current
