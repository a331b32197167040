"""What a UV detector sees of a molecule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from ringside.chem.features import checked_pattern, pattern
from ringside.chem.molecule import mol

NO_CHROMOPHORE = "none"


@dataclass(frozen=True, slots=True)
class Chromophore:
    """A light-absorbing group.

    ``response``: molar absorption at 254 nm relative to an alkylbenzene. ``visible``: longest useful wavelength [nm].
    ``uv_class`` groups chromophores whose response differs little.
    """

    id: str
    uv_class: str
    smarts: str
    response: float
    visible: float
    source: str


@dataclass(frozen=True, slots=True, eq=False)
class ChromophoreTable:
    """Chromophores in order of precedence: an atom counts for the first that claims it. Compared by identity."""

    rows: tuple[Chromophore, ...]


def read_chromophores(rows: Sequence[Mapping[str, str]], *, file: str = "chromophores.csv") -> ChromophoreTable:
    """Build the table from rows ``id, class, smarts, response_254, visible_nm, source``.

    Raises:
        BadKnowledge: If a SMARTS does not parse.
    """
    for row in rows:
        checked_pattern(row["smarts"], file=file, field=row["id"])
    return ChromophoreTable(
        tuple(
            Chromophore(r["id"], r["class"], r["smarts"], float(r["response_254"]), float(r["visible_nm"]), r["source"])
            for r in rows
        )
    )


@lru_cache(maxsize=65536)
def uv_class(smiles: str, table: ChromophoreTable) -> tuple[str, float, float]:
    """Return how a molecule shows in UV.

    Args:
        smiles: Canonical SMILES.
        table: Chromophores.

    Returns:
        Class of its strongest chromophore ("none" without one), molar response at 254 nm relative to an alkylbenzene
        (all chromophores added), longest useful wavelength [nm] (0 without one).
    """
    molecule = mol(smiles)
    claimed: set[int] = set()
    by_class: dict[str, float] = {}
    visible = 0.0
    for row in table.rows:
        for match in molecule.GetSubstructMatches(pattern(row.smarts)):
            if claimed.isdisjoint(match):
                claimed.update(match)
                by_class[row.uv_class] = by_class.get(row.uv_class, 0.0) + row.response
                visible = max(visible, row.visible)
    if not by_class:
        return NO_CHROMOPHORE, 0.0, 0.0
    strongest = min(by_class, key=lambda c: (-by_class[c], c))
    return strongest, sum(by_class.values()), visible
