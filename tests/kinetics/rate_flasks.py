"""Flasks through the whole chain: shipped rules, rates and protons, at their central values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

import numpy as np

from ringside.chem.molecule import canonical
from ringside.kinetics.nouns import RateLaw
from ringside.kinetics.protons import binding, dissolution_rates
from ringside.kinetics.rates import rate_laws
from ringside.kinetics.simulate import simulate
from ringside.knowledge.base import Knowledge
from ringside.knowledge.load import load
from ringside.network.apply import apply
from ringside.network.grow import Caps, grow
from ringside.network.nouns import Network, Reaction, Rule
from ringside.recipe.nouns import Dose, Flask

HOUR = 3600.0
KELVIN = 273.15
CLASSES = {
    "acetonitrile": "polar-aprotic",
    "acetone": "polar-aprotic",
    "dimethyl sulfoxide": "polar-aprotic",
    "N,N-dimethylformamide": "polar-aprotic",
    "dichloromethane": "chlorinated",
    "1,2-dichloroethane": "chlorinated",
    "tetrahydrofuran": "ether",
    "1,4-dioxane": "ether",
    "toluene": "hydrocarbon",
    "methanol": "protic",
    "2-propanol": "protic",
    "ethanol": "protic",
    "water": "water",
}


@cache
def knowledge() -> Knowledge:
    return load()


def rule(name: str) -> Rule:
    return next(r for r in knowledge().rules if r.id == name)


def reactions(name: str, *reactants: str) -> tuple[Reaction, ...]:
    """Return the forward reactions of a shipped rule, reactants in the order of its template."""
    return tuple(r for r in apply(rule(name), tuple(canonical(s) for s in reactants)) if r.reverse_of is None)


def network_of(found: Sequence[Reaction]) -> Network:
    return Network(tuple(sorted({s for r in found for s in (*r.reactants, *r.products)})), tuple(found))


def laws_of(found: Sequence[Reaction], solvent: str) -> tuple[RateLaw, ...]:
    return rate_laws(network_of(found), solvent, CLASSES[solvent], knowledge().rates)


def law(name: str, *reactants: str, solvent: str = "acetonitrile", product: str | None = None) -> RateLaw:
    """Return the law of the one forward reaction of a shipped rule (that gives ``product``)."""
    found = reactions(name, *reactants)
    if product is not None:
        found = tuple(r for r in found if canonical(product) in r.products)
    assert len(found) == 1, [r.products for r in found]
    return laws_of(found, solvent)[0]


def log_k(a: RateLaw, celsius: float = 25.0) -> float:
    """Return the central log10 k at a temperature."""
    arrhenius = a.ea * 1e3 / (8.314462618 * np.log(10)) * (1 / 298.15 - 1 / (celsius + KELVIN))
    return sum(t.value for t in a.terms) + float(arrhenius)


def run(
    charged: Mapping[str, float],
    *,
    rules: Sequence[str],
    solvent: str = "acetonitrile",
    hours: float,
    celsius: float = 25.0,
    features: Sequence[str] = (),
    generations: int = 3,
) -> dict[str, float]:
    """Grow, rate and simulate one litre of a flask; ``charged`` [mol/L], result [mol/L] at the end."""
    doses = tuple(Dose(s, canonical(s), "substrate", c) for s, c in charged.items())
    network = grow(
        charged,
        [rule(name) for name in rules],
        features=frozenset(features),
        caps=Caps(max_generations=generations),
    )
    group = CLASSES[solvent]
    base = knowledge()
    flask = Flask(doses, ((solvent, 1.0),), 1.0, ((0.0, celsius + KELVIN),), hours * HOUR, 0.0, "N2",
                  min(charged.values()), doses[0].smiles or "")  # fmt: skip
    laws = rate_laws(network, solvent, group, base.rates)
    bindings = {s: binding(s, solvent, group, base.acidity, base.protons) for s in network.species if ":" not in s[:7]}
    course = simulate(
        network, flask, laws, bindings, dissolution=dissolution_rates(solvent, group, base.protons), n_times=2
    )
    return dict(zip(course.species, (float(x) for x in course.n[-1]), strict=True))


def second_order_left(k: float, concentration: float, seconds: float) -> float:
    """Return the fraction left of either reactant, both at the same concentration [mol/L]."""
    return 1.0 / (1.0 + k * concentration * seconds)
