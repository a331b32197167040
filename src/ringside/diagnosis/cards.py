"""Cause cards: from a TOML table to a Cause."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, cast

from ringside.diagnosis.changes import all_patches, change_patches
from ringside.diagnosis.nouns import Cause, CauseKind, Change, Channel, Closes, Makes
from ringside.errors import BadKnowledge, Complaint

__all__ = ["all_patches", "change_patches", "read_cause", "read_change", "read_sources"]

_HEAD = ("id", "title", "kind", "status", "claims", "wrong_when", "prior", "needs", "excludes")
_KEYS = frozenset(
    (
        *(*_HEAD, "change", "artefact", "channel", "covers", "remedies", "test"),
        *("sources", "locators", "signs", "seen", "looks_like", "advice"),
    )
)
_CHANGE_KEYS = frozenset(("where", "field", "to", "times"))
_ARTEFACT_KEYS = frozenset(("observable", "of", "times", "into"))
_OBSERVABLES = ("isolated", "in_sample", "crude")
_OF = ("product", "limiting", "starting-material", "all", "largest", "feature:<feature>|<feature>")
_INTO = (None, "product", "starting-material", "confusable", "unread")
_CHANNEL: Mapping[str, tuple[str, ...]] = {
    "closes": ("no-ring", "ring", "smaller-ring", "same-ring", "larger-ring"),
    "makes": ("larger", "isomer", "part", "none"),
    "target": ("ring", "open"),
}
_STATUSES = ("draft", "reviewed", "retired")


def read_cause(card: Mapping[str, Any], *, file: str) -> Cause:
    """Read a cause card.

    Args:
        card: The parsed TOML: ``id``, ``title``, ``kind``, ``status``, ``claims``, ``wrong_when``, ``prior`` (odds
            against the recipe as written; 0 for design causes), ``sources`` with ``locators``; ``[[change]]`` tables
            for deviations and design causes, or ``[channel]`` for a design cause that is a side reaction, with
            ``covers``; ``[artefact]`` for artefacts; ``needs``, ``excludes``, ``remedies``,
            ``test``; ``[signs]`` with a probability for each; ``seen``, ``looks_like``, ``advice``.
        file: The card's file name.

    Returns:
        The cause.

    Raises:
        BadKnowledge: With one complaint for each thing that is wrong.
    """
    wrong = _unknown(card, _KEYS, file) + _missing(card, ("id", "title", "kind", "claims", "wrong_when"), file)
    kind = card.get("kind")
    if kind not in ("deviation", "artefact", "design"):
        wrong.append(Complaint("bad-kind", "kind of cause", file, "kind", str(kind), "deviation, artefact or design"))
    changes = tuple(read_change(c, file=file) for c in card.get("change", ()))
    artefact = cast("Mapping[str, Any] | None", card.get("artefact"))
    prior = float(card.get("prior", 0.0))
    if kind != "design" and not prior > 0:
        wrong.append(Complaint("bad-prior", "prior odds must be positive", file, "prior", str(prior), "> 0"))
    if (artefact is None) == (kind == "artefact"):
        wrong.append(Complaint("bad-artefact", "an artefact card, and no other, has an [artefact]", file, "artefact"))
    channel = cast("Mapping[str, Any] | None", card.get("channel"))
    if not changes and channel is None and kind != "artefact":
        wrong.append(Complaint("no-change", "the card changes nothing", file, "change"))
    if channel is not None:
        wrong += _check_channel(channel, file)
        if kind != "design" or changes:
            text = "a [channel] belongs to a design cause without a [[change]]"
            wrong.append(Complaint("bad-channel", text, file, "channel"))
    elif card.get("covers"):
        text = "only a card with a [channel] covers other causes"
        wrong.append(Complaint("bad-channel", text, file, "covers"))
    if artefact is not None:
        wrong += _check_artefact(artefact, file)
    signs = {str(k): float(v) for k, v in dict(card.get("signs", {})).items()}
    wrong += [
        Complaint("bad-probability", "a sign is never certain", file, f"signs.{k}", str(v), "0 < p < 1")
        for k, v in signs.items()
        if not 0 < v < 1
    ]
    sources, locators, complaints = read_sources(card, file)
    wrong += complaints
    if wrong:
        raise BadKnowledge(*wrong)
    return Cause(
        id=card["id"],
        title=card["title"],
        kind=cast("CauseKind", kind),
        claims=card["claims"],
        wrong_when=card["wrong_when"],
        status=card["status"],
        prior=prior,
        changes=changes,
        needs=tuple(card.get("needs", ())),
        excludes=tuple(card.get("excludes", ())),
        artefact=artefact,
        remedies=tuple(card.get("remedies", ())),
        test=card.get("test", ""),
        sources=sources,
        locators=locators,
        signs=signs,
        seen=card.get("seen", ""),
        looks_like=tuple(card.get("looks_like", ())),
        channel=None if channel is None else _channel(channel),
        covers=tuple(card.get("covers", ())),
        advice=card.get("advice", ""),
    )


def read_change(table: Mapping[str, Any], *, file: str) -> Change:
    """Read one ``[[change]]`` table; a single number in ``times`` is a range of one point."""
    wrong = _unknown(table, _CHANGE_KEYS, file) + _missing(table, ("where",), file)
    times = table.get("times")
    if "where" in table and table["where"] != "new" and "field" not in table:
        wrong.append(Complaint("missing-key", "a change names its field", file, "change.field"))
    removes = table.get("field") == "remove"
    if not removes and (times is None) == ("to" not in table):
        wrong.append(Complaint("bad-change", "a change has either 'to' or 'times'", file, "change"))
    if wrong:
        raise BadKnowledge(*wrong)
    low, high = (times if isinstance(times, Sequence) else (times, times)) if times is not None else (None, None)
    return Change(
        where=table["where"],
        field=table.get("field", ""),
        to=table.get("to"),
        times=None if low is None or high is None else (float(low), float(high)),
    )


def read_sources(card: Mapping[str, Any], file: str) -> tuple[tuple[str, ...], dict[str, str], list[Complaint]]:
    """Read the source keys of a card and where in each source to look, with what is wrong about them."""
    sources, locators = tuple(card.get("sources", ())), dict(card.get("locators", {}))
    wrong: list[Complaint] = []
    if not sources:
        wrong.append(Complaint("no-source", "every card names its sources", file, "sources"))
    for key in sorted(locators.keys() - set(sources)):
        wrong.append(Complaint("stray-locator", "a locator for no source", file, "locators", key))
    if card.get("status") not in _STATUSES:
        status = str(card.get("status"))
        wrong.append(Complaint("bad-status", "status of the card", file, "status", status, ", ".join(_STATUSES)))
    return sources, locators, wrong


def _check_artefact(artefact: Mapping[str, Any], file: str) -> list[Complaint]:
    wrong = _unknown(artefact, _ARTEFACT_KEYS, file) + _missing(artefact, ("observable", "of", "times"), file)
    if artefact.get("observable") not in _OBSERVABLES:
        found = str(artefact.get("observable"))
        wrong.append(Complaint("bad-artefact", "what is changed", file, "observable", found, ", ".join(_OBSERVABLES)))
    of = str(artefact.get("of"))
    if of not in _OF and not of.startswith("feature:"):
        wrong.append(Complaint("bad-artefact", "whose amount is changed", file, "of", of, ", ".join(_OF)))
    into = artefact.get("into")
    if into not in _INTO:
        limit = ", ".join(filter(None, _INTO))
        wrong.append(Complaint("bad-artefact", "what it turns up as", file, "into", str(into), limit))
    return wrong


def _channel(table: Mapping[str, Any]) -> Channel:
    closes, makes = (tuple(table.get(k, ())) for k in ("closes", "makes"))
    return Channel(
        tuple(table["rules"]),
        cast("Literal['', 'ring', 'open']", table.get("target", "")),
        cast("tuple[Closes, ...]", closes),
        cast("tuple[Makes, ...]", makes),
    )


def _check_channel(channel: Mapping[str, Any], file: str) -> list[Complaint]:
    wrong = _unknown(channel, frozenset(("rules", *_CHANNEL)), file) + _missing(channel, ("rules",), file)
    for key, allowed in _CHANNEL.items():
        value = channel.get(key, ())
        found = (value,) if isinstance(value, str) else tuple(cast("Sequence[str]", value))
        wrong += [
            Complaint(
                "bad-channel", "which reactions of these rules", file, f"channel.{key}", str(v), ", ".join(allowed)
            )
            for v in found
            if v not in allowed
        ]
    return wrong


def _unknown(table: Mapping[str, Any], allowed: frozenset[str], file: str) -> list[Complaint]:
    limit = ", ".join(sorted(allowed))
    return [Complaint("unknown-key", "unknown key", file, k, limit=limit) for k in sorted(table.keys() - allowed)]


def _missing(table: Mapping[str, Any], wanted: Sequence[str], file: str) -> list[Complaint]:
    return [Complaint("missing-key", "key missing", file, k) for k in wanted if not table.get(k)]
