"""How often the cause of a synthetic troubled flask is found, and how sure the answer is; writes validation/flasks.md.

Usage: python tools/validate_flasks.py [--flasks N] [--seed S] [--jobs J] [--keep FILE] [--merge FILE] [--dump FOLDER] [--out FILE]

``N`` flasks by each of two generators: one that does what the model assumes, one that breaks it. With ``--keep`` each flask is written to a file as
soon as it is done, and those that the file holds are not done again: after an interruption, give the same command. ``--merge`` adds files of other
runs of the same seed. ``--dump`` writes what ``flask_replay.replay`` needs to rank each flask again with other constants.
"""

from __future__ import annotations

import argparse
import math
import multiprocessing
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from flask_replay import dump_of, write_dump
from kept_rows import append, kept
from recorded_reactions import stamp, wilson
from scipy.stats import binom
from troubled_flasks import BASES, Base, Flask, base_of, flask_of, looked_into
from validate_evidence import calibration, picture

from ringside.answers.diagnose import Inquiry
from ringside.diagnosis.hypotheses import AS_WRITTEN, NONE_OF_THESE, considered
from ringside.diagnosis.nexttest import TestCard, next_tests
from ringside.diagnosis.rank import Ranking
from ringside.errors import RingsideError
from ringside.knowledge.load import load

ROOT = Path(__file__).parents[1]
OUT = ROOT / "validation" / "flasks.md"
SEED = 1
SLOWEST_FIRST = sorted(
    BASES, key=lambda b: b not in ("fluorobenzonitrile-coupling", "sulfonylation", "biacetyl-ethylenediamine")
)
LEAST = 1e-6
CAUSES_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Told:
    """What a diagnosis says of one flask, beside the truth.

    ``place``: of the true cause among the causes listed (0: not listed); ``chance`` and ``prior``: of the true cause itself;
    ``alone`` and ``alone_prior``: its place among deviations and artefacts only, told and by the prior odds (0 for other truths);
    ``lead``: the cause told first, with its probability and whether it holds the truth; ``removed``: none-of-these without the
    true card; ``bits``: gained by the first check suggested and by a random one. ``seed``, ``base``, ``number`` and ``perturbed`` name the flask,
    ``knowledge`` what it was diagnosed with.
    """

    seed: int
    knowledge: str
    base: str
    number: int
    perturbed: bool
    kind: str
    cause: str
    seen: tuple[str, ...]
    place: int
    alone: int
    alone_prior: int
    chance: float
    prior: float
    lead: str
    lead_chance: float
    right: bool
    none: float
    removed: float | None
    bits: tuple[float, float] | None


def entries_of(ranking: Ranking) -> list[tuple[frozenset[str], float]]:
    """Return what is told, most probable first: the recipe as written (its design causes together), groups, single causes."""
    written = {s.id for s in ranking.shares}
    found = [
        (frozenset(v.members or (v.cause,)), v.probability)
        for v in ranking.posterior.verdicts
        if v.cause not in written
    ]
    found.append(
        (frozenset({AS_WRITTEN}), sum(v.probability for v in ranking.posterior.verdicts if v.cause in written))
    )
    return sorted(found, key=lambda e: (-e[1], sorted(e[0])))


@dataclass(frozen=True, slots=True)
class Run:
    """What all flasks of one run share; ``done`` holds the flasks kept before."""

    seed: int
    keep: Path | None = None
    dump: Path | None = None
    done: frozenset[tuple[str, int, bool]] = frozenset()


def told_of(base: Base, flask: Flask, lot: np.random.Generator, run: Run) -> Told:
    """Diagnose one flask and compare with its truth."""
    found = looked_into(base, flask.case)
    ranking = found.ranking
    truth = AS_WRITTEN if flask.cause in ranking.without_effect else flask.cause
    entries = entries_of(ranking)
    place = _place([ids for ids, _ in entries], truth)
    kind = flask.kind if truth == flask.cause else "as-written"
    if run.dump is not None:
        dump = dump_of(
            ranking,
            base.knowledge.constants,
            base=base.name,
            number=flask.number,
            seed=run.seed,
            perturbed=flask.perturbed,
            truth=truth,
            kind=kind,
            seen=flask.seen,
        )
        write_dump(dump, run.dump)
    chances = {c.id: c.probability for c in ranking.candidates} | {NONE_OF_THESE: ranking.none_probability}
    none_prior = base.knowledge.constants.prior_none
    odds = {c.id: 1.0 if c.hypothesis is None else c.hypothesis.odds for c in ranking.candidates}
    prior = none_prior if truth == NONE_OF_THESE else (1 - none_prior) * odds.get(truth, 0.0) / sum(odds.values())
    removed = None
    if truth not in (AS_WRITTEN, NONE_OF_THESE):
        removed = looked_into(base, flask.case, truth).ranking.none_probability
    return Told(
        seed=run.seed,
        knowledge=base.knowledge.hash[:12],
        base=base.name,
        number=flask.number,
        perturbed=flask.perturbed,
        kind=kind,
        cause=truth,
        seen=flask.seen,
        place=place,
        alone=_place([ids for ids, _ in entries if ids.isdisjoint({AS_WRITTEN, NONE_OF_THESE})], truth),
        alone_prior=_place(
            [frozenset({i}) for i in sorted(odds, key=lambda i: (-odds[i], i)) if i != AS_WRITTEN], truth
        ),
        chance=max(chances.get(truth, 0.0), LEAST),
        prior=max(prior, LEAST),
        lead=min(entries[0][0], key=lambda i: (-chances.get(i, 0.0), i)),
        lead_chance=entries[0][1],
        right=place == 1,
        none=ranking.none_probability,
        removed=removed,
        bits=_bits(base, found, truth, chances, lot),
    )


