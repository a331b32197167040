"""Precision: flasks in which something must not form, impossible structures, and species for a person to judge.

Called by validate_chemistry.py. Alone, it draws twenty species anew, for a person to fill in the verdicts:
usage: python tools/precision.py draw
"""

import csv
import multiprocessing
import os
import random
import sys
import tempfile
import tomllib
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from rdkit import Chem, RDLogger
from recorded_reactions import stamp, wilson

import ringside.network.grow as growing
from ringside.answers.ask import ask
from ringside.answers.flow import corners, middle_flask, simulator
from ringside.answers.growth import grown
from ringside.answers.tools import case_tools
from ringside.case.read import case_from_raw, read_case
from ringside.chem.features import has
from ringside.knowledge.load import load
from ringside.network.apply import Applied
from ringside.network.nouns import FAMILY_PREFIX
from ringside.recipe.features import recipe_features

T = TypeVar("T")
ROOT = Path(__file__).parent.parent
PAGE = ROOT / "validation" / "precision.md"
RECIPES = ROOT / "validation" / "negative-recipes.toml"
TWENTY = ROOT / "validation" / "twenty-species.csv"
CASES = (ROOT / "examples", ROOT / "validation" / "cases")
DRAWS = 40
LIMIT = 0.01
SEED = 14
TWENTY_FIELDS = ("case", "species", "path", "median", "low", "high", "verdict", "reason", "knowledge")
SMALL_RING = 8
SMALL_BICYCLE = 8


@dataclass(frozen=True, slots=True)
class Flask:
    """What one flask gave: its species, events built and refused, and forbidden species with their median amounts."""

    name: str
    species: tuple[str, ...]
    events: int
    refused: Mapping[str, int]
    forbidden: tuple[tuple[str, float], ...] = ()
    error: str = ""


def _counted(run: Callable[[], T]) -> tuple[T, int, Counter[str]]:
    """Return what a run gives while every event that growth builds or refuses is counted."""
    refused: Counter[str] = Counter()
    built = 0
    original = growing.apply_counted

    def counting(*args: object, **options: object) -> Applied:
        nonlocal built
        found = original(*args, **options)  # pyright: ignore[reportArgumentType]
        built += len(found.events)
        refused.update(found.refused)
        return found

    growing.apply_counted = counting
    try:
        with tempfile.TemporaryDirectory() as folder:
            os.environ["RINGSIDE_CACHE"] = folder
            return run(), built, refused
    finally:
        growing.apply_counted = original


def negative(item: Mapping[str, Any]) -> Flask:
    """Simulate a flask in which something must not form."""
    RDLogger.DisableLog("rdApp.*")
    known = load()
    raw = {
        "title": item["title"],
        "scale": "1 mmol",
        "charge": item["charge"],
        "conditions": {"temperature": item["temperature"], "time": item["time"], "atmosphere": "N2"},
    }
    case = case_from_raw(raw, case_tools(known), file=item["id"], folder=ROOT)
    found, built, refused = _counted(lambda: simulator(known)(case, DRAWS))
    names = found.outcome.species
    medians = np.median(found.outcome.amount, axis=0)
    wrong = [
        (s, float(m))
        for s, m in zip(names, medians, strict=True)
        if not s.startswith(FAMILY_PREFIX) and s not in found.seeds and any(has(s, p) for p in item["forbidden"])
    ]
    wrong.sort(key=lambda w: -w[1])
    return Flask(item["id"], found.network.species, built, dict(refused), tuple(wrong[:3]))


def ordinary(path: Path) -> Flask:
    """Grow the flask of a case, as the product does."""
    RDLogger.DisableLog("rdApp.*")
    known = load()
    try:
        case = read_case(path, case_tools(known))
        features = recipe_features(case.recipe, known.catalogue, known.features)
        box = (middle_flask(case, known), *corners(case, known))
        network, built, refused = _counted(lambda: grown(box, features, known))
    except Exception as error:
        return Flask(path.stem, (), 0, {}, error=" ".join(str(error).split())[:120])
    return Flask(path.stem, network.species, built, dict(refused))


