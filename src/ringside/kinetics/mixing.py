"""Feeds that react before they are mixed in: a zone at the tip of the feed, beside the bulk of the flask.

Two compartments in exchange. What is fed enters the zone, which the bulk flows through once per mixing time; in it the feed is
diluted by as much bulk. Both have the pH of the bulk.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ringside.kinetics.nouns import Binding, FloatArray, RateLaw, Term
from ringside.network.nouns import FAMILY_PREFIX, Network, Reaction
from ringside.recipe.nouns import Dose, Flask

ZONE = "zone:"
BULK_PER_FEED = 1.0
LEAST_FRACTION = 1e-3
LARGEST_FRACTION = 0.5
PROTON = "[H+]"


@dataclass(frozen=True, slots=True)
class Zoned:
    """A flask with its zone, as the integrator sees it; ``species`` and ``reactions`` count those of the bulk."""

    network: Network
    flasks: tuple[Flask, ...]
    laws: tuple[RateLaw, ...]
    bindings: Mapping[str, Binding]
    species: int
    reactions: int


def zoned(
    network: Network, flasks: Sequence[Flask], laws: Sequence[RateLaw], bindings: Mapping[str, Binding]
) -> Zoned | None:
    """Return the flask with a zone, or None where mixing is ideal or nothing is added after the start.

    Args:
        network: Species and reactions.
        flasks: One, or one for each draw; the first gives the size of the zone.
        laws: One rate law per reaction.
        bindings: Proton binding by species.
    """
    first = flasks[0]
    late = [d for d in first.doses if _late(d)]
    if first.mixing <= 0.0 or not late:
        return None
    flow = max(d.volume / max(d.duration, first.mixing) for d in late)
    wanted = flow * first.mixing * (1.0 + BULK_PER_FEED) / first.volume
    fraction = min(max(wanted, LEAST_FRACTION), LARGEST_FRACTION)
    twins = {s: ZONE + s for s in network.species if s != PROTON and not s.startswith(FAMILY_PREFIX)}
    copies = [_copy(r, twins) for r in network.reactions]
    crossing = [move for s, twin in twins.items() for move in (_move(twin, s), _move(s, twin))]
    leave = -math.log10(first.mixing)
    paces = [leave, leave + math.log10(fraction / (1.0 - fraction))] * len(twins)
    crowded = Term("zone", -math.log10(fraction), 0.0, "judgement", "the same amounts in the volume of the zone")
    own = [
        replace(law, reaction=r.id, terms=(*law.terms, crowded) if len(r.reactants) == 2 else law.terms)
        for r, law in zip(copies, laws, strict=True)
    ]
    exchange = [
        RateLaw(r.id, (Term("mixing", pace, 0.0, "judgement", "mixing time"),), 0.0, 0.0)
        for r, pace in zip(crossing, paces, strict=True)
    ]
    held = {twins[s]: replace(b, pool=ZONE + b.pool if b.pool else "") for s, b in bindings.items() if s in twins}
    return Zoned(
        Network((*network.species, *twins.values()), (*network.reactions, *copies, *crossing)),
        tuple(replace(f, doses=tuple(_into(d, twins) for d in f.doses)) for f in flasks),
        (*laws, *own, *exchange),
        {**bindings, **held},
        len(network.species),
        len(network.reactions),
    )


def bare(species: str) -> str:
    """Return what a species of the zone is in the bulk; any other as it is."""
    return species.removeprefix(ZONE)


def merged(found: Zoned, species: Sequence[str], n: FloatArray, flux: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return amounts and turnovers with the zone counted as part of the flask.

    Args:
        found: The zoned flask.
        species: Names along the last axis of ``n``.
        n: Amounts, last axis as ``species``.
        flux: Turnovers, last axis as the reactions of ``found``.
    """
    rank = {s: i for i, s in enumerate(species[: found.species])}
    whole = n[..., : found.species].copy()
    for i, s in enumerate(species[found.species :], start=found.species):
        whole[..., rank[bare(s)]] += n[..., i]
    k = found.reactions
    return whole, np.asarray(flux[..., :k] + flux[..., k : 2 * k], dtype=np.float64)


def _late(d: Dose) -> bool:
    return not d.solid and d.smiles is not None and (d.duration > 0.0 or d.start > 0.0)


def _into(d: Dose, twins: Mapping[str, str]) -> Dose:
    twin = twins.get(d.smiles or "")
    return replace(d, smiles=twin) if twin is not None and _late(d) else d


def _copy(r: Reaction, twins: Mapping[str, str]) -> Reaction:
    return replace(
        r,
        id=ZONE + r.id,
        reactants=tuple(twins.get(s, s) for s in r.reactants),
        products=tuple(twins.get(s, s) for s in r.products),
        reverse_of=None,
    )


def _move(start: str, end: str) -> Reaction:
    return Reaction(f"mixing:{start}", "mixing", "mixing", (start,), (end,), 1, None, ())
