"""One door for every LC-MS file."""

from __future__ import annotations

from pathlib import Path

from ringside.errors import bad_input
from ringside.evidence.andi import read_andi
from ringside.evidence.daml import read_daml
from ringside.evidence.mzml import read_mzml
from ringside.evidence.nouns import LcmsRun
from ringside.evidence.picking import picked
from ringside.evidence.rpt import is_rpt, read_rpt
from ringside.evidence.table import ColumnWords, read_table, text_of

LATER = {
    ".mzxml": ("mzXML", "pick the peaks in the software that made it (or MZmine) and export them as CSV"),
    ".lcd": ("Shimadzu .lcd", "export the peak table as text (LabSolutions: File, Export Data) with area % and m/z"),
    ".raw": ("a .raw file or folder", "export the OpenLynx report (.rpt), or the peak table as CSV"),
    ".d": ("a .D folder", "export the peak table as CSV with rt, area % and m/z"),
    ".wiff": ("Sciex .wiff", "export the peak table as text"),
    ".arw": ("Empower .arw", "export the peak table instead of the trace"),
    ".xlsx": ("a spreadsheet", "save the sheet as CSV"),
    ".xls": ("a spreadsheet", "save the sheet as CSV"),
    ".pdf": ("a printed report", "export the peak table as CSV, or type the peaks as [[observed.peak]]"),
}
READ = (".rpt", ".csv", ".tsv", ".txt")
RAW = (".mzml", ".cdf", ".daml")
ACCEPTED = ".mzML, .cdf (ANDI), .rpt (Waters OpenLynx report), .daml (Shimadzu), .csv, .tsv, .txt (peak table)"


def read_lcms(path: Path, words: ColumnWords, *, well: str | None = None, wavelength: float | None = None) -> LcmsRun:
    """Return one injection of a file: raw data, whose peaks are then found, a report, or a peak table.

    Args:
        path: The file.
        words: Header words of peak tables.
        well: Which injection, where the file holds several.
        wavelength: Of the UV trace whose peaks are wanted [nm], for files with UV spectra.

    Returns:
        The peaks, and what else the file tells.

    Raises:
        BadInput: If it cannot be read; for formats that are known but not read, what to export instead.
    """
    ending = path.suffix.casefold()
    field = "observed.lcms"
    if not path.exists():
        raise bad_input(
            "cannot-read",
            "there is no such file",
            file=str(path),
            field=field,
            next_step="check the name; it is relative to the case file",
        )
    if ending in RAW and path.is_file():
        return _raw(path, ending, wavelength)
    if ending not in READ or path.is_dir():
        name, instead = LATER.get(ending, ("this kind of file", "export the peak table as CSV with rt, area % and m/z"))
        raise bad_input(
            "format-not-read",
            f"{name} is not read by this version",
            file=str(path),
            field=field,
            value=ending or path.name,
            limit=ACCEPTED,
            next_step=instead,
        )
    if is_rpt(text_of(path)):
        return read_rpt(path, well=well)
    if ending == ".rpt":
        raise bad_input(
            "bad-rpt",
            "this is not an OpenLynx report: it does not begin with a [SAMPLE] block",
            file=str(path),
            field=field,
            next_step="export the report again, or export the peak table as CSV",
        )
    return read_table(path, words, well=well)


def _raw(path: Path, ending: str, wavelength: float | None) -> LcmsRun:
    if ending == ".daml":
        return read_daml(path)
    run = read_mzml(path) if ending == ".mzml" else read_andi(path)
    found = run if isinstance(run, LcmsRun) else picked(run, wavelength)
    if not found.peaks:
        raise bad_input(
            "no-peaks",
            "no peak stands out of the noise",
            file=str(path),
            field="observed.lcms",
            next_step="check that it is the right file, or type the peaks as [[observed.peak]]",
        )
    return found
