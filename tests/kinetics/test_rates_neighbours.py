"""A group on the carbon next to a ring nitrogen turns what comes to the other nitrogen."""

from __future__ import annotations

import pytest
from rate_flasks import CLASSES, knowledge

from ringside.chem.molecule import canonical
from ringside.kinetics.rates import log10_k, rate_laws
from ringside.network.apply import apply
from ringside.network.nouns import Network

BENZYL, SOLVENT = "BrCc1ccccc1", "acetonitrile"


def preference(ring: str, other: str, far: str, rule: str = "amine-alkylation") -> float:
    """Return log10 of the ratio of the product at the open nitrogen to that at the crowded one."""
    found = next(r for r in knowledge().rules if r.id == rule)
    forward = [r for r in apply(found, (ring, other)) if r.reverse_of is None]
    laws = rate_laws(Network((), tuple(forward)), SOLVENT, CLASSES[SOLVENT], knowledge().rates)
    values = {canonical(far) in r.products: log10_k(law) for r, law in zip(forward, laws, strict=True)}
    return values[True] - values[False]


def test_a_larger_group_steers_more() -> None:
    ratios = [
        preference(f"{group}C1CNCCCN1", BENZYL, f"{group}C1CN(Cc2ccccc2)CCCN1") for group in ("C", "CC(C)", "CC(C)(C)")
    ]
    assert 0.3 < ratios[0] < ratios[1] < ratios[2]
    assert ratios[2] > 1.5


def test_a_larger_electrophile_is_steered_more() -> None:
    small = preference("CC1CNCCN1", "CI", "CC1CN(C)CCN1")
    middle = preference("CC1CNCCN1", BENZYL, "CC1CN(Cc2ccccc2)CCN1")
    large = preference("CC1CNCCN1", "CC(C)Br", "CC1CN(C(C)C)CCN1")
    assert 0 < small < middle < large


@pytest.mark.parametrize(
    ("rule", "other", "far"),
    [
        ("acylation", "CC(=O)Cl", "CC(=O)N1CCNC(C)C1"),
        ("boc-protection", "CC(C)(C)OC(=O)OC(=O)OC(C)(C)C", "CC(C)(C)OC(=O)N1CCNC(C)C1"),
        ("sulfonylation", "Cc1ccc(cc1)S(=O)(=O)Cl", "Cc1ccc(cc1)S(=O)(=O)N1CCNC(C)C1"),
        ("snar", "Clc1ncccn1", "CC1CN(CCN1)c1ncccn1"),
        ("aza-michael", "C=CC(=O)OC", "COC(=O)CCN1CCNC(C)C1"),
    ],
)
def test_two_methylpiperazine_takes_every_kind_of_electrophile_at_the_far_nitrogen(
    rule: str, other: str, far: str
) -> None:
    assert preference("CC1CNCCN1", other, far, rule) > 0.5


def test_two_methyl_groups_on_one_carbon_or_one_on_either_side_shut_a_nitrogen_more_than_one() -> None:
    one = preference("CC1CNCCN1", BENZYL, "CC1CN(Cc2ccccc2)CCN1")
    assert preference("CC1(C)CNCCN1", BENZYL, "CC1(C)CN(Cc2ccccc2)CCN1") > one + 0.5
    assert preference("CC1CNCC(C)N1", BENZYL, "CC1CN(Cc2ccccc2)CC(C)N1") > one + 0.5


def test_an_ester_next_to_a_nitrogen_turns_the_electrophile_away() -> None:
    assert preference("COC(=O)C1CNCCN1", BENZYL, "COC(=O)C1CN(Cc2ccccc2)CCN1") > 0.7


def test_a_crowded_nitrogen_also_makes_less_hemiaminal_at_equilibrium() -> None:
    found = next(r for r in knowledge().rules if r.id == "hemiaminal")
    both = apply(found, ("CC1CNCCN1", "O=Cc1ccccc1"))
    laws = rate_laws(Network((), tuple(both)), SOLVENT, CLASSES[SOLVENT], knowledge().rates)
    value = {r.id: log10_k(law) for r, law in zip(both, laws, strict=True)}
    constants = [value[r.reverse_of] - value[r.id] for r in both if r.reverse_of is not None]
    assert max(constants) - min(constants) > 0.5


def test_a_chain_that_closes_on_its_own_nitrogen_does_not_crowd_it() -> None:
    found = next(r for r in knowledge().rules if r.id == "aziridinium-closure")
    closing = apply(found, ("CN1CCN(C)C(CCl)C1",))
    (law,) = rate_laws(Network((), tuple(closing)), SOLVENT, CLASSES[SOLVENT], knowledge().rates)
    assert not [t for t in law.terms if t.key.startswith("nuc:beside")]
