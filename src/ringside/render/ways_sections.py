"""Sections of the page about how something forms, and what a mass could be."""

from __future__ import annotations

from html import escape

from ringside.answers.report import ExplanationEntry, PathwayEntry, Report, StepEntry
from ringside.chem.drawing import draw_mapped_svg
from ringside.render.words import error_text, rate_text, span

MOST_DRAWN = 6


def ways_section(report: Report) -> str:
    """Return the drawn ways to the species asked about, step by step, atoms numbered."""
    if report.pathways is None:
        return ""
    return "".join(f"<h2>How {escape(p.label)} forms</h2>{way(p)}" for p in report.pathways)


def explanations_section(report: Report) -> str:
    """Return the readings of a mass, likeliest first, the first few drawn."""
    if report.explanations is None:
        return ""
    if not report.explanations:
        return "<h2>Readings</h2><p>None.</p>"
    rows = "".join(_row(i, e) for i, e in enumerate(report.explanations, start=1))
    table = (
        "<h2>Readings, likeliest first</h2><table><thead><tr><th></th><th>what</th><th>ion</th><th>error</th><th>steps</th>"
        f"<th>in the flask</th></tr></thead><tbody>{rows}</tbody></table>"
    )
    drawn = "".join(
        f"<h3>{i}. {escape(e.pathway.label)}</h3>{way(e.pathway)}"
        for i, e in enumerate(report.explanations[:MOST_DRAWN], start=1)
    )
    return table + drawn


def _row(number: int, e: ExplanationEntry) -> str:
    amount = span(e.pathway.amount) if e.pathway.amount is not None else "not followed"
    ion = f"{e.ion} {e.mz:.4f}" if e.mz is not None else e.ion
    cells = (str(number), e.pathway.label, ion, error_text(e), str(len(e.pathway.steps)), amount)
    return f"<tr>{''.join(f'<td>{escape(text)}</td>' for text in cells)}</tr>"


def way(found: PathwayEntry) -> str:
    """Return the steps of a pathway, drawn, with what stands in the way."""
    steps = "".join(_step(i, s) for i, s in enumerate(found.steps, start=1))
    why = "".join(f"<li>{escape(text)}</li>" for text in found.obstacles)
    return steps + (f"<ul class='plain'>{why}</ul>" if why else "")


def _step(number: int, step: StepEntry) -> str:
    left, _, right = step.mapped.partition(">>")
    sides = [
        '<span class="sign">+</span>'.join(
            f"<figure>{draw_mapped_svg(s, step.centre, width=_width(s), height=120)}</figure>" for s in side.split(".")
        )
        for side in (left, right)
        if side
    ]
    lost = "" if right else "<figure><figcaption>longer chains</figcaption></figure>"
    ring = f", closes a {step.ring}-membered ring" if step.ring else ""
    facts = "; ".join(t for t in (rate_text(step), _turnover(step)) if t)
    return (
        f"<p class='small'>{number}. {escape(step.title)}{ring} <code>{escape(step.rule)}</code></p>"
        f"<div class='scheme'>{'<b>⟶</b>'.join(sides)}{lost}</div><p class='small'>{escape(facts)}</p>"
    )


def _width(smiles: str) -> int:
    return min(110 + 5 * smiles.count(":"), 300)


def _turnover(step: StepEntry) -> str:
    return "" if step.turnover is None else f"turnover {step.turnover:.2g} mol per mol limiting"
