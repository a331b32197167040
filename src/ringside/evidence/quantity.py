"""From areas to amounts, each as draws: what was measured, what follows, and what cannot be said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr

from ringside.evidence.drawn import Drawn
from ringside.kinetics.draws import normals
from ringside.kinetics.nouns import FloatArray
from ringside.units import Span

BoolArray = npt.NDArray[np.bool_]
WhyNot = Literal[
    "", "limiting-not-seen", "product-not-seen", "no-product", "nothing-formed", "no-standard", "no-isomers", "one-peak", "ions"
]  # fmt: skip
Censored = Literal["", "above", "below"]


@dataclass(frozen=True, slots=True)
class Contents:
    """What is asked of a flask: ``held`` are the residues of the limiting reactant in each species that came of it, itself included."""

    limiting: str
    product: str | None
    held: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Found:
    """A quantity as draws, shape (n,), or why there is none.

    ``censored`` says that a species in it has no peak: the draws then end at what the detection limit leaves open.
    """

    values: FloatArray | None
    censored: Censored = ""
    why_not: WhyNot = ""


@dataclass(frozen=True, slots=True, eq=False)
class Amounts:
    """Amounts as draws of shape (n,), by species that the detector sees.

    ``absolute``: mol per mol limiting by the internal standard; else relative to the sum over all that holds the limiting reactant and was
    seen. ``seen`` says in which draws a peak is the species; where none is, the amount lies between 0 and the
    detection limit. ``unnamed`` is what peaks without a reading would be, at the response of the product.
    """

    contents: Contents
    absolute: bool
    amount: Mapping[str, FloatArray]
    seen: Mapping[str, BoolArray]
    unnamed: FloatArray

    def counted(self, species: str) -> FloatArray:
        """Return the amount where a peak is the species, else 0."""
        return np.where(self.seen[species], self.amount[species], 0.0)


def measure(
    drawn: Drawn,
    response: Mapping[str, FloatArray],
    contents: Contents,
    constants: Mapping[str, float],
    seed: str,
    standard: tuple[str, tuple[float, float]] | None = None,
) -> Amounts:
    """Return amounts: area / response, scaled by the internal standard, or relative where there is none.

    Args:
        drawn: Readings and areas of the peaks.
        response: ln(area per mol) of each species that the detector sees.
        contents: The limiting reactant, the product, and what came of it.
        constants: Detection limit [area fraction] and its spread, spread between classes, ``found``.
        seed: As for ``kinetics.draws.normals``.
        standard: Canonical SMILES and amount [mol per mol limiting] from low to high of the internal standard; it
            counts where a peak is it in at least ``found`` of the draws, and then only these draws are kept.

    Returns:
        The amounts; ``absolute`` says whether the standard was found.
    """
    n = len(drawn.area)
    limit = min(constants["detection_limit"], drawn.least or 1.0)
    limits = limit * np.exp(constants["detection_spread"] * normals(["detection-limit"], n, seed)[0])
    amount: dict[str, FloatArray] = {}
    seen: dict[str, BoolArray] = {}
    for species in sorted(response):
        area = drawn.of(species)
        seen[species] = area > 0
        below = limits * ndtr(normals([f"below:{species}"], n, seed)[0])
        amount[species] = np.where(seen[species], area, below) / np.exp(response[species])
    like = response.get(contents.product or "", response.get(contents.limiting))
    level = like if like is not None else np.zeros(n)
    strange = constants["response_between"] * normals(["class:unnamed"], n, seed)[0]
    unnamed = np.where(drawn.reading == -1, drawn.area, 0.0).sum(axis=1) / np.exp(level + strange)
    kept = np.ones(n, dtype=np.bool_)
    absolute = standard is not None and standard[0] in seen and float(seen[standard[0]].mean()) >= constants["found"]
    if standard is not None and absolute:
        kept = seen[standard[0]]
        low, high = standard[1]
        added = np.array([Span(low, high).at(float(u)) for u in ndtr(normals(["standard"], n, seed)[0])])
        scale = added / amount[standard[0]]
    else:
        own = [s for s in amount if contents.held.get(s, 0.0) > 0]
        whole = sum((contents.held[s] * np.where(seen[s], amount[s], 0.0) for s in own), np.zeros(n))
        every = sum((np.where(seen[s], amount[s], 0.0) for s in amount), np.zeros(n))
        reference = np.where(whole > 0, whole, every)
        kept = reference > 0
        scale = 1.0 / np.where(kept, reference, 1.0)
    if not kept.any():
        kept, scale = np.ones(n, dtype=np.bool_), np.ones(n)
    return Amounts(
        contents,
        absolute,
        {s: (v * scale)[kept] for s, v in amount.items()},
        {s: v[kept] for s, v in seen.items()},
        (unnamed * scale)[kept],
    )


def conversion(amounts: Amounts, seed: str) -> Found:
    """Return the conversion of the limiting reactant [-].

    With a standard 1 - what is left of it; without, what came of it and was seen / (that + what is left of it). Of
    peaks without a reading any part may have come of it. Above the detection limit only, where no peak is the limiting reactant.
    """
    limiting, product = amounts.contents.limiting, amounts.contents.product
    if limiting not in amounts.amount:
        return Found(None, why_not="limiting-not-seen")
    left, missing = amounts.amount[limiting], not _usually(amounts, limiting)
    if amounts.absolute:
        return Found(np.clip(1.0 - left, 0.0, 1.0), "above" if missing else "")
    if product is not None and product not in amounts.amount:
        return Found(None, why_not="product-not-seen")
    formed, any_formed = _formed(amounts, seed)
    if missing and not any_formed:
        return Found(None, why_not="nothing-formed")
    return Found(formed / (formed + left), "above" if missing else "" if any_formed else "below")


def selectivity(amounts: Amounts, seed: str) -> Found:
    """Return the product over all that came of the limiting reactant and was seen, in residues of it [-]."""
    product = amounts.contents.product
    if product is None:
        return Found(None, why_not="no-product")
    if product not in amounts.amount:
        return Found(None, why_not="product-not-seen")
    formed, any_formed = _formed(amounts, seed)
    if not any_formed:
        return Found(None, why_not="nothing-formed")
    own = amounts.contents.held.get(product, 1.0) * amounts.amount[product]
    return Found(own / formed, "" if _usually(amounts, product) else "below")


def assay_yield(amounts: Amounts) -> Found:
    """Return mol of product in the crude per mol limiting reactant [-]; only an internal standard tells it."""
    product = amounts.contents.product
    if product is None:
        return Found(None, why_not="no-product")
    if not amounts.absolute:
        return Found(None, why_not="no-standard")
    if product not in amounts.amount:
        return Found(None, why_not="product-not-seen")
    return Found(amounts.amount[product], "" if _usually(amounts, product) else "below")


def diastereomer_ratio(drawn: Drawn, isomers: frozenset[str], error: float, seed: str) -> Found:
    """Return the ratio of the largest of the peaks of diastereomers to the rest of them [-].

    Args:
        drawn: Readings and areas in UV, where diastereomers respond alike.
        isomers: The species that are the product or differ from it in stereo only; empty where it has no diastereomers.
        error: What is left between their responses, ln.
        seed: As for ``kinetics.draws.normals``.
    """
    if not isomers:
        return Found(None, why_not="no-isomers")
    codes = [i for i, name in enumerate(drawn.names) if name in isomers]
    n, n_peaks = drawn.area.shape
    own = np.where(np.isin(drawn.reading, codes), drawn.area, 0.0)
    several = (own > 0).sum(axis=1) > 1
    if 2 * int(several.sum()) < n or not n_peaks:
        return Found(None, why_not="one-peak")
    own = (own * np.exp(error * normals([f"alike:{i}" for i in range(n_peaks)], n, seed)).T)[several]
    major = np.argmax(np.median(own, axis=0))
    rest = own.sum(axis=1) - own[:, major]
    there = rest > 0
    return Found(own[there, major] / rest[there])


def _usually(amounts: Amounts, species: str) -> bool:
    """Say whether some peak is the species in half of the draws."""
    return 2 * int(amounts.seen[species].sum()) >= len(amounts.seen[species])


def _formed(amounts: Amounts, seed: str) -> tuple[FloatArray, bool]:
    """Return residues of the limiting reactant in all that came of it, and whether any of it is usually seen."""
    limiting, product = amounts.contents.limiting, amounts.contents.product
    n = len(amounts.unnamed)
    total = np.zeros(n)
    seen = np.zeros(n, dtype=np.bool_)
    for species, held in sorted(amounts.contents.held.items()):
        if species != limiting and held > 0 and species in amounts.amount:
            total += held * (amounts.amount[species] if species == product else amounts.counted(species))
            seen |= amounts.seen[species]
    if product is not None and product in amounts.amount and product not in amounts.contents.held:
        total += amounts.amount[product]
        seen |= amounts.seen[product]
    part = ndtr(normals(["unnamed-part"], n, seed)[0])
    return total + part * amounts.unnamed, 2 * int(seen.sum()) >= n
