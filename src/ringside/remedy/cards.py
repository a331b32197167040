"""Remedy cards: from a TOML table to a RemedyCard."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ringside.diagnosis.cards import read_change, read_sources
from ringside.errors import BadKnowledge, Complaint
from ringside.remedy.nouns import RemedyCard

_HEAD = ("id", "title", "status", "claims", "wrong_when", "text", "says", "steps", "hours")
_KEYS = frozenset((*_HEAD, "needs", "excludes", "option", "sources", "locators"))


def read_remedy(card: Mapping[str, Any], *, file: str) -> RemedyCard:
    """Read a remedy card.

    Args:
        card: The parsed TOML: ``id``, ``title``, ``status``, ``claims``, ``wrong_when``, ``text`` (what to do, as shown
            to a person), ``[[option]]`` tables, each with ``change`` tables of which the first must find something in
            the case; ``needs``, ``excludes``, ``says``, ``steps``, ``hours``, ``sources``, ``locators``.
        file: The card's file name.

    Returns:
        The card.

    Raises:
        BadKnowledge: With one complaint for each thing that is wrong.
    """
    wrong = [Complaint("unknown-key", "unknown key", file, k) for k in sorted(card.keys() - _KEYS)]
    wanted = ("id", "title", "claims", "wrong_when", "text", "option")
    wrong += [Complaint("missing-key", "key missing", file, k) for k in wanted if not card.get(k)]
    for option in card.get("option", ()):
        stray = sorted(option.keys() - {"change"})
        wrong += [Complaint("unknown-key", "an option holds changes only", file, f"option.{k}") for k in stray]
    sources, locators, complaints = read_sources(card, file)
    if wrong + complaints:
        raise BadKnowledge(*wrong, *complaints)
    options = tuple(tuple(read_change(c, file=file) for c in o.get("change", ())) for o in card["option"])
    if not all(options):
        raise BadKnowledge(Complaint("no-change", "an option changes nothing", file, "option"))
    return RemedyCard(
        id=card["id"],
        title=card["title"],
        claims=card["claims"],
        wrong_when=card["wrong_when"],
        status=card["status"],
        text=card["text"],
        options=options,
        needs=tuple(card.get("needs", ())),
        excludes=tuple(card.get("excludes", ())),
        sources=sources,
        says=card.get("says", ""),
        steps=int(card.get("steps", 0)),
        hours=float(card.get("hours", 0.0)),
        locators=locators,
    )
