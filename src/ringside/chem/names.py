"""Common names, substituents and families of molecules, from a table; large rings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from ringside.chem.features import checked_pattern, has
from ringside.chem.molecule import canonical, mol
from ringside.errors import BadKnowledge, Complaint

KINDS = frozenset({"molecule", "substituent", "class", "family"})
LEAST_MACROCYCLE = 10


@dataclass(frozen=True, slots=True)
class CommonName:
    """A row of common_names.csv.

    ``molecule``: ``pattern`` is SMILES. ``substituent``: SMARTS from the nitrogen on, ``gain`` the formula that N-H
    gains when it becomes N-R. ``class``: SMARTS of what is told first about a molecule. ``family``: SMARTS of what is
    told last. The order of the rows is the order of precedence.
    """

    kind: str
    name: str
    pattern: str
    gain: str = ""
    source: str = ""


def read_names(rows: Sequence[Mapping[str, str]], *, file: str = "common_names.csv") -> tuple[CommonName, ...]:
    """Build the names from rows ``kind, name, pattern, gain, source``.

    Raises:
        BadKnowledge: If a kind is unknown or a SMARTS does not parse.
        BadInput: If a SMILES does not parse.
    """
    found: list[CommonName] = []
    for row in rows:
        kind, text = row["kind"], row["pattern"]
        if kind not in KINDS:
            raise BadKnowledge(
                Complaint("unknown-kind", "this kind of name is not known", file=file, field=row["name"], value=kind)
            )
        if kind == "molecule":
            text = canonical(text, file=file, field=row["name"])
        else:
            checked_pattern(text, file=file, field=row["name"])
        found.append(CommonName(kind, row["name"], text, row.get("gain") or "", row["source"]))
    return tuple(found)


@lru_cache(maxsize=64)
def of_kind(names: tuple[CommonName, ...], kind: str) -> tuple[CommonName, ...]:
    """Return the rows of one kind, in their order."""
    return tuple(n for n in names if n.kind == kind)


def name_of(smiles: str, names: tuple[CommonName, ...]) -> str | None:
    """Return the common name of a molecule, None where it has none."""
    return next((n.name for n in of_kind(names, "molecule") if n.pattern == smiles), None)


def class_word(smiles: str, names: tuple[CommonName, ...]) -> str | None:
    """Return the class that is told first about a molecule, None where no row fits."""
    return next((n.name for n in of_kind(names, "class") if has(smiles, n.pattern)), None)


def macrocycle(smiles: str) -> int | None:
    """Return the size of the largest ring with a nitrogen where that is ten or more."""
    molecule = mol(smiles)
    sizes = [
        len(ring)
        for ring in molecule.GetRingInfo().AtomRings()
        if len(ring) >= LEAST_MACROCYCLE and any(molecule.GetAtomWithIdx(i).GetAtomicNum() == 7 for i in ring)
    ]
    return max(sizes, default=None)
