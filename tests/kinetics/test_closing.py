"""Lumped chains that react on, against chains followed to great length and against theory."""

from functools import cache

import numpy as np
import pytest
from rate_flasks import CLASSES, knowledge, rule

from ringside.chem.molecule import canonical
from ringside.kinetics.ensemble import ensemble
from ringside.kinetics.protons import binding
from ringside.kinetics.rates import rate_laws
from ringside.network.grow import Caps, grow
from ringside.recipe.nouns import Dose, Flask

DIAMINE, DIBROMIDE, BASE = "CNCCNC", "BrCCCBr", "CCN(C(C)C)C(C)C"
SEVEN = "CN1CCCN(C)CC1"


@cache
def flask_of(residues, concentration, ratio=1.0, hours=24.0, rings=True):
    """Grow with chains of so many residues followed, and run at 60 degC; return amounts per diamine, and the ensemble."""
    base = knowledge()
    found = grow([DIAMINE, DIBROMIDE, BASE], [rule("amine-alkylation")], caps=Caps(max_residues=residues, max_species=300, max_heavy_atoms=400, max_generations=30, max_charge=0))  # fmt: skip
    if not rings:
        kept = [r for r in found.reactions if r.ring is None]
        found = type(found)(found.species, tuple(kept), found.families)
    amounts = {DIAMINE: concentration, DIBROMIDE: concentration * ratio, BASE: 4.0 * concentration}
    doses = tuple(Dose(s, canonical(s), "substrate", n) for s, n in amounts.items())
    flask = Flask(doses, (("acetonitrile", 1.0),), 1.0, ((0.0, 333.15),), hours * 3600.0, 0.0, "N2", concentration, canonical(DIAMINE))  # fmt: skip
    laws = rate_laws(found, "acetonitrile", CLASSES["acetonitrile"], base.rates)
    held = {s: binding(s, "acetonitrile", "polar-aprotic", base.acidity, base.protons) for s in found.species if ":" not in s[:7]}  # fmt: skip
    e = ensemble(found, [flask], laws, held, n_draws=1, seed="", rtol=1e-7, atol=1e-12)
    return found, e, dict(zip(e.species, e.n[0, -1] / concentration, strict=True))


@pytest.mark.parametrize("concentration", [0.02, 0.2, 1.0])
def test_three_followed_units_give_the_ring_that_nine_do(concentration):
    few, many = (flask_of(n, concentration)[2] for n in (3, 9))
    assert few[SEVEN] == pytest.approx(many[SEVEN], abs=1e-3)
    assert few[canonical(DIAMINE)] == pytest.approx(many[canonical(DIAMINE)], abs=1e-3)


def test_no_repeat_unit_is_lost_into_or_out_of_the_remainder():
    network, _, n = flask_of(2, 0.5)
    family = network.families[0]
    held = sum(u * n[s] for s, u in family.units if s in n) + n[family.id]
    assert held == pytest.approx(1.0, rel=1e-4)


@pytest.mark.parametrize("ratio", [1.0, 0.8])
def test_the_mean_length_of_all_chains_is_that_of_carothers(ratio):
    network, e, n = flask_of(2, 0.5, ratio, 60.0, rings=False)
    family = network.families[0]
    chains = sum(n[s] for s, u in family.units if s in n) + float(e.chains[0]) / 0.5
    bromide_left = 1.0 - n["Br"] / (2.0 * ratio)
    reacted = (1.0 - bromide_left) * ratio
    assert (1.0 + ratio) / chains == pytest.approx((1.0 + ratio) / (1.0 + ratio - 2.0 * reacted), rel=2e-3)


def test_a_network_without_long_chains_is_left_as_it_is():
    network, e, _ = flask_of(9, 0.02)
    assert network.families or e.chains is None
    assert np.all(e.n >= 0.0)
