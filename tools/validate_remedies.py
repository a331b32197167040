"""What the changes that are advised do to the true yield of synthetic troubled flasks; writes validation/remedies.md.

Usage: python tools/validate_remedies.py [--flasks N] [--seed S] [--jobs J] [--keep FILE] [--merge FILE] [--out FILE]

``N`` flasks by each of the two generators of tools/troubled_flasks.py. ``--keep`` and ``--merge`` as in tools/validate_flasks.py.
"""

from __future__ import annotations

import argparse
import math
import multiprocessing
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from kept_rows import append, kept
from recorded_reactions import stamp, wilson
from remedy_truth import Outcome, outcome_of
from troubled_flasks import BASES, base_of, flask_of

from ringside.errors import RingsideError
from ringside.knowledge.load import load

OUT = Path(__file__).parents[1] / "validation" / "remedies.md"
SEED = 2
POINT = 0.01
NEAR = 0.05
WORST = 12


@dataclass(frozen=True, slots=True)
class Run:
    """What all flasks of one run share; ``done`` holds the flasks kept before."""

    seed: int
    keep: Path | None
    done: frozenset[tuple[str, int, bool]]


def of_base(work: tuple[str, int, Run]) -> list[Outcome]:
    """Return the outcomes of so many flasks of one base case by each generator, without those that are done."""
    name, count, run = work
    wanted = [(n, p) for n in range(count) for p in (False, True) if (name, n, p) not in run.done]
    if not wanted:
        return []
    base = base_of(name, load(None))
    found: list[Outcome] = []
    for n, perturbed in wanted:
        try:
            outcome = outcome_of(base, flask_of(base, n, seed=run.seed, perturbed=perturbed), run.seed)
        except RingsideError as error:
            print(f"left out: {name} {n} {'perturbed' if perturbed else 'unperturbed'}: {error}")
            continue
        if run.keep is not None:
            append(run.keep, outcome)
        found.append(outcome)
    return found


def can_be_helped(o: Outcome) -> bool:
    """Say whether any card raises the true yield by more than a point."""
    return o.best_effect is not None and o.best_effect[1] > POINT


Way = tuple[str, Callable[[Outcome], tuple[float, float, float] | None]]
WAYS: tuple[Way, ...] = (
    ("the first remedy", lambda o: o.effects[0] if o.effects else None),
    ("the best of the first three remedies", lambda o: max(o.effects, key=lambda e: e[1], default=None)),
    ("the guide's advice", lambda o: o.seed_effect),
    ("a random change that fits", lambda o: o.lot_effect),
    ("the best of all cards", lambda o: o.best_effect),
    ("the recipe once more, nothing going wrong", lambda o: (o.before + o.repeat, o.repeat, o.repeat)),
)


def ways(rows: Sequence[Outcome]) -> list[str]:
    """Return one line for each way to choose a change; where it names none, nothing is done."""
    lines = [f"| nothing | {len(rows)} | {_mean([o.before for o in rows])} | | | | | |"]
    for name, effect in WAYS:
        own = [(o, e) for o in rows if (e := effect(o)) is not None]
        all_rows = [effect(o) or (o.before, 0.0, 0.0) for o in rows]
        harmed = wilson(sum(e[1] < -POINT for _, e in own), len(own))
        harmed_original = wilson(sum(e[2] < -POINT for _, e in own), len(own))
        near = wilson(sum(o.best_effect is not None and e[1] > o.best_effect[1] - NEAR for o, e in own), len(own))
        lines.append(
            f"| {name} | {len(own)} | {_mean([e[0] for e in all_rows])} | {_mean([e[1] for e in all_rows])} | {harmed} | {near} "
            f"| {_mean([e[2] for e in all_rows])} | {harmed_original} |"
        )
    return lines


def _mean(values: Sequence[float]) -> str:
    """Return a mean in percent with its 95 % interval."""
    if not values:
        return "-"
    half = 1.96 * float(np.std(values)) / math.sqrt(len(values))
    return f"{100 * float(np.mean(values)):.1f} ± {100 * half:.1f}"


PARTS: tuple[tuple[str, Callable[[Outcome], bool]], ...] = (
    ("as written", lambda o: o.kind == "as-written"),
    ("a deviation", lambda o: o.kind == "deviation"),
    ("an artefact", lambda o: o.kind == "artefact"),
    ("a cause without a card", lambda o: o.kind == "no card"),
)


