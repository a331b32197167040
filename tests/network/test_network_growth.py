from __future__ import annotations

import time
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mini_rules import ALKYLATIONS, RULES, card
from rdkit import Chem
from rdkit.Chem.rdChemReactions import ReactionFromSmarts

from ringside.chem.mass import charge, heavy_atoms
from ringside.chem.molecule import canonical, mol
from ringside.network.families import OLIGOMER
from ringside.network.grow import Caps, grow
from ringside.network.growth import Upper
from ringside.network.lineage import residues
from ringside.network.nouns import Gate, Network
from ringside.network.rule import read_rule

ALL = tuple(RULES.values())
SEVEN, FOURTEEN, TWENTY_ONE = (
    canonical("C1CNCCNC1"),
    canonical("C1CNCCNCCCNCCNC1"),
    canonical("C1CNCCNCCCNCCNCCCNCCNC1"),
)
MONOMERS = [["NCCNCCCBr"], ["NCCN", "BrCCCBr"]]


def elements(smiles: tuple[str, ...]) -> tuple[Counter[str], int]:
    counts: Counter[str] = Counter()
    for one in smiles:
        for atom in Chem.AddHs(mol(one)).GetAtoms():
            counts[atom.GetSymbol()] += 1
    return counts, sum(charge(one) for one in smiles)


@settings(max_examples=15, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["C1CNCCNC1", "NCCN", "BrCCCBr", "BrCc1ccccc1", "C=O", "O=Cc1ccccc1", "C[BH3-]", "[I-]", "CN(C)CCCCl"]
        ),
        min_size=1,
        max_size=4,
        unique=True,
    ),
    st.randoms(use_true_random=False),
)
def test_whatever_grows_balances_is_closed_and_does_not_depend_on_order(seeds: list[str], random):
    caps = Caps(max_species=40, max_generations=3, max_events=600)
    network = grow(seeds, ALL, caps=caps)
    shuffled, rules = list(seeds), list(ALL)
    random.shuffle(shuffled)
    random.shuffle(rules)
    assert grow([*shuffled, shuffled[0]], rules, caps=caps) == network
    assert list(network.species) == sorted(set(network.species))
    assert len(network.species) <= 40 + len(network.families)
    for reaction in network.reactions:
        assert set(reaction.reactants) | set(reaction.products) <= set(network.species)
        if OLIGOMER not in reaction.products:
            assert elements(reaction.reactants) == elements(reaction.products)
    assert len({r.id for r in network.reactions}) == len(network.reactions)


def test_growing_what_has_grown_adds_nothing():
    network = grow(["C1CNCCNC1", "BrCc1ccccc1"], ALKYLATIONS)
    again = grow(network.species, ALKYLATIONS)
    assert (again.species, again.reactions) == (network.species, network.reactions)
    assert network.not_enumerated == ()


def test_benzylation_of_homopiperazine_gives_mono_bis_and_quaternary_products():
    network = grow(["C1CNCCNC1", "BrCc1ccccc1"], ALKYLATIONS)
    for product in ("C1CNCCN(C1)Cc1ccccc1", "c1ccccc1CN1CCCN(CC1)Cc1ccccc1", "c1ccccc1C[N+]1(Cc2ccccc2)CCCNCC1"):
        assert canonical(product) in network.species
    assert {"Br", "[Br-]"} <= set(network.species)


def ring(network: Network, product: str) -> set[int | None]:
    return {r.ring for r in network.reactions if product in r.products and r.ring is not None}


@pytest.mark.parametrize("seeds", MONOMERS)
def test_rings_of_7_14_and_21_members_are_enumerated(seeds: list[str]):
    network = grow(seeds, ALKYLATIONS)
    assert ring(network, SEVEN) == {7}
    assert ring(network, FOURTEEN) == {14}
    assert ring(network, TWENTY_ONE) == {21}
    assert "NCCN1CCC1" in network.species


