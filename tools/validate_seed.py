"""Ask what the guide that Ringside started from answers: its troubleshooting rows as cases. Writes validation/seed.md.

usage: python tools/validate_seed.py [ROW ...]

With rows (S1, S19a ...) only these are asked and shown, and nothing is written.
"""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from recorded_reactions import stamp

from ringside.answers.ask import ask, ask_paths, ask_sweep
from ringside.answers.predict import predict
from ringside.answers.report import Interval, Report, SpeciesEntry
from ringside.answers.tools import case_tools
from ringside.case.nouns import Patch
from ringside.case.read import patch_case, read_case
from ringside.chem.molecule import canonical
from ringside.knowledge.load import load

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "validation" / "seed.md"
CASES = ROOT / "validation" / "seed"
YES, ANOTHER, CANNOT = "yes", "another", "cannot"
SHOWN = 3
MOVED = 0.01
WORTH = 0.05


@dataclass(frozen=True, slots=True)
class Answer:
    """What Ringside answers a row with, whether that is what the guide says, and why where it is not."""

    text: str
    match: str
    why: str = ""


def percent(x: Interval) -> str:
    """Return a median with its 5 to 95 % of the draws."""
    return f"{100 * x.median:.0f} % ({100 * x.low:.0f} to {100 * x.high:.0f})"


def told(report: Report) -> str:
    """Return the leading causes and the first remedy with its numbers."""
    causes = ", ".join(f"{c.id} {100 * c.probability:.0f} %" for c in (report.causes or ())[:SHOWN])
    first = next(iter(report.remedies or ()), None)
    if first is None:
        return f"{causes}. No remedy."
    change = f"{first.change.text}: {100 * first.yield_.before.median:.0f} becomes {percent(first.yield_.after)}"
    return f"{causes}. First remedy: {change}"


def diagnosed(name: str, causes: Sequence[str], remedies: Sequence[str]) -> Answer:
    """Ask for cause and remedy, and compare both with those of the guide."""
    report = ask("diagnose", CASES / f"{name}.toml")
    found, tried = list(report.causes or ()), list(report.remedies or ())
    cause = found[0].id in causes
    remedy = bool(tried) and tried[0].id in remedies
    why: list[str] = []
    if not cause:
        mine = [f"{c.id} {100 * c.probability:.0f} %" for c in found if c.id in causes]
        why.append(f"the guide's cause gets {', '.join(mine) or 'no weight'}; {found[0].id} explains the data better")
    if not remedy:
        mine = [
            f"{r.id}: {100 * r.yield_.before.median:.0f} becomes {percent(r.yield_.after)}"
            for r in tried
            if r.id in remedies
        ]
        why.append(f"the guide's fix gives {'; '.join(mine) or 'no gain worth listing'}")
    match = YES if cause and remedy else f"{ANOTHER} cause" if remedy else f"{ANOTHER} fix" if cause else ANOTHER
    return Answer(told(report), match, "; ".join(why))


def predicted(name: str, *patches: Patch) -> Report:
    """Return the prediction of a case with changes."""
    known = load()
    case = read_case(CASES / f"{name}.toml", case_tools(known))
    return predict(patch_case(case, patches, case_tools(known)), known)


def of(report: Report, smiles: str) -> SpeciesEntry | None:
    """Return the entry of a species, if it forms."""
    return next((s for s in report.species if s.smiles == canonical(smiles)), None)


def product(report: Report) -> SpeciesEntry:
    """Return the entry of the target."""
    return next(s for s in report.species if s.role == "product")


def optimum(name: str, vary: str) -> tuple[str, float, float, float]:
    """Return a sweep in words, and the target at its lowest value, its highest value and as written."""
    entry = ask_sweep(CASES / f"{name}.toml", [vary]).sweep
    if entry is None:
        raise ValueError(vary)
    points = "; ".join(f"{', '.join(p.values)}: {percent(p.amounts[0])}" for p in entry.points)
    ends = entry.points[0].amounts[0].median, entry.points[-1].amounts[0].median
    return f"{entry.fields[0]} {points}", *ends, entry.as_written[0].median