def case_files() -> list[Path]:
    """Return all cases of the examples and of the validation."""
    return [path for folder in CASES for path in sorted(folder.glob("*.toml"))]


def faults(smiles: str) -> list[str]:
    """Return what is impossible about a structure."""
    parsed = Chem.MolFromSmiles(smiles)
    if parsed is None:
        return ["valence"]
    found = (
        ["radical"] if any(a.GetNumRadicalElectrons() and a.GetSymbol() in "CNOS" for a in parsed.GetAtoms()) else []
    )
    rings = [set(r) for r in parsed.GetRingInfo().AtomRings()]
    checks = {
        "cyclic alkyne in a ring below eight": "[#6;R]#[#6;R]",
        "cyclic allene or cumulene in a ring below eight": "[*;R]=[*;R]=[*;R]",
    }
    for name, smarts in checks.items():
        for match in parsed.GetSubstructMatches(Chem.MolFromSmarts(smarts)):
            if any(set(match) <= r and len(r) < SMALL_RING for r in rings):
                found.append(name)
                break
    for bond in parsed.GetBonds():
        if bond.GetStereo() in {Chem.BondStereo.STEREOE, Chem.BondStereo.STEREOTRANS}:
            four = {bond.GetBeginAtomIdx(), bond.GetEndAtomIdx(), *bond.GetStereoAtoms()}
            if any(four <= r and len(r) < SMALL_RING for r in rings):
                found.append("trans double bond in a ring below eight")
    if _breaks_bredt(parsed, rings):
        found.append("double bond at a bridgehead of a small bicycle")
    return found


def _breaks_bredt(parsed: Chem.Mol, rings: list[set[int]]) -> bool:
    for i, one in enumerate(rings):
        for other in rings[:i]:
            shared = one & other
            if len(shared) < 3 or len(one | other) - 2 >= SMALL_BICYCLE:
                continue
            for a in shared:
                atom = parsed.GetAtomWithIdx(a)
                outer = sum(n.GetIdx() in one | other for n in atom.GetNeighbors())
                if outer >= 3 and any(
                    b.GetBondType() == Chem.BondType.DOUBLE and b.GetOtherAtomIdx(a) in one | other
                    for b in atom.GetBonds()
                ):
                    return True
    return False


def draw() -> None:
    """Draw twenty species of all networks of cases, and write them with amounts and paths and no verdict."""
    known = load()
    with multiprocessing.Pool(os.cpu_count()) as pool:
        flasks = [f for f in pool.map(ordinary, case_files(), chunksize=1) if not f.error]
    pairs = sorted((f.name, s) for f in flasks for s in f.species if not s.startswith(FAMILY_PREFIX))
    generator = random.Random(SEED)
    generator.shuffle(pairs)
    paths = {p.stem: p for p in case_files()}
    rows: list[tuple[object, ...]] = []
    while pairs and len(rows) < 20:
        name, smiles = pairs.pop()
        entry = next((s for s in ask("predict", paths[name]).species if s.smiles == smiles), None)
        if entry is None or not entry.path:
            continue
        a = entry.amount
        amounts = (f"{a.median:.2g}", f"{a.low:.2g}", f"{a.high:.2g}")
        rows.append((name, smiles, " > ".join(entry.path), *amounts, "", "", known.hash[:12]))
    with TWENTY.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(TWENTY_FIELDS)
        writer.writerows(rows)


def _negative_table(items: list[Mapping[str, Any]], flasks: Mapping[str, Flask]) -> list[str]:
    lines = ["| group | flasks with a forbidden species above 1 % | which |", "|---|---|---|"]
    for group in dict.fromkeys(i["group"] for i in items):
        some = [i for i in items if i["group"] == group]
        bad = [i for i in some if any(m > LIMIT for _, m in flasks[i["id"]].forbidden)]
        which = "; ".join(
            f"{i['title']}: {', '.join(f'`{s}` {m:.1%}' for s, m in flasks[i['id']].forbidden if m > LIMIT)}"
            for i in bad
        )
        lines.append(f"| {group} | {len(bad)} of {len(some)} | {which or '-'} |")
    return lines


