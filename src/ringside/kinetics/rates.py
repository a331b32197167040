"""Rate laws: what each reaction's constant is made of, and where each part is from."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from ringside.chem.features import match_at
from ringside.errors import BadKnowledge, Complaint
from ringside.kinetics.nouns import RateLaw, Term
from ringside.kinetics.rate_tables import FamilyRow, PartRow, RateTables, RingRow, SolventRow, read_rate_tables
from ringside.network.gates import holds
from ringside.network.nouns import Network, Reaction, Rule

__all__ = ["RateTables", "SoftTerm", "log10_k", "nucleophile_class", "rate_laws", "read_rate_tables", "soft_terms"]

NUCLEOPHILE, ELECTROPHILE, LEAVING = 1, 2, 3
AMINE = "amine"
BESIDE = "nuc:beside:"


def rate_laws(
    network: Network,
    solvent: str,
    solvent_class: str,
    tables: RateTables,
    soft: Mapping[str, tuple[SoftTerm, ...]] | None = None,
) -> tuple[RateLaw, ...]:
    """Return one law for each reaction, in network order.

    log10 k(298.15 K) = family + nucleophile + its neighbours + electrophile + leaving group + solvent + effective molarity + site, where the
    site term is log10 of the degeneracy and the neighbours are groups on the carbon next to a ring nitrogen (not
    counted in a ring closure, where such a group may be the chain that closes). Amine selectivity towards sp3 carbon (sE of about 0.6) is already in the
    nucleophile rows. A reverse reaction takes the terms of its forward one, less log10 K of the family's equilibria
    where there is a row; the effective molarity and the neighbours, which crowd the adduct and not the free amine, then stay
    with the joining direction alone, and the constants of both directions draw together.

    Args:
        network: The reactions.
        solvent: Name of the main solvent.
        solvent_class: Its class, for solvents without a row.
        tables: Where every part is from.
        soft: Terms that the recipe adds to the reactions of a rule, by rule (see ``soft_terms``).

    Returns:
        Laws in M^(1-n) s^-1 for n reactants; a site that no row describes is wide and said so in ``validity``.

    Raises:
        BadKnowledge: If a rule names a family that the tables do not have.
    """
    forward = {r.id: r for r in network.reactions if r.reverse_of is None}
    laws = (
        _law(r, forward.get(r.reverse_of) if r.reverse_of else None, solvent, solvent_class, tables)
        for r in network.reactions
    )
    if not soft:
        return tuple(laws)
    return tuple(
        replace(law, terms=(*law.terms, *(s.term for s in soft.get(r.rule, ()) if s.moves(r))))
        for r, law in zip(network.reactions, laws, strict=True)
    )


@dataclass(frozen=True, slots=True)
class SoftTerm:
    """A term that a recipe adds to the reactions of a rule, or to closures of rings of these sizes alone."""

    term: Term
    rings: tuple[int, int] | None

    def moves(self, reaction: Reaction) -> bool:
        """Say whether a reaction of the rule is moved."""
        size = reaction.ring
        return self.rings is None or (size is not None and self.rings[0] <= size <= self.rings[1])


def soft_terms(rules: Iterable[Rule], features: Collection[str]) -> dict[str, tuple[SoftTerm, ...]]:
    """Return the terms that the conditions on rule cards add for a recipe, by rule.

    Both directions share them, but for those of a ring size, which stay with the closure.

    Args:
        rules: The rules.
        features: Features of the recipe.
    """
    found = {
        rule.id: tuple(
            SoftTerm(Term(f"condition:{rule.id}:{i}", c.log10, c.sd, c.source, c.because), c.rings)
            for i, c in enumerate(rule.conditions)
            if holds(c.when, features)
        )
        for rule in rules
    }
    return {rule: terms for rule, terms in found.items() if terms}


def log10_k(law: RateLaw) -> float:
    """Return the median log10 k at 298.15 K."""
    return sum(t.value for t in law.terms)


@lru_cache(maxsize=65536)
def _law(reaction: Reaction, forward: Reaction | None, solvent: str, solvent_class: str, tables: RateTables) -> RateLaw:
    family = _family(reaction, tables)
    if forward is not None:
        constant = _constant(forward, tables)
        if constant is not None:
            base = _law(forward, None, solvent, solvent_class, tables)
            shared = [t for t in base.terms if not t.key.startswith(("em:", "site:", BESIDE))]
            terms = (*shared, *constant, _site_term(f"site:{forward.id}", reaction, tables))
            return RateLaw(reaction.id, terms, family.ea, family.ea_sd, family.absolute, family.validity)
    terms = [Term(f"family:{family.id}", family.log10_k, family.sd, family.source, family.reference)]
    doubts = [family.validity] if family.validity else []
    ea = family.ea
    for kind, table, groups, map_number, other in (
        ("nuc", tables.nucleophiles, family.nucleophiles, NUCLEOPHILE, ELECTROPHILE),
        ("ele", tables.electrophiles, family.electrophiles, ELECTROPHILE, NUCLEOPHILE),
        ("lg", tables.leaving_groups, family.leaving_groups, LEAVING, ELECTROPHILE),
    ):
        site = _site(reaction, map_number)
        rows = [row for group in groups for row in table.get(group, ())]
        if site is None or not rows:
            continue
        row = _first(rows, site, _site(reaction, other))
        if row is None:
            terms.append(Term(f"{kind}:{groups[0]}:other", 0.0, tables.unmatched_sd, "judgement", "no row fits"))
            doubts.append(f"no {kind} row fits {reaction.rule}")
            continue
        terms += _terms(kind, row, table)
        if map_number == NUCLEOPHILE and reaction.ring is None:
            terms += _neighbours(groups, site, _site(reaction, other), tables)
        ea = row.ea if row.ea is not None else ea
    terms += _solvent(family, solvent, solvent_class, tables)
    if reaction.ring is not None and reaction.reverse_of is None and family.closure:
        terms += _ring(nucleophile_class(reaction, family, tables), reaction.ring, tables)
    terms.append(_site_term(f"site:{reaction.id}", reaction, tables))
    return RateLaw(
        reaction.id, tuple(terms), ea, family.ea_sd, family.absolute, "; ".join(doubts), family.acid_order
    )  # fmt: skip


def _family(reaction: Reaction, tables: RateTables) -> FamilyRow:
    family = tables.families.get(reaction.rate)
    if family is None:
        raise BadKnowledge(
            Complaint(
                "unknown-family",
                "a rule names a rate family that the tables do not have",
                file="data/rates/families.csv",
                field=reaction.rule,
                value=reaction.rate,
                limit=", ".join(sorted(tables.families)),
            )
        )
    return family


def _site(reaction: Reaction, map_number: int) -> tuple[str, int] | None:
    site = next((s for s in reaction.sites if s.map_number == map_number), None)
    return (reaction.reactants[site.reactant], site.atom) if site is not None else None


def _first(rows: Sequence[PartRow], site: tuple[str, int], other: tuple[str, int] | None) -> PartRow | None:
    """Return the first row that fits a site (and whose partner, if it names one, fits the other)."""
    for row in rows:
        if row.partner and (other is None or not match_at(other[0], row.partner, other[1])):
            continue
        if match_at(site[0], row.smarts, site[1]):
            return row
    return None


def _terms(kind: str, row: PartRow, table: Mapping[str, Sequence[PartRow]]) -> Iterator[Term]:
    if row.like:
        parent = next(r for r in table[row.group] if r.id == row.like)
        yield Term(f"{kind}:{row.group}:{parent.id}", parent.value, parent.sd, parent.source, parent.note or parent.id)
    yield Term(f"{kind}:{row.group}:{row.id}", row.value, row.sd, row.source, row.note or row.id)


def _neighbours(
    groups: Sequence[str], site: tuple[str, int], other: tuple[str, int] | None, tables: RateTables
) -> list[Term]:
    """Return what a group on the carbon next to a ring nitrogen adds, none where nothing stands there."""
    rows = [row for group in groups for row in tables.neighbours.get(group, ())]
    row = _first(rows, site, other)
    return [] if row is None else [Term(f"{BESIDE}{row.group}:{row.id}", row.value, row.sd, row.source, row.note)]


def _site_term(key: str, reaction: Reaction, tables: RateTables) -> Term:
    return Term(key, math.log10(reaction.degeneracy), tables.site_sd, "judgement", "equivalent sites")


def _solvent(family: FamilyRow, solvent: str, solvent_class: str, tables: RateTables) -> list[Term]:
    """Return the solvent's shift relative to the reference solvent's, none where the solvent is the reference."""
    if solvent == family.reference_solvent:
        return []
    here = _solvent_row(family.charge_type, solvent, solvent_class, tables)
    if here is None:
        return []
    there = family.reference_solvent
    reference = _solvent_row(family.charge_type, there, tables.solvent_classes.get(there, ""), tables)
    name = here.solvent or here.solvent_class
    shift = here.value - (reference.value if reference is not None else 0.0)
    text = f"{name} against {there}" if there else name
    return [Term(f"solvent:{family.charge_type}:{name}", shift, here.sd, here.source, text)]


def _solvent_row(charge_type: str, solvent: str, solvent_class: str, tables: RateTables) -> SolventRow | None:
    rows = [s for s in tables.solvents if s.charge_type == charge_type]
    named = next((s for s in rows if solvent and s.solvent == solvent), None)
    return named or next((s for s in rows if s.solvent_class == solvent_class and not s.solvent), None)


def nucleophile_class(reaction: Reaction, family: FamilyRow, tables: RateTables) -> str:
    """Return the class by which effective molarities are kept (amine, tertiary, sulfonamide, carbonyl, ...)."""
    site = _site(reaction, NUCLEOPHILE)
    if site is None:
        return AMINE
    row = _first(tables.nucleophiles.get(family.closure, ()), site, _site(reaction, ELECTROPHILE))
    return row.id if row is not None else AMINE


def _ring(wanted: str, size: int, tables: RateTables) -> Iterator[Term]:
    rows = tables.rings.get(wanted) or tables.rings[AMINE]
    row = min(rows, key=lambda r: (abs(r.ring - size), r.ring))
    sd = row.sd if row.ring == size else row.sd + tables.far_ring_sd
    text = f"effective molarity of the {size}-membered ring, log10 M"
    if row.like is not None:
        parent: RingRow = next(r for r in rows if r.ring == row.like)
        yield Term(f"em:{wanted}:{parent.ring}", parent.value, parent.sd, parent.source, f"{parent.ring}-membered ring")
        text = f"{size}-membered ring against the {parent.ring}-membered one"
    yield Term(f"em:{wanted}:{row.ring}", row.value, sd, row.source, row.note or text)


def _constant(forward: Reaction, tables: RateTables) -> list[Term] | None:
    """Return minus log10 K of a reversible family, as a term of its reverse rate."""
    site = _site(forward, ELECTROPHILE)
    rows = tables.equilibria.get(forward.rate, ())
    if site is None or not rows:
        return None
    row = _first(rows, site, _site(forward, NUCLEOPHILE))
    if row is None:
        return None
    return [Term(f"equilibrium:{row.group}:{row.id}", -row.value, row.sd, row.source, row.note or row.id)]
