"""A recipe made concrete: moles, litres, ions, and what limits."""

import itertools
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from recipe_bench import PRIORS, bromide, catalogue, charge, diamine, flask, moles, recipe, solvent

from ringside.errors import BadInput
from ringside.recipe.materials import form_parts
from ringside.recipe.resolve import resolve, unknown_fields
from ringside.units import Span

DIAMINE, BROMIDE, ACETONITRILE = "C1CNCCNC1", "BrCc1ccccc1", "CC#N"
FACTORS = st.floats(0.01, 100.0)


def complaint_of(*charges, **more):
    with pytest.raises(BadInput) as caught:
        flask(*charges, **more)
    (complaint,) = caught.value.complaints
    assert complaint.file == "case.toml"
    return complaint


def test_equivalents_are_counted_from_the_scale_of_the_limiting_reactant():
    found = flask()
    assert found.limiting == pytest.approx(0.01)
    assert found.limiting_smiles == DIAMINE
    assert moles(found, DIAMINE) == pytest.approx(0.01)
    assert moles(found, BROMIDE) == pytest.approx(0.011)


def test_the_smallest_equivalent_of_the_substrates_limits():
    found = flask(diamine(amount="5 equiv"), bromide(amount="2 equiv"), solvent())
    assert (found.limiting_smiles, found.limiting) == (BROMIDE, pytest.approx(0.01))
    assert moles(found, DIAMINE) == pytest.approx(0.025)


def test_without_a_scale_the_smallest_absolute_substrate_is_one_equivalent():
    written = recipe(
        diamine(amount="20 mmol"), bromide(amount="0.5 equiv"), charge("triethylamine", "base", "2 equiv"), solvent()
    )
    found = resolve(replace(written, scale=None), catalogue(), priors=PRIORS)
    assert moles(found, BROMIDE) == pytest.approx(0.01)
    assert found.limiting == pytest.approx(0.01)
    assert found.limiting_smiles == BROMIDE
    assert moles(found, "CCN(CC)CC") == pytest.approx(0.04)


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        ("1.7104 g", 0.0100),
        ("1.19 mL", 1.19 * 1.438 / 171.04),
        ("0.2 mol/L", 0.01),
        ("150 mol%", 0.015),
        ("12 mmol", 0.012),
    ],
)
def test_any_kind_of_amount_becomes_moles(amount, expected):
    assert moles(flask(diamine(), bromide(amount=amount), solvent()), BROMIDE) == pytest.approx(expected, rel=1e-3)


def test_purity_lowers_the_moles_and_water_comes_with_its_own():
    found = flask(diamine(purity="97 %", water="1 %"), bromide(), solvent(water="0.1 %"))
    assert moles(found, DIAMINE) == pytest.approx(0.0097)
    wet = {d.name: d for d in found.doses if d.smiles == "O"}
    assert wet["water in homopiperazine"].mol == pytest.approx(0.01 * 100.165 * 0.01 / 18.015, rel=1e-4)
    assert wet["water in homopiperazine"].role == "additive"
    assert wet["water in acetonitrile"].mol == pytest.approx(50 * 0.786 * 0.001 / 18.015, rel=1e-3)
    assert wet["water in acetonitrile"].role == "solvent"


def test_water_takes_the_place_of_material_that_is_called_pure():
    assert moles(flask(diamine(water="10 %"), bromide(), solvent()), DIAMINE) == pytest.approx(0.009)


def test_a_salt_form_adds_its_acid_and_its_mass():
    found = flask(diamine(amount="1.0 equiv", form="2HCl salt"), bromide(), solvent())
    assert moles(found, DIAMINE) == pytest.approx(0.01)
    assert moles(found, "Cl") == pytest.approx(0.02)
    assert {d.role for d in found.doses if d.smiles == "Cl"} == {"additive"}
    weighed = flask(diamine(amount="1.7309 g", form="dihydrochloride"), bromide(), solvent())
    assert moles(weighed, DIAMINE) == pytest.approx(0.01, rel=1e-3)


