"""Readings that share a mass: tied without the deciding data, told apart with it."""

from dataclasses import replace

import pytest
from evidence_tables import ACCURATE, UNIT_MASS, chances, peak, read_peaks

from ringside.chem.mass import exact_mass
from ringside.chem.molecule import canonical
from ringside.evidence.assign import assign
from ringside.evidence.expected import expected
from ringside.knowledge.load import load

DIAZEPANE = "C1CNCCNC1"
CYCLAM = "C1CNCCNCCCNCCNC1"
PRODUCT = canonical("CN1CCCN(C)CC1")
AZETIDINIUM = canonical("CNCC[N+]1(C)CCC1")
ALLYL = canonical("C=CCN(C)CCNC")
BRIDGE = canonical("C1CN2CCCN1C2")
BORANE = canonical("[BH3-][NH+]1CCCNCC1")


def of(peaks, smiles, instrument=ACCURATE):
    return read_peaks([peaks], smiles, {}, instrument)["x"]


# --- 14-membered ring against [2M+H]+ of the diazepane -----------------------------------------------------------------


def test_one_spectrum_does_not_tell_the_fourteen_membered_ring_from_two_diazepanes_and_a_proton():
    found = of(peak("x", 201.2074), [DIAZEPANE, CYCLAM])
    assert set(found.undecidable_between) == {DIAZEPANE, CYCLAM}
    assert "dilution" in found.decided_by


@pytest.mark.parametrize(("exponent", "told"), [(1.9, DIAZEPANE), (1.05, CYCLAM)])
def test_a_load_series_tells_them_apart(exponent, told):
    found = of(replace(peak("x", 201.2074), load_exponent=exponent), [DIAZEPANE, CYCLAM])
    assert found.candidates[0].species == told
    assert found.candidates[0].decided_by_data
    assert not found.undecidable_between


def test_a_load_series_half_way_between_decides_nothing():
    found = of(replace(peak("x", 201.2074), load_exponent=1.5), [DIAZEPANE, CYCLAM])
    assert set(found.undecidable_between) == {DIAZEPANE, CYCLAM}


# --- doubly charged 14-membered ring against the diazepane -------------------------------------------------------------


def test_one_mass_does_not_tell_a_doubly_charged_dimer_from_the_monomer():
    found = of(peak("x", 101.1073), [DIAZEPANE, CYCLAM])
    assert set(found.undecidable_between) == {DIAZEPANE, CYCLAM}
    assert "isotope spacing" in found.decided_by


@pytest.mark.parametrize(
    ("lines", "heights", "told"),
    [((101.1073, 101.6090, 201.2074), (1.0, 0.115, 0.8), CYCLAM), ((101.1073, 102.1107), (1.0, 0.055), DIAZEPANE)],
)
def test_the_spacing_of_the_isotopes_tells_them_apart_where_it_is_resolved(lines, heights, told):
    found = of(peak("x", *lines, heights=heights), [DIAZEPANE, CYCLAM])
    assert found.candidates[0].species == told
    assert not found.undecidable_between


def test_a_unit_mass_spectrum_claims_no_half_spacing():
    found = of(peak("x", 101.1, 201.2, 102.1, heights=(1.0, 0.6, 0.06)), [DIAZEPANE, CYCLAM], UNIT_MASS)
    assert not any(c.decided_by_data for c in found.candidates)


# --- azetidinium, N-allyl amine and ring of one mass -------------------------------------------------------------------


@pytest.mark.parametrize("instrument", [ACCURATE, UNIT_MASS])
def test_an_azetidinium_an_allylamine_and_the_ring_are_one_mass(instrument):
    found = of(peak("x", 129.1386), [PRODUCT, AZETIDINIUM, ALLYL], instrument)
    assert set(found.undecidable_between) == {PRODUCT, AZETIDINIUM, ALLYL}
    assert "D2O" in found.decided_by


@pytest.mark.parametrize("instrument", [ACCURATE, UNIT_MASS])
def test_hydrogens_that_exchange_in_d2o_leave_what_has_as_many(instrument):
    two = of(replace(peak("x", 129.1386), exchange=2.0), [PRODUCT, AZETIDINIUM, ALLYL], instrument)
    assert two.candidates[0].species == ALLYL
    assert not two.undecidable_between
    one = of(replace(peak("x", 129.1386), exchange=1.0), [PRODUCT, AZETIDINIUM, ALLYL], instrument)
    assert set(one.undecidable_between) == {PRODUCT, AZETIDINIUM}


