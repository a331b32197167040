"""Where a molecule binds or loses protons, and how strongly.

The molecule is first stripped of its labile protons; rules then give each site the pKa of the acid it becomes, and
additive shifts account for what stands nearby (the method of Perrin, Dempsey and Serjeant). Two protons at once cost
the more, the shorter the paths of bonds between their sites. Measured molecules take their measured values.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

from rdkit import Chem

from ringside.chem.acidity_table import AcidityTable, ExactRow, SiteRule, read_acidity
from ringside.chem.features import MOST_MATCHES, asks, pattern
from ringside.chem.molecule import canonical, mol
from ringside.chem.screening import kinds, kinds_in, may_fit

__all__ = [
    "AcidityTable",
    "ProtonSites",
    "binding_polynomial",
    "macroscopic_pkas",
    "mean_charge_state",
    "microstates",
    "neutral_form",
    "proton_sites",
    "read_acidity",
]

MOST_SITES = 4
_NEUTRAL_PH = 7.0  # only ranks sites; no result depends on it below five sites


@dataclass(frozen=True, slots=True)
class ProtonSites:
    """Sites of one molecule in water, at most four, the most telling first.

    ``atoms`` (index in ``mol(smiles)``), ``kinds`` ("acid": as written the site holds its proton; "base": it does not),
    microscopic ``pkas`` of each site while all others are empty, their ``sds``; all of one length. ``pair`` holds, for
    each pair of sites in the order of ``itertools.combinations``, what holding both protons costs [pKa units].
    ``anionic``: whether the empty site is an anion (else its proton makes a cation).
    """

    atoms: tuple[int, ...]
    kinds: tuple[str, ...]
    pkas: tuple[float, ...]
    sds: tuple[float, ...]
    pair: tuple[float, ...]
    anionic: tuple[bool, ...] = ()


@lru_cache(maxsize=4096)
def _rules(table: AcidityTable, present: frozenset[str], *which: str) -> tuple[SiteRule, ...]:
    """Return the rules of these sorts that a molecule with these kinds of atoms may fit, in table order."""
    return tuple(r for r in table.rules if r.kind in which and may_fit(asks(r.smarts), present))


def _matches(molecule: Chem.Mol, smarts: str) -> Iterator[tuple[int, ...]]:
    return iter(molecule.GetSubstructMatches(pattern(smarts), uniquify=False, maxMatches=MOST_MATCHES))


def _add_proton(atom: Chem.Atom, number: int) -> None:
    """Change the protons on an atom by ``number``, which is 1 or -1."""
    atom.SetFormalCharge(atom.GetFormalCharge() + number)
    if atom.GetNoImplicit() or atom.GetNumExplicitHs():
        atom.SetNumExplicitHs(max(0, atom.GetNumExplicitHs() + number))


@dataclass(frozen=True, slots=True, eq=False)
class _Skeleton:
    """A molecule without its labile protons, atoms in the same order; who held one, kinds of atoms, and which rule each site has."""

    molecule: Chem.Mol
    labile: frozenset[int]
    kinds: frozenset[str]
    bases: Mapping[int, SiteRule]


@lru_cache(maxsize=65536)
def _skeleton(smiles: str, table: AcidityTable) -> _Skeleton:
    found = _strip(smiles, table, "labile")
    return found if found.bases else _strip(smiles, table, "labile-alone")


def _strip(smiles: str, table: AcidityTable, kind: str) -> _Skeleton:
    molecule = Chem.RWMol(mol(smiles))
    written = kinds_in(smiles)
    labile = frozenset(m[0] for r in _rules(table, written, kind) for m in _matches(mol(smiles), r.smarts))
    for i in labile:
        _add_proton(molecule.GetAtomWithIdx(i), -1)
    cast(Any, Chem).SanitizeMol(molecule)
    found: dict[int, SiteRule] = {}
    present = kinds(molecule) if labile else written
    for rule in _rules(table, present, "base", "none"):
        for match in _matches(molecule, rule.smarts):
            found.setdefault(match[0], rule)
    return _Skeleton(molecule.GetMol(), labile, present, {i: r for i, r in sorted(found.items()) if r.kind == "base"})


@lru_cache(maxsize=64)
def _exact_by_skeleton(table: AcidityTable) -> Mapping[str, ExactRow]:
    return {Chem.MolToSmiles(_skeleton(row.smiles, table).molecule): row for row in table.exact}


def _anionic(bare: _Skeleton, site: int) -> bool:
    return bare.molecule.GetAtomWithIdx(site).GetFormalCharge() < 0


def _shifted(bare: _Skeleton, table: AcidityTable) -> dict[int, tuple[float, float]]:
    """Return pKa and sd of each site after all shifts."""
    value = {i: r.pka for i, r in bare.bases.items()}
    variance = {i: r.sd**2 for i, r in bare.bases.items()}
    for rule in _rules(table, bare.kinds, "shift") if value else ():
        for i, _ in {(m[0], frozenset(m)) for m in _matches(bare.molecule, rule.smarts) if m[0] in value}:
            value[i] += rule.pka
            variance[i] += rule.sd**2
    return {i: (value[i], math.sqrt(variance[i])) for i in value}


def _weight(bare: _Skeleton, site: int, pka: float) -> float:
    """Return how much a site matters when only four are kept: amines by basicity, acids by acidity."""
    if not _anionic(bare, site):
        return pka
    return 2 * _NEUTRAL_PH - pka if site in bare.labile else max(pka, 2 * _NEUTRAL_PH - pka)


@lru_cache(maxsize=65536)
def proton_sites(smiles: str, table: AcidityTable) -> ProtonSites:
    """Return the sites of a molecule, at most four.

    Of more than four sites the weakest are left out, as if they never changed. A measured molecule takes its measured
    macroscopic values: all sites move alike until the first fits, all pair costs until the second does.

    Args:
        smiles: Canonical SMILES of one component; salts written as ions are understood.
        table: Rules, measured values and pair costs.

    Returns:
        Sites with microscopic pKa in water at 25 degC.

    Sources:
        perrin-dempsey-serjeant-1981: additive shifts. The numbers have their sources row by row.
    """
    bare = _skeleton(smiles, table)
    values = _shifted(bare, table)
    order = sorted(values, key=lambda i: (-_weight(bare, i, values[i][0]), i))[:MOST_SITES]
    pkas = [values[i][0] for i in order]
    sds = [values[i][1] for i in order]
    costs = dict(table.interaction)
    pair = [_cost(bare.molecule, a, b, costs) for a, b in itertools.combinations(order, 2)]
    exact = _exact_by_skeleton(table).get(Chem.MolToSmiles(bare.molecule)) if order else None
    if exact is not None:
        pkas, pair = _fitted(pkas, pair, exact.pkas)
        sds = [exact.sd] * len(order)
    kinds = tuple("acid" if i in bare.labile else "base" for i in order)
    anionic = tuple(_anionic(bare, i) for i in order)
    return ProtonSites(tuple(order), kinds, tuple(pkas), tuple(sds), tuple(pair), anionic)


def _fitted(pkas: list[float], pair: list[float], wanted: Sequence[float]) -> tuple[list[float], list[float]]:
    """Return sites and pair costs moved until the first and second macroscopic pKa are as wanted."""
    move = wanted[0] - _log_sum(pkas)
    pkas = [p + move for p in pkas]
    if len(pkas) > 1 and len(wanted) > 1:
        doubles = [a + b - c for (a, b), c in zip(itertools.combinations(pkas, 2), pair, strict=True)]
        extra = _log_sum(doubles) - wanted[0] - wanted[1]
        pair = [c + extra for c in pair]
    return pkas, pair


def _log_sum(exponents: Sequence[float]) -> float:
    """Return log10 of the sum of 10**x."""
    top = max(exponents)
    return top + math.log10(sum(10.0 ** (x - top) for x in exponents))


def _cost(molecule: Chem.Mol, a: int, b: int, costs: Mapping[int, float]) -> float:
    """Return what protons on both atoms cost: the sum over all paths of bonds, the farthest entry when all are long."""
    far = max(costs)
    total = sum(costs.get(n, 0.0) for n in _path_lengths(molecule, a, b, far))
    return total if total > 0 else costs[far]


def _path_lengths(molecule: Chem.Mol, start: int, end: int, longest: int) -> Iterator[int]:
    stack: list[tuple[int, tuple[int, ...]]] = [(start, (start,))]
    while stack:
        here, path = stack.pop()
        for near in molecule.GetAtomWithIdx(here).GetNeighbors():
            i = near.GetIdx()
            if i == end:
                yield len(path)
            elif i not in path and len(path) < longest:
                stack.append((i, (*path, i)))


def microstates(
    sites: ProtonSites, pkas: Sequence[float], pair: Sequence[float]
) -> list[tuple[tuple[int, ...], float]]:
    """Return every set of occupied sites (indices into ``sites.atoms``) with its log10 weight [M^-n]."""
    n = len(sites.atoms)
    index = {p: i for i, p in enumerate(itertools.combinations(range(n), 2))}
    states: list[tuple[tuple[int, ...], float]] = []
    for size in range(n + 1):
        for chosen in itertools.combinations(range(n), size):
            weight = sum(pkas[i] for i in chosen) - sum(pair[index[p]] for p in itertools.combinations(chosen, 2))
            states.append((chosen, weight))
    return states


def binding_polynomial(sites: ProtonSites) -> tuple[float, ...]:
    """Return the macroscopic binding constants in water: entry k is the weight [M^-k] of k protons on empty sites."""
    beta = [0.0] * (len(sites.atoms) + 1)
    for chosen, weight in microstates(sites, sites.pkas, sites.pair):
        beta[len(chosen)] += 10.0**weight
    return tuple(beta)


def macroscopic_pkas(smiles: str, table: AcidityTable) -> tuple[float, ...]:
    """Return the macroscopic pKa values in water, most basic first; the same for all conjugate forms of a molecule."""
    beta = binding_polynomial(proton_sites(smiles, table))
    return tuple(math.log10(b / a) for a, b in itertools.pairwise(beta))


def mean_charge_state(smiles: str, ph: float, table: AcidityTable) -> tuple[float, ...]:
    """Return the fractions of a molecule whose sites hold 0, 1, 2, ... protons at a pH in water; they sum to 1."""
    beta = binding_polynomial(proton_sites(smiles, table))
    logs = [math.log10(b) - ph * k for k, b in enumerate(beta)]
    total = _log_sum(logs)
    return tuple(10.0 ** (x - total) for x in logs)


@lru_cache(maxsize=65536)
def neutral_form(smiles: str, table: AcidityTable) -> str:
    """Return the canonical SMILES that all conjugate acids and bases of one skeleton share.

    Ammonium ions give up their proton and anions that bind one take it; permanent charges stay.

    Args:
        smiles: Canonical SMILES of one component.
        table: Says which atoms are proton sites.

    Returns:
        Canonical SMILES; [OH-] gives O, [Br-] gives Br, carbonate gives O=C(O)O, [NH4+] gives N.
    """
    if not mol(smiles).GetNumHeavyAtoms():
        return smiles
    bare = _skeleton(smiles, table)
    molecule = Chem.RWMol(bare.molecule)
    for i in bare.bases:
        if _anionic(bare, i):
            _add_proton(molecule.GetAtomWithIdx(i), 1)
    cast(Any, Chem).SanitizeMol(molecule)
    return canonical(Chem.MolToSmiles(molecule))
