import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdkit import Chem

from ringside.chem.molecule import canonical, components, elements, is_valid, mol
from ringside.errors import BadInput

MOLECULES = [
    "C1CNCCNC1",
    "C1CN(Cc2ccccc2)CCCN1",
    "CC(C)(C)OC(=O)N1CCCN(c2ncccn2)CC1",
    "C[N+]1(CCCBr)CCCN(C)CC1",
    "CC(=O)O[BH-](OC(C)=O)OC(C)=O",
    "C[C@H](O)CN1CCNC[C@@H]1C",
    "C/C=C/CN1CCNCC1",
    "C1CN2CCCN1C2",
    "O=[N+]([O-])c1cccc(C=[N+]2CCCNCC2)c1",
    "CC1=CC(C)=NCCN1",
    "c1ccc2c(c1)CN1CN2Cc2ccccc21",
    "[O-]C([O-])=O",
]


@given(st.sampled_from(MOLECULES), st.randoms(use_true_random=False))
@settings(max_examples=80, deadline=None)
def test_canonical_does_not_depend_on_the_order_of_the_atoms(smiles, random):
    order = list(range(Chem.MolFromSmiles(smiles).GetNumAtoms()))
    random.shuffle(order)
    shuffled = Chem.MolToSmiles(Chem.RenumberAtoms(Chem.MolFromSmiles(smiles), order), canonical=False)
    assert canonical(shuffled) == canonical(smiles)


@pytest.mark.parametrize("smiles", MOLECULES)
def test_canonical_is_a_fixed_point(smiles):
    assert canonical(canonical(smiles)) == canonical(smiles)


def test_atoms_keep_the_order_of_the_canonical_text():
    smiles = canonical("C1CN(Cc2ccccc2)CCCN1")
    assert [a.GetSymbol() for a in mol(smiles).GetAtoms()] == [c.upper() for c in smiles if c.isalpha()]


def test_atom_maps_are_dropped():
    assert canonical("[CH3:1][NH2:2]") == "CN"


def test_stereo_labels_of_nitrogen_that_inverts_are_dropped():
    assert canonical("C[N@]1CCCN(CC)CC1") == canonical("CN1CCCN(CC)CC1")
    assert canonical("C[N@@]1C[C@H]1C") == canonical("CN1C[C@H]1C")


def test_stereo_labels_of_a_bridgehead_nitrogen_are_kept():
    one = "CC1CC[N@@]2CC[N@]1C2"
    assert "@" in canonical(one)


def test_stereo_labels_of_carbon_are_kept():
    assert canonical("C[C@H](N)O") != canonical("C[C@@H](N)O")


def test_a_salt_is_split_into_sorted_components():
    assert components("[Na+].CC(=O)O[BH-](OC(C)=O)OC(C)=O") == ("CC(=O)O[BH-](OC(C)=O)OC(C)=O", "[Na+]")
    assert components("Cl.Cl.N1CCCNCC1") == ("C1CNCCNC1", "Cl", "Cl")


def test_two_components_are_refused_where_one_is_asked_for():
    with pytest.raises(BadInput) as refused:
        canonical("Cl.C1CNCCNC1", file="case.toml", field="target")
    assert refused.value.complaints[0].code == "several-components"
    assert refused.value.complaints[0].field == "target"


@pytest.mark.parametrize(
    ("smiles", "hint"),
    [
        ("C1CNCCNC", "left open"),
        ("CC(C)(C)(C)C", "atom 2 (C) has more bonds"),
        ("c1cncn1", "[nH]"),
        ("C*", "wildcard"),
        ("CN.CBr>>CNC", "reaction SMILES"),
        ("CCN benzyl", "no spaces"),
        ("  ", "no SMILES"),
    ],
)
def test_a_refusal_says_what_is_wrong(smiles, hint):
    with pytest.raises(BadInput) as refused:
        canonical(smiles)
    assert hint in refused.value.complaints[0].text
    assert not is_valid(smiles)


def test_a_name_is_not_a_valid_smiles():
    assert not is_valid("homopiperazine")
    assert is_valid("C1CNCCNC1")


def test_elements_of_a_catalyst_are_found_over_all_components():
    assert elements("[Pd+2].[Cl-].[Cl-]") == {"Pd", "Cl"}
