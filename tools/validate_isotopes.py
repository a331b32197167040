"""Validate isotope patterns against other programs, and time them. Writes validation/isotopes.md.

usage: python tools/validate_isotopes.py --peers PYTHON

PYTHON is the interpreter of an environment of the peers' own (or set RINGSIDE_PEERS):
    python -m venv peers && peers/bin/pip install pyopenms brain-isotopic-distribution
"""

import argparse
import json
import math
import os
import platform
import random
import subprocess
import sys
import time
from pathlib import Path

import ringside
from ringside.chem.ions import common_mass, isotope_pattern
from ringside.chem.mass import exact_formula_mass, formula, hill, parse_formula
from ringside.chem.molecule import canonical, components, is_valid
from ringside.record.tables import read_csv
from ringside.record.toml import read_toml

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "validation" / "isotopes.md"
SEED = 14
GENERATED, REAL = 400, 100
LIGHTEST, HEAVIEST = 80.0, 1500.0
ENRICHED = {"Cl": 4, "Br": 3, "B": 2, "S": 4, "Si": 3, "F": 6, "I": 2, "P": 2}
LEAST_HEIGHT = 0.01
MOST_DA, MOST_HEIGHT = 1e-3, 0.01
WORST = 8
LEAST_SHARE = 1e-4
SINGLES = ("C", "H", "N", "O", "S", "P", "F", "Cl", "Br", "I", "Si", "Na", "K", "Al")
REPEATS = 5
LEFT_OUT = {
    "brainpy": (
        "B",
        "Formulas with boron are left out ({n}): brainpy starts a pattern at boron-11 and puts the share of boron-10 there, so that the first "
        "line of C5H14BN2 would be 19 %, and it has the second at 114.2191 instead of 114.1277 of the neutral formula. Here boron-10 is the line at M-1, "
        "19.9 to 80.1, as with pyopenms.",
    )
}
ABUNDANCES = [
    "Abundances and masses here are those of RDKit's periodic table. Elements of which one isotope's share differs by 0.01 % or more from a peer's:",
    "they explain the differences in height above.",
]
Pattern = dict[int, tuple[float, float]]


