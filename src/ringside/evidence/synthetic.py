"""The synthetic instrument: LC-MS of a sample whose content is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ringside.evidence.lamp import MILLI, areas, recorded, wavelengths
from ringside.evidence.nouns import Expected
from ringside.evidence.raw import RawRun
from ringside.evidence.retention import Eluted, eluted, shapes
from ringside.evidence.setting import Setting, SynthTables
from ringside.evidence.simulated import MARK
from ringside.evidence.spray import Ion, currents, ions, scans
from ringside.kinetics.nouns import FloatArray

MOST_IONS = 5


@dataclass(frozen=True, slots=True)
class SynthSpecies:
    """What is in the synthetic sample: what the species looks like, and its amount [mol per mol limiting].

    ``unknown``: a molecule that the case does not predict.
    """

    view: Expected
    amount: float
    unknown: bool = False


@dataclass(frozen=True, slots=True)
class TrueIon:
    """An ion of a peak: label, m/z of its highest isotope line, height at the top of the peak [counts]."""

    ion: str
    mz: float
    counts: float


@dataclass(frozen=True, slots=True)
class TruePeak:
    """The truth about one species of a synthetic run.

    ``rt`` [s] of its top in UV; ``uv_area`` [mAU s] at the wavelength of the truth, before the detector clips, and
    ``uv_share`` of the sum over all species; ``ions`` strongest first, before the detector clips; ``seen_uv`` and ``seen_ms``:
    whether it stands out of the noise if nothing lies on top of it; ``is_unknown``: not predicted by the case.
    """

    species: str
    amount: float
    rt: float
    uv_area: float
    uv_share: float
    uv_height: float
    ions: tuple[TrueIon, ...]
    seen_uv: bool
    seen_ms: bool
    is_unknown: bool


@dataclass(frozen=True, slots=True)
class Truth:
    """What a synthetic run holds: its peaks by time, the wavelength of their areas [nm], and what made it."""

    note: str
    seed: int
    load: float
    wavelength: float
    ms_delay: float
    peaks: tuple[TruePeak, ...]


def synthesise(
    species: Sequence[SynthSpecies], setting: Setting, tables: SynthTables, seed: int
) -> tuple[RawRun, Truth]:
    """Return a synthetic injection of a sample, and the truth about it.

    Amounts become areas by Lambert and Beer, and ion currents by response classes; a species keeps its retention and its
    responses whatever else is in the sample, as long as the seed is the same. What leaves after the end of the run is
    not in it. The same arguments give the same run.

    Args:
        species: The sample; without any, or with amounts of 0, the run is a blank.
        setting: The instrument.
        tables: What it works by.
        seed: Of all that is random.

    Returns:
        The run, in absorbance units and counts, whose notes say that it is simulated, and its truth; the shares of UV area sum to 1 unless nothing absorbs.
    """
    inside = [s for s in sorted(species, key=lambda s: s.view.species) if s.amount > 0.0]
    amounts = np.array([s.amount for s in inside])
    smiles = [s.view.species for s in inside]
    peaks = eluted(smiles, amounts, setting, tables.acidity, seed=seed)
    kept = np.flatnonzero(peaks.rt < setting.duration)
    inside, smiles, amounts = [inside[i] for i in kept], [smiles[i] for i in kept], amounts[kept]
    peaks = Eluted(peaks.rt[kept], peaks.width[kept], peaks.tail[kept])
    noise = np.random.Generator(np.random.PCG64(seed))
    t = np.arange(0.0, setting.duration, setting.step)
    light = shapes(t, peaks)
    grid = wavelengths(setting)
    chromophores = tables.evidence.chromophores
    signal = light @ areas(smiles, amounts, grid, setting, chromophores, seed=seed)
    uv = (recorded(t, grid, signal, setting, noise) / MILLI).astype(np.float32).astype(np.float64)
    found = ions([s.view for s in inside], setting, tables, seed=seed)
    later = replace(peaks, rt=peaks.rt + setting.ms_delay)
    height = currents(found, shapes(t, later) * amounts * setting.mol, setting)
    spectra = scans(t, found, height, setting, tables, noise)
    run = RawRun(spectra, t, grid, uv, (), setting.fine, "", (f"this file was {MARK}",))
    seen = areas(smiles, amounts, np.array([setting.uv]), setting, chromophores, seed=seed)[:, 0]
    return run, Truth(MARK, seed, setting.load, setting.uv, setting.ms_delay, _truths(inside, t, light, seen, found, height, setting))  # fmt: skip


def _truths(
    inside: Sequence[SynthSpecies],
    t: FloatArray,
    light: FloatArray,
    area: FloatArray,
    found: Sequence[Ion],
    height: FloatArray,
    setting: Setting,
) -> tuple[TruePeak, ...]:
    whole = float(area.sum()) or 1.0
    told: list[TruePeak] = []
    for i, s in enumerate(inside):
        own = [
            TrueIon(ion.label, float(ion.mz[int(np.argmax(ion.heights))]), float(height[:, j].max()))
            for j, ion in enumerate(found)
            if ion.species == i
        ]
        strongest = tuple(sorted(own, key=lambda x: (-x.counts, x.mz))[:MOST_IONS])
        top = int(np.argmax(light[:, i]))
        high = float(area[i] * light[top, i])
        told.append(
            TruePeak(
                species=s.view.species,
                amount=s.amount,
                rt=float(t[top]),
                uv_area=float(area[i]),
                uv_share=float(area[i]) / whole,
                uv_height=high,
                ions=strongest,
                seen_uv=high >= setting.seen_noise * setting.uv_noise,
                seen_ms=bool(strongest) and strongest[0].counts >= setting.seen_counts,
                is_unknown=s.unknown,
            )
        )
    return tuple(sorted(told, key=lambda p: (p.rt, p.species)))
