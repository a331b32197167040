"""Ring expansion by nitrogen, the Mitsunobu reaction, and what makes, changes or breaks bonds of nitrogen."""

import pytest
from shipped import flask, forms, gives, rule

from ringside.chem.features import has
from ringside.network.gates import holds

STRONG_ACID = ("has:strong-acid",)
BASE = ("role:base",)
STRONG_BASE = ("role:base", "has:strong-base")
AZIDE = "[N-]=[N+]=[N-]"
MESYLIC = "CS(=O)(=O)O"
BENZYLPIPERIDONE = "O=C1CCN(Cc2ccccc2)CC1"
H2 = "[H][H]"
PHOSPHINE = "c1ccc(P(c2ccccc2)c2ccccc2)cc1"
DIAD = "CC(C)OC(=O)N=NC(=O)OC(C)C"
OXIDE = "O=P(c1ccccc1)(c1ccccc1)c1ccccc1"


def test_a_piperidone_and_azide_in_strong_acid_give_the_diazepanone_and_with_more_azide_the_tetrazole() -> None:
    network = flask(BENZYLPIPERIDONE, AZIDE, MESYLIC, features=STRONG_ACID, generations=4)
    for smiles in ("O=C1CCN(Cc2ccccc2)CCN1", "N#N", "c1ccc(CN2CCc3nnnn3CC2)cc1"):
        assert forms(network, smiles), smiles


def test_without_strong_acid_azide_leaves_a_ketone_alone() -> None:
    assert not forms(flask(BENZYLPIPERIDONE, AZIDE, "CC(=O)O", generations=4), "O=C1CCN(Cc2ccccc2)CCN1")


def test_either_side_of_a_ketone_moves_in_the_schmidt_reaction() -> None:
    network = flask("CC1CN(Cc2ccccc2)CCC1=O", AZIDE, MESYLIC, features=STRONG_ACID, generations=4)
    assert forms(network, "CC1CN(Cc2ccccc2)CCC(=O)N1")
    assert forms(network, "CC1CN(Cc2ccccc2)CCNC1=O")


def test_quinuclidinone_expands_away_from_its_nitrogen_and_breaks_beside_it() -> None:
    network = flask("O=C1CN2CCC1CC2", AZIDE, MESYLIC, features=STRONG_ACID, generations=3)
    assert forms(network, "O=C1CN2CCC(CC2)N1")
    assert not forms(network, "O=C1NCN2CCC1CC2")
    assert forms(network, "C=[N+]1CCC(C#N)CC1")


def test_a_bridged_ketone_expands() -> None:
    network = flask("CC(C)(C)OC(=O)N1C2CCC1CC(=O)C2", AZIDE, MESYLIC, features=STRONG_ACID, generations=3)
    assert [s for s in network.species if has(s, "[NX3;H1;R]-[CX3;R](=O)-[CX4;R]")]


def test_hydroxylamine_and_tosyl_chloride_expand_a_piperidone() -> None:
    boc = "CC(C)(C)OC(=O)N1CC"
    network = flask(f"{boc}C(=O)CC1", "NO", "Cc1ccc(S(=O)(=O)Cl)cc1", "O", features=BASE, generations=4)
    assert forms(network, f"{boc}C(=NO)CC1")
    assert forms(network, f"{boc}NC(=O)CC1")


def test_an_oxime_rearranges_in_strong_acid_only_and_a_tertiary_neighbour_breaks_off() -> None:
    assert forms(flask("ON=C1CCCCC1", features=STRONG_ACID), "O=C1CCCCCN1")
    assert not forms(flask("ON=C1CCCCC1"), "O=C1CCCCCN1")
    assert gives("beckmann-fragmentation-alkene", "CC1(C)CCCCC1=NOS(C)(=O)=O") >= {"C=C(C)CCCCC#N"}
    assert not gives("beckmann-sulfonate", "O", "CC1(C)CCCCC1=NOS(C)(=O)=O") & {"CC1(C)CCCCC(=O)N1"}


@pytest.mark.parametrize(
    ("acid", "product"),
    [
        ("O=C(O)c1ccccc1", "CC[C@H](C)OC(=O)c1ccccc1"),
        ("O=C1NC(=O)c2ccccc21", "CC[C@H](C)N1C(=O)c2ccccc2C1=O"),
        ("Oc1ccccc1", "CC[C@H](C)Oc1ccccc1"),
        ("CNS(=O)(=O)c1ccccc1[N+](=O)[O-]", "CC[C@H](C)N(C)S(=O)(=O)c1ccccc1[N+](=O)[O-]"),
    ],
)
def test_the_mitsunobu_reaction_inverts_the_alcohol(acid: str, product: str) -> None:
    network = flask("CC[C@@H](C)O", acid, PHOSPHINE, DIAD, generations=5)
    for smiles in (product, OXIDE, "CC(C)OC(=O)NNC(=O)OC(C)C"):
        assert forms(network, smiles), smiles
    assert not forms(network, product.replace("@H", "@@H"))


