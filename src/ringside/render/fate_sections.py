"""Where the material went: sections of the page and lines of the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from ringside.answers.report import FateEntry, Report
from ringside.render.charts import interval_bar
from ringside.render.words import span, species_names

MOST_FATES = 8
LEAST_TOLD = 0.005
_KEPT = "product"


def told_fates(fates: tuple[FateEntry, ...]) -> tuple[FateEntry, ...]:
    """Return the fates worth telling: the target's share, and whatever takes more than half a per cent at the median or a tenth in some draws."""
    worth = [f for f in fates if f.kind == _KEPT or f.share.median >= LEAST_TOLD or f.share.high >= 20 * LEAST_TOLD]
    return tuple(worth[:MOST_FATES])


def fates_section(report: Report) -> str:
    """Return the table of what became of each building block."""
    if not report.materials:
        return ""
    names = species_names(report)
    rows: list[str] = []
    for m in report.materials:
        rows.append(f"<tr><th colspan='3'>{escape(m.label)}</th></tr>")
        for f in told_fates(m.fates):
            held = ", ".join(escape(names[s]) for s in f.species if s in names) if f.kind == "lost" else ""
            card = f" <code>{escape(f.card)}</code>" if f.card else ""
            colour = "#1f6f8b" if f.kind == _KEPT else "#8a9aa5"
            rows.append(
                f"<tr><td>{escape(f.title)}{card}<div class='small'>{held}</div></td><td>{interval_bar(f.share, top=1.0, colour=colour)}</td>"
                f'<td class="num">{span(f.share)}</td></tr>'
            )
    return (
        f"<h2>Where the material went</h2><table>{''.join(rows)}</table><p class='small'>Share of each building block at the end of the reaction, "
        "median and 5 to 95 % of the draws. What left the way to the target is counted with the side reaction by which it left; "
        "<code>ringside explain</code> with the name behind it tells more.</p>"
    )


def fate_lines(report: Report) -> Iterator[tuple[str, tuple[tuple[str, str], ...]]]:
    """Yield each building block with its fates and their shares, as text."""
    for m in report.materials or ():
        yield m.label, tuple((f.title, span(f.share)) for f in told_fates(m.fates))
