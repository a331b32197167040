"""Reductions, hydrogen borrowing and carbonyl condensations: what must form, and what must not."""

import pytest
from shipped import flask, forms, gives, rule

from ringside.chem.features import has
from ringside.network.gates import holds

H2 = "[H][H]"
LAH = "[AlH4-]"
BORANE = "B"
PD = ("element:Pd",)
NICKEL = ("element:Ni", "material:Raney nickel")
RUTHENIUM = ("element:Ru",)
DIAZEPANONE = "O=C1CCN(Cc2ccccc2)CCN1"
BENZYLDIAZEPANE = "c1ccc(CN2CCCNCC2)cc1"


def test_a_diazepanone_and_lithium_aluminium_hydride_give_the_diazepane_by_way_of_the_hemiaminal_alkoxide() -> None:
    network = flask(DIAZEPANONE, LAH)
    assert forms(network, "[O-]C1CCN(Cc2ccccc2)CCN1")
    assert forms(network, BENZYLDIAZEPANE)


def test_the_ring_opened_amino_alcohol_is_the_side_product_of_the_reduction_of_a_lactam() -> None:
    assert forms(flask("CN1CCCCC1=O", LAH), "C[N-]CCCCC[O-]")
    assert not forms(flask("CN1CCCCC1", LAH), "C[N-]CCCCC")


def test_a_boc_group_ends_as_methyl_with_lithium_aluminium_hydride_but_not_with_borane() -> None:
    assert forms(flask("CC(C)(C)OC(=O)N1CCOCC1", LAH, generations=5), "CN1CCOCC1")
    assert not forms(flask("CC(C)(C)OC(=O)N1CCOCC1", BORANE, generations=5), "CN1CCOCC1")


def test_borane_reduces_a_lactam_and_the_amine_takes_up_the_next_borane() -> None:
    network = flask("CN1CCCCC1=O", BORANE)
    assert forms(network, "CN1CCCCC1")
    assert forms(network, "C[N+]1([BH3-])CCCCC1")


def test_borohydride_leaves_lactams_and_nitriles_alone() -> None:
    assert not [s for s in flask("CN1CCCCC1=O", "[BH4-]").species if has(s, "[CH2][NX3]([CH3])[CH2]")]
    assert not forms(flask("N#Cc1ccccc1", "[BH4-]"), "NCc1ccccc1")


@pytest.mark.parametrize(
    ("reductant", "half_way"), [(LAH, "[N-]=Cc1ccccc1"), (BORANE, "BN=Cc1ccccc1"), (H2, "N=Cc1ccccc1")]
)
def test_a_nitrile_is_reduced_in_two_stages(reductant: str, half_way: str) -> None:
    network = flask("N#Cc1ccccc1", reductant, features=NICKEL)
    assert forms(network, half_way)
    assert [s for s in network.species if has(s, "[#7]-[CH2]c1ccccc1")]


def test_the_imine_half_way_from_a_nitrile_meets_the_amine_to_give_the_secondary_amine_and_ammonia() -> None:
    network = flask("N#Cc1ccccc1", H2, features=NICKEL, generations=5)
    for smiles in ("NCc1ccccc1", "c1ccc(CNCc2ccccc2)cc1", "N"):
        assert forms(network, smiles), smiles
    assert not forms(flask("N#Cc1ccccc1", H2), "NCc1ccccc1")


NITRO = "CN1CCCN(Cc2cccc([N+](=O)[O-])c2)CC1"


def test_a_nitro_group_is_hydrogenated_in_three_stages_and_the_middle_ones_meet_in_azoxy() -> None:
    network = flask(NITRO, H2, features=PD, generations=4)
    for change in ("N=O", "NO", "N"):
        assert forms(network, NITRO.replace("[N+](=O)[O-]", change)), change
    assert [s for s in network.species if has(s, "c[N+]([O-])=Nc")]


def test_hydrogen_alone_reduces_nothing() -> None:
    network = flask(NITRO, "C=CCN1CCOCC1", "CN=Cc1ccccc1", H2, generations=2)
    assert not forms(network, NITRO.replace("[N+](=O)[O-]", "N"))
    assert not forms(network, "CCCN1CCOCC1")
    assert not forms(network, "CNCc1ccccc1")


