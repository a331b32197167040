"""What the peaks may be, drawn many times: one reading for each peak, and its area with its error."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr

from ringside.evidence.assign import BACKGROUND, NONE
from ringside.evidence.nouns import Assignment, Peak
from ringside.kinetics.draws import normals
from ringside.kinetics.nouns import FloatArray

Detector = Literal["uv", "ions", "unstated"]
IntArray = npt.NDArray[np.int64]
POOL = 4
ROUNDS = 60
SETTLED = 1e-6
UV_WORDS = re.compile(r"\b(?:uv|dad|pda|an[12]\b)", re.IGNORECASE)
ION_WORDS = re.compile(r"\bes[+-]|base peak|ion current|\b(?:tic|bpi|bpc|sir|xic|eic)\b", re.IGNORECASE)
_NM = re.compile(r"(\d{3})(?:\.\d+)?\s*nm|\bsig\s*=\s*(\d{3})", re.IGNORECASE)


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """Draws of what the peaks are.

    ``names`` are the species that some peak may be, sorted. ``reading``, shape (n, n_peaks), indexes them; -1 is a peak
    that is none of them, -2 one of the background. ``area``, same shape, are shares of the total area [-]; ``least`` is the smallest of
    the areas as they stand.
    """

    names: tuple[str, ...]
    reading: IntArray
    area: FloatArray
    least: float

    def of(self, name: str) -> FloatArray:
        """Return the area that a species has in each draw, shape (n,); 0 where no peak is it."""
        if name not in self.names:
            return np.zeros(len(self.area))
        return np.asarray(np.where(self.reading == self.names.index(name), self.area, 0.0).sum(axis=1))


def detector_of(peaks: Sequence[Peak]) -> tuple[Detector, float | None]:
    """Return what the areas were measured with, and its wavelength [nm]: None for a sum of wavelengths, or where it is not said."""
    sources = sorted({p.source for p in peaks if p.area is not None})
    if any(ION_WORDS.search(s) and not UV_WORDS.search(s) for s in sources):
        return "ions", None
    found = {float(m[1] or m[2]) for s in sources if (m := _NM.search(s))}
    wavelength = found.pop() if len(found) == 1 else None
    stated = wavelength is not None or any(UV_WORDS.search(s) for s in sources)
    return ("uv" if stated else "unstated"), wavelength


def draw_peaks(assignments: Sequence[Assignment], constants: Mapping[str, float], n: int, seed: str) -> Drawn:
    """Draw readings and areas of all peaks that have an area.

    Each peak keeps the probabilities of its assignment; within them a species prefers to own one peak, a further one
    counts ``second_peak``: two isomers and two peaks of their mass are nearly always one each. Readings are drawn one by
    one, weighted by that preference, and the weights raked until every peak has its probabilities again.

    Args:
        assignments: Readings of the peaks; their order does not matter, nor the scale of their areas.
        constants: ``second_peak`` and the errors of an area.
        n: Number of draws.
        seed: As for ``kinetics.draws.normals``.

    Returns:
        The draws; no peaks where none has an area above 0.
    """
    kept = sorted((a for a in assignments if a.peak.area), key=_place)
    total = sum(a.peak.area or 0.0 for a in kept)
    names = tuple(sorted({c.species for a in kept for c in a.candidates if _real(c.species)}))
    if not kept:
        return Drawn(names, np.zeros((n, 0), dtype=np.int64), np.zeros((n, 0)), 0.0)
    index = {name: i for i, name in enumerate(names)}
    choices: list[IntArray] = []
    chances: list[dict[int, float]] = []
    uniform = ndtr(normals([f"reading:{i}" for i in range(len(kept))], POOL * n, seed))
    for row, a in zip(uniform, kept, strict=True):
        odds: dict[int, float] = {}
        for c in sorted(a.candidates, key=lambda c: c.species):
            at = index[c.species] if _real(c.species) else (-1 if c.species == NONE else -2)
            odds[at] = odds.get(at, 0.0) + c.probability
        keys = np.array(list(odds), dtype=np.int64)
        steps = np.cumsum(list(odds.values()))
        choices.append(keys[np.minimum(np.searchsorted(steps / steps[-1], row), len(keys) - 1)])
        chances.append({k: v / float(steps[-1]) for k, v in odds.items()})
    pool = np.stack(choices, axis=1)
    picked = _resampled(_raked(pool, chances, _preference(pool, len(names), constants["second_peak"])), n)
    share = np.array([(a.peak.area or 0.0) / total for a in kept])
    error = np.array([_area_error(a.peak, total, constants) for a in kept])
    spread = np.exp(error[:, None] * normals([f"area:{i}" for i in range(len(kept))], n, seed))
    return Drawn(names, pool[picked], (share[:, None] * spread).T, float(share.min()))


def _place(a: Assignment) -> tuple[bool, float, tuple[float, ...], float]:
    return (a.peak.rt is None, a.peak.rt or 0.0, a.peak.mz, a.peak.area or 0.0)


def _real(species: str) -> bool:
    return species != NONE and not species.startswith(BACKGROUND)


def _area_error(peak: Peak, total: float, constants: Mapping[str, float]) -> float:
    """Return the error of an area as a standard deviation of its logarithm."""
    area = peak.area or 0.0
    if peak.area_sd is not None:
        return peak.area_sd / area
    return float(np.hypot(constants["sd_area_unstated_log"], constants["area_unstated_floor"] * total / area))


def _preference(pool: IntArray, n_names: int, again: float) -> FloatArray:
    """Return ``again`` to the power of the second and further peaks of the same species, for each draw."""
    extra = np.zeros(len(pool))
    for name in range(n_names):
        extra += np.maximum((pool == name).sum(axis=1) - 1, 0)
    return np.asarray(again**extra, dtype=np.float64)


def _raked(pool: IntArray, chances: Sequence[Mapping[int, float]], weights: FloatArray) -> FloatArray:
    """Return weights under which every peak has its probabilities: one peak after the other, until nothing moves."""
    weights = weights / weights.sum()
    for _ in range(ROUNDS):
        before = weights
        for column, chance in zip(pool.T, chances, strict=True):
            factor = np.ones(len(pool))
            for key, wanted in chance.items():
                here = column == key
                if (now := float(weights[here].sum())) > 0:
                    factor[here] = wanted / now
            weights = weights * factor
            weights = weights / weights.sum()
        if float(np.abs(weights - before).max()) * len(pool) < SETTLED:
            break
    return weights


def _resampled(weights: FloatArray, n: int) -> IntArray:
    """Return ``n`` draws of equal weight: systematic resampling."""
    steps = np.cumsum(weights)
    return np.asarray(np.searchsorted(steps / steps[-1], (np.arange(n) + 0.5) / n), dtype=np.int64)
