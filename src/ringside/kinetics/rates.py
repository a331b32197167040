"""Rate laws: what each reaction's constant is made of, and where each part is from."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from ringside.chem.features import match_at
from ringside.errors import BadKnowledge, Complaint
from ringside.kinetics.nouns import RateLaw, Term
from ringside.network.nouns import Network, Reaction

NUCLEOPHILE, ELECTROPHILE, LEAVING = 1, 2, 3
UNMATCHED_SD = 1.0


@dataclass(frozen=True, slots=True)
class FamilyRow:
    """A family of reactions: log10 k at 298.15 K of its reference reaction, and how the parts are looked up."""

    id: str
    reference: str
    log10_k: float
    sd: float
    ea: float
    ea_sd: float
    charge_type: str
    reference_solvent: str
    nucleophiles: str
    electrophiles: str
    leaving_groups: str
    acid_order: int
    absolute: bool
    source: str
    validity: str


@dataclass(frozen=True, slots=True)
class PartRow:
    """A class of sites: SMARTS whose first atom is the site, and what it adds to log10 k (or log10 K)."""

    group: str
    id: str
    smarts: str
    value: float
    sd: float
    source: str
    note: str


@dataclass(frozen=True, slots=True)
class SolventRow:
    """What a solvent, or a class of solvents, adds for one charge type."""

    charge_type: str
    solvent: str
    solvent_class: str
    value: float
    sd: float
    source: str


@dataclass(frozen=True, slots=True)
class RingRow:
    """log10 of the effective molarity [M] of a nucleophile class closing a ring of a size."""

    nucleophile_class: str
    ring: int
    value: float
    sd: float
    source: str


@dataclass(frozen=True, slots=True)
class RateTables:
    """Every table that a rate is made from."""

    families: Mapping[str, FamilyRow]
    nucleophiles: tuple[PartRow, ...]
    electrophiles: tuple[PartRow, ...]
    leaving_groups: tuple[PartRow, ...]
    solvents: tuple[SolventRow, ...]
    rings: tuple[RingRow, ...]
    equilibria: tuple[PartRow, ...]
    diffusion_limit: float
    site_sd: float

    def __hash__(self) -> int:
        """Hash by identity: tables are loaded once."""
        return id(self)


def read_rate_tables(tables: Mapping[str, Sequence[Mapping[str, str]]]) -> RateTables:
    """Build the tables from the rows of the files in ``data/rates``.

    Args:
        tables: Rows by file name without its ending: families, nucleophiles, electrophiles, leaving_groups, solvents,
            ring_closure, equilibria, constants.

    Raises:
        BadKnowledge: If a number does not parse.
    """

    def parts(name: str, group: str, value: str) -> tuple[PartRow, ...]:
        return tuple(
            PartRow(r[group], r["id"], r["smarts"], float(r[value]), float(r["sd"]), r["source"], r["note"])
            for r in tables[name]
        )

    try:
        families = {
            r["id"]: FamilyRow(
                r["id"], r["reference"], float(r["log10_k"]), float(r["sd"]), float(r["ea_kj_mol"]), float(r["ea_sd"]),
                r["charge_type"], r["reference_solvent"], r["nucleophiles"], r["electrophiles"], r["leaving_groups"], int(r["acid_order"]), r["absolute"] == "yes",
                r["source"], r["validity"],
            )
            for r in tables["families"]
        }  # fmt: skip
        constants = {r["key"]: r for r in tables["constants"]}
        return RateTables(
            families=families,
            nucleophiles=parts("nucleophiles", "group", "delta_log10"),
            electrophiles=parts("electrophiles", "family", "delta_log10"),
            leaving_groups=parts("leaving_groups", "family", "delta_log10"),
            solvents=tuple(
                SolventRow(
                    r["charge_type"],
                    r["solvent"],
                    r["solvent_class"],
                    float(r["delta_log10"]),
                    float(r["sd"]),
                    r["source"],
                )
                for r in tables["solvents"]
            ),
            rings=tuple(
                RingRow(r["nucleophile_class"], int(r["ring"]), float(r["log10_em"]), float(r["sd"]), r["source"])
                for r in tables["ring_closure"]
            ),
            equilibria=parts("equilibria", "family", "log10_k"),
            diffusion_limit=float(constants["diffusion_limit_log10"]["value"]),
            site_sd=float(constants["site_sd"]["sd"]),
        )
    except (KeyError, ValueError) as error:
        raise BadKnowledge(
            Complaint("bad-rate-table", f"a rate table cannot be read: {error}", file="data/rates")
        ) from error


def rate_laws(network: Network, solvent: str, solvent_class: str, tables: RateTables) -> tuple[RateLaw, ...]:
    """Return one law for each reaction, in network order.

    log10 k(298.15 K) = family + nucleophile + electrophile + leaving group + solvent + ring + site + log10 degeneracy. A reverse
    reaction takes the terms of its forward one, less the log10 K of the family's equilibria where there is a row;
    the effective molarity of a ring then stays with the closing direction alone.

    Args:
        network: The reactions.
        solvent: Name of the main solvent.
        solvent_class: Its class, for solvents without a row.
        tables: Where every part is from.

    Raises:
        BadKnowledge: If a rule names a family that the tables do not have.
    """
    forward = {r.id: r for r in network.reactions if r.reverse_of is None}
    return tuple(
        _law(r, forward.get(r.reverse_of) if r.reverse_of else None, solvent, solvent_class, tables)
        for r in network.reactions
    )


@lru_cache(maxsize=65536)
def _law(reaction: Reaction, forward: Reaction | None, solvent: str, solvent_class: str, tables: RateTables) -> RateLaw:
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
    if forward is not None:
        constant = _constant(forward, tables)
        if constant is not None:
            base = _law(forward, None, solvent, solvent_class, tables)
            terms = (*(t for t in base.terms if not t.key.startswith("em:")), constant)
            return RateLaw(reaction.id, terms, family.ea, family.ea_sd, family.absolute, family.validity)
    terms = [Term(f"family:{family.id}", family.log10_k, family.sd, family.source, family.reference)]
    doubts: list[str] = []
    for kind, rows, map_number, group in (
        ("nuc", tables.nucleophiles, NUCLEOPHILE, family.nucleophiles),
        ("ele", tables.electrophiles, ELECTROPHILE, family.electrophiles),
        ("lg", tables.leaving_groups, LEAVING, family.leaving_groups),
    ):
        term, doubt = _part(reaction, kind, rows, map_number, group)
        terms += [term] if term else []
        doubts += [doubt] if doubt else []
    terms += _solvent(family, solvent, solvent_class, tables)
    if reaction.ring is not None and reaction.reverse_of is None:
        terms.append(_ring(reaction, family, tables))
    terms.append(
        Term(f"site:{reaction.id}", math.log10(reaction.degeneracy), tables.site_sd, "judgement", "equivalent sites")
    )
    validity = "; ".join(t for t in (family.validity, *doubts) if t)
    return RateLaw(reaction.id, tuple(terms), family.ea, family.ea_sd, family.absolute, validity)


def _site(reaction: Reaction, map_number: int) -> tuple[str, int] | None:
    site = next((s for s in reaction.sites if s.map_number == map_number), None)
    return (reaction.reactants[site.reactant], site.atom) if site is not None else None


def _part(
    reaction: Reaction, kind: str, rows: Sequence[PartRow], map_number: int, group: str
) -> tuple[Term | None, str]:
    """Return the first row of a group that fits the site; a site without a row is wide and said to be so."""
    site = _site(reaction, map_number)
    own = [r for r in rows if r.group == group]
    if site is None or not own:
        return None, ""
    for row in own:
        if match_at(site[0], row.smarts, site[1]):
            return Term(f"{kind}:{group}:{row.id}", row.value, row.sd, row.source, row.note or row.id), ""
    if kind == "lg" or group in {"none", "hydride-aldehyde", "hydride-iminium", "hydride-imine", "acylation"}:
        return None, ""
    return Term(
        f"{kind}:{group}:other", 0.0, UNMATCHED_SD, "judgement", "no row fits"
    ), f"no {kind} row fits {reaction.rule}"


def _solvent(family: FamilyRow, solvent: str, solvent_class: str, tables: RateTables) -> list[Term]:
    """Return the solvent's shift relative to the reference solvent's, none where the solvent is the reference."""
    if solvent == family.reference_solvent:
        return []
    here = _solvent_row(family.charge_type, solvent, solvent_class, tables)
    if here is None:
        return []
    reference = _solvent_row(family.charge_type, family.reference_solvent, "", tables)
    base = reference.value if reference is not None else 0.0
    if reference is None and family.reference_solvent in {"dichloromethane", "1,2-dichloroethane"}:
        row = _solvent_row(family.charge_type, "", "chlorinated", tables)
        base = row.value if row else 0.0
    if reference is None and family.reference_solvent in {"methanol", "ethanol"}:
        row = _solvent_row(family.charge_type, "", "protic", tables)
        base = row.value if row else 0.0
    name = here.solvent or here.solvent_class
    return [
        Term(
            f"solvent:{family.charge_type}:{name}",
            here.value - base,
            here.sd,
            here.source,
            f"{name} against the reference solvent",
        )
    ]


def _solvent_row(charge_type: str, solvent: str, solvent_class: str, tables: RateTables) -> SolventRow | None:
    rows = [s for s in tables.solvents if s.charge_type == charge_type]
    named = next((s for s in rows if solvent and s.solvent == solvent), None)
    return named or next(
        (s for s in rows if solvent_class and s.solvent_class == solvent_class and not s.solvent), None
    )


def nucleophile_class(reaction: Reaction, family: FamilyRow) -> str:
    """Return the class by which effective molarities are kept: amine, sulfonamide (anion) or carbonyl (condensations)."""
    if family.nucleophiles == "amine-carbonyl":
        return "carbonyl"
    site = _site(reaction, NUCLEOPHILE)
    if site is not None and match_at(site[0], "[#7;$(N-S(=O)=O),$([N-]-S(=O)=O)]", site[1]):
        return "sulfonamide"
    return "amine"


def _ring(reaction: Reaction, family: FamilyRow, tables: RateTables) -> Term:
    wanted = nucleophile_class(reaction, family)
    rows = [r for r in tables.rings if r.nucleophile_class == wanted]
    size = reaction.ring or 0
    row = min(rows, key=lambda r: (abs(r.ring - size), r.ring))
    sd = row.sd if row.ring == size else row.sd + 0.3
    return Term(
        f"em:{wanted}:{row.ring}", row.value, sd, row.source, f"effective molarity of the {size}-membered ring, log10 M"
    )


def _constant(forward: Reaction, tables: RateTables) -> Term | None:
    """Return minus log10 K of a reversible family, as a term of its reverse rate."""
    site = _site(forward, ELECTROPHILE)
    if site is None:
        return None
    for row in tables.equilibria:
        if row.group == forward.rate and match_at(site[0], row.smarts, site[1]):
            return Term(f"equilibrium:{row.group}:{row.id}", -row.value, row.sd, row.source, row.note or row.id)
    return None


def log10_k(law: RateLaw) -> float:
    """Return the median log10 k at 298.15 K."""
    return sum(t.value for t in law.terms)
