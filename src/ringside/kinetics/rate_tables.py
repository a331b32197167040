"""What rates are made from: the rows of ``data/rates``, typed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from ringside.errors import BadKnowledge, Complaint

T = TypeVar("T")
Row = Mapping[str, str]
FOLDER = "data/rates"


@dataclass(frozen=True, slots=True)
class FamilyRow:
    """A family of reactions: log10 k at 298.15 K of its reference reaction, and how the parts are looked up.

    ``nucleophiles``, ``electrophiles`` and ``leaving_groups`` name groups of rows, looked through in this order.
    ``closure`` is the group that sorts ring closures by nucleophile; without it the constant is that of the closure
    itself and no effective molarity is added.
    """

    id: str
    reference: str
    log10_k: float
    unit: str
    sd: float
    ea: float
    ea_sd: float
    charge_type: str
    reference_solvent: str
    nucleophiles: tuple[str, ...]
    electrophiles: tuple[str, ...]
    leaving_groups: tuple[str, ...]
    closure: str
    acid_order: int
    absolute: bool
    source: str
    validity: str


@dataclass(frozen=True, slots=True)
class PartRow:
    """A class of sites: SMARTS whose first atom is the site, and what it adds to log10 k (or log10 K).

    ``partner`` is a SMARTS that the other of nucleophile and electrophile must match as well. With ``like``, the id of
    another row of the group, the value is relative to that row and shares its deviation. ``ea`` [kJ/mol] stands in
    for that of the family.
    """

    group: str
    id: str
    smarts: str
    value: float
    sd: float
    source: str
    note: str
    partner: str = ""
    like: str = ""
    ea: float | None = None


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
    """log10 of the effective molarity [M] of a nucleophile class closing a ring, or relative to that of ring ``like``."""

    nucleophile_class: str
    ring: int
    value: float
    sd: float
    like: int | None
    source: str
    note: str


@dataclass(frozen=True, slots=True, eq=False)
class RateTables:
    """Every table that a rate is made from. Compared by identity, so that it is a cheap cache key."""

    families: Mapping[str, FamilyRow]
    nucleophiles: Mapping[str, tuple[PartRow, ...]]
    electrophiles: Mapping[str, tuple[PartRow, ...]]
    leaving_groups: Mapping[str, tuple[PartRow, ...]]
    neighbours: Mapping[str, tuple[PartRow, ...]]
    solvents: tuple[SolventRow, ...]
    solvent_classes: Mapping[str, str]
    rings: Mapping[str, tuple[RingRow, ...]]
    equilibria: Mapping[str, tuple[PartRow, ...]]
    diffusion_limit: float
    site_sd: float
    unmatched_sd: float
    far_ring_sd: float


def read_rate_tables(tables: Mapping[str, Sequence[Row]]) -> RateTables:
    """Build the tables from the rows of the files in ``data/rates``.

    Args:
        tables: Rows by file name without its ending: families, nucleophiles, neighbours, electrophiles,
            leaving_groups, solvents, ring_closure, equilibria, constants.

    Raises:
        BadKnowledge: If a table is missing or a number does not parse, with the file and the row.
    """
    constants = {r["key"]: r for r in reversed(_rows(tables, "constants"))}
    families = _each(tables, "families", _family)
    solvents = _each(tables, "solvents", _solvent)
    rings = _each(tables, "ring_closure", _ring)
    for need in ("diffusion_limit_log10", "site_sd", "unmatched_sd", "far_ring_sd"):
        if need not in constants:
            raise _bad("constants", "a constant is missing", need)
    found = RateTables(
        families={f.id: f for f in reversed(families)},
        nucleophiles=_grouped(_each(tables, "nucleophiles", _part("group", "delta_log10"))),
        electrophiles=_grouped(_each(tables, "electrophiles", _part("family", "delta_log10"))),
        leaving_groups=_grouped(_each(tables, "leaving_groups", _part("family", "delta_log10"))),
        neighbours=_grouped(_each(tables, "neighbours", _part("group", "delta_log10"))),
        solvents=solvents,
        solvent_classes={s.solvent: s.solvent_class for s in reversed(solvents) if s.solvent},
        rings={c: tuple(r for r in rings if r.nucleophile_class == c) for c in {r.nucleophile_class for r in rings}},
        equilibria=_grouped(_each(tables, "equilibria", _part("family", "log10_k"))),
        diffusion_limit=float(constants["diffusion_limit_log10"]["value"]),
        site_sd=float(constants["site_sd"]["value"]),
        unmatched_sd=float(constants["unmatched_sd"]["value"]),
        far_ring_sd=float(constants["far_ring_sd"]["value"]),
    )
    _check_likes(found)
    return found


def _family(r: Row) -> FamilyRow:
    return FamilyRow(
        r["id"], r["reference"], float(r["log10_k"]), r["unit"], float(r["sd"]), float(r["ea_kj_mol"]),
        float(r["ea_sd"]), r["charge_type"], r["reference_solvent"], tuple(r["nucleophiles"].split()),
        tuple(r["electrophiles"].split()), tuple(r["leaving_groups"].split()), r["closure"], int(r["acid_order"]),
        r["absolute"] == "yes", r["source"], r["validity"],
    )  # fmt: skip


def _part(group: str, value: str) -> Callable[[Row], PartRow]:
    def read(r: Row) -> PartRow:
        ea = r.get("ea_kj_mol", "")
        return PartRow(
            r[group], r["id"], r["smarts"], float(r[value]), float(r["sd"]), r["source"], r["note"],
            r.get("partner", ""), r.get("like", ""), float(ea) if ea else None,
        )  # fmt: skip

    return read


def _solvent(r: Row) -> SolventRow:
    return SolventRow(
        r["charge_type"], r["solvent"], r["solvent_class"], float(r["delta_log10"]), float(r["sd"]), r["source"]
    )


def _ring(r: Row) -> RingRow:
    like = int(r["relative_to"]) if r["relative_to"] else None
    return RingRow(
        r["nucleophile_class"], int(r["ring"]), float(r["log10_em"]), float(r["sd"]), like, r["source"], r["note"]
    )


def _rows(tables: Mapping[str, Sequence[Row]], name: str) -> Sequence[Row]:
    if name not in tables:
        raise _bad(name, "a rate table is missing", f"{name}.csv")
    return tables[name]


def _each(tables: Mapping[str, Sequence[Row]], name: str, read: Callable[[Row], T]) -> tuple[T, ...]:
    found: list[T] = []
    for number, row in enumerate(_rows(tables, name), start=2):
        try:
            found.append(read(row))
        except (KeyError, ValueError) as error:
            raise _bad(name, f"a rate table cannot be read: {error!r}", f"row {number}") from error
    return tuple(found)


def _grouped(rows: Sequence[PartRow]) -> dict[str, tuple[PartRow, ...]]:
    found: dict[str, list[PartRow]] = {}
    for row in rows:
        found.setdefault(row.group, []).append(row)
    return {group: tuple(of) for group, of in found.items()}


def _check_likes(tables: RateTables) -> None:
    for name, groups in (("nucleophiles", tables.nucleophiles), ("electrophiles", tables.electrophiles)):
        for rows in groups.values():
            plain = {r.id for r in rows if not r.like}
            for row in rows:
                if row.like and row.like not in plain:
                    raise _bad(name, "a row is like one that is not there, or is itself like another", row.id)
    for rows in tables.rings.values():
        plain_rings = {r.ring for r in rows if r.like is None}
        for row in rows:
            if row.like is not None and row.like not in plain_rings:
                raise _bad("ring_closure", "a ring is relative to one without a value", str(row.ring))


def _bad(name: str, text: str, field: str) -> BadKnowledge:
    return BadKnowledge(Complaint("bad-rate-table", text, file=f"{FOLDER}/{name}.csv", field=field))
