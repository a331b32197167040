"""One rule on one molecule or on two: every balanced reaction, with its degeneracy and sites."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import permutations, product

from ringside.chem.molecule import canonical, mol
from ringside.network.events import Products, Refusal, react
from ringside.network.nouns import Example, Reaction, Rule, Site
from ringside.network.sites import Kind, Place, atoms_by_map, classes, equivalents, twins
from ringside.network.template import Template, compile_template


@dataclass(frozen=True, slots=True)
class Event:
    """A forward reaction with where the atoms of its products come from (reactant index, atom index)."""

    reaction: Reaction
    origins: tuple[tuple[tuple[int, int], ...], ...]


@dataclass(frozen=True, slots=True)
class Applied:
    """What a rule does to some reactants: its events, and how many were refused, by reason."""

    events: tuple[Event, ...]
    refused: Mapping[Refusal, int]


def apply(rule: Rule, reactants: tuple[str, ...]) -> tuple[Reaction, ...]:
    """Return every reaction of a rule on these molecules.

    Equivalent places give one reaction with their number as ``degeneracy``; places that are not equivalent give
    reactions of their own, also when the products are the same. Events that lose atoms, hydrogen or charge, or give
    the reactants back, are left out.

    Args:
        rule: The rule. One with two reactant templates also applies within one molecule, if ``rings`` says which
            rings it may close.
        reactants: One SMILES for each template, in template order, or a single one for the intramolecular twin.

    Returns:
        Forward reactions in order of place, each followed by its reverse when the rule has a ``reverse_rate``; none
        when the rule does not work on so many reactants.

    Raises:
        BadInput: If a SMILES cannot be read.
        BadKnowledge: If the SMARTS is unsound.
    """
    events = apply_counted(rule, tuple(canonical(smiles) for smiles in reactants)).events
    return tuple(r for event in events for r in (event.reaction, *reverse(rule, event)))


@lru_cache(maxsize=4096)
def apply_counted(rule: Rule, reactants: tuple[str, ...], *, rough: bool = False) -> Applied:
    """Return the forward events of a rule on canonical SMILES, with a count of what was refused and why.

    With ``rough`` the largest product is not brought into canonical form: for products that will be lumped.
    """
    compiled = compile_template(rule.smarts)
    n_sides = len(compiled.sides)
    twin = n_sides == 2 and len(reactants) == 1
    if (len(reactants) != n_sides and not twin) or (twin and rule.rings is None):
        return Applied((), {})
    found: list[tuple[Kind, tuple[Place, ...], int]] = []
    if twin and rule.rings is not None:
        found = [(t.kind, t.places, t.count) for t in twins(compiled, reactants[0], rule.rings)]
    else:
        options = (classes(side, smiles) for side, smiles in zip(compiled.sides, reactants, strict=True))
        for chosen in product(*options):
            count = 1
            for one in chosen:
                count *= one.count
            found.append((sum((one.kind for one in chosen), ()), tuple(one.place for one in chosen), count))
    return _events(rule, compiled, reactants, found, rough=rough)


def template(smarts: str, *, intramolecular: bool = False) -> Template:  # noqa: ARG001  (one form serves both)
    """Return the compiled template of a rule's SMARTS."""
    return compile_template(smarts)


def _events(
    rule: Rule,
    compiled: Template,
    reactants: tuple[str, ...],
    found: Iterable[tuple[Kind, tuple[Place, ...], int]],
    *,
    rough: bool,
) -> Applied:
    size = mol(reactants[0]).GetNumAtoms()
    offsets = (0, size) if len(reactants) == 2 else (0, 0)
    refused: Counter[Refusal] = Counter()
    events: list[Event] = []
    names: set[str] = set()
    for kind, places, count in found:
        spots = atoms_by_map(compiled, places)
        atoms = {number: atom + offsets[side] for number, (side, atom) in spots.items()}
        given = react(compiled, reactants, atoms, rule.rings if len(reactants) == 1 else None, rough=rough)
        if not isinstance(given, Products):
            refused[given] += 1
            continue
        name = reaction_id(rule.id, reactants, given.smiles)
        if name in names:
            name = reaction_id(rule.id, reactants, given.smiles, repr((reactants, kind)))
        names.add(name)
        second = len(reactants) == 2
        sites = tuple(Site(n, side if second else 0, atom) for n, (side, atom) in sorted(spots.items()) if n)
        reaction = Reaction(name, rule.id, rule.rate, reactants, given.smiles, count, given.ring, sites)
        origins = tuple(
            tuple((1, i - size) if second and i >= size else (0, i) for i in origin) for origin in given.origins
        )
        events.append(Event(reaction, origins))
    return Applied(tuple(events), dict(refused))


def reaction_id(rule: str, reactants: Sequence[str], products: Sequence[str], place: str = "") -> str:
    """Return the id of a reaction: stable over runs, machines and whatever else is in the network.

    Reactants count in template order, because A attacking B differs from B attacking A even where the products agree.
    """
    text = "|".join((rule, ".".join(reactants), ".".join(sorted(products)), place))
    return f"{rule}:{hashlib.sha256(text.encode()).hexdigest()[:10]}"


def reverse(rule: Rule, event: Event) -> tuple[Reaction, ...]:
    """Return the reverse of an event, or nothing when the rule has none.

    Its sites are the same atoms, found in the products; its degeneracy is the number of places in the products that
    symmetry makes equal to them.
    """
    if rule.reverse_rate is None:
        return ()
    forward = event.reaction
    where = {spot: (p, a) for p, origin in enumerate(event.origins) for a, spot in enumerate(origin)}
    sites = tuple(Site(s.map_number, *where[s.reactant, s.atom]) for s in forward.sites)
    compiled = compile_template(rule.smarts)
    changed = {side.maps[i] for side in compiled.sides for i in side.centre}
    degeneracy = 1
    for p, smiles in enumerate(forward.products):
        centre = [s.atom for s in sites if s.reactant == p and s.map_number in changed]
        degeneracy *= equivalents(smiles, centre) if centre else 1
    name = reaction_id(f"{rule.id}:reverse", (), (), forward.id)
    back = Reaction(
        name, rule.id, rule.reverse_rate, forward.products, forward.reactants, degeneracy, None, sites, forward.id
    )
    return (back,)


def shows(rule: Rule, example: Example) -> bool:
    """Say whether a rule turns the reactants of an example into its product, in any order of the reactants."""
    compiled = compile_template(rule.smarts)
    if len(example.reactants) not in (1, len(compiled.sides)):
        return False
    wanted = canonical(example.product)
    return any(
        wanted in reaction.products
        for order in sorted(set(permutations(example.reactants)))
        for reaction in apply(rule, order)
        if reaction.reverse_of is None
    )
