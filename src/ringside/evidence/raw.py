"""An injection as the instrument recorded it: scans and traces, before any peak is found."""

from __future__ import annotations

from dataclasses import dataclass

from ringside.evidence.nouns import Chromatogram
from ringside.kinetics.nouns import FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Scan:
    """One mass spectrum: time ``t`` [s], ``mz`` rising and ``intensity`` of the same shape (n,), centroids."""

    t: float
    mz: FloatArray
    intensity: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class FragmentScan:
    """One MS/MS spectrum of ``precursor`` [m/z] at ``t`` [s]: ``mz`` rising and ``intensity``, same shape (n,), centroids."""

    t: float
    precursor: float
    mz: FloatArray
    intensity: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class RawRun:
    """Everything recorded of one injection.

    ``scans`` are positive full scans by time; ``uv`` the absorbance, shape (n_times, n_wavelengths), at ``uv_t`` [s] and
    ``wavelengths`` [nm], empty where there is none; ``traces`` single UV traces that the file holds. ``fine``: the
    analyser tells exact masses (time of flight, Orbitrap, ion cyclotron), None where the file does not say; ``msms`` the positive
    MS/MS scans by time.
    """

    scans: tuple[Scan, ...]
    uv_t: FloatArray
    wavelengths: FloatArray
    uv: FloatArray
    traces: tuple[Chromatogram, ...]
    fine: bool | None
    sample: str
    notes: tuple[str, ...] = ()
    msms: tuple[FragmentScan, ...] = ()
