from __future__ import annotations

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st
from mini_rules import ALKYLATIONS, RULES, card
from rdkit import Chem
from rdkit.Chem.rdChemReactions import ReactionFromSmarts

from ringside.chem.molecule import canonical, mol
from ringside.network.apply import apply, apply_counted
from ringside.network.nouns import Reaction
from ringside.network.rule import read_rule

SN2 = RULES["sn2"]
MOLECULES = (
    "C1CNCCNC1",
    "CN1CCCNCC1",
    "NCCN",
    "NCCCN",
    "BrCCCBr",
    "NCCNCCCBr",
    "CN(C)CCCBr",
    "BrCc1ccccc1",
    "C[C@H](Br)CC",
    "O=Cc1ccccc1",
    "C=O",
    "OCN1CCCNCC1",
    "C=[N+]1CCCNCC1",
    "C[N+]1(C)CCC1",
    "CC(=O)O[BH-](OC(C)=O)OC(C)=O",
    "CC(C)(C)OC(=O)OC(=O)OC(C)(C)C",
    "O=[N+]([O-])c1ccc(F)cc1",
    "[I-]",
    "[Cl-]",
    "C/C=C/CBr",
    "O=CCCCNC",
)


def elements(smiles: tuple[str, ...]) -> tuple[Counter[str], int]:
    counts: Counter[str] = Counter()
    for one in smiles:
        for atom in Chem.AddHs(mol(one)).GetAtoms():
            counts[atom.GetSymbol()] += 1
    return counts, sum(Chem.GetFormalCharge(mol(one)) for one in smiles)


def only(found: tuple[Reaction, ...], product: str) -> Reaction:
    wanted = canonical(product)
    (reaction,) = [r for r in found if wanted in r.products and r.reverse_of is None]
    return reaction


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted(RULES)), st.sampled_from(MOLECULES), st.sampled_from(MOLECULES))
def test_every_reaction_balances_atoms_and_charge(rule: str, a: str, b: str):
    for reactants in ((a,), (a, b)):
        for reaction in apply(RULES[rule], reactants):
            assert elements(reaction.reactants) == elements(reaction.products)
            assert all(canonical(p) == p for p in reaction.products)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(sorted(RULES)), st.sampled_from(MOLECULES), st.sampled_from(MOLECULES))
def test_products_agree_with_the_toolkits_own_template_engine(rule: str, a: str, b: str):
    left, right = RULES[rule].smarts.split(">>")
    engine = ReactionFromSmarts(f"{left}>>({right})")
    reactants = (canonical(a), canonical(b))[: engine.GetNumReactantTemplates()]
    expected: set[tuple[str, ...]] = set()
    for (made,) in engine.RunReactants(tuple(mol(s) for s in reactants)):
        for atom in made.GetAtoms():
            atom.SetNoImplicit(False)
            if atom.HasProp("old_mapno"):
                atom.SetNumExplicitHs(0)
        try:
            Chem.SanitizeMol(made)
        except ValueError:
            continue
        products = tuple(sorted(canonical(part) for part in Chem.MolToSmiles(made).split(".")))
        if products != tuple(sorted(reactants)) and elements(products) == elements(reactants):
            expected.add(products)
    assert {r.products for r in apply(RULES[rule], reactants) if r.reverse_of is None} == expected


def test_a_diamine_and_a_dihalide_meet_in_four_equal_ways():
    (reaction,) = apply(SN2, ("NCCN", "BrCCCBr"))
    assert reaction.products == ("Br", "NCCNCCCBr")
    assert reaction.degeneracy == 4
    assert reaction.ring is None


def test_sites_name_map_number_reactant_and_atom():
    (reaction,) = apply(SN2, ("CN", "CCBr"))
    found = {
        s.map_number: mol(reaction.reactants[s.reactant]).GetAtomWithIdx(s.atom).GetSymbol() for s in reaction.sites
    }
    assert found == {1: "N", 2: "C", 3: "Br"}


def test_sites_that_are_not_equal_give_reactions_of_their_own():
    found = apply(SN2, ("NCCNC", "CBr"))
    assert sorted((r.products, r.degeneracy) for r in found) == [(("Br", "CN(C)CCN"), 1), (("Br", "CNCCNC"), 1)]


ETHER = read_rule(card("ether", "[O;H1:1].[C;X4:2][O;H1:3]>>[O:1][C:2].[O:3]", rings=[5, 6]), file="x.toml")


def test_unequal_sites_with_the_same_product_stay_apart_and_have_their_own_ids():
    found = apply(ETHER, ("CC(O)CCCO",))
    assert [(r.products, r.degeneracy) for r in found] == [(("CC1CCCO1", "O"), 1)] * 2
    assert len({r.id for r in found}) == 2
    assert [(r.products, r.degeneracy) for r in apply(ETHER, ("OCCCCO",))] == [(("C1CCOC1", "O"), 2)]


def test_a_attacking_b_is_not_b_attacking_a():
    one, other = apply(ETHER, ("CO", "CCO")), apply(ETHER, ("CCO", "CO"))
    assert one[0].products == other[0].products
    assert one[0].id != other[0].id


def test_both_ends_of_a_symmetric_strained_ring_count():
    (reaction,) = apply(RULES["azetidinium-opening"], ("CN", "C[N+]1(C)CCC1"))
    assert reaction.degeneracy == 2
    assert reaction.products == (canonical("CNCCCN(C)C"), "[H+]")


def test_the_intramolecular_twin_closes_seven_and_four_membered_rings():
    found = apply(SN2, ("NCCNCCCBr",))
    assert only(found, "C1CNCCNC1").ring == 7
    assert only(found, "NCCN1CCC1").ring == 4
    assert all(r.reactants == ("NCCNCCCBr",) for r in found)


