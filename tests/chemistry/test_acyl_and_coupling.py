"""Acids, isocyanates, coupling reagents and chlorides in real flasks: what forms and what must not."""

from shipped import flask, forms, gives

HATU = "CN(C)C(=[N+](C)C)On1nnc2cccnc21"
PYBOP = "c1ccc2c(c1)nnn2O[P+](N1CCCC1)(N1CCCC1)N1CCCC1"
DCC = "C(=NC1CCCCC1)=NC1CCCCC1"
CDI = "O=C(n1ccnc1)n1ccnc1"
BOC = "CC(C)(C)OC(=O)N1CCCNCC1"
BASE = ("role:base",)


def test_an_isocyanate_gives_the_urea_and_a_diamine_the_bis_urea() -> None:
    network = flask("C1CNCCNC1", "CCCCN=C=O")
    assert forms(network, "CCCCNC(=O)N1CCCNCC1")
    assert forms(network, "CCCCNC(=O)N1CCCN(C(=O)NCCCC)CC1")


def test_wet_isocyanate_ends_as_amine_carbon_dioxide_and_symmetrical_urea() -> None:
    network = flask("O=C=Nc1ccccc1", "O")
    assert forms(network, "Nc1ccccc1")
    assert forms(network, "O=C=O")
    assert forms(network, "O=C(Nc1ccccc1)Nc1ccccc1")


def test_an_isothiocyanate_gives_the_thiourea_and_keeps_in_water() -> None:
    assert forms(flask(BOC, "S=C=Nc1ccc(Cl)cc1"), "CC(C)(C)OC(=O)N1CCCN(C(=S)Nc2ccc(Cl)cc2)CC1")
    assert not flask("S=C=Nc1ccc(Cl)cc1", "O").reactions


def test_a_carbodiimide_gives_amide_urea_and_the_n_acylurea() -> None:
    network = flask(BOC, "CC(=O)O", DCC)
    assert forms(network, "CC(=O)N1CCCN(C(=O)OC(C)(C)C)CC1")
    assert forms(network, "O=C(NC1CCCCC1)NC1CCCCC1")
    assert forms(network, "CC(=O)N(C1CCCCC1)C(=O)NC1CCCCC1")
    assert forms(network, "CC(=O)OC(C)=O")


def test_the_n_acylurea_acylates_nothing() -> None:
    assert not flask(BOC, "CC(=O)N(C1CCCCC1)C(=O)NC1CCCCC1").reactions


def test_uronium_and_phosphonium_reagents_go_through_the_active_ester() -> None:
    hatu = flask(BOC, "CC(=O)O", HATU, features=BASE)
    assert forms(hatu, "CC(=O)On1nnc2cccnc21")
    assert forms(hatu, "CC(=O)N1CCCN(C(=O)OC(C)(C)C)CC1")
    assert forms(hatu, "CN(C)C(=O)N(C)C")
    pybop = flask(BOC, "CC(=O)O", PYBOP, features=BASE)
    assert forms(pybop, "O=P(N1CCCC1)(N1CCCC1)N1CCCC1")
    assert forms(pybop, "CC(=O)N1CCCN(C(=O)OC(C)(C)C)CC1")


def test_hatu_makes_a_guanidinium_of_the_amine_but_pybop_does_not() -> None:
    assert forms(flask("CCCN", HATU), "CCCNC(N(C)C)=[N+](C)C")
    assert not flask("CCCN", PYBOP).reactions


def test_carbonyldiimidazole_joins_acid_and_amine() -> None:
    network = flask(BOC, "OC(=O)c1ccccc1", CDI)
    assert forms(network, "O=C(c1ccccc1)n1ccnc1")
    assert forms(network, "CC(C)(C)OC(=O)N1CCCN(C(=O)c2ccccc2)CC1")


def test_carbonyldiimidazole_makes_the_cyclic_urea_of_an_open_diamine_but_never_a_bridged_one() -> None:
    assert forms(flask("CNCCNC", CDI), "CN1CCN(C)C1=O")
    assert forms(flask("NCCCN", CDI), "O=C1NCCCN1")
    assert not forms(flask("C1CNCCN1", CDI), "O=C1N2CCN1CC2")
    assert not forms(flask("C1CNCCNC1", CDI), "O=C1N2CCCN1CC2")


def test_an_aryl_carbamate_gives_the_urea_and_an_alkyl_carbamate_nothing() -> None:
    network = flask(BOC, "O=C(Nc1ccccc1)Oc1ccc([N+](=O)[O-])cc1")
    assert forms(network, "CC(C)(C)OC(=O)N1CCCN(C(=O)Nc2ccccc2)CC1")
    assert forms(network, "O=[N+]([O-])c1ccc(O)cc1")
    assert not flask(BOC, "CCOC(=O)Nc1ccccc1").reactions


