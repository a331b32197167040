"""What the answer about a plate holds. Field names are the JSON keys."""

from __future__ import annotations

from dataclasses import dataclass

from ringside.answers.report import AssignmentEntry, TraceEntry


@dataclass(frozen=True, slots=True)
class WellSpecies:
    """One structure that peaks of a well were compared with."""

    id: str
    smiles: str
    label: str
    mass: float


@dataclass(frozen=True, slots=True)
class ProductPeak:
    """A peak that is likelier than not the target, or tied with it."""

    rt_min: float
    area_percent: float | None
    probability: float
    ion: str


@dataclass(frozen=True, slots=True)
class Material:
    """What a column of the plate map charges, and the UV area that is left of it; None where the file tells no areas."""

    name: str
    smiles: str
    area_percent: float | None


@dataclass(frozen=True, slots=True)
class WellEntry:
    """One well.

    ``product_area_percent``: UV area of peaks times the chance that they are the target, or one of ``tied_with``.
    ``product_peaks``: each of them; with more than one the data do not say which is the target and which an isomer, and
    ``product_if_one_percent`` gives smallest and largest area if only one of them is. ``product_rt_min`` is the time of
    the largest, None where none is likelier than not. ``product_to_standard``: area of the product over that of the
    internal standard. ``largest_unknown_percent``: the largest peak without a reading. ``drift_s``: how much later this
    well's recurring peaks come than elsewhere; ``stretch``: by what its times are longer; both None where too few peaks
    recur. ``rank``: 1 for the best well. ``problem`` says why nothing could be read.
    """

    vial: str
    well: str
    target: str
    file: str
    product_area_percent: float | None
    product_rt_min: float | None
    product_ion: str
    product_peaks: tuple[ProductPeak, ...]
    product_if_one_percent: tuple[float, float] | None
    tied_with: tuple[str, ...]
    standard_area_percent: float | None
    product_to_standard: float | None
    materials: tuple[Material, ...]
    explained_area: float | None
    largest_unknown_percent: float | None
    largest_unknown_mz: float | None
    rank: int | None
    drift_s: float | None
    stretch: float | None
    assignments: tuple[AssignmentEntry, ...]
    species: tuple[WellSpecies, ...]
    trace: TraceEntry | None
    remarks: tuple[str, ...]
    notes: tuple[str, ...]
    problem: str


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a recurring peak could be: ``kind`` is background, structure, difference or path."""

    kind: str
    text: str
    smiles: str | None
    ion: str
    error_da: float
    probability: float


@dataclass(frozen=True, slots=True)
class Recurring:
    """A peak without a reading that several wells show.

    With ``difference_da`` None it has one m/z and one time in all of them; else its m/z moves with the target, and stays
    so far from the target's [M+H]+. ``mz`` and ``rt_min`` are medians, ``area_percent`` the mean. What the ``meanings``
    leave of 1 is the chance of something that is not listed.
    """

    mz: float
    rt_min: float
    difference_da: float | None
    wells: tuple[str, ...]
    area_percent: float
    meanings: tuple[Meaning, ...]


@dataclass(frozen=True, slots=True)
class PlateReport:
    """All wells of a plate. ``ranked_by`` says what ``ranking``, best well first, goes by."""

    schema: str
    ringside: str
    knowledge: str
    question: str
    title: str
    verdict: str
    ranked_by: str
    ranking: tuple[str, ...]
    wells: tuple[WellEntry, ...]
    recurring: tuple[Recurring, ...]
    warnings: tuple[str, ...]
