"""Benchmark of the integrator beside stock ones: one solve, a thousand conditions, larger networks, many draws of a case. Writes benchmarks/kinetics.md.

usage: python tools/bench_kinetics.py

libroadrunner takes part where it can be imported (pip install libroadrunner).
"""

import math
import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
from numba import njit
from recorded_reactions import stamp
from scipy.integrate import odeint, solve_ivp

from ringside.answers.flow import simulator
from ringside.answers.tools import case_tools
from ringside.case.read import read_case
from ringside.kinetics.ensemble import ensemble
from ringside.kinetics.nouns import RateLaw, Term
from ringside.kinetics.sbml import sbml
from ringside.knowledge.load import load
from ringside.network.nouns import Network, Reaction
from ringside.recipe.nouns import Dose, Flask

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "benchmarks" / "kinetics.md"
PLOT = ROOT / "benchmarks" / "kinetics.svg"
LENGTHS = 20
CONDITIONS = 1000
PEER_RUNS = 40
SEED = 7
HOUR = 3600.0
NOTABLE = 1e-8
K, EM, K_BASE, K_BACK, K_DECAY = 0.02, 0.05, 1e3, 1e-2, 1e-6


def step_growth(n: int = LENGTHS, *, remainder: bool = False) -> tuple[Network, list[float]]:
    """Return A-A + B-B to n units with rings, two acid-base couples and decay: rates in M^(1-n)/s.

    Longer chains are left out, or with ``remainder`` go on by their ends A and B (as ``kinetics.closing`` has it in real networks).
    """
    found: list[tuple[tuple[str, ...], tuple[str, ...], float]] = []

    def add(*sides: tuple[str, ...], k: float) -> None:
        found.append((sides[0], sides[1], k))

    def join(a: str, b: str, made: str, length: int, ends: tuple[str, ...], k: float) -> None:
        if length <= n:
            add((a, b), (made, "HX"), k=k)
        elif remainder:
            add((a, b), ("HX", *ends), k=k)

    for i in range(n + (1 if remainder else 0)):
        for j in range(n + (1 if remainder else 0)):
            join(f"AA{i}", f"BB{j}", f"AB{i + j + 1}", i + j + 1, ("A", "B"), 4 * K)
    for i in range(n + (1 if remainder else 0)):
        for m in range(1, n + 1):
            join(f"AA{i}", f"AB{m}", f"AA{i + m}", i + m, ("A", "A"), 2 * K)
            join(f"AB{m}", f"BB{i}", f"BB{i + m}", i + m, ("B", "B"), 2 * K)
    for m in range(1, n + 1):
        for q in range(m, n + 1):
            join(f"AB{m}", f"AB{q}", f"AB{m + q}", m + q, ("A", "B"), K if m == q else 2 * K)
    for m in range(1, n + 1):
        add((f"AB{m}",), (f"R{m}", "HX"), k=K * EM * m**-1.5)
    if remainder:
        add(("A", "B"), ("HX",), k=K)
        for i in range(n + 1):
            add(("B", f"AA{i}"), ("A", "HX"), k=2 * K)
            add(("A", f"BB{i}"), ("B", "HX"), k=2 * K)
        for m in range(1, n + 1):
            add(("A", f"AB{m}"), ("A", "HX"), k=K)
            add(("B", f"AB{m}"), ("B", "HX"), k=K)
    add(("HX", "base"), ("salt",), k=K_BASE)
    add(("salt",), ("HX", "base"), k=K_BACK)
    add(("HX", "AA0"), ("AAH",), k=K_BASE / 10)
    add(("AAH",), ("HX", "AA0"), k=K_BACK)
    add(("BB0",), ("gone",), k=K_DECAY)
    add(("AA0",), ("gone",), k=K_DECAY / 10)
    reactions = tuple(Reaction(f"r{i}", "rule", "family", a, b, 1, None, ()) for i, (a, b, _) in enumerate(found))
    species = tuple(sorted({s for a, b, _ in found for s in (*a, *b)}))
    return Network(species, reactions), [k for *_, k in found]


