"""Analytic limits that every simulation must meet."""

from __future__ import annotations

import math

import numpy as np
import pytest
from small_networks import acid, base, dose, flask, laws, network, reaction

from ringside.kinetics.nouns import Binding
from ringside.kinetics.simulate import simulate

TIGHT = {"rtol": 1e-8, "atol": 1e-12}


def amounts(net, fl, k, bindings=None, *, times=None, **extra):
    course = simulate(net, fl, laws(net, k), bindings or {}, times=times, **(TIGHT | extra))
    return dict(zip(course.species, course.n.T, strict=True))


COMPETITION = network([reaction(["A", "B"], ["C"]), reaction(["C", "B"], ["D"])])


def competition(a, kappa):
    return (a**kappa - a) / (1.0 - kappa)


@pytest.mark.parametrize("kappa", [0.1, 0.35, 0.5, 2.0])
@pytest.mark.parametrize("feed", [{}, {"over": 10.0, "volume": 0.5}, {"start": 2.0, "over": 20.0, "volume": 3.0}])
def test_mono_against_di_at_a_conversion_does_not_depend_on_how_the_electrophile_is_dosed(kappa, feed):
    n = amounts(COMPETITION, flask([dose("A", 1.0), dose("B", 1.3, **feed)], time=30.0), [1.0, kappa])
    assert n["C"] == pytest.approx(competition(n["A"], kappa), abs=2e-7)
    assert n["A"][-1] < 0.4


def test_the_most_mono_product_of_a_statistical_diamine_is_one_half():
    n = amounts(
        COMPETITION, flask([dose("A", 1.0), dose("B", 5.0)], time=20.0), [1.0, 0.5], times=np.linspace(0, 3, 2001)
    )
    assert n["C"].max() == pytest.approx(0.5, abs=1e-5)


def test_a_ring_against_its_dimer_follows_the_closed_form():
    em, m0 = 0.05, 0.2
    net = network([reaction(["M"], ["R"]), reaction(["M", "M"], ["D"])])
    n = amounts(net, flask([dose("M", m0)], limiting=m0, time=2000.0), [em, 1.0])
    assert n["R"][-1] / m0 == pytest.approx(em / (2 * m0) * math.log(1 + 2 * m0 / em), abs=1e-7)
    assert n["R"][-1] / m0 == pytest.approx(0.274653, abs=1e-6)


@pytest.mark.parametrize("fold", [3.0, 50.0])
def test_dilution_with_slower_closure_and_longer_time_changes_no_yield(fold):
    net = network([reaction(["M"], ["R"]), reaction(["M", "M"], ["D"]), reaction(["D", "M"], ["T"])])
    here = amounts(net, flask([dose("M", 0.2)], limiting=0.2, time=40.0), [0.05, 1.0, 2.0])
    there = amounts(net, flask([dose("M", 0.2)], limiting=0.2, volume=fold, time=40.0 * fold), [0.05 / fold, 1.0, 2.0])
    for species, course in here.items():
        assert there[species][-1] == pytest.approx(course[-1], abs=1e-9)


def test_step_growth_without_rings_gives_florys_distribution():
    top = 14
    chains = [reaction(["AA0", "BB0"], ["AB1"])]
    k = [4.0]
    for i in range(top):
        for j in range(top - i):
            if i + j:
                chains.append(reaction([f"AA{i}", f"BB{j}"], [f"AB{i + j + 1}"]))
                k.append(4.0)
    for i in range(top):
        for m in range(1, top + 1 - i):
            chains.append(reaction([f"AA{i}", f"AB{m}"], [f"AA{i + m}"]))
            chains.append(reaction([f"AB{m}", f"BB{i}"], [f"BB{i + m}"]))
            k += [2.0, 2.0]
    for m in range(1, top):
        for q in range(m, top + 1 - m):
            chains.append(reaction([f"AB{m}", f"AB{q}"], [f"AB{m + q}"]))
            k.append(1.0 if m == q else 2.0)
    t, n0 = 0.5, 1.0
    n = amounts(network(chains), flask([dose("AA0", n0 / 2), dose("BB0", n0 / 2)], time=t), k, rtol=1e-7)
    p = n0 * t / (1 + n0 * t)
    assert n["AA0"][-1] == pytest.approx(n0 / 2 * (1 - p) ** 2, rel=1e-4)
    for m in (1, 2, 3):
        assert n[f"AB{m}"][-1] == pytest.approx(n0 * (1 - p) ** 2 * p ** (2 * m - 1), rel=1e-3)


