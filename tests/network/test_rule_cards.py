from __future__ import annotations

import pytest
from mini_rules import CARDS, card

from ringside.errors import BadKnowledge
from ringside.network.gates import holds, open_rules
from ringside.network.nouns import Gate
from ringside.network.rule import read_rule, shows

SN2 = CARDS["sn2"]


def complaints(bad: dict[str, object]) -> set[tuple[str, str]]:
    with pytest.raises(BadKnowledge) as caught:
        read_rule(bad, file="bad.toml")
    return {(c.file, c.field) for c in caught.value.complaints}


def test_a_sound_card_becomes_a_rule_with_canonical_examples():
    example = {"reactants": ["C(CN)N", "C(Br)CCBr"], "product": "BrCCCNCCN", "source": "judgement"}
    rule = read_rule({**SN2, "gate": {"any_of": ["has:dihalide"]}, "example": [example]}, file="sn2.toml")
    assert rule.rings == (3, 24)
    assert rule.gate == Gate(any_of=("has:dihalide",))
    assert rule.examples[0].reactants == ("NCCN", "BrCCCBr")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"colour": "red"}, "colour"),
        ({"title": ""}, "title"),
        ({"status": "perhaps"}, "status"),
        ({"sources": []}, "sources"),
        ({"rings": [2, 7]}, "rings"),
        ({"rings": [9, 7]}, "rings"),
        ({"gate": {"all_of": []}}, "gate.all_of"),
        ({"example": [{"reactants": ["NCC"], "product": "C1CC"}]}, "example[1]"),
        ({"example": [{"reactants": ["NCC"]}]}, "example[1]"),
        ({"status": "reviewed"}, "counter_example"),
        ({"reverse_rate": 3}, "reverse_rate"),
    ],
)
def test_a_fault_in_a_card_is_named_with_file_and_field(change: dict[str, object], field: str):
    assert ("bad.toml", field) in complaints({**SN2, **change})


def test_all_faults_of_a_card_are_named_at_once():
    assert {("bad.toml", "title"), ("bad.toml", "rings")} <= complaints({**SN2, "title": "", "rings": [1]})


@pytest.mark.parametrize(
    "smarts",
    [
        "not a reaction",
        "[N:1].[C:2][Br:3]>>[N:1][C:2]",
        "[N:1]C.[C:2][Br:3]>>[N:1][C:2].[Br:3]",
        "[N:1].[C:1][Br:3]>>[N:1][C:2].[Br:3]",
        "[N:1].[C:2].[Br:3]>>[N:1][C:2].[Br:3]",
        "[N:1].[C:2][Br:3]>>[N:1].[C:2][Br:3]",
        "[N:1].[C:2][Br:3]>>[N:1][C:2].[Cl:3]",
    ],
)
def test_smarts_that_cannot_balance_are_refused(smarts: str):
    assert ("bad.toml", "smarts") in complaints(card("x", smarts))


def test_a_rule_shows_its_example_in_either_order_and_not_a_look_alike():
    example = {"reactants": ["BrCCCBr", "NCCN"], "product": "NCCNCCCBr"}
    look_alike = {"reactants": ["CC(N)=O", "CBr"], "product": "CNC(C)=O"}
    rule = read_rule({**SN2, "example": [example], "counter_example": [look_alike]}, file="sn2.toml")
    assert shows(rule, rule.examples[0])
    assert not shows(rule, rule.counter_examples[0])


def test_a_gate_needs_one_of_any_and_none_of_none():
    gate = Gate(any_of=("has:aldehyde", "has:ketone"), none_of=("element:Pd",))
    assert holds(gate, {"has:ketone"})
    assert not holds(gate, {"has:ester"})
    assert not holds(gate, {"has:ketone", "element:Pd"})
    assert holds(Gate(), set())


def test_retired_rules_never_apply_and_shut_ones_are_told():
    shut = read_rule({**SN2, "id": "shut", "gate": {"any_of": ["has:nothing"]}}, file="shut.toml")
    retired = read_rule({**SN2, "id": "old", "status": "retired"}, file="old.toml")
    usual = read_rule(SN2, file="sn2.toml")
    opened, left = open_rules([usual, retired, shut], frozenset())
    assert [rule.id for rule in opened] == ["sn2"]
    assert [what for what, _ in left] == ["1 rules"]