def test_the_twin_keeps_to_its_ring_sizes():
    narrow = read_rule(card("sn2", SN2.smarts, rings=[5, 7]), file="x.toml")
    assert [r.ring for r in apply(narrow, ("NCCNCCCBr",))] == [7]
    without = read_rule(card("sn2", SN2.smarts), file="x.toml")
    assert apply(without, ("NCCNCCCBr",)) == ()


def test_equal_sites_of_a_twin_with_different_rings_stay_apart():
    found = apply(SN2, ("BrCCCNCCNCCCBr",))
    assert sorted((r.ring, r.degeneracy) for r in found) == [(4, 2), (7, 2)]


def test_a_ring_bond_that_is_cut_gives_one_molecule_without_doubled_atoms():
    (reaction,) = apply(RULES["azetidinium-opening"], ("CN", "CC[N+]1(C)CCC1"))
    assert reaction.products == (canonical("CNCCCN(C)CC"), "[H+]")
    text = card("ring-cut", "[C:1]-[N;X3;!H0:2]>>[C+:1].[N-:2]")
    (cut,) = apply(read_rule(text, file="x.toml"), ("C1CCNC1",))
    assert cut.products == (canonical("[CH2+]CCC[NH-]"),)


def test_an_event_that_loses_hydrogen_is_rejected_and_counted():
    lossy = read_rule(card("lossy", "[N;X3;H2:1].[C;X4:2][Br:3]>>[N:1][C:2].[*-:3]"), file="x.toml")
    applied = apply_counted(lossy, ("CN", "CBr"))
    assert applied.events == ()
    assert applied.refused == {"does not balance": 1}


def test_a_tertiary_amine_is_quaternised_with_its_counter_ion():
    (reaction,) = apply(RULES["quaternisation"], ("CN(C)C", "BrCc1ccccc1"))
    assert reaction.products == ("C[N+](C)(C)Cc1ccccc1", "[Br-]")


def test_a_tertiary_haloamine_closes_to_the_azetidinium():
    (reaction,) = apply(RULES["quaternisation"], ("CN(C)CCCBr",))
    assert (reaction.products, reaction.ring) == (("C[N+]1(C)CCC1", "[Br-]"), 4)


def test_substitution_inverts_a_stereocentre():
    (reaction,) = apply(SN2, ("CN", "CC[C@H](C)Br"))
    (amine,) = [p for p in reaction.products if "N" in p]
    labels = {
        s: Chem.FindMolChiralCenters(mol(s), useLegacyImplementation=False)[0][1] for s in (amine, "CC[C@H](C)Br")
    }
    assert sorted(labels.values()) == ["R", "S"]


def test_a_double_bond_next_to_the_centre_keeps_its_geometry():
    (reaction,) = apply(SN2, ("CN", "C/C=C/CBr"))
    assert "C/C=C/CNC" in reaction.products


def test_a_spectator_stereocentre_is_kept_and_nitrogen_has_none():
    (reaction,) = apply(SN2, ("C[C@H](O)CN", "CBr"))
    assert reaction.products == ("Br", canonical("C[C@H](O)CNC"))


def test_a_halide_that_meets_itself_changes_nothing():
    assert apply(RULES["halide-exchange"], ("[Br-]", "CBr")) == ()
    assert len(apply(RULES["halide-exchange"], ("[I-]", "CBr"))) == 1


def test_a_reversible_rule_gives_its_reverse_with_sites_and_degeneracy():
    forward, back = apply(RULES["hemiaminal"], ("C1CNCCNC1", "C=O"))
    assert back.reverse_of == forward.id
    assert (back.reactants, back.products) == (forward.products, forward.reactants)
    assert (forward.degeneracy, back.degeneracy) == (2, 1)
    assert back.rate == "hemiaminal-loss"
    found = {s.map_number: mol(back.reactants[s.reactant]).GetAtomWithIdx(s.atom).GetSymbol() for s in back.sites}
    assert found == {1: "N", 2: "C", 3: "O"}


def test_the_reverse_counts_equal_places_in_the_product():
    rule = read_rule(
        card("join", "[N;X3;H1:1].[C:2]=[N+:3]>>[N+0:1][C:2][N+0:3].[H+]", reverse_rate="part"), file="x.toml"
    )
    assert [r.degeneracy for r in apply(rule, ("C1CCNC1", "C=[N+]1CCCC1"))] == [1, 2]
    diol = read_rule(card("hydrate", "[O;H2:1].[C:2]=[O:3]>>[O:1][C:2][O:3]", reverse_rate="dehydrate"), file="x.toml")
    assert [r.degeneracy for r in apply(diol, ("O", "C=O"))] == [1, 2]


def test_a_rule_does_nothing_to_the_wrong_number_of_reactants():
    assert apply(SN2, ("NCCN", "BrCCCBr", "O")) == ()
    assert apply(RULES["iminium"], ("NCO", "O")) == ()


def test_a_proton_set_free_is_a_product():
    (reaction,) = apply(RULES["aminal"], ("C1CCNC1", "C=[N+]1CCCC1"))
    assert reaction.products == ("C1CCN(CN2CCCC2)C1", "[H+]")


def test_ids_do_not_depend_on_how_the_smiles_is_written():
    assert [r.id for r in apply(SN2, ("C(N)CN", "C(Br)CCBr"))] == [r.id for r in apply(SN2, ("NCCN", "BrCCCBr"))]


def test_rules_of_the_same_shape_are_told_apart():
    first, second = (apply(rule, ("CN(C)CCNC", "CBr")) for rule in ALKYLATIONS)
    assert {r.id for r in first}.isdisjoint(r.id for r in second)
    assert len(first) == len(second) == 1
