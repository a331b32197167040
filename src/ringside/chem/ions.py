"""Ions of a molecule in electrospray, and their isotope patterns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, reduce
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from rdkit import Chem
from scipy.constants import physical_constants

from ringside.chem.ion_label import ion_counts, part_counts, read_label
from ringside.chem.mass import charge, exact_mass, formula, parse_formula
from ringside.errors import BadInput, BadKnowledge, Complaint, bad_input
from ringside.units import Mz

Polarity = Literal["positive", "negative"]
_Floats = NDArray[np.float64]
_ELECTRON = physical_constants["electron mass in u"][0]
_KINDS = {"neutral": 0, "cation": 1, "dication": 2, "anion": -1}
_ITSELF = ("M+", "M-")
_SHIFT_TOLERANCE = 1e-4
_LEAST = 1e-4
_ISOTOPE_RANGE = 12


@dataclass(frozen=True, slots=True)
class Adduct:
    """How a molecule shows: m/z = (n_m * mass + shift) / total charge, without its sign.

    ``charge`` is what the adduct adds to the charge of the molecule; ``shift`` [Da] has its electrons counted;
    ``commonness`` is the usual height relative to the strongest ion, 0 to 1. ``needs``: features, one at least of which
    the molecule must have (none: any molecule); with "&" before it, one that it must have too; with "!" before it, one that
    it must not have. ``of``: "neutral", "cation", "dication" or "anion", the molecules it is made of. Without molecules
    (``n_m`` 0) it is a fragment of its own mass, such as the benzyl cation.
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
        BadKnowledge: If a row speaks of other molecules than these four kinds, or its numbers are not those of its label.
    """
    found = [
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
        for r in rows
    ]
    wrong = [Complaint(*fault, file=file, field=a.label) for a in found for fault in _faults(a)]
    if wrong:
        raise BadKnowledge(*wrong)
    return tuple(sorted(found, key=lambda a: (-a.commonness, a.label)))


def _faults(adduct: Adduct) -> list[tuple[str, str]]:
    """Return (code, text) of what is wrong with an adduct: its numbers must be those of its label."""
    own = _KINDS.get(adduct.of)
    if own is None:
        return [("unknown-kind", "neutral, cation, dication or anion is asked for")]
    try:
        label = read_label(adduct.label)
        shift = sum(n * common_mass(e) for e, n in part_counts(label).items()) - adduct.charge * _ELECTRON
    except BadInput as fault:
        return [(c.code, c.text) for c in fault.complaints]
    if label.molecules != adduct.n_m or label.charge != adduct.n_m * own + adduct.charge:
        return [("label-differs", "molecules or charge are not those of the label")]
    if abs(shift - adduct.shift) > _SHIFT_TOLERANCE:
        return [("label-differs", f"the parts of the label weigh {shift:.6f} Da")]
    return []


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
    wanted = [n for n in needs if n[0] not in "!&"]
    return (
        not any(n[1:] in features for n in needs if n[0] == "!")
        and all(n[1:] in features for n in needs if n[0] == "&")
        and (not wanted or any(n in features for n in wanted))
    )


def _holds(smiles: str, adduct: Adduct) -> bool:
    """Say whether a molecule has the atoms that an adduct has lost."""
    label = read_label(adduct.label)
    if all(n > 0 for _, n in label.parts):
        return True
    return all(n > 0 for n in ion_counts(parse_formula(formula(smiles)), label).values())


def ions_of(
    smiles: str, features: frozenset[str], adducts: Sequence[Adduct], polarity: Polarity
) -> tuple[tuple[str, Mz, float], ...]:
    """Return the ions that a species may show, strongest first.

    A species of more permanent charges than two shows only as itself, M3+ and so on.

    Args:
        smiles: Canonical SMILES.
        features: Its features (``chem.features.features_of``).
        adducts: Rows of the adduct table.
        polarity: "positive" or "negative".

    Returns:
        (label, m/z, usual relative height) per ion, each label once.
    """
    own = charge(smiles)
    kind = "dication" if own == _KINDS["dication"] else "cation" if own > 0 else "anion" if own < 0 else "neutral"
    several = own != _KINDS[kind]
    sign = 1 if polarity == "positive" else -1
    found: dict[str, tuple[str, Mz, float]] = {}
    for adduct in adducts:
        if adduct.of != kind or not _suits(adduct.needs, features) or (adduct.n_m * own + adduct.charge) * sign <= 0:
            continue
        if (several and adduct.label not in _ITSELF) or not _holds(smiles, adduct):
            continue
        label = f"M{abs(own)}{adduct.label[-1]}" if several else adduct.label
        ion = (label, adduct_mz(exact_mass(smiles), own, adduct), adduct.commonness)
        if label not in found or found[label][2] < ion[2]:
            found[label] = ion
    return tuple(sorted(found.values(), key=lambda i: (-i[2], i[1], i[0])))


@dataclass(frozen=True, slots=True, eq=False)
class _Lines:
    """An isotope pattern, one line for each nominal mass, rising.

    ``share`` sums to 1; ``moment`` is share x mean mass [Da] beyond that of the most common isotopes.
    """

    share: _Floats
    moment: _Floats


@lru_cache(maxsize=256)
def common_mass(symbol: str) -> float:
    """Return the mass [Da] of the most common isotope of an element.

    Raises:
        BadInput: If the element is unknown.
    """
    table = Chem.GetPeriodicTable()
    try:
        return float(table.GetMostCommonIsotopeMass(table.GetAtomicNumber(symbol)))
    except RuntimeError:
        raise bad_input("unknown-element", "this element is not known", value=symbol) from None


def _convolved(a: _Lines, b: _Lines) -> _Lines:
    """Return two patterns combined; lines of one nominal mass are merged at their weighted mean mass."""
    share = np.convolve(a.share, b.share)
    moment = np.convolve(a.moment, b.share) + np.convolve(a.share, b.moment)
    return _Lines(share, moment)


def _trimmed(lines: _Lines) -> _Lines:
    """Return a pattern without the lines at its ends that count for nothing."""
    kept = np.flatnonzero(lines.share >= _LEAST**3)
    inner = slice(int(kept[0]), int(kept[-1]) + 1)
    return _Lines(lines.share[inner], lines.moment[inner])


@lru_cache(maxsize=8192)
def _atoms(symbol: str, count: int) -> _Lines:
    """Return the pattern of so many atoms of one element."""
    if count > 1:
        half = _atoms(symbol, count // 2)
        even = _convolved(half, half)
        return _trimmed(_convolved(even, _atoms(symbol, 1)) if count % 2 else even)
    light = common_mass(symbol)
    if count == 0:
        return _Lines(np.ones(1), np.zeros(1))
    table = Chem.GetPeriodicTable()
    number = table.GetAtomicNumber(symbol)
    common = table.GetMostCommonIsotope(number)
    near = range(max(1, common - _ISOTOPE_RANGE), common + _ISOTOPE_RANGE + 1)
    share = np.array([table.GetAbundanceForIsotope(number, a) for a in near])
    excess = np.array([table.GetMassForIsotope(number, a) - light for a in near])
    kept = np.flatnonzero(share > 0)
    inner = slice(int(kept[0]), int(kept[-1]) + 1)
    share = share[inner] / share.sum()
    return _Lines(share, share * excess[inner])


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
    counts = sorted(parse_formula(formula).items())
    lines = reduce(_convolved, [_atoms(symbol, count) for symbol, count in counts])
    light = sum(count * common_mass(symbol) for symbol, count in counts) - charge * _ELECTRON
    heights = lines.share / lines.share.max()
    kept = heights >= _LEAST
    mz = (light + lines.moment[kept] / lines.share[kept]) / (abs(charge) or 1)
    return tuple(zip(mz.tolist(), heights[kept].tolist(), strict=True))
