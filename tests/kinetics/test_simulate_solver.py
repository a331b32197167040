"""The integrator against its order conditions, an independent referee and its invariants."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numba
import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.optimize import brentq
from small_networks import acid, base, dose, flask, laws, network, reaction

from ringside.errors import NoAnswer
from ringside.kinetics import solver
from ringside.kinetics.bound import bound
from ringside.kinetics.ensemble import ensemble
from ringside.kinetics.nouns import Binding
from ringside.kinetics.pattern import eliminate, slots
from ringside.kinetics.simulate import simulate
from ringside.kinetics.solver import ALPHA, EMBEDDED, GAMMAS, WEIGHTS

DIAMINE = Binding((1.0, 2.0 * 10.0**18, 10.0**31), 0, {0: (1.0, 10.0**17, 0.0)})
NET = network(
    [
        reaction(["N", "RX"], ["M", "HX"], site=(0, 0)),
        reaction(["M", "RX"], ["D", "HX"], site=(0, 0)),
        reaction(["D", "RX"], ["Q", "X-"]),
        reaction(["N", "CO"], ["H"], site=(0, 0)),
        reaction(["H"], ["N", "CO"]),
        reaction(["H"], ["I", "OH"]),
        reaction(["I", "OH"], ["H"]),
        reaction(["I", "hydride"], ["M"]),
        reaction(["RX", "OH"], ["ROH", "X-"]),
        reaction(["RX", "base"], ["waste"]),
    ]
)
K = [2.0, 0.7, 0.02, 50.0, 1.0, 5.0, 2e4, 300.0, 1e-3, 1e-9]
BINDINGS = {
    "N": DIAMINE,
    "M": base(17.5),
    "D": base(17.0),
    "H": base(14.0),
    "HX": acid(4.0),
    "OH": base(26.0),
    "base": base(18.5),
}
DOSES = [
    dose("N", 0.02),
    dose("RX", 0.025, start=100.0, over=900.0, volume=0.05),
    dose("CO", 0.01),
    dose("hydride", 0.008, start=300.0),
    dose("base", 0.01),
]
FLASK = flask(
    DOSES, volume=0.1, limiting=0.02, time=3600.0, programme=((0.0, 273.15), (600.0, 273.15), (1200.0, 313.15))
)


def referee(net, fl, k, bindings, ea):
    """Integrate with scipy's Radau, the proton balance by bisection, in concentrations of its own making."""
    rank = {s: i for i, s in enumerate(net.species)}

    def volume(t):
        return fl.volume + sum(d.volume * min(max((t - d.start) / d.duration, 0), 1) for d in fl.doses if d.duration)

    bound = [s for s in bindings if s in rank]
    at = [rank[s] for s in bound]
    held = np.array([bindings[s].offset for s in bound])
    ladder = np.arange(max(len(bindings[s].beta) for s in bound))
    betas = np.array([np.pad(bindings[s].beta, (0, len(ladder) - len(bindings[s].beta))) for s in bound])

    def h_of(n, v):
        c = np.maximum(n[at], 0.0) / v
        labile = c @ held

        def balance(x):
            h = 10.0**x
            w = betas * h**ladder
            return h - labile + c @ ((w @ ladder) / w.sum(axis=1))

        return 10.0 ** brentq(balance, -60.0, 2.0, xtol=1e-12) if labile > 1e-15 else 0.0

    def speed(t, n):
        v = volume(t)
        h = h_of(n, v)
        kelvin = np.interp(t, *zip(*fl.programme, strict=True))
        warm = np.exp(ea / 8.31446261815324e-3 * (1 / 298.15 - 1 / kelvin))
        out = np.zeros(len(n))
        for r, k25 in zip(net.reactions, k, strict=True):
            rate = k25 * warm * v
            for s in r.reactants:
                rate *= n[rank[s]] / v
            if r.sites:
                b = bindings[r.reactants[0]]
                power = h ** np.arange(len(b.beta))
                rate *= (np.array(b.free[0]) @ power) / (np.array(b.beta) @ power)
            for s in r.reactants:
                out[rank[s]] -= rate
            for s in r.products:
                out[rank[s]] += rate
        for d in fl.doses:
            if d.duration and d.start <= t < d.start + d.duration:
                out[rank[d.smiles]] += d.mol / d.duration
        return out

    corners = sorted(
        {0.0, fl.time, *(p[0] for p in fl.programme), *(x for d in fl.doses for x in (d.start, d.start + d.duration))}
    )
    n = np.zeros(len(rank))
    for start, end in itertools.pairwise(corners):
        for d in fl.doses:
            if not d.duration and d.start == start:
                n[rank[d.smiles]] += d.mol
        inside = (start + 1e-9, end - 1e-9)
        n = solve_ivp(speed, inside, n, method="Radau", rtol=1e-10, atol=1e-14).y[:, -1]
    return dict(zip(net.species, n, strict=True))


