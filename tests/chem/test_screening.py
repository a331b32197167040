"""Screening leaves out no molecule that a pattern fits."""

import pytest

from ringside.chem.features import asks, pattern
from ringside.chem.molecule import canonical, mol
from ringside.chem.screening import asked, kinds_in, may_fit
from ringside.knowledge.load import load
from ringside.network.template import compile_template

MOLECULES = [
    canonical(s)
    for s in (
        "C1CNCCNC1", "O", "[Cl-]", "CC(=O)[O-]", "C[NH3+]", "c1ccncc1", "O=[N+]([O-])c1ccccc1C=O", "CS(=O)(=O)Cl", "OB(O)c1ccccc1",
        "C[N+]1(C)CCNCC1", "FC(F)(F)S(=O)(=O)[O-]", "BrCCCBr", "N#CCC#N", "[H+]", "[2H]OC", "[BH3-]C#N", "c1c[nH]cn1", "CSC", "CN=C=O", "CP(C)C",
    )
]  # fmt: skip


@pytest.fixture(scope="module")
def patterns() -> list[str]:
    known = load()
    return sorted({r.smarts for r in known.acidity.rules} | {s for f in known.features.features for s in f.smarts})


def test_a_molecule_that_is_screened_out_has_no_match(patterns):
    for smiles in MOLECULES:
        for smarts in patterns:
            if not may_fit(asks(smarts), kinds_in(smiles)):
                assert not mol(smiles).HasSubstructMatch(pattern(smarts)), (smiles, smarts)


def test_the_templates_of_rules_are_screened_alike():
    sides = [side for rule in load().rules for side in compile_template(rule.smarts).sides]
    for smiles in MOLECULES:
        for side in sides:
            if mol(smiles).HasSubstructMatch(side.query):
                assert may_fit(asked(side.query), kinds_in(smiles)), (smiles, side.text)


@pytest.mark.parametrize(
    ("smarts", "smiles", "fits"),
    [
        ("[#7]", "c1ccncc1", True),
        ("N", "c1ccncc1", False),
        ("[Cl,Br]", "CBr", True),
        ("[Cl,Br]", "CI", False),
        ("[O-]", "CO", False),
        ("[!#6]", "C", True),
    ],
)
def test_what_a_pattern_asks_for_is_read_off_it(smarts, smiles, fits):
    assert may_fit(asks(smarts), kinds_in(smiles)) is fits
