"""What was seen, and what could be seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ringside.kinetics.nouns import FloatArray
from ringside.units import Mz, Second

StandardUnit = Literal["equiv", "mol", "mass"]


@dataclass(frozen=True, slots=True)
class Instrument:
    """How the data were taken. ``mz_error`` is in ``mz_error_unit``; ``second_ph`` the pH of the eluent of ``Peak.second_rt``."""

    polarity: str = "positive"
    mz_error: float = 0.3
    mz_error_unit: str = "Da"
    eluent_ph: float | None = None
    uv: float | None = None
    sampled_at: Second | None = None
    second_ph: float | None = None


@dataclass(frozen=True, slots=True)
class Peak:
    """One chromatographic peak: ``rt`` [s], m/z strongest first, area as a fraction of the total, or None.

    ``intensity`` are the heights of ``mz`` relative to the strongest, empty where they are not known; ``area_sd`` the standard
    error of ``area``; ``span`` start and end [s]; ``signal`` the area in the unit of its trace times seconds. What further
    experiments say of the strongest ion: ``load_exponent``, the power of the amount injected that its height goes with (1 for ordinary ions, 2
    for [2M+H]+); ``exchange``, the mass that it gains in D2O [Da]; ``fragments``, its MS/MS as (m/z, height relative to the
    strongest); ``second_rt``, its time in an eluent of another pH [s].
    """

    id: str
    rt: Second | None
    mz: tuple[Mz, ...]
    area: float | None
    intensity: tuple[float, ...] = ()
    source: str = ""
    area_sd: float | None = None
    span: tuple[Second, Second] | None = None
    signal: float | None = None
    load_exponent: float | None = None
    exchange: float | None = None
    fragments: tuple[tuple[Mz, float], ...] = ()
    second_rt: Second | None = None


@dataclass(frozen=True, slots=True)
class Chromatogram:
    """One trace for the picture: ``t`` [s] and signal, same shape (n,)."""

    label: str
    t: FloatArray
    y: FloatArray


@dataclass(frozen=True, slots=True)
class LcmsRun:
    """What a reader returns for one injection. ``notes`` say what the file hints at and nobody has confirmed.

    ``ions`` are the extracted-ion traces of the m/z that were asked for, in their order, on the clock of ``traces``; empty for
    files without scans.
    """

    peaks: tuple[Peak, ...]
    traces: tuple[Chromatogram, ...] = ()
    instrument: Instrument | None = None
    sample: str = ""
    notes: tuple[str, ...] = ()
    ions: tuple[Chromatogram, ...] = ()


@dataclass(frozen=True, slots=True)
class Dilution:
    """The same sample injected at another load: its file, and the load relative to the main injection."""

    file: str
    load: float


@dataclass(frozen=True, slots=True)
class Standard:
    """An internal standard as the case names it; ``amount`` from low to high in ``unit`` (equiv, mol or g), added to the whole mixture.

    ``rt`` is its retention time [s], where an injection of it alone has told it.
    """

    species: str
    amount: tuple[float, float]
    unit: StandardUnit
    rt: Second | None = None


@dataclass(frozen=True, slots=True)
class Calibration:
    """A measured response: area per mol of ``species`` over that of ``relative_to``, from low to high."""

    species: str
    relative_to: str
    factor: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Aliquot:
    """A sample taken on the way: ``at`` [s] after the start; fractions from low to high, None where not measured; peaks as at the end."""

    at: Second
    conversion: tuple[float, float] | None = None
    assay: tuple[float, float] | None = None
    peaks: tuple[Peak, ...] = ()


@dataclass(frozen=True, slots=True)
class NmrSignal:
    """One integral: ``of`` a species by name, SMILES, "target" or "starting material"; ``molar`` is integral per proton, or mol %.

    ``sample`` is the crude after work-up, or the mixture itself without work-up and acid.
    """

    of: str
    molar: float
    sample: Literal["crude", "mixture"] = "crude"


@dataclass(frozen=True, slots=True)
class WaterContent:
    """Water by Karl Fischer titration: mass fraction from low to high, ``of`` the mixture at its end or a charge by name."""

    of: str
    fraction: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Observed:
    """Everything the chemist reports: absent means not looked for."""

    isolated_yield: tuple[float, float] | None = None
    conversion: tuple[float, float] | None = None
    crude_mass: tuple[float, float] | None = None
    absent: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    instrument: Instrument = Instrument()
    peaks: tuple[Peak, ...] = ()
    lcms_file: str | None = None
    lcms_well: str | None = None
    lcms_blank: str | None = None
    dilutions: tuple[Dilution, ...] = ()
    standard: Standard | None = None
    calibrations: tuple[Calibration, ...] = ()
    ph: tuple[float, float] | None = None
    water: tuple[WaterContent, ...] = ()
    nmr: tuple[NmrSignal, ...] = ()
    aliquots: tuple[Aliquot, ...] = ()


@dataclass(frozen=True, slots=True)
class ExpectedIon:
    """An ion a species may show: label such as ``[M+H]+`` and its m/z; ``weight`` is its typical relative height."""

    ion: str
    mz: Mz
    weight: float


@dataclass(frozen=True, slots=True)
class Expected:
    """What one species would look like: ions, UV and ESI visibility, response classes."""

    species: str
    ions: tuple[ExpectedIon, ...]
    uv: bool
    esi: bool
    uv_class: str
    uv_response: float


@dataclass(frozen=True, slots=True)
class Candidate:
    """One reading of a peak. ``species`` is a SMILES, family id, ``background:<row>`` or ``none-of-these``."""

    species: str
    ion: str
    mz: Mz | None
    ppm: float | None
    score: float
    probability: float
    decided_by_data: bool


@dataclass(frozen=True, slots=True)
class Assignment:
    """All readings of one peak, most probable first."""

    peak: Peak
    candidates: tuple[Candidate, ...]
    undecidable_between: tuple[str, ...] = ()
    decided_by: str = ""
