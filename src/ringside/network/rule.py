"""Rules: read from cards; what they do is in ``network.apply``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from ringside.chem.molecule import canonical
from ringside.errors import BadInput, BadKnowledge, Complaint
from ringside.network.apply import apply, shows
from ringside.network.nouns import Condition, Example, Gate, Rule
from ringside.network.template import compile_template

__all__ = ["apply", "read_rule", "shows"]

STATUSES = ("reviewed", "draft", "retired")
TEXTS = ("id", "title", "status", "claims", "wrong_when", "smarts", "rate")
GATE_KEYS = ("any_of", "all_of", "none_of")
KEYS = (*TEXTS, "reverse_rate", "rings", "gate", "condition", "sources", "example", "counter_example")


def read_rule(card: Mapping[str, Any], *, file: str = "") -> Rule:
    """Read a rule card.

    Args:
        card: The parsed TOML: ``id``, ``title``, ``status``, ``claims``, ``wrong_when``, ``smarts``, ``rate`` and
            ``sources`` ("key: locator"); optional ``reverse_rate``, ``rings`` (smallest and largest ring a join of
            atoms 1 and 2 within one molecule may close; without it a two-reactant rule has no intramolecular twin),
            ``gate`` with ``any_of``, ``all_of``, ``none_of`` and ``because``, ``[[condition]]`` (the same, with
            ``log10``, ``sd`` and ``source``: a soft term of the rate; with ``rings`` of such closures alone), and ``[[example]]`` and ``[[counter_example]]``
            with ``reactants``, ``product`` and ``source``. A reviewed card needs at least one of each.
        file: The card's file name.

    Returns:
        The rule, its examples in canonical SMILES.

    Raises:
        BadKnowledge: With one complaint for each thing that is wrong.
    """
    wrong = [_complaint(file, key, "unknown key", key, ", ".join(KEYS)) for key in card if key not in KEYS]
    for key in TEXTS:
        if not isinstance(card.get(key), str) or not card[key].strip():
            wrong.append(_complaint(file, key, "a text is missing here", str(card.get(key, ""))))
    if card.get("status") not in STATUSES:
        wrong.append(_complaint(file, "status", "no such status", str(card.get("status")), ", ".join(STATUSES)))
    if isinstance(card.get("smarts"), str):
        try:
            compile_template(card["smarts"])
        except BadKnowledge as fault:
            wrong += [_complaint(file, "smarts", c.text, c.value, c.limit) for c in fault.complaints]
    reverse_rate = card.get("reverse_rate")
    if reverse_rate is not None and not isinstance(reverse_rate, str):
        wrong.append(_complaint(file, "reverse_rate", "the id of a rate family is a text", str(reverse_rate)))
    rings = _rings(card.get("rings"), file, "rings", wrong)
    gate = _gate(card.get("gate", {}), file, "gate", wrong)
    conditions = _conditions(card.get("condition", ()), file, wrong)
    sources = _texts(card.get("sources", ()), file, "sources", wrong)
    if not sources:
        wrong.append(_complaint(file, "sources", "a rule needs a source", "", '"key: locator", or "judgement"'))
    examples = _examples(card.get("example", ()), file, "example", wrong)
    counter_examples = _examples(card.get("counter_example", ()), file, "counter_example", wrong)
    if card.get("status") == "reviewed":
        for field, found in (("example", examples), ("counter_example", counter_examples)):
            if not found:
                wrong.append(_complaint(file, field, f"a reviewed rule needs a [[{field}]]"))
    if wrong:
        raise BadKnowledge(*wrong)
    return Rule(
        id=card["id"],
        title=card["title"],
        smarts=card["smarts"],
        rate=card["rate"],
        status=card["status"],
        rings=rings,
        reverse_rate=reverse_rate,
        gate=gate,
        conditions=conditions,
        claims=card["claims"],
        wrong_when=card["wrong_when"],
        sources=sources,
        examples=examples,
        counter_examples=counter_examples,
    )


def _complaint(file: str, field: str, text: str, value: str = "", limit: str = "") -> Complaint:
    return Complaint("bad-rule", text, file=file, field=field, value=value, limit=limit)


def _texts(value: object, file: str, field: str, wrong: list[Complaint]) -> tuple[str, ...]:
    items = tuple(cast("list[object]", value)) if isinstance(value, list | tuple) else (None,)
    if not all(isinstance(item, str) and item for item in items):
        wrong.append(_complaint(file, field, "a list of texts is asked for here", str(value), '["...", "..."]'))
        return ()
    return cast("tuple[str, ...]", items)


def _rings(value: object, file: str, field: str, wrong: list[Complaint]) -> tuple[int, int] | None:
    if value is None:
        return None
    items = cast("list[object]", value) if isinstance(value, list | tuple) else []
    sizes = [item for item in items if isinstance(item, int)]
    if len(items) != 2 or len(sizes) != 2 or not 3 <= sizes[0] <= sizes[1]:
        wrong.append(_complaint(file, field, "not a range of ring sizes", str(value), "[smallest, largest], from 3"))
        return None
    return sizes[0], sizes[1]


def _gate(value: object, file: str, field: str, wrong: list[Complaint], extra: tuple[str, ...] = ()) -> Gate:
    if not isinstance(value, Mapping):
        wrong.append(_complaint(file, field, "a table is asked for here", str(value), ", ".join(GATE_KEYS)))
        return Gate()
    table = cast("Mapping[str, object]", value)
    known = (*GATE_KEYS, "because", *extra)
    for key in sorted(table.keys() - set(known)):
        wrong.append(_complaint(file, f"{field}.{key}", "unknown key", key, ", ".join(known)))
    parts = {key: _texts(table.get(key, ()), file, f"{field}.{key}", wrong) for key in GATE_KEYS}
    because = table.get("because", "")
    if not isinstance(because, str):
        wrong.append(_complaint(file, f"{field}.because", "a text is asked for here", str(because)))
        because = ""
    return Gate(parts["any_of"], parts["none_of"], parts["all_of"], because)


def _conditions(value: object, file: str, wrong: list[Complaint]) -> tuple[Condition, ...]:
    found: list[Condition] = []
    for i, item in enumerate(cast("list[object]", value) if isinstance(value, list | tuple) else [value], start=1):
        here = f"condition[{i}]"
        table = cast("Mapping[str, Any]", item) if isinstance(item, Mapping) else {}
        numbers = [table.get(key) for key in ("log10", "sd")]
        if not all(isinstance(n, int | float) for n in numbers) or not (cast("float", numbers[1]) > 0):
            wrong.append(_complaint(file, here, "log10 and a positive sd are numbers", str(numbers)))
            continue
        when = _gate(table, file, here, wrong, ("log10", "sd", "source", "rings"))
        rings = _rings(table.get("rings"), file, f"{here}.rings", wrong)
        source = table.get("source")
        if not (when.because and isinstance(source, str) and source):
            wrong.append(
                _complaint(
                    file, here, "a condition says why, and where that is from", str(dict(table)), "because and source"
                )
            )
            continue
        found.append(Condition(when, float(table["log10"]), float(table["sd"]), when.because, source, rings))
    return tuple(found)


def _examples(value: object, file: str, field: str, wrong: list[Complaint]) -> tuple[Example, ...]:
    found: list[Example] = []
    items = cast("list[object]", value) if isinstance(value, list | tuple) else [value]
    for i, item in enumerate(items, start=1):
        here = f"{field}[{i}]"
        table = cast("Mapping[str, Any]", item) if isinstance(item, Mapping) else {}
        keys = set(table)
        if not {"reactants", "product"} <= keys <= {"reactants", "product", "source"}:
            wrong.append(_complaint(file, here, "not an example", str(item), "reactants, product and source"))
            continue
        reactants = _texts(table["reactants"], file, f"{here}.reactants", wrong)
        try:
            smiles = tuple(canonical(s, file=file, field=here) for s in (*reactants, str(table["product"])))
        except BadInput as fault:
            wrong += fault.complaints
            continue
        found.append(Example(smiles[:-1], smiles[-1], str(table.get("source", "judgement"))))
    return tuple(found)
