"""What the verdict leads with."""

from pathlib import Path

import pytest

from ringside.answers.diagnose import diagnose
from ringside.answers.tools import case_tools
from ringside.case.read import case_from_raw
from ringside.knowledge.load import load

BOROHYDRIDE = {
    "title": "Boc-homopiperazine, 4-chlorobenzaldehyde and borohydride from the start",
    "target": "CC(C)(C)OC(=O)N1CCCN(Cc2ccc(Cl)cc2)CC1",
    "scale": "5 mmol",
    "charge": [
        {"name": "N-Boc-homopiperazine", "role": "substrate", "amount": "1.0 equiv"},
        {"name": "4-chlorobenzaldehyde", "smiles": "O=Cc1ccc(Cl)cc1", "role": "substrate", "amount": "1.1 equiv"},
        {"name": "sodium borohydride", "role": "reagent", "amount": "1.5 equiv"},
        {"name": "methanol", "role": "solvent", "amount": "20 mL"},
    ],
    "conditions": {"temperature": "20 degC", "time": "3 h"},
    "observed": {
        "isolated_yield": "15 %",
        "peak": [
            {"rt": "1.0 min", "mz": [201.2], "area": "45 %"},
            {"rt": "2.0 min", "mz": [325.2], "area": "20 %"},
            {"rt": "1.6 min", "mz": [125.0], "area": "35 %"},
        ],
    },
}


@pytest.fixture(scope="module")
def report():
    known = load(None)
    return diagnose(case_from_raw(BOROHYDRIDE, case_tools(known), file="case.toml", folder=Path()), known)


def test_a_peak_that_may_also_be_the_amine_borane_is_no_tie_between_isomers(report):
    target = next(s for s in report.species if s.role == "product")
    tied = next(a for a in report.assignments if target.id in a.undecidable_between)
    formulas = {s.formula for s in report.species if s.id in tied.undecidable_between}
    assert len(formulas) == len(tied.undecidable_between)
    assert "isomer" not in report.verdict


def test_borohydride_from_the_start_reduces_the_aldehyde_and_another_hydride_is_advised(report):
    assert report.causes[0].id == "borohydride-takes-aldehyde"
    assert "triacetoxyborohydride" in report.verdict
