"""Amounts of all kinds into moles and litres, and which reactant limits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ringside.errors import bad_input
from ringside.recipe.materials import Material
from ringside.recipe.nouns import Caution
from ringside.units import format_quantity

ML_PER_L = 1000.0
SCALE_TOLERANCE = 0.05


@dataclass(frozen=True, slots=True)
class Basis:
    """What amounts refer to: moles of one equivalent, moles and SMILES of the limiting reactant."""

    unit: float
    limiting: float
    smiles: str
    warnings: tuple[Caution, ...] = ()


def solvent_litres(materials: Sequence[Material], amounts: Mapping[str, float]) -> float:
    """Return the litres of solvent that are given as such, solvents of solutions left out."""
    solvents = [m for m in materials if m.charge.role == "solvent"]
    return sum(litres_of(m, amounts[m.charge.name]) for m in solvents)


def litres_of(m: Material, amount: float) -> float:
    """Return the litres of a liquid given in mL, g or mmol; 0 for other kinds of amount or without a density."""
    kind = m.charge.amount.kind
    if kind == "volume":
        return amount
    if kind in {"mass", "mol"} and m.molar_mass:
        return volume_of(m, amount / m.molar_mass if kind == "mass" else amount)
    return 0.0


def volume_of(m: Material, moles: float) -> float:
    """Return the litres of so many moles of a liquid; solids, gases and what has no density take none."""
    liquid = m.reagent is not None and m.reagent.phase == "liquid"
    return moles * m.molar_mass / m.density / ML_PER_L if liquid and m.density and m.molar_mass else 0.0


def moles_in(m: Material, litres: float) -> float:
    """Return the moles of a volume, 0 without a density."""
    return litres * ML_PER_L * m.density / m.molar_mass if m.density and m.molar_mass else 0.0


def absolute(m: Material, amount: float, solvent: float, file: str) -> float | None:
    """Return moles where an amount does not refer to the limiting reactant; 0 for a mass of unknown molar mass.

    Raises:
        BadInput: For a volume of a material of unknown density.
    """
    kind = m.charge.amount.kind
    if kind == "mol":
        return amount
    if kind == "concentration" and m.charge.role != "solvent":
        return amount * solvent
    if kind == "mass":
        return amount / m.molar_mass if m.molar_mass else 0.0
    if kind == "volume":
        if m.density is None and m.charge.role != "solvent":
            raise bad_input(
                "no-density",
                "a volume of a material whose density is not known",
                file=file,
                field=f"charge[{m.charge.name}].amount",
                value=format_quantity(amount, "volume"),
                limit="g, mmol or equiv",
                next_step="give the amount in g, mmol or equiv; for a solution add solution",
            )
        return moles_in(m, amount)
    return None


def basis(
    materials: Sequence[Material], amounts: Mapping[str, float], scale: float | None, solvent: float, file: str
) -> Basis:
    """Return what one equivalent is, and the limiting reactant: the substrate that there is least of.

    With a scale, the smallest number of equivalents among the substrates is that many moles. Without one, the smallest
    absolute amount of a substrate is one equivalent.

    Raises:
        BadInput: If nothing fixes the scale, or an amount contradicts it.
    """
    substrates = [m for m in materials if m.charge.role == "substrate" and m.molar_mass]
    moles = {m.charge.name: absolute(m, amounts[m.charge.name], solvent, file) for m in substrates}
    fixed = {name: n for name, n in moles.items() if n is not None}
    relative = [amounts[name] for name, n in moles.items() if n is None]
    if not any(m.main for m in substrates):
        raise bad_input(
            "no-structure",
            "no substrate has a structure",
            file=file,
            field="charge",
            next_step='add smiles = "..." to the limiting reactant',
        )
    warnings: tuple[Caution, ...] = ()
    if scale is not None and relative:
        unit = scale / min(relative)
        limiting = scale
        _enough(materials, fixed, scale, file)
    elif fixed:
        unit = min(fixed.values())
        limiting = unit * min([1.0, *relative])
        if scale is not None and abs(limiting / scale - 1.0) > SCALE_TOLERANCE:
            warnings = (_other_scale(scale, limiting),)
    else:
        raise bad_input(
            "no-scale", "nothing fixes the scale", file=file, field="scale", next_step='add scale = "10 mmol"'
        )
    ranked = sorted(
        (m for m in substrates if m.main),
        key=lambda m: (round((moles[m.charge.name] or amounts[m.charge.name] * unit) / unit, 6), m.parts),
    )
    return Basis(unit, limiting, ranked[0].main, warnings)


def _enough(materials: Sequence[Material], fixed: Mapping[str, float], scale: float, file: str) -> None:
    """Refuse an exact absolute amount of a substrate below the scale."""
    exact = {m.charge.name for m in materials if m.charge.amount.value is not None and m.charge.amount.value.exact}
    for name in sorted(exact & fixed.keys()):
        if fixed[name] < scale * (1 - SCALE_TOLERANCE):
            raise bad_input(
                "amounts-contradict",
                "there is less of this substrate than the scale, which is that of the limiting reactant",
                file=file,
                field=f"charge[{name}].amount",
                value=format_quantity(fixed[name], "mol"),
                limit=f"at least {format_quantity(scale, 'mol')} (scale)",
                next_step="correct scale or this amount, or leave scale out",
            )


def _other_scale(scale: float, limiting: float) -> Caution:
    said, found = format_quantity(scale, "mol"), format_quantity(limiting, "mol")
    return Caution(
        "scale-contradicts",
        "caution",
        f"The scale is given as {said}, but the amounts make it {found}: these count.",
        "scale",
    )