def laws(values: list[float]) -> tuple[RateLaw, ...]:
    """Return laws without uncertainty."""
    return tuple(
        RateLaw(f"r{i}", (Term(f"k{i}", math.log10(v), 0.0, "judgement"),), 0.0, 0.0) for i, v in enumerate(values)
    )


def semi_batch(a: float, b: float, t_add: float, base: float, end: float) -> Flask:
    """Return 1 L of diamine [mol/L] and base, with the dihalide fed in 0.1 L."""
    doses = (
        Dose("diamine", "AA0", "substrate", a),
        Dose("base", "base", "base", base),
        Dose("dihalide", "BB0", "substrate", b, 0.0, t_add, 0.1),
    )
    return Flask(doses, (("acetonitrile", 1.0),), 1.0, ((0.0, 298.15),), end, 0.0, "N2", a, "AA0")


class Flat:
    """The same problem as plain arrays, for stock solvers, in concentrations with a volume that grows."""

    def __init__(self, network: Network) -> None:
        """Lay out the reactions of a network."""
        self.rank = {s: i for i, s in enumerate(network.species)}
        self.r1 = np.array([self.rank[r.reactants[0]] for r in network.reactions])
        self.r2 = np.array([self.rank[r.reactants[1]] if len(r.reactants) == 2 else -1 for r in network.reactions])
        rows: list[tuple[int, int, float]] = []
        self.change = np.zeros((len(network.species), len(network.reactions)))
        for j, r in enumerate(network.reactions):
            for s in r.reactants:
                self.change[self.rank[s], j] -= 1.0
            for s in r.products:
                self.change[self.rank[s], j] += 1.0
            rows += [(j, int(i), float(self.change[i, j])) for i in np.nonzero(self.change[:, j])[0]]
        self.e_j = np.array([r[0] for r in rows])
        self.e_i = np.array([r[1] for r in rows])
        self.e_v = np.array([r[2] for r in rows])

    def start(self, flask: Flask) -> np.ndarray:
        """Return concentrations at time 0 [mol/L]."""
        y = np.zeros(len(self.rank))
        for d in flask.doses:
            if d.duration == 0.0:
                y[self.rank[d.smiles or ""]] += d.mol / flask.volume
        return y


@njit(cache=True)
def slope(y, t, k, r1, r2, e_j, e_i, e_v, fed, feed_c, q, v0, _a):  # noqa: ANN001, ANN201
    """Return dc/dt in a growing volume."""
    out = np.zeros(y.shape[0])
    rate = np.empty(k.shape[0])
    for j in range(k.shape[0]):
        v = k[j] * y[r1[j]]
        if r2[j] >= 0:
            v *= y[r2[j]]
        rate[j] = v
    for e in range(e_j.shape[0]):
        out[e_i[e]] += e_v[e] * rate[e_j[e]]
    if q > 0.0:
        d = q / (v0 + q * t)
        for i in range(y.shape[0]):
            out[i] -= d * y[i]
        out[fed] += d * feed_c
    return out


@njit(cache=True)
def jacobian(y, t, k, r1, r2, e_j, e_i, e_v, _fed, _feed_c, q, v0, _a):  # noqa: ANN001, ANN201
    """Return the dense Jacobian."""
    out = np.zeros((y.shape[0], y.shape[0]))
    for e in range(e_j.shape[0]):
        j = e_j[e]
        if r2[j] >= 0:
            out[e_i[e], r1[j]] += e_v[e] * k[j] * y[r2[j]]
            out[e_i[e], r2[j]] += e_v[e] * k[j] * y[r1[j]]
        else:
            out[e_i[e], r1[j]] += e_v[e] * k[j]
    if q > 0.0:
        d = q / (v0 + q * t)
        for i in range(y.shape[0]):
            out[i, i] -= d
    return out


def stock(flat: Flat, flask: Flask, k: np.ndarray, solve: Callable[..., np.ndarray]) -> np.ndarray:
    """Run a stock solver over the feed and then over the rest; return amounts [mol]."""
    fed = next(d for d in flask.doses if d.duration > 0.0)
    q = fed.volume / fed.duration
    y = flat.start(flask)
    parts = (k, flat.r1, flat.r2, flat.e_j, flat.e_i, flat.e_v, flat.rank[fed.smiles or ""], fed.mol / fed.volume)
    y = solve(y, fed.duration, (*parts, q, flask.volume, 0.0))
    y = solve(y, flask.time - fed.duration, (*parts, 0.0, flask.volume + fed.volume, 0.0))
    return y * (flask.volume + fed.volume)


