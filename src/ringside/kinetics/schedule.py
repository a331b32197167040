"""A flask laid out over legs of constant feed and straight temperature ramps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ringside.errors import Complaint, NoAnswer
from ringside.kinetics.compile import GAS, SOLID, Arrays
from ringside.kinetics.nouns import FloatArray
from ringside.recipe.nouns import Dose, Flask

BoolArray = NDArray[np.bool_]
SAME_INSTANT = 1e-9


@dataclass(frozen=True, slots=True)
class Schedule:
    """What enters when, over legs between ``breaks`` [s], shape (n_legs + 1,).

    Per leg: ``fresh`` where something changes at its start, temperature at both ends [K], ``jump`` and ``feed`` of
    every state [mol per mol limiting, and per s] and of the volume [L per mol limiting]. ``output`` is the leg that
    ends at each output time, -1 for time 0.
    """

    breaks: FloatArray
    fresh: BoolArray
    kelvin_0: FloatArray
    kelvin_1: FloatArray
    jump: FloatArray
    jump_v: FloatArray
    feed: FloatArray
    feed_v: FloatArray
    output: NDArray[np.int64]


def kelvin_at(programme: Sequence[tuple[float, float]], t: float) -> float:
    """Return the temperature [K] of straight ramps, held before the first and after the last point.

    >>> kelvin_at([(0.0, 273.15), (3600.0, 293.15)], 1800.0)
    283.15
    """
    return float(np.interp(t, [p[0] for p in programme], [p[1] for p in programme]))


def volume_at(flask: Flask, t: float) -> float:
    """Return the volume [L] at a time [s], volumes adding up."""
    late = [d for d in flask.doses if d.volume > 0.0 and (d.duration > SAME_INSTANT or d.start > 0.0)]
    share = [min(max((t - d.start) / max(d.duration, SAME_INSTANT), 0.0), 1.0) for d in late]
    return flask.volume + sum(d.volume * s for d, s in zip(late, share, strict=True))


def _corners(flask: Flask, end: float) -> list[float]:
    found = {0.0, end, *(t for t, _ in flask.programme)}
    for d in flask.doses:
        found.update((d.start, d.start + max(d.duration, 0.0)))
    return sorted(t for t in found if 0.0 <= t <= end)


def schedule(flask: Flask, arrays: Arrays, times: Sequence[float], over: Mapping[str, float] | None = None) -> Schedule:
    """Lay a flask out over legs between the corners of its feeds and temperature programme and the output times.

    Volumes add up. What is charged at once at time 0 is already in ``flask.volume``. A species that the network does
    not hold is left out.

    Args:
        flask: What is charged, when and how hot.
        arrays: The compiled network.
        times: Output times [s], rising; the run ends at ``flask.time`` and later times see it as it ended.
        over: Gas held over the solution [mol/L], by species.

    Returns:
        The schedule.

    Raises:
        NoAnswer: If there is no liquid in the flask at time 0.
    """
    if not flask.volume > 0.0 or not flask.limiting > 0.0:
        raise NoAnswer(
            Complaint(
                "no-liquid",
                "a flask without liquid or without a limiting reactant cannot be simulated",
                value=f"{flask.volume:g} L, {flask.limiting:g} mol",
                next_step="give a solvent with its volume and at least one substrate",
            )
        )
    end = max(flask.time, SAME_INSTANT)
    corners = _corners(flask, end)
    breaks = np.array(sorted({*corners, *(t for t in times if 0.0 < t < end)}))
    n_legs = len(breaks) - 1
    jump = np.zeros((n_legs, len(arrays.states)))
    feed = np.zeros_like(jump)
    jump_v, feed_v = np.zeros(n_legs), np.zeros(n_legs)
    jump_v[0] = flask.volume / flask.limiting
    rank = {s: i for i, s in enumerate(arrays.states)}
    for gas, per_litre in (over or {}).items():
        jump[0, rank[GAS + gas]] = per_litre * jump_v[0]
    for d in flask.doses:
        moles, litres = d.mol / flask.limiting, d.volume / flask.limiting
        if d.duration > SAME_INSTANT:
            legs = (breaks[:-1] >= d.start - SAME_INSTANT) & (breaks[1:] <= d.start + d.duration + SAME_INSTANT)
            feed_v[legs] += litres / d.duration
            _enter(feed, legs, d, moles / d.duration, arrays=arrays, rank=rank)
        elif d.start < end:
            leg = np.array([int(np.searchsorted(breaks, d.start))])
            jump_v[leg] += litres if d.start > 0.0 else 0.0
            _enter(jump, leg, d, moles, arrays=arrays, rank=rank)
    kelvin = np.array([kelvin_at(flask.programme, float(t)) for t in breaks])
    fresh = np.isin(breaks[:-1], corners)
    output = np.array([int(np.searchsorted(breaks, min(t, end) - SAME_INSTANT)) - 1 for t in times], dtype=np.int64)
    return Schedule(breaks, fresh, kelvin[:-1].copy(), kelvin[1:].copy(), jump, jump_v, feed, feed_v, output)


def _enter(
    table: FloatArray,
    legs: BoolArray | NDArray[np.int64],
    dose: Dose,
    moles: float,
    *,
    arrays: Arrays,
    rank: Mapping[str, int],
) -> None:
    if dose.smiles is None or dose.smiles not in arrays.column:
        return
    undissolved = rank.get(SOLID + dose.smiles)
    if dose.solid and undissolved is not None:
        table[legs, undissolved] += moles
        return
    table[legs, arrays.column[dose.smiles]] += moles
    table[legs, arrays.labile] += moles * (arrays.held[dose.smiles] + dose.protons)


def stack(plans: Sequence[Schedule]) -> tuple[NDArray[np.generic], ...]:
    """Stack schedules in the order of the fields, the shorter ones padded with legs of no length."""
    most = max(len(p.fresh) for p in plans)

    def padded(name: str) -> NDArray[np.generic]:
        hold = name in ("breaks", "kelvin_0", "kelvin_1")
        rows: list[NDArray[np.generic]] = []
        for p in plans:
            a: NDArray[np.generic] = getattr(p, name)
            extra = most + (name == "breaks") - len(a)
            fill = np.repeat(a[-1:], extra, axis=0)
            rows.append(np.concatenate([a, fill if hold else np.zeros_like(fill)]))
        return np.ascontiguousarray(np.stack(rows))

    names = ("breaks", "fresh", "kelvin_0", "kelvin_1", "jump", "jump_v", "feed", "feed_v")
    return tuple(padded(name) for name in names)
