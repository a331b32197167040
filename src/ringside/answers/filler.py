"""Cards whose removal would change no answer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ringside.answers.diagnose import diagnose
from ringside.answers.flow import simulator
from ringside.answers.species import flux_of
from ringside.answers.tools import case_tools
from ringside.case.read import read_case
from ringside.errors import RingsideError
from ringside.knowledge.base import Knowledge
from ringside.knowledge.load import load
from ringside.network.nouns import Rule
from ringside.network.search import widen

LEAST_TURNOVER = 1e-4
DRAWS, STEPS, MAX_EVENTS, MAX_ATOMS = 8, 2, 2000, 60


@dataclass(frozen=True, slots=True)
class Standing:
    """What a card changes: ``why`` names a case or an example; empty for filler."""

    kind: str
    id: str
    why: str


def leave_one_out(cases: Sequence[Path], knowledge: Path | None = None, *, deep: bool = False) -> tuple[Standing, ...]:
    """Say of each rule, and of each cause and remedy where ``deep``, whether an answer would change without it.

    A rule changes an answer if it turns over more than a ten-thousandth of the limiting reactant in one of the cases,
    or if no other rules that run there lead from the reactants of one of its examples to the product in two steps. A cause or remedy
    changes an answer if a diagnosis of one of the cases lists it.

    Args:
        cases: Case files; those that cannot be read or simulated are passed over.
        knowledge: A folder of own knowledge, or None.
        deep: Also run every diagnosis, which takes minutes.

    Returns:
        One for each card, rules first, by id.
    """
    known = load(knowledge)
    acting = _acting(cases, known)
    rules = [rule for rule in known.rules if rule.status != "retired"]
    found = [
        Standing("rule", rule.id, acting[rule.id] if rule.id in acting else _only_way(rule, rules)) for rule in rules
    ]
    if deep:
        listed = _listed(cases, known)
        for kind, cards in (("cause", known.causes), ("remedy", known.remedies)):
            found += [Standing(kind, card.id, listed.get((kind, card.id), "")) for card in cards]
    return tuple(found)


def _acting(cases: Iterable[Path], known: Knowledge) -> dict[str, str]:
    """Return the case in which each rule turns over most, for rules that turn over anything."""
    best: dict[str, tuple[float, str]] = {}
    for path in sorted(cases):
        try:
            simulation = simulator(known)(read_case(path, case_tools(known)), DRAWS)
        except RingsideError:
            continue
        flux = flux_of(simulation)
        total: dict[str, float] = {}
        for reaction in simulation.network.reactions:
            total[reaction.rule] = total.get(reaction.rule, 0.0) + flux[reaction.id]
        for rule, turnover in total.items():
            if turnover >= LEAST_TURNOVER and turnover > best.get(rule, (0.0, ""))[0]:
                best[rule] = (turnover, f"turns over {turnover:.2g} mol per mol limiting in {path.name}")
    return {rule: text for rule, (_, text) in best.items()}


def _only_way(rule: Rule, rules: Sequence[Rule]) -> str:
    """Return the example that no other rules can explain, or nothing."""
    others = [other for other in rules if other.id != rule.id and _free(other, rule)]
    for example in rule.examples:
        made = widen(
            example.reactants, example.reactants, others, rounds=STEPS, max_events=MAX_EVENTS, max_atoms=MAX_ATOMS
        ).makers
        if example.product not in made and example.product not in example.reactants:
            return f"the only way from {' + '.join(example.reactants)} to {example.product}"
    return ""


def _free(other: Rule, rule: Rule) -> bool:
    """Say whether another rule runs wherever a rule does, as far as their gates tell."""
    return other.gate == rule.gate or not (other.gate.any_of or other.gate.all_of)


def _listed(cases: Iterable[Path], known: Knowledge) -> dict[tuple[str, str], str]:
    found: dict[tuple[str, str], str] = {}
    for path in sorted(cases):
        try:
            report = diagnose(read_case(path, case_tools(known)), known)
        except RingsideError:
            continue
        for cause in report.causes or ():
            for member in (cause.id, *cause.members):
                found.setdefault(("cause", member), f"considered in {path.name}")
        for remedy in report.remedies or ():
            found.setdefault(("remedy", remedy.id.partition(":")[0]), f"offered in {path.name}")
    return found