@pytest.fixture(scope="module")
def truth():
    return referee(NET, FLASK, K, BINDINGS, 60.0)


@pytest.mark.parametrize(("rtol", "atol", "within"), [(1e-3, 1e-7, 1e-3), (1e-5, 1e-9, 2e-5), (1e-8, 1e-12, 2e-7)])
def test_yields_agree_with_an_independent_radau(truth, rtol, atol, within):
    course = simulate(NET, FLASK, laws(NET, K, ea=60.0), BINDINGS, times=[FLASK.time], rtol=rtol, atol=atol)
    mine = dict(zip(course.species, course.n[0], strict=True))
    assert max(abs(mine[s] - truth[s]) for s in truth) / FLASK.limiting < within


def test_the_coefficients_meet_the_order_conditions_of_a_w_method():
    both = ALPHA + GAMMAS
    a, g = ALPHA.sum(axis=1), GAMMAS.sum(axis=1)
    for weights, order in ((WEIGHTS, 3), (EMBEDDED, 2)):
        assert weights.sum() == pytest.approx(1, abs=1e-14)
        assert weights @ a == pytest.approx(1 / 2, abs=1e-14)
        assert weights @ g == pytest.approx(0, abs=1e-14)
        if order == 3:
            assert weights @ a**2 == pytest.approx(1 / 3, abs=1e-14)
            assert weights @ ALPHA @ a == pytest.approx(1 / 6, abs=1e-14)
            for left, right in ((ALPHA, g), (GAMMAS, a), (GAMMAS, g)):
                assert weights @ left @ right == pytest.approx(0, abs=1e-13)
    assert both[-1] == pytest.approx(WEIGHTS, abs=1e-14)


def test_elimination_in_the_fixed_pattern_needs_no_slot_that_is_missing():
    rng = np.random.Generator(np.random.PCG64(3))
    n = 25
    entries = [(int(i), int(j)) for i, j in rng.integers(0, n, (60, 2))]
    pattern = eliminate(n, entries)
    filled = np.zeros((n, n), dtype=bool)
    for i, j in [*entries, *((i, i) for i in range(n))]:
        filled[pattern.place[i], pattern.place[j]] = True
    for p in range(n):
        for i in range(p + 1, n):
            if filled[i, p]:
                filled[i, p:] |= filled[p, p:]
    state = np.argsort(pattern.place)
    row, column = np.argwhere(filled).T
    slot = slots(pattern, state[row], state[column])
    assert np.array_equal(pattern.col[slot], column)
    assert np.all((pattern.ptr[row] <= slot) & (slot < pattern.ptr[row + 1]))
    assert np.array_equal(slots(pattern, np.arange(n), np.arange(n))[state], pattern.diagonal)


def test_atoms_and_charge_are_conserved_along_the_course():
    contents = {
        "N": (1, 0, 0), "M": (1, 1, 0), "D": (1, 2, 0), "Q": (1, 3, 0), "H": (1, 0, 1), "I": (1, 0, 1), "CO": (0, 0, 1),
        "RX": (0, 1, 0), "ROH": (0, 1, 0), "waste": (0, 1, 0),
    }  # fmt: skip
    net = network([r for r in NET.reactions if "hydride" not in r.reactants])
    course = simulate(net, FLASK, laws(net, [1.0] * len(net.reactions)), BINDINGS, rtol=1e-4, atol=1e-8)
    for unit in range(3):
        units = np.array([contents.get(s, (0, 0, 0))[unit] for s in course.species])
        total = course.n @ units
        assert total[-1] > 0
        after = course.t >= 1000.0
        assert np.ptp(total[after]) < 1e-7 * total[-1] + 1e-8 * 0.02


def test_the_draws_are_the_same_bits_however_many_threads_share_them():
    found = []
    for threads in (1, numba.config.NUMBA_NUM_THREADS):
        numba.set_num_threads(threads)
        run = ensemble(NET, [FLASK], laws(NET, K, ea=60.0), BINDINGS, n_draws=24, seed="threads")
        found.append((run.n.tobytes(), run.flux.tobytes()))
    assert found[0] == found[1]


def test_no_amount_is_ever_negative():
    course = simulate(NET, FLASK, laws(NET, K, ea=60.0), BINDINGS, rtol=1e-2, atol=1e-6)
    assert course.n.min() >= 0.0
    assert course.n.max() > 0.0


def test_the_order_of_reactions_and_doses_changes_nothing():
    net = network(NET.reactions[::-1])
    fl = flask(DOSES[::-1], volume=0.1, limiting=0.02, time=3600.0, programme=FLASK.programme)
    one = simulate(NET, FLASK, laws(NET, K, ea=60.0), BINDINGS, rtol=1e-6, atol=1e-10)
    two = simulate(net, fl, laws(net, K[::-1], ea=60.0), BINDINGS, rtol=1e-6, atol=1e-10)
    assert two.n == pytest.approx(one.n, abs=1e-10)


