"""One self-contained HTML page from a report: no script, no request."""

from __future__ import annotations

from html import escape

from ringside.answers.report import Report
from ringside.render.fate_sections import fates_section
from ringside.render.fit_sections import fit_section
from ringside.render.flask_sections import flask_section, header_section, recipe_section, scheme_section, table_section
from ringside.render.page import page
from ringside.render.plan_sections import plan_section
from ringside.render.quantity_sections import quantity_section
from ringside.render.rate_sections import rates_section
from ringside.render.sources import Sources
from ringside.render.sweep_sections import sweep_section
from ringside.render.ways_sections import explanations_section, ways_section
from ringside.render.why_sections import causes_section, evidence_section, remedies_section, rounds_section


def to_html(report: Report) -> str:
    """Return the page of a report, complete in itself.

    Args:
        report: Any report; sections whose question was not asked are left out.

    Returns:
        HTML text under 2 MB that fetches nothing.
    """
    notes = Sources(report)
    body = "".join(
        (
            header_section(report),
            scheme_section(report),
            explanations_section(report),
            ways_section(report),
            rates_section(report),
            sweep_section(report),
            fit_section(report),
            plan_section(report),
            flask_section(report),
            fates_section(report),
            causes_section(report, notes),
            rounds_section(report),
            remedies_section(report, notes),
            evidence_section(report),
            quantity_section(report),
            table_section(report),
            recipe_section(report),
            _warnings(report),
            notes.section(),
            _footer(report),
        )
    )
    return page(report.case.title, body)


def _warnings(report: Report) -> str:
    items = "".join(
        f"<li class='{w.severity}'>{escape(w.text)}{f' <code>{escape(w.field)}</code>' if w.field else ''}</li>"
        for w in report.warnings
    )
    left = "".join(f"<li>{escape(n.what)}: {escape(n.why)}</li>" for n in report.not_enumerated[:8])
    text = f"<h2>Mind</h2><ul class='plain'>{items}</ul>" if items else ""
    return text + (f"<h3>Left out of the network</h3><ul class='plain small'>{left}</ul>" if left else "")


def _footer(report: Report) -> str:
    return (
        f"<footer>Ringside {escape(report.ringside)}, knowledge {escape(report.knowledge[:12])}. For research use only: a computed aid to judgement, "
        "valid within the ranges named; no fitness for a purpose is promised. Nothing in this page is sent anywhere.</footer>"
    )
