"""How much of what the peaks hold: the quantities of a report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ringside.answers.entries import report_id
from ringside.answers.flow import DRAWS, SEED, Simulation, instrument_of, looks
from ringside.answers.quantity_words import basis_text, not_seen, notes_of, reason
from ringside.answers.report import (
    Interval,
    QuantitiesEntry,
    QuantityEntry,
    QuantityStatus,
    SpeciesEntry,
    SpeciesQuantity,
)
from ringside.answers.species import interval
from ringside.answers.standard import calibrations_of, standard_of
from ringside.chem.acidity import neutral_form
from ringside.chem.isomers import stereoisomers
from ringside.chem.lipophilicity import log_d, logp
from ringside.chem.molecule import without_stereo
from ringside.evidence.drawn import Detector, Drawn, detector_of, draw_peaks
from ringside.evidence.expected import expected
from ringside.evidence.nouns import Assignment, Expected
from ringside.evidence.quantity import (
    Amounts,
    Contents,
    Found,
    assay_yield,
    conversion,
    diastereomer_ratio,
    measure,
    selectivity,
)
from ringside.evidence.response import ResponseSpread, responses
from ringside.knowledge.base import Knowledge
from ringside.network.lineage import residues

N = 5 * DRAWS
SHOWN_ROLES = frozenset({"product", "starting-material", "intermediate", "side-product"})


def quantities(
    simulation: Simulation, assignments: Sequence[Assignment], species: Sequence[SpeciesEntry], knowledge: Knowledge
) -> QuantitiesEntry:
    """Return how much the peaks hold, each quantity with its interval, its basis and what it rests on.

    Areas become amounts by counted chromophores, or by calibrated responses; the readings of the peaks are drawn by
    their probabilities. Amounts are absolute only with an internal standard among the peaks.

    Args:
        simulation: The case; what holds the limiting reactant, and what is expected.
        assignments: Readings of the peaks.
        species: The species of the report, for their labels and roles.
        knowledge: Chromophores and errors.

    Raises:
        BadInput: If a standard or calibration names what is not known.
    """
    detector, wavelength = _detector(simulation, assignments)
    constants = _constants(knowledge)
    contents = _contents(simulation, knowledge)
    standard = standard_of(simulation, knowledge)
    calibrations = calibrations_of(simulation, knowledge)
    views = _views(simulation, standard, knowledge)
    drawn = draw_peaks(assignments, constants, N, SEED)
    alike = {s: without_stereo(s) for s in views}
    often = {s: float((drawn.reading == i).any(axis=1).mean()) for i, s in enumerate(drawn.names)}
    often = {s: chance for s, chance in often.items() if chance >= constants["least_chance"]}
    unretained = _unretained(views, often, simulation, knowledge)
    apart = abs((wavelength or 0.0) - constants["response_wavelength_nm"]) > constants["wavelength_tolerance_nm"]
    between = (constants["response_between"] ** 2 + apart * constants["sd_response_wavelength_log"] ** 2) ** 0.5
    response = responses(
        [v for s, v in views.items() if s not in unretained],
        calibrations,
        alike,
        ResponseSpread(
            between, constants["response_within"], constants["sd_calibration_unstated_log"], constants["range_sd"]
        ),
        N,
        SEED,
    )
    by_ions = detector == "ions" or not drawn.least
    amounts = measure(drawn, {} if by_ions else response, contents, constants, SEED, standard)
    calibrated = frozenset({c.species for c in calibrations} | {c.relative_to for c in calibrations})
    isomers = _diastereomers(simulation, views)
    none = Found(None, why_not="ions")
    found = {
        "conversion": none if by_ions else conversion(amounts, SEED),
        "selectivity": none if by_ions else selectivity(amounts, SEED),
        "assay_yield": none if by_ions else assay_yield(amounts),
        "dr": none if by_ions else diastereomer_ratio(drawn, isomers, constants["sd_response_alike_log"], SEED),
    }
    told = {name: _entry(name, f, amounts, bool(drawn.least)) for name, f in found.items()}
    entries = {s.smiles: s for s in species if s.smiles is not None}
    listed = _listed(simulation, drawn, often, entries, standard, constants)
    return QuantitiesEntry(
        basis="internal-standard" if amounts.absolute else "calibrated" if calibrations and not by_ions else "relative",
        wavelength=wavelength,
        standard=report_id(standard[0]) if standard is not None else None,
        species=tuple(
            _species(
                entries[s],
                assignments,
                amounts,
                by_ions=by_ions,
                measured=s in calibrated,
                chance=often.get(s, 0.0),
                unseen=not_seen(s in unretained and entries[s].visible.uv, wavelength),
            )
            for s in listed
        ),
        conversion=told["conversion"],
        selectivity=told["selectivity"],
        assay_yield=told["assay_yield"],
        isolated_yield=_isolated(simulation),
        dr=told["dr"],
        notes=notes_of(assignments, amounts, detector, wavelength, standard, constants),
    )


def _detector(simulation: Simulation, assignments: Sequence[Assignment]) -> tuple[Detector, float | None]:
    """Return what the areas were measured with; the case may say the wavelength where the file does not."""
    detector, wavelength = detector_of([a.peak for a in assignments])
    stated = instrument_of(simulation.case).uv
    if detector == "unstated" and stated is not None:
        detector = "uv"
    return detector, wavelength if wavelength is not None else stated


def _constants(knowledge: Knowledge) -> Mapping[str, float]:
    """Return the errors of amounts: those of quantity.csv, and those that a diagnosis and an assignment use as well."""
    shared = knowledge.constants
    return {
        **knowledge.quantity,
        "second_peak": knowledge.evidence.constants["second_peak"],
        "response_between": shared.sd_response_between_log,
        "response_within": shared.sd_response_within_log,
        "detection_limit": shared.detection_limit_uv,
        "detection_spread": shared.sd_detection_log,
    }


def _contents(simulation: Simulation, knowledge: Knowledge) -> Contents:
    limiting, product = simulation.flask.limiting_smiles, simulation.target
    traced = residues(simulation.network, simulation.seeds, knowledge.rules)
    held = {s: float(of[limiting]) for s, of in traced.items() if limiting in of}
    others = frozenset(simulation.seeds) - {limiting}
    held = {s: n for s, n in held.items() if s not in others} | {limiting: 1.0}
    if product is not None and product not in traced:
        held[product] = 1.0
    return Contents(limiting, product, held)


def _views(
    simulation: Simulation, standard: tuple[str, tuple[float, float]] | None, knowledge: Knowledge
) -> dict[str, Expected]:
    """Return what every species looks like, target and standard among them."""
    views = {v.species: v for v in looks(simulation, knowledge)}
    for extra in (simulation.target, standard[0] if standard is not None else None):
        if extra is not None and extra not in views:
            views[extra] = expected(extra, knowledge.evidence, instrument_of(simulation.case))
    return views


def _unretained(
    views: Mapping[str, Expected], often: Mapping[str, float], simulation: Simulation, knowledge: Knowledge
) -> frozenset[str]:
    """Return the species without a peak that leave the column with the solvent front, where nothing is integrated."""
    stated = instrument_of(simulation.case).eluent_ph
    ph = stated if stated is not None else knowledge.outcome.constants["eluent_ph"][0]
    c = knowledge.quantity

    def retained(smiles: str) -> float:
        ion = logp(neutral_form(smiles, knowledge.acidity)) - c["void_ion_penalty"]
        return max(log_d(smiles, ph, knowledge.acidity), ion)

    return frozenset(s for s in views if s not in often and retained(s) < c["void_log_d"])


def _diastereomers(simulation: Simulation, views: Mapping[str, Expected]) -> frozenset[str]:
    """Return the product and its diastereomers among the species; empty where there can be only one peak."""
    target = simulation.target
    if target is None:
        return frozenset()
    flat = without_stereo(target)
    same = frozenset(s for s in views if without_stereo(s) == flat)
    open_ones = [i for i in stereoisomers(target) if not i.interconverts]
    return same if len(same) > 1 or len(open_ones) > 1 else frozenset()


def _listed(
    simulation: Simulation,
    drawn: Drawn,
    often: Mapping[str, float],
    entries: Mapping[str, SpeciesEntry],
    standard: tuple[str, tuple[float, float]] | None,
    constants: Mapping[str, float],
) -> list[str]:
    """Return the species to list: what a peak may be, what was asked for, and what is expected without a peak; by area."""
    asked = {simulation.flask.limiting_smiles, simulation.target, standard[0] if standard is not None else None}
    listed = [
        s
        for s, entry in entries.items()
        if s in often
        or s in asked
        or (entry.in_sample.median >= constants["worth_saying"] and entry.role in SHOWN_ROLES)
    ]
    return sorted(listed, key=lambda s: (-float(drawn.of(s).mean()), s != simulation.target, s))


def _species(
    entry: SpeciesEntry,
    assignments: Sequence[Assignment],
    amounts: Amounts,
    *,
    by_ions: bool,
    measured: bool,
    chance: float,
    unseen: str,
) -> SpeciesQuantity:
    smiles = entry.smiles or ""
    area = 100.0 * sum(
        (a.peak.area or 0.0) * c.probability for a in assignments for c in a.candidates if c.species == smiles
    )

    def told(status: QuantityStatus, amount: Interval | None, why: str, *, visible: bool = True) -> SpeciesQuantity:
        return SpeciesQuantity(entry.id, entry.label, area, chance, amount, not amounts.absolute, visible, status, why)

    if by_ions:
        return told("area-only", None, reason("ions"), visible=entry.visible.esi)
    if smiles not in amounts.amount:
        return told("not-visible", None, unseen, visible=False)
    value = interval(amounts.amount[smiles])
    if not chance:
        return told("below-limit", Interval(value.median, 0.0, value.high), "no peak is it")
    return told("calibrated" if measured else "estimated", value, "")


def _entry(name: str, found: Found, amounts: Amounts, has_areas: bool) -> QuantityEntry:
    relative = name in {"conversion", "selectivity"} and not amounts.absolute
    why = reason(found.why_not if has_areas else "no-areas")
    value = interval(found.values) if found.values is not None and len(found.values) else None
    return QuantityEntry(value, found.censored, relative, basis_text(name, amounts.absolute) if value else "", why)


def _isolated(simulation: Simulation) -> QuantityEntry | None:
    """Return the isolated yield as it was reported."""
    seen = simulation.case.observed
    if seen is None or seen.isolated_yield is None:
        return None
    low, high = seen.isolated_yield
    return QuantityEntry(Interval((low + high) / 2, low, high), "", False, "as reported, by weight", "")
