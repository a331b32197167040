"""A recipe made concrete: moles, litres and seconds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ringside.chem.mass import average_mass, formula
from ringside.chem.molecule import components
from ringside.errors import bad_input
from ringside.recipe.amounts import Basis, absolute, basis, litres_of, moles_in, solvent_litres, volume_of
from ringside.recipe.catalogue import Catalogue, Reagent
from ringside.recipe.collect import Collector
from ringside.recipe.materials import Material, material
from ringside.recipe.nouns import Caution, Charge, Dose, Flask, Recipe
from ringside.units import Span

WATER = "O"


@dataclass(frozen=True, slots=True)
class Priors:
    """Ranges sampled where the recipe says "unknown": equivalents [-], concentration of the limiting reactant [mol/L]."""

    equiv: Span
    concentration: Span


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


def _spans(c: Charge) -> dict[str, Span | None]:
    """Return every quantity of a charge by the last part of its field path."""
    found = {"amount": c.amount.value, "purity": c.purity, "water": c.water, "add_over": c.add_over, "start": c.start}
    return found | ({"solution": c.solution.concentration} if c.solution is not None else {})


def unknown_fields(recipe: Recipe) -> tuple[str, ...]:
    """Return the paths of everything given as a range or "unknown", sorted."""
    found = [
        f"charge[{c.name}].{key}"
        for c in recipe.charges
        for key, span in _spans(c).items()
        if span is None or not span.exact
    ]
    if any(not span.exact for _, span in recipe.programme.points):
        found.append("conditions.temperature")
    if not recipe.time.exact:
        found.append("conditions.time")
    if recipe.scale is not None and not recipe.scale.exact:
        found.append("scale")
    return tuple(sorted(found))


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
        Doses sorted by SMILES, name and start, whatever the order of the charges; salts split into ions, water and salt
        forms as doses of their own. A dose has the name of its charge where its moles are those of the charge.

    Raises:
        BadInput: For names that the catalogue does not know, or an amount that cannot be turned into moles.
    """
    at = _Quantiles(quantiles or {})
    gather = Collector(file)
    charges = sorted(recipe.charges, key=lambda c: c.name)
    tried = [gather.attempt(lambda c=c: material(c, catalogue, file=file), None) for c in charges]
    gather.finish()
    materials = [m for m in tried if m is not None]
    amounts = {
        m.charge.name: at(f"charge[{m.charge.name}].amount", m.charge.amount.value, priors.equiv) for m in materials
    }
    scale = at("scale", recipe.scale, recipe.scale) if recipe.scale is not None else None
    solvent = solvent_litres(materials, amounts)
    base = basis(materials, amounts, scale, solvent, file)
    diluting = sum(_dilutes(m) for m in materials)
    poured: list[_Poured] = []
    for m in materials:
        amount = amounts[m.charge.name]
        if _dilutes(m):
            span = m.charge.amount.value
            litres = base.limiting / at(f"charge[{m.charge.name}].amount", span, priors.concentration) / diluting
            moles = moles_in(m, litres)
        else:
            moles = absolute(m, amount, solvent, file)
            moles = moles if moles is not None else amount * base.unit
            litres = litres_of(m, amount) or volume_of(m, moles)
        poured.append(_pour(m, moles, litres, at, catalogue, file))
    start_volume = sum(p.at_start for p in poured)
    if start_volume <= 0.0:
        raise bad_input(
            "no-volume",
            "nothing liquid is in the flask at the start",
            file=file,
            field="charge",
            limit="at least one liquid without start, add_over or solution",
            next_step='charge a solvent, such as acetonitrile with amount = "50 mL"',
        )
    doses = [d for p in poured for d in p.doses]
    latest = max((d.start + d.duration for d in doses), default=0.0)
    return Flask(
        doses=tuple(sorted(doses, key=lambda d: (d.smiles or "", d.name, d.start))),
        solvents=_fractions(poured),
        volume=start_volume,
        programme=tuple((t, at("conditions.temperature", span, span)) for t, span in recipe.programme.points),
        time=max(at("conditions.time", recipe.time, recipe.time), latest),
        mixing=recipe.mixing,
        atmosphere=recipe.atmosphere,
        limiting=base.limiting,
        limiting_smiles=base.smiles,
        workup=recipe.workup,
        warnings=_warnings(recipe, materials, base),
    )


