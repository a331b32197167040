"""Peak tables as CSV, TSV or text, from any vendor."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from ringside.errors import BadInput, bad_input
from ringside.evidence.files import FIELD, text_of
from ringside.evidence.nouns import LcmsRun, Peak

_SPLIT_IONS = re.compile(r"[;|/\s]+")
_UNIT = re.compile(r"^(.*?)\s*[\[(]([^\])]*)[\])]\s*(.*)$")
_NUMBERED = re.compile(r"^(.*?\D)[\s.#_]*(\d{1,2})$")
SECONDS = {"s": 1.0, "sec": 1.0, "seconds": 1.0, "min": 60.0, "minutes": 60.0, "ms": 1e-3, "h": 3600.0}
TOTALS = frozenset({"total", "totals", "sum", "summe", "totals:", "total:", "sum:"})
PREAMBLE = 80
LONGEST_HEADER, LONGEST_LINE = 200, 10_000
MOST_ROWS = 5_000
LARGEST_TABLE = 16_000_000
LARGEST_NUMBER = 1e15
AREA_SUM = 1.02
ROUNDED_PERCENT = 0.05


@dataclass(frozen=True, slots=True)
class ColumnWords:
    """Which header words mean which column, and in which unit: word to (column, unit)."""

    words: Mapping[str, tuple[str, str]]

    def meaning(self, header: str) -> tuple[str, str] | None:
        """Return (column, unit) of a header cell, None where it is not known.

        Case, underscores and blanks do not matter; a unit in brackets wins over the table's; a number at the end
        ("m/z 2") is one more column of the same meaning.
        """
        if len(header) > LONGEST_HEADER:
            return None
        plain = _plain(header)
        found = self.words.get(plain)
        if found is not None:
            return found
        bracketed = _UNIT.match(plain)
        if bracketed is not None:
            base, unit = _plain(f"{bracketed[1]} {bracketed[3]}"), bracketed[2].strip().rstrip(".")
            inner = self.words.get(f"{base} %") if unit == "%" else self.meaning(base)
            if inner is not None:
                return (inner[0], unit) if unit in SECONDS else inner
        numbered = _NUMBERED.match(plain)
        return self.words.get(_plain(numbered[1])) if numbered is not None else None


def _plain(header: str) -> str:
    text = " ".join(header.casefold().replace("_", " ").replace('"', "").strip(" .:").split())
    return text.lstrip("# ") or text


def read_column_words(rows: Sequence[Mapping[str, str]]) -> ColumnWords:
    """Build the synonyms from rows ``column, synonym, unit, source``."""
    return ColumnWords({_plain(r["synonym"]): (r["column"], r["unit"]) for r in rows})


def read_table(path: Path, words: ColumnWords, *, well: str | None = None) -> LcmsRun:
    """Return the peaks of a table with a header.

    Columns are known by their header, in any order, apart by commas, semicolons, tabs or bars, with decimal points or
    commas: retention time, area or area percent, m/z (several in one cell or in several columns, strongest first),
    sample. Lines above the header and after the table are passed over. Areas become fractions of their sum; area
    percent is taken as it stands.

    Args:
        path: The file.
        words: Header words.
        well: Sample, where the table has a sample column with several.

    Returns:
        The peaks in the order of the table.

    Raises:
        BadInput: If no header names m/z or area; if there are no rows, a cell is not a number, the last row is cut off,
            or the table holds several samples and none is named.
    """
    return peaks_of(*_grid(text_of(path, largest=LARGEST_TABLE), words, path), words, path, well=well)


def peaks_of(
    header: Sequence[str],
    rows: Sequence[tuple[int, Sequence[str]]],
    words: ColumnWords,
    path: Path,
    *,
    well: str | None,
) -> LcmsRun:
    """Return the peaks of rows below a header.

    Args:
        header: Cells of the header.
        rows: (number in the file, cells) of each row.
        words: Header words.
        path: The file, for complaints.
        well: Sample, where there is a sample column with several.

    Raises:
        BadInput: As ``read_table``.
    """
    meant = [words.meaning(c) for c in header]
    records: list[tuple[int, dict[str, list[tuple[str, str]]]]] = []
    for number, row in rows:
        record: dict[str, list[tuple[str, str]]] = {}
        for m, cell in zip(meant, row, strict=False):
            if m is not None and cell.strip():
                record.setdefault(m[0], []).append((cell.strip(), m[1]))
        if record.keys() & {"rt", "area", "area_percent", "mz"}:
            records.append((number, record))
    if not records:
        raise bad_input(
            "empty-file",
            "the table has a header and no rows",
            file=str(path),
            field=FIELD,
            next_step="export the peak table again",
        )
    records = _of_sample(records, well, path)
    peaks = [_peak(i, number, record, path) for i, (number, record) in enumerate(records, start=1)]
    return LcmsRun(peaks=_scaled(peaks, records, path), sample=well or path.name)


def _grid(text: str, words: ColumnWords, path: Path) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Return the header cells, and (line number, cells) of the rows below it."""
    lines = text.splitlines()
    best: tuple[int, int, str] | None = None
    for n, line in enumerate(lines[:PREAMBLE]):
        if len(line) > LONGEST_LINE:
            continue
        for delimiter in ",;\t|":
            cells = next(csv.reader(io.StringIO(line), delimiter=delimiter), [])
            known = useful(cells, words)
            if known > (0 if best is None else best[1]):
                best = (n, known, delimiter)
        if best is not None:
            break
    if best is None:
        raise wrong_columns(lines, words, path)
    start, _, delimiter = best
    try:
        table = list(islice(csv.reader(lines[start:], delimiter=delimiter), MOST_ROWS + 1))
    except csv.Error as error:
        raise bad_input(
            "cut-short",
            f"the table cannot be read: {error}",
            file=str(path),
            field=FIELD,
            next_step="export or copy the table again",
        ) from error
    header = [c.strip() for c in table[0]]
    rows = body(enumerate(table[1:], start=start + 2), path)
    if rows and rows[-1][0] == len(lines) and not text.endswith(("\n", "\r")) and len(rows[-1][1]) < len(header):
        raise bad_input(
            "cut-short",
            "the last row has fewer cells than the header: the file is cut off",
            file=str(path),
            field=f"row {rows[-1][0]}",
            value=delimiter.join(rows[-1][1]),
            next_step="export or copy the table again",
        )
    return header, rows


