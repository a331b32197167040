from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from ringside.answers.diagnose import diagnose
from ringside.answers.rounds import differences, runs_of
from ringside.answers.tools import case_tools
from ringside.case.read import case_from_raw, read_case
from ringside.errors import BadInput
from ringside.knowledge.load import load
from ringside.render.html import to_html
from ringside.render.terminal import print_report

EXAMPLES = Path(__file__).parents[2] / "examples"
KNOWN = load(None)
LOW = {"isolated_yield": "15 %", "conversion": "45 %"}
FRESH = {
    "charge": [{"name": "benzyl bromide", "purity": "98 %"}],
    "observed": {"isolated_yield": "42 %", "conversion": "90 %"},
}
PLANNED = {"conditions": {"time": "24 h"}}


def case(*rounds):
    raw = dict(read_case(EXAMPLES / "benzylation.toml", case_tools(KNOWN)).raw) | {"observed": LOW}
    raw |= {"round": list(rounds)} if rounds else {}
    return case_from_raw(raw, case_tools(KNOWN), file="benzylation.toml", folder=EXAMPLES)


@pytest.fixture(scope="module")
def once():
    return diagnose(case(), KNOWN)


@pytest.fixture(scope="module")
def twice():
    return diagnose(case(FRESH, PLANNED), KNOWN)


def chance(report, cause):
    return sum(c.probability for c in report.causes if cause in (c.id, *c.members))


def test_what_a_round_changes_is_told_in_the_words_of_the_file():
    found = case(FRESH, PLANNED)
    assert [p.path for p in differences(found, found.rounds[0])] == ["charge[benzyl bromide].purity"]
    (patch,) = differences(found, found.rounds[1])
    assert (patch.path, patch.old, patch.new) == ("conditions.time", "16 h", "24 h")


def test_a_round_can_leave_a_charge_out():
    found = case({"charge": [{"name": "triethylamine", "omit": True}]})
    assert "triethylamine" not in {c.name for c in found.rounds[0].recipe.charges}
    (patch,) = differences(found, found.rounds[0])
    assert (patch.path, patch.new) == ("charge[-triethylamine]", None)


@pytest.mark.parametrize(
    ("charge", "field"),
    [
        ({"name": "caesium carbonate", "omit": True}, "round[1].charge[1].name"),
        ({"name": "triethylamine", "omit": "yes"}, "round[1].charge[1].omit"),
        ({"name": "triethylamine", "omit": True, "amount": "1 g"}, "round[1].charge[1].omit"),
    ],
)
def test_only_a_charge_that_is_there_is_left_out(charge, field):
    with pytest.raises(BadInput) as wrong:
        case({"charge": [charge]})
    assert wrong.value.complaints[0].field == field


def test_a_round_without_observations_is_no_run():
    assert [n for n, _ in runs_of(case(PLANNED, FRESH, PLANNED))] == [0, 2]


def test_one_run_has_no_rounds_to_tell_of(once):
    assert once.rounds is None


def test_a_round_not_yet_run_changes_nothing(once):
    planned = diagnose(case(PLANNED), KNOWN)
    assert planned.causes == once.causes
    assert planned.remedies == once.remedies
    assert planned.rounds[1].cause is None


def test_fresh_bromide_that_works_raises_the_old_bottle(once, twice):
    assert chance(twice, "low-titre-electrophile") > chance(once, "low-titre-electrophile")


def test_the_first_run_is_told_as_the_case_without_rounds(once, twice):
    first = twice.rounds[0]
    assert (first.cause, first.probability) == (once.causes[0].id, once.causes[0].probability)
    last = twice.rounds[1]
    assert (last.cause, last.probability) == (twice.causes[0].id, twice.causes[0].probability)
    assert "log odds" in last.why


def test_changes_start_from_the_newest_run(twice):
    patches = [p for r in twice.remedies for p in r.change.patch if p.path == "charge[benzyl bromide].purity"]
    assert all(p.from_ == "98 %" for p in patches)
    assert twice.observed.isolated_yield == "42 %"
    assert not any(w.code == "rounds" for w in twice.warnings)


def test_page_and_terminal_tell_the_runs(twice, once):
    console = Console(width=200, record=True, file=StringIO())
    print_report(twice, console)
    assert "Run by run" in console.export_text()
    assert "Run by run" in to_html(twice)
    assert "Run by run" not in to_html(once)
