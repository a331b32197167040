"""Structural features, by SMARTS from a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

from rdkit import Chem

from ringside.chem.molecule import mol
from ringside.chem.screening import Asked, asked, kinds_in, may_fit
from ringside.errors import BadKnowledge, Complaint

MOST_MATCHES = 4096


@dataclass(frozen=True, slots=True)
class Feature:
    """A named pattern; a molecule has the feature when any of its SMARTS matches."""

    id: str
    smarts: tuple[str, ...]
    text: str
    source: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class FeatureTable:
    """All features, in table order. Compared by identity, so that it is a cheap cache key."""

    features: tuple[Feature, ...]

    @property
    def ids(self) -> frozenset[str]:
        """Return the ids of all features."""
        return frozenset(f.id for f in self.features)


@lru_cache(maxsize=8192)
def pattern(smarts: str) -> Chem.Mol:
    """Return a compiled SMARTS; it is shared, do not change it.

    Raises:
        BadKnowledge: If it does not parse.
    """
    compiled = cast(Any, Chem).MolFromSmarts(smarts)
    if compiled is None or not compiled.GetNumAtoms():
        raise BadKnowledge(Complaint("bad-smarts", "this SMARTS does not parse", value=smarts))
    return compiled


@lru_cache(maxsize=8192)
def asks(smarts: str) -> Asked:
    """Return what a SMARTS asks of a molecule before it need be searched."""
    return asked(pattern(smarts))


def checked_pattern(smarts: str, *, file: str, field: str) -> None:
    """Compile a SMARTS of a table, so that a fault is told with its place.

    Raises:
        BadKnowledge: If it does not parse.
    """
    try:
        pattern(smarts)
    except BadKnowledge as fault:
        text = fault.complaints[0].text
        raise BadKnowledge(Complaint("bad-smarts", text, file=file, field=field, value=smarts)) from None


def read_features(rows: Sequence[Mapping[str, str]], *, file: str = "features.csv") -> FeatureTable:
    """Read rows ``id, smarts, text, source``; rows of one id are alternatives.

    Raises:
        BadKnowledge: If a SMARTS does not parse.
    """
    found: dict[str, list[Mapping[str, str]]] = {}
    for row in rows:
        checked_pattern(row["smarts"], file=file, field=row["id"])
        found.setdefault(row["id"], []).append(row)
    return FeatureTable(
        tuple(Feature(key, tuple(r["smarts"] for r in of), of[0]["text"], of[0]["source"]) for key, of in found.items())
    )


@lru_cache(maxsize=262144)
def has(smiles: str, smarts: str) -> bool:
    """Say whether a SMARTS matches anywhere in a molecule."""
    return may_fit(asks(smarts), kinds_in(smiles)) and bool(mol(smiles).HasSubstructMatch(pattern(smarts)))


@lru_cache(maxsize=65536)
def features_of(smiles: str, table: FeatureTable) -> frozenset[str]:
    """Return the ids of all features of a molecule.

    Args:
        smiles: Canonical SMILES of one component.
        table: The features to look for.

    Returns:
        Ids, without order.

    Raises:
        BadInput: If the SMILES does not parse.
    """
    return frozenset(f.id for f in table.features if any(has(smiles, smarts) for smarts in f.smarts))


@lru_cache(maxsize=262144)
def _first_atoms(smiles: str, smarts: str) -> frozenset[int]:
    if not may_fit(asks(smarts), kinds_in(smiles)):
        return frozenset()
    found = mol(smiles).GetSubstructMatches(pattern(smarts), uniquify=False, maxMatches=MOST_MATCHES)
    return frozenset(match[0] for match in found)


def match_at(smiles: str, smarts: str, atom: int) -> bool:
    """Say whether the first atom of a SMARTS can sit on an atom.

    Args:
        smiles: Canonical SMILES.
        smarts: The pattern.
        atom: Index in ``mol(smiles)``.

    >>> match_at("CCN", "[NX3]", 2), match_at("CCN", "[NX3]", 0)
    (True, False)
    """
    return atom in _first_atoms(smiles, smarts)
