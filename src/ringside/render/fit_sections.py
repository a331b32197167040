"""The section of the page about rates fitted to measurements: the picture, the constants, the values."""

from __future__ import annotations

from html import escape

from ringside.answers.report import FitEntry, FitPoint, Report
from ringside.render.charts import ACCENT, INK, PALE
from ringside.render.words import open_text, power_span

WIDTH, HEIGHT = 620, 280
LEFT, RIGHT, TOP, BOTTOM = 58, 12, 12, 44
COLOURS = (ACCENT, "#b4532a", "#7a5ea8", "#4c7a34", "#8a6d1c", "#5b6770")


def fit_section(report: Report) -> str:
    """Return what was measured as a picture, and the constants before and after."""
    if report.fit is None:
        return ""
    entry = report.fit
    units = list(dict.fromkeys((p.run, p.unit) for p in entry.measured))
    pictures = "".join(_picture(entry, run, unit) for run, unit in units)
    celsius = f" at {entry.rates[0].temperature_c:.0f} °C" if entry.rates else ""
    rows = "".join(
        f"<tr><td>{escape(r.title)}<br><small>{escape(r.equation)}</small></td><td>{escape(r.unit)}</td><td>{power_span(r.before)}</td>"
        f"<td>{power_span(r.after)}</td><td>{open_text(r.data_alone)}</td><td>{escape(r.told)}</td></tr>"
        for r in entry.rates
    )
    tied = "".join(f"<p>{escape(t)}</p>" for t in entry.tied)
    values = "".join(map(_value, entry.measured))
    table = (
        "<h2>Measured values</h2><table><thead><tr><th>run</th><th>h</th><th>what</th><th>measured</th><th>before</th><th>after</th></tr></thead>"
        f"<tbody>{values}</tbody></table>"
        if values
        else ""
    )
    return (
        f"<h2>Fitted to {escape(entry.data)}</h2>{pictures}<h2>Rate constants{celsius}</h2><table><thead><tr><th>reaction</th><th></th>"
        "<th>from the tables</th><th>with the data</th><th>the data alone</th><th></th></tr></thead>"
        f"<tbody>{rows}</tbody></table>{tied}"
        "<p>5 to 95 %. The data alone: the constant's own prior left out, that of all else kept (profile likelihood).</p>"
        f"{table}"
    )


def _value(p: FitPoint) -> str:
    sign = "&lt; " if p.limit else ""
    return (
        f"<tr><td>{p.run}</td><td>{p.time_h:.3g}</td><td>{escape(p.what)}</td><td>{sign}{p.observed:.3g} ± {p.error:.2g} {escape(p.unit)}</td>"
        f"<td>{p.before:.3g}</td><td>{p.after:.3g}</td></tr>"
    )


def _picture(entry: FitEntry, run: int, unit: str) -> str:
    """Draw the values of one run in one unit against time, and the model at the same times."""
    points = [p for p in entry.measured if p.run == run and p.unit == unit]
    names = list(dict.fromkeys(p.what for p in points))
    end = max(p.time_h for p in points) or 1.0
    top = max(max(p.observed + p.error, p.before, p.after) for p in points) * 1.05 or 1.0

    def x(v: float) -> float:
        return round(LEFT + (WIDTH - LEFT - RIGHT) * v / end, 1)

    def y(v: float) -> float:
        return round(TOP + (HEIGHT - TOP - BOTTOM) * (1.0 - v / top), 1)

    parts: list[str] = []
    for i in range(6):
        parts.append(f'<path d="M{LEFT} {y(top * i / 5)}H{WIDTH - RIGHT}" stroke="{PALE}" stroke-width=".7"/>')
        parts.append(f'<text x="{LEFT - 6}" y="{y(top * i / 5) + 4}" text-anchor="end">{top * i / 5:.2g}</text>')
        parts.append(
            f'<text x="{x(end * i / 5)}" y="{HEIGHT - BOTTOM + 17}" text-anchor="middle">{end * i / 5:.3g}</text>'
        )
    parts.append(
        f'<text x="{(LEFT + WIDTH) / 2}" y="{HEIGHT - 6}" text-anchor="middle">time [h]; {escape(unit)}</text>'
    )
    for k, name in enumerate(names):
        colour = COLOURS[k % len(COLOURS)]
        own = sorted((p for p in points if p.what == name), key=lambda p: p.time_h)
        before = " ".join(f"{x(p.time_h)},{y(p.before)}" for p in own)
        after = " ".join(f"{x(p.time_h)},{y(p.after)}" for p in own)
        parts.append(f'<polyline points="{before}" fill="none" stroke="{colour}" stroke-dasharray="4 4" opacity=".6"/>')
        parts.append(f'<polyline points="{after}" fill="none" stroke="{colour}" stroke-width="1.6"/>')
        for p in own:
            low, high = y(max(p.observed - p.error, 0.0)), y(p.observed + p.error)
            parts.append(f'<path d="M{x(p.time_h)} {low}V{high}" stroke="{colour}"/>')
            parts.append(f'<circle cx="{x(p.time_h)}" cy="{y(p.observed)}" r="3.2" fill="{colour}"/>')
    key = "".join(
        f'<span style="color:{COLOURS[k % len(COLOURS)]}">&#9632;</span> {escape(name)} &nbsp; '
        for k, name in enumerate(names)
    )
    title = "as written" if run == 0 else f"round {run}"
    return (
        f'<svg class="fit" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-label="measured and fitted, {title}" font-size="11" fill="{INK}">{"".join(parts)}</svg>'
        f"<p>Run {title}: points measured, lines the model with the data, dashed without. {key}</p>"
    )
