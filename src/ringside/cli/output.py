"""Where a report goes."""

from __future__ import annotations

import sys
from pathlib import Path

from rich.console import Console

from ringside.answers.cite import Citation
from ringside.answers.explain import Explained
from ringside.answers.report import Report, to_plain
from ringside.answers.synth import Synthetic
from ringside.cli.files import write_file
from ringside.evidence.mzml_write import write_mzml
from ringside.record.jsontext import to_json
from ringside.render.card import card_html, print_card
from ringside.render.cite import print_citation, to_bibtex
from ringside.render.html import to_html
from ringside.render.synth import print_synth
from ringside.render.terminal import print_report


def write_report(report: Report, *, json: str | None, html: Path | None) -> None:
    """Write the forms that were asked for; the readable summary goes to the terminal unless JSON goes there.

    Args:
        report: What was answered.
        json: File for the JSON, ``-`` for standard output, or None.
        html: File for the page, or None.

    Raises:
        BadInput: If a file cannot be written.
    """
    if json == "-":
        sys.stdout.write(to_json(to_plain(report)))
    elif json is not None:
        write_file(Path(json), to_json(to_plain(report)), "--json")
    if html is not None:
        write_file(html, to_html(report), "--html")
    if json is None:
        print_report(report, Console(highlight=False))
        if html is not None:
            sys.stdout.write(f"The page is at {html}\n")


def write_synth(made: Synthetic, *, out: Path, truth: Path | None) -> None:
    """Write a simulated run and its truth, and show what is in it.

    Raises:
        BadInput: If a file cannot be written.
    """
    write_mzml(made.run, out)
    if truth is not None:
        write_file(truth, to_json(to_plain(made.truth)), "--truth")
    print_synth(made, Console(highlight=False))
    sys.stdout.write(f"The simulated run is at {out}\n")


def write_card(card: Explained, html: Path | None) -> None:
    """Write a card to the terminal, or as a page.

    Raises:
        BadInput: If the file cannot be written.
    """
    if html is None:
        print_card(card, Console(highlight=False))
        return
    write_file(html, card_html(card), "--html")
    sys.stdout.write(f"The page is at {html}\n")


def write_citation(found: Citation, *, json: str | None, bibtex: str | None) -> None:
    """Write a citation as JSON and BibTeX where asked for (``-`` is standard output), else to the terminal.

    Raises:
        BadInput: If a file cannot be written.
    """
    if json is None and bibtex is None:
        print_citation(found, Console(highlight=False))
    for name, option, made in ((json, "--json", to_json), (bibtex, "--bibtex", to_bibtex)):
        if name == "-":
            sys.stdout.write(made(found))
        elif name is not None:
            write_text(Path(name), made(found), option)


def write_text(path: Path, text: str, option: str) -> None:
    """Write a file that was asked for by an option.

    Raises:
        BadInput: If it cannot be written.
    """
    write_file(path, text, option)
    sys.stdout.write(f"{option.removeprefix('--')}: {path}\n")
