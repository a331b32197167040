"""The section of the page about rate constants and what an answer hangs on."""

from __future__ import annotations

from html import escape

from ringside.answers.report import RateEntry, Report, SensitivityEntry
from ringside.render.charts import probability_bar
from ringside.render.words import constant_text, parts_text, signed_points

MOST_ROWS = 60


def rates_section(report: Report) -> str:
    """Return what the yield turns on, and the table of rate constants, the busiest first."""
    if report.rates is None:
        return ""
    hinges = "".join(map(_hinge, report.turns_on or ()))
    first = (
        "<h2>What the yield turns on</h2><table><thead><tr><th>quantity</th><th>share of the spread</th><th>known to</th>"
        f"<th>more of it</th><th>how to measure it</th></tr></thead><tbody>{hinges}</tbody></table>"
        if hinges
        else "<h2>What the yield turns on</h2><p>No single quantity stands out.</p>"
    )
    first += _levers(report)
    rows = "".join(map(_row, report.rates[:MOST_ROWS]))
    left = len(report.rates) - MOST_ROWS
    more = f"<p>{left} slower reactions are in the JSON report.</p>" if left > 0 else ""
    celsius = report.rates[0].temperature_c if report.rates else 25.0
    return (
        f"{first}<h2>Rate constants at {celsius:.0f} °C</h2><table><thead><tr><th>reaction</th><th>rate constant, 5 to 95 %</th>"
        "<th>Ea, kJ/mol</th><th>net turnover</th><th>parts at 25 °C: log10 ± sd [source]</th></tr></thead>"
        f"<tbody>{rows}</tbody></table>{more}"
    )


def _hinge(e: SensitivityEntry) -> str:
    way = "more product" if e.sign > 0 else "less product"
    return (
        f"<tr><td>{escape(e.text)}</td><td>{probability_bar(e.share)} {e.share:.0%}</td><td>{escape(e.known_to)}</td>"
        f"<td>{way}</td><td>{escape(e.how)}</td></tr>"
    )


def _levers(report: Report) -> str:
    if not report.levers:
        return ""
    rows = "".join(
        f"<tr><td>{escape(e.field)}</td><td>{escape(e.lower_to)}</td><td>{signed_points(e.lower)}</td><td>{escape(e.higher_to)}</td>"
        f"<td>{signed_points(e.higher)}</td></tr>"
        for e in report.levers
    )
    return (
        "<h2>Fields of the recipe, one at a time</h2><table><thead><tr><th>field</th><th>lower</th><th>target gains</th><th>higher</th><th>target gains</th></tr></thead>"
        f"<tbody>{rows}</tbody></table>"
    )


def _row(e: RateEntry) -> str:
    doubts = [e.validity] if e.validity else []
    doubts += [f"extrapolated: {e.extrapolated}"] if e.extrapolated else []
    doubts += [] if e.absolute else ["relative only: the catalyst decides the speed"]
    note = f"<br><small>{escape('; '.join(doubts))}</small>" if doubts else ""
    return (
        f"<tr><td>{escape(e.title)}<br><small>{escape(e.equation)}</small></td><td>{escape(constant_text(e))}</td>"
        f"<td>{e.activation_energy:.0f} ± {e.activation_energy_sd:.0f}</td><td>{e.turnover:.2g}</td>"
        f"<td><small>{escape(parts_text(e))}</small>{note}</td></tr>"
    )
