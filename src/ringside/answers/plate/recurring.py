"""Peaks without a reading that come back: one mass in several wells, or one difference from their targets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ringside.answers.plate.drift import Drift
from ringside.answers.plate.nouns import Recurring, WellEntry
from ringside.answers.plate.wells import unread

Key = tuple[int, float]


@dataclass(frozen=True, slots=True)
class _Stray:
    """One peak without a reading: well number, m/z, time on the clock of the plate [s], area, and m/z less the target's."""

    well: int
    mz: float
    rt: float
    area: float
    beyond: float


def recurring(
    wells: Sequence[WellEntry],
    clocks: Sequence[Drift | None],
    protonated: Mapping[str, float],
    constants: Mapping[str, float],
) -> tuple[Recurring, ...]:
    """Gather the peaks without a reading that more than one well shows.

    A peak that keeps its m/z and its time comes from what all wells share: reagents, solvent, instrument. One whose m/z keeps its
    distance from the [M+H]+ of different targets is made from the target. Each peak is counted in the first that fits, widest first.

    Args:
        wells: All wells.
        clocks: Their drifts.
        protonated: m/z of [M+H]+ by target.
        constants: Those of plate.csv.

    Returns:
        Groups, those in most wells first, without meanings yet.
    """
    strays = _strays(wells, clocks, protonated, constants["least_area"])
    mz, rt, beyond = (np.array([getattr(p, name) for p in strays]) for name in ("mz", "rt", "beyond"))
    seeds: list[tuple[Key, bool, NDArray[np.intp]]] = []
    for i in range(len(strays)):
        still = (np.abs(mz - mz[i]) < constants["same_mz"]) & (np.abs(rt - rt[i]) < constants["same_rt"])
        moving = np.abs(beyond - beyond[i]) < constants["same_mz"]
        seeds += [(_size(np.flatnonzero(m), strays), k, np.flatnonzero(m)) for m, k in ((still, False), (moving, True))]
    left = np.ones(len(strays), dtype=bool)
    found: list[Recurring] = []
    for _, moving, members in sorted(seeds, key=lambda s: (s[0], s[1], tuple(s[2][:1]))):
        own = [strays[i] for i in members[left[members]]]
        targets = {wells[p.well].target for p in own}
        if len({p.well for p in own}) < 2 or (moving and len(targets) < 2):
            continue
        left[members] = False
        found.append(_entry(own, wells, moving=moving))
    return tuple(sorted(found, key=lambda g: (-len(g.wells), -g.area_percent, g.mz)))


def _size(members: NDArray[np.intp], strays: Sequence[_Stray]) -> Key:
    """Return what groups are taken by: most wells first, then most area."""
    return -len({strays[i].well for i in members}), -sum(strays[i].area for i in members)


def _strays(
    wells: Sequence[WellEntry], clocks: Sequence[Drift | None], protonated: Mapping[str, float], least: float
) -> list[_Stray]:
    found: list[_Stray] = []
    for w, (e, clock) in enumerate(zip(wells, clocks, strict=True)):
        for a in e.assignments:
            if a.mz and a.rt_min is not None and unread(a) and (a.area_percent or 0.0) >= 100.0 * least:
                t = 60.0 * a.rt_min
                rt = clock.corrected(t) if clock is not None else t
                found.append(_Stray(w, a.mz[0], rt, a.area_percent or 0.0, a.mz[0] - protonated[e.target]))
    return found


def _entry(own: Sequence[_Stray], wells: Sequence[WellEntry], *, moving: bool) -> Recurring:
    largest = {w: max((p for p in own if p.well == w), key=lambda p: p.area) for w in sorted({p.well for p in own})}
    peaks = list(largest.values())
    found = Recurring(
        mz=float(np.median([p.mz for p in peaks])),
        rt_min=float(np.median([p.rt for p in peaks])) / 60.0,
        difference_da=None,
        wells=tuple(wells[w].well for w in largest),
        area_percent=float(np.mean([p.area for p in peaks])),
        meanings=(),
    )
    return replace(found, difference_da=float(np.median([p.beyond for p in peaks]))) if moving else found
