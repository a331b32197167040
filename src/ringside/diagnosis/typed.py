"""Observations typed in beside peaks: series of aliquots, pH, water and NMR integrals."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from ringside.chem.mass import average_mass
from ringside.chem.molecule import is_valid
from ringside.diagnosis.nouns import Observation
from ringside.diagnosis.world import World
from ringside.evidence.nouns import Aliquot, NmrSignal, Observed, Standard

Groups = Mapping[tuple[str, ...], float | None]


def percent(span: tuple[float, float]) -> str:
    """Return a fraction or a range of them in percent."""
    low, high = (100 * v for v in span)
    return f"{low:.3g} %" if low == high else f"{low:.3g} to {high:.3g} %"


def areas(groups: Groups) -> Observation | None:
    """Return the areas of one injection as one observation; None for fewer than two."""
    with_area = sorted((g, a) for g, a in groups.items() if a)
    if len(with_area) < 2:
        return None
    keys, values = tuple(g for g, _ in with_area), tuple(a for _, a in with_area)
    return Observation("peak-areas", "areas", f"areas of {len(keys)} assigned peaks", groups=keys, areas=values)


def with_courses(
    found: Sequence[Observation], aliquots: Sequence[Aliquot], peaks: Sequence[Groups]
) -> list[Observation]:
    """Return observations with the aliquots: one for each kind of measurement, that at the end being its last sample.

    One method has one error, so that a series is one piece of evidence.
    """
    series: dict[str, list[Observation]] = {"conversion": [], "yield": [], "areas": []}
    for k, a in enumerate(aliquots):
        at = f"at {a.at / 3600:.3g} h"
        if a.conversion is not None:
            text = f"{percent(a.conversion)} {at}"
            series["conversion"].append(Observation("conversion", "conversion", text, *a.conversion, at=a.at))
        if a.assay is not None:
            series["yield"].append(Observation("assay", "yield", f"{percent(a.assay)} {at}", *a.assay, at=a.at))
        injected = areas(peaks[k]) if k < len(peaks) else None
        if injected is not None:
            text = f"{len(injected.areas)} peaks {at}"
            series["areas"].append(replace(injected, text=text, at=a.at))
    out = list(found)
    for kind, of in (("conversion", "conversion"), ("yield", "yield in solution"), ("areas", "areas")):
        parts = series[kind]
        if not parts:
            continue
        last = [o for o in out if o.kind == kind and kind != "yield"]
        out = [o for o in out if o not in last]
        parts += [
            replace(o, text=f"{percent((o.low, o.high)) if kind == 'conversion' else o.text} at the end") for o in last
        ]
        name = last[0].id if last else f"{kind}-course"
        text = f"{of}: {', '.join(p.text for p in parts)}"
        out.append(Observation(name, "course", text, parts=tuple(parts)))
    return out


def in_flask(
    observed: Observed, world: World, species_of: Callable[[str], str | None]
) -> tuple[list[Observation], list[str]]:
    """Return pH, water contents and integrals as observations, and what of them could not be used."""
    found: list[Observation] = []
    unread: list[str] = []
    if observed.ph is not None:
        low, high = observed.ph
        text = f"pH {low:g}" if low == high else f"pH {low:g} to {high:g}"
        found.append(Observation("ph", "ph", text, low, high))
    for w in observed.water:
        if w.of not in world.water:
            unread.append(f"water in {w.of}")
            continue
        low, high = (1e6 * v for v in w.fraction)
        text = f"{low:.3g} ppm" if low == high else f"{low:.3g} to {high:.3g} ppm"
        found.append(Observation(f"water:{w.of}", "water", f"{text} of water in {w.of}", *w.fraction))
    for sample in ("crude", "mixture"):
        signals = [s for s in observed.nmr if s.sample == sample]
        seen, unknown = _integrals(signals, sample, observed.standard, world, species_of)
        found += [] if seen is None else [seen]
        unread += unknown
    return found, unread


def _integrals(
    signals: Sequence[NmrSignal],
    sample: str,
    standard: Standard | None,
    world: World,
    species_of: Callable[[str], str | None],
) -> tuple[Observation | None, list[str]]:
    """Return the integrals of one spectrum as one observation; signals of one species are averaged."""
    molar: dict[str, list[float]] = {}
    unread: list[str] = []
    added: list[float] = []
    for s in signals:
        if standard is not None and s.of.casefold() == standard.species.casefold():
            added.append(s.molar)
            continue
        species = species_of(s.of)
        if species is None:
            unread.append(f"NMR of {s.of}")
        else:
            molar.setdefault(species, []).append(s.molar)
    known = _equivalents(standard, world) if standard is not None and added else None
    scale = known / (math.fsum(added) / len(added)) if known is not None else 1.0
    groups = tuple((s,) for s in sorted(molar))
    values = tuple(scale * math.fsum(molar[s]) / len(molar[s]) for (s,) in groups)
    if len(groups) < (1 if known is not None else 2):
        return None, [*unread, *(f"NMR of {s.of} alone" for s in signals if species_of(s.of) is not None)]
    text = f"NMR of the {sample}: {len(groups)} species" + (", against the standard" if known is not None else "")
    name = f"nmr-{sample}"
    return Observation(name, "nmr", text, groups=groups, areas=values, absolute=known is not None), unread


def _equivalents(standard: Standard, world: World) -> float | None:
    """Return the amount of an internal standard [mol per mol limiting]; None where a mass is of no known structure."""
    amount = math.sqrt(standard.amount[0] * standard.amount[1])
    if standard.unit == "equiv":
        return amount
    if standard.unit == "mass" and not is_valid(standard.species):
        return None
    mol = amount if standard.unit == "mol" else amount / average_mass(standard.species)
    return mol / float(np.median(world.limiting_mol))
