"""From the data files to the typed knowledge base."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any, TypeVar

from ringside.chem.acidity import read_acidity
from ringside.chem.features import read_features
from ringside.chem.fragment_rules import read_fragment_rules
from ringside.chem.ions import read_adducts
from ringside.chem.labels import read_names
from ringside.chem.molecule import canonical
from ringside.chem.optical import read_chromophores
from ringside.diagnosis.cards import read_cause
from ringside.diagnosis.constants import read_constants, read_priors
from ringside.diagnosis.nexttest import read_test
from ringside.diagnosis.signs import read_signs
from ringside.errors import BadInput, BadKnowledge, Complaint
from ringside.evidence.expected import EvidenceTables, read_background
from ringside.evidence.setting import read_machine
from ringside.evidence.table import read_column_words
from ringside.kinetics.gases import read_gases
from ringside.kinetics.posterior import read_posterior
from ringside.kinetics.protons import read_protons
from ringside.kinetics.rates import read_rate_tables
from ringside.knowledge.base import Bystander, Knowledge, MassDifference, Source
from ringside.network.rule import read_rule
from ringside.outcome.tables import read_outcome
from ringside.recipe.catalogue import read_catalogue
from ringside.recipe.resolve import Priors
from ringside.record.tables import read_csv
from ringside.record.toml import read_toml
from ringside.remedy.cards import read_remedy
from ringside.remedy.moves import Lever, read_levers
from ringside.units import Span, parse_span

T = TypeVar("T")
Rows = tuple[dict[str, str], ...]
SHIPPED = Path(str(resources.files("ringside.knowledge")))
KEY_COLUMNS = {"reagents": "name", "sources": "key"}


@lru_cache(maxsize=4)
def load(folder: Path | None = None, *, cards: bool = True) -> Knowledge:
    """Return the shipped knowledge base, with a user's own folder of the same layout laid over it.

    A card with the same id replaces the shipped one; a table with the same name adds its rows in front, so that they win.

    Args:
        folder: The user's folder, or None.
        cards: Whether rules, causes, remedies and tests are wanted; without them it is three times as quick. The hash is the same.

    Raises:
        BadKnowledge: With every complaint about cards and tables that cannot be read.
    """
    layers = [SHIPPED] if folder is None else [SHIPPED, folder]
    if folder is not None and not folder.is_dir():
        raise BadKnowledge(
            Complaint("no-folder", "there is no such folder of knowledge", file=str(folder), field="--knowledge")
        )
    try:
        return _build(layers, cards=cards)
    except BadInput as error:
        raise BadKnowledge(*error.complaints) from error
    except (KeyError, ValueError) as error:
        raise BadKnowledge(
            Complaint("bad-table", f"a table cannot be read: {error!r}", file=str(layers[-1]))
        ) from error


def _build(layers: Sequence[Path], *, cards: bool) -> Knowledge:
    digest = hashlib.sha256()
    for layer in layers:
        for path in sorted(p for p in layer.rglob("*") if p.suffix in {".csv", ".toml"}):
            digest.update(str(path.relative_to(layer)).encode())
            digest.update(path.read_bytes())
    wrong: list[Complaint] = []
    held = layers if cards else ()
    rules = _cards(held, "rules", read_rule, wrong)
    causes = _cards(held, "causes", read_cause, wrong)
    remedies = _cards(held, "remedies", read_remedy, wrong)
    tests = _cards(held, "tests", read_test, wrong)
    if wrong:
        raise BadKnowledge(*wrong)

    def rows(name: str) -> Rows:
        return _rows(layers, name)

    features = read_features(rows("features"))
    unknowns = _unknowns(rows("unknowns"))
    catalogue_rows = tuple(reversed(rows("reagents")))
    rates = {p.stem: rows(f"rates/{p.stem}") for p in sorted((layers[0] / "data" / "rates").glob("*.csv"))}
    acidity = read_acidity(rows("acidity_sites"), rows("acidity_exact"), rows("acidity_interactions"))
    return Knowledge(
        hash=digest.hexdigest(),
        rules=rules,
        causes=causes,
        remedies=remedies,
        tests=tests,
        sources=_sources(layers),
        catalogue=read_catalogue(catalogue_rows),
        priors=Priors(unknowns["equiv"], unknowns["concentration"]),
        unknowns=unknowns,
        features=features,
        acidity=acidity,
        protons=read_protons(rows("solvents"), rows("protons"), rows("dissolution")),
        gases=read_gases(rows("gases")),
        rates=read_rate_tables(rates),
        outcome=read_outcome(rows("quench"), rows("sample"), rows("workup")),
        evidence=EvidenceTables(
            adducts=read_adducts(rows("adducts")),
            features=features,
            chromophores=read_chromophores(rows("chromophores")),
            background=read_background(rows("background_ions")),
            decided_by={r["kind"]: r["text"] for r in reversed(rows("decided_by"))},
            constants={r["key"]: float(r["value"]) for r in reversed(rows("assignment"))},
            acidity=acidity,
            fragmentation=read_fragment_rules(
                rows("fragmentation"),
                rows("fragment_ions"),
                {r["key"]: float(r["value"]) for r in reversed(rows("fragment_scoring"))},
            ),
        ),
        columns=read_column_words(tuple(reversed(rows("lcms_columns")))),
        constants=read_constants(tuple(reversed(rows("likelihood")))),
        shifts=read_priors(rows("priors")),
        signs=read_signs(rows("notes")),
        names=read_names(rows("common_names")),
        bystanders=tuple(_bystanders(rows("bystanders"))),
        measures={r["kind"]: (r["what"], r["how"]) for r in reversed(rows("measure"))},
        learned=read_posterior(_own(layers, "fitted")),
        fitting={r["key"]: float(r["value"]) for r in reversed(rows("fit"))},
        machine=read_machine(
            {r["key"]: float(r["value"]) for r in reversed(rows("synthetic"))},
            read_background(rows("background_ions")),
            ionisation=rows("synthetic_ionisation"),
            background=rows("synthetic_background"),
            unknowns=rows("synthetic_unknowns"),
        ),
        quantity={r["key"]: float(r["value"]) for r in reversed(rows("quantity"))},
        plate={r["key"]: float(r["value"]) for r in reversed(rows("plate"))},
        differences=tuple(
            MassDifference(r["change"], r["gained"], r["lost"], float(r["mass_da"]), r["meaning"])
            for r in rows("mass_differences")
        ),
        levers=_levers(rows("levers")),
        planning={r["key"]: float(r["value"]) for r in reversed(rows("plan"))},
    )


def _rows(layers: Sequence[Path], name: str) -> Rows:
    """Return the rows of a table, those of later layers first."""
    found: list[dict[str, str]] = []
    for layer in reversed(layers):
        path = layer / "data" / f"{name}.csv"
        if path.exists():
            found += read_csv(path)
    if not found:
        raise BadKnowledge(Complaint("missing-table", "a table is missing", file=f"data/{name}.csv"))
    return tuple(found)


def _own(layers: Sequence[Path], name: str) -> Rows:
    """Return the rows of a table that only a user's folder has; none where there is no such table."""
    path = layers[-1] / "data" / f"{name}.csv"
    return read_csv(path) if path.exists() else ()


