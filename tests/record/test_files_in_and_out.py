"""Files in and out: TOML, CSV and JSON."""

import json
import tomllib
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ringside.errors import BadInput
from ringside.record.jsontext import to_json
from ringside.record.tables import read_csv
from ringside.record.toml import check_keys, read_text, read_toml, to_toml, to_toml_value

TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=12)
SCALARS = st.one_of(
    TEXTS, st.booleans(), st.integers(-(2**53), 2**53), st.floats(allow_nan=False, allow_infinity=False)
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(TEXTS, inner, max_size=3)),
    max_leaves=6,
)
CHARGES = st.dictionaries(st.sampled_from(["name", "smiles", "amount", "solution", "odd key", ""]), SCALARS, min_size=1)
OBSERVED = st.fixed_dictionaries(
    {},
    optional={
        "notes": st.lists(TEXTS, max_size=2),
        "instrument": st.dictionaries(TEXTS, SCALARS, max_size=2),
        "peak": st.lists(st.dictionaries(TEXTS, VALUES, max_size=2), max_size=2),
    },
)
ROUNDS = st.fixed_dictionaries({}, optional={"charge": st.lists(CHARGES, max_size=2), "observed": OBSERVED})
CASES = st.fixed_dictionaries(
    {},
    optional={
        "title": TEXTS,
        "charge": st.lists(CHARGES, max_size=3),
        "conditions": st.dictionaries(TEXTS, VALUES, max_size=3),
        "workup": st.fixed_dictionaries({"extract": st.lists(st.dictionaries(TEXTS, SCALARS, max_size=2), max_size=2)}),
        "observed": OBSERVED,
        "round": st.lists(ROUNDS, max_size=2),
    },
)


def complaint_of(work):
    with pytest.raises(BadInput) as caught:
        work()
    (complaint,) = caught.value.complaints
    return complaint


@example({"conditions": {"0\n": []}})
@given(CASES)
def test_a_case_table_written_as_toml_reads_back_the_same(table):
    assert tomllib.loads(to_toml(table)) == table


def test_a_written_case_has_the_sections_a_chemist_expects():
    table = {
        "title": "x",
        "charge": [{"name": "a", "smiles": "C/C=C\\C"}],
        "workup": {"extract": [{"solvent": "toluene", "times": 2}]},
        "observed": {"peak": [{"rt": "1 min", "mz": [1.5]}]},
    }
    assert to_toml(table).splitlines() == [
        'title = "x"',
        "",
        "[[charge]]",
        'name = "a"',
        'smiles = "C/C=C\\\\C"',
        "",
        "[workup]",
        'extract = [{ solvent = "toluene", times = 2 }]',
        "",
        "[observed]",
        "",
        "[[observed.peak]]",
        'rt = "1 min"',
        "mz = [1.5]",
    ]


@given(VALUES)
def test_any_value_written_as_toml_reads_back_the_same(value):
    assert tomllib.loads(f"x = {to_toml_value(value)}") == {"x": value}


def test_a_fault_in_toml_is_named_with_its_line(tmp_path):
    path = tmp_path / "case.toml"
    path.write_text('title = "x"\nscale = 10 mmol\n', encoding="utf-8")
    complaint = complaint_of(lambda: read_toml(path))
    assert complaint.code == "bad-toml"
    assert (complaint.file, complaint.field, complaint.value) == (str(path), "line 2", "scale = 10 mmol")


def test_a_text_left_open_at_the_end_is_named_with_the_last_line(tmp_path):
    path = tmp_path / "case.toml"
    path.write_text('a = 1\nnotes = ["x"', encoding="utf-8")
    assert complaint_of(lambda: read_toml(path)).field == "line 2"


@pytest.mark.parametrize(
    ("name", "content", "code"), [("none.toml", None, "cannot-read"), ("e.toml", b" \n", "empty-file")]
)
def test_a_missing_or_empty_file_is_refused(tmp_path, name, content, code):
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    complaint = complaint_of(lambda: read_toml(path))
    assert complaint.code == code
    assert complaint.file == str(path)
    assert complaint.next_step


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "utf-16"])
def test_a_file_is_read_in_the_encodings_instruments_write(tmp_path, encoding):
    path = tmp_path / "a.txt"
    path.write_bytes("Säule;25 °C".encode(encoding))
    assert read_text(path) == "Säule;25 °C"


