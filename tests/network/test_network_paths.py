from __future__ import annotations

from ringside.network.nouns import Network, Reaction
from ringside.network.paths import leads_to, path_to, reach


def step(name: str, reactants: str, products: str, reverse_of: str | None = None) -> Reaction:
    return Reaction(name, f"rule-{name}", "x", tuple(reactants), tuple(products), 1, None, (), reverse_of)


NETWORK = Network(
    ("A", "B", "C", "D", "E", "P", "X"),
    (
        step("ab", "AB", "C"),
        step("cd", "C", "D"),
        step("dp", "D", "P"),
        step("cp", "C", "P"),
        step("ep", "EA", "P"),
        step("pc", "P", "C"),
        step("xx", "X", "X"),
    ),
)


def test_the_path_with_the_largest_flux_is_told_in_order():
    flux = {"ab": 1.0, "cd": 0.7, "dp": 0.7, "cp": 0.1, "pc": 5.0}
    assert path_to(NETWORK, "P", flux, ("A", "B")) == ("rule-ab", "rule-cd", "rule-dp")


def test_without_flux_the_shortest_path_is_told():
    assert path_to(NETWORK, "P", {}, ("A", "B")) == ("rule-ab", "rule-cp")


def test_a_tree_holds_the_branches_of_both_reactants():
    network = Network((), (step("a", "S", "A"), step("b", "T", "B"), step("ab", "AB", "P")))
    assert sorted(path_to(network, "P", {}, ("S", "T"))[:2]) == ["rule-a", "rule-b"]
    assert path_to(network, "P", {}, ("S", "T"))[-1] == "rule-ab"


def test_seeds_and_what_cannot_be_reached_have_no_path():
    assert path_to(NETWORK, "A", {}, ("A", "B")) == ()
    assert path_to(NETWORK, "X", {}, ("A", "B")) == ()


def test_a_reaction_that_only_runs_to_and_fro_is_not_the_main_path():
    network = Network((), (step("f", "A", "P"), step("r", "P", "A", "f"), step("g", "A", "B"), step("h", "B", "P")))
    flux = {"f": 100.0, "r": 99.99, "g": 0.5, "h": 0.5}
    assert path_to(network, "P", flux, ("A",)) == ("rule-g", "rule-h")


def test_reach_and_what_leads_to():
    assert reach(NETWORK, ("A", "B")) == {"A", "B", "C", "D", "P"}
    assert leads_to(NETWORK, "D") == {"D", "C", "A", "B", "P", "E"}
