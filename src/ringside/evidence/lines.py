"""The isotope lines of the ions of one species, and those of compounds nobody has named."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from ringside.chem.ion_label import ion_counts, read_label
from ringside.chem.ions import common_mass, isotope_pattern
from ringside.chem.mass import charge, formula, hill, parse_formula
from ringside.evidence.nouns import Expected
from ringside.units import Mz

_PATTERN_KEY = "unknown_pattern:"
LEAST_LINE = 0.02
SHARPNESS = 4


@dataclass(frozen=True, slots=True)
class Line:
    """One isotope line of one ion.

    ``height`` is relative to the highest line of its ion. ``base`` is the chance that the strongest signal of the
    spectrum is this line, ``share`` that any given other signal is. ``loaded`` says that the ion's height swings with
    the amount injected and the cone voltage (dimers and ions of more charges than the molecule has).
    """

    ion: str
    mz: Mz
    height: float
    base: float
    share: float
    loaded: bool
    charge: int
    extra: int


@dataclass(frozen=True, slots=True)
class LineModel:
    """The few constants that lines need; hashable, so that lines are computed once per species."""

    base_power: float
    loaded_height: float
    loaded_gain: float


def line_model(constants: Mapping[str, float]) -> LineModel:
    """Return the constants of lines out of those of assignment.csv."""
    return LineModel(constants["base_power"], constants["loaded_height"], constants["loaded_gain"])


@lru_cache(maxsize=65536)
def isotope_offsets(smiles: str, ion: str, least: float = LEAST_LINE) -> tuple[tuple[int, float, float], ...]:
    """Return (extra neutrons, mass offset [Da], height relative to the highest) of the isotopes of an ion as a whole.

    Offsets count from the line of the most common isotopes; lines lower than ``least`` are left out.
    """
    counts = ion_counts(parse_formula(formula(smiles)), read_label(ion))
    light = sum(n * common_mass(e) for e, n in counts.items())
    lines = isotope_pattern(hill(counts), 0)
    return tuple((round(m - light), m - light, h) for m, h in lines if h >= least)


@lru_cache(maxsize=65536)
def lines_of(species: Expected, model: LineModel) -> tuple[Line, ...]:
    """Return all isotope lines of all ions of a species.

    Args:
        species: Its ions with their usual heights.
        model: How heights become chances.

    Returns:
        Lines by rising m/z; the chances ``base`` and ``share`` each sum to 1.
    """
    found: list[tuple[str, float, float, float, float, bool, int, int]] = []
    own = max(abs(charge(species.species)), 1) if species.ions else 1
    for ion in species.ions:
        label = read_label(ion.ion)
        size = abs(label.charge)
        loaded = label.molecules > 1 or size > own
        usual = max(ion.weight, min(model.loaded_height, model.loaded_gain * ion.weight)) if loaded else ion.weight
        offsets = isotope_offsets(species.species, ion.ion)
        sharp = sum(h**SHARPNESS for _, _, h in offsets)
        whole = sum(h for _, _, h in offsets)
        for extra, offset, height in offsets:
            base = usual**model.base_power * height**SHARPNESS / sharp
            share = usual * height / whole
            found.append((ion.ion, ion.mz + offset / size, height, base, share, loaded, size, extra))
    bases, shares = sum(f[3] for f in found) or 1.0, sum(f[4] for f in found) or 1.0
    lines = (Line(i, mz, h, b / bases, s / shares, big, z, e) for i, mz, h, b, s, big, z, e in found)
    return tuple(sorted(lines, key=lambda line: (line.mz, line.ion, line.extra)))


def lines_near(lines: Sequence[Line], mz: Mz, reach: float) -> Sequence[Line]:
    """Return the lines within a distance [Da] of an m/z, of lines sorted by m/z."""
    low = bisect_left(lines, mz - reach, key=lambda line: line.mz)
    return lines[low : bisect_right(lines, mz + reach, lo=low, key=lambda line: line.mz)]


@lru_cache(maxsize=8)
def unknown_patterns(
    constants: tuple[tuple[str, float], ...],
) -> tuple[tuple[float, tuple[tuple[int, float], ...]], ...]:
    """Return (share, ((offset from the highest line, height), ...)) of the halogen patterns of unknown compounds.

    Args:
        constants: The rows of assignment.csv whose key starts with ``unknown_pattern:``, the rest of it a formula of
            halogens (empty: none).
    """
    found: list[tuple[float, tuple[tuple[int, float], ...]]] = []
    for key, share in constants:
        lines = isotope_pattern(key.removeprefix(_PATTERN_KEY) or "H", 0)
        tops = [m for m, h in lines if h > 0.9]
        for top in tops:
            found.append((share / len(tops), tuple((round(m - top), h) for m, h in lines if h >= LEAST_LINE)))
    return tuple(found)


def pattern_constants(constants: Mapping[str, float]) -> tuple[tuple[str, float], ...]:
    """Return the halogen patterns of assignment.csv."""
    return tuple(sorted((k, v) for k, v in constants.items() if k.startswith(_PATTERN_KEY)))
