"""A simulated LC-MS file of the flask, with known truth."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ringside.answers.flow import DRAWS, Simulation, instrument_of, looks, simulator
from ringside.case.nouns import Case
from ringside.chem.labels import describe
from ringside.chem.mass import exact_mass
from ringside.errors import bad_input
from ringside.evidence.expected import expected
from ringside.evidence.raw import RawRun
from ringside.evidence.setting import Setting, SynthTables, broken, setting_of
from ringside.evidence.synthetic import SynthSpecies, Truth, synthesise
from ringside.kinetics.draws import normals
from ringside.knowledge.base import Knowledge

RESOLUTIONS = ("unit", "fine")
LEAST_AMOUNT = 1e-5
NEAR = 3
MOST_SEED = 2**32
LEAST_LOAD, MOST_LOAD = 1e-6, 1e3


@dataclass(frozen=True, slots=True)
class SynthOrder:
    """What is asked of the synthetic instrument.

    ``draw``: which draw of the case's ensemble (1 is the central one), or None for the median of each amount; ``blank``: nothing is
    injected; ``off``: an instrument that breaks what assignment takes for granted.
    """

    seed: int = 1
    load: float = 1.0
    resolution: str = "unit"
    unknowns: int = 0
    draw: int | None = None
    blank: bool = False
    off: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Synthetic:
    """A simulated injection: the run, the truth about it, and what each species is called."""

    title: str
    run: RawRun
    truth: Truth
    labels: Mapping[str, str]


def synth(case: Case, knowledge: Knowledge, order: SynthOrder) -> Synthetic:
    """Return a simulated injection of the crude of a case, and the truth about it.

    The sample is what the outcome says is injected: after quench, at the pH of the column. Lumped families have no
    structure and are not in it.

    Raises:
        BadInput: If the order cannot be met, or the recipe cannot be resolved.
        NoAnswer: If the simulation fails.
    """
    _check(order, knowledge)
    simulation = simulator(knowledge)(case, DRAWS)
    tables = SynthTables(knowledge.evidence, knowledge.acidity, knowledge.machine)
    setting = _setting(case, knowledge, order)
    sample = () if order.blank else sample_of(simulation, knowledge, order.draw)
    sample = (*sample, *_unknowns(sample, simulation, knowledge, setting, order))
    run, truth = synthesise(sample, setting, tables, order.seed)
    charged = {d.smiles: d.name for d in simulation.flask.doses if d.smiles is not None}
    own = charged | dict(knowledge.machine.unknowns)
    labels = {
        p.species: own.get(p.species) or describe(p.species, simulation.target, charged, knowledge.names)
        for p in truth.peaks
    }
    return Synthetic(case.title, run, truth, labels)


def _check(order: SynthOrder, knowledge: Knowledge) -> None:
    wrong = [
        ("--load", order.load, LEAST_LOAD <= order.load <= MOST_LOAD, f"{LEAST_LOAD:g} to {MOST_LOAD:g}"),
        ("--seed", order.seed, 0 <= order.seed < MOST_SEED, f"0 to {MOST_SEED - 1}"),
        ("--resolution", order.resolution, order.resolution in RESOLUTIONS, " or ".join(RESOLUTIONS)),
        ("--draw", order.draw, order.draw is None or 1 <= order.draw <= DRAWS, f"1 to {DRAWS}"),
        ("--unknowns", order.unknowns, 0 <= order.unknowns <= len(knowledge.machine.unknowns) // 2, f"0 to {len(knowledge.machine.unknowns) // 2}"),
    ]  # fmt: skip
    for field, value, fine, limit in wrong:
        if not fine:
            raise bad_input("bad-option", "the synthetic instrument cannot do this", field=field, value=str(value), limit=limit)  # fmt: skip


def _setting(case: Case, knowledge: Knowledge, order: SynthOrder) -> Setting:
    instrument = instrument_of(case)
    usual_ph = knowledge.outcome.constants["eluent_ph"][0]
    found = setting_of(
        knowledge.machine.constants,
        eluent_ph=usual_ph if instrument.eluent_ph is None else instrument.eluent_ph,
        uv=knowledge.evidence.constants["uv_default_nm"] if instrument.uv is None else instrument.uv,
        load=order.load,
        fine=order.resolution == "fine",
    )
    return broken(found, order.seed) if order.off else found


def sample_of(simulation: Simulation, knowledge: Knowledge, draw: int | None = None) -> tuple[SynthSpecies, ...]:
    """Return what a simulated case injects: the median of each amount, or one draw of all.

    Reaction solvents that neither detector sees are left out.
    """
    solvents = {d.smiles for d in simulation.flask.doses if d.role == "solvent"}
    out = simulation.outcome
    amounts = np.median(out.in_sample, axis=0) if draw is None else out.in_sample[draw - 1]
    given = dict(zip(out.species, (float(a) for a in amounts), strict=True))
    return tuple(
        SynthSpecies(view, given[view.species])
        for view in looks(simulation, knowledge)
        if given[view.species] > LEAST_AMOUNT and (view.uv or view.esi or view.species not in solvents)
    )


def _unknowns(
    sample: Sequence[SynthSpecies],
    simulation: Simulation,
    knowledge: Knowledge,
    setting: Setting,
    order: SynthOrder,
) -> tuple[SynthSpecies, ...]:
    """Return molecules that the case does not predict; one in three has a mass near that of one that it does."""
    predicted = {*simulation.outcome.species, simulation.target}
    left = [s for s, _ in knowledge.machine.unknowns if s not in predicted]
    name = f"unknowns {order.seed}"
    lot = dict(zip(left, normals(left, 2, name)[:, 1], strict=True))
    masses = [exact_mass(s.view.species) for s in sample]
    chosen: list[str] = []
    for n in range(order.unknowns):
        rest = [s for s in left if s not in chosen]
        if n % NEAR == 0 and masses:
            gaps = {s: min(abs(exact_mass(s) - m) for m in masses) for s in rest}
            rest = sorted(rest, key=lambda s: (gaps[s], s))[:NEAR]
        chosen.append(min(rest, key=lambda s: (lot[s], s)))
    part = normals([f"amount:{s}" for s in chosen], 2, name)[:, 1] if chosen else ()
    low, high = math.log(setting.unknown_low), math.log(setting.unknown_high)
    middle, half = (low + high) / 2.0, (high - low) / 2.0
    return tuple(
        SynthSpecies(expected(s, knowledge.evidence, instrument_of(simulation.case)), math.exp(middle + half * math.tanh(float(z))), unknown=True)
        for s, z in zip(chosen, part, strict=True)
    )  # fmt: skip