@pytest.mark.parametrize("seeds", MONOMERS)
def test_longer_chains_are_lumped_with_their_repeat_unit(seeds: list[str]):
    network = grow(seeds, ALKYLATIONS)
    (family,) = network.families
    assert family.id == OLIGOMER
    assert family.repeat == "C5H12N2"
    assert OLIGOMER in network.species
    held = residues(network, seeds, ALKYLATIONS)
    lumped = [r for r in network.reactions if OLIGOMER in r.products]
    assert lumped
    for reaction in lumped:
        total = sum(n for s in reaction.reactants for n in held[s].values())
        assert reaction.units == pytest.approx(total / len(seeds))
        assert set(reaction.products) - {OLIGOMER} <= {"Br", "[Br-]"}


def test_residues_are_conserved_by_every_reaction():
    seeds = ["NCCN", "BrCCCBr"]
    network = grow(seeds, ALKYLATIONS, caps=Caps(max_residues=2))
    held = residues(network, seeds, ALKYLATIONS)
    assert held[FOURTEEN] == {"BrCCCBr": 2, "NCCN": 2}
    assert held["Br"] == {}

    def total(side: tuple[str, ...]) -> Counter[str]:
        return sum((Counter(held[s]) for s in side), Counter())

    for reaction in network.reactions:
        if OLIGOMER not in reaction.products:
            assert total(reaction.reactants) == total(reaction.products)


