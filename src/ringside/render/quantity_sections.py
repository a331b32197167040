"""The section about amounts, on the page and in the terminal: what is measured, what is estimated, and what cannot be seen."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from rich.table import Table
from rich.text import Text

from ringside.answers.report import Interval, QuantitiesEntry, QuantityEntry, Report, SpeciesQuantity
from ringside.render.charts import interval_bar
from ringside.render.words import percent, span

SURE = 0.9
UNIT = "mol per mol limiting"
UNIT_RELATIVE = "share of the limiting reactant seen"
STATUS = {
    "calibrated": "measured response",
    "estimated": "estimated from chromophores",
    "below-limit": "below the detection limit",
    "not-visible": "not visible",
    "area-only": "area only",
}
BASIS = {
    "internal-standard": "absolute, by internal standard",
    "calibrated": "relative, calibrated",
    "relative": "relative only",
}


def amount_text(s: SpeciesQuantity) -> str:
    """Return the amount of a species, an upper bound where it has no peak, a dash where nothing can be said."""
    if s.amount is None:
        return "–"
    return _censored(s.amount, "below" if s.status == "below-limit" else "")


def value_text(name: str, entry: QuantityEntry) -> str:
    """Return a quantity, or why there is none."""
    if entry.value is None:
        return f"not told: {entry.why_not}"
    if name == "d.r.":
        return f"{_ratio(entry.value.median)} : 1 ({_ratio(entry.value.low)} to {_ratio(entry.value.high)})"
    marked = ", of what was seen" if entry.relative else ""
    return f"{_censored(entry.value, entry.censored)}{marked}"


def _ratio(value: float) -> str:
    return f"{value:.3g}" if value < 1000 else "over 1000"


def _censored(value: Interval, censored: str) -> str:
    if censored == "above":
        return f"above {percent(value.low)}"
    if censored == "below":
        return f"below {percent(value.high)}"
    return percent(value.median) if percent(value.low) == percent(value.high) else span(value)


def named(q: QuantitiesEntry) -> tuple[tuple[str, QuantityEntry], ...]:
    """Return the quantities that are kept apart, by name."""
    found = (
        ("conversion", q.conversion),
        ("selectivity", q.selectivity),
        ("assay yield", q.assay_yield),
        ("isolated yield", q.isolated_yield),
        ("d.r.", q.dr),
    )
    return tuple((name, entry) for name, entry in found if entry is not None)


def _where(q: QuantitiesEntry) -> str:
    lamp = "" if q.wavelength is None else f"; UV {q.wavelength:.0f} nm"
    return f"{BASIS[q.basis]}{lamp}"


def _rest(s: SpeciesQuantity, q: QuantitiesEntry) -> str:
    """Return what an amount rests on, or why there is none."""
    if s.species == q.standard and not s.relative:
        return "added: its amount is known"
    if s.status in {"not-visible", "area-only"}:
        return s.why_not
    doubt = f"; a peak is it with {percent(s.chance)}" if 0 < s.chance < SURE else ""
    return f"{STATUS[s.status]}{doubt}"


def _area(s: SpeciesQuantity) -> str:
    return f"{s.area_percent:.3g} %" if s.chance else "no peak"


def quantity_lines(report: Report) -> Iterator[Text | Table]:
    """Yield the amounts for a terminal."""
    q = report.quantities
    if q is None:
        return
    yield Text(f"\nHow much ({_where(q)}; 5 to 95 %)", style="bold underline")
    table = Table(box=None, pad_edge=False, header_style="dim")
    for head in ("species", "area", UNIT if q.basis == "internal-standard" else UNIT_RELATIVE, "rests on"):
        table.add_column(head, overflow="fold")
    for s in q.species:
        table.add_row(Text(s.label), _area(s), amount_text(s), Text(_rest(s, q), style="" if s.amount else "yellow"))
    yield table
    for name, entry in named(q):
        yield Text(f"  {name}: {value_text(name, entry)}", style="" if entry.value else "dim")
    for note in q.notes:
        yield Text(f"  {note}", style="yellow")


def quantity_section(report: Report) -> str:
    """Return the amounts for the page."""
    q = report.quantities
    if q is None:
        return ""
    rows = "".join(_row(s, q) for s in q.species)
    values = "".join(
        f"<tr><td>{escape(name)}</td><td class='{_weight(entry)}'>{escape(value_text(name, entry))}</td>"
        f"<td class='small'>{escape(entry.basis)}</td></tr>"
        for name, entry in named(q)
    )
    notes = "".join(f"<li>{escape(text)}</li>" for text in q.notes)
    unit = UNIT if q.basis == "internal-standard" else UNIT_RELATIVE
    return (
        f"<h2>How much</h2><p class='small'>{escape(_where(q))}; 5 to 95 %. Area is measured; amounts are what it stands for. Area percent is no yield.</p>"
        f"<table><tr><th>species</th><th>area</th><th colspan='2'>{unit}</th><th>rests on</th></tr>{rows}</table>"
        f"<h3>Quantities</h3><table>{values}</table><ul class='plain small'>{notes}</ul>"
    )


def _row(s: SpeciesQuantity, q: QuantitiesEntry) -> str:
    drawn = s.amount is not None and s.status != "below-limit"
    bar = interval_bar(s.amount, width=150) if drawn and s.amount is not None else ""
    kind = "" if s.amount is not None else " caution"
    return (
        f"<tr><td>{escape(s.label)}</td><td class='num'>{_area(s)}</td><td>{bar}</td><td class='num'>{escape(amount_text(s))}</td>"
        f"<td class='small{kind}'>{escape(_rest(s, q))}</td></tr>"
    )


def _weight(entry: QuantityEntry) -> str:
    return "" if entry.value else "small"
