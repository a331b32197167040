"""What was seen, as observations that a simulated world can be compared with."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from ringside.case.nouns import Case
from ringside.diagnosis.nouns import Observation
from ringside.diagnosis.signs import Sign, signs_in
from ringside.diagnosis.typed import areas, in_flask, percent, with_courses
from ringside.diagnosis.world import World
from ringside.evidence.nouns import Assignment, Observed

_STARTING_MATERIAL = {"starting material", "starting materials", "sm", "substrate", "limiting reactant"}
_PRODUCT = {"product", "target", "desired product"}
_NO_READING = "none-of-these"
_BACKGROUND = "background:"


@dataclass(frozen=True, slots=True)
class Sighting:
    """Everything seen in one case: what can be compared, and the words that could not be read."""

    observations: tuple[Observation, ...]
    confusable: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()


def observe(
    case: Case,
    assignments: Sequence[Assignment],
    world: World,
    canonical: Callable[[str], str | None],
    signs: Sequence[Sign] = (),
    aliquots: Sequence[Sequence[Assignment]] = (),
) -> Sighting:
    """Turn what the chemist reports into observations, in an order that does not depend on theirs.

    One injection is one piece of evidence: all areas make one observation. Peaks without an area only say that
    something was seen. Notes say something as far as they name a sign.

    Args:
        case: The case with its observations.
        assignments: Readings of the peaks.
        world: The recipe as written; names its product and starting materials.
        canonical: Canonical SMILES of a text, None where it is not SMILES.
        signs: What notes may report.
        aliquots: Readings of the peaks of each aliquot.

    Returns:
        The observations, sorted by id; species that a peak of the product may be mistaken for; words not understood.
    """
    observed = case.observed
    if observed is None:
        return Sighting(())
    found = _measured(observed)
    groups, unexplained, confusable = _peaks(assignments, world)
    if groups:
        found += _injection(groups)
    if unexplained is not None:
        text = f"{100 * unexplained:.0f} % of the peak area has no reading"
        found.append(Observation("unexplained-area", "unexplained", text, unexplained, unexplained))
    unread: list[str] = []
    found = with_courses(found, observed.aliquots, [_peaks(a, world)[0] for a in aliquots])
    names = {c.name.casefold(): c.smiles for c in case.recipe.charges}

    def species_of(word: str) -> str | None:
        return _species_of(word, names, world, canonical)

    flask, unknown = in_flask(observed, world, species_of)
    found += flask
    unread += unknown
    for word in sorted(set(observed.absent)):
        species = species_of(word)
        if species is None:
            unread.append(word)
        else:
            found.append(Observation(f"absent:{species}", "absent", f"no {word} seen", groups=((species,),)))
    reported, silent = signs_in(observed.notes, signs)
    found += [Observation(f"sign:{s.id}", "sign", f"noted: {s.text}", s.baseline, s.baseline) for s in reported]
    unread += silent
    unique = {o.id: o for o in found}
    return Sighting(tuple(unique[i] for i in sorted(unique)), confusable, tuple(unread))


def _measured(observed: Observed) -> list[Observation]:
    found: list[Observation] = []
    if observed.isolated_yield is not None:
        text = f"isolated yield {percent(observed.isolated_yield)}"
        found.append(Observation("isolated-yield", "yield", text, *observed.isolated_yield))
    if observed.conversion is not None:
        text = f"conversion {percent(observed.conversion)}"
        found.append(Observation("conversion", "conversion", text, *observed.conversion))
    if observed.crude_mass is not None:
        low, high = observed.crude_mass
        text = f"crude mass {low:.3g} g" if low == high else f"crude mass {low:.3g} to {high:.3g} g"
        found.append(Observation("crude-mass", "crude", text, low, high))
    return found


def _peaks(
    assignments: Sequence[Assignment], world: World
) -> tuple[dict[tuple[str, ...], float | None], float | None, tuple[str, ...]]:
    """Return area by group of possible species (None: no area), unexplained area, and what may be mistaken."""
    areas: dict[tuple[str, ...], list[float]] = {}
    without_reading: list[float] = []
    everything: list[float] = []
    confusable: set[str] = set()
    for a in assignments:
        if not a.candidates:
            continue
        first, area = a.candidates[0].species, a.peak.area or 0.0
        everything.append(area)
        if first == _NO_READING:
            without_reading.append(area)
        group = _group(a, world)
        if first == _NO_READING or first.startswith(_BACKGROUND) or not group:
            continue
        if first != world.product and world.product in {c.species for c in a.candidates}:
            confusable.add(first)
        areas.setdefault(group, []).append(area)
    total = math.fsum(everything)
    share = math.fsum(without_reading) / total if total > 0 else None
    groups = {g: math.fsum(found) or None for g, found in areas.items()}
    return groups, share, tuple(sorted(confusable))


def _group(assignment: Assignment, world: World) -> tuple[str, ...]:
    """Return the species a peak may be: all that the data cannot tell apart, else the most probable one."""
    first = assignment.candidates[0].species
    close = assignment.undecidable_between if first in assignment.undecidable_between else (first,)
    return tuple(sorted(s for s in close if s in world.species))


def _injection(groups: Mapping[tuple[str, ...], float | None]) -> list[Observation]:
    """Return the areas as one observation, and one observation for each group only seen."""
    injected = areas(groups)
    found = [
        Observation(f"seen:{'|'.join(g)}", "seen", f"{' or '.join(g)} seen", groups=(g,))
        for g, a in sorted(groups.items(), key=lambda item: item[0])
        if not a or injected is None
    ]
    return found if injected is None else [*found, injected]


def _species_of(
    word: str, names: Mapping[str, str | None], world: World, canonical: Callable[[str], str | None]
) -> str | None:
    key = word.strip().casefold()
    if key in _STARTING_MATERIAL:
        return world.limiting
    if key in _PRODUCT:
        return world.product
    named = names.get(key)
    for text in (word.strip(), named or ""):
        smiles = canonical(text) if text else None
        if smiles in world.species:
            return smiles
    return None
