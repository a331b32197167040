"""What further experiments say of a peak: a load series, an eluent of D2O, an eluent of another pH."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ringside.evidence.nouns import Instrument, Peak
from ringside.evidence.spectrum import Match

MOST_EXPONENT = 4.0


@dataclass(frozen=True, slots=True)
class Behaviour:
    """How one species behaves in experiments.

    ``gain``: the mass that an ion of it gains in D2O [Da], by the ion's label. ``log_d``: log10 of its octanol-water distribution
    coefficient at a pH.
    """

    gain: Callable[[str], float]
    log_d: Callable[[float], float]


def experiment_log_ratio(
    peak: Peak, reading: Match, behaviour: Behaviour, instrument: Instrument, constants: Mapping[str, float]
) -> float:
    """Return the natural log of P(experiments | reading) / P(experiments | a molecule not thought of).

    The height of an ion of n molecules goes with the load to the power n. In D2O an ion gains one unit of mass for each hydrogen that
    exchanges, the proton that charges it included. In an eluent of another pH an amine moves with its log D, a permanent cation stays. Each may
    mislead with a small chance (``experiment_stray``), so none rules a reading out for good.

    Args:
        peak: The peak; only ``load_exponent``, ``exchange`` and ``second_rt`` count.
        reading: The ion that the species would be; without one only the retention says something.
        behaviour: Of the species.
        instrument: The pH of both eluents.
        constants: Those of assignment.csv.

    Returns:
        0 where no experiment was made.
    """
    total = 0.0
    if peak.load_exponent is not None and reading.ion:
        sd, pairs = constants["load_exponent_sd"], constants["unknown_dimer"]
        own = _normal(peak.load_exponent - reading.molecules, sd)
        other = (1.0 - pairs) * _normal(peak.load_exponent - 1.0, sd) + pairs * _normal(peak.load_exponent - 2.0, sd)
        total += _with_stray(own, other, 1.0 / MOST_EXPONENT, constants)
    if peak.exchange is not None and reading.ion:
        sd, step, most = constants["exchange_sd"], constants["exchange_step"], int(constants["unknown_exchange_most"])
        own = _normal(peak.exchange - behaviour.gain(reading.ion.partition(",")[0]), sd)
        other = math.fsum(_normal(peak.exchange - n * step, sd) for n in range(most + 1)) / (most + 1)
        total += _with_stray(own, other, 1.0 / (step * (most + 1)), constants)
    first, second = instrument.eluent_ph, instrument.second_ph
    if peak.second_rt and peak.rt and first is not None and second is not None:
        moved = math.log(peak.second_rt / peak.rt)
        most_log = constants["log_d_most"]
        change = max(min(behaviour.log_d(second) - behaviour.log_d(first), most_log), -most_log)
        mean = constants["retention_per_log_d"] * change
        own = _normal(moved - mean, constants["retention_sd"] + constants["retention_sd_relative"] * abs(mean))
        spread = constants["unknown_retention_sd"]
        total += _with_stray(own, _normal(moved, spread), 1.0 / (4.0 * spread), constants)
    return total


def _with_stray(own: float, other: float, flat: float, constants: Mapping[str, float]) -> float:
    stray = constants["experiment_stray"] * flat
    keep = 1.0 - constants["experiment_stray"]
    return math.log((keep * own + stray) / (keep * other + stray))


def _normal(x: float, sd: float) -> float:
    return math.exp(-0.5 * (x / sd) ** 2) / (sd * math.sqrt(2.0 * math.pi))
