"""The plate map: which structures are where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ringside.case.nouns import Case
from ringside.chem.molecule import canonical, is_valid
from ringside.errors import BadInput, Complaint, bad_input
from ringside.record.tables import read_csv

MOST_WELLS = 384
PLACES = ("vial", "well", "file")
KNOWN = frozenset({*PLACES, "smiles", "standard"})
FORM = "vial,well,smiles (and file, where each injection has its own)"


@dataclass(frozen=True, slots=True)
class Row:
    """One well: its ``place`` in a file with several, its structures (canonical, by column), and its cells as written."""

    vial: str
    name: str
    place: str | None
    file: str
    target: str
    standard: str | None
    materials: tuple[tuple[str, str], ...]
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class PlateMap:
    """The rows of a plate map in their order, and notes on columns that were passed over."""

    rows: tuple[Row, ...]
    notes: tuple[str, ...]


def read_platemap(path: Path, data: Path, template: Case | None) -> PlateMap:
    """Return a plate map.

    A further column counts as structures if it is a charge of ``template``, or, without one, if at least half of its
    cells are SMILES; other columns are passed over, with a note.

    Args:
        path: A table with ``vial``, ``well`` or ``file``, and ``smiles`` of the target; ``standard`` for an internal standard.
        data: The file with all wells, or the folder of their files.
        template: The case that the wells follow.

    Raises:
        BadInput: If it cannot be used; with every bad structure at once.
    """
    rows = read_csv(path)
    names = {c.name for c in template.recipe.charges} if template is not None else set[str]()
    _check(rows, path, data, names if template is not None else None)
    extra = [c for c in rows[0] if c and c not in KNOWN and any(r[c] for r in rows)]
    held = [c for c in extra if template is not None or _structures([r[c] for r in rows])]
    passed = [c for c in extra if c not in held]
    wrong: list[Complaint] = []
    single = "" if data.is_dir() else data.name
    found = [_row(r, number, held, path, single, wrong) for number, r in enumerate(rows, start=2)]
    if wrong:
        raise BadInput(*wrong)
    notes = tuple(f"the column {c!r} of the plate map holds no structures and was passed over" for c in passed)
    return PlateMap(tuple(found), notes)


def _structures(cells: Sequence[str]) -> bool:
    given = [c for c in cells if c]
    return 2 * sum(map(is_valid, given)) >= len(given)


def _row(
    r: Mapping[str, str], number: int, held: Sequence[str], path: Path, single: str, wrong: list[Complaint]
) -> Row:
    def structure(column: str) -> str:
        if not r.get(column):
            return ""
        try:
            return canonical(r[column], file=str(path), field=f"row {number}, {column}")
        except BadInput as fault:
            wrong.extend(fault.complaints)
            return ""

    if not r["smiles"]:
        wrong.append(Complaint("no-target", "a row without a target", file=str(path), field=f"row {number}, smiles", limit=FORM))  # fmt: skip
    materials = tuple((c, s) for c in held if (s := structure(c)))
    return Row(
        vial=r.get("vial", ""),
        name=r.get("well") or r.get("vial") or r.get("file") or "",
        place=r.get("vial") or r.get("well") or None,
        file=single or r.get("file", ""),
        target=structure("smiles"),
        standard=structure("standard") or None,
        materials=materials,
        cells=r,
    )


def _check(rows: Sequence[Mapping[str, str]], path: Path, data: Path, names: set[str] | None) -> None:
    head = set(rows[0]) if rows else set[str]()
    if not rows or "smiles" not in head or not head & set(PLACES):
        raise bad_input(
            "bad-platemap", "the plate map needs the target and where it is", file=str(path), field="header",
            value=", ".join(sorted(head)), limit=FORM,
        )  # fmt: skip
    if len(rows) > MOST_WELLS:
        raise bad_input("too-many-wells", "the plate map is too long", file=str(path), value=str(len(rows)), limit=f"{MOST_WELLS} wells")  # fmt: skip
    if not data.exists():
        raise bad_input("cannot-read", "there are no such data", file=str(data), field="DATA", next_step="name the report, or the folder of files")  # fmt: skip
    if data.is_dir() and "file" not in head:
        raise bad_input(
            "which-file", "a folder of files needs a column that says which well is in which", file=str(path), field="file",
            limit=FORM,
        )  # fmt: skip
    strange = sorted(head - KNOWN - names) if names is not None else []
    if names is not None and strange:
        raise bad_input(
            "bad-column", "this column is no charge of the case", file=str(path), field="header",
            value=", ".join(strange), limit=", ".join(sorted(KNOWN | names)),
        )  # fmt: skip
