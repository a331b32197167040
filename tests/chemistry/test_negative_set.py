"""What must not form, whatever rules are open: each with a look-alike that does."""

import pytest
from shipped import flask, forms

from ringside.chem.features import has
from ringside.chem.molecule import mol

ALL_OPEN = ("role:base", "has:strong-acid", "role:acid")
N_N_BOND = "[#7;!$([#7]=[#7+]);!$([#7+]);!$([#7-]);!n]-[#7;!$([#7+]);!n]"
SEEDS = {
    "alkylation": ("C1CNCCNC1", "BrCc1ccccc1"),
    "ring synthesis": ("NCCN", "BrCCCBr"),
    "reductive amination": ("C1CNCCNC1", "C=O", "CC(=O)O[BH-](OC(C)=O)OC(C)=O", "CC(=O)O"),
    "dichloromethane": ("C1CNCCNC1", "ClCCl"),
    "dicarbonyl": ("NCCN", "O=CC=O"),
    "aziridinium": ("CN1CCN(C)C(CCl)C1", "[N-]=[N+]=[N-]"),
}


def test_formaldehyde_bridges_a_diazepane_but_not_a_piperazine() -> None:
    assert forms(flask("C1CNCCNC1", "C=O"), "C1CN2CCN(C1)C2")
    assert not forms(flask("C1CNCCN1", "C=O", generations=4), "C1CN2CCN1C2")


def test_dichloromethane_bridges_a_diazepane_but_not_a_piperazine() -> None:
    assert forms(flask("C1CNCCNC1", "ClCCl"), "C1CN2CCN(C1)C2")
    assert not forms(flask("C1CNCCN1", "ClCCl", generations=4), "C1CN2CCN1C2")


def test_acetone_bridges_a_diazepane_but_not_a_piperazine() -> None:
    assert forms(flask("C1CNCCNC1", "CC(C)=O"), "CC1(C)N2CCCN1CC2")
    assert not forms(flask("C1CNCCN1", "CC(C)=O"), "CC1(C)N2CCN1CC2")


@pytest.mark.parametrize("name", sorted(SEEDS))
def test_no_bond_forms_between_two_nitrogens(name: str) -> None:
    network = flask(*SEEDS[name], features=ALL_OPEN)
    assert len(network.species) > len(SEEDS[name])
    assert not [s for s in network.species if not s.startswith("family:") and has(s, N_N_BOND)]


@pytest.mark.parametrize("name", sorted(SEEDS))
def test_no_ring_carbon_of_the_diamine_is_alkylated(name: str) -> None:
    seed_branches = any(has(s, "[CX4;H1,H0](-[#7])-[CX4]") for s in SEEDS[name])
    found = flask(*SEEDS[name], features=ALL_OPEN).species
    branched = [
        s
        for s in found
        if not s.startswith("family:") and has(s, "[CX4;H1,H0;!$(C(-[#7,#8])-[#7,#8])](-[#6])(-[#6])-[#7]")
    ]
    assert not branched or seed_branches


@pytest.mark.parametrize("name", sorted(SEEDS))
def test_no_four_membered_ring_bridges_another_ring(name: str) -> None:
    for smiles in flask(*SEEDS[name], features=ALL_OPEN).species:
        if smiles.startswith("family:"):
            continue
        rings = [set(r) for r in mol(smiles).GetRingInfo().AtomRings()]
        assert not [1 for i, a in enumerate(rings) for b in rings[:i] if min(len(a), len(b)) <= 4 and len(a & b) > 2]


def test_strong_acid_does_not_contract_an_unsubstituted_diazepane() -> None:
    network = flask("C1CNCCNC1", "Cl", "O", features=("has:strong-acid",))
    assert set(network.species) == {"C1CNCCNC1", "Cl", "O"}


def test_a_carboxylic_acid_and_an_amine_give_no_amide_but_the_acid_chloride_does() -> None:
    assert not forms(flask("C1CNCCNC1", "CC(=O)O"), "CC(=O)N1CCCNCC1")
    assert forms(flask("C1CNCCNC1", "CC(=O)Cl"), "CC(=O)N1CCCNCC1")


def test_amines_do_not_cleave_ethers_but_open_epoxides() -> None:
    assert len(flask("C1CNCCNC1", "CCOCC", "C1CCOC1", features=ALL_OPEN).reactions) == 0
    assert forms(flask("C1CNCCNC1", "C1CO1"), "OCCN1CCCNCC1")


def test_a_carbamate_nitrogen_is_not_alkylated_but_the_free_one_beside_it_is() -> None:
    assert len(flask("CC(C)(C)OC(=O)N1CCCN(C(=O)OC(C)(C)C)CC1", "CI", features=("role:base",)).reactions) == 0
    mono = flask("CC(C)(C)OC(=O)N1CCCNCC1", "CI", features=("role:base",))
    assert forms(mono, "CN1CCCN(C(=O)OC(C)(C)C)CC1")
    assert not [s for s in mono.species if has(s, "[N+]-C(=O)O")]


def test_chlorobenzene_needs_activation_or_a_catalyst() -> None:
    assert len(flask("C1CNCCNC1", "Clc1ccccc1", features=ALL_OPEN).reactions) == 0
    assert forms(flask("C1CNCCNC1", "Clc1ccccc1", features=("element:Pd",)), "c1ccc(N2CCCNCC2)cc1")
    assert forms(flask("C1CNCCNC1", "O=[N+]([O-])c1ccc(Cl)cc1"), "O=[N+]([O-])c1ccc(N2CCCNCC2)cc1")


def test_a_free_azetidine_stays_closed_until_it_is_alkylated() -> None:
    assert len(flask("C1CCNCC1", "CN1CCC1").reactions) == 0
    assert forms(flask("C1CCNCC1", "CN1CCC1", "CI"), "CN(C)CCCN1CCCCC1")


def test_ketones_give_no_open_aminal() -> None:
    network = flask("C1CNCCNC1", "CC(C)=O")
    assert not [s for s in network.species if has(s, "[#7;!R0]-[CX4;H0;!R](-[#6])(-[#6])-[#7]")]
