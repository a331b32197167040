"""What was measured on the runs of a case, beside what the model gives for any deviates of its rates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import helmert

from ringside.answers.flow import DRAWS, Simulation, looks, outcome_of, simulator
from ringside.answers.growth import bindings_of, main_solvent
from ringside.answers.pathways import named_species
from ringside.answers.predict import basic_report, evidence_of, readings
from ringside.answers.worlds import world_of
from ringside.case.nouns import Case
from ringside.chem.molecule import components, is_valid
from ringside.diagnosis.likelihood import misfit
from ringside.diagnosis.observations import Observation, observe
from ringside.diagnosis.world import World
from ringside.errors import bad_input
from ringside.evidence.course import Reading
from ringside.kinetics.draws import energy_key, rate_keys
from ringside.kinetics.ensemble import ensemble
from ringside.kinetics.gases import gases_over
from ringside.kinetics.nouns import Ensemble, FloatArray
from ringside.kinetics.protons import dissolution_rates
from ringside.kinetics.schedule import volume_at
from ringside.knowledge.base import Knowledge

BoolArray = NDArray[np.bool_]
RTOL, ATOL = 1e-6, 1e-10
BUSY = 1e-6
RESPONSE = "response:"
CLASS = f"{RESPONSE}class:"
MEASURABLE = frozenset({"yield", "conversion", "crude", "areas"})
SMALL = 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class MeasuredRun:
    """One run with what was measured on it: readings (each with its species, or yield or conversion) and end points."""

    number: int
    simulation: Simulation
    world: World
    readings: tuple[tuple[Reading, str], ...]
    endpoints: tuple[Observation, ...]
    times: tuple[float, ...]


def measured_runs(case: Case, data: Sequence[Reading], file: str, knowledge: Knowledge) -> tuple[MeasuredRun, ...]:
    """Return the runs of a case on which something was measured: readings of a table, and what the case file reports.

    Raises:
        BadInput: If a reading names a run, a time or a species that the case does not have, or nothing was measured.
    """
    run = simulator(knowledge)
    cases = (case, *case.rounds)
    absent = sorted({r.run for r in data if r.run >= len(cases)})
    if absent:
        raise bad_input(
            "no-such-run",
            "the case has no round of this number",
            file=file,
            field="run",
            value=", ".join(map(str, absent)),
            limit=f"0 to {len(cases) - 1}",
            next_step="add a [[round]] to the case file",
        )
    found: list[MeasuredRun] = []
    for number, one in enumerate(cases):
        own = [r for r in data if r.run == number] + _typed(number, one)
        if not own and one.observed is None:
            continue
        simulation = run(one, DRAWS)
        late = [r for r in own if r.t is not None and r.t > simulation.flask.time * (1.0 + 1e-6)]
        if late:
            raise bad_input(
                "too-late",
                "a sample was taken after the end of the run",
                file=file,
                field="time",
                value=f"{(late[0].t or 0.0) / 3600.0:.3g} h",
                limit=f"{simulation.flask.time / 3600.0:.3g} h",
                next_step="make conditions.time of the case at least as long",
            )
        world = world_of(simulation, knowledge)
        seen = _endpoints(one, simulation, world, knowledge)
        named = _named(own, simulation, file, knowledge)
        times = sorted({simulation.flask.time, *(r.t for r in own if r.t is not None)})
        if named or seen:
            found.append(MeasuredRun(number, simulation, world, named, seen, tuple(times)))
    if not found:
        raise bad_input(
            "nothing-measured",
            "there is nothing to fit to",
            file=file or case.file,
            field="observed",
            next_step="give a table of amounts over time, or a yield, a conversion or LC-MS peaks under [observed]",
        )
    return tuple(found)


def _typed(number: int, case: Case) -> list[Reading]:
    """Return the conversions and yields of a run's aliquots as readings; their areas are left to the diagnosis."""
    found: list[Reading] = []
    for a in case.observed.aliquots if case.observed is not None else ():
        for name, span in (("conversion", a.conversion), ("yield", a.assay)):
            if span is not None:
                error = (span[1] - span[0]) / 12**0.5 or None
                found.append(Reading(number, a.at, name, "share", sum(span) / 2, error, below=False))
    return found


def _endpoints(case: Case, simulation: Simulation, world: World, knowledge: Knowledge) -> tuple[Observation, ...]:
    if case.observed is None:
        return ()
    peaks = readings(simulation, evidence_of(simulation, knowledge), knowledge)
    case = replace(case, observed=replace(case.observed, aliquots=()))
    sighting = observe(case, peaks, world, lambda text: components(text)[0] if is_valid(text) else None)
    return tuple(o for o in sighting.observations if o.kind in MEASURABLE)


