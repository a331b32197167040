"""Benchmark of network growth: single events, a ring and chain problem, and how time grows. Writes benchmarks/growth.md and .svg files.

usage: python tools/bench_growth.py [PYTHON_WITH_DORANET]

Beside DORAnet only where the Python of an environment that holds it is given (or named by DORANET_PYTHON):
python -m venv dn && dn/bin/pip install doranet rdkit
"""

import json
import os
import platform
import random
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import rdkit
from rdkit import Chem, RDLogger
from rdkit.Chem.rdChemReactions import ReactionFromSmarts
from recorded_reactions import stamp

from ringside.answers.flow import middle_flask
from ringside.answers.growth import _grow as product_growth
from ringside.answers.tools import case_tools
from ringside.case.read import case_from_raw
from ringside.chem.mass import heavy_atoms
from ringside.chem.molecule import canonical, is_valid
from ringside.errors import BadInput
from ringside.knowledge.base import Knowledge
from ringside.knowledge.load import load
from ringside.network.apply import apply_counted
from ringside.network.grow import Caps, grow
from ringside.network.nouns import FAMILY_PREFIX, Network, Rule
from ringside.network.sites import places
from ringside.network.template import compile_template
from ringside.recipe.features import recipe_features

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "benchmarks"
REPEATS = 5
SEED = 5
MOLECULES = 300
TASKS = 2000
SEEDS = (
    ("C1CNCCNC1", "BrCc1ccccc1", "O=Cc1ccccc1", "[BH3-]C#N"),
    ("NCCN", "BrCCCBr"),
    ("CNCCNC", "BrCCCBr"),
    ("C1CNCCNC1", "C=CC(=O)OCC", "Fc1ccc([N+](=O)[O-])cc1", "CC(=O)Cl"),
    ("CC(C)(C)OC(=O)N1CCCNCC1", "C1CO1", "CS(=O)(=O)Cl"),
)
WANTED = {
    "7-ring": "CN1CCCN(C)CC1",
    "14-ring": "CN1CCCN(C)CCN(C)CCCN(C)CC1",
    "21-ring": "CN1CCCN(C)CCN(C)CCCN(C)CCN(C)CCCN(C)CC1",
    "azetidinium": "CNCC[N+]1(C)CCC1",
    "quaternary salt of the 7-ring": "C[N+]1(CCCBr)CCCN(C)CC1",
    "chain of two and two": "CNCCN(C)CCCN(C)CCN(C)CCCBr",
}
SN2 = ("amine-alkylation", "amine-quaternisation", "azetidinium-closure", "azetidine-closure")
CHARGES = ("C1CNCCNC1", "BrCc1ccccc1", "O=Cc1ccccc1", "CC(=O)Cl", "C=CC(=O)OCC", "BrCCCBr")
DORANET = r"""
import json, sys, time
import doranet
from rdkit import RDLogger
RDLogger.DisableLog("rdApp.*")
generations, repeats = int(sys.argv[1]), int(sys.argv[2])
times = []
for _ in range(repeats):
    engine = doranet.create_engine()
    network = engine.new_network()
    for smiles in ("CNCCNC", "BrCCCBr"):
        network.add_mol(engine.mol.rdkit(smiles))
    for smarts in (
        "[NX3;+0;!H0:1].[CX4:2]-[Br:3]>>[N:1]-[C:2].[Br:3]",
        "[NX3;+0;H0:1].[CX4:2]-[Br:3]>>[N+:1]-[C:2].[Br-:3]",
        "([NX3;+0;!H0:1].[CX4:2]-[Br:3])>>([N:1]-[C:2].[Br:3])",
        "([NX3;+0;H0:1].[CX4:2]-[Br:3])>>([N+:1]-[C:2].[Br-:3])",
    ):
        network.add_op(engine.op.rdkit(smarts))
    start = time.process_time()
    engine.strat.cartesian(network).expand(num_iter=generations)
    times.append(time.process_time() - start)
found = sorted({part for mol in network.mols for part in mol.smiles.split(".")})
print(json.dumps([times, len(network.mols), len(network.rxns), found]))
"""


