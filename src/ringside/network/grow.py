"""Growth of a network from what is charged, generation by generation."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ringside.chem.mass import charge, heavy_atoms
from ringside.chem.molecule import canonical
from ringside.network.apply import Event, apply_counted, reverse
from ringside.network.events import IMPOSSIBLE, UNBALANCED
from ringside.network.families import Fold
from ringside.network.gates import open_rules
from ringside.network.growth import Active, Caps, Growth, Upper, network_of, planted
from ringside.network.left_out import capped, gated
from ringside.network.lineage import Cores, counted, inherited
from ringside.network.nouns import Network, Rule
from ringside.network.tasks import Task, tasks
from ringside.network.trim import trim

__all__ = ["Active", "Caps", "grow"]


def grow(
    seeds: Iterable[str],
    rules: Sequence[Rule],
    *,
    features: frozenset[str] = frozenset(),
    active: Active | None = None,
    caps: Caps | None = None,
) -> Network:
    """Grow the network of everything that the rules make of the seeds.

    Each generation tries every rule on every species, and on every two species in either order, that are active and
    were not tried together before. It ends when nothing new can be tried, or at a cap. Chains too long to enumerate
    go to the lumped family. The order of seeds and rules does not matter.

    Args:
        seeds: SMILES of what is charged, one component each.
        rules: All rules; those whose gate is shut, and retired ones, are left out.
        features: Features of the recipe, for the gates.
        active: Gives upper bounds of each species' amount [mol per mol limiting]. Asked once a generation; without
            it every species is active, and where there is no room for all, small, unbranched and neutral ones stay.
        caps: Where to stop; ``Caps()`` when left out.

    Returns:
        Species sorted, reactions sorted by id, the lumped family if any, and what was left out and why.

    Raises:
        BadInput: If a seed cannot be read.
        BadKnowledge: If a rule's SMARTS is unsound.
    """
    caps = caps or Caps()
    opened, shut = open_rules(rules, features)
    growth = planted(tuple(sorted({canonical(smiles) for smiles in seeds})), opened, caps)
    generation = 0
    while True:
        upper = active(network_of(growth)) if active else Upper({}, {})
        todo, long = tasks(growth, upper.reach)
        if not todo or generation == caps.max_generations or growth.built >= caps.max_events:
            break
        generation += 1
        for rule, event in _carried_out(growth, todo):
            _take(growth, rule, event)
        growth.tried.update(task.reactants for task in todo)
        if len(growth.cores) > caps.max_species:
            trim(growth, active, upper)
    _lump(growth, long)
    network = network_of(growth)
    notes = (*gated(growth, shut, features), *capped(growth, upper.reach, len({task.reactants for task in todo})))
    return Network(network.species, network.reactions, network.families, notes)


def _carried_out(growth: Growth, todo: Sequence[Task]) -> list[tuple[Rule, Event]]:
    """Try tasks until the cap on events, and return the events in an order that does not depend on amounts."""
    found: list[tuple[Rule, Event]] = []
    new: set[str] = set()
    for done, task in enumerate(todo):
        if growth.built >= growth.caps.max_events or len(new) > 3 * growth.caps.max_species:
            growth.leave("events", *(".".join(t.reactants) for t in todo[done:]))
            break
        rule = growth.rules[task.rule]
        applied = apply_counted(rule, task.reactants)
        growth.built += len(applied.events) + sum(applied.refused.values())
        for why in (UNBALANCED, IMPOSSIBLE):
            if n := applied.refused.get(why, 0):
                growth.refused[rule.id, why] = growth.refused.get((rule.id, why), 0) + n
        found += [(rule, event) for event in applied.events]
        new.update(p for event in applied.events for p in event.reaction.products if p not in growth.cores)
    return sorted(found, key=lambda item: (item[0].id, item[1].reaction.reactants, item[1].reaction.id))


def _lump(growth: Growth, long: Sequence[Task]) -> None:
    """Send what only makes too long chains to the lumped family, once all else has grown."""
    tries = 0
    for done, task in enumerate(long):
        if tries >= growth.caps.max_lumped:
            growth.leave("lumps", *(".".join(t.reactants) for t in long[done:]))
            break
        rule = growth.rules[task.rule]
        events = apply_counted(rule, task.reactants, rough=True).events
        tries += len(events)
        if all(_too_long(growth, event) for event in events):
            for event in events:
                _fold(growth, event, _largest(event))
            continue
        for event in apply_counted(rule, task.reactants).events:
            _take(growth, rule, event, closed=True)


def _largest(event: Event) -> int:
    return max(range(len(event.origins)), key=lambda i: (len(event.origins[i]), i))


def _too_long(growth: Growth, event: Event) -> bool:
    held = growth.held(inherited(event, _largest(event), growth.cores))
    return max(held.values(), default=0) > growth.caps.max_residues


def _take(growth: Growth, rule: Rule, event: Event, *, closed: bool = False) -> None:
    """Add an event, unless a cap refuses one of its products (any new one when ``closed``)."""
    reaction, caps = event.reaction, growth.caps
    gained: dict[str, Cores] = {}
    for i, product in enumerate(reaction.products):
        if product in growth.cores or product in gained:
            continue
        cores = inherited(event, i, growth.cores)
        residues = max(growth.held(cores).values(), default=0)
        if residues > caps.max_residues or heavy_atoms(product) > caps.max_heavy_atoms:
            _fold(growth, event, i)
            return
        if abs(charge(product)) > caps.max_charge:
            growth.leave("charge", product)
            return
        if closed or product in growth.banned:
            growth.leave("species", product)
            return
        gained[product] = cores
    growth.cores.update(gained)
    growth.reactions[reaction.id] = (reaction, *reverse(rule, event))


def _fold(growth: Growth, event: Event, long: int) -> None:
    """Lump an event whose product ``long`` is beyond the caps, if it is an uncharged chain and nothing else is new."""
    reaction = event.reaction
    product = reaction.products[long]
    cores = inherited(event, long, growth.cores)
    others_known = all(p in growth.cores for i, p in enumerate(reaction.products) if i != long)
    if max(growth.held(cores).values(), default=0) > 1 and others_known and _charge(event, long) == 0:
        growth.folds[reaction.id] = Fold(reaction, product, counted(cores))
    else:
        growth.leave("beyond", product)


def _charge(event: Event, product: int) -> int:
    """Return the charge of a product from that of all others, which are small."""
    reaction = event.reaction
    others = (charge(smiles) for i, smiles in enumerate(reaction.products) if i != product)
    return sum(charge(smiles) for smiles in reaction.reactants) - sum(others)
