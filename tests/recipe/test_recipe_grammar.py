"""The recipe part of a case: what is read, and what is refused."""

import pytest
from recipe_bench import UNKNOWNS, bromide, charge, diamine, raw, recipe, solvent

from ringside.errors import BadInput
from ringside.recipe.nouns import Extraction
from ringside.recipe.parse import read_recipe
from ringside.units import Span


def refusals(table):
    with pytest.raises(BadInput) as caught:
        read_recipe(table, UNKNOWNS, file="case.toml")
    assert all(c.file == "case.toml" and c.field for c in caught.value.complaints)
    return caught.value.complaints


def refusal(table):
    (complaint,) = refusals(table)
    return complaint


def test_every_part_of_a_charge_is_read():
    found = recipe(
        diamine(purity="97 %", water="1 %", form="2HCl salt", assumed=True),
        bromide(solution="0.5 mol/L in acetonitrile", add_over="2 h", start="10 min", smiles="BrCc1ccccc1"),
        solvent(),
    ).charges
    assert (found[0].purity.low, found[0].water.low, found[0].form, found[0].assumed) == (0.97, 0.01, "2HCl salt", True)
    assert found[1].solution is not None
    assert (found[1].solution.concentration.low, found[1].solution.solvent) == (0.5, "acetonitrile")
    assert (found[1].add_over.low, found[1].start.low, found[1].smiles) == (7200.0, 600.0, "BrCc1ccccc1")
    assert found[2].role == "solvent"


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("1.0 equiv", "equiv", 1.0),
        ("10 mmol", "mol", 0.01),
        ("2.4 g", "mass", 2.4),
        ("50 mL", "volume", 0.05),
        ("0.2 mol/L", "concentration", 0.2),
        ("0.2 M", "concentration", 0.2),
        ("5 mol%", "mol_fraction", 0.05),
    ],
)
def test_an_amount_of_any_kind_is_read(text, kind, value):
    amount = recipe(diamine(), bromide(amount=text), solvent()).charges[1].amount
    assert amount.kind == kind
    assert amount.value is not None
    assert amount.value.low == pytest.approx(value)


def test_a_range_stays_a_range_and_an_unknown_is_listed():
    found = recipe(diamine(amount="1.0..3.0 equiv"), bromide(amount="unknown"), solvent(amount="unknown"))
    assert found.charges[0].amount.value == Span(1.0, 3.0)
    assert found.charges[1].amount.value is None
    assert found.unknown == ("charge[acetonitrile].amount", "charge[benzyl bromide].amount")


def test_unknown_conditions_take_their_prior_and_so_do_conditions_left_out():
    for conditions in ({"temperature": "unknown", "time": "unknown"}, {}):
        found = recipe(conditions=conditions)
        assert found.programme.points == ((0.0, UNKNOWNS["temperature"]),)
        assert found.time == UNKNOWNS["time"]
        assert found.unknown == ("conditions.temperature", "conditions.time")


def test_an_unknown_purity_takes_its_prior_where_there_is_one():
    table = raw(diamine(purity="unknown"), bromide(), solvent())
    assert read_recipe(table, {**UNKNOWNS, "purity": Span(0.9, 1.0)}).charges[0].purity == Span(0.9, 1.0)
    plain = read_recipe(table, UNKNOWNS)
    assert plain.charges[0].purity == Span(1.0, 1.0)
    assert plain.unknown == ("charge[homopiperazine].purity",)


def test_a_programme_is_a_list_of_points():
    found = recipe(conditions={"temperature": [["0 h", "0 degC"], ["1 h", "20..30 degC"]], "time": "16 h"})
    assert found.programme.points[0] == (0.0, Span(273.15, 273.15))
    assert found.programme.points[1] == (3600.0, Span(293.15, 303.15))


def test_mixing_and_atmosphere_are_read():
    found = recipe(conditions={"temperature": "25 degC", "time": "1 h", "atmosphere": "N2", "mixing": "5 s"})
    assert (found.atmosphere, found.mixing) == ("N2", 5.0)
    assert recipe().mixing == 0.0


