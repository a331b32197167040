"""Rates fitted to time courses and end points of a case."""

from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from ringside.answers.ask import ask, ask_fit
from ringside.answers.fit import fitted
from ringside.answers.measured import Model, measured_runs
from ringside.answers.tools import case_tools
from ringside.case.read import read_case
from ringside.cli.main import app
from ringside.errors import BadInput
from ringside.evidence.course import read_course
from ringside.knowledge.load import load
from ringside.render.html import to_html

BENZYLATION = Path(__file__).parents[2] / "examples" / "benzylation.toml"
HEAD = "time [h],homopiperazine [%],target [%],benzyl bromide [%]"
HOURS = (0.5, 1.0, 1.5, 2.0, 3.0, 16.0)


def write(folder, *rows, head=HEAD, name="data.csv"):
    path = folder / name
    path.write_text("\n".join((head, *rows)) + "\n", encoding="utf-8")
    return path


def template(folder):
    return write(folder, *(f"{h},1,1,1" for h in HOURS), name="template.csv")


def truth(folder, turn):
    """Write what a flask with other rates would give, with noise; return the file, the model and its true deviates."""
    known = load()
    case = read_case(BENZYLATION, case_tools(known))
    model = Model(measured_runs(case, read_course(template(folder)), "", known), known)
    generator = np.random.default_rng(turn)
    z = generator.normal(0.0, 0.8, (1, len(model.keys)))
    values = model.table(z, model.keys)[0][0].reshape(len(HOURS), 3)
    noisy = np.maximum(values + generator.normal(0.0, 1.0, values.shape) * np.hypot(0.01, 0.05 * values), 0.0)
    rows = [f"{h}," + ",".join(f"{100 * v:.3f}" for v in row) for h, row in zip(HOURS, noisy, strict=True)]
    return write(folder, *rows, name=f"truth{turn}.csv"), model, dict(zip(model.keys, z[0], strict=True))


def test_true_rates_lie_in_the_intervals_as_often_as_they_should(tmp_path):
    inside, total, narrower = 0, 0, []
    for turn in range(5):
        path, model, z = truth(tmp_path, turn)
        entry = ask_fit(BENZYLATION, path, None).fit
        laws = {law.reaction: law for law in model.laws}
        for r in entry.rates:
            if r.told != "measured":
                continue
            law = laws[r.reaction]
            true = sum(t.value + t.sd * z.get(t.key, 0.0) for t in law.terms)
            inside += r.after.low <= true <= r.after.high
            total += 1
            narrower.append(r.kept)
    assert total >= 8
    assert inside / total >= 0.7
    assert np.median(narrower) < 0.4


@pytest.fixture(scope="module")
def learned(tmp_path_factory):
    folder = tmp_path_factory.mktemp("learned")
    path, _, _ = truth(folder, 1)
    report = ask_fit(BENZYLATION, path, folder / "own")
    return report, folder / "own", path


def test_later_answers_use_what_was_learned(learned):
    report, own, _ = learned
    before, after = ask("predict", BENZYLATION), ask("predict", BENZYLATION, own)
    old, new = (next(s for s in r.species if s.role == "product").amount for r in (before, after))
    assert new.high - new.low < 0.6 * (old.high - old.low)
    seen = [p for p in report.fit.measured if p.what == "target"][-1].observed
    assert new.low - 0.05 < seen < new.high + 0.05
    assert after.species == report.species


def test_the_rates_shown_later_are_those_of_the_fit(learned):
    report, own, _ = learned
    later = {e.reaction: e for e in ask("rate", BENZYLATION, own).rates}
    first = report.fit.rates[0]
    entry = later[first.reaction]
    assert entry.log10_k.median == pytest.approx(first.after.median, abs=0.02)
    assert entry.log10_k.high - entry.log10_k.low == pytest.approx(first.after.high - first.after.low, rel=0.1)
    assert any("fitted to truth1.csv" in part.text for part in entry.parts)


