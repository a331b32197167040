"""Validate against recorded outcomes: literature cases and the real plate. Writes validation/results.md.

usage: python tools/validate.py
"""

import csv
import math
import tomllib
from dataclasses import replace
from pathlib import Path

from ringside import __version__
from ringside.answers.ask import ask
from ringside.chem.molecule import canonical
from ringside.evidence.assign import assign
from ringside.evidence.expected import expected
from ringside.evidence.nouns import Instrument
from ringside.evidence.readers import read_lcms
from ringside.knowledge.load import load

ROOT = Path(__file__).parent.parent
TOP = 10
PLATE = ROOT / "examples" / "data" / "waters_plate"


def wilson(k: int, n: int) -> str:
    """Return k of n with its 95 % Wilson interval."""
    z = 1.96
    p = k / n
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return f"{k} of {n} ({100 * (middle - half):.0f} to {100 * (middle + half):.0f} %)"


def literature() -> list[str]:
    """Return one line for each case: is what was found among the species, and at which rank among the side products?"""
    with (ROOT / "validation" / "literature-found.toml").open("rb") as file:
        cases = tomllib.load(file)["case"]
    lines: list[str] = []
    main: list[bool] = []
    sides: list[bool] = []
    high: list[bool] = []
    most = 0
    for case in cases:
        folders = (ROOT / "examples", ROOT / "validation" / "cases")
        path = next(f / f"{case['example']}.toml" for f in folders if (f / f"{case['example']}.toml").exists())
        report = ask("predict", path)
        formed = [s for s in report.species if s.smiles and s.path and s.role not in {"solvent", "salt", "reagent"}]
        ranked = sorted(formed, key=lambda s: -s.amount.median)
        place = {s.smiles: i for i, s in enumerate(ranked, start=1)}
        wanted = canonical(case["main"]) if case["main"] else ""
        beside = [s.smiles for s in ranked if s.smiles != wanted]
        found = [canonical(s) for s in case["side_products"]]
        main += [wanted in place] if wanted else []
        sides += [s in place for s in found]
        high += [s in beside[:TOP] for s in found]
        most = max(most, len(report.species))
        listed = ", ".join(str(beside.index(s) + 1) if s in beside else "absent" for s in found) or "-"
        rank = str(place.get(wanted, "absent")) if wanted else "-"
        lines.append(f"| {case['example']} | {rank} | {listed} | {len(report.species)} | {case.get('miss', '')} |")
    return [
        "| case | rank of the main product | ranks of the recorded side products among side products | species | reason of a miss |",
        "|---|---|---|---|---|",
        *lines,
        "",
        f"Main product present: {wilson(sum(main), len(main))}. Side products present: {wilson(sum(sides), len(sides))}; "
        f"among the ten most abundant side products: {wilson(sum(high), len(high))}. At most {most} species.",
        "",
        "These are the rules of this commit, some of which were written after answers had been read; what was predicted before is in [literature.md](literature.md).",
    ]


def plate() -> list[str]:
    """Return how often the well's own compound is the best reading of the largest peak, among all compounds of the plate."""
    known = load()
    with (PLATE / "platemap.csv").open(encoding="utf-8") as file:
        wells = list(csv.DictReader(file))
    instrument = Instrument(eluent_ph=10.0)
    compounds = {w["vial"]: canonical(w["smiles"]) for w in wells}
    every = [expected(s, known.evidence, instrument) for s in sorted(set(compounds.values()))]
    flat = {e.species: (0.3, 0.5, 0.7) for e in every}
    hits = ties = 0
    for vial, smiles in compounds.items():
        run = read_lcms(PLATE / "plate.rpt", known.columns, well=vial)
        used = replace(instrument, mz_error=0.3, mz_error_unit="Da")
        found = assign(run.peaks, every, flat, known.evidence, used)
        largest = max(found, key=lambda a: a.peak.area or 0.0)
        ties += smiles in largest.undecidable_between
        hits += largest.candidates[0].species == smiles or smiles in largest.undecidable_between
    return [
        f"The well's compound reads the largest peak, against all {len(every)} compounds of the plate: {wilson(hits, len(wells))}, "
        f"of which {ties} are ties with an isomer that the data cannot decide."
    ]


def main() -> None:
    """Run both and write the page."""
    lines = [
        "# Validation results",
        "",
        f"Ringside {__version__}, knowledge {load().hash[:12]}. Made by `make validate`.",
        "",
        "## Literature cases",
        "",
        *literature(),
        "",
        "## Real plate",
        "",
        *plate(),
    ]
    (ROOT / "validation" / "results.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
