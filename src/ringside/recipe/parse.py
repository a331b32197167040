"""The recipe part of a case file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from functools import partial
from typing import Any, cast, get_args

from ringside.errors import BadInput, bad_input
from ringside.recipe.collect import Collector, as_table, as_text
from ringside.recipe.conditions import read_mixing, read_programme, read_workup
from ringside.recipe.contradictions import contradictions
from ringside.recipe.nouns import Amount, Charge, Programme, Recipe, Role, Solution
from ringside.record.toml import unknown_keys
from ringside.units import DIMENSIONS, EXACT_ONE, EXACT_ZERO, UNKNOWN, Span, parse_span, unit_of

ROLES: tuple[str, ...] = get_args(Role)
CHARGE_KEYS = (
    "name", "smiles", "role", "amount", "purity", "water", "form", "assumed", "solution", "add_over", "start",
)  # fmt: skip
CONDITION_KEYS = ("temperature", "time", "atmosphere", "mixing")
AMOUNT_DIMENSIONS = {
    "equiv": "equiv",
    "mol": "mol",
    "mass": "mass",
    "volume": "volume",
    "concentration": "concentration",
    "mol_fraction": "mol_fraction",
}
AMOUNT_LIMIT = '"1.0 equiv", "10 mmol", "2.4 g", "50 mL", "0.2 mol/L", "5 mol%", a range "a..b unit", or "unknown"'
SOLUTION_LIMIT = '"0.5 mol/L in acetonitrile"'
CHARGE_LIMIT = 'a [[charge]] table with name, role and amount for each material, such as amount = "1.0 equiv"'
NO_AMOUNT = Amount("equiv", None)
_AMOUNT_UNITS = tuple(u for d in AMOUNT_DIMENSIONS.values() for u in DIMENSIONS[d].factors)


def parse_amount(text: object, *, file: str, field: str) -> Amount:
    """Return an amount of any kind; "unknown" is an unknown number of equivalents.

    Raises:
        BadInput: For a bare number or an unknown unit.
    """
    if isinstance(text, str) and text.strip() == UNKNOWN:
        return NO_AMOUNT
    unit = unit_of(text)
    for kind, dimension in AMOUNT_DIMENSIONS.items():
        if unit in DIMENSIONS[dimension].factors:
            return Amount(cast("Any", kind), parse_span(text, dimension, file=file, field=field))
    try:
        return Amount("equiv", parse_span(text, "equiv", file=file, field=field))
    except BadInput as error:
        (complaint,) = error.complaints
        if complaint.code == "unknown-unit":
            near = get_close_matches(str(unit), _AMOUNT_UNITS, n=1)
            hint = f"; did you mean {near[0]}?" if near else ""
            complaint = replace(complaint, text=f"the unit {unit!r} is not one of an amount{hint}")
        raise BadInput(replace(complaint, limit=AMOUNT_LIMIT)) from None


def read_recipe(raw: Mapping[str, Any], priors: Mapping[str, Span], *, file: str = "") -> Recipe:
    """Return the recipe of a case.

    Args:
        raw: The parsed case file; keys of other parts are ignored here.
        priors: Ranges for what is "unknown": ``temperature``, ``time``, and, where they are to be sampled, ``purity``,
            ``water``, ``start`` and ``add_over``; these count as pure, dry and at once where there is no range.
        file: Named in complaints.

    Raises:
        BadInput: With every complaint at once.
    """
    gather = Collector(file)
    unknown: list[str] = []
    charges = _charges(raw.get("charge"), priors, gather, unknown)
    limit = 'temperature = "25 degC", time = "16 h"'
    conditions = gather.attempt(
        lambda: as_table(raw.get("conditions", {}), file=file, field="conditions", limit=limit), {}
    )
    gather.complaints += unknown_keys(conditions, CONDITION_KEYS, file=file, field="conditions")
    temperature: object = conditions.get("temperature", UNKNOWN)
    programme = gather.attempt(
        lambda: read_programme(temperature, priors["temperature"], file=file),
        Programme(((0.0, priors["temperature"]),)),
    )
    time = gather.attempt(
        lambda: parse_span(conditions.get("time", UNKNOWN), "time", file=file, field="conditions.time"), None
    )
    if _says_unknown(temperature):
        unknown.append("conditions.temperature")
    if _says_unknown(conditions.get("time", UNKNOWN)):
        unknown.append("conditions.time")
    if time is not None and time.high <= 0.0:
        gather.add(
            "out-of-range",
            "a run takes time",
            field="conditions.time",
            value=str(conditions["time"]),
            limit="above 0 s",
        )
    air = conditions.get("atmosphere", "air")
    target = raw.get("target")
    recipe = Recipe(
        charges=charges,
        programme=programme,
        time=time or priors["time"],
        atmosphere=gather.attempt(
            lambda: as_text(air, file=file, field="conditions.atmosphere", limit='such as "N2"'), "air"
        ),
        mixing=gather.attempt(lambda: read_mixing(conditions.get("mixing", "ideal"), file=file), 0.0),
        workup=gather.attempt(lambda: read_workup(raw.get("workup"), file=file), None),
        scale=gather.attempt(
            lambda: parse_span(raw["scale"], "mol", file=file, field="scale") if "scale" in raw else None, None
        ),
        target=str(target) if target is not None else None,
        unknown=tuple(sorted(unknown)),
    )
    if not gather.complaints:
        contradictions(recipe, gather)
    gather.finish()
    return recipe


def _says_unknown(value: object) -> bool:
    """Say whether a value, or a temperature in a programme, is written as unknown."""
    if isinstance(value, (list, tuple)):
        return any(_says_unknown(v) for v in cast("Sequence[object]", value))
    return isinstance(value, str) and value.strip() == UNKNOWN


def _charges(raw: object, priors: Mapping[str, Span], gather: Collector, unknown: list[str]) -> tuple[Charge, ...]:
    if not isinstance(raw, list) or not raw:
        gather.add(
            "no-charge" if raw in (None, []) else "bad-table",
            "nothing is charged" if raw in (None, []) else "charges are written as [[charge]] tables",
            field="charge",
            value="" if raw in (None, []) else repr(raw),
            limit=CHARGE_LIMIT,
            next_step="add a [[charge]] table, with two brackets, for each material",
        )
        return ()
    found: list[Charge] = []
    item: object
    for number, item in enumerate(cast("list[object]", raw), start=1):
        name = cast("Mapping[str, Any]", item).get("name", number) if isinstance(item, Mapping) else number
        field = f"charge[{name}]"
        charge = gather.attempt(partial(_charge, item, priors, unknown, file=gather.file, field=field), None)
        if charge is not None:
            found.append(charge)
    return tuple(found)


def _charge(raw: object, priors: Mapping[str, Span], unknown: list[str], *, file: str, field: str) -> Charge:
    gather = Collector(file)
    item = as_table(raw, file=file, field=field, limit=CHARGE_LIMIT)
    gather.complaints += unknown_keys(item, CHARGE_KEYS, file=file, field=field)
    for key in ("name", "role", "amount"):
        if key not in item:
            gather.add(
                "missing-key",
                f"a charge needs {key!r}",
                field=f"{field}.{key}",
                limit=", ".join(ROLES) if key == "role" else AMOUNT_LIMIT if key == "amount" else "the material's name",
                next_step=f"add {key} = ...",
            )
    role = item.get("role", "reagent")
    if role not in ROLES:
        gather.add(
            "bad-role", "there is no such role", field=f"{field}.role", value=repr(role), limit=", ".join(ROLES),
            next_step="use additive for what fits nowhere else",
        )  # fmt: skip

    def span(key: str, dimension: str, fallback: Span) -> Span:
        if key not in item:
            return fallback
        found = gather.attempt(lambda: parse_span(item[key], dimension, file=file, field=f"{field}.{key}"), fallback)
        if found is None:
            unknown.append(f"{field}.{key}")
        return found if found is not None else priors.get(key, fallback)

    def text(key: str, limit: str) -> str | None:
        if key not in item:
            return None
        return gather.attempt(lambda: as_text(item[key], file=file, field=f"{field}.{key}", limit=limit), None)

    purity, water = span("purity", "fraction", EXACT_ONE), span("water", "fraction", EXACT_ZERO)
    for key, value in (("purity", purity), ("water", water)):
        if value.high > 1.0 or (key == "purity" and value.low <= 0.0) or (key == "water" and value.low >= 1.0):
            limit = "above 0 %, up to 100 %" if key == "purity" else "0 % to below 100 %"
            gather.add(
                "out-of-range", f"no material has this {key}", field=f"{field}.{key}", value=str(item[key]), limit=limit
            )
    amount = gather.attempt(
        lambda: parse_amount(item["amount"], file=file, field=f"{field}.amount") if "amount" in item else NO_AMOUNT,
        NO_AMOUNT,
    )
    if amount.value is None:
        unknown.append(f"{field}.amount")
    assumed = item.get("assumed", False)
    if not isinstance(assumed, bool):
        gather.add(
            "bad-flag", "this is true or false", field=f"{field}.assumed", value=repr(assumed), limit="true, false"
        )
    charge = Charge(
        name=text("name", "the material's name") or "",
        role=cast("Role", role),
        amount=amount,
        smiles=text("smiles", 'a SMILES in quotes, such as "C1CNCCNC1"'),
        purity=purity,
        water=water,
        form=text("form", 'such as "2HCl salt"'),
        solution=gather.attempt(lambda: _solution(item.get("solution"), file=file, field=f"{field}.solution"), None),
        add_over=span("add_over", "time", EXACT_ZERO),
        start=span("start", "time", EXACT_ZERO),
        assumed=bool(assumed),
    )
    gather.finish()
    return charge


def _solution(text: object, *, file: str, field: str) -> Solution | None:
    if text is None:
        return None
    amount, _, solvent = (text if isinstance(text, str) else "").partition(" in ")
    if not solvent.strip():
        raise bad_input(
            "bad-solution", "this is not a solution", file=file, field=field, value=repr(text), limit=SOLUTION_LIMIT,
            next_step=f"write it like {SOLUTION_LIMIT}",
        )  # fmt: skip
    concentration = parse_span(amount, "concentration", file=file, field=field)
    if concentration is None or concentration.low <= 0:
        raise bad_input(
            "bad-solution", "a solution needs a concentration above 0", file=file, field=field, value=repr(text),
            limit=SOLUTION_LIMIT, next_step='give a range such as "0.2..1 mol/L in acetonitrile" where it is not known',
        )  # fmt: skip
    return Solution(concentration, solvent.strip())
