"""The later runs of a case: what was changed, and what each made of the causes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any, cast

import numpy as np

from ringside.answers.predict import observations_of
from ringside.answers.report import ChangeEntry, PatchEntry, RoundEntry
from ringside.case.nouns import Case, Patch
from ringside.diagnosis.nouns import Evidence, Verdict
from ringside.diagnosis.rank import Ranking
from ringside.remedy.costs import in_words

_SURE = 1e-6


def runs_of(case: Case) -> tuple[tuple[int, Case], ...]:
    """Return the first run and each round in which something was observed, with its number; a case without rounds is its only run."""
    if not case.rounds:
        return ((0, case),)
    first = replace(case, rounds=(), raw={k: v for k, v in case.raw.items() if k != "round"})
    return ((0, first), *((n, r) for n, r in enumerate(case.rounds, start=1) if r.observed is not None))


def round_entries(case: Case, rankings: Mapping[int, Ranking]) -> tuple[RoundEntry, ...] | None:
    """Return what each run made of the causes, None where there is one run.

    Args:
        case: The case with its rounds.
        rankings: By number of the run, the ranking of all data up to it.
    """
    if not case.rounds:
        return None
    before = dict(pairwise(sorted(rankings)))
    earlier = {after: rankings[n] for n, after in before.items()}
    return tuple(_entry(n, case, run, rankings.get(n), earlier.get(n)) for n, run in enumerate((case, *case.rounds)))


def _entry(number: int, case: Case, run: Case, ranking: Ranking | None, earlier: Ranking | None) -> RoundEntry:
    patches = differences(case, run)
    text = in_words(patches) or ("the recipe as written" if number == 0 else "the same again")
    change = ChangeEntry(text, tuple(PatchEntry(p.path, p.old, p.new) for p in patches))
    seen = observations_of(run)
    if ranking is None:
        why = "Nothing was observed in this round: it changes nothing."
        return RoundEntry(number, run.title, change, seen, None, None, None, why)
    lead = ranking.posterior.verdicts[0]
    if earlier is not None:
        why = _why(number, ranking, earlier)
    else:
        why = (
            ""
            if run.observed is not None
            else "Nothing was observed in the first run: these are odds before any evidence."
        )
    return RoundEntry(number, run.title, change, seen, lead.cause, lead.title, lead.probability, why)


def _why(number: int, ranking: Ranking, earlier: Ranking) -> str:
    """Say in one sentence which cause leads now, which one the run moved most, and by which observation."""
    found = ranking.posterior.verdicts
    lead, old = found[0], earlier.posterior.verdicts[0]
    head = _moved(lead, ranking, earlier)
    if not _is(old, lead):
        head = f"{head} takes over from {_moved(old, ranking, earlier)}"
    subject = max(found, key=lambda v: (abs(v.probability - _chance(v, earlier)), v.cause))
    if subject is not lead:
        head += f"; what moved most is {_moved(subject, ranking, earlier)}"
    told = [e for e in (*subject.supports, *subject.against) if e.observation.startswith(f"round[{number}].")]
    if not told:
        return f"{head}; nothing observed in this round tells causes apart."
    sign = 1.0 if subject.probability >= _chance(subject, earlier) else -1.0
    most = max(told, key=lambda e: (sign * e.log_odds, e.observation))
    return f"{head}; most by {_text(most, number)} ({most.log_odds:+.1f})."


def _moved(verdict: Verdict, ranking: Ranking, earlier: Ranking) -> str:
    """Return a cause with its probability before and now, and the difference in log odds."""
    was, now = _chance(verdict, earlier), _chance(verdict, ranking)
    return f'"{verdict.title}" ({_percent(was)} before, {_percent(now)} now, {_log_odds(now) - _log_odds(was):+.1f} log odds)'


def _text(evidence: Evidence, number: int) -> str:
    return evidence.text.removeprefix(f"round {number}: ").replace("; ", ", ")


def _is(one: Verdict, other: Verdict) -> bool:
    return not {one.cause, *one.members}.isdisjoint({other.cause, *other.members})


def _chance(verdict: Verdict, ranking: Ranking) -> float:
    """Return the probability of a cause in another ranking; 0 where it was none there."""
    return sum(v.probability for v in ranking.posterior.verdicts if _is(v, verdict))


def _log_odds(p: float) -> float:
    p = min(max(p, _SURE), 1.0 - _SURE)
    return float(np.log(p / (1.0 - p)))


def _percent(p: float) -> str:
    return f"{100 * p:.0f} %"


def differences(first: Case, later: Case) -> tuple[Patch, ...]:
    """Return what a round changes in the recipe of the first run, in the words of the case file."""
    found = [p for key in ("target", "scale") for p in _fields("", first.raw, later.raw, (key,))]
    for section in ("conditions", "workup"):
        one, other = (cast("Mapping[str, Any]", c.raw.get(section, {})) for c in (first, later))
        found += _fields(f"{section}.", one, other, sorted({*one, *other}))
    before = {str(c["name"]): c for c in cast("Sequence[Mapping[str, Any]]", first.raw.get("charge", ()))}
    for charge in cast("Sequence[Mapping[str, Any]]", later.raw.get("charge", ())):
        name = str(charge["name"])
        if name in before:
            found += _fields(f"charge[{name}].", before[name], charge, sorted({*before[name], *charge}))
        else:
            found.append(Patch("charge[+]", None, dict(charge)))
    kept = {str(c["name"]) for c in cast("Sequence[Mapping[str, Any]]", later.raw.get("charge", ()))}
    found += [Patch(f"charge[-{name}]", dict(charge), None) for name, charge in before.items() if name not in kept]
    return tuple(found)


def _fields(where: str, one: Mapping[str, Any], other: Mapping[str, Any], keys: Sequence[str]) -> list[Patch]:
    return [Patch(f"{where}{k}", one.get(k), other.get(k)) for k in keys if one.get(k) != other.get(k)]
