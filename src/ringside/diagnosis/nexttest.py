"""Next tests: which experiment would tell most, in bits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, cast

import numpy as np
from scipy.special import logit, ndtr

from ringside.diagnosis.cards import read_sources
from ringside.diagnosis.constants import Constants
from ringside.diagnosis.hypotheses import AS_WRITTEN, considered
from ringside.diagnosis.likelihood import area_fractions, conversion
from ringside.diagnosis.rank import Ranking
from ringside.diagnosis.world import World
from ringside.errors import BadKnowledge, Complaint
from ringside.kinetics.nouns import FloatArray

Measure = Literal["yield", "conversion", "product-area", "flask-product", "check"]

_HEAD = ("id", "title", "status", "claims", "wrong_when", "how", "measures", "answers", "default")
_SAYS = ("hours", "positive", "negative")
_KEYS = frozenset((*_HEAD, *_SAYS, "needs", "excludes", "sources", "locators"))
_MEASURES = ("yield", "conversion", "product-area", "flask-product", "check")
_EDGES = np.array([0.05, 0.2, 0.35, 0.5, 0.65, 0.8, 0.95])
_SEEN_BY = {"yield": "isolated-yield", "conversion": "conversion", "product-area": "peak-areas"}


@dataclass(frozen=True, slots=True)
class TestCard:
    """An experiment that tells causes apart, as data.

    ``measures`` names what the simulation predicts for it, or ``check``: then ``answers`` holds the probability of a
    positive answer under each cause, and ``default`` that under any other. ``hours`` of work until the answer is there;
    ``positive`` and ``negative`` say what the answer would mean (for a number: a high and a low one).
    """

    __test__ = False

    id: str
    title: str
    status: str
    claims: str
    wrong_when: str
    how: str
    measures: Measure
    answers: Mapping[str, float]
    default: float
    hours: float
    positive: str
    negative: str
    needs: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    locators: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class NextTest:
    """One test: how many bits its result is expected to tell about which world it was, and in how many hours of work.

    ``positive`` and ``negative`` say what the answer would mean.
    """

    id: str
    bits: float
    hours: float
    how: str
    positive: str
    negative: str
    sources: tuple[str, ...]


def read_test(card: Mapping[str, Any], *, file: str) -> TestCard:
    """Read a test card.

    Args:
        card: The parsed TOML.
        file: The card's file name.

    Returns:
        The card.

    Raises:
        BadKnowledge: With one complaint for each thing that is wrong.
    """
    wrong = [Complaint("unknown-key", "unknown key", file, k) for k in sorted(card.keys() - _KEYS)]
    wanted = ("id", "title", "how", "measures", "claims", "wrong_when", *_SAYS)
    wrong += [Complaint("missing-key", "key missing", file, k) for k in wanted if not card.get(k)]
    answers = {str(k): float(v) for k, v in dict(card.get("answers", {})).items()}
    default = float(card.get("default", 0.5))
    for key, value in [*answers.items(), ("default", default)]:
        if not 0 < value < 1:
            wrong.append(Complaint("bad-probability", "an answer is never certain", file, key, str(value), "0 < p < 1"))
    hours = float(card.get("hours", 1.0))
    if not hours > 0:
        wrong.append(Complaint("bad-hours", "an experiment takes time", file, "hours", str(hours), "> 0"))
    measures = card.get("measures")
    if measures not in _MEASURES or (measures == "check") != bool(answers):
        text = "'check' cards, and no others, have [answers]"
        wrong.append(Complaint("bad-measure", text, file, "measures", str(measures), ", ".join(_MEASURES)))
    sources, locators, complaints = read_sources(card, file)
    if wrong + complaints:
        raise BadKnowledge(*wrong, *complaints)
    return TestCard(
        id=card["id"],
        title=card["title"],
        status=card["status"],
        claims=card["claims"],
        wrong_when=card["wrong_when"],
        how=card["how"],
        measures=cast("Measure", measures),
        answers=answers,
        default=default,
        hours=hours,
        positive=card["positive"],
        negative=card["negative"],
        needs=tuple(card.get("needs", ())),
        excludes=tuple(card.get("excludes", ())),
        sources=sources,
        locators=locators,
    )


def next_tests(
    ranking: Ranking, cards: Sequence[TestCard], *, situation: frozenset[str], constants: Constants, best: int = 5
) -> tuple[NextTest, ...]:
    """Order tests by expected information about which world it was, per hour of work.

    bits = H(mean of outcomes over worlds) - mean of H(outcomes | world), with each world at its posterior probability.
    Outcomes of measured tests are binned simulated results with their measuring error; none-of-these gives every bin
    the same chance, and answers a check as often as any cause that the card does not name. Something already measured is not asked for again.

    Args:
        ranking: The diagnosis.
        cards: All test cards.
        situation: Features of the case.
        constants: Measuring errors.
        best: How many to return.

    Returns:
        Tests of more than 0.01 bits, most telling per hour first.
    """
    seen = {o.id for o in ranking.sighting.observations}
    found: list[NextTest] = []
    for card in sorted(cards, key=lambda c: c.id):
        if card.status == "retired" or not considered(card.needs, card.excludes, situation):
            continue
        if _SEEN_BY.get(card.measures) in seen:
            continue
        bits = information(ranking, card, constants)
        if bits > 0.01:
            how = f"{card.title}: {card.how}"
            found.append(NextTest(card.id, bits, card.hours, how, card.positive, card.negative, card.sources))
    return tuple(sorted(found, key=lambda t: (-t.bits / t.hours, t.id))[:best])


def information(ranking: Ranking, card: TestCard, constants: Constants) -> float:
    """Return the expected information of one test about the world [bits]."""
    rows: list[FloatArray] = []
    chances: list[float] = []
    for c in ranking.candidates:
        parts = _parts(c.id, ranking) if card.measures == "check" else ((c.id, 1.0),)
        for name, share in parts:
            rows.append(_outcomes(name, c.world, c.weights, card, constants))
            chances.append(c.probability * share)
    unknown = np.full(len(rows[0]), 1.0 / len(rows[0]))
    rows.append(np.array([card.default, 1 - card.default]) if card.measures == "check" else unknown)
    chances.append(ranking.none_probability)
    table, p = np.stack(rows), np.array(chances) / sum(chances)
    return max(0.0, float(_entropy((p @ table)[None, :])[0] - p @ _entropy(table)))


def _parts(world: str, ranking: Ranking) -> tuple[tuple[str, float], ...]:
    """Return the causes behind one world: the design causes for the recipe as written."""
    if world != AS_WRITTEN:
        return ((world, 1.0),)
    return tuple((s.id, s.weight) for s in ranking.shares)


def _outcomes(name: str, world: World, weights: FloatArray, card: TestCard, constants: Constants) -> FloatArray:
    if card.measures == "check":
        names = name.split("+")
        positive = max(card.answers.get(n, card.default) for n in names)
        return np.array([positive, 1 - positive])
    match card.measures:
        case "yield":
            values, sd = world.target_yield() * constants.handling_median, constants.sd_yield_logit
        case "conversion":
            values, sd = conversion(world), constants.sd_conversion_logit
        case "flask-product":
            values, sd = world.column(world.amount, world.product), constants.sd_conversion_logit
        case _:
            group = ((world.product or "",),)
            values, sd = area_fractions(world, group)[:, 0], constants.sd_area_log
    centre = logit(np.clip(values, 0.01, 0.99))
    below = ndtr((logit(_EDGES)[None, :] - centre[:, None]) / sd)
    ends = np.zeros((len(values), 1)), np.ones((len(values), 1))
    return weights @ np.diff(np.hstack([ends[0], below, ends[1]]), axis=1)


def _entropy(p: FloatArray) -> FloatArray:
    safe = np.maximum(p, 1e-15)
    return -(p * np.log2(safe)).sum(axis=1)