def test_iron_and_ammonium_chloride_reduce_a_nitro_group_and_iron_alone_does_not() -> None:
    acid = ("element:Fe", "material:ammonium chloride")
    amine = NITRO.replace("[N+](=O)[O-]", "N")
    assert forms(flask(NITRO, "[Fe]", "O", features=acid, generations=6), amine)
    assert not forms(flask(NITRO, "[Fe]", "O", features=("element:Fe",), generations=6), amine)


def test_an_azide_gives_the_amine_with_hydrogen_and_with_phosphine_and_water() -> None:
    azide, amine = "CN1CCN(C)CC(N=[N+]=[N-])C1", "CN1CCN(C)CC(N)C1"
    phosphine = "c1ccc(P(c2ccccc2)c2ccccc2)cc1"
    assert forms(flask(azide, H2, features=PD), amine)
    network = flask(azide, phosphine, "O")
    assert forms(network, amine)
    assert forms(network, "O=P(c1ccccc1)(c1ccccc1)c1ccccc1")
    assert not forms(flask(azide, phosphine), amine)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("CN=Cc1ccccc1", "CNCc1ccccc1"),
        ("C=[N+]1CCCCC1", "CN1CCCCC1"),
        ("C=CCN1CCOCC1", "CCCN1CCOCC1"),
        ("CC(C)=O", "CC(C)O"),
    ],
)
def test_hydrogen_on_palladium_takes_double_bonds_outside_aromatic_rings(before: str, after: str) -> None:
    assert forms(flask(before, H2, features=PD, generations=1), after)
    assert not [s for s in flask("c1ccc(-c2ccncc2)cc1", H2, features=PD, generations=1).species if has(s, "[CX4]")]


def test_palladium_takes_bromide_off_an_arene_but_not_fluoride_and_only_with_a_source_of_hydride() -> None:
    assert forms(flask("Brc1ccc(C)cc1", H2, features=PD, generations=1), "Cc1ccccc1")
    assert not forms(flask("Fc1ccc(C)cc1", H2, features=PD, generations=1), "Cc1ccccc1")
    assert forms(flask("Brc1ccc(C)cc1", "CC(C)[O-]", features=PD, generations=1), "Cc1ccccc1")
    assert not forms(flask("Brc1ccc(C)cc1", "CC(C)(C)[O-]", features=PD, generations=1), "Cc1ccccc1")
    assert not forms(flask("Brc1ccc(C)cc1", "CC(C)[O-]", generations=1), "Cc1ccccc1")


def test_diethylenetriamine_on_hot_nickel_gives_piperazine_and_ammonia() -> None:
    network = flask("NCCNCCN", features=NICKEL, generations=4)
    assert forms(network, "C1CNCCN1")
    assert forms(network, "N")
    assert not forms(flask("NCCNCCN", generations=4), "C1CNCCN1")


def test_an_amino_alcohol_on_hot_nickel_gives_the_cyclic_imine() -> None:
    network = flask("CC(C)(N)CNC(C)(C)CO", features=NICKEL, generations=3)
    assert forms(network, "CC(C)(N)CNC(C)(C)C=O")
    assert forms(network, "CC1(C)CNC(C)(C)C=N1")


def test_ruthenium_borrows_hydrogen_of_an_alcohol_for_the_amine_and_without_acceptor_makes_the_amide() -> None:
    network = flask("C1CCNCC1", "OCc1ccccc1", features=RUTHENIUM, generations=4)
    assert forms(network, "c1ccc(CN2CCCCC2)cc1")
    assert forms(network, "O=C(c1ccccc1)N1CCCCC1")
    assert not forms(flask("C1CCNCC1", "OCc1ccccc1", generations=4), "c1ccc(CN2CCCCC2)cc1")


def test_a_nickel_salt_and_a_tertiary_alcohol_do_not_borrow_hydrogen() -> None:
    gate = rule("alcohol-dehydrogenation").gate
    assert holds(gate, {"element:Ni", "material:Raney nickel"})
    assert not holds(gate, {"element:Ni", "material:nickel(II) chloride"})
    assert not gives("alcohol-dehydrogenation", "CC(C)(C)O")


