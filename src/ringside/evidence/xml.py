"""XML from outside: read piece by piece, without entities, within limits."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

from ringside.errors import BadInput, bad_input

LARGEST = 1_000_000_000
LOOKED_AT = 65536
FIELD = "observed.lcms"


def elements(path: Path, wanted: frozenset[str], format_name: str, again: str) -> Iterator[ET.Element]:
    """Yield complete elements of the wanted names, without name space, and forget each when the next is asked for.

    Args:
        path: The file.
        wanted: Local names.
        format_name: Of the format, for complaints.
        again: What to do about a file that cannot be read.

    Raises:
        BadInput: If it is empty, too large, declares entities, or is not well formed.
    """
    size = path.stat().st_size
    if size == 0:
        raise bad_input("empty-file", "the file is empty", file=str(path), field=FIELD, next_step=again)
    if size > LARGEST:
        raise bad_input(
            "too-large",
            "the file is too large to be one injection",
            file=str(path),
            field=FIELD,
            value=f"{size / 1e6:.0f} MB",
            limit=f"{LARGEST / 1e6:.0f} MB",
            next_step="export the one injection, centroided",
        )
    with path.open("rb") as file:
        head = file.read(LOOKED_AT)
        if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
            raise bad_input(
                "entities", f"{format_name} has no document type or entities; this file declares some", file=str(path), field=FIELD, next_step=again
            )  # fmt: skip
        file.seek(0)
        depth: list[ET.Element] = []
        try:
            for event, element in ET.iterparse(file, events=("start", "end")):
                if event == "start":
                    depth.append(element)
                    continue
                depth.pop()
                if local(element) in wanted:
                    yield element
                    element.clear()
                    if depth:
                        depth[-1].remove(element)
        except ET.ParseError as fault:
            raise _broken(path, format_name, again, fault) from fault


def _broken(path: Path, format_name: str, again: str, fault: ET.ParseError) -> BadInput:
    line = fault.position[0]
    return bad_input(
        "cut-short",
        f"this is no complete {format_name} file: it breaks off or is damaged at line {line}",
        file=str(path),
        field=FIELD,
        next_step=again,
    )


def local(element: ET.Element) -> str:
    """Return the name of an element without its name space."""
    return element.tag.rpartition("}")[2]
