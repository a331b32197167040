"""A plan, its screen, and what is learned from it, on a whole flask."""

import csv
import json

import pytest
from typer.testing import CliRunner

from ringside.answers.ask import ask_learn, ask_plan
from ringside.answers.flow import DRAWS, simulator
from ringside.answers.tools import case_tools, toolbox_of
from ringside.case.nouns import Patch
from ringside.case.read import patch_case, read_case
from ringside.cli.main import app
from ringside.errors import BadInput, NoAnswer
from ringside.knowledge.load import load
from ringside.remedy.search import Limits

TEXT = """
title = "mono-benzylation"
target = "C1CNCCN(C1)Cc1ccccc1"
scale = "10 mmol"
charge = [
  { name = "homopiperazine", role = "substrate", amount = "1.0 equiv" },
  { name = "benzyl bromide", role = "substrate", amount = "1.1 equiv" },
  { name = "triethylamine", role = "base", amount = "1.5 equiv" },
  { name = "acetonitrile", role = "solvent", amount = "50 mL" },
]
conditions = { temperature = "25 degC", time = "16 h", atmosphere = "N2" }
workup = { quench = "sat. NaHCO3", extract = [{ solvent = "dichloromethane", volume = "20 mL", times = 3 }] }
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("plan")
    (path / "case.toml").write_text(TEXT, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def planned(folder):
    return ask_plan(folder / "case.toml", Limits(), 4, folder / "screen.csv")


def named(plan, name):
    return next(p for p in plan.points if p.id == name)


def test_excess_diamine_is_found_for_a_mono_alkylation(planned):
    best = named(planned.plan, planned.plan.best)
    assert "excess-diamine" in best.id
    assert best.yield_.median > planned.plan.written.yield_.median + 0.2
    assert planned.plan.tried > 20


def test_no_recipe_shown_is_beaten_by_another(planned):
    points = planned.plan.points
    for p in points:
        assert not any(
            q.yield_.median > p.yield_.median + 0.03
            and q.purity.median > p.purity.median + 0.03
            and q.bill.effort < 0.9 * p.bill.effort
            for q in points
        )


def test_a_patch_applied_to_the_case_predicts_what_was_promised(planned, folder):
    known = load()
    case = read_case(folder / "case.toml", case_tools(known))
    best = next(p for p in planned.plan.points if p.change.patch and not p.bill.steps)
    patches = [Patch(c.path, c.from_, c.to) for c in best.change.patch]
    world = toolbox_of(simulator(known), known, []).run(patch_case(case, patches, case_tools(known)), DRAWS)
    assert float(best.predicted.median) == pytest.approx(float(sorted(world.target_yield())[DRAWS // 2]), abs=0.02)


def test_the_protected_route_stands_beside_the_direct_one(planned):
    direct, protected = planned.plan.routes
    assert direct.bill.steps == 0 and protected.bill.steps == 2
    assert protected.bill.time_h > direct.bill.time_h


def test_limits_are_kept(folder):
    plan = ask_plan(folder / "case.toml", Limits(volume=0.08, hours=17.0, without=frozenset({"n-boc-homopiperazine"})), 2).plan  # fmt: skip
    assert all(p.bill.volume_mL <= 80.0 and p.bill.time_h <= 17.0 for p in plan.points)
    assert not any("Boc" in str(c.to) for p in plan.points for c in p.change.patch)
    with pytest.raises(NoAnswer, match="limits"):
        ask_plan(folder / "case.toml", Limits(hours=0.01), 2)


def test_results_of_a_screen_sharpen_what_is_expected(planned, folder):
    with (folder / "screen.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert rows and set(rows[0]) == {"run", "change", "patch", "yield [%]", "conversion [%]"}
    rows[0]["yield [%]"], rows[0]["conversion [%]"] = "55", "99 %"
    with (folder / "done.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    report = ask_learn(folder / "case.toml", folder / "done.csv", folder / "known")
    assert report.fit.points == 2 and report.fit.runs == 1
    assert report.fit.misfit_after <= report.fit.misfit_before
    assert (folder / "known" / "data" / "fitted.csv").exists()
    again = ask_plan(folder / "case.toml", Limits(), 4, knowledge=folder / "known").plan
    before, after = (p.written.yield_.high - p.written.yield_.low for p in (planned.plan, again))
    assert after < before


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("run,yield [%]\n1,50\n", "screen file"),
        ("run,change,patch,yield [%]\n1,x,[],\n", "no run has a result"),
        ('run,change,patch,yield [%]\n1,x,"[{""path"": ""charge[gold].amount""}]",50\n', "leads nowhere"),
        ("run,change,patch,yield [%]\n1,x,nonsense,50\n", "patch of this run"),
        ("run,change,patch,yield [%]\n1,x,[],much\n", "row 2"),
    ],
)
def test_a_screen_file_that_cannot_be_used_is_refused(text, says, folder):
    path = folder / "bad.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput, match=says):
        ask_learn(folder / "case.toml", path, None)


def test_a_target_without_a_way_to_it_has_no_plan(folder):
    path = folder / "lost.toml"
    path.write_text(TEXT.replace('target = "C1CNCCN(C1)Cc1ccccc1"', 'target = "c1ccc2[nH]ccc2c1"'), encoding="utf-8")
    with pytest.raises(NoAnswer, match="nothing to optimise"):
        ask_plan(path, Limits(), 2)


def test_the_command_writes_the_plan_as_json_and_the_page_draws_it(folder):
    out, page = folder / "plan.json", folder / "plan.html"
    run = CliRunner().invoke(app, ["plan", str(folder / "case.toml"), "--max-time", "24 h", "--runs", "2", "--json", str(out), "--html", str(page)])  # fmt: skip
    assert run.exit_code == 0, run.output
    plan = json.loads(out.read_text(encoding="utf-8"))["plan"]
    assert {"points", "best", "robust", "flatness", "routes", "decided", "screen"} <= set(plan)
    assert {"yield", "purity", "predicted", "bill", "change"} <= set(plan["points"][0])
    assert "Yield against effort" in page.read_text(encoding="utf-8")
    bad = CliRunner().invoke(app, ["plan", str(folder / "case.toml"), "--max-time", "24"])
    assert bad.exit_code != 0
