"""A simulated file of a case: from the recipe to the file, and back through assignment."""

import json

import pytest
from typer.testing import CliRunner

from ringside.answers.ask import ask, ask_synth
from ringside.answers.synth import SynthOrder
from ringside.cli.main import app
from ringside.errors import BadInput
from ringside.evidence.simulated import MARK

TARGET = "c1ccc(CN2CCCNCC2)cc1"


@pytest.fixture
def case(examples):
    return examples / "benzylation.toml"


def test_the_target_of_the_file_is_read_back_and_the_answer_says_that_it_is_simulated(case, tmp_path):
    out, truth = tmp_path / "crude.mzML", tmp_path / "truth.json"
    done = CliRunner().invoke(app, ["synth", str(case), "--out", str(out), "--truth", str(truth)])
    assert done.exit_code == 0, done.output
    assert MARK in done.output.casefold().replace("ringside", "Ringside")
    peaks = {p["species"]: p for p in json.loads(truth.read_text(encoding="utf-8"))["peaks"]}
    own = tmp_path / "case.toml"
    own.write_text(case.read_text(encoding="utf-8") + '\n[observed]\nlcms = "crude.mzML"\n', encoding="utf-8")
    report = ask("assign", own)
    assert any(MARK in w.text for w in report.warnings)
    entries = {s.id: s.smiles for s in report.species}
    near = [a for a in report.assignments if abs(60.0 * a.rt_min - peaks[TARGET]["rt"]) < 3.0]
    assert [entries.get(a.candidates[0].species) for a in near] == [TARGET]


def test_the_sample_holds_the_medians_of_the_case(case):
    truth = ask_synth(case, SynthOrder()).truth
    report = ask("predict", case)
    amount = next(s.in_sample.median for s in report.species if s.smiles == TARGET)
    assert next(p.amount for p in truth.peaks if p.species == TARGET) == pytest.approx(amount, rel=1e-3)


def test_a_draw_is_another_sample(case):
    amounts = [
        next(p.amount for p in ask_synth(case, SynthOrder(draw=n)).truth.peaks if p.species == TARGET) for n in (2, 3)
    ]
    assert amounts[0] != amounts[1]


def test_unknowns_are_marked_and_nobody_predicts_them(case):
    made = ask_synth(case, SynthOrder(unknowns=6))
    unknown = [p.species for p in made.truth.peaks if p.is_unknown]
    assert len(unknown) == 6
    predicted = {p.species for p in ask_synth(case, SynthOrder()).truth.peaks}
    assert predicted.isdisjoint(unknown)
    assert predicted | set(unknown) == {p.species for p in made.truth.peaks}


def test_a_dilution_shows_less_of_the_same(case):
    whole, less = (ask_synth(case, SynthOrder(load=x)).truth for x in (1.0, 0.1))
    assert [p.species for p in whole.peaks] == [p.species for p in less.peaks]
    for a, b in zip(whole.peaks, less.peaks, strict=True):
        assert b.uv_area == pytest.approx(0.1 * a.uv_area)


def test_a_blank_has_no_peak(case):
    assert ask_synth(case, SynthOrder(blank=True)).truth.peaks == ()


@pytest.mark.parametrize(
    ("order", "field"),
    [
        (SynthOrder(load=0.0), "--load"),
        (SynthOrder(load=float("nan")), "--load"),
        (SynthOrder(load=1e9), "--load"),
        (SynthOrder(resolution="profile"), "--resolution"),
        (SynthOrder(draw=0), "--draw"),
        (SynthOrder(unknowns=10_000), "--unknowns"),
        (SynthOrder(seed=-1), "--seed"),
    ],
)
def test_an_order_that_cannot_be_met_is_refused_with_its_limit(case, order, field):
    with pytest.raises(BadInput) as refused:
        ask_synth(case, order)
    complaint = refused.value.complaints[0]
    assert complaint.field == field
    assert complaint.limit