@pytest.mark.parametrize(
    ("form", "parts"),
    [
        ("2HCl salt", ("Cl", "Cl")),
        ("2 x HCl", ("Cl", "Cl")),
        ("hydrochloride", ("Cl",)),
        ("HBr salt", ("Br",)),
        ("trihydrobromide", ("Br", "Br", "Br")),
        ("hexahydrate", ("O",) * 6),
        ("dihydrochloride monohydrate", ("Cl", "Cl", "O")),
        ("TFA salt", ("O=C(O)C(F)(F)F",)),
        ("free base", ()),
    ],
)
def test_a_form_is_read_as_the_acid_and_water_in_it(form, parts):
    assert form_parts(form) == parts


@pytest.mark.parametrize("form", ["60 % in mineral oil", "HCl in dioxane", "hemisulfate", ""])
def test_a_form_that_is_not_known_is_refused(form):
    with pytest.raises(BadInput) as caught:
        form_parts(form, file="case.toml", field="charge[x].form")
    assert caught.value.complaints[0].code == "unknown-form"
    assert caught.value.complaints[0].value == form


def test_a_salt_is_split_into_its_ions_and_counted_by_the_one_there_is_least_of():
    found = flask(diamine(), bromide(), charge("potassium carbonate", "base", "1.5 equiv"), solvent())
    assert moles(found, "O=C([O-])[O-]", "potassium carbonate") == pytest.approx(0.015)
    assert moles(found, "[K+]") == pytest.approx(0.03)
    assert moles(found, None, "potassium carbonate") == 0.0
    assert all(d.solid for d in found.doses if "potassium" in d.name)


@pytest.mark.parametrize(
    "name", ["cesium carbonate", "sodium triacetoxyborohydride", "sodium hydride", "potassium phosphate"]
)
def test_the_dose_named_as_the_charge_has_the_moles_of_the_charge(name):
    found = flask(diamine(), bromide(), charge(name, "reagent", "1.5 equiv"), solvent())
    (dose,) = [d for d in found.doses if d.name == name]
    assert dose.mol == pytest.approx(0.015)


def test_a_liquid_takes_volume_and_a_solid_takes_none():
    assert flask().volume == pytest.approx(0.05 + 0.011 * 171.04 / 1.438 / 1000, rel=1e-4)


def test_a_solution_enters_with_its_solvent_over_its_time():
    found = flask(
        diamine(), bromide(solution="0.5 mol/L in tetrahydrofuran", add_over="2 h", start="10 min"), solvent()
    )
    (dose,) = [d for d in found.doses if d.smiles == BROMIDE]
    assert (dose.start, dose.duration) == (600.0, 7200.0)
    assert dose.volume == pytest.approx(0.022)
    (carrier,) = [d for d in found.doses if d.name == "tetrahydrofuran"]
    assert carrier.mol == pytest.approx(22 * 0.889 / 72.11, rel=1e-3)
    assert (carrier.start, carrier.duration, carrier.role) == (600.0, 7200.0, "solvent")
    assert found.volume == pytest.approx(0.05)
    assert [n for n, _ in found.solvents] == ["acetonitrile", "tetrahydrofuran"]
    assert dict(found.solvents)["tetrahydrofuran"] == pytest.approx(22 / 72)


def test_a_solvent_given_as_a_concentration_dilutes_the_limiting_reactant_to_it():
    found = flask(diamine(), bromide(), solvent(amount="0.2 mol/L"))
    assert moles(found, ACETONITRILE) == pytest.approx(50 * 0.786 / 41.05, rel=1e-3)


def test_two_solvents_given_as_a_concentration_make_it_together():
    found = flask(diamine(), bromide(), solvent(amount="0.2 mol/L"), charge("toluene", "solvent", "0.2 mol/L"))
    assert found.volume == pytest.approx(0.05 + 0.011 * 171.04 / 1.438 / 1000, rel=1e-4)


def test_a_solvent_in_equivalents_is_that_many_equivalents():
    found = flask(diamine(), bromide(), solvent(), charge("methanol", "solvent", "5 equiv"))
    assert moles(found, "CO") == pytest.approx(0.05)


def test_a_material_without_a_structure_is_a_dose_without_smiles():
    found = flask(diamine(), bromide(), charge("Pd/C", "catalyst", "100 mg"), solvent())
    (dose,) = [d for d in found.doses if d.smiles is None]
    assert (dose.name, dose.role) == ("Pd/C", "catalyst")


