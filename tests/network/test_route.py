from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ringside.network.nouns import Network, Reaction
from ringside.network.paths import tree_to
from ringside.network.route import route


def step(
    name: str, reactants: str, products: str, reverse_of: str | None = None, ring: int | None = None, rule: str = ""
) -> Reaction:
    return Reaction(name, rule or name, "x", tuple(reactants), tuple(products), 1, ring, (), reverse_of=reverse_of)


def network(*steps: Reaction) -> Network:
    species = sorted({s for r in steps for s in (*r.reactants, *r.products)})
    return Network(tuple(species), steps)


# A + E -> P + h; P + E -> B + h: mono- and dialkylation, h the acid set free
DIALKYLATION = network(
    step("mono", "AE", "Ph"), step("bis", "PE", "Bh"), step("hyd", "Ew", "Oh"), step("ex", "hC", "E")
)
HELD = {"A": {"A": 1}, "E": {"E": 1}, "P": {"A": 1, "E": 1}, "B": {"A": 1, "E": 2}, "O": {"E": 1}, "C": {"C": 1}}


def test_the_second_alkylation_and_the_hydrolysis_take_material_off_the_way():
    way = route(DIALKYLATION, "P", "AEwC", HELD)
    assert way.off == {"bis", "hyd"}
    assert {"A", "E", "P"} <= way.species
    assert "B" not in way.species


def test_with_the_bis_product_as_target_the_mono_product_is_on_the_way():
    way = route(DIALKYLATION, "B", "AEwC", HELD)
    assert "P" in way.species
    assert way.off == {"hyd"}


def test_what_a_species_holds_is_compared_with_the_target():
    way = route(DIALKYLATION, "P", "AEwC", HELD)
    assert [way.content(s) for s in "BPOCw"] == ["larger", "isomer", "part", "none", "none"]
    assert way.content("family:oligomer") == "larger"


def test_a_side_equilibrium_is_no_way_on_and_goes_with_both_directions():
    parked = network(
        step("add", "AE", "H"),
        step("add-back", "H", "AE", "add"),
        step("park", "H", "K"),
        step("unpark", "K", "H", "park"),
        step("go", "H", "P"),
    )
    held = {s: {"A": 1, "E": 1} for s in "HKP"} | {"A": {"A": 1}, "E": {"E": 1}}
    way = route(parked, "P", "AE", held)
    assert way.off == {"park", "unpark"}
    assert "K" not in way.species


def test_another_route_through_an_exchanged_electrophile_is_on_the_way():
    exchange = network(step("direct", "AE", "P"), step("swap", "Ei", "J"), step("by-iodide", "AJ", "P"))
    held = {"A": {"A": 1}, "E": {"E": 1}, "J": {"E": 1}, "P": {"A": 1, "E": 1}}
    assert route(exchange, "P", "AEi", held).off == frozenset()


def test_what_consumes_the_target_is_never_on_the_way():
    cleaved = network(step("make", "AE", "P"), step("cleave", "Pw", "AO"))
    held = {"A": {"A": 1}, "E": {"E": 1}, "P": {"A": 1, "E": 1}, "O": {"E": 1}}
    assert route(cleaved, "P", "AEw", held).off == {"cleave"}


def test_the_ring_of_the_target_is_the_largest_that_lasts():
    closing = network(step("small", "A", "B", ring=3), step("big", "B", "P", ring=7), step("six", "B", "S", ring=6))
    held = {s: {"A": 1} for s in "ABPS"}
    way = route(closing, "P", "A", held)
    assert way.ring == 7
    assert way.off == {"six"}
    assert route(closing, "B", "A", held).ring is None


@given(
    st.lists(
        st.tuples(st.sampled_from("ABCDEFG"), st.sampled_from("ABCDEFG"), st.sampled_from("CDEFG")),
        min_size=1,
        max_size=12,
    )
)
def test_the_shortest_way_to_the_target_is_never_off(found):
    steps = [step(f"r{i}", a + b, p) for i, (a, b, p) in enumerate(found) if p not in (a, b)]
    grown = network(*steps)
    held = {s: {"A": 1} for s in grown.species}
    for target in set(grown.species) - {"A", "B"}:
        way = route(grown, target, "AB", held)
        assert way.off.isdisjoint(r.id for r in tree_to(grown, target, {}, "AB"))
        assert way == route(Network(grown.species, tuple(reversed(grown.reactions))), target, "AB", held)
