"""Growth of the network of a recipe, with a cache that changes no byte of an answer."""

from __future__ import annotations

import hashlib
import os
import pickle
from collections.abc import Callable, Sequence
from pathlib import Path

from platformdirs import user_cache_dir

from ringside import __version__
from ringside.chem.acidity import neutral_form
from ringside.chem.mass import charge
from ringside.chem.molecule import elements
from ringside.kinetics.bound import bound
from ringside.kinetics.gases import gases_over
from ringside.kinetics.nouns import Binding
from ringside.kinetics.protons import binding, dissolution_rates
from ringside.kinetics.rates import rate_laws, soft_terms
from ringside.knowledge.base import Knowledge
from ringside.network.grow import Caps, grow
from ringside.network.growth import Upper
from ringside.network.nouns import FAMILY_PREFIX, Network
from ringside.recipe.nouns import Flask

WATER = "O"
CARBONIC = frozenset({"O=C(O)O"})


def seeds_of(flask: Flask, knowledge: Knowledge) -> tuple[str, ...]:
    """Return what the network grows from: all that is charged, the gases over it, and the water in every flask.

    An organic ion that is charged as a salt (a carboxylate, an ammonium ion) brings its neutral form too: the rules are
    written for that, and both count as one species.
    """
    gases = {gas.smiles for gas in gases_over(flask.atmosphere, knowledge.gases) if gas.pressure > 0.0}
    charged = {s for d in flask.doses for s in (d.smiles, d.charged_as) if s is not None}
    return tuple(sorted({WATER, *gases, *charged, *(neutral_of(s, knowledge) for s in charged)}))


def neutral_of(smiles: str, knowledge: Knowledge) -> str:
    """Return the neutral form of an organic ion; anything else, and carbonate (no acid that lasts), as it is."""
    if charge(smiles) == 0 or "C" not in elements(smiles):
        return smiles
    neutral = neutral_form(smiles, knowledge.acidity)
    return smiles if neutral in CARBONIC else neutral


def main_solvent(flask: Flask, knowledge: Knowledge) -> tuple[str, str]:
    """Return the name and class of the largest solvent."""
    if not flask.solvents:
        return "", "polar-aprotic"
    name = flask.solvents[0][0]
    reagent = knowledge.catalogue.get(name)
    return (reagent.name, reagent.solvent_class) if reagent is not None else (name, "polar-aprotic")


def bindings_of(network: Network, flask: Flask, knowledge: Knowledge) -> dict[str, Binding]:
    """Return the proton binding of every species in the main solvent."""
    name, group = main_solvent(flask, knowledge)
    return {
        s: binding(s, name, group, knowledge.acidity, knowledge.protons)
        for s in network.species
        if not s.startswith(FAMILY_PREFIX)
    }


def grown(box: Sequence[Flask], features: frozenset[str], knowledge: Knowledge) -> Network:
    """Return the network of a box of recipes, from the cache where it was grown before.

    Args:
        box: The recipe at the middle of its ranges, then at their ends.
        features: Recipe features for the gates.
        knowledge: Rules and rates.

    Returns:
        The network.
    """
    key = hashlib.sha256(
        "\n".join((__version__, knowledge.hash, *map(repr, box), repr(sorted(features)), repr(Caps()))).encode()
    ).hexdigest()
    return _cached(key, lambda: _grow(box, features, knowledge))


def _grow(box: Sequence[Flask], features: frozenset[str], knowledge: Knowledge) -> Network:
    flask = box[0]
    solvent, group = main_solvent(flask, knowledge)
    dissolution = dissolution_rates(solvent, group, knowledge.protons)
    gases = gases_over(flask.atmosphere, knowledge.gases)
    soft = soft_terms(knowledge.rules, features)

    def active(network: Network) -> Upper:
        laws = rate_laws(network, solvent, group, knowledge.rates, soft)
        bindings = bindings_of(network, flask, knowledge)
        return bound(network, box, laws, bindings, dissolution=dissolution, gases=gases)

    return grow(seeds_of(flask, knowledge), knowledge.rules, features=features, active=active)


def _cached(key: str, make: Callable[[], Network]) -> Network:
    """Return a network from the on-disk cache, growing and storing it where it is not there or cannot be read."""
    folder = Path(os.environ.get("RINGSIDE_CACHE", user_cache_dir("ringside")))
    path = folder / f"{key}.network"
    try:
        with path.open("rb") as file:
            found = pickle.load(file)
        if isinstance(found, Network):
            return found
    except (OSError, pickle.UnpicklingError, EOFError, AttributeError):
        pass
    network = make()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        temporary = path.with_suffix(f".{os.getpid()}")
        with temporary.open("wb") as file:
            pickle.dump(network, file)
        temporary.replace(path)
    except OSError:
        pass
    return network
