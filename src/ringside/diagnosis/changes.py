"""Changes of a card, turned into patches of one case.

Grammar of ``Change.where``: terms joined by ``&``, all of which must hold for a charge: ``role:substrate``,
``name:acetonitrile``, ``smiles:ClCCl``, ``feature:aldehyde|ketone`` (any of them; solvents have no features here),
``field:form`` (the case file has that field), each negated by a leading ``!``. ``conditions``, ``workup`` and ``new`` stand
alone.

Grammar of ``Change.to``: a value as in the case file; for ``conditions.temperature`` and ``conditions.time`` also a
shift such as ``+20 K`` or ``+4 h``, in these units. The field ``replace`` puts the charge table ``to`` in place of the
charge found, which passes on its amount, role and timing where ``to`` is silent; ``remove`` takes it out; ``protect``
puts its mono-Boc form in its place and the Boc form of the target for the target. A new charge may ``start`` at ``end``,
the time at which the run as written ends.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, cast

from ringside.case.nouns import Case, Patch
from ringside.diagnosis.nouns import Change
from ringside.diagnosis.world import Toolbox

_NUMBER = r"[+-]?\d+(?:[.,]\d+)?(?:[eE][+-]?\d+)?"
_QUANTITY = re.compile(rf"^\s*({_NUMBER})(?:\s*\.\.\s*({_NUMBER}))?\s*(\S.*?)?\s*$")
_SHIFT = re.compile(r"^([+-]\d+(?:\.\d+)?)(?:\.\.([+-]?\d+(?:\.\d+)?))?\s*([Kh])$")
_INHERITED = ("amount", "role", "start", "add_over")
_ZERO_CELSIUS = 273.15


def scaled(text: str, times: tuple[float, float], *, top: float | None = None) -> str | None:
    """Multiply the number in a quantity, keeping its unit; None where the text holds no single quantity.

    >>> scaled("1.1 equiv", (2.0, 2.0)), scaled("0.1..0.2 mol/L", (0.5, 0.5)), scaled("97 %", (0.1, 0.6))
    ('2.2 equiv', '0.05..0.1 mol/L', '9.7..58.2 %')
    >>> scaled("unknown", (2.0, 2.0)) is None
    True
    """
    found = _QUANTITY.match(text)
    if found is None:
        return None
    low = float(found[1].replace(",", "."))
    high = float(found[2].replace(",", ".")) if found[2] else low
    low, high = low * times[0], high * times[1]
    if top is not None:
        low, high = min(low, top), min(high, top)
    number = f"{low:.6g}" if low == high else f"{low:.6g}..{high:.6g}"
    return f"{number} {found[3]}" if found[3] else number


def matches(case: Case, charge: Mapping[str, Any], where: str, tools: Toolbox) -> bool:
    """Say whether a charge table of the case file fits a ``where``."""
    return all(_term(case, charge, term.strip(), tools) for term in where.split("&"))


def _term(case: Case, charge: Mapping[str, Any], term: str, tools: Toolbox) -> bool:
    if term.startswith("!"):
        return not _term(case, charge, term[1:], tools)
    key, _, value = term.partition(":")
    wanted = value.split("|")
    plain = {
        "field": not set(wanted).isdisjoint(charge),
        "role": charge.get("role", "substrate") in wanted,
        "name": str(charge["name"]).casefold() in {w.casefold() for w in wanted},
    }
    if key in plain:
        return plain[key]
    smiles = tools.smiles_of(case, str(charge["name"]))
    if key == "smiles":
        return smiles is not None and smiles in {tools.canonical(w) for w in wanted}
    if charge.get("role") == "solvent":
        return False
    return smiles is not None and not tools.features(smiles).isdisjoint(wanted)


def change_patches(case: Case, change: Change, tools: Toolbox) -> tuple[Patch, ...]:
    """Turn one change into patches of the case file.

    Args:
        case: The case to change.
        change: The change.
        tools: Features, structures and equivalents of the charges.

    Returns:
        The patches; empty where nothing fits the change, or where it changes nothing.
    """
    if change.where == "new":
        return _new_charge(case, change)
    if change.where in ("conditions", "workup"):
        return _section(case, change)
    fitting = (c for c in _charges(case) if matches(case, c, change.where, tools))
    found = sorted(fitting, key=lambda c: str(c["name"]))
    if not found:
        return ()
    match change.field:
        case "remove":
            patches = tuple(Patch(f"charge[-{c['name']}]", c, None) for c in found)
        case "protect":
            patches = _protect(case, found[0], tools)
        case "replace":
            patches = _replace(case, found, change)
        case _:
            patches = tuple(p for c in found for p in _field(case, c, change, tools))
            if change.field == "amount" and change.times and change.where.startswith("role:solvent"):
                patches += _keep_moles(case, change.times)
    return patches


def all_patches(case: Case, changes: tuple[Change, ...], tools: Toolbox) -> tuple[Patch, ...]:
    """Turn the changes of a card into patches, each seeing the case as written; none where the first finds nothing."""
    found = [change_patches(case, change, tools) for change in changes]
    return tuple(p for patches in found for p in patches) if found and found[0] else ()


def _charges(case: Case) -> list[dict[str, Any]]:
    return cast("list[dict[str, Any]]", list(case.raw.get("charge", ())))


def _new_charge(case: Case, change: Change) -> tuple[Patch, ...]:
    charge = dict(cast("Mapping[str, Any]", change.to))
    if charge.get("start") == "end":
        time = case.recipe.time
        charge["start"] = _written(time.mid, time.mid, 3600.0, "h")
    present = {str(c["name"]).casefold() for c in _charges(case)}
    return () if charge["name"].casefold() in present else (Patch("charge[+]", None, charge),)


def _section(case: Case, change: Change) -> tuple[Patch, ...]:
    section = cast("Mapping[str, Any]", case.raw.get(change.where, {}))
    old = section.get(change.field)
    new = _shifted(case, change, old) if change.where == "conditions" else change.to
    if new is None and change.times and isinstance(old, str):
        new = scaled(old, change.times)
    return () if new is None or new == old else (Patch(f"{change.where}.{change.field}", old, new),)


def _shifted(case: Case, change: Change, old: object) -> object:
    """Return the new value of a condition: a shift of the present one, or the value as the card has it."""
    shift = _SHIFT.match(change.to) if isinstance(change.to, str) else None
    if shift is None:
        return change.to
    low, high = float(shift[1]), float(shift[2] or shift[1])
    if shift[3] == "h":
        time = case.recipe.time
        return _written(time.low + low * 3600.0, time.high + high * 3600.0, 3600.0, "h")
    points = case.recipe.programme.points
    spans = [
        _written(span.low + low - _ZERO_CELSIUS, span.high + high - _ZERO_CELSIUS, 1.0, "degC") for _, span in points
    ]
    if isinstance(old, list):
        times = [cast("list[Any]", point)[0] for point in cast("list[Any]", old)]
        return [[t, s] for t, s in zip(times, spans, strict=True)]
    return spans[0]


def _written(low: float, high: float, unit: float, name: str) -> str:
    low, high = low / unit, high / unit
    number = f"{low:.6g}" if low == high else f"{low:.6g}..{high:.6g}"
    return f"{number} {name}"


def _field(case: Case, charge: Mapping[str, Any], change: Change, tools: Toolbox) -> tuple[Patch, ...]:
    name, old = str(charge["name"]), charge.get(change.field)
    if change.times is not None:
        percent = change.field in ("purity", "water")
        present = "100 %" if change.field == "purity" and old is None else old
        new = scaled(present, change.times, top=100.0 if percent else None) if isinstance(present, str) else None
    elif change.field == "amount" and isinstance(change.to, str) and change.to.endswith("equiv"):
        new = _in_equivalents(case, name, str(old), change.to, tools)
    else:
        new = change.to
    return () if new is None or new == old else (Patch(f"charge[{name}].{change.field}", old, new),)


def _in_equivalents(case: Case, name: str, old: str, to: str, tools: Toolbox) -> str | None:
    """Return the amount for so many equivalents, in the unit the case file has."""
    if old.rstrip().endswith("equiv"):
        return to
    present, wanted = tools.equivalents(case).get(name, 0.0), _QUANTITY.match(to)
    if present <= 0 or wanted is None:
        return None
    low = float(wanted[1])
    high = float(wanted[2]) if wanted[2] else low
    return scaled(old, (low / present, high / present))


def _keep_moles(case: Case, times: tuple[float, float]) -> tuple[Patch, ...]:
    """Divide amounts written as concentrations, so that more solvent does not mean more of them."""
    patches: list[Patch] = []
    for charge in case.recipe.charges:
        if charge.amount.kind != "concentration":
            continue
        old = next(c.get("amount") for c in _charges(case) if c["name"] == charge.name)
        new = scaled(str(old), (1 / times[1], 1 / times[0]))
        if new is not None:
            patches.append(Patch(f"charge[{charge.name}].amount", old, new))
    return tuple(patches)


def _replace(case: Case, found: list[dict[str, Any]], change: Change) -> tuple[Patch, ...]:
    """Take the charges found out and put one in their place, with the first one's amount unless volumes add up."""
    to = dict(cast("Mapping[str, Any]", change.to))
    names = {str(c["name"]).casefold() for c in found}
    others = {str(c["name"]).casefold() for c in _charges(case)} - names
    if to["name"].casefold() in names | others:
        return ()
    new = {"name": to.pop("name")}
    new |= {k: v for k, v in found[0].items() if k in _INHERITED} | to
    if "amount" not in to and len(found) > 1:
        total = _sum([str(c.get("amount")) for c in found])
        if total is None:
            return ()
        new["amount"] = total
    out = tuple(Patch(f"charge[-{c['name']}]", c, None) for c in found)
    return (*out, Patch("charge[+]", None, new))


def _protect(case: Case, charge: Mapping[str, Any], tools: Toolbox) -> tuple[Patch, ...]:
    """Start from the mono-Boc form of an amine; the target is then the Boc form of the target."""
    name, target = str(charge["name"]), case.recipe.target
    free = tools.smiles_of(case, name)
    boc = tools.protect(free) if free is not None else None
    boc_target = tools.protect(target) if target is not None else None
    if boc is None or boc_target is None:
        return ()
    new = {"name": f"N-Boc-{name}", "smiles": boc} | {k: v for k, v in charge.items() if k in _INHERITED}
    patches = (Patch(f"charge[-{name}]", charge, None), Patch("charge[+]", None, new))
    return (*patches, Patch("target", case.raw.get("target"), boc_target))


def _sum(texts: list[str]) -> str | None:
    """Add quantities of one unit; None where they differ or are ranges."""
    parts = [_QUANTITY.match(t) for t in texts]
    if any(p is None or p[2] for p in parts):
        return None
    units = {p[3] for p in parts if p is not None}
    total = sum(float(p[1].replace(",", ".")) for p in parts if p is not None)
    return f"{total:.6g} {units.pop()}" if len(units) == 1 else None
