"""Records cut out of an XML file by their tags, without a parser and without a tree.

In XML a "<" begins a tag wherever it stands, save in comments, CDATA and document types. Comments are blanked and the other two refused,
so that the tags of records are found by plain search, many times faster than a parser hands over every element. What lies between records
is not kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from ringside.errors import BadInput, bad_input
from ringside.evidence.files import FIELD, inspected, seen_as

PIECE = 1_000_000
MOST_RECORD = 64_000_000
_COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)
_ROOT = re.compile(rb"\s*(?:<\?[^>]*>\s*)*<([A-Za-z]+)[\s>]")


def records(
    path: Path, names: Sequence[str], roots: Sequence[str], format_name: str, again: str
) -> Iterator[tuple[str, bytes]]:
    """Yield name and bytes of every element of the wanted names, from its start tag up to its end tag.

    Args:
        path: The file.
        names: Elements wanted; none lies inside another.
        roots: What the outermost element may be.
        format_name: Of the format, for complaints.
        again: What to do about a file that cannot be read.

    Raises:
        BadInput: If the file is empty or too large, is of another kind, declares entities, is cut short or damaged.
    """
    inspected(path, again)
    edge = re.compile(rb"<(/?)(%s)(?=[\s>/])" % "|".join(names).encode())
    done, opened, last_tag = 0, "", b""
    with path.open("rb") as file:
        window = b""
        while piece := file.read(PIECE):
            window, usable = _clean(window + piece, path, format_name, again)
            last_tag = last_tag or _root(window[:usable], path, roots, format_name, again)
            start, opened = 0, ""  # a record that was left open is looked at again from its start
            for found in edge.finditer(window, 0, usable):
                name = found[2].decode()
                if opened != (name if found[1] else ""):
                    raise _broken(path, done + found.start(), format_name, again)
                if found[1]:
                    yield name, window[start : found.start()]
                    opened, start = "", found.end()
                elif not _alone(window, found.end()):
                    opened, start = name, found.start()
            kept = start if opened else _kept(window, start, usable)
            if len(window) - kept > MOST_RECORD:
                raise _broken(path, done + kept, format_name, again)
            done, window = done + kept, window[kept:]
    if opened or not window.rstrip().endswith(last_tag):
        raise _broken(path, done + (0 if opened else len(window)), format_name, again)


def _kept(window: bytes, start: int, usable: int) -> int:
    """Return where the tag or comment begins that may go on in the next piece."""
    return usable if usable < len(window) else max(window.rfind(b"<", start), start)


def _alone(window: bytes, at: int) -> bool:
    """Say whether a start tag is its own end tag."""
    end = window.find(b">", at)
    return end > 0 and window[end - 1 : end] == b"/"


def _root(window: bytes, path: Path, roots: Sequence[str], format_name: str, again: str) -> bytes:
    """Return the end tag of the outermost element."""
    found = _ROOT.match(window.removeprefix(b"\xef\xbb\xbf"))
    if found is None or found[1].decode() not in roots:
        raise bad_input(
            "wrong-format", f"this is no {format_name} file, whatever its name says", file=str(path), field=FIELD,
            value=seen_as(path), next_step=again,
        )  # fmt: skip
    return b"</" + found[1] + b">"


def _clean(window: bytes, path: Path, format_name: str, again: str) -> tuple[bytes, int]:
    """Return the bytes with comments blanked, and up to where they can be searched: a comment may go on in the next piece."""
    if b"!" not in window or b"<!" not in window:
        return window, len(window)
    window = _COMMENT.sub(lambda found: b" " * len(found[0]), window)
    at = window.find(b"<!")
    if at < 0:
        return window, len(window)
    head = window[at : at + 4]
    if b"<!--".startswith(head):
        return window, at
    raise bad_input(
        "entities",
        f"{format_name} has no document type, entities or CDATA; this file declares some",
        file=str(path),
        field=FIELD,
        value=window[at : at + 40].decode("ascii", "replace"),
        next_step=again,
    )


def _broken(path: Path, at: int, format_name: str, again: str) -> BadInput:
    """Return the complaint about a place in the file [bytes]; the line is counted only now."""
    line, left = 1, at
    with path.open("rb") as file:
        while left > 0 and (piece := file.read(min(PIECE, left))):
            line, left = line + piece.count(b"\n"), left - len(piece)
    return bad_input(
        "cut-short",
        f"this is no complete {format_name} file: it breaks off or is damaged at line {line}",
        file=str(path),
        field=FIELD,
        next_step=again,
    )
