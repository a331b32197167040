"""Naming peaks: all peaks against all predicted species at once."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ringside.chem.ions import isotope_pattern
from ringside.chem.mass import charge, formula
from ringside.evidence.expected import EvidenceTables
from ringside.evidence.nouns import Assignment, Candidate, Expected, ExpectedIon, Instrument, Peak
from ringside.kinetics.nouns import FloatArray

NONE = "none-of-these"
ROUNDS = 40
SHOWN = 6
LEAST_SHOWN = 1e-4
LN10 = math.log(10.0)


@dataclass(frozen=True, slots=True)
class _Match:
    """How well one species explains the ions of one peak: natural log of the likelihood ratio against the background."""

    log_ratio: float
    ion: str
    mz: float | None
    ppm: float | None


def assign(
    peaks: Sequence[Peak],
    species: Sequence[Expected],
    in_sample: Mapping[str, tuple[float, float, float]],
    tables: EvidenceTables,
    instrument: Instrument,
) -> tuple[Assignment, ...]:
    """Return every reading of every peak with its probability.

    The ions of a peak, the isotopes where they can be seen, and what should have been seen beside them give a likelihood ratio
    against an unknown compound. The prior of a species is its simulated share of the signal against the area seen, wide by the
    response factors. A species owns one main peak: isomers compete for the peaks of their mass. ``none-of-these`` has a prior of
    its own. Two species are undecidable where the data alone tell less than a factor of two between them.

    Args:
        peaks: Peaks of one injection; their order does not matter.
        species: What may be there.
        in_sample: (low, median, high) of what is injected [mol per mol limiting], by species.
        tables: Background ions, constants and deciding experiments.
        instrument: Mass error.

    Returns:
        One assignment for each peak, by retention time.
    """
    constants = tables.constants
    ordered = sorted(species, key=lambda s: s.species)
    data = [[_match(p, s, constants, instrument) for s in ordered] for p in peaks]
    logs = np.array([[m.log_ratio for m in row] for row in data]).reshape(len(peaks), len(ordered))
    prior = _priors(peaks, ordered, in_sample, constants)
    chance = _share_out(logs, prior, constants["prior_none"])
    found: list[Assignment] = []
    for i, peak in enumerate(peaks):
        found.append(_assignment(peak, ordered, data[i], chance[i], tables, instrument))
    return tuple(sorted(found, key=lambda a: (a.peak.rt if a.peak.rt is not None else math.inf, a.peak.id)))


def _sd(mz: float, constants: Mapping[str, float], instrument: Instrument) -> float:
    if instrument.mz_error_unit == "ppm":
        return max(mz * instrument.mz_error * 1e-6, 1e-4)
    return max(instrument.mz_error * constants["sd_nominal"], 1e-3)


def _weights(peak: Peak, constants: Mapping[str, float]) -> list[tuple[float, float]]:
    """Return (m/z, weight) of the ions of a peak that count, strongest first."""
    most = int(constants["most_ions"])
    if peak.intensity:
        pairs = [(m, i) for m, i in zip(peak.mz, peak.intensity, strict=True) if i >= constants["least_intensity"]]
        return sorted(pairs, key=lambda x: -x[1])[:most]
    return [(m, 1.0 / (n + 1)) for n, m in enumerate(peak.mz[:most])]


def _isotope(species: str) -> tuple[tuple[float, float], ...]:
    """Return (offset, height) of the isotope lines of an ion above its first."""
    lines = isotope_pattern(formula(species), 0)
    first = lines[0]
    return tuple((m - first[0], h / first[1]) for m, h in lines[1:4] if h / first[1] > 0.03)


def _match(peak: Peak, species: Expected, constants: Mapping[str, float], instrument: Instrument) -> _Match:
    ions = _weights(peak, constants)
    if not ions:
        return _Match(0.0, "", None, None)
    if not species.esi or not species.ions:
        return _Match(-3.0, "", None, None)
    background = constants["background_density"]
    total, best, used = 0.0, None, 0.0
    offsets = _isotope(species.species)
    for mz, weight in ions:
        sd = _sd(mz, constants, instrument)
        density = 0.0
        for ion in species.ions:
            share = ion.weight * _normal(mz - ion.mz, sd)
            if share > density:
                density = share
                if abs(mz - ion.mz) <= 3 * sd and (best is None or weight > best[2]):
                    best = (ion, mz, weight)
            for offset, height in offsets:
                density = max(density, ion.weight * min(height, 1.0) * _normal(mz - ion.mz - offset, sd))
        total += weight * math.log((0.9 * density + 0.1 * background) / background)
        used += weight
    if best is None:
        return _Match(min(total, math.log(0.05)), "", None, None)
    ion, mz, _ = best
    total *= 1.0 / max(used, 1.0) if used > 3 else 1.0
    total += _companions(peak, species, ion, offsets, constants, instrument)
    return _Match(total, ion.ion, ion.mz, 1e6 * (mz - ion.mz) / ion.mz)


def _normal(x: float, sd: float) -> float:
    z = x / sd
    return math.exp(-0.5 * z * z) / (sd * 2.5066282746) if abs(z) < 8 else 0.0


def _companions(
    peak: Peak,
    species: Expected,
    ion: ExpectedIon,
    offsets: Sequence[tuple[float, float]],
    constants: Mapping[str, float],
    instrument: Instrument,
) -> float:
    """Return what the isotopes, and the absence of the usual base ion, say."""
    if not peak.intensity:
        return 0.0
    heights = list(zip(peak.mz, peak.intensity, strict=True))

    def seen(mz: float) -> float:
        sd = 3 * _sd(mz, constants, instrument)
        return max((h for m, h in heights if abs(m - mz) <= sd), default=0.0)

    out = 0.0
    main = seen(ion.mz)
    second = next((h for offset, h in offsets if abs(offset - 2.0) < 0.1), 0.0)
    if main > 0.3:
        observed = seen(ion.mz + 1.997) / main
        z = (observed - second) / constants["isotope_sd"]
        out += max(-0.5 * min(z * z, 16.0) + 0.5, -6.0)
    strongest = species.ions[0]
    if seen(strongest.mz) < constants["least_intensity"]:
        out += math.log(constants["miss_probability"])
    return out


def _priors(
    peaks: Sequence[Peak],
    species: Sequence[Expected],
    in_sample: Mapping[str, tuple[float, float, float]],
    constants: Mapping[str, float],
) -> FloatArray:
    """Return log prior weights, shape (n_peaks, n_species): how likely a species gives an area of this size."""
    floor = constants["amount_floor"]
    with_area = any(p.area is not None for p in peaks)
    amounts = np.array([max(in_sample.get(s.species, (0.0, 0.0, 0.0))[1], 0.0) for s in species])
    spread = np.array([_log_sd(in_sample.get(s.species, (0.0, 0.0, 0.0)), floor) for s in species])
    response = np.array([(s.uv_response if s.uv else 0.01) if with_area else 1.0 for s in species])
    signal = (amounts + floor * 0.01) * response
    total = float(np.sum(signal)) or 1.0
    share = signal / total
    out = np.empty((len(peaks), len(species)))
    for i, p in enumerate(peaks):
        presence = np.log(np.minimum(amounts * np.maximum(response, 0.01) / floor, 1.0) + 1e-6)
        if p.area is None or p.area <= 0:
            out[i] = presence + np.log(share + 1e-4)
            continue
        sd = np.sqrt(spread**2 + constants["response_log_sd"] ** 2)
        z = (math.log(p.area) - np.log(share + 1e-9)) / sd
        out[i] = presence - 0.5 * np.minimum(z * z, 40.0) - np.log(sd)
    return out


def _log_sd(interval: tuple[float, float, float], floor: float) -> float:
    low, _, high = interval
    return (math.log(high + floor) - math.log(low + floor)) / 3.29


def _share_out(logs: FloatArray, prior: FloatArray, none: float) -> FloatArray:
    """Return probabilities, shape (n_peaks, n_species + 1), the last column none-of-these; isomers compete for peaks."""
    n_peaks, n_species = logs.shape
    if n_species == 0:
        return np.ones((n_peaks, 1))
    weight = np.exp(prior - prior.max(axis=1, keepdims=True)) if n_peaks else prior
    weight /= weight.sum(axis=1, keepdims=True)
    base = np.log(weight + 1e-12) + math.log(1.0 - none) + np.clip(logs, -60.0, 60.0)
    chance = np.zeros((n_peaks, n_species + 1))
    crowd = np.zeros((n_peaks, n_species))
    for _ in range(ROUNDS):
        full = np.hstack([base - np.log1p(4.0 * crowd), np.full((n_peaks, 1), math.log(none))])
        full -= full.max(axis=1, keepdims=True)
        new = np.exp(full)
        new /= new.sum(axis=1, keepdims=True)
        chance = 0.5 * chance + 0.5 * new if chance.any() else new
        owned = chance[:, :n_species]
        crowd = owned.sum(axis=0, keepdims=True) - owned
    return chance / chance.sum(axis=1, keepdims=True)


def _assignment(
    peak: Peak,
    species: Sequence[Expected],
    matches: Sequence[_Match],
    chance: FloatArray,
    tables: EvidenceTables,
    instrument: Instrument,
) -> Assignment:
    factor = math.log(tables.constants["undecided_factor"])
    named = [j for j in range(len(species)) if matches[j].ion]
    top = max((matches[j].log_ratio for j in named), default=0.0)
    close = [
        j for j in named if top - matches[j].log_ratio < factor and matches[j].log_ratio > 0 and chance[j] > LEAST_SHOWN
    ]
    close.sort(key=lambda j: (-chance[j], species[j].species))
    order = sorted(range(len(species)), key=lambda j: (-chance[j], species[j].species))
    shown = [j for j in order if chance[j] >= LEAST_SHOWN][:SHOWN]
    candidates = [
        Candidate(
            species=species[j].species,
            ion=matches[j].ion,
            mz=matches[j].mz,
            ppm=matches[j].ppm,
            score=matches[j].log_ratio / LN10,
            probability=float(chance[j]),
            decided_by_data=bool(matches[j].ion) and close == [j],
        )
        for j in shown
    ]
    none = float(chance[-1])
    ghost = _background(peak, tables, instrument)
    if ghost is not None and none > 0:
        candidates.append(Candidate(f"background:{ghost[0]}", ghost[0], ghost[1], None, 0.0, 0.5 * none, False))
        none *= 0.5
    candidates.append(Candidate(NONE, "", None, None, 0.0, none, not named))
    candidates.sort(key=lambda c: (-c.probability, c.species))
    tied = tuple(species[j].species for j in close) if len(close) > 1 else ()
    return Assignment(peak, tuple(candidates), tied, tables.decided_by[_kind(tied, matches, close)] if tied else "")


def _background(peak: Peak, tables: EvidenceTables, instrument: Instrument) -> tuple[str, float] | None:
    """Return the background ion that the strongest ion of a peak may be."""
    if not peak.mz:
        return None
    sd = _sd(peak.mz[0], tables.constants, instrument)
    near = [(abs(mz - peak.mz[0]), name, mz) for name, mz in tables.background if abs(mz - peak.mz[0]) <= 2 * sd]
    return (min(near)[1], min(near)[2]) if near else None


def _kind(tied: Sequence[str], matches: Sequence[_Match], close: Sequence[int]) -> str:
    """Return which kind of degeneracy it is."""
    if any(matches[j].ion.startswith("[2M") for j in close):
        return "dimer"
    if len({charge(s) for s in tied}) > 1:
        return "charge"
    return "isomers" if len({formula(s) for s in tied}) == 1 else "other"


def explained_area(assignments: Sequence[Assignment]) -> float | None:
    """Return the share of the area that real species explain: sum of area x probability, None where no area is given."""
    areas = [a.peak.area for a in assignments if a.peak.area is not None]
    total = sum(areas)
    if not areas or total <= 0:
        return None
    real = sum(
        a.peak.area
        * sum(c.probability for c in a.candidates if c.species != NONE and not c.species.startswith("background:"))
        for a in assignments
        if a.peak.area is not None
    )
    return min(real / total, 1.0)
