"""Pools of conjugate forms, real molecules and acid catalysis in the simulation."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from small_networks import acid, base, dose, flask, laws, network, reaction

from ringside.kinetics.compile import compile_network
from ringside.kinetics.nouns import Binding
from ringside.kinetics.simulate import simulate
from ringside.network.nouns import Site


def last(net, fl, k, bindings, **extra):
    course = simulate(net, fl, laws(net, k, **extra), bindings, times=[fl.time], rtol=1e-7, atol=1e-11)
    return dict(zip(course.species, course.n[0], strict=True))


HYDROXIDE = Binding((1.0, 1e30), 0, {}, pool="O")
WATER = Binding((1.0,), 0, {}, pool="O")
BROMIDE = Binding((1.0,), 0, {}, pool="Br")
HBR = Binding((1.0, 1e5), 1, {}, pool="Br")


def test_water_drives_back_what_lost_hydroxide():
    net = network(
        [reaction(["CN"], ["C[NH3+]", "[OH-]"]), reaction(["C[NH3+]", "[OH-]"], ["CN"]), reaction(["O"], ["O", "CCl"])]
    )
    k = [1e-2, 1e-2, 1e-30]
    bindings = {"[OH-]": HYDROXIDE, "O": WATER}
    dry = last(net, flask([dose("CN", 1.0)], time=1e4), k, bindings)
    wet = last(net, flask([dose("CN", 1.0), dose("O", 10.0)], time=1e4), k, bindings)
    x = dry["C[NH3+]"]
    assert x * x / (1 - x) == pytest.approx(1.0, rel=1e-4)
    y = wet["C[NH3+]"]
    assert y * (y + 10.0) / (1 - y) == pytest.approx(1.0, rel=1e-4)
    assert wet["[OH-]"] == 0.0
    assert wet["O"] == pytest.approx(10.0 + y, rel=1e-6)


def test_bromide_ion_and_hydrogen_bromide_are_one_pool_and_the_acid_keeps_its_proton():
    net = network([reaction(["N", "CBr"], ["NC", "Br"], site=(0, 0)), reaction(["T", "CBr"], ["Q", "[Br-]"])])
    bindings = {"Br": HBR, "[Br-]": BROMIDE, "N": base(18.0), "NC": base(2.0)}
    n = last(net, flask([dose("N", 1.0), dose("T", 0.2), dose("CBr", 3.0)], time=1e3), [1.0, 1.0], bindings)
    assert n["Br"] == pytest.approx(n["NC"] + n["Q"], abs=1e-9)
    assert n["[Br-]"] == 0.0
    assert n["NC"] == pytest.approx(0.5, abs=5e-3)
    assert n["Q"] == pytest.approx(0.2, abs=1e-6)


def test_carbonate_takes_up_two_protons_and_then_no_more():
    carbonate = Binding((1.0, 1e28, 1e52), 0, {}, pool="O=C(O)O")
    net = network([reaction(["N", "CBr"], ["NC", "Br"], site=(0, 0)), reaction(["O=C([O-])[O-]"], ["gone"])])
    bindings = {"Br": HBR, "N": base(18.0), "NC": base(2.0), "O=C([O-])[O-]": carbonate}
    fl = flask([dose("N", 1.0), dose("O=C([O-])[O-]", 0.2), dose("CBr", 3.0)], time=1e3)
    n = last(net, fl, [1.0, 1e-30], bindings)
    assert n["NC"] == pytest.approx(0.4 + 0.3, abs=5e-3)


def test_an_acid_catalysed_step_runs_only_on_the_protonated_form():
    step = replace(reaction(["H"], ["I"]), sites=(Site(2, 0, 0),))
    net = network([step, reaction(["HX"], ["gone"])])
    bindings = {"H": base(10.0), "HX": acid(-5.0)}
    k = [1e-3, 1e-30]
    dry = last(net, flask([dose("H", 1.0)], time=100.0), k, bindings, acid=1)
    some = last(net, flask([dose("H", 1.0), dose("HX", 0.3)], time=100.0), k, bindings, acid=1)
    plain = last(net, flask([dose("H", 1.0)], time=100.0), k, bindings)
    assert dry["I"] < 1e-6
    assert some["I"] == pytest.approx(0.3 * 100.0 * 1e-3, rel=1e-2)
    assert plain["I"] == pytest.approx(1 - np.exp(-0.1), rel=1e-4)


def test_a_large_excess_of_weak_acid_does_not_blur_the_protons_of_the_rest():
    net = network(
        [reaction(["N", "RX"], ["NR", "HX"], site=(0, 0)), reaction(["[OH-]"], ["gone"]), reaction(["O"], ["gone"])]
    )
    bindings = {"N": base(18.0), "NR": base(2.0), "HX": acid(-3.0), "[OH-]": HYDROXIDE, "O": WATER}
    fl = flask([dose("N", 1.0), dose("RX", 3.0), dose("O", 50.0)], time=1e3)
    course = simulate(net, fl, laws(net, [1.0, 1e-30, 1e-30]), bindings, times=[1e3], rtol=1e-3, atol=1e-7)
    assert course.n[0][net.species.index("NR")] == pytest.approx(0.5, abs=5e-3)


def test_each_polynomial_is_kept_once_and_reactions_without_protons_have_none():
    net = network(
        [reaction(["N", "RX"], ["M"], site=(0, 0)), reaction(["N", "RY"], ["M"], site=(0, 0)), reaction(["M"], ["P"])]
    )
    arrays = compile_network(net, laws(net, [1.0, 1.0, 1.0]), {"N": base(9.0)})
    assert arrays.poly.shape[0] == 1
    assert sorted(arrays.f1.tolist()) == [-1, 0, 0]
    bare = compile_network(net, laws(net, [1.0, 1.0, 1.0]), {})
    assert bare.poly.shape[0] == 0
    assert bare.owner_state.shape[0] == 0


def test_a_bare_proton_that_a_step_releases_ends_on_the_strongest_base():
    net = network([reaction(["N", "A+"], ["NA", "[H+]"], site=(0, 0))])
    n = last(net, flask([dose("N", 1.0), dose("A+", 2.0)], time=1e3), [1.0], {"N": base(18.0), "NA": base(2.0)})
    assert n["NA"] == pytest.approx(0.5, abs=5e-3)
    assert n["[H+]"] == pytest.approx(n["NA"], abs=1e-9)