def parts(rows: Sequence[Outcome]) -> list[str]:
    """Return one line for each kind of truth."""
    lines: list[str] = []
    for name, belongs in PARTS:
        own = [o for o in rows if belongs(o)]
        first = [(o, o.effects[0]) for o in own if o.effects]
        if not own:
            continue
        best = [0.0 if o.best_effect is None else o.best_effect[1] for o in own]
        gains = [o.effects[0][1] if o.effects else 0.0 for o in own]
        harmed = wilson(sum(e[1] < -POINT for _, e in first), len(first))
        near = wilson(sum(o.best_effect is not None and e[1] > o.best_effect[1] - NEAR for o, e in first), len(first))
        lines.append(f"| {name} | {len(own)} | {len(first)} | {_mean(gains)} | {_mean(best)} | {harmed} | {near} |")
    return lines


def promises(rows: Sequence[Outcome]) -> list[str]:
    """Return how often the true yield, and the true gain, fall where they were promised."""
    lines: list[str] = []
    for name, places in (("first", 1), ("first three", 3)):
        told = [
            (e, after, gain)
            for o in rows
            for e, after, gain in zip(o.effects[:places], o.promised[:places], o.expected[:places], strict=True)
        ]
        inside = wilson(sum(low <= e[0] <= high for e, (_, low, high), _ in told), len(told))
        paired = wilson(sum(low <= e[1] <= high for e, _, (_, low, high) in told), len(told))
        off = _mean([e[1] - median for e, _, (median, _, _) in told])
        lines.append(f"| {name} | {len(told)} | {inside} | {paired} | {off} |")
    return lines


def harmed(rows: Sequence[Outcome]) -> list[str]:
    """Return the flasks that the first remedy harms most."""
    hit = sorted((o for o in rows if o.effects and o.effects[0][1] < -POINT), key=lambda o: o.effects[0][1])
    return [
        f"| {o.base} {o.number} {'perturbed' if o.perturbed else 'unperturbed'} | {o.cause} | {o.patches[0]} "
        f"| {_points(o.expected[0])} | {100 * o.effects[0][1]:+.0f} | {100 * o.before:.0f} to {100 * o.effects[0][0]:.0f} | {reason(o)} |"
        for o in hit[:WORST]
    ]


def reason(o: Outcome) -> str:
    """Return why a first remedy harms, as far as its numbers say."""
    low = o.expected[0][1]
    gain = o.effects[0][1]
    if low < 0.0 and gain >= low:
        return "a loss that its own interval holds"
    if gain < low:
        return "outside the interval: " + (
            "rates unlike the model's" if o.perturbed and o.kind == "as-written" else f"true cause {o.cause}"
        )
    return "-"


def _points(span: tuple[float, float, float]) -> str:
    median, low, high = (100 * v for v in span)
    return f"{median:+.0f} ({low:+.0f} to {high:+.0f})"


def by_remedy(rows: Sequence[Outcome]) -> list[str]:
    """Return one line for each remedy told first."""
    told = Counter(o.told[0] for o in rows if o.told)
    lines: list[str] = []
    for remedy, n in sorted(told.items(), key=lambda e: (-e[1], e[0])):
        effects = [(o.effects[0], o.expected[0][0]) for o in rows if o.told and o.told[0] == remedy]
        gains = [e[1] for e, _ in effects]
        lines.append(
            f"| {remedy} | {n} | {100 * float(np.mean([m for _, m in effects])):+.0f} | {100 * float(np.mean(gains)):+.0f} "
            f"| {100 * min(gains):+.0f} | {sum(g < -POINT for g in gains)} | {sum(e[2] < -POINT for e, _ in effects)} |"
        )
    return lines


