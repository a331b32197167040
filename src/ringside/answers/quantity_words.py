"""The words around quantities: what they rest on, and why some cannot be told."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from ringside.evidence.assign import NONE
from ringside.evidence.drawn import Detector
from ringside.evidence.nouns import Assignment
from ringside.evidence.quantity import Amounts

FULL = 1.02
_REASONS = {
    "": "",
    "limiting-not-seen": "the limiting reactant cannot be seen",
    "product-not-seen": "the product cannot be seen",
    "no-product": "there is no product to count",
    "nothing-formed": "nothing that came of the limiting reactant was seen",
    "no-standard": "without an internal standard areas tell ratios only: area percent is no yield",
    "no-isomers": "the product has no diastereomers that could be peaks of their own",
    "one-peak": "fewer than two peaks can be read as diastereomers of the product",
    "ions": "the areas are ion current: response in electrospray differs too much to tell amounts or ratios",
    "no-areas": "the peaks have no areas",
}
_BASES = {
    "conversion": (
        "what came of the limiting reactant and was seen, over that and what is left of it",
        "what is left of the limiting reactant, against the internal standard",
    ),
    "selectivity": ("product over all that came of the limiting reactant and was seen",) * 2,
    "assay_yield": ("", "product in the sample against the internal standard, per mol limiting reactant"),
    "dr": ("UV areas of peaks of diastereomers, whose chromophores are the same",) * 2,
}


def reason(code: str) -> str:
    """Return why there is no value."""
    return _REASONS[code]


def basis_text(quantity: str, absolute: bool) -> str:
    """Return what a quantity rests on."""
    return _BASES[quantity][absolute]


def not_seen(unretained: bool, wavelength: float | None) -> str:
    """Return why the detector does not see a species."""
    if unretained:
        return "not visible: leaves the column in the void, where nothing is integrated"
    where = "the wavelength of the detector" if wavelength is None else f"{wavelength:.0f} nm"
    return f"not visible: no chromophore at {where}"


def notes_of(
    assignments: Sequence[Assignment],
    amounts: Amounts,
    detector: Detector,
    wavelength: float | None,
    standard: tuple[str, tuple[float, float]] | None,
    constants: Mapping[str, float],
) -> tuple[str, ...]:
    """Return what a reader of the quantities must know, most important first.

    Args:
        assignments: Readings of the peaks.
        amounts: What was worked out.
        detector: What the areas are of.
        wavelength: Of the detector [nm], None where it is not known.
        standard: Canonical SMILES and amount of the internal standard, None where there is none.
        constants: Those of quantity.csv.
    """
    areas = [a.peak.area for a in assignments if a.peak.area is not None]
    total = math.fsum(areas)
    if total <= 0:
        return (f"{reason('no-areas').capitalize()}: nothing is said of amounts.",)
    if detector == "ions":
        return (f"{reason('ions').capitalize()}.",)
    notes: list[str] = []
    if standard is not None and not amounts.absolute:
        found = standard[0] in amounts.seen
        why = "no peak is it" if found else "the detector does not see it"
        notes.append(f"The internal standard was not found: {why}. All amounts are relative.")
    elif amounts.absolute:
        notes.append("Amounts are mol per mol limiting reactant, against the internal standard.")
    else:
        notes.append(
            "Amounts are relative: per mol of the limiting reactant that was seen, in any form. No yield follows."
        )
    if detector == "unstated":
        notes.append("The areas are taken for UV areas: nothing says what they were measured with.")
    if wavelength is None:
        notes.append(
            "The wavelength is not known or a sum: different chromophores are compared more loosely; uv says it."
        )
    elif abs(wavelength - constants["response_wavelength_nm"]) > constants["wavelength_tolerance_nm"]:
        at = constants["response_wavelength_nm"]
        notes.append(
            f"Responses are for {at:.0f} nm, the detector was at {wavelength:.0f} nm: chromophores compare more loosely."
        )
    blank = math.fsum(
        (a.peak.area or 0.0) * c.probability for a in assignments for c in a.candidates if c.species == NONE
    )
    if blank / total > 1.0 - constants["named_area"]:
        notes.append(
            f"{100 * blank / total:.0f} % of the area has no reading; any part of it may have come of the limiting reactant."
        )
    if any(len(a.undecidable_between) > 1 for a in assignments if a.peak.area):
        notes.append(
            "Some peaks have more than one reading that the data cannot decide between: which amount is whose rests on the simulation."
        )
    if total < constants["named_area"] or total > FULL:
        notes.append(f"The areas add up to {100 * total:.0f} %: what is not listed is not counted.")
    return tuple(notes)
