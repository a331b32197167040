"""The course of one recipe at its central rates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ringside.kinetics.ensemble import ensemble
from ringside.kinetics.gases import Gas
from ringside.kinetics.nouns import Binding, Course, RateLaw
from ringside.network.nouns import Network
from ringside.recipe.nouns import Flask


def simulate(
    network: Network,
    flask: Flask,
    laws: Sequence[RateLaw],
    bindings: Mapping[str, Binding],
    *,
    dissolution: Mapping[str, tuple[float, float]] | None = None,
    gases: Sequence[Gas] = (),
    times: Sequence[float] | None = None,
    n_times: int = 121,
    rtol: float = 1e-5,
    atol: float = 1e-9,
) -> Course:
    """Integrate the central draw of one recipe and keep its course.

    Args:
        network: Species and reactions.
        flask: What is charged, when and how hot.
        laws: One rate law per reaction, in network order.
        bindings: Proton binding by species.
        dissolution: As for ``ensemble``.
        gases: As for ``ensemble``.
        times: Output times [s], rising; ``n_times`` evenly spread ones from 0 to the end when left out.
        n_times: Number of output times.
        rtol: Relative tolerance [-].
        atol: Absolute tolerance [mol per mol limiting].

    Returns:
        Course with ``t`` [s], shape (n_times,), and ``n`` [mol], shape (n_times, n_species).

    Raises:
        NoAnswer: If the integrator stops before the end of the run.
    """
    at = [float(t) for t in (np.linspace(0.0, flask.time, n_times) if times is None else times)]
    e = ensemble(
        network, [flask], laws, bindings, n_draws=1, seed="", dissolution=dissolution, gases=gases, times=at,
        given={}, rtol=rtol, atol=atol,
    )  # fmt: skip
    return Course(e.species, e.t, e.n[0])
