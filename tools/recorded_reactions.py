"""Recorded reactions of 1,4-diazepanes: is the recorded product in the network that the shipped rules grow?

Called by validate_chemistry.py. Alone, it runs some rows and prints what was grown for each:
usage: python tools/recorded_reactions.py [ID ...]
"""

import csv
import math
import multiprocessing
import os
import sys
import time
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from rdkit import Chem, RDLogger
from rdkit.Chem.MolStandardize import rdMolStandardize

from ringside.answers.growth import neutral_of
from ringside.answers.tools import case_tools
from ringside.case.new import new_case
from ringside.case.read import case_from_raw
from ringside.chem.mass import heavy_atoms
from ringside.chem.molecule import canonical, components
from ringside.errors import BadInput
from ringside.knowledge.base import Knowledge
from ringside.knowledge.load import load
from ringside.network.grow import Caps, grow
from ringside.network.nouns import FAMILY_PREFIX
from ringside.recipe.features import recipe_features

ROOT = Path(__file__).parent.parent
SHIPPED = ROOT / "validation" / "recorded_reactions_uspto.csv"
SHARED = ROOT.parent / "shared" / "data" / "cases" / "diazepane_reactions.csv"
MISSES = ROOT / "validation" / "recorded-misses.csv"
PAGE = ROOT / "validation" / "recorded-reactions.md"
GENERATIONS = (1, 2, 3, 4)
MAX_SPECIES = 300
WATER = "O"
KINDS = {
    "N-alkylation/reductive_amination": "N-alkylation, reductive amination",
    "N-benzylation/reductive_amination": "N-benzylation, reductive amination",
    "N-acylation": "N-acylation",
    "N-sulfonylation": "N-sulfonylation",
    "N-arylation(SNAr/BH)": "N-arylation",
    "N-urea_formation": "urea formation",
    "N-carbamoylation": "carbamate protection",
    "N-Cbz_protection": "carbamate protection",
    "N-deprotection_Boc": "removal of Boc",
    "N-deprotection_benzyl": "removal of other groups",
    "N-deprotection_carbamate": "removal of other groups",
    "N-deprotection_Cbz": "removal of other groups",
    "N-deprotection_lactamNH": "removal of other groups",
    "N-deprotection_alkyl": "removal of other groups",
    "ring_construction": "ring construction",
    "ring_consumed_or_base_or_ringchange": "ring construction",
    "amide_reduction_or_lactam_alkylation": "lactam N-alkylation, amide reduction",
}
RING_TYPES = {"ring_construction", "ring_consumed_or_base_or_ringchange"}
LEFT_OUT = "reagent missing in the record"
NOT_ONE_STEP = frozenset({"wrong record", "two steps in one row", "stereo of the record"})
TWO_CHANGES = "two changes on the ring in one row"
FIELDS = ("id", "kind", "reaction_smiles", "product", "source")


@dataclass(frozen=True, slots=True)
class Row:
    """One recorded reaction."""

    id: str
    kind: str
    reaction_smiles: str
    product: str
    source: str


@dataclass(frozen=True, slots=True)
class Result:
    """What growth made of a row: the generation in which the product came, or None; species in the last network."""

    id: str
    generation: int | None
    species: int
    seconds: float
    near: str = ""


@dataclass(frozen=True, slots=True)
class Miss:
    """Why a row is not found, and the reagents left out of the record, by which it should be."""

    id: str
    group: str
    reason: str
    completed_with: str


def wilson(k: int, n: int) -> str:
    """Return k of n with its 95 % Wilson interval."""
    if n == 0:
        return "0 of 0"
    z = 1.96
    p = k / n
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return f"{k} of {n} ({100 * max(middle - half, 0):.0f} to {100 * min(middle + half, 1):.0f} %)"


def stamp(knowledge: Knowledge) -> str:
    """Return the hash of the knowledge that a page is made with, and the number of its rules."""
    return f"knowledge {knowledge.hash[:12]} ({len(knowledge.rules)} rules)"


def _chosen(path: Path) -> list[Row]:
    """Return the rows of the full set that are asked about; ring changes only where a curator called them genuine."""
    with path.open(encoding="utf-8") as file:
        every = list(csv.DictReader(file))
    return [
        Row(
            r["id"],
            KINDS.get(r["reaction_type"], TWO_CHANGES),
            r["reaction_smiles"],
            r["main_product"],
            r["source"],
        )
        for r in every
        if (r["reaction_type"] in KINDS or r["reaction_type"].startswith("other:"))
        and (r["reaction_type"] not in RING_TYPES or r["curator_quality"] == "genuine")
    ]


def shipped_rows() -> list[Row]:
    """Return the rows of the USPTO sets, from the project's own copy."""
    with SHIPPED.open(encoding="utf-8") as file:
        return [Row(**r) for r in csv.DictReader(file)]


def ord_rows() -> list[Row]:
    """Return the rows of the Open Reaction Database, which are under share-alike: read in place, if they are there."""
    return [r for r in _chosen(SHARED) if r.source.startswith("ORD")] if SHARED.exists() else []


