"""The charge of an ion, by the spacing of its isotope lines."""

from __future__ import annotations

import numpy as np

from ringside.chem.ions import isotope_pattern
from ringside.kinetics.nouns import FloatArray
from ringside.units import Mz

MOST_CHARGE = 4
REACH = 3.0  # standard deviations, within which a line is where it should be
LEAST_LINE, MOST_LINE = 0.02, 2.0  # of the ion: height of the line of its first carbon-13


def charge_at(mz: FloatArray, intensity: FloatArray, mz0: Mz, sd: float) -> int | None:
    """Return the charge of the ion at an m/z; None where the spectrum does not tell.

    The next isotope line, one neutron on, lies 1.003 / z higher. A charge is told by a line there; where lines fit several, by the highest charge
    whose line none of the lower ones explains (two at double charge are one apart as well). Nothing is told where readings are too coarse to tell
    one charge from the next.

    Args:
        mz: Of the spectrum, in any order, shape (n,).
        intensity: Heights in any unit, shape (n,).
        mz0: The ion.
        sd: Standard deviation of a reading [Da].
    """
    (low, _), (high, _) = isotope_pattern("C", 0)[:2]
    spacing = high - low
    own = _height(mz, intensity, mz0, REACH * sd)
    if own <= 0.0:
        return None
    found: int | None = None
    for z in range(1, MOST_CHARGE + 1):
        if 2.0 * REACH * sd > spacing / z - spacing / (z + 1):
            break
        line = _height(mz, intensity, mz0 + spacing / z, REACH * sd)
        if LEAST_LINE * own <= line <= MOST_LINE * own:
            found = z
    return found


def _height(mz: FloatArray, intensity: FloatArray, at: Mz, reach: float) -> float:
    """Return the highest signal near an m/z, 0 where there is none."""
    near = np.abs(np.asarray(mz) - at) <= reach
    return float(np.asarray(intensity)[near].max()) if near.any() else 0.0
