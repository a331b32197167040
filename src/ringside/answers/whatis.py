"""What an unexplained mass could be, from what is in the flask."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from math import log10

from ringside.answers.flow import DRAWS, Simulation, Simulator, instrument_of, simulator
from ringside.answers.growth import WATER
from ringside.answers.pathways import abundant, named_species, ordered, pathway_of, shut_gates
from ringside.answers.predict import basic_report, sources_of
from ringside.answers.report import ExplanationEntry, Report
from ringside.answers.species import columns, interval
from ringside.case.nouns import Case
from ringside.chem.mass import charge, exact_mass
from ringside.errors import bad_input
from ringside.evidence.expected import expected
from ringside.knowledge.base import Bystander, Knowledge
from ringside.network.nouns import FAMILY_PREFIX, Reaction, Rule
from ringside.network.paths import tree_to
from ringside.network.search import steps_to, widen

PARTNERS, MAX_EVENTS, MAX_ATOMS, MOST = 10, 8000, 70, 12
GATE_COST, SCARCE_DECADES = 2.0, 3.0
FINEST_DA, MAX_MZ = 0.003, 1e5


@dataclass(frozen=True, slots=True)
class Question:
    """A mass to explain: an m/z, or a difference from ``reference`` (SMILES); ``tolerance`` in Da."""

    mz: float | None
    difference: float | None
    reference: str | None
    tolerance: float


@dataclass(frozen=True, slots=True)
class _Reading:
    smiles: str
    ion: str
    mz: float | None
    error: float
    steps: tuple[Reaction, ...]


def what_is(
    case: Case,
    knowledge: Knowledge,
    *,
    mz: str | None = None,
    difference: str | None = None,
    reference: str | None = None,
    tolerance: float | None = None,
    steps: int = 3,
    simulate: Simulator | None = None,
) -> Report:
    """Return the shortest rule paths from what is in the flask to a mass, ranked; none is an answer too.

    Args:
        case: The case.
        knowledge: Rules, rates and ions.
        mz: The unexplained m/z, as typed: its decimals tell how sure it is. Either this or ``difference``.
        difference: A mass difference [Da], as typed.
        reference: What it differs from (SMILES, label or name); the target when left out.
        tolerance: Half width [Da]; when left out that of the case's instrument, or half the last digit typed.
        steps: How many steps beyond what the simulation holds are searched.
        simulate: The simulator to use, for many questions about one case; a new one when left out.

    Raises:
        BadInput: If neither or both are asked, a number is out of range, or the reference is not known.
    """
    if (mz is None) == (difference is None):
        raise bad_input(
            "one-mass", "ask for an m/z or for a mass difference", field="--mz", limit="one of --mz and --shift"
        )
    mass = _number(mz if mz is not None else difference or "", "--mz" if mz is not None else "--shift")
    if mz is not None and not 0.0 < mass < MAX_MZ:
        raise bad_input("bad-mass", "this is no m/z", field="--mz", value=mz, limit=f"above 0, below {MAX_MZ:g}")
    if tolerance is not None and not 0.0 < tolerance <= 1.0:
        raise bad_input(
            "bad-mass", "not a mass tolerance", field="--within", value=str(tolerance), limit="above 0, up to 1 Da"
        )
    if not 0 <= steps <= 4:
        raise bad_input(
            "bad-steps", "so many steps are not searched", field="--steps", value=str(steps), limit="0 to 4"
        )
    simulation = (simulate or simulator(knowledge))(case, DRAWS)
    report = basic_report("what-is", simulation, None, knowledge)
    wanted = None
    if difference is not None:
        wanted = named_species(reference, report, simulation) if reference else simulation.target
        if wanted is None:
            raise bad_input(
                "no-reference", "a mass difference needs something it differs from", field="--from", next_step="name it"
            )
    typed = mz if mz is not None else difference or ""
    question = Question(
        mass if mz is not None else None,
        mass if mz is None else None,
        wanted,
        tolerance or _tolerance(typed, mass if mz is not None else exact_mass(wanted or WATER), simulation),
    )
    found, complete = _search(question, simulation, knowledge, steps)
    keys = {k for e in found for s in e.pathway.steps for r in knowledge.rules if r.id == s.rule for k in r.sources}
    return replace(
        report,
        verdict=_verdict(question, found, steps, complete=complete),
        explanations=found,
        sources=sources_of(keys, knowledge),
    )


def _number(text: str, field: str) -> float:
    try:
        return float(text.strip().replace(",", "."))
    except ValueError as fault:
        raise bad_input("bad-mass", "this is no number", field=field, value=text, limit="such as 213.136") from fault


def _tolerance(typed: str, mz: float, simulation: Simulation) -> float:
    """Return the stated error of the instrument, or else half the last digit that was typed."""
    instrument = instrument_of(simulation.case)
    if "instrument" not in simulation.case.raw.get("observed", {}):
        decimals = len(typed.strip().replace(",", ".").partition(".")[2])
        return max(FINEST_DA, 0.5 * 10.0**-decimals)
    return instrument.mz_error if instrument.mz_error_unit == "Da" else mz * instrument.mz_error * 1e-6


def _search(
    question: Question, simulation: Simulation, knowledge: Knowledge, steps: int
) -> tuple[tuple[ExplanationEntry, ...], bool]:
    inside = abundant(simulation)
    outside = {b.smiles: b for b in knowledge.bystanders if b.smiles not in inside}
    base = (*inside, *outside)
    partners = (*inside[:PARTNERS], *outside)
    rules = ordered(knowledge, simulation)
    found = widen(base, partners, rules, rounds=steps, max_events=MAX_EVENTS, max_atoms=MAX_ATOMS)
    readings = [
        reading
        for smiles in (*inside, *found.makers)
        for reading in _readings(smiles, steps_to(smiles, found.makers), question, simulation, knowledge)
    ]
    amounts = _amounts(simulation)
    by_id = {rule.id: rule for rule in knowledge.rules}
    ranked = sorted(
        readings, key=lambda r: (_cost(r, simulation, amounts, by_id, outside), abs(r.error), r.smiles, r.ion)
    )
    best: dict[str, _Reading] = {}
    for reading in ranked:
        best.setdefault(reading.smiles, reading)
    entries = [
        _entry(r, simulation, knowledge, _cost(r, simulation, amounts, by_id, outside), outside)
        for r in list(best.values())[:MOST]
    ]
    return tuple(entries), found.complete


def _readings(
    smiles: str, steps: tuple[Reaction, ...], question: Question, simulation: Simulation, knowledge: Knowledge
) -> Iterator[_Reading]:
    if question.mz is None:
        if (
            question.reference is not None
            and question.difference is not None
            and charge(smiles) == charge(question.reference)
        ):
            error = question.difference - (exact_mass(smiles) - exact_mass(question.reference))
            if abs(error) <= question.tolerance and smiles != question.reference:
                yield _Reading(smiles, "M", None, error, steps)
        return
    for ion in expected(smiles, knowledge.evidence, instrument_of(simulation.case)).ions:
        if abs(ion.mz - question.mz) <= question.tolerance:
            yield _Reading(smiles, ion.ion, ion.mz, question.mz - ion.mz, steps)


def _amounts(simulation: Simulation) -> dict[str, float]:
    """Return the largest mean amount of each species at any output time, mol per mol limiting."""
    largest = simulation.ensemble.n.mean(axis=0).max(axis=0) / float(simulation.ensemble.limiting.mean())
    return {s: float(largest[i]) for i, s in enumerate(simulation.ensemble.species)}


def _cost(
    reading: _Reading,
    simulation: Simulation,
    amounts: dict[str, float],
    rules: dict[str, Rule],
    outside: Mapping[str, Bystander],
) -> float:
    """Return how far-fetched a reading is: steps, shut gates, bystanders, and how scarce the rarest start is."""
    network = set(simulation.network.species)
    starts = {s for r in reading.steps for s in r.reactants if s in network} or {reading.smiles}
    within = {
        r.id
        for s in sorted(starts)
        if not s.startswith(FAMILY_PREFIX)
        for r in tree_to(simulation.network, s, {}, simulation.seeds)
    }
    shut = len(shut_gates(reading.steps, simulation, rules))
    rarest = min((max(amounts.get(s, 0.0), 1e-12) for s in starts), default=1.0)
    strange = sum(outside[s].cost for s in {s for r in reading.steps for s in r.reactants} & outside.keys())
    return len(within) + len(reading.steps) + GATE_COST * shut + strange + max(-log10(rarest), 0.0) / SCARCE_DECADES


def _entry(
    reading: _Reading, simulation: Simulation, knowledge: Knowledge, cost: float, outside: Mapping[str, Bystander]
) -> ExplanationEntry:
    ppm = reading.mz is not None
    at = columns(simulation)
    amount = interval(simulation.outcome.amount[:, at[reading.smiles]]) if reading.smiles in at else None
    met = sorted({s for r in reading.steps for s in r.reactants} & outside.keys())
    found = pathway_of(reading.smiles, amount, reading.steps, simulation, knowledge)
    if met:
        strange = (f"Needs {outside[s].name}, which is not in the recipe ({outside[s].where})." for s in met)
        rules = {rule.id: rule for rule in knowledge.rules}
        found = replace(found, obstacles=(*strange, *shut_gates(reading.steps, simulation, rules)))
    return ExplanationEntry(
        pathway=found,
        ion=reading.ion,
        mz=reading.mz,
        error=1e6 * reading.error / reading.mz if reading.mz is not None else reading.error,
        error_unit="ppm" if ppm else "Da",
        cost=cost,
    )


def _verdict(question: Question, found: tuple[ExplanationEntry, ...], steps: int, *, complete: bool) -> str:
    what = f"{question.difference:+.4f} Da" if question.mz is None else f"m/z {question.mz:.4f}"
    what += f" (within {question.tolerance:.4g} Da)"
    cut = "" if complete else " Not every combination was tried."
    if not found:
        return f"No explanation of {what} within {steps} steps of what is in the flask.{cut}"
    best = found[0]
    more = f" {len(found) - 1} other reading{'s' * (len(found) > 2)}." if len(found) > 1 else ""
    return f"{what} reads best as {best.pathway.label}, {best.ion}.{more}{cut}"
