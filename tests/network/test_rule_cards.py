from __future__ import annotations

import pytest
from mini_rules import CARDS, card

from ringside.errors import BadKnowledge
from ringside.network.gates import because, holds, open_rules
from ringside.network.grow import grow
from ringside.network.nouns import Gate
from ringside.network.rule import apply, read_rule, shows

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
        ({"gate": {"some_of": []}}, "gate.some_of"),
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


def test_a_gate_needs_everything_in_all_of():
    gate = Gate(any_of=("element:Pd", "element:Ni"), all_of=("atmosphere:H2",))
    assert holds(gate, {"element:Ni", "atmosphere:H2"})
    assert not holds(gate, {"element:Ni"})
    assert because(gate, {"element:Ni"}) == "needs atmosphere:H2"
    assert because(gate, set()) == "needs atmosphere:H2 and element:Pd or element:Ni"


def test_a_card_says_in_its_own_words_why_its_gate_is_shut():
    gate = {"none_of": ["role:base"], "because": "the base takes up the acid"}
    rule = read_rule({**SN2, "gate": gate}, file="sn2.toml")
    assert because(rule.gate, {"role:base"}) == "the base takes up the acid"
    assert because(Gate(none_of=("role:base",)), {"role:base"}) == "does not run beside role:base"


def test_a_condition_must_say_how_much_how_surely_why_and_whence():
    condition = {"any_of": ["role:base"], "log10": -2, "sd": 0.5, "because": "slower", "source": "judgement"}
    rule = read_rule({**SN2, "condition": [condition]}, file="sn2.toml")
    assert rule.conditions[0].when.any_of == ("role:base",)
    for key in ("log10", "sd", "because", "source"):
        with pytest.raises(BadKnowledge) as fault:
            read_rule({**SN2, "condition": [{k: v for k, v in condition.items() if k != key}]}, file="sn2.toml")
        assert [c.field for c in fault.value.complaints] == ["condition[1]"]


def test_retired_rules_never_apply_and_shut_ones_are_told():
    shut = read_rule({**SN2, "id": "shut", "gate": {"any_of": ["has:nothing"]}}, file="shut.toml")
    retired = read_rule({**SN2, "id": "old", "status": "retired"}, file="old.toml")
    usual = read_rule(SN2, file="sn2.toml")
    opened, left = open_rules([usual, retired, shut], frozenset())
    assert [rule.id for rule in opened] == ["sn2"]
    assert [rule.id for rule in left] == ["shut"]


def test_what_a_shut_rule_would_have_made_is_told_with_the_reason():
    gate = {"any_of": ["element:Pd"], "because": "needs palladium"}
    shut = read_rule({**SN2, "id": "shut", "title": "Methylation", "gate": gate}, file="shut.toml")
    network = grow(["CN", "CI"], [shut])
    assert network.not_enumerated == (("CNC (methylation)", "needs palladium"),)
    assert grow(["CC", "CI"], [shut]).not_enumerated == ()


def test_hydrogen_gas_is_taken_up_as_a_second_reactant():
    smarts = "[CX3:1]=[NX2:2].[H][H]>>[C:1]-[N:2]"
    rule = read_rule(
        {**SN2, "id": "h2", "smarts": smarts, "example": [], "counter_example": [], "status": "draft"}, file=""
    )
    (reaction,) = apply(rule, ("CN=Cc1ccccc1", "[H][H]"))
    assert reaction.reactants == ("CN=Cc1ccccc1", "[H][H]")
    assert reaction.products == ("CNCc1ccccc1",)
    assert apply(rule, ("CN=Cc1ccccc1", "O")) == ()
