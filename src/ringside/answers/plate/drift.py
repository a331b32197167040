"""Drift across a plate: by how much each well runs late, from the ions that several wells share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ringside.answers.plate.nouns import WellEntry
from ringside.kinetics.nouns import FloatArray
from ringside.units import Second

ROUNDS = 20
APART = 1e-9


@dataclass(frozen=True, slots=True)
class Drift:
    """How the clock of one well runs: t = u + late + (stretch - 1) (u - pivot), with u on the clock of the plate [s]."""

    late: Second
    stretch: float
    pivot: Second

    def corrected(self, t: Second) -> Second:
        """Return a time of the well on the clock of the plate."""
        return self.pivot + (t - self.late - self.pivot) / self.stretch


@dataclass(frozen=True, slots=True)
class _Seen:
    """Peaks of all wells: well number, m/z of the strongest ion, and time [s], each of shape (n_peaks,)."""

    well: FloatArray
    mz: FloatArray
    t: FloatArray


_Steady = list[tuple[list[int], list[float]]]


def drifts(wells: Sequence[WellEntry], constants: Mapping[str, float]) -> tuple[Drift | None, ...]:
    """Return the drift of each well.

    A steady ion is one m/z at about one time in at least ``steady_wells`` wells. Products are no such ions, since isomers share a mass;
    instead the product peak of at least so many wells with one target counts as one, whatever its strongest ion. Their times are t(well, ion) = place(ion) + late(well), solved by
    medians in turn, so that single wrong peaks do not matter, and with the median of all wells at 0; once with a wide
    window and ions that a well shows only once, then with a narrow one. A stretch is taken only from enough ions, where it
    moves them by enough and halves what a shift leaves (see plate.csv).

    Args:
        wells: All wells of a plate.
        constants: Those of plate.csv.

    Returns:
        One for each well; None where it shows fewer than ``steady_ions``, or ones that disagree, since one may be the wrong peak.
    """
    seen = _seen(wells)
    found: list[Drift | None] = [None] * len(wells)
    for reach, single in ((constants["wide_rt"], True), (constants["same_rt"], False)):
        clocks = [d or Drift(0.0, 1.0, 0.0) for d in found]
        u = np.array([clocks[int(w)].corrected(t) for w, t in zip(seen.well, seen.t, strict=True)])
        steady = _ions(seen, u, reach, constants, single=single) + _products(wells, constants)
        found = _solved(steady, len(wells), constants)
    return tuple(found)


def _seen(wells: Sequence[WellEntry]) -> _Seen:
    rows = [
        (w, a.mz[0], 60.0 * a.rt_min)
        for w, e in enumerate(wells)
        for a in e.assignments
        if a.mz and a.rt_min is not None and a.rt_min not in {p.rt_min for p in e.product_peaks}
    ]
    table = np.array(rows, dtype=np.float64).reshape(-1, 3)
    return _Seen(table[:, 0], table[:, 1], table[:, 2])


def _ions(seen: _Seen, u: FloatArray, reach: float, constants: Mapping[str, float], *, single: bool) -> _Steady:
    """Return (wells, times) of each ion that enough wells show, the most common first; each peak counts once."""
    left = np.ones(len(u), dtype=bool)
    found: _Steady = []
    order = np.lexsort((u, seen.mz))
    near = [np.flatnonzero((np.abs(seen.mz - seen.mz[i]) < constants["same_mz"]) & (np.abs(u - u[i]) < reach)) for i in order]  # fmt: skip
    for members in sorted(near, key=lambda m: (-len(m), tuple(m[:1]))):
        free = members[left[members]]
        wells, counts = np.unique(seen.well[free], return_counts=True)
        chosen = wells[counts == 1] if single else wells
        if len(chosen) < constants["steady_wells"]:
            continue
        centre = float(np.median(u[free]))
        picked = [min(free[seen.well[free] == w], key=lambda i: (abs(u[i] - centre), i)) for w in chosen]
        left[free] = False
        found.append(([int(w) for w in chosen], [float(seen.t[i]) for i in picked]))
    return found


def _products(wells: Sequence[WellEntry], constants: Mapping[str, float]) -> _Steady:
    by_target: dict[str, tuple[list[int], list[float]]] = {}
    for w, e in enumerate(wells):
        if len(e.product_peaks) == 1:
            numbers, times = by_target.setdefault(e.target, ([], []))
            numbers.append(w)
            times.append(60.0 * e.product_peaks[0].rt_min)
    return [v for _, v in sorted(by_target.items()) if len(v[0]) >= constants["steady_wells"]]


def _solved(steady: _Steady, n_wells: int, constants: Mapping[str, float]) -> list[Drift | None]:
    t = np.full((len(steady), n_wells), np.nan)
    for k, (wells, times) in enumerate(steady):
        t[k, wells] = times
    there = np.isfinite(t)
    late = np.zeros(n_wells)
    place = np.zeros(len(steady))
    for _ in range(ROUNDS):
        place = np.array([np.median(t[k, there[k]] - late[there[k]]) for k in range(len(steady))])
        late = np.array([np.median(t[there[:, w], w] - place[there[:, w]]) if there[:, w].any() else 0.0 for w in range(n_wells)])  # fmt: skip
        late -= np.median(late[there.any(axis=0)]) if there.any() else 0.0
    enough = there.sum(axis=0) >= constants["steady_ions"]
    return [
        _clock(place[there[:, w]], t[there[:, w], w], float(late[w]), constants) if enough[w] else None
        for w in range(n_wells)
    ]


def _clock(place: FloatArray, t: FloatArray, late: float, constants: Mapping[str, float]) -> Drift | None:
    """Return shift and, where the ions of the well tell it, stretch (Theil and Sen: the median slope of all pairs)."""
    pivot = float(np.median(place))
    before = float(np.median(np.abs(t - place - late)))
    shift = Drift(late, 1.0, pivot) if before <= constants["steady_scatter"] else None
    i, j = np.triu_indices(len(place), 1)
    wide = np.abs(place[j] - place[i]) > APART
    if len(place) < constants["stretch_ions"] or not wide.any():
        return shift
    slope = float(np.median((t[j] - t[i])[wide] / (place[j] - place[i])[wide]))
    if slope <= 0.0:
        return shift
    rest = t - pivot - slope * (place - pivot)
    after = float(np.median(np.abs(rest - np.median(rest))))
    moved = abs(slope - 1.0) * float(np.ptp(place))
    told = after < constants["stretch_gain"] * before and moved >= constants["stretch_least"]
    return Drift(float(np.median(rest)), slope, pivot) if told else shift
