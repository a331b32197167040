"""Chains and rings in a report."""

import pytest

from ringside.answers.predict import predict
from ringside.answers.tools import case_tools
from ringside.case.read import case_from_raw
from ringside.chem.mass import exact_mass
from ringside.knowledge.load import load
from ringside.render.html import to_html


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    known = load()
    raw = {
        "title": "two by two",
        "scale": "10 mmol",
        "target": "CN1CCCN(C)CC1",
        "charge": [
            {"name": "N,N'-dimethylethylenediamine", "smiles": "CNCCNC", "role": "substrate", "amount": "1 equiv"},
            {"name": "1,3-dibromopropane", "smiles": "BrCCCBr", "role": "substrate", "amount": "1 equiv"},
            {"name": "potassium carbonate", "role": "base", "amount": "3 equiv"},
            {"name": "acetonitrile", "role": "solvent", "amount": "20 mL"},
        ],
        "conditions": {"temperature": "60 degC", "time": "24 h"},
    }
    return predict(case_from_raw(raw, case_tools(known), file="x.toml", folder=tmp_path_factory.mktemp("x")), known)


def test_rings_and_chains_are_told_by_their_ends_with_formula_and_mass(report):
    (family,) = report.families
    assert family.repeat == "C7H16N2"
    by_ends = {s.ends: s for s in family.series}
    rings, capped = by_ends[""], by_ends["C4H12N2"]
    assert [m.formula for m in rings.members[:3]] == ["C7H16N2", "C14H32N4", "C21H48N6"]
    assert rings.members[1].mass == pytest.approx(exact_mass("CN1CCCN(C)CCN(C)CCCN(C)CC1"), abs=1e-6)
    assert rings.members[1].mz == pytest.approx(257.270, abs=1e-3)
    assert capped.members[0].formula == "C11H28N4"
    assert "N,N'-dimethylethylenediamine" in capped.label


def test_what_was_lumped_is_shared_out_and_nothing_more(report):
    (family,) = report.families
    lumped = [m for s in family.series for m in s.members if not m.followed]
    assert lumped
    assert 0 < sum(m.units * m.amount for m in lumped) <= family.amount.median * 1.001
    for s in family.series:
        longer = [m.amount for m in s.members if not m.followed]
        assert longer == sorted(longer, reverse=True)


def test_the_fourteen_and_twenty_one_membered_rings_are_in_the_flask(report):
    labels = {s.label for s in report.species}
    assert {"14-membered cyclic dimer", "21-membered cyclic trimer"} <= labels


def test_the_page_has_the_table_of_lengths(report):
    assert "Chains and rings by length" in to_html(report)
