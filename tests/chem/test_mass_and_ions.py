import pytest
from chem_tables import adducts, features, rows
from hypothesis import given
from hypothesis import strategies as st

from ringside.chem.features import features_of
from ringside.chem.ions import adduct_mz, ions_of, isotope_pattern, read_adducts
from ringside.chem.mass import average_mass, charge, exact_mass, formula, heavy_atoms, inchikey, parse_formula
from ringside.chem.molecule import canonical
from ringside.errors import BadInput, BadKnowledge

DIAZEPANE = "C1CNCCNC1"
CYCLAM = canonical("C1CNCCNCCCNCCNC1")
BY_LABEL = {a.label: a for a in adducts()}


def mz(smiles: str, label: str) -> float:
    smiles = canonical(smiles)
    return adduct_mz(exact_mass(smiles), charge(smiles), BY_LABEL[label])


def labels(smiles: str, polarity="positive") -> dict[str, float]:
    smiles = canonical(smiles)
    return {name: weight for name, _, weight in ions_of(smiles, features_of(smiles, features()), adducts(), polarity)}


def test_masses_agree_with_values_worked_out_by_hand():
    assert exact_mass(DIAZEPANE) == pytest.approx(5 * 12 + 12 * 1.00782503 + 2 * 14.00307400, abs=1e-5)
    assert average_mass(DIAZEPANE) == pytest.approx(100.165, abs=0.002)
    assert exact_mass("BrCc1ccccc1") == pytest.approx(169.9731, abs=1e-4)
    assert heavy_atoms(DIAZEPANE) == 7
    assert inchikey("O") == "XLYOFNOQVPJJNP-UHFFFAOYSA-N"


def test_the_mass_of_an_ion_counts_its_electrons():
    assert exact_mass("[Na+]") == pytest.approx(22.989770 - 0.000549, abs=2e-6)
    assert exact_mass("[Br-]") == pytest.approx(78.918338 + 0.000549, abs=2e-6)


def test_formulas_read_back():
    assert formula("C[N+](C)(C)C") == "C4H12N+"
    assert dict(parse_formula("C4H12N+")) == {"C": 4, "H": 12, "N": 1}
    with pytest.raises(BadInput):
        parse_formula("c4h12")


@pytest.mark.parametrize(
    ("smiles", "label", "expected"),
    [
        (DIAZEPANE, "[M+H]+", 101.1073),
        (DIAZEPANE, "[2M+H]+", 201.2074),
        (CYCLAM, "[M+H]+", 201.2074),
        (CYCLAM, "[M+2H]2+", 101.1073),
        ("CN1CCCN(C)CC1", "[M+H]+", 129.1386),
        ("CN1CCCN(C)CC1", "[2M+H]+", 257.2700),
        ("CN1CCCN(C)CCN(C)CCCN(C)CC1", "[M+H]+", 257.2700),
        ("CNCC[N+]1(C)CCC1", "M+", 129.1386),
        ("C=CCN(C)CCNC", "[M+H]+", 129.1386),
        ("CC(C)(C)OC(=O)N1CCCNCC1", "[M+H-C4H8]+", 145.0972),
        ("C[N+]1(C)CC[N+](C)(C)CC1", "M+", 72.0808),
    ],
)
def test_the_mass_degeneracies_are_met(smiles, label, expected):
    assert mz(smiles, label) == pytest.approx(expected, abs=1e-4)


def test_protonation_adds_the_mass_of_a_proton():
    assert mz(DIAZEPANE, "[M+H]+") - exact_mass(DIAZEPANE) == pytest.approx(1.007276, abs=1e-6)


def test_an_amine_borane_shows_twelve_above_the_protonated_amine():
    borane = canonical("[BH3-][NH+]1CCCNCC1")
    assert labels(borane)["[M-H]+"] > labels(borane)["[M+H]+"]
    assert mz(borane, "[M-H]+") - mz(DIAZEPANE, "[M+H]+") == pytest.approx(12.017, abs=1e-3)
    assert mz(borane, "[M+H-BH3]+") == pytest.approx(mz(DIAZEPANE, "[M+H]+"), abs=1e-4)


def test_two_charges_need_two_basic_nitrogens():
    assert "[M+2H]2+" in labels(DIAZEPANE)
    assert "[M+2H]2+" not in labels("C1CCNCC1")
    assert "[M+2H]2+" not in labels("CC(C)(C)OC(=O)N1CCCNCC1")


