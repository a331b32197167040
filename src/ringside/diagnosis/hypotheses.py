"""Which causes are considered for a case, and the case that each would have been."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ringside.case.nouns import Case, Patch
from ringside.diagnosis.changes import all_patches
from ringside.diagnosis.constants import PriorShift, prior_odds
from ringside.diagnosis.nouns import Cause, CauseKind
from ringside.diagnosis.world import Toolbox

AS_WRITTEN = "as-written"
AS_EXPECTED = "as-expected"
NONE_OF_THESE = "none-of-these"


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """One cause applied to one case.

    ``case`` is what happened (deviation), what was written (artefact) or what would undo the cause (design).
    """

    id: str
    title: str
    kind: CauseKind
    odds: float
    case: Case
    patches: tuple[Patch, ...]
    artefact: Mapping[str, Any] | None
    remedies: tuple[str, ...]
    test: str
    sources: tuple[str, ...]


def situation_of(case: Case, recipe: frozenset[str], target: frozenset[str]) -> frozenset[str]:
    """Return the features by which cards are chosen.

    Args:
        case: The case.
        recipe: Features of the recipe (``has:``, ``role:``, ``solvent:``, ...).
        target: Features of the target's structure.

    Returns:
        ``recipe``, ``target:<feature>``, and ``workup:quench``, ``workup:extract`` where they are written.
    """
    extra = {f"target:{f}" for f in target}
    workup = case.recipe.workup
    if workup is not None and (workup.quench is not None or workup.ph is not None):
        extra.add("workup:quench")
    if workup is not None and workup.extract:
        extra.add("workup:extract")
    return recipe | extra


def considered(needs: Sequence[str], excludes: Sequence[str], situation: frozenset[str]) -> bool:
    """Say whether a card fits: every ``needs`` holds and no ``excludes`` does; ``a|b`` means either.

    >>> considered(["has:imine|has:aminal"], [], frozenset({"has:aminal"}))
    True
    """
    met = all(not situation.isdisjoint(n.split("|")) for n in needs)
    return met and all(situation.isdisjoint(e.split("|")) for e in excludes)


def hypotheses(
    case: Case,
    causes: Sequence[Cause],
    situation: frozenset[str],
    shifts: Sequence[PriorShift],
    tools: Toolbox,
) -> tuple[Hypothesis, ...]:
    """Apply every cause that fits, sorted by id; a cause whose changes find nothing in the case is left out."""
    found: list[Hypothesis] = []
    for cause in sorted(causes, key=lambda c: c.id):
        if cause.status == "retired" or not considered(cause.needs, cause.excludes, situation):
            continue
        patches = all_patches(case, cause.changes, tools)
        if cause.kind != "artefact" and not patches:
            continue
        odds = prior_odds(cause.id, cause.prior, situation, shifts)
        changed = tools.patch(case, patches) if patches else case
        found.append(
            Hypothesis(
                id=cause.id,
                title=cause.title,
                kind=cause.kind,
                odds=odds,
                case=changed,
                patches=patches,
                artefact=cause.artefact,
                remedies=cause.remedies,
                test=cause.test,
                sources=cause.sources,
            )
        )
    return tuple(found)


def pair(case: Case, one: Hypothesis, two: Hypothesis, tools: Toolbox) -> Hypothesis:
    """Return two deviations that happened together, in order of id; where both change one field, the second is kept."""
    one, two = sorted((one, two), key=lambda h: h.id)
    patches = one.patches + two.patches
    return Hypothesis(
        id=f"{one.id}+{two.id}",
        title=f"{one.title}; and {two.title[:1].lower()}{two.title[1:]}",
        kind="deviation",
        odds=one.odds * two.odds,
        case=tools.patch(case, patches),
        patches=patches,
        artefact=None,
        remedies=one.remedies + two.remedies,
        test=one.test or two.test,
        sources=tuple(sorted({*one.sources, *two.sources})),
    )
