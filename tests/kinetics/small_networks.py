"""Hand-made networks, rate laws and flasks for the tests of the simulation."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from ringside.kinetics.nouns import Binding, RateLaw, Term
from ringside.network.nouns import Network, Reaction, Site
from ringside.recipe.nouns import Dose, Flask


def reaction(reactants: Sequence[str], products: Sequence[str], *, site: tuple[int, int] | None = None) -> Reaction:
    """Return a reaction; ``site`` is (reactant, atom) of its nucleophile."""
    sites = () if site is None else (Site(1, *site),)
    name = f"{'+'.join(reactants)}>{'+'.join(products)}"
    return Reaction(name, "rule", "family", tuple(reactants), tuple(products), 1, None, sites)


def network(reactions: Sequence[Reaction]) -> Network:
    species = sorted({s for r in reactions for s in (*r.reactants, *r.products)})
    return Network(tuple(species), tuple(reactions))


def laws(net: Network, k: Mapping[str, float] | Sequence[float], *, sd: float = 0.0, ea: float = 0.0, acid: int = 0):
    values = list(k) if not isinstance(k, Mapping) else [k[r.id] for r in net.reactions]
    return tuple(
        RateLaw(r.id, (Term(f"k:{r.id}", math.log10(v), sd, "judgement"),), ea, 0.0, acid_order=acid)
        for r, v in zip(net.reactions, values, strict=True)
    )


def dose(smiles: str, mol: float, *, start: float = 0.0, over: float = 0.0, volume: float = 0.0, solid: bool = False):
    return Dose(smiles, smiles, "reagent", mol, start, over, volume, solid)


def flask(
    doses: Sequence[Dose],
    *,
    volume: float = 1.0,
    time: float = 3600.0,
    limiting: float = 1.0,
    programme: Sequence[tuple[float, float]] = ((0.0, 298.15),),
) -> Flask:
    return Flask(
        tuple(doses),
        (("acetonitrile", 1.0),),
        volume,
        tuple(programme),
        time,
        0.0,
        "N2",
        limiting,
        doses[0].smiles or "",
    )


def base(pka: float, *, atom: int = 0) -> Binding:
    return Binding((1.0, 10.0**pka), 0, {atom: (1.0, 0.0)})


def acid(pka: float) -> Binding:
    return Binding((1.0, 10.0**pka), 1, {})
