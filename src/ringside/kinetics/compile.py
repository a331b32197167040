"""A network and its proton bindings as the flat arrays that the integrator reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ringside.chem.mass import charge
from ringside.errors import Complaint, NoAnswer
from ringside.kinetics.mixing import bare
from ringside.kinetics.nouns import Binding, FloatArray, RateLaw
from ringside.kinetics.pattern import IntArray, Pattern, eliminate, slots
from ringside.network.nouns import FAMILY_PREFIX, Network, Reaction, Site

SOLID = "solid:"
GAS = "gas:"
PROTON = "[H+]"


@dataclass(frozen=True, slots=True)
class Arrays:
    """Mass action: reactants ``r1``, ``r2`` (-1 for none), stoichiometry in columns, and proton polynomials.

    ``states``: pools (each named by the species it is reported as), then ``labile`` protons, undissolved solids, gases
    over the solution; ``column`` is the pool of each species and ``held`` the labile protons each species brings as written. ``f1`` and
    ``f2`` are polynomials that multiply a rate (-1 for none). The last reactions are the dissolution of the solids, then entry and escape of each gas.
    """

    states: tuple[str, ...]
    column: Mapping[str, int]
    held: Mapping[str, float]
    labile: int
    r1: IntArray
    r2: IntArray
    ptr: IntArray
    row: IntArray
    coef: FloatArray
    f1: IntArray
    f2: IntArray
    slot1: IntArray
    slot2: IntArray
    pattern: Pattern
    owner_state: IntArray
    width: IntArray
    beta: FloatArray
    poly: FloatArray
    poly_owner: IntArray
    poly_width: IntArray


@dataclass(frozen=True, slots=True)
class _Pool:
    """Conjugate forms of one skeleton: binding polynomial, and labile protons of each form as written."""

    name: str
    beta: tuple[float, ...]
    held: Mapping[str, float]


def compile_network(
    network: Network,
    laws: Sequence[RateLaw],
    bindings: Mapping[str, Binding],
    solids: Sequence[str] = (),
    gases: Sequence[str] = (),
) -> Arrays:
    """Flatten a network.

    Args:
        network: Species and reactions of one or two reactants.
        laws: One rate law per reaction, in network order.
        bindings: Proton binding by species; species without sites may be left out.
        solids: Species that also exist undissolved; each adds one dissolution reaction, in this order, at the end.
        gases: Species that pass into the atmosphere and back; each adds two reactions, in and out, after those.

    Returns:
        Arrays over pools, labile protons, solids and gases.

    Raises:
        NoAnswer: If a reaction has no reactant or more than two.
    """
    pools = _pools(network, bindings)
    labile = len(pools)
    states = (*(p.name for p in pools), "labile", *(SOLID + s for s in solids), *(GAS + s for s in gases))
    column = {s: i for i, p in enumerate(pools) for s in p.held}
    held = {s: h for p in pools for s, h in p.held.items()}
    owners = [i for i, p in enumerate(pools) if len(p.beta) > 1]
    polys = _Polynomials(pools, owners, bindings, column)
    r1: list[int] = []
    r2: list[int] = []
    f1: list[int] = []
    f2: list[int] = []
    ptr, row, coef = [0], list[int](), list[float]()
    for r, law in zip(network.reactions, laws, strict=True):
        if not 1 <= len(r.reactants) <= 2:
            raise NoAnswer(
                Complaint("reaction-order", "only reactions of one or two molecules can be simulated", value=r.rule)
            )
        r1.append(column[r.reactants[0]])
        r2.append(column[r.reactants[1]] if len(r.reactants) == 2 else -1)
        change: dict[int, float] = {}
        for s in r.reactants:
            _add(change, column[s], -1.0)
            _add(change, labile, -held[s])
        for s in r.products:
            _add(change, column[s], r.units if s.startswith(FAMILY_PREFIX) else 1.0)
            _add(change, labile, held[s])
        _close(change, ptr, row, coef)
        free, acid = polys.factors(r, law)
        f1.append(free)
        f2.append(acid)
    entering = [(s, labile + 1 + k, 1.0) for k, s in enumerate(solids)]
    for k, s in enumerate(gases, start=labile + 1 + len(solids)):
        entering += [(s, k, 1.0), (s, k, -1.0)]
    for s, outside, sign in entering:
        r1.append(outside if sign > 0 else column[s])
        r2.append(-1)
        f1.append(-1)
        f2.append(-1)
        change = {outside: -sign}
        _add(change, column[s], sign)
        _add(change, labile, sign * held[s])
        _close(change, ptr, row, coef)
    of = np.repeat(np.arange(len(r1)), np.diff(ptr))
    rows, first, second = _ints(row), _ints(r1)[of], _ints(r2)[of]
    entries = [*zip(row, first.tolist(), strict=True)]
    entries += [(i, b) for i, b in zip(row, second.tolist(), strict=True) if b >= 0]
    pattern = eliminate(len(states), entries)
    slot1 = slots(pattern, rows, first)
    slot2 = np.where(second >= 0, slots(pattern, rows, np.maximum(second, 0)), -1)
    beta, width = _padded([pools[i].beta for i in owners])
    poly, poly_width = _padded(polys.weights)
    return Arrays(
        states=states,
        column=column,
        held=held,
        labile=labile,
        r1=_ints(r1),
        r2=_ints(r2),
        ptr=_ints(ptr),
        row=rows,
        coef=np.array(coef, dtype=np.float64),
        f1=_ints(f1),
        f2=_ints(f2),
        slot1=slot1,
        slot2=slot2,
        pattern=pattern,
        owner_state=_ints(owners),
        width=width,
        beta=beta,
        poly=poly,
        poly_owner=_ints(polys.owner),
        poly_width=poly_width,
    )


def _pools(network: Network, bindings: Mapping[str, Binding]) -> list[_Pool]:
    """Gather conjugate forms, in the order of the names they are reported as; a bare proton only counts as labile."""
    members: dict[str, list[str]] = {}
    for s in network.species:
        key = bindings[s].pool if s in bindings else ""
        members.setdefault(key or s, []).append(s)
    pools: list[_Pool] = []
    for key, forms in members.items():
        if PROTON in forms:
            pools.append(_Pool(PROTON, (1.0,), {PROTON: 1.0}))
            continue
        name = key if key in forms else min(forms)
        known = [s for s in forms if s in bindings]
        if not known:
            pools.append(_Pool(name, (1.0,), dict.fromkeys(forms, 0.0)))
            continue
        reference = max(known, key=lambda s: (len(bindings[s].beta), s == name, s))
        b = bindings[reference]
        top = len(b.beta) - 1
        written = {s: charge(bare(s)) - charge(bare(reference)) if s != reference else 0 for s in forms}
        held = {s: float(min(max(b.offset + extra, 0), top)) for s, extra in written.items()}
        pools.append(_Pool(name, b.beta, held))
    return sorted(pools, key=lambda p: p.name)


class _Polynomials:
    """Collects the polynomials that multiply rates: each once."""

    def __init__(
        self, pools: Sequence[_Pool], owners: Sequence[int], bindings: Mapping[str, Binding], column: Mapping[str, int]
    ) -> None:
        self.weights: list[tuple[float, ...]] = []
        self.owner: list[int] = []
        self._pools = pools
        self._rank = {pool: i for i, pool in enumerate(owners)}
        self._bindings = bindings
        self._column = column
        self._known: dict[tuple[int, tuple[float, ...]], int] = {}

    def factors(self, r: Reaction, law: RateLaw) -> tuple[int, int]:
        """Return the polynomials that multiply a rate: of the nucleophile, and of the other reactant.

        A nitrogen counts where it is free; an electrophile of acid order 1 where it holds more protons than written, a nucleophile
        of acid order -1 where it holds fewer; anything
        else that is written with labile protons (an acid, water) where it still holds them.
        """
        site = next((x for x in r.sites if x.map_number == 1), None)
        first = site.reactant if site is not None else 0
        acid, protonated = -1, None
        if law.acid_order > 0:
            protonated = next((x.reactant for x in r.sites if x.map_number == 2), None if len(r.reactants) > 1 else 0)
            if protonated is not None:
                acid = self._protonated(r.reactants[protonated])
        free = -1
        if not (first == protonated and acid >= 0):
            free = self._ionised(r.reactants[first]) if law.acid_order < 0 else self._nucleophile(r, site, first)
        if acid < 0 and len(r.reactants) == 2:
            acid = self._as_written(r.reactants[1 - first])
        return free, acid

    def _nucleophile(self, r: Reaction, site: Site | None, first: int) -> int:
        s = r.reactants[first]
        weights = self._bindings[s].free.get(site.atom) if site is not None and s in self._bindings else None
        return self._as_written(s) if weights is None else self._add(s, weights)

    def _as_written(self, s: str) -> int:
        pool = self._pools[self._column[s]]
        if pool.held[s] <= 0:
            return -1
        return self._add(s, tuple(b if k >= pool.held[s] else 0.0 for k, b in enumerate(pool.beta)))

    def _ionised(self, s: str) -> int:
        pool = self._pools[self._column[s]]
        weights = tuple(b if k < pool.held[s] else 0.0 for k, b in enumerate(pool.beta))
        return self._add(s, weights) if any(weights) else -1

    def _protonated(self, s: str) -> int:
        pool = self._pools[self._column[s]]
        weights = tuple(b if k > pool.held[s] else 0.0 for k, b in enumerate(pool.beta))
        return self._add(s, weights) if any(weights) else -1

    def _add(self, s: str, weights: tuple[float, ...]) -> int:
        pool = self._column[s]
        if pool not in self._rank:
            return -1
        key = (pool, weights)
        if key not in self._known:
            self._known[key] = len(self.weights)
            self.weights.append(weights)
            self.owner.append(self._rank[pool])
        return self._known[key]


def _ints(values: Sequence[int]) -> IntArray:
    return np.array(values, dtype=np.int64)


def _padded(rows: Sequence[Sequence[float]]) -> tuple[FloatArray, IntArray]:
    width = _ints([len(r) for r in rows])
    out = np.zeros((len(rows), max((len(r) for r in rows), default=1)))
    for i, r in enumerate(rows):
        out[i, : len(r)] = r
    return out, width


def _add(change: dict[int, float], state: int, amount: float) -> None:
    change[state] = change.get(state, 0.0) + amount


def _close(change: Mapping[int, float], ptr: list[int], row: list[int], coef: list[float]) -> None:
    for i, v in sorted(change.items()):
        if v != 0.0:
            row.append(i)
            coef.append(v)
    ptr.append(len(row))