def useful(cells: Sequence[str], words: ColumnWords) -> int:
    """Return how many columns that count a row names, 0 where it names neither area nor m/z."""
    columns = {m[0] for c in cells if (m := words.meaning(c)) is not None}
    return len(columns & {"rt", "area", "area_percent", "mz"}) if columns & {"area", "area_percent", "mz"} else 0


def body(numbered: Iterable[tuple[int, Sequence[str]]], path: Path) -> list[tuple[int, list[str]]]:
    """Return the rows of a table up to the first gap, without rules, remarks and totals.

    Raises:
        BadInput: If there are more than a peak table has.
    """
    rows: list[tuple[int, list[str]]] = []
    for number, cells in numbered:
        row = [c.strip() for c in cells]
        first = next((c for c in row if c), "")
        if not first or row[0].startswith("["):
            if rows:
                break
            continue
        if row[0].startswith("#") or first.casefold() in TOTALS or set("".join(row)) <= set("-=_"):
            continue
        rows.append((number, row))
    if len(rows) >= MOST_ROWS:
        raise bad_input(
            "too-large", "the table has more rows than an injection has peaks: it may be the trace itself", file=str(path), field=FIELD,
            limit=f"{MOST_ROWS} rows", next_step="export the table of integrated peaks, not the signal",
        )  # fmt: skip
    return rows


