"""Signs: what a chemist notes in words, such as a gum, gas or an exotherm."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from ringside.errors import BadKnowledge, Complaint

_CLAUSE = re.compile(r"[.;,:!?\n]|\bbut\b")
_NOT = re.compile(r"\b(no|not|without|never|nor|n't|free of)\b(?:\W+\w+){0,3}\W*$")
_NOT_AFTER = re.compile(r"^(?:\W+\w+){0,2}?\W+(?:absent|missing|not (?:seen|observed|noticed|found))\b")


@dataclass(frozen=True, slots=True)
class Sign:
    """Something that notes may report; ``baseline`` is how often notes on any reaction report it."""

    id: str
    text: str
    pattern: re.Pattern[str]
    baseline: float


def read_signs(rows: Sequence[Mapping[str, str]], *, file: str = "notes.csv") -> tuple[Sign, ...]:
    """Read the table of signs; the patterns of all rows of one sign count.

    Args:
        rows: Rows with ``sign``, ``text``, ``pattern`` (a regular expression on words), ``baseline`` [-], ``source``.
        file: Name for complaints.

    Returns:
        The signs, by id.

    Raises:
        BadKnowledge: If a pattern cannot be read, or a baseline is no probability.
    """
    found: list[Sign] = []
    for sign, group in groupby(sorted(rows, key=lambda r: r["sign"]), key=lambda r: r["sign"]):
        parts = list(group)
        try:
            pattern = re.compile("|".join(rf"\b(?:{r['pattern']})" for r in parts), re.IGNORECASE)
            baseline = float(parts[0]["baseline"])
        except (re.error, ValueError) as error:
            raise BadKnowledge(Complaint("bad-sign", "this sign cannot be read", file, sign, str(error))) from error
        if not 0 < baseline < 1:
            text = "a baseline is a probability"
            raise BadKnowledge(Complaint("bad-probability", text, file, sign, str(baseline), "0 < p < 1"))
        found.append(Sign(sign, parts[0]["text"], pattern, baseline))
    return tuple(found)


def signs_in(notes: Sequence[str], signs: Sequence[Sign]) -> tuple[tuple[Sign, ...], tuple[str, ...]]:
    """Return the signs that notes report, by id, and the notes that speak of none.

    A sign that is denied ("no gas") is not reported; what nobody noted says nothing.
    """
    found: dict[str, Sign] = {}
    unread: list[str] = []
    for note in sorted(set(notes)):
        here = [s for s in signs if any(_reported(s, clause) for clause in _CLAUSE.split(note))]
        found |= {s.id: s for s in here}
        if not any(s.pattern.search(note) for s in signs):
            unread.append(note)
    return tuple(found[i] for i in sorted(found)), tuple(unread)


def _reported(sign: Sign, clause: str) -> bool:
    low = clause.casefold()
    return any(
        _NOT.search(low[: m.start()]) is None and _NOT_AFTER.search(low[m.end() :]) is None
        for m in sign.pattern.finditer(clause)
    )
