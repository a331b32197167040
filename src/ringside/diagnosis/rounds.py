"""The runs of one case: in which of them each cause was at work."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ringside.case.nouns import Case, Patch
from ringside.diagnosis.constants import PriorShift
from ringside.diagnosis.hypotheses import Hypothesis, hypotheses
from ringside.diagnosis.nouns import Cause
from ringside.diagnosis.world import Toolbox
from ringside.evidence.nouns import Assignment

_BOTTLE = ("smiles", "purity", "water", "form", "solution")
_FIELD = re.compile(r"^charge\[(.+)\]\.[a-z_]+$")


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a case, with the readings of its peaks; and of those of its aliquots; ``number`` is 0 for the recipe as written, else that of the round."""

    number: int
    case: Case
    assignments: tuple[Assignment, ...]
    situation: frozenset[str]
    aliquots: tuple[tuple[Assignment, ...], ...] = ()


def hypotheses_over(
    runs: Sequence[Run], causes: Sequence[Cause], shifts: Sequence[PriorShift], tools: Toolbox
) -> tuple[Hypothesis, ...]:
    """Apply every cause to all runs.

    A deviation or artefact belongs to the first run that it fits, and was at work in each later one that it fits too, unless that
    run took another bottle of what the cause is about, or set anew what the cause sets. A design cause is one of the newest recipe.

    Args:
        runs: The runs in their order, the newest last.
        causes: All cause cards.
        shifts: How a recipe shifts prior odds; those of the first run that a cause fits count.
        tools: Patches and structures.

    Returns:
        The hypotheses, sorted by id. ``case`` is the newest run: as written, where the cause was not at work there.
    """
    newest = runs[-1]
    found = [{h.id: h for h in hypotheses(r.case, causes, r.situation, shifts, tools, number=r.number)} for r in runs]
    out: list[Hypothesis] = []
    for cause in sorted({i for by_id in found for i in by_id}):
        at = [k for k, by_id in enumerate(found) if cause in by_id]
        first = found[at[0]][cause]
        if first.kind == "design":
            if cause in found[-1]:
                out.append(found[-1][cause])
            continue
        held = {runs[at[0]].number: first.patches}
        for k in at[1:]:
            patches = _kept(runs[at[0]].case, first.patches, runs[k].case, found[k][cause].patches)
            if patches or first.kind == "artefact":
                held[runs[k].number] = patches
        here = held.get(newest.number, ())
        out.append(replace(first, case=_applied(newest.case, here, tools), patches=here, held=held))
    return tuple(out)


def _applied(case: Case, patches: tuple[Patch, ...], tools: Toolbox) -> Case:
    return tools.patch(case, patches) if patches else case


def case_in(run: Run, h: Hypothesis, tools: Toolbox) -> Case:
    """Return what happened in one run if the hypothesis is true."""
    return _applied(run.case, h.held.get(run.number, ()), tools)


def _kept(first: Case, before: Sequence[Patch], case: Case, patches: Sequence[Patch]) -> tuple[Patch, ...]:
    """Return the patches of a later run that still hold; none where every charge or field the cause is about was replaced."""
    known = {p.path: p for p in before}
    kept = [p for p in patches if p.path == "charge[+]" or _same(first, known.get(p.path), case, p)]
    about = [p for p in patches if p.path != "charge[+]"]
    return tuple(kept) if not about or len(kept) > len(patches) - len(about) else ()


def _same(first: Case, before: Patch | None, case: Case, patch: Patch) -> bool:
    """Say whether a change holds on: of the same bottle, and not of a field that the run sets anew to what the cause overrules."""
    if before is None or (before.new == patch.new and before.old != patch.old):
        return False
    match = _FIELD.match(patch.path)
    return match is None or _bottle(first, match[1]) == _bottle(case, match[1])


def _bottle(case: Case, name: str) -> Mapping[str, Any]:
    """Return what the case file says of the bottle a charge was taken from."""
    charge = next((c for c in case.raw["charge"] if c["name"] == name), {})
    return {k: charge[k] for k in _BOTTLE if k in charge}
