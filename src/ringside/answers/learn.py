"""Results of a screen taken back: the runs become rounds of the case, and what they say of the rates is kept."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

from ringside.answers.fit import fitted
from ringside.answers.report import PlanEntry, Report
from ringside.answers.tools import case_tools
from ringside.case.nouns import Case, Patch
from ringside.case.read import case_from_raw, patch_case
from ringside.errors import BadInput, bad_input
from ringside.kinetics.posterior import Posterior
from ringside.knowledge.base import Knowledge
from ringside.record.tables import read_csv

HEAD = ("run", "change", "patch", "yield [%]", "conversion [%]")
MEASURED = {"yield [%]": "isolated_yield", "conversion [%]": "conversion"}


def screen_rows(entry: PlanEntry) -> tuple[tuple[str, ...], ...]:
    """Return the screen of a plan as a table to be filled in, its header first; empty where nothing needs to be run."""
    rows = [
        (
            str(n),
            run.change.text,
            json.dumps([{"path": p.path, "from": p.from_, "to": p.to} for p in run.change.patch], ensure_ascii=False),
            "",
            "",
        )
        for n, run in enumerate(entry.screen, start=1)
    ]
    return (HEAD, *rows)


def learn(case: Case, results: Path | None, knowledge: Knowledge) -> tuple[Report, Posterior]:
    """Fit the rates to the runs of a screen and to the rounds of the case file.

    Args:
        case: The case that was planned.
        results: The screen file of ``ringside plan``, with what was measured filled in; None for the rounds of the case alone.
        knowledge: Rules and rates; what was learned before is the prior.

    Returns:
        A report with ``fit``: each measured value beside what was expected before and what is expected now, and what was learned.

    Raises:
        BadInput: If the table is not such a file, nothing is filled in, or a value cannot be.
    """
    runs = _runs(case, results, knowledge) if results is not None else ()
    report, posterior = fitted(replace(case, rounds=(*case.rounds, *runs)), knowledge, None)
    return replace(report, question="learn", verdict=_verdict(report)), posterior


def _runs(case: Case, results: Path, knowledge: Knowledge) -> tuple[Case, ...]:
    rows = read_csv(results)
    if not rows or "patch" not in rows[0] or not set(rows[0]) & set(MEASURED):
        raise bad_input(
            "bad-screen",
            "this is no screen file",
            file=str(results),
            field="header",
            value=", ".join(rows[0]) if rows else "",
            limit=", ".join(HEAD),
            next_step="take the file that ringside plan CASE --screen FILE writes",
        )
    found: list[Case] = []
    for number, row in enumerate(rows, start=2):
        seen = {key: f"{row[column].rstrip('% ')} %" for column, key in MEASURED.items() if row.get(column, "").strip()}
        if seen:
            found.append(_run(case, row, seen, number, results, knowledge))
    if not found:
        raise bad_input(
            "nothing-measured",
            "no run has a result",
            file=str(results),
            field=", ".join(MEASURED),
            next_step="write what was measured into the rows of the runs that were made",
        )
    return tuple(found)


def _run(
    case: Case, row: Mapping[str, str], seen: Mapping[str, str], number: int, results: Path, knowledge: Knowledge
) -> Case:
    """Return one run: the case with its patch, and what was observed."""
    tools = case_tools(knowledge)
    try:
        patched = patch_case(case, _patches(row["patch"], number, results), tools)
        raw: dict[str, Any] = {k: v for k, v in patched.raw.items() if k not in {"observed", "round"}}
        return case_from_raw(
            raw | {"observed": dict(seen)}, tools, file=f"{results}, row {number}", folder=results.parent
        )
    except BadInput as fault:
        raise BadInput(
            *(replace(c, file=str(results), field=f"row {number}: {c.field}") for c in fault.complaints)
        ) from None


def _patches(text: str, number: int, results: Path) -> tuple[Patch, ...]:
    try:
        items = cast("Sequence[Mapping[str, Any]]", json.loads(text))
        return tuple(Patch(str(i["path"]), i.get("from"), i.get("to")) for i in items)
    except (ValueError, TypeError, KeyError, AttributeError):
        raise bad_input(
            "bad-patch",
            "the patch of this run cannot be read",
            file=str(results),
            field=f"row {number}, patch",
            value=text[:200],
            next_step="leave the column as ringside plan wrote it",
        ) from None


def _verdict(report: Report) -> str:
    entry = report.fit
    if entry is None:
        return report.verdict
    told = [r for r in entry.rates if r.kept < 0.7]
    return (
        f"{entry.points} results of {entry.runs} runs: misfit {entry.misfit_before:.2g} before, {entry.misfit_after:.2g} now (in errors). "
        f"{len(told)} of {len(entry.rates)} rate constants are now better known."
    )
