"""A recipe made concrete: moles, litres and seconds."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from ringside.chem.mass import average_mass
from ringside.chem.molecule import components
from ringside.errors import bad_input
from ringside.recipe.catalogue import Catalogue, Reagent
from ringside.recipe.nouns import Caution, Charge, Dose, Flask, Recipe
from ringside.units import Span

WATER = "O"
FORMS = {
    "hcl": "Cl",
    "hydrochloride": "Cl",
    "dihydrochloride": "Cl.Cl",
    "2hcl": "Cl.Cl",
    "3hcl": "Cl.Cl.Cl",
    "hbr": "Br",
    "hydrobromide": "Br",
    "2hbr": "Br.Br",
    "tfa": "O=C(O)C(F)(F)F",
    "hydrate": "O",
    "monohydrate": "O",
    "dihydrate": "O.O",
    "hexahydrate": "O.O.O.O.O.O",
}


@dataclass(frozen=True, slots=True)
class Priors:
    """Ranges sampled where the recipe says "unknown": equivalents [-], concentration of the limiting reactant [mol/L]."""

    equiv: Span
    concentration: Span


@dataclass(frozen=True, slots=True)
class _Material:
    """A charge with what is known of it."""

    charge: Charge
    reagent: Reagent | None
    parts: tuple[str, ...]
    molar_mass: float | None
    density: float | None


def unknown_fields(recipe: Recipe) -> tuple[str, ...]:
    """Return the paths of everything given as a range or "unknown", sorted."""
    found: list[str] = []
    for c in recipe.charges:
        spans = {"amount": c.amount.value, "purity": c.purity, "water": c.water, "add_over": c.add_over, "start": c.start}
        found += [f"charge[{c.name}].{key}" for key, span in spans.items() if span is None or not span.exact]
        if c.solution is not None and not c.solution.concentration.exact:
            found.append(f"charge[{c.name}].solution")
    if any(not span.exact for _, span in recipe.programme.points):
        found.append("conditions.temperature")
    if not recipe.time.exact:
        found.append("conditions.time")
    if recipe.scale is not None and not recipe.scale.exact:
        found.append("scale")
    return tuple(sorted(found))


def _material(charge: Charge, catalogue: Catalogue, file: str) -> _Material:
    field = f"charge[{charge.name}]"
    reagent = catalogue.get(charge.name)
    smiles = charge.smiles
    if smiles is None:
        reagent = reagent or catalogue.find(charge.name, file=file, field=f"{field}.name")
        smiles = reagent.smiles
    parts = components(smiles, file=file, field=f"{field}.smiles") if smiles else ()
    if charge.form is not None:
        parts += _form_parts(charge.form, file, field)
    mass = sum(average_mass(p) for p in parts) if parts else (reagent.molar_mass if reagent else None)
    return _Material(charge, reagent, parts, mass, reagent.density if reagent else None)


def _form_parts(form: str, file: str, field: str) -> tuple[str, ...]:
    key = re.sub(r"\s|salt|\.", "", form.lower())
    if key in {"free", "freebase", "anhydrous", "powder", "oil", "solid"}:
        return ()
    if key not in FORMS:
        raise bad_input("unknown-form", "this form is not known", file=file, field=f"{field}.form", value=form, limit=", ".join(FORMS), next_step="give the salt as smiles instead")
    return tuple(p for p in FORMS[key].split("."))


def resolve(
    recipe: Recipe, catalogue: Catalogue, quantiles: Mapping[str, float] | None = None, *, priors: Priors, file: str = ""
) -> Flask:
    """Return the flask of a recipe with one value for every range.

    Args:
        recipe: What the case file says.
        catalogue: Densities, molar masses and structures by name.
        quantiles: Quantile in [0, 1] for each range, by field path; the middle where left out.
        priors: Ranges for unknown amounts.
        file: Named in complaints.

    Returns:
        Doses sorted by SMILES, name and start; salts split into ions, water and salt forms as doses of their own.

    Raises:
        BadInput: For a name that the catalogue does not know, or an amount that cannot be turned into moles.
    """
    u = quantiles or {}

    def value(path: str, span: Span | None, prior: Span) -> float:
        return (span or prior).at(u.get(path, 0.5))

    materials = [_material(c, catalogue, file) for c in recipe.charges]
    amounts = {m.charge.name: value(f"charge[{m.charge.name}].amount", m.charge.amount.value, priors.equiv) for m in materials}
    scale = value("scale", recipe.scale, Span(1.0, 1.0)) if recipe.scale is not None else None
    volume = _solvent_volume(materials, amounts, recipe)
    limiting = _limiting(materials, amounts, scale, volume, file)
    unknown_solvent = [m for m in materials if m.charge.role == "solvent" and m.charge.amount.kind == "equiv"]
    doses: list[Dose] = []
    notes: list[Caution] = []
    solvent_volumes: dict[str, float] = {}
    start_volume = 0.0
    for m in materials:
        c = m.charge
        path = f"charge[{c.name}]"
        if c.amount.value is None or not c.amount.value.exact:
            notes.append(_range_note(c.name, c.amount.value is None))
        start, over = value(f"{path}.start", c.start, c.start), value(f"{path}.add_over", c.add_over, c.add_over)
        if m in unknown_solvent:
            litres = limiting / priors.concentration.at(u.get(f"{path}.amount", 0.5)) / len(unknown_solvent)
            moles = _moles_of_volume(m, litres)
        elif c.role == "solvent" and c.amount.kind == "concentration":
            litres = limiting / amounts[c.name]
            moles = _moles_of_volume(m, litres)
        else:
            moles = _moles(m, amounts[c.name], limiting, volume, file)
            litres = _litres(m, amounts[c.name], moles)
        carried = litres
        if c.solution is not None:
            strength = c.solution.concentration.at(u.get(f"{path}.solution", 0.5))
            carried = moles / strength
            solvent = catalogue.find(c.solution.solvent, file=file, field=f"{path}.solution")
            solvent_volumes[solvent.name] = solvent_volumes.get(solvent.name, 0.0) + carried
            notes += []
            doses += _solvent_doses(solvent, carried, start, over)
        if c.role == "solvent" and m.reagent is not None:
            solvent_volumes[m.reagent.name] = solvent_volumes.get(m.reagent.name, 0.0) + litres
        elif c.role == "solvent":
            solvent_volumes[c.name] = solvent_volumes.get(c.name, 0.0) + litres
        if start <= 0.0 and over <= 0.0:
            start_volume += carried
            carried = 0.0
        purity = value(f"{path}.purity", c.purity, c.purity)
        water = value(f"{path}.water", c.water, c.water)
        doses += _doses(m, moles, purity, start, over, carried)
        if water > 0.0:
            grams = moles * (m.molar_mass or 0.0)
            doses.append(Dose(f"water in {c.name}", WATER, c.role, grams * water / average_mass(WATER), start, over))
    if start_volume <= 0.0:
        raise bad_input("no-volume", "nothing liquid is in the flask at the start", file=file, field="charge", next_step="charge a solvent without start or add_over")
    total = sum(solvent_volumes.values()) or 1.0
    points = tuple((t, span.at(u.get("conditions.temperature", 0.5))) for t, span in recipe.programme.points)
    time = value("conditions.time", recipe.time, recipe.time)
    latest = max((d.start + d.duration for d in doses), default=0.0)
    smallest = _limiting_material(materials, amounts, limiting, volume, file)
    return Flask(
        doses=tuple(sorted(doses, key=lambda d: (d.smiles or "", d.name, d.start))),
        solvents=tuple(sorted(((n, v / total) for n, v in solvent_volumes.items()), key=lambda s: (-s[1], s[0]))),
        volume=start_volume,
        programme=points,
        time=max(time, latest),
        mixing=recipe.mixing,
        atmosphere=recipe.atmosphere,
        limiting=limiting,
        limiting_smiles=smallest,
        workup=recipe.workup,
        warnings=tuple(notes),
    )


def _range_note(name: str, unknown: bool) -> Caution:
    if unknown:
        return Caution("unknown-amount", "note", f"How much {name} was used is unknown: sampled from a broad prior.", f"charge[{name}].amount")
    return Caution("range", "note", f"The amount of {name} is given as a range and was sampled over it.", f"charge[{name}].amount")


def _solvent_volume(materials: list[_Material], amounts: Mapping[str, float], recipe: Recipe) -> float:
    """Return the litres of solvent that are given as such."""
    del recipe
    total = 0.0
    for m in materials:
        if m.charge.role != "solvent":
            continue
        kind, amount = m.charge.amount.kind, amounts[m.charge.name]
        if kind == "volume":
            total += amount
        elif kind == "mass" and m.density:
            total += amount / m.density / 1000.0
        elif kind == "mol" and m.density and m.molar_mass:
            total += amount * m.molar_mass / m.density / 1000.0
    return total


def _moles_of_volume(m: _Material, litres: float) -> float:
    return litres * 1000.0 * m.density / m.molar_mass if m.density and m.molar_mass else 0.0


def _litres(m: _Material, amount: float, moles: float) -> float:
    """Return the volume a liquid charge brings with it; solids and gases bring none."""
    if m.charge.amount.kind == "volume":
        return amount
    if m.reagent is not None and m.reagent.phase == "liquid" and m.density and m.molar_mass:
        return moles * m.molar_mass / m.density / 1000.0
    return 0.0


def _absolute(m: _Material, amount: float, volume: float, file: str) -> float | None:
    """Return moles where the amount does not refer to the limiting reactant."""
    field = f"charge[{m.charge.name}].amount"
    kind = m.charge.amount.kind
    if kind == "mol":
        return amount
    if kind == "concentration":
        return amount * volume
    if kind in {"mass", "volume"}:
        if m.molar_mass is None:
            return 0.0
        if kind == "mass":
            return amount / m.molar_mass
        if m.density is None:
            raise bad_input("no-density", "a volume of a material whose density is not known", file=file, field=field, value=f"{1000 * amount:g} mL", limit="g, mmol or equiv", next_step="give the amount in g, mmol or equiv")
        return amount * 1000.0 * m.density / m.molar_mass
    return None


def _moles(m: _Material, amount: float, limiting: float, volume: float, file: str) -> float:
    found = _absolute(m, amount, volume, file)
    return found if found is not None else amount * limiting


def _limiting(
    materials: list[_Material], amounts: Mapping[str, float], scale: float | None, volume: float, file: str
) -> float:
    """Return the moles of the limiting reactant: of the substrate with the fewest equivalents."""
    substrates = [m for m in materials if m.charge.role == "substrate"]
    given = [(m, _absolute(m, amounts[m.charge.name], volume, file)) for m in substrates]
    moles = [n for _, n in given if n is not None]
    relative = [amounts[m.charge.name] for m, n in given if n is None]
    if scale is not None:
        return scale
    if moles and relative:
        return min(moles) * min(1.0, *relative) if min(relative) < 1.0 else min(moles)
    if moles:
        return min(moles)
    others = [
        _absolute(m, amounts[m.charge.name], volume, file) for m in materials if m.charge.role not in {"substrate", "solvent"}
    ]
    fixed = [n for n in others if n]
    if fixed:
        return fixed[0]
    raise bad_input("no-scale", "nothing fixes the scale", file=file, field="scale", next_step='add scale = "10 mmol"')


def _limiting_material(
    materials: list[_Material], amounts: Mapping[str, float], limiting: float, volume: float, file: str
) -> str:
    substrates = [m for m in materials if m.charge.role == "substrate" and m.parts]
    ranked = sorted(
        substrates, key=lambda m: (round(_moles(m, amounts[m.charge.name], limiting, volume, file) / limiting, 6), m.parts)
    )
    return _main_part(ranked[0]) if ranked else ""


def _main_part(m: _Material) -> str:
    return max(m.parts, key=lambda p: (average_mass(p), p))


def _doses(m: _Material, moles: float, purity: float, start: float, over: float, volume: float) -> Iterator[Dose]:
    """Yield the doses of one charge, its volume on the first."""
    c = m.charge
    solid = m.reagent is not None and m.reagent.phase == "solid" and c.solution is None
    if not m.parts:
        yield Dose(c.name, None, c.role, moles, start, over, volume, solid)
        return
    counts = {p: m.parts.count(p) for p in sorted(set(m.parts))}
    first = True
    for part, count in counts.items():
        dose = Dose(c.name, part, c.role, moles * purity * count, start, over, volume if first else 0.0, solid)
        yield dose
        first = False


def _solvent_doses(solvent: Reagent, litres: float, start: float, over: float) -> Iterator[Dose]:
    if solvent.smiles is not None and solvent.density and solvent.molar_mass:
        yield Dose(solvent.name, components(solvent.smiles)[0], "solvent", litres * 1000 * solvent.density / solvent.molar_mass, start, over)


def with_note(flask: Flask, note: Caution) -> Flask:
    """Return the flask with one more warning."""
    return replace(flask, warnings=(*flask.warnings, note))
