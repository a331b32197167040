"""Atom maps of reactions, and what could form beyond a network."""

import pytest
from mini_rules import RULES
from rdkit import Chem

from ringside.network.grow import grow
from ringside.network.mapping import mapped
from ringside.network.search import steps_to, widen

SEEDS = ["C1CNCCNC1", "C=O", "BrCc1ccccc1"]


def numbers(side: tuple[str, ...]) -> dict[int, tuple[int, bool]]:
    """Return element and aromaticity of each numbered atom."""
    found: dict[int, tuple[int, bool]] = {}
    for smiles in side:
        for atom in Chem.MolFromSmiles(smiles).GetAtoms():
            if atom.GetAtomMapNum():
                assert atom.GetAtomMapNum() not in found
                found[atom.GetAtomMapNum()] = (atom.GetAtomicNum(), atom.GetIsAromatic())
    return found


def test_every_heavy_atom_of_a_reaction_keeps_its_number_and_element():
    network = grow(SEEDS, list(RULES.values()))
    forward = {r.id: r for r in network.reactions}
    assert len(network.reactions) > 20
    for reaction in network.reactions:
        found = mapped(reaction, RULES, forward.get(reaction.reverse_of or ""))
        before, after = numbers(found.reactants), numbers(found.products)
        assert before == after
        assert set(found.centre) <= set(before)


def test_the_reverse_of_a_reaction_is_mapped_backwards():
    network = grow(SEEDS, list(RULES.values()))
    back = next(r for r in network.reactions if r.reverse_of is not None)
    there = next(r for r in network.reactions if r.id == back.reverse_of)
    forward, backward = mapped(there, RULES), mapped(back, RULES, there)
    assert (forward.reactants, forward.products) == (backward.products, backward.reactants)


def test_the_atoms_that_react_are_marked():
    reaction = grow(["C1CNCCNC1", "BrCc1ccccc1"], [RULES["sn2"]]).reactions[0]
    found = mapped(reaction, RULES)
    elements = {
        atom.GetAtomMapNum(): atom.GetSymbol() for s in found.reactants for atom in Chem.MolFromSmiles(s).GetAtoms()
    }
    assert sorted(elements[n] for n in found.centre) == ["Br", "C", "N"]


def test_a_search_goes_as_many_steps_as_it_is_asked_to():
    base = ["C1CNCCNC1", "BrCc1ccccc1"]
    rules = [RULES["sn2"]]
    one = widen(base, base, rules, rounds=1, max_events=100, max_atoms=60)
    two = widen(base, base, rules, rounds=2, max_events=100, max_atoms=60)
    double = "c1ccc(CN2CCCN(Cc3ccccc3)CC2)cc1"
    assert double not in one.makers
    assert [r.products for r in steps_to(double, two.makers)] == [
        ("Br", "c1ccc(CN2CCCNCC2)cc1"),
        ("Br", double),
    ]
    assert one.complete
    assert steps_to("C1CNCCNC1", two.makers) == ()


def test_a_search_that_is_cut_off_says_so():
    base = ["C1CNCCNC1", "BrCc1ccccc1", "BrCCCBr"]
    found = widen(base, base, list(RULES.values()), rounds=3, max_events=5, max_atoms=60)
    assert not found.complete


@pytest.mark.parametrize("atoms", [10, 14])
def test_a_search_leaves_out_what_is_too_large(atoms):
    base = ["C1CNCCNC1", "BrCc1ccccc1"]
    found = widen(base, base, [RULES["sn2"]], rounds=2, max_events=100, max_atoms=atoms)
    assert ("c1ccc(CN2CCCNCC2)cc1" in found.makers) == (atoms == 14)
