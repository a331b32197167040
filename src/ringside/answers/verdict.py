"""The verdict: one sentence of at most thirty words."""

from __future__ import annotations

from ringside.answers.report import AssignmentEntry, CauseEntry, Interval, RemedyEntry, SpeciesEntry

MOST_WORDS = 30
CERTAIN = 0.5
WORTH_SAYING = 0.05


def verdict(
    *,
    reached: bool,
    species: tuple[SpeciesEntry, ...],
    assignments: tuple[AssignmentEntry, ...] | None,
    causes: tuple[CauseEntry, ...] | None,
    remedies: tuple[RemedyEntry, ...] | None,
    absolute: bool,
) -> str:
    """Return what the reader needs first, in at most thirty words.

    Args:
        reached: Whether a rule path leads to the target.
        species: Entries of the report.
        assignments: Readings of the peaks, if any.
        causes: Causes, most probable first, if asked.
        remedies: Simulated changes, if asked.
        absolute: Whether the yield is an absolute prediction (False where a catalyst's rate is unknown).
    """
    if not reached:
        return _short(["No known reaction leads from this flask to the target; masses and peaks are still given."])
    product = next(s for s in species if s.role == "product")
    parts: list[str] = []
    tied = _tie(assignments, species)
    if tied:
        parts.append(tied)
    elif causes:
        parts.append(_cause(causes[0], product.amount, absolute=absolute))
    else:
        parts.append(_expect(product.amount, absolute=absolute))
    best = next((r for r in remedies or () if r.gain.median >= WORTH_SAYING and r.gain.low >= -WORTH_SAYING), None)
    if best is not None:
        change = best.change.text.split(" (")[0]
        before, after = _percent(best.yield_.before), _percent(best.yield_.after)
        parts.append(f"{change}: isolated yield {before} becomes {after} %." if absolute else f"{change}.")
    return _short(parts)


def _percent(value: Interval) -> str:
    return f"{100 * value.median:.0f}"


def _expect(value: Interval, *, absolute: bool) -> str:
    if not absolute:
        return "Only the ratio of products can be predicted: the catalyst's rate is unknown."
    return f"Expect {_percent(value)} % target ({100 * value.low:.0f} to {100 * value.high:.0f})."


def _cause(cause: CauseEntry, value: Interval, *, absolute: bool) -> str:
    if cause.id == "as-expected":
        return f"As expected: {_expect(value, absolute=absolute)[0].lower()}{_expect(value, absolute=absolute)[1:]}"
    if cause.id == "none-of-these":
        return "None of the known causes explains what was seen."
    sure = "Most likely" if cause.probability >= CERTAIN else "Leading, not certain"
    return f"{sure}: {cause.title[0].lower()}{cause.title[1:].rstrip('.')}."


def _tie(assignments: tuple[AssignmentEntry, ...] | None, species: tuple[SpeciesEntry, ...]) -> str:
    """Return the sentence for a target whose peak cannot be told from that of an isomer."""
    product = next((s for s in species if s.role == "product"), None)
    if product is None:
        return ""
    isomers = {s.id for s in species if s.formula == product.formula} - {product.id}
    ties = [
        a
        for a in assignments or ()
        if product.id in a.undecidable_between and not isomers.isdisjoint(a.undecidable_between)
    ]
    if not ties:
        return ""
    many = len(ties)
    peaks = "One peak fits" if many == 1 else f"{_count(many)} peaks fit"
    how = ties[0].decided_by.split(",")[0].split(";")[0].split(":")[0].strip()
    return f"{peaks} the target and an isomer; these data cannot decide which is which: {how} would."


def _count(n: int) -> str:
    return {2: "Two", 3: "Three", 4: "Four", 5: "Five"}.get(n, str(n))


def _short(parts: list[str]) -> str:
    """Join sentences while they fit; cut the last one kept at a word where even the first does not."""
    kept: list[str] = []
    for part in parts:
        if len(" ".join([*kept, part]).split()) <= MOST_WORDS:
            kept.append(part)
    if not kept:
        kept = [" ".join(parts[0].split()[: MOST_WORDS - 1]).rstrip(",;:") + " ..."]
    return " ".join(kept)
