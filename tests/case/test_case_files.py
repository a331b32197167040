"""Case files: reading, rounds, changing and writing."""

import copy
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringside.case.nouns import Patch
from ringside.case.read import CaseTools, case_from_raw, patch_case, read_case, write_case
from ringside.errors import BadInput
from ringside.units import Span

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.toml"))
TOOLS = CaseTools({"temperature": Span(288.15, 383.15), "time": Span(1800.0, 172800.0)})
DESIGN = """
title  = "Mono-benzylation of homopiperazine"
target = "C1CNCCN(C1)Cc1ccccc1"
scale  = "10 mmol"

[[charge]]
name   = "homopiperazine"
smiles = "C1CNCCNC1"
role   = "substrate"
amount = "1.0 equiv"
purity = "97 %"

[[charge]]
name     = "benzyl bromide"
smiles   = "BrCc1ccccc1"
role     = "substrate"
amount   = "1.1 equiv"
solution = "0.5 mol/L in acetonitrile"
add_over = "2 h"
start    = "10 min"

[[charge]]
name   = "acetonitrile"
role   = "solvent"
amount = "50 mL"

[conditions]
temperature = "25 degC"
time        = "16 h"
atmosphere  = "N2"
mixing      = "ideal"

[workup]
quench  = "sat. NaHCO3"
extract = [{ solvent = "dichloromethane", volume = "20 mL", times = 3 }]

[observed]
isolated_yield = "31 %"
conversion     = "98 %"
crude_mass     = "2.4 g"
absent         = ["starting material"]
notes          = ["two new spots on TLC", "white gum on the flask wall"]
instrument     = { polarity = "positive", mz_error = "5 ppm", eluent_ph = 2.7, uv = "254 nm", sampled_at = "16 h" }

[[observed.peak]]
rt   = "3.42 min"
mz   = [191.154, 213.136]
area = "61 %"

[[round]]
scale = "20 mmol"

[[round.charge]]
name   = "benzyl bromide"
amount = "0.5 equiv"

[[round.charge]]
name   = "triethylamine"
role   = "base"
amount = "1.0 equiv"

[round.conditions]
time = "4 h"

[round.observed]
conversion = "50 %"
"""


def table():
    return tomllib.loads(DESIGN)


def case(raw=None):
    return case_from_raw(raw if raw is not None else table(), TOOLS, file="case.toml", folder=Path())


def refusals(raw):
    with pytest.raises(BadInput) as caught:
        case(raw)
    assert all(c.file == "case.toml" and c.field for c in caught.value.complaints)
    return caught.value.complaints


def refusal(raw):
    (complaint,) = refusals(raw)
    return complaint


def changed(*path, to):
    raw = table()
    inner = raw
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = to
    return raw


def test_the_case_of_the_design_is_read_whole():
    found = case()
    assert found.title == "Mono-benzylation of homopiperazine"
    assert [c.name for c in found.recipe.charges] == ["homopiperazine", "benzyl bromide", "acetonitrile"]
    assert found.recipe.scale == Span(0.01, 0.01)
    assert found.observed is not None
    assert found.observed.isolated_yield == (0.31, 0.31)
    assert found.observed.peaks[0].mz == (191.154, 213.136)


def test_a_case_without_observations_or_target_has_none():
    raw = table()
    for key in ("observed", "target", "round", "workup"):
        del raw[key]
    found = case(raw)
    assert (found.observed, found.recipe.target, found.recipe.workup, found.rounds) == (None, None, None, ())


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda p: p.stem)
def test_every_shipped_example_reads_and_writes_back_the_same(path, tmp_path):
    first = read_case(path, TOOLS)
    copied = tmp_path / path.name
    copied.write_text(write_case(first), encoding="utf-8")
    again = read_case(copied, TOOLS)
    assert again.raw == first.raw
    assert again.recipe == first.recipe


def test_what_is_written_reads_back_the_same():
    first = case()
    assert case(tomllib.loads(write_case(first))) == first


TEXTS = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=15).filter(lambda t: t.strip())


@given(title=TEXTS, name=TEXTS, equiv=st.floats(0.1, 10.0), notes=st.lists(TEXTS, max_size=3))
def test_any_words_and_amounts_survive_writing_and_reading(title, name, equiv, notes):
    raw = changed("title", to=title)
    raw["charge"][0] |= {"name": f"{name} 1", "amount": f"{equiv:.6g} equiv"}
    raw["observed"]["notes"] = notes
    first = case(raw)
    assert case(tomllib.loads(write_case(first))) == first