def test_growth_finds_all_that_the_toolkits_own_engine_finds():
    def small(smiles: str) -> bool:
        nitrogen = sum(a.GetAtomicNum() == 7 for a in mol(smiles).GetAtoms()) // 2
        carbon = sum(a.GetAtomicNum() == 6 for a in mol(smiles).GetAtoms())
        return max(nitrogen, (carbon - 2 * nitrogen) // 3) <= 2 and abs(charge(smiles)) <= 2

    caps = Caps(max_residues=2, max_species=1000, max_events=100000, max_generations=20)
    network = grow(["NCCN", "BrCCCBr"], ALKYLATIONS, caps=caps)
    assert set(network.species) - {OLIGOMER} == enumerated({"NCCN", "BrCCCBr"}, small)


def enumerated(species: set[str], small) -> set[str]:
    """Grow by brute force, with RDKit's templates in place of the project's."""
    engines = []
    for rule in ALKYLATIONS:
        left, right = rule.smarts.split(">>")
        engines.append((ReactionFromSmarts(f"({left})>>({right})"), ReactionFromSmarts(f"{left}>>({right})")))
    while True:
        found: set[str] = set()
        for a in sorted(species):
            for reactants in [(a,), *((a, b) for b in sorted(species))]:
                for pair in engines:
                    found |= products(pair[len(reactants) - 1], reactants, small)
        if found <= species:
            return species
        species = species | found


def products(engine, reactants: tuple[str, ...], small) -> set[str]:
    found: set[str] = set()
    for (made,) in engine.RunReactants(tuple(mol(s) for s in reactants), maxProducts=5000):
        try:
            Chem.SanitizeMol(made)
        except ValueError:
            continue
        parts = {canonical(part) for part in Chem.MolToSmiles(made).split(".")}
        if all(small(part) for part in parts):
            found |= parts
    return found


def test_the_caps_on_size_and_charge_are_told():
    network = grow(["C1CNCCNC1", "BrCc1ccccc1"], ALKYLATIONS, caps=Caps(max_heavy_atoms=15, max_charge=0))
    assert all(heavy_atoms(s) <= 15 for s in network.species)
    assert all(charge(s) == 0 for s in network.species)
    assert any("heavy atoms" in why for _, why in network.not_enumerated)


def test_the_cap_on_generations_is_told():
    network = grow(["C1CNCCNC1", "BrCc1ccccc1"], ALKYLATIONS, caps=Caps(max_generations=1))
    assert len(network.species) == 4
    assert any("1 generations" in why for _, why in network.not_enumerated)


def test_a_species_that_cannot_amount_to_anything_is_kept_but_not_grown():
    mono = canonical("C1CNCCN(C1)Cc1ccccc1")

    def active(network: Network) -> Upper:
        amount = {s: 1e-6 if s == mono else 1.0 for s in network.species}
        return Upper(amount, amount)

    network = grow(["C1CNCCNC1", "BrCc1ccccc1"], ALKYLATIONS, active=active)
    assert mono in network.species
    assert not any(mono in r.reactants for r in network.reactions)
    assert any(mono in what and "0.001" in why for what, why in network.not_enumerated)


def test_two_scarce_species_are_not_tried_together():
    def active(network: Network) -> Upper:
        amount = dict.fromkeys(network.species, 5e-3)
        return Upper(amount, amount)

    network = grow(["C1CNCCNC1", "BrCc1ccccc1"], ALKYLATIONS, active=active)
    assert network.reactions == ()
    assert any("too scarce" in why for _, why in network.not_enumerated)


def test_where_there_is_no_room_the_more_abundant_species_stay():
    wanted = canonical("C1CNCCN(C1)Cc1ccccc1")

    def active(network: Network) -> Upper:
        stay = (wanted, "Br", "C1CNCCNC1", "BrCc1ccccc1", "CI")
        amount = {s: 1.0 if s in stay else 0.01 for s in network.species}
        return Upper(amount, amount)

    network = grow(["C1CNCCNC1", "BrCc1ccccc1", "CI"], ALKYLATIONS, active=active, caps=Caps(max_species=5))
    assert wanted in network.species
    assert len(network.species) == 5
    assert any("only 5 fit" in why for _, why in network.not_enumerated)


def test_rules_behind_a_shut_gate_are_not_used_and_that_is_told():
    gated = [replace(rule, gate=Gate(any_of=("solvent-class:polar",))) for rule in ALKYLATIONS]
    shut = grow(["C1CNCCNC1", "BrCc1ccccc1"], gated)
    assert shut.reactions == ()
    product, reason = shut.not_enumerated[0]
    assert product.startswith("c1ccc(CN2CCCNCC2)cc1 (")
    assert reason == "needs solvent-class:polar"
    assert grow(["C1CNCCNC1", "BrCc1ccccc1"], gated, features=frozenset({"solvent-class:polar"})).reactions


def test_a_reversible_rule_puts_both_directions_into_the_network():
    network = grow(["C1CNCCNC1", "C=O"], [RULES["hemiaminal"]])
    forward = {r.id for r in network.reactions if r.reverse_of is None}
    backward = [r for r in network.reactions if r.reverse_of is not None]
    assert {r.reverse_of for r in backward} == forward
    assert {r.rate for r in backward} == {"hemiaminal-loss"}


def test_an_exchange_that_is_its_own_reverse_is_not_told_twice():
    rule = replace(RULES["halide-exchange"], reverse_rate="halide-exchange")
    network = grow(["[I-]", "CBr"], [rule])
    shape = Counter((r.reactants, r.products) for r in network.reactions)
    assert len(network.reactions) == 2
    assert set(shape.values()) == {1}


@pytest.mark.parametrize(("seed", "bridged"), [("C1CNCCNC1", "C1CN2CCN(C1)C2"), ("NCCN", None)])
def test_formaldehyde_bridges_both_nitrogens_of_homopiperazine(seed: str, bridged: str | None):
    rules = [RULES["hemiaminal"], RULES["iminium"], RULES["aminal"]]
    closed = {r.products[0]: r.ring for r in grow([seed, "C=O"], rules).reactions if r.rule == "aminal" and r.ring}
    assert closed.get(canonical("C1CN2CCN(C1)C2")) == (5 if bridged else None)


def test_a_flask_that_would_explode_ends_within_seconds():
    seeds = ["NCCNCCN", "NCCCN", "BrCCCBr", "BrCCBr", "ClCc1cccc(CCl)c1", "C1CNCCNC1", "BrCC(Br)CBr"]
    began = time.perf_counter()
    network = grow(seeds, ALKYLATIONS)
    assert time.perf_counter() - began < 10
    assert len(network.species) <= Caps().max_species + 1
    assert 1 <= len(network.not_enumerated) <= 20


def test_rules_that_break_balance_are_reported():
    lossy = read_rule(card("lossy", "[N;X3;H2:1].[C;X4:2][Br:3]>>[N:1][C:2].[*-:3]"), file="x.toml")
    network = grow(["CN", "CBr"], [lossy])
    assert network.reactions == ()
    assert ("1 events of the rule lossy", "does not balance") in network.not_enumerated