def test_an_ion_that_exchanges_nothing_is_quaternary():
    quaternary, amine = canonical("C[N+]1(C)CCCN(C)CC1"), canonical("CCN1CCCN(C)CC1")
    found = of(replace(peak("x", 143.1543), exchange=0.0), [quaternary, amine])
    assert found.candidates[0].species == quaternary
    assert not found.undecidable_between


# --- amine-borane against a CH2 bridge ---------------------------------------------------------------------------------


def borane_ion() -> float:
    return exact_mass(BORANE) - 1.008374


def test_an_amine_borane_and_a_methylene_bridge_are_one_unit_mass():
    found = of(peak("x", 113.1), [BRIDGE, BORANE], UNIT_MASS)
    assert set(found.undecidable_between) == {BRIDGE, BORANE}
    assert "accurate mass" in found.decided_by


def test_seventeen_millidaltons_tell_them_apart():
    assert borane_ion() - exact_mass(BRIDGE) - 1.007276 == pytest.approx(0.0167, abs=1e-3)
    boron = of(peak("x", round(borane_ion(), 4)), [BRIDGE, BORANE])
    carbon = of(peak("x", round(exact_mass(BRIDGE) + 1.007276, 4)), [BRIDGE, BORANE])
    assert boron.candidates[0].species == BORANE and boron.candidates[0].decided_by_data
    assert carbon.candidates[0].species == BRIDGE and carbon.candidates[0].decided_by_data


def test_the_line_of_boron_ten_tells_them_apart_at_unit_mass():
    boron = of(peak("x", 113.1, 112.1, 114.1, heights=(1.0, 0.25, 0.06)), [BRIDGE, BORANE], UNIT_MASS)
    carbon = of(peak("x", 113.1, 114.1, heights=(1.0, 0.07)), [BRIDGE, BORANE], UNIT_MASS)
    assert boron.candidates[0].species == BORANE
    assert carbon.candidates[0].species == BRIDGE
    assert not boron.undecidable_between


def test_what_an_experiment_says_does_not_depend_on_what_others_say():
    plain = chances(of(peak("x", 201.2074), [DIAZEPANE, CYCLAM]))
    silent = chances(of(replace(peak("x", 201.2074), exchange=None), [DIAZEPANE, CYCLAM]))
    assert plain == silent


@pytest.mark.parametrize(("second", "told"), [(61.0, AZETIDINIUM), (95.0, PRODUCT)])
def test_an_eluent_of_high_ph_moves_the_amine_and_not_the_cation(second, told):
    both = replace(ACCURATE, eluent_ph=2.7, second_ph=10.5)
    peaks = replace(peak("x", 129.1386, rt=60.0), second_rt=second)
    found = of(peaks, [PRODUCT, AZETIDINIUM], both)
    assert found.candidates[0].species == told
    assert not found.undecidable_between


def with_rules(peaks, smiles, instrument=ACCURATE):
    known = load(None).evidence
    species = [expected(canonical(s), known, instrument) for s in smiles]
    return assign([peaks], species, {}, known, instrument)[0]


HALF = ((101.1073, 1.0), (84.0808, 0.2), (56.0495, 0.1))
OWN = ((184.1808, 0.8), (158.1652, 0.5), (127.1230, 0.6), (70.0651, 1.0))


def test_msms_of_two_diazepanes_and_a_proton_gives_the_protonated_diazepane_back():
    plain = chances(with_rules(peak("x", 201.2074), [DIAZEPANE, CYCLAM]))
    half = chances(with_rules(replace(peak("x", 201.2074), fragments=HALF), [DIAZEPANE, CYCLAM]))
    assert half[DIAZEPANE] / half[CYCLAM] > 2.0 * plain[DIAZEPANE] / plain[CYCLAM]


def test_fragments_above_half_the_mass_are_those_of_a_covalent_ring():
    found = with_rules(replace(peak("x", 201.2074), fragments=OWN), [DIAZEPANE, CYCLAM])
    assert found.candidates[0].species == CYCLAM
    assert found.candidates[0].decided_by_data
    assert not found.undecidable_between
