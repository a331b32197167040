"""A recipe made concrete: moles, litres and seconds."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

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
        spans = {
            "amount": c.amount.value,
            "purity": c.purity,
            "water": c.water,
            "add_over": c.add_over,
            "start": c.start,
        }
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
        raise bad_input(
            "unknown-form",
            "this form is not known",
            file=file,
            field=f"{field}.form",
            value=form,
            limit=", ".join(FORMS),
            next_step="give the salt as smiles instead",
        )
    return tuple(p for p in FORMS[key].split("."))


def resolve(
    recipe: Recipe,
    catalogue: Catalogue,
    quantiles: Mapping[str, float] | None = None,
    *,
    priors: Priors,
    file: str = "",
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
    at = _Quantiles(quantiles or {})
    materials = [_material(c, catalogue, file) for c in recipe.charges]
    amounts = {
        m.charge.name: at(f"charge[{m.charge.name}].amount", m.charge.amount.value, priors.equiv) for m in materials
    }
    scale = at("scale", recipe.scale, recipe.scale) if recipe.scale is not None else None
    volume = _solvent_volume(materials, amounts)
    unit, limiting = _limiting(materials, amounts, scale, volume, file)
    unknown = sum(_solvent_unknown(m) for m in materials)
    poured: list[_Poured] = []
    for m in materials:
        name = m.charge.name
        if _solvent_unknown(m):
            litres = limiting / at(f"charge[{name}].amount", None, priors.concentration) / unknown
            moles = _moles_of_volume(m, litres)
        elif m.charge.role == "solvent" and m.charge.amount.kind == "concentration":
            litres = limiting / amounts[name]
            moles = _moles_of_volume(m, litres)
        else:
            moles = _moles(m, amounts[name], unit, volume, file)
            litres = _litres(m, amounts[name], moles)
        poured.append(_pour(m, moles, litres, at, catalogue, file))
    start_volume = sum(p.at_start for p in poured)
    if start_volume <= 0.0:
        raise bad_input(
            "no-volume",
            "nothing liquid is in the flask at the start",
            file=file,
            field="charge",
            next_step="charge a solvent without start or add_over",
        )
    doses = [d for p in poured for d in p.doses]
    points = tuple((t, at("conditions.temperature", span, span)) for t, span in recipe.programme.points)
    latest = max((d.start + d.duration for d in doses), default=0.0)
    return Flask(
        doses=tuple(sorted(doses, key=lambda d: (d.smiles or "", d.name, d.start))),
        solvents=_fractions(poured),
        volume=start_volume,
        programme=points,
        time=max(at("conditions.time", recipe.time, recipe.time), latest),
        mixing=recipe.mixing,
        atmosphere=recipe.atmosphere,
        limiting=limiting,
        limiting_smiles=_limiting_material(materials, amounts, unit, volume, file),
        workup=recipe.workup,
        warnings=tuple(
            _range_note(c.name, c.amount.value is None)
            for c in recipe.charges
            if c.amount.value is None or not c.amount.value.exact
        ),
    )


@dataclass(frozen=True, slots=True)
class _Quantiles:
    """Picks a value out of a range, at the quantile of its field or in the middle."""

    by_field: Mapping[str, float]

    def __call__(self, path: str, span: Span | None, prior: Span) -> float:
        return (span or prior).at(self.by_field.get(path, 0.5))


@dataclass(frozen=True, slots=True)
class _Poured:
    """One charge in the flask: its doses, solvents by name [L], and what is there at the start [L]."""

    doses: tuple[Dose, ...]
    solvents: tuple[tuple[str, float], ...]
    at_start: float


def _solvent_unknown(m: _Material) -> bool:
    return m.charge.role == "solvent" and m.charge.amount.kind == "equiv"


def _pour(m: _Material, moles: float, litres: float, at: _Quantiles, catalogue: Catalogue, file: str) -> _Poured:
    c = m.charge
    path = f"charge[{c.name}]"
    start, over = at(f"{path}.start", c.start, c.start), at(f"{path}.add_over", c.add_over, c.add_over)
    doses: list[Dose] = []
    solvents: list[tuple[str, float]] = []
    carried = litres
    if c.solution is not None:
        carried = moles / at(f"{path}.solution", c.solution.concentration, c.solution.concentration)
        solvent = catalogue.find(c.solution.solvent, file=file, field=f"{path}.solution")
        solvents.append((solvent.name, carried))
        doses += _solvent_doses(solvent, carried, start, over)
    if c.role == "solvent":
        solvents.append((m.reagent.name if m.reagent is not None else c.name, litres))
    first = start <= 0.0 and over <= 0.0
    purity, water = at(f"{path}.purity", c.purity, c.purity), at(f"{path}.water", c.water, c.water)
    doses += _doses(m, moles, purity, start, over, 0.0 if first else carried)
    if water > 0.0:
        grams = moles * (m.molar_mass or 0.0)
        doses.append(Dose(f"water in {c.name}", WATER, c.role, grams * water / average_mass(WATER), start, over))
    return _Poured(tuple(doses), tuple(solvents), carried if first else 0.0)


def _fractions(poured: Sequence[_Poured]) -> tuple[tuple[str, float], ...]:
    """Return solvents by volume fraction, largest first."""
    volumes: dict[str, float] = {}
    for p in poured:
        for name, litres in p.solvents:
            volumes[name] = volumes.get(name, 0.0) + litres
    total = sum(volumes.values()) or 1.0
    return tuple(sorted(((n, v / total) for n, v in volumes.items()), key=lambda s: (-s[1], s[0])))


def _range_note(name: str, unknown: bool) -> Caution:
    if unknown:
        return Caution(
            "unknown-amount",
            "note",
            f"How much {name} was used is unknown: sampled from a broad prior.",
            f"charge[{name}].amount",
        )
    return Caution(
        "range", "note", f"The amount of {name} is given as a range and was sampled over it.", f"charge[{name}].amount"
    )


def _solvent_volume(materials: list[_Material], amounts: Mapping[str, float]) -> float:
    """Return the litres of solvent that are given as such."""
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
            raise bad_input(
                "no-density",
                "a volume of a material whose density is not known",
                file=file,
                field=field,
                value=f"{1000 * amount:g} mL",
                limit="g, mmol or equiv",
                next_step="give the amount in g, mmol or equiv",
            )
        return amount * 1000.0 * m.density / m.molar_mass
    return None


def _moles(m: _Material, amount: float, limiting: float, volume: float, file: str) -> float:
    found = _absolute(m, amount, volume, file)
    return found if found is not None else amount * limiting


def _limiting(
    materials: list[_Material], amounts: Mapping[str, float], scale: float | None, volume: float, file: str
) -> tuple[float, float]:
    """Return the moles of one equivalent, and those of the limiting reactant: the substrate that there is least of."""
    substrates = [m for m in materials if m.charge.role == "substrate"]
    given = [(m, _absolute(m, amounts[m.charge.name], volume, file)) for m in substrates]
    moles = [n for _, n in given if n is not None]
    relative = [amounts[m.charge.name] for m, n in given if n is None]
    if scale is not None:
        return (scale / min(relative) if relative else scale), scale
    if moles:
        unit = min(moles)
        return unit, unit * min([1.0, *relative])
    others = [
        _absolute(m, amounts[m.charge.name], volume, file)
        for m in materials
        if m.charge.role not in {"substrate", "solvent"}
    ]
    fixed = [n for n in others if n]
    if fixed:
        return fixed[0], fixed[0] * min([1.0, *relative])
    raise bad_input("no-scale", "nothing fixes the scale", file=file, field="scale", next_step='add scale = "10 mmol"')


def _limiting_material(
    materials: list[_Material], amounts: Mapping[str, float], unit: float, volume: float, file: str
) -> str:
    substrates = [m for m in materials if m.charge.role == "substrate" and m.parts]
    ranked = sorted(
        substrates,
        key=lambda m: (round(_moles(m, amounts[m.charge.name], unit, volume, file) / unit, 6), m.parts),
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
        yield Dose(
            solvent.name,
            components(solvent.smiles)[0],
            "solvent",
            litres * 1000 * solvent.density / solvent.molar_mass,
            start,
            over,
        )
