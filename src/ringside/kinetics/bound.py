"""How much of each species there could be at most, for growth to know what need not react further."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ringside.kinetics.draws import normals
from ringside.kinetics.ensemble import DIFFUSION_LIMIT, integrate, median_rates
from ringside.kinetics.gases import Gas
from ringside.kinetics.nouns import Binding, FloatArray, RateLaw
from ringside.kinetics.pattern import IntArray
from ringside.kinetics.solver import DONE
from ringside.network.growth import Upper
from ringside.network.nouns import Network
from ringside.recipe.nouns import Flask

OPTIMISM = 1.5
CORNER_RATES = 3
PASSES = 12
RTOL, ATOL = 1e-2, 1e-8


def family_shifts(laws: Sequence[RateLaw]) -> FloatArray:
    """Return shifts of log10 k, shape (n, n_reactions): none, all families up, and each family (or EM term) up alone.

    The family of a law is the key of its first term; a deviation is that of the law as a whole.
    """
    families = [law.terms[0].key if law.terms else law.reaction for law in laws]
    up = np.array([OPTIMISM * sum(t.sd**2 for t in law.terms) ** 0.5 for law in laws], dtype=np.float64)
    names = sorted(set(families))
    alone = np.array([[u if f == name else 0.0 for f, u in zip(families, up, strict=True)] for name in names])
    closures = np.array([[u if _closes(law) else 0.0 for law, u in zip(laws, up, strict=True)]])
    return np.vstack([np.zeros((1, len(laws))), up[None, :], closures, alone.reshape(-1, len(laws))])


def _closes(law: RateLaw) -> bool:
    return any(t.key.startswith("em") for t in law.terms)


def _net(network: Network, flux: FloatArray) -> FloatArray:
    """Return the turnover of each reaction less that of its reverse, never below 0, shape (n_draws, n_reactions)."""
    place = {r.id: j for j, r in enumerate(network.reactions)}
    net = flux[:, : len(network.reactions)].copy()
    for j, r in enumerate(network.reactions):
        if r.reverse_of in place:
            there = place[r.reverse_of]
            forward, back = flux[:, there], flux[:, j]
            net[:, there], net[:, j] = np.maximum(forward - back, 0.0), np.maximum(back - forward, 0.0)
    return net


def bound(
    network: Network,
    flasks: Sequence[Flask],
    laws: Sequence[RateLaw],
    bindings: Mapping[str, Binding],
    *,
    dissolution: Mapping[str, tuple[float, float]] | None = None,
    gases: Sequence[Gas] = (),
) -> Upper:
    """Return optimistic amounts of each species over a box of recipes [mol per mol limiting].

    Over the central rates and over rates with each family 1.5 standard deviations faster; recipes after the first are
    only run with central and with all rates fast. *Reach* is the larger of what is there at any time and of all that
    was made of it or charged on the way to something else (so that a short-lived intermediate counts, and a feed that reacts as it enters);
    what was made or charged counts up to 1. *Worth* is what is there at any time, or the part that a species has in making what is there of others, handed
    back from products to reactants by the share of each reaction in the supply of a product, the mean over the rates.

    Args:
        network: Species and reactions.
        flasks: The box of recipes that will be asked, by its middle and its corners.
        laws: One rate law per reaction, in network order.
        bindings: Proton binding by species.
        dissolution: As for ``ensemble``.
        gases: As for ``ensemble``.

    Returns:
        Bounds by species; 1 for every species where no draw could be integrated.

    Sources:
        pepiot-2008: error propagation along a directed relation graph (not opened).
    """
    reach = dict.fromkeys(network.species, 0.0)
    if not network.reactions:
        reach |= {d.smiles: 1.0 for f in flasks for d in f.doses if d.smiles in reach and d.smiles}
        reach |= {g.smiles: 1.0 for g in gases if g.pressure > 0.0 and g.smiles in reach}
        return Upper(reach, reach)
    worth = dict(reach)
    log_k, ea = median_rates(laws, family_shifts(laws))
    runs = [(flask, row) for i, flask in enumerate(flasks) for row in range(CORNER_RATES if i else len(log_k))]
    rows = np.array([row for _, row in runs])
    paces = [*(f"dissolution:{s}" for s in dissolution or {}), *(f"gas:{g.smiles}" for g in gases)]
    given = dict(zip(paces, normals(paces, len(log_k), "")[:, rows], strict=True))  # alike in every recipe
    raw = integrate(
        network, [flask for flask, _ in runs], laws, bindings, rates=(log_k[rows], ea[rows]),
        outputs=[[flask.time] for flask, _ in runs], seed="", given=given,
        dissolution=dissolution or {}, gases=gases, limit=DIFFUSION_LIMIT, rtol=RTOL, atol=ATOL,
    )  # fmt: skip
    columns = [raw.arrays.column[s] for s in network.species]
    peak = raw.peak[:, columns]
    net = _net(network, raw.flux)
    made = _made(network, net)
    links = _links(network)
    start = 0
    for flask in flasks:
        here = np.arange(start, start + sum(f is flask for f, _ in runs))
        start += len(here)
        fine = here[raw.failed[here] == DONE]
        if not len(fine):
            return Upper(dict.fromkeys(network.species, 1.0), dict.fromkeys(network.species, 1.0))
        charged = _charged(flask)
        supply = made[fine] + np.array([charged.get(s, 0.0) for s in network.species])
        handed = _handed_back(links, net[fine], supply, np.minimum(peak[fine], 1.0)).mean(axis=0)
        most = np.maximum(peak[fine].max(axis=0), np.minimum(supply.max(axis=0), 1.0))
        for j, s in enumerate(network.species):
            reach[s], worth[s] = max(reach[s], float(most[j])), max(worth[s], float(handed[j]))
    return Upper(reach, worth)


def _charged(flask: Flask) -> dict[str, float]:
    """Return what is charged of each species [mol per mol limiting]."""
    found: dict[str, float] = {}
    for d in flask.doses:
        if d.smiles is not None:
            found[d.smiles] = found.get(d.smiles, 0.0) + d.mol / flask.limiting
    return found


def _made(network: Network, net: FloatArray) -> FloatArray:
    """Return what was made of each species, shape (n_draws, n_species)."""
    rank = {s: i for i, s in enumerate(network.species)}
    made = np.zeros((len(net), len(network.species)))
    for j, r in enumerate(network.reactions):
        for s in r.products:
            made[:, rank[s]] += net[:, j]
    return made


def _links(network: Network) -> IntArray:
    """Return the steps from a reactant to a product: (reactant, product, reaction), by reactant, shape (3, n_steps)."""
    rank = {s: i for i, s in enumerate(network.species)}
    links = [
        (rank[a], rank[b], j)
        for j, r in enumerate(network.reactions)
        for a in set(r.reactants)
        for b in set(r.products)
    ]
    return np.array(sorted(links)).T


def _handed_back(links: IntArray, net: FloatArray, supply: FloatArray, peak: FloatArray) -> FloatArray:
    """Hand the amounts of products back to the reactants of the reactions that made them, PASSES steps far."""
    start, end, reaction = links
    given = supply[:, end]
    share = np.divide(net[:, reaction], given, out=np.zeros_like(given), where=given > 0.0)
    share = np.minimum(share, 1.0)
    givers, first = np.unique(start, return_index=True)
    worth = peak.copy()
    for _ in range(PASSES):
        handed = np.maximum.reduceat(share * worth[:, end], first, axis=1)
        if (handed <= worth[:, givers]).all():
            break
        worth[:, givers] = np.maximum(worth[:, givers], handed)
    return worth
