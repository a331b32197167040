"""Peak tables in spreadsheets (.xlsx)."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ringside.errors import BadInput, bad_input
from ringside.evidence.files import FIELD, inspected
from ringside.evidence.nouns import LcmsRun
from ringside.evidence.table import MOST_ROWS, PREAMBLE, ColumnWords, body, peaks_of, useful, wrong_columns

AGAIN = "save the sheet with the peak table as CSV, or as a new .xlsx"
LARGEST_WORKBOOK = 50_000_000
MOST_UNPACKED, MOST_SIDE_PART = 60_000_000, 4_000_000
MOST_PARTS, MOST_COLUMNS, MOST_SHEETS = 2000, 40, 50
PIECE, MOST_TEXT = 1_000_000, 2000
OLD_OFFICE = b"\xd0\xcf\x11\xe0"


def read_workbook(path: Path, words: ColumnWords, *, well: str | None = None) -> LcmsRun:
    """Return the peaks of the first sheet that has a header with known words.

    Rows above the header (titles, merged cells) are passed over; cells formatted as percent count as percent; formulas count with
    the value that was saved with them.

    Args:
        path: The workbook.
        words: Header words.
        well: Sample, where the table has a sample column with several.

    Returns:
        The peaks in the order of the sheet.

    Raises:
        BadInput: If it is no workbook, is damaged, unpacks to more than a peak table can be, or no sheet has a known header.
    """
    inspected(path, AGAIN, largest=LARGEST_WORKBOOK)
    _check(path)
    shown: list[str] = []
    for rows in _sheets(path):
        best = max(range(min(PREAMBLE, len(rows))), key=lambda n: (useful(rows[n], words), -n), default=0)
        if rows and useful(rows[best], words):
            header, below = rows[best], enumerate(rows[best + 1 :], start=best + 2)
            return peaks_of(header, body(below, path), words, path, well=well)
        shown += [" ".join(c for c in row if c) for row in rows[:PREAMBLE] if any(row)]
    raise wrong_columns(shown, words, path)


def _check(path: Path) -> None:
    """Refuse what is no workbook, is packed to burst, or declares entities, before it is parsed."""
    with path.open("rb") as file:
        if file.read(4) == OLD_OFFICE:
            raise _refused(path, "this is an old .xls or a workbook with a password, which is not read")
    try:
        with zipfile.ZipFile(path) as archive:
            parts = [p for p in archive.infolist() if p.filename.endswith((".xml", ".rels"))]
            large = sum(p.file_size for p in parts) > MOST_UNPACKED or any(
                p.file_size > MOST_SIDE_PART
                for p in parts
                if not ("sheet" in p.filename or "haredStrings" in p.filename)
            )
            if len(parts) > MOST_PARTS or large:
                raise _refused(path, "the workbook unpacks to more than a peak table can be", "too-large")
            for part in parts:
                with archive.open(part) as content:
                    before = b""
                    while piece := content.read(PIECE):
                        if b"<!" in before + piece and any(w in before + piece for w in (b"<!DOCTYPE", b"<!ENTITY")):
                            raise _refused(path, "the workbook declares entities", "entities")
                        if piece.startswith((b"\xff\xfe", b"\xfe\xff")) and not before:
                            raise _refused(path, "the workbook is written in UTF-16")
                        before = piece[-16:]
    except BadInput:
        raise
    except Exception as fault:  # a damaged archive makes the library fail in ways that are not its contract
        raise _refused(path, "this is no .xlsx workbook, or it is cut short or damaged", "cut-short") from fault


def _sheets(path: Path) -> Iterator[list[list[str]]]:
    """Yield the rows of each sheet as text."""
    from openpyxl import load_workbook  # noqa: PLC0415  (a tenth of a second that other files need not wait for)

    with path.open("rb") as file:
        try:
            book: Any = load_workbook(file, read_only=True, data_only=True, keep_links=False)
            for sheet in book.worksheets[:MOST_SHEETS]:
                cells = sheet.iter_rows(max_row=MOST_ROWS + PREAMBLE, max_col=MOST_COLUMNS)
                rows = [[_text(c) for c in row] for row in cells]
                while rows and not any(rows[-1]):
                    rows.pop()
                yield rows
        except Exception as fault:  # as above
            raise _refused(path, "this is no .xlsx workbook, or it is damaged inside", "cut-short") from fault


def _text(cell: object) -> str:
    """Return a cell as it would stand in a text export, a percentage in percent."""
    value: Any = getattr(cell, "value", None)
    if value is None:
        return ""
    if isinstance(value, int | float) and not isinstance(value, bool):
        percent = "%" in str(getattr(cell, "number_format", ""))
        return f"{value * 100.0 if percent else value:.12g}"
    return str(value)[:MOST_TEXT]


def _refused(path: Path, text: str, code: str = "bad-workbook") -> BadInput:
    return bad_input(code, text, file=str(path), field=FIELD, next_step=AGAIN)
