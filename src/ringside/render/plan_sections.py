"""The section of the page about a plan: yield against effort, the recipes, how flat the best one is, and the runs that would tell."""

from __future__ import annotations

import math
from collections.abc import Iterator
from html import escape

from rich.table import Table
from rich.text import Text

from ringside.answers.report import PlanEntry, PlanPoint, Report
from ringside.render.charts import ACCENT, ALARM, INK, PALE
from ringside.render.words import percent, signed_points, span

WIDTH, HEIGHT = 620, 320
LEFT, RIGHT, TOP, BOTTOM = 52, 16, 14, 46
FLAT_SHOWN = 8


def plan_section(report: Report) -> str:
    """Return the picture and the tables of a plan."""
    entry = report.plan
    if entry is None:
        return ""
    rows = "".join(_row(n, p, entry) for n, p in enumerate(entry.points, start=1))
    return (
        f"<h2>Yield against effort</h2>{_picture(entry)}"
        "<table><thead><tr><th></th><th>change</th><th>yield, all steps</th><th>purity of the crude</th><th>best in</th><th>solvent</th><th>time</th><th>further steps</th><th>materials</th></tr></thead>"
        f"<tbody>{_row(0, entry.written, entry)}{rows}</tbody></table>"
        f"<p class='small'>{entry.tried} recipes were simulated; those that another beats in yield, purity and effort at once are left out. Yields are per mol of what limits the recipe, weighted by what was seen; "
        "effort is materials, solvent, hours and steps as money at the rates of plan.csv. Purity is the mass of product in the crude, solvent apart.</p>"
        f"{_flatness(entry)}{_routes(entry)}{_screen(entry)}"
    )


def plan_text(report: Report) -> Iterator[Text | Table]:
    """Yield the plan for a terminal."""
    entry = report.plan
    if entry is None:
        return
    table = Table(box=None, pad_edge=False, header_style="dim", title="Recipes, by effort", title_justify="left")
    for name in ("", "change", "yield", "purity", "best in", "h", "EUR"):
        table.add_column(name, overflow="fold")
    for n, p in enumerate((entry.written, *entry.points)):
        table.add_row(
            _mark(p, entry) or ("" if n == 0 else str(n)),
            _short(p.change.text),
            span(p.yield_),
            percent(p.purity.median),
            f"{p.wins:.0%}",
            f"{p.bill.time_h:.3g}",
            f"{p.bill.effort:.0f}",
        )
    yield table
    top = next(p for p in entry.points if p.id == entry.best)
    yield Text(f"Best: {top.change.text}")
    flat = [e for e in entry.flatness if abs(e.change.median) >= 0.005][:FLAT_SHOWN]
    if flat:
        yield Text("The best recipe changes with: " + "; ".join(f"{e.text} {signed_points(e.change)}" for e in flat))
    else:
        yield Text("The best recipe is flat: no single change of volume, time, temperature or equivalents moves it.")
    for p in entry.routes:
        steps = "without further steps" if not p.bill.steps else f"with {p.bill.steps} further steps"
        yield Text(f"{steps}: {span(p.yield_)} over all steps, {p.bill.time_h:.3g} h ({_short(p.change.text)})")
    for n, run in enumerate(entry.screen, start=1):
        yield Text(f"screen {n}: {_short(run.change.text)}; {run.bits:.2f} bits; {run.why}")


def _short(text: str) -> str:
    """Return a change without the fields in brackets."""
    return text.rsplit(" (", 1)[0]


def _mark(p: PlanPoint, entry: PlanEntry) -> str:
    words = [w for w, i in (("best", entry.best), ("robust", entry.robust)) if i == p.id and p is not entry.written]
    return "as written" if p is entry.written else ", ".join(words)


def _row(number: int, p: PlanPoint, entry: PlanEntry) -> str:
    mark = _mark(p, entry)
    money = "-" if p.bill.money is None else f"{p.bill.money:.0f} EUR"
    head = "" if number == 0 else str(number)
    strong = f"<strong>{escape(mark)}</strong> " if mark else ""
    return (
        f"<tr><td>{head}</td><td>{strong}{escape(p.change.text)}</td><td>{span(p.yield_)}</td><td>{percent(p.purity.median)}</td><td>{p.wins:.0%}</td>"
        f"<td>{p.bill.solvent_mL:.0f} mL</td><td>{p.bill.time_h:.3g} h</td><td>{p.bill.steps or '-'}</td><td>{money}</td></tr>"
    )


