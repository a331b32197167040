"""The small chromatogram of a well."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from ringside.answers.plate.nouns import WellEntry
from ringside.answers.report import AssignmentEntry
from ringside.render.charts import ACCENT, ALARM, INK, PALE

WIDTH, HEIGHT, TOP, LEFT = 700, 132, 44, 6
DRAWN, LETTERS = 1.0, 46


def labels_of(w: WellEntry) -> dict[str, str]:
    """Return the labels of the species of a well by id."""
    return {s.id: s.label for s in w.species}


def reading(a: AssignmentEntry, labels: Mapping[str, str]) -> str:
    """Return what a peak is called: its likeliest reading, or those that the data do not tell apart."""
    names = a.undecidable_between[:2] if len(a.undecidable_between) > 1 else (a.candidates[0].species,)
    words = [labels.get(n, n.replace("background:", "background ").replace("none-of-these", "no reading")) for n in names]  # fmt: skip
    more = len(a.undecidable_between) - 2
    return " or ".join(words) + (f" or {more} more" if more > 0 else "")


def small_chromatogram(w: WellEntry) -> str:
    """Return the trace of a well (sticks where only a table was given), with the peaks of at least 1 % named.

    Args:
        w: The well.

    Returns:
        SVG of about 4 kB, empty for a well without times.
    """
    peaks = [a for a in w.assignments if a.rt_min is not None and (a.area_percent is None or a.area_percent >= DRAWN)]
    times = [a.rt_min for a in peaks if a.rt_min is not None]
    if w.trace is not None:
        low, high = w.trace.t_min[0], w.trace.t_min[-1]
    elif times:
        margin = 0.15 * (max(times) - min(times)) + 0.3
        low, high = max(min(times) - margin, 0.0), max(times) + margin
    else:
        return ""
    floor = HEIGHT - 18

    def x(t: float) -> float:
        return round(LEFT + (WIDTH - 2 * LEFT) * (t - low) / max(high - low, 1e-9), 1)

    def y(v: float) -> float:
        return round(floor - (floor - TOP) * min(max(v, 0.0), 1.0), 1)

    parts = [f'<svg width="100%" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="chromatogram of {escape(w.well)}" font-size="9.5" fill="{INK}">']  # fmt: skip
    if w.trace is not None:
        line = " ".join(f"{x(t)},{y(v)}" for t, v in zip(w.trace.t_min, w.trace.y, strict=True))
        parts.append(f'<polyline points="{line}" fill="none" stroke="{INK}"/>')
    biggest = max((a.area_percent or 0.0 for a in peaks), default=0.0) or 1.0
    names, taken = labels_of(w), [-1e9, -1e9, -1e9]
    own = {round(p.rt_min, 9) for p in w.product_peaks}
    for a in sorted(peaks, key=lambda a: -(a.area_percent or 0.0)):
        at = x(a.rt_min or 0.0)
        if w.trace is None:
            parts.append(f'<path d="M{at} {floor}V{y((a.area_percent or 0.0) / biggest)}" stroke="{INK}" stroke-width="2.5"/>')  # fmt: skip
    for a in sorted(peaks, key=lambda a: a.rt_min or 0.0):
        at, text = x(a.rt_min or 0.0), reading(a, names)
        text = text if len(text) <= LETTERS else text[: LETTERS - 1] + "…"
        wide = 5.2 * len(text) + 8
        end = at + wide > WIDTH - LEFT
        start = at - wide if end else at
        level = next((k for k in range(len(taken)) if taken[k] < start), None)
        mine = round(a.rt_min or 0.0, 9) in own
        colour = ACCENT if mine else ALARM if "no reading" in text else INK
        parts.append(f'<path d="M{at} {floor}V{TOP - 6}" stroke="{colour if mine else PALE}" stroke-dasharray="2 2"/>')
        if level is not None:
            taken[level] = start + wide
            parts.append(
                f'<path d="M{at} {TOP - 6}V{14 + 12 * level - 3}" stroke="{PALE}"/><text x="{at - 3 if end else at + 3}" y="{11 + 12 * level}" '
                f'text-anchor="{"end" if end else "start"}" fill="{colour}">{escape(text)}</text>'
            )
    parts.append(f'<path d="M{LEFT} {floor}H{WIDTH - LEFT}" stroke="{INK}"/>')
    parts += [
        f'<text x="{x(low + (high - low) * k / 5)}" y="{HEIGHT - 5}" text-anchor="{"start" if k == 0 else "end" if k == 5 else "middle"}">{low + (high - low) * k / 5:.2f}</text>'
        for k in range(6)
    ]
    return "".join((*parts, "</svg>"))