def _place(entries: Sequence[frozenset[str]], truth: str) -> int:
    return next((i for i, ids in enumerate(entries, start=1) if truth in ids), 0)


def _bits(
    base: Base, found: Inquiry, truth: str, chances: Mapping[str, float], lot: np.random.Generator
) -> tuple[float, float] | None:
    """Return how many bits of the truth the first suggested check brings, and a random one; None where none is suggested."""
    known = base.knowledge
    fitting = {
        t.id: t
        for t in known.tests
        if t.measures == "check" and t.status != "retired" and considered(t.needs, t.excludes, found.situation)
    }
    advised = next_tests(
        found.ranking, known.tests, situation=found.situation, constants=known.constants, best=len(known.tests)
    )
    first = next((fitting[t.id] for t in advised if t.id in fitting), None)
    if first is None:
        return None
    other = fitting[sorted(fitting)[int(lot.integers(len(fitting)))]]
    return _gain(first, found.ranking, truth, chances, lot), _gain(other, found.ranking, truth, chances, lot)


def _gain(
    card: TestCard, ranking: Ranking, truth: str, chances: Mapping[str, float], lot: np.random.Generator
) -> float:
    """Return log2 of how much more probable the truth is after an answer drawn from the card."""
    shares = [(s.id, s.weight) for s in ranking.shares]

    def positive(world: str) -> float:
        if world == AS_WRITTEN:
            return sum(w * card.answers.get(i, card.default) for i, w in shares)
        return max(card.answers.get(i, card.default) for i in world.split("+"))

    yes = lot.random() < positive(truth)

    def likelihood(world: str) -> float:
        return positive(world) if yes else 1.0 - positive(world)

    return math.log2(likelihood(truth) / sum(p * likelihood(w) for w, p in chances.items()))


def told_by_base(work: tuple[str, int, Run]) -> list[Told]:
    """Return what is told of so many flasks of one base case by each generator, without those that are done."""
    name, count, run = work
    wanted = [(n, p) for p in (False, True) for n in range(count) if (name, n, p) not in run.done]
    if not wanted:
        return []
    base = base_of(name, load(None))
    found: list[Told] = []
    for n, perturbed in wanted:
        lot = np.random.Generator(np.random.PCG64([run.seed, n, BASES.index(name), int(perturbed)]))
        try:
            told = told_of(base, flask_of(base, n, seed=run.seed, perturbed=perturbed, unknown=True), lot, run)
        except RingsideError as error:
            print(f"left out: {name} {n} {'perturbed' if perturbed else 'unperturbed'}: {error}")
            continue
        if run.keep is not None:
            append(run.keep, told)
        found.append(told)
    return found


def _removed_of_sure(told: Sequence[Told]) -> str:
    """Return the median of none-of-these without the true card where that had been told with 0.5 or more, and how many those are."""
    found = [t.removed for t in told if t.removed is not None and t.chance >= 0.5]
    return f"{np.median(found):.2f} ({len(found)})" if found else "-"