@pytest.mark.parametrize(
    "extract",
    [
        [{"solvent": "dichloromethane", "volume": "20 mL", "times": 3}],
        [{"solvent": "dichloromethane", "volume": "3 x 20 mL"}],
        ["3 x 20 mL dichloromethane"],
        ["3 × 0,02 L of dichloromethane"],
    ],
)
def test_an_extraction_is_read_in_every_spelling(extract):
    workup = recipe(workup={"quench": "sat. NaHCO3", "extract": extract}).workup
    assert workup is not None
    assert workup.extract == (Extraction("dichloromethane", 0.02, 3),)
    assert (workup.quench, workup.ph) == ("sat. NaHCO3", None)


@pytest.mark.parametrize(("quench", "ph"), [("pH 9", 9.0), ("pH = 9,5", 9.5), (9, 9.0), ("water", None)])
def test_a_quench_is_a_name_or_a_ph(quench, ph):
    workup = recipe(workup={"quench": quench}).workup
    assert workup is not None
    assert workup.ph == ph


def test_a_recipe_without_workup_has_none():
    assert recipe().workup is None


@pytest.mark.parametrize(
    ("table", "code", "field", "word"),
    [
        (raw(diamine(amont="1 g"), bromide(), solvent()), "unknown-key", "charge[homopiperazine].amont", "'amount'"),
        (raw(conditions={"temprature": "25 degC"}), "unknown-key", "conditions.temprature", "'temperature'"),
        (raw(workup={"quensh": "water"}), "unknown-key", "workup.quensh", "'quench'"),
        (
            raw(workup={"extract": [{"solvent": "toluene", "volume": "1 mL", "time": 2}]}),
            "unknown-key",
            "workup.extract[1].time",
            "'times'",
        ),
        (raw(diamine(amount="10 mmoll"), bromide(), solvent()), "unknown-unit", "charge[homopiperazine].amount", "mmol"),
        (raw(diamine(amount="1.1"), bromide(), solvent()), "bare-number", "charge[homopiperazine].amount", "1.1 equiv"),
        (raw(diamine(amount=1.1), bromide(), solvent()), "bare-number", "charge[homopiperazine].amount", "1.1 equiv"),
        (raw(diamine(amount="1.0-1.5 equiv"), bromide(), solvent()), "bad-quantity", "charge[homopiperazine].amount", "two dots"),
        (raw(diamine(amount="plenty"), bromide(), solvent()), "bad-quantity", "charge[homopiperazine].amount", "1.1 equiv"),
        (raw(diamine(amount="-1 equiv"), bromide(), solvent()), "out-of-range", "charge[homopiperazine].amount", "negative"),
        (raw(diamine(amount="0 equiv"), bromide(), solvent()), "out-of-range", "charge[homopiperazine].amount", "above zero"),
        (raw(diamine(purity="103 %"), bromide(), solvent()), "out-of-range", "charge[homopiperazine].purity", "103 %"),
        (raw(diamine(purity="0 %"), bromide(), solvent()), "out-of-range", "charge[homopiperazine].purity", "0 %"),
        (raw(diamine(purity=0.97), bromide(), solvent()), "bare-number", "charge[homopiperazine].purity", "%"),
        (raw(diamine(assumed="yes"), bromide(), solvent()), "bad-flag", "charge[homopiperazine].assumed", "true"),
        (raw(diamine(smiles=5), bromide(), solvent()), "bad-text", "charge[homopiperazine].smiles", "SMILES"),
        (raw(diamine(role="solvant"), bromide(), solvent()), "bad-role", "charge[homopiperazine].role", "solvent"),
        (raw(diamine(), bromide(solution="0.5 mol/L"), solvent()), "bad-solution", "charge[benzyl bromide].solution", " in "),
        (raw(diamine(), bromide(add_over="2"), solvent()), "bare-number", "charge[benzyl bromide].add_over", "2 h"),
        (raw(diamine(), bromide(add_over="-2 h"), solvent()), "out-of-range", "charge[benzyl bromide].add_over", "negative"),
        (raw(diamine(), bromide(add_over="20 h"), solvent()), "adds-too-long", "charge[benzyl bromide].add_over", "16 h"),
        (raw(diamine(), bromide(start="17 h"), solvent()), "adds-too-long", "charge[benzyl bromide].start", "16 h"),
        (raw(conditions={"temperature": "-300 degC", "time": "1 h"}), "out-of-range", "conditions.temperature", "absolute zero"),
        (raw(conditions={"temperature": 25, "time": "1 h"}), "bare-number", "conditions.temperature", "25 degC"),
        (raw(conditions={"temperature": "25 degC", "time": "0 h"}), "out-of-range", "conditions.time", "above"),
        (
            raw(conditions={"temperature": [["1 h", "0 degC"], ["0 h", "25 degC"]], "time": "2 h"}),
            "bad-programme",
            "conditions.temperature",
            "rise",
        ),
        (raw(conditions={"temperature": [["0 h"]], "time": "2 h"}), "bad-programme", "conditions.temperature", "time"),
        (raw(conditions="hot"), "bad-table", "conditions", "table"),
        (raw(workup="wash"), "bad-table", "workup", "table"),
        (raw(workup={"extract": {"solvent": "toluene"}}), "bad-list", "workup.extract", "list"),
        (raw(workup={"extract": ["twice with ether"]}), "bad-extraction", "workup.extract[1]", "20 mL"),
        (
            raw(workup={"extract": [{"solvent": "ether", "volume": "3 x 20 mL", "times": 2}]}),
            "times-contradict",
            "workup.extract[1].times",
            "differ",
        ),
        (raw(workup={"quench": "pH 19"}), "out-of-range", "workup.quench", "14"),
        (raw(charge="homopiperazine"), "bad-table", "charge", "[[charge]]"),
        (raw(charge=["homopiperazine"]), "bad-table", "charge[1]", "table"),
        (raw(charge=[]), "no-charge", "charge", "nothing"),
        (raw(bromide(role="reagent"), solvent()), "no-substrate", "charge", "substrate"),
        (raw(diamine(), diamine(), solvent()), "duplicate-name", "charge[homopiperazine]", "same name"),
        (raw(diamine(), bromide(), solvent(), scale="10 mL"), "unknown-unit", "scale", "mmol"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused_where_it_stands(table, code, field, word):
    complaint = refusal(table)
    assert (complaint.code, complaint.field) == (code, field)
    assert word in str(complaint)


def without_scale(*charges):
    table = raw(*charges)
    del table["scale"]
    return table


def test_relative_amounts_alone_fix_no_scale():
    assert refusal(without_scale(diamine(), bromide(), solvent())).code == "no-scale"
    assert (
        refusal(without_scale(diamine(), bromide(), charge("triethylamine", "base", "5 mmol"), solvent())).code
        == "no-scale"
    )


@pytest.mark.parametrize("amount", ["10 mmol", "1.0 g", "0.2 mol/L"])
def test_one_substrate_in_absolute_terms_fixes_the_scale(amount):
    found = read_recipe(without_scale(diamine(amount=amount), bromide(), solvent()), UNKNOWNS)
    assert found.scale is None


def test_an_amount_in_mol_per_litre_needs_a_volume_of_solvent():
    complaint = refusal(raw(diamine(), bromide(amount="0.2 mol/L"), solvent(amount="unknown")))
    assert (complaint.code, complaint.value) == ("no-solvent-volume", "0.2 mol/L")


def test_two_substrates_in_absolute_amounts_are_fine_but_not_below_the_scale():
    both = (diamine(amount="10 mmol"), bromide(amount="11 mmol"), solvent())
    assert len(recipe(*both).charges) == 3
    complaint = refusal(raw(diamine(amount="8 mmol"), bromide(), solvent()))
    assert (complaint.code, complaint.value) == ("amounts-contradict", "8 mmol")
    assert "10 mmol" in complaint.limit


def test_all_faults_are_told_at_once():
    table = raw(diamine(amount="1"), bromide(purity="120 %", soluton="x"), solvent(amount="50"), conditions={"time": 2})
    assert [c.code for c in refusals(table)] == [
        "bare-number",
        "unknown-key",
        "out-of-range",
        "bare-number",
        "bare-number",
    ]


def test_names_differ_by_more_than_case():
    assert refusals(raw(diamine(), bromide(), charge("Homopiperazine", "substrate", "1 equiv"), solvent()))[0].code == (
        "duplicate-name"
    )
