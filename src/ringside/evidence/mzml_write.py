"""A synthetic injection as mzML."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import quoteattr

import numpy as np

from ringside.errors import bad_input
from ringside.evidence.raw import RawRun
from ringside.evidence.simulated import MARK
from ringside.kinetics.nouns import FloatArray

LEVEL = 6
SECOND = 'unitCvRef="UO" unitAccession="UO:0000010" unitName="second"'
NANOMETRE = ' unitCvRef="UO" unitAccession="UO:0000018" unitName="nanometer"'
MZ_UNIT = ' unitCvRef="MS" unitAccession="MS:1000040" unitName="m/z"'
ABSORBANCE = ' unitCvRef="UO" unitAccession="UO:0000269" unitName="absorbance unit"'
COUNTS = ' unitCvRef="MS" unitAccession="MS:1000131" unitName="number of detector counts"'
ANALYSER = {True: ("MS:1000084", "time-of-flight"), False: ("MS:1000081", "quadrupole")}


def _cv(accession: str, name: str, value: str = "", unit: str = "") -> str:
    return f'<cvParam cvRef="MS" accession="{accession}" name={quoteattr(name)} value={quoteattr(value)}{unit}/>'


def mzml_text(run: RawRun) -> str:
    """Return a synthetic run as mzML: its scans and UV spectra by time, and the mark that nobody measured it.

    m/z are written as 64-bit numbers, the rest as 32-bit, packed with zlib. No clock and no machine is named, so that the same run
    gives the same text. MS/MS scans and single traces, which the synthetic instrument does not record, are not written.
    """
    spectra = sorted(_spectra(run), key=lambda s: (s[0], s[1]))
    body = "".join(
        f'<spectrum index="{i}" id="scan={i + 1}" defaultArrayLength="{length}">{text}</spectrum>\n'
        for i, (_, _, length, text) in enumerate(spectra)
    )
    accession, name = ANALYSER[bool(run.fine)]
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<mzML xmlns="http://psi.hupo.org/ms/mzml" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
        'xsi:schemaLocation="http://psi.hupo.org/ms/mzml http://psidev.info/files/ms/mzML/xsd/mzML1.1.0.xsd" version="1.1.0">\n'
        '<cvList count="2"><cv id="MS" fullName="Proteomics Standards Initiative Mass Spectrometry Ontology" '
        'URI="https://raw.githubusercontent.com/HUPO-PSI/psi-ms-CV/master/psi-ms.obo"/>'
        '<cv id="UO" fullName="Unit Ontology" URI="https://raw.githubusercontent.com/bio-ontology-research-group/unit-ontology/master/unit.obo"/></cvList>\n'
        f"<fileDescription><fileContent>{_cv('MS:1000579', 'MS1 spectrum')}{_cv('MS:1000804', 'electromagnetic radiation spectrum')}"
        f"<userParam name={quoteattr(MARK)}/></fileContent></fileDescription>\n"
        f'<softwareList count="1"><software id="ringside" version="1">{_cv("MS:1000799", "custom unreleased software tool", "Ringside synthetic instrument")}'
        "</software></softwareList>\n"
        '<instrumentConfigurationList count="1"><instrumentConfiguration id="IC1">'
        f"{_cv('MS:1000031', 'instrument model')}<userParam name={quoteattr(MARK)}/>"
        f'<componentList count="3"><source order="1">{_cv("MS:1000073", "electrospray ionization")}</source>'
        f'<analyzer order="2">{_cv(accession, name)}</analyzer>'
        f'<detector order="3">{_cv("MS:1000253", "electron multiplier")}</detector></componentList>'
        "</instrumentConfiguration></instrumentConfigurationList>\n"
        '<dataProcessingList count="1"><dataProcessing id="made"><processingMethod order="0" softwareRef="ringside">'
        f"{_cv('MS:1000544', 'Conversion to mzML')}</processingMethod></dataProcessing></dataProcessingList>\n"
        f'<run id="synthetic" defaultInstrumentConfigurationRef="IC1"><spectrumList count="{len(spectra)}" defaultDataProcessingRef="made">\n'
        f"{body}</spectrumList></run></mzML>\n"
    )


def _spectra(run: RawRun) -> Iterator[tuple[float, int, int, str]]:
    """Yield time, kind, length and text of every spectrum."""
    ms = (
        _cv("MS:1000511", "ms level", "1")
        + _cv("MS:1000579", "MS1 spectrum")
        + _cv("MS:1000130", "positive scan")
        + _cv("MS:1000127", "centroid spectrum")
    )
    for scan in run.scans:
        arrays = _array(scan.mz, "MS:1000514", "m/z array", MZ_UNIT, bits=64)
        arrays += _array(scan.intensity, "MS:1000515", "intensity array", COUNTS, bits=32)
        yield scan.t, 1, len(scan.mz), ms + _timed(scan.t, arrays)
    lamp = _cv("MS:1000804", "electromagnetic radiation spectrum") + _cv("MS:1000128", "profile spectrum")
    lambdas = _array(run.wavelengths, "MS:1000617", "wavelength array", NANOMETRE, bits=64)
    for t, row in zip(run.uv_t, run.uv, strict=True):
        arrays = lambdas + _array(row, "MS:1000515", "intensity array", ABSORBANCE, bits=32)
        yield float(t), 0, len(row), lamp + _timed(float(t), arrays)


def _timed(t: float, arrays: str) -> str:
    when = _cv("MS:1000016", "scan start time", repr(t), f" {SECOND}")
    return (
        f'<scanList count="1">{_cv("MS:1000795", "no combination")}<scan>{when}</scan></scanList>'
        f'<binaryDataArrayList count="2">{arrays}</binaryDataArrayList>'
    )


def _array(values: FloatArray, accession: str, name: str, unit: str, *, bits: int) -> str:
    raw = np.asarray(values, dtype="<f8" if bits == 64 else "<f4").tobytes()
    text = base64.b64encode(zlib.compress(raw, LEVEL)).decode("ascii")
    width = _cv("MS:1000523", "64-bit float") if bits == 64 else _cv("MS:1000521", "32-bit float")
    return (
        f'<binaryDataArray encodedLength="{len(text)}">{width}{_cv("MS:1000574", "zlib compression")}'
        f"{_cv(accession, name, '', unit)}<binary>{text}</binary></binaryDataArray>"
    )


def write_mzml(run: RawRun, path: Path) -> None:
    """Write a synthetic run; a file that bears no mark of being simulated is not overwritten.

    Raises:
        BadInput: If a measured file is in the way, the name does not end in .mzML, or it cannot be written.
    """
    if path.suffix.casefold() != ".mzml":
        raise bad_input("bad-name", "a simulated run is written as mzML", file=str(path), field="--out", value=path.suffix, limit=".mzML")  # fmt: skip
    try:
        if path.exists() and not _is_simulated(path):
            raise bad_input("in-the-way", "this file was not simulated; it is left as it is", file=str(path), field="--out", next_step="name another file")  # fmt: skip
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(mzml_text(run), encoding="utf-8", newline="\n")
    except OSError as fault:
        raise bad_input(
            "cannot-write", f"the run cannot be written: {fault.strerror}", file=str(path), field="--out", next_step="name a file in a folder that you may write to"
        ) from fault  # fmt: skip


def _is_simulated(path: Path) -> bool:
    with path.open("rb") as file:
        return MARK.encode() in file.read(4096)
