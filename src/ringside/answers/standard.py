"""The internal standard and the calibrated species of a case, found by the names it gives them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ringside.answers.flow import Simulation, instrument_of
from ringside.answers.report import Interval, Ion, SpeciesEntry, Visible
from ringside.answers.species import SHOWN_IONS, species_id
from ringside.chem.mass import average_mass, exact_mass, formula, inchikey
from ringside.chem.molecule import components, is_valid
from ringside.errors import bad_input
from ringside.evidence.assign import NONE
from ringside.evidence.expected import expected
from ringside.evidence.nouns import Assignment, Calibration, Candidate, Expected, Peak, Standard
from ringside.knowledge.base import Knowledge

TARGET_WORDS = frozenset({"product", "target"})
LABEL = "internal standard"


def species_named(text: str, simulation: Simulation, knowledge: Knowledge, field: str) -> str:
    """Return the canonical SMILES of a charge, the product, a catalogue name, or SMILES.

    Raises:
        BadInput: If it is none of them.
    """
    key = " ".join(text.casefold().split())
    doses = [d.smiles for d in simulation.flask.doses if d.smiles is not None and d.name.casefold() == key]
    if doses:
        return max(doses, key=len)
    if key in TARGET_WORDS and simulation.target is not None:
        return simulation.target
    known = knowledge.catalogue.get(text)
    if known is not None and known.smiles:
        return max(components(known.smiles), key=len)
    if is_valid(text):
        return max(components(text), key=len)
    raise bad_input(
        "unknown-species",
        "this names no charge, no catalogue material, and is no SMILES",
        file=simulation.case.file,
        field=field,
        value=text,
        limit='the name of a charge, "product", a catalogue name, or SMILES',
        next_step="give its SMILES",
    )


def standard_of(simulation: Simulation, knowledge: Knowledge) -> tuple[str, tuple[float, float]] | None:
    """Return canonical SMILES and amount [mol per mol limiting], low and high, of the internal standard; None where none was added.

    Raises:
        BadInput: If the case names a species that is not known.
    """
    seen = simulation.case.observed
    if seen is None or seen.standard is None:
        return None
    smiles = species_named(seen.standard.species, simulation, knowledge, "observed.standard.species")
    low, high = (_equivalents(x, seen.standard, smiles, simulation) for x in seen.standard.amount)
    return smiles, (low, high)


def _equivalents(amount: float, standard: Standard, smiles: str, simulation: Simulation) -> float:
    if standard.unit == "equiv":
        return amount
    mol = amount if standard.unit == "mol" else amount / average_mass(smiles)
    return mol / simulation.flask.limiting


def calibrations_of(simulation: Simulation, knowledge: Knowledge) -> tuple[Calibration, ...]:
    """Return the calibrations of a case by canonical SMILES.

    Raises:
        BadInput: If a species is not known, or is calibrated against itself.
    """
    seen = simulation.case.observed
    found: list[Calibration] = []
    for number, c in enumerate(seen.calibrations if seen is not None else (), start=1):
        field = f"observed.calibration[{number}]"
        species = species_named(c.species, simulation, knowledge, f"{field}.species")
        reference = species_named(c.relative_to, simulation, knowledge, f"{field}.relative_to")
        if species == reference:
            raise bad_input(
                "one-species",
                "a response factor compares two species, and these are one",
                file=simulation.case.file,
                field=field,
                value=f"{c.species}, {c.relative_to}",
                next_step="name another species in relative_to",
            )
        found.append(replace(c, species=species, relative_to=reference))
    return tuple(found)


def standard_view(simulation: Simulation, knowledge: Knowledge) -> tuple[Expected, tuple[float, float, float]] | None:
    """Return what the internal standard looks like and how much of it there is (low, middle, high), where the flask does not hold it anyway.

    For the assignment: the standard is a species of known identity and amount beside those that were simulated.

    Raises:
        BadInput: If the case names a species that is not known.
    """
    found = standard_of(simulation, knowledge)
    if found is None or found[0] in simulation.outcome.species:
        return None
    smiles, (low, high) = found
    return expected(smiles, knowledge.evidence, instrument_of(simulation.case)), (low, (low * high) ** 0.5, high)


def standard_entries(simulation: Simulation, knowledge: Knowledge) -> tuple[SpeciesEntry, ...]:
    """Return the internal standard as a species of the report, where the flask does not hold it anyway; else nothing.

    Raises:
        BadInput: If the case names a species that is not known.
    """
    added = standard_view(simulation, knowledge)
    if added is None or added[0].species == simulation.target:
        return ()
    view, (low, middle, high) = added
    smiles = view.species
    amount = Interval(middle, low, high)
    seen = simulation.case.observed
    name = seen.standard.species if seen is not None and seen.standard is not None else ""
    return (
        SpeciesEntry(
            species_id(smiles), smiles, inchikey(smiles) or None, LABEL if name == smiles or is_valid(name) else f"{name} ({LABEL})",
            "reagent", formula(smiles), exact_mass(smiles), tuple(Ion(k.ion, k.mz) for k in view.ions[:SHOWN_IONS]), (),
            amount, amount, amount, Visible(uv=view.uv, esi=view.esi), (), (),
        ),
    )  # fmt: skip


def standard_peak(
    peaks: Sequence[Peak], simulation: Simulation, knowledge: Knowledge
) -> tuple[tuple[Peak, ...], Assignment | None]:
    """Return the peaks that are to be read, and the reading of the one that the case says is the standard, by its retention time.

    A standard that does not ionise has no other mark. The nearest peak within the window counts; without a stated time, or
    without a peak there, all peaks are read as usual.
    """
    found = standard_of(simulation, knowledge)
    seen = simulation.case.observed
    if found is None or seen is None or seen.standard is None or seen.standard.rt is None:
        return tuple(peaks), None
    at = seen.standard.rt
    near = [(abs(p.rt - at), p.rt, p.mz, p.id) for p in peaks if p.rt is not None]
    if not near or min(near)[0] > knowledge.quantity["standard_window_s"]:
        return tuple(peaks), None
    chosen = next(p for p in peaks if p.id == min(near)[3])
    sure = knowledge.quantity["standard_certain"]
    told = (
        Candidate(found[0], "", None, None, 0.0, sure, False),
        Candidate(NONE, "", None, None, 0.0, 1.0 - sure, False),
    )
    return tuple(p for p in peaks if p is not chosen), Assignment(chosen, told)
