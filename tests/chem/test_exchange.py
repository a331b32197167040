"""What D2O tells: hydrogens that exchange, and how far an ion moves."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringside.chem.exchange import exchange_gain, exchangeable
from ringside.chem.molecule import canonical
from ringside.errors import BadInput

UNIT = 2.014101778 - 1.007825032
TETRAAMINE = "C1CNCCNCCCNCCNC1"


@pytest.mark.parametrize(
    ("smiles", "count"),
    [
        ("C[N+]1(C)CCC1", 0),
        ("CNCC[N+]1(C)CCC1", 1),
        ("CN1CCCNCC1", 1),
        ("C1CNCCNC1", 2),
        ("C1CC[N+]2(C1)CCCNCC2", 1),
        ("C1CC[N+]2(CC1)CCC[N+]1(CCCCC1)CC2", 0),
        (TETRAAMINE, 4),
        ("C1C[NH2+]CCC[NH2+]1", 4),
        ("O=C1CNCCCN1", 2),
        ("CC(=O)Nc1ccccc1", 1),
        ("c1ccc2[nH]ccc2c1", 1),
        ("OCCS", 2),
        ("OC(=O)c1ccccc1", 1),
        ("Cc1ccc(cc1)S(=O)(=O)N", 2),
        ("O=Cc1ccccc1", 0),
        ("C#CCN(C)C", 0),
        ("CC(=O)CC(C)=O", 0),
        ("CC(O)=CC(C)=O", 1),
        ("OB(O)c1ccccc1", 2),
        ("[BH3-][NH+]1CCCNCC1", 2),
        ("NC(N)=N", 5),
        ("O", 2),
    ],
)
def test_hydrogens_on_nitrogen_oxygen_and_sulfur_exchange(smiles, count):
    assert exchangeable(canonical(smiles)) == count


@pytest.mark.parametrize(
    ("smiles", "ion", "hydrogens"),
    [
        ("CN1CCCNCC1", "[M+H]+", 2),
        ("C[N+]1(C)CCC1", "M+", 0),
        ("CNCC[N+]1(C)CCC1", "M+", 1),
        ("C1CC[N+]2(CC1)CCC[N+]1(CCCCC1)CC2", "M2+", 0),
        (TETRAAMINE, "[M+H]+", 5),
        (TETRAAMINE, "[M+2H]2+", 3),
        ("C1CNCCNC1", "[M+H]+", 3),
        ("C1CNCCNC1", "[2M+H]+", 5),
        ("C1CNCCNC1", "[M+Na]+", 2),
        ("C1CNCCNC1", "[M+NH4]+", 6),
        ("C1CNCCNC1", "[M+H+CH3CN]+", 3),
        ("C1CNCCNC1", "[M+H+HCOOH]+", 4),
        ("OCCN1CCCNCC1", "[M+H-H2O]+", 1),
        ("NCCCNCc1ccccc1", "[M+H-NH3]+", 1),
        ("CC(C)(C)OC(=O)N1CCCNCC1", "[M+H-C4H8]+", 2),
        ("ClCCCN(C)CCNC", "[M+H-HCl]+", 1),
        ("CN1CCCN(C)CC1", "[M-H]+", 0),
        ("CN1CCCNCC1", "[M-H]+", 1),
        ("[BH3-][NH+]1CCCNCC1", "[M-H]+", 2),
        ("OC(=O)c1ccccc1", "[M-H]-", 0),
        ("OC(=O)CN1CCCNCC1", "[M-H+2Na]+", 1),
        ("C[N+]1([O-])CCCCC1", "[M+H-H2O]+", 0),
        ("C[N+]1(C)CCC[N+](C)(C)CC1", "[M-H]+", 0),
        ("C(c1ccccc1)N1CCCNCC1", "[C7H7]+", 0),
    ],
)
def test_an_ion_gains_what_it_exchanges_over_its_charge(smiles, ion, hydrogens):
    assert exchange_gain(canonical(smiles), ion) == pytest.approx(hydrogens * UNIT, abs=1e-6)


@given(st.integers(1, 4), st.integers(0, 3))
def test_each_secondary_amine_and_each_proton_adds_one(amines, protons):
    smiles = canonical("C1" + "CNC" * amines + "CC1")
    label = {0: "[M+Na]+", 1: "[M+H]+", 2: "[M+2H]2+", 3: "[M+3H]3+"}[protons]
    assert exchange_gain(smiles, label) * max(protons, 1) == pytest.approx((amines + protons) * UNIT, abs=1e-6)


def test_a_ring_of_two_units_gains_as_much_per_charge_as_the_unit():
    assert exchange_gain(canonical(TETRAAMINE), "[M+2H]2+") == exchange_gain("C1CNCCNC1", "[M+H]+")


def test_what_is_no_ion_is_refused():
    with pytest.raises(BadInput):
        exchange_gain("CN", "the usual")
