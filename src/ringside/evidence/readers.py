"""One door for every LC-MS file."""

from __future__ import annotations

import stat
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from ringside.errors import BadInput, bad_input
from ringside.evidence.andi import read_andi
from ringside.evidence.clock import on_time
from ringside.evidence.daml import read_daml
from ringside.evidence.files import FIELD, LARGEST_TEXT, decoded_text, inspected, kind_of, seen_as
from ringside.evidence.mzml import read_mzml
from ringside.evidence.nouns import LcmsRun
from ringside.evidence.picking import picked
from ringside.evidence.raw import RawRun
from ringside.evidence.rpt import AGAIN as OPENLYNX
from ringside.evidence.rpt import is_rpt, read_rpt
from ringside.evidence.table import ColumnWords, read_table
from ringside.evidence.vendor import read_folder
from ringside.evidence.workbook import read_workbook
from ringside.units import Mz

HEAD = 4096
BLANK = f"{FIELD}.blank"
LATER = {
    ".mzxml": ("mzXML", "convert it to mzML (msconvert), or export the peak table as CSV"),
    ".mzdata": ("mzData", "convert it to mzML (msconvert), or export the peak table as CSV"),
    ".gz": ("a packed file", "unpack it first"),
    ".zip": ("an archive", "unpack it first; a vendor folder is read as a folder"),
    ".lcd": ("Shimadzu .lcd", "export ANDI (.cdf) or .daml, or the peak table as text (LabSolutions: File, Export Data)"),
    ".raw": ("a .raw file", "Thermo: convert it to mzML (msconvert or ThermoRawFileParser); Waters .raw is a folder: give the whole of it"),
    ".d": ("a file named .D", "Agilent .D is a folder: give the whole of it, or export the peak table as CSV"),
    ".dx": ("an OpenLab .dx archive", "export AIA/ANDI (.cdf), or the peak table as CSV"),
    ".ch": ("one signal out of an Agilent .D folder", "give the folder, or export the peak table as CSV"),
    ".uv": ("one signal out of an Agilent .D folder", "give the folder, or export the peak table as CSV"),
    ".ms": ("one signal out of an Agilent .D folder", "give the folder, or export the peak table as CSV"),
    ".wiff": ("Sciex .wiff", "convert it to mzML (msconvert), or export the peak table as text"),
    ".wiff2": ("Sciex .wiff2", "convert it to mzML (msconvert), or export the peak table as text"),
    ".arw": ("Empower .arw", "export the peak table instead of the trace"),
    ".xls": ("an old spreadsheet", "save the sheet as .xlsx or CSV"),
    ".ods": ("an OpenDocument spreadsheet", "save the sheet as .xlsx or CSV"),
    ".pdf": ("a printed report", "export the peak table as CSV, or type the peaks as [[observed.peak]]"),
}  # fmt: skip
TEXTS = (".rpt", ".csv", ".tsv", ".txt")
RAW = {".mzml": read_mzml, ".cdf": read_andi}
FOLDERS = (".d", ".raw")
INSTEAD = "export the peak table as CSV with rt, area % and m/z"
ACCEPTED = (
    ".mzML, .cdf (ANDI), .rpt (Waters OpenLynx report), .daml (Shimadzu), .csv, .tsv, .txt, .xlsx (peak table); "
    'with the extra "vendor" folders .D (Agilent) and .raw (Waters)'
)


