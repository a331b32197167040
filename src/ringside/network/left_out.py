"""What a network does not hold, and why."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from itertools import product

from ringside.chem.mass import heavy_atoms
from ringside.network.apply import apply_counted
from ringside.network.families import OLIGOMER
from ringside.network.gates import because
from ringside.network.growth import Growth
from ringside.network.nouns import Rule
from ringside.network.sites import places
from ringside.network.template import compile_template


def gated(growth: Growth, shut: Sequence[Rule], features: frozenset[str]) -> list[tuple[str, str]]:
    """Say what each rule whose gate is shut would have made of what is there, and why it does not."""
    notes: list[tuple[str, str]] = []
    for rule in shut:
        product = _first_product(growth, rule)
        if product is not None:
            notes.append((f"{product} ({rule.title[0].lower()}{rule.title[1:]})", because(rule.gate, features)))
    return notes


def _first_product(growth: Growth, rule: Rule) -> str | None:
    """Return the largest product of a rule on the smallest species that it fits, if it is not in the network."""
    sides = compile_template(rule.smarts).sides
    fits = [sorted((s for s in growth.cores if places(side, s)), key=_by_size)[:3] for side in sides]
    for reactants in sorted(product(*fits), key=lambda chosen: [_by_size(s) for s in chosen]):
        made = {p for event in apply_counted(rule, reactants).events for p in event.reaction.products}
        if made:
            largest = max(made, key=lambda s: (heavy_atoms(s), s))
            return None if largest in growth.cores else largest
    return None


def _by_size(smiles: str) -> tuple[int, str]:
    return heavy_atoms(smiles), smiles


def capped(growth: Growth, bounds: Mapping[str, float], pending: int) -> tuple[tuple[str, str], ...]:
    """Say concisely what was left out."""
    caps = growth.caps
    reasons = {
        "beyond": (
            "species",
            f"more than {caps.max_heavy_atoms} heavy atoms, or charged with more than {caps.max_residues} residues",
        ),
        "charge": ("species", f"a charge beyond {caps.max_charge}"),
        "species": ("species", f"only {caps.max_species} fit, and these could amount to least"),
        "rare": ("pairs of reactants", "both too scarce to matter together"),
        "lumps": ("pairs of reactants that make longer chains", "the most abundant ones feed the lumped family"),
        "events": ("pairs of reactants", "more new species than fit, from more abundant reactants, came first"),
    }
    notes = [
        (f"{len(growth.left[key])} {what}, such as {_shortest(growth.left[key])}", why)
        for key, (what, why) in reasons.items()
        if growth.left.get(key)
    ]
    faint = [s for s in growth.cores if bounds.get(s, math.inf) < caps.threshold]
    if faint:
        what = f"further reactions of {len(faint)} species, such as {_shortest(faint)}"
        notes.append((what, f"their amount cannot exceed {caps.threshold:g} mol per mol limiting"))
    if growth.folds:
        notes.append(
            (f"{len({fold.product for fold in growth.folds.values()})} longer chains", f"lumped as {OLIGOMER}")
        )
    if pending and growth.built < caps.max_events:
        notes.append((f"{pending} sets of reactants", f"growth stops after {caps.max_generations} generations"))
    ranked = sorted(growth.refused.items(), key=lambda item: (-item[1], item[0]))
    return (*notes, *((f"{n} events of the rule {rule}", why) for (rule, why), n in ranked[:10]))


def _shortest(items: Iterable[str]) -> str:
    return min(items, key=lambda s: (len(s), s))
