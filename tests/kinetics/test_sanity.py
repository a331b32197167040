"""Flasks every bench chemist knows: a wrong decade fails here."""

from __future__ import annotations

import math

import pytest
from rate_flasks import HOUR, knowledge, law, laws_of, log_k, reactions, run, second_order_left

from ringside.chem.acidity import proton_sites
from ringside.chem.lipophilicity import fraction_neutral
from ringside.chem.molecule import canonical

DIAZEPANE, PIPERIDINE, BENZYL_BROMIDE, BUTYL_BROMIDE = "C1CNCCNC1", "C1CCNCC1", "BrCc1ccccc1", "CCCCBr"
BOC2O = "CC(C)(C)OC(=O)OC(=O)OC(C)(C)C"
STAB, ACETIC_ACID, SODIUM = "CC(=O)O[BH-](OC(C)=O)OC(C)=O", "CC(=O)O", "[Na+]"
AMINE_BASE = "CCN(C(C)C)C(C)C"
ALKYLATION = ("amine-alkylation", "amine-quaternisation")
CONDENSATION = (
    "hemiaminal", "iminium", "iminium-acid", "aminal-open", "enamine", "hydride-iminium", "hydride-aldehyde"
)  # fmt: skip
WITH_ACID = ("has:carboxylic-acid",)
MONO, BIS = canonical("C1CNCCN(Cc2ccccc2)C1"), canonical("C1CN(Cc2ccccc2)CCN(Cc2ccccc2)C1")


def half_life(k: float) -> float:
    return math.log(2) / k


# --- benzyl bromide + diazepane, 0.1 M each, MeCN, 25 degC: over 95 % of the bromide gone in 1 h -----------------------


def test_benzyl_bromide_and_diazepane_are_done_in_an_hour_by_rate() -> None:
    k = 10 ** log_k(law("amine-alkylation", DIAZEPANE, BENZYL_BROMIDE))
    assert second_order_left(k, 0.1, HOUR) < 0.05


def test_benzyl_bromide_and_diazepane_with_base_are_done_in_an_hour_in_the_flask() -> None:
    left = run({DIAZEPANE: 0.1, BENZYL_BROMIDE: 0.1, AMINE_BASE: 0.2}, rules=ALKYLATION, hours=1)
    assert left[canonical(BENZYL_BROMIDE)] < 0.05 * 0.1


# --- n-butyl bromide + piperidine, 0.5 M, MeCN: 10 to 90 % at 25 degC in 8 h; over 95 % at 80 degC in 4 h ----------------


def test_butyl_bromide_and_piperidine_are_under_way_at_25_and_done_at_80_degrees_by_rate() -> None:
    found = law("amine-alkylation", PIPERIDINE, BUTYL_BROMIDE)
    assert 0.10 < 1 - second_order_left(10 ** log_k(found, 25), 0.5, 8 * HOUR) < 0.90
    assert 1 - second_order_left(10 ** log_k(found, 80), 0.5, 4 * HOUR) > 0.95


@pytest.mark.parametrize(("celsius", "hours", "low", "high"), [(25, 8, 0.10, 0.90), (80, 4, 0.95, 1.0)])
def test_butyl_bromide_and_piperidine_in_the_flask(celsius: float, hours: float, low: float, high: float) -> None:
    charged = {BUTYL_BROMIDE: 0.5, PIPERIDINE: 0.5, AMINE_BASE: 0.6}
    left = run(charged, rules=ALKYLATION, hours=hours, celsius=celsius, generations=2)
    assert low <= 1 - left[canonical(BUTYL_BROMIDE)] / 0.5 <= high


# --- ArCHO + secondary amine + STAB in DCE: over 80 % in 16 h; RCHO in 3 h; in methanol STAB is gone in minutes -----------


@pytest.mark.parametrize(("aldehyde", "hours", "product"), [
    ("O=Cc1ccccc1", 16, "C1CCN(Cc2ccccc2)CC1"),
    ("CCCC=O", 3, "CCCCN1CCCCC1"),
])  # fmt: skip
def test_triacetoxyborohydride_in_dichloroethane_gives_the_amine_in_time(
    aldehyde: str, hours: float, product: str
) -> None:
    charged = {PIPERIDINE: 0.1, aldehyde: 0.1, STAB: 0.14, SODIUM: 0.14, ACETIC_ACID: 0.1}
    end = run(charged, rules=CONDENSATION, solvent="1,2-dichloroethane", hours=hours, features=WITH_ACID)
    assert end[canonical(product)] > 0.8 * 0.1


def test_benzaldehyde_and_triacetoxyborohydride_are_not_done_at_once() -> None:
    charged = {PIPERIDINE: 0.1, "O=Cc1ccccc1": 0.1, STAB: 0.14, SODIUM: 0.14, ACETIC_ACID: 0.1}
    end = run(charged, rules=CONDENSATION, solvent="1,2-dichloroethane", hours=0.25, features=WITH_ACID)
    assert end[canonical("C1CCN(Cc2ccccc2)CC1")] < 0.6 * 0.1


