"""The injections of a plate, each file opened once."""

from __future__ import annotations

import codecs
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ringside.answers.plate.platemap import Row
from ringside.evidence.nouns import LcmsRun
from ringside.evidence.rpt import injection, is_rpt, opened, text_of_well
from ringside.evidence.table import ColumnWords

TEXTS = (".rpt", ".txt")
HEAD = 4096


@dataclass(frozen=True, slots=True)
class Source:
    """How to come by the injection of a row, and by a digest of everything in it."""

    run: Callable[[Row], LcmsRun]
    digest: Callable[[Row], str]


def source_of(data: Path, words: ColumnWords, wavelength: float | None) -> Source:
    """Return the source of the injections of a plate.

    An OpenLynx report is split once; other files are read for each well.

    Args:
        data: The file with all wells, or the folder of their files.
        words: Header words of peak tables.
        wavelength: Of the UV trace [nm], for files with UV spectra.

    Raises:
        BadInput: If the report cannot be opened.
    """
    if _is_report(data):
        report = opened(data)
        return Source(
            lambda row: injection(report, row.place),
            lambda row: hashlib.sha256(text_of_well(report, row.place).encode()).hexdigest(),
        )
    folder = data.is_dir()

    def path_of(row: Row) -> Path:
        return data / row.file if folder else data

    def run(row: Row) -> LcmsRun:
        from ringside.evidence.readers import read_lcms  # noqa: PLC0415  (a plate of reports starts without signal processing)

        return read_lcms(path_of(row), words, well=None if folder else row.place, wavelength=wavelength)

    return Source(run, lambda row: _digest(path_of(row)))


def _is_report(data: Path) -> bool:
    if data.suffix.casefold() not in TEXTS or not data.is_file():
        return False
    with data.open("rb") as file:
        head = file.read(HEAD)
    wide = head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    text = head.decode("utf-16" if wide else "utf-8-sig", errors="replace")
    return is_rpt(text)


def _digest(path: Path) -> str:
    """Return a digest of a file, or of all files of a folder; empty where there is none."""
    total = hashlib.sha256()
    for part in sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]:
        try:
            with part.open("rb") as file:
                total.update(str(part.relative_to(path)).encode())
                total.update(hashlib.file_digest(file, "sha256").digest())
        except OSError:
            return ""
    return total.hexdigest()
