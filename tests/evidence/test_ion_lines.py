"""Each ion has the isotopes, the charge and the swing of what it is made of."""

import pytest
from evidence_tables import ACCURATE, peak, read_peaks, tables

from ringside.chem.molecule import canonical
from ringside.evidence.expected import expected
from ringside.evidence.lines import line_model, lines_of

BORANE = canonical("[BH3-][NH+]1CCCNCC1")
DICATION = canonical("C[N+]1(C)CCC[N+](C)(C)CC1")
BROMIDE = canonical("BrCCCN(C)CCNC")


def lines(smiles: str, ion: str):
    found = lines_of(expected(smiles, tables(), ACCURATE), line_model(tables().constants))
    return [line for line in found if line.ion == ion]


def test_an_ion_that_has_lost_borane_shows_no_boron():
    assert min(line.extra for line in lines(BORANE, "[M-H]+")) == -1
    assert min(line.extra for line in lines(BORANE, "[M+H-BH3]+")) == 0


def test_an_ion_that_has_lost_hydrogen_bromide_shows_no_bromine():
    assert any(line.extra == 2 and line.height > 0.9 for line in lines(BROMIDE, "[M+H]+"))
    assert not any(line.extra == 2 and line.height > 0.1 for line in lines(BROMIDE, "[M+H-HBr]+"))


def test_a_pair_of_a_dication_and_chloride_shows_chlorine():
    assert any(line.extra == 2 and line.height > 0.3 for line in lines(DICATION, "[M+Cl]+"))


def test_the_isotopes_of_a_dication_lie_half_a_unit_apart():
    first, second = lines(DICATION, "M2+")[:2]
    assert first.charge == 2
    assert second.mz - first.mz == pytest.approx(0.5017, abs=1e-3)


def test_a_dication_is_as_usual_as_it_is_and_needs_no_ion_of_one_charge_beside_it():
    assert not any(line.loaded for line in lines(DICATION, "M2+"))
    alone = read_peaks([peak("x", 79.0886, 79.5902, heights=(1.0, 0.1))], [DICATION])["x"]
    assert alone.candidates[0].species == DICATION
    assert alone.candidates[0].ion == "M2+"


def test_a_fixed_fragment_has_its_own_isotopes():
    (main, heavy) = lines(canonical("C(c1ccccc1)N1CCCNCC1"), "[C7H7]+")
    assert main.mz == pytest.approx(91.0542, abs=1e-4)
    assert heavy.height == pytest.approx(7 * 0.0108, abs=0.005)


def test_rare_dimers_stay_rarer_than_the_usual_one():
    smiles = canonical("CC(C)(C)OC(=O)N1CCCNCC1")
    base = {i: sum(x.base for x in lines(smiles, i)) for i in ("[2M+H]+", "[2M+K]+", "[3M+H]+")}
    assert base["[2M+H]+"] > 5 * base["[2M+K]+"] > 5 * base["[3M+H]+"] > 0


def test_a_signal_of_three_molecules_is_no_ion_of_one():
    smiles = canonical("C1CNCCNC1")
    assert any(line.loaded for line in lines(smiles, "[3M+H]+"))
