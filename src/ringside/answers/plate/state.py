"""Finished wells kept in a folder, so that an interrupted run goes on where it was."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from ringside import __version__
from ringside.answers.plate.nouns import WellEntry
from ringside.case.nouns import Case
from ringside.errors import bad_input
from ringside.knowledge.base import Knowledge

_WELL = TypeAdapter(WellEntry)


def frame_of(targets: Sequence[str], knowledge: Knowledge, template: Case | None) -> str:
    """Return a digest of all that every well depends on: version, knowledge, and the case or, without one, all targets."""
    case = json.dumps(template.raw, sort_keys=True, default=str) if template is not None else ""
    others = "" if template is not None else json.dumps(sorted(set(targets)))
    return _digest(__version__, knowledge.hash, case, others)


def key_of(frame: str, cells: object, injection: str) -> str:
    """Return the key of a well: that of the plate, its row, and what its injection holds."""
    return _digest(frame, json.dumps(cells, sort_keys=True), injection)


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def kept(folder: Path, key: str) -> WellEntry | str | None:
    """Return a finished well, None where it was not finished, or a sentence on why its file cannot be used."""
    path = _path(folder, key)
    try:
        body = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as fault:
        return f"{path.name} cannot be read ({fault.strerror}); the well is done again"
    try:
        mark, _, text = body.partition(b"\n")
        if mark.decode("ascii", "replace") != hashlib.sha256(text).hexdigest():
            raise ValueError
        return _WELL.validate_json(text)
    except (ValueError, ValidationError):
        return f"{path.name} is damaged; the well is done again"


def keep(folder: Path, key: str, entry: WellEntry) -> None:
    """Keep a finished well; the file appears whole or not at all.

    Raises:
        BadInput: If the folder cannot be written to.
    """
    text = json.dumps(asdict(entry), ensure_ascii=False).encode()
    path = _path(folder, key)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        temporary = path.with_suffix(f".{os.getpid()}")
        temporary.write_bytes(hashlib.sha256(text).hexdigest().encode() + b"\n" + text)
        temporary.replace(path)
    except OSError as fault:
        raise bad_input(
            "cannot-write", f"the state of the run cannot be kept: {fault.strerror}", file=str(folder), field="--resume",
            next_step="name a folder that you may write to",
        ) from fault  # fmt: skip


def _path(folder: Path, key: str) -> Path:
    return folder / f"well-{key[:32]}.json"
