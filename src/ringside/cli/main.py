"""The `ringside` command. Nothing heavy is imported before a command runs."""

from __future__ import annotations

import os
import sys
import tempfile
import traceback
from pathlib import Path
from typing import Annotated

import typer

from ringside import __version__
from ringside.errors import RingsideError

app = typer.Typer(
    name="ringside",
    help="Computational technical support for the synthesis of 1,4-diazepanes and the cyclic diamines around them.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
knowledge_app = typer.Typer(help="The knowledge base: is it sound?", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(knowledge_app, name="knowledge")

CaseFile = Annotated[Path, typer.Argument(metavar="CASE", help="The case file (TOML).")]
JsonFile = Annotated[
    str | None, typer.Option("--json", metavar="FILE", help="Write the report for a machine; '-' is standard output.")
]
HtmlFile = Annotated[
    Path | None, typer.Option("--html", metavar="FILE", help="Write the report as one self-contained page.")
]
KnowledgeDir = Annotated[
    Path | None,
    typer.Option("--knowledge", metavar="DIR", help="Your own cards and tables, laid over the shipped ones."),
]


def _answer(question: str, case: Path, json: str | None, html: Path | None, knowledge: Path | None) -> None:
    """Answer one question about a case and write the forms that were asked for."""
    from ringside.answers.ask import ask  # noqa: PLC0415  (commands import late, so that --help is quick)
    from ringside.cli.output import write_report  # noqa: PLC0415

    report = ask(question, case, knowledge)
    write_report(report, json=json, html=html)
    if not report.case.reached and question == "predict":
        raise typer.Exit(0)


@app.command()
def diagnose(case: CaseFile, json: JsonFile = None, html: HtmlFile = None, knowledge: KnowledgeDir = None) -> None:
    """What went wrong, and what do I change?"""
    _answer("diagnose", case, json, html, knowledge)


@app.command()
def predict(
    case: CaseFile,
    vary: Annotated[
        list[str] | None,
        typer.Option(
            "--vary", metavar="FIELD=A..B", help="Vary a field, such as concentration=0.01..1M; twice for a map."
        ),
    ] = None,
    sbml: Annotated[
        Path | None, typer.Option("--sbml", metavar="FILE", help="Write the central case as SBML (COPASI, Tellurium).")
    ] = None,
    course: Annotated[
        Path | None,
        typer.Option("--course", metavar="FILE", help="Write amounts against time of the central case as CSV."),
    ] = None,
    json: JsonFile = None,
    html: HtmlFile = None,
    knowledge: KnowledgeDir = None,
) -> None:
    """What will form, how much, and what will it look like in LC-MS?"""
    from ringside.answers.ask import ask_exchange  # noqa: PLC0415
    from ringside.cli.output import write_text  # noqa: PLC0415

    for form, path in (("sbml", sbml), ("course", course)):
        if path is not None:
            write_text(path, ask_exchange(form, case, knowledge), f"--{form}")
    if not vary:
        _answer("predict", case, json, html, knowledge)
        return
    from ringside.answers.ask import ask_sweep  # noqa: PLC0415
    from ringside.cli.output import write_report  # noqa: PLC0415

    write_report(ask_sweep(case, vary, knowledge), json=json, html=html)


@app.command()
def assign(case: CaseFile, json: JsonFile = None, html: HtmlFile = None, knowledge: KnowledgeDir = None) -> None:
    """What is each peak?"""
    _answer("assign", case, json, html, knowledge)


@app.command()
def paths(
    case: CaseFile,
    species: Annotated[str, typer.Argument(metavar="SPECIES", help="A SMILES in quotes, a label, an id, or a name.")],
    json: JsonFile = None,
    html: HtmlFile = None,
    knowledge: KnowledgeDir = None,
) -> None:
    """How does it form, or why does it not?"""
    from ringside.answers.ask import ask_paths  # noqa: PLC0415
    from ringside.cli.output import write_report  # noqa: PLC0415

    write_report(ask_paths(case, species, knowledge), json=json, html=html)


@app.command()
def rate(case: CaseFile, json: JsonFile = None, html: HtmlFile = None, knowledge: KnowledgeDir = None) -> None:
    """Which rates were used, where are they from, and which does the answer hang on?"""
    _answer("rate", case, json, html, knowledge)


@app.command()
def fit(
    case: CaseFile,
    data: Annotated[
        Path | None,
        typer.Argument(metavar="DATA", help="A table: time [h], then NAME [%], [mol/L] or [area] (CSV)."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="DIR", help="Keep what was learned in this folder, for --knowledge."),
    ] = None,
    json: JsonFile = None,
    html: HtmlFile = None,
    knowledge: KnowledgeDir = None,
) -> None:
    """What do my measurements say about the rates?"""
    from ringside.answers.ask import ask_fit  # noqa: PLC0415
    from ringside.cli.output import write_report  # noqa: PLC0415

    write_report(ask_fit(case, data, out, knowledge), json=json, html=html)
    if out is not None and json != "-":
        typer.echo(f"kept in {out}; now, for example: ringside predict {case} --knowledge {out}")


@app.command()
def plan(
    case: CaseFile,
    max_volume: Annotated[
        str | None, typer.Option("--max-volume", metavar="V", help="Most volume in the flask, such as '500 mL'.")
    ] = None,
    max_time: Annotated[str | None, typer.Option("--max-time", metavar="T", help="Most time, such as '48 h'.")] = None,
    max_cost: Annotated[
        float | None, typer.Option("--max-cost", metavar="EUR", help="Most that the materials may cost.")
    ] = None,
    without: Annotated[
        list[str] | None, typer.Option("--without", metavar="NAME", help="A reagent or solvent that is not at hand.")
    ] = None,
    runs: Annotated[int, typer.Option("--runs", metavar="N", min=0, max=24, help="Most runs of a screen.")] = 6,
    screen: Annotated[
        Path | None, typer.Option("--screen", metavar="FILE", help="Write the runs that would tell, to be filled in.")
    ] = None,
    json: JsonFile = None,
    html: HtmlFile = None,
    knowledge: KnowledgeDir = None,
) -> None:
    """Which changes help most, traded against volume, time and cost?"""
    from ringside.answers.ask import ask_plan, limits_of  # noqa: PLC0415
    from ringside.cli.output import write_report  # noqa: PLC0415

    limits = limits_of(max_volume, max_time, max_cost, without or ())
    write_report(ask_plan(case, limits, runs, screen, knowledge), json=json, html=html)
    if screen is not None and json != "-":
        typer.echo(f"the runs are in {screen}; fill in what they give, then: ringside learn {case} {screen}")


@app.command()
def learn(
    case: CaseFile,
    results: Annotated[
        Path | None, typer.Argument(metavar="RESULTS", help="The screen file of ringside plan, filled in.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="DIR", help="Keep what was learned in this folder, for --knowledge."),
    ] = None,
    json: JsonFile = None,
    html: HtmlFile = None,
    knowledge: KnowledgeDir = None,
) -> None:
    """What do the runs of a screen say?"""
    from ringside.answers.ask import ask_learn  # noqa: PLC0415
    from ringside.cli.output import write_report  # noqa: PLC0415

    write_report(ask_learn(case, results, out, knowledge), json=json, html=html)
    if out is not None and json != "-":
        typer.echo(f"kept in {out}; now, for example: ringside plan {case} --knowledge {out}")


@app.command()
def plate(
    platemap: Annotated[Path, typer.Argument(metavar="PLATEMAP", help="A table: vial, well, smiles (and file).")],
    data: Annotated[Path, typer.Argument(metavar="DATA", help="The report with all wells, or the folder of files.")],
    case: Annotated[
        Path | None,
        typer.Option("--case", metavar="CASE", help="A case that all wells follow, but for columns of the map."),
    ] = None,
    resume: Annotated[
        Path | None,
        typer.Option("--resume", metavar="DIR", help="Keep finished wells here; an interrupted run goes on from them."),
    ] = None,
    csv: Annotated[Path | None, typer.Option("--csv", metavar="FILE", help="Write a row for each well.")] = None,
    parquet: Annotated[
        Path | None, typer.Option("--parquet", metavar="FILE", help="The same as Parquet (extra: parquet).")
    ] = None,
    json: JsonFile = None,
    html: HtmlFile = None,
    knowledge: KnowledgeDir = None,
) -> None:
    """What is in every well of a plate?"""
    from ringside.answers.plate.ask import ask_plate  # noqa: PLC0415
    from ringside.cli.plate_output import check_parquet, write_plate  # noqa: PLC0415
    from ringside.cli.progress import bar  # noqa: PLC0415

    check_parquet(parquet)
    with bar("plate", "wells") as step:
        report = ask_plate(
            platemap, data, case, knowledge, resume=resume, step=step, tell=lambda text: typer.echo(text, err=True)
        )
    write_plate(report, json=json, html=html, csv=csv, parquet=parquet)


@app.command()
def synth(
    case: CaseFile,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="FILE.mzML", help="Where to write; CASE-simulated.mzML here if left out."),
    ] = None,
    truth: Annotated[Path | None, typer.Option("--truth", metavar="FILE.json", help="Write what each peak is.")] = None,
    seed: Annotated[int, typer.Option("--seed", metavar="N", help="Of all that is random.")] = 1,
    load: Annotated[float, typer.Option("--load", metavar="X", help="Amount injected, 1 is the usual.")] = 1.0,
    resolution: Annotated[
        str, typer.Option("--resolution", metavar="unit|fine", help="Unit mass, or exact masses.")
    ] = "unit",
    unknowns: Annotated[
        int, typer.Option("--unknowns", metavar="N", help="Put in N molecules that the case does not predict.")
    ] = 0,
    draw: Annotated[
        int | None, typer.Option("--draw", metavar="N", help="Amounts of draw N; the median of each if left out.")
    ] = None,
    blank: Annotated[bool, typer.Option("--blank", help="Inject nothing of the case.")] = False,
    broken: Annotated[
        bool,
        typer.Option("--broken", help="Wrong responses, drift, co-elution, noise: what assignment does not expect."),
    ] = False,
    knowledge: KnowledgeDir = None,
) -> None:
    """Write a simulated LC-MS file of this flask, with known truth."""
    from ringside.answers.ask import ask_synth  # noqa: PLC0415
    from ringside.answers.synth import SynthOrder  # noqa: PLC0415
    from ringside.cli.output import write_synth  # noqa: PLC0415

    order = SynthOrder(seed, load, resolution, unknowns, draw, blank, broken)
    made = ask_synth(case, order, knowledge)
    write_synth(made, out=out or Path(f"{case.stem}-simulated.mzML"), truth=truth)


@app.command("what-is")
def what_is(
    case: CaseFile,
    mz: Annotated[str | None, typer.Option("--mz", metavar="M", help="The unexplained m/z, such as 213.136.")] = None,
    shift: Annotated[str | None, typer.Option("--shift", metavar="DA", help="A mass difference instead.")] = None,
    start: Annotated[
        str | None, typer.Option("--from", metavar="SPECIES", help="What --shift counts from; the target if left out.")
    ] = None,
    within: Annotated[float | None, typer.Option("--within", metavar="DA", help="Half width of the window.")] = None,
    steps: Annotated[int, typer.Option("--steps", metavar="N", help="Steps beyond what the flask holds.")] = 3,
    json: JsonFile = None,
    html: HtmlFile = None,
    knowledge: KnowledgeDir = None,
) -> None:
    """What could this unexplained mass be, from what is in the flask?"""
    from ringside.answers.ask import ask_what_is  # noqa: PLC0415
    from ringside.cli.output import write_report  # noqa: PLC0415

    report = ask_what_is(case, knowledge, mz=mz, difference=shift, reference=start, tolerance=within, steps=steps)
    write_report(report, json=json, html=html)


@app.command()
def explain(
    card: Annotated[str, typer.Argument(metavar="ID", help="Id of a rule, cause, remedy or test.")],
    html: HtmlFile = None,
    knowledge: KnowledgeDir = None,
) -> None:
    """What does a card of the knowledge base say, and where is that from?"""
    from ringside.answers.explain import explain as explained  # noqa: PLC0415
    from ringside.cli.output import write_card  # noqa: PLC0415

    write_card(explained(card, knowledge), html)


@app.command()
def cite(
    key: Annotated[
        str | None, typer.Argument(metavar="KEY", help="Key of a source, or id of a card; all of Ringside if left out.")
    ] = None,
    bibtex: Annotated[
        str | None, typer.Option("--bibtex", metavar="FILE", help="Write BibTeX; '-' is standard output.")
    ] = None,
    json: JsonFile = None,
    knowledge: KnowledgeDir = None,
) -> None:
    """How do I cite this, and what rests on which source?"""
    from ringside.answers.cite import cite as cited  # noqa: PLC0415
    from ringside.cli.output import write_citation  # noqa: PLC0415

    write_citation(cited(key, knowledge), json=json, bibtex=bibtex)


@app.command()
def new(
    text: Annotated[str, typer.Argument(metavar="TEXT", help="A reaction SMILES: reactants>agents>products.")],
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="FILE", help="Where to write; standard output if left out.")
    ] = None,
    knowledge: KnowledgeDir = None,
) -> None:
    """Write a commented case file from a reaction SMILES."""
    from ringside.answers.ask import new_case_text  # noqa: PLC0415

    written = new_case_text(text, knowledge)
    if out is None:
        sys.stdout.write(written)
        return
    out.write_text(written, encoding="utf-8")
    typer.echo(f'wrote {out}; fill in what says "unknown", then: ringside diagnose {out}')


