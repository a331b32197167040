"""Where the material went: what became of each building block, as shares of what was charged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

import numpy as np

from ringside.answers.channels import channel_of, way_of
from ringside.answers.entries import report_id, species_id
from ringside.answers.flow import Simulation
from ringside.answers.report import FateEntry, FateKind, MaterialEntry
from ringside.answers.species import interval
from ringside.diagnosis.nouns import Cause
from ringside.kinetics.nouns import FloatArray
from ringside.knowledge.base import Knowledge
from ringside.network.nouns import FAMILY_PREFIX, Reaction
from ringside.network.paths import net_flux
from ringside.network.route import Route

LEAST = 0.01
MOST_SPECIES = 3
ROUNDS = 40
PRODUCT: FateKind = "product"
UNREACTED: FateKind = "unreacted"
UNDER_WAY: FateKind = "under-way"
LOST: FateKind = "lost"
Place: TypeAlias = tuple[FateKind, str]
"""Where material ends, and the card or rule of the side reaction by which it came there."""
ELSEWHERE = "elsewhere"


def material_entries(simulation: Simulation, knowledge: Knowledge) -> tuple[MaterialEntry, ...] | None:
    """Return what became of each building block of the target, the limiting one first; None where the target is not reached.

    Of a species off the way to the target, as much of a building block is lost through a side reaction as left the way by it: followed back
    by the mean net turnover of the reactions that make it, to those whose reactant was still on the way.
    """
    way = way_of(simulation, knowledge)
    if way is None:
        return None
    cards = channel_of(simulation, way, knowledge)
    titles = {r.id: r.title for r in knowledge.rules}
    blocks = sorted(
        (m for m in way.contents.get(way.target, {}) if _charged(simulation, m) > 0.0),
        key=lambda m: (m != simulation.flask.limiting_smiles, m),
    )
    return tuple(_material(simulation, way, m, cards, titles) for m in blocks)


def _material(
    simulation: Simulation, way: Route, block: str, cards: Mapping[str, Cause], titles: Mapping[str, str]
) -> MaterialEntry:
    units = _units(simulation, way, block)
    exits = _exits(simulation, way, block, cards)
    places: dict[Place, FloatArray] = {}
    holders: dict[Place, dict[str, float]] = {}
    for species, amount in units.items():
        for place, share in _places(species, way, block, exits).items():
            places[place] = places.get(place, np.zeros_like(amount)) + share * amount
            holders.setdefault(place, {})[species] = share * float(np.median(amount))
    by_id = {c.id: c for c in cards.values()}
    named = {PRODUCT: "in the target", UNREACTED: "left as charged", UNDER_WAY: "still on the way to the target"}
    entries: list[FateEntry] = []
    for place, amount in places.items():
        kind, key = place
        share = interval(amount)
        if kind == LOST and share.high < LEAST:
            continue
        title = by_id[key].title if key in by_id else titles.get(key, named.get(kind, "not traced"))
        held = {s: v for s, v in holders[place].items() if v > 0.0}
        most = sorted(held, key=lambda s: (-held[s], s))
        card = f"cause/{key}" if key in by_id else f"rule/{key}" if key in titles else ""
        entries.append(FateEntry(kind, title, card, share, tuple(report_id(s) for s in most[:MOST_SPECIES])))
    order = (PRODUCT, UNREACTED, UNDER_WAY, LOST)
    entries.sort(key=lambda e: (order.index(e.kind), -e.share.median, -e.share.high, e.title))
    name = next((d.name for d in simulation.flask.doses if d.smiles == block), block)
    return MaterialEntry(species_id(block), name, tuple(entries))


def _charged(simulation: Simulation, block: str) -> float:
    """Return how much of a building block is charged [mol per mol limiting]."""
    return sum(d.mol for d in simulation.flask.doses if d.smiles == block and d.role != "solvent") / max(
        simulation.flask.limiting, 1e-30
    )


def _units(simulation: Simulation, way: Route, block: str) -> dict[str, FloatArray]:
    """Return how much of a building block each species holds at the end, per mol of it, shape (n_draws,) each."""
    found: dict[str, FloatArray] = {}
    out = simulation.outcome
    for i, species in enumerate(out.species):
        held = _held(species, way, block)
        if held:
            found[species] = out.amount[:, i] * held
    total = np.maximum(sum(found.values(), np.zeros(len(out.amount))), 1e-30)
    return {s: v / total for s, v in found.items()}


def _held(species: str, way: Route, block: str) -> int:
    """Return how many residues of a building block a species holds; a repeat unit of a lumped family holds one."""
    return 1 if species.startswith(FAMILY_PREFIX) else way.contents.get(species, {}).get(block, 0)


def _places(species: str, way: Route, block: str, exits: Mapping[str, Mapping[str, float]]) -> Mapping[Place, float]:
    if species == way.target:
        return {(PRODUCT, ""): 1.0}
    if species == block:
        return {(UNREACTED, ""): 1.0}
    if species in way.species:
        return {(UNDER_WAY, ""): 1.0}
    return {(LOST, place): share for place, share in exits.get(species, {ELSEWHERE: 1.0}).items()}


def _exits(simulation: Simulation, way: Route, block: str, cards: Mapping[str, Cause]) -> dict[str, dict[str, float]]:
    """Return for each species off the way by which side reactions its residues of a block left it, as shares that sum to 1."""
    network = simulation.network
    mean = simulation.ensemble.flux.mean(axis=0)
    net = net_flux(network, {r.id: float(v) for r, v in zip(network.reactions, mean, strict=True)})
    lost = [s for s in network.species if s not in way.species and _held(s, way, block)]
    made: dict[str, list[tuple[float, Reaction]]] = {s: [] for s in lost}
    for r in network.reactions:
        for s in set(r.products) & made.keys():
            made[s].append((net[r.id], r))
    shares: dict[str, dict[str, float]] = {s: {} for s in lost}
    for _ in range(ROUNDS):
        new = {s: _mixed(made[s], shares, way, block, cards) for s in lost}
        if new == shares:
            break
        shares = new
    return {s: _whole(v) for s, v in shares.items()}


def _mixed(
    made: Sequence[tuple[float, Reaction]],
    shares: Mapping[str, Mapping[str, float]],
    way: Route,
    block: str,
    cards: Mapping[str, Cause],
) -> dict[str, float]:
    """Return by which exits the residues came, given those of the reactants."""
    found: dict[str, float] = {}
    total = sum(v for v, _ in made)
    for turnover, reaction in made:
        part = turnover / total if total > 0.0 else 1.0 / len(made)
        held = {s: reaction.reactants.count(s) * _held(s, way, block) for s in set(reaction.reactants)}
        whole = sum(held.values())
        own = cards[reaction.id].id if reaction.id in cards else reaction.rule
        for s in sorted(held):
            weight = part * (held[s] / whole if whole else 1.0 / len(held))
            origin = {own: 1.0} if s in way.species or not _held(s, way, block) else shares[s]
            for place, share in origin.items():
                found[place] = found.get(place, 0.0) + weight * share
    return found


def _whole(shares: Mapping[str, float]) -> dict[str, float]:
    total = sum(shares.values())
    return {k: v / total for k, v in sorted(shares.items())} if total > 0.0 else {ELSEWHERE: 1.0}