def test_benzaldehyde_alone_outlives_triacetoxyborohydride_for_a_working_day() -> None:
    found = law("hydride-aldehyde", STAB, "O=Cc1ccccc1", solvent="1,2-dichloroethane")
    assert half_life(10 ** log_k(found) * 0.14) > 8 * HOUR


def test_triacetoxyborohydride_is_gone_in_minutes_in_methanol_and_keeps_in_acetic_acid() -> None:
    left = run({STAB: 0.14, SODIUM: 0.14, "CO": 24.0}, rules=("hydride-protic",), solvent="methanol", hours=0.5)
    assert left[canonical(STAB)] < 0.05 * 0.14
    acid = run(
        {STAB: 0.14, SODIUM: 0.14, ACETIC_ACID: 0.2}, rules=("hydride-protic",), solvent="1,2-dichloroethane", hours=16
    )
    assert acid[canonical(STAB)] > 0.95 * 0.14


def test_a_reductive_amination_with_triacetoxyborohydride_fails_in_methanol() -> None:
    charged = {PIPERIDINE: 0.1, "O=Cc1ccccc1": 0.1, STAB: 0.14, SODIUM: 0.14, ACETIC_ACID: 0.1}
    product = canonical("C1CCN(Cc2ccccc2)CC1")
    ways = (*CONDENSATION, "hydride-protic")
    chlorinated = run(charged, rules=ways, solvent="1,2-dichloroethane", hours=16, features=WITH_ACID)
    protic = run({**charged, "CO": 24.0}, rules=ways, solvent="methanol", hours=16, features=WITH_ACID)
    assert protic[product] < 0.6 * 0.1 < chlorinated[product]


# --- Boc2O + secondary amine, 0.2 M, DCM: over 95 % in 2 h ---------------------------------------------------------------


def test_boc_anhydride_takes_a_secondary_amine_in_two_hours_by_rate() -> None:
    k = 10 ** log_k(law("boc-protection", PIPERIDINE, BOC2O, solvent="dichloromethane"))
    assert second_order_left(k, 0.2, 2 * HOUR) < 0.05


def test_boc_anhydride_takes_a_secondary_amine_in_two_hours_in_the_flask() -> None:
    end = run({PIPERIDINE: 0.2, BOC2O: 0.2}, rules=("boc-protection",), solvent="dichloromethane", hours=2)
    assert end[canonical("CC(C)(C)OC(=O)N1CCCCC1")] > 0.95 * 0.2


def test_boc_anhydride_leaves_aniline_overnight() -> None:
    k = 10 ** log_k(law("boc-protection", "Nc1ccccc1", BOC2O, solvent="dichloromethane"))
    assert 0.2 < second_order_left(k, 0.2, 16 * HOUR) < 0.99


# --- 2,4-dichloropyrimidine + one piperazine nitrogen: mono at 25 degC in hours; second chlorine not below about 80 ---------


def test_dichloropyrimidine_stops_after_the_first_chlorine_at_room_temperature() -> None:
    amine, pyrimidine = "CN1CCNCC1", "Clc1ccnc(Cl)n1"
    charged = {amine: 0.2, pyrimidine: 0.1, AMINE_BASE: 0.2}
    end = run(charged, rules=("snar",), solvent="ethanol", hours=8, generations=2)
    mono = sum(end.get(canonical(s), 0.0) for s in ("CN1CCN(CC1)c1ccnc(Cl)n1", "CN1CCN(CC1)c1nccc(Cl)n1"))
    assert mono > 0.85 * 0.1
    assert end[canonical("CN1CCN(CC1)c1ccnc(Cl)n1")] > 5 * end[canonical("CN1CCN(CC1)c1nccc(Cl)n1")]


def test_the_second_chlorine_of_dichloropyrimidine_needs_heat() -> None:
    found = law("snar", PIPERIDINE, "Clc1nccc(N2CCCCC2)n1", solvent="ethanol")
    left = [second_order_left(10 ** log_k(found, t), 0.2, 16 * HOUR) for t in (25, 60, 110)]
    assert left[0] > 0.9
    assert left[1] > 0.5
    assert left[2] < 0.35


# --- methyl iodide overnight quaternises an NMe2 -----------------------------------------------------------------------------


def test_methyl_iodide_overnight_quaternises_a_dimethylamino_group() -> None:
    end = run({"CCCCN(C)C": 0.1, "CI": 0.12}, rules=("amine-quaternisation",), hours=16)
    assert end[canonical("CCCC[N+](C)(C)C")] > 0.95 * 0.1


def test_methyl_iodide_overnight_runs_through_a_ring_amine_to_the_quaternary_salt() -> None:
    end = run({PIPERIDINE: 0.1, "CI": 0.3, AMINE_BASE: 0.1}, rules=ALKYLATION, hours=16)
    assert end[canonical("C[N+]1(C)CCCCC1")] > 0.8 * 0.1


