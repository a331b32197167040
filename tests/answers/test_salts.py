"""A substrate reacts as its neutral form, whatever salt it is charged as."""

from pathlib import Path

import pytest

from ringside.answers.ask import ask

CASE = """
title = "amide from a salt"
scale = "1 mmol"
target = "O=C(c1ccccc1)N1CCOCC1"
charge = [
  {{ name = "acid", smiles = "{acid}", role = "substrate", amount = "1.0 equiv" }},
  {{ name = "amine", smiles = "{amine}", role = "substrate", amount = "1.2 equiv" }},
  {{ name = "TBTU", role = "reagent", amount = "1.1 equiv" }},
  {base}
  {{ name = "DMF", role = "solvent", amount = "5 mL" }},
]
conditions = {{ temperature = "25 degC", time = "2 h", atmosphere = "N2" }}
"""
BASE = '{ name = "DIPEA", role = "base", amount = "3 equiv" },'
ACID = "OC(=O)c1ccccc1"


def amide(folder: Path, acid: str, amine: str, base: str = "") -> float:
    path = folder / "case.toml"
    path.write_text(CASE.format(acid=acid, amine=amine, base=base), encoding="utf-8")
    return next(s.amount.median for s in ask("predict", path).species if s.role == "product")


def test_a_lithium_carboxylate_couples_without_more_base(tmp_path: Path) -> None:
    assert amide(tmp_path, "[Li+].[O-]C(=O)c1ccccc1", "C1COCCN1") > 0.5


def test_an_amine_charged_as_its_chloride_ion_by_ion_counts_as_its_hydrochloride(tmp_path: Path) -> None:
    by_ions = amide(tmp_path, ACID, "C1COCC[NH2+]1.[Cl-]", BASE)
    assert by_ions > 0.5
    assert by_ions == pytest.approx(amide(tmp_path, ACID, "C1COCCN1.Cl", BASE), rel=0.05)


def test_an_acid_and_an_ammonium_chloride_hardly_couple_without_base(tmp_path: Path) -> None:
    assert amide(tmp_path, ACID, "C1COCC[NH2+]1.[Cl-]") < 0.1


def test_the_starting_acid_is_reported_once_by_its_neutral_form(tmp_path: Path) -> None:
    path = tmp_path / "case.toml"
    path.write_text(CASE.format(acid="[Li+].[O-]C(=O)c1ccccc1", amine="C1COCCN1", base=""), encoding="utf-8")
    acids = [s for s in ask("predict", path).species if s.smiles in ("O=C(O)c1ccccc1", "O=C([O-])c1ccccc1")]
    assert [(s.smiles, s.role) for s in acids] == [("O=C(O)c1ccccc1", "starting-material")]
