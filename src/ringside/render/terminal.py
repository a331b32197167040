"""A report as text for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from ringside.answers.report import PathwayEntry, Report
from ringside.render.fate_sections import fate_lines
from ringside.render.plan_sections import plan_text
from ringside.render.quantity_sections import quantity_lines
from ringside.render.words import (
    candidate_name,
    constant_text,
    error_text,
    minutes,
    open_text,
    parts_text,
    percent,
    power_span,
    rate_text,
    round_name,
    seen_text,
    shown_species,
    signed_points,
    span,
    species_names,
)

MOST_SPECIES = 10
MOST_CAUSES = 5
MOST_RATES = 10
MOST_SWEPT = 3
MOST_POINTS = 24


def print_report(report: Report, console: Console) -> None:
    """Write the readable summary of a report.

    Args:
        report: Any report.
        console: Where to write; its width decides the wrapping.
    """
    console.print()
    console.print(Text(report.case.title, style="bold"))
    console.print(Text(report.verdict, style="bold cyan"))
    short = (
        report.pathways is not None
        or report.explanations is not None
        or report.rates is not None
        or report.sweep is not None
        or report.fit is not None
        or report.plan is not None
    )
    flask = () if short else _flask(report)
    for block in (
        _explanations(report),
        _ways(report),
        _rates(report),
        _sweep(report),
        _fit(report),
        plan_text(report),
        flask,
        () if short else _fates(report),
        _peaks(report),
        quantity_lines(report),
        _causes(report),
        _rounds(report),
        _remedies(report),
    ):
        for item in block:
            console.print(item)
    for warning in report.warnings:
        style = {"alarm": "bold red", "caution": "yellow", "note": "dim"}[warning.severity]
        console.print(Text(f"{warning.severity}: {warning.text}", style=style))
    console.print()


def _heading(text: str) -> Text:
    return Text(f"\n{text}", style="bold underline")


def _plain_table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    for name in columns:
        table.add_column(name, overflow="fold")
    return table


def _flask(report: Report) -> Iterator[Text | Table]:
    shown = shown_species(report, MOST_SPECIES)
    if not shown:
        return
    yield _heading("In the flask at the end (mol per mol limiting; 5 to 95 %)")
    table = _plain_table("species", "role", "main ion", "amount")
    for s in shown:
        ion = f"{s.ions[0].ion} {s.ions[0].mz:.3f}" if s.ions else "-"
        table.add_row(Text(s.label), s.role, ion, span(s.amount))
    for f in report.families or ():
        table.add_row(Text(f.label), "family", f.mass_formula, span(f.amount))
    yield table


def _fates(report: Report) -> Iterator[Text | Table]:
    if not report.materials:
        return
    yield _heading("Where the material went (share of each building block)")
    table = _plain_table("", "ended", "share")
    for label, fates in fate_lines(report):
        for i, (title, share) in enumerate(fates):
            table.add_row(Text(label if i == 0 else ""), Text(title), share)
    yield table


def _ways(report: Report) -> Iterator[Text | Padding]:
    for found in report.pathways or ():
        yield from _steps(found)


def _steps(found: PathwayEntry) -> Iterator[Text | Padding]:
    for number, step in enumerate(found.steps, start=1):
        ring = f", closes a {step.ring}-membered ring" if step.ring else ""
        yield Text(f"{number}. {step.title}{ring} ({step.rule})")
        yield Padding(Text(f"{' + '.join(step.reactants)} -> {' + '.join(step.products)}"), (0, 0, 0, 3))
        if rate := rate_text(step):
            yield Padding(Text(rate, style="dim"), (0, 0, 0, 3))


def _rates(report: Report) -> Iterator[Text | Table | Padding]:
    if report.rates is None:
        return
    if report.turns_on:
        yield _heading("What the yield turns on")
        table = _plain_table("quantity", "share", "known to", "how to measure it")
        for e in report.turns_on:
            table.add_row(Text(e.text), f"{e.share:.0%}", e.known_to, e.how)
        yield table
    if report.levers:
        yield _heading("Fields of the recipe, one at a time (what the target gains)")
        table = _plain_table("field", "lower", "gain", "higher", "gain")
        for e in report.levers:
            table.add_row(Text(e.field), e.lower_to, signed_points(e.lower), e.higher_to, signed_points(e.higher))
        yield table
    if report.rates:
        yield _heading(f"Rate constants at {report.rates[0].temperature_c:.0f} °C, the busiest first")
    for e in report.rates[:MOST_RATES]:
        yield Text(f"{e.title}: {e.equation}")
        yield Padding(
            Text(f"{constant_text(e)}, Ea {e.activation_energy:.0f} kJ/mol, turnover {e.turnover:.2g}"), (0, 0, 0, 3)
        )
        yield Padding(Text(parts_text(e), style="dim"), (0, 0, 0, 3))
        for doubt in (e.validity, e.extrapolated and f"extrapolated: {e.extrapolated}"):
            if doubt:
                yield Padding(Text(doubt, style="yellow" if doubt == e.extrapolated else "dim"), (0, 0, 0, 3))
    left = len(report.rates) - MOST_RATES
    if left > 0:
        yield Text(f"{left} more with --html or --json.", style="dim")


def _sweep(report: Report) -> Iterator[Text | Table]:
    if report.sweep is None:
        return
    yield _heading("Amounts (mol per mol limiting; 5 to 95 %)")
    n = MOST_SWEPT
    table = _plain_table(*report.sweep.fields, *report.sweep.labels[:n], "target gains in")
    first = ("as written", *("" for _ in report.sweep.fields[1:]))
    table.add_row(*first, *(span(a) for a in report.sweep.as_written[:n]), "")
    for p in report.sweep.points:
        table.add_row(*p.values, *(span(a) for a in p.amounts[:n]), f"{p.better:.0%}")
    yield table


def _fit(report: Report) -> Iterator[Text | Table]:
    if report.fit is None:
        return
    yield _heading(
        f"Rate constants at {report.fit.rates[0].temperature_c:.0f} °C (5 to 95 %)" if report.fit.rates else "Rates"
    )
    table = _plain_table("reaction", "tables", "with the data", "data alone", "")
    for r in report.fit.rates:
        table.add_row(Text(r.equation), power_span(r.before), power_span(r.after), open_text(r.data_alone), r.told)
    yield table
    for text in report.fit.tied:
        yield Text(text)
    if report.fit.measured:
        yield _heading("Measured, and the model before and after")
        points = _plain_table("run", "h", "what", "measured", "before", "after")
        for p in report.fit.measured[:MOST_POINTS]:
            sign = "< " if p.limit else ""
            seen = f"{sign}{p.observed:.3g} ± {p.error:.2g} {p.unit}"
            points.add_row(str(p.run), f"{p.time_h:.3g}", Text(p.what), seen, f"{p.before:.3g}", f"{p.after:.3g}")
        yield points
        left = len(report.fit.measured) - MOST_POINTS
        if left > 0:
            yield Text(f"{left} more with --html or --json.", style="dim")


def _explanations(report: Report) -> Iterator[Text | Table | Padding]:
    if not report.explanations:
        return
    yield _heading("Readings, likeliest first")
    table = _plain_table("what", "structure", "ion", "error", "steps", "in the flask")
    for e in report.explanations:
        amount = span(e.pathway.amount) if e.pathway.amount is not None else "not followed"
        table.add_row(Text(e.pathway.label), e.pathway.smiles, e.ion, error_text(e), str(len(e.pathway.steps)), amount)
    yield table
    for e in report.explanations[:3]:
        yield Text(f"\n{e.pathway.label}", style="bold")
        yield from _steps(e.pathway)
        for why in e.pathway.obstacles:
            yield Padding(Text(why, style="yellow"), (0, 0, 0, 3))


def _peaks(report: Report) -> Iterator[Text | Table]:
    if not report.assignments:
        return
    names = species_names(report)
    yield _heading("Peaks")
    table = _plain_table("time", "area", "m/z", "reading", "probability")
    for a in report.assignments:
        best = a.candidates[0]
        area = "" if a.area_percent is None else f"{a.area_percent:.4g} %"
        table.add_row(
            minutes(a.rt_min),
            area,
            ", ".join(f"{m:.2f}" for m in a.mz[:2]),
            Text(f"{candidate_name(best.species, names)} {best.ion}"),
            percent(best.probability),
        )
    yield table
    for a in report.assignments:
        if len(a.undecidable_between) > 1:
            tied = " / ".join(candidate_name(s, names) for s in a.undecidable_between)
            yield Text(
                f"  {minutes(a.rt_min)}: these data cannot decide between {tied}. Would tell: {a.decided_by}",
                style="yellow",
            )
    if report.explained_area is not None:
        yield Text(f"  explained: {percent(report.explained_area)} of the area")


def _causes(report: Report) -> Iterator[Text | Padding]:
    if report.causes is None:
        return
    yield _heading("Why")
    for cause in report.causes[:MOST_CAUSES]:
        if cause.probability < 0.02 and cause is not report.causes[0]:
            continue
        yield Text(f"{percent(cause.probability):>7}  {cause.title}")
        for sign, items in (("+", cause.for_), ("−", cause.against)):
            for e in items[:2]:
                yield Padding(Text(f"{sign} {e.text} ({e.log_odds:+.1f})", style="dim"), (0, 0, 0, 9))
    if report.prior_driven:
        yield Text("Prior-driven: another cause would lead under different prior odds.", style="yellow")
    for test in (report.next_tests or ())[:2]:
        yield Text(f"Next test ({test.bits:.2f} bits in about {test.hours:g} h): {test.how}")


def _rounds(report: Report) -> Iterator[Text | Padding]:
    if report.rounds is None:
        return
    yield _heading("Run by run")
    for r in report.rounds:
        yield Text(f"{round_name(r.number)}: {r.change.text}")
        lead = [f"{percent(r.probability)} {r.cause_title}"] if r.probability is not None else []
        for line in (seen_text(r.observed), *lead, r.why):
            if line:
                yield Padding(Text(line, style="dim"), (0, 0, 0, 9))


def _remedies(report: Report) -> Iterator[Text | Table]:
    if report.remedies is None:
        return
    yield _heading("What to change")
    if not report.remedies:
        yield Text("No change that was simulated raises the yield beyond its uncertainty.")
        return
    table = _plain_table("change", "before", "after", "paired gain")
    for r in report.remedies:
        table.add_row(Text(r.change.text), span(r.yield_.before), span(r.yield_.after), signed_points(r.gain))
    yield table
