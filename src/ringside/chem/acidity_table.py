"""The tables of acids and bases: site rules, measured molecules, and what two protons at once cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ringside.chem.features import checked_pattern
from ringside.chem.molecule import canonical
from ringside.errors import BadKnowledge, Complaint

KINDS = frozenset({"labile", "labile-alone", "none", "base", "shift"})


@dataclass(frozen=True, slots=True)
class SiteRule:
    """A row of the sites table; the first atom of ``smarts`` is the site.

    ``labile``: this atom holds a proton that it can lose; ``labile-alone``: so too, but only where the molecule has no
    other site (water, alcohols). The other kinds look at the molecule without its labile protons. ``base``: the atom
    binds a proton, ``pka`` is that of the acid formed; the first rule that fits counts. ``none``: it binds none.
    ``shift``: ``pka`` is added once for each way the pattern fits.
    """

    id: str
    kind: str
    smarts: str
    pka: float
    sd: float
    source: str


@dataclass(frozen=True, slots=True)
class ExactRow:
    """Measured macroscopic pKa values of one molecule in any of its protonation states, most basic first."""

    smiles: str
    pkas: tuple[float, ...]
    sd: float
    source: str


@dataclass(frozen=True, slots=True, eq=False)
class AcidityTable:
    """Site rules in order of precedence, measured molecules, and what two protons cost [pKa units] by bonds apart.

    Compared by identity, so that it is a cheap cache key.
    """

    rules: tuple[SiteRule, ...]
    exact: tuple[ExactRow, ...]
    interaction: tuple[tuple[int, float], ...]


def read_acidity(
    site_rows: Sequence[Mapping[str, str]],
    exact_rows: Sequence[Mapping[str, str]],
    interaction_rows: Sequence[Mapping[str, str]],
) -> AcidityTable:
    """Build the table from the rows of its three files.

    Args:
        site_rows: Columns id, kind, smarts, pka, sd, source.
        exact_rows: Columns smiles, pkah1, pkah2, pkah3 (may be empty), sd, source.
        interaction_rows: Columns bonds, cost_pka.

    Returns:
        The table.

    Raises:
        BadKnowledge: If a SMARTS does not parse or a kind is unknown.
        BadInput: If a SMILES does not parse.
    """
    for row in site_rows:
        checked_pattern(row["smarts"], file="acidity_sites.csv", field=row["id"])
        if row["kind"] not in KINDS:
            raise BadKnowledge(
                Complaint(
                    "unknown-kind",
                    "this kind of site is not known",
                    file="acidity_sites.csv",
                    field=row["id"],
                    value=row["kind"],
                    limit=", ".join(sorted(KINDS)),
                )
            )
    rules = tuple(
        SiteRule(r["id"], r["kind"], r["smarts"], float(r["pka"] or 0.0), float(r["sd"] or 0.0), r["source"])
        for r in site_rows
    )
    exact = tuple(
        ExactRow(
            canonical(r["smiles"], file="acidity_exact.csv", field=r.get("name", "")),
            tuple(float(r[k]) for k in ("pkah1", "pkah2", "pkah3") if r.get(k)),
            float(r["sd"]),
            r["source"],
        )
        for r in exact_rows
    )
    return AcidityTable(rules, exact, tuple(sorted((int(r["bonds"]), float(r["cost_pka"])) for r in interaction_rows)))
