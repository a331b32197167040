"""The shipped rule cards: they read, react on their examples, spare their look-alikes and balance."""

import csv
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from ringside.chem.mass import charge
from ringside.chem.molecule import mol
from ringside.network.nouns import Rule
from ringside.network.rule import apply, read_rule, shows
from ringside.record.toml import read_toml

KNOWLEDGE = Path(__file__).parents[2] / "src" / "ringside" / "knowledge"
CARDS = sorted((KNOWLEDGE / "rules").glob("*.toml"))
FIXED_FEATURES = ("role:", "element:", "solvent:", "solvent-class:", "atmosphere:")


@cache
def rule_of(path: Path) -> Rule:
    return read_rule(read_toml(path), file=path.name)


def rows(*parts: str) -> list[dict[str, str]]:
    with (KNOWLEDGE / "data").joinpath(*parts).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(line for line in stream if not line.startswith("#")))


def source_keys() -> set[str]:
    files = sorted((KNOWLEDGE / "data" / "sources").glob("*.csv"))
    return {row["key"] for file in files for row in rows("sources", file.name)} | {"judgement", "seed"}


def atoms(smiles: tuple[str, ...]) -> Counter[str]:
    total: Counter[str] = Counter()
    for one in smiles:
        for atom in mol(one).GetAtoms():
            total[atom.GetSymbol()] += 1
            total["H"] += atom.GetTotalNumHs()
        total["charge"] += charge(one)
    return total


def each(kind: str) -> list[object]:
    found: list[object] = []
    for path in CARDS:
        card = read_toml(path)
        found += [pytest.param(path, n, id=f"{path.stem}-{n}") for n in range(len(card[kind]))]
    return found


def test_there_are_enough_cards_and_each_file_is_named_by_its_id() -> None:
    assert len(CARDS) >= 32
    assert [rule_of(path).id for path in CARDS] == [path.stem for path in CARDS]


@pytest.mark.parametrize("path", CARDS, ids=lambda p: p.stem)
def test_a_card_says_what_it_claims_and_when_it_is_wrong(path: Path) -> None:
    rule = rule_of(path)
    assert rule.claims.endswith(".")
    assert rule.wrong_when.endswith(".")
    assert rule.examples
    assert rule.counter_examples


@pytest.mark.parametrize("path", CARDS, ids=lambda p: p.stem)
def test_every_source_of_a_card_is_on_file(path: Path) -> None:
    rule, known = rule_of(path), source_keys()
    cited = [*rule.sources, *(e.source for e in (*rule.examples, *rule.counter_examples))]
    assert {text.split(":")[0] for text in cited} <= known


@pytest.mark.parametrize("path", CARDS, ids=lambda p: p.stem)
def test_every_rate_of_a_card_is_a_known_family(path: Path) -> None:
    rule = rule_of(path)
    families = {row["id"] for row in rows("rates", "families.csv")}
    assert {rule.rate, rule.reverse_rate or rule.rate} <= families


@pytest.mark.parametrize("path", CARDS, ids=lambda p: p.stem)
def test_a_gate_names_only_features_that_exist(path: Path) -> None:
    rule = rule_of(path)
    known = {f"{where}:{row['id']}" for row in rows("features.csv") for where in ("has", "solvent-has")}
    known |= {f"material:{row['name']}" for row in rows("reagents.csv")}
    known |= {f"atmosphere:{row['atmosphere']}" for row in rows("gases.csv")}
    for gate in (rule.gate, *(c.when for c in rule.conditions)):
        named = {*gate.any_of, *gate.all_of, *gate.none_of}
        assert {f for f in named if not f.startswith(FIXED_FEATURES)} <= known


@pytest.mark.parametrize("path", CARDS, ids=lambda p: p.stem)
def test_a_reviewed_card_has_a_recorded_example_from_a_source_that_was_read(path: Path) -> None:
    rule = rule_of(path)
    files = sorted((KNOWLEDGE / "data" / "sources").glob("*.csv"))
    read = {r["key"] for f in files for r in rows("sources", f.name) if r["read_as"] != "not opened"} - {"judgement"}
    recorded = any(e.source.split(":")[0] in read for e in rule.examples)
    assert recorded or rule.status == "draft"


@pytest.mark.parametrize(("path", "number"), each("example"))
def test_an_example_gives_its_product(path: Path, number: int) -> None:
    rule = rule_of(path)
    assert shows(rule, rule.examples[number])


@pytest.mark.parametrize(("path", "number"), each("counter_example"))
def test_a_look_alike_does_not_give_its_product(path: Path, number: int) -> None:
    rule = rule_of(path)
    assert not shows(rule, rule.counter_examples[number])


@pytest.mark.parametrize("path", CARDS, ids=lambda p: p.stem)
def test_every_event_of_the_examples_balances_atoms_and_charge(path: Path) -> None:
    rule = rule_of(path)
    reactions = [r for e in rule.examples for r in apply(rule, e.reactants)]
    assert reactions
    for reaction in reactions:
        assert atoms(reaction.reactants) == atoms(reaction.products)


def test_reversible_cards_give_each_event_both_ways() -> None:
    for path in CARDS:
        rule = rule_of(path)
        for example in rule.examples:
            found = apply(rule, example.reactants)
            back = [r for r in found if r.reverse_of]
            assert len(back) == (len(found) - len(back) if rule.reverse_rate else 0)
