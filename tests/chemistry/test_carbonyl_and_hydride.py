"""Amines with aldehydes, ketones and dicarbonyls, and what hydride does then."""

from shipped import flask, forms, gives, rule

from ringside.chem.features import has
from ringside.network.rule import apply

STAB = "CC(=O)O[BH-](OC(C)=O)OC(C)=O"
NITROBENZALDEHYDE = "O=Cc1cccc([N+](=O)[O-])c1"


def test_the_seed_reductive_amination_reaches_its_product_and_the_over_reduced_alcohol() -> None:
    network = flask("CN1CCCNCC1", NITROBENZALDEHYDE, STAB, "CC(=O)O", generations=4)
    assert forms(network, "CN1CCCN(Cc2cccc([N+](=O)[O-])c2)CC1")
    assert forms(network, "O=[N+]([O-])c1cccc(CO)c1")


def test_hydride_spares_the_nitro_group() -> None:
    network = flask("CN1CCCNCC1", NITROBENZALDEHYDE, STAB, "CC(=O)O", generations=4)
    assert not [s for s in network.species if has(s, "Nc1cccc(C)c1") and not has(s, "[N+](=O)[O-]")]


def test_secondary_amines_form_no_imine_and_primary_amines_no_iminium() -> None:
    assert not [s for s in flask("C1CCNCC1", "O=Cc1ccccc1").species if has(s, "[CX3]=[NX2]")]
    assert not [s for s in flask("NCc1ccccc1", "O=Cc1ccccc1", generations=2).species if has(s, "[CX3]=[N+]")]


def test_every_hydride_reduces_an_iminium_ion_and_leaves_its_own_borane() -> None:
    assert gives("hydride-iminium", STAB, "C=[N+](C)C") == {"CN(C)C", "CC(=O)OB(OC(C)=O)OC(C)=O"}
    assert gives("hydride-iminium", "[BH4-]", "C=[N+](C)C") == {"CN(C)C", "B"}
    assert gives("hydride-iminium", "[BH3-]C#N", "C=[N+](C)C") == {"CN(C)C", "BC#N"}


def test_a_1_3_diamine_and_benzaldehyde_rest_as_hexahydropyrimidine() -> None:
    network = flask("NCCCN", "O=Cc1ccccc1")
    assert forms(network, "c1ccc(C2NCCCN2)cc1")
    assert forms(network, "NCCCN=Cc1ccccc1")


def test_a_1_2_diamine_and_acetone_rest_as_imidazolidine() -> None:
    assert forms(flask("NCCN", "CC(C)=O"), "CC1(C)NCCN1")


def test_n_methylhomopiperazine_and_formaldehyde_give_the_open_aminal_and_no_bridge() -> None:
    network = flask("CN1CCCNCC1", "C=O", generations=4)
    assert forms(network, "CN1CCCN(CN2CCCN(C)CC2)CC1")
    assert not [s for s in network.species if has(s, "[#7]1~[#6]~[#6]~[#7]2~[#6]~[#6]~[#6]~1~[#6]2")]
    assert len(network.species) < 12


def test_the_bridged_aminal_opens_again_with_water() -> None:
    back = [r for r in apply(rule("bridged-aminal"), ("OCN1CCCNCC1",)) if r.reverse_of]
    assert [set(r.reactants) for r in back] == [{"C1CN2CCN(C1)C2", "O"}]


def test_acetylacetone_and_ethylenediamine_give_ring_and_open_chain() -> None:
    network = flask("NCCN", "CC(=O)CC(C)=O", generations=4)
    for smiles in ("CC(=O)C=C(C)NCCN", "CC1=CC(C)=NCCN1", "CC(=O)C=C(C)NCCNC(C)=CC(C)=O"):
        assert forms(network, smiles), smiles


def test_acetylacetone_and_propanediamine_stay_open() -> None:
    network = flask("NCCCN", "CC(=O)CC(C)=O", generations=4)
    assert forms(network, "CC(=O)C=C(C)NCCCNC(C)=CC(C)=O")
    assert not [s for s in network.species if has(s, "C1=CC=NCCCN1")]


def test_a_1_2_diketone_and_ethylenediamine_close_to_the_dihydropyrazine() -> None:
    assert forms(flask("NCCN", "CC(=O)C(C)=O", generations=4), "CC1=NCCN=C1C")


def test_no_bis_iminium_forms_on_one_ring() -> None:
    network = flask("C1CNCCNC1", "C=O", generations=4)
    assert forms(network, "C=[N+]1CCCNCC1")
    assert not forms(network, "C=[N+]1CCC[N+](=C)CC1")
