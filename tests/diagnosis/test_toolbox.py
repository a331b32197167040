from dataclasses import replace

import pytest
from fake_flasks import case_of, patch, raw_case, run
from shipped_cards import FOLDER, rows

from ringside.chem.features import read_features
from ringside.chem.molecule import canonical
from ringside.diagnosis.toolbox import equivalents, mono_boc, toolbox
from ringside.diagnosis.world import memoised
from ringside.network.nouns import Rule
from ringside.recipe.nouns import Amount, Charge, Dose, Flask, Programme, Recipe
from ringside.units import Span

TABLE = read_features(rows(FOLDER / "data" / "features.csv"))
BOC2O = canonical("CC(C)(C)OC(=O)OC(=O)OC(C)(C)C")
RULE = Rule(
    id="boc-test",
    title="Boc on an amine",
    smarts="[NX3;!$(N-C=O);!H0:1].[C:2](=[O:4])([O:5][C:6])[O:3][C:7](=[O:8])[O:9][C:10]"
    ">>[N:1][C:2](=[O:4])[O:5][C:6].[O:3]=[C:7]=[O:8].[O:9][C:10]",
    rate="boc",
)


@pytest.mark.parametrize(
    ("amine", "boc"),
    [
        ("C1CNCCNC1", "CC(C)(C)OC(=O)N1CCCNCC1"),
        ("C1CNCCN(C1)Cc1ccccc1", "CC(C)(C)OC(=O)N1CCCN(Cc2ccccc2)CC1"),
    ],
)
def test_a_single_kind_of_nitrogen_is_protected_once(amine, boc):
    assert mono_boc(amine, RULE, BOC2O, TABLE) == canonical(boc)


@pytest.mark.parametrize("amine", ["CC1CNCCN1", "CN1CCN(C)CC1"])
def test_two_kinds_of_nitrogen_or_none_are_not_protected(amine):
    assert mono_boc(amine, RULE, BOC2O, TABLE) is None


def test_equivalents_are_written_or_taken_from_the_largest_dose():
    one = Span(1.0, 1.0)
    charges = (
        Charge("diamine", "substrate", Amount("equiv", Span(3.0, 3.0))),
        Charge("bromide", "substrate", Amount("mass", one)),
        Charge("acetonitrile", "solvent", Amount("volume", one)),
    )
    recipe = Recipe(charges, Programme(((0.0, Span(298.0, 298.0)),)), one)
    doses = (
        Dose("diamine", "C1CNCCNC1", "substrate", 0.03),
        Dose("bromide", "BrCc1ccccc1", "substrate", 0.012),
        Dose("bromide", "O", "substrate", 0.001),
    )
    flask = Flask(doses, (("acetonitrile", 1.0),), 0.05, ((0.0, 298.0),), 3600.0, 0.0, "N2", 0.01, "BrCc1ccccc1")
    assert equivalents(recipe, flask) == pytest.approx({"diamine": 3.0, "bromide": 1.2})


def test_the_same_case_file_is_simulated_once():
    asked = []

    def counting(case, n):
        asked.append(n)
        return run(case, n)

    remembered = memoised(counting)
    case = case_of(raw_case())
    long = remembered(case, 64)
    short = remembered(replace(case, title="another name"), 32)
    assert asked == [64]
    assert (short.amount == long.amount[:32]).all()
    assert (short.amount == run(case, 32).amount).all()
    remembered(case, 128)
    remembered(case_of(raw_case(target=None)), 32)
    assert asked == [64, 128, 32]


def test_the_toolbox_knows_structures_by_name_and_features_of_salts():
    names = {"potassium carbonate": "[K+].[K+].O=C([O-])[O-]"}
    made = toolbox(
        run,
        without=lambda case, channel, n: None,
        patch=patch,
        structure=names.get,
        flask=lambda case: None,
        table=TABLE,
    )
    case = case_of(raw_case())
    assert made.smiles_of(case, "benzyl bromide") == "BrCc1ccccc1"
    assert made.smiles_of(case, "potassium carbonate") == "[K+].[K+].O=C([O-])[O-]"
    assert made.smiles_of(case, "acetonitrile") is None
    assert "borohydride" in made.features("[Na+].[BH4-]")
    assert made.canonical("c1ccccc1CBr") == canonical("BrCc1ccccc1")
    assert made.canonical("blue smoke") is None
    assert made.canonical("CN.Cl") is None
    assert made.protect("C1CNCCNC1") is None