def write_shipped() -> None:
    """Copy the USPTO rows (CC0) into the project."""
    with SHIPPED.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(FIELDS)
        for r in _chosen(SHARED):
            if not r.source.startswith("ORD"):
                writer.writerow([r.id, r.kind, r.reaction_smiles, r.product, r.source])


def misses() -> dict[str, Miss]:
    """Return what a person said about each row that is not found."""
    with MISSES.open(encoding="utf-8") as file:
        return {r["id"]: Miss(r["id"], r["class"], r["reason"], r["completed_with"]) for r in csv.DictReader(file)}


@lru_cache(maxsize=1)
def _knowledge() -> Knowledge:
    return load()


@lru_cache(maxsize=1 << 15)
def skeleton(smiles: str, *, stereo: bool) -> str:
    """Return the canonical SMILES with charges settled, and without stereo unless asked for."""
    found = Chem.MolFromSmiles(smiles)
    if not stereo:
        Chem.RemoveStereochemistry(found)
    return Chem.MolToSmiles(rdMolStandardize.Uncharger().uncharge(found))


def wanted_of(product: str) -> str:
    """Return the organic part of a product: salts are dropped."""
    return max(components(product), key=lambda s: (heavy_atoms(s), s))


def seeds_and_features(reaction: str, extra: str = "") -> tuple[tuple[str, ...], frozenset[str]]:
    """Return what is in the flask of a reaction SMILES, under nitrogen, with features as the product derives them."""
    known = _knowledge()
    reactants, agents, products = reaction.split(">")
    left = ".".join(s for s in (reactants, extra) if s)
    case = case_from_raw(
        tomllib.loads(new_case(f"{left}>{agents}>{products}", known.catalogue, known.features)),
        case_tools(known),
        file="recorded",
        folder=ROOT,
    )
    real = tuple(
        c for c in case.recipe.charges if not (c.assumed and c.role == "solvent")
    )  # a stand-in is in no record
    recipe = replace(case.recipe, charges=real, atmosphere="N2")
    features = recipe_features(recipe, known.catalogue, known.features)
    charged = {s for c in recipe.charges for s in components(c.smiles or _named(c.name, known))}
    return tuple(sorted({WATER, *charged, *(neutral_of(s, known) for s in charged)})), features


def _named(name: str, known: Knowledge) -> str:
    reagent = known.catalogue.get(name)
    return (reagent.smiles if reagent is not None else None) or WATER


def tried(row: Row, extra: str = "") -> Result:
    """Grow the flask of a row, one generation more each time, until the recorded product is there."""
    RDLogger.DisableLog("rdApp.*")
    start = time.perf_counter()
    try:
        wanted = wanted_of(row.product)
        seeds, features = seeds_and_features(row.reaction_smiles, extra)
    except BadInput as error:
        return Result(row.id, None, 0, time.perf_counter() - start, f"unreadable: {error}")
    stereo = "@" in wanted or "/" in wanted or "\\" in wanted
    aim, flat = skeleton(wanted, stereo=stereo), skeleton(wanted, stereo=False)
    near, species = "", 0
    for generation in GENERATIONS:
        caps = Caps(max_generations=generation, max_species=MAX_SPECIES, max_heavy_atoms=100)
        network = grow(seeds, _knowledge().rules, features=features, caps=caps)
        alike = [
            s
            for s in network.species
            if not s.startswith(FAMILY_PREFIX) and s not in seeds and heavy_atoms(s) == heavy_atoms(wanted)
        ]
        if any(skeleton(s, stereo=stereo) == aim for s in alike):
            return Result(row.id, generation, len(network.species), time.perf_counter() - start)
        if stereo and any(skeleton(s, stereo=False) == flat for s in alike):
            near = "without its stereo"
        if len(network.species) == species:
            break
        species = len(network.species)
    return Result(row.id, None, species, time.perf_counter() - start, near)


def _job(item: tuple[Row, str]) -> Result:
    return tried(*item)


def results(items: Sequence[tuple[Row, str]]) -> list[Result]:
    """Return the results of rows, each with reagents added, on all cores."""
    found: list[Result] = []
    with multiprocessing.Pool(os.cpu_count(), maxtasksperchild=20) as pool:
        for n, result in enumerate(pool.imap_unordered(_job, items), start=1):
            found.append(result)
            state = f"generation {result.generation}" if result.generation else f"ABSENT {result.near}"
            print(f"{n}/{len(items)} {result.id} {state} {result.seconds:.1f} s", file=sys.stderr, flush=True)
    return sorted(found, key=lambda r: r.id)


