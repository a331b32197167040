"""Heat maps of a plate, with their scale."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from html import escape

from ringside.answers.plate.nouns import WellEntry
from ringside.render.charts import ACCENT, ALARM, INK, PALE

WIDTH, LEFT, TOP = 740, 30, 20
_WELL = re.compile(r"^([A-Za-z]{1,2})[- ]?0*([1-9]\d?)$")
STRIP, LETTERS = 12, 12
TOPS = (5.0, 10.0, 25.0, 50.0, 100.0)
DARK = 0.55

Place = tuple[int, int]


def heat_map(wells: Sequence[WellEntry], title: str, words: str, value: Callable[[WellEntry], float | None], *, warm: bool = False) -> str:  # fmt: skip
    """Return one map as SVG with its title, what it shows, and its scale.

    Wells are where their names put them (A1 to AF48), each row and column of the plate up to the last one used; if a name says no place, all
    stand in the order of the plate map with their names. Hatched: nothing could be read. Pale frame: not in the plate map.

    Args:
        wells: All wells.
        title: What is shown.
        words: A sentence on how to read it.
        value: The percentage of a well, None where there is none.
        warm: The colour of trouble, on a scale that ends just above the largest value.
    """
    placed = places(wells)
    named = placed is None
    at = {(n // STRIP, n % STRIP): w for n, w in enumerate(wells)} if placed is None else placed
    rows, columns = max(r for r, _ in at) + 1, max(c for _, c in at) + 1
    cell = min(56, (WIDTH - LEFT - 10) // max(columns, 1))
    tall = 34 if rows <= 8 else 26
    size = 11 if cell >= 40 else 9 if cell >= 26 else 7
    key = "w" if warm else "p" if title.startswith("Product") else "e"
    colour = ALARM if warm else ACCENT
    highest = max((v for w in wells if (v := value(w)) is not None), default=0.0)
    full = next((t for t in TOPS if t >= highest), 100.0) if warm else 100.0
    parts = [_hatch(key)]
    if not named:
        parts += [f'<text x="{LEFT + cell * (c + 0.5):.1f}" y="13" text-anchor="middle">{c + 1}</text>' for c in range(columns)]  # fmt: skip
        parts += [f'<text x="{LEFT - 7}" y="{TOP + tall * (r + 0.5) + 4:.1f}" text-anchor="end">{_letters(r)}</text>' for r in range(rows)]  # fmt: skip
    for r in range(rows):
        for c in range(columns):
            parts.append(_cell(at.get((r, c)), LEFT + cell * c, TOP + tall * r, cell, tall, value, colour, key, full, named=named))  # fmt: skip
    height = TOP + tall * rows + 6
    return (
        f'<h2>{escape(title)}</h2><p class="small">{escape(words)}</p>'
        f'<svg class="plate" width="100%" viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{escape(title)}" font-size="{size}" fill="{INK}">{"".join(parts)}</svg>'
        f"{_scale(colour, key, full, named=named)}"
    )


def places(wells: Sequence[WellEntry]) -> Mapping[Place, WellEntry] | None:
    """Return the wells by (row, column) from 0, None unless each name says another place."""
    found: dict[Place, WellEntry] = {}
    for w in wells:
        match = _WELL.match(w.well.strip())
        if match is None:
            return None
        row = 0
        for letter in match[1].upper():
            row = 26 * row + ord(letter) - ord("A") + 1
        place = (row - 1, int(match[2]) - 1)
        if place in found or place[0] >= 32 or place[1] >= 48:
            return None
        found[place] = w
    return found


def _letters(row: int) -> str:
    return chr(ord("A") + row) if row < 26 else f"A{chr(ord('A') + row - 26)}"


def _hatch(key: str) -> str:
    return f'<defs><pattern id="none-{key}" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path d="M0 0V6" stroke="{PALE}" stroke-width="3"/></pattern></defs>'


def _cell(
    w: WellEntry | None,
    x: int,
    y: int,
    cell: int,
    tall: int,
    value: Callable[[WellEntry], float | None],
    colour: str,
    key: str,
    full: float,
    *,
    named: bool,
) -> str:
    box = f'<rect x="{x}" y="{y}" width="{cell - 2}" height="{tall - 2}"'
    if w is None:
        return f'{box} fill="none" stroke="{PALE}" stroke-dasharray="2 2"/>' if not named else ""
    share = value(w)
    name = f"{w.well}: {'no data' if share is None else f'{share:.1f} %'}{'; ' + _mark_words(w) if mark(w) else ''}"
    title = f"<title>{escape(name)}</title>"
    short = w.well if len(w.well) <= LETTERS else "…" + w.well[1 - LETTERS :]
    label = f'<text x="{x + 3}" y="{y + 9}" font-size="7">{escape(short)}</text>' if named else ""
    if share is None:
        return f'<g>{title}{box} fill="url(#none-{key})" stroke="{PALE}"/>{label}</g>'
    strength = min(max(share, 0.0), full) / full
    shown = mark(w) if key == "p" else ""
    ink = "#ffffff" if strength > DARK else INK
    middle = f'<text x="{x + cell / 2 - 1:.1f}" y="{y + tall / 2 + 4:.1f}" text-anchor="middle" fill="{ink}">{share:.0f}</text>'
    sign = f'<text x="{x + cell - 5}" y="{y + 10}" text-anchor="end" font-size="{9 if cell >= 26 else 7}" fill="{ink}">{shown}</text>' if shown else ""  # fmt: skip
    star = f'<rect x="{x + 1}" y="{y + 1}" width="{cell - 4}" height="{tall - 4}" fill="none" stroke="{ALARM}" stroke-width="2"/>' if w.rank == 1 and key == "p" else ""  # fmt: skip
    shade = label.replace("<text", f'<text fill="{ink}"')
    return (
        f'<g>{title}{box} fill="{colour}" fill-opacity="{0.04 + 0.96 * strength:.2f}"/>{shade}{middle}{sign}{star}</g>'
    )


def mark(w: WellEntry) -> str:
    """Return the sign of a well whose product is not told apart: ≈ for a tie, = for several peaks of its mass, or both."""
    return ("≈" if w.tied_with else "") + ("=" if w.product_if_one_percent is not None else "")


def _mark_words(w: WellEntry) -> str:
    words = ["tied with an isomer"] if w.tied_with else []
    if w.product_if_one_percent is not None:
        words.append("several peaks read as the target")
    return ", ".join(words)


def _scale(colour: str, key: str, full: float, *, named: bool) -> str:
    """Return the legend: the colours from 0 to ``full`` per cent, and what a hatched cell is."""
    steps = "".join(
        f'<rect x="{LEFT + 20 * k}" y="4" width="20" height="10" fill="{colour}" fill-opacity="{0.04 + 0.96 * (k + 0.5) / 10:.2f}"/>'
        for k in range(10)
    )
    ticks = "".join(
        f'<text x="{LEFT + 2 * v}" y="25" text-anchor="middle">{full * v / 100:g}</text>' for v in (0, 25, 50, 75, 100)
    )
    empty = (
        ""
        if named
        else f'<rect x="{LEFT + 335}" y="3" width="22" height="12" fill="none" stroke="{PALE}" stroke-dasharray="2 2"/><text x="{LEFT + 363}" y="13">not in the plate map</text>'
    )
    return (
        f'<svg width="100%" viewBox="0 0 {WIDTH} 30" font-size="9.5" fill="{INK}" role="img" aria-label="scale in percent">{steps}{ticks}'
        f'<text x="{LEFT + 212}" y="13">%</text><rect x="{LEFT + 250}" y="3" width="22" height="12" fill="url(#none-{key})" stroke="{PALE}"/>'
        f'<text x="{LEFT + 278}" y="13">no data</text>{empty}</svg>'
    )