def dilution() -> Answer:
    """S2: does the ring gain by dilution, and by a slow addition?"""
    text, dilute, strong, _ = optimum("s02-dilution", "concentration=0.01..0.5 M:3")
    feed, fast, slow, _ = optimum("s02-dilution", "add_over=0.1..12 h:3")
    good = dilute - strong > WORTH and slow - fast > WORTH
    return Answer(
        f"{text}. {feed}", YES if good else ANOTHER, "" if good else "one of the two does not bring the ring back here"
    )


def dimer() -> Answer:
    """S4: is the 14-membered ring named, and told from the dimer ion?"""
    report = ask("assign", CASES / "s04-dimer.toml")
    ring = next((s for s in report.species if s.label == "14-membered cyclic dimer"), None)
    if ring is None:
        return Answer("not among the species", CANNOT, "no rule closes it")
    peak = next(a for a in report.assignments or () if max(a.mz) > 800)
    labels = {s.id: s.label for s in report.species}
    names = ", ".join(
        f"{labels.get(c.species, c.species)} {c.ion} {100 * c.probability:.0f} %" for c in peak.candidates[:SHOWN]
    )
    return Answer(
        f"{ring.label} {percent(ring.amount)}; the peak at m/z 817: {names}. Settled by: {peak.decided_by}", YES
    )


def template() -> Answer:
    """S5: does a metal template change the ring that closes?"""
    metal = product(predicted("s05-template")).amount
    bare = product(predicted("s05-template", Patch("charge[-nickel(II) chloride]", None, None))).amount
    why = (
        "sulfonamides do not bind the metal, so the salt brings its chloride alone; for free amines a term on the closure helps the 14-membered ring (a decade, +-1.0) "
        "and hardly the seven-membered one (0.3 +-0.8): its lone pairs are on the metal"
    )
    return Answer(f"target {percent(metal)} with nickel, {percent(bare)} without", ANOTHER, why)


def colder() -> Answer:
    """S6: does a lower temperature favour the ring?"""
    text, cold, hot, _ = optimum("s06-screen", "temperature=40..80 degC:3")
    good = cold - hot > MOVED
    return Answer(text, YES if good else ANOTHER, "" if good else "colder gives no more of the ring in this flask")


def regioisomers() -> Answer:
    """S10: are both orientations named, and is it said what would tell them apart?"""
    report = ask("assign", CASES / "s10-regioisomers.toml")
    other = next((s for s in report.species if s.label == "regioisomer of the target"), None)
    ties = [a for a in report.assignments or () if len(a.undecidable_between) > 1]
    if other is None or not ties:
        return Answer("one orientation", CANNOT, "the other orientation is not among the species or not in the peaks")
    text = f"target {percent(product(report).amount)}, {other.label} {percent(other.amount)}; peaks not decided by these data, settled by: {ties[0].decided_by}"
    return Answer(text, YES)


def bulk() -> Answer:
    """S12: does a bulky group steer to the other nitrogen?"""
    ratios: list[float] = []
    for name in ("s10-regioisomers", "s12-bulk"):
        report = predicted(name)
        other = next(s for s in report.species if s.label == "regioisomer of the target")
        ratios.append(product(report).amount.median / max(other.amount.median, 1e-4))
    good = ratios[1] > 1.2 * ratios[0]
    why = "" if good else "the larger group does not steer more here"
    return Answer(
        f"target to regioisomer {ratios[0]:.2f} with methyl, {ratios[1]:.2f} with tert-butyl",
        YES if good else CANNOT,
        why,
    )


def diastereomers() -> Answer:
    """S13: are the diastereomers named, and is there a ratio?"""
    entry = product(predicted("s13-diastereomers"))
    names = ", ".join(i.label for i in entry.isomers) or "none"
    return Answer(
        f"{len(entry.isomers)} diastereomers of the target, racemic pairs folded: {names}",
        CANNOT,
        "they are enumerated; a ratio, and what temperature does to it, would need energies that the model does not have",
    )


