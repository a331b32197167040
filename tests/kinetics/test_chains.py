"""Chain and ring distributions against theory, and the network against both."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_networks import dose, flask

from ringside.kinetics.chains import flory, flory_aabb, rings, spread
from ringside.kinetics.nouns import RateLaw, Term
from ringside.kinetics.simulate import simulate
from ringside.network.grow import Caps, grow
from ringside.network.rule import read_rule

FRACTION = st.floats(0.01, 0.9)


@given(FRACTION)
def test_flory_chains_hold_all_monomer_and_one_free_end_each(p):
    k = np.arange(1, 2001)
    chains = flory(p, 2000)
    assert (k * chains).sum() == pytest.approx(1.0, rel=1e-6)
    assert chains.sum() == pytest.approx(1.0 - p, rel=1e-6)


@given(FRACTION, st.floats(0.2, 1.0))
def test_chains_of_two_monomers_hold_all_of_both_and_all_free_ends(p, ratio):
    found = flory_aabb(p, ratio, 2000)
    k = np.arange(0, 2001)
    aa, bb, ab = found["AA"], found["BB"], found["AB"]
    assert ((k + 1) * aa).sum() + (k * bb).sum() + (k[1:] * ab).sum() == pytest.approx(1.0, rel=1e-6)
    assert (k * aa).sum() + ((k + 1) * bb).sum() + (k[1:] * ab).sum() == pytest.approx(1.0 / ratio, rel=1e-6)
    assert 2 * aa.sum() + ab.sum() == pytest.approx(2 * (1 - p), rel=1e-6)


def test_rings_fall_off_with_the_five_halves_power_of_their_size():
    found = rings(0.1, 1.0, 64)
    assert found[63] / found[15] == pytest.approx(4**-2.5)


@given(st.floats(1e-6, 1.0), FRACTION, st.floats(1e-3, 1.0))
def test_a_remainder_is_spread_without_losing_a_unit(units, p, share):
    known = {"chains": list(flory(p, 3)), "rings": list(rings(share, p, 3))}
    found = spread(units, 4 + p / (1 - p), known, "rings", 3900)
    k = np.arange(4, 3904)
    assert sum((k * v).sum() for v in found.values()) == pytest.approx(units, rel=1e-3)
    assert np.allclose(found["chains"][1:30] / found["chains"][:29], p)


def test_nothing_is_spread_where_nothing_is_left():
    assert spread(0.0, 5.0, {"chains": [1.0, 0.5]}, "", 3)["chains"].tolist() == [0, 0, 0]


THIOL = {
    "id": "thiol",
    "title": "thiol and bromide",
    "status": "draft",
    "claims": "for tests",
    "wrong_when": "never",
    "rate": "made-up",
    "sources": ["judgement"],
    "smarts": "[SX2;H1:1].[CX4:2]-[Br:3]>>[S:1]-[C:2].[*:3]",
}


def laws(network, k):
    return tuple(
        RateLaw(r.id, (Term("k", np.log10(k * r.degeneracy), 0.0, "judgement"),), 0.0, 0.0) for r in network.reactions
    )


@pytest.mark.parametrize("time", [500.0, 2000.0])
def test_a_network_of_equal_ends_follows_flory(time):
    """Eight lengths enumerated: the ends of longer, lumped chains no longer react, which at these conversions is nothing."""
    caps = Caps(max_residues=8, max_species=300, max_events=20000, max_heavy_atoms=200)
    monomer = "SCCCCCCBr"
    network = grow([monomer], [read_rule(THIOL, file="")], caps=caps)
    run = flask([dose(monomer, 1.0)], time=time)
    course = simulate(network, run, laws(network, 1e-3), {}, times=[time], rtol=1e-7, atol=1e-12)
    at = dict(zip(network.species, course.n[-1], strict=True))
    chains = ["S" + "CCCCCCS" * (k - 1) + "CCCCCCBr" for k in range(1, 6)]
    p = 1e-3 * time / (1 + 1e-3 * time)
    assert [at[s] for s in chains] == pytest.approx(list(flory(p, 5)), rel=0.02)


def test_a_network_of_two_monomers_follows_flory():
    caps = Caps(max_residues=4, max_species=300, max_events=20000, max_heavy_atoms=200)
    a, b = "SCCS", "BrCCCBr"
    network = grow([a, b], [read_rule(THIOL, file="")], caps=caps)
    run = flask([dose(a, 1.0), dose(b, 1.25)], time=300.0)
    course = simulate(network, run, laws(network, 1e-3), {}, times=[300.0], rtol=1e-7, atol=1e-12)
    at = dict(zip(network.species, course.n[-1], strict=True))
    ends_a, ends_b = 2.0, 2.5
    grown = np.exp((ends_b - ends_a) * 1e-3 * 300.0)
    left = (ends_b - ends_a) / (ends_b / ends_a * grown - 1.0)
    p = 1 - left / ends_a
    expected = flory_aabb(p, 1 / 1.25, 1)
    assert at[a] == pytest.approx(expected["AA"][0], rel=0.02)
    assert at[b] == pytest.approx(expected["BB"][0], rel=0.02)
    assert at["SCCSCCCBr"] == pytest.approx(expected["AB"][0], rel=0.02)
