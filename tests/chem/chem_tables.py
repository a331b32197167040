"""The shipped tables of the chemistry layer, read once."""

import csv
from functools import cache
from pathlib import Path

import ringside
from ringside.chem.acidity import AcidityTable, read_acidity
from ringside.chem.features import FeatureTable, read_features
from ringside.chem.ions import Adduct, read_adducts
from ringside.chem.labels import CommonName, read_names
from ringside.chem.optical import ChromophoreTable, read_chromophores

FOLDER = Path(ringside.__file__).parent / "knowledge" / "data"


def rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def acidity() -> AcidityTable:
    return read_acidity(rows("acidity_sites.csv"), rows("acidity_exact.csv"), rows("acidity_interactions.csv"))


@cache
def features() -> FeatureTable:
    return read_features(rows("features.csv"))


@cache
def adducts() -> tuple[Adduct, ...]:
    return read_adducts(rows("adducts.csv"))


@cache
def chromophores() -> ChromophoreTable:
    return read_chromophores(rows("chromophores.csv"))


@cache
def names() -> tuple[CommonName, ...]:
    return read_names(rows("common_names.csv"))
