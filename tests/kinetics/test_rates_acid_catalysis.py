"""Acid makes iminium ions faster as long as it leaves free amine."""

from __future__ import annotations

from rate_flasks import run

from ringside.chem.molecule import canonical

STAB = "CC(=O)O[BH-](OC(C)=O)OC(C)=O"
AMINE, ALDEHYDE, PRODUCT = "C1CCNCC1", "O=Cc1ccccc1", "C1CCN(Cc2ccccc2)CC1"
WAYS = ("hemiaminal", "iminium", "iminium-acid", "hydride-iminium")


def product(acid: str = "", equivalents: float = 1.0, aldehyde: str = ALDEHYDE, amine: str = AMINE,
            made: str = PRODUCT, hours: float = 0.1) -> float:  # fmt: skip
    charged = {amine: 0.2, aldehyde: 0.2, STAB: 0.3} | ({acid: 0.2 * equivalents} if acid else {})
    features = ("has:carboxylic-acid",) if acid else ()
    left = run(charged, rules=WAYS, solvent="1,2-dichloroethane", hours=hours, features=features, generations=4)
    return left.get(canonical(made), 0.0)


def test_an_equivalent_of_acetic_acid_makes_a_reductive_amination_faster() -> None:
    assert product("CC(=O)O") > 1.5 * product()


def test_a_strong_acid_stops_it() -> None:
    assert product("O=C(O)C(F)(F)F", 1.2) < 0.2 * product()


def test_more_weak_acid_than_amine_helps_no_further() -> None:
    assert product("CC(=O)O", 3.0) < 1.5 * product("CC(=O)O")


def test_without_acid_an_aldehyde_is_still_done_in_a_working_day() -> None:
    assert product(hours=8.0) > 0.16
