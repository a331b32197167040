"""Planning: simulate the changes worth trying, and keep those that help most for what they cost."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from ringside.case.nouns import Case, Patch
from ringside.diagnosis.changes import all_patches
from ringside.diagnosis.constants import Constants
from ringside.diagnosis.hypotheses import AS_WRITTEN, considered
from ringside.diagnosis.rank import Candidate, Ranking
from ringside.diagnosis.world import Toolbox, World, weighted_quantile
from ringside.errors import BadInput, NoAnswer
from ringside.kinetics.nouns import FloatArray
from ringside.recipe.nouns import Caution
from ringside.remedy.costs import Cost, Price, cost_of, in_words
from ringside.remedy.nouns import Interval, Plan, Remedy, RemedyCard

DEVIATION_COUNTS = 0.15
_SIDE_PRODUCTS = 4
_SHOWN = 0.01
_FIRST_LOOK = 12
_CLOSE = 0.5


@dataclass(frozen=True, slots=True)
class _Belief:
    """A case that may be what happened, its draws, their weights and its probability."""

    case: Case
    world: World
    weights: FloatArray
    probability: float


@dataclass(frozen=True, slots=True)
class _Trial:
    """One option of one card, simulated."""

    card: RemedyCard
    patches: tuple[Patch, ...]
    case: Case
    cost: Cost
    gains: FloatArray
    weights: FloatArray

    @property
    def mean(self) -> float:
        """Return the expected gain [mol/mol]."""
        return float(self.gains @ self.weights)


def plan(
    case: Case,
    ranking: Ranking,
    cards: Sequence[RemedyCard],
    *,
    situation: frozenset[str],
    constants: Constants,
    tools: Toolbox,
    price: Price | None = None,
    few: int = 32,
    draws: int = 200,
    best: int = 6,
) -> Plan:
    """Simulate remedies under what the diagnosis believes, and keep the best for their cost.

    Every option runs with few draws, and those worth a second look with more, on the recipe as written and on each deviation of probability over 0.15, with common random
    numbers; the gain is paired draw by draw, weighted by the evidence, and per mol of the reactant that limits after
    the change. ``after`` is the plain prediction of the patched case file, ``before`` that of the most probable case.

    Args:
        case: The case as written.
        ranking: The diagnosis.
        cards: All remedy cards.
        situation: Features of the case.
        constants: The gain that matters.
        tools: The simulation, and what else is borrowed.
        price: Money for a case; without it costs have no money.
        few: Draws to choose by, after a first look with fewer.
        draws: Draws of what is reported; the same number lets a prediction of the patched case repeat ``after``.
        best: Most remedies to return.

    Returns:
        Remedies, largest expected gain first, both by the draws of the report: what only the few draws promised, fewer than the evidence
        may leave likely, is left out. And a caution ``folklore`` for each card whose textbook advice brings nothing here.
    """
    beliefs = _beliefs(case, ranking, tools, few)
    first = _beliefs(case, ranking, tools, min(few, _FIRST_LOOK))
    trials: list[_Trial] = []
    cautions: list[Caution] = []
    for card in sorted(cards, key=lambda c: c.id):
        if card.status == "retired" or not considered(card.needs, card.excludes, situation):
            continue
        tried = _tried(card, case, beliefs if card.says else first, tools, price)
        if not tried:
            continue
        top = max(t.mean for t in tried)
        if top >= _CLOSE * constants.gain_that_matters:
            close = [t.patches for t in tried if t.mean >= _CLOSE * top]
            tried = _tried(card, case, beliefs, tools, price, only=close)
            top = max((t.mean for t in tried), default=0.0)
        if top < constants.gain_that_matters:
            if card.says:
                cautions.append(_folklore(card, top))
            continue
        enough = [t for t in tried if t.mean >= 0.9 * top]
        trials.append(min(enough, key=lambda t: (t.cost.rank, -t.mean)))
    favoured = _favoured(ranking)
    kept = _worth_it(_once(trials, favoured), favoured, constants)[:best]
    final = _beliefs(case, ranking, tools, draws)
    found: list[tuple[float, Remedy]] = []
    for t in kept:
        mean, remedy = _remedy(t, final, tools)
        if mean >= constants.gain_that_matters:
            found.append((mean, remedy))
        elif t.card.says:
            cautions.append(_folklore(t.card, mean))
    found.sort(key=lambda f: (-f[0], f[1].id))
    return Plan(tuple(r for _, r in found), tuple(sorted(cautions, key=lambda c: c.field)))


def _beliefs(case: Case, ranking: Ranking, tools: Toolbox, n: int) -> list[_Belief]:
    """Return what may have happened: the recipe as written (also for artefacts and none of these), then deviations."""
    likely = [
        c
        for c in ranking.candidates
        if c.hypothesis is not None and c.hypothesis.kind == "deviation" and c.probability > DEVIATION_COUNTS
    ]
    rest = 1.0 - sum(c.probability for c in likely)
    written = next(c for c in ranking.candidates if c.id == AS_WRITTEN)
    found = [_Belief(case, tools.run(case, n), _weights(written, n), rest)]
    for c in likely:
        if c.hypothesis is not None:
            found.append(_Belief(c.hypothesis.case, tools.run(c.hypothesis.case, n), _weights(c, n), c.probability))
    return found


def _weights(candidate: Candidate, n: int) -> FloatArray:
    """Return the weights of the first ``n`` draws; equal ones where the diagnosis had fewer."""
    if candidate.weights.shape[0] < n:
        return np.full(n, 1 / n)
    head = candidate.weights[:n]
    total = float(head.sum())
    return head / total if total > 0 else np.full(n, 1 / n)


def _favoured(ranking: Ranking) -> frozenset[str]:
    """Return the remedies that the cards of likely causes name."""
    likely = {c.id: c.probability for c in ranking.candidates}
    named = [c.hypothesis for c in ranking.candidates if c.hypothesis is not None and likely[c.id] > DEVIATION_COUNTS]
    named += [s.cause for s in ranking.shares if s.cause is not None and likely[AS_WRITTEN] * s.weight > 0.1]
    return frozenset(r for h in named for r in h.remedies)


def _once(trials: Sequence[_Trial], favoured: frozenset[str]) -> list[_Trial]:
    """Return one trial for each patch: that of the card which a likely cause names."""
    found: dict[str, _Trial] = {}
    for t in sorted(trials, key=lambda t: (t.card.id not in favoured, t.card.id)):
        found.setdefault(repr(t.patches), t)
    return list(found.values())


def _tried(
    card: RemedyCard,
    case: Case,
    beliefs: Sequence[_Belief],
    tools: Toolbox,
    price: Price | None,
    only: Collection[tuple[Patch, ...]] | None = None,
) -> list[_Trial]:
    """Simulate the options of a card that find something in the case, or only those of these patches."""
    trials: list[_Trial] = []
    for option in card.options:
        patches = all_patches(case, option, tools)
        if not patches or (only is not None and patches not in only):
            continue
        try:
            changed = tools.patch(case, patches)
            after = tools.run(changed, beliefs[0].world.n_draws)
            gains, weights = _gains(patches, beliefs, after, tools)
        except (BadInput, NoAnswer):
            continue
        trials.append(_Trial(card, patches, changed, cost_of(card, case, changed, tools, price), gains, weights))
    return trials


def _gains(
    patches: tuple[Patch, ...], beliefs: Sequence[_Belief], written: World, tools: Toolbox
) -> tuple[FloatArray, FloatArray]:
    """Return paired gains over all beliefs, with their weights; ``written`` is the patched recipe as written."""
    gains: list[FloatArray] = []
    weights: list[FloatArray] = []
    for i, belief in enumerate(beliefs):
        after = written if i == 0 else tools.run(tools.patch(belief.case, patches), belief.world.n_draws)
        gains.append(after.target_yield() - _yield_per(belief.world, after.limiting, beliefs[0].world))
        weights.append(belief.weights * belief.probability)
    joined = np.concatenate(weights)
    return np.concatenate(gains), joined / joined.sum()


def _yield_per(world: World, reactant: str, written: World) -> FloatArray:
    """Return the yield per mol of a reactant in the amount that the recipe says, ``written``, whatever its bottle held in this world."""
    if reactant == world.limiting or reactant not in written.species:
        return world.target_yield(reactant)
    said = float(written.charged[written.species.index(reactant)])
    return world.target_yield() / said if said > 0 else world.target_yield()


def _worth_it(trials: Sequence[_Trial], favoured: frozenset[str], constants: Constants) -> list[_Trial]:
    """Drop what another trial beats in gain without costing more; keep what the likely causes name."""
    kept: list[_Trial] = []
    for t in trials:
        beaten = any(
            o is not t and o.mean > t.mean + 2 * constants.gain_that_matters and o.cost.no_more_than(t.cost)
            for o in trials
        )
        if not beaten or t.card.id in favoured:
            kept.append(t)
    return sorted(kept, key=lambda t: (-t.mean, t.card.id))


def _remedy(trial: _Trial, beliefs: Sequence[_Belief], tools: Toolbox) -> tuple[float, Remedy]:
    """Return a trial with the draws of the report, and its expected gain by them."""
    after = tools.run(trial.case, beliefs[0].world.n_draws)
    gains, weights = _gains(trial.patches, beliefs, after, tools)
    leading = max(beliefs, key=lambda b: b.probability).world
    cost = trial.cost
    return float(gains @ weights), Remedy(
        id=trial.card.id,
        text=f"{trial.card.text} ({in_words(trial.patches)})",
        patch=trial.patches,
        before=interval(_yield_per(leading, after.limiting, beliefs[0].world)),
        after=interval(after.target_yield()),
        gain=Interval(*(weighted_quantile(gains, weights, q) for q in (0.5, 0.05, 0.95))),
        side_products=_side_products(leading, after),
        solvent_ml=cost.solvent_ml,
        time_h=cost.time_h,
        money=cost.money,
        sources=trial.card.sources,
        note=_note(trial.card, leading, after),
    )


def interval(values: FloatArray) -> Interval:
    """Return median and 5 to 95 % of equally weighted draws.

    >>> interval(np.linspace(0.0, 20.0, 21))
    Interval(median=10.0, low=1.0, high=19.0)
    """
    median, low, high = (float(np.quantile(values, q)) for q in (0.5, 0.05, 0.95))
    return Interval(median, low, high)


def _side_products(before: World, after: World) -> tuple[tuple[str, Interval, Interval], ...]:
    """Return the side products with the largest amounts, before and after."""
    found: list[tuple[float, str]] = []
    for world in (before, after):
        for i, species in enumerate(world.species):
            charged = world.charged[i] > 0 or species in world.starting_materials
            if charged or not world.residue[i] or species in (before.product, after.product):
                continue
            found.append((float(np.median(world.amount[:, i])), species))
    most: dict[str, float] = {}
    for amount, species in found:
        most[species] = max(amount, most.get(species, 0.0))
    names = sorted((s for s in most if most[s] >= _SHOWN), key=lambda s: (-most[s], s))[:_SIDE_PRODUCTS]
    return tuple((s, interval(before.column(before.amount, s)), interval(after.column(after.amount, s))) for s in names)


def _note(card: RemedyCard, before: World, after: World) -> str:
    parts: list[str] = []
    if after.limiting != before.limiting:
        parts.append("Both yields are per mol of the reactant that limits after the change.")
    if after.product != before.product:
        parts.append("The yield is that of the protected product; taking the group off is extra.")
    if card.steps:
        parts.append(f"{card.steps} more step{'s' if card.steps > 1 else ''}.")
    parts.append(f"Wrong when {card.wrong_when[:1].lower()}{card.wrong_when[1:]}")
    return " ".join(parts)


def _folklore(card: RemedyCard, gain: float) -> Caution:
    points = f"{100 * gain:+.1f}".replace("-0.0", "0.0").replace("+0.0", "0.0")
    text = f"{card.says} Simulated here, it changes the yield by {points} points."
    return Caution("folklore", "note", text, card.id)
