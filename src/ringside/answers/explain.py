"""One card of the knowledge base, told in full."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from rapidfuzz import process

from ringside.diagnosis.nexttest import TestCard
from ringside.diagnosis.nouns import Cause
from ringside.errors import bad_input
from ringside.knowledge.base import Knowledge
from ringside.knowledge.load import load
from ringside.network.apply import apply
from ringside.network.mapping import MappedReaction, mapped
from ringside.network.nouns import Condition, Example, Gate, Rule
from ringside.remedy.nouns import RemedyCard

Card = Rule | Cause | RemedyCard | TestCard
NEAR = 3


@dataclass(frozen=True, slots=True)
class Shown:
    """An example of a rule; ``mapped`` is None for a look-alike that must not react."""

    reactants: tuple[str, ...]
    product: str
    source: str
    mapped: MappedReaction | None


@dataclass(frozen=True, slots=True)
class Explained:
    """A card: what it claims, when it is wrong, the facts it carries, its examples, and its sources in full."""

    id: str
    kind: str
    title: str
    status: str
    claims: str
    wrong_when: str
    facts: tuple[tuple[str, str], ...]
    examples: tuple[Shown, ...]
    counter_examples: tuple[Shown, ...]
    sources: tuple[tuple[str, str], ...]


def explain(name: str, knowledge: Path | None = None) -> Explained:
    """Return a card by its id.

    Args:
        name: Id of a rule, cause, remedy or test; where a rule and another card share an id, the rule, unless the
            kind is named, as in "cause/bridged-aminal".
        knowledge: A folder of own knowledge, or None.

    Raises:
        BadInput: If there is no such card.
    """
    known = load(knowledge)
    cards = _cards(known)
    if name not in cards:
        near = [found[0] for found in process.extract(name, sorted(cards), limit=NEAR)]
        raise bad_input(
            "no-such-card",
            "there is no card of this id",
            field="ID",
            value=name,
            limit=f"nearest: {', '.join(near)}",
            next_step="ids are the file names in knowledge/rules, causes, remedies and tests",
        )
    kind, card = cards[name]
    rule = card if isinstance(card, Rule) else None
    return Explained(
        id=card.id,
        kind=kind,
        title=card.title,
        status=card.status,
        claims=card.claims,
        wrong_when=card.wrong_when,
        facts=tuple(_facts(card, known)),
        examples=tuple(_shown(rule, e) for e in rule.examples) if rule else (),
        counter_examples=tuple(Shown(e.reactants, e.product, e.source, None) for e in rule.counter_examples)
        if rule
        else (),
        sources=tuple(_sources(card, known)),
    )


def _cards(known: Knowledge) -> dict[str, tuple[str, Card]]:
    kinds: tuple[tuple[str, tuple[Card, ...]], ...] = (
        ("test", known.tests),
        ("remedy", known.remedies),
        ("cause", known.causes),
        ("rule", known.rules),
    )
    named = {f"{kind}/{card.id}": (kind, card) for kind, cards in kinds for card in cards}
    return named | {card.id: (kind, card) for kind, cards in kinds for card in cards}


def _facts(card: Card, known: Knowledge) -> list[tuple[str, str]]:
    if isinstance(card, Rule):
        return _rule_facts(card, known)
    if isinstance(card, Cause):
        facts = [("kind", card.kind), ("prior odds against the recipe as written", f"{card.prior:g}")]
        return facts + ([("what would mend it", ", ".join(card.remedies))] if card.remedies else [])
    if isinstance(card, RemedyCard):
        return [("how", card.text)] + ([("what textbooks say", card.says)] if card.says else [])
    return [("how", card.how)]


def _rule_facts(rule: Rule, known: Knowledge) -> list[tuple[str, str]]:
    facts = [("pattern", rule.smarts)]
    for word, name in (("rate", rule.rate), ("rate back", rule.reverse_rate)):
        family = known.rates.families.get(name) if name else None
        if family is not None:
            order = "s^-1" if family.unit == "s^-1" else "M^-1 s^-1"
            text = (
                f"{family.id}: log10 k(25 degC) = {family.log10_k:g} +- {family.sd:g} {order} for {family.reference}; "
                f"Ea {family.ea:g} +- {family.ea_sd:g} kJ/mol; {family.source}"
            )
            relative = "" if family.absolute else "; only ratios mean something (catalyst)"
            facts.append((word, text + relative))
    if rule.rings is not None:
        facts.append(("rings it may close", f"{rule.rings[0]} to {rule.rings[1]} members"))
    if rule.gate != Gate():
        facts.append(("runs only if", _gate(rule.gate)))
    return facts + [("moved by", _condition(c)) for c in rule.conditions]


def _gate(gate: Gate) -> str:
    parts = [
        " and ".join(gate.all_of),
        " or ".join(gate.any_of),
        f"not {' or '.join(gate.none_of)}" if gate.none_of else "",
    ]
    text = "; ".join(part for part in parts if part)
    return f"{text} ({gate.because})" if gate.because else text


def _condition(c: Condition) -> str:
    when = _gate(Gate(c.when.any_of, c.when.none_of, c.when.all_of)) or "always"
    return f"{c.log10:+g} +- {c.sd:g} decades if {when}: {c.because} ({c.source})"


def _shown(rule: Rule, example: Example) -> Shown:
    """Return an example with its atoms numbered."""
    orders = (example.reactants, tuple(reversed(example.reactants)))
    for reactants in orders:
        for reaction in apply(rule, reactants):
            if reaction.reverse_of is None and example.product in reaction.products:
                return Shown(reactants, example.product, example.source, mapped(reaction, {rule.id: rule}))
    return Shown(example.reactants, example.product, example.source, None)


def _sources(card: Card, known: Knowledge) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for text in card.sources:
        key, _, where = text.partition(":")
        source = known.sources.get(key.strip())
        if source is None:
            found.append((text, ""))
            continue
        read = f" ({source.read_as})" if source.read_as else ""
        found.append((f"{source.citation or source.key} {source.url}".strip() + read, where.strip()))
    return found
