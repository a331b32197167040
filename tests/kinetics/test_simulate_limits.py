"""Limits of polymer and ring chemistry that every simulation must meet, and when dosing does matter."""

import math

import numpy as np
import pytest
from scipy.optimize import brentq
from small_networks import dose, flask, laws, network, reaction

from ringside.kinetics.simulate import simulate

TIGHT = {"rtol": 1e-8, "atol": 1e-12}


def end(net, fl, k, **extra):
    course = simulate(net, fl, laws(net, k), {}, times=[fl.time], **(TIGHT | extra))
    return dict(zip(course.species, course.n[-1], strict=True))


RING = network([reaction(["M"], ["R"]), reaction(["M", "M"], ["D"])])


@pytest.mark.parametrize(("em", "rate"), [(0.05, 1e-6), (0.05, 1e-5), (0.5, 1e-5)])
def test_a_slow_feed_of_a_monomer_gives_the_steady_state_share_of_ring(em, rate):
    kc, k = 1e-3 * em, 1e-3
    over = 1e6
    total = rate * over
    n = end(RING, flask([dose("M", total, over=over)], limiting=total, time=over), [kc, k])
    steady = (-kc + math.sqrt(kc * kc + 8.0 * k * rate)) / (4.0 * k)
    assert n["R"] / total == pytest.approx(1.0 / (1.0 + 2.0 * steady / em), rel=0.02)


def made_in_the_flask(over):
    """A joins B at once, and the product closes (k 1e-3 /s, effective molarity 0.05) or meets another."""
    net = network([reaction(["A", "B"], ["M"]), reaction(["M"], ["R"]), reaction(["M", "M"], ["D"])])
    fl = flask([dose("A", 0.2), dose("B", 0.2, over=over)], limiting=0.2, time=over + 2e4)
    return end(net, fl, [1e3, 1e-3, 2e-2])["R"] / 0.2


def test_a_pump_helps_a_ring_only_when_it_runs_three_closures_long():
    at_once, short, three, long = (made_in_the_flask(x / 1e-3) for x in (0.0, 0.3, 3.0, 30.0))
    assert short - at_once < 0.05
    assert three - at_once > 0.1
    assert long > three > short > at_once


def test_the_diamine_dropped_into_the_electrophile_gives_less_mono():
    net = network([reaction(["A", "B"], ["C"]), reaction(["C", "B"], ["D"])])
    usual = end(net, flask([dose("A", 1.0), dose("B", 1.0, over=50.0)], time=3000.0), [1.0, 0.5])
    inverse = end(net, flask([dose("A", 1.0, over=50.0), dose("B", 1.0)], time=3000.0), [1.0, 0.5])
    assert inverse["C"] < 0.6 * usual["C"]


def test_an_electrophile_that_kills_itself_is_better_fed():
    net = network([reaction(["A", "B"], ["C"]), reaction(["B", "B"], ["W"])])
    batch = end(net, flask([dose("A", 1.0), dose("B", 1.0)], time=1000.0), [1.0, 3.0])
    fed = end(net, flask([dose("A", 1.0), dose("B", 1.0, over=500.0)], time=1000.0), [1.0, 3.0])
    assert fed["C"] > batch["C"] + 0.1


def step_growth(top):
    """Chains of A-A and B-B up to ``top`` bonds, every pair of ends equal."""
    chains, k = [reaction(["AA0", "BB0"], ["AB1"])], [4.0]
    for i in range(top):
        for j in range(top - i):
            if i + j:
                chains.append(reaction([f"AA{i}", f"BB{j}"], [f"AB{i + j + 1}"]))
                k.append(4.0)
    for i in range(top):
        for m in range(1, top + 1 - i):
            chains += [reaction([f"AA{i}", f"AB{m}"], [f"AA{i + m}"]), reaction([f"AB{m}", f"BB{i}"], [f"BB{i + m}"])]
            k += [2.0, 2.0]
    for m in range(1, top):
        for q in range(m, top + 1 - m):
            chains.append(reaction([f"AB{m}", f"AB{q}"], [f"AB{m + q}"]))
            k.append(1.0 if m == q else 2.0)
    return network(chains), k


@pytest.mark.parametrize("r", [1.0, 0.8, 0.5])
def test_unequal_ends_give_the_mean_length_of_carothers(r):
    net, k = step_growth(12)
    aa, bb = r / 2.0, 0.5
    n = end(net, flask([dose("AA0", aa), dose("BB0", bb)], time=0.5), k, rtol=1e-7)
    ends = sum(v * (2 if s.startswith("AA") else s.startswith("AB")) for s, v in n.items())
    p = 1.0 - ends / r
    assert 0.2 < p < 0.6
    assert (aa + bb) / sum(n.values()) == pytest.approx((1 + r) / (1 + r - 2 * r * p), rel=1e-4)


def test_rings_and_chains_at_equilibrium_follow_jacobson_and_stockmayer():
    top, big_k, b = 9, 2.0, 0.02
    net, k = [], []
    for n in range(2, top + 1):
        for i in range(1, n // 2 + 1):
            ways = 1.0 if 2 * i == n else 2.0
            net += [reaction([f"L{i}", f"L{n - i}"], [f"L{n}"]), reaction([f"L{n}"], [f"L{i}", f"L{n - i}"])]
            k += [ways * big_k, ways]
    for n in range(1, top + 1):
        net += [reaction([f"L{n}"], [f"R{n}"]), reaction([f"R{n}"], [f"L{n}"])]
        k += [b * big_k * n**-2.5, 1.0]
    mass = 0.15
    found = end(network(net), flask([dose("L1", mass)], limiting=mass, time=1e4), k, rtol=1e-7)
    sizes = np.arange(1, top + 1)

    def held(x):
        return float(np.sum(sizes * x**sizes) / big_k + np.sum(b * sizes**-1.5 * x**sizes)) - mass

    x = brentq(held, 1e-6, 1.0)
    for n in (1, 2, 3, 5):
        assert found[f"L{n}"] == pytest.approx(x**n / big_k, rel=1e-5)
        assert found[f"R{n}"] == pytest.approx(b * n**-2.5 * x**n, rel=1e-5)
