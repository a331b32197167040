"""A plate as a page."""

from __future__ import annotations

from html import escape

from ringside.answers.plate.nouns import Meaning, PlateReport, Recurring, WellEntry
from ringside.render.page import page
from ringside.render.plate_maps import heat_map, mark
from ringside.render.plate_traces import labels_of, reading, small_chromatogram

MOST_PEAKS = 12


def plate_html(report: PlateReport) -> str:
    """Return the page of a plate: maps, ranking, a row that opens for each well, and what recurs without a reading.

    Args:
        report: The plate.

    Returns:
        HTML text that fetches nothing, under 3 MB for 384 wells.
    """
    wells = report.wells
    maps = "".join(
        (
            heat_map(
                wells, "Product, area %", "UV area of the peaks that read as the target. ≈ an isomer that the data cannot tell apart is counted with it; "
                "= several peaks read as the target, and nothing says which is. The best well is framed.",
                lambda w: w.product_area_percent,
            ),
            heat_map(
                wells, "Explained, area %", "UV area that has a reading. What is left over is in the next map and under the heading below it.",
                lambda w: None if w.explained_area is None else 100.0 * w.explained_area,
            ),
            heat_map(wells, "Largest peak without a reading, area %", "How much the well's largest unknown amounts to: dark wells are worth a look.",
                     lambda w: w.largest_unknown_percent, warm=True),
        )
    )  # fmt: skip
    notes = "".join(f"<li>{escape(n)}</li>" for n in report.warnings)
    body = (
        f"<header><div class='kind'>Ringside · plate</div><h1>{escape(report.title)}</h1></header><p class='verdict'>{escape(report.verdict)}</p>"
        f"{_best(report)}{maps}{_recurring(report)}"
        "<h2>Wells</h2><p class='small'>Open a well for its chromatogram and its peaks.</p>"
        "<div class='wells'><div class='line headline'><span>well</span><span>rank</span><span>product</span><span>min</span><span>ion</span><span>explained</span><span>unknown</span><span>remark</span></div>"
        f"{''.join(map(_well, wells))}</div>"
        f"{f'<h2>Mind</h2><ul class=plain>{notes}</ul>' if notes else ''}"
        f"<footer>Ringside {escape(report.ringside)}, knowledge {escape(report.knowledge[:12])}. UV area is no yield: chromophores differ by a factor of three, and what has none is not seen. Nothing in this page is sent anywhere.</footer>"
    )
    return page(report.title, body)


def _best(report: PlateReport) -> str:
    if not report.ranking:
        return ""
    by_name = {w.well: w for w in report.wells}
    first = ", ".join(f"{n} ({_quantity(report, by_name[n])})" for n in report.ranking[:5])
    return f"<p>Best by {escape(report.ranked_by)}: {escape(first)}.</p>"


def _quantity(report: PlateReport, w: WellEntry) -> str:
    if "standard" in report.ranked_by:
        return number(w.product_to_standard, 3)
    return f"{number(w.product_area_percent, 1)} %"


def number(value: float | None, digits: int) -> str:
    """Return a number with so many decimals, a dash where there is none."""
    return "-" if value is None else f"{value:.{digits}f}"


def remark(w: WellEntry) -> str:
    """Return what is special about a well, in words."""
    words = ["tied with an isomer"] if w.tied_with else []
    if w.product_if_one_percent is not None:
        low, high = w.product_if_one_percent
        words.append(f"{len(w.product_peaks)} peaks read as the target: {low:.1f} to {high:.1f} % if only one is")
    if w.product_to_standard is not None:
        words.append(f"product/standard {w.product_to_standard:.3g}")
    words += [f"{m.name} left {m.area_percent:.1f} %" for m in w.materials if m.area_percent is not None and m.area_percent >= 1.0]  # fmt: skip
    return w.problem or "; ".join((*words, *w.remarks))


