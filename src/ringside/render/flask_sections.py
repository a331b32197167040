"""Sections of the page about the flask: the scheme, the picture of what is in it, and the recipe."""

from __future__ import annotations

from html import escape

from ringside.answers.report import FamilyEntry, Report, SpeciesEntry
from ringside.chem.drawing import draw_svg
from ringside.render.charts import interval_bar
from ringside.render.words import percent, shown_species, span

MOST_PICTURED = 9
MOST_LISTED = 12
MOST_STEPS = 5
LEAST_MEMBER = 1e-4


def header_section(report: Report) -> str:
    """Return the title and the verdict."""
    kind = {
        "diagnose": "Diagnosis",
        "predict": "Prediction",
        "assign": "Peak assignment",
        "paths": "Formation",
        "what-is": "Unexplained mass",
    }.get(report.question, report.question)
    return (
        f'<header><div class="kind">Ringside · {escape(kind)}</div><h1>{escape(report.case.title)}</h1></header>'
        f'<p class="verdict">{escape(report.verdict)}</p>'
    )


def _figure(smiles: str, caption: str, *, width: int = 140, height: int = 96) -> str:
    return f"<figure>{draw_svg(smiles, width=width, height=height)}<figcaption>{escape(caption)}</figcaption></figure>"


def scheme_section(report: Report) -> str:
    """Return the reaction scheme, with the predicted yield."""
    substrates = [c for c in report.flask.charges if c.role == "substrate" and c.smiles]
    product = next((s for s in report.species if s.role == "product"), None)
    if not substrates:
        return ""
    left = '<span class="sign">+</span>'.join(_figure(c.smiles or "", f"{c.name}, {c.text}") for c in substrates[:3])
    others = [c.name for c in report.flask.charges if c.role not in {"substrate"}]
    arrow = f'<div class="arrow">{escape(", ".join(others[:6]))}<b>⟶</b>{escape(report.flask.conditions)}</div>'
    right = (
        _figure(product.smiles, f"target, predicted {span(product.amount)} of theory")
        if product and product.smiles
        else ""
    )
    return f'<div class="scheme">{left}{arrow}{right}</div>'


def ion_text(s: SpeciesEntry) -> str:
    """Return the main ion of a species."""
    return f"{s.ions[0].ion} {s.ions[0].mz:.3f}" if s.ions else ""


def isomer_text(s: SpeciesEntry) -> tuple[str, ...]:
    """Return which diastereomers a species stands for, if they could be peaks of their own."""
    apart = [i.label for i in s.isomers if not i.interconverts]
    return (f"{len(apart)} stereoisomers summed: {' / '.join(apart)}",) if apart else ()


def flask_section(report: Report) -> str:
    """Return the picture of the flask: structures, amounts and their intervals."""
    rows: list[str] = []
    top = max([1.0, *(s.amount.high for s in report.species if s.role == "product")])
    chosen = shown_species(report, MOST_PICTURED)
    top = max([top, *(min(s.amount.high, 1.5) for s in chosen)])
    for s in chosen:
        picture = draw_svg(s.smiles, width=112, height=66) if s.smiles else ""
        unseen = [] if s.visible.uv else ["not visible at the UV wavelength"]
        unseen += [] if s.visible.esi else ["does not ionise in ESI"]
        detail = " · ".join(t for t in (s.formula or "", ion_text(s), *unseen, *isomer_text(s), *s.notes) if t)
        colour = "#1f6f8b" if s.role == "product" else "#8a9aa5"
        rows.append(
            f'<tr class="{s.role}"><td>{picture}</td><td><b>{escape(s.label)}</b> <span class="role">{s.role.replace("-", " ")}</span>'
            f'<div class="small">{escape(detail)}</div></td><td>{interval_bar(s.amount, top=top, colour=colour)}</td>'
            f'<td class="num">{span(s.amount)}</td></tr>'
        )
    for f in report.families or ():
        rows.append(
            f"<tr><td></td><td><b>{escape(f.label)}</b><div class='small'>{escape(f.mass_formula)}; counted in repeat units</div></td>"
            f'<td>{interval_bar(f.amount, top=top, colour="#8a9aa5")}</td><td class="num">{span(f.amount)}</td></tr>'
        )
    return (
        '<h2>What is in the flask at the end</h2><table class="flask">'
        f"{''.join(rows)}</table><p class='small'>Predicted, mol per mol of limiting reactant ({escape(report.flask.limiting)}), before the quench: "
        "bar = median, whisker = 5 to 95 % of the draws over everything that is not known exactly.</p>"
        f"{''.join(_series_table(f) for f in report.families or ())}"
    )


