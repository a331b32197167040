"""What a recipe cannot say at once."""

from __future__ import annotations

from ringside.recipe.collect import Collector
from ringside.recipe.nouns import Charge, Recipe
from ringside.units import format_quantity

ABSOLUTE = ("mol", "mass", "volume")
TOLERANCE = 1e-3


def contradictions(recipe: Recipe, gather: Collector) -> None:
    """Add a complaint for everything in a recipe that contradicts something else in it."""
    _names(recipe, gather)
    _scale(recipe, gather)
    _times(recipe, gather)
    _amounts(recipe, gather)


def _names(recipe: Recipe, gather: Collector) -> None:
    names = [c.name.casefold() for c in recipe.charges]
    for name in sorted({c.name for c in recipe.charges if names.count(c.name.casefold()) > 1}):
        gather.add(
            "duplicate-name",
            "two charges have the same name",
            field=f"charge[{name}]",
            value=name,
            next_step="join them, or name them apart and give both their smiles",
        )


def _scale(recipe: Recipe, gather: Collector) -> None:
    substrates = [c for c in recipe.charges if c.role == "substrate"]
    if not substrates:
        gather.add(
            "no-substrate",
            "no charge has the role substrate",
            field="charge",
            value=", ".join(f"{c.name}: {c.role}" for c in recipe.charges),
            limit="at least one",
            next_step='give the limiting reactant role = "substrate"',
        )
    volumes = [c for c in recipe.charges if c.role == "solvent" and c.amount.kind in ABSOLUTE]
    fixed = [c for c in substrates if c.amount.kind in ABSOLUTE]
    by_concentration = [c for c in substrates if c.amount.kind == "concentration"]
    if substrates and recipe.scale is None and not fixed and not (by_concentration and volumes):
        gather.add(
            "no-scale",
            "the amounts of all substrates are relative, so nothing fixes the scale",
            field="scale",
            limit='such as scale = "10 mmol"',
            next_step='add scale = "10 mmol", or give one substrate in mmol, g or mL',
        )
    for c in recipe.charges:
        if c.amount.kind == "concentration" and c.role != "solvent" and not volumes:
            gather.add(
                "no-solvent-volume",
                "an amount in mol/L needs the volume of the solvent",
                field=f"charge[{c.name}].amount",
                value=_shown(c),
                next_step='give the solvent an amount such as "50 mL"',
            )


def _times(recipe: Recipe, gather: Collector) -> None:
    for c in recipe.charges:
        ends = c.start.low + c.add_over.low
        if ends > recipe.time.high:
            gather.add(
                "adds-too-long",
                "the addition ends after the run does",
                field=f"charge[{c.name}].{'add_over' if c.add_over.low > 0 else 'start'}",
                value=f"ends at {format_quantity(ends, 'time')}",
                limit=f"{format_quantity(recipe.time.high, 'time')}, the time of the run",
                next_step="lengthen conditions.time, start sooner or add faster",
            )


def _amounts(recipe: Recipe, gather: Collector) -> None:
    for c in recipe.charges:
        must = c.role == "substrate" or (c.role == "solvent" and c.amount.kind == "concentration")
        if must and c.amount.value is not None and c.amount.value.low <= 0.0:
            gather.add(
                "out-of-range",
                "this amount must be above zero",
                field=f"charge[{c.name}].amount",
                value=_shown(c),
                limit="above 0",
                next_step="give its amount, or take the charge out",
            )
    if recipe.scale is None:
        return
    if recipe.scale.low <= 0.0:
        gather.add("out-of-range", "the scale must be above zero", field="scale", limit="above 0")
    for c in recipe.charges:
        value = c.amount.value
        short = c.role == "substrate" and c.amount.kind == "mol" and value is not None
        if short and value is not None and value.high < recipe.scale.low * (1 - TOLERANCE):
            gather.add(
                "amounts-contradict",
                "there is less of this substrate than the scale, which is that of the limiting reactant",
                field=f"charge[{c.name}].amount",
                value=_shown(c),
                limit=f"at least {format_quantity(recipe.scale.low, 'mol')} (scale)",
                next_step="correct scale or this amount, or leave scale out",
            )


def _shown(c: Charge) -> str:
    value = c.amount.value
    if value is None:
        return "unknown"
    low, high = format_quantity(value.low, c.amount.kind), format_quantity(value.high, c.amount.kind)
    return low if value.exact else f"{low} to {high}"
