import itertools
import math

import pytest
from chem_tables import acidity, rows

from ringside.chem.acidity import (
    AcidityTable,
    binding_polynomial,
    macroscopic_pkas,
    mean_charge_state,
    neutral_form,
    proton_sites,
    read_acidity,
)
from ringside.chem.lipophilicity import fraction_neutral, log_d, logp
from ringside.chem.molecule import canonical, mol
from ringside.errors import BadKnowledge

EXACT = [r for r in rows("acidity_exact.csv") if r["name"] != "azide"]


def pkas(smiles: str) -> tuple[float, ...]:
    return macroscopic_pkas(canonical(smiles), acidity())


def site_atoms(smiles: str) -> list[str]:
    smiles = canonical(smiles)
    return [mol(smiles).GetAtomWithIdx(i).GetSymbol() for i in proton_sites(smiles, acidity()).atoms]


@pytest.mark.parametrize("row", EXACT, ids=[r["name"] for r in EXACT])
def test_measured_molecules_keep_their_measured_values(row):
    wanted = [float(row[k]) for k in ("pkah1", "pkah2", "pkah3") if row[k]]
    found = pkas(row["smiles"])
    assert found[0] == pytest.approx(wanted[0], abs=1e-6)
    if len(wanted) > 1:
        assert found[1] == pytest.approx(wanted[1], abs=1e-6)
    if len(wanted) > 2:
        assert found[2] == pytest.approx(wanted[2], abs=0.15)


def test_the_rules_alone_come_near_the_measured_amines():
    bare = AcidityTable(acidity().rules, (), acidity().interaction)
    misses = {}
    for row in EXACT:
        if row["source"] == "judgement" or row["name"] in {"DABCO", "quinuclidine", "phosphate", "sulfate"}:
            continue
        found = macroscopic_pkas(canonical(row["smiles"]), bare)
        misses[row["name"]] = abs(found[0] - float(row["pkah1"]))
        if row["pkah2"]:
            misses[row["name"] + " second"] = abs(found[1] - float(row["pkah2"]))
    assert len(misses) >= 25
    assert sum(misses.values()) / len(misses) < 0.25
    assert max(misses.values()) < 0.7


@pytest.mark.parametrize(
    ("smiles", "low", "high"),
    [
        ("c1ccc(CN2CCCNCC2)cc1", 9.2, 9.9),
        ("CCN1CCCNCC1", 9.2, 9.9),
        ("C1CCC2=NCCCN2CC1", 12.0, 13.6),
        ("CN(C)C(=N)N(C)C", 13.0, 14.0),
        ("CN(C)c1ccncc1", 9.2, 10.0),
        ("c1ccncc1", 5.0, 5.4),
        ("c1c[nH]cn1", 6.8, 7.2),
        ("Nc1ccccc1", 4.5, 4.7),
        ("Nc1ccc([N+](=O)[O-])cc1", 0.5, 1.8),
        ("CC(=O)O", 4.7, 4.8),
        ("OC(=O)C(F)(F)F", 0.2, 0.7),
        ("O=C([O-])O", 10.3, 10.4),
        ("[OH-]", 15.6, 15.8),
        ("CC(C)(C)[O-]", 17, 19),
        ("Oc1ccccc1", 9.9, 10.1),
        ("Cc1ccc(S(=O)(=O)NC)cc1", 10, 11.2),
        ("Br", -9, -6),
        ("Cl", -9, -6),
        ("CS(=O)(=O)O", -3, 0),
        ("OCCN", 9.2, 9.8),
        ("NCCBr", 8.2, 9.0),
    ],
)
def test_first_pka_lies_where_chemists_expect_it(smiles, low, high):
    assert low <= pkas(smiles)[0] <= high


@pytest.mark.parametrize(
    "smiles",
    [
        "CC(=O)N(C)C",
        "CC(C)(C)OC(=O)NC",
        "C[N+](C)(C)C",
        "CC#N",
        "C[N+]1=CCCCC1",
        "[BH4-]",
        "CC(=O)O[BH-](OC(C)=O)OC(C)=O",
        "[Na+]",
        "C1=CCCCN1C",
        "CC(=O)C=C(C)NC",
        "c1cc[nH]c1",
        "[BH3-][NH+](C)C",
        "C[N+](=O)[O-]",
    ],
)
def test_what_binds_no_proton_has_no_site(smiles):
    assert site_atoms(smiles) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("[OH-]", "O"),
        ("[Br-]", "Br"),
        ("CC(=O)[O-]", "CC(=O)O"),
        ("O=C([O-])[O-]", "O=C(O)O"),
        ("O=C([O-])[O-]", "O=C([O-])O"),
        ("O=P([O-])([O-])[O-]", "O=P(O)(O)[O-]"),
        ("C1CNCCNC1", "C1C[NH2+]CCNC1"),
        ("NCCN", "[NH3+]CC[NH3+]"),
        ("CC(C)(C)[O-]", "CC(C)(C)O"),
        ("c1ccncc1", "c1cc[nH+]cc1"),
        ("CS(=O)(=O)[N-]C", "CS(=O)(=O)NC"),
        ("[NH3+]CC(=O)[O-]", "NCC(=O)O"),
        ("C1CCC2=NCCCN2CC1", "C1CCC2=[NH+]CCCN2CC1"),
        ("[C-]#N", "C#N"),
        ("Cc1ccc(S(=O)(=O)[O-])cc1", "Cc1ccc(S(=O)(=O)O)cc1"),
    ],
)
def test_conjugate_forms_share_their_constants_and_their_neutral_form(one, other):
    assert pkas(one) == pytest.approx(pkas(other))
    assert neutral_form(canonical(one), acidity()) == neutral_form(canonical(other), acidity())


