"""The recipe part of a case file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar, cast, get_args

from ringside.errors import BadInput, Complaint, bad_input
from ringside.recipe.nouns import Amount, Charge, Extraction, Programme, Recipe, Role, Solution, Workup
from ringside.record.toml import unknown_keys
from ringside.units import DIMENSIONS, EXACT_ONE, EXACT_ZERO, Span, parse_span, unit_of

T = TypeVar("T")
ROLES: tuple[str, ...] = get_args(Role)
CHARGE_KEYS = (
    "name", "smiles", "role", "amount", "purity", "water", "form", "assumed", "solution", "add_over", "start",
)  # fmt: skip
CONDITION_KEYS = ("temperature", "time", "atmosphere", "mixing")
WORKUP_KEYS = ("quench", "extract")
EXTRACT_KEYS = ("solvent", "volume", "times")
AMOUNT_DIMENSIONS = {
    "equiv": "equiv",
    "mol": "mol",
    "mass": "mass",
    "volume": "volume",
    "concentration": "concentration",
    "mol_fraction": "mol_fraction",
}
AMOUNT_LIMIT = '"1.0 equiv", "10 mmol", "2.4 g", "50 mL", "0.2 mol/L", "5 mol%", a range "a..b unit", or "unknown"'
ABSOLUTE_ZERO_K = 0.0


class Collector:
    """Gathers complaints, so that all of them are told at once."""

    def __init__(self) -> None:
        """Start with none."""
        self.complaints: list[Complaint] = []

    def attempt(self, work: Callable[[], T], fallback: T) -> T:
        """Run ``work``; keep its complaints and go on with ``fallback`` when it refuses."""
        try:
            return work()
        except BadInput as error:
            self.complaints.extend(error.complaints)
            return fallback

    def add(self, code: str, text: str, **parts: str) -> None:
        """Add one complaint."""
        self.complaints.append(Complaint(code, text, **parts))

    def finish(self) -> None:
        """Raise what was gathered."""
        if self.complaints:
            raise BadInput(*self.complaints)


def parse_amount(text: object, *, file: str, field: str) -> Amount:
    """Return an amount of any kind; "unknown" is an unknown number of equivalents.

    Raises:
        BadInput: For a bare number or an unknown unit.
    """
    if isinstance(text, str) and text.strip() == "unknown":
        return Amount("equiv", None)
    unit = unit_of(text)
    for kind, dimension in AMOUNT_DIMENSIONS.items():
        if unit in DIMENSIONS[dimension].factors:
            return Amount(cast("Any", kind), parse_span(text, dimension, file=file, field=field))
    code, why = (
        ("bare-number", "a number without a unit")
        if unit is None
        else ("unknown-unit", f"the unit {unit!r} is not one of an amount")
    )
    raise bad_input(
        code, why, file=file, field=field, value=repr(text), limit=AMOUNT_LIMIT, next_step='write it like "1.1 equiv"'
    )


def _quantity(
    table: Mapping[str, Any], key: str, dimension: str, fallback: Span, file: str, field: str, prior: Span | None = None
) -> Span:
    if key not in table:
        return fallback
    found = parse_span(table[key], dimension, file=file, field=f"{field}.{key}")
    return found if found is not None else (prior or fallback)


def read_recipe(raw: Mapping[str, Any], priors: Mapping[str, Span], *, file: str = "") -> Recipe:
    """Return the recipe of a case.

    Args:
        raw: The parsed case file; keys of other parts are ignored here.
        priors: Ranges for what is "unknown": ``temperature``, ``time``.
        file: Named in complaints.

    Raises:
        BadInput: With every complaint at once.
    """
    gather = Collector()
    charges_raw = raw.get("charge", [])
    if not isinstance(charges_raw, list) or not charges_raw:
        raise bad_input(
            "no-charge",
            "nothing is charged",
            file=file,
            field="charge",
            next_step="add a [[charge]] table for each material",
        )
    charges: list[Charge] = []
    for number, item in enumerate(cast("list[Mapping[str, Any]]", charges_raw), start=1):
        name = str(item.get("name", ""))
        field = f"charge[{name or number}]"
        charge = gather.attempt(lambda i=item, f=field: _charge(i, file=file, field=f), None)
        if charge is not None:
            charges.append(charge)
    conditions = raw.get("conditions", {})
    gather.complaints += unknown_keys(conditions, CONDITION_KEYS, file=file, field="conditions")
    programme = gather.attempt(
        lambda: _programme(conditions.get("temperature", "unknown"), priors["temperature"], file=file), Programme(())
    )
    time = gather.attempt(
        lambda: _quantity(conditions, "time", "time", priors["time"], file, "conditions", priors["time"]),
        priors["time"],
    )
    mixing = gather.attempt(lambda: _mixing(conditions.get("mixing", "ideal"), file), 0.0)
    workup = gather.attempt(lambda: _workup(raw.get("workup"), file=file), None)
    scale = gather.attempt(
        lambda: parse_span(raw["scale"], "mol", file=file, field="scale") if "scale" in raw else None, None
    )
    target = raw.get("target")
    recipe = Recipe(
        charges=tuple(charges),
        programme=programme,
        time=time,
        atmosphere=str(conditions.get("atmosphere", "air")),
        mixing=mixing,
        workup=workup,
        scale=scale,
        target=str(target) if target is not None else None,
    )
    if not gather.complaints:
        _contradictions(recipe, gather, file)
    gather.finish()
    return recipe


def _charge(item: Mapping[str, Any], *, file: str, field: str) -> Charge:
    gather = Collector()
    gather.complaints += unknown_keys(item, CHARGE_KEYS, file=file, field=field)
    for key in ("name", "role", "amount"):
        if key not in item:
            gather.add(
                "missing-key",
                f"a charge needs {key!r}",
                file=file,
                field=f"{field}.{key}",
                next_step=f"add {key} = ...",
            )
    role = str(item.get("role", "reagent"))
    if role not in ROLES:
        gather.add(
            "bad-role", "there is no such role", file=file, field=f"{field}.role", value=role, limit=", ".join(ROLES)
        )
    amount = gather.attempt(
        lambda: (
            parse_amount(item["amount"], file=file, field=f"{field}.amount")
            if "amount" in item
            else Amount("equiv", None)
        ),
        Amount("equiv", None),
    )

    def span(key: str, dimension: str, fallback: Span) -> Span:
        return gather.attempt(lambda: _quantity(item, key, dimension, fallback, file, field), fallback)

    purity, water = span("purity", "fraction", EXACT_ONE), span("water", "fraction", EXACT_ZERO)
    for key, value in (("purity", purity), ("water", water)):
        if not 0.0 <= value.low <= value.high <= 1.0:
            gather.add(
                "out-of-range",
                f"{key} lies outside 0 to 100 %",
                file=file,
                field=f"{field}.{key}",
                value=str(item[key]),
                limit="0 % to 100 %",
            )
    if purity.high <= 0.0:
        gather.add(
            "out-of-range", "a purity of 0 % leaves nothing", file=file, field=f"{field}.purity", limit="above 0 %"
        )
    if amount.value is not None and amount.value.low < 0:
        gather.add(
            "negative",
            "an amount cannot be negative",
            file=file,
            field=f"{field}.amount",
            value=str(item["amount"]),
            limit="0 or more",
        )
    add_over, start = span("add_over", "time", EXACT_ZERO), span("start", "time", EXACT_ZERO)
    solution = gather.attempt(lambda: _solution(item.get("solution"), file=file, field=f"{field}.solution"), None)
    gather.finish()
    return Charge(
        name=str(item["name"]),
        role=cast("Role", role),
        amount=amount,
        smiles=str(item["smiles"]) if "smiles" in item else None,
        purity=purity,
        water=water,
        form=str(item["form"]) if "form" in item else None,
        solution=solution,
        add_over=add_over,
        start=start,
        assumed=bool(item.get("assumed", False)),
    )


def _solution(text: object, *, file: str, field: str) -> Solution | None:
    if text is None:
        return None
    parts = str(text).split(" in ", 1)
    if len(parts) != 2 or not parts[1].strip():
        raise bad_input(
            "bad-solution",
            "this is not a solution",
            file=file,
            field=field,
            value=repr(text),
            limit='"0.5 mol/L in acetonitrile"',
        )
    concentration = parse_span(parts[0], "concentration", file=file, field=field)
    if concentration is None or concentration.low <= 0:
        raise bad_input(
            "bad-solution",
            "a solution needs a concentration above 0",
            file=file,
            field=field,
            value=repr(text),
            limit='"0.5 mol/L in acetonitrile"',
        )
    return Solution(concentration, parts[1].strip())


def _programme(value: object, prior: Span, *, file: str) -> Programme:
    field = "conditions.temperature"
    if isinstance(value, (list, tuple)):
        points: list[tuple[float, Span]] = []
        for point in cast("Sequence[Sequence[object]]", value):
            if not isinstance(point, (list, tuple)) or len(point) != 2:
                raise bad_input(
                    "bad-programme",
                    "a programme is a list of [time, temperature]",
                    file=file,
                    field=field,
                    value=repr(value),
                    limit='[["0 h", "0 degC"], ["1 h", "25 degC"]]',
                )
            t = parse_span(point[0], "time", file=file, field=field)
            kelvin = parse_span(point[1], "temperature", file=file, field=field)
            if t is None or not t.exact:
                raise bad_input(
                    "bad-programme",
                    "the times of a programme are single values",
                    file=file,
                    field=field,
                    value=repr(point),
                )
            points.append((t.low, _real_temperature(kelvin or prior, point[1], file, field)))
        if [p[0] for p in points] != sorted({p[0] for p in points}):
            raise bad_input(
                "bad-programme", "the times of a programme must rise", file=file, field=field, value=repr(value)
            )
        return Programme(tuple(points))
    kelvin = parse_span(value, "temperature", file=file, field=field)
    return Programme(((0.0, _real_temperature(kelvin or prior, value, file, field)),))


def _real_temperature(kelvin: Span, value: object, file: str, field: str) -> Span:
    if kelvin.low <= ABSOLUTE_ZERO_K:
        raise bad_input(
            "out-of-range",
            "colder than absolute zero",
            file=file,
            field=field,
            value=repr(value),
            limit="above -273.15 degC",
        )
    return kelvin


def _mixing(value: object, file: str) -> float:
    if value == "ideal":
        return 0.0
    found = parse_span(value, "time", file=file, field="conditions.mixing")
    return found.mid if found is not None else 0.0


def _workup(table: Mapping[str, Any] | None, *, file: str) -> Workup | None:
    if table is None:
        return None
    gather = Collector()
    gather.complaints += unknown_keys(table, WORKUP_KEYS, file=file, field="workup")
    extractions: list[Extraction] = []
    for number, item in enumerate(cast("list[Mapping[str, Any]]", table.get("extract", [])), start=1):
        field = f"workup.extract[{number}]"
        gather.complaints += unknown_keys(item, EXTRACT_KEYS, file=file, field=field)
        volume = gather.attempt(
            lambda i=item, f=field: parse_span(i.get("volume"), "volume", file=file, field=f"{f}.volume"), None
        )
        times = item.get("times", 1)
        if isinstance(times, bool) or not isinstance(times, int) or times < 1:
            gather.add(
                "bad-times",
                "how often is a whole number",
                file=file,
                field=f"{field}.times",
                value=repr(times),
                limit="1 or more",
            )
            continue
        extractions.append(Extraction(str(item.get("solvent", "")), volume.mid if volume else 0.0, times))
    gather.finish()
    quench = table.get("quench")
    ph = float(quench) if isinstance(quench, (int, float)) else _ph_of(quench)
    return Workup(str(quench) if quench is not None else None, ph, tuple(extractions))


def _ph_of(quench: object) -> float | None:
    """Return the pH where the quench is written as one ("pH 9")."""
    text = str(quench or "").strip().lower()
    if not text.startswith("ph"):
        return None
    try:
        return float(text.removeprefix("ph").strip(" =").replace(",", "."))
    except ValueError:
        return None


def _contradictions(recipe: Recipe, gather: Collector, file: str) -> None:
    names = [c.name for c in recipe.charges]
    for name in sorted({n for n in names if names.count(n) > 1}):
        gather.add(
            "duplicate-name",
            "two charges have the same name",
            file=file,
            field=f"charge[{name}]",
            value=name,
            next_step="join them, or name them apart",
        )
    substrates = [c for c in recipe.charges if c.role == "substrate"]
    if not substrates:
        gather.add(
            "no-substrate",
            "no charge has the role substrate",
            file=file,
            field="charge",
            next_step='give the limiting reactant role = "substrate"',
        )
    absolute = [c for c in recipe.charges if c.role != "solvent" and c.amount.kind in {"mol", "mass", "volume"}]
    volumes = [c for c in recipe.charges if c.role == "solvent" and c.amount.kind in {"volume", "mass", "mol"}]
    by_concentration = [c for c in substrates if c.amount.kind == "concentration"]
    if recipe.scale is None and not absolute and not (by_concentration and volumes):
        gather.add(
            "no-scale",
            "every amount is relative, so nothing fixes the scale",
            file=file,
            field="scale",
            next_step='add scale = "10 mmol", or give one substrate in mmol, g or mL',
        )
    if any(c.amount.kind == "concentration" and c.role != "solvent" for c in recipe.charges) and not volumes:
        gather.add(
            "no-solvent-volume",
            "an amount in mol/L needs the volume of the solvent",
            file=file,
            field="charge",
            next_step='give the solvent an amount such as "50 mL"',
        )
    for c in recipe.charges:
        if c.start.low + c.add_over.low > recipe.time.high:
            gather.add(
                "adds-too-long",
                "the addition ends after the run does",
                file=file,
                field=f"charge[{c.name}].add_over",
                value=f"{c.start.low + c.add_over.low:g} s",
                limit=f"{recipe.time.high:g} s, the time of the run",
                next_step="lengthen conditions.time or shorten the addition",
            )
    scaled = [c for c in substrates if c.amount.kind == "equiv"]
    fixed = [c for c in substrates if c.amount.kind == "mol" and c.amount.value is not None]
    if recipe.scale is not None and fixed and scaled:
        smallest = (
            min(c.amount.value.mid for c in scaled if c.amount.value is not None)
            if any(c.amount.value for c in scaled)
            else 1.0
        )
        for c in fixed:
            value = c.amount.value
            if value is not None and value.mid < recipe.scale.mid * smallest * 0.999:
                gather.add(
                    "amounts-contradict",
                    "this substrate is smaller than the scale of the limiting reactant",
                    file=file,
                    field=f"charge[{c.name}].amount",
                    value=f"{value.mid:g} mol",
                    limit=f"at least {recipe.scale.mid:g} mol (scale)",
                    next_step="correct scale, or this amount",
                )