def test_a_file_without_a_title_is_called_by_its_name(tmp_path):
    path = tmp_path / "run-17.toml"
    path.write_text(DESIGN.replace('title  = "Mono-benzylation of homopiperazine"', ""), encoding="utf-8")
    assert read_case(path, TOOLS).title == "run-17"


def test_a_later_round_is_the_first_run_with_its_changes():
    (later,) = case().rounds
    assert later.recipe.scale == Span(0.02, 0.02)
    assert later.recipe.time == Span(14400.0, 14400.0)
    assert later.recipe.programme == case().recipe.programme
    charges = {c.name: c for c in later.recipe.charges}
    assert list(charges) == ["homopiperazine", "benzyl bromide", "acetonitrile", "triethylamine"]
    assert charges["benzyl bromide"].amount.value == Span(0.5, 0.5)
    assert charges["benzyl bromide"].add_over == Span(7200.0, 7200.0)
    assert later.observed is not None
    assert (later.observed.conversion, later.observed.isolated_yield) == ((0.5, 0.5), None)


def test_a_round_without_observations_does_not_inherit_those_of_the_first_run():
    raw = table()
    del raw["round"][0]["observed"]
    assert case(raw).rounds[0].observed is None


def test_a_fault_in_a_round_is_named_by_its_round():
    raw = table()
    raw["round"] = [{"scale": "20"}, {"charge": [{"name": "benzyl bromide", "amont": "1 equiv"}]}, {"conditons": {}}, 5]
    assert [(c.code, c.field) for c in refusals(raw)] == [
        ("bare-number", "round[1].scale"),
        ("unknown-key", "round[2].charge[benzyl bromide].amont"),
        ("unknown-key", "round[3].conditons"),
        ("bad-table", "round[4]"),
    ]


@pytest.mark.parametrize(
    ("raw", "code", "field", "word"),
    [
        (changed("charge", 0, "smiles", to="C1CNCCNC"), "bad-smiles", "charge[homopiperazine].smiles", "C1CNCCNC"),
        (
            changed("charge", 0, "smiles", to="CN(C)(C)(C)C"),
            "bad-smiles",
            "charge[homopiperazine].smiles",
            "more bonds",
        ),
        (changed("target", to="c1ccc"), "bad-smiles", "target", "c1ccc"),
        (changed("target", to="CC.CC"), "several-components", "target", "CC.CC"),
        (changed("target", to=5), "bad-text", "target", "SMILES"),
        (changed("title", to=5), "bad-text", "title", "text"),
        (changed("chrage", to=[]), "unknown-key", "chrage", "'charge'"),
        (changed("charge", 2, "amount", to="50 mLL"), "unknown-unit", "charge[acetonitrile].amount", "mL"),
        (changed("charge", 2, "amount", to=50), "bare-number", "charge[acetonitrile].amount", "unit"),
        (changed("charge", 1, "amount", to="1.1"), "bare-number", "charge[benzyl bromide].amount", "1.1 equiv"),
        (changed("charge", 0, "amount", to="8 mmol"), "amounts-contradict", "charge[homopiperazine].amount", "10 mmol"),
        (changed("observed", "isolatd_yield", to="3 %"), "unknown-key", "observed.isolatd_yield", "'isolated_yield'"),
        (changed("round", to="again"), "bad-list", "round", "[[round]]"),
    ],
)
def test_bad_input_is_refused_with_field_value_limit_and_next_step(raw, code, field, word):
    raw = {k: v for k, v in raw.items() if k != "round"} if field != "round" else raw
    complaint = refusal(raw)
    assert (complaint.code, complaint.field) == (code, field)
    assert word in str(complaint)
    assert complaint.value
    assert complaint.limit


def test_faults_in_all_parts_of_a_case_are_told_at_once_and_once_each():
    raw = changed("charge", 0, "smiles", to="C1CC")
    raw["target"] = "xyz"
    raw["conditions"]["time"] = 16
    raw["observed"]["conversion"] = "98"
    raw["colour"] = "brown"
    assert sorted((c.code, c.field) for c in refusals(raw)) == [
        ("bad-smiles", "charge[homopiperazine].smiles"),
        ("bad-smiles", "target"),
        ("bare-number", "conditions.time"),
        ("bare-number", "observed.conversion"),
        ("unknown-key", "colour"),
    ]


def test_a_syntax_error_names_file_and_line(tmp_path):
    path = tmp_path / "case.toml"
    path.write_text('title = "x"\nscale = 10 mmol\n', encoding="utf-8")
    with pytest.raises(BadInput) as caught:
        read_case(path, TOOLS)
    assert (caught.value.complaints[0].file, caught.value.complaints[0].field) == (str(path), "line 2")


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(BadInput) as caught:
        read_case(tmp_path / "none.toml", TOOLS)
    assert caught.value.complaints[0].code == "cannot-read"