def _cards(layers: Sequence[Path], kind: str, read: Callable[..., T], wrong: list[Complaint]) -> tuple[T, ...]:
    """Return the cards of a kind by id; a later layer replaces."""
    found: dict[str, T] = {}
    for layer in layers:
        for path in sorted((layer / kind).glob("*.toml")):
            try:
                card: Mapping[str, Any] = read_toml(path)
                found[str(card.get("id", path.stem))] = read(card, file=f"{kind}/{path.name}")
            except (BadInput, BadKnowledge) as error:
                wrong.extend(error.complaints)
    return tuple(found[key] for key in sorted(found))


def _unknowns(rows: Rows) -> dict[str, Span]:
    names = ("equiv", "concentration", "temperature", "time")
    dimension = {name: name for name in names} | {
        "purity": "fraction",
        "water": "fraction",
        "start": "time",
        "add_over": "time",
    }
    found: dict[str, Span] = {}
    for r in rows:
        span = parse_span(
            f"{r['low']}..{r['high']} {r['unit']}", dimension[r["field"]], file="unknowns.csv", field=r["field"]
        )
        if span is not None:
            found.setdefault(r["field"], span)
    return found


def _levers(rows: Rows) -> tuple[Lever, ...]:
    """Return the levers by id; a later layer replaces."""
    found = {lever.id: lever for lever in reversed(read_levers(rows))}
    return tuple(found[i] for i in sorted(found))


def _bystanders(rows: Rows) -> Iterator[Bystander]:
    known: set[str] = set()
    for r in rows:
        smiles = canonical(r["smiles"])
        if smiles not in known:
            known.add(smiles)
            yield Bystander(smiles, r["name"], r["where"], float(r["cost"]))


def _sources(layers: Sequence[Path]) -> dict[str, Source]:
    found: dict[str, Source] = {}
    for layer in layers:
        for path in sorted((layer / "data" / "sources").glob("*.csv")):
            for r in read_csv(path):
                found[r["key"]] = Source(
                    r["key"], r["kind"], r["citation"], r["doi_or_url"], r["licence"], r["read_as"]
                )
    return found
