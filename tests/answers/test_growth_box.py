"""A network is grown for the whole box of a recipe's ranges."""

from pathlib import Path

import pytest

from ringside.answers.flow import corners, simulator
from ringside.answers.tools import case_tools
from ringside.case.nouns import Case
from ringside.case.read import read_case
from ringside.knowledge.load import load

TEXT = """
scale = "10 mmol"
title = "Boc diamine and a sluggish chloride"
[[charge]]
name = "N-Boc-piperazine"
role = "substrate"
amount = "1 equiv"
[[charge]]
smiles = "CC(C)CCl"
name = "isobutyl chloride"
role = "substrate"
amount = "1.2 equiv"
[[charge]]
name = "acetonitrile"
role = "solvent"
amount = "{volume}"
[conditions]
temperature = "{temperature}"
time = "{time}"
"""


TARGET = "CC(C)CN1CCN(C(=O)OC(C)(C)C)CC1"


def with_target(folder: Path, halide: str = "Cl", **values: str) -> Case:
    values = {"temperature": "80 degC", "time": "20 h", "volume": "20 mL"} | values
    text = TEXT.format(**values).replace("CC(C)CCl", f"CC(C)C{halide}")
    path = folder / "target.toml"
    path.write_text(f'target = "{TARGET}"\n{text}', encoding="utf-8")
    return read_case(path, case_tools(load()))


def case(folder: Path, **values: str) -> Case:
    path = folder / "case.toml"
    path.write_text(
        TEXT.format(**{"volume": "20 mL", "temperature": "25 degC", "time": "1 h"} | values), encoding="utf-8"
    )
    return read_case(path, case_tools(load()))


def test_a_range_keeps_what_only_forms_at_its_far_end(tmp_path):
    product = "CC(C)CN1CCN(C(=O)OC(C)(C)C)CC1"
    run = simulator(load())
    cold = run(case(tmp_path, temperature="0 degC", time="10 min"), 8)
    wide = run(case(tmp_path, temperature="0..140 degC", time="10 min..300 h"), 8)
    hot = run(case(tmp_path, temperature="140 degC", time="300 h"), 8)
    assert product in hot.network.species
    much = {
        s for i, s in enumerate(hot.ensemble.species) if hot.ensemble.n[:, -1, i].mean() > 0.01 * hot.flask.limiting
    }
    assert much <= set(wide.network.species)
    assert len(cold.network.species) < len(hot.network.species)


@pytest.mark.parametrize(
    ("values", "flasks"), [({}, 0), ({"time": "1..2 h"}, 2), ({"time": "1..2 h", "volume": "10..20 mL"}, 6)]
)
def test_the_box_is_its_ends_together_and_each_alone(tmp_path, values, flasks):
    found = corners(case(tmp_path, **values), load())
    assert len(found) == flasks
    if found:
        assert found[0].time < found[1].time


def test_a_first_look_stays_within_a_network_that_holds_the_case(tmp_path):
    known = load()
    written = simulator(known)(with_target(tmp_path), 8)
    glance = simulator(known, within=[written])
    longer = glance(with_target(tmp_path, time="5 h"), 8)
    assert longer.network is written.network
    own = simulator(known)(with_target(tmp_path, time="5 h"), 8)
    at = [w.ensemble.n[0, -1, w.ensemble.species.index(TARGET)] for w in (longer, own)]
    assert at[0] == pytest.approx(at[1], rel=1e-2)


def test_what_a_network_does_not_hold_is_grown(tmp_path):
    known = load()
    written = simulator(known)(with_target(tmp_path), 8)
    glance = simulator(known, within=[written])
    bromide = with_target(tmp_path, halide="Br")
    assert glance(bromide, 8).network == simulator(known)(bromide, 8).network
    unreached = simulator(known, within=[simulator(known)(case(tmp_path, temperature="0 degC", time="10 min"), 8)])
    hot = with_target(tmp_path, temperature="140 degC", time="300 h")
    assert unreached(hot, 8).network == simulator(known)(hot, 8).network


def test_growing_again_gives_the_same_species_in_the_same_order(tmp_path, monkeypatch):
    monkeypatch.setenv("RINGSIDE_CACHE", str(tmp_path / "one"))
    wide = case(tmp_path, temperature="0..140 degC", time="1..20 h")
    first = simulator(load())(wide, 2).network
    cached = simulator(load())(wide, 2).network
    monkeypatch.setenv("RINGSIDE_CACHE", str(tmp_path / "two"))
    again = simulator(load())(wide, 2).network
    assert first == cached == again


def test_hydrogen_of_the_atmosphere_takes_part(tmp_path):
    path = tmp_path / "cbz.toml"
    path.write_text(
        """
scale = "5 mmol"
title = "Cbz off"
target = "CN1CCCNCC1"
[[charge]]
name = "1-Cbz-4-methyl-1,4-diazepane"
smiles = "CN1CCCN(C(=O)OCc2ccccc2)CC1"
role = "substrate"
amount = "1 equiv"
[[charge]]
name = "palladium on carbon"
role = "catalyst"
amount = "5 mol%"
[[charge]]
name = "methanol"
role = "solvent"
amount = "40 mL"
[conditions]
temperature = "25 degC"
time = "16 h"
atmosphere = "H2"
""",
        encoding="utf-8",
    )
    under = read_case(path, case_tools(load()))
    assert simulator(load())(under, 8).reached
    path.write_text(path.read_text(encoding="utf-8").replace('"H2"', '"N2"'), encoding="utf-8")
    without = simulator(load())(read_case(path, case_tools(load())), 8)
    assert not without.reached


def test_a_feed_that_reacts_as_it_enters_still_meets_what_it_made(tmp_path):
    """A fast electrophile added slowly is scarce at any time, and over-alkylates all the same."""
    text = """
title = "mono-benzylation"
target = "C1CNCCN(C1)Cc1ccccc1"
scale = "10 mmol"
charge = [
  { name = "homopiperazine", role = "substrate", amount = "5.0 equiv" },
  { name = "benzyl bromide", role = "substrate", amount = "1.0 equiv", add_over = "OVER" },
  { name = "triethylamine", role = "base", amount = "1.5 equiv" },
  { name = "acetonitrile", role = "solvent", amount = "50 mL" },
]
conditions = { temperature = "40 degC", time = "16 h", atmosphere = "N2" }
"""
    bis = "c1ccc(CN2CCCN(Cc3ccccc3)CC2)cc1"
    run = simulator(load())
    amounts = []
    for over in ("1 min", "8 h"):
        path = tmp_path / "case.toml"
        path.write_text(text.replace("OVER", over), encoding="utf-8")
        world = run(read_case(path, case_tools(load())), 8)
        assert bis in world.network.species, over
        amounts.append(float(world.outcome.amount[0, world.outcome.species.index(bis)]))
    assert amounts[1] == pytest.approx(amounts[0], abs=0.02)