def _named(
    own: Sequence[Reading], simulation: Simulation, file: str, knowledge: Knowledge
) -> tuple[tuple[Reading, str], ...]:
    """Give each reading its species; refuse what does not form, for which nothing could be fitted."""
    report = basic_report("fit", simulation, None, knowledge)
    species: dict[str, str] = {}
    for name in dict.fromkeys(r.name for r in own):
        plain = name.casefold()
        if plain == "conversion" or (plain == "yield" and simulation.reached):
            species[name] = plain
            continue
        smiles = named_species("target" if plain == "yield" else name, report, simulation)
        if smiles not in simulation.network.species:
            raise bad_input(
                "not-followed",
                "this species does not form in the simulated flask, so that nothing can be fitted to it",
                file=file,
                field="header",
                value=name,
                limit=", ".join(s.label for s in report.species if s.role not in {"solvent", "salt", "reagent"}),
                next_step=f"see ringside paths CASE '{name}'",
            )
        species[name] = smiles
    return tuple((r, species[r.name]) for r in own)


class Model:
    """Misfits of all that was measured, for any deviates; they are named by ``keys``."""

    def __init__(self, runs: Sequence[MeasuredRun], knowledge: Knowledge) -> None:
        """Collect what is uncertain: rates that turn something over, and UV responses where areas were measured."""
        self.runs = runs
        self.knowledge = knowledge
        busy = [
            law
            for r in runs
            for law, flux in zip(r.simulation.laws, r.simulation.ensemble.flux.max(axis=0), strict=True)
            if flux > BUSY * r.simulation.flask.limiting
        ]
        self.laws = tuple(busy)
        warm = any(abs(t - 298.15) > 1.0 for r in runs for _, t in r.simulation.flask.programme)
        keys = [k for k in rate_keys(busy) if warm or not k.startswith("ea:")]
        self.rate_keys = tuple(k for k in keys if any(t.sd > 0.0 for law in busy for t in law.terms if t.key == k) or k.startswith("ea:"))  # fmt: skip
        self.views = {e.species: e for r in runs for e in looks(r.simulation, knowledge)}
        areas = sorted({s for r in runs for reading, s in r.readings if reading.kind == "area"})
        classes = sorted({self.views[s].uv_class for s in areas if s in self.views})
        self.keys = (*self.rate_keys, *(CLASS + c for c in classes), *(RESPONSE + s for s in areas))

    def whole(self, active: BoolArray) -> BoolArray:
        """Return which deviates to fit: those that move something, and all others of the same rate constants; all if none moves."""
        moved = {k for k, yes in zip(self.keys, active, strict=True) if yes}
        for law in self.laws:
            own = {energy_key(law), *(t.key for t in law.terms)}
            if any(yes and k in own for k, yes in zip(self.keys, active, strict=True)):
                moved |= own
        return np.array([k in moved or not moved for k in self.keys])

    def misfit(self, z: FloatArray, keys: Sequence[str] | None = None) -> FloatArray:
        """Return measured less predicted in units of the error, shape (m, k), for deviates of shape (m, len(keys))."""
        given = {k: z[:, i] for i, k in enumerate(self.keys if keys is None else keys)}
        parts: list[FloatArray] = []
        for run in self.runs:
            e = self._course(run, given, len(z))
            parts.append(self._of_readings(run, self.predicted(run, e, given)))
            if run.endpoints:
                world = self._end(run, e)
                parts += [misfit(o, world, self.knowledge.constants) for o in run.endpoints]
        return np.hstack(parts)

    def table(self, z: FloatArray, keys: Sequence[str]) -> list[FloatArray]:
        """Return the predicted value of each reading, by run, shape (m, n_readings); areas as a share of their sample."""
        given = {k: z[:, i] for i, k in enumerate(keys)}
        found: list[FloatArray] = []
        for run in self.runs:
            values = self.predicted(run, self._course(run, given, len(z)), given)
            for columns in samples(run):
                values[:, columns] /= np.maximum(values[:, columns].sum(axis=1, keepdims=True), SMALL)
            found.append(values)
        return found

    def _course(self, run: MeasuredRun, given: Mapping[str, FloatArray], m: int) -> Ensemble:
        s, k = run.simulation, self.knowledge
        solvent, group = main_solvent(s.flask, k)
        return ensemble(
            s.network,
            [s.flask],
            s.laws,
            bindings_of(s.network, s.flask, k),
            n_draws=m,
            seed="",
            dissolution=dissolution_rates(solvent, group, k.protons),
            gases=gases_over(s.flask.atmosphere, k.gases),
            times=run.times,
            posterior=k.learned,
            given=given,
            limit=k.rates.diffusion_limit,
            rtol=RTOL,
            atol=ATOL,
        )

    def predicted(self, run: MeasuredRun, e: Ensemble, given: Mapping[str, FloatArray]) -> FloatArray:
        """Return what each reading should be, shape (m, n_readings): mol per mol limiting, mol/L, or a UV signal."""
        flask = run.simulation.flask
        rank = {s: i for i, s in enumerate(e.species)}
        at = {t: i for i, t in enumerate(run.times)}
        limiting = rank[flask.limiting_smiles]
        charged = sum(d.mol for d in flask.doses if d.smiles == flask.limiting_smiles) / flask.limiting
        share = e.n / e.limiting[:, None, None]
        out = np.empty((len(share), len(run.readings)))
        for j, (reading, species) in enumerate(run.readings):
            i = at[reading.t if reading.t is not None else flask.time]
            if species == "conversion":
                out[:, j] = 1.0 - share[:, i, limiting] / charged
            elif species == "yield":
                out[:, j] = share[:, i, rank[run.simulation.target or ""]]
            elif reading.kind == "concentration":
                out[:, j] = e.n[:, i, rank[species]] / volume_at(flask, run.times[i])
            elif reading.kind == "area":
                out[:, j] = self._signal(run, e, i, species, given)
            else:
                out[:, j] = share[:, i, rank[species]]
        return out

    def _signal(
        self, run: MeasuredRun, e: Ensemble, i: int, species: str, given: Mapping[str, FloatArray]
    ) -> FloatArray:
        """Return the UV signal of a species in the sample taken at one time, shape (m,)."""
        then = replace(e, t=e.t[i : i + 1], n=e.n[:, i : i + 1])
        found = outcome_of(run.simulation.case, run.simulation.flask, then, self.knowledge, central=True)
        view, c = self.views[species], self.knowledge.constants
        zero = np.zeros(len(e.n))
        factor = c.sd_response_between_log * given.get(CLASS + view.uv_class, zero)
        factor = factor + c.sd_response_within_log * given.get(RESPONSE + species, zero)
        return found.in_sample[:, found.species.index(species)] * view.uv_response * np.exp(factor)

    def _of_readings(self, run: MeasuredRun, values: FloatArray) -> FloatArray:
        """Return misfits of the readings: amounts one by one, areas as contrasts between logarithms within a sample."""
        limits = self.knowledge.fitting
        parts: list[FloatArray] = []
        for j, (reading, species) in enumerate(run.readings):
            if reading.kind == "area":
                continue
            apart = (reading.value - values[:, j]) / self.error(run, reading, species)
            parts.append(np.minimum(apart, 0.0) if reading.below else apart)
        found = [p[:, None] for p in parts]
        least = limits["least_area"] / 2.0
        for columns in samples(run):
            seen = np.array([0.0 if run.readings[j][0].below else run.readings[j][0].value for j in columns])
            expected = values[:, columns]
            shares = expected / np.maximum(expected.sum(axis=1, keepdims=True), SMALL)
            apart = np.log(seen / max(float(seen.sum()), SMALL) + least) - np.log(shares + least)
            found.append(apart @ helmert(len(columns)).T / limits["error_area_log"])
        return np.hstack(found) if found else np.zeros((len(values), 0))

    def error(self, run: MeasuredRun, reading: Reading, species: str) -> float:
        """Return the standard deviation of a reading, in the unit of its value."""
        limits = self.knowledge.fitting
        if reading.error is not None:
            return reading.error
        if species in {"conversion", "yield"}:
            return limits["error_conversion"]
        flask = run.simulation.flask
        unit = 1.0 if reading.kind == "share" else flask.limiting / volume_at(flask, flask.time)
        return float(np.hypot(limits["error_absolute"] * unit, limits["error_relative"] * reading.value))

    def _end(self, run: MeasuredRun, e: Ensemble) -> World:
        s = run.simulation
        last = replace(e, t=e.t[-1:], n=e.n[:, -1:])
        after = outcome_of(s.case, s.flask, last, self.knowledge, central=True)
        return replace(
            run.world,
            amount=after.amount,
            in_sample=after.in_sample,
            isolated=after.isolated,
            limiting_mol=e.limiting,
        )


def samples(run: MeasuredRun) -> list[list[int]]:
    """Return the positions of areas that were measured in one sample, for samples with two or more."""
    by_time: dict[float | None, list[int]] = {}
    for j, (reading, _) in enumerate(run.readings):
        if reading.kind == "area":
            by_time.setdefault(reading.t, []).append(j)
    return [columns for columns in by_time.values() if len(columns) > 1]
