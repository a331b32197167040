"""Sections of the page about why, what to change, and what the LC-MS shows."""

from __future__ import annotations

from html import escape

from ringside.answers.report import CauseEntry, RemedyEntry, Report
from ringside.render.charts import before_after, chromatogram, probability_bar
from ringside.render.sources import Sources
from ringside.render.words import (
    candidate_name,
    minutes,
    percent,
    round_name,
    seen_text,
    signed_points,
    species_names,
)

MOST_CAUSES = 5


def _cause_card(cause: CauseEntry, notes: Sources) -> str:
    items = [
        f'<li class="for">{escape(e.text)} <span class="small">({e.log_odds:+.1f})</span></li>' for e in cause.for_[:4]
    ]
    items += [
        f'<li class="against">{escape(e.text)} <span class="small">({e.log_odds:+.1f})</span></li>'
        for e in cause.against[:4]
    ]
    members = (
        f'<div class="small">The data cannot tell apart: {escape(", ".join(cause.members))}</div>'
        if len(cause.members) > 1
        else ""
    )
    why = f"<p>{escape(cause.explanation)}</p>" if cause.explanation else ""
    why += f'<p class="small">Also helps, not simulated: {escape(cause.advice)}</p>' if cause.advice else ""
    return (
        f'<div class="card"><div class="head"><b>{escape(cause.title)}{notes.cite(cause.sources)}</b>'
        f'<span class="num">{probability_bar(cause.probability)}</span></div>'
        f'<div class="small">probability {percent(cause.probability)}; before the evidence {percent(cause.prior)}; Bayes factor {cause.bayes_factor:.2g}</div>'
        f'{why}{members}<ul class="evidence">{"".join(items)}</ul></div>'
    )


def causes_section(report: Report, notes: Sources) -> str:
    """Return the causes with their evidence, and the next tests."""
    if report.causes is None:
        return ""
    if report.observed is None:
        return _before_evidence(report)
    shown = [c for c in report.causes[:MOST_CAUSES] if c.probability >= 0.02] or list(report.causes[:1])
    rest = [c for c in report.causes if c not in shown]
    cards = "".join(_cause_card(c, notes) for c in shown)
    driven = (
        "<p class='caution'>Prior-driven: another cause would lead under different prior odds; do the next test first.</p>"
        if report.prior_driven
        else ""
    )
    others = (
        f'<p class="small">Less likely: {escape("; ".join(f"{c.title} {percent(c.probability)}" for c in rest[:9]))}.</p>'
        if rest
        else ""
    )
    tests = "".join(
        f"<li>{escape(t.how)} <span class='small'>({t.bits:.2f} bits in about {t.hours:g} h). {escape(t.positive)} {escape(t.negative)}</span></li>"
        for t in (report.next_tests or ())[:3]
    )
    tests = f"<h3>What would tell most</h3><ul class='plain'>{tests}</ul>" if tests else ""
    error = (
        f" Monte Carlo error of each probability at most {report.monte_carlo_error:.3f}."
        if report.monte_carlo_error is not None
        else ""
    )
    return f"<h2>Why</h2>{driven}{cards}{others}{tests}<p class='small'>Numbers in brackets are natural log odds against the other causes.{error}</p>"


def _before_evidence(report: Report) -> str:
    """Return the causes in short, where nothing was observed yet."""
    likely = [c for c in report.causes or () if c.probability >= 0.04 and c.id != "none-of-these"]
    items = "".join(
        f"<li>{escape(c.title)} <span class='small'>{percent(c.probability)}</span>{_loss(c)}</li>"
        for c in likely[:MOST_CAUSES]
    )
    return (
        "<h2>What could go wrong</h2><p class='small'>Nothing was observed yet: these are odds before any evidence.</p>"
        f"<ul class='plain'>{items}</ul>"
    )


def _loss(cause: CauseEntry) -> str:
    """Return what switching a design cause off would bring."""
    text = next((e.text for e in (*cause.for_, *cause.against) if e.observation == "simulation"), "")
    return f"<div class='small'>{escape(text)}</div>" if text else ""


