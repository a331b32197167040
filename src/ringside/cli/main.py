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
def predict(case: CaseFile, json: JsonFile = None, html: HtmlFile = None, knowledge: KnowledgeDir = None) -> None:
    """What will form, how much, and what will it look like in LC-MS?"""
    _answer("predict", case, json, html, knowledge)


@app.command()
def assign(case: CaseFile, json: JsonFile = None, html: HtmlFile = None, knowledge: KnowledgeDir = None) -> None:
    """What is each peak?"""
    _answer("assign", case, json, html, knowledge)


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
def knowledge_check(knowledge: KnowledgeDir = None) -> None:
    """Check every card and table; tell all complaints at once."""
    from ringside.answers.ask import check_knowledge  # noqa: PLC0415

    typer.echo(check_knowledge(knowledge))


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
