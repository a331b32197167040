"""One card of the knowledge base, told in full."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from rapidfuzz import process

from ringside.diagnosis.nexttest import TestCard
from ringside.diagnosis.nouns import Cause, Change, Channel
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
    cards = cards_by_name(known)
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


def cards_by_name(known: Knowledge) -> dict[str, tuple[str, Card]]:
    """Return kind and card by "kind/id" and by id; where two share an id, the rule, the cause or the remedy, in this order."""
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
        return _cause_facts(card, known)
    if isinstance(card, RemedyCard):
        return [("how", card.text)] + ([("what textbooks say", card.says)] if card.says else []) + _fits(card)
    told = [("tells", ", ".join(f"{c} ({100 * p:.0f} %)" for c, p in sorted(card.answers.items())))]
    meaning = [("if positive", card.positive), ("if negative", card.negative)]
    return [
        ("how", card.how),
        ("takes", f"about {card.hours:g} h"),
        *meaning,
        *(told if card.answers else []),
        *_fits(card),
    ]


_KINDS = {
    "deviation": "deviation: the recipe was not what happened, and what happened is simulated",
    "artefact": "artefact: the reaction was fine, what was weighed or seen was not",
    "design": "design: it is in the recipe; its weight is the lost yield that comes back when it is switched off",
}


def _cause_facts(card: Cause, known: Knowledge) -> list[tuple[str, str]]:
    facts = [("kind", _KINDS[card.kind])]
    if card.kind != "design":
        facts.append(("prior odds against the recipe as written", f"{card.prior:g}"))
        shifts = [f"{s.odds_times:g} times with {s.when}" for s in known.shifts if s.cause == card.id]
        facts += [("which are", ", ".join(shifts))] if shifts else []
    facts += [("what is simulated", text) for text in (_simulated(card),) if text]
    words = {s.id: s.text for s in known.signs}
    signs = ", ".join(f"{words.get(s, s)} ({100 * p:.0f} %)" for s, p in sorted(card.signs.items()))
    more = (
        ("counts beyond what these bring", ", ".join(card.covers)),
        ("what would be seen", card.seen),
        ("what notes may report", signs),
        ("mistaken for", ", ".join(card.looks_like)),
        ("do instead", ", ".join(card.remedies)),
        ("helps, not simulated", card.advice),
        ("settled by", card.test),
    )
    return facts + [(name, text) for name, text in more if text] + _fits(card)


def _simulated(card: Cause) -> str:
    if card.artefact is not None:
        a = card.artefact
        low, high = a["times"]
        into = f", seen as {a['into']}" if "into" in a else ""
        return f"{a['observable'].replace('_', ' ')}: {a['of']} times {low:g} to {high:g}{into}"
    if card.channel is not None:
        return _channel(card.channel)
    return "; ".join(_change(c) for c in card.changes)


def _channel(channel: Channel) -> str:
    parts = (
        f"switched off: {', '.join(channel.rules)}",
        {"ring": "where the target's ring is closed here", "open": "where the target needs no ring"}.get(
            channel.target, ""
        ),
        f"closing {' or '.join(channel.closes)}" if channel.closes else "",
        f"to what is, beside the target, {' or '.join(channel.makes)}" if channel.makes else "",
    )
    return f"{', '.join(p for p in parts if p)}; what leads to the target stays"


def _change(change: Change) -> str:
    head = f"{change.where} {change.field}".strip()
    if change.times is not None:
        low, high = change.times
        return f"{head} times {low:g}" if low == high else f"{head} times {low:g} to {high:g}"
    if isinstance(change.to, Mapping):
        to = cast("Mapping[str, object]", change.to)
        return f"{head}: {' '.join(str(to[k]) for k in ('name', 'amount') if k in to)}"
    return head if change.to is None else f"{head} {change.to}"


def _fits(card: Cause | RemedyCard | TestCard) -> list[tuple[str, str]]:
    needs = "; ".join(n.replace("|", " or ") for n in card.needs)
    excludes = "; ".join(n.replace("|", " or ") for n in card.excludes)
    return [(name, text) for name, text in (("considered with", needs), ("not with", excludes)) if text]


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
    rings = f" for rings of {c.rings[0]} to {c.rings[1]} members" if c.rings else ""
    return f"{c.log10:+g} +- {c.sd:g} decades{rings} if {when}: {c.because} ({c.source})"


def _shown(rule: Rule, example: Example) -> Shown:
    """Return an example with its atoms numbered."""
    orders = (example.reactants, tuple(reversed(example.reactants)))
    for reactants in orders:
        for reaction in apply(rule, reactants):
            if reaction.reverse_of is None and example.product in reaction.products:
                return Shown(reactants, example.product, example.source, mapped(reaction, {rule.id: rule}))
    return Shown(example.reactants, example.product, example.source, None)


def located(card: Card) -> tuple[tuple[str, str], ...]:
    """Return the source keys of a card, each with where in the source it is."""
    found: list[tuple[str, str]] = []
    for text in card.sources:
        key, _, where = text.partition(":")
        found.append((key.strip(), where.strip() or ("" if isinstance(card, Rule) else card.locators.get(text, ""))))
    return tuple(found)


def _sources(card: Card, known: Knowledge) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for key, where in located(card):
        source = known.sources.get(key)
        if source is None:
            found.append((key, where))
            continue
        read = f" ({source.read_as})" if source.read_as else ""
        found.append((f"{source.citation or source.key} {source.url}".strip() + read, where))
    return found
