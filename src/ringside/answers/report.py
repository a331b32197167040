"""The report: one value, from which the terminal, JSON and HTML forms are made.

Field names are the JSON keys of the published schema; a key that was not asked is None.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass
from typing import Literal

SCHEMA_VERSION = "1.1"

FateKind = Literal["product", "unreacted", "under-way", "lost"]
QuantityStatus = Literal["calibrated", "estimated", "below-limit", "not-visible", "area-only"]
SpeciesRole = Literal["product", "starting-material", "intermediate", "side-product", "reagent", "solvent", "salt"]


@dataclass(frozen=True, slots=True)
class Interval:
    """Median and 5 to 95 % of the draws."""

    median: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class CaseHead:
    """What was asked. ``reached`` is False when no rule path leads to the target."""

    title: str
    target: str | None
    reached: bool


@dataclass(frozen=True, slots=True)
class Ion:
    """An ion this species may show."""

    ion: str
    mz: float


@dataclass(frozen=True, slots=True)
class Visible:
    """Whether the detectors see it at all."""

    uv: bool
    esi: bool


@dataclass(frozen=True, slots=True)
class IsomerEntry:
    """One of the stereoisomers that a species stands for; one that ``interconverts`` is no peak of its own."""

    smiles: str
    label: str
    interconverts: bool


@dataclass(frozen=True, slots=True)
class SpeciesEntry:
    """One species; amounts are mol per mol limiting reactant.

    ``isomers``: the stereoisomers summed in it, racemic pairs folded, empty when there is only one. ``notes``: what a
    chemist may see besides, such as rotamers.
    """

    id: str
    smiles: str | None
    inchikey: str | None
    label: str
    role: SpeciesRole
    formula: str | None
    mass: float | None
    ions: tuple[Ion, ...]
    path: tuple[str, ...]
    amount: Interval
    in_sample: Interval
    isolated: Interval
    visible: Visible
    isomers: tuple[IsomerEntry, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MemberEntry:
    """All chains or rings of ``units`` repeat units that end alike.

    ``mass`` [Da] and ``mz`` of [M+H]+; ``amount`` is the median, mol per mol limiting: simulated where ``followed``,
    else the share of the lumped remainder that theory gives it.
    """

    units: int
    formula: str
    mass: float
    mz: float
    amount: float
    followed: bool


@dataclass(frozen=True, slots=True)
class SeriesEntry:
    """Chains that end alike; ``ends`` is their formula beyond the repeat units, empty for rings."""

    ends: str
    label: str
    members: tuple[MemberEntry, ...]


@dataclass(frozen=True, slots=True)
class FamilyEntry:
    """A lumped remainder of chains and rings; its amount counts repeat units per mol limiting.

    ``number_average`` and ``weight_average`` are the mean masses [Da] of all chains and rings of its kind, followed or not; None where
    there are none. ``series`` says how the chains end and which lengths to expect: Flory's ratio for chains, that of Jacobson and
    Stockmayer for rings.
    """

    id: str
    label: str
    repeat: str
    mass_formula: str
    amount: Interval
    number_average: float | None
    weight_average: float | None
    series: tuple[SeriesEntry, ...]


@dataclass(frozen=True, slots=True)
class FateEntry:
    """One place where a building block ended: in the target, left as charged, still on the way, or lost by a side reaction.

    ``card`` is the card of the side reaction, ``cause/<id>`` or ``rule/<id>``, empty for the other kinds. ``share``: part of the building block
    that was charged. ``species``: the ids of those that hold most of it.
    """

    kind: FateKind
    title: str
    card: str
    share: Interval
    species: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MaterialEntry:
    """Where one building block of the target went; the shares of each draw sum to 1, but for losses below one per cent."""

    species: str
    label: str
    fates: tuple[FateEntry, ...]


@dataclass(frozen=True, slots=True)
class CandidateEntry:
    """One reading of a peak."""

    species: str
    ion: str
    ppm: float | None
    score: float
    probability: float
    decided_by_data: bool


@dataclass(frozen=True, slots=True)
class AssignmentEntry:
    """All readings of one peak, most probable first."""

    peak: str
    rt_min: float | None
    area_percent: float | None
    mz: tuple[float, ...]
    candidates: tuple[CandidateEntry, ...]
    undecidable_between: tuple[str, ...]
    decided_by: str


@dataclass(frozen=True, slots=True)
class EvidenceEntry:
    """One observation for or against, in natural log odds."""

    observation: str
    text: str
    log_odds: float


@dataclass(frozen=True, slots=True)
class CauseEntry:
    """One cause after the evidence; ``advice`` is what helps and was not simulated. ``for`` is a Python keyword: the field is ``for_`` and the JSON key ``for``."""

    id: str
    title: str
    members: tuple[str, ...]
    probability: float
    prior: float
    bayes_factor: float
    for_: tuple[EvidenceEntry, ...]
    against: tuple[EvidenceEntry, ...]
    explanation: str
    sources: tuple[str, ...]
    advice: str


@dataclass(frozen=True, slots=True)
class PatchEntry:
    """One change in the words of the case file. ``from`` is a Python keyword: the field is ``from_``."""

    path: str
    from_: object
    to: object


@dataclass(frozen=True, slots=True)
class ChangeEntry:
    """What to do, for a person and for a machine."""

    text: str
    patch: tuple[PatchEntry, ...]


@dataclass(frozen=True, slots=True)
class YieldEntry:
    """Yield of the target, mol per mol limiting reactant, before and after."""

    before: Interval
    after: Interval


@dataclass(frozen=True, slots=True)
class SideProductEntry:
    """A side product before and after."""

    species: str
    before: Interval
    after: Interval


@dataclass(frozen=True, slots=True)
class CostEntry:
    """What the change costs beyond the recipe as written."""

    solvent_mL: float  # noqa: N815  (the published key)
    time_h: float
    money: float | None


@dataclass(frozen=True, slots=True)
class RemedyEntry:
    """A change that was simulated."""

    id: str
    change: ChangeEntry
    yield_: YieldEntry
    gain: Interval
    side_products: tuple[SideProductEntry, ...]
    cost: CostEntry
    note: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NextTestEntry:
    """An experiment that would tell most for its hours of work, in bits, and what either answer would mean."""

    id: str
    bits: float
    how: str
    hours: float
    positive: str
    negative: str


@dataclass(frozen=True, slots=True)
class WarningEntry:
    """Something the reader must know."""

    code: str
    severity: Literal["note", "caution", "alarm"]
    text: str
    field: str


@dataclass(frozen=True, slots=True)
class NotEnumerated:
    """What was left out, and why."""

    what: str
    why: str


@dataclass(frozen=True, slots=True)
class ChargeEntry:
    """One line of the flask as it was simulated."""

    name: str
    smiles: str | None
    role: str
    equiv: float | None
    mmol: float | None
    text: str


@dataclass(frozen=True, slots=True)
class FlaskEntry:
    """The recipe in one glance."""

    charges: tuple[ChargeEntry, ...]
    volume_mL: float  # noqa: N815  (a published key)
    limiting: str
    limiting_mmol: float
    conditions: str
    workup: str


@dataclass(frozen=True, slots=True)
class TraceEntry:
    """A chromatogram for the picture: minutes and a signal scaled to its maximum."""

    label: str
    t_min: tuple[float, ...]
    y: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class SourceEntry:
    """A source cited in this report."""

    key: str
    kind: str
    citation: str
    url: str
    read_as: str


@dataclass(frozen=True, slots=True)
class StepEntry:
    """One reaction on the way to a species.

    ``mapped``: atom-mapped reaction SMILES; ``centre``: map numbers of the atoms that change. ``log10_k``: central
    value at 298.15 K [M^(1-n) s^-1], None where it is not known or the step does not run here. ``turnover``: mol per
    mol limiting, None for a step that is not in the network.
    """

    rule: str
    title: str
    reactants: tuple[str, ...]
    products: tuple[str, ...]
    mapped: str
    centre: tuple[int, ...]
    ring: int | None
    log10_k: float | None
    turnover: float | None


@dataclass(frozen=True, slots=True)
class PathwayEntry:
    """How a species forms; ``obstacles`` say why it does not, where it does not."""

    species: str
    smiles: str
    label: str
    amount: Interval | None
    steps: tuple[StepEntry, ...]
    obstacles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ExplanationEntry:
    """One reading of a mass: an ion of ``pathway``'s species, or a mass difference from ``reference``.

    ``cost``: steps beyond what was charged, two more for each shut gate, one for each factor of 1000 by which the
    rarest of what it forms from falls short, and what each bystander costs that the recipe does not hold; lower is
    likelier. ``error``: observed less expected, ppm or Da.
    """

    pathway: PathwayEntry
    ion: str
    mz: float | None
    error: float
    error_unit: Literal["ppm", "Da"]
    cost: float


@dataclass(frozen=True, slots=True)
class RatePart:
    """One part of a rate: a family's anchor, or what moves it; ``value`` and ``sd`` are log10."""

    key: str
    text: str
    value: float
    sd: float
    source: str


