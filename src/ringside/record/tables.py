"""CSV tables in."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from ringside.errors import bad_input
from ringside.record.toml import read_text


def read_csv(path: Path) -> tuple[dict[str, str], ...]:
    """Return the rows of a CSV file as dictionaries of stripped text.

    A byte order mark, CRLF, latin-1 and semicolons are accepted; lines that start with # are skipped.

    Raises:
        BadInput: If it cannot be read, has no header, or a row is longer than the header.
    """
    lines = [line for line in read_text(path).splitlines() if line.strip() and not line.startswith("#")]
    if not lines:
        raise bad_input("empty-file", "the table has no header", file=str(path), next_step="export it again")
    delimiter = ";" if lines[0].count(";") > lines[0].count(",") else ","
    reader = csv.DictReader(io.StringIO("\n".join(lines)), delimiter=delimiter)
    rows: list[dict[str, str]] = []
    for number, row in enumerate(reader, start=2):
        if None in row:
            raise bad_input(
                "long-row",
                "this row has more cells than the header",
                file=str(path),
                field=f"row {number}",
                next_step="put cells that hold a comma in quotes",
            )
        rows.append({(k or "").strip(): (v or "").strip() for k, v in row.items()})
    return tuple(rows)