@pytest.mark.parametrize(("name", "smiles"), [("hydrogen", "[H][H]"), ("carbon monoxide", "[C-]#[O+]")])
def test_a_gas_is_charged_without_a_volume(name, smiles):
    found = flask(diamine(), bromide(), charge(name, "reagent", "3 equiv"), solvent())
    assert moles(found, smiles) == pytest.approx(0.03)
    assert found.volume == pytest.approx(flask().volume)


def test_a_structure_that_the_catalogue_knows_by_another_name_has_its_density():
    found = flask(diamine(), charge("BnBr, old bottle", "substrate", "1.19 mL", smiles="C(Br)c1ccccc1"), solvent())
    assert moles(found, BROMIDE) == pytest.approx(0.01, rel=1e-2)


def test_a_name_with_another_structure_loses_the_catalogue_and_says_so():
    found = flask(diamine(), charge("benzyl bromide", "substrate", "1.1 equiv", smiles="BrCCc1ccccc1"), solvent())
    assert moles(found, BROMIDE) == 0.0
    assert [w.field for w in found.warnings if w.code == "name-structure"] == ["charge[benzyl bromide].smiles"]
    assert (
        complaint_of(diamine(), charge("benzyl bromide", "substrate", "1 mL", smiles="BrCCc1ccccc1"), solvent()).code
        == "no-density"
    )


def test_a_salt_written_as_smiles_is_no_contradiction_to_its_name():
    found = flask(diamine(smiles="C1CNCCNC1.Cl.Cl"), bromide(), solvent())
    assert not [w for w in found.warnings if w.code == "name-structure"]
    assert found.limiting_smiles == DIAMINE
    assert moles(found, "Cl") == pytest.approx(0.02)


def test_a_trifluoroacetate_of_a_small_amine_is_counted_by_the_amine():
    found = flask(diamine(smiles="C1CNCCNC1.OC(=O)C(F)(F)F"), bromide(), solvent())
    assert found.limiting_smiles == DIAMINE


@pytest.mark.parametrize(
    ("charges", "code", "field", "word"),
    [
        ((diamine(name="homopiperazin"), bromide(), solvent()), "unknown-material", "charge[homopiperazin].name", "homopiperazine"),
        ((diamine(smiles="C1CNCCNC"), bromide(), solvent()), "bad-smiles", "charge[homopiperazine].smiles", "C1CNCCNC"),
        ((diamine(form="weird"), bromide(), solvent()), "unknown-form", "charge[homopiperazine].form", "2HCl"),
        ((diamine(amount="2 mL"), bromide(), solvent()), "no-density", "charge[homopiperazine].amount", "2 mL"),
        ((diamine(amount="0.5 g"), bromide(), solvent()), "amounts-contradict", "charge[homopiperazine].amount", "10 mmol"),
        ((diamine(), bromide(solution="1 M in aceton"), solvent()), "unknown-material", "charge[benzyl bromide].solution", "acetone"),
        ((diamine(), bromide(solution="1 M in toluene", add_over="1 h")), "no-volume", "charge", "solvent"),
        ((charge("Raney nickel", "substrate", "1 g"), solvent()), "no-structure", "charge", "smiles"),
    ],
)  # fmt: skip
def test_what_cannot_become_moles_is_refused_where_it_stands(charges, code, field, word):
    complaint = complaint_of(*charges)
    assert (complaint.code, complaint.field) == (code, field)
    assert word in str(complaint)


def test_all_unknown_names_are_told_at_once():
    with pytest.raises(BadInput) as caught:
        flask(diamine(name="foo"), bromide(name="bar"), solvent())
    assert [c.field for c in caught.value.complaints] == ["charge[bar].name", "charge[foo].name"]


def test_amounts_that_make_another_scale_count_and_are_pointed_out():
    found = flask(diamine(amount="20 mmol"), bromide(amount="22 mmol"), solvent())
    assert found.limiting == pytest.approx(0.02)
    assert [w.code for w in found.warnings] == ["scale-contradicts"]


