"""Rungs of the check that compute: balance, dimensions, plausibility, and rows and gates that can never act."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from ringside.chem.mass import charge, formula, parse_formula
from ringside.errors import Complaint
from ringside.kinetics.nouns import RateLaw
from ringside.kinetics.rate_tables import PartRow, RateTables
from ringside.kinetics.rates import log10_k, rate_laws
from ringside.knowledge.base import Knowledge
from ringside.network.apply import apply
from ringside.network.nouns import Network, Reaction, Rule
from ringside.network.template import compile_template

FIRST, SECOND = "s^-1", "M^-1 s^-1"
UNITS = {1: FIRST, 2: SECOND}
FAMILIES = "data/rates/families.csv"
SOLVENT = ("acetonitrile", "polar-aprotic")
GAS_CONSTANT = 8.314462618e-3
ROOM = 298.15


def reactions_of(rule: Rule) -> tuple[Reaction, ...]:
    """Return every reaction, forward and back, that a rule gives on its own examples."""
    found: dict[str, Reaction] = {}
    for example in rule.examples:
        for reactants in (example.reactants, tuple(reversed(example.reactants))):
            found |= {r.id: r for r in apply(rule, reactants)}
    return tuple(found.values())


def balance(rule: Rule) -> Iterator[Complaint]:
    """Yield a complaint for each reaction of the examples whose two sides differ in atoms or charge."""
    for reaction in reactions_of(rule):
        sides = [_sum(side) for side in (reaction.reactants, reaction.products)]
        if sides[0] != sides[1]:
            yield Complaint(
                "unbalanced",
                "a reaction of an example does not balance",
                file=f"rules/{rule.id}.toml",
                field="smarts",
                value=f"{'.'.join(reaction.reactants)}>>{'.'.join(reaction.products)}",
                limit="equal atoms and charge on both sides",
                next_step="write what leaves as a product",
            )


def _sum(side: Sequence[str]) -> tuple[Counter[str], int]:
    atoms: Counter[str] = Counter()
    for smiles in side:
        if smiles != "[H+]":
            atoms.update(parse_formula(formula(smiles)))
        else:
            atoms["H"] += 1
    return atoms, sum(charge(smiles) for smiles in side)


def dimensions(rule: Rule, tables: RateTables) -> Iterator[Complaint]:
    """Yield a complaint where the unit of a rate does not fit the number of molecules that meet.

    A rule that closes a ring within one molecule may take its rate from a family of two, times an effective molarity;
    the reverse of a rule whose family has an equilibrium takes its unit from that.
    """
    compiled = compile_template(rule.smarts)
    family = tables.families.get(rule.rate)
    closes = compiled.joins and family is not None and bool(family.closure)
    if family is not None and family.unit != UNITS[len(compiled.sides)] and not (closes and family.unit == SECOND):
        yield _unit(rule, "rate", family.unit, UNITS[len(compiled.sides)])
    back = tables.families.get(rule.reverse_rate) if rule.reverse_rate else None
    if back is None or rule.rate in tables.equilibria:
        return
    for reaction in reactions_of(rule):
        wanted = UNITS.get(len(reaction.reactants))
        if reaction.reverse_of is not None and back.unit != wanted:
            yield _unit(rule, "reverse_rate", back.unit, wanted or "at most two molecules")
            return


def _unit(rule: Rule, field: str, unit: str, wanted: str) -> Complaint:
    return Complaint(
        "bad-dimension",
        "the unit of this rate does not fit the molecules that meet",
        file=f"rules/{rule.id}.toml",
        field=field,
        value=unit,
        limit=wanted,
        next_step="take a family of that unit, or add one to data/rates/families.csv",
    )


def plausible(rule: Rule, tables: RateTables, bounds: Mapping[str, float]) -> Iterator[Complaint]:
    """Yield a complaint for each reaction of the examples whose central rate is beyond what a rate can be."""
    reactions = reactions_of(rule)
    if rule.rate not in tables.families or (rule.reverse_rate and rule.reverse_rate not in tables.families):
        return
    species = tuple(sorted({s for r in reactions for s in (*r.reactants, *r.products)}))
    cold, hot = bounds["coldest_kelvin"], bounds["hottest_kelvin"]
    slowest, vibration = bounds["slowest_log10"], bounds["vibration_log10"]
    for reaction, law in zip(reactions, rate_laws(Network(species, reactions), *SOLVENT, tables), strict=True):
        most = tables.diffusion_limit if len(reaction.reactants) == 2 else vibration
        values = [_at(law, kelvin) for kelvin in (cold, ROOM, hot)]
        if max(values[:2]) > most + 1e-9 or max(values) < slowest:
            yield Complaint(
                "implausible-rate",
                "the central rate constant of an example is out of bounds",
                file=f"rules/{rule.id}.toml",
                field="rate",
                value=f"log10 k = {values[1]:.1f} at 298 K, {values[2]:.1f} at {hot:.0f} K",
                limit=f"below {most:g} up to 298 K, above {slowest:g} at {hot:.0f} K",
                next_step="correct the rows that it is made of: ringside explain " + rule.id,
            )


def _at(law: RateLaw, kelvin: float) -> float:
    return log10_k(law) - law.ea / (2.302585 * GAS_CONSTANT) * (1.0 / kelvin - 1.0 / ROOM)


def numbers(tables: RateTables, bounds: Mapping[str, float]) -> Iterator[Complaint]:
    """Yield a complaint for each family or part whose error or activation energy makes no sense."""
    least, most_ea = bounds["least_judgement_sd"], bounds["largest_ea"]
    for family in tables.families.values():
        if family.unit not in (FIRST, SECOND):
            yield _number(FAMILIES, family.id, "unit", family.unit, f"{FIRST} or {SECOND}")
        if not 0.0 <= family.ea <= most_ea:
            yield _number(FAMILIES, family.id, "ea_kj_mol", f"{family.ea:g}", f"0 to {most_ea:g} kJ/mol")
        if family.source == "judgement" and family.sd < least:
            yield _number(FAMILIES, family.id, "sd", f"{family.sd:g}", f"at least {least:g} for a judgement")
    named = (
        ("nucleophiles", tables.nucleophiles),
        ("neighbours", tables.neighbours),
        ("electrophiles", tables.electrophiles),
        ("leaving_groups", tables.leaving_groups),
    )
    for name, groups in named:
        for group, rows in groups.items():
            yield from _parts(f"data/rates/{name}.csv", group, rows)


def _parts(file: str, group: str, rows: Sequence[PartRow]) -> Iterator[Complaint]:
    seen: dict[tuple[str, str], str] = {}
    for row in rows:
        if row.value and not row.sd > 0.0:
            yield _number(file, f"{group}/{row.id}", "sd", f"{row.sd:g}", "above 0")
        first = seen.setdefault((row.smarts, row.partner), row.id)
        if first != row.id:
            yield Complaint(
                "dead-row",
                "an earlier row of its group has the same pattern, so this one never counts",
                file=file,
                field=f"{group}/{row.id}",
                value=row.smarts,
                limit=f"after {first}",
                next_step="delete it, or make its pattern narrower and put it first",
            )


def _number(file: str, row: str, column: str, value: str, limit: str) -> Complaint:
    return Complaint(
        "implausible-number",
        "a number out of its bounds",
        file=file,
        field=f"{row}: {column}",
        value=value,
        limit=limit,
    )


def gates(rule: Rule, knowledge: Knowledge) -> Iterator[Complaint]:
    """Yield a complaint for each feature that a gate or condition names and no recipe can have."""
    structural = {f"{where}:{key}" for key in knowledge.features.ids for where in ("has", "solvent-has")}
    free = ("role:", "element:", "solvent:", "solvent-class:", "atmosphere:")
    for where, gate in (("gate", rule.gate), *((f"condition[{i}]", c.when) for i, c in enumerate(rule.conditions, 1))):
        for feature in sorted({*gate.any_of, *gate.all_of, *gate.none_of}):
            material = (
                feature.startswith("material:") and knowledge.catalogue.get(feature.partition(":")[2]) is not None
            )
            if not (feature in structural or feature.startswith(free) or material):
                yield Complaint(
                    "unknown-feature",
                    "no recipe can have this feature",
                    file=f"rules/{rule.id}.toml",
                    field=where,
                    value=feature,
                    next_step="name a feature of data/features.csv, or a material of data/reagents.csv",
                )
