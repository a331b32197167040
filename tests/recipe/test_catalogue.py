"""The reagent catalogue: look-up, and the facts in it."""

import re
from collections import Counter

import pytest
from recipe_bench import DATA, bromide, catalogue, charge, diamine, features, recipe, solvent

from ringside.chem.mass import average_mass
from ringside.chem.mass import charge as charge_of
from ringside.chem.molecule import components
from ringside.errors import BadInput
from ringside.recipe.catalogue import read_catalogue
from ringside.recipe.features import recipe_features
from ringside.record.tables import read_csv

ROWS = read_csv(DATA / "reagents.csv")
SOURCES = {r["key"] for path in sorted((DATA / "sources").glob("*.csv")) for r in read_csv(path)}
CLASSES = {
    "polar-aprotic", "apolar-aprotic", "chlorinated", "ether", "ester", "acid", "protic", "water", "hydrocarbon",
}  # fmt: skip


def check_digit_fits(cas: str) -> bool:
    digits = cas.replace("-", "")
    total = sum(place * int(d) for place, d in enumerate(reversed(digits[:-1]), start=1))
    return re.fullmatch(r"\d{2,7}-\d{2}-\d", cas) is not None and total % 10 == int(digits[-1])


def test_the_check_of_cas_numbers_can_fail():
    assert check_digit_fits("505-66-8")
    assert not check_digit_fits("505-66-9")


@pytest.mark.parametrize("row", ROWS, ids=lambda r: r["name"])
def test_the_facts_of_a_row_agree_with_each_other(row):
    assert not row["cas"] or check_digit_fits(row["cas"])
    assert row["source"] in SOURCES
    assert row["phase"] in {"solid", "liquid", "gas"}
    assert bool(row["solvent_class"]) or row["kind"] != "solvent"
    assert row["solvent_class"] in CLASSES | {""}
    if row["smiles"]:
        parts = components(row["smiles"])
        assert float(row["molar_mass_g_mol"]) == pytest.approx(sum(average_mass(p) for p in parts), abs=0.03)
        assert sum(charge_of(p) for p in parts) == 0
    if row["density_g_mL"]:
        assert 0.5 < float(row["density_g_mL"]) < 3.5
        assert row["phase"] == "liquid"
    if row["boiling_point_degC"]:
        assert (float(row["boiling_point_degC"]) < 25.0) == (row["phase"] == "gas" or row["name"] == "acetaldehyde")


def test_the_catalogue_holds_what_this_chemistry_uses():
    kinds = Counter(r["kind"] for r in ROWS)
    assert len(ROWS) >= 120
    assert sum(bool(r["density_g_mL"] and r["boiling_point_degC"]) for r in ROWS if r["kind"] == "solvent") >= 25
    assert min(kinds[k] for k in ("diamine", "electrophile", "carbonyl", "base", "acid", "reductant", "catalyst")) >= 8
    for name in ("homopiperazine", "paraformaldehyde", "3-nitrobenzaldehyde", "Cs2CO3", "NaBH(OAc)3", "CbzCl", "Pd/C"):
        assert catalogue().get(name) is not None


def test_no_name_synonym_cas_number_or_structure_stands_for_two_materials():
    names = [n.casefold() for r in ROWS for n in (r["name"], *filter(None, r["synonyms"].split("|")))]
    assert [n for n, times in Counter(names).items() if times > 1] == []
    assert [c for c, times in Counter(r["cas"] for r in ROWS if r["cas"]).items() if times > 1] == []
    structures = Counter(components(r["smiles"]) for r in ROWS if r["smiles"])
    assert [s for s, times in structures.items() if times > 1] == [("C=O",)]


@pytest.mark.parametrize("name", ["Homopiperazine", "1,4-diazepane", " 1,4-DIAZEPANE ", "hexahydro-1,4-diazepine"])
def test_a_name_is_found_without_regard_to_case_and_space(name):
    assert catalogue().find(name).smiles == "C1CNCCNC1"


def test_an_unknown_name_is_refused_with_the_nearest_known_one():
    with pytest.raises(BadInput) as caught:
        catalogue().find("bezyl bromide", file="case.toml", field="charge[bezyl bromide].name")
    (complaint,) = caught.value.complaints
    assert (complaint.code, complaint.file, complaint.value) == ("unknown-material", "case.toml", "bezyl bromide")
    assert "'benzyl bromide'" in complaint.next_step
    assert "smiles" in complaint.next_step


def test_a_name_wins_over_a_synonym_and_a_later_row_over_an_earlier():
    row = dict.fromkeys(ROWS[0], "")
    found = read_catalogue(
        [
            {**row, "name": "ether", "smiles": "CCOCC"},
            {**row, "name": "other", "synonyms": "ether", "smiles": "COC"},
            {**row, "name": "other", "synonyms": "ether", "smiles": "CCOC"},
        ]
    )
    assert found.find("ether").smiles == "CCOCC"
    assert found.find("other").smiles == "CCOC"
    assert len(found.reagents) == 2


def test_a_recipe_shows_its_features_roles_solvents_and_metals():
    found = recipe_features(
        recipe(
            diamine(form="2HCl salt"),
            bromide(solution="0.5 mol/L in toluene"),
            charge("Pd(OAc)2", "catalyst", "5 mol%"),
            solvent(),
            conditions={"temperature": "25 degC", "time": "1 h", "atmosphere": "N2"},
        ),
        catalogue(),
        features(),
    )
    assert {
        "has:1,4-diazepane", "has:secondary-diamine", "has:benzylic-halide", "role:catalyst",
        "solvent:acetonitrile", "solvent:toluene", "solvent-class:polar-aprotic", "solvent-class:hydrocarbon", "element:Pd",
        "atmosphere:N2", "solvent-has:nitrile", "material:palladium(II) acetate",
    } <= found  # fmt: skip
    assert not {"has:nitrile", "has:aldehyde", "element:Cu", "role:base"} & found
    assert "has:strong-acid" not in found  # the acid of an amine salt is spent


def test_a_strong_acid_of_its_own_is_one_and_the_acid_of_an_amine_salt_is_not():
    acid = recipe(diamine(), bromide(), charge("trifluoroacetic acid", "acid", "2 equiv"), solvent())
    assert "has:strong-acid" in recipe_features(acid, catalogue(), features())
    salt = recipe(diamine(form="2HCl salt"), bromide(), solvent())
    assert "has:strong-acid" not in recipe_features(salt, catalogue(), features())


def test_a_solvent_known_by_its_structure_alone_has_its_class():
    found = recipe_features(
        recipe(diamine(), bromide(), charge("DCM, technical", "solvent", "50 mL", smiles="ClCCl")),
        catalogue(),
        features(),
    )
    assert {"solvent:dichloromethane", "solvent-class:chlorinated"} <= found


def test_a_metal_without_a_structure_is_known_by_its_name():
    found = recipe_features(
        recipe(diamine(), charge("Raney nickel", "catalyst", "1 g"), solvent()), catalogue(), features()
    )
    assert "element:Ni" in found


def test_features_do_not_depend_on_the_order_of_charges():
    charges = [diamine(), bromide(), solvent()]
    assert recipe_features(recipe(*charges), catalogue(), features()) == recipe_features(
        recipe(*reversed(charges)), catalogue(), features()
    )
