"""How well a species explains the ions of one peak."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from ringside.chem.ion_label import read_label
from ringside.evidence.lines import Line, line_model, lines_near, lines_of, pattern_constants, unknown_patterns
from ringside.evidence.nouns import Expected, Instrument, Peak
from ringside.units import Mz

_ROOT_TWO_PI = math.sqrt(2.0 * math.pi)
WINDOW = (-4, -2, -1, 1, 2, 4)
HALF = 0.5
MOST_Z2 = 9.0
DIGITS = 4


@dataclass(frozen=True, slots=True)
class Match:
    """One species against one peak.

    ``log_ratio`` is the natural log of P(ions | species) / P(ions | a compound not thought of). ``ion``, ``mz`` and
    ``ppm`` are those of the strongest signal that the species explains; empty where it explains none.
    """

    log_ratio: float
    ion: str = ""
    mz: Mz | None = None
    ppm: float | None = None
    molecules: int = 1
    charge: int = 1


@dataclass(frozen=True, slots=True)
class Spectrum:
    """The ions of one peak made ready: signals as (m/z, sd [Da], weight), strongest first."""

    signals: tuple[tuple[Mz, float, float], ...]
    heights: tuple[tuple[Mz, float], ...]
    resolved: bool
    noisy: bool
    unknown: float


def mass_sd(mz: Mz, constants: Mapping[str, float], instrument: Instrument) -> float:
    """Return the standard deviation [Da] of one reading: the stated error is its 95 % limit, plus the rounding."""
    stated = mz * instrument.mz_error * 1e-6 if instrument.mz_error_unit == "ppm" else instrument.mz_error
    digits = len(f"{mz:.{DIGITS}f}".rstrip("0").partition(".")[2])
    rounding = 10.0**-digits / math.sqrt(12.0)
    return math.hypot(stated * constants["sd_of_error"], rounding)


def spectrum_of(peak: Peak, constants: Mapping[str, float], instrument: Instrument) -> Spectrum:
    """Return the ions of a peak that count.

    The strongest counts in full. Others count by their height, less a factor for not being independent of the first;
    those that could be isotopes of the strongest are left to the isotope pattern where heights are known.
    """
    most, least = int(constants["most_ions"]), constants["least_intensity"]
    later = constants["later_ion_weight"]
    if peak.intensity:
        heights = sorted(zip(peak.mz, peak.intensity, strict=True), key=lambda x: (-x[1], x[0]))
        kept = [(m, h) for m, h in heights if h >= least]
        base = kept[0][0] if kept else 0.0
        others = [(m, h) for m, h in kept[1:] if not _in_cluster(m - base)]
        ranked = [*kept[:1], *others][:most]
    else:
        heights = []
        ranked = [(m, later**n) for n, m in enumerate(peak.mz[:most])]
    signals = tuple(
        (m, mass_sd(m, constants, instrument), h * (later if n else 1.0)) for n, (m, h) in enumerate(ranked)
    )
    width = signals[0][1] if signals else 0.0
    total, squares = sum(h for _, h in heights), sum(h * h for _, h in heights)
    return Spectrum(
        signals,
        tuple(heights),
        resolved=0.0 < width <= constants["resolved_sd"],
        noisy=squares > 0 and total * total / squares > constants["noise_ions"],
        unknown=_unknown_pattern(heights, width, constants) if heights else 0.0,
    )


def _in_cluster(offset: float) -> bool:
    return any(abs(offset - n * 1.001) < 0.25 for n in range(-4, 5))


def match(spectrum: Spectrum, species: Expected, constants: Mapping[str, float]) -> Match:
    """Return the likelihood ratio of a species for one peak, and the ion it would be.

    Each signal is a line of the species, or stray: log((1 - stray) p N(m; line, sd) / f + stray), with f the density of
    the masses of unknown compounds, whose readings fall in a band around each whole number. To this come the isotope
    pattern against those of unknown compounds, and the absence of [M+H]+ beside a dimer or doubly charged ion.
    """
    if not spectrum.signals:
        return Match(0.0)
    if not species.esi:
        return Match(0.0 if spectrum.noisy else constants["log_invisible_with_ions"])
    lines = lines_of(species, line_model(constants))
    stray = constants["stray"]
    total, base, label = 0.0, None, None
    for n, (mz, sd, weight) in enumerate(spectrum.signals):
        near = lines_near(lines, mz, 4.0 * sd)
        density = sum((line.base if n == 0 else line.share) * _normal(mz - line.mz, sd) for line in near)
        known = (1.0 - stray) * density / unknown_density(sd, constants)
        total += weight * math.log(known + (stray if n == 0 else constants["stray_later"]))
        if near and label is None:
            best = max(
                near, key=lambda line: ((line.base if n == 0 else line.share) * _normal(mz - line.mz, sd), line.ion)
            )
            label = (best, mz)
            base = best if n == 0 else None
    if label is None:
        return Match(min(total, math.log(stray)))
    if base is not None and spectrum.heights:
        total += _pattern(spectrum, lines, base, constants)
        total += _companion(spectrum, lines, base, constants)
    line, mz = label
    text = line.ion if line.extra == 0 else f"{line.ion}, M{line.extra:+d}"
    molecules = max(read_label(line.ion).molecules, 1)
    return Match(total, text, line.mz, 1e6 * (mz - line.mz) / line.mz, molecules, line.charge)


def unknown_density(sd: float, constants: Mapping[str, float]) -> float:
    """Return the density [1/Da] of readings of unknown compounds near a mass that some compound has."""
    return 1.0 / (constants["unknown_range"] * max(constants["unknown_band"], sd * _ROOT_TWO_PI))


def _normal(x: float, sd: float) -> float:
    z = x / sd
    return math.exp(-0.5 * z * z) / (sd * _ROOT_TWO_PI)


def _seen(heights: tuple[tuple[Mz, float], ...] | list[tuple[Mz, float]], mz: float, width: float) -> float:
    return max((h for m, h in heights if abs(m - mz) <= width), default=0.0)


def _gauss(observed: float, height: float, constants: Mapping[str, float]) -> float:
    sd = constants["isotope_sd_floor"] + constants["isotope_sd_relative"] * height
    return -0.5 * min(((observed - height) / sd) ** 2, MOST_Z2) - math.log(sd)


def _unknown_pattern(heights: list[tuple[Mz, float]], sd: float, constants: Mapping[str, float]) -> float:
    """Return log P(isotope pattern around the strongest ion | compound not thought of)."""
    base = heights[0][0]
    carbon = constants["carbon_line_per_da"] * base
    seen = {w: _seen(heights, base + w, 3.0 * sd + 0.05) for w in WINDOW}
    total = 0.0
    for share, pattern in unknown_patterns(pattern_constants(constants)):
        lines = dict(pattern)
        logs = sum(_gauss(seen[w], lines.get(w, carbon if w == 1 else 0.0), constants) for w in WINDOW)
        total += share * math.exp(logs)
    return math.log(total)


def _pattern(spectrum: Spectrum, lines: tuple[Line, ...], base: Line, constants: Mapping[str, float]) -> float:
    """Return what the isotope pattern says for this ion against a compound not thought of."""
    own = [line for line in lines if line.ion == base.ion]
    mz, sd, _ = spectrum.signals[0]
    if base.charge > 1 and not spectrum.resolved:
        return 0.0
    total = 0.0
    for w in WINDOW:
        height = sum(line.height for line in own if abs(line.mz - base.mz - w) < HALF / 2.0) / base.height
        total += _gauss(_seen(spectrum.heights, mz + w, 3.0 * sd + 0.05), height, constants)
    if spectrum.resolved:
        for w in (-HALF, HALF):
            height = sum(line.height for line in own if abs(line.mz - base.mz - w) < HALF / 2.0) / base.height
            seen = _seen(spectrum.heights, mz + w, 3.0 * sd + 0.02)
            total += _gauss(seen, height, constants) - _gauss(seen, 0.0, constants)
    return total - spectrum.unknown


def _companion(spectrum: Spectrum, lines: tuple[Line, ...], base: Line, constants: Mapping[str, float]) -> float:
    """Return the penalty of a dimer, a doubly charged ion or a rare adduct without the usual ion beside it, in a full spectrum."""
    plain = [line for line in lines if not line.loaded and line.extra == 0]
    usual = max(plain, key=lambda line: (line.base, -line.mz), default=None)
    if usual is None or usual.ion == base.ion:
        return 0.0
    rare = base.share < constants["rare_adduct"] * usual.share
    lowest = min(m for m, _ in spectrum.heights)
    if not (base.loaded or rare) or usual.mz < lowest:
        return 0.0
    if _seen(spectrum.heights, usual.mz, 3.0 * spectrum.signals[0][1]) >= constants["least_intensity"]:
        return 0.0
    return constants["log_companion_missing" if base.loaded else "log_usual_missing"]