def forget() -> None:
    """Empty every cache of chemistry and network, except compiled templates."""
    for name, module in list(sys.modules.items()):
        if name.startswith(("ringside.network", "ringside.chem", "ringside.kinetics")):
            for thing in vars(module).values():
                if hasattr(thing, "cache_clear") and thing is not compile_template:
                    thing.cache_clear()


def cpu(run: Callable[[], Any], repeats: int = REPEATS) -> tuple[list[float], Any]:
    """Return CPU times [s] of a call with empty caches, and what it gave last."""
    times, given = [], None
    for _ in range(repeats):
        forget()
        start = time.process_time()
        given = run()
        times.append(time.process_time() - start)
    return times, given


def spread(times: Sequence[float]) -> str:
    """Return the median and the range."""
    return f"{np.median(times):.3g} s ({min(times):.3g} to {max(times):.3g})"


def noise() -> str:
    """Return how much a fixed piece of arithmetic differs from run to run."""

    def work() -> None:
        sum(i * i for i in range(2_000_000))

    times, _ = cpu(work, 9)
    return f"{(max(times) - min(times)) / float(np.median(times)):.0%}"


def molecules(known: Knowledge) -> list[str]:
    """Return the same molecules each time, from grown networks."""
    found: set[str] = set()
    for seeds in SEEDS:
        caps = Caps(max_species=150, max_generations=3)
        found.update(grow(seeds, known.rules, features=frozenset({"role:base"}), caps=caps).species)
    chosen = sorted(s for s in found if not s.startswith(FAMILY_PREFIX) and heavy_atoms(s) <= 40)
    random.Random(SEED).shuffle(chosen)
    return sorted(chosen[:MOLECULES])


def chosen_tasks(known: Knowledge, smiles: Sequence[str]) -> list[tuple[Rule, tuple[str, ...]]]:
    """Return rules with molecules that all their templates fit; intermolecular, without hydrogen gas as a reactant."""
    every: list[tuple[Rule, tuple[str, ...]]] = []
    for rule in known.rules:
        template = compile_template(rule.smarts)
        if rule.status == "retired" or template.hydrogens < 0:
            continue
        fits = [[s for s in smiles if places(side, s)] for side in template.sides]
        some = list(product(*fits))
        random.Random(f"{SEED}{rule.id}").shuffle(some)
        every += [(rule, one) for one in some[:60]]
    random.Random(SEED).shuffle(every)
    return every[:TASKS]


def plain(reaction: Chem.rdChemReactions.ChemicalReaction, reactants: tuple[Chem.Mol, ...]) -> set[tuple[str, ...]]:
    """Return what RDKit alone makes of some molecules: sanitised, canonical, without duplicates."""
    found: set[tuple[str, ...]] = set()
    for products in reaction.RunReactants(reactants):
        if all(Chem.SanitizeMol(p, catchErrors=True) == Chem.SanitizeFlags.SANITIZE_NONE for p in products):
            found.add(tuple(sorted(Chem.MolToSmiles(p) for p in products)))
    return found


def _tidy(products: Sequence[str]) -> tuple[str, ...] | None:
    parts = sorted(part for p in products for part in p.split("."))
    try:
        return tuple(sorted(canonical(p) for p in parts)) if all(is_valid(p) for p in parts) else None
    except BadInput:
        return None


