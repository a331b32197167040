"""Benchmark: commands from cold and warm, and the integrator beside SciPy's on the same network. Writes validation/bench.md.

usage: python tools/bench.py
"""

import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from scipy.integrate import solve_ivp

from ringside.answers.flow import middle_flask
from ringside.answers.growth import grown, main_solvent
from ringside.answers.tools import case_tools
from ringside.case.read import read_case
from ringside.kinetics.draws import sample
from ringside.kinetics.ensemble import ensemble
from ringside.kinetics.rates import rate_laws
from ringside.knowledge.load import load
from ringside.recipe.features import recipe_features

ROOT = Path(__file__).parent.parent
COMMAND = Path(sys.executable).parent / "ringside"
DRAWS = 40


def timed(arguments: list[str], repeats: int, environment: dict[str, str] | None = None) -> list[float]:
    """Return wall times [s] of a command."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        subprocess.run(
            [str(COMMAND), *arguments], check=True, capture_output=True, env={**os.environ, **(environment or {})}
        )
        times.append(time.perf_counter() - start)
    return times


def spread(times: list[float]) -> str:
    """Return the median and the range."""
    return f"{np.median(times):.2f} s ({min(times):.2f} to {max(times):.2f}, n = {len(times)})"


def integrator() -> list[str]:
    """Return times of one network without protons, in our integrator and in SciPy's BDF and LSODA, in one run."""
    known = load()
    case = read_case(ROOT / "examples" / "stalled-closure.toml", case_tools(known))
    flask = middle_flask(case, known)
    features = recipe_features(case.recipe, known.catalogue, known.features)
    network = grown((flask,), features, known)
    solvent, group = main_solvent(flask, known)
    laws = rate_laws(network, solvent, group, known.rates)
    options = {"n_draws": DRAWS, "seed": "bench", "rtol": 1e-4, "atol": 1e-9}
    ensemble(network, [flask], laws, {}, **options)
    start = time.perf_counter()
    ours = ensemble(network, [flask], laws, {}, **options)
    own = time.perf_counter() - start
    log_k, ea = sample(laws, DRAWS, "bench")
    kelvin = flask.programme[0][1]
    k = 10 ** np.minimum(
        log_k + ea * (1 / 298.15 - 1 / kelvin) / (8.31446261815324e-3 * np.log(10)), known.rates.diffusion_limit
    )
    index = {s: i for i, s in enumerate(network.species)}
    first = np.array([index[r.reactants[0]] for r in network.reactions])
    second = np.array([index[r.reactants[1]] if len(r.reactants) == 2 else -1 for r in network.reactions])
    change = np.zeros((len(network.species), len(network.reactions)))
    for j, r in enumerate(network.reactions):
        for s in r.reactants:
            change[index[s], j] -= 1
        for s in r.products:
            change[index[s], j] += r.units if s.startswith("family:") else 1
    c0 = np.zeros(len(network.species))
    for d in flask.doses:
        if d.smiles is not None:
            c0[index[d.smiles]] += d.mol / flask.volume
    lines = [f"| ringside, {DRAWS} draws in one call | {own:.2f} | 1 | - |"]
    for method in ("LSODA", "BDF"):
        start = time.perf_counter()
        ends = []
        for row in k:

            def slope(_t: float, c: np.ndarray, row: np.ndarray = row) -> np.ndarray:
                rate = row * c[first] * np.where(second >= 0, c[second], 1.0)
                return change @ rate

            ends.append(solve_ivp(slope, (0, flask.time), c0, method=method, rtol=1e-4, atol=1e-9).y[:, -1])
        spent = time.perf_counter() - start
        worst = float(np.max(np.abs(np.array(ends) * flask.volume - ours.n[:, -1, :]) / flask.limiting))
        lines.append(f"| SciPy {method}, one by one | {spent:.2f} | {spent / own:.0f} | {worst:.1e} |")
    size = f"{len(network.species)} species, {len(network.reactions)} reactions, batch, no protons, rtol 1e-4"
    return [
        f"Network of `stalled-closure`: {size}.",
        "",
        "| integrator | time [s] | ratio | largest yield difference |",
        "|---|---|---|---|",
        *lines,
    ]


def main() -> None:
    """Run everything and write the page."""
    demo = ["diagnose", str(ROOT / "examples" / "waters-b6.toml"), "--json", os.devnull]
    with tempfile.TemporaryDirectory() as folder:
        cold = timed(demo, 1, {"RINGSIDE_CACHE": folder, "NUMBA_CACHE_DIR": f"{folder}/numba"})
    lines = [
        "# Benchmark",
        "",
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}. Made by `make bench`.",
        "",
        f"- `ringside --help`: {spread(timed(['--help'], 7))}",
        f"- `diagnose` on the demo, first run (compiles, no caches): {spread(cold)}",
        f"- `diagnose` on the demo, warm: {spread(timed(demo, 5))}",
        f"- largest memory of these: {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024:.0f} MB",
        "",
        *integrator(),
    ]
    (ROOT / "validation" / "bench.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
