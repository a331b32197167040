"""The species and flask of a report."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

import numpy as np

from ringside.answers.entries import species_id
from ringside.answers.flow import Simulation, instrument_of, looks
from ringside.answers.report import (
    ChargeEntry,
    FlaskEntry,
    Interval,
    Ion,
    IsomerEntry,
    SpeciesEntry,
    SpeciesRole,
    Visible,
)
from ringside.chem.isomers import rotamers, stereoisomers
from ringside.chem.labels import CommonName, describe
from ringside.chem.mass import exact_mass, formula, inchikey
from ringside.chem.molecule import elements
from ringside.evidence.expected import expected
from ringside.evidence.nouns import Expected
from ringside.kinetics.nouns import FloatArray
from ringside.knowledge.base import Knowledge
from ringside.network.nouns import FAMILY_PREFIX, Reaction
from ringside.network.paths import net_flux, trees

SHOWN_IONS = 6
ORGANIC = "C"
SALT_CARBON = frozenset({"O=C([O-])[O-]", "O=C([O-])O", "O=C(O)O"})
NOTHING = Interval(0.0, 0.0, 0.0)
LEAST_TURNOVER, FAIR_PART = 1e-6, 0.02
LEAST_SHOWN = 1e-3


def interval(values: FloatArray) -> Interval:
    """Return median and 5 to 95 % of draws, never below 0."""
    low, median, high = (max(float(v), 0.0) for v in np.quantile(values, (0.05, 0.5, 0.95)))
    return Interval(median, min(low, median), max(high, median))


def columns(simulation: Simulation) -> dict[str, int]:
    """Return the column of each species in the outcome."""
    return {s: i for i, s in enumerate(simulation.outcome.species)}


def flux_of(simulation: Simulation) -> dict[str, float]:
    """Return the mean turnover of each reaction [mol per mol limiting]."""
    mean = np.mean(simulation.ensemble.flux / simulation.ensemble.limiting[:, None], axis=0)
    return {r.id: float(f) for r, f in zip(simulation.network.reactions, mean, strict=True)}


def role_of(smiles: str, simulation: Simulation, on_path: frozenset[str]) -> SpeciesRole:
    """Return the role of a species in the report."""
    if smiles == simulation.target:
        return "product"
    charged = {d.smiles: d.role for d in simulation.flask.doses}
    role = charged.get(smiles)
    if role == "solvent":
        return "solvent"
    if ORGANIC not in elements(smiles) or smiles in SALT_CARBON:
        neutral = "-" not in smiles and "+" not in smiles
        return "reagent" if role is not None and (neutral or "B" in elements(smiles)) else "salt"
    if role is None and "B" in elements(smiles) and "N" not in elements(smiles):
        return "reagent"
    if role is not None:
        return "starting-material" if role == "substrate" else "reagent"
    return "intermediate" if smiles in on_path else "side-product"


def _on_path(simulation: Simulation) -> frozenset[str]:
    """Return every species that is consumed on a way by which a fair part of the target forms."""
    wanted = {simulation.target} if simulation.target else set[str | None]()
    flux = net_flux(simulation.network, flux_of(simulation))
    made = sum(flux[r.id] for r in simulation.network.reactions if simulation.target in r.products)
    floor = max(LEAST_TURNOVER, FAIR_PART * made)
    for _ in range(8):
        before = len(wanted)
        for r in simulation.network.reactions:
            if flux.get(r.id, 0.0) > floor and any(p in wanted for p in r.products):
                wanted.update(s for s in r.reactants)
        if len(wanted) == before:
            break
    return frozenset(s for s in wanted if s is not None)


def species_entries(simulation: Simulation, knowledge: Knowledge) -> tuple[SpeciesEntry, ...]:
    """Return every species of a simulation, the product first, then by amount."""
    at = columns(simulation)
    seeds = frozenset(simulation.seeds)
    on_path = _on_path(simulation)
    ways = trees(simulation.network, flux_of(simulation), seeds)
    views = {e.species: e for e in looks(simulation, knowledge)}
    names = _names(simulation)
    ions = {d.charged_as for d in simulation.flask.doses}
    entries: list[SpeciesEntry] = []
    for s, i in at.items():
        if s.startswith(FAMILY_PREFIX) or s in ions:
            continue
        entries.append(_entry(s, i, simulation, seeds, on_path, ways, views[s], names, knowledge.names))
    if simulation.target is not None and simulation.target not in at:
        entries.append(_missing(simulation.target, knowledge, simulation))
    materials = {d.name: d for d in simulation.flask.doses if d.smiles is None}
    for name, dose in sorted(materials.items()):
        amount = dose.mol / simulation.flask.limiting
        value = Interval(amount, amount, amount)
        role: SpeciesRole = "solvent" if dose.role == "solvent" else "reagent"
        entries.append(
            SpeciesEntry(
                f"m-{hashlib.sha256(name.encode()).hexdigest()[:10]}", None, None, name, role, None, None, (), (), value, NOTHING,
                NOTHING, Visible(uv=False, esi=False), (), (),
            )
        )  # fmt: skip
    return tuple(sorted(entries, key=lambda e: (e.role != "product", -e.amount.median, e.id)))


def _names(simulation: Simulation) -> dict[str, str]:
    return {d.smiles: d.name for d in simulation.flask.doses if d.smiles is not None and d.role != "solvent"}


def _entry(
    s: str,
    i: int,
    simulation: Simulation,
    seeds: frozenset[str],
    on_path: frozenset[str],
    ways: Mapping[str, Sequence[Reaction]],
    view: Expected,
    names: Mapping[str, str],
    common: tuple[CommonName, ...],
) -> SpeciesEntry:
    role = role_of(s, simulation, on_path)
    label = names[s] if s in names and role == "starting-material" else describe(s, simulation.target, names, common)
    path = tuple(r.rule for r in ways.get(s, ()))
    if not path and s not in seeds:
        path = ("quench-or-column",)
    out = simulation.outcome
    amount = interval(out.amount[:, i])
    return SpeciesEntry(
        id=species_id(s),
        smiles=s,
        inchikey=inchikey(s) or None,
        label=label,
        role=role,
        formula=formula(s),
        mass=exact_mass(s),
        ions=tuple(Ion(k.ion, k.mz) for k in view.ions[:SHOWN_IONS]),
        path=path,
        amount=amount,
        in_sample=interval(out.in_sample[:, i]),
        isolated=interval(out.isolated[:, i]),
        visible=Visible(uv=view.uv, esi=view.esi),
        isomers=_isomers(s) if amount.high >= LEAST_SHOWN and s not in seeds else (),
        notes=rotamers(s),
    )


def _isomers(smiles: str) -> tuple[IsomerEntry, ...]:
    return tuple(IsomerEntry(i.smiles, i.label, i.interconverts) for i in stereoisomers(smiles))


def _missing(target: str, knowledge: Knowledge, simulation: Simulation) -> SpeciesEntry:
    """Return the entry of a target that no rule reaches: masses and ions, no amount."""
    view = expected(target, knowledge.evidence, instrument_of(simulation.case))
    return SpeciesEntry(
        species_id(target), target, inchikey(target) or None, "target (no rule reaches it)", "product", formula(target),
        exact_mass(target), tuple(Ion(k.ion, k.mz) for k in view.ions[:SHOWN_IONS]), (), NOTHING, NOTHING, NOTHING,
        Visible(uv=view.uv, esi=view.esi), _isomers(target), rotamers(target),
    )  # fmt: skip


def flask_entry(simulation: Simulation) -> FlaskEntry:
    """Return the recipe as it was simulated, ranges at their middle."""
    flask, recipe = simulation.flask, simulation.case.recipe
    lines: list[ChargeEntry] = []
    for c in recipe.charges:
        raw = next((r for r in simulation.case.raw.get("charge", []) if r.get("name") == c.name), {})
        doses = [d for d in flask.doses if d.name == c.name]
        mol = max((d.mol for d in doses), default=0.0)
        text = str(raw.get("amount", ""))
        text += f" over {raw['add_over']}" if "add_over" in raw else ""
        text += f", from {raw['start']}" if "start" in raw else ""
        text += f", {raw['solution']}" if "solution" in raw else ""
        text += " (assumed)" if c.assumed else ""
        solvent = c.role == "solvent"
        lines.append(
            ChargeEntry(
                c.name,
                next((d.smiles for d in sorted(doses, key=lambda d: -len(d.smiles or ""))), None),
                c.role,
                None if solvent else mol / flask.limiting,
                None if solvent else 1000 * mol,
                text,
            )
        )
    volume = flask.volume + sum(d.volume for d in flask.doses if d.duration > 0 or d.start > 0)
    limiting = next((d.name for d in flask.doses if d.smiles == flask.limiting_smiles), flask.limiting_smiles)
    workup = ""
    if flask.workup is not None:
        parts = [f"Quench: {flask.workup.quench}." if flask.workup.quench else ""]
        parts += [f"Extraction: {e.solvent}, {e.times} x {1000 * e.volume:g} mL." for e in flask.workup.extract]
        workup = " ".join(p for p in parts if p)
    return FlaskEntry(tuple(lines), 1000 * volume, limiting, 1000 * flask.limiting, _conditions(simulation), workup)


def _conditions(simulation: Simulation) -> str:
    raw = simulation.case.raw.get("conditions", {})
    temperature = raw.get("temperature", "unknown")
    if isinstance(temperature, list):
        temperature = ", then ".join(f"{k} at {t}" for t, k in temperature)
    time = raw.get("time", "unknown")
    text = str(temperature).replace("degC", "°C")
    text = "temperature unknown" if text == "unknown" else text
    return f"{text}, {'time unknown' if time == 'unknown' else time}, under {simulation.case.recipe.atmosphere}"
