"""Stereoisomers and rotamers in a report."""

import pytest

from ringside.answers.predict import predict
from ringside.answers.tools import case_tools
from ringside.case.read import case_from_raw
from ringside.knowledge.load import load
from ringside.render.html import to_html


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    known = load()
    raw = {
        "title": "crotonate and propylenediamine",
        "scale": "10 mmol",
        "charge": [
            {"name": "2,3-diaminobutane", "smiles": "CC(N)C(C)N", "role": "substrate", "amount": "1 equiv"},
            {"name": "benzyl bromide", "role": "substrate", "amount": "1 equiv"},
            {"name": "triethylamine", "role": "base", "amount": "2 equiv"},
            {"name": "acetonitrile", "role": "solvent", "amount": "50 mL"},
        ],
        "conditions": {"temperature": "25 degC", "time": "16 h"},
    }
    return predict(case_from_raw(raw, case_tools(known), file="x.toml", folder=tmp_path_factory.mktemp("x")), known)


def test_a_product_with_two_open_centres_stands_for_its_diastereomers(report):
    mono = next(s for s in report.species if s.smiles == "CC(N)C(C)NCc1ccccc1")
    assert len(mono.isomers) == 2
    assert not any(i.interconverts for i in mono.isomers)
    assert "2 stereoisomers summed" in to_html(report)


def test_what_has_no_stereocentre_has_no_isomers(report):
    assert next(s for s in report.species if s.smiles == "CC[N+](CC)(CC)Cc1ccccc1").isomers == ()
