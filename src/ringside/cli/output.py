"""Where a report goes."""

from __future__ import annotations

import sys
from pathlib import Path

from rich.console import Console

from ringside.answers.explain import Explained
from ringside.answers.plate import PlateReport
from ringside.answers.report import Report, to_plain
from ringside.errors import bad_input
from ringside.record.jsontext import to_json
from ringside.render.card import card_html, print_card
from ringside.render.html import to_html
from ringside.render.plate import plate_csv, plate_html, print_plate
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
        _write(Path(json), to_json(to_plain(report)), "--json")
    if html is not None:
        _write(html, to_html(report), "--html")
    if json is None:
        print_report(report, Console(highlight=False))
        if html is not None:
            sys.stdout.write(f"The page is at {html}\n")


def write_plate(report: PlateReport, *, json: str | None, html: Path | None, csv: Path | None) -> None:
    """Write the forms of a plate that were asked for.

    Raises:
        BadInput: If a file cannot be written.
    """
    if json == "-":
        sys.stdout.write(to_json(to_plain(report)))
    elif json is not None:
        _write(Path(json), to_json(to_plain(report)), "--json")
    if html is not None:
        _write(html, plate_html(report), "--html")
    if csv is not None:
        _write(csv, plate_csv(report), "--csv")
    if json is None:
        print_plate(report, Console(highlight=False))


def write_card(card: Explained, html: Path | None) -> None:
    """Write a card to the terminal, or as a page.

    Raises:
        BadInput: If the file cannot be written.
    """
    if html is None:
        print_card(card, Console(highlight=False))
        return
    _write(html, card_html(card), "--html")
    sys.stdout.write(f"The page is at {html}\n")


def write_text(path: Path, text: str, option: str) -> None:
    """Write a file that was asked for by an option.

    Raises:
        BadInput: If it cannot be written.
    """
    _write(path, text, option)
    sys.stdout.write(f"{option.removeprefix('--')}: {path}\n")


def _write(path: Path, text: str, option: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise bad_input(
            "cannot-write",
            f"the report cannot be written: {error.strerror}",
            file=str(path),
            field=option,
            next_step="name a file in a folder that you may write to",
        ) from error