def test_isobutene_is_lost_only_from_boc():
    assert "[M+H-C4H8]+" in labels("CC(C)(C)OC(=O)N1CCCNCC1")
    assert "[M+H-C4H8]+" not in labels("CCCCN1CCCNCC1")


def test_a_permanent_cation_shows_as_itself_and_not_in_negative_mode():
    ions = ions_of("C[N+](C)(C)C", frozenset({"carbon"}), adducts(), "positive")
    assert ions[0][0] == "M+"
    assert ions[0][1] == pytest.approx(74.0964, abs=1e-4)
    assert ions_of("C[N+](C)(C)C", frozenset(), adducts(), "negative") == ()


def test_a_dication_shows_at_half_its_mass_and_with_an_anion_and_a_metal_ion_not_at_all():
    dication = labels("C[N+]1(C)CC[N+](C)(C)CC1")
    assert max(dication, key=dication.__getitem__) == "M2+"
    assert "[M+HCOO]+" in dication and "M+" not in dication
    assert labels("[Na+]") == {}
    assert labels("[H+]") == {}


def test_an_alkyl_bromide_shows_no_positive_ion():
    assert labels("BrCc1ccccc1") == {}


def test_an_acid_shows_in_negative_mode():
    assert "[M-H]-" in labels("OC(=O)c1ccccc1", "negative")
    assert "[M-H]-" not in labels(DIAZEPANE, "negative")


def test_ions_come_strongest_first_and_each_label_once():
    smiles = canonical("CC(C)(C)OC(=O)N1CCCNCC1")
    found = ions_of(smiles, features_of(smiles, features()), adducts(), "positive")
    weights = [weight for _, _, weight in found]
    assert weights == sorted(weights, reverse=True)
    assert len({name for name, _, _ in found}) == len(found)


def test_an_adduct_that_leaves_no_charge_is_refused():
    with pytest.raises(BadInput):
        adduct_mz(100.0, 0, BY_LABEL["M+"])


def test_needs_of_adducts_are_features():
    needed = {n.lstrip("!&") for a in adducts() for n in a.needs}
    assert needed <= features().ids


def test_an_adduct_of_an_unknown_kind_of_molecule_is_refused():
    with pytest.raises(BadKnowledge):
        read_adducts([{**rows("adducts.csv")[0], "of": "radical"}])


def test_bromine_and_chlorine_give_their_ratios():
    bromide = {round(m): h for m, h in isotope_pattern("C7H7Br", 0)}
    assert bromide[172] / bromide[170] == pytest.approx(0.973, abs=0.01)
    chlorides = {round(m): h for m, h in isotope_pattern("CH2Cl2", 0)}
    assert chlorides[86] / chlorides[84] == pytest.approx(0.64, abs=0.01)
    assert chlorides[88] / chlorides[84] == pytest.approx(0.10, abs=0.01)


def test_boron_shows_its_lighter_isotope_at_a_quarter():
    lines = isotope_pattern("C5H14BN2", 1)
    assert lines[0][1] / lines[1][1] == pytest.approx(0.25, abs=0.01)
    assert lines[1][0] - lines[0][0] == pytest.approx(0.9964, abs=1e-3)


def test_carbon_thirteen_counts_by_carbon():
    lines = isotope_pattern("C60H60", 0)
    assert lines[1][1] / lines[0][1] == pytest.approx(60 * 0.0107 / 0.9893, rel=0.03)


def test_a_double_charge_halves_the_spacing():
    (first, _), (second, _) = isotope_pattern("C10H26N4", 2)[:2]
    assert second - first == pytest.approx(0.5017, abs=1e-3)
    assert first == pytest.approx(101.1073, abs=1e-4)


@given(st.integers(1, 30), st.integers(1, 60), st.integers(0, 5), st.integers(0, 2))
def test_the_pattern_starts_at_the_monoisotopic_ion_and_peaks_at_one(c, h, n, br):
    lines = isotope_pattern(f"C{c}H{h}" + (f"N{n}" if n else "") + (f"Br{br}" if br else ""), 1)
    mono = c * 12 + h * 1.00782503 + n * 14.003074 + br * 78.918338 - 0.000549
    assert lines[0][0] == pytest.approx(mono, abs=2e-4)
    assert max(height for _, height in lines) == 1.0


def test_an_unknown_element_is_refused():
    with pytest.raises(BadInput):
        isotope_pattern("C2Xx", 0)
