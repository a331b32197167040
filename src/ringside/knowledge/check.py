"""Is the knowledge base sound? The ladder: shape, chemistry, references."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ringside.errors import Complaint
from ringside.kinetics.rates import RateTables
from ringside.knowledge.base import Knowledge
from ringside.knowledge.ladder import balance, dimensions, gates, numbers, plausible
from ringside.knowledge.load import SHIPPED
from ringside.network.apply import apply
from ringside.network.nouns import Example, Rule
from ringside.record.tables import read_csv

KINDS = ("paper", "book", "dataset", "seed", "judgement", "standard")
LICENCES = (
    "facts only", "facts only (set is CC BY-NC)", "public domain", "CC0", "CC BY", "CC BY 4.0", "Apache-2.0", "MIT", "BSD-3"
)  # fmt: skip
READ_AS = ("full text", "abstract", "secondary", "not opened", "")


def check(knowledge: Knowledge) -> tuple[Complaint, ...]:
    """Return every complaint about a loaded knowledge base.

    The ladder after parsing: examples of each rule give their product, counter-examples do not, every reaction balances;
    units fit the molecules that meet; rates are plausible from cold to hot; gates name features that can be; rows can
    act; sources exist, say how they were read and may be shipped; reviewed cards have a recorded example.
    """
    bounds = {r["key"]: float(r["value"]) for r in read_csv(SHIPPED / "data" / "bounds.csv")}
    return (
        *(c for rule in knowledge.rules for c in _rule(rule, knowledge.rates)),
        *(c for rule in knowledge.rules for c in balance(rule)),
        *(c for rule in knowledge.rules for c in dimensions(rule, knowledge.rates)),
        *(c for rule in knowledge.rules for c in plausible(rule, knowledge.rates, bounds)),
        *(c for rule in knowledge.rules for c in gates(rule, knowledge)),
        *(c for rule in knowledge.rules for c in _reviewed(rule, knowledge)),
        *numbers(knowledge.rates, bounds),
        *_sources(knowledge),
        *_cited(knowledge),
        *_links(knowledge),
    )


def _rule(rule: Rule, rates: RateTables) -> Iterator[Complaint]:
    file = f"rules/{rule.id}.toml"
    for field in ("rate", "reverse_rate"):
        family = getattr(rule, field)
        if family is not None and family not in rates.families:
            yield Complaint(
                "unknown-family",
                "no such rate family",
                file=file,
                field=field,
                value=family,
                limit=", ".join(sorted(rates.families)),
            )
    for number, example in enumerate(rule.examples, start=1):
        if example.product not in products_of(rule, example):
            yield Complaint(
                "example-fails",
                "the example does not give its product",
                file=file,
                field=f"example[{number}]",
                value=example.product,
                limit=", ".join(sorted(products_of(rule, example))) or "nothing reacts",
            )
    for number, example in enumerate(rule.counter_examples, start=1):
        if example.product in products_of(rule, example):
            yield Complaint(
                "counter-example-reacts",
                "the look-alike gives the product it must not give",
                file=file,
                field=f"counter_example[{number}]",
                value=example.product,
            )


def products_of(rule: Rule, example: Example) -> frozenset[str]:
    """Return every product of a rule on the reactants of an example, in both orders."""
    orders = {example.reactants, tuple(reversed(example.reactants))}
    return frozenset(p for order in orders for r in apply(rule, order) if r.reverse_of is None for p in r.products)


def _reviewed(rule: Rule, knowledge: Knowledge) -> Iterator[Complaint]:
    """Yield a complaint for a reviewed rule without an example from a source that was read."""
    keys = [e.source.split(":", 1)[0].strip() for e in rule.examples]
    read = [k for k in keys if k in knowledge.sources and knowledge.sources[k].read_as not in {"", "not opened"}]
    if rule.status == "reviewed" and not read:
        yield Complaint(
            "not-reviewed",
            "a reviewed card needs a recorded example from a source that was read",
            file=f"rules/{rule.id}.toml",
            field="example",
            value=", ".join(keys),
            next_step='record one, or say status = "draft"',
        )


def _sources(knowledge: Knowledge) -> Iterator[Complaint]:
    for key, s in knowledge.sources.items():
        if s.kind not in KINDS:
            yield Complaint(
                "bad-source",
                "unknown kind of source",
                file="data/sources",
                field=key,
                value=s.kind,
                limit=", ".join(KINDS),
            )
        if s.read_as not in READ_AS:
            yield Complaint(
                "bad-source",
                "it does not say how it was read",
                file="data/sources",
                field=key,
                value=s.read_as,
                limit=", ".join(READ_AS),
            )
        if s.licence and s.licence not in LICENCES:
            yield Complaint(
                "bad-licence",
                "data of this licence cannot be shipped",
                file="data/sources",
                field=key,
                value=s.licence,
                limit=", ".join(LICENCES),
                next_step="cite single facts instead, or keep the set in a folder of its own",
            )
        if s.kind not in {"judgement", "seed"} and not s.citation:
            yield Complaint("bad-source", "a source without a citation", file="data/sources", field=key)


def _cited(knowledge: Knowledge) -> Iterator[Complaint]:
    """Yield a complaint for each key that is cited and is no source."""
    cards = [(f"rules/{r.id}.toml", (*r.sources, *(e.source for e in r.examples))) for r in knowledge.rules]
    cards += [(f"causes/{c.id}.toml", c.sources) for c in knowledge.causes]
    cards += [(f"remedies/{c.id}.toml", c.sources) for c in knowledge.remedies]
    cards += [(f"tests/{c.id}.toml", c.sources) for c in knowledge.tests]
    for file, keys in cards:
        for key in (k.split(":", 1)[0].strip() for k in keys):
            if key not in knowledge.sources:
                yield Complaint("unknown-source", "cited, but not in the list of sources", file=file, value=key)
    for path in sorted((SHIPPED / "data").rglob("*.csv")):
        if path.parent.name == "sources":
            continue
        yield from _table(path, knowledge)


def _table(path: Path, knowledge: Knowledge) -> Iterator[Complaint]:
    name = str(path.relative_to(SHIPPED))
    for number, row in enumerate(read_csv(path), start=2):
        if "source" not in row:
            yield Complaint("no-source-column", "a table without a source column", file=name)
            return
        if row["source"].split(":", 1)[0].strip() not in knowledge.sources:
            yield Complaint(
                "unknown-source",
                "cited, but not in the list of sources",
                file=name,
                field=f"row {number}",
                value=row["source"],
            )


def _links(knowledge: Knowledge) -> Iterator[Complaint]:
    remedies = {r.id for r in knowledge.remedies}
    tests = {t.id for t in knowledge.tests}
    causes = {c.id for c in knowledge.causes}
    signs = {s.id for s in knowledge.signs}
    rules = {r.id for r in knowledge.rules}
    for cause in knowledge.causes:
        for missing in sorted(set(cause.remedies) - remedies):
            yield Complaint(
                "dead-link", "no such remedy", file=f"causes/{cause.id}.toml", field="remedies", value=missing
            )
        if cause.test and cause.test not in tests:
            yield Complaint("dead-link", "no such test", file=f"causes/{cause.id}.toml", field="test", value=cause.test)
        for missing in sorted(set(cause.looks_like) - causes):
            yield Complaint(
                "dead-link", "no such cause", file=f"causes/{cause.id}.toml", field="looks_like", value=missing
            )
        for missing in sorted(cause.signs.keys() - signs):
            yield Complaint("dead-link", "no such sign", file=f"causes/{cause.id}.toml", field="signs", value=missing)
        file = f"causes/{cause.id}.toml"
        for missing in sorted(set(cause.covers) - causes):
            yield Complaint("dead-link", "no such cause", file=file, field="covers", value=missing)
        for missing in sorted(set(() if cause.channel is None else cause.channel.rules) - rules):
            yield Complaint("dead-link", "no such rule", file=file, field="channel.rules", value=missing)
    for test in knowledge.tests:
        for missing in sorted(test.answers.keys() - causes):
            yield Complaint("dead-link", "no such cause", file=f"tests/{test.id}.toml", field="answers", value=missing)