def test_turnover_accounts_for_what_changed():
    e = ensemble(NET, [FLASK], laws(NET, K, ea=60.0), BINDINGS, n_draws=1, seed="s", rtol=1e-5, atol=1e-9)
    rank = {s: i for i, s in enumerate(NET.species)}
    flux = dict(zip((r.id for r in NET.reactions), e.flux[0], strict=True))
    made = flux["D+RX>Q+X-"]
    assert made == pytest.approx(e.n[0, -1, rank["Q"]], rel=1e-2)
    assert min(flux.values()) >= 0.0


def test_draws_of_a_longer_run_are_those_of_a_shorter_one_and_flasks_may_differ():
    spread = laws(NET, K, sd=0.5)
    few = ensemble(NET, [FLASK], spread, BINDINGS, n_draws=3, seed="s")
    many = ensemble(NET, [FLASK], spread, BINDINGS, n_draws=6, seed="s")
    assert many.n[:3] == pytest.approx(few.n, abs=0)
    assert np.ptp(many.n[:, -1, 0]) > 0
    larger = flask(DOSES, volume=0.3, limiting=0.02, time=1800.0)
    mixed = ensemble(NET, [FLASK, larger, FLASK], spread, BINDINGS, n_draws=3, seed="s")
    assert mixed.n[[0, 2]] == pytest.approx(few.n[[0, 2]], abs=0)
    assert np.abs(mixed.n[1] - few.n[1]).max() > 1e-4


def test_a_flask_without_liquid_has_no_answer():
    with pytest.raises(NoAnswer, match="without liquid"):
        simulate(NET, flask([dose("N", 1.0)], volume=0.0), laws(NET, K), BINDINGS)


def test_a_reaction_of_three_molecules_has_no_answer():
    net = network([reaction(["A", "B", "C"], ["D"])])
    with pytest.raises(NoAnswer, match="one or two molecules"):
        simulate(net, flask([dose("A", 1.0)]), laws(net, [1.0]), {})


def test_a_solid_dissolves_at_its_rate_and_is_counted_with_what_is_dissolved():
    net = network([reaction(["base", "RX"], ["P"])])
    fl = flask([dose("base", 1.0, solid=True), dose("RX", 1.0)], time=100.0)
    quick = laws(net, [1e6])
    slow = simulate(net, fl, quick, {}, dissolution={"base": (-2.0, 0.0)}, rtol=1e-7, atol=1e-11)
    n = dict(zip(slow.species, slow.n.T, strict=True))
    assert n["P"] == pytest.approx(1 - np.exp(-0.01 * slow.t), abs=1e-4)
    assert n["base"] + n["P"] == pytest.approx(np.ones_like(slow.t), abs=1e-9)
    at_once = simulate(net, fl, quick, {})
    assert at_once.n[-1][net.species.index("P")] == pytest.approx(1.0, abs=1e-3)


def test_the_bound_is_above_what_is_there_and_counts_a_fleeting_intermediate():
    net = network([reaction(["A"], ["I"]), reaction(["I"], ["B"]), reaction(["B"], ["C"])])
    fl = flask([dose("A", 1.0)], time=100.0)
    spread = laws(net, [1e-2, 1e6, 1e-9], sd=1.0)
    most = bound(net, [fl], spread, {}).reach
    course = simulate(net, fl, spread, {})
    for i, s in enumerate(net.species):
        assert most[s] >= course.n[:, i].max() * 0.99
    assert most["I"] > 0.5
    assert 1e-8 < most["C"] < 1e-3


def test_what_only_leads_to_little_is_worth_little_and_what_leads_to_much_is_worth_much():
    net = network([reaction(["A"], ["I"]), reaction(["I"], ["B"]), reaction(["A"], ["J"]), reaction(["J"], ["D"])])
    fl = flask([dose("A", 1.0)], time=100.0)
    found = bound(net, [fl], laws(net, [1e-1, 1e6, 1e-5, 1e3], sd=0.1), {})
    assert found.worth["I"] == pytest.approx(found.worth["B"], rel=0.05)
    assert found.worth["I"] > 0.9
    assert found.worth["J"] < 2e-3
    assert found.worth["A"] == pytest.approx(1.0)


def test_a_dead_end_that_goes_back_is_worth_what_is_there_of_it():
    there = reaction(["A"], ["X"])
    back = replace(reaction(["X"], ["A"]), reverse_of=there.id)
    net = network([there, back, reaction(["A"], ["B"])])
    found = bound(net, [flask([dose("A", 1.0)], time=100.0)], laws(net, [1.0, 1e3, 1e-3], sd=0.1), {})
    assert found.worth["X"] < 3e-3
    assert found.reach["X"] < 3e-3


def test_kernels_compile_where_no_cache_can_be_written():
    scope: dict[str, object] = {}
    exec("def twice(x):\n    return 2.0 * x", scope)
    assert solver._compiled()(scope["twice"])(1.5) == 3.0