def test_the_same_data_twice_narrow_further(learned):
    _, own, path = learned
    once, twice = (load(own).learned, fitted(read_case(BENZYLATION, case_tools(load(own))), load(own), path)[1])
    assert set(once.keys) <= set(twice.keys)
    assert np.trace(twice.covariance) < np.trace(once.covariance)


def test_a_fit_is_the_same_byte_for_byte(learned, tmp_path):
    _, own, path = learned
    ask_fit(BENZYLATION, path, tmp_path / "again")
    assert (tmp_path / "again" / "data" / "fitted.csv").read_bytes() == (own / "data" / "fitted.csv").read_bytes()


def test_areas_are_fitted_by_their_ratios_and_so_do_not_need_a_scale(tmp_path):
    head = 'time [min],target [area],"over-alkylated: N,N\'-dibenzyl [area]"'
    small = write(tmp_path, "60,100,20", "240,150,60", head=head, name="a.csv")
    large = write(tmp_path, "60,1000,200", "240,1500,600", head=head, name="b.csv")
    a, b = (ask_fit(BENZYLATION, p, None).fit for p in (small, large))
    assert a.rates == b.rates
    assert a.points == 2
    assert all(p.unit == "area share" for p in a.measured)


def test_a_yield_and_a_conversion_in_the_case_file_are_enough(tmp_path):
    path = tmp_path / "case.toml"
    path.write_text(
        BENZYLATION.read_text(encoding="utf-8") + '\n[observed]\nisolated_yield = "60 %"\nconversion = "85 %"\n',
        encoding="utf-8",
    )
    entry = ask_fit(path, None, None).fit
    assert entry.points == 2
    assert entry.misfit_after < entry.misfit_before
    assert entry.measured == ()


def test_constants_that_only_appear_together_are_said_to_be_tied_or_untold(learned):
    report, _, _ = learned
    assert {r.told for r in report.fit.rates} <= {"measured", "narrowed", "not told by these data"}
    assert any(r.told != "measured" for r in report.fit.rates)
    assert report.fit.rates[0].data_alone.low is not None


def test_a_limit_pulls_only_from_one_side(tmp_path):
    met = write(tmp_path, "16,<90", head="time [h],target [%]", name="met.csv")
    entry = ask_fit(BENZYLATION, met, None).fit
    assert entry.misfit_before == entry.misfit_after == 0.0


@pytest.mark.parametrize(
    ("head", "row", "says"),
    [
        ("time [h],target [stone]", "1,2", "unit"),
        ("time [h],unobtainium [%]", "1,2", "neither a species"),
        ("time [h],target [%]", "1,lots", "no amount"),
        ("time [h],target [%]", "1,-3", "negative"),
        ("time [h],target [%]", "99,3", "after the end"),
        ("time [h],run,target [%]", "1,4,3", "no round"),
        ("time,target [%]", "1,3", "no time"),
        ("time [h],O=C1CCCCC1 [%]", "1,3", "does not form"),
        ("time [h]", "1", "no column"),
    ],
)
def test_a_table_that_does_not_fit_is_refused_with_the_reason(tmp_path, head, row, says):
    with pytest.raises(BadInput, match=says):
        ask_fit(BENZYLATION, write(tmp_path, row, head=head), None)


def test_a_case_without_measurements_is_refused():
    with pytest.raises(BadInput, match="nothing to fit"):
        ask_fit(BENZYLATION, None, None)


def test_the_command_prints_constants_and_keeps_them(tmp_path):
    path = write(tmp_path, "0.5,88,11,4", "1,72,21,4", "2,45,38,6", "16,34,44,0.5")
    run = CliRunner().invoke(app, ["fit", str(BENZYLATION), str(path), "--out", str(tmp_path / "own")])
    assert run.exit_code == 0, run.output
    assert "with the data" in run.output
    assert (tmp_path / "own" / "data" / "fitted.csv").exists()


def test_the_page_shows_points_and_both_lines(learned):
    page = to_html(learned[0])
    assert page.count("<circle") == 3 * len(HOURS)
    assert "stroke-dasharray" in page
    assert "profile likelihood" in page