def test_a_feed_of_no_length_is_a_batch():
    batch = amounts(COMPETITION, flask([dose("A", 1.0), dose("B", 1.2, volume=0.1)], volume=1.1, time=5.0), [1.0, 0.3])
    feed = amounts(COMPETITION, flask([dose("A", 1.0), dose("B", 1.2, over=1e-6, volume=0.1)], time=5.0), [1.0, 0.3])
    assert feed["C"][-1] == pytest.approx(batch["C"][-1], abs=1e-5)


def test_volume_added_later_dilutes_only_from_then_on():
    net = network([reaction(["A", "B"], ["C"])])
    fl = flask([dose("A", 1.0), dose("B", 1.0), dose("S", 1e-9, start=1.0, volume=4.0)], time=2.0)
    c = amounts(net, fl, [1.0])["C"][-1]
    first = 1.0 / (1.0 + 1.0)
    assert 1.0 - c == pytest.approx(1.0 / (1.0 / first + 1.0 / 5.0), abs=1e-8)


def test_a_straight_temperature_ramp_is_integrated_as_arrhenius_says():
    net = network([reaction(["A"], ["B"])])
    low, high, time, ea = 273.15, 333.15, 1000.0, 70.0
    fl = flask([dose("A", 1.0)], time=time, programme=((0.0, low), (time, high)))
    course = simulate(net, fl, laws(net, [1e-3], ea=ea), {}, **TIGHT)
    t = np.linspace(0.0, time, 200001)
    kelvin = low + (high - low) * t / time
    k = 1e-3 * np.exp(ea / 8.31446261815324e-3 * (1 / 298.15 - 1 / kelvin))
    assert course.n[-1, 0] == pytest.approx(math.exp(-np.trapezoid(k, t)), abs=1e-7)


def test_a_monoamine_without_base_stops_at_half():
    net = network([reaction(["N", "RX"], ["NR", "HX"], site=(0, 0))])
    bindings = {"N": base(18.0), "NR": base(4.0), "HX": acid(-3.0)}
    n = amounts(net, flask([dose("N", 1.0), dose("RX", 3.0)], time=1e4), [1.0], bindings)
    assert n["NR"][-1] == pytest.approx(0.5, abs=5e-3)


def test_a_stronger_base_lets_the_amine_react_in_full():
    net = network([reaction(["N", "RX"], ["NR", "HX"], site=(0, 0))])
    net = network([*net.reactions, reaction(["base"], ["gone"])])
    bindings = {"N": base(16.0), "NR": base(15.0), "HX": acid(5.0), "base": base(19.0)}
    n = amounts(net, flask([dose("N", 1.0), dose("RX", 3.0), dose("base", 1.1)], time=1e4), [1.0, 1e-30], bindings)
    assert n["NR"][-1] == pytest.approx(1.0, abs=1e-3)


@pytest.mark.parametrize("feed", [{}, {"over": 500.0}])
def test_hx_shifts_no_selectivity_when_mono_and_free_amine_are_damped_alike(feed):
    net = network([reaction(["N", "RX"], ["M", "HX"], site=(0, 0)), reaction(["M", "RX"], ["D", "HX"], site=(0, 0))])
    kappa = 0.35
    bindings = {"N": base(17.0), "M": base(17.0), "D": base(17.0), "HX": acid(2.0)}
    n = amounts(net, flask([dose("N", 1.0), dose("RX", 0.9, **feed)], time=4000.0), [1.0, kappa], bindings)
    assert n["M"] == pytest.approx(competition(n["N"], kappa), abs=1e-6)
    assert n["N"][-1] < 0.45


def test_half_of_a_symmetric_diamine_is_held_when_mono_product_and_acid_are_equal():
    b1, b2 = 10.0**18, 10.0**30
    diamine = Binding((1.0, 2 * b1, b2), 0, {0: (1.0, b1, 0.0)})
    net = network([reaction(["N", "RX"], ["M", "HX"], site=(0, 0))])
    bindings = {"N": diamine, "HX": acid(0.0)}
    slow = amounts(
        net, flask([dose("N", 1.0), dose("HX", 1.0), dose("RX", 1.0)], time=10.0), [1e-4], bindings, times=[10.0]
    )
    share = slow["M"][0] / (1e-4 * 10.0)
    x = np.roots([b2, 0.0, -1.0]).max()
    free = (1.0 + b1 * x) / (1.0 + 2 * b1 * x + b2 * x * x)
    assert share == pytest.approx(free, rel=2e-3)
