"""A commented case file from a reaction SMILES."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from ringside.chem.features import FeatureTable, features_of
from ringside.chem.mass import charge, formula, heavy_atoms
from ringside.chem.molecule import components
from ringside.errors import BadInput, bad_input
from ringside.recipe.catalogue import Catalogue, Reagent
from ringside.recipe.collect import Collector
from ringside.record.toml import to_toml_value

LIMIT = '"reactants>agents>products", such as "C1CNCCNC1.BrCc1ccccc1>CC#N>C1CNCCN(C1)Cc1ccccc1"'
HELPERS = {
    "solvent": "solvent",
    "base": "base",
    "acid": "acid",
    "catalyst": "catalyst",
    "template": "template",
    "additive": "additive",
    "reductant": "reagent",
    "reagent": "reagent",
}
HYDRIDE = "hydride"
ORDER = ("substrate", "reagent", "base", "acid", "catalyst", "template", "additive", "solvent")
HINTS = {"substrate": "the smallest is the limiting reactant", "solvent": "such as 10 mL", "catalyst": "such as 5 mol%"}
STAND_INS = ("acetonitrile", "toluene")
CONDITIONS = (
    "[conditions]",
    'temperature = "unknown"              # such as 25 degC, or [["0 h", "0 degC"], ["1 h", "25 degC"]]',
    'time        = "unknown"              # such as 16 h',
    'atmosphere  = "air"                  # such as N2',
    "",
    "# [workup]                           # what was done with it; take the # away",
    '# quench  = "sat. NaHCO3"            # a name, or a pH such as "pH 9"',
    '# extract = [{ solvent = "dichloromethane", volume = "20 mL", times = 3 }]',
    "",
    "# [observed]                         # what was found",
    '# isolated_yield = "31 %"',
    '# lcms           = "crude.csv"',
    "",
)


@dataclass(frozen=True, slots=True)
class _Item:
    """One material of the reaction: its components, how often it is written, and what the catalogue knows of it."""

    parts: tuple[str, ...]
    count: int
    reagent: Reagent | None
    agent: bool


def new_case(text: str, catalogue: Catalogue, table: FeatureTable) -> str:
    """Return a case file to fill in.

    Args:
        text: Reaction SMILES ``reactants>agents>products``; agents and products may be empty.
        catalogue: Gives names and roles to what it knows, and puts the ions of its salts together.
        table: Features by which the other roles are guessed.

    Returns:
        TOML text that reads as a case; what is not known is written as "unknown".

    Raises:
        BadInput: If it is not a reaction SMILES, or a structure in it does not parse.
    """
    words = text.split()
    parts = words[0].split(">") if words else []
    if len(parts) != 3 or not parts[0]:
        raise bad_input(
            "bad-reaction",
            "this is not a reaction SMILES",
            field="TEXT",
            value=text,
            limit=LIMIT,
            next_step="write reactants, agents and products apart by > and single molecules by a dot",
        )
    gather = Collector("")
    reactants, agents, products = (_components(p, gather) for p in parts)
    gather.finish()
    items = [*_items(reactants, catalogue, agent=False), *_items(agents, catalogue, agent=True)]
    roles = _roles(items, table)
    lines = [
        '# Fill in what says "unknown": anything left so is sampled from a broad prior and listed in the warnings.',
        *_head(products),
        'scale  = "1 mmol"                    # of the limiting reactant',
        "",
    ]
    names: set[str] = set()
    least = min((i.count for i, role in zip(items, roles, strict=True) if role == "substrate"), default=1)
    for item, role in sorted(zip(items, roles, strict=True), key=lambda r: (ORDER.index(r[1]), r[0].parts)):
        lines += _charge(item, role, _name(item, names), least)
    if "solvent" not in roles:
        lines += _stand_in(next(s for s in STAND_INS if s not in names))
    return "\n".join([*lines, *CONDITIONS])


def _components(text: str, gather: Collector) -> tuple[str, ...]:
    """Return the components of one side of the arrow; complain about each that does not parse."""
    if not text:
        return ()
    try:
        return components(text, field="TEXT")
    except BadInput as error:
        before = len(gather.complaints)
        for part in text.split("."):
            gather.attempt(partial(components, part, field="TEXT"), ())
        if len(gather.complaints) == before:
            gather.complaints.extend(error.complaints)
        return ()


def _head(products: Sequence[str]) -> list[str]:
    if not products:
        return [
            'title  = "New case"',
            '# target = "..."                     # SMILES of the product; left out, it is inferred',
        ]
    target = max(products, key=lambda p: (heavy_atoms(p), p))
    return [f"title  = {to_toml_value(f'Towards {formula(target)}')}", f"target = {to_toml_value(target)}"]


def _items(parts: Sequence[str], catalogue: Catalogue, *, agent: bool) -> Iterator[_Item]:
    """Yield materials: the salts that the catalogue knows, single molecules, and what ions are left as one salt."""
    left = Counter(parts)
    for salt in sorted((k for k in catalogue.by_structure if len(k) > 1), key=lambda k: (-len(k), k)):
        need = Counter(salt)
        times = min(left[p] // n for p, n in need.items())
        if times:
            yield _Item(salt, times, catalogue.by_structure[salt], agent)
            left.subtract({p: n * times for p, n in need.items()})
    ions = tuple(sorted(p for p in left.elements() if charge(p)))
    for p, n in sorted(left.items()):
        if n > 0 and not charge(p):
            yield _Item((p,), n, catalogue.by_structure.get((p,)), agent)
    if ions:
        yield _Item(ions, 1, None, agent)


def _roles(items: Sequence[_Item], table: FeatureTable) -> tuple[str, ...]:
    """Guess roles. A solvent written among the reactants is one of them only where it is needed to make two."""

    def helper(i: _Item) -> str | None:
        if i.reagent is not None and i.reagent.kind in HELPERS:
            return HELPERS[i.reagent.kind]
        return "reagent" if any(HYDRIDE in features_of(p, table) for p in i.parts) else None

    real = sum(not i.agent and helper(i) is None for i in items)

    def role(i: _Item) -> str:
        found = helper(i)
        if not i.agent and (found is None or (found == "solvent" and real < 2)):
            return "substrate"
        if found is not None:
            return found
        features = {f for p in i.parts for f in features_of(p, table)}
        if features & {"carboxylic-acid", "strong-acid"}:
            return "acid"
        return "base" if "tertiary-amine" in features else "reagent"

    roles = tuple(role(i) for i in items)
    if "substrate" in roles:
        return roles
    first = next(n for n, i in enumerate(items) if not i.agent)
    return tuple("substrate" if n == first else r for n, r in enumerate(roles))


def _name(item: _Item, names: set[str]) -> str:
    stem = item.reagent.name if item.reagent is not None else f"material {'.'.join(formula(p) for p in item.parts)}"
    name, number = stem, 1
    while name.casefold() in names:
        number += 1
        name = f"{stem} ({number})"
    names.add(name.casefold())
    return name


def _charge(item: _Item, role: str, name: str, least: int) -> list[str]:
    amount = {"substrate": f"{item.count / least:.1f} equiv", "catalyst": "5 mol%"}.get(role, "unknown")
    lines = [
        "[[charge]]",
        f"name   = {to_toml_value(name)}",
        f"smiles = {to_toml_value('.'.join(item.parts))}",
        f"role   = {to_toml_value(role)}",
        f"amount = {to_toml_value(amount).ljust(28)} # {HINTS.get(role, 'such as 1.2 equiv')}",
    ]
    return [*lines, "assumed = true", ""] if role == "catalyst" else [*lines, ""]


def _stand_in(name: str) -> list[str]:
    """Return a solvent to be replaced by the real one."""
    return [
        "[[charge]]",
        f"name    = {to_toml_value(name).ljust(27)} # no solvent was given: put in yours",
        'role    = "solvent"',
        'amount  = "unknown"                   # such as 10 mL',
        "assumed = true",
        "",
    ]
