"""Waters OpenLynx reports (.rpt): text, one [SAMPLE] block per injection."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from ringside.errors import BadInput, bad_input
from ringside.evidence.nouns import Chromatogram, Instrument, LcmsRun, Peak
from ringside.record.toml import read_text

_PAIR = re.compile(r"^\s*(-?[\d.]+(?:[eE][-+]?\d+)?)\s+(-?[\d.]+(?:[eE][-+]?\d+)?)\s*$")
_VIAL = re.compile(r"^(\d+):(\d+)$")
_GRID = re.compile(r"(?:^|,)1:\s*(\d+),2:\s*(\d+)(?:,|$)")
_HIGH_PH = re.compile(r"h(?:igh)?[-_ ]?ph(?![a-z])", re.IGNORECASE)
_UV = ("DAD", "PDA", "UV", "AN1", "AN2")
# What the manufacturer states for a unit-mass detector, not a property of any molecule.
UNIT_MASS_ERROR_DA = 0.3
MOST_IONS = 40
TRACE_POINTS = 600
SAME_PEAK_MIN = 0.05


@dataclass(slots=True)
class Block:
    """One [NAME] { ... } block: its own lines, the blocks inside, and whether its closing brace was there."""

    name: str
    lines: list[str] = field(default_factory=list[str])
    inner: list[Block] = field(default_factory=list["Block"])
    closed: bool = False

    def value(self, key: str) -> str:
        """Return the value of a tab-separated field, empty where there is none."""
        for line in self.lines:
            head, _, tail = line.partition("\t")
            if head.strip() == key:
                return tail.strip()
        return ""

    def walk(self, name: str) -> Iterator[Block]:
        """Yield all blocks of a name inside this one, at any depth."""
        for block in self.inner:
            if block.name == name:
                yield block
            yield from block.walk(name)

    def pairs(self) -> list[tuple[float, float]]:
        """Return the lines that hold two numbers."""
        return [(float(m[1]), float(m[2])) for m in map(_PAIR.match, self.lines) if m]


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
    samples = [b for b in _blocks(read_text(path)) if b.name == "SAMPLE"]
    if not samples:
        raise bad_input(
            "bad-rpt",
            "this is not an OpenLynx report: it holds no [SAMPLE] block",
            file=str(path),
            next_step="export the report again, or export the peak table as CSV",
        )
    sample = _chosen(samples, well, path)
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
    return tuple(b.value("Well") for b in _blocks(read_text(path)) if b.name == "SAMPLE")


def _blocks(text: str) -> list[Block]:
    root = Block("")
    stack = [root]
    pending: Block | None = None
    for raw in text.splitlines():
        line = raw.rstrip()
        if line.startswith("[") and line.endswith("]"):
            pending = Block(line[1:-1])
        elif line == "{" and pending is not None:
            stack[-1].inner.append(pending)
            stack.append(pending)
            pending = None
        elif line == "}" and len(stack) > 1:
            stack.pop().closed = True
        else:
            stack[-1].lines.append(line)
    return root.inner


def _position(sample: Block) -> str:
    """Return the plate position of a vial ("B6" of 4:18 with 12 columns), empty where the report gives no grid."""
    vial, grid = _VIAL.match(sample.value("Well")), _GRID.search(sample.value("Plate"))
    if vial is None or grid is None:
        return ""
    rows, columns, number = int(grid[1]), int(grid[2]), int(vial[2])
    if not 1 <= number <= rows * columns <= 26 * columns:
        return ""
    return f"{chr(ord('A') + (number - 1) // columns)}{(number - 1) % columns + 1}"


def _chosen(samples: Sequence[Block], well: str | None, path: Path) -> Block:
    there = ", ".join(f"{s.value('Well')} ({p})" if (p := _position(s)) else s.value("Well") for s in samples)
    if well is None:
        if len(samples) == 1:
            return samples[0]
        raise bad_input(
            "which-well",
            f"the report holds {len(samples)} injections; say which",
            file=str(path),
            field="observed.lcms.well",
            limit=there,
            next_step=f'write lcms = {{ file = "{path.name}", well = "{samples[0].value("Well")}" }}',
        )
    key = well.strip().casefold()
    named = [s for s in samples if s.value("Well").casefold() == key]
    placed = named or [s for s in samples if _position(s).casefold() == key]
    if len(placed) == 1:
        return placed[0]
    text = "the report has no such well" if not placed else "several injections have this well"
    last = samples[-1]
    raise bad_input(
        "no-such-well",
        text if last.closed else f"{text}, and it is cut short in well {last.value('Well')}",
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
            found.append((spectrum.value("Peak ID"), _float(spectrum.value("Time")), ions))
    return found


def _float(text: str) -> float:
    """Return a number, nan where the field is empty or no number."""
    try:
        return float(text)
    except ValueError:
        return math.nan


def _peaks(sample: Block, path: Path) -> tuple[Peak, ...]:
    spectra = _spectra(sample)
    channel = next((c for c in sample.walk("CHROMATOGRAM") if _is_uv(c)), None)
    found: list[Peak] = []
    for block in channel.walk("PEAK") if channel is not None else ():
        key, time, area = block.value("Peak ID"), _float(block.value("Time")), _float(block.value("Area %Total"))
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
