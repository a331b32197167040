"""A case with one field varied, or two."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from ringside.answers.ask import ask, ask_sweep
from ringside.cli.main import app
from ringside.errors import BadInput
from ringside.render.html import to_html

BENZYLATION = Path(__file__).parents[2] / "examples" / "benzylation.toml"
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


def medians(entry, k=0):
    return [p.amounts[k].median for p in entry.points]


@pytest.fixture
def ring(tmp_path):
    path = tmp_path / "ring.toml"
    path.write_text(RING, encoding="utf-8")
    return path


def test_more_diamine_gives_more_mono_and_less_bis():
    entry = ask_sweep(BENZYLATION, ["homopiperazine=1..8 equiv:4"]).sweep
    assert medians(entry) == sorted(medians(entry))
    bis = entry.labels.index("over-alkylated: N,N'-dibenzyl")
    assert medians(entry, bis) == sorted(medians(entry, bis), reverse=True)
    assert entry.points[-1].better == 1.0


def test_how_slowly_the_halide_is_added_changes_no_selectivity():
    report = ask_sweep(BENZYLATION, ["add_over=0..8 h:3"])
    assert max(medians(report.sweep)) - min(medians(report.sweep)) < 0.01
    assert "less than 1 %" in report.verdict


def test_dilution_favours_the_ring_over_chains(ring):
    entry = ask_sweep(ring, ["concentration=0.005..0.5 M:4"]).sweep
    assert entry.logarithmic == (True,)
    assert medians(entry) == sorted(medians(entry), reverse=True)
    chains = entry.labels.index("longer chains and rings")
    assert medians(entry, chains) == sorted(medians(entry, chains))


def test_a_point_is_what_its_patched_case_predicts(tmp_path):
    point = ask_sweep(BENZYLATION, ["temperature=40..60 degC:2"]).sweep.points[0]
    (patch,) = point.patch
    assert (patch.path, patch.from_, patch.to) == ("conditions.temperature", "25 degC", "40 degC")
    path = tmp_path / "patched.toml"
    path.write_text(BENZYLATION.read_text(encoding="utf-8").replace("25 degC", "40 degC"), encoding="utf-8")
    target = next(s for s in ask("predict", path).species if s.role == "product")
    assert target.amount == point.amounts[0]


def test_the_concentration_of_a_point_is_that_of_its_flask(ring):
    entry = ask_sweep(ring, ["concentration=0.01..0.05 M:2"]).sweep
    more = {p.path: p.to for p in entry.points[0].patch}
    assert float(more["charge[acetonitrile].amount"].split()[0]) == pytest.approx(100, abs=1)


def test_two_fields_make_a_map():
    entry = ask_sweep(BENZYLATION, ["temperature=0..60 degC:2", "time=3..24 h:3"]).sweep
    assert [p.numbers for p in entry.points] == [(0, 3), (0, 13.5), (0, 24), (60, 3), (60, 13.5), (60, 24)]
    page = to_html(ask_sweep(BENZYLATION, ["temperature=0..60 degC:2", "time=3..24 h:3"]))
    assert 'aria-label="target against conditions.temperature and conditions.time"' in page


@pytest.mark.parametrize(
    ("vary", "said"),
    [
        ("concentration", "no range"),
        ("pressure=1..2 bar", "no such field"),
        ("time=5..2 h", "must rise"),
        ("concentration=0.1..90 M", "cannot have this concentration"),
        ("concentration=1..2 g", "unit"),
        ("temperature=20..80 kg", "temperature"),
    ],
)
def test_a_range_that_cannot_be_used_is_refused_with_what_would_do(vary, said):
    with pytest.raises(BadInput, match=said):
        ask_sweep(BENZYLATION, [vary])


def test_the_command_prints_a_line_for_each_point():
    shown = CliRunner().invoke(app, ["predict", str(BENZYLATION), "--vary", "homopiperazine=1..4 equiv:3"])
    assert shown.exit_code == 0
    assert all(f"{n} equiv" in shown.output for n in ("1", "2.5", "4"))
    assert "as written" in shown.output
