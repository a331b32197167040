"""What was seen, and what could be seen."""

from __future__ import annotations

from dataclasses import dataclass

from ringside.kinetics.nouns import FloatArray
from ringside.units import Mz, Second


@dataclass(frozen=True, slots=True)
class Instrument:
    """How the data were taken. ``mz_error`` is in Da when ``nominal``, else in ppm."""

    polarity: str = "positive"
    mz_error: float = 0.3
    mz_error_unit: str = "Da"
    eluent_ph: float | None = None
    uv: float | None = None
    sampled_at: Second | None = None


@dataclass(frozen=True, slots=True)
class Peak:
    """One chromatographic peak: ``rt`` [s], m/z strongest first, area as a fraction of the total, or None."""

    id: str
    rt: Second | None
    mz: tuple[Mz, ...]
    area: float | None
    intensity: tuple[float, ...] = ()
    source: str = ""


@dataclass(frozen=True, slots=True)
class Chromatogram:
    """One trace for the picture: ``t`` [s] and signal, same shape (n,)."""

    label: str
    t: FloatArray
    y: FloatArray


@dataclass(frozen=True, slots=True)
class LcmsRun:
    """What a reader returns for one injection. ``notes`` say what the file hints at and nobody has confirmed."""

    peaks: tuple[Peak, ...]
    traces: tuple[Chromatogram, ...] = ()
    instrument: Instrument | None = None
    sample: str = ""
    notes: tuple[str, ...] = ()


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