@pytest.mark.parametrize(
    ("patch", "look", "value"),
    [
        (Patch("charge[benzyl bromide].amount", "1.1 equiv", "1.0 equiv"), ("charge", 1, "amount"), "1.0 equiv"),
        (Patch("charge[homopiperazine].water", None, "2 %"), ("charge", 0, "water"), "2 %"),
        (Patch("conditions.temperature", "25 degC", "0 degC"), ("conditions", "temperature"), "0 degC"),
        (Patch("workup.quench", "sat. NaHCO3", "1 M NaOH"), ("workup", "quench"), "1 M NaOH"),
        (Patch("scale", "10 mmol", "5 mmol"), ("scale",), "5 mmol"),
        (Patch("target", None, "C1CNCCNC1"), ("target",), "C1CNCCNC1"),
    ],
)
def test_a_patch_changes_one_value_of_the_file(patch, look, value):
    before = case()
    after = patch_case(before, [patch], TOOLS)
    expected = copy.deepcopy(dict(before.raw))
    inner = expected
    for key in look[:-1]:
        inner = inner[key]
    inner[look[-1]] = value
    assert after.raw == expected
    assert after.recipe != before.recipe
    assert before.raw == table()


def test_a_patch_takes_a_value_out():
    after = patch_case(case(), [Patch("charge[benzyl bromide].add_over", "2 h", None)], TOOLS)
    assert after.recipe.charges[1].add_over == Span(0.0, 0.0)


def test_a_patch_puts_a_charge_in_and_takes_it_out_again():
    new = {"name": "triethylamine", "role": "base", "amount": "1.5 equiv"}
    more = patch_case(case({**table(), "round": []}), [Patch("charge[+]", None, new)], TOOLS)
    assert [c.name for c in more.recipe.charges][-1] == "triethylamine"
    less = patch_case(more, [Patch("charge[-triethylamine]", new, None)], TOOLS)
    assert less.recipe == case().recipe


@given(st.permutations(["benzyl bromide", "homopiperazine"]), st.floats(1.0, 9.0))
def test_a_patch_and_its_reverse_give_the_case_back(names, equiv):
    name, text = names[0], f"{equiv:.6g} equiv"
    before = case()
    old = next(c["amount"] for c in before.raw["charge"] if c["name"] == name)
    there = patch_case(before, [Patch(f"charge[{name}].amount", old, text)], TOOLS)
    assert patch_case(there, [Patch(f"charge[{name}].amount", text, old)], TOOLS) == before


@pytest.mark.parametrize(
    "path",
    [
        "charge[water].amount", "charge[-water]", "charge[acetonitrile]", "charge[acetonitrile", "condition.time", "conditions",
        "charge", "workups.quench", "", "charge[+].amount",
    ],
)  # fmt: skip
def test_a_path_that_leads_nowhere_is_refused(path):
    with pytest.raises(BadInput) as caught:
        patch_case(case(), [Patch(path, None, "1 h")], TOOLS)
    assert {c.code for c in caught.value.complaints} <= {"bad-patch", "bad-table"}
    assert caught.value.complaints[0].file == "case.toml"


def test_a_patched_case_is_checked_again():
    for patch in (
        Patch("charge[benzyl bromide].amount", None, "1.1"),
        Patch("conditions.time", None, "1 h"),
        Patch("charge[homopiperazine].colour", None, "white"),
        Patch("charge[+]", None, {"name": "acetonitrile", "role": "solvent", "amount": "1 mL"}),
    ):
        with pytest.raises(BadInput):
            patch_case(case(), [patch], TOOLS)


def places(value, path=()):
    yield path
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in pairs:
        yield from places(inner, (*path, key))


PLACES = [p for p in places(table()) if p]
JUNK = st.sampled_from(
    [5, -1, 0, 2.5, True, "", "x", "unknown", "5", "5 mL", "-5 mL", "0 mL", "1e400 g", "0 equiv", "300 %", "1000 d", "C.C",
     [], [5], ["a"], [[1]], {}, {"a": 1}, [{}], [{"name": "z"}], "nan degC", "1 mol/L in x", "solvent", "\x00"]
)  # fmt: skip


@given(st.sampled_from(PLACES), JUNK)
def test_whatever_stands_anywhere_in_a_case_is_read_or_refused_in_words(path, junk):
    try:
        found = case(changed(*path, to=copy.deepcopy(junk)))
    except BadInput as error:
        assert all(c.file == "case.toml" and c.text for c in error.complaints)
    else:
        assert found.recipe.charges
