"""Which well is best, and what is out of line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from ringside.answers.plate.drift import Drift
from ringside.answers.plate.nouns import WellEntry

BY_STANDARD = "area of the product over that of the internal standard"
BY_AREA = "area % of the product"


def ranked(wells: Sequence[WellEntry]) -> tuple[str, tuple[WellEntry, ...]]:
    """Return what wells are ranked by, and the wells with their ranks; equal wells share one.

    By product over standard where every well with a product area has a standard, else by product area %.
    """
    read = [w for w in wells if w.product_area_percent is not None]
    standard = bool(read) and all(w.product_to_standard is not None for w in read)

    def value(w: WellEntry) -> float | None:
        return w.product_to_standard if standard else w.product_area_percent

    values = sorted((float(f"{v:.6g}") for w in wells if (v := value(w)) is not None), reverse=True)
    places = tuple(
        replace(w, rank=values.index(float(f"{v:.6g}")) + 1 if (v := value(w)) is not None else None) for w in wells
    )
    return BY_STANDARD if standard else BY_AREA, places


def ranking_of(wells: Sequence[WellEntry]) -> tuple[str, ...]:
    """Return the names of ranked wells, best first; equal ones in the order of the plate map."""
    return tuple(w.well for w in sorted((w for w in wells if w.rank is not None), key=lambda w: w.rank or 0))


def aligned(
    wells: Sequence[WellEntry], clocks: Sequence[Drift | None], constants: Mapping[str, float]
) -> tuple[WellEntry, ...]:
    """Return the wells with their drift, and a remark where the product comes at another time than in wells of the same target."""
    times: dict[str, list[float]] = {}
    at = [
        clock.corrected(60.0 * w.product_rt_min) if clock is not None and w.product_rt_min is not None else None
        for w, clock in zip(wells, clocks, strict=True)
    ]
    for w, t in zip(wells, at, strict=True):
        if t is not None:
            times.setdefault(w.target, []).append(t)
    found: list[WellEntry] = []
    for w, t, clock in zip(wells, at, clocks, strict=True):
        own = times.get(w.target, [])
        usual = float(np.median(own)) if own else 0.0
        strange = t is not None and len(own) >= constants["steady_wells"] and abs(t - usual) >= constants["same_rt"]
        remark = (f"the product peak is {abs(t - usual):.0f} s {'later' if t > usual else 'earlier'} than in the other wells of this target",) if strange and t is not None else ()  # fmt: skip
        found.append(
            replace(
                w, drift_s=clock.late if clock is not None else None, stretch=clock.stretch if clock is not None else None,
                remarks=(*w.remarks, *remark),
            )
        )  # fmt: skip
    return tuple(found)