def _well(w: WellEntry) -> str:
    explained = "-" if w.explained_area is None else f"{100.0 * w.explained_area:.0f} %"
    product = "-" if w.product_area_percent is None else f"{w.product_area_percent:.1f} % {mark(w)}"
    unknown = "-" if not w.largest_unknown_percent else f"{w.largest_unknown_percent:.1f} %"
    cells = (w.well, str(w.rank or "-"), product, number(w.product_rt_min, 2), w.product_ion or "-", explained, unknown, remark(w))  # fmt: skip
    line = "".join(f"<span>{escape(c)}</span>" for c in cells)
    if w.problem:
        return f"<div class='line bad'>{line}</div>"
    names = labels_of(w)
    shown = sorted(w.assignments, key=lambda a: -(a.area_percent or 0.0))[:MOST_PEAKS]
    peaks = "".join(
        f"<tr><td class='num'>{number(a.rt_min, 2)}</td><td class='num'>{number(a.area_percent, 1)}</td><td class='num'>{' '.join(f'{m:.2f}' for m in a.mz[:3])}</td>"
        f"<td>{escape(reading(a, names))}</td><td>{escape(a.candidates[0].ion)}</td><td class='num'>{a.candidates[0].probability:.0%}</td></tr>"
        for a in sorted(shown, key=lambda a: a.rt_min or 0.0)
    )
    drift = "" if w.drift_s is None else f" Runs {abs(w.drift_s):.1f} s {'late' if w.drift_s >= 0 else 'early'} on this plate" + (f", stretched by {w.stretch - 1.0:+.1%}." if w.stretch not in {None, 1.0} and w.stretch is not None else ".")  # fmt: skip
    place = " ".join(filter(None, (w.vial, w.file)))
    return (
        f"<details><summary class='line'>{line}</summary><p class='small'>Target <code>{escape(w.target)}</code> · {escape(place)}.{drift}</p>{small_chromatogram(w)}"
        f"<table><thead><tr><th>min</th><th>area %</th><th>m/z</th><th>reading</th><th>ion</th><th>chance</th></tr></thead><tbody>{peaks}</tbody></table></details>"
    )


def _recurring(report: PlateReport) -> str:
    if not report.recurring:
        return ""
    rows = "".join(
        f"<tr><td class='num'>{escape(mass_words(g))}</td><td class='num'>{'-' if g.difference_da is not None else f'{g.rt_min:.2f}'}</td><td class='num'>{g.area_percent:.1f}</td><td>{escape(', '.join(g.wells))}</td><td>{_meanings(g)}</td></tr>"
        for g in report.recurring
    )
    return (
        "<h2>Peaks without a reading that recur</h2><p class='small'>One ion at one time in several wells, or one distance from the [M+H]+ of different targets, "
        "once the drift of each well is taken off. Chances are rough: on a unit-mass detector many things share a mass.</p>"
        f"<table><thead><tr><th>m/z</th><th>min</th><th>mean area %</th><th>wells</th><th>could be</th></tr></thead><tbody>{rows}</tbody></table>"
    )


def mass_words(g: Recurring) -> str:
    """Return the m/z of a recurring peak, or how far from the target it stays."""
    return f"{g.mz:.2f}" if g.difference_da is None else f"target {g.difference_da:+.2f}"


def meaning_words(m: Meaning) -> str:
    """Return one reading in a line, with its chance."""
    ion = f" as {m.ion}" if m.kind in {"structure", "path"} else ""
    return f"{m.text}{ion}, off by {m.error_da:+.2f} Da ({m.probability:.0%})"


def _meanings(g: Recurring) -> str:
    if not g.meanings:
        return "nothing that is known here"
    rest = 1.0 - sum(m.probability for m in g.meanings)
    items = "".join(f"<li>{escape(meaning_words(m))}{f' <code>{escape(m.smiles)}</code>' if m.smiles else ''}</li>" for m in g.meanings[:4])  # fmt: skip
    return f"<ul class='plain small'>{items}<li>something else ({rest:.0%})</li></ul>"
