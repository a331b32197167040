"""TOML files in and out."""

from __future__ import annotations

import codecs
import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from rapidfuzz.process import extractOne

from ringside.errors import BadInput, Complaint, bad_input

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")


def read_text(path: Path) -> str:
    """Return the text of a file: UTF-8 or UTF-16 by its byte order mark, else UTF-8, else latin-1.

    Raises:
        BadInput: If it cannot be opened or is empty.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise bad_input(
            "cannot-read",
            f"the file cannot be read: {error.strerror or error}",
            file=str(path),
            next_step="check the name and the folder",
        ) from error
    if not raw.strip():
        raise bad_input("empty-file", "the file is empty", file=str(path), next_step="export or write it again")
    encoding = "utf-16" if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def read_toml(path: Path) -> dict[str, Any]:
    """Return a parsed TOML file.

    Raises:
        BadInput: If it cannot be opened, or its syntax is wrong; the complaint names the line.
    """
    text = read_text(path).replace("\r\n", "\n")
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        where = re.search(r"line (\d+)", str(error))
        line = int(where[1]) if where else len(text.splitlines())
        raise bad_input(
            "bad-toml",
            f"this is not valid TOML: {error}",
            file=str(path),
            field=f"line {line}",
            value=text.splitlines()[line - 1].strip(),
            limit='key = "value"; SMILES and quantities in quotes',
            next_step="mend that line; texts need quotes, tables need [brackets]",
        ) from error


def unknown_keys(table: Mapping[str, Any], allowed: Sequence[str], *, file: str, field: str) -> list[Complaint]:
    """Return a complaint for each key that is not allowed, with the nearest that is."""
    complaints: list[Complaint] = []
    for key in table:
        if key in allowed:
            continue
        near = extractOne(key, allowed, score_cutoff=60)
        complaints.append(
            Complaint(
                "unknown-key",
                "there is no such key",
                file=file,
                field=f"{field}.{key}" if field else key,
                value=key,
                limit=", ".join(allowed),
                next_step=f"did you mean {near[0]!r}?" if near else "take it out, or put it into notes",
            )
        )
    return complaints


def check_keys(table: Mapping[str, Any], allowed: Sequence[str], *, file: str, field: str) -> None:
    """Refuse keys that are not allowed.

    Raises:
        BadInput: With one complaint for each.
    """
    complaints = unknown_keys(table, allowed, file=file, field=field)
    if complaints:
        raise BadInput(*complaints)


def to_toml(table: Mapping[str, Any]) -> str:
    """Return TOML text of a table; ``read_toml`` of it gives the same table back."""
    lines = [f"{_key(k)} = {to_toml_value(v)}" for k, v in table.items() if not _is_section(v)]
    for key, value in table.items():
        if isinstance(value, Mapping):
            lines += _section(_key(key), cast("Mapping[str, Any]", value))
        elif _is_section(value):
            for item in cast("list[Mapping[str, Any]]", value):
                lines += ["", f"[[{_key(key)}]]", *_body(item, _key(key))]
    return "\n".join(lines).lstrip("\n") + "\n"


def _is_section(value: object) -> bool:
    if isinstance(value, Mapping):
        return True
    return isinstance(value, list) and bool(value) and all(isinstance(v, Mapping) for v in cast("list[object]", value))


def _section(name: str, table: Mapping[str, Any]) -> list[str]:
    return ["", f"[{name}]", *_body(table, name)]


def _body(table: Mapping[str, Any], name: str) -> list[str]:
    lines: list[str] = []
    nested: list[str] = []
    for key, value in table.items():
        if _is_section(value) and isinstance(value, list) and key in {"peak", "charge"}:
            for item in cast("list[Mapping[str, Any]]", value):
                nested += ["", f"[[{name}.{_key(key)}]]", *_body(item, f"{name}.{_key(key)}")]
        elif isinstance(value, Mapping) and key in {"observed", "conditions", "workup"}:
            nested += _section(f"{name}.{_key(key)}", cast("Mapping[str, Any]", value))
        else:
            lines.append(f"{_key(key)} = {to_toml_value(value)}")
    return lines + nested


def _key(key: str) -> str:
    return key if _BARE_KEY.fullmatch(key) else _text(key)


def _text(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    escaped = "".join(c if c >= " " and c != "\x7f" else f"\\u{ord(c):04X}" for c in escaped)
    return f'"{escaped}"'


def to_toml_value(value: object) -> str:
    """Return one value as TOML text, on one line.

    >>> to_toml_value([1, True, {"a": 0.5}])
    '[1, true, { a = 0.5 }]'
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, Mapping):
        inside = ", ".join(f"{_key(k)} = {to_toml_value(v)}" for k, v in cast("Mapping[str, Any]", value).items())
        return f"{{ {inside} }}" if inside else "{}"
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(to_toml_value(v) for v in cast('list[object]', value))}]"
    return _text(str(value))
