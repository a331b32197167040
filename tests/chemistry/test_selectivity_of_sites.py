"""Which positions react, and in how many ways."""

import pytest
from shipped import flask, forms, gives, rule

from ringside.network.rule import apply


def test_dichloropyrimidine_reacts_at_both_positions_and_twice() -> None:
    network = flask("Clc1ccnc(Cl)n1", "CC(C)(C)OC(=O)N1CCNCC1", generations=3)
    boc = "CC(C)(C)OC(=O)N1CCN({})CC1"
    assert forms(network, boc.format("c2ccnc(Cl)n2"))
    assert forms(network, boc.format("c2nccc(Cl)n2"))
    assert forms(network, "CC(C)(C)OC(=O)N1CCN(c2ccnc(N3CCN(C(=O)OC(C)(C)C)CC3)n2)CC1")


@pytest.mark.parametrize(
    "arene", ["Clc1cccnc1", "Clc1cncnc1", "O=[N+]([O-])c1cccc(F)c1", "Brc1ccccc1", "COc1ccc(F)cc1", "N#Cc1ccc(Cl)cc1"]
)
def test_unactivated_positions_stay(arene: str) -> None:
    assert gives("snar", "C1CCNCC1", arene) == set()


@pytest.mark.parametrize(
    "arene", ["Clc1ccccn1", "Clc1ccncc1", "O=[N+]([O-])c1ccc(F)cc1", "N#Cc1ccc(F)cc1", "Clc1ncncn1", "Clc1nc2ccccc2s1"]
)
def test_activated_positions_react(arene: str) -> None:
    assert len(gives("snar", "C1CCNCC1", arene)) == 2


def test_both_nitrogens_of_homopiperazine_count_once_with_degeneracy_two() -> None:
    reactions = apply(rule("amine-alkylation"), ("C1CNCCNC1", "CI"))
    assert [r.degeneracy for r in reactions] == [2]


def test_boc_leaves_an_unsymmetrical_diamine_at_either_nitrogen() -> None:
    assert gives("boc-protection", "CC1CNCCN1", "CC(C)(C)OC(=O)OC(=O)OC(C)(C)C") >= {
        "CC1CN(C(=O)OC(C)(C)C)CCN1",
        "CC1CNCCN1C(=O)OC(C)(C)C",
    }


def test_anilines_react_and_aminopyridines_do_not() -> None:
    assert gives("amine-alkylation", "Nc1ccccc1", "CI") == {"CNc1ccccc1", "I"}
    assert gives("amine-alkylation", "Nc1ccccn1", "CI") == set()


def test_morpholine_in_dichloromethane_ends_as_the_aminal() -> None:
    network = flask("C1COCCN1", "ClCCl", generations=5)
    assert set(network.species) == {"C1COCCN1", "ClCCl", "ClCN1CCOCC1", "C1CN(CN2CCOCC2)CCO1", "Cl"}


def test_homopiperazine_and_benzyl_bromide_give_five_amines_and_salts() -> None:
    network = flask("C1CNCCNC1", "BrCc1ccccc1", generations=4)
    organic = [s for s in network.species if s not in {"Br", "[Br-]", "[H+]", "C1CNCCNC1", "BrCc1ccccc1"}]
    assert sorted(s.count("+") for s in organic) == [0, 0, 1, 1]
