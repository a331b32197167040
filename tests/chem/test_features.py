import pytest
from chem_tables import chromophores, features, rows

from ringside.chem.features import features_of, match_at, read_features
from ringside.chem.molecule import canonical
from ringside.chem.optical import read_chromophores, uv_class
from ringside.errors import BadKnowledge

EXAMPLES = {
    "primary-amine": ("NCCc1ccccc1", "CNCC"),
    "secondary-amine": ("C1CNCCNC1", "CC(=O)NC"),
    "tertiary-amine": ("CN1CCCNCC1", "C[N+](C)(C)C"),
    "aniline": ("CNc1ccccc1", "CC(=O)Nc1ccccc1"),
    "diamine": ("C1CNCCNC1", "CN(C)CCN(C)C"),
    "secondary-diamine": ("CNCCNC", "CN1CCNCC1"),
    "two-basic-nitrogens": ("NCCN", "c1cncnc1"),
    "1,4-diazepane": ("CC(C)(C)OC(=O)N1CCCNCC1", "C1CNCCN1"),
    "piperazine": ("CN1CCNCC1", "C1CNCCNC1"),
    "carbamate-boc": ("CC(C)(C)OC(=O)NC", "CC(C)(C)OC(=O)OC(=O)OC(C)(C)C"),
    "alkyl-halide": ("BrCCCBr", "ClCCl"),
    "geminal-dihalide": ("ClCCl", "ClCCCl"),
    "dihalide": ("CS(=O)(=O)OCCCBr", "BrCc1ccccc1"),
    "benzylic-halide": ("ClCc1ccncc1", "Brc1ccccc1"),
    "sulfonate": ("CCOS(=O)(=O)c1ccc(C)cc1", "CCS(=O)(=O)NC"),
    "aryl-halide": ("Brc1ccccc1", "BrCc1ccccc1"),
    "aryl-halide-activated": ("Clc1ncccn1", "Brc1cccnc1"),
    "aldehyde": ("C=O", "CC(C)=O"),
    "aromatic-aldehyde": ("O=Cc1ccccc1", "O=CCc1ccccc1"),
    "enolisable-aldehyde": ("CCC=O", "CC(C)(C)C=O"),
    "ketone": ("CC(C)=O", "CC(=O)OC"),
    "1,3-dicarbonyl": ("CC(=O)CC(C)=O", "CC(=O)C(C)=O"),
    "1,2-dicarbonyl": ("O=CC=O", "CC(=O)CC(C)=O"),
    "hydride": ("[BH3-]C#N", "OB(O)O"),
    "triacetoxyborohydride": ("CC(=O)O[BH-](OC(C)=O)OC(C)=O", "[BH4-]"),
    "cyanoborohydride": ("[BH3-]C#N", "[BH4-]"),
    "borohydride": ("[BH4-]", "[BH3-]C#N"),
    "amine-borane": ("[BH3-][NH+]1CCCNCC1", "B"),
    "acyl-chloride": ("CC(=O)Cl", "CCCl"),
    "anhydride": ("CC(=O)OC(C)=O", "CC(=O)OC"),
    "boc-anhydride": ("CC(C)(C)OC(=O)OC(=O)OC(C)(C)C", "CC(=O)OC(C)=O"),
    "sulfonyl-chloride": ("CS(=O)(=O)Cl", "CS(=O)(=O)OC"),
    "ester": ("CC(=O)OC", "CC(=O)OC(C)=O"),
    "amide": ("CC(=O)N(C)C", "CC(C)(C)OC(=O)NC"),
    "imine": ("CCN=Cc1ccccc1", "C1CCC2=NCCCN2CC1"),
    "iminium": ("C[N+]1=CCCCC1", "C[N+](=O)[O-]"),
    "aminal": ("C1CN2CCCN1C2", "C1CNCCNC1"),
    "bridged-aminal": ("c1ccc(C2N3CCCN2CC3)cc1", "C1CN2CCN1CC2"),
    "hemiaminal": ("OC(c1ccccc1)N1CCCNCC1", "OCCN"),
    "enamine": ("C1CCNC=C1", "CC(=O)C=CNC"),
    "enaminone": ("CC(=O)C=C(C)NC", "CC(=O)CCNC"),
    "vinamidine": ("CC1=CC(C)=NCCN1", "CC(=O)C=C(C)NC"),
    "quaternary-ammonium": ("C[N+]1(C)CCCNCC1", "[BH3-][N+](C)(C)C"),
    "aziridine": ("CN1CC1", "C1COCCN1"),
    "azetidine": ("CN1CCC1", "C1CNC1=O"),
    "aziridinium": ("C[N+]1(C)CC1", "C[N+]1(C)CCC1"),
    "azetidinium": ("C[N+]1(C)CCC1", "CN1CCC1"),
    "carboxylic-acid": ("CC(=O)O", "CNC(=O)O"),
    "carbamic-acid": ("CN(C)C(=O)O", "CC(=O)O"),
    "strong-acid": ("Cl", "CC(=O)O"),
    "alcohol": ("CC(C)(C)O", "Oc1ccccc1"),
    "water": ("O", "CO"),
    "nitro": ("O=[N+]([O-])c1ccccc1", "CN(C)N=O"),
    "chromophore": ("c1ccccc1", "CC(C)(C)OC(=O)N1CCCNCC1"),
    "epoxide": ("CC1CO1", "C1COC1"),
    "michael-acceptor": ("C=CC(C)=O", "CC(=O)C=CNC"),
    "nitrile": ("CC#N", "C[N+]#[C-]"),
    "haloamine": ("CN(CCCBr)CCNC", "BrCCCBr"),
    "nitrosamine": ("CN(C)N=O", "CN(C)C=O"),
    "n-formyl": ("O=CN1CCCNCC1", "O=CCN1CCCNCC1"),
    "basic-nitrogen": ("c1ccncc1", "CC(=O)N(C)C"),
    "acidic-hydrogen": ("OC(=O)c1ccccc1", "CCO"),
}