def events(known: Knowledge) -> list[str]:
    """Return the lines on events per CPU second."""
    smiles = molecules(known)
    tasks = chosen_tasks(known, smiles)
    mols = {s: Chem.MolFromSmiles(s) for s in smiles}
    reactions = {rule.id: ReactionFromSmarts(rule.smarts) for rule, _ in tasks}
    for reaction in reactions.values():
        reaction.Initialize()

    def ours() -> list[set[tuple[str, ...]]]:
        return [{e.reaction.products for e in apply_counted(rule, given).events} for rule, given in tasks]

    def theirs() -> list[set[tuple[str, ...]]]:
        return [plain(reactions[rule.id], tuple(mols[s] for s in given)) for rule, given in tasks]

    own, a = cpu(ours)
    other, b = cpu(theirs)
    tidy = [
        {t for t in map(_tidy, found) if t is not None and t != tuple(sorted(g))}
        for found, (_, g) in zip(b, tasks, strict=True)
    ]
    n_own, n_other = sum(map(len, a)), sum(map(len, b))
    alike = sum(x == y for x, y in zip(a, tidy, strict=True))
    rate_own, rate_other = n_own / float(np.median(own)), n_other / float(np.median(other))
    return [
        f"{len(tasks)} pairs of a rule and the molecules that it fits ({len(reactions)} rules; {len(smiles)} molecules from grown networks). Both start from parsed",
        "molecules and compiled templates. RDKit: `RunReactants`, `SanitizeMol`, `MolToSmiles`, duplicates taken out. Ringside: its `apply`, caches empty, which",
        "also counts degeneracy, tells sites apart, checks the balance of atoms and charge, and keeps the origin of each atom.",
        "",
        "| engine | distinct events | CPU time, median (range) | events per CPU second |",
        "|---|---|---|---|",
        f"| ringside | {n_own} | {spread(own)} | {rate_own:.0f} |",
        f"| RDKit | {n_other} | {spread(other)} | {rate_other:.0f} |",
        "",
        f"Ratio ringside to RDKit: {rate_own / rate_other:.2f}. Same products for {alike} of {len(tasks)} pairs ({alike / len(tasks):.0%}); the rest are events that ringside refuses",
        "(unbalanced, or giving the reactants back) and stereo that templates of RDKit keep or lose otherwise.",
    ]


def _bromide_case(
    known: Knowledge, charges: Sequence[str], *, base: bool, knowledge: Knowledge | None = None
) -> Callable[[], Network]:
    """Return growth with bounds on amounts, as the product does it, for some charges in acetonitrile."""
    raw: dict[str, Any] = {
        "title": "benchmark",
        "scale": "1 mmol",
        "charge": [
            *(
                {"name": f"charge {i}", "smiles": s, "role": "substrate", "amount": "1.0 equiv"}
                for i, s in enumerate(charges)
            ),
            {"name": "acetonitrile", "role": "solvent", "amount": "20 mL"},
        ],
        "conditions": {"temperature": "60 degC", "time": "16 h", "atmosphere": "N2"},
    }
    if base:
        raw["charge"].append({"name": "N,N-diisopropylethylamine", "role": "base", "amount": "2.5 equiv"})
    case = case_from_raw(raw, case_tools(known), file="benchmark", folder=ROOT)
    features = recipe_features(case.recipe, known.catalogue, known.features)
    flask = middle_flask(case, known)
    return lambda: product_growth((flask,), features, knowledge or known)


def _row(name: str, times: Sequence[float], network: Network) -> str:
    have = [label for label, s in WANTED.items() if canonical(s) in network.species]
    lack = ", ".join(label for label in WANTED if label not in have)
    return f"| {name} | {spread(times)} | {len(network.species)} | {len(network.reactions)} | {len(have)} of {len(WANTED)}{f' (lacks {lack})' if lack else ''} |"