def read_lcms(
    path: Path,
    words: ColumnWords,
    *,
    well: str | None = None,
    wavelength: float | None = None,
    targets: Sequence[Mz] = (),
    blank: Path | None = None,
) -> LcmsRun:
    """Return one injection of a file: raw data, whose peaks are then found, a report, or a peak table.

    Args:
        path: The file.
        words: Header words of peak tables.
        well: Which injection, where the file holds several.
        wavelength: Of the UV trace whose peaks are wanted [nm], for files with UV spectra.
        targets: m/z whose traces are wanted, and whose peaks count where UV shows none, for files with scans.
        blank: An injection without sample, taken off a raw file.

    Returns:
        The peaks, and what else the file tells.

    Raises:
        BadInput: If it cannot be read; for formats that are known but not read, what to export instead.
    """
    ending, kind = path.suffix.casefold(), kind_of(path)
    if (kind == stat.S_IFDIR and ending in FOLDERS) or (kind == stat.S_IFREG and ending in RAW):
        return _found(path, wavelength, targets, blank)
    if blank is not None:
        raise _blank_not_raw(path)
    if kind == stat.S_IFREG and ending == ".daml":
        return read_daml(path)
    if kind == stat.S_IFREG and ending == ".xlsx":
        return read_workbook(path, words, well=well)
    if kind == stat.S_IFREG and ending in TEXTS:
        return _text(path, ending, words, well)
    raise _not_read(path, ending, kind)


def read_recorded(path: Path) -> RawRun | LcmsRun:
    """Return what a file of scans or traces holds, before any peak is found; a chromatogram that was integrated before comes with its peaks.

    Raises:
        BadInput: If it cannot be read, or is a report or a table.
    """
    ending, kind = path.suffix.casefold(), kind_of(path)
    if kind == stat.S_IFDIR and ending in FOLDERS:
        run: RawRun | LcmsRun = read_folder(path)
    elif kind == stat.S_IFREG and ending in RAW:
        run = RAW[ending](path)
    else:
        raise _not_read(path, ending, kind)
    return run if isinstance(run, LcmsRun) else on_time(run, path)


def _not_read(path: Path, ending: str, kind: int) -> BadInput:
    name, instead = "this kind of file", INSTEAD
    if kind == stat.S_IFREG:
        name, instead = LATER.get(ending, (name, instead))
    elif kind == stat.S_IFDIR:
        name = "a folder of this name"
    else:
        name = "a pipe or device"
    return bad_input(
        "format-not-read",
        f"{name} is not read by this version",
        file=str(path),
        field=FIELD,
        value=ending or path.name,
        limit=ACCEPTED,
        next_step=instead,
    )


def _text(path: Path, ending: str, words: ColumnWords, well: str | None) -> LcmsRun:
    inspected(path, INSTEAD, largest=LARGEST_TEXT)
    with path.open("rb") as file:
        report = is_rpt(decoded_text(file.read(HEAD)))
    if report:
        return read_rpt(path, well=well)
    if ending == ".rpt":
        raise bad_input(
            "bad-rpt",
            "this is not an OpenLynx report: it does not begin with a [SAMPLE] block",
            file=str(path),
            field=FIELD,
            value=seen_as(path),
            next_step=OPENLYNX,
        )
    return read_table(path, words, well=well)


def _found(path: Path, wavelength: float | None, targets: Sequence[Mz], blank: Path | None) -> LcmsRun:
    run, empty = read_recorded(path), None if blank is None else _blank(blank)
    if isinstance(empty, LcmsRun) or (empty is not None and isinstance(run, LcmsRun)):
        raise _blank_not_raw(path if isinstance(run, LcmsRun) else blank or path)
    found = run if isinstance(run, LcmsRun) else picked(run, wavelength, targets, empty)
    if not found.peaks:
        raise bad_input(
            "no-peaks",
            "no peak stands out of the noise",
            file=str(path),
            field=FIELD,
            next_step="check that it is the right file, or type the peaks as [[observed.peak]]",
        )
    return found


def _blank(path: Path) -> RawRun | LcmsRun:
    try:
        return read_recorded(path)
    except BadInput as fault:
        raise BadInput(*(replace(c, field=BLANK) for c in fault.complaints)) from fault


def _blank_not_raw(path: Path) -> BadInput:
    return bad_input(
        "blank-not-raw",
        "a blank can only be taken off where both files hold what was recorded, not peaks that were integrated before",
        file=str(path),
        field=BLANK,
        limit=".mzML, vendor folders, or .cdf without a peak table",
        next_step="export both as mzML, or leave the blank out",
    )
