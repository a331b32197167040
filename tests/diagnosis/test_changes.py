from dataclasses import replace

import pytest
from fake_flasks import BROMIDE, DIAMINE, MONO, case_of, patch, raw_case, tools

from ringside.case.nouns import Patch
from ringside.diagnosis.changes import all_patches, change_patches, scaled
from ringside.diagnosis.nouns import Change
from ringside.recipe.nouns import Amount
from ringside.units import Span

CASE = case_of(raw_case())


def changed(**change):
    return change_patches(CASE, Change(**change), tools())


def test_dilution_multiplies_the_solvent():
    assert changed(where="role:solvent", field="amount", times=(10.0, 10.0)) == (
        Patch("charge[acetonitrile].amount", "50 mL", "500 mL"),
    )


def test_dilution_keeps_the_moles_of_what_is_written_as_a_concentration():
    raw = raw_case()
    raw["charge"][0] = {**raw["charge"][0], "amount": "0.2 mol/L"}
    case = case_of({**raw, "charge": [{**raw["charge"][0], "amount": "0.2 equiv"}, *raw["charge"][1:]]})
    first = replace(case.recipe.charges[0], amount=Amount("concentration", Span(0.2, 0.2)))
    recipe = replace(case.recipe, charges=(first, *case.recipe.charges[1:]))
    case = replace(case, recipe=recipe, raw=raw)
    patches = change_patches(case, Change("role:solvent", "amount", times=(10.0, 10.0)), tools())
    assert Patch("charge[homopiperazine].amount", "0.2 mol/L", "0.02 mol/L") in patches


def test_a_purity_left_out_counts_as_pure_and_never_exceeds_it():
    low = changed(where="feature:alkyl-halide", field="purity", times=(0.3, 0.85))
    assert low == (Patch("charge[benzyl bromide].purity", None, "30..85 %"),)
    assert scaled("97 %", (1.5, 1.5), top=100.0) == "100 %"


def test_features_of_solvents_do_not_count():
    raw = raw_case()
    raw["charge"][3] = {"name": "DCM", "smiles": BROMIDE, "role": "solvent", "amount": "50 mL"}
    found = change_patches(case_of(raw), Change("feature:alkyl-halide", "purity", "90 %"), tools())
    assert [p.path for p in found] == ["charge[benzyl bromide].purity"]


def test_terms_are_joined_and_negated():
    assert changed(where="role:substrate&!feature:alkyl-halide", field="purity", to="90 %") == (
        Patch("charge[homopiperazine].purity", None, "90 %"),
    )


def test_a_change_that_finds_nothing_is_no_patch():
    assert changed(where="feature:hydride", field="purity", times=(0.1, 0.6)) == ()
    assert changed(where="name:acetonitrile", field="amount", to="50 mL") == ()


def test_the_first_change_of_a_card_must_find_something():
    missing = Change("feature:hydride", "purity", times=(0.1, 0.6))
    longer = Change("conditions", "time", times=(2.0, 2.0))
    assert all_patches(CASE, (missing, longer), tools()) == ()
    assert len(all_patches(CASE, (longer, missing), tools())) == 1


@pytest.mark.parametrize(
    ("field", "to", "new"),
    [
        ("temperature", "+20 K", "45 degC"),
        ("temperature", "-25..-8 K", "0..17 degC"),
        ("time", "+4 h", "20 h"),
        ("time", "2 h", "2 h"),
    ],
)
def test_conditions_are_shifted_or_set(field, to, new):
    (found,) = changed(where="conditions", field=field, to=to)
    assert found.new == new


def test_a_programme_is_shifted_point_by_point():
    raw = raw_case(conditions={"temperature": [["0 h", "0 degC"], ["1 h", "25 degC"]], "time": "16 h"})
    points = ((0.0, Span(273.15, 273.15)), (3600.0, Span(298.15, 298.15)))
    recipe = replace(CASE.recipe, programme=replace(CASE.recipe.programme, points=points))
    (found,) = change_patches(
        replace(CASE, recipe=recipe, raw=raw), Change("conditions", "temperature", "+20 K"), tools()
    )
    assert found.new == [["0 h", "20 degC"], ["1 h", "45 degC"]]


def test_a_new_charge_is_added_once():
    acid = {"name": "acetic acid", "smiles": "CC(=O)O", "role": "acid", "amount": "1.0 equiv"}
    (found,) = changed(where="new", to=acid)
    assert found == Patch("charge[+]", None, acid)
    assert change_patches(patch(CASE, (found,)), Change("new", to=acid), tools()) == ()


def test_a_replaced_charge_passes_on_its_amount_and_role():
    out, new = changed(where="role:solvent", field="replace", to={"name": "toluene"})
    assert out.path == "charge[-acetonitrile]"
    assert new.new == {"name": "toluene", "amount": "50 mL", "role": "solvent"}


def test_two_solvents_are_replaced_by_one_of_their_volume():
    raw = raw_case()
    raw["charge"].append({"name": "methanol", "role": "solvent", "amount": "10 mL"})
    found = change_patches(case_of(raw), Change("role:solvent", "replace", {"name": "toluene"}), tools())
    assert found[-1].new["amount"] == "60 mL"


def test_equivalents_are_written_in_the_unit_the_case_has():
    raw = raw_case()
    raw["charge"][0] = {**raw["charge"][0], "amount": "1.002 g"}
    borrowed = replace(tools(), equivalents=lambda case: {"homopiperazine": 1.0, "benzyl bromide": 1.0})
    case = replace(CASE, raw=raw)
    (found,) = change_patches(case, Change("feature:diamine", "amount", "3.0 equiv"), borrowed)
    assert found.new == "3.006 g"


def test_mono_protection_changes_the_diamine_and_the_target():
    borrowed = replace(tools(), protect={DIAMINE: "boc-diamine", MONO: "boc-target"}.get)
    found = change_patches(CASE, Change("feature:diamine", "protect", "Boc"), borrowed)
    assert [p.path for p in found] == ["charge[-homopiperazine]", "charge[+]", "target"]
    assert found[1].new["smiles"] == "boc-diamine"
    assert found[1].new["amount"] == "1.0 equiv"
    assert found[2].new == "boc-target"


def test_without_a_single_mono_boc_form_nothing_is_protected():
    assert changed(where="feature:diamine", field="protect", to="Boc") == ()


def test_a_field_of_the_case_file_can_be_asked_for():
    raw = raw_case()
    raw["charge"][0] = {**raw["charge"][0], "form": "2HCl salt"}
    found = change_patches(case_of(raw), Change("field:form", "form", "free base"), tools())
    assert found == (Patch("charge[homopiperazine].form", "2HCl salt", "free base"),)
    assert changed(where="field:form", field="form", to="free base") == ()


def test_a_charge_at_the_end_starts_when_the_run_as_written_ends():
    acid = {"name": "hydrogen chloride", "role": "acid", "amount": "10 equiv", "start": "end"}
    (found,) = changed(where="new", to=acid)
    assert found.new["start"] == "16 h"