def test_the_neutral_form_is_a_fixed_point_and_keeps_permanent_charges():
    assert neutral_form("[Br-]", acidity()) == "Br"
    assert neutral_form("[H+]", acidity()) == "[H+]"
    assert neutral_form("O=C([O-])[O-]", acidity()) == "O=C(O)O"
    assert neutral_form("C[N+](C)(C)C", acidity()) == "C[N+](C)(C)C"
    assert neutral_form("[BH4-]", acidity()) == "[BH4-]"
    once = neutral_form(canonical("[NH3+]CC(=O)[O-]"), acidity())
    assert once == "NCC(=O)O" == neutral_form(once, acidity())


@pytest.mark.parametrize(
    ("smiles", "held"),
    [("OC(=O)CC(=O)O", 2), ("OP(O)(O)=O", 3), ("Oc1ccccc1", 1), ("CS", 1), ("F", 1), ("[NH4+]", 1), ("[H+]", 1)],
)
def test_every_labile_proton_is_held_by_a_site(smiles, held):
    assert proton_sites(canonical(smiles), acidity()).kinds.count("acid") == held


def test_a_site_says_whether_it_holds_its_proton_and_whether_it_is_an_anion_without():
    ammonium = proton_sites("[NH4+]", acidity())
    acetic = proton_sites("CC(=O)O", acidity())
    acetate = proton_sites("CC(=O)[O-]", acidity())
    assert (ammonium.kinds, ammonium.anionic) == (("acid",), (False,))
    assert (acetic.kinds, acetic.anionic) == (("acid",), (True,))
    assert (acetate.kinds, acetate.anionic) == (("base",), (True,))


def test_equivalent_nitrogens_have_equal_microscopic_values():
    sites = proton_sites("C1CNCCNC1", acidity())
    assert sites.pkas[0] == sites.pkas[1] == pytest.approx(10.26 - math.log10(2))


def test_a_benzyl_nitrogen_is_the_weaker_site():
    smiles = canonical("c1ccc(CN2CCCNCC2)cc1")
    sites = proton_sites(smiles, acidity())
    assert mol(smiles).GetAtomWithIdx(sites.atoms[0]).GetTotalNumHs() == 1
    assert sites.pkas[0] > sites.pkas[1] + 1


def test_a_second_proton_costs_more_on_two_short_paths_than_on_one():
    def gap(smiles):
        first, second = pkas(smiles)[:2]
        return first - second

    assert gap("C1CNCCN1") > gap("C1CNCCNC1") > gap("NCCN") > gap("NCCCN") > gap("NCCCCN")


def test_no_more_than_four_sites_are_kept():
    assert len(site_atoms("NCCNCCNCCNCCNCCN")) == 4


def test_macroscopic_values_fall():
    for smiles in ("NCCNCCN", "C1CNCCNCCCNCCNC1", "OP(O)(O)=O", "NCCCN1CCCNCC1"):
        assert all(a > b for a, b in itertools.pairwise(pkas(smiles)))


def test_charge_states_sum_to_one_and_follow_the_ph():
    for ph in (0.0, 2.7, 7.0, 8.43, 14.0):
        assert sum(mean_charge_state("C1CNCCNC1", ph, acidity())) == pytest.approx(1.0)
    assert mean_charge_state("C1CNCCNC1", (10.26 + 6.60) / 2, acidity())[1] > 0.95


def test_the_polynomial_starts_with_the_empty_molecule():
    beta = binding_polynomial(proton_sites("NCCN", acidity()))
    assert beta[0] == 1.0
    assert math.log10(beta[2]) == pytest.approx(9.92 + 7.11)


def test_logd_of_an_amine_rises_with_the_ph_to_logp():
    smiles = canonical("c1ccc(CN2CCCNCC2)cc1")
    values = [log_d(smiles, ph, acidity()) for ph in (2.0, 7.0, 10.0, 13.0)]
    assert values == sorted(values)
    assert values[-1] == pytest.approx(logp(smiles), abs=0.01)


def test_logd_does_not_depend_on_the_form_written():
    assert log_d("[Cl-]", 7.0, acidity()) == -6.0
    assert log_d(canonical("CC(=O)[O-]"), 2.0, acidity()) == pytest.approx(log_d("CC(=O)O", 2.0, acidity()))


def test_permanent_ions_and_zwitterions_are_not_neutral():
    assert fraction_neutral("C[N+](C)(C)C", 7.0, acidity()) == 0.0
    assert fraction_neutral("NCC(=O)O", 6.0, acidity()) < 0.01
    assert fraction_neutral("CC(=O)N(C)C", 7.0, acidity()) == 1.0
    assert fraction_neutral("CC(=O)O", 4.76, acidity()) == pytest.approx(0.5)


def test_a_bad_kind_or_pattern_is_refused_with_its_row():
    row = {"id": "mine", "kind": "base", "smarts": "[N", "pka": "9", "sd": "1", "source": "judgement"}
    with pytest.raises(BadKnowledge) as refused:
        read_acidity([row], [], [])
    assert refused.value.complaints[0].field == "mine"
    with pytest.raises(BadKnowledge):
        read_acidity([{**row, "smarts": "N", "kind": "lewis"}], [], [])