# --- ring closure of an unactivated 3-bromopropyl diamine to the 7-ring: hours at 25 degC, minutes at 80 degC ----------------


def test_a_bromopropyl_diamine_closes_in_hours_at_25_and_minutes_at_80_degrees() -> None:
    closures = [r for r in reactions("amine-alkylation", "CNCCN(C)CCCBr") if r.ring == 7]
    assert len(closures) == 1
    found = laws_of(closures, "acetonitrile")[0]
    assert 1 * HOUR < half_life(10 ** log_k(found, 25)) < 24 * HOUR
    assert 60 < half_life(10 ** log_k(found, 80)) < 1800


# --- Boc off: TFA/DCM 1:1 half-life 2 to 10 min; 4 M HCl in dioxane 10 to 40 min -----------------------------------------------


@pytest.mark.parametrize(("solvent", "low", "high"), [("dichloromethane", 2, 10), ("1,4-dioxane", 10, 40)])
def test_boc_comes_off_in_minutes_in_strong_acid(solvent: str, low: float, high: float) -> None:
    found = law("boc-cleavage", "CC(C)(C)OC(=O)N1CCCNCC1", solvent=solvent)
    assert low < half_life(10 ** log_k(found)) / 60 < high


# --- symmetric diamine + R-X 1:1, kappa 0.35: about 55 to 60 % mono, 20 % bis with base; about 45/27 without base --------------


def mono_and_bis(base: float, hours: float = 24.0) -> tuple[float, float]:
    charged = {DIAZEPANE: 0.1, BENZYL_BROMIDE: 0.1} | ({AMINE_BASE: base} if base else {})
    end = run(charged, rules=("amine-alkylation",), hours=hours)
    return end[MONO] / 0.1, end[BIS] / 0.1


def test_one_equivalent_with_base_gives_a_little_over_half_mono_and_a_fifth_bis() -> None:
    mono, bis = mono_and_bis(0.2, hours=2)
    assert 0.53 <= mono <= 0.62
    assert 0.17 <= bis <= 0.24


def test_without_base_the_proton_holds_back_the_diamine_and_bis_gains_on_mono() -> None:
    for hours, base_hours in ((0.1, 0.04), (1.0, 0.1)):
        mono, bis = mono_and_bis(0.0, hours)
        mono_with_base, bis_with_base = mono_and_bis(0.2, base_hours)
        assert mono + 2 * bis == pytest.approx(mono_with_base + 2 * bis_with_base, abs=0.05)
        assert bis / mono > 1.3 * bis_with_base / mono_with_base
    assert mono == pytest.approx(0.45, abs=0.06)
    assert bis == pytest.approx(0.25, abs=0.05)


def test_mono_against_bis_at_full_conversion_is_that_of_two_competing_steps() -> None:
    first = law("amine-alkylation", DIAZEPANE, BENZYL_BROMIDE)
    second = law("amine-alkylation", MONO, BENZYL_BROMIDE)
    kappa = 10 ** (log_k(second) - log_k(first))
    low, high = 1e-6, 1.0
    for _ in range(100):
        alpha = (low + high) / 2
        mono = (alpha**kappa - alpha) / (1 - kappa)
        used = mono + 2 * (1 - alpha - mono)
        low, high = (low, alpha) if used < 1 else (alpha, high)
    assert mono == pytest.approx(mono_and_bis(0.2, hours=8)[0], abs=0.02)


# --- saturated NaHCO3 (pH 8.3) keeps over 90 % of an N-alkyl diazepane (pKaH about 9.4) protonated ----------------------------


def test_bicarbonate_keeps_an_alkyl_diazepane_in_the_water() -> None:
    assert 9.0 <= max(proton_sites("CN1CCCNCC1", knowledge().acidity).pkas) <= 10.4
    assert fraction_neutral("CN1CCCNCC1", 8.3, knowledge().acidity) < 0.1


# --- what else decides a diagnosis ---------------------------------------------------------------------------------------------


def test_hydrogen_bromide_consumes_amine_and_stops_an_alkylation_without_base_short() -> None:
    end = run({PIPERIDINE: 0.1, BENZYL_BROMIDE: 0.1}, rules=("amine-alkylation",), hours=24)
    assert 0.45 < end[canonical("C1CCN(Cc2ccccc2)CC1")] / 0.1 < 0.95
    buffered = run({PIPERIDINE: 0.1, BENZYL_BROMIDE: 0.1, AMINE_BASE: 0.2}, rules=("amine-alkylation",), hours=24)
    assert buffered[canonical("C1CCN(Cc2ccccc2)CC1")] > 0.97 * 0.1


def test_dichloromethane_takes_piperidine_over_a_day_and_not_in_an_hour() -> None:
    k = 10 ** log_k(law("dichloromethane-amine", PIPERIDINE, "ClCCl", solvent="dichloromethane")) * 15.5
    assert 8 * HOUR < half_life(k) < 30 * HOUR
    assert math.exp(-k * HOUR) > 0.9
