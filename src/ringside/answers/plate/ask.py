"""The question about a plate, from files."""

from __future__ import annotations

from pathlib import Path

from ringside.answers.plate.nouns import PlateReport
from ringside.answers.plate.report import Step, Tell, plate
from ringside.case.read import CaseTools, read_case
from ringside.knowledge.load import load


def ask_plate(
    platemap: Path,
    data: Path,
    case: Path | None,
    knowledge: Path | None = None,
    *,
    resume: Path | None = None,
    step: Step = lambda _done, _of: None,
    tell: Tell = lambda _text: None,
) -> PlateReport:
    """Name the peaks of every well of a plate (see ``answers.plate.report.plate``)."""
    known = load(knowledge, cards=case is not None)
    template = read_case(case, CaseTools(known.unknowns)) if case is not None else None
    return plate(platemap, data, known, template, resume=resume, step=step, tell=tell)