def rings(known: Knowledge, doranet: str) -> list[str]:
    """Return the lines on N,N'-dimethylethylenediamine and 1,3-dibromopropane."""
    seeds = ("CNCCNC", "BrCCCBr")
    few = tuple(r for r in known.rules if r.id in SN2)
    narrow = replace(known, rules=few)
    lines = [
        "| engine | CPU time, median (range) | species | reactions | of the wanted species |",
        "|---|---|---|---|---|",
    ]
    medians: dict[str, float] = {}
    for name, rules, base in ((f"{len(known.rules)} rules", known, known), (f"{len(few)} SN2 rules", narrow, narrow)):
        times, network = cpu(_bromide_case(known, seeds, base=False, knowledge=base))
        lines.append(_row(f"ringside, {name}, bounds on amounts (as the product)", times, network))
        medians[f"{name} bounds"] = float(np.median(times))
        for generations in (2, 3, 4, 8):
            caps = Caps(max_generations=generations)
            times, network = cpu(lambda rules=rules, caps=caps: grow(seeds, rules.rules, caps=caps))
            lines.append(_row(f"ringside, {name}, no bounds, {generations} generations", times, network))
            medians[f"{name} {generations}"] = float(np.median(times))
    if not doranet:
        return [*lines, "", "DORAnet was not at hand (see `tools/bench_growth.py`)."]
    for generations, repeats in ((2, REPEATS), (3, REPEATS), (4, 1)):
        run = subprocess.run(
            [doranet, "-c", DORANET, str(generations), str(repeats)], capture_output=True, text=True, check=True
        )
        times, n_mols, n_reactions, found = json.loads(run.stdout)
        clean = {canonical(s) for s in found if is_valid(s)}
        network = Network(tuple(sorted(clean)), (), ())
        row = _row(f"DORAnet, 4 SN2 operators, {generations} generations", times, network).split(" | ")
        row[2], row[3] = str(n_mols), str(n_reactions)
        lines.append(" | ".join(row))
        medians[f"dn {generations}"] = float(np.median(times))
    sn2 = f"{len(few)} SN2 rules"
    return [
        *lines,
        "",
        "DORAnet expands every pair and joins what an intramolecular operator gives in one SMILES; its operators have no reverse, no degeneracy, no ring sizes and no cap.",
        "Time of ringside over time of DORAnet with SN2 rules only and no bounds: "
        + ", ".join(f"{medians[f'{sn2} {g}'] / medians[f'dn {g}']:.3g} at {g} generations" for g in (2, 3, 4))
        + f"; ringside with all rules and bounds, complete, over DORAnet at 4 generations: {medians[f'{len(known.rules)} rules bounds'] / medians['dn 4']:.2g}.",
        "Pickaxe (minedatabase) could not be installed beside a current RDKit, and was left out.",
    ]


def svg(path: Path, title: str, across: str, series: dict[str, list[tuple[float, float]]]) -> None:
    """Draw CPU time [s] against a count, one line for each series, medians joined."""
    width, height, left, low = 520, 300, 60, 40
    top_x = max(x for points in series.values() for x, _ in points)
    top_y = 1.1 * max(y for points in series.values() for _, y in points)
    colours = ("#1f6f8b", "#b4532a")

    def at(x: float, y: float) -> tuple[float, float]:
        return round(left + (width - left - 20) * x / top_x, 1), round(
            height - low - (height - low - 40) * y / top_y, 1
        )

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" font-family="sans-serif" font-size="12">',
        f'<rect width="{width}" height="{height}" fill="white"/><text x="{left}" y="18" font-weight="bold">{title}</text>',
        f'<path d="M{left} 40V{height - low}H{width - 20}" stroke="#1d2a35" fill="none"/>',
        f'<text x="{width - 20}" y="{height - 8}" text-anchor="end">{across}</text><text x="6" y="34">CPU time [s]</text>',
    ]
    for i in range(5):
        value = top_y * i / 4
        parts.append(f'<text x="{left - 6}" y="{at(0, value)[1] + 4}" text-anchor="end">{value:.2g}</text>')
    for value in sorted({x for points in series.values() for x, _ in points}):
        parts.append(f'<text x="{at(value, 0)[0]}" y="{height - low + 16}" text-anchor="middle">{value:g}</text>')
    for n, (name, points) in enumerate(series.items()):
        xs = sorted({x for x, _ in points})
        line = " ".join("{},{}".format(*at(x, float(np.median([y for a, y in points if a == x])))) for x in xs)
        parts.append(f'<polyline points="{line}" fill="none" stroke="{colours[n]}" stroke-width="2"/>')
        parts += ['<circle cx="{}" cy="{}" r="2.5" fill="{}"/>'.format(*at(x, y), colours[n]) for x, y in points]
        parts.append(f'<text x="{left + 10}" y="{56 + 16 * n}" fill="{colours[n]}">{name}</text>')
    path.write_text("\n".join([*parts, "</svg>", ""]), encoding="utf-8")


