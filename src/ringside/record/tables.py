"""CSV tables in and out."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from itertools import zip_longest
from pathlib import Path

from ringside.errors import bad_input
from ringside.record.toml import read_text

_DELIMITERS = (",", ";", "\t")


def read_csv(path: Path) -> tuple[dict[str, str], ...]:
    """Return the rows of a CSV file as dictionaries of stripped text; a row that is cut short is filled up with "".

    A byte order mark, CRLF, latin-1, semicolons and tabs are accepted; empty lines and lines that start with # are skipped.

    Raises:
        BadInput: If it cannot be read, has no header, two columns have one name, or a row is longer than the header.
    """
    lines = [line for line in read_text(path).splitlines() if line.strip() and not line.startswith("#")]
    if not lines:
        raise bad_input("empty-file", "the table has no header", file=str(path), next_step="export it again")
    delimiter = max(_DELIMITERS, key=lines[0].count)
    rows = list(csv.reader(io.StringIO("\n".join(lines)), delimiter=delimiter))
    header = [name.strip() for name in rows[0]]
    twice = sorted({name for name in header if name and header.count(name) > 1})
    if twice:
        raise bad_input(
            "double-column",
            "two columns have the same name",
            file=str(path),
            field="header",
            value=", ".join(twice),
            next_step="name them apart, or take one out",
        )
    for number, row in enumerate(rows[1:], start=2):
        if any(cell.strip() for cell in row[len(header) :]):
            raise bad_input(
                "long-row",
                "this row has more cells than the header",
                file=str(path),
                field=f"row {number}",
                value=delimiter.join(row),
                limit=f"{len(header)} cells",
                next_step="put cells that hold a comma in quotes",
            )
    return tuple(
        {k: cell.strip() for k, cell in zip_longest(header, row[: len(header)], fillvalue="")} for row in rows[1:]
    )


def write_csv(path: Path, rows: Sequence[Sequence[str]]) -> None:
    """Write rows, header first, making folders as needed.

    Raises:
        BadInput: If it cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(rows)
    except OSError as fault:
        raise bad_input(
            "cannot-write",
            f"the table cannot be written: {fault.strerror}",
            file=str(path),
            next_step="choose another folder",
        ) from fault
