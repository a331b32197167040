"""What recurs without a reading, and what it could be."""

import pytest
from plate_files import BENZYLS, PROTONATED, place, target, written

from ringside.answers.plate.ask import ask_plate
from ringside.chem.mass import exact_formula_mass
from ringside.knowledge.load import load


def plate_with(folder, extra, **options):
    """Return a plate of six targets, each with its product and one further peak at ``extra(substituent)``."""
    rows = [f"{place(n)},{target(s)}" for n, s in enumerate(BENZYLS)]
    peaks = [
        line
        for n, s in enumerate(BENZYLS)
        for line in (f"{place(n)},1.{n},80,{PROTONATED[s]}", f"{place(n)},{2.0 + 0.2 * n},20,{extra(s):.3f}")
    ]
    return ask_plate(*written(folder, "well,smiles", rows, peaks), options.get("case"))


def test_an_unknown_that_moves_with_the_target_is_read_as_a_change_of_it(tmp_path):
    report = plate_with(tmp_path, lambda s: PROTONATED[s] + 43.990)
    group = report.recurring[0]
    assert len(group.wells) == len(BENZYLS)
    assert group.difference_da == pytest.approx(43.990, abs=0.01)
    assert "carbamic acid" in group.meanings[0].text


def test_an_unknown_of_one_mass_in_all_wells_is_compared_with_background_ions(tmp_path):
    rows = [f"{place(n)},{target(s)}" for n, s in enumerate(BENZYLS)]
    peaks = [f"{place(n)},2.0,100,279.16" for n in range(len(BENZYLS))]
    report = ask_plate(*written(tmp_path, "well,smiles", rows, peaks), None)
    assert report.recurring[0].difference_da is None
    assert [m.kind for m in report.recurring[0].meanings][:1] == ["background"]
    assert "phthalate" in report.recurring[0].meanings[0].text


def test_what_it_could_be_never_adds_up_to_certainty(tmp_path):
    for mz in (279.16, 205.1, 350.7, 64.0):
        rows = [f"{place(n)},{target(s)}" for n, s in enumerate(BENZYLS)]
        peaks = [f"{place(n)},2.0,100,{mz}" for n in range(len(BENZYLS))]
        for g in ask_plate(*written(tmp_path, "well,smiles", rows, peaks), None).recurring:
            assert 0.0 <= sum(m.probability for m in g.meanings) < 1.0


def test_with_a_case_recurring_unknowns_are_looked_for_along_rule_paths(tmp_path):
    case = tmp_path / "case.toml"
    case.write_text(
        """
title = "benzylations"
target = "C1CNCCN(C1)Cc1ccccc1"
scale = "0.1 mmol"
charge = [
  { name = "homopiperazine", role = "substrate", amount = "2 equiv" },
  { name = "halide", smiles = "BrCc1ccccc1", role = "substrate", amount = "1 equiv" },
  { name = "acetonitrile", role = "solvent", amount = "1 mL" },
]
conditions = { temperature = "25 degC", time = "16 h", atmosphere = "N2" }
""",
        encoding="utf-8",
    )
    rows = [f"A{n},{target('')}" for n in (1, 2)]
    peaks = [f"A{n},{rt},{area},{mz}" for n in (1, 2) for rt, area, mz in ((1.0, 70, 191.154), (1.6, 30, 235.144))]
    report = ask_plate(*written(tmp_path, "well,smiles", rows, peaks), case)
    paths = [m for m in report.recurring[0].meanings if m.kind == "path"]
    assert any(m.smiles == "O=C(O)N1CCCN(Cc2ccccc2)CC1" for m in paths)


def test_the_mass_of_each_shipped_difference_follows_from_its_formula():
    for d in load().differences:
        gained, lost = (exact_formula_mass(f) if f else 0.0 for f in (d.gained, d.lost))
        assert d.mass == pytest.approx(gained - lost, abs=2e-5), d.change
        assert d.meaning
