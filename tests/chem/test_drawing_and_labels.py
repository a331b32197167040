import re
from xml.etree import ElementTree

import pytest
from chem_tables import names, rows

from ringside.chem.drawing import draw_svg
from ringside.chem.labels import describe, read_names
from ringside.chem.molecule import canonical
from ringside.errors import BadKnowledge

BENZYL = "C1CNCCN(C1)Cc1ccccc1"
METHYL = "CN1CCCN(C)CC1"
CHARGED = {"C1CNCCNC1": "homopiperazine", "BrCc1ccccc1": "benzyl bromide", "BrCCCBr": "1,3-dibromopropane"}


def label(smiles: str, target: str | None = BENZYL) -> str:
    reactants = {canonical(s): name for s, name in CHARGED.items()}
    return describe(canonical(smiles), canonical(target) if target else None, reactants, names())


@pytest.mark.parametrize(
    ("smiles", "expected"),
    [
        (BENZYL, "target"),
        ("C1CNCCNC1", "homopiperazine"),
        ("Br", "hydrogen bromide"),
        ("c1ccc(CN2CCCN(Cc3ccccc3)CC2)cc1", "over-alkylated: N,N'-dibenzyl"),
        ("c1ccc(C[N+]2(Cc3ccccc3)CCCNCC2)cc1", "quaternary ammonium: N,N-dibenzyl"),
        ("c1ccc(C=[N+]2CCCNCC2)cc1", "iminium (C12H17N2+)"),
        ("OC(c1ccccc1)N1CCCNCC1", "hemiaminal (C12H18N2O)"),
        ("CC(=O)N1CCCN(Cc2ccccc2)CC1", "target with N-acetyl"),
        ("O=CN1CCCN(Cc2ccccc2)CC1", "target with N-formyl"),
        ("c1ccc(C2N3CCCN2CC3)cc1", "bridged aminal (1,5-diazabicyclo[3.2.1]octane) (C12H16N2)"),
        ("[BH3-][NH+]1CCCN(Cc2ccccc2)CC1", "amine-borane (C12H21BN2)"),
        ("CC1CN(Cc2ccccc2)CCN1", "isomer of the target with a 6-membered in place of the 7-membered ring"),
        ("ICCCBr", "iodide from 1,3-dibromopropane"),
        ("OCCCBr", "3-bromopropan-1-ol"),
        ("O=C=O", "carbon dioxide"),
    ],
)
def test_a_molecule_is_named_as_a_chemist_would_beside_the_benzyl_target(smiles, expected):
    assert label(smiles) == expected


@pytest.mark.parametrize(
    ("smiles", "expected"),
    [
        ("CN1CCCN(C)CCN(C)CCCN(C)CC1", "14-membered cyclic dimer"),
        ("CNCC[N+]1(C)CCC1", "azetidinium (C7H17N2+)"),
        ("C=CCN(C)CCNC", "open-chain isomer of the target"),
        ("CNCCN(C)CCCBr", "haloamine (C7H17BrN2)"),
        ("CN(CCNC)CCCN(C)CCNC", "C11H28N4 (secondary amine)"),
    ],
)
def test_a_molecule_is_named_as_a_chemist_would_beside_the_ring_target(smiles, expected):
    assert label(smiles, METHYL) == expected


def test_enantiomers_are_stereoisomers_and_not_regioisomers():
    assert label("C[C@H]1CNCCN1Cc1ccccc1", "C[C@@H]1CNCCN1Cc1ccccc1") == "stereoisomer of the target"


def test_the_place_of_a_substituent_makes_a_regioisomer():
    assert label("CC1CN(Cc2ccccc2)CCN1", "CC1CNCCN1Cc1ccccc1") == "regioisomer of the target"


def test_the_carbon_benzylated_isomer_is_not_called_a_regioisomer():
    assert label("c1ccc(CC2CNCCCN2)cc1") == "isomer of the target"


def test_without_target_and_names_formula_remains():
    assert describe(canonical("CN1CCCNCC1"), None) == "C6H14N2"


def test_without_target_a_molecule_is_named_from_what_was_charged_or_by_its_family():
    assert label("CCN1CCCN(CC)CC1", None) == "homopiperazine with N,N'-diethyl"
    assert label("CCCCN1CCCN(CC)CC1", None) == "C11H24N2 (tertiary amine)"


def test_the_ions_of_a_salt_keep_their_own_names():
    salt = {"[Na+]": "sodium triacetoxyborohydride", "C1CNCCNC1": "homopiperazine"}
    assert describe("[Na+]", None, salt, names()) == "sodium ion"
    assert describe("C1CNCCNC1", None, salt, names()) == "homopiperazine"


def test_a_quaternised_base_is_named_after_the_base():
    base = {"CCN(CC)CC": "triethylamine"}
    assert describe("CC[N+](CC)(CC)Cc1ccccc1", BENZYL, base, names()) == (
        "quaternary ammonium from triethylamine: N-benzyl"
    )


def test_a_bad_row_of_names_is_refused():
    row = rows("common_names.csv")[0]
    with pytest.raises(BadKnowledge):
        read_names([{**row, "kind": "nickname"}])


@pytest.mark.parametrize(
    "smiles",
    ["C1CNCCNC1", BENZYL, "CC(C)(C)OC(=O)N1CCCN(c2ncccn2)CC1", "C[N+]1(C)CCC1", "O", "C[C@H](O)[C@@H](Cl)N"],
)
def test_a_drawing_is_small_well_formed_and_holds_no_fonts_or_background(smiles):
    svg = draw_svg(canonical(smiles))
    root = ElementTree.fromstring(svg)
    assert len(svg) < 6000
    assert {child.tag for child in root} == {"path"}
    assert root.attrib["width"] == "180"


def test_a_drawing_stays_inside_its_frame_and_takes_the_colour_of_the_text():
    svg = draw_svg(canonical("Cc1ccc(S(=O)(=O)N2CCCN(S(=O)(=O)c3ccc(C)cc3)CC2)cc1"), width=112, height=66)
    numbers = [float(x) for x in re.findall(r"[ML](-?[\d.]+)", svg)]
    assert min(numbers) >= 0 and max(numbers) <= 112
    assert "currentColor" in svg and "#000" not in svg
