"""How chains and rings of one repeat unit are distributed over their lengths."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ringside.kinetics.nouns import FloatArray

RING_EXPONENT = -2.5
LONGEST = 4000


def flory(conversion: float, n: int) -> FloatArray:
    """Return the chains of 1 to ``n`` units of an A-B monomer, mol per mol of monomer charged, without rings.

    Args:
        conversion: Fraction of end groups that have reacted [-], 0 to 1.
        n: Longest chain [units].

    Returns:
        p^(k-1) (1-p)^2 for k = 1 ... n, shape (n,).

    Sources:
        flory-1936: most probable distribution (as an encyclopedia gives it).
    """
    k = np.arange(1, n + 1, dtype=np.float64)
    return np.asarray(conversion ** (k - 1.0) * (1.0 - conversion) ** 2, dtype=np.float64)


def flory_aabb(conversion: float, ratio: float, n: int) -> Mapping[str, FloatArray]:
    """Return the chains of A-A + B-B, mol per mol of A-A charged, without rings.

    Args:
        conversion: Fraction of the A groups that have reacted [-].
        ratio: Mol of A-A per mol of B-B [-], so that the B groups have reacted to ``conversion * ratio``.
        n: Most repeat units (one A-A and one B-B).

    Returns:
        By ends: "AB" chains of k of each for k = 1 ... n, "AA" of k + 1 A-A and k B-B, "BB" of k A-A and k + 1 B-B,
        each for k = 0 ... n; k = 0 is the monomer.

    Sources:
        flory-1936: as for A-B, with two kinds of unit.
    """
    a, b = conversion, conversion * ratio
    k = np.arange(0, n + 1, dtype=np.float64)
    return {
        "AA": np.asarray((1 - a) ** 2 * (a * b) ** k, dtype=np.float64),
        "BB": np.asarray((1 - b) ** 2 / ratio * (a * b) ** k, dtype=np.float64),
        "AB": np.asarray(2 * (1 - a) * a * (1 - b) * (a * b) ** (k[1:] - 1.0), dtype=np.float64),
    }


def rings(effective_molarity: float, extent: float, n: int) -> FloatArray:
    """Return the rings of 1 to ``n`` units in equilibrium with their chains [mol/L].

    Args:
        effective_molarity: That of the ring of one unit, if it had no strain [mol/L].
        extent: Ratio of the amounts of neighbouring chains [-]; for an A-B monomer the conversion of ends in chains.
        n: Largest ring [units].

    Returns:
        EM k^(-5/2) x^k for k = 1 ... n, shape (n,).

    Sources:
        jacobson-1950: ring-chain equilibrium of unstrained chains (not opened).
    """
    k = np.arange(1, n + 1, dtype=np.float64)
    return np.asarray(effective_molarity * k**RING_EXPONENT * extent**k, dtype=np.float64)


def spread(
    units: float, mean: float, known: Mapping[str, Sequence[float]], ring: str, n: int
) -> Mapping[str, FloatArray]:
    """Spread the repeat units of a lumped remainder over its lengths.

    All chains go on with one ratio of neighbours (Flory), that of the remainder's mean length; rings with that ratio
    times (k / (k - 1))^(-5/2) (Jacobson and Stockmayer). Series start from what was followed of them.

    Args:
        units: Repeat units in the remainder [mol per mol limiting].
        mean: Mean length of its molecules [units].
        known: Amounts of each series, as far as it was followed, for 1, 2, ... units [mol per mol limiting].
        ring: The series of rings, if one is called so.
        n: How many lengths beyond those followed are wanted.

    Returns:
        Amounts by series for its next ``n`` lengths; their units and those of all longer ones add up to ``units``.
    """
    first = min((len(values) for values in known.values()), default=0) + 1
    beyond = max(mean - first, 0.0)
    ratio = beyond / (1.0 + beyond)
    lengths = {
        name: np.arange(len(values) + 1, len(values) + 1 + LONGEST, dtype=np.float64) for name, values in known.items()
    }
    shapes: dict[str, FloatArray] = {}
    for name, k in lengths.items():
        last = len(known[name])
        falling = (k / last) ** RING_EXPONENT if name == ring else np.ones_like(k)
        shapes[name] = np.asarray(known[name][-1] * ratio ** (k - first) * falling, dtype=np.float64)
    held = sum(float((lengths[name] * shape).sum()) for name, shape in shapes.items())
    scale = units / held if held > 0.0 else 0.0
    return {name: scale * shape[:n] for name, shape in shapes.items()}