HEAD = """# Changes to synthetic troubled flasks, tried in the world that made them

`python tools/validate_remedies.py --flasks {n} --seed {seed}` ({stamp}). Simulated, never measured: what is tested is the choice of a change under ignorance of the true cause and the true rates, not the chemistry.
The flasks are those of [flasks.md](flasks.md), from another seed. Each is diagnosed from its observations alone. Its changes are then made in the world that made it: with the true draw of rates, and
with the true cause still at work unless the change takes it away. A cause is gone where the change takes another bottle of what the cause is about, sets anew what the cause sets, or leaves the situation that the cause
needs (the rule by which a diagnosis carries causes from one round to the next), or where [remedy-undoes.csv](remedy-undoes.csv) says so. What was spilled once is spilled again. A product that was weighed with something else in it was no loss.

*Gain*: change of the true isolated yield, in points, against the same flask run again unchanged, both per mol of the reactant that limits after the change; so an excess of the diamine is judged per mol of the electrophile. The two
columns on the right are per mol of the reactant that limits the recipe as written: there an excess of it is a loss by its own definition. *Harmed*: lower by more than a point. *Near the best*: less than 5 points below the best of all options of all cards
that fit, each tried in the true world. *The guide's advice*: [seed-advice.csv](seed-advice.csv), written before any flask was run: the symptom that the observations show, the change that the guide names for it. *Nothing going wrong*: the cause taken away, the recipe unchanged.
± and brackets: 95 % (Wilson for shares).

Of {all} flasks {helped} can be helped: some card raises their true yield by more than a point. The tables are of these, but for the last line of this text. In the other {rest}, a remedy is told in {told}, and lowers the true yield in {worse}.
"""


def page(rows: Sequence[Outcome], head: str) -> str:
    """Return the page."""
    shown = [o for o in rows if can_be_helped(o)]
    lines = [head]
    for name, own in (
        ("Both generators", shown),
        ("Unperturbed", [o for o in shown if not o.perturbed]),
        ("Perturbed", [o for o in shown if o.perturbed]),
    ):
        lines += [
            f"## {name}",
            "",
            "| what is done | told in | true yield then, % | gain | harmed | near the best | gain, first basis | harmed, first basis |",
            "|---|---|---|---|---|---|---|---|",
            *ways(own),
            "",
            "| the truth is | flasks | remedy told | gain by the first | by the best of all | harmed by the first | near the best |",
            "|---|---|---|---|---|---|---|",
            *parts(own),
            "",
            "| remedies | told | true yield within the promised 5 to 95 % | true gain within the promised | true gain less the promised median |",
            "|---|---|---|---|---|",
            *promises(own),
            "",
        ]
    return "\n".join(
        [
            *lines,
            "## By remedy told first",
            "",
            "| remedy | told | mean promised gain | mean true gain | worst | harmed | harmed, first basis |",
            "|---|---|---|---|---|---|---|",
            *by_remedy(shown),
            "",
            "## Harmed most by the first remedy",
            "",
            "| flask | truth | change | promised gain | true gain | true yield | why |",
            "|---|---|---|---|---|---|---|",
            *harmed(rows),
            "",
        ]
    )


def head(rows: Sequence[Outcome], n: int, seed: int) -> str:
    """Return what the page says first."""
    rest = [o for o in rows if not can_be_helped(o)]
    return HEAD.format(
        n=n,
        seed=seed,
        stamp=stamp(load(None)),
        all=len(rows),
        helped=len(rows) - len(rest),
        rest=len(rest),
        told=sum(bool(o.effects) for o in rest),
        worse=wilson(
            sum(bool(o.effects) and o.effects[0][1] < -POINT for o in rest), sum(bool(o.effects) for o in rest)
        ),
    )


def main() -> None:
    """Run, print and write."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--flasks", type=int, default=100, help="by each generator")
    words.add_argument("--seed", type=int, default=SEED)
    words.add_argument("--jobs", type=int, default=2)
    words.add_argument("--keep", type=Path, help="CSV file that each flask is added to when it is done")
    words.add_argument("--merge", type=Path, action="append", default=[], help="such a file of another run")
    words.add_argument("--out", type=Path, default=OUT)
    given = words.parse_args()
    counts = {name: len(range(i, given.flasks, len(BASES))) for i, name in enumerate(BASES)}
    now = load(None).hash[:12]
    rows = kept([p for p in (given.keep, *given.merge) if p is not None], Outcome)
    strange = sorted({o.knowledge for o in rows} - {now})
    if strange:
        raise SystemExit(f"kept flasks are of knowledge {', '.join(strange)}, now it is {now}: take another file")
    before = {
        (o.base, o.number, o.perturbed): o for o in rows if o.seed_of_run == given.seed and o.number < counts[o.base]
    }
    run = Run(given.seed, given.keep, frozenset(before))
    with multiprocessing.Pool(given.jobs) as pool:
        work = [(name, counts[name], run) for name in BASES]
        new = [o for found in pool.imap_unordered(of_base, work, chunksize=1) for o in found]
    every = sorted([*before.values(), *new], key=lambda o: (BASES.index(o.base), o.number, o.perturbed))
    text = page(every, head(every, given.flasks, given.seed))
    print(text)
    given.out.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
