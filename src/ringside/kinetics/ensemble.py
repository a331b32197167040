"""Courses of one recipe under many draws of its rates at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from ringside.errors import Complaint, NoAnswer
from ringside.kinetics.closing import Closed, chains_of, closed
from ringside.kinetics.compile import SOLID, Arrays, compile_network
from ringside.kinetics.draws import deviates, sample
from ringside.kinetics.gases import RESERVOIR, Gas
from ringside.kinetics.mixing import Zoned, merged, zoned
from ringside.kinetics.nouns import Binding, Ensemble, FloatArray, RateLaw
from ringside.kinetics.posterior import NOTHING, Posterior
from ringside.kinetics.schedule import Schedule, schedule, stack
from ringside.kinetics.solver import DONE, run_draws
from ringside.network.nouns import Network
from ringside.recipe.nouns import Flask

RTOL, ATOL = 1e-3, 1e-9
DIFFUSION_LIMIT = 9.5
MAX_STEPS = 20000
FIRST_ORDER_LIMIT = 12.0
_ONE_AT_A_TIME = Lock()  # numba's default threading layer must not be entered twice


@dataclass(frozen=True, slots=True)
class Raw:
    """What the integrator returns, per mol limiting: amounts (n_draws, n_times, n_states), volume, ln h, flux, peak."""

    arrays: Arrays
    n: FloatArray
    volume: FloatArray
    log_h: FloatArray
    flux: FloatArray
    peak: FloatArray
    failed: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Expanded:
    """A flask as it is integrated: with the ends of its lumped chains, and the zone where feeds enter."""

    network: Network
    flasks: Sequence[Flask]
    laws: Sequence[RateLaw]
    bindings: Mapping[str, Binding]
    closing: Closed | None
    zone: Zoned | None


def expanded(
    network: Network, flasks: Sequence[Flask], laws: Sequence[RateLaw], bindings: Mapping[str, Binding]
) -> Expanded:
    """Return what has to be integrated for a flask (see ``kinetics.closing`` and ``kinetics.mixing``)."""
    closing = closed(network, laws, bindings)
    if closing is not None:
        network, laws, bindings = closing.network, closing.laws, closing.bindings
    zone = zoned(network, flasks, laws, bindings)
    if zone is not None:
        network, flasks, laws, bindings = zone.network, zone.flasks, zone.laws, zone.bindings
    return Expanded(network, flasks, laws, bindings, closing, zone)


def median_rates(laws: Sequence[RateLaw], shift: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return log10 k and Ea [kJ/mol] of the central case, moved by ``shift`` (n_draws, n_reactions)."""
    centre = np.array([sum(t.value for t in law.terms) for law in laws], dtype=np.float64)
    ea = np.tile(np.array([law.ea for law in laws], dtype=np.float64), (len(shift), 1))
    return centre + shift, ea