def figures(told: Sequence[Told]) -> list[tuple[str, str]]:
    """Return the figures of one generator, each with its name."""
    removed = [t.removed for t in told if t.removed is not None]
    kept = [t.none for t in told if t.removed is not None]
    bits = [t.bits for t in told if t.bits is not None]
    troubled = [t for t in told if t.kind in ("deviation", "artefact")]
    error, curve = calibration([(t.lead_chance, t.right) for t in told])
    after, before = np.log([t.chance for t in told]), np.log([t.prior for t in told])
    return [
        ("flasks", str(len(told))),
        ("true cause told first", _share(told, lambda t: t.place == 1)),
        ("among the first three", _share(told, lambda t: 1 <= t.place <= 3)),
        ("mean probability of the cause told first", f"{np.mean([t.lead_chance for t in told]):.2f}"),
        ("told first with 0.5 or more, and right", _share([t for t in told if t.lead_chance >= 0.5], lambda t: t.right)),
        ("first by the prior alone (as written)", _share(told, lambda t: t.cause == AS_WRITTEN)),
        ("true deviation or artefact, first among such", _share(troubled, lambda t: t.alone == 1)),
        ("among the first three of such", _share(troubled, lambda t: 1 <= t.alone <= 3)),
        ("first among such by the prior odds", _share(troubled, lambda t: t.alone_prior == 1)),
        ("among the first three of such by the prior odds", _share(troubled, lambda t: 1 <= t.alone_prior <= 3)),
        ("log score: mean ln P(true cause)", _mean(after)),
        ("of the prior", _mean(before)),
        ("gained over the prior", _mean(after - before)),
        ("calibration error of the cause told first, ten bins", f"{error:.3f}"),
        ("the same, were it calibrated, by the chance of so few flasks", f"{_by_chance(curve):.2f}"),
        ("none of these, median, true card there", f"{np.median(kept):.2f} ({len(kept)})" if kept else "-"),
        ("none of these, median, true card removed", f"{np.median(removed):.2f}" if removed else "-"),
        ("the same, where the true card had 0.5 or more", _removed_of_sure(told)),
        ("of all with the true card removed, none of these at 0.5 or more", wilson(sum(r >= 0.5 for r in removed), len(removed)) if removed else "-"),
        ("bits by the first check suggested", _mean([b[0] for b in bits])),
        ("bits by a random check that fits", _mean([b[1] for b in bits])),
        ("first less random", _mean([b[0] - b[1] for b in bits])),
    ]  # fmt: skip


def _by_chance(curve: Sequence[tuple[float, float, int]]) -> float:
    """Return the calibration error that is expected of perfect probabilities in bins of this size."""
    off = [n * binom(n, p).expect(lambda k, n=n, p=p: abs(k / n - p)) for p, _, n in curve]
    return float(sum(off) / sum(n for _, _, n in curve))


def _share(told: Sequence[Told], holds: Callable[[Told], bool]) -> str:
    return wilson(sum(map(holds, told)), len(told)) if told else "-"


def _mean(values: Sequence[float] | np.ndarray) -> str:
    return f"{np.mean(values):+.3f} ± {np.std(values) / math.sqrt(len(values)):.3f}" if len(values) else "-"


PARTS: tuple[tuple[str, Callable[[Told], bool]], ...] = (
    ("as written", lambda t: t.kind == "as-written"),
    ("a deviation", lambda t: t.kind == "deviation"),
    ("an artefact", lambda t: t.kind == "artefact"),
    ("a cause without a card", lambda t: t.kind == "no card"),
    ("only a yield seen", lambda t: t.seen == ("yield",)),
    ("peaks and conversion seen", lambda t: {"peaks", "conversion"} <= set(t.seen)),
    ("notes", lambda t: "notes" in t.seen),
)


def parts(told: Sequence[Told]) -> list[str]:
    """Return one row for each kind of flask."""
    rows: list[str] = []
    for name, belongs in PARTS:
        own = [t for t in told if belongs(t)]
        if own:
            sure, none = np.mean([t.lead_chance for t in own]), np.median([t.none for t in own])
            gain = _mean(np.log([t.chance / t.prior for t in own]))
            rows.append(f"| {name} | {_share(own, lambda t: t.place == 1)} | {_share(own, lambda t: 1 <= t.place <= 3)} | {sure:.2f} | {none:.2f} | {gain} |")  # fmt: skip
    return rows


def confusions(told: Iterable[Told]) -> list[str]:
    """Return the causes that are missed most, with what is told in their place."""
    by_cause: dict[str, list[Told]] = {}
    for t in told:
        by_cause.setdefault(t.cause, []).append(t)
    worst = sorted(by_cause.items(), key=lambda item: (-sum(not t.right for t in item[1]), item[0]))
    rows: list[str] = []
    for cause, own in worst[:CAUSES_SHOWN]:
        wrong = Counter(t.lead for t in own if not t.right)
        named = ", ".join(f"{i} {n}" for i, n in sorted(wrong.items(), key=lambda e: (-e[1], e[0]))[:4])
        first, three = sum(t.right for t in own), sum(1 <= t.place <= 3 for t in own)
        rows.append(f"| {cause} | {len(own)} | {first} | {three} | {named} |")
    return rows