def equivalents() -> Answer:
    """S16: are 1.0 to 1.2 equivalents, added slowly, the best?"""
    entry = ask_sweep(CASES / "s16-equivalents.toml", ["benzyl bromide=0.6..1.8 equiv:5"]).sweep
    if entry is None:
        raise ValueError("no sweep")
    top = max(entry.points, key=lambda p: p.amounts[0].median)
    feed, fast, slow, _ = optimum("s16-equivalents", "add_over=0.1..6 h:3")
    text = "; ".join(f"{p.values[0]}: {percent(p.amounts[0])}" for p in entry.points)
    good = 0.95 <= top.numbers[0] <= 1.25
    gains = slow - fast > MOVED
    why: list[str] = [] if good else [f"the most target, per mol of what limits, is at {top.values[0]}"]
    if not gains:
        why.append(
            "a slow addition brings less than 1 %: what decides is the ratio of the two rate constants, not how much of the bromide is there at a time"
        )
    return Answer(
        f"{text}. {feed}",
        YES
        if good and gains
        else f"{ANOTHER}: equivalents {'yes' if good else 'no'}, slow addition {'yes' if gains else 'no'}",
        "; ".join(why),
    )


def solvent_and_base() -> Answer:
    """S18: do solvent and base change which nitrogen reacts?"""
    dmf = Patch("charge[+]", None, {"name": "N,N-dimethylformamide", "role": "solvent", "amount": "25 mL"})
    changes = {
        "acetonitrile, triethylamine": (),
        "N,N-dimethylformamide": (Patch("charge[-acetonitrile]", None, None), dmf),
        "without base": (Patch("charge[-triethylamine]", None, None),),
    }
    parts: list[str] = []
    ratios: list[float] = []
    for text, patches in changes.items():
        report = predicted("s18-solvent-base", *patches)
        other = next(s for s in report.species if s.label == "regioisomer of the target")
        ratios.append(product(report).amount.median / max(other.amount.median, 1e-4))
        parts.append(f"{text}: target {percent(product(report).amount)}, to regioisomer {ratios[-1]:.2f}")
    hydride = Patch("charge[+]", None, {"name": "sodium hydride", "role": "base", "amount": "1.1 equiv"})
    turned: list[float] = []
    for text, patches in (
        ("triethylamine", ()),
        ("sodium hydride", (Patch("charge[-triethylamine]", None, None), hydride)),
    ):
        report = predicted("s18b-strong-base", *patches)
        amide = of(report, "O=C1CCNCCN1Cc1ccccc1")
        turned.append(product(report).amount.median / max(amide.amount.median if amide else 0.0, 1e-4))
        parts.append(f"1,4-diazepan-5-one with {text}: amine nitrogen to amide nitrogen {turned[-1]:.2g}")
    why = "two amine nitrogens in one molecule keep their ratio in another solvent or with another amine base (base moves how much is free, and both are amines); a strong base turns it where one nitrogen is the stronger acid"
    return Answer("; ".join(parts), YES if turned[0] > 1 > turned[1] else ANOTHER, why)


def contraction() -> Answer:
    """S20: is the contracted ring named, and does strong acid bring it?"""
    six = "CN1CCN(C)C(COC)C1"
    acid = Patch("charge[+]", None, {"name": "hydrogen chloride", "role": "acid", "amount": "3.0 equiv"})
    basic = of(predicted("s20-contraction"), six)
    sour = of(predicted("s20-contraction", Patch("charge[-sodium methoxide]", None, None), acid), six)
    if basic is None:
        return Answer(
            "the piperazine is not among the species", CANNOT, ask_paths(CASES / "s20-contraction.toml", six).verdict
        )
    less = sour is None or sour.amount.median < basic.amount.median
    amount = percent(sour.amount) if sour is not None else "none"
    why = (
        "protons hold the nitrogen that would push the chloride out; here it is the free amine, not the acid, that contracts the ring"
        if less
        else ""
    )
    return Answer(
        f"the piperazine, of the same mass, {percent(basic.amount)} with methoxide, {amount} with three equivalents of HCl",
        f"{ANOTHER}: contraction yes, strong acid no" if less else YES,
        why,
    )


