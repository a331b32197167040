"""A plate as a page, as a table for the terminal, and as CSV."""

from __future__ import annotations

import csv
import io
import re
from html import escape

from rich.console import Console
from rich.table import Table
from rich.text import Text

from ringside.answers.plate import PlateReport, WellEntry
from ringside.render.charts import ACCENT, INK
from ringside.render.html import page

CELL = 56
_WELL = re.compile(r"^([A-P])(\d{1,2})$")
HEAD = ("vial", "well", "target", "file", "product_area_percent", "product_rt_min", "product_ion", "tied_with", "explained_area_percent", "drift_s", "problem")  # fmt: skip


def plate_html(report: PlateReport) -> str:
    """Return the page: heat maps of the product and of what is explained, then a row for each well."""
    maps = "".join(
        _map(report, title, key) for title, key in (("Product, area %", "product"), ("Explained, area %", "explained"))
    )
    rows = "".join(map(_row, report.wells))
    again = "".join(
        f"<tr><td>{g.mz:.2f}</td><td>{g.rt_min:.2f}</td><td>{g.area_percent:.1f}</td><td>{escape(', '.join(g.wells))}</td></tr>"
        for g in report.recurring
    )
    unknowns = (
        f"<h2>Peaks without a reading that recur</h2><table><thead><tr><th>m/z</th><th>min</th><th>mean area %</th><th>wells</th></tr></thead><tbody>{again}</tbody></table>"
        if again
        else ""
    )
    notes = "".join(f"<p class='small'>{escape(n)}</p>" for n in report.warnings)
    body = (
        f"<header><p class='small'>RINGSIDE · PLATE</p><h1>{escape(report.title)}</h1></header><p class='verdict'>{escape(report.verdict)}</p>{maps}"
        "<h2>Wells</h2><table><thead><tr><th>well</th><th>target</th><th>product</th><th>min</th><th>ion</th><th>explained</th><th>peaks</th></tr></thead>"
        f"<tbody>{rows}</tbody></table>{unknowns}{notes}"
        f"<footer>Ringside {escape(report.ringside)}, knowledge {escape(report.knowledge[:12])}. UV area is no yield: chromophores differ by a factor of three. Nothing in this page is sent anywhere.</footer>"
    )
    return page(report.title, body)


def _value(w: WellEntry, key: str) -> float | None:
    if key == "product":
        return w.product_area_percent
    return None if w.explained_area is None else 100.0 * w.explained_area


def _map(report: PlateReport, title: str, key: str) -> str:
    placed = {(m[1], int(m[2])): w for w in report.wells if (m := _WELL.match(w.well))}
    if not placed:
        return ""
    rows = sorted({r for r, _ in placed})
    columns = sorted({c for _, c in placed})
    parts = [f'<text x="{40 + CELL * j + CELL / 2}" y="12" text-anchor="middle">{c}</text>' for j, c in enumerate(columns)]  # fmt: skip
    for i, r in enumerate(rows):
        parts.append(f'<text x="30" y="{20 + 34 * i + 21}" text-anchor="end">{r}</text>')
        for j, c in enumerate(columns):
            w = placed.get((r, c))
            value = _value(w, key) if w is not None else None
            strength = 0.0 if value is None else min(value, 100.0) / 100.0
            ink = "#ffffff" if strength > 0.55 else INK
            text = "" if w is None else "?" if value is None else f"{value:.0f}"
            parts.append(
                f'<rect x="{40 + CELL * j}" y="{20 + 34 * i}" width="{CELL - 2}" height="32" fill="{ACCENT}" fill-opacity="{0.05 + 0.95 * strength:.2f}"/>'
                f'<text x="{40 + CELL * j + CELL / 2 - 1}" y="{20 + 34 * i + 21}" text-anchor="middle" fill="{ink}">{text}</text>'
            )
    width, height = 50 + CELL * len(columns), 30 + 34 * len(rows)
    return f'<h2>{title}</h2><svg class="plate" width="{width}" height="{height}" viewBox="0 0 {width} {height}" role="img" aria-label="{title}" font-size="11" fill="{INK}">{"".join(parts)}</svg>'


def _row(w: WellEntry) -> str:
    if w.problem:
        return f"<tr><td>{escape(w.well)}</td><td><code>{escape(w.target)}</code></td><td colspan='5'>{escape(w.problem)}</td></tr>"
    labels = {s.id: s.label for s in w.species}
    peaks = "; ".join(
        f"{a.rt_min:.2f} min {a.area_percent:.1f} %: {labels.get(a.candidates[0].species, a.candidates[0].species.replace('-', ' '))} {a.candidates[0].probability:.0%}"
        for a in w.assignments
        if a.rt_min is not None and a.area_percent is not None and a.area_percent >= 1.0
    )
    product = "-" if w.product_area_percent is None else f"{w.product_area_percent:.1f}"
    at = "-" if w.product_rt_min is None else f"{w.product_rt_min:.2f}"
    tie = " (tied with an isomer)" if w.tied_with else ""
    explained = "-" if w.explained_area is None else f"{w.explained_area:.0%}"
    return (
        f"<tr><td>{escape(w.well)}</td><td><code>{escape(w.target)}</code></td><td>{product}</td><td>{at}</td><td>{escape(w.product_ion)}{tie}</td>"
        f"<td>{explained}</td><td><small>{escape(peaks)}</small></td></tr>"
    )


def plate_csv(report: PlateReport) -> str:
    """Return a row for each well."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEAD)
    for w in report.wells:
        explained = None if w.explained_area is None else 100.0 * w.explained_area
        numbers = [w.product_area_percent, w.product_rt_min]
        writer.writerow(
            [w.vial, w.well, w.target, w.file, *map(_number, numbers), w.product_ion, ".".join(w.tied_with), _number(explained), _number(w.drift_s), w.problem]
        )  # fmt: skip
    return text.getvalue()


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.5g}"


def print_plate(report: PlateReport, console: Console) -> None:
    """Write the table of wells."""
    console.print()
    console.print(Text(report.title, style="bold"))
    console.print(Text(report.verdict, style="bold cyan"))
    table = Table(box=None, pad_edge=False, header_style="dim")
    for name in ("well", "product area", "min", "ion", "explained", ""):
        table.add_column(name, overflow="fold")
    for w in report.wells:
        area = "-" if w.product_area_percent is None else f"{w.product_area_percent:.1f} %"
        at = "-" if w.product_rt_min is None else f"{w.product_rt_min:.2f}"
        explained = "-" if w.explained_area is None else f"{w.explained_area:.0%}"
        remark = w.problem or ("tied with an isomer" if w.tied_with else "")
        table.add_row(w.well, area, at, w.product_ion, explained, Text(remark))
    console.print(table)
    for g in report.recurring[:6]:
        console.print(Text(f"recurs without a reading: m/z {g.mz:.2f} at {g.rt_min:.2f} min in {', '.join(g.wells)}"))
    for note in report.warnings:
        console.print(Text(f"note: {note}", style="dim"))