def generated() -> list[str]:
    """Return plausible formulas, each rich in one or two of the elements that make a pattern."""
    draw = random.Random(SEED)
    found: list[str] = []
    while len(found) < GENERATED:
        carbons = draw.randint(3, 70)
        counts = {"C": carbons, "H": draw.randint(carbons // 2, 2 * carbons + 2)}
        counts |= {"N": draw.randint(0, 6), "O": draw.randint(0, 8)}
        for element in draw.sample(sorted(ENRICHED), draw.randint(1, 3)):
            counts[element] = draw.randint(1, ENRICHED[element])
        text = hill(counts)
        if LIGHTEST <= exact_formula_mass(text) <= HEAVIEST and text not in found:
            found.append(text)
    return found


def real() -> list[str]:
    """Return the formulas of reagents of the catalogue and of what the examples name, those with other elements than CHNO first."""
    table = Path(ringside.__file__).parent / "knowledge" / "data" / "reagents.csv"
    smiles = [r["smiles"] for r in read_csv(table) if r["smiles"]]
    for case in sorted((ROOT / "examples").glob("*.toml")):
        raw = read_toml(case)
        smiles += [str(raw["target"])] if "target" in raw else []
        smiles += [str(c["smiles"]) for c in raw.get("charge", []) if "smiles" in c]
    parts = {canonical(part) for text in smiles if is_valid(text) for part in components(text)}
    formulas = {hill(parse_formula(formula(part))) for part in parts}
    fit = [f for f in formulas if "C" in parse_formula(f) and LIGHTEST <= exact_formula_mass(f) <= HEAVIEST]
    return sorted(fit, key=lambda f: (set(parse_formula(f)) <= set("CHNO"), exact_formula_mass(f), f))[:REAL]


def by_nominal(lines: list[list[float]], text: str) -> Pattern:
    """Return fine lines merged by nominal mass: neutrons beyond the most common isotopes to (mean mass, height)."""
    light = sum(n * common_mass(e) for e, n in parse_formula(text).items())
    sums: dict[int, tuple[float, float]] = {}
    for mass, share in lines:
        moment, whole = sums.get(round(mass - light), (0.0, 0.0))
        sums[round(mass - light)] = (moment + mass * share, whole + share)
    top = max(share for _, share in sums.values())
    return {k: (moment / share, share / top) for k, (moment, share) in sums.items() if share > 0}


def differences(own: Pattern, peer: Pattern) -> tuple[float, float, float]:
    """Return the largest differences: m/z at M+2, m/z of any line, height. Masses of lines under 1 % are not compared."""
    seen = [k for k, (_, height) in own.items() if height >= LEAST_HEIGHT and k in peer]
    masses = {k: abs(own[k][0] - peer[k][0]) for k in seen}
    nothing = (0.0, 0.0)
    heights = [abs(own.get(k, nothing)[1] - peer.get(k, nothing)[1]) for k in {*own, *peer}]
    return masses.get(2, 0.0), max(masses.values(), default=math.inf), max(heights)


def section(name: str, formulas: list[str], answer: dict[str, list[list[float]]]) -> tuple[list[str], bool]:
    """Return the part of the page about one peer, and whether all formulas agree."""
    rows = []
    element, why = LEFT_OUT.get(name, ("", ""))
    fit = [f for f in formulas if element not in parse_formula(f)]
    for text in fit:
        own = by_nominal([list(line) for line in isotope_pattern(text, 0)], text)
        rows.append((text, *differences(own, by_nominal(answer[text], text))))
    wrong = [r for r in rows if r[2] > MOST_DA or r[3] > MOST_HEIGHT]
    lines = [
        f"## {name}",
        "",
        f"{len(rows)} formulas: largest difference in m/z at M+2 {1e3 * max(r[1] for r in rows):.3f} mDa, at any line of 1 % or more "
        f"{1e3 * max(r[2] for r in rows):.3f} mDa; in height {100 * max(r[3] for r in rows):.2f} % of the highest line. "
        f"Beyond 1 mDa or 1 %: {len(wrong)}.",
        "",
        *([why.format(n=len(formulas) - len(fit)), ""] if why else []),
        "| formula | M+2 [mDa] | any line [mDa] | height [%] |",
        "|---|---|---|---|",
    ]
    worst = sorted(rows, key=lambda r: (-r[2] / MOST_DA - r[3] / MOST_HEIGHT, r[0]))[:WORST]
    lines += [f"| {t} | {1e3 * a:.3f} | {1e3 * b:.3f} | {100 * h:.2f} |" for t, a, b, h in worst]
    return [*lines, ""], not wrong


def elements(answers: dict[str, dict[str, list[list[float]]]]) -> list[str]:
    """Return the table of the shares of isotopes in which a peer differs, for elements one by one."""
    lines = [
        f"| element | isotope | here [%] | {' | '.join(f'{name} [%]' for name in answers)} |",
        "|---" * (3 + len(answers)) + "|",
    ]
    for element in SINGLES:
        own = by_nominal([list(x) for x in isotope_pattern(element, 0)], element)
        peers = [by_nominal(answer[element], element) for answer in answers.values()]
        wholes = [sum(h for _, h in pattern.values()) for pattern in (own, *peers)]
        for k, (mass, _) in sorted(own.items()):
            shares = [p[k][1] / w if k in p else 0.0 for p, w in zip((own, *peers), wholes, strict=True)]
            if max(shares) - min(shares) >= LEAST_SHARE:
                lines.append(f"| {element} | {round(mass)} | {' | '.join(f'{100 * s:.3f}' for s in shares)} |")
    return lines


def timed(formulas: list[str]) -> float:
    """Return the processor time for one pattern [us], its caches of atoms warm."""
    times = []
    for _ in range(REPEATS + 1):
        isotope_pattern.cache_clear()
        start = time.process_time()
        for text in formulas:
            isotope_pattern(text, 1)
        times.append(time.process_time() - start)
    return 1e6 * min(times) / len(formulas)


def main() -> None:
    """Write the page and print it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peers", default=os.environ.get("RINGSIDE_PEERS"), help="python of the peers' environment")
    peers = parser.parse_args().peers
    if peers is None:
        parser.error("no environment of the peers is named; the help says how to make one")
    made, known = generated(), real()
    formulas = [*made, *known]
    script = str(Path(__file__).with_name("isotope_peers.py"))
    told = subprocess.run(
        [peers, script], input=json.dumps([*formulas, *SINGLES]), capture_output=True, text=True, check=True
    )
    answers = json.loads(told.stdout)
    lines = [
        "# Isotope patterns",
        "",
        f"{len(made)} generated formulas (seed {SEED}) and {len(known)} of reagents and examples, {LIGHTEST:.0f} to {HEAVIEST:.0f} Da, with "
        f"{', '.join(ENRICHED)}. Made by `tools/validate_isotopes.py`.",
        "",
        "Compared: lines of one nominal mass merged, mass by the mean weighted with height, height relative to the highest line. M is the ion of the",
        "most common isotopes, which for boron and for many halogens is neither the lightest nor the highest line.",
        "",
    ]
    good = bool(answers)
    for name in sorted(answers):
        part, fine = section(name, formulas, answers[name])
        lines += part
        good = good and fine
    lines += ["## Abundances that differ", "", *ABUNDANCES, "", *elements(answers), ""]
    lines += [
        "## Speed",
        "",
        f"{timed(formulas):.0f} us of processor time for one pattern ({platform.machine()}, Python {platform.python_version()}).",
    ]
    PAGE.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines))
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