def _picture(entry: PlanEntry) -> str:
    points = [entry.written, *entry.points]
    efforts = [max(p.bill.effort, 0.1) for p in points]
    low, high = math.log10(min(efforts)) - 0.08, math.log10(max(efforts)) + 0.08

    def x(p: PlanPoint) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * (math.log10(max(p.bill.effort, 0.1)) - low) / (high - low)

    def y(v: float) -> float:
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * min(max(v, 0.0), 1.0)

    parts = [
        f'<svg width="100%" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="yield against effort" font-size="10.5" fill="{INK}">'
    ]
    for tick in (0.0, 0.25, 0.5, 0.75, 1.0):
        parts.append(f'<path d="M{LEFT} {y(tick):.1f}H{WIDTH - RIGHT}" stroke="{PALE}" stroke-width="0.6"/>')
        parts.append(f'<text x="{LEFT - 6}" y="{y(tick) + 3.5:.1f}" text-anchor="end">{tick:.0%}</text>')
    for effort in _ticks(min(efforts), max(efforts)):
        at = LEFT + (WIDTH - LEFT - RIGHT) * (math.log10(effort) - low) / (high - low)
        parts.append(f'<path d="M{at:.1f} {HEIGHT - BOTTOM}v4" stroke="{INK}"/>')
        parts.append(f'<text x="{at:.1f}" y="{HEIGHT - BOTTOM + 16}" text-anchor="middle">{effort:g}</text>')
    for number, p in enumerate(points):
        colour = ALARM if number == 0 else ACCENT
        px, middle = x(p), y(p.yield_.median)
        parts.append(
            f'<path d="M{px:.1f} {y(p.yield_.low):.1f}V{y(p.yield_.high):.1f}" stroke="{colour}" stroke-opacity="0.35" stroke-width="1.4"/>'
            f'<circle cx="{px:.1f}" cy="{middle:.1f}" r="5" fill="{colour}" fill-opacity="{0.2 + 0.8 * p.purity.median:.2f}" stroke="{colour}"/>'
            f'<text x="{px + 7:.1f}" y="{middle - 5 - 9 * (number % 2):.1f}">{"as written" if number == 0 else number}</text>'
        )
    parts.append(f'<path d="M{LEFT} {HEIGHT - BOTTOM}H{WIDTH - RIGHT}" stroke="{INK}"/>')
    caption = "effort [EUR, log]; circles fuller where the crude is purer; lines: 5 to 95 %"
    parts.append(f'<text x="{WIDTH - RIGHT}" y="{HEIGHT - 8}" text-anchor="end">{caption}</text></svg>')
    return "".join(parts)


def _ticks(low: float, high: float) -> list[float]:
    found = [
        m * 10.0**e for e in range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1) for m in (1, 2, 5)
    ]
    return [t for t in found if low * 0.95 <= t <= high * 1.05]


def _flatness(entry: PlanEntry) -> str:
    if not entry.flatness:
        return ""
    rows = "".join(f"<tr><td>{escape(e.text)}</td><td>{signed_points(e.change)}</td></tr>" for e in entry.flatness)
    return f"<h3>How flat the best recipe is</h3><table><thead><tr><th>changed</th><th>yield moves by</th></tr></thead><tbody>{rows}</tbody></table>"


def _routes(entry: PlanEntry) -> str:
    if not entry.routes:
        return ""
    rows = "".join(
        f"<tr><td>{'protected' if p.bill.steps else 'direct'}</td><td>{escape(p.change.text)}</td><td>{span(p.yield_)}</td><td>{p.bill.steps or '-'}</td><td>{p.bill.time_h:.3g} h</td></tr>"
        for p in entry.routes
    )
    return f"<h3>Direct or protected</h3><table><thead><tr><th>route</th><th>change</th><th>overall yield</th><th>further steps</th><th>time</th></tr></thead><tbody>{rows}</tbody></table>"


def _screen(entry: PlanEntry) -> str:
    if entry.decided or not entry.screen:
        return ""
    rows = "".join(
        f"<tr><td>{n}</td><td>{escape(r.change.text)}</td><td>{span(r.yield_)}</td><td>{r.bits:.2f}</td><td>{percent(r.expected)}</td><td>{escape(r.why)}</td></tr>"
        for n, r in enumerate(entry.screen, start=1)
    )
    return (
        "<h3>Runs that would tell which is best</h3><table><thead><tr><th></th><th>run</th><th>yield</th><th>bits</th><th>then expected</th><th>why</th></tr></thead>"
        f"<tbody>{rows}</tbody></table><p class='small'>Write the yields into the screen file and give it to <code>ringside learn</code>.</p>"
    )
