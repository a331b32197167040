import csv

import pytest
from chem_tables import FOLDER, rows

TABLES = (
    "features.csv",
    "chromophores.csv",
    "adducts.csv",
    "acidity_sites.csv",
    "acidity_exact.csv",
    "acidity_interactions.csv",
    "common_names.csv",
)


def known() -> set[str]:
    found = {"judgement", "seed"}
    for path in sorted((FOLDER / "sources").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            found |= {row["key"] for row in csv.DictReader(file)}
    return found


@pytest.mark.parametrize("table", TABLES)
def test_every_row_names_a_source_that_is_listed(table):
    assert {row["source"] for row in rows(table)} <= known()


@pytest.mark.parametrize("table", ["acidity_sites.csv", "chromophores.csv"])
def test_ids_are_not_used_twice(table):
    ids = [row["id"] for row in rows(table)]
    assert len(ids) == len(set(ids))


def test_every_number_of_a_site_has_an_interval():
    for row in rows("acidity_sites.csv"):
        if row["kind"] in {"base", "shift"}:
            assert float(row["sd"]) > 0