def with_odeint(y: np.ndarray, time_: float, arguments: tuple[object, ...]) -> np.ndarray:
    """LSODA in Fortran, compiled right-hand side, analytic Jacobian."""
    return odeint(slope, y, [0.0, time_], args=arguments, Dfun=jacobian, rtol=1e-6, atol=1e-12, mxstep=100000)[-1]


def with_ivp(method: str, rtol: float, atol: float, *, analytic: bool) -> Callable[..., np.ndarray]:
    """Return one of SciPy's solve_ivp methods."""

    def run(y: np.ndarray, time_: float, arguments: tuple[object, ...]) -> np.ndarray:
        jac = (lambda t, c: jacobian(c, t, *arguments)) if analytic else None
        return solve_ivp(lambda t, c: slope(c, t, *arguments), (0.0, time_), y, method=method, rtol=rtol, atol=atol, **({"jac": jac} if jac else {})).y[:, -1]  # fmt: skip

    return run


def timed(run: Callable[[], np.ndarray], repeats: int = 5) -> tuple[float, np.ndarray]:
    """Return the median wall time [s] and the last value, after one run that compiles."""
    given, times = run(), []
    for _ in range(repeats):
        start = time.perf_counter()
        given = run()
        times.append(time.perf_counter() - start)
    return float(np.median(times)), given


def error(found: np.ndarray, truth: np.ndarray, volume: float) -> float:
    """Return the largest relative deviation over species above 1e-8 M."""
    seen = truth / volume > NOTABLE
    return float(np.max(np.abs(found[seen] / truth[seen] - 1.0)))


def one_solve() -> list[str]:
    """Return the table of a single solve."""
    network, values = step_growth()
    law, flat, k = laws(values), Flat(network), np.array(values)
    flask = semi_batch(0.1, 0.1, HOUR, 0.3, 10 * HOUR)
    truth = stock(flat, flask, k, with_ivp("Radau", 1e-10, 1e-16, analytic=True))

    def ours(rtol: float) -> Callable[[], np.ndarray]:
        def run() -> np.ndarray:
            e = ensemble(
                network,
                [flask],
                law,
                {},
                n_draws=1,
                seed="",
                given={},
                rtol=rtol,
                atol=rtol * 1e-6,
            )
            return e.n[0, -1]

        return run

    ring = network.species.index("R1")
    rows = []
    for name, run in (
        ("ringside, rtol 1e-3 (as ensembles)", ours(1e-3)),
        ("ringside, rtol 1e-6", ours(1e-6)),
        ("SciPy odeint, compiled, analytic Jacobian, rtol 1e-6", lambda: stock(flat, flask, k, with_odeint)),
        (
            "SciPy BDF, compiled, analytic Jacobian, rtol 1e-6",
            lambda: stock(flat, flask, k, with_ivp("BDF", 1e-6, 1e-12, analytic=True)),
        ),
        (
            "SciPy BDF, compiled, difference Jacobian, rtol 1e-6",
            lambda: stock(flat, flask, k, with_ivp("BDF", 1e-6, 1e-12, analytic=False)),
        ),
    ):
        spent, found = timed(run)
        rows.append((name, spent, error(found, truth, 1.1), abs(found[ring] - truth[ring]) / 0.1))
    rows += roadrunner(network, flask, law, truth, ring)
    return [
        f"{len(network.species)} species, {len(network.reactions)} reactions, dihalide fed over 1 h, held to 10 h. Error: largest relative deviation of any species above 1e-8 mol/L",
        "from Radau at 1e-10, and the deviation of the yield of the smallest ring. Wall time, median of 5 after one run that compiles.",
        "",
        "| engine | one solve | largest relative error | error of the ring's yield |",
        "|---|---|---|---|",
        *(f"| {n} | {1e3 * t:.1f} ms | {e:.0e} | {y:.0e} |" for n, t, e, y in rows),
    ]


