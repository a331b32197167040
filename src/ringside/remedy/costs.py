"""What a change costs beyond the recipe as written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ringside.case.nouns import Case, Patch
from ringside.diagnosis.world import Toolbox
from ringside.remedy.nouns import RemedyCard

Price = Callable[[Case], float | None]


@dataclass(frozen=True, slots=True)
class Cost:
    """Extra solvent [mL], time [h], material [mol per mol limiting], steps, and money where prices are known."""

    solvent_ml: float
    time_h: float
    material: float
    steps: int
    money: float | None

    def no_more_than(self, other: Cost) -> bool:
        """Say whether this cost is no larger than another in anything."""
        cheaper = self.money is None or other.money is None or self.money <= other.money
        mine = (self.solvent_ml, self.time_h, self.material, self.steps)
        theirs = (other.solvent_ml, other.time_h, other.material, other.steps)
        return cheaper and all(a <= b + 1e-9 for a, b in zip(mine, theirs, strict=True))

    @property
    def rank(self) -> tuple[float, ...]:
        """Return a key that puts the cheaper first: steps, then time, solvent and material."""
        return (float(self.steps), self.time_h, self.solvent_ml, self.material)


def cost_of(card: RemedyCard, before: Case, after: Case, tools: Toolbox, price: Price | None = None) -> Cost:
    """Return what a patched case costs beyond the case as written.

    Args:
        card: The remedy, for steps and hours outside the reaction.
        before: The case as written.
        after: The patched case.
        tools: Equivalents of the charges.
        price: Money for a case, None where a price is missing.

    Returns:
        The differences; negative where the change saves.
    """
    money: float | None = None
    if price is not None:
        old, new = price(before), price(after)
        money = None if old is None or new is None else new - old
    material = sum(tools.equivalents(after).values()) - sum(tools.equivalents(before).values())
    return Cost(
        solvent_ml=_solvent(after) - _solvent(before),
        time_h=_hours(after) - _hours(before) + card.hours,
        material=material,
        steps=card.steps,
        money=money,
    )


def _solvent(case: Case) -> float:
    """Return the solvent charged by volume [mL]."""
    spans = [c.amount.value for c in case.recipe.charges if c.role == "solvent" and c.amount.kind == "volume"]
    return 1000 * sum(s.mid for s in spans if s is not None)


def _hours(case: Case) -> float:
    return case.recipe.time.mid / 3600


def in_words(patches: Sequence[Patch]) -> str:
    """Return patches as a person would say them.

    >>> in_words([Patch("charge[THF].amount", "50 mL", "500 mL"), Patch("charge[-DCM]", {"name": "DCM"}, None)])
    'THF amount 50 mL to 500 mL; without DCM'
    """
    return "; ".join(_words(p) for p in patches)


def _words(patch: Patch) -> str:
    if patch.path == "charge[+]":
        rest = [str(v) for k, v in patch.new.items() if k == "amount"]
        return " ".join(["with", str(patch.new["name"]), *rest])
    if patch.path.startswith("charge[-"):
        return f"without {patch.path.removeprefix('charge[-').removesuffix(']')}"
    where, _, field = patch.path.rpartition(".")
    name = where.removeprefix("charge[").removesuffix("]")
    head = f"{name} {field}" if where.startswith("charge[") else field
    head = head.replace("_", " ")
    return f"{head} {_value(patch.new)}" if patch.old is None else f"{head} {_value(patch.old)} to {_value(patch.new)}"


def _value(value: object) -> str:
    return "as a programme" if isinstance(value, list) else str(value)