def test_ranges_and_unknowns_are_listed_and_taken_at_their_quantile():
    found = recipe(
        diamine(amount="1.0..4.0 equiv"), bromide(amount="unknown", solution="0.1..1 mol/L in toluene"),
        solvent(amount="unknown"), conditions={"temperature": "20..60 degC", "time": "4..16 h"},
    )  # fmt: skip
    fields = (
        "charge[acetonitrile].amount",
        "charge[benzyl bromide].amount",
        "charge[benzyl bromide].solution",
        "charge[homopiperazine].amount",
        "conditions.temperature",
        "conditions.time",
    )
    assert unknown_fields(found) == fields
    low, high = (resolve(found, catalogue(), dict.fromkeys(fields, q), priors=PRIORS) for q in (0.0, 1.0))
    assert [f.programme[0][1] for f in (low, high)] == pytest.approx([293.15, 333.15])
    assert [f.time for f in (low, high)] == pytest.approx([14400.0, 57600.0])
    assert moles(low, BROMIDE) / moles(low, DIAMINE) == pytest.approx(PRIORS.equiv.low / 1.0)
    assert moles(high, BROMIDE) / moles(high, DIAMINE) == pytest.approx(PRIORS.equiv.high / 4.0)
    assert moles(low, ACETONITRILE) / moles(high, ACETONITRILE) == pytest.approx(50.0)
    assert {w.field for w in low.warnings} == set(fields) - {"conditions.temperature", "conditions.time"}


def test_the_middle_of_a_range_is_taken_without_a_quantile():
    found = flask(diamine(amount="1.0..4.0 equiv"), bromide(amount="8 equiv"), solvent())
    assert moles(found, BROMIDE) / moles(found, DIAMINE) == pytest.approx(4.0)


def test_an_exact_recipe_has_no_unknown_fields_and_no_warnings():
    assert unknown_fields(recipe()) == ()
    assert flask().warnings == ()


def test_everything_unknown_gives_one_caution():
    found = flask(
        diamine(purity="unknown"), bromide(amount="unknown"), solvent(),
        conditions={"temperature": [["0 h", "unknown"]], "time": "unknown"},
    )  # fmt: skip
    assert sorted((w.code, w.field) for w in found.warnings) == [
        ("unknown", "conditions.temperature"),
        ("unknown", "conditions.time"),
        ("unknown-amount", "charge[benzyl bromide].amount"),
        ("unknown-purity", "charge[homopiperazine].purity"),
    ]


def test_a_run_lasts_at_least_as_long_as_its_additions():
    found = flask(diamine(), bromide(add_over="1..10 h"), solvent(), conditions={"temperature": "25 degC", "time": "2 h"},
                  quantiles={"charge[benzyl bromide].add_over": 1.0})  # fmt: skip
    assert found.time == pytest.approx(36000.0)


def test_the_order_of_charges_changes_nothing():
    charges = [
        diamine(amount="1.0..2.0 equiv", water="1 %"),
        bromide(solution="0.5 mol/L in toluene", add_over="1 h"),
        charge("cesium carbonate", "base", "1.5 equiv"),
        solvent(amount="37 mL"),
        charge("toluene", "solvent", "11 mL"),
    ]
    first = flask(*charges)
    assert all(flask(*order) == first for order in itertools.permutations(charges))


@given(FACTORS)
def test_scaling_a_recipe_scales_every_amount_and_no_temperature(factor):
    def at(k):
        return flask(diamine(water="1 %"), bromide(solution="0.5 mol/L in toluene", add_over="1 h"), solvent(amount="0.2 mol/L"),
                     scale=f"{10 * k:.12g} mmol")  # fmt: skip

    one, many = at(1.0), at(factor)
    assert [d.mol for d in many.doses] == pytest.approx([factor * d.mol for d in one.doses], rel=1e-9)
    assert [d.volume for d in many.doses] == pytest.approx([factor * d.volume for d in one.doses], rel=1e-9)
    assert many.volume == pytest.approx(factor * one.volume, rel=1e-9)
    assert (many.programme, many.time, many.limiting_smiles) == (one.programme, one.time, one.limiting_smiles)


@given(st.floats(0.0, 1.0))
def test_no_amount_is_negative_at_any_quantile(u):
    fields = ("charge[benzyl bromide].amount", "charge[acetonitrile].amount", "charge[homopiperazine].water")
    found = flask(diamine(water="0..50 %"), bromide(amount="unknown"), solvent(amount="unknown"),
                  quantiles=dict.fromkeys(fields, u))  # fmt: skip
    assert all(d.mol >= 0.0 and d.volume >= 0.0 for d in found.doses)
    assert found.volume > 0.0
    assert Span(0.0, 1.0).low <= sum(v for _, v in found.solvents) <= 1.0 + 1e-12
