"""How to cite Ringside and its sources, and what rests on each of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from rapidfuzz import process

from ringside import __version__
from ringside.answers.explain import Card, cards_by_name, located
from ringside.errors import bad_input
from ringside.knowledge.base import Knowledge, Source
from ringside.knowledge.load import SHIPPED, load
from ringside.network.nouns import Rule
from ringside.record.tables import read_csv

LICENCE = "Apache-2.0"
NEAR = 3
PLACES = {"10.": "https://doi.org/", "http://": "", "https://": ""}


@dataclass(frozen=True, slots=True)
class TableUse:
    """How many rows of a table of the knowledge base rest on a source."""

    table: str
    rows: int


@dataclass(frozen=True, slots=True)
class Cited:
    """A source: where it is, how it was read, and what rests on it; ``link`` is empty where there is none to follow.

    ``where`` says where in it the card that was asked for looked.
    """

    key: str
    kind: str
    citation: str
    identifier: str
    link: str
    licence: str
    read_as: str
    where: str
    cards: tuple[str, ...]
    tables: tuple[TableUse, ...]


@dataclass(frozen=True, slots=True)
class Citation:
    """How to cite what was asked for: Ringside with all its sources, one source, or the sources of one card."""

    of: Literal["ringside", "source", "card"]
    id: str
    title: str
    text: str
    version: str
    licence: str
    knowledge: str
    sources: tuple[Cited, ...]


def cite(name: str | None, knowledge: Path | None = None) -> Citation:
    """Return how to cite Ringside, a source, or a card.

    Args:
        name: Key of a source, or id of a rule, cause, remedy or test (or "kind/id"); None for Ringside with all sources.
        knowledge: A folder of own knowledge, or None.

    Raises:
        BadInput: If there is neither a source nor a card of this name.
        BadKnowledge: If the knowledge base cannot be read.
    """
    known = load(knowledge)
    cards, tables = _cards_on(known), _rows_on(knowledge)

    def cited(key: str, where: str = "") -> Cited:
        return _cited(known.sources[key], where, cards.get(key, ()), tables.get(key, ()))

    if name is None:
        text = f"Ringside, version {__version__}, knowledge base {known.hash[:12]}, {LICENCE}"
        return _citation(
            "ringside", "ringside", "Ringside", text, known, tuple(cited(k) for k in sorted(known.sources))
        )
    if name in known.sources:
        found = cited(name)
        text = " ".join(filter(None, (found.citation, found.link or found.identifier)))
        return _citation("source", name, found.citation, text, known, (found,))
    by_name = cards_by_name(known)
    if name not in by_name:
        near = [found[0] for found in process.extract(name, sorted({*known.sources, *by_name}), limit=NEAR)]
        raise bad_input(
            "nothing-to-cite",
            "there is neither a source nor a card of this name",
            field="KEY",
            value=name,
            limit=f"nearest: {', '.join(near)}",
            next_step="ringside cite, without a key, lists every source",
        )
    kind, card = by_name[name]
    text = f"Ringside, version {__version__}, knowledge base {known.hash[:12]}, {kind} {card.id}"
    sources = tuple(cited(key, where) for key, where in located(card) if key in known.sources)
    return _citation("card", f"{kind}/{card.id}", card.title, text, known, sources)


def _citation(
    of: Literal["ringside", "source", "card"],
    name: str,
    title: str,
    text: str,
    known: Knowledge,
    sources: tuple[Cited, ...],
) -> Citation:
    return Citation(of, name, title, text, __version__, LICENCE, known.hash, sources)


def _cited(source: Source, where: str, cards: tuple[str, ...], tables: tuple[TableUse, ...]) -> Cited:
    link = next((before + source.url for start, before in PLACES.items() if source.url.startswith(start)), "")
    return Cited(
        source.key, source.kind, source.citation, source.url, link, source.licence, source.read_as, where, cards, tables
    )


def _cards_on(known: Knowledge) -> dict[str, tuple[str, ...]]:
    """Return the cards that rest on each source, as "kind/id"."""
    found: dict[str, set[str]] = {}
    for kind, card in cards_by_name(known).values():
        for key in _keys(card):
            found.setdefault(key, set()).add(f"{kind}/{card.id}")
    return {key: tuple(sorted(names)) for key, names in found.items()}


def _keys(card: Card) -> set[str]:
    """Return the sources of a card, those of a rule's conditions and examples included."""
    keys = {key for key, _ in located(card)}
    if isinstance(card, Rule):
        texts = [x.source for x in (*card.conditions, *card.examples, *card.counter_examples)]
        keys |= {text.partition(":")[0].strip() for text in texts}
    return keys


def _rows_on(folder: Path | None) -> dict[str, tuple[TableUse, ...]]:
    """Return how many rows of each table rest on each source."""
    counted: dict[str, Counter[str]] = {}
    for layer in (SHIPPED, *((folder,) if folder is not None else ())):
        for path in sorted((layer / "data").rglob("*.csv")):
            if path.parent.name == "sources":
                continue
            table = path.relative_to(layer / "data").with_suffix("").as_posix()
            for row in read_csv(path):
                key = row.get("source", "").partition(":")[0].strip()
                counted.setdefault(key, Counter())[table] += 1
    return {key: tuple(TableUse(t, n) for t, n in sorted(rows.items())) for key, rows in counted.items()}
