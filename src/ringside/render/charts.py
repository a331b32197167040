"""The pictures of the page, as SVG text."""

from __future__ import annotations

from html import escape

from ringside.answers.report import Interval, Report, TraceEntry
from ringside.render.words import candidate_name, percent, species_names

BAR_WIDTH = 230
LABEL_LEVELS, LETTER = 4, 5.6
INK, PALE, ACCENT, ALARM = "#1d2a35", "#c9d3da", "#1f6f8b", "#b4532a"


def interval_bar(value: Interval, *, top: float = 1.0, colour: str = ACCENT, width: int = BAR_WIDTH) -> str:
    """Draw a median as a bar and its interval as a whisker, on a scale from 0 to ``top``."""

    def x(v: float) -> float:
        return round(2 + (width - 4) * min(max(v / top, 0.0), 1.0), 1)

    return (
        f'<svg class="bar" width="{width}" height="18" viewBox="0 0 {width} 18" role="img" aria-label="{percent(value.median)}">'
        f'<rect x="2" y="4" width="{width - 4}" height="10" fill="#eef2f4"/>'
        f'<rect x="2" y="4" width="{max(x(value.median) - 2, 0.8):.1f}" height="10" fill="{colour}"/>'
        f'<path d="M{x(value.low)} 9H{x(value.high)}M{x(value.low)} 5.5v7M{x(value.high)} 5.5v7" stroke="{INK}" stroke-width="1.3" fill="none"/></svg>'
    )


def before_after(before: Interval, after: Interval, *, width: int = BAR_WIDTH) -> str:
    """Draw yields before (pale) and after (strong), one over the other."""
    first = interval_bar(before, colour=PALE, width=width)
    second = interval_bar(after, colour=ACCENT, width=width)
    return f'<div class="pair">{first}{second}</div>'


def probability_bar(value: float, width: int = 120) -> str:
    """Draw a probability as a filled bar."""
    filled = round((width - 2) * value, 1)
    return (
        f'<svg class="bar" width="{width}" height="12" viewBox="0 0 {width} 12" role="img" aria-label="{percent(value)}">'
        f'<rect x="1" y="1" width="{width - 2}" height="10" fill="#eef2f4"/>'
        f'<rect x="1" y="1" width="{filled}" height="10" fill="{ACCENT}"/></svg>'
    )


def _ticks(low: float, high: float) -> list[float]:
    """Return round numbers that divide an axis into about six."""
    raw = max(high - low, 1e-6) / 6
    power = 10.0 ** len(str(int(1 / raw))) if raw < 1 else 1.0
    step = next((m / power for m in (1, 2, 5, 10, 20, 50, 100) if m / power >= raw), raw)
    first = int(low / step) + 1
    return [round(i * step, 6) for i in range(first, int(high / step) + 1)]


def _signal(report: Report) -> TraceEntry | None:
    """Return the trace to draw: the first one given, else sticks made of the peaks."""
    if report.traces:
        return report.traces[0]
    return None


def _free_level(taken: list[list[tuple[float, float]]], room: tuple[float, float]) -> int:
    """Return the first line on which a label overlaps no other, the emptiest where there is none; the label is put there."""
    free = [i for i, line in enumerate(taken) if all(room[1] < a or b < room[0] for a, b in line)]
    level = free[0] if free else min(range(len(taken)), key=lambda i: len(taken[i]))
    taken[level].append(room)
    return level


def chromatogram(report: Report, *, width: int = 700, height: int = 230) -> str:
    """Draw the trace (or sticks where only a table was given) with every peak numbered and named."""
    peaks = [a for a in report.assignments or () if a.rt_min is not None]
    trace = _signal(report)
    if not peaks and trace is None:
        return ""
    names = species_names(report)
    times = [a.rt_min for a in peaks if a.rt_min is not None]
    if trace:
        low, high = trace.t_min[0], trace.t_min[-1]
    else:
        margin = 0.15 * (max(times) - min(times)) + 0.3
        low, high = max(min(times) - margin, 0.0), max(times) + margin
    left, bottom, top = 34, height - 34, 78

    def x(t: float) -> float:
        return round(left + (width - left - 10) * (t - low) / (high - low), 1)

    def y(v: float) -> float:
        return round(bottom - (bottom - top) * min(max(v, 0.0), 1.0), 1)

    parts = [f'<svg width="100%" viewBox="0 0 {width} {height}" role="img" aria-label="annotated chromatogram">']
    if trace:
        points = " ".join(f"{x(t)},{y(v)}" for t, v in zip(trace.t_min, trace.y, strict=True))
        parts.append(f'<polyline points="{points}" fill="none" stroke="{INK}" stroke-width="1.1"/>')
    biggest = max((a.area_percent or 0.0 for a in peaks), default=0.0) or 1.0
    taken: list[list[tuple[float, float]]] = [[] for _ in range(LABEL_LEVELS)]
    for number, a in enumerate(sorted(peaks, key=lambda p: p.rt_min or 0.0), start=1):
        px = x(a.rt_min or 0.0)
        head = y((a.area_percent or 0.0) / biggest)
        if not trace:
            parts.append(f'<path d="M{px} {bottom}V{head}" stroke="{INK}" stroke-width="2.5"/>')
        best = a.candidates[0] if a.candidates else None
        label = candidate_name(best.species, names) if best else "not named"
        if len(a.undecidable_between) > 1:
            label = " or ".join(candidate_name(s, names) for s in a.undecidable_between[:2])
        label = label if len(label) <= 44 else label[:42] + "…"
        anchor, shift = ("end", -4) if px > width * 0.62 else ("start", 4)
        wide = LETTER * (len(label) + 3)
        room = (px + shift - wide, px + shift) if anchor == "end" else (px + shift, px + shift + wide)
        level = _free_level(taken, room)
        line = 14 + 15 * level
        parts.append(f'<path d="M{px} {line + 4}V{max(head - 3, line + 6)}" stroke="{PALE}" stroke-dasharray="2 2"/>')
        parts.append(
            f'<text x="{px + shift}" y="{line + 3}" font-size="10.5" text-anchor="{anchor}" fill="{INK}">'
            f'<tspan font-weight="700" fill="{ALARM}">{number}</tspan> {escape(label)}</text>'
        )
    parts.append(f'<path d="M{left} {bottom}H{width - 10}" stroke="{INK}"/>')
    for tick in _ticks(low, high):
        parts.append(f'<path d="M{x(tick)} {bottom}v4" stroke="{INK}"/>')
        parts.append(f'<text x="{x(tick)}" y="{bottom + 15}" font-size="10" text-anchor="middle">{tick:g}</text>')
    caption = f"time [min]{' · ' + escape(trace.label) if trace else ' · sticks: area from the table'}"
    parts.append(
        f'<text x="{width - 10}" y="{height - 4}" font-size="10" text-anchor="end" fill="#566">{caption}</text></svg>'
    )
    return "".join(parts)
