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


@pytest.mark.parametrize(
    ("target", "smiles", "expected"),
    [
        (BENZYL, "O=CN1CCCNCC1", "homopiperazine with N-formyl"),
        (BENZYL, "O=CN1CCCN(Cc2ccccc2)CC1", "target with N-formyl"),
        (BENZYL, "CC(=O)N1CCCN(Cc2ccccc2)CC1", "target with N-acetyl"),
        (BENZYL, "CC(C)(C)OC(=O)N1CCCN(Cc2ccccc2)CC1", "target with N-Boc"),
        (BENZYL, "CC(C)(C)OC(=O)N1CCCNCC1", "N-Boc-1,4-diazepane"),
        (BENZYL, "CN1CCCN(Cc2ccccc2)CC1", "target with N-methyl"),
        (BENZYL, "[O-][N+]1(Cc2ccccc2)CCCNCC1", "amine N-oxide (C12H18N2O)"),
        (BENZYL, "O=NN1CCCN(Cc2ccccc2)CC1", "nitrosamine (C12H17N3O)"),
        (BENZYL, "ON1CCCN(Cc2ccccc2)CC1", "target with N-hydroxy"),
        (BENZYL, "ClCN1CCCN(Cc2ccccc2)CC1", "target with N-chloromethyl"),
        (BENZYL, "C(N1CCCN(Cc2ccccc2)CC1)N1CCCN(Cc2ccccc2)CC1", "aminal (C25H36N4)"),
        (BENZYL, "O=C(c1ccccc1)N1CCCNCC1", "homopiperazine with N-benzoyl"),
        (BENZYL, "O=C(NCc1ccccc1)N1CCCNCC1", "urea (C13H19N3O)"),
        (BENZYL, "O=C(O)N1CCCN(Cc2ccccc2)CC1", "carbamic acid (C13H18N2O2)"),
        (BENZYL, "CS(=O)(=O)N1CCCN(Cc2ccccc2)CC1", "target with N-mesyl"),
        (BENZYL, "OCCN1CCCN(Cc2ccccc2)CC1", "target with N-2-hydroxyethyl"),
        (BENZYL, "CCN1CCCN(Cc2ccccc2)CC1", "target with N-ethyl"),
        (BENZYL, "O=C1CNCCCN1Cc1ccccc1", "C12H16N2O (diazepanone)"),
        (BENZYL, "O=C1CCNCCN1Cc1ccccc1", "C12H16N2O (diazepanone)"),
        (BENZYL, "C1CN(Cc2ccccc2)CC1", "C11H15N (tertiary amine)"),
        (BENZYL, "c1ccc(CN2CCNCC2)cc1", "C11H16N2 (piperazine)"),
        (BENZYL, "c1ccc(CN2CC2)cc1", "aziridine (C9H11N)"),
        (BENZYL, "C(CNCc1ccccc1)CNCc1ccccc1", "C17H22N2 (secondary amine)"),
        (BENZYL, "C=CCN(Cc1ccccc1)CCN", "open-chain isomer of the target"),
        (BENZYL, "N#CCCN1CCCN(Cc2ccccc2)CC1", "target with N-2-cyanoethyl"),
        (BENZYL, "C1CN2CCCN1CC2", "C7H14N2 (tertiary amine)"),
        (BENZYL, "c1ccc(C[N+]23CCCN(CC2)CC3)cc1", "quaternary ammonium (C14H21N2+)"),
        (BENZYL, "FC(F)(F)C(=O)N1CCCN(Cc2ccccc2)CC1", "C14H17F3N2O (amide)"),
        (BENZYL, "O=C(OCc1ccccc1)N1CCCNCC1", "homopiperazine with N-Cbz"),
        (BENZYL, "O=C(N1CCCNCC1)N1CCCNCC1", "urea (C11H22N4O)"),
        (BENZYL, "CN(C)C=O", "N,N-dimethylformamide"),
        (BENZYL, "O=Cc1ccccc1", "benzaldehyde"),
        (BENZYL, "OCc1ccccc1", "benzyl alcohol"),
        (METHYL, "CN1CCC[N+]1(C)CCNC", "quaternary ammonium (C8H20N3+)"),
        (METHYL, "CNCCN(C)CCCBr", "haloamine (C7H17BrN2)"),
        (METHYL, "CNCCN(C)CCCO", "C7H18N2O (secondary amine)"),
        (METHYL, "C=CCN(C)CCNC", "open-chain isomer of the target"),
        (METHYL, "CNCC[N+]1(C)CCC1", "azetidinium (C7H17N2+)"),
        (METHYL, "CN1CCCN(C)CCN(C)CCCN(C)CC1", "14-membered cyclic dimer"),
        (METHYL, "CN1CCCN(C)CCN(C)CCCN(C)CCN(C)CCCN(C)CC1", "21-membered cyclic trimer"),
        (METHYL, "C[N+]1(CCCBr)CCCN(C)CC1", "quaternary ammonium: N-3-bromopropyl"),
        (METHYL, "C[N+]12CCCN(CC1)CCC2", "quaternary ammonium (C9H19N2+)"),
        (METHYL, "CN1CCCN(CCCN(C)CCNC)CC1", "C13H30N4 (secondary amine)"),
        (METHYL, "CN1CCCN(CCCO)CC1", "C9H20N2O (tertiary amine)"),
        (METHYL, "C[N+]1(C)CCCN(C)CC1", "quaternary ammonium: trimethyl"),
        (METHYL, "C[N+]1(C)CCC[N+](C)(C)CC1", "quaternary ammonium: tetramethyl"),
        (METHYL, "CN1CCCNCC1", "N-methyl-1,4-diazepane"),
        (METHYL, "C1CNCCCN1", "homopiperazine"),
        (METHYL, "CN(C)CCN(C)C", "TMEDA"),
        (METHYL, "CN1CCN(C)CC1", "N,N'-dimethylpiperazine"),
        (METHYL, "CN1CCCC(=O)N(C)C1", "C7H14N2O (lactam)"),
        (METHYL, "C[N+]1([O-])CCCN(C)CC1", "amine N-oxide (C7H16N2O)"),
        (METHYL, "OCCCBr", "3-bromopropan-1-ol"),
        (METHYL, "C=CCBr", "allyl bromide"),
        (METHYL, "CN1CCN(C)C1", "aminal (C5H12N2)"),
        (METHYL, "CN(C=O)CCN(C)C", "N-formyl (C6H14N2O)"),
        (METHYL, "CC1=NCCNC(C)C1", "imine (C7H14N2)"),
        (METHYL, "CC1=NCCN=C(C)C1", "imine (C7H12N2)"),
        (METHYL, "CC1=CC(C)=NCCN1", "2,3-dihydro-1H-1,4-diazepine (C7H12N2)"),
        (METHYL, "C1=NCCN1", "2-imidazoline"),
        (METHYL, "C1=NCCCNC1", "imine (C5H10N2)"),
        (METHYL, "c1cnccn1", "pyrazine"),
        (METHYL, "N#CCN1CCCN(C)CC1", "alpha-aminonitrile (C8H15N3)"),
        (METHYL, "O=C1NCCCN1", "urea (C4H8N2O)"),
    ],
)
def test_what_forms_around_a_diazepane_has_a_label(target, smiles, expected):
    assert label(smiles, target) == expected