def rounds_section(report: Report) -> str:
    """Return the runs one after the other, and what each made of the causes."""
    if report.rounds is None:
        return ""
    rows = "".join(
        f"<tr><td>{round_name(r.number)}</td><td>{escape(r.change.text)}</td><td>{escape(seen_text(r.observed))}</td>"
        f"<td>{'' if r.probability is None else f'{percent(r.probability)} {escape(r.cause_title or str())}'}</td><td class='small'>{escape(r.why)}</td></tr>"
        for r in report.rounds
    )
    return (
        "<h2>Run by run</h2><table><tr><th></th><th>changed from the first</th><th>observed</th><th>leading cause up to here</th><th>what it changed</th></tr>"
        f"{rows}</table><p class='small'>All else in this report starts from the newest run in which something was observed.</p>"
    )


def _remedy_row(remedy: RemedyEntry, notes: Sources) -> str:
    cost = [
        f"{remedy.cost.solvent_mL:+.0f} mL solvent" if abs(remedy.cost.solvent_mL) >= 0.5 else "",
        f"{remedy.cost.time_h:+.1f} h" if abs(remedy.cost.time_h) >= 0.05 else "",
    ]
    cost += [f"{remedy.cost.money:+.0f} EUR" if remedy.cost.money is not None and abs(remedy.cost.money) >= 0.5 else ""]
    head, _, tail = remedy.change.text.partition(" (")
    detail = f'<div class="small">{escape(tail.removesuffix(")"))}</div>' if tail else ""
    note = f'<div class="small">{escape(remedy.note)}</div>' if remedy.note else ""
    costs = ", ".join(c for c in cost if c)
    return (
        f"<tr><td><b>{escape(head)}</b>{notes.cite(remedy.sources)}{detail}{note}</td><td>{before_after(remedy.yield_.before, remedy.yield_.after)}</td>"
        f'<td class="num">{percent(remedy.yield_.before.median)} → {percent(remedy.yield_.after.median)}<div class="small">{signed_points(remedy.gain)}</div></td>'
        f'<td class="small">{escape(costs)}</td></tr>'
    )


def remedies_section(report: Report, notes: Sources) -> str:
    """Return the simulated changes, before and after."""
    if report.remedies is None:
        return ""
    if not report.remedies:
        return "<h2>What to change</h2><p>No change that was simulated raises the yield of the target beyond its uncertainty.</p>"
    rows = "".join(_remedy_row(r, notes) for r in report.remedies)
    return (
        "<h2>What to change</h2><table><tr><th>change</th><th>yield before (pale) and after</th><th>median; paired gain</th><th>extra cost</th></tr>"
        f"{rows}</table><p class='small'>Before and after share the same draws of every rate, so the gain is known better than either yield.</p>"
    )


def evidence_section(report: Report) -> str:
    """Return the annotated chromatogram and the readings of each peak."""
    if not report.assignments:
        return ""
    names = species_names(report)
    ordered = sorted(report.assignments, key=lambda a: a.rt_min or 0.0)
    rows: list[str] = []
    for number, a in enumerate(ordered, start=1):
        readings = "<br>".join(
            f"{escape(candidate_name(c.species, names))} <span class='small'>{escape(c.ion)}</span> {percent(c.probability)}"
            for c in a.candidates[:3]
        )
        if len(a.undecidable_between) > 1:
            tied = " / ".join(escape(candidate_name(s, names)) for s in a.undecidable_between)
            readings += f"<div class='small caution'>These data cannot decide between {tied}. It would be told by: {escape(a.decided_by)}</div>"
        area = "" if a.area_percent is None else f"{a.area_percent:.4g} %"
        masses = ", ".join(f"{m:.2f}" for m in a.mz[:3])
        rows.append(
            f"<tr><td>{number}</td><td class='num'>{minutes(a.rt_min)}</td><td class='num'>{area}</td><td class='num'>{masses}</td><td>{readings}</td></tr>"
        )
    share = (
        "" if report.explained_area is None else f"<p>Explained: {percent(report.explained_area)} of the peak area.</p>"
    )
    return (
        f"<h2>What the LC-MS shows</h2>{chromatogram(report)}"
        f"<table><tr><th></th><th>time</th><th>area</th><th>m/z</th><th>reading, probability</th></tr>{''.join(rows)}</table>{share}"
    )