def test_formaldehyde_and_formic_acid_methylate_and_never_quaternise() -> None:
    network = flask("C1CN(c2ccccc2)CCN1", "C=O", "O=CO", generations=3)
    assert forms(network, "CN1CCN(c2ccccc2)CC1")
    assert not [s for s in network.species if has(s, "[NX4+]")]
    assert gives("formate-imine", "O=CO", "C=NCc1ccccc1") == {"CNCc1ccccc1", "O=C=O"}


def test_formic_acid_formylates_amines_and_acetic_acid_does_not_acetylate_them() -> None:
    assert forms(flask("C1CCNCC1", "O=CO", generations=1), "O=CN1CCCCC1")
    assert not forms(flask("C1CCNCC1", "CC(=O)O"), "CC(=O)N1CCCCC1")


def test_transfer_hydrogenation_closes_the_diazepane_of_an_amino_ketone() -> None:
    network = flask("CC(=O)CCN(CCN)c1ccccc1", "O=CO", features=RUTHENIUM, generations=4)
    assert forms(network, "CC1=NCCN(c2ccccc2)CC1")
    assert forms(network, "CC1CCN(c2ccccc2)CCN1")


def test_cyanide_takes_the_iminium_ion_and_cyanoborohydride_is_one_source_of_it() -> None:
    assert forms(flask("C1CCNCC1", "O=Cc1ccccc1", "[C-]#N"), "N#CC(c1ccccc1)N1CCCCC1")
    assert forms(flask("NCc1ccccc1", "CCC=O", "[C-]#N"), "CCC(C#N)NCc1ccccc1")
    assert forms(flask("[BH3-]C#N", "O", generations=1), "C#N")


def test_triacetoxyborohydride_acetylates_and_ethylates_amines_where_it_has_the_time() -> None:
    network = flask("C1CCNCC1", "CC(=O)O[BH-](OC(C)=O)OC(C)=O", generations=4)
    assert forms(network, "CC(=O)N1CCCCC1")
    assert forms(network, "CCN1CCCCC1")
    assert not forms(flask("C1CCNCC1", "[BH4-]", generations=4), "CCN1CCCCC1")


def test_an_aldehyde_in_methanol_is_in_part_the_hemiacetal_and_with_acid_the_acetal() -> None:
    assert forms(flask("CO", "CCC=O", generations=2), "CCC(O)OC")
    assert not forms(flask("CO", "CCC=O", generations=2), "CCC(OC)OC")
    assert forms(flask("CO", "CCC=O", generations=2, features=("role:acid",)), "CCC(OC)OC")
    assert not forms(flask("CO", "CC(C)=O", generations=2), "COC(C)(C)O")


def test_malonaldehyde_is_freed_from_its_acetal_by_acid_only() -> None:
    acetal = "COC(CC(OC)OC)OC"
    assert forms(flask(acetal, "O", generations=2, features=("role:acid",)), "COC(CC=O)OC")
    assert not forms(flask(acetal, "O", generations=2), "COC(CC=O)OC")


def test_enolisable_aldehydes_couple_and_lose_water_and_benzaldehyde_alone_does_not() -> None:
    assert forms(flask("CCC=O", generations=2), "CCC=C(C)C=O")
    assert len(flask("O=Cc1ccccc1", generations=2).species) == 1


def test_air_turns_an_aldehyde_into_the_acid() -> None:
    assert forms(flask("O=Cc1ccccc1", "O=O", generations=2), "O=C(O)c1ccccc1")
    assert not forms(flask("CC(C)=O", "O=O", generations=2), "CC(=O)O")


