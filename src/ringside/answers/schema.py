"""The published JSON Schema of a report."""

from __future__ import annotations

from typing import Any, cast

from pydantic import TypeAdapter

from ringside.answers.report import Report
from ringside.errors import bad_input
from ringside.record.jsontext import to_json

KEYWORDS = frozenset({"for_", "from_", "yield_"})


def schema_text(name: str) -> str:
    """Return a schema as JSON text.

    Raises:
        BadInput: If there is no schema of that name.
    """
    if name != "report":
        raise bad_input("no-such-schema", "there is no schema of this name", field="NAME", value=name, limit="report")
    return to_json(_published(TypeAdapter(Report).json_schema()))


def _published(value: object) -> object:
    """Drop the underscore by which a field avoids a Python keyword."""
    if isinstance(value, dict):
        table = cast("dict[str, Any]", value)
        return {(k.rstrip("_") if k in KEYWORDS else k): _published(v) for k, v in table.items()}
    if isinstance(value, list):
        return [_published(v) for v in cast("list[object]", value)]
    return value.rstrip("_") if isinstance(value, str) and value in KEYWORDS else value