def expansion() -> Answer:
    """S21: are both rings of an aziridinium named?"""
    report = predicted("s21-expansion")
    six = of(report, "CN1CCN(C)C(CN=[N+]=[N-])C1")
    seven = product(report).amount
    if six is None or not report.case.reached:
        return Answer("one ring only", CANNOT, "the ring change is not reached")
    bare = Patch("charge[-sodium azide]", None, None)
    seven_of, six_of = "CN1CCN(C)CC(Cl)C1", "CN1CCN(C)C(CCl)C1"
    parts: list[str] = []
    for hours, celsius in (("0.5 h", "20 degC"), ("1 h", "60 degC")):
        warmth = Patch("conditions.temperature", None, celsius)
        grown = predicted("s21-expansion", bare, Patch("conditions.time", None, hours), warmth)
        ratio = [x.amount.median if (x := of(grown, s)) is not None else 0.0 for s in (seven_of, six_of)]
        parts.append(f"{ratio[0] / max(ratio[1], 1e-4):.2f} after {hours} at {celsius}")
    return Answer(
        f"seven-membered {percent(seven)}, six-membered, of the same mass, {percent(six.amount)}; without azide the chlorides, as far as they are left, stand seven to six {', '.join(parts)}",
        YES,
    )


def azetidine() -> Answer:
    """S21, other half: does an azetidine expand?"""
    bromide = Patch("charge[+]", None, {"name": "hydrogen bromide", "role": "acid", "amount": "1.0 equiv"})
    without = Patch("charge[-trifluoroacetic acid]", None, None)
    bare = predicted("s21b-azetidine")
    helped = predicted("s21b-azetidine", without, bromide)
    text = (
        "with trifluoroacetic acid the diazepane does not form"
        if not bare.case.reached
        else f"with trifluoroacetic acid {percent(product(bare).amount)}"
    )
    if helped.case.reached:
        text += f"; with hydrogen bromide {percent(product(helped).amount)} of it, over the 3-bromopropylamine"
    return Answer(
        text,
        YES
        if helped.case.reached and bare.case.reached
        else f"{ANOTHER}: by way of a halide, not from within"
        if helped.case.reached
        else CANNOT,
        "the amine on the azetidine's own nitrogen cannot come to the far side of a C-N bond of its ring (a transition state of five members); halide opens the ring first",
    )


def _no_case() -> Answer:
    return Answer(
        "none",
        CANNOT,
        "separation of diastereomers is no question that a recipe answers; no HPLC method is proposed yet",
    )