def roadrunner(
    network: Network, flask: Flask, law: tuple[RateLaw, ...], truth: np.ndarray, ring: int
) -> list[tuple[str, float, float, float]]:
    """Return the row of libroadrunner, on the exported SBML, where it is installed."""
    try:
        import roadrunner as rr  # noqa: PLC0415
    except ImportError:
        return []
    text = sbml(network, flask, law, {}, dissolution={})
    start = time.perf_counter()
    model = rr.RoadRunner(text)
    load_time = time.perf_counter() - start
    model.integrator.relative_tolerance, model.integrator.absolute_tolerance = 1e-6, 1e-12
    order = [int(i[1:]) for i in model.model.getFloatingSpeciesIds()]

    def run() -> np.ndarray:
        model.reset()
        model.simulate(0.0, flask.time, 2)
        out = np.zeros(max(order) + 1)
        out[order] = model.model.getFloatingSpeciesAmounts()
        return out[: len(network.species)]

    spent, found = timed(run)
    return [
        (
            f"libroadrunner CVODE on the exported SBML, rtol 1e-6 (loaded in {load_time:.1f} s)",
            spent,
            error(found, truth, 1.1),
            abs(found[ring] - truth[ring]) / 0.1,
        )
    ]


def sweep() -> list[str]:
    """Return the table of a thousand conditions."""
    network, values = step_growth()
    law, flat = laws(values), Flat(network)
    generator = np.random.default_rng(SEED)
    u = generator.random((CONDITIONS, 5))
    flasks = [
        semi_batch(
            a := 10 ** (-2.0 + 1.5 * x[0]),
            a * (0.8 + 0.4 * x[1]),
            10 ** (2.0 + 2.5 * x[2]),
            a * (0.2 + 3 * x[3]),
            24 * HOUR,
        )
        for x in u
    ]
    closing = [i for i, r in enumerate(network.reactions) if r.products[0].startswith("R")]
    shift = np.zeros((CONDITIONS, len(law)))
    shift[:, closing] = (u[:, 4] * 2 - 1)[:, None]
    given = {f"k{i}": shift[:, i] for i in closing}
    law = tuple(replace(w, terms=(replace(w.terms[0], sd=1.0),)) for w in law)
    ring = network.species.index("R1")

    def ours() -> np.ndarray:
        e = ensemble(network, flasks, law, {}, n_draws=CONDITIONS, seed="", given=given)
        return e.n[:, -1, ring] / e.limiting

    start = time.perf_counter()
    found = ours()
    first = time.perf_counter() - start
    start = time.perf_counter()
    found = ours()
    own = time.perf_counter() - start
    some = range(0, CONDITIONS, CONDITIONS // PEER_RUNS)
    truth = np.array(
        [
            stock(flat, flasks[i], np.array(values) * 10 ** shift[i], with_ivp("Radau", 1e-9, 1e-15, analytic=True))[
                ring
            ]
            / flasks[i].limiting
            for i in some
        ]
    )
    worst = float(np.max(np.abs(found[list(some)] - truth)))
    rows = [f"| ringside, rtol 1e-3, both cores | {own:.1f} s (first call {first:.1f} s) | {worst:.0e} | 1 |"]
    moved = u[:, 4] * 2 - 1
    exact = closed_yields(30, 1e-6, [flasks[i] for i in some], moved[list(some)])[0]
    rows[0] = rows[0].replace("rtol 1e-3, both cores", "20 units followed, longer ones left out, rtol 1e-3, both cores")
    for units in (3, 6, 12):
        for rtol in (1e-3, 1e-4):
            rows.append(closed_row(units, rtol, flasks, moved, exact, own))
    left_out = float(np.max(np.abs(truth - exact)))
    for name, solve in (
        ("SciPy odeint, compiled, analytic Jacobian", with_odeint),
        ("SciPy BDF, compiled, difference Jacobian", with_ivp("BDF", 1e-6, 1e-12, analytic=False)),
    ):
        start = time.perf_counter()
        peers = np.array(
            [stock(flat, flasks[i], np.array(values) * 10 ** shift[i], solve)[ring] / flasks[i].limiting for i in some]
        )
        spent = (time.perf_counter() - start) * CONDITIONS / len(some) / 2.0
        rows.append(
            f"| {name}, {len(some)} run, scaled to {CONDITIONS} on two cores | {spent:.0f} s | {float(np.max(np.abs(peers - truth))):.0e} | {spent / own:.0f} |"
        )
    return [
        f"{CONDITIONS} conditions of the same network: diamine 0.01 to 0.3 mol/L, feed 100 s to 9 h, base, stoichiometry and effective molarity varied, 24 h. Errors on {len(some)} of them: of models that leave out chains of more than",
        f"20 units against Radau at 1e-9 of that model; of those whose remainder reacts on against 30 units followed at 1e-6. Leaving out the longer chains is itself off by up to {left_out:.0e}.",
        "",
        "| engine | time | largest error of the ring's yield | ratio |",
        "|---|---|---|---|",
        *rows,
    ]


def closed_yields(
    units: int, rtol: float, flasks: list[Flask], moved: np.ndarray
) -> tuple[np.ndarray, Network, Callable[[], np.ndarray]]:
    """Return ring yields of a model that follows few units and lets the rest react on by its ends."""
    network, values = step_growth(units, remainder=True)
    closing = [i for i, r in enumerate(network.reactions) if r.products[0].startswith("R")]
    given = {f"k{i}": moved for i in closing}
    law = tuple(replace(w, terms=(replace(w.terms[0], sd=1.0),)) for w in laws(values))
    ring = network.species.index("R1")

    def run() -> np.ndarray:
        e = ensemble(network, flasks, law, {}, n_draws=len(flasks), seed="", given=given, rtol=rtol, atol=rtol * 1e-6)
        return e.n[:, -1, ring] / e.limiting

    return run(), network, run


def closed_row(units: int, rtol: float, flasks: list[Flask], moved: np.ndarray, exact: np.ndarray, own: float) -> str:
    """Return the table row of such a model, with its error against thirty units followed."""
    _, network, run = closed_yields(units, rtol, flasks, moved)
    spent, found = timed(run, 3)
    worst = float(np.max(np.abs(found[:: CONDITIONS // PEER_RUNS] - exact)))
    return (
        f"| ringside, {units} units followed, the rest by its ends ({len(network.species)} species, {len(network.reactions)} reactions), rtol {rtol:.0e} | "
        f"{spent:.2f} s | {worst:.0e} | {spent / own:.2f} |"
    )


def plot(points: list[tuple[float, float]], across: str) -> str:
    """Return seconds against a size, both logarithmic, as SVG parts of one panel 300 by 220."""
    xs, ys = (np.log10([p[k] for p in points]) for k in (0, 1))
    low, high = math.floor(float(ys.min())), math.ceil(float(ys.max()))

    def x(v: float) -> float:
        return 50 + 230 * (v - float(xs.min())) / max(float(np.ptp(xs)), 1e-9)

    def y(v: float) -> float:
        return 170 - 150 * (v - low) / max(high - low, 1)

    parts = [f'<path d="M50 {y(t):.0f}H280" stroke="#ddd"/><text x="44" y="{y(t) + 4:.0f}" text-anchor="end">{10.0**t:g} s</text>' for t in range(low, high + 1)]  # fmt: skip
    parts += [f'<text x="{x(a):.0f}" y="186" text-anchor="middle">{p[0]:g}</text>' for a, p in zip(xs, points, strict=True)]  # fmt: skip
    line = " ".join(f"{x(a):.1f},{y(b):.1f}" for a, b in zip(xs, ys, strict=True))
    parts.append(f'<polyline points="{line}" fill="none" stroke="#1f6f8b" stroke-width="2"/>')
    parts += [f'<circle cx="{x(a):.1f}" cy="{y(b):.1f}" r="3.5" fill="#1f6f8b"/>' for a, b in zip(xs, ys, strict=True)]
    slope = float(np.polyfit(xs, ys, 1)[0])
    parts.append(f'<text x="165" y="208" text-anchor="middle">{across} (slope {slope:.1f})</text>')
    return "".join(parts)


def scaling(lines: list[str], draws: list[str]) -> None:
    """Draw time against species, reactions and draws, from the tables."""

    def column(rows: list[str], k: int) -> list[float]:
        return [float(r.split("|")[k].split()[0]) for r in rows[2:]]

    panels = (
        (list(zip(column(lines, 1), column(lines, 3), strict=True)), "species"),
        (list(zip(column(lines, 2), column(lines, 3), strict=True)), "reactions"),
        (list(zip(column(draws, 1), column(draws, 2), strict=True)), "draws"),
    )
    body = "".join(f'<g transform="translate({300 * i} 0)">{plot(p, name)}</g>' for i, (p, name) in enumerate(panels))
    PLOT.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" width="900" height="220" viewBox="0 0 900 220" font-family="sans-serif" font-size="11"><rect width="900" height="220" fill="#fff"/>{body}</svg>\n',
        encoding="utf-8",
    )


def larger() -> list[str]:
    """Return times of random networks of growing size."""
    lines = ["| species | reactions | one solve | set-up of the network |", "|---|---|---|---|"]
    for size in (50, 100, 200, 500, 1000):
        generator = np.random.default_rng(SEED)
        names = [f"S{i}" for i in range(size)]
        reactions, values = [], []
        for i in range(int(2.5 * size)):
            a, b, c = (int(x) for x in generator.integers(0, size, 3))
            b = b % 10
            reactions.append(
                Reaction(
                    f"r{i}", "rule", "family", (names[a], names[b]) if i % 3 else (names[a],), (names[c],), 1, None, ()
                )
            )
            values.append(10 ** float(generator.uniform(-6, 0)))
        network = Network(tuple(sorted(names)), tuple(reactions))
        flask = Flask(
            tuple(Dose(n, n, "substrate", 0.1) for n in names[:20]),
            (("water", 1.0),),
            1.0,
            ((0.0, 298.15),),
            36000.0,
            0.0,
            "N2",
            0.1,
            names[0],
        )
        law = laws(values)
        start = time.perf_counter()
        options = {"n_draws": 1, "seed": "", "given": {}}
        ensemble(network, [flask], law, {}, **options)
        first = time.perf_counter() - start
        spent, _ = timed(lambda n=network, f=flask, w=law, o=options: ensemble(n, [f], w, {}, **o).n, 3)
        lines.append(
            f"| {size} | {len(reactions)} | {spent:.3f} s, compiling the arrays included | {first:.3f} s at first |"
        )
    return lines


def samples() -> list[str]:
    """Return times of many draws of the demo case."""
    known = load()
    case = read_case(ROOT / "examples" / "waters-b6.toml", case_tools(known))
    lines = ["| draws of `waters-b6` (network grown before) | time |", "|---|---|"]
    with tempfile.TemporaryDirectory() as folder:
        os.environ["RINGSIDE_CACHE"] = folder
        simulator(known)(case, 10)
        for n in (100, 1000, 10000):
            run = simulator(known)
            start = time.perf_counter()
            run(case, n)
            lines.append(f"| {n} | {time.perf_counter() - start:.2f} s |")
    return lines


def main() -> None:
    """Run everything and write the page."""
    known = load()
    sizes, draws = larger(), samples()
    scaling(sizes, draws)
    lines = [
        "# Kinetics",
        "",
        f"Made at {stamp(known)}, by `make bench`. {platform.machine()}, {os.cpu_count()} shared cores, Python {platform.python_version()}.",
        "",
        "## One solve",
        "",
        *one_solve(),
        "",
        "## A thousand conditions",
        "",
        *sweep(),
        "",
        "## Larger networks",
        "",
        "Random mass action, ten reagents that take part in most reactions, 10 h, rtol 1e-3.",
        "",
        *sizes,
        "",
        "## Many draws",
        "",
        *draws,
        "",
        "![time against species, reactions and draws](kinetics.svg)",
    ]
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines), file=sys.stdout)


if __name__ == "__main__":
    main()
