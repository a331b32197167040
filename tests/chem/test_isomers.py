"""Stereoisomers that a column could tell apart, and rotamers that it cannot."""

import pytest

from ringside.chem.isomers import rotamers, stereoisomers


@pytest.mark.parametrize(
    ("smiles", "labels"),
    [
        ("CC1CNCC(C)N1", ["meso, cis", "trans"]),
        ("CC1NCCCNC1C", ["meso, cis", "trans"]),
        ("CC1CNC(C)CN1", ["cis", "meso, trans"]),
        ("CC1CCC(C)N1", ["meso, cis", "trans"]),
        ("CC1CC(C)NCCN1", ["meso, cis", "trans"]),
        ("CC1CNCCCN1", []),
        ("C1CNCCNC1", []),
        ("OC(=O)C(O)C(O)C(=O)O", ["(R*,R*)", "meso"]),
        ("C[C@@H]1CNC[C@H](C)N1", []),
        ("CN=Cc1ccccc1", ["E", "Z"]),
        ("CC(=O)C=C(C)NC", ["E", "Z"]),
        ("CCC=CCC", ["E", "Z"]),
        ("C1CCC=CC1", []),
        ("ON=C(C)c1ccccc1", ["E", "Z"]),
        ("c1ccc(CN2CCCNCC2)cc1", []),
        ("C1CN2CCN(C1)C2", []),
        ("CN1CCN(C)CC1", []),
        ("CCN(C)Cc1ccccc1", []),
        ("CC[N+](C)(Cc1ccccc1)CC(C)O", ["(R*,R*)", "(R*,S*)"]),
        ("C[C@H]1CNCC(C)N1", ["meso, cis", "trans"]),
    ],
)
def test_isomers_are_named_with_enantiomers_folded(smiles, labels):
    assert [i.label for i in stereoisomers(smiles)] == labels


def test_imines_and_enaminones_turn_over_and_oximes_and_alkenes_do_not():
    for fast in ("CN=Cc1ccccc1", "CC(=O)C=C(C)NC"):
        assert all(i.interconverts for i in stereoisomers(fast))
    for slow in ("ON=C(C)c1ccccc1", "CCC=CCC", "CC1CNCC(C)N1"):
        assert not any(i.interconverts for i in stereoisomers(slow))


def test_too_many_isomers_are_not_told_apart():
    assert stereoisomers("CC(O)C(O)C(O)C(O)C(O)C(O)C(O)C") == ()
    assert len(stereoisomers("CC(O)C(O)C(C)O", limit=16)) > 2


@pytest.mark.parametrize(
    ("smiles", "words"),
    [
        ("CC(C)(C)OC(=O)N1CCCNCC1", ["Boc"]),
        ("CC(C)(C)OC(=O)N1CCNCC1", []),
        ("O=C(OCc1ccccc1)N1CCCNCC1", ["Cbz"]),
        ("O=CN1CCCNCC1", ["amide"]),
        ("CC(=O)N1CCNCC1", []),
        ("O=NN1CCCNCC1", ["nitrosamine"]),
        ("CC(=O)NC", []),
    ],
)
def test_slow_rotation_is_told_where_both_places_differ(smiles, words):
    notes = rotamers(smiles)
    assert [note.split()[0] for note in notes] == words