ROWS: dict[str, tuple[str, Callable[[], Answer]]] = {
    "S1": ("low yield: the partners polymerise at high concentration; dilute, add slowly", partial(diagnosed, "s01-polymer", ("too-concentrated", "fed-at-once"), ("dilute", "slow-addition-both", "slow-addition"))),
    "S2": ("high dilution and slow addition favour the ring", dilution),
    "S3": ("impurities in the diamine start or catalyse polymerisation; purify", partial(diagnosed, "s03-impure", ("diamine-impurity", "carbonated-diamine", "wet-diamine"), ("fresh-electrophile",))),
    "S4": ("a 14-membered ring from two and two", dimer),
    "S5": ("a metal template favours the seven-membered ring", template),
    "S6": ("a lower temperature can favour the ring", colder),
    "S7": ("stalls at imine or enamine; hotter, longer", partial(diagnosed, "s07-stalled-imine", ("closure-incomplete", "condensation-needs-acid", "water-holds-it-back"), ("warmer", "longer", "acid-and-time"))),
    "S8": ("the reductant must suit the conditions", partial(diagnosed, "s08-reductant", ("hydride-in-protic-solvent",), ("stab-in-dce", "cyanoborohydride-in-methanol"))),
    "S9": ("the last ring closure needs heat or time", partial(diagnosed, "s09-last-step", ("closure-incomplete", "slow-leaving-group"), ("warmer", "longer", "sodium-iodide"))),
    "S10": ("peaks of one mass: regioisomers", regioisomers),
    "S11": ("a protecting group on one nitrogen steers", partial(diagnosed, "s11-protect", ("unprotected-diamine",), ("mono-protection",))),
    "S12": ("bulk at one nitrogen steers", bulk),
    "S13": ("diastereomers; temperature moves their ratio", diastereomers),
    "S14": ("separate diastereomers by column or HPLC", _no_case),
    "S15": ("reductive amination goes on to di; limit the aldehyde or protect", partial(diagnosed, "s15-reductive", ("too-much-electrophile", "unprotected-diamine"), ("electrophile-one-equivalent", "mono-protection"))),
    "S16": ("1.0 to 1.2 equivalents, added slowly", equivalents),
    "S17": ("protect, alkylate, deprotect: the most reliable", partial(diagnosed, "s17-protected", ("unprotected-diamine", "too-much-electrophile"), ("mono-protection",))),
    "S18": ("solvent and base change which nitrogen reacts", solvent_and_base),
    "S19a": ("mono and di: excess of the agent; 1.0 to 1.2 equivalents, slowly", partial(diagnosed, "s19a-excess", ("too-much-electrophile",), ("electrophile-one-equivalent", "slow-addition"))),
    "S19b": ("mono and di: nitrogens alike; protect one", partial(diagnosed, "s19b-alike", ("unprotected-diamine",), ("mono-protection",))),
    "S19c": ("low conversion: too unreactive; hotter, or iodide for bromide", partial(diagnosed, "s19c-low-conversion", ("slow-leaving-group", "closure-incomplete"), ("warmer", "sodium-iodide"))),
    "S19d": ("tri and tetra: all nitrogens react; stoichiometry, protection", partial(diagnosed, "s19d-tri-tetra", ("too-much-electrophile", "unprotected-diamine"), ("electrophile-one-equivalent", "mono-protection"))),
    "S20": ("ring contraction, by strong acid", contraction),
    "S21": ("incomplete expansion leaves the smaller ring", expansion),
    "S21b": ("azetidines expand to the diazepane", azetidine),
}  # fmt: skip


def answer(row: str) -> Answer:
    """Return what Ringside answers a row with."""
    return ROWS[row][1]()


def main() -> None:
    """Ask every row and write the page."""
    asked = sys.argv[1:] or list(ROWS)
    write({row: answer(row) for row in asked}, keep=not sys.argv[1:])


def write(found: dict[str, Answer], *, keep: bool) -> None:
    """Write the page, or show it where it is not kept."""
    lines = [
        "# The guide's own rows, asked",
        "",
        f"Made at {stamp(load())}, by `make validate`.",
        "",
        "Ringside started from a troubleshooting guide for 1,4-diazepanes (source `seed`). Each of its rows that can be a case is one, in `validation/seed/`: an assumed recipe and",
        "what its reader would report. No outcome was measured, so *yes* says only that simulation and guide agree on cause and first fix, not that either is right. Rows that",
        "disagree are listed. Chemistry that rows asked for and the tables lacked was added (groups beside a ring nitrogen, acid in condensations, halide that comes back); no number was fitted to a row. Percentages in brackets: 5 to 95 % of the draws.",
        "",
        f"{sum(a.match == YES for a in found.values())} of {len(found)} yes, {sum(a.match.startswith(ANOTHER) for a in found.values())} another cause or fix, {sum(a.match == CANNOT for a in found.values())} cannot.",
        "",
        "| row | the guide says | Ringside answers | the same? | where not, why |",
        "|---|---|---|---|---|",
        *(f"| {row} | {ROWS[row][0]} | {a.text} | {a.match} | {a.why} |" for row, a in found.items()),
    ]
    text = "\n".join(lines) + "\n"
    if keep:
        PAGE.write_text(text, encoding="utf-8")
    else:
        sys.stdout.write(text)


if __name__ == "__main__":
    main()
