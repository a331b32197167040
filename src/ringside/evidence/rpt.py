"""Waters OpenLynx reports (.rpt): text, one [SAMPLE] block per injection."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ringside.errors import BadInput, bad_input
from ringside.evidence.files import text_of
from ringside.evidence.nouns import Chromatogram, Instrument, LcmsRun, Peak
from ringside.evidence.rpt_blocks import Block, blocks, number

_VIAL = re.compile(r"^(\d{1,4}):(\d{1,4})$")
_GRID = re.compile(r"(?:^|,)1:\s*(\d{1,3}),2:\s*(\d{1,3})(?:,|$)")
_HIGH_PH = re.compile(r"h(?:igh)?[-_ ]?ph(?![a-z])", re.IGNORECASE)
_START = re.compile(r"^[ \t]*\[SAMPLE\][ \t]*$", re.MULTILINE)
_UV = ("DAD", "PDA", "UV", "AN1", "AN2")
# What the manufacturer states for a unit-mass detector, not a property of any molecule.
UNIT_MASS_ERROR_DA = 0.3
MOST_IONS = 40
TRACE_POINTS = 600
SAME_PEAK_MIN = 0.05
AGAIN = "export the report again (OpenLynx: .rpt), or export the peak table as CSV"


@dataclass(frozen=True, slots=True)
class Sample:
    """One injection of a report, not yet read: vial, plate position (empty where no grid is given), and its text."""

    vial: str
    position: str
    text: str


@dataclass(frozen=True, slots=True)
class Injections:
    """A report split into its injections, so that many wells are read from one pass over the file."""

    path: Path
    samples: tuple[Sample, ...]


def is_rpt(text: str) -> bool:
    """Say whether a text begins like an OpenLynx report."""
    return text.lstrip().startswith("[SAMPLE]")


def read_rpt(path: Path, *, well: str | None = None) -> LcmsRun:
    """Return one injection of an OpenLynx report.

    The UV peaks carry the areas; each is joined with the positive-mode spectrum of the same peak (number and time).
    Masses are those of a unit-mass detector. Nothing in the report says the pH of the eluent: a method name that hints
    at high pH only makes a note.

    Args:
        path: The report.
        well: Vial such as "4:18", or plate position such as "B6" where the report describes its plate; may be left out
            where the report holds one injection.

    Returns:
        Peaks by retention time, the UV and ion traces, and notes.

    Raises:
        BadInput: If the file is no such report or is cut short, or the well is missing or not in it; what is in it is
            listed.
    """
    return injection(opened(path), well)


def opened(path: Path) -> Injections:
    """Return a report with its injections found and not yet read.

    Raises:
        BadInput: If the file is no such report.
    """
    text = text_of(path, AGAIN).replace("\r\n", "\n").replace("\r", "\n")
    found = tuple(_head(part) for part in _START.split(text)[1:])
    if not found:
        raise bad_input(
            "bad-rpt",
            "this is not an OpenLynx report: it holds no [SAMPLE] block",
            file=str(path),
            next_step=AGAIN,
        )
    return Injections(path, found)


def text_of_well(report: Injections, well: str | None) -> str:
    """Return the text of one injection, by vial or plate position.

    Raises:
        BadInput: If the well is missing or not in it.
    """
    return _chosen(report, well).text


def injection(report: Injections, well: str | None) -> LcmsRun:
    """Return one injection of a report that was opened; see ``read_rpt``."""
    path = report.path
    sample = _block(_chosen(report, well))
    vial = sample.value("Well")
    if not sample.closed:
        raise _cut_short(path, vial)
    peaks = _peaks(sample, path)
    if not peaks:
        raise bad_input(
            "no-peaks",
            "this injection holds no integrated UV peak",
            file=str(path),
            field="observed.lcms.well",
            value=vial,
            next_step="integrate it and export again, or type the peaks into the case",
        )
    return LcmsRun(
        peaks=peaks,
        traces=_traces(sample),
        instrument=Instrument(polarity="positive", mz_error=UNIT_MASS_ERROR_DA, mz_error_unit="Da"),
        sample=vial,
        notes=_notes(sample),
    )


def wells_of(path: Path) -> tuple[str, ...]:
    """Return the vials of a report, in its order.

    Raises:
        BadInput: If it cannot be opened.
    """
    return tuple(s.vial for s in opened(path).samples)


def _head(part: str) -> Sample:
    """Return what the first lines of an injection say of its place."""
    head = Block("", part[: part.find("\n[")].splitlines())
    vial = head.value("Well")
    return Sample(vial, _position(vial, head.value("Plate")), part)


def _block(sample: Sample) -> Block:
    """Return the tree of blocks of one injection."""
    return blocks(f"[SAMPLE]{sample.text}")[0]


def _position(vial: str, plate: str) -> str:
    """Return the plate position of a vial ("B6" of 4:18 with 12 columns), empty where the report gives no grid."""
    match, grid = _VIAL.match(vial), _GRID.search(plate)
    if match is None or grid is None:
        return ""
    rows, columns, number = int(grid[1]), int(grid[2]), int(match[2])
    if not 1 <= number <= rows * columns <= 26 * columns:
        return ""
    return f"{chr(ord('A') + (number - 1) // columns)}{(number - 1) % columns + 1}"


def _chosen(report: Injections, well: str | None) -> Sample:
    samples, path = report.samples, report.path
    there = ", ".join(f"{s.vial} ({s.position})" if s.position else s.vial for s in samples)
    if well is None:
        if len(samples) == 1:
            return samples[0]
        raise bad_input(
            "which-well",
            f"the report holds {len(samples)} injections; say which",
            file=str(path),
            field="observed.lcms.well",
            limit=there,
            next_step=f'write lcms = {{ file = "{path.name}", well = "{samples[0].vial}" }}',
        )
    key = well.strip().casefold()
    named = [s for s in samples if s.vial.casefold() == key]
    placed = named or [s for s in samples if s.position.casefold() == key]
    if len(placed) == 1:
        return placed[0]
    text = "the report has no such well" if not placed else "several injections have this well"
    last = samples[-1]
    raise bad_input(
        "no-such-well",
        text if _block(last).closed else f"{text}, and it is cut short in well {last.vial}",
        file=str(path),
        field="observed.lcms.well",
        value=well,
        limit=there,
        next_step="write one of these, or check that it is the right report",
    )


def _cut_short(path: Path, vial: str) -> BadInput:
    return bad_input(
        "cut-short",
        "the report ends in the middle of this injection",
        file=str(path),
        field="observed.lcms.well",
        value=vial,
        next_step="copy or export the report again",
    )


def _spectra(sample: Block) -> list[tuple[str, float, list[tuple[float, float]]]]:
    """Return (peak number, time [min], ions strongest first) of the positive-mode spectra."""
    found: list[tuple[str, float, list[tuple[float, float]]]] = []
    for function in sample.walk("FUNCTION"):
        if not function.value("IonMode").replace(" ", "").upper().endswith("S+"):
            continue
        for spectrum in function.walk("SPECTRUM"):
            pairs = [p for ms in spectrum.walk("MS") for p in ms.pairs() if p[1] > 0]
            ions = sorted(pairs, key=lambda p: (-p[1], p[0]))[:MOST_IONS]
            found.append((spectrum.value("Peak ID"), number(spectrum.value("Time")), ions))
    return found


def _peaks(sample: Block, path: Path) -> tuple[Peak, ...]:
    spectra = _spectra(sample)
    channel = next((c for c in sample.walk("CHROMATOGRAM") if _is_uv(c)), None)
    found: list[Peak] = []
    for block in channel.walk("PEAK") if channel is not None else ():
        key, time, area = block.value("Peak ID"), number(block.value("Time")), number(block.value("Area %Total"))
        if not (math.isfinite(time) and math.isfinite(area) and block.closed):
            raise _cut_short(path, sample.value("Well"))
        near = [(k != key, abs(t - time), ions) for k, t, ions in spectra if abs(t - time) <= SAME_PEAK_MIN]
        ions = min(near, key=lambda x: x[:2])[2] if near else []
        top = ions[0][1] if ions else 1.0
        found.append(
            Peak(
                id=f"p{key}",
                rt=60.0 * time,
                mz=tuple(m for m, _ in ions),
                area=area / 100.0,
                intensity=tuple(i / top for _, i in ions),
                source=channel.value("Description") if channel is not None else "",
            )
        )
    return tuple(sorted(found, key=lambda p: (p.rt or 0.0, p.id)))


def _is_uv(chromatogram: Block) -> bool:
    return chromatogram.value("Description").strip().upper().startswith(_UV)


def _traces(sample: Block) -> tuple[Chromatogram, ...]:
    """Return the traces thinned for a picture, UV first; each bin keeps its highest point."""
    found: list[tuple[bool, Chromatogram]] = []
    for chromatogram in sample.walk("CHROMATOGRAM"):
        pairs = [p for t in chromatogram.walk("TRACE") for p in t.pairs()]
        if len(pairs) < 2:
            continue
        bins = np.array_split(np.array(pairs), min(TRACE_POINTS, len(pairs)))
        tops = np.array([b[int(b[:, 1].argmax())] for b in bins])
        label = chromatogram.value("Description").strip()
        found.append((not _is_uv(chromatogram), Chromatogram(label, 60.0 * tops[:, 0], tops[:, 1])))
    return tuple(c for _, c in sorted(found, key=lambda item: (item[0], item[1].label)))


def _notes(sample: Block) -> tuple[str, ...]:
    method = sample.value("InletMethod")
    if not _HIGH_PH.search(method):
        return ()
    return (
        f"the method name {method!r} hints at an eluent of high pH; "
        "no pH was taken from it: if it is so, write eluent_ph in instrument",
    )
