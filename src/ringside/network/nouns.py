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
    """What a recipe must have for something to apply, in features of the recipe (see ``network.gates``).

    At least one of ``any_of`` (if it names any), everything in ``all_of`` and nothing in ``none_of``. ``because`` says
    in words what is missing, or what is in the way, where the gate is shut.
    """

    any_of: tuple[str, ...] = ()
    none_of: tuple[str, ...] = ()
    all_of: tuple[str, ...] = ()
    because: str = ""


@dataclass(frozen=True, slots=True)
class Condition:
    """A soft term of a rule: where ``when`` holds, log10 k moves by ``log10`` (standard deviation ``sd``).

    With ``rings`` it moves closures of rings of these sizes alone.
    """

    when: Gate
    log10: float
    sd: float
    because: str
    source: str
    rings: tuple[int, int] | None = None


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
    conditions: tuple[Condition, ...] = ()
    claims: str = ""
    wrong_when: str = ""
    sources: tuple[str, ...] = ()
    examples: tuple[Example, ...] = ()
    counter_examples: tuple[Example, ...] = ()

    def __hash__(self) -> int:
        """Return the hash of id and SMARTS, because rules are keys of many caches and their texts are long."""
        return hash((self.id, self.smarts))


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

    def __hash__(self) -> int:
        """Return the hash of the id, because reactions are keys of many caches."""
        return hash(self.id)


@dataclass(frozen=True, slots=True)
class Series:
    """Members of a family that end alike: ``ends`` is the formula beyond k repeat units, empty for rings.

    ``members`` are the species enumerated, (k, canonical SMILES), by k.
    """

    ends: str
    members: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Family:
    """A lumped remainder of chains and rings too long to enumerate; ``repeat`` is the formula of its repeat unit.

    ``series`` are the shorter ones of its kind that were enumerated, by their ends; ``units`` the repeat units (in halves for A-A + B-B)
    of each species that is enumerated and holds any.
    """

    id: str
    label: str
    repeat: str
    mass_formula: str
    series: tuple[Series, ...] = ()
    units: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Network:
    """Species (canonical SMILES or family id, sorted) and the reactions among them."""

    species: tuple[str, ...]
    reactions: tuple[Reaction, ...]
    families: tuple[Family, ...] = ()
    not_enumerated: tuple[tuple[str, str], ...] = ()