def wrong_columns(lines: Sequence[str], words: ColumnWords, path: Path) -> BadInput:
    """Return the complaint that no row is a header that is known."""
    accepted: dict[str, list[str]] = {}
    for word, (column, _) in words.words.items():
        accepted.setdefault(column, []).append(word)
    shown = "; ".join(
        f"{c}: {', '.join(accepted[c][:6])}" for c in ("rt", "area_percent", "area", "mz") if c in accepted
    )
    first = next((line for line in lines if line.strip()), "")
    return bad_input(
        "wrong-columns",
        "no line names a column of m/z or area by a word that is known",
        file=str(path),
        field="header",
        value=first[:200] or "nothing",
        limit=shown,
        next_step="rename the columns, for example: rt (min), area %, m/z",
    )


_Records = list[tuple[int, dict[str, list[tuple[str, str]]]]]


def _of_sample(records: _Records, well: str | None, path: Path) -> _Records:
    """Return the rows of one sample, all of them where there is no sample column."""
    names = sorted({r["sample"][0][0] for _, r in records if "sample" in r})
    if well is None and len(names) < 2:
        return records
    kept = [
        item
        for item in records
        if "sample" in item[1] and item[1]["sample"][0][0].casefold() == (well or "").casefold()
    ]
    if kept:
        return kept
    raise bad_input(
        "no-such-well" if well is not None else "which-well",
        "the table has no such sample" if names else "the table has no sample column",
        file=str(path),
        field="observed.lcms.well",
        value=well or "",
        limit=", ".join(names) or "no well: leave it out",
        next_step='write lcms = { file = "...", well = "..." } with one of these' if names else "leave out well",
    )


def _peak(index: int, row: int, record: Mapping[str, list[tuple[str, str]]], path: Path) -> Peak:
    rt = None
    if "rt" in record:
        text, unit = record["rt"][0]
        rt = _number(text, path, row) * SECONDS.get(unit, 60.0)
    masses = [
        _number(part, path, row)
        for text, _ in record.get("mz", [])
        for part in _SPLIT_IONS.split(text)
        if part.strip("-")
    ]
    if any(m <= 0 for m in masses) or (rt is not None and rt < 0):
        raise bad_input(
            "out-of-range",
            "m/z is above 0 and a retention time is not negative",
            file=str(path),
            field=f"row {row}",
            value=", ".join(f"{m:g}" for m in masses) or f"{rt}",
        )
    return Peak(f"p{index}", rt, tuple(masses), None, source=path.name)


def _scaled(peaks: Sequence[Peak], records: _Records, path: Path) -> tuple[Peak, ...]:
    """Return the peaks with their areas as fractions."""
    percent = any("area_percent" in r for _, r in records)
    key = "area_percent" if percent else "area"
    areas = [_number(r[key][0][0], path, row) if key in r else None for row, r in records]
    total = math.fsum(a for a in areas if a is not None)
    wrong = [a for a in areas if a is not None and a < 0]
    if wrong or (percent and total > 100 * (AREA_SUM + ROUNDED_PERCENT * len(peaks) / 100)):
        raise bad_input(
            "bad-areas",
            "an area is negative" if wrong else "the area percentages add up to more than 100",
            file=str(path),
            field=key,
            value=f"{wrong[0]:g}" if wrong else f"{total:g} %",
            next_step="export one detector channel of one injection",
        )
    scale = 100.0 if percent else total
    return tuple(
        Peak(p.id, p.rt, p.mz, a / scale if a is not None and scale > 0 else None, p.intensity, p.source)
        for p, a in zip(peaks, areas, strict=True)
    )


def _number(text: str, path: Path, row: int) -> float:
    cleaned = re.sub(r"[\s\u00a0\u202f']", "", text.rstrip("% "))
    if "," in cleaned:
        cleaned = cleaned.replace(",", "") if "." in cleaned or cleaned.count(",") > 1 else cleaned.replace(",", ".")
    try:
        value = float(cleaned)
    except ValueError:
        value = math.nan
    if not abs(value) < LARGEST_NUMBER:
        raise bad_input(
            "bad-number",
            "this cell is not a number",
            file=str(path),
            field=f"row {row}",
            value=text[:200],
            limit="a number with a decimal point or comma",
            next_step="correct the cell, or leave it empty",
        )
    return value
