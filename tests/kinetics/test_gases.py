"""Gases over the solution."""

import numpy as np
import pytest
from small_networks import dose, flask, laws, network, reaction

from ringside.kinetics.gases import Gas, gases_over, read_gases
from ringside.kinetics.simulate import simulate

ROW = {
    "smiles": "[H][H]",
    "atmosphere": "H2",
    "pressure_bar": "1.0",
    "solubility_mol_L_bar": "3e-3",
    "transfer_per_s": "1e-2",
    "sd_log10": "0.5",
}
HYDROGEN = Gas("[H][H]", 1.0, 3e-3, -2.0, 0.0)
NET = network([reaction(["A", "[H][H]"], ["B"])])


def test_a_gas_that_nothing_consumes_saturates_the_solution():
    course = simulate(NET, flask([dose("A", 1.0)], volume=2.0), laws(NET, [1e-30]), {}, gases=[HYDROGEN])
    amount = course.n[:, NET.species.index("[H][H]")]
    assert amount == pytest.approx(2.0 * 3e-3 * (1 - np.exp(-1e-2 * course.t)), abs=2e-6)


def test_a_fast_reaction_takes_up_gas_at_the_rate_of_its_transfer():
    course = simulate(NET, flask([dose("A", 1.0)], time=7200.0), laws(NET, [1e6]), {}, gases=[HYDROGEN])
    assert course.n[-1, NET.species.index("B")] == pytest.approx(1e-2 * 3e-3 * 7200.0, rel=1e-2)


def test_a_gas_set_free_leaves_a_flask_whose_atmosphere_lacks_it():
    net = network([reaction(["A"], ["B", "O=C=O"])])
    carbon_dioxide = Gas("O=C=O", 0.0, 0.15, -2.0, 0.0)
    run = flask([dose("A", 1.0)], time=36000.0)
    open_flask = simulate(net, run, laws(net, [1.0]), {}, gases=[carbon_dioxide])
    closed = simulate(net, run, laws(net, [1.0]), {})
    at = net.species.index("O=C=O")
    assert closed.n[-1, at] == pytest.approx(1.0, abs=1e-3)
    assert open_flask.n[-1, at] < 1e-3


def test_an_atmosphere_holds_its_own_gases_and_lets_the_others_go():
    table = read_gases([ROW, {**ROW, "smiles": "O=C=O", "atmosphere": "CO2"}])
    pressures = {gas.smiles: gas.pressure for gas in gases_over("H2", table)}
    assert pressures == {"[H][H]": 1.0, "O=C=O": 0.0}
    assert {gas.pressure for gas in gases_over("argon", table)} == {0.0}