@dataclass(frozen=True, slots=True)
class RateEntry:
    """One rate constant as it was used.

    ``log10_k`` holds at ``temperature_c``, before protons take their part; 5 to 95 % of its parts and of the activation
    energy. ``turnover`` is in mol per mol limiting, net of the way back. ``extrapolated`` says why the number is used beyond where it is meant for.
    """

    reaction: str
    rule: str
    title: str
    equation: str
    smiles: str
    log10_k: Interval
    unit: str
    temperature_c: float
    activation_energy: float
    activation_energy_sd: float
    absolute: bool
    turnover: float
    parts: tuple[RatePart, ...]
    validity: str
    extrapolated: str


@dataclass(frozen=True, slots=True)
class SensitivityEntry:
    """What the amount of the target hangs on.

    ``share`` is the part of the spread between draws that this quantity explains (squared rank correlation), ``sign``
    whether more of it gives more target. ``kind`` is rate, energy or recipe; ``known_to`` the factor of its 90 % interval.
    """

    key: str
    kind: Literal["rate", "energy", "recipe"]
    text: str
    share: float
    sign: int
    known_to: str
    how: str


@dataclass(frozen=True, slots=True)
class LeverEntry:
    """What the target gains [mol per mol limiting], paired draw by draw, with one field of the recipe lower or higher."""

    field: str
    lower_to: str
    lower: Interval
    higher_to: str
    higher: Interval