def ensemble(
    network: Network,
    flasks: Sequence[Flask],
    laws: Sequence[RateLaw],
    bindings: Mapping[str, Binding],
    *,
    n_draws: int,
    seed: str,
    dissolution: Mapping[str, tuple[float, float]] | None = None,
    gases: Sequence[Gas] = (),
    times: Sequence[float] | None = None,
    posterior: Posterior = NOTHING,
    given: Mapping[str, FloatArray] | None = None,
    limit: float = DIFFUSION_LIMIT,
    rtol: float = RTOL,
    atol: float = ATOL,
) -> Ensemble:
    """Integrate a recipe under draws of its rates.

    dn/dt = V N r(n / V, T) + feed(t); the amine of each reaction counts as far as it is free of protons. Conjugate
    forms of one skeleton are one pool, reported as the neutral form where the network holds it. Well mixed (a flask with a
    mixing time has a zone where feeds enter, see ``kinetics.mixing``), additive volumes, gases at constant pressure over the solution, pKa that do not move with temperature.

    Args:
        network: Species and reactions.
        flasks: One, or one for each draw (where the recipe has ranges).
        laws: One rate law per reaction, in network order.
        bindings: Proton binding by species.
        n_draws: Number of draws; draw 0 is the central one.
        seed: Names the draws; equal seeds and keys give equal deviations in every network.
        dissolution: log10 of the first-order rate [1/s] and its standard deviation, by SMILES of what enters as a
            solid and dissolves slowly.
        gases: Gases that pass between the solution and its atmosphere.
        times: Output times [s], rising; the end of the first flask's run when left out.
        posterior: What was fitted; the laws must have been moved by it.
        given: Deviates by key in place of drawn ones (see ``draws.deviates``); {} for the central case.
        limit: log10 of the diffusion limit [M^-1 s^-1].
        rtol: Relative tolerance [-].
        atol: Absolute tolerance [mol per mol limiting].

    Returns:
        Amounts [mol] at the output times and turnover [mol] of each reaction, for every draw.

    Raises:
        NoAnswer: If the integrator stops before the end in any draw.

    Sources:
        rang-2005: the Rosenbrock-W method ROS34PW2.
    """
    outputs = [list(times) if times is not None else [f.time] for f in flasks]
    x = expanded(network, flasks, laws, bindings)
    raw = integrate(
        x.network, x.flasks, x.laws, x.bindings, rates=sample(x.laws, n_draws, seed, posterior, given), outputs=outputs,
        seed=seed, given=given, dissolution=dissolution or {}, gases=gases, limit=limit, rtol=rtol, atol=atol,
    )  # fmt: skip
    stopped = int(np.sum(raw.failed != DONE))
    if stopped:
        raise NoAnswer(
            Complaint(
                "integrator-stopped",
                "the simulation stopped before the end of the run",
                value=f"in {stopped} of {n_draws} draws",
                next_step="simplify the recipe (fewer charges, a steadier temperature), and please report the case",
            )
        )
    limiting = np.array([f.limiting for f in flasks] * (n_draws if len(flasks) == 1 else 1), dtype=np.float64)
    n = reported(x.network, raw) * limiting[:, None, None]
    flux = raw.flux[:, : len(x.network.reactions)] * limiting[:, None]
    if x.zone is not None:
        n, flux = merged(x.zone, x.network.species, n, flux)
    chains = None
    if x.closing is not None:
        chains = chains_of(x.closing.network.species, n[:, -1])
        n, flux = n[:, :, : x.closing.species], flux[:, : x.closing.reactions]
    return Ensemble(network.species, np.array(outputs[0], dtype=np.float64), n, limiting, flux, chains)


def reported(network: Network, raw: Raw) -> FloatArray:
    """Return amounts by species: a pool counts as the species it is named by, together with what is undissolved."""
    arrays = raw.arrays
    rank = {s: i for i, s in enumerate(network.species)}
    n = np.zeros((*raw.n.shape[:2], len(network.species)))
    for i, state in enumerate(arrays.states):
        if i < arrays.labile:
            n[:, :, rank[state]] += raw.n[:, :, i]
        elif i > arrays.labile and state.startswith(SOLID):
            pool = arrays.states[arrays.column[state.removeprefix(SOLID)]]
            n[:, :, rank[pool]] += raw.n[:, :, i]
    return np.maximum(n, 0.0)


