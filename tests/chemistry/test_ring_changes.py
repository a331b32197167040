"""Rings that grow, shrink and close: all from generic rules."""

import pytest
from shipped import flask, forms, gives, rule

from ringside.chem.molecule import canonical
from ringside.network.rule import apply

PIPERAZINE = "CN1CCN(Cc2ccccc2)C(CCl)C1"
AZIDES = ("CN1CCN(Cc2ccccc2)C(CN=[N+]=[N-])C1", "CN1CCN(Cc2ccccc2)CC(N=[N+]=[N-])C1")


@pytest.mark.parametrize("product", AZIDES)
def test_a_chloromethylpiperazine_and_azide_give_the_piperazine_and_the_diazepane(product: str) -> None:
    assert forms(flask(PIPERAZINE, "[N-]=[N+]=[N-]"), product)


@pytest.mark.parametrize("product", ["CN1CCN(C)C(CN=[N+]=[N-])C1", "CN1CCN(C)CC(N=[N+]=[N-])C1"])
def test_a_6_chlorodiazepane_and_azide_give_the_same_two_rings(product: str) -> None:
    assert forms(flask("CN1CCN(C)CC(Cl)C1", "[N-]=[N+]=[N-]", generations=2), product)


def test_the_chloride_set_free_takes_the_halide_to_the_other_ring() -> None:
    assert forms(flask("CN1CCN(C)C(CCl)C1", generations=2), "CN1CCN(C)CC(Cl)C1")


def test_haloamine_chains_close_to_the_rings_that_the_chemist_expects() -> None:
    assert [r.ring for r in apply(rule("amine-alkylation"), ("NCCNCCCBr",))] == [7]
    assert {r.ring for r in apply(rule("amine-alkylation"), ("NCCNCCCNCCNCCCBr",))} == {7, 11, 14}
    assert gives("amine-alkylation", "NCCNCCCNCCNCCCBr") >= {"C1CNCCNCCCNCCNC1"}


def test_ethylenediamine_and_dibromopropane_reach_ring_azetidine_and_fourteen_membered_ring() -> None:
    network = flask("NCCN", "BrCCCBr", features=("role:base",))
    for smiles in ("C1CNCCNC1", "NCCN1CCC1", "C1CNCCNCCCNCCNC1", "NCCNCCCNCCN", "C=CCNCCN"):
        assert forms(network, smiles), smiles


def test_a_primary_2_haloamine_reaches_aziridine_and_piperazine() -> None:
    network = flask("ClCCNCc1ccccc1", features=("role:base",))
    assert forms(network, "c1ccc(CN2CC2)cc1")
    assert forms(network, "c1ccc(CN2CCN(Cc3ccccc3)CC2)cc1")


def test_a_tertiary_3_haloamine_closes_to_azetidinium_and_opens_with_amine() -> None:
    assert forms(flask("CN(C)CCCBr", "C1CCNCC1"), "C[N+]1(C)CCC1")
    assert gives("strained-ring-opening-amine", "C1CCNCC1", "C[N+]1(C)CCC1") == {"CN(C)CCCN1CCCCC1", "[H+]"}


def test_an_unsymmetrical_aziridinium_opens_at_both_carbons() -> None:
    products = gives("strained-ring-opening-anion", "[Cl-]", "CC1C[N+]1(C)C")
    assert products == {"CC(Cl)CN(C)C", "CC(CCl)N(C)C"}


def test_an_acrylamide_with_a_free_amino_end_closes_to_the_diazepanone() -> None:
    assert gives("aza-michael", "C=CC(=O)N(CCN)C(C)C") == {"CC(C)N1CCNCCC1=O"}
    assert apply(rule("aza-michael"), ("C=CC(=O)N(CCN)C(C)C",))[0].ring == 7


def test_an_amino_ester_closes_to_the_seven_membered_lactam() -> None:
    reactions = apply(rule("ester-aminolysis"), ("COC(=O)CCNCCN",))
    assert {(r.ring, r.products) for r in reactions} == {(7, ("CO", "O=C1CCNCCN1"))}


def test_a_halide_on_a_stereocentre_is_inverted() -> None:
    assert gives("amine-alkylation", "CN", "C[C@H](Br)CC") == {"Br", "CC[C@@H](C)NC"}
    assert gives("azetidine-closure", "CNCC[C@@H](C)Br") == {"Br", "C[C@H]1CCN1C"}


def test_two_inversions_through_an_aziridinium_keep_the_configuration() -> None:
    closed = gives("aziridinium-closure", "CN(C)C[C@H](C)Cl") - {"[Cl-]"}
    (cation,) = closed
    opened = gives("strained-ring-opening-anion", "[Cl-]", cation)
    assert canonical("CN(C)C[C@H](C)Cl") in opened
    assert canonical("CN(C)C[C@@H](C)Cl") not in opened
