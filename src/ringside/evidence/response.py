"""How much signal a mole gives: chromophores counted, or measured where a calibration says so."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ringside.evidence.nouns import Calibration, Expected
from ringside.kinetics.draws import normals
from ringside.kinetics.nouns import FloatArray


@dataclass(frozen=True, slots=True)
class ResponseSpread:
    """Standard deviations of ln response: shared by a chromophore class, of one species within it, of a factor without error.

    ``range_sd`` turns a stated range into one: times ln(high / low).
    """

    between: float
    within: float
    calibration: float
    range_sd: float


def responses(
    views: Sequence[Expected],
    calibrations: Sequence[Calibration],
    alike: Mapping[str, str],
    spread: ResponseSpread,
    n: int,
    seed: str,
) -> dict[str, FloatArray]:
    """Return draws of ln(area per mol), relative to an alkylbenzene, of every species that the detector sees.

    ln r = ln(response of its chromophores) + between z(class) + within z(species), so that within a class the first
    deviation drops out of every ratio. Calibrations are measurements of ln r_a - ln r_b: the draws are conditioned on
    them (each draw moved by the gain times what it misses a measurement by, with its own error drawn), so that the ratio of two
    calibrated species is the measured one and species of their class keep their ratio to them.

    Args:
        views: What the species look like.
        calibrations: Factors by canonical SMILES; the two species of one differ.
        alike: The structure that isomers of like response share, by species; others stand alone.
        spread: Errors.
        n: Number of draws.
        seed: As for ``kinetics.draws.normals``.

    Returns:
        Draws of shape (n,), by species; nothing for what is neither seen nor calibrated.
    """
    classes = {v.species: v.uv_class for v in views}
    level = {v.species: math.log(v.uv_response) for v in views if v.uv and v.uv_response > 0}
    seen = frozenset(level)
    level |= {s: 0.0 for c in calibrations for s in (c.species, c.relative_to) if s not in level}
    names = sorted(level)
    if not names:
        return {}
    group = [classes[s] if s in seen else s for s in names]
    kind = [alike.get(s, s) for s in names]
    drawn = (
        np.array([level[s] for s in names])[:, None]
        + spread.between * normals([f"class:{g}" for g in group], n, seed)
        + spread.within * normals([f"species:{k}" for k in kind], n, seed)
    )
    if calibrations:
        drawn = drawn + _moved(names, drawn, _covariance(group, kind, spread), calibrations, spread, seed)
    return dict(zip(names, drawn, strict=True))


def _covariance(group: Sequence[str], kind: Sequence[str], spread: ResponseSpread) -> FloatArray:
    same = np.array([[a == b for b in group] for a in group], dtype=float)
    alike = np.array([[a == b for b in kind] for a in kind], dtype=float)
    return np.asarray(same * spread.between**2 + alike * spread.within**2)


def _moved(
    names: Sequence[str],
    drawn: FloatArray,
    covariance: FloatArray,
    calibrations: Sequence[Calibration],
    spread: ResponseSpread,
    seed: str,
) -> FloatArray:
    """Return by how much each draw moves when the calibrations are known."""
    ordered = sorted(calibrations, key=lambda c: (c.species, c.relative_to, c.factor))
    differences = np.array([[float(s == c.species) - float(s == c.relative_to) for s in names] for c in ordered])
    logs = np.log(np.array([c.factor for c in ordered]))
    width = logs[:, 1] - logs[:, 0]
    sd = np.where(width > 0, spread.range_sd * width, spread.calibration)
    keys = [f"calibration:{i}:{c.species}:{c.relative_to}" for i, c in enumerate(ordered)]
    read = logs.mean(axis=1)[:, None] + sd[:, None] * normals(keys, drawn.shape[1], seed)
    known = differences @ covariance @ differences.T + np.diag(sd**2)
    gain = covariance @ differences.T @ np.linalg.inv(known)
    return np.asarray(gain @ (read - differences @ drawn), dtype=np.float64)