def test_windows_line_ends_do_not_matter(tmp_path):
    path = tmp_path / "case.toml"
    path.write_bytes(b'a = "x"\r\nb = "y"\r\n')
    assert read_toml(path) == {"a": "x", "b": "y"}


def test_a_wrong_key_is_refused_with_the_nearest_right_one():
    complaint = complaint_of(lambda: check_keys({"amont": 1}, ("name", "amount"), file="c.toml", field="charge[x]"))
    assert (complaint.code, complaint.field, complaint.value) == ("unknown-key", "charge[x].amont", "amont")
    assert complaint.limit == "name, amount"
    assert "'amount'" in complaint.next_step


def test_all_wrong_keys_are_told_at_once():
    with pytest.raises(BadInput) as caught:
        check_keys({"qqq": 1, "name": 2, "zzz": 3}, ("name",), file="c.toml", field="")
    assert [c.field for c in caught.value.complaints] == ["qqq", "zzz"]


@pytest.mark.parametrize(
    "content",
    [
        b"name,value\n# remark\na,1\n\nb,2\n",
        b"\xef\xbb\xbfname,value\r\na,1\r\nb,2\r\n",
        b"name;value\na;1\nb;2\n",
        b"name\tvalue\na\t1\nb\t2\n",
        b" name , value\n a , 1\nb,2,\n",
    ],
)
def test_a_table_reads_the_same_in_every_dialect(tmp_path, content):
    path = tmp_path / "t.csv"
    path.write_bytes(content)
    assert read_csv(path) == ({"name": "a", "value": "1"}, {"name": "b", "value": "2"})


def test_quotes_keep_a_comma_and_short_rows_are_filled_up(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text('name,value,note\n"1,4-dioxane",2\n', encoding="utf-8")
    assert read_csv(path) == ({"name": "1,4-dioxane", "value": "2", "note": ""},)


@pytest.mark.parametrize(
    ("content", "code", "field"),
    [
        ("a,b\n1,4-dioxane,2\n", "long-row", "row 2"),
        ("a,b,a\n1,2,3\n", "double-column", "header"),
        ("# x\n", "empty-file", ""),
    ],
)
def test_a_table_that_cannot_be_meant_is_refused(tmp_path, content, code, field):
    path = tmp_path / "t.csv"
    path.write_text(content, encoding="utf-8")
    complaint = complaint_of(lambda: read_csv(path))
    assert (complaint.code, complaint.file, complaint.field) == (code, str(path), field)
    assert complaint.next_step


@dataclass(frozen=True)
class Pair:
    """Two values."""

    low: float
    high: tuple[int, ...]


def test_json_keeps_six_digits_the_order_of_keys_and_ends_with_a_newline():
    text = to_json(
        {"b": 1 / 3, "a": Pair(2e-7 / 3, (1, 2)), "n": np.float64(1.5), "i": np.int64(3), "t": True, "z": -0.0}
    )
    assert text.endswith("}\n")
    assert json.loads(text) == {
        "b": 0.333333, "a": {"low": 6.66667e-8, "high": [1, 2]}, "n": 1.5, "i": 3, "t": True, "z": 0.0,
    }  # fmt: skip
    assert list(json.loads(text)) == ["b", "a", "n", "i", "t", "z"]
    assert "-0.0" not in text


@given(st.dictionaries(TEXTS, st.floats(allow_nan=False, allow_infinity=False), max_size=4))
def test_json_written_twice_is_the_same_bytes(value):
    once = to_json(value)
    assert to_json(json.loads(once)) == once


@pytest.mark.parametrize("number", [float("nan"), float("inf"), np.float64("nan")])
def test_json_holds_only_finite_numbers(number):
    with pytest.raises(ValueError, match="finite"):
        to_json({"x": [number]})


@pytest.mark.parametrize("value", [{1, 2}, object(), np.array([1.0]), Pair])
def test_json_refuses_what_it_would_have_to_guess(value):
    with pytest.raises(TypeError, match="cannot hold"):
        to_json({"x": value})