def of(smiles: str) -> frozenset[str]:
    return features_of(canonical(smiles), features())


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_feature_is_found_in_its_example_and_not_in_a_lookalike(name):
    example, lookalike = EXAMPLES[name]
    assert name in of(example)
    assert name not in of(lookalike)


def test_ammonium_salts_count_as_their_amines():
    assert "secondary-amine" in of("C1C[NH2+]CCNC1")


@pytest.mark.parametrize(
    ("smiles", "activated"),
    [
        ("Fc1ccc([N+](=O)[O-])cc1", True),
        ("Fc1ccccc1C#N", True),
        ("Fc1cccc([N+](=O)[O-])c1", False),
        ("Clc1ccnc2ccccc12", True),
        ("Clc1cccc2ncccc12", False),
        ("Clc1nc2ccccc2s1", True),
        ("Clc1ccccc1", False),
    ],
)
def test_activation_for_substitution_follows_the_position(smiles, activated):
    assert ("aryl-halide-activated" in of(smiles)) is activated


def test_a_pattern_is_placed_on_the_atom_asked_for():
    smiles = canonical("CC(=O)NCCN")
    assert smiles == "CC(=O)NCCN"
    assert [i for i in range(7) if match_at(smiles, "[NX3;H2]", i)] == [6]
    assert [i for i in range(7) if match_at(smiles, "[NX3]-C=O", i)] == [3]


def test_a_bad_pattern_is_refused_with_its_row():
    row = {"id": "mine", "smarts": "[N", "text": "", "source": "judgement"}
    with pytest.raises(BadKnowledge) as refused:
        read_features([row])
    assert (refused.value.complaints[0].field, refused.value.complaints[0].value) == ("mine", "[N")
    with pytest.raises(BadKnowledge):
        read_chromophores([{**rows("chromophores.csv")[0], "smarts": "c1cc"}])


def seen(smiles: str) -> tuple[str, float, float]:
    return uv_class(canonical(smiles), chromophores())


def test_aliphatic_amines_and_boc_are_invisible():
    assert seen("C1CNCCNC1") == ("none", 0.0, 0.0)
    assert seen("CC(C)(C)OC(=O)N1CCCNCC1")[2] < 230.0
    assert seen("BrCCCBr") == ("none", 0.0, 0.0)


def test_two_benzyl_groups_count_twice():
    one, two = seen("C1CN(Cc2ccccc2)CCCN1"), seen("c1ccc(CN2CCCN(Cc3ccccc3)CC2)cc1")
    assert one[0] == two[0] == "benzyl"
    assert two[1] == pytest.approx(2 * one[1])


def test_strong_chromophores_outweigh_benzyl():
    benzyl = seen("C1CN(Cc2ccccc2)CCCN1")[1]
    for smiles in ("O=[N+]([O-])c1cccc(CN2CCCNCC2)c1", "O=Cc1ccccc1", "c1ccc(N2CCNCC2)cc1", "c1cnc(N2CCCNCC2)nc1"):
        assert seen(smiles)[1] > 10 * benzyl


def test_an_atom_counts_for_one_chromophore_only():
    assert seen("c1ccc(-c2ccccc2)cc1")[1] < seen("c1ccc(-c2ccccc2)cc1")[1] + seen("c1ccccc1")[1]
    assert seen("O=[N+]([O-])c1cccc(CN2CCCNCC2)c1")[0] == "nitroaryl"
