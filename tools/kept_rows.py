"""Rows of a long run, written one by one, so that an interrupted run goes on where it stopped."""

from __future__ import annotations

import csv
import fcntl
import io
import json
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar, get_type_hints

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Row = TypeVar("Row")


def append(path: Path, row: DataclassInstance) -> None:
    """Add a dataclass as one line of a CSV file, which begins with the names of its fields; processes may share the file.

    A last line that an interruption cut short is taken out first.
    """
    names = [f.name for f in fields(row)]
    with path.open("a+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        text = io.StringIO(newline="")
        writer = csv.writer(text, lineterminator="\n")
        if file.seek(0, io.SEEK_END) == 0:
            writer.writerow(names)
        else:
            file.seek(0)
            file.truncate(file.read().rfind(b"\n") + 1)
        writer.writerow([_text(getattr(row, n)) for n in names])
        file.write(text.getvalue().encode())


def kept(paths: Sequence[Path], kind: type[Row]) -> list[Row]:
    """Return the rows of several files, each as a ``kind``; a last line that was cut short is left out.

    Raises:
        ValueError: If a file holds rows of another kind.
    """
    hints = get_type_hints(kind)
    found: list[Row] = []
    for path in paths:
        if not path.exists():
            continue
        head, *lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        names = next(csv.reader([head]))
        if set(names) != set(hints):
            raise ValueError(f"{path}: its columns are {', '.join(names)}, not {', '.join(hints)}; take another file")
        for line in lines:
            cells = next(csv.reader([line]), [])
            if len(cells) == len(names) and line.endswith("\n"):
                found.append(kind(**{n: _value(cell, hints[n]) for n, cell in zip(names, cells, strict=True)}))
    return found


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _value(text: str, hint: object) -> object:
    return text if hint is str else _frozen(json.loads(text))


def _frozen(value: object) -> object:
    return tuple(_frozen(v) for v in value) if isinstance(value, list) else value