@pytest.mark.parametrize(
    ("diamine", "dicarbonyl", "ring"),
    [
        ("NCCN", "O=CC=O", "C1=NCCN=C1"),
        ("NCCN", "CC(=O)C(C)=O", "CC1=NCCN=C1C"),
        ("NCCN", "O=C(C(=O)c1ccccc1)c1ccccc1", "C1CN=C(c2ccccc2)C(c2ccccc2)=N1"),
        ("NCCN", "O=C1CCCCC1=O", "C1CCC2=NCCN=C2C1"),
        ("NCCCN", "O=C1CCCCC1=O", "C1CCC2=NCCCN=C2C1"),
        ("Nc1ccccc1N", "CC(=O)C(C)=O", "Cc1nc2ccccc2nc1C"),
    ],
)
def test_diamines_and_1_2_dicarbonyls_close(diamine: str, dicarbonyl: str, ring: str) -> None:
    assert forms(flask(diamine, dicarbonyl), ring)


def test_a_1_3_diamine_and_two_benzils_stop_at_the_open_diimine() -> None:
    benzil = "O=C(C(=O)c1ccccc1)c1ccccc1"
    assert forms(flask("NCCCN", benzil, generations=4), "O=C(c1ccccc1)C(=NCCCN=C(C(=O)c1ccccc1)c1ccccc1)c1ccccc1")


def test_glyoxal_and_two_ethylenediamines_reach_the_tetraazadecalin() -> None:
    assert "C1CNC2NCCNC2N1" in gives("tetraazadecalin-closure", *gives("glyoxal-aminal", "NCCN", "C1=NCCN=C1"))
    assert not gives("glyoxal-aminal", "NCCN", "CC1=NCCN=C1C")


def test_air_takes_a_dihydropyrazine_to_the_pyrazine_and_nitrogen_does_not() -> None:
    assert forms(flask("CC1=NCCN=C1C", "O=O", generations=1), "Cc1nccnc1C")
    assert not forms(flask("CC1=NCCN=C1C", generations=1), "Cc1nccnc1C")
    assert not gives("dihydropyrazine-oxidation", "C1CNCCN1", "O=O")


def test_phenylenediamine_and_acetylacetone_give_the_benzodiazepine() -> None:
    assert forms(flask("Nc1ccccc1N", "CC(=O)CC(C)=O", generations=2), "CC1=Nc2ccccc2N=C(C)C1")
    assert not gives("benzodiazepine-closure", "CC(=O)C=C(C)Nc1cccc(N)c1")


def test_the_enone_and_ethylenediamine_reach_the_seven_membered_ring() -> None:
    assert forms(flask("NCCN", "CC(=O)/C=C/c1ccccc1", generations=4), "CC1=NCCNC(c2ccccc2)C1")


def test_acylated_diamines_close_to_cyclic_amidines_and_carbamates_do_not() -> None:
    assert gives("imidazoline-closure", "CC(=O)NCCN") == {"CC1=NCCN1", "O"}
    assert gives("tetrahydropyrimidine-closure", "NCCCN1CCCCCC1=O") == {"C1CCC2=NCCCN2CC1", "O"}
    assert not gives("imidazoline-closure", "CC(C)(C)OC(=O)NCCN")


def test_an_amine_cleaves_a_1_3_diketone_or_its_enaminone_but_no_simple_ketone() -> None:
    assert gives("retro-claisen", "C1CCNCC1", "CC(=O)CC(C)=O") == {"CC(=O)N1CCCCC1", "CC(C)=O"}
    assert "CC(=O)NCCN" in gives("enaminone-cleavage", "NCCN", "CNC(C)=CC(C)=O")
    assert not gives("retro-claisen", "C1CCNCC1", "CC(C)=O")


def test_acetone_and_a_1_2_diamine_give_imine_and_imidazolidine() -> None:
    network = flask("NCCN", "CC(C)=O")
    assert forms(network, "CC(C)=NCCN")
    assert forms(network, "CC1(C)NCCN1")


@pytest.mark.parametrize(
    ("amine", "dialdehyde", "ring"),
    [("NCc1ccccc1", "O=CCCCC=O", "c1ccc(CN2CCCCC2)cc1"), ("CNCCCNC", "O=CC=O", "CN1CCCN(C)CC1")],
)
def test_dialdehydes_and_hydride_close_rings_by_two_reductive_aminations(
    amine: str, dialdehyde: str, ring: str
) -> None:
    assert forms(flask(amine, dialdehyde, "[BH3-]C#N", generations=8), ring)
