"""The section of the page about a sweep: amounts against a field with their bands, or a map of two fields."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

from ringside.answers.report import Report, SweepEntry
from ringside.render.charts import ACCENT, INK, PALE
from ringside.render.words import percent, span

WIDTH, HEIGHT = 620, 300
LEFT, RIGHT, TOP, BOTTOM = 52, 12, 12, 44
COLOURS = (ACCENT, "#b4532a", "#7a5ea8", "#4c7a34", "#8a6d1c")
CELL = 62


def sweep_section(report: Report) -> str:
    """Return the picture and the table of a sweep."""
    if report.sweep is None:
        return ""
    entry = report.sweep
    title = " and ".join(escape(f) for f in entry.fields)
    picture = _lines(entry) if len(entry.fields) == 1 else _map(entry)
    heads = "".join(f"<th>{escape(t)}</th>" for t in (*entry.fields, *entry.labels, "target gains in"))
    rows = "".join(
        f"<tr>{''.join(f'<td>{escape(v)}</td>' for v in p.values)}{''.join(f'<td>{span(a)}</td>' for a in p.amounts)}<td>{p.better:.0%}</td></tr>"
        for p in entry.points
    )
    written = f"<td colspan='{len(entry.fields)}'>as written</td>" + "".join(
        f"<td>{span(a)}</td>" for a in entry.as_written
    )
    return (
        f"<h2>With {title} varied</h2>{picture}"
        f"<table><thead><tr>{heads}</tr></thead><tbody><tr>{written}<td></td></tr>{rows}</tbody></table>"
        "<p>mol per mol of the limiting reactant, median and 5 to 95 % of the draws; the last column is the share of draws in which there is more target than as written.</p>"
    )


def _axis_ticks(numbers: Sequence[float], *, logarithmic: bool) -> list[float]:
    low, high = numbers[0], numbers[-1]
    if logarithmic:
        found = [
            m * 10.0**e for e in range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1) for m in (1, 2, 5)
        ]
        return [x for x in found if low * 0.999 <= x <= high * 1.001]
    raw = (high - low) / 6
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(m * power for m in (1, 2, 5, 10) if m * power >= raw)
    first = math.ceil(low / step - 1e-9)
    return [i * step for i in range(first, math.floor(high / step + 1e-9) + 1)]


def _lines(entry: SweepEntry) -> str:
    xs = [p.numbers[0] for p in entry.points]
    logarithmic = entry.logarithmic[0]
    top = max(1.0, *(a.high for p in entry.points for a in p.amounts))
    place = math.log10 if logarithmic else float
    low, high = place(xs[0]), place(xs[-1])

    def x(v: float) -> float:
        return round(LEFT + (WIDTH - LEFT - RIGHT) * (place(v) - low) / (high - low), 1)

    def y(v: float) -> float:
        return round(TOP + (HEIGHT - TOP - BOTTOM) * (1.0 - v / top), 1)

    parts: list[str] = []
    for tick in range(0, int(top * 5) + 1):
        v = tick / 5
        parts.append(f'<path d="M{LEFT} {y(v)}H{WIDTH - RIGHT}" stroke="{PALE}" stroke-width=".7"/>')
        parts.append(f'<text x="{LEFT - 6}" y="{y(v) + 4}" text-anchor="end">{v:.0%}</text>')
    for v in _axis_ticks(xs, logarithmic=logarithmic):
        parts.append(f'<path d="M{x(v)} {HEIGHT - BOTTOM}v4" stroke="{INK}"/>')
        parts.append(f'<text x="{x(v)}" y="{HEIGHT - BOTTOM + 17}" text-anchor="middle">{v:.3g}</text>')
    label = f"{entry.fields[0]} [{entry.units[0]}]" if entry.units[0] else entry.fields[0]
    parts.append(f'<text x="{(LEFT + WIDTH) / 2}" y="{HEIGHT - 6}" text-anchor="middle">{escape(label)}</text>')
    for k in reversed(range(len(entry.species))):
        colour = COLOURS[k % len(COLOURS)]
        up = " ".join(f"{x(v)},{y(p.amounts[k].high)}" for v, p in zip(xs, entry.points, strict=True))
        down = " ".join(f"{x(v)},{y(p.amounts[k].low)}" for v, p in reversed(list(zip(xs, entry.points, strict=True))))
        line = " ".join(f"{x(v)},{y(p.amounts[k].median)}" for v, p in zip(xs, entry.points, strict=True))
        parts.append(f'<polygon points="{up} {down}" fill="{colour}" opacity=".13"/>')
        parts.append(
            f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="{2.4 if k == 0 else 1.4}"/>'
        )
    key = "".join(
        f'<span style="color:{COLOURS[k % len(COLOURS)]}">&#9632;</span> {escape(name)} &nbsp; '
        for k, name in enumerate(entry.labels)
    )
    return (
        f'<svg class="sweep" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-label="amounts against {escape(entry.fields[0])}" font-size="11" fill="{INK}">{"".join(parts)}</svg><p>{key}</p>'
    )


def _map(entry: SweepEntry) -> str:
    """Draw the target's median as a map: the first field upwards, the second to the right."""
    rows = sorted({p.numbers[0] for p in entry.points}, reverse=True)
    cols = sorted({p.numbers[1] for p in entry.points})
    at = {p.numbers: p for p in entry.points}
    width, height = 90 + CELL * len(cols), 44 + 34 * len(rows)
    most = max(*(p.amounts[0].median for p in entry.points), 1e-9)
    parts: list[str] = []
    for i, r in enumerate(rows):
        parts.append(f'<text x="82" y="{i * 34 + 22}" text-anchor="end">{r:.3g} {escape(entry.units[0])}</text>')
        for j, c in enumerate(cols):
            value = at[r, c].amounts[0]
            strength = max(value.median, 0.0) / most
            ink = "#ffffff" if strength > 0.55 else INK
            parts.append(
                f'<rect x="{90 + CELL * j}" y="{34 * i}" width="{CELL - 2}" height="32" fill="{ACCENT}" fill-opacity="{0.06 + 0.94 * strength:.2f}"/>'
                f'<text x="{90 + CELL * j + CELL / 2 - 1}" y="{34 * i + 20}" text-anchor="middle" fill="{ink}">{percent(value.median)}</text>'
            )
    for j, c in enumerate(cols):
        parts.append(
            f'<text x="{90 + CELL * j + CELL / 2}" y="{34 * len(rows) + 14}" text-anchor="middle">{c:.3g} {escape(entry.units[1])}</text>'
        )
    parts.append(
        f'<text x="{90 + CELL * len(cols) / 2}" y="{height - 6}" text-anchor="middle">{escape(entry.fields[1])}</text>'
    )
    label = f"target against {entry.fields[0]} and {entry.fields[1]}"
    return (
        f'<p>Target, median; {escape(entry.fields[0])} upwards.</p><svg class="sweep" width="{width}" height="{height}" viewBox="0 0 {width} {height}" role="img" '
        f'aria-label="{escape(label)}" font-size="11" fill="{INK}">{"".join(parts)}</svg>'
    )
