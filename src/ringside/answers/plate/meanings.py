"""What a recurring peak could be, and how sure that is."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence

from ringside.answers.plate.nouns import Meaning, Recurring, WellEntry
from ringside.chem.mass import exact_mass
from ringside.evidence.lines import line_model, lines_near, lines_of
from ringside.evidence.nouns import Expected, Instrument
from ringside.evidence.spectrum import mass_sd, unknown_density
from ringside.knowledge.base import Knowledge

Paths = Callable[[float], Sequence[tuple[str, str, str, float, float]]]
SHOWN, MOST = 0.01, 6
REACH = 4.0


def meanings(
    group: Recurring,
    wells: Sequence[WellEntry],
    views: Mapping[str, Expected],
    instrument: Instrument,
    knowledge: Knowledge,
    paths: Paths | None = None,
) -> tuple[Meaning, ...]:
    """Return what a recurring peak could be, likeliest first.

    Each reading weighs its share of the prior times N(m/z; its ion, sd) over the density of masses of unknown compounds; something that
    nobody has thought of weighs 1. A rule path weighs by its cost alone: paths reach so many masses that a hit says little. Background ions and structures of the plate map are looked at where the m/z stands still,
    usual changes of the target where it moves with the target, or all wells share one; rule paths from the case always.

    Args:
        group: The peak.
        wells: All wells.
        views: How the structures of the plate map look.
        instrument: Mass error.
        knowledge: Background ions, differences, constants.
        paths: From an m/z to (text, SMILES, ion, error [Da], cost [steps]) of rule paths of the case; None without a case.
    """
    constants = knowledge.evidence.constants
    sd = mass_sd(group.mz, constants, instrument)
    targets = sorted({w.target for w in wells if w.well in group.wells})
    found: list[tuple[float, Meaning]] = []
    if group.difference_da is None:
        found += _background(group.mz, sd, knowledge)
        found += _structures(group.mz, sd, views, wells, knowledge)
    if group.difference_da is not None or len(targets) == 1:
        beyond = group.difference_da if group.difference_da is not None else group.mz - protonated(views[targets[0]])
        found += _differences(beyond, sd, knowledge)
    if paths is not None:
        part = knowledge.plate["path_part"]
        for text, smiles, ion, error, cost in paths(group.mz):
            weight = part * 2.0**-cost * math.exp(-0.5 * (error / sd) ** 2)
            found.append((weight, Meaning("path", text, smiles, ion, error, 0.0)))
    ranked = sorted(found, key=lambda f: (-f[0], f[1].text, f[1].ion))
    once: dict[str, tuple[float, Meaning]] = {}
    for weight, meaning in ranked:
        once.setdefault(meaning.smiles or meaning.text, (weight, meaning))
    whole = 1.0 + math.fsum(w for w, _ in once.values())
    return tuple(
        Meaning(m.kind, m.text, m.smiles, m.ion, m.error_da, w / whole)
        for w, m in list(once.values())[:MOST]
        if w / whole >= SHOWN
    )


def protonated(view: Expected) -> float:
    """Return the m/z of the ion that a structure shows as [M+H]+ (of a permanent cation, as itself)."""
    plain = next((i.mz for i in view.ions if i.ion in {"[M+H]+", "M+"}), None)
    return plain if plain is not None else view.ions[0].mz if view.ions else exact_mass(view.species)


def _background(mz: float, sd: float, knowledge: Knowledge) -> Iterator[tuple[float, Meaning]]:
    constants, table = knowledge.evidence.constants, knowledge.evidence.background
    for name, line in table:
        if abs(mz - line) <= REACH * sd:
            weight = constants["background_part"] / len(table) * _normal(mz - line, sd) / unknown_density(sd, constants)
            yield weight, Meaning("background", f"background ion {name}", None, name, mz - line, 0.0)


def _structures(
    mz: float, sd: float, views: Mapping[str, Expected], wells: Sequence[WellEntry], knowledge: Knowledge
) -> Iterator[tuple[float, Meaning]]:
    constants = knowledge.evidence.constants
    where: dict[str, list[str]] = {}
    for w in wells:
        where.setdefault(w.target, []).append(w.well)
    for smiles, view in sorted(views.items()):
        near = lines_near(lines_of(view, line_model(constants)), mz, REACH * sd)
        if near:
            best = max(near, key=lambda line: (line.base * _normal(mz - line.mz, sd), line.ion))
            density = math.fsum(line.base * _normal(mz - line.mz, sd) for line in near)
            weight = knowledge.plate["structure_part"] / len(views) * density / unknown_density(sd, constants)
            text = f"target of {_listed(where[smiles])}" if smiles in where else "named in the plate map"
            yield weight, Meaning("structure", text, smiles, best.ion, mz - best.mz, 0.0)


def _differences(beyond: float, sd: float, knowledge: Knowledge) -> Iterator[tuple[float, Meaning]]:
    constants, table = knowledge.evidence.constants, knowledge.differences
    for d in table:
        if abs(beyond - d.mass) <= REACH * sd:
            part = knowledge.plate["difference_part"] / len(table)
            weight = part * _normal(beyond - d.mass, sd) / unknown_density(sd, constants)
            yield weight, Meaning("difference", f"target {d.change}: {d.meaning}", None, "[M+H]+", beyond - d.mass, 0.0)


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")


def _normal(x: float, sd: float) -> float:
    z = x / sd
    return math.exp(-0.5 * z * z) / (sd * math.sqrt(2.0 * math.pi))