def _table(
    rows: Sequence[Row], first: Mapping[str, Result], second: Mapping[str, Result], told: Mapping[str, Miss]
) -> Iterator[str]:
    """Yield the lines of one set's table."""
    by_kind: dict[str, list[Row]] = defaultdict(list)
    for r in rows:
        by_kind[r.kind].append(r)
    yield from (
        "| kind | as recorded | with the reagents the record leaves out | of these, rows that are one right step | misses by class |",
        "|---|---|---|---|---|",
    )

    def line(name: str, some: Sequence[Row]) -> str:
        k = sum(first[r.id].generation is not None for r in some)
        more = k + sum(r.id in second and second[r.id].generation is not None for r in some)
        why = Counter(told[r.id].group if r.id in told else "NO CLASS" for r in some if first[r.id].generation is None)
        listed = "; ".join(f"{n} {group}" for group, n in why.most_common()) or "-"
        genuine = [r for r in some if not (r.id in told and told[r.id].group in NOT_ONE_STEP)]
        right = sum(any(x.get(r.id) and x[r.id].generation is not None for x in (first, second)) for r in genuine)
        return f"| {name} | {wilson(k, len(some))} | {wilson(more, len(some))} | {wilson(right, len(genuine))} | {listed} |"

    for kind in sorted(by_kind, key=lambda k: (k == TWO_CHANGES, -len(by_kind[k]), k)):
        yield line(kind, by_kind[kind])
    yield line("**all**", rows)


def recorded() -> tuple[list[str], list[str]]:
    """Return the page and what is wrong with the classes."""
    rows, separate, told = shipped_rows(), ord_rows(), misses()
    first = {r.id: r for r in results([(row, "") for row in (*rows, *separate)])}
    absent = [r for r in (*rows, *separate) if first[r.id].generation is None]
    again = [(r, told[r.id].completed_with) for r in absent if r.id in told and told[r.id].completed_with]
    second = {r.id: r for r in results(again)}
    complaints = [
        f"{r.id} ({r.kind}) is not found and has no class in {MISSES.name}" for r in absent if r.id not in told
    ]
    complaints += [
        f"{i} is found now: take it out of {MISSES.name}" for i in told if i in first and first[i].generation
    ]
    complaints += [f"{i} in {MISSES.name} is no row of the set" for i in told if i not in first and separate]
    complaints += [
        f"{r.id} is not found with {extra} either: {told[r.id].group}"
        for r, extra in again
        if second[r.id].generation is None and told[r.id].group == LEFT_OUT
    ]
    complaints += [
        f"{r.id} is found with {extra}: its class is {LEFT_OUT!r}, not {told[r.id].group!r}"
        for r, extra in again
        if second[r.id].generation is not None and told[r.id].group.startswith("rule")
    ]
    lines = [
        "# Recorded reactions of 1,4-diazepanes",
        "",
        f"Made at {stamp(_knowledge())}, by `make validate`.",
        "",
        "For each recorded reaction everything in its reaction SMILES goes into the flask (with water, under nitrogen), and the shipped rules",
        f"grow it for up to {GENERATIONS[-1]} generations and {MAX_SPECIES} species, without amounts and without temperature. Found means: the recorded main product is",
        "one of the species (salts and charges settled; stereo compared where the record has it). This asks whether a rule exists and its pattern and gate",
        "fit, not how much forms. The second column of numbers adds the reagents that the record leaves out (most rows of the USPTO-50K family list no",
        "reagents at all): which ones, is in `recorded-misses.csv`; they were chosen row by row before the second run. The third leaves out rows that",
        f"a person classed as {', '.join(sorted(NOT_ONE_STEP))}.",
        "",
        "## USPTO (CC0, in `recorded_reactions_uspto.csv`)",
        "",
        *_table(rows, first, second, told),
        "",
    ]
    if separate:
        lines += [
            "## Open Reaction Database (CC BY-SA, not part of the project)",
            "",
            *_table(separate, first, second, told),
            "",
        ]
    else:
        lines += [
            "The rows of the Open Reaction Database were not on this machine; they are CC BY-SA and not part of the project.",
            "",
        ]
    came = Counter(r.generation for r in first.values() if r.generation)
    lines += [
        f"Generation in which the product came: {', '.join(f'{g}: {came[g]}' for g in sorted(came))}.",
        f"Species in the network then: median {sorted(r.species for r in first.values())[len(first) // 2]}, most {max(r.species for r in first.values())}.",
        "",
        "## Every miss",
        "",
        "| row | kind | class | reason | with the reagents left out |",
        "|---|---|---|---|---|",
    ]
    for r in sorted(absent, key=lambda r: (told[r.id].group if r.id in told else "", r.id)):
        miss = told.get(r.id)
        after = second.get(r.id)
        done = "-" if after is None else "found" if after.generation else "not found"
        group, reason = (miss.group, miss.reason) if miss else ("NO CLASS", "not looked at yet")
        lines.append(f"| {r.id} | {r.kind} | {group} | {reason} | {done} |")
    return lines, complaints


def main() -> None:
    """Run some rows and say what was grown."""
    if "--ship" in sys.argv:
        write_shipped()
        return
    rows = {r.id: r for r in (*shipped_rows(), *ord_rows())}
    told = misses() if MISSES.exists() else {}
    for i in sys.argv[1:]:
        extra = told[i].completed_with if i in told else ""
        print(rows[i].reaction_smiles, tried(rows[i]), tried(rows[i], extra) if extra else "", sep="\n  ")
        print("  ", canonical(wanted_of(rows[i].product)))


if __name__ == "__main__":
    main()
