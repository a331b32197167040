"""Search over recipes: which combination of changes is expected to give most, for what it costs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ringside.case.nouns import Case, Patch
from ringside.diagnosis.changes import all_patches
from ringside.diagnosis.world import Toolbox, World, weighted_quantile
from ringside.errors import BadInput, NoAnswer
from ringside.kinetics.nouns import FloatArray
from ringside.remedy.moves import Move, joined

SMALL = 1e-12


@dataclass(frozen=True, slots=True)
class Belief:
    """What may have happened: the patches that turn the recipe as written into it, weights of its draws, probability."""

    patches: tuple[Patch, ...]
    weights: FloatArray
    probability: float


@dataclass(frozen=True, slots=True)
class Limits:
    """What a plan must keep to: total volume [L], time [h], money [EUR]; ``without``: names of charges that are not at hand."""

    volume: float = np.inf
    hours: float = np.inf
    money: float = np.inf
    without: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Bill:
    """What running a recipe takes: solvent [mL], volume [L], time [h], further steps, money of materials where prices are known [EUR].

    ``effort`` is all of it as money [EUR]: materials, solvent, hours and steps at the rates of plan.csv.
    """

    solvent_ml: float
    volume: float
    hours: float
    steps: int
    money: float | None
    effort: float


@dataclass(frozen=True, slots=True, eq=False)
class Trial:
    """One recipe, simulated: the moves that lead to it, its patches, case, bill, and draws with their weights.

    ``yields`` [mol per mol of what limits] and ``purity`` (mass of product per mass of crude without solvent, 0 to 1) have shape
    (n_draws,); both are of everything that may have happened, one after the other. ``plain`` is the yield that the patched case file predicts, without
    further steps and without what was seen.
    """

    moves: tuple[Move, ...]
    patches: tuple[Patch, ...]
    case: Case
    bill: Bill
    yields: FloatArray
    purity: FloatArray
    weights: FloatArray
    plain: FloatArray

    @property
    def mean(self) -> float:
        """Return the expected yield of all steps [mol/mol]."""
        return float(self.yields @ self.weights)

    @property
    def clean(self) -> float:
        """Return the expected purity."""
        return float(self.purity @ self.weights)

    def low(self, q: float) -> float:
        """Return the quantile ``q`` of the yield."""
        return weighted_quantile(self.yields, self.weights, q)


@dataclass(frozen=True, slots=True)
class Question:
    """What stays the same through one search.

    ``steps`` is the yield of one further step, draw by draw; ``bill`` tells what a recipe takes.
    """

    case: Case
    beliefs: tuple[Belief, ...]
    limits: Limits
    tools: Toolbox
    bill: Callable[[Case, Sequence[Move]], Bill]
    steps: FloatArray
    draws: int


def evaluate(question: Question, moves: Sequence[Move]) -> Trial | None:
    """Simulate the recipe that moves lead to, applied in their order; None where it cannot be, or breaks a limit.

    A move whose changes find nothing left to change ends the attempt.
    """
    tools = question.tools
    case, patches = question.case, list[Patch]()
    try:
        for move in moves:
            found = all_patches(case, move.changes, tools)
            if not found:
                return None
            patches += found
            case = tools.patch(case, found)
    except BadInput:
        return None
    if not _at_hand(patches, question.limits):
        return None
    bill = question.bill(case, moves)
    over = bill.volume > question.limits.volume or bill.hours > question.limits.hours
    if over or (bill.money is not None and bill.money > question.limits.money):
        return None
    merged = joined(patches)
    yields, purity, weights = list[FloatArray](), list[FloatArray](), list[FloatArray]()
    plain = np.zeros(0)
    try:
        for belief in question.beliefs:
            happened = tools.patch(case, belief.patches) if belief.patches else case
            world = tools.run(happened, question.draws)
            plain = world.target_yield() if not len(plain) else plain
            yields.append(world.target_yield() * question.steps ** sum(m.steps for m in moves))
            purity.append(purity_of(world))
            weights.append(belief.weights * belief.probability)
    except (BadInput, NoAnswer):
        return None
    together = np.concatenate(weights)
    weight = together / together.sum()
    return Trial(tuple(moves), merged, case, bill, np.concatenate(yields), np.concatenate(purity), weight, plain)


def purity_of(world: World) -> FloatArray:
    """Return the mass of product per mass of everything that stays in the worked-up crude, shape (n_draws,)."""
    stays = np.array(world.residue, dtype=bool)
    masses = world.isolated[:, stays] * world.molar_mass[stays]
    whole = masses.sum(axis=1)
    if world.product is None or world.product not in world.species:
        return np.zeros(world.n_draws)
    own = world.column(world.isolated, world.product) * world.molar_mass[world.species.index(world.product)]
    return np.asarray(own / np.maximum(whole, SMALL), dtype=np.float64)


def _at_hand(patches: Sequence[Patch], limits: Limits) -> bool:
    put_in = [str(p.new["name"]).casefold() for p in patches if p.path == "charge[+]"]
    return limits.without.isdisjoint(put_in)


def search(
    question: Question, moves: Sequence[Move], *, width: int, partners: int, depth: int, most: int
) -> tuple[Trial, ...]:
    """Return every recipe tried, the one as written first.

    All single moves are tried; then, ``depth`` - 1 times, each of the ``width`` most promising recipes (on the front of yield, purity and
    effort, best yield first) with each of the ``partners`` moves that helped most alone and move something else; last, the best recipe with
    every move, because what brings nothing alone may help where something else no longer stands in the way.

    Args:
        question: The case, what is believed and the limits.
        moves: Moves that fit the case.
        width: Recipes carried on.
        partners: Moves tried on each.
        depth: Most moves in one recipe.
        most: Recipes simulated at most.
    """
    written = evaluate(question, ())
    if written is None:
        return ()
    tried: dict[tuple[str, ...], Trial] = {(): written}
    alone = _extended(question, [written], moves, tried, most)
    ranked = sorted(alone, key=lambda t: (-_promise(t, written), t.moves[0].id))
    useful = [t.moves[0] for t in ranked if _promise(t, written) > 0.0][:partners]
    wave = alone
    for _ in range(depth - 1):
        carried = _promising(wave, written)[:width]
        wave = _extended(question, carried, useful, tried, most)
        if not wave:
            break
    leader = max(tried.values(), key=lambda t: (t.mean, tuple(m.id for m in t.moves)))
    _extended(question, [leader], moves, tried, most + len(moves))
    return tuple(tried[k] for k in sorted(tried, key=lambda k: (len(k), k)))


def _extended(
    question: Question,
    starts: Sequence[Trial],
    moves: Sequence[Move],
    tried: dict[tuple[str, ...], Trial],
    most: int,
) -> list[Trial]:
    """Try each start with each move of another group; put what could be simulated into ``tried``."""
    found: list[Trial] = []
    for start in starts:
        for move in moves:
            together = (*start.moves, move)
            key = tuple(sorted(m.id for m in together))
            if key in tried or any(m.touches & move.touches for m in start.moves) or len(tried) >= most:
                continue
            trial = evaluate(question, together)
            if trial is not None:
                tried[key] = trial
                found.append(trial)
    return found


def _promise(trial: Trial, written: Trial) -> float:
    """Return what a recipe brings in yield, and half as much in purity."""
    return trial.mean - written.mean + 0.5 * (trial.clean - written.clean)


def _promising(trials: Sequence[Trial], written: Trial) -> list[Trial]:
    better = [t for t in trials if _promise(t, written) > 0.0]
    first = front(better)
    rest = [t for t in better if t not in first]

    def order(t: Trial) -> tuple[float, tuple[str, ...]]:
        return -_promise(t, written), tuple(m.id for m in t.moves)

    return sorted(first, key=order) + sorted(rest, key=order)


def front(trials: Sequence[Trial], same: float = 0.0, same_effort: float = 0.0) -> list[Trial]:
    """Return the recipes that no other beats in yield, purity and effort at once.

    A recipe with a move that brings nothing is beaten by the one without it, and of two that are alike in all three the plainer stays.

    Args:
        trials: Recipes.
        same: Yields and purities closer than this count as equal [-].
        same_effort: Efforts closer than this share of the larger one count as equal.
    """
    return [t for t in trials if not any(o is not t and _beats(o, t, same, same_effort) for o in trials)]


def _beats(o: Trial, t: Trial, same: float, same_effort: float) -> bool:
    near = same_effort * max(o.bill.effort, t.bill.effort)
    no_worse = o.mean >= t.mean - same and o.clean >= t.clean - same and o.bill.effort <= t.bill.effort + near
    better = o.mean > t.mean + same or o.clean > t.clean + same or o.bill.effort < t.bill.effort - near
    simpler = {m.id for m in o.moves} < {m.id for m in t.moves}
    if simpler:
        return no_worse
    alike = (
        abs(o.mean - t.mean) <= same and abs(o.clean - t.clean) <= same and abs(o.bill.effort - t.bill.effort) <= near
    )
    if alike:
        return _plain_order(o) < _plain_order(t)
    whole = o.mean >= t.mean and o.clean >= t.clean and o.bill.effort <= t.bill.effort
    return whole and better


def best(trials: Sequence[Trial], same: float) -> Trial:
    """Return the recipe of the highest expected yield; among those closer to it than ``same``, the fewest moves and the least effort."""
    top = max(t.mean for t in trials)
    return _plainest([t for t in trials if t.mean >= top - same])


def robust(trials: Sequence[Trial], q: float, same: float) -> Trial:
    """Return the recipe whose quantile ``q`` of the yield is highest, the fewest moves among near ones."""
    top = max(t.low(q) for t in trials)
    return _plainest([t for t in trials if t.low(q) >= top - same])


def _plainest(near: Sequence[Trial]) -> Trial:
    return min(near, key=_plain_order)


def _plain_order(t: Trial) -> tuple[int, float, float, tuple[str, ...]]:
    return len(t.moves), t.bill.effort, -t.mean, tuple(m.id for m in t.moves)


def winners(trials: Sequence[Trial], same: float) -> Mapping[tuple[str, ...], float]:
    """Return in which share of what may be each recipe gives most, by the ids of its moves.

    Among recipes closer to the best than ``same`` the one of fewest moves counts, so that what brings nothing wins nothing.
    """
    ordered = sorted(trials, key=lambda t: (len(t.moves), t.bill.effort, tuple(m.id for m in t.moves)))
    table = np.stack([t.yields for t in ordered])
    won = np.argmax(table >= table.max(axis=0) - same, axis=0)
    weights = ordered[0].weights
    return {tuple(m.id for m in t.moves): float(weights[won == i].sum()) for i, t in enumerate(ordered)}