@dataclass(frozen=True, slots=True)
class SweepPoint:
    """One recipe of a sweep: the value of each varied field, as a case file would have it, and the amounts it gives.

    ``amounts`` follow the species of the sweep; ``better`` is the share of draws in which the target gains on the case as written.
    """

    values: tuple[str, ...]
    numbers: tuple[float, ...]
    amounts: tuple[Interval, ...]
    better: float
    patch: tuple[PatchEntry, ...]


@dataclass(frozen=True, slots=True)
class SweepEntry:
    """A case with one field varied, or two on a grid; ``species`` are ids, the target first."""

    fields: tuple[str, ...]
    units: tuple[str, ...]
    logarithmic: tuple[bool, ...]
    species: tuple[str, ...]
    labels: tuple[str, ...]
    as_written: tuple[Interval, ...]
    points: tuple[SweepPoint, ...]


@dataclass(frozen=True, slots=True)
class OpenInterval:
    """5 to 95 % of what data alone say; None for an end that they do not set."""

    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class FittedRate:
    """log10 of one rate constant at ``temperature_c`` before and after a fit, 5 to 95 %.

    ``data_alone`` leaves out the constant's own prior (profile likelihood), None where it was not worked out. ``kept`` is the share of its
    width that the interval keeps; ``told`` says what that means: measured, narrowed, not told by these data.
    """

    reaction: str
    title: str
    equation: str
    unit: str
    temperature_c: float
    before: Interval
    after: Interval
    data_alone: OpenInterval | None
    kept: float
    told: str


@dataclass(frozen=True, slots=True)
class FitPoint:
    """One measured value with its standard deviation, beside the central model before and after; ``run`` 0 is the case as written."""

    run: int
    time_h: float
    what: str
    unit: str
    observed: float
    error: float
    limit: bool
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class FitEntry:
    """Rates fitted to measurements.

    ``misfit_before`` and ``misfit_after``: root mean square, in errors. ``widened``: by how much the errors had to grow. ``learned``: how
    many parameters the data decide. ``agreement``: effective share of the posterior's samples, 1 where it is normal. ``tied`` names constants that
    are known only together.
    """

    data: str
    points: int
    runs: int
    misfit_before: float
    misfit_after: float
    widened: float
    learned: float
    agreement: float
    rates: tuple[FittedRate, ...]
    tied: tuple[str, ...]
    measured: tuple[FitPoint, ...]


@dataclass(frozen=True, slots=True)
class BillEntry:
    """What running a recipe at its scale takes; ``effort`` is all of it as money [EUR], at the rates of plan.csv."""

    solvent_mL: float  # noqa: N815  (a published key)
    volume_mL: float  # noqa: N815
    time_h: float
    steps: int
    money: float | None
    effort: float


@dataclass(frozen=True, slots=True)
class PlanPoint:
    """One recipe that was simulated.

    ``yield`` [mol per mol of what limits, all steps] and ``purity`` (mass of product in the crude, solvent apart) are weighted by what was
    seen; ``predicted`` is what the patched case file alone gives. ``wins``: in which share of what may be it gives most of the recipes shown.
    """

    id: str
    change: ChangeEntry
    yield_: Interval
    purity: Interval
    predicted: Interval
    bill: BillEntry
    wins: float
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FlatEntry:
    """What the best recipe loses (or gains) when one thing about it is changed [mol/mol]."""

    text: str
    change: Interval


@dataclass(frozen=True, slots=True)
class ScreenRun:
    """One run of a screen: ``bits`` it is expected to tell about which recipe is best, after the runs before it.

    ``expected`` is the yield that the recipe chosen after it is expected to give.
    """

    id: str
    change: ChangeEntry
    yield_: Interval
    bits: float
    expected: float
    why: str


