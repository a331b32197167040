"""Complaints gathered, so that all of them are told at once; and the shapes that tables of a case must have."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar, cast

from ringside.errors import BadInput, Complaint, bad_input

T = TypeVar("T")


class Collector:
    """Gathers complaints about one file."""

    def __init__(self, file: str) -> None:
        """Start with none."""
        self.file = file
        self.complaints: list[Complaint] = []

    def attempt(self, work: Callable[[], T], fallback: T) -> T:
        """Run ``work``; keep its complaints and go on with ``fallback`` when it refuses."""
        try:
            return work()
        except BadInput as error:
            self.complaints.extend(error.complaints)
            return fallback

    def add(self, code: str, text: str, **parts: str) -> None:
        """Add one complaint."""
        self.complaints.append(Complaint(code, text, file=self.file, **parts))

    def finish(self) -> None:
        """Raise what was gathered.

        Raises:
            BadInput: If anything was.
        """
        if self.complaints:
            raise BadInput(*self.complaints)


def as_table(value: object, *, file: str, field: str, limit: str) -> Mapping[str, Any]:
    """Return a value that must be a table.

    Raises:
        BadInput: If it is not.
    """
    if isinstance(value, Mapping):
        return cast("Mapping[str, Any]", value)
    raise bad_input("bad-table", "a table is asked for", file=file, field=field, value=repr(value), limit=limit)


def as_list(value: object, *, file: str, field: str, limit: str) -> Sequence[object]:
    """Return a value that must be a list.

    Raises:
        BadInput: If it is not.
    """
    if isinstance(value, (list, tuple)):
        return cast("Sequence[object]", value)
    raise bad_input("bad-list", "a list is asked for", file=file, field=field, value=repr(value), limit=limit)


def as_text(value: object, *, file: str, field: str, limit: str) -> str:
    """Return a value that must be text with something in it.

    Raises:
        BadInput: If it is not.
    """
    if isinstance(value, str) and value.strip():
        return value
    raise bad_input(
        "bad-text",
        "a text is asked for",
        file=file,
        field=field,
        value=repr(value),
        limit=limit,
        next_step="put it in quotes",
    )
