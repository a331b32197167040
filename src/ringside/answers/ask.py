"""One function per question."""

from __future__ import annotations

from pathlib import Path

from ringside.answers.diagnose import diagnose
from ringside.answers.predict import assign_report, predict
from ringside.answers.report import Report
from ringside.answers.tools import case_tools
from ringside.case.new import new_case
from ringside.case.read import read_case
from ringside.errors import BadKnowledge, bad_input
from ringside.knowledge.check import check
from ringside.knowledge.load import load

QUESTIONS = {"diagnose": diagnose, "predict": predict, "assign": assign_report}


def ask(question: str, case: Path, knowledge: Path | None = None) -> Report:
    """Answer a question about a case file.

    Args:
        question: diagnose, predict or assign.
        case: The case file.
        knowledge: A folder of own knowledge, or None.

    Raises:
        BadInput: If the case cannot be used.
        BadKnowledge: If the knowledge base is unsound.
        NoAnswer: If the model cannot answer.
    """
    if question not in QUESTIONS:
        raise bad_input("no-such-question", "there is no such question", value=question, limit=", ".join(QUESTIONS))
    known = load(knowledge)
    return QUESTIONS[question](read_case(case, case_tools(known)), known)


def new_case_text(text: str, knowledge: Path | None = None) -> str:
    """Return a commented case file from a reaction SMILES."""
    known = load(knowledge)
    return new_case(text, known.catalogue, known.features)


def check_knowledge(knowledge: Path | None = None) -> str:
    """Return what was checked.

    Raises:
        BadKnowledge: With every complaint at once.
    """
    known = load(knowledge)
    complaints = check(known)
    if complaints:
        raise BadKnowledge(*complaints)
    reviewed = sum(c.status == "reviewed" for c in (*known.rules, *known.causes, *known.remedies))
    total = len(known.rules) + len(known.causes) + len(known.remedies)
    return (
        f"sound: {len(known.rules)} rules, {len(known.causes)} causes, {len(known.remedies)} remedies, {len(known.tests)} tests, "
        f"{len(known.catalogue.reagents)} reagents, {len(known.rates.families)} rate families, {len(known.sources)} sources; "
        f"{reviewed} of {total} cards reviewed"
    )