@dataclass(frozen=True, slots=True)
class PlanEntry:
    """A search over the recipe.

    ``points``: the recipes that no other beats in yield, purity and effort at once, by effort; the one as written is ``written``.
    ``best`` and ``robust`` are ids of points. ``routes``: the best recipe without and with each protecting group, where both exist.
    ``decided``: the draws agree on which recipe is best; else ``screen`` says which runs would tell.
    """

    tried: int
    written: PlanPoint
    points: tuple[PlanPoint, ...]
    best: str
    robust: str
    flatness: tuple[FlatEntry, ...]
    routes: tuple[PlanPoint, ...]
    decided: bool
    screen: tuple[ScreenRun, ...]


@dataclass(frozen=True, slots=True)
class Observations:
    """What the chemist reported, as text. ``typed``: pH, water contents, NMR integrals and aliquots, one line each."""

    isolated_yield: str | None
    conversion: str | None
    crude_mass: str | None
    absent: tuple[str, ...]
    notes: tuple[str, ...]
    typed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RoundEntry:
    """One run of the case: 0 is the recipe as written, 1 the first ``[[round]]``.

    ``change`` is what was changed from the first run. ``cause``, ``cause_title`` and ``probability`` are those that led with the data up to
    this run; None where nothing was observed in it. ``why`` says what it changed, in natural log odds.
    """

    number: int
    title: str
    change: ChangeEntry
    observed: Observations | None
    cause: str | None
    cause_title: str | None
    probability: float | None
    why: str


@dataclass(frozen=True, slots=True)
class SpeciesQuantity:
    """How much of one species the peaks hold.

    ``area_percent`` is the area read as it, each peak by its probability: measured, and no amount. ``chance``: that some peak is it. ``amount`` is mol per mol limiting
    reactant, or ``relative``: per mol of it that was seen, in any form. ``status`` is where the amount is from: a measured response
    (calibrated), chromophores counted (estimated), no peak but a limit (below-limit), nothing that the detector sees (not-visible),
    an area that tells no amount (area-only); ``why_not`` says why there is none.
    """

    species: str
    label: str
    area_percent: float
    chance: float
    amount: Interval | None
    relative: bool
    visible: bool
    status: QuantityStatus
    why_not: str


@dataclass(frozen=True, slots=True)
class QuantityEntry:
    """One quantity: a fraction, or the ratio major to minor of diastereomers; None with the reason in ``why_not``.

    ``censored``: the value lies above (below) what is given, because a species has no peak. ``relative``: it counts only what was seen.
    """

    value: Interval | None
    censored: Literal["", "above", "below"]
    relative: bool
    basis: str
    why_not: str


@dataclass(frozen=True, slots=True)
class QuantitiesEntry:
    """From areas to amounts; ``wavelength`` [nm] of the detector, None where it is not known or a sum over many."""

    basis: Literal["relative", "internal-standard", "calibrated"]
    wavelength: float | None
    standard: str | None
    species: tuple[SpeciesQuantity, ...]
    conversion: QuantityEntry
    selectivity: QuantityEntry
    assay_yield: QuantityEntry
    isolated_yield: QuantityEntry | None
    dr: QuantityEntry
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """The envelope of every question."""

    schema: str
    ringside: str
    knowledge: str
    question: str
    case: CaseHead
    verdict: str
    flask: FlaskEntry
    observed: Observations | None
    species: tuple[SpeciesEntry, ...]
    families: tuple[FamilyEntry, ...] | None
    traces: tuple[TraceEntry, ...] | None
    assignments: tuple[AssignmentEntry, ...] | None
    explained_area: float | None
    causes: tuple[CauseEntry, ...] | None
    prior_driven: bool | None
    monte_carlo_error: float | None
    remedies: tuple[RemedyEntry, ...] | None
    next_tests: tuple[NextTestEntry, ...] | None
    warnings: tuple[WarningEntry, ...]
    not_enumerated: tuple[NotEnumerated, ...]
    sources: tuple[SourceEntry, ...]
    pathways: tuple[PathwayEntry, ...] | None
    explanations: tuple[ExplanationEntry, ...] | None
    rates: tuple[RateEntry, ...] | None
    turns_on: tuple[SensitivityEntry, ...] | None
    sweep: SweepEntry | None
    fit: FitEntry | None
    levers: tuple[LeverEntry, ...] | None
    quantities: QuantitiesEntry | None
    plan: PlanEntry | None
    rounds: tuple[RoundEntry, ...] | None
    materials: tuple[MaterialEntry, ...] | None


def to_plain(value: object) -> object:
    """Return dicts, lists and scalars with the published keys (a trailing underscore is dropped)."""
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name.rstrip("_"): to_plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, (tuple, list)):
        return [to_plain(item) for item in value]
    if isinstance(value, dict):
        return {str(k): to_plain(v) for k, v in value.items()}
    return value