def section(name: str, told: Sequence[Told]) -> list[str]:
    """Return the tables of one generator."""
    _, curve = calibration([(t.lead_chance, t.right) for t in told])
    return [
        f"## {name}",
        "",
        "| flasks | true cause first | among three | mean probability of the first | none of these, median | ln P gained over the prior |",
        "|---|---|---|---|---|---|",
        *parts(told),
        "",
        f"![probability told and share right](flasks-{name.casefold()}.svg)",
        "",
        "| probability of the cause told first | share right | flasks |",
        "|---|---|---|",
        *(f"| {p:.2f} | {r:.2f} | {n} |" for p, r, n in curve),
        "",
        "| true cause (missed most) | flasks | first | among three | told instead |",
        "|---|---|---|---|---|",
        *confusions(told),
        "",
    ]


HEAD = """# Causes of synthetic troubled flasks

`python tools/validate_flasks.py --flasks {n} --seed {seed}` ({stamp}). {bases} base recipes of examples/ and validation/cases/ whose networks are small; flasks are shared out evenly, every second recipe has a work-up
where it had none. For each flask a cause is drawn by the prior odds of the cards that fit and change something, and one draw of rates that the diagnosis does not have. Simulated, never
measured: what is tested is the inference, not the chemistry.

*Unperturbed*: observations with the spreads of likelihood.csv; none of these is the truth as often as its prior says, and then the numbers could be anything. *Perturbed*: the rate of every family of reactions off by 0.5 to 1 decade, one amount off by 20 %, responses of
all that was not charged off by a common factor of 2, yields rounded to 5 %, conversions to 10 %, areas to 1 %, and in a tenth of the flasks a cause that has no card (a stranger in the flask, a reagent forgotten, six times or
0.15 times the solvent): there the right answer is none of these. A fifth of all flasks has only a yield.

*As written* counts as one cause, its design causes together: no observation is made to tell those apart. A group that holds the true cause is a hit, a pair is not. Artefacts for which a peak must be mistaken (in-source,
boc-lost-in-source) are never the truth; partition at the work-up is one of the diagnosis' own draws. Whoever always answers *as written* is
right as often as the row *first by the prior alone* says; *first among such* leaves out as written and none of these, as when it is known that something went wrong. Log scores in nats, natural logarithm; ± is one standard error; k of n with 95 % Wilson intervals.
"""


def done(
    keep: Path | None, others: Sequence[Path], counts: Mapping[str, int], seed: int
) -> dict[tuple[str, int, bool], Told]:
    """Return the flasks of this run that files hold, by name.

    Raises:
        SystemExit: If a file was made with other knowledge.
    """
    rows = kept([p for p in (keep, *others) if p is not None], Told)
    now = load(None).hash[:12]
    strange = sorted({t.knowledge for t in rows} - {now})
    if strange:
        raise SystemExit(
            f"kept flasks were diagnosed with knowledge {', '.join(strange)}, now it is {now}: take another file"
        )
    return {(t.base, t.number, t.perturbed): t for t in rows if t.seed == seed and t.number < counts[t.base]}


def main() -> None:
    """Run, print and write."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--flasks", type=int, default=500, help="by each generator")
    words.add_argument("--seed", type=int, default=SEED)
    words.add_argument("--jobs", type=int, default=2)
    words.add_argument("--keep", type=Path, help="CSV file that each flask is added to when it is done")
    words.add_argument("--merge", type=Path, action="append", default=[], help="such a file of another run")
    words.add_argument("--dump", type=Path, help="folder for what a replay needs")
    words.add_argument("--out", type=Path, default=OUT)
    given = words.parse_args()
    counts = {name: len(range(i, given.flasks, len(BASES))) for i, name in enumerate(BASES)}
    before = done(given.keep, given.merge, counts, given.seed)
    run = Run(given.seed, given.keep, given.dump, frozenset(before))
    work = [(name, counts[name], run) for name in SLOWEST_FIRST]
    with multiprocessing.Pool(given.jobs) as pool:
        new = [t for told in pool.imap_unordered(told_by_base, work, chunksize=1) for t in told]
    every = sorted([*before.values(), *new], key=lambda t: (BASES.index(t.base), t.number))
    kept_true, broken = ([t for t in every if t.perturbed == perturbed] for perturbed in (False, True))
    lines = [
        HEAD.format(n=given.flasks, seed=given.seed, stamp=stamp(load(None)), bases=len(BASES)),
        "| | unperturbed | perturbed |",
        "|---|---|---|",
        *(f"| {name} | {a} | {b} |" for (name, a), (_, b) in zip(figures(kept_true), figures(broken), strict=True)),
        "",
        *section("Unperturbed", kept_true),
        *section("Perturbed", broken),
    ]
    text = "\n".join(lines)
    print(text)
    given.out.write_text(text, encoding="utf-8")
    for name, told in (("unperturbed", kept_true), ("perturbed", broken)):
        _, curve = calibration([(t.lead_chance, t.right) for t in told])
        given.out.with_name(f"flasks-{name}.svg").write_text(picture(curve), encoding="utf-8")


if __name__ == "__main__":
    main()
