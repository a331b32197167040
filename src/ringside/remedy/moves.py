"""Single moves in the space of recipes: the options of remedy cards, and the levers that any recipe has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ringside.case.nouns import Case, Patch
from ringside.diagnosis.changes import all_patches
from ringside.diagnosis.hypotheses import considered
from ringside.diagnosis.nouns import Change
from ringside.diagnosis.world import Toolbox
from ringside.errors import BadKnowledge, Complaint
from ringside.remedy.nouns import RemedyCard

PARTNER = "partner"
GROUPS = ("volume", "time", "temperature", "equivalents", "base", "reagent", "addition")


@dataclass(frozen=True, slots=True)
class Lever:
    """A field of the recipe that can be moved, as data.

    ``change.where`` is the grammar of cards, or ``partner``: every substrate but the limiting one. Levers of one ``group`` move one
    thing.
    """

    id: str
    title: str
    group: str
    change: Change
    needs: tuple[str, ...]
    excludes: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True)
class Move:
    """One change of a recipe, an option of a card or a lever.

    ``touches``: the fields of the recipe that it changes; moves that touch one field are alternatives. ``steps`` and ``hours`` come on top of
    the recipe.
    """

    id: str
    text: str
    lever: bool
    touches: frozenset[str]
    changes: tuple[Change, ...]
    steps: int
    hours: float
    sources: tuple[str, ...]


def read_levers(rows: Sequence[Mapping[str, str]], *, file: str = "levers.csv") -> tuple[Lever, ...]:
    """Read the levers.

    Args:
        rows: Rows ``id, title, group, where, field, times, to, needs, excludes, source``; one of ``times`` and ``to`` is given.
        file: Named in complaints.

    Raises:
        BadKnowledge: If a row changes nothing or its factor is no positive number.
    """
    wrong: list[Complaint] = []
    found: list[Lever] = []
    for r in rows:
        times: tuple[float, float] | None = None
        if bool(r["times"]) == bool(r["to"]):
            wrong.append(Complaint("bad-change", "a lever has either 'to' or 'times'", file, r["id"]))
            continue
        if r["group"] not in GROUPS:
            wrong.append(
                Complaint("unknown-group", "no such group of levers", file, r["id"], r["group"], ", ".join(GROUPS))
            )
        if r["times"]:
            try:
                times = (float(r["times"]), float(r["times"]))
            except ValueError:
                times = (0.0, 0.0)
            if times[0] <= 0.0:
                wrong.append(Complaint("not-a-number", "a positive factor is asked for", file, r["id"], r["times"]))
        change = Change(r["where"], r["field"], r["to"] or None, times)
        needs, excludes = (tuple(x for x in r[k].split(";") if x) for k in ("needs", "excludes"))
        found.append(Lever(r["id"], r["title"], r["group"], change, needs, excludes, r["source"]))
    if wrong:
        raise BadKnowledge(*wrong)
    return tuple(found)


def moves_of(
    case: Case, cards: Sequence[RemedyCard], levers: Sequence[Lever], *, situation: frozenset[str], tools: Toolbox
) -> tuple[Move, ...]:
    """Return every move that fits a case, sorted by id.

    Args:
        case: The case as written; which substrate is the partner is read off it.
        cards: Remedy cards, each option a move.
        levers: Levers.
        situation: Features of the case.
        tools: Equivalents of the charges.
    """
    found: list[Move] = []

    def add(name: str, text: str, changes: tuple[Change, ...], card: RemedyCard | None, source: str = "") -> None:
        patches = all_patches(case, changes, tools) if changes else ()
        if patches:
            touches = frozenset(_touched(p) for p in patches)
            steps, hours = (0, 0.0) if card is None else (card.steps, card.hours)
            sources = (source,) if card is None else card.sources
            found.append(Move(name, text, card is None, touches, changes, steps, hours, sources))

    for card in cards:
        if card.status == "retired" or not considered(card.needs, card.excludes, situation):
            continue
        for number, option in enumerate(card.options, start=1):
            add(card.id if len(card.options) == 1 else f"{card.id}-{number}", card.text, option, card)
    partners = _partners(case, tools)
    for lever in levers:
        if considered(lever.needs, lever.excludes, situation):
            add(lever.id, lever.title, _changes(lever.change, partners), None, lever.source)
    return tuple(sorted(found, key=lambda m: m.id))


def _touched(patch: Patch) -> str:
    """Return the field that a patch changes; charges put in or taken out by their name."""
    if patch.path == "charge[+]":
        return f"charge[{patch.new['name']}]"
    return patch.path.replace("charge[-", "charge[")


def _partners(case: Case, tools: Toolbox) -> tuple[str, ...]:
    """Return the substrates of the recipe but the one of the smallest equivalents, which sets the scale."""
    known = tools.equivalents(case)
    names = [c.name for c in case.recipe.charges if c.role == "substrate"]
    ranked = sorted(names, key=lambda n: (known.get(n, 0.0), n))
    return tuple(sorted(ranked[1:]))


def _changes(change: Change, partners: Sequence[str]) -> tuple[Change, ...]:
    if not change.where.startswith(PARTNER):
        return (change,)
    return tuple(Change(f"name:{name}", change.field, change.to, change.times) for name in partners)


def joined(patches: Sequence[Patch]) -> tuple[Patch, ...]:
    """Return patches applied one after the other as one set: the first old and the last new value of each path.

    A charge that was put in and then changed or taken out again is told as it ends.

    >>> joined([Patch("conditions.time", "4 h", "8 h"), Patch("conditions.time", "8 h", "16 h")])
    (Patch(path='conditions.time', old='4 h', new='16 h'),)
    """
    first: dict[str, Patch] = {}
    added: dict[str, dict[str, object]] = {}
    order: list[tuple[str, str]] = []
    for p in patches:
        if p.path == "charge[+]":
            name = str(p.new["name"])
            if name not in added:
                order.append(("added", name))
            added[name] = dict(p.new)
            continue
        name, key = _charge_and_key(p.path)
        if name.removeprefix("-") in added and (name.startswith("-") or key):
            if name.startswith("-"):
                del added[name[1:]]
                order.remove(("added", name[1:]))
            elif p.new is None:
                added[name].pop(key, None)
            else:
                added[name][key] = p.new
            continue
        if p.path not in first:
            order.append(("path", p.path))
            first[p.path] = p
        else:
            first[p.path] = Patch(p.path, first[p.path].old, p.new)
    found = [Patch("charge[+]", None, added[k]) if kind == "added" else first[k] for kind, k in order]
    return tuple(p for p in found if p.path.startswith("charge[-") or p.old != p.new)


def _charge_and_key(path: str) -> tuple[str, str]:
    """Return the name and the field of a path into a charge, empty texts for other paths."""
    if not path.startswith("charge["):
        return "", ""
    name, _, key = path[len("charge[") :].rpartition("]")
    return name, key.lstrip(".")
