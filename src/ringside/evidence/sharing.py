"""Who owns which peak: all peaks and all species at once."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from ringside.evidence.nouns import Expected, Peak
from ringside.kinetics.nouns import FloatArray

Interval = tuple[float, float, float]
_Z90 = 3.289707
ROUNDS = 400
SETTLED = 1e-12


def prior_weights(
    peaks: Sequence[Peak],
    species: Sequence[Expected],
    in_sample: Mapping[str, Interval],
    constants: Mapping[str, float],
) -> tuple[FloatArray, FloatArray]:
    """Return what is expected of each peak before its ions are looked at.

    A species of median share s of the signal (amount x response) gives an area a with log-normal density around s, wide
    by the simulation and by the response factors, with a tenth in far tails. Unknown compounds give ``unknown_peaks``
    peaks per injection, most of them small. Where no area is given a peak only says that something was noticed: by its ions where other
    peaks of the injection have areas, or by any detector. Where hardly anything in the sample absorbs, areas are something else's.

    Args:
        peaks: The peaks.
        species: What may be there.
        in_sample: (low, median, high) of what is injected [mol per mol limiting], at 5, 50 and 95 %.
        constants: Those of assignment.csv.

    Returns:
        Prior probabilities of the species, shape (n_peaks, n_species), and of a compound not thought of, shape
        (n_peaks,), the latter at least ``prior_none``; each row sums to 1 with its none.
    """
    floor = constants["amount_floor"]
    unsaid = (0.0, 0.0, 0.0) if in_sample else (floor, 1.0, 1.0 / floor)
    amounts = np.array([[max(x, 0.0) + floor for x in in_sample.get(s.species, unsaid)] for s in species]).reshape(
        -1, 3
    )
    with_area = any(p.area is not None for p in peaks)
    unseen = constants["invisible_response"]
    by_uv = np.array([s.uv_response if s.uv else unseen if s.esi else unseen**2 for s in species])
    by_ions = np.array([1.0 if s.esi or (s.uv and not with_area) else unseen for s in species])
    log_share = _log_share(amounts[:, 1] * by_uv, constants["visible_least"])
    log_ions = _log_share(amounts[:, 1] * by_ions, 0.0)
    noticed = constants["noticed_ion_share" if with_area else "noticed_share"]
    sd = np.hypot(np.log(amounts[:, 2] / amounts[:, 0]) / _Z90, constants["response_log_sd"])
    weights = np.empty((len(peaks), len(species)))
    unknown = np.empty(len(peaks))
    for i, peak in enumerate(peaks):
        if peak.area is not None and peak.area > 0:
            z = (math.log(peak.area) - log_share) / sd
            weights[i] = 0.9 * np.exp(-0.5 * z * z) / sd + 0.1 * np.exp(-0.5 * (z / 3.0) ** 2) / (3.0 * sd)
            z0 = (math.log(peak.area) - math.log(constants["unknown_area"])) / constants["unknown_area_log_sd"]
            unknown[i] = constants["unknown_peaks"] * math.exp(-0.5 * z0 * z0) / constants["unknown_area_log_sd"]
        else:
            odds = np.exp((log_ions - math.log(noticed)) / constants["response_log_sd"])
            weights[i] = odds / (1.0 + odds)
            unknown[i] = constants["unknown_peaks"]
    weights = np.maximum(weights, 1e-300)
    whole = weights.sum(axis=1)
    none = np.clip(unknown / np.maximum(unknown + whole, 1e-300), constants["prior_none"], constants["prior_none_most"])
    return weights * ((1.0 - none) / np.maximum(whole, 1e-300))[:, None], none


def ion_shares(
    species: Sequence[Expected], in_sample: Mapping[str, Interval], constants: Mapping[str, float]
) -> FloatArray:
    """Return the share of each species in the ion current that is expected of a sample, shape (n_species,).

    Args:
        species: What may be there.
        in_sample: (low, median, high) of what is injected [mol per mol limiting]; alike where nothing is known.
        constants: Those of assignment.csv.
    """
    floor = constants["amount_floor"]
    amounts = np.array([(in_sample[s.species][1] if s.species in in_sample else 0.0) + floor for s in species])
    heard = np.array([1.0 if s.esi else constants["invisible_response"] for s in species])
    current = amounts * heard
    return np.asarray(current / max(float(current.sum()), 1e-300), dtype=np.float64)


def _log_share(signal: FloatArray, least: float) -> FloatArray:
    """Return the log of each part of a signal; where all of it is less than ``least``, something else makes the rest."""
    return np.asarray(np.log(signal / max(float(signal.sum()), least, 1e-300)), dtype=np.float64)


def share_out(weights: FloatArray, none: FloatArray, again: float, silent: Sequence[bool]) -> FloatArray:
    """Return who owns each peak, given that a species owns one main peak.

    Sum-product on the graph of peaks and species: a species that owns c peaks counts ``again`` ^ (c - 1), so isomers
    compete for the peaks of their mass. Exact where the graph has no loops, and the same for any order of peaks.

    Args:
        weights: Prior times likelihood ratio, shape (n_peaks, n_species).
        none: The same of a compound not thought of, shape (n_peaks,).
        again: How unlikely a second peak of the same species is [-].
        silent: Peaks that tell nothing and so take nothing from others, length n_peaks.

    Returns:
        Probabilities, shape (n_peaks, n_species + 1), the last column for none of these; rows sum to 1.
    """
    n_peaks = len(weights)
    if not weights.size:
        return np.ones((n_peaks, 1))
    top = np.maximum(weights.max(axis=1), none)[:, None]
    w, rest = weights / top, none / top[:, 0]
    quiet = np.array(silent, dtype=bool)
    room = np.ones_like(w)
    for _ in range(ROUNDS):
        total = (w * room).sum(axis=1) + rest
        others = np.maximum(total[:, None] - w * room, 0.0)
        owned = w / np.maximum(others + w, 1e-300)
        owned[quiet] = 0.0
        discounted = _others(1.0 - owned * (1.0 - again))
        unowned = _others(1.0 - owned)
        new = discounted / (unowned + (discounted - unowned) / again)
        change = float(np.max(np.abs(new - room)))
        room = np.sqrt(room * new)
        if change < SETTLED:
            break
    out = np.hstack([w * room, rest[:, None]])
    return out / out.sum(axis=1, keepdims=True)


def _others(factors: FloatArray) -> FloatArray:
    """Return for each row the product of all other rows."""
    ones = np.ones((1, factors.shape[1]))
    before = np.vstack([ones, np.cumprod(factors, axis=0)[:-1]])
    after = np.vstack([np.cumprod(factors[::-1], axis=0)[::-1][1:], ones])
    return before * after
