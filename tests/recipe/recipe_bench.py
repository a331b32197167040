"""The shipped catalogue and a small recipe to change."""

from functools import cache
from pathlib import Path
from typing import Any

from ringside.chem.features import FeatureTable, read_features
from ringside.recipe.catalogue import Catalogue, read_catalogue
from ringside.recipe.nouns import Flask, Recipe
from ringside.recipe.parse import read_recipe
from ringside.recipe.resolve import Priors, resolve
from ringside.record.tables import read_csv
from ringside.units import Span

DATA = Path(__file__).parents[2] / "src" / "ringside" / "knowledge" / "data"
UNKNOWNS = {"temperature": Span(288.15, 383.15), "time": Span(1800.0, 172800.0)}
PRIORS = Priors(Span(0.8, 3.0), Span(0.02, 1.0))


@cache
def catalogue() -> Catalogue:
    return read_catalogue(read_csv(DATA / "reagents.csv"))


@cache
def features() -> FeatureTable:
    return read_features(read_csv(DATA / "features.csv"))


def charge(name: str, role: str, amount: Any, **more: Any) -> dict[str, Any]:
    return {"name": name, "role": role, "amount": amount, **more}


def diamine(**more: Any) -> dict[str, Any]:
    return {**charge("homopiperazine", "substrate", "1.0 equiv"), **more}


def bromide(**more: Any) -> dict[str, Any]:
    return {**charge("benzyl bromide", "substrate", "1.1 equiv"), **more}


def solvent(**more: Any) -> dict[str, Any]:
    return {**charge("acetonitrile", "solvent", "50 mL"), **more}


def raw(*charges: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "scale": "10 mmol",
        "charge": list(charges) or [diamine(), bromide(), solvent()],
        "conditions": {"temperature": "25 degC", "time": "16 h"},
        **more,
    }


def recipe(*charges: dict[str, Any], **more: Any) -> Recipe:
    return read_recipe(raw(*charges, **more), UNKNOWNS, file="case.toml")


def flask(*charges: dict[str, Any], quantiles: dict[str, float] | None = None, **more: Any) -> Flask:
    return resolve(recipe(*charges, **more), catalogue(), quantiles, priors=PRIORS, file="case.toml")


def moles(f: Flask, smiles: str | None, name: str | None = None) -> float:
    return sum(d.mol for d in f.doses if d.smiles == smiles and (name is None or d.name == name))
