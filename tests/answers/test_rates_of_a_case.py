"""Which rates an answer was made with, and what it hangs on."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from ringside.answers.ask import ask
from ringside.cli.main import app
from ringside.render.html import to_html

EXAMPLES = Path(__file__).parents[2] / "examples"

RING = """
title = "a ring or chains"
target = "CN1CCCN(C)CC1"
scale = "1 mmol"
charge = [
  { name = "N,N'-dimethylethylenediamine", smiles = "CNCCNC", role = "substrate", amount = "1.0 equiv" },
  { name = "1,3-dibromopropane", role = "substrate", amount = "1.0 equiv" },
  { name = "triethylamine", role = "base", amount = "3 equiv" },
  { name = "acetonitrile", role = "solvent", amount = "20 mL" },
]
conditions = { temperature = "60 degC", time = "24 h", atmosphere = "N2" }
"""


@pytest.fixture(scope="module")
def benzylation():
    return ask("rate", EXAMPLES / "benzylation.toml")


def test_each_constant_is_the_sum_of_its_parts_at_room_temperature(benzylation):
    for e in benzylation.rates:
        assert e.log10_k.median == pytest.approx(sum(p.value for p in e.parts), abs=1e-9)
        assert e.log10_k.low < e.log10_k.median < e.log10_k.high


def test_the_busiest_reaction_comes_first_and_makes_the_target(benzylation):
    first = benzylation.rates[0]
    assert "target" in first.equation.split("→")[1]
    assert [e.turnover for e in benzylation.rates] == sorted((e.turnover for e in benzylation.rates), reverse=True)


def test_every_part_names_a_source_that_the_report_lists(benzylation):
    listed = {s.key for s in benzylation.sources}
    assert {p.source.split(":")[0] for e in benzylation.rates for p in e.parts} <= listed


def test_mono_against_bis_turns_on_both_steps_in_opposite_directions(benzylation):
    signs = {e.text.split("→")[1].strip(): e.sign for e in benzylation.turns_on if e.key.startswith("site:")}
    assert signs["hydrogen bromide + target"] == 1
    assert signs["hydrogen bromide + over-alkylated: N,N'-dibenzyl"] == -1


def test_a_ring_against_chains_turns_on_the_effective_molarity(tmp_path):
    path = tmp_path / "ring.toml"
    path.write_text(
        RING.replace("60 degC", "25 degC").replace("24 h", "3 h").replace("20 mL", "5 mL"), encoding="utf-8"
    )
    report = ask("rate", path)
    best = report.turns_on[0]
    assert best.key.startswith("em:")
    assert best.sign == 1
    assert "two concentrations" in report.verdict


def test_a_rate_beyond_the_temperatures_it_is_meant_for_is_marked(tmp_path):
    path = tmp_path / "hot.toml"
    path.write_text(RING.replace("60 degC", "150 degC"), encoding="utf-8")
    marked = [e for e in ask("rate", path).rates if e.rule == "amine-alkylation"]
    assert marked
    assert all("150 degC is outside 0 to 110 degC" in e.extrapolated for e in marked)


def test_an_open_field_of_the_recipe_is_named_where_the_yield_turns_on_it():
    report = ask("rate", EXAMPLES / "sulfonylation.toml")
    assert any(e.kind == "recipe" and "homopiperazine" in e.text for e in report.turns_on)


def test_the_page_and_the_terminal_show_constants_with_intervals(benzylation):
    assert "Rate constants at 25 °C" in to_html(benzylation)
    shown = CliRunner().invoke(app, ["rate", str(EXAMPLES / "benzylation.toml")])
    assert shown.exit_code == 0
    assert "What the yield turns on" in shown.output
    assert "L/mol/s (" in shown.output


def test_the_fields_of_a_recipe_are_ranked_by_what_they_do_to_the_target():
    found = ask("rate", EXAMPLES / "benzylation.toml").levers
    assert found is not None
    fields = [e.field for e in found]
    assert fields[0] == "charge[benzyl bromide].amount"
    assert found[0].higher.median < 0 < found[0].lower.median
    feed = next(e for e in found if e.field == "charge[benzyl bromide].add_over")
    assert abs(feed.higher.median) < 0.01
    assert {"concentration", "conditions.time", "conditions.temperature"} <= set(fields)