@pytest.mark.parametrize("partner", ["CC(=O)NC", "C1CCNCC1", "CC(C)(C)OC(=O)NC"])
def test_beside_amides_amines_and_carbamates_the_hydrazide_takes_the_alkyl_group(partner: str) -> None:
    network = flask("OCC1CC1", partner, PHOSPHINE, DIAD, generations=5)
    assert forms(network, "CC(C)OC(=O)NN(CC1CC1)C(=O)OC(C)C")
    assert not [s for s in network.species if has(s, "[NX3;!$(N~[#7])]-[CH2]-C1CC1")]


def test_the_mitsunobu_reaction_closes_a_sulfonamide_alcohol_to_the_diazepane() -> None:
    nosyl = "S(=O)(=O)c1ccccc1[N+](=O)[O-]"
    seed = f"CN(CCO)CCCN{nosyl}"
    assert forms(flask(seed, PHOSPHINE, DIAD, generations=6), f"CN1CCCN({nosyl.replace('1', '2')})CC1")


def test_strong_base_alkylates_a_lactam_and_never_the_boc_nitrogen() -> None:
    lactam = "CC(C)(C)OC(=O)N1CCNC(=O)CC1"
    network = flask(lactam, "CI", features=STRONG_BASE)
    assert forms(network, "CC(C)(C)OC(=O)N1CCN(C)C(=O)CC1")
    assert not [s for s in network.species if has(s, "[N+]-C(=O)OC(C)(C)C")]
    assert not forms(flask(lactam, "CI"), "CC(C)(C)OC(=O)N1CCN(C)C(=O)CC1")


def test_carbonate_is_enough_for_imides_and_azoles() -> None:
    assert not rule("azole-imide-alkylation").conditions
    assert rule("amide-alkylation").conditions[0].log10 <= -4
    assert forms(flask("c1cn[nH]c1", "CCBr", features=BASE), "CCn1cccn1")


def test_peroxides_give_n_oxide_and_hydroxylamine() -> None:
    assert forms(flask("CN1CCCN(C)CC1", "OO"), "CN1CCC[N+](C)([O-])CC1")
    assert forms(flask("CN1CCCNCC1", "OO"), "CN1CCCN(O)CC1")
    assert not [s for s in flask("CC(=O)N1CCCCC1", "OO").species if has(s, "[N+][O-]")]


def test_nitrite_and_acid_make_the_nitrosamine_and_nitrite_alone_does_not() -> None:
    assert forms(flask("CN1CCCNCC1", "O=N[O-]", "CC(=O)O"), "CN1CCCN(N=O)CC1")
    assert not forms(flask("CN1CCCNCC1", "O=N[O-]"), "CN1CCCN(N=O)CC1")
    assert not forms(flask("CC(C)(C)OC(=O)NC", "O=N[O-]", "CC(=O)O"), "CN(N=O)C(=O)OC(C)(C)C")


def test_a_quaternary_ammonium_ion_opens_with_hydroxide_and_loses_methyl_to_iodide() -> None:
    quaternary = "C[N+]1(C)CCCN(C)CC1"
    salt = (*STRONG_BASE, "has:quaternary-ammonium")
    network = flask(quaternary, "[OH-]", "[I-]", features=salt, generations=2)
    assert forms(network, "C=CCN(C)CCN(C)C")
    assert forms(network, "CN1CCCN(C)CC1")
    assert not gives("hofmann-elimination", "[OH-]", "CN1CCCN(C)CC1")


def test_epichlorohydrin_gives_glycidylamine_azetidinol_and_with_a_1_2_diamine_the_diazepanol() -> None:
    network = flask("CNCCNC", "ClCC1CO1", features=BASE, generations=4)
    assert forms(network, "CN1CCN(C)CC(O)C1")
    primary = flask("NC(c1ccccc1)c1ccccc1", "ClCC1CO1", features=BASE, generations=3)
    assert forms(primary, "OC1CN(C(c2ccccc2)c2ccccc2)C1")
    assert forms(primary, "C1OC1CNC(c1ccccc1)c1ccccc1")


@pytest.mark.parametrize("nucleophile", ["CO", "O", "Oc1ccccc1", "CS"])
def test_oxygen_and_sulfur_displace_chloride_on_a_pyrimidine_with_base(nucleophile: str) -> None:
    assert forms(flask(nucleophile, "Clc1ncccn1", features=BASE, generations=1), "Cl")
    assert not forms(flask(nucleophile, "Clc1ccccc1", features=BASE, generations=1), "Cl")
    assert not forms(flask(nucleophile, "Clc1ncccn1", generations=1), "Cl")