def scaling(known: Knowledge) -> list[str]:
    """Return the lines on how time grows with the rules and with the flask, and draw them."""
    bounded: list[tuple[float, float]] = []
    free: list[tuple[float, float]] = []
    alive = [r for r in known.rules if r.status != "retired"]
    lines = ["| rules (random parts, fixed seed) | with bounds | without |", "|---|---|---|"]
    charges = CHARGES[:4]
    caps = Caps(max_generations=4)
    for part in (8, 4, 2, 1):
        here: tuple[list[float], list[float]] = ([], [])
        for n in range(REPEATS):
            some = tuple(random.Random(f"{SEED}.{n}").sample(alive, len(alive) // part))
            grows = _bromide_case(known, charges, base=True, knowledge=replace(known, rules=some))
            here[0].extend(cpu(grows, 1)[0])
            here[1].extend(
                cpu(lambda some=some: grow(charges, some, features=frozenset({"role:base"}), caps=caps), 1)[0]
            )
        bounded += [(len(alive) // part, t) for t in here[0]]
        free += [(len(alive) // part, t) for t in here[1]]
        lines.append(f"| {len(alive) // part} | {spread(here[0])} | {spread(here[1])} |")
    svg(
        FOLDER / "growth-rules.svg",
        "Growth of one flask of four charges",
        "rules",
        {"with bounds": bounded, "without, 4 generations": free},
    )
    lines += [
        "",
        "![time against rules](growth-rules.svg)",
        "",
        "| reactive charges | with bounds | species | without | species |",
        "|---|---|---|---|---|",
    ]
    bounded, free = [], []
    for n in range(1, len(CHARGES) + 1):
        one, first = cpu(_bromide_case(known, CHARGES[:n], base=True))
        two, second = cpu(lambda n=n: grow(CHARGES[:n], known.rules, features=frozenset({"role:base"}), caps=caps))
        bounded += [(n, t) for t in one]
        free += [(n, t) for t in two]
        lines.append(f"| {n} | {spread(one)} | {len(first.species)} | {spread(two)} | {len(second.species)} |")
    svg(
        FOLDER / "growth-flask.svg",
        "Growth with all rules",
        "reactive charges",
        {"with bounds": bounded, "without, 4 generations": free},
    )
    return [*lines, "", "![time against charges](growth-flask.svg)"]


def main() -> None:
    """Run everything and write the page."""
    RDLogger.DisableLog("rdApp.*")
    doranet = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("DORANET_PYTHON", "")
    known = load()
    for rule in known.rules:
        compile_template(rule.smarts)
    product_growth_once = _bromide_case(known, CHARGES[:2], base=True)
    product_growth_once()  # compiles what numba compiles
    lines = [
        "# Growth",
        "",
        f"Made at {stamp(known)}, by `make bench`. {platform.machine()}, {os.cpu_count()} shared cores, Python {platform.python_version()}, RDKit {rdkit.__version__}.",
        f"CPU times, {REPEATS} runs each (DORAnet at 4 generations: one), every cache emptied before each. Noise of this machine (range over median of a fixed piece of arithmetic, 9 runs): {noise()}.",
        "",
        "## Single events",
        "",
        *events(known),
        "",
        "## N,N'-dimethylethylenediamine and 1,3-dibromopropane",
        "",
        f"Wanted: {', '.join(WANTED)}.",
        "",
        *rings(known, doranet),
        "",
        "## How time grows",
        "",
        f"Charges, one after another: {', '.join(f'`{s}`' for s in CHARGES)}, with a base; the first table has the first four.",
        "",
        *scaling(known),
    ]
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / "growth.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
