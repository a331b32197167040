"""Flasks every bench chemist knows, as cases through the whole chain: all rules, all gates, rates, protons, work-up.

Central rates unless a test says medians. Nothing is left out of the network, so over-alkylation and salts are in.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rate_flasks import knowledge

from ringside.answers.flow import Simulation, simulator
from ringside.answers.growth import bindings_of, main_solvent
from ringside.answers.tools import case_tools
from ringside.case.read import case_from_raw
from ringside.chem.acidity import proton_sites
from ringside.chem.lipophilicity import fraction_neutral
from ringside.chem.molecule import canonical
from ringside.kinetics.protons import dissolution_rates
from ringside.kinetics.rates import log10_k
from ringside.kinetics.simulate import simulate

DRAWS = 400
MINUTE = 60.0
HOUR = 3600.0
Charge = dict[str, Any]

BENZYL_BROMIDE, BUTYL_BROMIDE = "BrCc1ccccc1", "CCCCBr"
DIAZEPANE, BENZYL, DIBENZYL = "C1CNCCNC1", "C1CNCCN(Cc2ccccc2)C1", "C1CN(Cc2ccccc2)CCN(Cc2ccccc2)C1"
STAB = "CC(=O)O[BH-](OC(C)=O)OC(C)=O"
BOC_DIAZEPANE = "CC(C)(C)OC(=O)N1CCCNCC1"


@pytest.fixture(scope="module", autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RINGSIDE_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


def charge(name: str, role: str, amount: str, **more: Any) -> Charge:
    return {"name": name, "role": role, "amount": amount, **more}


def substrate(name: str, amount: str = "1.0 equiv", **more: Any) -> Charge:
    return charge(name, "substrate", amount, **more)


def solvent(name: str, amount: str = "10 mL") -> Charge:
    return charge(name, "solvent", amount)


def hindered_base(amount: str) -> Charge:
    return charge("DIPEA", "base", amount)


def flask(*charges: Charge, temperature: str = "25 degC", time: str, draws: int = DRAWS, **more: Any) -> Simulation:
    raw = {
        "title": "a flask",
        "charge": list(charges),
        "conditions": {"temperature": temperature, "time": time, "atmosphere": "N2"},
        **more,
    }
    case = case_from_raw(raw, case_tools(knowledge()), file="flask", folder=Path())
    return simulator(knowledge())(case, draws)


def central(found: Simulation, smiles: str) -> float:
    """Return the amount at the end at central rates, per mol of the limiting reactant."""
    return float(found.outcome.amount[0, found.outcome.species.index(canonical(smiles))])


def median(found: Simulation, smiles: str) -> float:
    return float(np.median(found.outcome.amount[:, found.outcome.species.index(canonical(smiles))]))


def half_life(found: Simulation, smiles: str) -> float:
    """Return when half of a reactant is gone [s], at central rates."""
    base = knowledge()
    course = simulate(
        found.network,
        found.flask,
        found.laws,
        bindings_of(found.network, found.flask, base),
        dissolution=dissolution_rates(*main_solvent(found.flask, base), base.protons),
        n_times=481,
    )
    left = course.n[:, course.species.index(canonical(smiles))]
    assert left[-1] < 0.5 * left[0]
    return float(np.interp(-0.5 * left[0], -left, course.t))


# --- benzyl bromide + diazepane, 0.1 M each, MeCN, 25 degC: over 95 % of the bromide gone in 1 h -----------------------


def one_to_one(base: str | None, time: str) -> Simulation:
    bases = [hindered_base(base)] if base else []
    return flask(
        substrate("homopiperazine", "1.0 mmol"), substrate("benzyl bromide"), *bases, solvent("acetonitrile"), time=time
    )


def test_benzyl_bromide_and_diazepane_with_base_are_done_in_an_hour() -> None:
    found = one_to_one("2 equiv", "1 h")
    assert central(found, BENZYL_BROMIDE) < 0.05
    assert median(found, BENZYL_BROMIDE) < 0.05


@pytest.mark.xfail(strict=True, reason="6 % is left at central rates: the proton of HBr holds the diamine back")
def test_benzyl_bromide_and_diazepane_without_base_are_done_in_an_hour_in_half_of_the_draws() -> None:
    assert median(one_to_one(None, "1 h"), BENZYL_BROMIDE) < 0.05


# --- n-butyl bromide + piperidine, 0.5 M, MeCN: 10 to 90 % at 25 degC in 8 h; over 95 % at 80 degC in 4 h ----------------


def butylation(temperature: str, time: str) -> Simulation:
    return flask(
        substrate("piperidine", "5 mmol"),
        substrate("1-bromobutane"),
        hindered_base("1.2 equiv"),
        solvent("acetonitrile"),
        temperature=temperature,
        time=time,
    )


def test_butyl_bromide_and_piperidine_are_under_way_after_a_working_day_at_25_degrees() -> None:
    found = butylation("25 degC", "8 h")
    assert 0.10 < 1 - central(found, BUTYL_BROMIDE) < 0.90
    assert 0.10 < 1 - median(found, BUTYL_BROMIDE) < 0.90


def test_butyl_bromide_and_piperidine_are_done_in_four_hours_at_80_degrees() -> None:
    found = butylation("80 degC", "4 h")
    assert central(found, BUTYL_BROMIDE) < 0.05
    assert median(found, BUTYL_BROMIDE) < 0.05


# --- ArCHO + secondary amine + STAB in DCE: over 80 % in 16 h; RCHO in 3 h; in methanol STAB is gone in minutes -----------


@pytest.mark.parametrize(("aldehyde", "smiles", "time", "product"), [
    ("benzaldehyde", "O=Cc1ccccc1", "16 h", "C1CCN(Cc2ccccc2)CC1"),
    ("butanal", "CCCC=O", "3 h", "CCCCN1CCCCC1"),
])  # fmt: skip
def test_triacetoxyborohydride_in_dichloroethane_gives_the_amine_in_time(
    aldehyde: str, smiles: str, time: str, product: str
) -> None:
    found = flask(
        substrate("piperidine", "1.0 mmol"),
        substrate(aldehyde, "1.1 equiv", smiles=smiles),
        charge("sodium triacetoxyborohydride", "reagent", "1.4 equiv"),
        charge("acetic acid", "acid", "1.0 equiv"),
        solvent("1,2-dichloroethane"),
        time=time,
    )
    assert central(found, product) > 0.8
    assert median(found, product) > 0.8


def hydride_alone(medium: str, time: str) -> Simulation:
    return flask(
        charge("sodium triacetoxyborohydride", "reagent", "1.0 mmol"),
        substrate("piperidine", "1.0 mmol"),
        solvent(medium),
        time=time,
    )


def test_triacetoxyborohydride_is_gone_in_minutes_in_methanol() -> None:
    assert central(hydride_alone("methanol", "10 min"), STAB) < 0.1
    assert median(hydride_alone("methanol", "10 min"), STAB) < 0.1
    assert 0.5 * MINUTE < half_life(hydride_alone("methanol", "30 min"), STAB) < 10 * MINUTE


def test_triacetoxyborohydride_keeps_in_dichloroethane_meanwhile() -> None:
    assert central(hydride_alone("1,2-dichloroethane", "30 min"), STAB) > 0.95


# --- Boc2O + secondary amine, 0.2 M, DCM: over 95 % in 2 h ---------------------------------------------------------------


def test_boc_anhydride_takes_a_secondary_amine_in_two_hours() -> None:
    found = flask(
        substrate("piperidine", "2 mmol"),
        charge("Boc anhydride", "reagent", "1.0 equiv"),
        solvent("dichloromethane"),
        time="2 h",
    )
    assert central(found, "CC(C)(C)OC(=O)N1CCCCC1") > 0.95
    assert median(found, "CC(C)(C)OC(=O)N1CCCCC1") > 0.95


# --- 2,4-dichloropyrimidine + one piperazine nitrogen: mono at 25 degC in hours; second chlorine not below about 80 ---------

MONO_4, MONO_2 = "CN1CCN(CC1)c1ccnc(Cl)n1", "CN1CCN(CC1)c1nccc(Cl)n1"
TWICE = "CN1CCN(CC1)c1ccnc(N2CCN(C)CC2)n1"


def arylation(temperature: str, time: str) -> Simulation:
    """Return the flask with amine enough for both chlorines."""
    return flask(
        substrate("2,4-dichloropyrimidine", "1.0 mmol"),
        substrate("1-methylpiperazine", "2.5 equiv"),
        hindered_base("2.5 equiv"),
        solvent("ethanol"),
        temperature=temperature,
        time=time,
    )


def test_dichloropyrimidine_gives_the_mono_amine_in_hours_at_25_degrees_even_with_amine_to_spare() -> None:
    found = arylation("25 degC", "8 h")
    for at in (central, median):
        assert at(found, MONO_4) + at(found, MONO_2) > 0.9
        assert at(found, MONO_4) > 5 * at(found, MONO_2)
        assert at(found, TWICE) < 0.02


def test_the_second_chlorine_stays_overnight_below_80_degrees_and_leaves_above() -> None:
    assert central(arylation("60 degC", "16 h"), TWICE) < 0.25
    assert median(arylation("60 degC", "16 h"), TWICE) < 0.25
    assert central(arylation("75 degC", "16 h"), TWICE) < 0.5
    assert central(arylation("110 degC", "16 h"), TWICE) > 0.5
    assert median(arylation("110 degC", "16 h"), TWICE) > 0.5


# --- methyl iodide overnight quaternises an NMe2 -----------------------------------------------------------------------------


def test_methyl_iodide_overnight_quaternises_a_dimethylamino_group() -> None:
    found = flask(
        substrate("N,N-dimethylbutylamine", "1.0 mmol", smiles="CCCCN(C)C"),
        substrate("methyl iodide", "1.2 equiv"),
        solvent("acetonitrile"),
        time="16 h",
    )
    assert central(found, "CCCC[N+](C)(C)C") > 0.95
    assert median(found, "CCCC[N+](C)(C)C") > 0.95


# --- ring closure of an unactivated 3-bromopropyl diamine to the 7-ring, MeCN: hours at 25 degC, minutes at 80 degC ----------

OPEN, CLOSED = "CNCCN(C)CCCBr", "CN1CCCN(C)CC1"


def closure(temperature: str, time: str) -> Simulation:
    return flask(
        substrate("bromopropyl diamine", "0.1 mmol", smiles=OPEN),
        hindered_base("2 equiv"),
        solvent("acetonitrile"),
        temperature=temperature,
        time=time,
    )


@pytest.mark.parametrize(("temperature", "time", "low", "high"), [
    ("25 degC", "24 h", 1 * HOUR, 24 * HOUR),
    ("80 degC", "2 h", 1 * MINUTE, 60 * MINUTE),
])  # fmt: skip
def test_a_bromopropyl_diamine_closes_with_a_half_life_of_hours_at_25_and_minutes_at_80_degrees(
    temperature: str, time: str, low: float, high: float
) -> None:
    found = closure(temperature, time)
    assert low < half_life(found, OPEN) < high
    assert central(found, CLOSED) > 0.7


# --- Boc off: TFA/DCM 1:1 half-life 2 to 10 min; 4 M HCl in dioxane 10 to 40 min -----------------------------------------------


def test_boc_comes_off_in_trifluoroacetic_acid_and_dichloromethane_with_a_half_life_of_2_to_10_minutes() -> None:
    found = flask(
        substrate("1-Boc-homopiperazine", "1.0 mmol"),
        charge("trifluoroacetic acid", "acid", "5 mL"),
        solvent("dichloromethane", "5 mL"),
        time="1 h",
    )
    assert 2 * MINUTE < half_life(found, BOC_DIAZEPANE) < 10 * MINUTE
    assert median(found, DIAZEPANE) > 0.95


def test_boc_comes_off_in_hydrogen_chloride_in_dioxane_with_a_half_life_of_10_to_40_minutes() -> None:
    found = flask(
        substrate("1-Boc-homopiperazine", "1.0 mmol"),
        charge("hydrogen chloride", "acid", "40 equiv", solution="4 mol/L in 1,4-dioxane"),
        time="4 h",
    )
    assert 10 * MINUTE < half_life(found, BOC_DIAZEPANE) < 40 * MINUTE
    assert median(found, DIAZEPANE) > 0.95


# --- symmetric diamine + R-X 1:1, kappa 0.35: about 55 to 60 % mono, 20 % bis with base; about 45/27 without base --------------


def test_the_second_nitrogen_of_the_diazepane_reacts_at_about_a_third_of_the_rate_of_the_molecule() -> None:
    found = one_to_one("2 equiv", "24 h")
    laws = {a.reaction: a for a in found.laws}
    into = {
        canonical(p): 10 ** log10_k(laws[r.id])
        for r in found.network.reactions
        if r.rule == "amine-alkylation"
        for p in r.products
    }
    assert 0.22 < into[canonical(DIBENZYL)] / into[canonical(BENZYL)] < 0.56


def test_one_equivalent_with_base_gives_a_little_over_half_mono_and_a_fifth_bis() -> None:
    found = one_to_one("2 equiv", "24 h")
    assert central(found, BENZYL_BROMIDE) < 0.01
    assert central(found, BENZYL) == pytest.approx(0.575, abs=0.05)  # about 55 to 60 %
    assert central(found, DIBENZYL) == pytest.approx(0.20, abs=0.03)


def test_without_base_mono_falls_and_more_of_the_diamine_is_left() -> None:
    with_base, without = one_to_one("2 equiv", "24 h"), one_to_one(None, "24 h")
    for at in (central, median):
        assert at(without, BENZYL_BROMIDE) < 0.01
        assert at(without, BENZYL) < at(with_base, BENZYL)
        assert at(without, DIAZEPANE) > at(with_base, DIAZEPANE)


@pytest.mark.xfail(strict=True, reason="52 % at central rates: the proton holds back too little")
def test_without_base_about_45_percent_is_mono() -> None:
    assert central(one_to_one(None, "24 h"), BENZYL) == pytest.approx(0.45, abs=0.05)


@pytest.mark.xfail(
    strict=True,
    reason="20 % at central rates, and 52 % mono where 45 % is the rule of thumb",
)
def test_without_base_about_27_percent_is_bis() -> None:
    assert central(one_to_one(None, "24 h"), DIBENZYL) == pytest.approx(0.27, abs=0.03)


# --- saturated NaHCO3 (pH 8.3) keeps over 90 % of an N-alkyl diazepane (pKaH about 9.4) protonated ----------------------------


@pytest.mark.parametrize("smiles", ["CN1CCCNCC1", "CCN1CCCNCC1", BENZYL])
def test_an_alkyl_diazepane_is_over_90_percent_protonated_at_the_ph_of_bicarbonate(smiles: str) -> None:
    assert max(proton_sites(smiles, knowledge().acidity).pkas) == pytest.approx(9.4, abs=0.5)
    assert fraction_neutral(smiles, 8.3, knowledge().acidity) < 0.1


def test_one_extraction_from_bicarbonate_leaves_the_alkyl_diazepane_in_the_water_and_from_hydroxide_does_not() -> None:
    def extracted(quench: str) -> float:
        found = flask(
            substrate("1-methylhomopiperazine", "1.0 mmol"),
            solvent("dichloromethane"),
            time="5 min",
            workup={"quench": quench, "extract": [{"solvent": "dichloromethane", "volume": "10 mL", "times": 1}]},
        )
        return float(np.median(found.outcome.isolated[:, found.outcome.species.index("CN1CCCNCC1")]))

    assert extracted("sat. NaHCO3") < 0.1
    assert extracted("1 M NaOH") > 3 * extracted("sat. NaHCO3")