def integrate(
    network: Network,
    flasks: Sequence[Flask],
    laws: Sequence[RateLaw],
    bindings: Mapping[str, Binding],
    *,
    rates: tuple[FloatArray, FloatArray],
    outputs: Sequence[Sequence[float]],
    seed: str,
    dissolution: Mapping[str, tuple[float, float]],
    gases: Sequence[Gas],
    limit: float,
    rtol: float,
    atol: float,
    given: Mapping[str, FloatArray] | None = None,
) -> Raw:
    """Run the integrator for given rates and return what it gives, failed draws included."""
    solids = sorted({d.smiles for f in flasks for d in f.doses if d.solid and d.smiles in dissolution and d.smiles})
    solids = [s for s in solids if s in network.species]
    gases = [g for g in gases if g.smiles in network.species]
    arrays = compile_network(network, laws, bindings, solids, [g.smiles for g in gases])
    over = {g.smiles: g.pressure * RESERVOIR for g in gases}
    plans = _schedules(flasks, outputs, arrays, over)
    log_k, ea = rates
    n_draws = len(log_k)
    if len(flasks) not in (1, n_draws):
        raise ValueError(f"{len(flasks)} flasks for {n_draws} draws")
    z = deviates([f"dissolution:{s}" for s in solids], n_draws, seed, given=given)
    slow = np.array([dissolution[s][0] + dissolution[s][1] * z[i] for i, s in enumerate(solids)]).reshape(-1, n_draws)
    pace = deviates([f"gas:{g.smiles}" for g in gases], n_draws, seed, given=given)
    moved = [g.log10_transfer + g.sd * z for g, z in zip(gases, pace, strict=True)]
    passing = np.array([row for g, m in zip(gases, moved, strict=True) for row in (m + g.entry, m)])
    log_k = np.ascontiguousarray(np.hstack([log_k, slow.T, passing.reshape(-1, n_draws).T]))
    ea = np.ascontiguousarray(np.hstack([ea, np.zeros((n_draws, log_k.shape[1] - ea.shape[1]))]))
    legs = stack(plans)
    n_legs = max(len(p.fresh) for p in plans)
    n = np.zeros((n_draws, n_legs, len(arrays.states)))
    volume, log_h = np.zeros((n_draws, n_legs)), np.zeros((n_draws, n_legs))
    flux, peak = np.zeros(log_k.shape), np.zeros((n_draws, len(arrays.states)))
    failed = np.zeros(n_draws, dtype=np.int64)
    with _ONE_AT_A_TIME:
        run_draws(
            log_k, ea, np.where(arrays.r2 >= 0, limit, FIRST_ORDER_LIMIT), *legs,
            arrays.r1, arrays.r2, arrays.ptr, arrays.row, arrays.coef, arrays.f1, arrays.f2, arrays.slot1, arrays.slot2,
            arrays.pattern.ptr, arrays.pattern.col, arrays.pattern.diagonal, arrays.pattern.place,
            arrays.labile, arrays.owner_state, arrays.width, arrays.beta,
            arrays.poly, arrays.poly_owner, arrays.poly_width,
            rtol, atol, MAX_STEPS, n, volume, log_h, flux, peak, failed,
        )  # fmt: skip
    pick = np.stack([p.output for p in plans])
    pick = np.broadcast_to(pick, (n_draws, pick.shape[1]))
    start = _at_start(plans, n_draws)
    picked = np.where((pick >= 0)[:, :, None], np.take_along_axis(n, np.maximum(pick, 0)[:, :, None], axis=1), start)
    return Raw(
        arrays,
        picked,
        np.where(pick >= 0, np.take_along_axis(volume, np.maximum(pick, 0), axis=1), _volume_at_start(plans, n_draws)),
        np.take_along_axis(log_h, np.maximum(pick, 0), axis=1),
        flux,
        peak,
        failed,
    )


def _schedules(
    flasks: Sequence[Flask], outputs: Sequence[Sequence[float]], arrays: Arrays, over: Mapping[str, float]
) -> list[Schedule]:
    """Return the schedule of each flask; one that comes again is laid out once."""
    known: dict[tuple[int, tuple[float, ...]], Schedule] = {}
    for f, times in zip(flasks, outputs, strict=True):
        key = id(f), tuple(times)
        if key not in known:
            known[key] = schedule(f, arrays, times, over)
    return [known[id(f), tuple(times)] for f, times in zip(flasks, outputs, strict=True)]


def _at_start(plans: Sequence[Schedule], n_draws: int) -> FloatArray:
    first = np.stack([p.jump[0] for p in plans])
    return np.broadcast_to(first, (n_draws, first.shape[1]))[:, None, :]


def _volume_at_start(plans: Sequence[Schedule], n_draws: int) -> FloatArray:
    return np.broadcast_to(np.array([p.jump_v[0] for p in plans]), (n_draws,))[:, None]
