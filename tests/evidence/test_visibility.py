"""What a chemist would say of eighty molecules: does electrospray see it and as which ion, does UV at 254 nm."""

from dataclasses import replace
from pathlib import Path

import pytest
from evidence_tables import ACCURATE, tables

from ringside.chem.molecule import canonical
from ringside.evidence.expected import expected
from ringside.record.tables import read_csv

ROWS = read_csv(Path(__file__).parents[1] / "chem" / "data" / "visibility.csv")
YES = {True: "yes", False: "no"}


@pytest.mark.parametrize("row", ROWS, ids=lambda r: r["name"])
def test_a_molecule_is_seen_by_what_a_chemist_would_expect(row):
    seen = expected(canonical(row["smiles"]), tables(), ACCURATE)
    assert (YES[seen.esi], YES[seen.uv]) == (row["esi"], row["uv_254"])
    if seen.esi:
        assert seen.ions[0].ion == row["strongest_ion"]


def test_the_molecules_are_of_every_kind():
    kinds = [(r["esi"], r["uv_254"]) for r in ROWS]
    assert len(ROWS) >= 60
    assert min(kinds.count(kind) for kind in {("yes", "yes"), ("yes", "no"), ("no", "yes"), ("no", "no")}) >= 10


@pytest.mark.parametrize(
    ("smiles", "at_214"),
    [
        ("CC(C)(C)OC(=O)N1CCCNCC1", True),
        ("O=C1CNCCCN1", True),
        ("CCOC(C)=O", True),
        ("CN1CCCNCC1", False),
        ("BrCCCBr", False),
    ],
)
def test_carbonyls_are_seen_at_214_and_not_at_254(smiles, at_214):
    assert expected(canonical(smiles), tables(), replace(ACCURATE, uv=214.0)).uv is at_214
    assert not expected(canonical(smiles), tables(), replace(ACCURATE, uv=254.0)).uv
