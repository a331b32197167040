"""Which causes are considered for a case, and the case that each would have been."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from ringside.case.nouns import Case, Patch
from ringside.diagnosis.changes import all_patches
from ringside.diagnosis.constants import PriorShift, prior_odds
from ringside.diagnosis.nouns import Cause, CauseKind, Channel
from ringside.diagnosis.world import Toolbox

AS_WRITTEN = "as-written"
AS_EXPECTED = "as-expected"
NONE_OF_THESE = "none-of-these"


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """One cause applied to one case.

    ``case`` is what happened (deviation), what was written (artefact) or what would undo the cause (design; as written where it is a ``channel``, which is switched off). ``held`` has the patches for
    each run of the case in which the cause was at work, by number; ``case`` and ``patches`` are those of the newest run.
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
    signs: Mapping[str, float] = field(default_factory=dict[str, float])
    held: Mapping[int, tuple[Patch, ...]] = field(default_factory=dict[int, tuple[Patch, ...]])
    channel: Channel | None = None
    covers: tuple[str, ...] = ()


def situation_of(case: Case, recipe: frozenset[str], target: frozenset[str], *, light: bool = False) -> frozenset[str]:
    """Return the features by which cards are chosen.

    Args:
        case: The case.
        recipe: Features of the recipe (``has:``, ``role:``, ``solvent:``, ...).
        target: Features of the target's structure.
        light: Whether the target is light enough to go with the solvent.

    Returns:
        ``recipe``, ``target:<feature>``, ``is:light``, ``observed:lc``, ``observed:mass``, ``observed:notes``, ``observed:aliquots``, ``observed:ph``, ``observed:water``, ``observed:nmr``, ``written:<field>`` for each field of a charge that the case file has, and
        ``workup:quench``, ``workup:extract`` where they are written.
    """
    extra = {f"target:{f}" for f in target} | ({"is:light"} if light else set[str]())
    charges = cast("Sequence[Mapping[str, Any]]", case.raw.get("charge", ()))
    extra |= {f"written:{key}" for c in charges for key in c}
    seen = case.observed
    if seen is not None:
        shown = seen.conversion is not None or bool(
            seen.peaks or seen.lcms_file or seen.absent or seen.aliquots or seen.nmr
        )
        kinds = {"lc": shown, "mass": (seen.isolated_yield or seen.crude_mass) is not None, "notes": bool(seen.notes)}
        kinds |= {"aliquots": bool(seen.aliquots), "ph": seen.ph is not None}
        kinds |= {"water": bool(seen.water), "nmr": bool(seen.nmr)}
        extra |= {f"observed:{kind}" for kind, there in kinds.items() if there}
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
    *,
    number: int = 0,
) -> tuple[Hypothesis, ...]:
    """Apply every cause that fits, sorted by id; a cause whose changes find nothing in the case is left out. ``number`` is that of the run."""
    found: list[Hypothesis] = []
    for cause in sorted(causes, key=lambda c: c.id):
        if cause.status == "retired" or not considered(cause.needs, cause.excludes, situation):
            continue
        patches = all_patches(case, cause.changes, tools)
        if cause.kind != "artefact" and cause.channel is None and not patches:
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
                signs=cause.signs,
                held={number: patches},
                channel=cause.channel,
                covers=cause.covers,
            )
        )
    return tuple(found)


def pair(case: Case, one: Hypothesis, two: Hypothesis, tools: Toolbox) -> Hypothesis:
    """Return two deviations that happened together, in order of id; where both change one field, the second is kept."""
    one, two = sorted((one, two), key=lambda h: h.id)
    patches = one.patches + two.patches
    runs = sorted({*one.held, *two.held})
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
        signs={s: max(h.signs[s] for h in (one, two) if s in h.signs) for s in sorted({*one.signs, *two.signs})},
        held={r: one.held.get(r, ()) + two.held.get(r, ()) for r in runs},
    )
