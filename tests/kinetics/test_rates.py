"""Rate laws and draws: what must hold for every row and every reaction, whatever the numbers are."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from rate_flasks import CLASSES, knowledge

from ringside.chem.features import pattern
from ringside.kinetics.draws import normals
from ringside.kinetics.ensemble import ensemble
from ringside.kinetics.nouns import RateLaw, Term
from ringside.kinetics.rates import log10_k, rate_laws
from ringside.knowledge.load import SHIPPED
from ringside.network.apply import apply
from ringside.network.nouns import Network, Reaction, Site
from ringside.recipe.nouns import Dose, Flask
from ringside.record.tables import read_csv

SOLVENTS = ("acetonitrile", "dichloromethane", "methanol", "toluene")
TABLES = tuple(sorted(p.stem for p in (SHIPPED / "data" / "rates").glob("*.csv")))


def rows(table: str) -> list[dict[str, str]]:
    return list(read_csv(SHIPPED / "data" / "rates" / f"{table}.csv"))


@cache
def example_reactions() -> tuple[Reaction, ...]:
    """Return what the shipped rules make of their own examples, a reverse reaction after its forward one."""
    found = {r.id: r for rule in knowledge().rules for e in rule.examples for r in apply(rule, e.reactants)}
    return tuple(found.values())


@cache
def example_laws(solvent: str = "acetonitrile") -> dict[str, RateLaw]:
    network = Network((), example_reactions())
    return {a.reaction: a for a in rate_laws(network, solvent, CLASSES[solvent], knowledge().rates)}


def only(reaction: Reaction, solvent: str = "acetonitrile") -> RateLaw:
    return rate_laws(Network((), (reaction,)), solvent, CLASSES[solvent], knowledge().rates)[0]


def keys(a: RateLaw, *prefixes: str) -> set[str]:
    return {t.key for t in a.terms if t.key.startswith(prefixes)}


def total(a: RateLaw, *prefixes: str) -> float:
    return sum(t.value for t in a.terms if t.key.startswith(prefixes))


# --- the tables --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", TABLES)
def test_every_pattern_of_a_table_parses(table: str) -> None:
    for row in rows(table):
        for column in ("smarts", "partner"):
            if row.get(column):
                assert pattern(row[column]).GetNumAtoms() > 0, row


@pytest.mark.parametrize("table", TABLES)
def test_every_row_of_a_table_names_a_source_that_is_listed(table: str) -> None:
    assert rows(table)
    for row in rows(table):
        assert row["source"] in knowledge().sources, row


# --- the laws ----------------------------------------------------------------------------------------------------


def test_the_examples_of_the_rules_give_laws_to_test() -> None:
    assert len(example_laws()) > 100
    assert any(r.reverse_of for r in example_reactions())
    assert any(r.degeneracy > 1 for r in example_reactions())


@pytest.mark.parametrize("solvent", SOLVENTS)
def test_the_first_term_of_every_law_is_the_family_of_its_rule(solvent: str) -> None:
    forward = {r.id: r for r in example_reactions()}
    for r in example_reactions():
        named = {r.rate} | ({forward[r.reverse_of].rate} if r.reverse_of in forward else set())
        first = example_laws(solvent)[r.id].terms[0]
        assert first.key in {f"family:{name}" for name in named}, r.id
        assert first.value == knowledge().rates.families[first.key.removeprefix("family:")].log10_k


@pytest.mark.parametrize("solvent", SOLVENTS)
def test_the_logarithm_of_every_constant_is_the_sum_of_its_terms_and_finite(solvent: str) -> None:
    for a in example_laws(solvent).values():
        assert log10_k(a) == pytest.approx(math.fsum(t.value for t in a.terms), abs=1e-12)
        assert math.isfinite(log10_k(a))
        assert all(t.sd >= 0 for t in a.terms)


def test_no_law_counts_a_term_twice() -> None:
    for a in example_laws().values():
        assert len({t.key for t in a.terms}) == len(a.terms), a.reaction


def reversible() -> list[tuple[Reaction, Reaction]]:
    """Return the pairs of directions that an equilibrium constant ties together."""
    forward = {r.id: r for r in example_reactions()}
    pairs = [(forward[r.reverse_of], r) for r in example_reactions() if r.reverse_of in forward]
    return [(there, back) for there, back in pairs if keys(example_laws()[back.id], "equilibrium:")]


def test_a_reverse_law_has_the_terms_of_its_forward_law_less_the_logarithm_of_the_constant() -> None:
    assert len(reversible()) >= 5
    laws = example_laws()
    for there, back in reversible():
        on, off = laws[there.id], laws[back.id]
        shared = {t for t in on.terms if not t.key.startswith(("em:", "site:"))}
        assert shared <= set(off.terms), back.id
        assert {t.key for t in off.terms} - {t.key for t in shared} == keys(off, "equilibrium:", "site:"), back.id
        (key,) = keys(off, "equilibrium:")
        _, group, name = key.split(":")
        log_constant = next(row.value for row in knowledge().rates.equilibria[group] if row.id == name)
        ways = math.log10(back.degeneracy / there.degeneracy)
        closing = total(on, "em:")
        assert log10_k(off) == pytest.approx(log10_k(on) - closing - log_constant + ways, abs=1e-9), back.id


def test_both_directions_share_what_is_particular_to_the_reaction() -> None:
    laws = example_laws()
    for there, back in reversible():
        assert keys(laws[there.id], "site:") == keys(laws[back.id], "site:") == {f"site:{there.id}"}


@pytest.mark.parametrize("n", [1, 2, 3, 6])
def test_equivalent_ways_add_the_logarithm_of_their_number(n: int) -> None:
    def made(degeneracy: int) -> Reaction:
        sites = (Site(1, 0, 0), Site(2, 1, 0), Site(3, 1, 1))
        return Reaction("made", "made", "sn2", ("N(C)C", "CBr"), ("CN(C)C",), degeneracy, None, sites)

    assert log10_k(only(made(n))) - log10_k(only(made(1))) == pytest.approx(math.log10(n), abs=1e-12)


def test_a_site_without_a_row_is_wide_and_said_so() -> None:
    sites = (Site(1, 0, 0), Site(2, 1, 0), Site(3, 1, 1))
    unknown = only(Reaction("made", "made", "sn2", ("CCCCC", "CC"), ("CC",), 1, None, sites))
    known = only(Reaction("made", "made", "sn2", ("N(C)C", "CBr"), ("CN(C)C",), 1, None, sites))
    other = [t for t in unknown.terms if t.key.endswith(":other") and t.text == "no row fits"]
    assert {t.key.split(":")[0] for t in other} == {"nuc", "lg"}
    for t in other:
        assert t.value == 0.0
        assert t.sd == knowledge().rates.unmatched_sd >= 1.0
        assert f"no {t.key.split(':')[0]} row fits" in unknown.validity
    assert "row fits" not in known.validity
    assert not keys(known, "nuc:amine:other", "lg:sn2:other")


# --- the diffusion limit -----------------------------------------------------------------------------------------


def used_up(shift: float, limit: float) -> float:
    """Return the fraction of a bromide left after a microsecond at 1 mM, its constant moved by ``shift`` decades."""
    sites = (Site(1, 0, 0), Site(2, 1, 0), Site(3, 1, 1))
    reaction = Reaction("made", "made", "sn2", ("CN", "CBr"), ("Br", "CNC"), 1, None, sites)
    network = Network(("Br", "CBr", "CN", "CNC"), (reaction,))
    doses = (Dose("bromide", "CBr", "substrate", 1e-3), Dose("amine", "CN", "substrate", 1e-3))
    flask = Flask(doses, (("acetonitrile", 1.0),), 1.0, ((0.0, 298.15),), 1e-6, 0.0, "N2", 1e-3, "CBr")
    laws = rate_laws(network, "acetonitrile", "polar-aprotic", knowledge().rates)
    moved = replace(laws[0], terms=(Term("k", shift, 0.0, "judgement"),))
    found = ensemble(network, [flask], [moved], {}, n_draws=1, seed="", limit=limit, rtol=1e-6)
    return float(found.n[0, -1, 1]) / 1e-3


def test_no_constant_of_an_ensemble_exceeds_the_diffusion_limit() -> None:
    limit = knowledge().rates.diffusion_limit
    expected = 1 / (1 + 10**limit * 1e-3 * 1e-6)
    assert used_up(limit + 4, limit) == pytest.approx(expected, rel=0.01)
    assert used_up(limit + 8, limit) == pytest.approx(used_up(limit + 4, limit), rel=1e-3)


def test_a_constant_below_the_diffusion_limit_is_left_alone() -> None:
    limit = knowledge().rates.diffusion_limit
    left = [used_up(limit - d, limit) for d in (2.0, 1.0, 0.5, 0.2)]
    assert all(before > after + 1e-3 for before, after in pairwise(left))
    assert left[1] == pytest.approx(1 / (1 + 10 ** (limit - 1) * 1e-3 * 1e-6), rel=0.01)


# --- draws -------------------------------------------------------------------------------------------------------


def test_normals_do_not_depend_on_the_order_of_keys_nor_on_other_keys() -> None:
    names = ["family:sn2", "nuc:amine:diazepane", "site:a", "ea:family:sn2"]
    z = normals(names, 40, "seed")
    np.testing.assert_array_equal(normals(names[::-1], 40, "seed")[::-1], z)
    for i, name in enumerate(names):
        np.testing.assert_array_equal(normals([name], 40, "seed")[0], z[i])


@pytest.mark.parametrize("n", [1, 2, 17, 60])
def test_fewer_normals_are_the_first_of_more(n: int) -> None:
    names = ["family:sn2", "site:a"]
    np.testing.assert_array_equal(normals(names, 200, "seed")[:, :n], normals(names, n, "seed"))


def test_the_first_normal_is_zero_and_no_two_keys_or_seeds_agree() -> None:
    z = normals(["a", "b"], 30, "seed")
    assert (z[:, 0] == 0).all()
    assert not np.isclose(z[0, 1:], z[1, 1:]).all()
    assert not np.isclose(z[:, 1:], normals(["a", "b"], 30, "other")[:, 1:]).all()
    assert normals(["a"], 0, "seed").shape == (1, 0)
