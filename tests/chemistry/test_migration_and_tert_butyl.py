"""Acyl groups that move, the tert-butyl cation and its catchers, and carbon dioxide with borohydride."""

import pytest
from shipped import flask, forms, gives

STRONG = ("has:strong-acid", "has:carboxylic-acid")
TFA, ISOBUTENE = "O=C(O)C(F)(F)F", "C=C(C)C"


def test_an_acetyl_group_crosses_a_substituted_diazepane_and_a_boc_group_does_not() -> None:
    assert gives("acyl-transfer-diazepane", "CC(=O)N1CC(C)NCCC1") == {"CC(=O)N1CCCNCC1C"}
    assert gives("acyl-transfer-diazepane", "CC(C)(C)OC(=O)N1CC(C)NCCC1") == set()


def test_a_mono_acylated_ethylenediamine_scrambles_and_a_piperazine_does_not() -> None:
    assert gives("acyl-transfer-chain", "CNCCNC(C)=O") == {"CC(=O)N(C)CCN"}
    assert gives("acyl-transfer-chain", "CC(=O)N1CCNC(C)C1") == set()


@pytest.mark.parametrize(
    ("catcher", "caught"),
    [
        ("COc1ccccc1", "COc1ccc(C(C)(C)C)cc1"),
        ("Sc1ccccc1", "CC(C)(C)Sc1ccccc1"),
        ("CSc1ccccc1", "C[S+](c1ccccc1)C(C)(C)C"),
        ("CC[SiH](CC)CC", "CC(C)C"),
    ],
)
def test_what_a_boc_group_sets_free_in_trifluoroacetic_acid_ends_on_the_scavenger(catcher: str, caught: str) -> None:
    network = flask("CC(C)(C)OC(=O)N1CCCNCC1", TFA, catcher, features=STRONG, generations=4)
    assert forms(network, "CC(C)(C)OC(=O)C(F)(F)F")
    assert forms(network, caught)


def test_the_amine_itself_is_not_tert_butylated() -> None:
    network = flask("CC(C)(C)OC(=O)N1CCCNCC1", TFA, features=STRONG, generations=4)
    assert forms(network, "C1CNCCNC1")
    assert not forms(network, "CC(C)(C)N1CCCNCC1")
    assert not forms(network, "O=C(N1CCCNCC1)C(F)(F)F")


def test_without_a_strong_acid_no_tert_butyl_moves() -> None:
    network = flask("CC(C)(C)OC(=O)N1CCCNCC1", "CC(=O)O", "COc1ccccc1", features=("has:carboxylic-acid",))
    assert not forms(network, ISOBUTENE)


def test_borohydride_and_carbon_dioxide_formylate_an_amine_and_carbon_dioxide_alone_does_not() -> None:
    formyl = "CN1CCCN(C=O)CC1"
    assert forms(flask("CN1CCCNCC1", "O=C=O", "[BH4-]"), formyl)
    assert not forms(flask("CN1CCCNCC1", "O=C=O"), formyl)
