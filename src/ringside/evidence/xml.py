"""XML from outside: read piece by piece, without entities, within limits."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from xml.parsers import expat

from ringside.errors import BadInput, bad_input
from ringside.evidence.files import FIELD, inspected

PIECE = 65536
DEEPEST = 100
MOST_IN_ONE = 16_000_000
MOST_PARTS = 200_000


class _Building:
    """The wanted element that is open, its parts counted, and those that are complete."""

    def __init__(self, wanted: frozenset[str]) -> None:
        self.wanted = wanted
        self.done: list[ET.Element] = []
        self.depth = 0
        self.inside = 0
        self.held = self.parts = 0
        self.builder = ET.TreeBuilder()
        self.refused = ""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            self.refused = "its elements lie inside each other more than a hundred deep"
        if self.inside or name.rpartition("}")[2] in self.wanted:
            self.inside += 1
            self.parts += 1
            self.builder.start(name, attributes)

    def text(self, text: str) -> None:
        if self.inside:
            self.held += len(text)
            self.builder.data(text)

    def end(self, name: str) -> None:
        self.depth -= 1
        if self.inside:
            self.inside -= 1
            self.builder.end(name)
            if not self.inside:
                self.done.append(self.builder.close())
                self.builder = ET.TreeBuilder()
                self.held = self.parts = 0

    def doctype(self, *_: object) -> None:
        self.refused = "it declares a document type, which may hold entities"


def elements(path: Path, wanted: frozenset[str], format_name: str, again: str) -> Iterator[ET.Element]:
    """Yield complete elements of the wanted names; nothing else is kept.

    Args:
        path: The file.
        wanted: Local names.
        format_name: Of the format, for complaints.
        again: What to do about a file that cannot be read.

    Raises:
        BadInput: If it is empty, too large, declares a document type, or is not well formed.
    """
    inspected(path, again)
    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    building = _Building(wanted)
    parser.StartElementHandler = building.start
    parser.CharacterDataHandler = building.text
    parser.EndElementHandler = building.end
    parser.StartDoctypeDeclHandler = building.doctype
    fed = 0
    with path.open("rb") as file:
        while True:
            piece = file.read(PIECE)
            fed += len(piece)
            try:
                parser.Parse(piece, not piece)
            except (expat.ExpatError, ValueError, LookupError) as fault:
                raise _broken(path, format_name, again, parser.ErrorLineNumber) from fault
            unread = fed - parser.CurrentByteIndex
            if max(building.held, unread) > MOST_IN_ONE or building.parts > MOST_PARTS:
                building.refused = "one of its elements is larger than any of such a file"
            if building.refused:
                raise bad_input(
                    "entities", f"this is no {format_name} file: {building.refused}", file=str(path), field=FIELD, next_step=again
                )  # fmt: skip
            yield from building.done
            building.done.clear()
            if not piece:
                return


def _broken(path: Path, format_name: str, again: str, line: int) -> BadInput:
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