def _dilutes(m: Material) -> bool:
    """Say whether a solvent's volume follows from the concentration of the limiting reactant, stated or unknown."""
    amount = m.charge.amount
    return m.charge.role == "solvent" and (amount.value is None or amount.kind == "concentration")


def _pour(m: Material, moles: float, litres: float, at: _Quantiles, catalogue: Catalogue, file: str) -> _Poured:
    c = m.charge
    path = f"charge[{c.name}]"
    start, over = at(f"{path}.start", c.start, c.start), at(f"{path}.add_over", c.add_over, c.add_over)
    purity, water = at(f"{path}.purity", c.purity, c.purity), at(f"{path}.water", c.water, c.water)
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
    doses += _doses(m, moles * min(purity, 1.0 - water), start, over, 0.0 if first else carried)
    if water > 0.0:
        role = "solvent" if c.role == "solvent" else "additive"
        wet = moles * (m.molar_mass or 0.0) * water / average_mass(WATER)
        doses.append(Dose(f"water in {c.name}", WATER, role, wet, start, over))
    return _Poured(tuple(doses), tuple(solvents), carried if first else 0.0)


def _doses(m: Material, moles: float, start: float, over: float, volume: float) -> Iterator[Dose]:
    """Yield the doses of one charge; the volume enters with its main part."""
    c = m.charge
    if not m.parts:
        yield Dose(c.name, None, c.role, moles, start, over, volume, m.solid)
        return
    for part in sorted(set(m.parts)):
        count = m.parts.count(part)
        if part == m.main:
            yield Dose(c.name, part, c.role, moles * count, start, over, volume, m.solid)
        else:
            role = "additive" if c.role == "substrate" else c.role
            yield Dose(f"{formula(part)} of {c.name}", part, role, moles * count, start, over, 0.0, m.solid)


def _solvent_doses(solvent: Reagent, litres: float, start: float, over: float) -> Iterator[Dose]:
    if solvent.smiles is not None and solvent.density and solvent.molar_mass:
        moles = litres * 1000.0 * solvent.density / solvent.molar_mass
        yield Dose(solvent.name, components(solvent.smiles)[0], "solvent", moles, start, over)


def _fractions(poured: Sequence[_Poured]) -> tuple[tuple[str, float], ...]:
    """Return solvents by volume fraction, largest first."""
    volumes: dict[str, float] = {}
    for p in poured:
        for name, litres in p.solvents:
            volumes[name] = volumes.get(name, 0.0) + litres
    total = sum(volumes.values()) or 1.0
    return tuple(sorted(((n, v / total) for n, v in volumes.items()), key=lambda s: (-s[1], s[0])))


_WORDS = {
    "amount": "The amount of {name}",
    "purity": "The purity of {name}",
    "water": "The water in {name}",
    "add_over": "How long {name} was added",
    "start": "When {name} was added",
    "solution": "The strength of the solution of {name}",
}


def _warnings(recipe: Recipe, materials: Sequence[Material], base: Basis) -> tuple[Caution, ...]:
    """Return a note for everything unknown or given as a range, and what the materials warn of."""
    found = [*base.warnings, *(w for m in materials for w in m.warnings)]
    for m in materials:
        for key, span in _spans(m.charge).items():
            field = f"charge[{m.charge.name}].{key}"
            what = _WORDS[key].format(name=m.charge.name)
            if field in recipe.unknown or span is None:
                found.append(_unknown_note(m.charge, key, what, field, sampled=span is None or not span.exact))
            elif not span.exact:
                found.append(Caution("range", "note", f"{what} is given as a range and was sampled over it.", field))
    for name in ("temperature", "time"):
        field = f"conditions.{name}"
        if field in recipe.unknown:
            found.append(Caution("unknown", "note", f"The {name} is unknown: sampled from a broad prior.", field))
    return tuple(found)


def _unknown_note(c: Charge, key: str, what: str, field: str, *, sampled: bool) -> Caution:
    if key == "amount":
        text = f"How much {c.name} was used is unknown: sampled from a broad prior."
    elif sampled:
        text = f"{what} is unknown: sampled from a broad prior."
    else:
        text = f"{what} is unknown: taken as pure, dry and at once."
    return Caution(f"unknown-{key.replace('_', '-')}", "note", text, field)