def _series_table(family: FamilyEntry) -> str:
    """Return the members of a family by their ends and length, with the m/z to look for."""
    if not family.series:
        return ""
    most = max(len(s.members) for s in family.series)
    head = "".join(f"<th>{n} × {escape(family.repeat)}</th>" for n in range(1, most + 1))
    rows = "".join(
        f"<tr><td>{escape(s.label)}</td>"
        + "".join(
            f"<td>{percent(m.amount)}<br>{m.mz:.3f}</td>" if m.amount >= LEAST_MEMBER else "<td></td>"
            for m in s.members
        )
        + "</tr>"
        for s in family.series
    )
    followed = max(sum(m.followed for m in s.members) for s in family.series)
    return (
        f"<h3>Chains and rings by length</h3><table><thead><tr><th></th>{head}</tr></thead><tbody>{rows}</tbody></table>"
        f"<p class='small'>Amount, and m/z of [M+H]+. Up to {followed} repeat units simulated; longer ones share what was lumped as theory has it "
        f"(Flory for chains, Jacobson and Stockmayer for rings).{_mean_masses(family)}</p>"
    )


def _mean_masses(family: FamilyEntry) -> str:
    if family.number_average is None or family.weight_average is None:
        return ""
    return f" Mean mass of all of them: {family.number_average:.0f} by number, {family.weight_average:.0f} by weight."


def _path_text(path: tuple[str, ...]) -> str:
    """Return the last steps of the way to a species."""
    if not path:
        return "charged"
    return ("… " if len(path) > MOST_STEPS else "") + " → ".join(path[-MOST_STEPS:])


def table_section(report: Report) -> str:
    """Return the species that are not in the picture."""
    pictured = {s.id for s in shown_species(report, MOST_PICTURED)}
    rest = sorted(
        (s for s in report.species if s.id not in pictured), key=lambda s: (-s.amount.median, -s.amount.high, s.id)
    )
    rest = [s for s in rest if s.role != "solvent"][:MOST_LISTED]
    if not rest:
        return ""
    rows = "".join(
        f"<tr><td>{escape(s.label)}</td><td>{escape(s.formula or '')}</td><td class='num'>{escape(ion_text(s))}</td><td class='num'>{span(s.amount)}</td>"
        f"<td class='small'>{escape(_path_text(s.path))}</td></tr>"
        for s in rest
    )
    more = len(report.species) - len(pictured) - len(rest)
    tail = f"<p class='small'>{more} more species are in the JSON report.</p>" if more > 0 else ""
    return f"<h2>Also in the flask</h2><table class='small'><tr><th>species</th><th>formula</th><th>main ion</th><th>amount</th><th>formed by</th></tr>{rows}</table>{tail}"


def recipe_section(report: Report) -> str:
    """Return the recipe as it was simulated, and what was reported."""
    f = report.flask
    rows = "".join(
        f"<tr><td>{escape(c.name)}</td><td>{escape(c.role)}</td><td class='num'>{'' if c.equiv is None else f'{c.equiv:.3g} equiv'}</td>"
        f"<td class='num'>{'' if c.mmol is None else f'{c.mmol:.4g} mmol'}</td><td>{escape(c.text)}</td></tr>"
        for c in f.charges
    )
    o = report.observed
    seen: list[str] = []
    if o is not None:
        seen += [f"isolated yield {o.isolated_yield}"] if o.isolated_yield else []
        seen += [f"conversion {o.conversion}"] if o.conversion else []
        seen += [f"crude mass {o.crude_mass}"] if o.crude_mass else []
        seen += [f"not seen: {a}" for a in o.absent]
        seen += [*o.typed, *o.notes]
    observed = f"<p><b>Reported:</b> {escape('; '.join(seen))}</p>" if seen else ""
    return (
        f"<h2>The recipe as simulated</h2><table class='small'>{rows}</table>"
        f"<p>{escape(f.conditions)}; {f.volume_mL:.4g} mL at the end; limiting: {escape(f.limiting)}, {f.limiting_mmol:.4g} mmol. {escape(f.workup)}</p>{observed}"
    )
