"""Verdicts: probabilities put into words, with the evidence for and against each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from ringside.diagnosis.constants import Constants
from ringside.diagnosis.design import Share
from ringside.diagnosis.hypotheses import AS_EXPECTED, AS_WRITTEN, NONE_OF_THESE, Hypothesis
from ringside.diagnosis.likelihood import conversion, crude_mass, log_sum
from ringside.diagnosis.nouns import Evidence, Verdict
from ringside.diagnosis.observations import Observation
from ringside.diagnosis.scores import Scores, draw_weights, probabilities
from ringside.diagnosis.world import World, weighted_quantile
from ringside.kinetics.nouns import FloatArray

_EPSILON = 1e-12
_SAYS_SOMETHING = 1e-3
_TITLES = {
    AS_EXPECTED: "The recipe as written gives this",
    NONE_OF_THESE: "None of these",
}


def verdicts(
    scores: Scores,
    pool: Mapping[str, World],
    possible: Mapping[str, Hypothesis],
    *,
    shares: Sequence[Share],
    flat: Sequence[Share],
    seen: Sequence[Observation],
    constants: Constants,
) -> tuple[Verdict, ...]:
    """Return one verdict per cause or group of causes that no data here can tell apart, most probable first.

    Args:
        scores: Worlds against observations.
        pool: The worlds.
        possible: The hypothesis of each world but the recipe as written.
        shares: Design causes' shares of P(as written), with draws weighted by the evidence.
        flat: The same with equal weights, for the prior.
        seen: The observations.
        constants: When two worlds count as the same.

    Returns:
        Verdicts whose probabilities sum to 1.
    """
    chances = probabilities(scores)
    out: list[Verdict] = []
    for group in _groups(scores, pool, possible, constants):
        lead = max(group, key=lambda i: (chances[i], i))
        sources = tuple(sorted({s for i in group for s in possible[i].sources}))
        chance = sum(chances[i] for i in group), sum(scores.prior[i] for i in group)
        members = tuple(sorted(group)) if len(group) > 1 else ()
        evidence = evidence_for(lead, scores, pool, seen)
        out.append(_verdict((lead, possible[lead].title), chance, evidence, members=members, sources=sources))
    written = evidence_for(AS_WRITTEN, scores, pool, seen)
    prior_share = {s.id: s.weight for s in flat}
    for share in shares:
        prior = scores.prior[AS_WRITTEN] * prior_share.get(share.id, 0.0)
        head = (share.id, _TITLES[AS_EXPECTED] if share.cause is None else share.cause.title)
        own = _with_signs(written, share, pool[AS_WRITTEN], seen, constants)
        evidence = (*own, *_simulated(share, len(shares)))
        sources = () if share.cause is None else share.cause.sources
        out.append(_verdict(head, (chances[AS_WRITTEN] * share.weight, prior), evidence, sources=sources))
    none = evidence_for(NONE_OF_THESE, scores, pool, seen)
    chance = chances[NONE_OF_THESE], scores.prior[NONE_OF_THESE]
    out.append(_verdict((NONE_OF_THESE, _TITLES[NONE_OF_THESE]), chance, none))
    return tuple(sorted(out, key=lambda v: (-v.probability, v.cause)))


def evidence_for(
    world: str, scores: Scores, pool: Mapping[str, World], observations: Sequence[Observation]
) -> tuple[Evidence, ...]:
    """Return what each observation says of one world against all others, given the other observations.

    The weight is log p(all | world) - log p(all but this | world), less the same for the mixture of the other worlds;
    it does not depend on the order of the observations.
    """
    others = [i for i in sorted(scores.prior) if i != world and scores.prior[i] > 0]
    found: list[Evidence] = []
    for k, observation in enumerate(observations):
        mine = scores.evidence(world) - scores.evidence(world, k)
        theirs = _mixture(others, scores, None) - _mixture(others, scores, k)
        text = f"round {observation.run}: {observation.text}" if observation.run else observation.text
        if world in pool:
            text += _expectation(observation, world, pool[world].of(observation.run), scores, k)
        found.append(Evidence(observation.name, text, mine - theirs))
    return tuple(found)


def is_prior_driven(scores: Scores) -> bool:
    """Say whether the winner changes under a flat prior, or when any rival's prior odds are three times larger.

    Without observations the answer is the prior, so this is True.
    """
    if len(scores.reference) == 0:
        return True
    chances = probabilities(scores)
    winner = _winner(chances)
    if _winner(probabilities(scores, dict.fromkeys(scores.prior, 1.0))) != winner:
        return True
    return any(3 * p > chances[winner] for i, p in chances.items() if i != winner)


def _winner(chances: Mapping[str, float]) -> str:
    return min(chances, key=lambda i: (-chances[i], i))


def _mixture(worlds: Sequence[str], scores: Scores, leave_out: int | None) -> float:
    logs = [float(np.log(scores.prior[i])) + scores.evidence(i, leave_out) for i in worlds]
    return log_sum(logs)


def _verdict(
    head: tuple[str, str],
    chance: tuple[float, float],
    evidence: Sequence[Evidence],
    *,
    members: tuple[str, ...] = (),
    sources: tuple[str, ...] = (),
) -> Verdict:
    """Return a verdict from id and title, probability and prior."""
    p, q = (min(max(v, _EPSILON), 1 - _EPSILON) for v in chance)
    ordered = sorted(evidence, key=lambda e: (-abs(e.log_odds), e.observation))
    return Verdict(
        cause=head[0],
        title=head[1],
        members=members,
        probability=chance[0],
        prior=chance[1],
        bayes_factor=p / (1 - p) / (q / (1 - q)),
        supports=tuple(e for e in ordered if e.log_odds > _SAYS_SOMETHING),
        against=tuple(e for e in ordered if e.log_odds < -_SAYS_SOMETHING),
        sources=sources,
    )


def _with_signs(
    evidence: Sequence[Evidence], share: Share, written: World, seen: Sequence[Observation], constants: Constants
) -> tuple[Evidence, ...]:
    """Return the evidence for the recipe as written with, for each sign, what it says of this design cause beyond that."""
    own = {} if share.cause is None else share.cause.signs
    beyond: dict[str, float] = {}
    for o in seen:
        if o.kind == "sign":
            key = o.id.removeprefix("sign:")
            beyond[o.name] = constants.tempering * float(np.log(own.get(key, o.low) / written.signs.get(key, o.low)))
    return tuple(replace(e, log_odds=e.log_odds + beyond.get(e.observation, 0.0)) for e in evidence)


def _simulated(share: Share, n: int) -> tuple[Evidence, ...]:
    """Return what the simulation itself says: the share, against equal shares."""
    if share.cause is None:
        text = f"the recipe as written is expected to give {100 * share.before:.0f} %"
    elif share.cause.channel is not None:
        text = f"without this side reaction, the simulated yield goes from {100 * share.before:.0f} to {100 * share.after:.0f} %"
    else:
        text = f"with this changed, the simulated yield goes from {100 * share.before:.0f} to {100 * share.after:.0f} %"
    return (Evidence("simulation", text, float(np.log(max(share.weight, _EPSILON) * n))),)


def _expectation(observation: Observation, world: str, draws: World, scores: Scores, k: int) -> str:
    """Return what this world expects for the observation, from draws weighted by the other observations."""
    if observation.kind == "yield":
        values = 100 * draws.target_yield()
        unit = "%"
    elif observation.kind == "conversion":
        values, unit = 100 * conversion(draws), "%"
    elif observation.kind == "crude":
        values, unit = crude_mass(draws), "g"
    else:
        return ""
    weights = draw_weights(np.delete(scores.logs[world], k, axis=0), scores.tempering)
    median, low, high = (weighted_quantile(values, weights, q) for q in (0.5, 0.05, 0.95))
    return f"; expected {median:.3g} {unit} ({low:.3g} to {high:.3g})"


def _groups(
    scores: Scores, pool: Mapping[str, World], possible: Mapping[str, Hypothesis], constants: Constants
) -> list[list[str]]:
    """Put worlds together that predict the same and that the data leave at their prior odds."""
    groups: list[list[str]] = []
    for i in sorted(possible):
        for group in groups:
            if _alike(i, group[0], scores, pool, constants):
                group.append(i)
                break
        else:
            groups.append([i])
    return groups


def _alike(a: str, b: str, scores: Scores, pool: Mapping[str, World], constants: Constants) -> bool:
    limit = float(np.log(constants.same_bayes_factor))
    if abs(scores.evidence(a) - scores.evidence(b)) > limit:
        return False
    runs = [(pool[a], pool[b]), *((pool[a].of(r), pool[b].of(r)) for r in pool[a].others)]
    return all(_same_prediction(mine, theirs, constants) for mine, theirs in runs)


def _same_prediction(one: World, other: World, constants: Constants) -> bool:
    for mine, theirs in ((one.unread, other.unread), (one.weighed, other.weighed)):
        if abs(_middle(mine) - _middle(theirs)) > constants.same_prediction:
            return False
    species = sorted({*one.species, *other.species})
    for field in ("in_sample", "isolated"):
        for s in species:
            mine = one.column(getattr(one, field), s)
            theirs = other.column(getattr(other, field), s)
            for q in (0.25, 0.5, 0.75):
                if abs(np.quantile(mine, q) - np.quantile(theirs, q)) > constants.same_prediction:
                    return False
    return True


def _middle(values: FloatArray | None) -> float:
    """Return the median, 0 where nothing is changed."""
    return 0.0 if values is None else float(np.median(values))
