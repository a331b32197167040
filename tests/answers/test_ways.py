"""How something forms, what a mass could be, and what a card says."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from ringside.answers.ask import ask_paths, ask_what_is
from ringside.answers.explain import explain
from ringside.answers.report import to_plain
from ringside.cli.main import app
from ringside.errors import BadInput
from ringside.knowledge.load import load
from ringside.record.jsontext import to_json
from ringside.render.card import card_html
from ringside.render.html import to_html

EXAMPLES = Path(__file__).parents[2] / "examples"
BENZYLATION = EXAMPLES / "benzylation.toml"
DIBENZYL = "c1ccc(CN2CCCN(Cc3ccccc3)CC2)cc1"


def test_a_way_is_told_step_by_step_from_what_was_charged():
    (way,) = ask_paths(BENZYLATION, DIBENZYL).pathways
    assert [s.rule for s in way.steps] == ["amine-alkylation", "amine-alkylation"]
    assert way.steps[0].products == ("Br", "c1ccc(CN2CCCNCC2)cc1")
    assert way.steps[1].turnover < way.steps[0].turnover
    assert not way.obstacles
    assert 0 < way.amount.median < 1


def test_a_species_is_known_by_smiles_label_id_and_name():
    report = ask_paths(BENZYLATION, "target")
    target = report.case.target
    by_id = next(s.id for s in report.species if s.smiles == target)
    for name in (target, by_id, "C(c1ccccc1)N1CCNCCC1"):
        assert ask_paths(BENZYLATION, name).pathways[0].smiles == target
    charged = ask_paths(BENZYLATION, "Benzyl bromide")
    assert charged.pathways[0].steps == ()
    assert charged.verdict.endswith("was charged.")
    with pytest.raises(BadInput, match="neither a species of the flask nor a SMILES"):
        ask_paths(BENZYLATION, "the brown oil")


def test_what_a_shut_gate_keeps_out_is_told_with_the_condition_it_needs(tmp_path):
    text = (EXAMPLES / "piperazine-coupling.toml").read_text(encoding="utf-8")
    catalyst = next(block for block in text.split("\n\n") if 'role   = "catalyst"' in block)
    case = tmp_path / "no-metal.toml"
    case.write_text(text.replace(catalyst, ""), encoding="utf-8")
    report = ask_paths(case, "target")
    (way,) = report.pathways
    assert way.steps[-1].rule == "catalytic-amination"
    assert "needs palladium, copper or nickel" in way.obstacles[0]
    assert any("metal catalyst couples" in n.what for n in report.not_enumerated)


def test_a_mass_is_read_as_what_is_in_the_flask_first():
    report = ask_what_is(BENZYLATION, mz="281.2012")
    first, second = report.explanations[:2]
    assert first.pathway.smiles == DIBENZYL
    assert first.ion == "[M+H]+"
    assert abs(first.error) < 10
    assert second.pathway.label.startswith("quaternary ammonium")
    assert first.cost < second.cost


def test_a_bystander_explains_a_mass_and_is_named():
    report = ask_what_is(BENZYLATION, difference="12.000", reference="homopiperazine")
    best = report.explanations[0]
    assert best.pathway.smiles == "C1CN2CCN(C1)C2"
    assert [s.rule for s in best.pathway.steps] == ["hemiaminal", "bridged-aminal"]
    assert "formaldehyde" in best.pathway.obstacles[0]


def test_no_explanation_is_an_answer():
    report = ask_what_is(BENZYLATION, mz="222.222", steps=2)
    assert report.explanations == ()
    assert "No explanation" in report.verdict
    run = CliRunner().invoke(app, ["what-is", str(BENZYLATION), "--mz", "222.222", "--steps", "1"])
    assert run.exit_code == 0
    assert "No explanation" in run.output


def test_the_window_is_half_the_last_digit_unless_told():
    assert ask_what_is(BENZYLATION, mz="281", steps=0).explanations
    assert ask_what_is(BENZYLATION, mz="281.000", steps=0).explanations == ()
    assert ask_what_is(BENZYLATION, mz="281.000", tolerance=0.3, steps=0).explanations


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({}, "--mz"),
        ({"mz": "1", "difference": "2"}, "--mz"),
        ({"mz": "many"}, "--mz"),
        ({"mz": "-5"}, "--mz"),
        ({"difference": "1.0", "reference": "nobody knows"}, "SPECIES"),
        ({"mz": "100", "steps": 9}, "--steps"),
        ({"mz": "100", "tolerance": 50.0}, "--within"),
    ],
)
def test_a_question_that_makes_no_sense_names_its_field(asked, field):
    with pytest.raises(BadInput) as fault:
        ask_what_is(BENZYLATION, **asked)
    assert fault.value.complaints[0].field == field


def test_the_same_question_gives_the_same_bytes():
    first, second = (to_json(to_plain(ask_what_is(BENZYLATION, mz="113.107"))) for _ in range(2))
    assert first == second


def test_every_card_can_be_explained_and_drawn():
    known = load()
    kinds = {"rule": known.rules, "cause": known.causes, "remedy": known.remedies, "test": known.tests}
    for kind, card in ((kind, card) for kind, cards in kinds.items() for card in cards):
        told = explain(f"{kind}/{card.id}")
        assert told.title == card.title
        assert told.sources
        page = card_html(told)
        assert page.count("<svg") >= len(told.examples)
    for rule in known.rules:
        assert all(e.mapped is not None for e in explain(rule.id).examples), rule.id


def test_a_rule_comes_before_a_cause_of_the_same_id():
    assert explain("bridged-aminal").kind == "rule"
    assert explain("cause/bridged-aminal").kind == "cause"


def test_a_card_that_does_not_exist_is_answered_with_the_nearest():
    with pytest.raises(BadInput) as fault:
        explain("bridged-aminol")
    assert "bridged-aminal" in fault.value.complaints[0].limit


def test_ways_and_readings_are_drawn_on_the_page():
    way = to_html(ask_paths(BENZYLATION, DIBENZYL))
    assert "How " in way
    assert way.count("amine-alkylation") >= 2
    readings = to_html(ask_what_is(BENZYLATION, mz="281.2012"))
    assert "Readings, likeliest first" in readings
    assert "[M+H]+" in readings
