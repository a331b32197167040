"""The door of a file from outside: there, a file, allowed, not empty, and small enough to be what it says."""

from __future__ import annotations

import codecs
import os
import stat
from pathlib import Path

from ringside.errors import BadInput, bad_input

FIELD = "observed.lcms"
LARGEST = 1_000_000_000
LARGEST_TEXT = 64_000_000
HALF_ZEROS = 0.3
MARKS = (
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"%PDF", "a PDF"),
    (b"PK\x03\x04", "a zip archive, such as .xlsx or .dx"),
    (b"\xd0\xcf\x11\xe0", "an OLE container, such as .xls or Shimadzu .lcd"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"CDF", "an ANDI (netCDF) file"),
    (b"\x89HDF", "an HDF5 (netCDF-4) file"),
    (b"\x01\xa1F\x00i\x00n\x00n", "a Thermo .raw file"),
    (b"\x03131", "an Agilent ChemStation file"),
    (b"\x03130", "an Agilent ChemStation file"),
    (b"\x03179", "an Agilent ChemStation file"),
    (b"[SAMPLE]", "an OpenLynx report"),
    (b"[Header]", "a LabSolutions text export"),
    (b"<?xml", "an XML file"),
)


def kind_of(path: Path) -> int:
    """Return the type bits of what a path leads to.

    Raises:
        BadInput: If there is nothing, the way there is closed, or a link leads to itself.
    """
    try:
        return stat.S_IFMT(path.stat().st_mode)
    except (FileNotFoundError, NotADirectoryError) as fault:
        text, step = "there is no such file", "check the name; it is relative to the case file"
        raise bad_input("cannot-read", text, file=str(path), field=FIELD, next_step=step) from fault
    except (OSError, ValueError) as fault:
        raise _closed(path, fault) from fault


def inspected(path: Path, again: str, *, largest: int = LARGEST) -> int:
    """Return the size of a file [bytes] that may be read.

    Args:
        path: The file.
        again: What to export instead, for complaints.
        largest: Limit [bytes].

    Raises:
        BadInput: If it is no ordinary file, is empty or too large, or may not be opened.
    """
    if kind_of(path) != stat.S_IFREG:
        raise bad_input(
            "not-a-file", "this is no ordinary file but a folder, pipe or device", file=str(path), field=FIELD, next_step=again
        )  # fmt: skip
    try:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
    except OSError as fault:
        raise _closed(path, fault) from fault
    if size == 0:
        raise bad_input("empty-file", "the file is empty", file=str(path), field=FIELD, next_step=again)
    if size > largest:
        raise bad_input(
            "too-large",
            "the file is too large to be one injection",
            file=str(path),
            field=FIELD,
            value=f"{size / 1e6:.0f} MB",
            limit=f"{largest / 1e6:.0f} MB",
            next_step=f"export the one injection, centroided; or {again}",
        )
    return size


def seen_as(path: Path) -> str:
    """Return what the first bytes of a file say it is, as far as known, else those bytes."""
    with path.open("rb") as file:
        head = file.read(40)
    return next((name for mark, name in MARKS if head.startswith(mark)), repr(head[:20])[2:-1])


def text_of(path: Path, again: str = "export the peak table as CSV", *, largest: int = LARGEST_TEXT) -> str:
    """Return the text of an export: UTF-8, UTF-16 with or without its mark, or latin-1.

    Raises:
        BadInput: If it cannot be opened, is empty or too large, or is not text.
    """
    inspected(path, again, largest=largest)
    try:
        raw = path.read_bytes()
    except OSError as fault:
        raise _closed(path, fault) from fault
    if not raw.strip():
        raise bad_input("empty-file", "the file is empty", file=str(path), field=FIELD, next_step=again)
    text = decoded_text(raw)
    if "\x00" in text:
        raise bad_input(
            "not-text",
            "this is not a text file, whatever its name says",
            file=str(path),
            field=FIELD,
            value=seen_as(path),
            next_step=again,
        )
    return text


def decoded_text(raw: bytes) -> str:
    """Return bytes as text; what is left of a broken encoding is latin-1, which every byte is."""
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return raw.decode("utf-16", errors="replace").lstrip("\ufeff")
    head = raw[:4096]
    for first, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        half = head[first::2]
        if len(half) > 1 and half.count(0) > HALF_ZEROS * len(half) and not head[1 - first :: 2].count(0):
            return raw.decode(encoding, errors="replace")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _closed(path: Path, fault: OSError | ValueError) -> BadInput:
    reason = fault.strerror if isinstance(fault, OSError) and fault.strerror else str(fault)
    step = "check the name, the folder and the permissions, or copy the file next to the case"
    return bad_input("cannot-read", f"the file cannot be read: {reason}", file=str(path), field=FIELD, next_step=step)
