"""When a molecule leaves the synthetic column, and in what shape."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import erfcx, ndtr

from ringside.chem.acidity import AcidityTable, mean_charge_state, neutral_form, proton_sites
from ringside.chem.lipophilicity import logp
from ringside.chem.mass import average_mass, charge
from ringside.evidence.setting import Setting
from ringside.kinetics.draws import normals
from ringside.kinetics.nouns import FloatArray

LN10 = math.log(10.0)
MOST_EXPONENT = 600.0


@dataclass(frozen=True, slots=True, eq=False)
class Eluted:
    """Where peaks lie: ``rt`` [s] of their centres before tailing, ``width`` and ``tail`` [s], all of shape (n,).

    A tail below 0 lies in front.
    """

    rt: FloatArray
    width: FloatArray
    tail: FloatArray


def charges(smiles: str, ph: float, acidity: AcidityTable) -> tuple[tuple[int, float], ...]:
    """Return (charge, fraction) of the states in which a molecule is at a pH in water."""
    sites = proton_sites(smiles, acidity)
    lost = sum(kind == "acid" and not anionic for kind, anionic in zip(sites.kinds, sites.anionic, strict=True))
    gained = sum(kind == "base" and anionic for kind, anionic in zip(sites.kinds, sites.anionic, strict=True))
    lowest = charge(smiles) - lost + gained - sum(sites.anionic)
    return tuple((lowest + k, part) for k, part in enumerate(mean_charge_state(smiles, ph, acidity)))


def held(smiles: str, setting: Setting, acidity: AcidityTable) -> tuple[float, float]:
    """Return log10 of the retention factor in water, and the mean charge.

    log kw = a + b log P + log10(sum of fraction 10^(-cost |charge|)): an ion is held less, not never.
    """
    states = charges(smiles, setting.eluent_ph, acidity)
    less = math.log10(sum(part * 10.0 ** (-setting.charge_cost * abs(z)) for z, part in states))
    return (
        setting.log_kw + setting.log_kw_slope * logp(neutral_form(smiles, acidity)) + less,
        sum(z * part for z, part in states),
    )


def eluted(smiles: Sequence[str], amounts: FloatArray, setting: Setting, acidity: AcidityTable, *, seed: int) -> Eluted:
    """Return where molecules leave a linear gradient.

    Linear solvent strength: log10 k = log10 kw - S phi, with S going with the root of the molar mass; what the
    gradient does not move leaves under its last composition.

    Args:
        smiles: Canonical SMILES.
        amounts: What is injected of each [mol per mol limiting], shape (n,).
        setting: The instrument.
        acidity: Sites and pKa.
        seed: Of the scatter that each molecule has of its own.
    """
    facts = [held(s, setting, acidity) for s in smiles]
    scatter = normals([f"retention:{s}" for s in smiles], 2, f"synthetic {seed}")[:, 1]
    strength = np.maximum(setting.strength * np.sqrt([average_mass(s) for s in smiles]), setting.strength_least)
    log_k = np.array([f[0] for f in facts]) + setting.retention_log_sd * scatter - strength * setting.gradient_from
    k = 10.0 ** np.maximum(log_k, setting.least_log_k)
    rise = LN10 * strength * (setting.gradient_to - setting.gradient_from) * setting.dead_time / setting.gradient_time
    after = setting.dead_time / rise * np.log1p(rise * k)
    log_end = rise * setting.gradient_time / setting.dead_time
    moved = np.expm1(log_end) / (rise * k)
    late = setting.gradient_time + (1.0 - moved) * setting.dead_time * k * np.exp(-log_end)
    after = np.where(after > setting.gradient_time, late, after)
    rt = setting.dead_time + setting.stretch * after + setting.drift
    slope = (setting.width_end - setting.width_start) / setting.gradient_time
    width = setting.width_start + slope * np.clip(after, 0.0, setting.gradient_time)
    positive = np.maximum([f[1] for f in facts], 0.0)
    tail = width * (setting.tail + setting.tail_per_charge * positive + setting.overload * setting.load * amounts)
    return Eluted(_crowded(smiles, rt, width, setting, seed), width, tail)


def _crowded(smiles: Sequence[str], rt: FloatArray, width: FloatArray, setting: Setting, seed: int) -> FloatArray:
    """Return the times with a share of the molecules moved onto their nearest neighbour."""
    drawn = normals([f"coelution:{s}" for s in smiles], 2, f"synthetic {seed}")[:, 1]
    moved = rt.copy()
    for i in np.flatnonzero(ndtr(drawn) < setting.coelution) if len(smiles) > 1 else ():
        apart = np.abs(moved - moved[i])
        apart[i] = np.inf
        moved[i] = moved[int(np.argmin(apart))] + setting.coelution_gap * width[i]
    return moved


def shapes(t: FloatArray, peaks: Eluted) -> FloatArray:
    """Return exponentially modified Gaussians of area 1 [1/s], shape (len(t), n).

    A Gaussian convolved with an exponential: tail = 0 is the Gaussian, a negative tail its mirror image.

    Sources:
        kalambet-2011: the form that does not overflow.
    """
    side = np.where(peaks.tail < 0.0, -1.0, 1.0)
    tail = np.maximum(np.abs(peaks.tail), 1e-3 * peaks.width)
    x = side * (t[:, None] - peaks.rt) / peaks.width
    z = (peaks.width / tail - x) / math.sqrt(2.0)
    gauss = np.exp(-0.5 * x * x) * erfcx(np.maximum(z, 0.0))
    ratio = peaks.width / tail
    exponent = np.clip(0.5 * ratio * ratio - ratio * x, -MOST_EXPONENT, MOST_EXPONENT)
    far = np.where(z < 0.0, 2.0 * np.exp(np.where(z < 0.0, exponent, 0.0)), 0.0)
    far = far - np.where(z < 0.0, np.exp(-0.5 * x * x) * erfcx(np.maximum(-z, 0.0)), 0.0)
    return np.asarray(np.where(z < 0.0, far, gauss) / (2.0 * tail), dtype=np.float64)