@pytest.mark.parametrize(
    ("arene", "freed"),
    [
        ("CS(=O)(=O)c1ncccn1", "CS(=O)O"),
        ("O=[N+]([O-])c1ccc([N+](=O)[O-])cc1", "O=NO"),
        ("O=S(=O)(Oc1ncccn1)C(F)(F)F", "O=S(=O)(O)C(F)(F)F"),
    ],
)
def test_other_leaving_groups_than_halide_leave_activated_arenes(arene: str, freed: str) -> None:
    assert forms(flask("C1CCNCC1", arene, generations=1), freed)


def test_a_chloroformate_takes_methyl_off_a_tertiary_amine_and_opens_small_rings() -> None:
    assert forms(flask("CN1CCCN(C)CC1", "CC(Cl)OC(=O)Cl", generations=1), "CC(Cl)OC(=O)N1CCCN(C)CC1")
    assert forms(flask("CN1CCC1", "CCOC(=O)Cl", generations=1), "CCOC(=O)N(C)CCCCl")
    assert not forms(flask("CN1CCCN(C)CC1", "CC(=O)Cl", generations=1), "CC(=O)N1CCCN(C)CC1")


def test_hydrogen_on_palladium_takes_cbz_and_benzyl_but_not_boc() -> None:
    both = "CC(C)(C)OC(=O)N1CCCN(C(=O)OCc2ccccc2)CC1"
    network = flask(both, H2, features=("element:Pd",))
    for smiles in ("CC(C)(C)OC(=O)N1CCCNCC1", "O=C=O", "Cc1ccccc1"):
        assert forms(network, smiles), smiles
    assert not forms(network, "C1CNCCNC1")
    assert forms(flask("c1ccc(CN2CCCNCC2)cc1", H2, features=("element:Pd",)), "C1CNCCNC1")
    assert not forms(flask("c1ccc(CN2CCCNCC2)cc1", H2), "C1CNCCNC1")
    assert not holds(rule("o-benzyl-hydrogenolysis").gate, {"has:aldehyde"})


def test_piperidine_takes_fmoc_and_the_fulvene() -> None:
    fmoc = "O=C(OCC1c2ccccc2-c2ccccc21)N1CCCN(C(=O)OC(C)(C)C)CC1"
    network = flask(fmoc, "C1CCNCC1")
    assert forms(network, "CC(C)(C)OC(=O)N1CCCNCC1")
    assert forms(network, "c1ccc2c(c1)-c1ccccc1C2CN1CCCCC1")


def test_thiol_and_base_take_nosyl_and_leave_tosyl() -> None:
    assert forms(flask("Sc1ccccc1", "O=[N+]([O-])c1ccccc1S(=O)(=O)N1CCCNCC1", features=BASE), "C1CNCCNC1")
    assert not forms(flask("Sc1ccccc1", "Cc1ccc(S(=O)(=O)N2CCCNCC2)cc1", features=BASE), "C1CNCCNC1")


def test_strong_base_turns_a_boc_diamine_into_the_cyclic_urea_and_no_ring_bridges() -> None:
    assert forms(flask("CNCCNC(=O)OC(C)(C)C", features=STRONG_BASE, generations=1), "CN1CCNC1=O")
    assert len(flask("CC(C)(C)OC(=O)N1CCCNCC1", features=STRONG_BASE, generations=1).species) == 1


def test_hydrogen_bromide_does_nothing_to_a_diazepane() -> None:
    for acid in ("Br", "Cl"):
        assert set(flask("C1CNCCNC1", acid, "O", features=STRONG_ACID).species) == {"C1CNCCNC1", acid, "O"}


def test_a_piperidone_is_in_equilibrium_with_the_divinyl_ketone_by_retro_michael() -> None:
    network = flask("CN", "C=CC(=O)C=C")
    assert forms(network, "CN1CCC(=O)CC1")
    assert [r for r in network.reactions if r.rate == "retro-michael" and "CN1CCC(=O)CC1" in r.reactants]
    assert gives("retro-michael-ketone", "CN1CCC(=O)CC1") == {"C=CC(=O)CCNC"}
    assert not gives("retro-michael-ketone", "CC(C)(C)OC(=O)N1CCC(=O)CC1")


def test_a_silylaryl_triflate_and_fluoride_arylate_an_amine() -> None:
    network = flask("C[Si](C)(C)c1ccccc1OS(=O)(=O)C(F)(F)F", "[F-]", "C1CCNCC1")
    assert forms(network, "c1ccc(N2CCCCC2)cc1")
    assert not forms(flask("C[Si](C)(C)c1ccccc1OS(=O)(=O)C(F)(F)F", "C1CCNCC1"), "c1ccc(N2CCCCC2)cc1")
