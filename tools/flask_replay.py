"""Rank a synthetic flask again with other constants, without simulating again.

``tools/validate_flasks.py --dump FOLDER`` writes one file for each flask:

    from flask_replay import dumps, replay
    for dump in dumps(Path("FOLDER")):
        chances = replay(dump, dataclasses.replace(dump.constants, tempering=0.7, prior_none=0.2))
        print(dump.truth, chances[dump.truth])

Which worlds are there, and with how many draws, was chosen with the constants of the dump; pairs were tried only where none of these was
probable. The verdicts (groups, design causes) are not made again. Pickles are read by this project only; take none from elsewhere.
"""

from __future__ import annotations

import pickle
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from ringside.diagnosis.constants import Constants
from ringside.diagnosis.hypotheses import AS_WRITTEN
from ringside.diagnosis.observations import Observation
from ringside.diagnosis.rank import Ranking
from ringside.diagnosis.scores import Scores, probabilities, score
from ringside.diagnosis.world import World
from ringside.kinetics.nouns import FloatArray

SCORED_WITH = ("tempering", "prior_none")
"""Constants that change no likelihood of a draw."""


@dataclass(frozen=True, slots=True)
class Dump:
    """One flask and its worlds, without what no observation asks for.

    Attributes:
        base: The recipe; with ``number``, ``seed`` and ``perturbed`` it names the flask.
        truth: The true cause, as-written where the true cause changes nothing here.
        kind: What the truth is: as-written, deviation, artefact, no card.
        seen: What was observed.
        constants: Those of the run.
        observations: One for each row of ``logs``; their ``kind`` says what was seen.
        odds: Prior odds of each world against the recipe as written.
        kinds: Kind of each world's cause.
        logs: log p(observation | draw) of each world, shape (n_observations, n_draws).
        reference: log p(observation | none of these), shape (n_observations,).
        worlds: What the observations are compared with, so that other spreads can be tried.
        frame: The recipe as written, one draw; the reference density asks for it.
    """

    base: str
    number: int
    seed: int
    perturbed: bool
    truth: str
    kind: str
    seen: tuple[str, ...]
    constants: Constants
    observations: tuple[Observation, ...]
    odds: Mapping[str, float]
    kinds: Mapping[str, str]
    logs: Mapping[str, FloatArray]
    reference: FloatArray
    worlds: Mapping[str, World]
    frame: World


def dump_of(
    ranking: Ranking,
    constants: Constants,
    *,
    base: str,
    number: int,
    seed: int,
    perturbed: bool,
    truth: str,
    kind: str,
    seen: tuple[str, ...],
) -> Dump:
    """Return what is needed to rank one flask again."""
    observations = ranking.sighting.observations
    worlds = {c.id: slim(c.world, observations) for c in ranking.candidates}
    odds = {c.id: 1.0 if c.hypothesis is None else c.hypothesis.odds for c in ranking.candidates}
    logs = {i: score(w, observations, constants) for i, w in worlds.items()}
    written = next(c.world for c in ranking.candidates if c.id == AS_WRITTEN)
    few = written.in_sample[:1]
    frame = replace(written, amount=few, in_sample=few, isolated=few)
    return Dump(
        base=base,
        number=number,
        seed=seed,
        perturbed=perturbed,
        truth=truth,
        kind=kind,
        seen=seen,
        constants=constants,
        observations=observations,
        odds=odds,
        kinds={c.id: "as-written" if c.hypothesis is None else c.hypothesis.kind for c in ranking.candidates},
        logs=logs,
        reference=Scores.of(logs, odds, observations, frame, constants).reference,
        worlds=worlds,
        frame=frame,
    )


def slim(world: World, observations: Sequence[Observation]) -> World:
    """Return a world of the species that observations ask for, the others lumped: what lamp and balance see, what only ions show."""
    asked = {s for o in observations for g in o.groups for s in g} | {world.limiting}
    asked |= {world.product} if world.product is not None else set()
    own = np.array([s in asked for s in world.species])
    ions = np.array(world.esi, dtype=bool) & ~own
    stays = np.array(world.residue, dtype=bool) & ~own
    lamp = (world.in_sample[:, ~own] @ world.uv[~own])[:, None]
    mass = (world.isolated[:, stays] @ world.molar_mass[stays])[:, None]
    ion = world.in_sample[:, ions].sum(axis=1, keepdims=True)
    nothing = np.zeros_like(lamp)
    in_sample = np.hstack([world.in_sample[:, own], lamp, ion])
    lumps = ("rest", "rest:ions")
    kept = np.flatnonzero(own)
    return replace(
        world,
        species=(*(world.species[i] for i in kept), *lumps),
        amount=in_sample,
        in_sample=in_sample,
        isolated=np.hstack([world.isolated[:, own], mass, nothing]),
        charged=np.append(world.charged[own], [0.0, 0.0]),
        molar_mass=np.append(world.molar_mass[own], [1.0, 0.0]),
        uv=np.append(world.uv[own], [1.0, 0.0]),
        uv_class=(*(world.uv_class[i] for i in kept), "rest", "none"),
        esi=(*(world.esi[i] for i in kept), False, True),
        residue=(*(world.residue[i] for i in kept), True, False),
        others={n: slim(w, observations) for n, w in world.others.items()},
    )


def replay(dump: Dump, constants: Constants, without: Collection[str] = ()) -> dict[str, float]:
    """Return the probability of each world and of none of these with these constants.

    Args:
        dump: The flask.
        constants: All constants; where only those of ``SCORED_WITH`` differ from the dump's, its likelihoods serve again.
        without: Worlds to leave out, as if their cards had been taken away.

    Returns:
        Probabilities by id, summing to 1.
    """
    own = replace(constants, **{n: getattr(dump.constants, n) for n in SCORED_WITH})
    worlds = [i for i in dump.logs if i not in without]
    same = own == dump.constants
    logs = {i: dump.logs[i] if same else score(dump.worlds[i], dump.observations, constants) for i in worlds}
    odds = {i: dump.odds[i] for i in worlds}
    return probabilities(Scores.of(logs, odds, dump.observations, dump.frame, constants))


def write_dump(dump: Dump, folder: Path) -> Path:
    """Write one dump into a folder and return its path."""
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{dump.base}-{dump.seed}-{dump.number}-{'perturbed' if dump.perturbed else 'unperturbed'}.pickle"
    path = folder / name
    with path.open("wb") as file:
        pickle.dump(dump, file)
    return path


def dumps(folder: Path) -> Iterator[Dump]:
    """Yield all dumps of a folder, sorted by name."""
    for path in sorted(folder.glob("*.pickle")):
        with path.open("rb") as file:
            yield pickle.load(file)  # written by write_dump
