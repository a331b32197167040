"""One function per question."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf
from pathlib import Path

from ringside.answers.diagnose import diagnose
from ringside.answers.exchange import course_text, sbml_text
from ringside.answers.filler import leave_one_out
from ringside.answers.fit import fitted
from ringside.answers.learn import learn, screen_rows
from ringside.answers.pathways import paths
from ringside.answers.plan import plan_report
from ringside.answers.predict import assign_report, predict
from ringside.answers.rates import rates
from ringside.answers.report import Report
from ringside.answers.sweep import sweep
from ringside.answers.synth import Synthetic, SynthOrder, synth
from ringside.answers.tools import case_tools
from ringside.answers.whatis import what_is
from ringside.case.new import new_case
from ringside.case.read import read_case
from ringside.errors import BadKnowledge, bad_input
from ringside.kinetics.posterior import Posterior, posterior_rows
from ringside.knowledge.check import check
from ringside.knowledge.load import load
from ringside.record.tables import write_csv
from ringside.remedy.search import Limits
from ringside.units import parse_span

QUESTIONS = {"diagnose": diagnose, "predict": predict, "assign": assign_report, "rate": rates}


def ask(question: str, case: Path, knowledge: Path | None = None) -> Report:
    """Answer a question about a case file.

    Args:
        question: diagnose, predict, assign or rate.
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


def ask_sweep(case: Path, vary: Sequence[str], knowledge: Path | None = None) -> Report:
    """Answer what a case gives with one or two fields varied (see ``answers.sweep``)."""
    known = load(knowledge)
    return sweep(read_case(case, case_tools(known)), known, vary)


def ask_fit(case: Path, data: Path | None, out: Path | None, knowledge: Path | None = None) -> Report:
    """Fit the rates of a case to measurements (see ``answers.fit``) and keep what was learned in a folder of knowledge.

    Args:
        case: The case file.
        data: A table of amounts over time, or None for what the case file reports.
        out: The folder that gets ``data/fitted.csv``, or None to keep nothing.
        knowledge: A folder of own knowledge, or None.

    Raises:
        BadInput: If the folder cannot be written to, or as ``answers.fit.fitted``.
    """
    known = load(knowledge)
    report, posterior = fitted(read_case(case, case_tools(known)), known, data)
    _keep(posterior, out)
    return report


def ask_learn(case: Path, results: Path | None, out: Path | None, knowledge: Path | None = None) -> Report:
    """Take the results of a screen back (see ``answers.learn``) and keep what was learned, as ``ask_fit`` does."""
    known = load(knowledge)
    report, posterior = learn(read_case(case, case_tools(known)), results, known)
    _keep(posterior, out)
    return report


def _keep(posterior: Posterior, out: Path | None) -> None:
    if out is not None:
        write_csv(out / "data" / "fitted.csv", posterior_rows(posterior))


def ask_synth(case: Path, order: SynthOrder, knowledge: Path | None = None) -> Synthetic:
    """Return a simulated injection of the crude of a case (see ``answers.synth``)."""
    known = load(knowledge)
    return synth(read_case(case, case_tools(known)), known, order)


def ask_plan(
    case: Path, limits: Limits, runs: int, screen: Path | None = None, knowledge: Path | None = None
) -> Report:
    """Search over the recipe of a case (see ``answers.plan``); write the runs that would tell to ``screen``.

    Raises:
        BadInput: If ``screen`` cannot be written, or as ``answers.plan.plan_report``.
    """
    known = load(knowledge)
    report = plan_report(read_case(case, case_tools(known)), known, limits, runs)
    if screen is not None and report.plan is not None:
        write_csv(screen, screen_rows(report.plan))
    return report


def limits_of(volume: str | None, time: str | None, cost: float | None, without: Sequence[str]) -> Limits:
    """Return the limits of a plan from what a user writes.

    Raises:
        BadInput: If a quantity cannot be read or is not positive.
    """
    litres = _positive(volume, "volume", "--max-volume")
    seconds = _positive(time, "time", "--max-time")
    if cost is not None and cost <= 0.0:
        raise bad_input("out-of-range", "a cost is above 0", field="--max-cost", value=f"{cost:g}", limit="in EUR")
    return Limits(
        litres, seconds / 3600.0, inf if cost is None else cost, frozenset(name.casefold() for name in without)
    )


def _positive(text: str | None, dimension: str, field: str) -> float:
    found = parse_span(text, dimension, file="", field=field) if text is not None else None
    if found is None:
        return inf
    if found.mid <= 0.0:
        raise bad_input("out-of-range", "this must be above 0", field=field, value=str(text))
    return found.mid


def ask_exchange(form: str, case: Path, knowledge: Path | None = None) -> str:
    """Return a simulated case for other programs: ``sbml``, or its ``course`` as CSV."""
    known = load(knowledge)
    write = {"sbml": sbml_text, "course": course_text}[form]
    return write(read_case(case, case_tools(known)), known)


def ask_paths(case: Path, species: str, knowledge: Path | None = None) -> Report:
    """Answer how a species forms in a case (see ``answers.pathways``)."""
    known = load(knowledge)
    return paths(read_case(case, case_tools(known)), known, species)


def ask_what_is(
    case: Path,
    knowledge: Path | None = None,
    *,
    mz: str | None = None,
    difference: str | None = None,
    reference: str | None = None,
    tolerance: float | None = None,
    steps: int = 3,
) -> Report:
    """Answer what a mass could be (see ``answers.whatis``)."""
    known = load(knowledge)
    found = read_case(case, case_tools(known))
    return what_is(found, known, mz=mz, difference=difference, reference=reference, tolerance=tolerance, steps=steps)


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


def filler_text(folders: Sequence[Path], knowledge: Path | None = None) -> str:
    """Return the rules whose removal would change no answer, with how many do.

    Args:
        folders: Folders of case files.
        knowledge: A folder of own knowledge, or None.
    """
    found = leave_one_out([path for folder in folders for path in sorted(folder.glob("*.toml"))], knowledge)
    filler = [
        f"filler: {s.kind} {s.id}: no case needs it, and other rules give its examples" for s in found if not s.why
    ]
    kept = sum("turns over" in s.why for s in found)
    return "\n".join(
        [
            *filler,
            f"{len(found)} rules: {kept} act in a case, {len(found) - kept - len(filler)} are the only way of an example, {len(filler)} filler",
        ]
    )
