"""Ions of a molecule in electrospray, and their isotope patterns."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from rdkit import Chem
from scipy.constants import physical_constants

from ringside.chem.mass import charge, exact_mass, parse_formula
from ringside.errors import BadKnowledge, Complaint, bad_input
from ringside.units import Mz

Polarity = Literal["positive", "negative"]
_ELECTRON = physical_constants["electron mass in u"][0]
_LEAST = 1e-4
_ISOTOPE_RANGE = 12


@dataclass(frozen=True, slots=True)
class Adduct:
    """How a molecule shows: m/z = (n_m * mass + shift) / total charge, without its sign.

    ``charge`` is what the adduct adds to the charge of the molecule; ``shift`` [Da] has its electrons counted;
    ``commonness`` is the usual height relative to the strongest ion, 0 to 1. ``needs``: features, one at least of which
    the molecule must have (none: any molecule); with "!" before it, one that it must not have. ``of``: "neutral",
    "cation" or "anion", the molecules it is made of.
    """

    label: str
    n_m: int
    charge: int
    shift: float
    commonness: float
    needs: tuple[str, ...] = ()
    of: str = "neutral"
    source: str = ""


def read_adducts(rows: Sequence[Mapping[str, str]], *, file: str = "adducts.csv") -> tuple[Adduct, ...]:
    """Build the adducts from the rows of adducts.csv, most common first.

    Raises:
        BadKnowledge: If a row speaks of other molecules than neutral ones, cations and anions.
    """
    found: list[Adduct] = []
    for r in rows:
        if r["of"] not in {"neutral", "cation", "anion"}:
            raise BadKnowledge(
                Complaint(
                    "unknown-kind", "neutral, cation or anion is asked for", file=file, field=r["label"], value=r["of"]
                )
            )
        found.append(
            Adduct(
                r["label"],
                int(r["n_m"]),
                int(r["charge"]),
                float(r["shift_da"]),
                float(r["commonness"]),
                tuple(r["needs"].split()),
                r["of"],
                r["source"],
            )
        )
    return tuple(sorted(found, key=lambda a: (-a.commonness, a.label)))


def adduct_mz(mass: float, molecular_charge: int, adduct: Adduct) -> Mz:
    """Return the m/z of an ion.

    Args:
        mass: Monoisotopic mass [Da] of the species as written, electrons counted (``chem.mass.exact_mass``).
        molecular_charge: Charge of the species as written.
        adduct: The ion.

    Returns:
        m/z.

    Raises:
        BadInput: If the ion would be neutral.
    """
    total = adduct.n_m * molecular_charge + adduct.charge
    if total == 0:
        raise bad_input("neutral-ion", "this species and this adduct make no ion", field=adduct.label)
    return (adduct.n_m * mass + adduct.shift) / abs(total)


def _suits(needs: Sequence[str], features: frozenset[str]) -> bool:
    wanted = [n for n in needs if not n.startswith("!")]
    return not any(n[1:] in features for n in needs if n.startswith("!")) and (
        not wanted or any(n in features for n in wanted)
    )


def ions_of(
    smiles: str, features: frozenset[str], adducts: Sequence[Adduct], polarity: Polarity
) -> tuple[tuple[str, Mz, float], ...]:
    """Return the ions that a species may show, strongest first.

    A species of several permanent charges shows only as itself, M2+ and so on.

    Args:
        smiles: Canonical SMILES.
        features: Its features (``chem.features.features_of``).
        adducts: Rows of the adduct table.
        polarity: "positive" or "negative".

    Returns:
        (label, m/z, usual relative height) per ion, each label once.
    """
    own = charge(smiles)
    kind = "cation" if own > 0 else "anion" if own < 0 else "neutral"
    sign = 1 if polarity == "positive" else -1
    found: dict[str, tuple[str, Mz, float]] = {}
    for adduct in adducts:
        if adduct.of != kind or not _suits(adduct.needs, features) or (adduct.n_m * own + adduct.charge) * sign <= 0:
            continue
        if abs(own) > 1 and adduct.charge:
            continue
        label = f"M{own}+" if own > 1 else f"M{-own}-" if own < -1 else adduct.label
        ion = (label, adduct_mz(exact_mass(smiles), own, adduct), adduct.commonness)
        if label not in found or found[label][2] < ion[2]:
            found[label] = ion
    return tuple(sorted(found.values(), key=lambda i: (-i[2], i[1], i[0])))


@lru_cache(maxsize=256)
def _isotopes(symbol: str) -> tuple[tuple[int, float, float], ...]:
    """Return (neutrons beyond the most common isotope, mass [Da], abundance) of the isotopes of an element."""
    table = Chem.GetPeriodicTable()
    try:
        number = table.GetAtomicNumber(symbol)
        common = table.GetMostCommonIsotope(number)
    except RuntimeError:
        raise bad_input("unknown-element", "this element is not known", value=symbol) from None
    heavier = range(max(1, common - _ISOTOPE_RANGE), common + _ISOTOPE_RANGE + 1)
    found = [(a - common, table.GetMassForIsotope(number, a), table.GetAbundanceForIsotope(number, a)) for a in heavier]
    present = [(k, mass, share) for k, mass, share in found if share > 0]
    total = sum(share for _, _, share in present)
    return tuple((k, mass, share / total) for k, mass, share in present)


_Lines = dict[int, tuple[float, float]]


def _convolved(a: _Lines, b: _Lines) -> _Lines:
    """Return two patterns combined; lines of one nominal mass are merged at their weighted mean mass."""
    out: dict[int, tuple[float, float]] = {}
    for (i, (mass_a, share_a)), (j, (mass_b, share_b)) in itertools.product(a.items(), b.items()):
        share = share_a * share_b
        if share < _LEAST**3:
            continue
        mass, before = out.get(i + j, (0.0, 0.0))
        out[i + j] = ((mass * before + (mass_a + mass_b) * share) / (before + share), before + share)
    return out


def _power(element: _Lines, count: int) -> _Lines:
    result: _Lines = {0: (0.0, 1.0)}
    square = element
    while count:
        if count & 1:
            result = _convolved(result, square)
        count >>= 1
        if count:
            square = _convolved(square, square)
    return result


@lru_cache(maxsize=16384)
def isotope_pattern(formula: str, charge: int) -> tuple[tuple[Mz, float], ...]:
    """Return the isotope pattern of an ion, fine structure merged to one line per nominal mass.

    Args:
        formula: Formula of the whole ion, such as C5H13N2 for protonated 1,4-diazepane; a charge at its end is ignored.
        charge: Charge of the ion; 0 gives masses [Da] instead of m/z.

    Returns:
        (m/z, height relative to the highest line), by rising m/z; lines under 0.0001 are left out.

    Raises:
        BadInput: If it is not a formula, or an element is unknown.
    """
    lines: _Lines = {0: (0.0, 1.0)}
    for symbol, count in sorted(parse_formula(formula).items()):
        lines = _convolved(lines, _power({k: (mass, share) for k, mass, share in _isotopes(symbol)}, count))
    top = max(share for _, share in lines.values())
    size = abs(charge) or 1
    return tuple(
        ((mass - charge * _ELECTRON) / size, share / top)
        for _, (mass, share) in sorted(lines.items())
        if share >= _LEAST * top
    )