@app.command()
def schema(name: Annotated[str, typer.Argument(metavar="NAME", help="Which schema: report.")] = "report") -> None:
    """Print the JSON Schema of a report."""
    from ringside.answers.schema import schema_text  # noqa: PLC0415

    sys.stdout.write(schema_text(name))


@knowledge_app.command("check")
def knowledge_check(
    knowledge: KnowledgeDir = None,
    leave_one_out: Annotated[
        bool, typer.Option("--leave-one-out", help="Also list the rules whose removal would change no answer.")
    ] = False,
    cases: Annotated[
        list[Path] | None, typer.Option("--cases", metavar="DIR", help="Folders of case files for --leave-one-out.")
    ] = None,
) -> None:
    """Check every card and table; tell all complaints at once."""
    from ringside.answers.ask import check_knowledge, filler_text  # noqa: PLC0415

    typer.echo(check_knowledge(knowledge))
    if leave_one_out:
        typer.echo(filler_text(cases or [], knowledge))


@app.callback(invoke_without_command=True)
def top(version: Annotated[bool, typer.Option("--version", help="Print the version and stop.")] = False) -> None:
    """Computational technical support for the synthesis of 1,4-diazepanes and the cyclic diamines around them."""
    if version:
        typer.echo(f"ringside {__version__}")
        raise typer.Exit


def main() -> None:
    """Run the command line; every error leaves by its own exit code and without a traceback."""
    try:
        app()
    except RingsideError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(error.exit_code)
    except (KeyboardInterrupt, BrokenPipeError):
        sys.exit(130)
    except Exception:
        handle, name = tempfile.mkstemp(prefix="ringside-crash-", suffix=".txt")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(f"ringside {__version__}\n{traceback.format_exc()}")
        sys.stderr.write(
            "This is a fault in Ringside, not in your input.\n"
            f"  next step: the details are in {name} \n"
            "  (the file stays on this machine and may hold your structures); please report it.\n"
        )
        sys.exit(1)