def test_triphosgene_gives_carbamoyl_chloride_or_isocyanate() -> None:
    triphosgene = "O=C(OC(Cl)(Cl)Cl)OC(Cl)(Cl)Cl"
    assert forms(flask(BOC, triphosgene, features=BASE), "CC(C)(C)OC(=O)N1CCCN(C(=O)Cl)CC1")
    assert forms(flask("NCc1ccccc1", triphosgene, features=BASE), "O=C=NCc1ccccc1")


def test_phosgene_never_bridges_a_free_cyclic_diamine() -> None:
    for diamine, cage in (("C1CNCCN1", "O=C1N2CCN1CC2"), ("C1CNCCNC1", "O=C1N2CCCN1CC2")):
        assert not forms(flask(diamine, "O=C(Cl)Cl", features=BASE), cage)


def test_hydroxide_saponifies_an_ethyl_ester_and_leaves_the_tert_butyl_ester_and_boc() -> None:
    strong = ("has:strong-base",)
    assert forms(flask("[OH-]", "CCOC(=O)CN1CCCN(C)CC1", features=strong), "CN1CCCN(CC(=O)[O-])CC1")
    assert not flask("[OH-]", "CC(C)(C)OC(=O)CN1CCOCC1", "CC(C)(C)OC(=O)N1CCOCC1", features=strong).reactions


def test_an_amino_ester_closes_to_the_diazepanone() -> None:
    assert forms(flask("CCOC(=O)CCNCCN"), "O=C1CCNCCN1")


def test_an_amide_needs_strong_acid_and_water_to_come_apart() -> None:
    assert forms(flask("CC(=O)N1CCCNCC1", "O", features=("has:strong-acid",)), "C1CNCCNC1")
    assert not flask("CC(=O)N1CCCNCC1", "O").reactions


def test_acid_and_amine_condense_only_in_a_solvent_that_boils_high() -> None:
    amide = "O=C(c1ccccc1)N1CCCCC1"
    assert forms(flask("C1CCNCC1", "O=C(O)c1ccccc1", features=("solvent:xylene",)), amide)
    assert not forms(flask("C1CCNCC1", "O=C(O)c1ccccc1", features=("solvent:dichloromethane",)), amide)


def test_ethyl_trifluoroacetate_protects_and_carbonate_in_methanol_sets_free() -> None:
    amide = "CCCCNC(=O)C(F)(F)F"
    assert forms(flask("CCCCN", "CCOC(=O)C(F)(F)F"), amide)
    assert forms(flask(amide, "CO", features=("material:potassium carbonate",)), "CCCCN")
    assert not flask(amide, "CO", features=BASE).reactions


def test_formyl_comes_from_ethyl_formate_and_dimethylformamide_but_not_from_dimethylacetamide() -> None:
    assert forms(flask("C1CCNCC1", "CCOC=O"), "O=CN1CCCCC1")
    assert forms(flask("C1CCNCC1", "CN(C)C=O"), "O=CN1CCCCC1")
    assert not flask("C1CCNCC1", "CC(=O)N(C)C").reactions


def test_carbon_dioxide_comes_and_goes_and_its_carbamate_is_benzylated() -> None:
    network = flask("C1CCNCC1", "O=C=O", "BrCc1ccccc1", features=("role:base", "atmosphere:CO2"))
    assert forms(network, "O=C(O)N1CCCCC1")
    assert forms(network, "O=C(OCc1ccccc1)N1CCCCC1")
    assert gives("carbamic-acid-loss", "O=C(O)N1CCCCC1") == {"C1CCNCC1", "O=C=O"}


def test_thionyl_and_oxalyl_chloride_make_acid_chlorides() -> None:
    acid = "Cc1cc(C(=O)O)ccc1N1CCCN(C)CC1"
    chloride = "Cc1cc(C(=O)Cl)ccc1N1CCCN(C)CC1"
    assert gives("thionyl-chloride-acid", acid, "O=S(Cl)Cl") == {chloride, "O=S=O", "Cl"}
    assert gives("oxalyl-chloride-acid", acid, "O=C(Cl)C(=O)Cl") == {chloride, "O=C=O", "[C-]#[O+]", "Cl"}


def test_an_alcohol_becomes_chloride_or_mesylate_but_a_tertiary_one_neither() -> None:
    assert gives("thionyl-chloride-alcohol", "OCCN1CCCCCC1", "O=S(Cl)Cl") == {"ClCCN1CCCCCC1", "O=S=O", "Cl"}
    assert gives("alcohol-sulfonylation", "OCCCN1CCCCC1", "CS(=O)(=O)Cl") == {"CS(=O)(=O)OCCCN1CCCCC1", "Cl"}
    assert not gives("thionyl-chloride-alcohol", "CC(C)(C)O", "O=S(Cl)Cl")
    assert not gives("alcohol-sulfonylation", "CC(C)(C)O", "CS(=O)(=O)Cl")
