"""Rules, reactions and the network they grow."""

from __future__ import annotations

from dataclasses import dataclass

FAMILY_PREFIX = "family:"


@dataclass(frozen=True, slots=True)
class Example:
    """A recorded or look-alike event of a rule: reactant SMILES and the product that must (or must not) appear."""

    reactants: tuple[str, ...]
    product: str
    source: str = "judgement"


@dataclass(frozen=True, slots=True)
class Gate:
    """A condition without which a rule is not applied.

    ``any_of`` names features of the recipe (see ``network.gates``), at least one of which must hold; ``none_of`` none.
    """

    any_of: tuple[str, ...] = ()
    none_of: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """A transformation pattern, as data.

    Map numbers in ``smarts``: 1 the nucleophilic atom, 2 the electrophilic atom, 3 the first atom of what leaves.
    ``rate`` is the id of a row of the rate families table; ``reverse_rate`` likewise, for reversible rules.
    """

    id: str
    title: str
    smarts: str
    rate: str
    status: str = "draft"
    rings: tuple[int, int] | None = None
    reverse_rate: str | None = None
    gate: Gate = Gate()
    claims: str = ""
    wrong_when: str = ""
    sources: tuple[str, ...] = ()
    examples: tuple[Example, ...] = ()
    counter_examples: tuple[Example, ...] = ()


@dataclass(frozen=True, slots=True, order=True)
class Site:
    """Where a rule took hold: template map number, index of the reactant, index of the atom in its canonical parse."""

    map_number: int
    reactant: int
    atom: int


@dataclass(frozen=True, slots=True)
class Reaction:
    """An instance of a rule. ``reactants`` and ``products`` are canonical SMILES, with repetition, sorted by template.

    ``degeneracy`` counts equivalent site combinations. ``ring`` is the size of the ring closed, None when none is.
    A product that starts with ``family:`` is a lumped remainder; ``units`` then holds how many repeat units it gains.
    """

    id: str
    rule: str
    rate: str
    reactants: tuple[str, ...]
    products: tuple[str, ...]
    degeneracy: int
    ring: int | None
    sites: tuple[Site, ...]
    reverse_of: str | None = None
    units: float = 1.0


@dataclass(frozen=True, slots=True)
class Family:
    """A lumped remainder of chains and rings too long to enumerate."""

    id: str
    label: str
    repeat: str
    mass_formula: str


@dataclass(frozen=True, slots=True)
class Network:
    """Species (canonical SMILES or family id, sorted) and the reactions among them."""

    species: tuple[str, ...]
    reactions: tuple[Reaction, ...]
    families: tuple[Family, ...] = ()
    not_enumerated: tuple[tuple[str, str], ...] = ()