def _structures(flasks: list[Flask]) -> list[str]:
    every = sorted({s for f in flasks for s in f.species if not s.startswith(FAMILY_PREFIX)})
    wrong: dict[str, list[str]] = {}
    for smiles in every:
        for fault in faults(smiles):
            wrong.setdefault(fault, []).append(smiles)
    refused: Counter[str] = Counter()
    for f in flasks:
        refused.update(f.refused)
    lines = [
        f"{len(every)} different species in {len(flasks)} networks, from {sum(f.events for f in flasks)} events; events that the engine refused:",
        "",
        "| refused, because it | events |",
        "|---|---|",
        *(f"| {reason} | {n} |" for reason, n in refused.most_common()),
        "",
        "Species with an impossible structure (valence; radicals; bridgehead double bonds in bicycles of at most nine atoms; allenes, alkynes and trans",
        "double bonds in rings below eight):",
        "",
    ]
    if not wrong:
        return [*lines, f"None of {len(every)}."]
    return [
        *lines,
        *(
            f"- {fault}: {len(found)} of {len(every)}, such as `{min(found, key=len)}`"
            for fault, found in wrong.items()
        ),
    ]


def _judged() -> tuple[list[str], list[str]]:
    """Return the table of judged species, and a complaint for each without a verdict."""
    with TWENTY.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    open_rows = [f"{r['case']}: {r['species']} has no verdict in {TWENTY.name}" for r in rows if not r["verdict"]]
    counts = Counter(r["verdict"] for r in rows)
    lines = [
        f"Drawn with a fixed seed from the networks of all example and validation cases, at knowledge {rows[0]['knowledge']}; judged one by one. Every species counts alike, however rare: the question is whether the rules make sense at their far end.",
        "",
        ", ".join(f"{v}: {wilson(n, len(rows))}" for v, n in counts.most_common()) + ".",
        "",
        "| case | species | path | amount, median (5 to 95 %) | verdict | reason |",
        "|---|---|---|---|---|---|",
        *(
            f"| {r['case']} | `{r['species']}` | {r['path']} | {r['median']} ({r['low']} to {r['high']}) | {r['verdict']} | {r['reason']} |"
            for r in rows
        ),
    ]
    return lines, open_rows


def precision() -> tuple[list[str], list[str]]:
    """Return the page and what needs a person."""
    with RECIPES.open("rb") as file:
        items = tomllib.load(file)["recipe"]
    with multiprocessing.Pool(os.cpu_count()) as pool:
        flasks = []
        for f in pool.imap(negative, items, chunksize=1):
            print(f"{f.name} {len(f.species)} species {f.forbidden[:1]}", file=sys.stderr, flush=True)
            flasks.append(f)
        others = pool.map(ordinary, case_files(), chunksize=1)
    by_id = {f.name: f for f in flasks}
    bad = sum(any(m > LIMIT for _, m in f.forbidden) for f in flasks)
    judged, complaints = _judged()
    complaints += [f"{f.name} cannot be grown: {f.error}" for f in others if f.error]
    lines = [
        "# Precision",
        "",
        f"Made at {stamp(load())}, by `make validate`.",
        "",
        "## What must not form",
        "",
        f"{len(items)} flasks (`negative-recipes.toml`), each simulated as `ringside predict` does, with {DRAWS} draws. A forbidden species counts when its",
        f"median amount exceeds 1 % of the limiting reactant: {wilson(bad, len(items))}. The aim is at most 5 %.",
        "",
        *_negative_table(items, by_id),
        "",
        "## Impossible structures",
        "",
        *_structures([*flasks, *(f for f in others if not f.error)]),
        "",
        "## Twenty species",
        "",
        *judged,
    ]
    return lines, complaints


if __name__ == "__main__":
    draw()
