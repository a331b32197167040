"""Synthetic troubled flasks: cases whose cause and rates are known, with observations as a user would write them."""

from __future__ import annotations

import copy
import math
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from scipy.special import expit, logit

from ringside.answers.channels import situation
from ringside.answers.diagnose import Inquiry, inquire
from ringside.answers.flow import DRAWS, Simulation, Simulator, looks, simulator
from ringside.answers.tools import case_tools, toolbox_of
from ringside.answers.worlds import world_of
from ringside.case.nouns import Case
from ringside.case.read import case_from_raw, read_case
from ringside.diagnosis.artefacts import with_artefact
from ringside.diagnosis.changes import change_patches
from ringside.diagnosis.design import SCREEN
from ringside.diagnosis.hypotheses import AS_WRITTEN, NONE_OF_THESE, Hypothesis, hypotheses
from ringside.diagnosis.likelihood import conversion, crude_mass
from ringside.diagnosis.looks import differs
from ringside.diagnosis.nouns import Cause, Change
from ringside.diagnosis.rounds import Run, case_in, hypotheses_over
from ringside.diagnosis.world import Toolbox, World, head
from ringside.errors import NoAnswer
from ringside.knowledge.base import Knowledge
from ringside.network.nouns import FAMILY_PREFIX

ROOT = Path(__file__).parents[1]
BASES = (
    "benzylation", "piperazine-coupling", "piperazine-excess", "sulfonylation", "waters-b6", "benzaldehyde-diamine", "biacetyl-ethylenediamine",
    "fluorobenzonitrile-coupling", "val-003", "val-006", "val-009", "val-014", "val-031", "val-034", "val-057", "val-083",
)  # fmt: skip
WASHED = {"quench": "sat. NaHCO3", "extract": [{"solvent": "dichloromethane", "volume": "20 mL", "times": 3}]}
INSTRUMENT = {"mz_error": "5 ppm"}
TRUE_DRAWS = 12
PROTONATED = "[M+H]+"
NO_CARD_SHARE = 0.1
MISREPORTED = 0.2
SHIFT = (0.5, 1.0)  # decades
WORDS = {
    "gum": "a sticky gum was left", "gas": "gassing", "white-solid": "a precipitate formed", "exotherm": "there was an exotherm", "colour": "it turned brown",
    "two-spots": "two spots on TLC", "emulsion": "an emulsion", "caked": "it was caked", "undissolved": "some never dissolved",
    "wet": "looked wet", "open-flask": "under air", "old-bottle": "from an old bottle", "new-bottle": "from a new bottle", "amine-smell": "a smell of amine",
    "streak": "streaks on silica", "blank-peak": "one peak is also in the blank", "flat-top": "one peak is flat-topped", "acidic": "the mixture was acidic", "stirring": "the stirrer had stopped",
    "cold": "there was a power cut", "hot": "the bath ran hot", "fast-addition": "added in one portion", "inverse": "inverse addition", "spilled": "some was spilled",
    "overweight": "the crude weighs too much", "solvent-smell": "a smell of solvent", "two-layers": "biphasic", "lost-in-trap": "some came over", "aqueous-spot": "UV in the aqueous",
    "aminal-signal": "a signal at 4.2 ppm of an aminal", "basic": "the mixture was basic", "coalescence": "the signals coalesce on warming", "gas-at-quench": "gas on quenching",
    "no-exotherm": "no exotherm", "no-gas-at-quench": "no gas on quenching", "two-for-good": "each peak re-injects as itself",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Base:
    """One recipe, and everything that is simulated once for all of its flasks."""

    name: str
    case: Case
    knowledge: Knowledge
    run: Simulator
    tools: Toolbox


@dataclass(frozen=True, slots=True)
class Truth:
    """What was at work in one flask.

    ``cause``: as a card, None where the recipe was followed; ``misreported``: an amount that is not what the recipe says; ``knowledge``, ``seed`` and
    ``draw``: the rates.
    """

    cause: Cause | None
    misreported: Change | None
    knowledge: Knowledge
    seed: str
    draw: int


@dataclass(frozen=True, slots=True)
class Flask:
    """A case with observations, and the cause that made them."""

    base: str
    number: int
    perturbed: bool
    case: Case
    cause: str
    kind: str
    seen: tuple[str, ...]
    truth: Truth


def base_of(name: str, knowledge: Knowledge) -> Base:
    """Return a base case without its observations; every second one gets a work-up where it has none."""
    folders = (ROOT / "examples", ROOT / "validation" / "cases")
    path = next(f / f"{name}.toml" for f in folders if (f / f"{name}.toml").exists())
    raw = dict(read_case(path, case_tools(knowledge)).raw)
    raw.pop("round", None)
    if BASES.index(name) % 2 == 0:
        raw.setdefault("workup", WASHED)
    raw["observed"] = {"instrument": INSTRUMENT}
    case = case_from_raw(raw, case_tools(knowledge), file=f"{name}.toml", folder=Path())
    own = simulator(knowledge)

    def run(asked: Case, n: int) -> Simulation:
        """Simulate without looking at the observations, which change nothing but are part of a simulator's memory."""
        plain = {**asked.raw, "observed": {"instrument": INSTRUMENT}}
        return replace(own(replace(asked, raw=plain), n), case=asked)

    return Base(name, case, knowledge, run, toolbox_of(run, knowledge, []))


def looked_into(base: Base, case: Case, without: str | None = None) -> Inquiry:
    """Return the diagnosis of a flask, if asked without one cause card."""
    known = base.knowledge
    if without is not None:
        known = replace(known, causes=tuple(c for c in known.causes if c.id != without))
    return inquire(case, known, base.run, base.tools)


def flask_of(
    base: Base,
    number: int,
    *,
    seed: int,
    perturbed: bool,
    everything: bool = False,
    cause: str | None = None,
    unknown: bool = False,
) -> Flask:
    """Return one troubled flask; the same arguments give the same flask.

    Args:
        base: The recipe.
        number: Which flask.
        seed: Of the whole run.
        perturbed: Break what the model assumes.
        everything: Observe all that can be.
        cause: The true cause instead of a drawn one.
        unknown: Let an unperturbed flask be none of these as often as the prior of that says, with observations that could be anything.
    """
    name = f"{seed}/{base.name}/{number}/{perturbed}"
    lot = np.random.Generator(np.random.PCG64(zlib.crc32(name.encode())))
    kinds = ("yield", "conversion", "crude", "peaks", "nmr", "notes") if everything else _kinds(lot)
    anything = unknown and not perturbed and lot.random() < base.knowledge.constants.prior_none
    in_play = _in_play(base, kinds)
    cards = {c.id: c for c in base.knowledge.causes}
    if cause is not None:
        chosen = in_play[cause]
    elif anything:
        chosen = None
    elif perturbed and lot.random() < NO_CARD_SHARE:
        chosen, cards[NONE_OF_THESE] = _without_card(base, lot)
    else:
        odds = np.array([1.0, *(h.odds for h in in_play.values())])
        drawn = int(lot.choice(len(odds), p=odds / odds.sum()))
        chosen = None if drawn == 0 else list(in_play.values())[drawn - 1]
    truth = _truth(base, chosen, None if chosen is None else cards[chosen.id], lot, name, perturbed=perturbed)
    case = base.case if chosen is None or chosen.artefact is not None else chosen.case
    world = true_world(truth, _with_misreported(base, case, truth))
    if chosen is not None and chosen.artefact is not None:
        world = with_artefact(world, chosen.artefact, base.tools.features)
    if anything:
        seen = _anything(base, world, truth.draw, kinds, lot)
    else:
        seen = _observations(base, world, truth.draw, chosen, kinds, lot, perturbed=perturbed)
    raw = copy.deepcopy(dict(base.case.raw))
    raw["observed"] = seen
    case = case_from_raw(raw, case_tools(base.knowledge), file=base.case.file, folder=Path())
    told = NONE_OF_THESE if anything else AS_WRITTEN if chosen is None else chosen.id
    kind = (
        "no card"
        if anything
        else "as-written"
        if chosen is None
        else "no card"
        if told == NONE_OF_THESE
        else chosen.kind
    )
    return Flask(base.name, number, perturbed, case, told, kind, kinds, truth)


def _kinds(lot: np.random.Generator) -> tuple[str, ...]:
    if lot.random() < 0.2:
        return ("yield",)
    often = {"yield": 1.0, "conversion": 0.8, "crude": 0.3, "peaks": 0.7, "nmr": 0.3, "notes": 0.6}
    return tuple(k for k, p in often.items() if lot.random() < p)


def _in_play(base: Base, kinds: Sequence[str]) -> dict[str, Hypothesis]:
    """Return the deviations and artefacts that fit a flask of which this much is observed, and change something there.

    Left out are artefacts that need a peak which may be mistaken: whether there is one depends on the draw.
    """
    shown = {
        "yield": {"isolated_yield": "50 %"},
        "conversion": {"conversion": "50 %"},
        "crude": {"crude_mass": "1 g"},
        "peaks": {"conversion": "50 %"},
        "nmr": {"conversion": "50 %"},
        "notes": {"notes": ["-"]},
    }
    raw = dict(base.case.raw)
    raw["observed"] = {"instrument": INSTRUMENT} | {k: v for kind in kinds for k, v in shown[kind].items()}
    case = case_from_raw(raw, case_tools(base.knowledge), file=base.case.file, folder=Path())
    here = situation(base.run(case, DRAWS), base.knowledge)
    written = head(base.tools.run(case, SCREEN), SCREEN)
    found: dict[str, Hypothesis] = {}
    for h in hypotheses(case, base.knowledge.causes, here, base.knowledge.shifts, base.tools):
        if h.kind == "design" or (h.artefact or {}).get("into") == "confusable":
            continue
        try:
            world = (
                with_artefact(written, h.artefact, base.tools.features)
                if h.artefact
                else base.tools.run(h.case, SCREEN)
            )
        except NoAnswer:
            continue
        if differs(world, written, base.knowledge.constants.same_prediction):
            found[h.id] = h
    return found


def _without_card(base: Base, lot: np.random.Generator) -> tuple[Hypothesis, Cause]:
    """Return a change of the recipe that no cause card speaks of, and that changes something; also as the card there is none of."""
    written = base.tools.run(base.case, SCREEN)
    while True:
        found, change = _any_change(base, lot)
        try:
            world = base.tools.run(found.case, SCREEN)
        except NoAnswer:
            continue
        if differs(world, written, base.knowledge.constants.same_prediction):
            return found, Cause(NONE_OF_THESE, "no card", "deviation", "", "", "draft", 0.0, (change,))


def _any_change(base: Base, lot: np.random.Generator) -> tuple[Hypothesis, Change]:
    case, tools = base.case, base.tools
    charges = [c for c in case.raw["charge"] if c.get("role") not in ("solvent", "substrate")]
    choice = int(lot.integers(3 if charges else 2))
    if choice == 0:
        times = float(lot.choice([0.15, 6.0]))
        change = Change("role:solvent", "amount", times=(times, times))
    elif choice == 1:
        stranger = {
            "name": "stranger",
            "smiles": str(lot.choice(["NCc1ccccc1", "O=Cc1ccccc1", "CC(=O)Cl", "CS"])),
            "role": "substrate",
            "amount": "0.6 equiv",
        }
        change = Change("new", to=stranger)
    else:
        lost = charges[int(lot.integers(len(charges)))]
        change = Change(f"name:{lost['name']}", "remove")
    patches = change_patches(case, change, tools)
    changed = tools.patch(case, patches)
    return Hypothesis(NONE_OF_THESE, "no card", "deviation", 0.0, changed, patches, None, (), "", ()), change


def _truth(
    base: Base, chosen: Hypothesis | None, cause: Cause | None, lot: np.random.Generator, name: str, *, perturbed: bool
) -> Truth:
    """Return what happened: the cause, rates of a few draws that no diagnosis uses, and which of the draws it was."""
    knowledge, misreported = base.knowledge, None
    if perturbed:
        families = {}
        for key in sorted(knowledge.rates.families):
            row = knowledge.rates.families[key]
            shift = float(lot.uniform(*SHIFT) * lot.choice([-1.0, 1.0]))
            families[key] = replace(row, log10_k=row.log10_k + shift)
        knowledge = replace(knowledge, rates=replace(knowledge.rates, families=families))
        case = base.case if chosen is None or chosen.artefact is not None else chosen.case
        misreported = _misreported(base, case, lot)
    return Truth(cause, misreported, knowledge, f"flask {name}", int(lot.integers(1, TRUE_DRAWS)))


def true_world(truth: Truth, case: Case) -> World:
    """Return the world of a case with the true rates; row ``truth.draw`` is what happened."""
    return world_of(simulator(truth.knowledge, truth.seed)(case, TRUE_DRAWS), truth.knowledge)


def happened(base: Base, truth: Truth, case: Case) -> Case:
    """Return what happens when a case is run: the cause stays at work as a diagnosis of rounds has it.

    That is: it is gone where the case takes another bottle of what the cause is about, sets anew what the cause sets, or no longer fits the
    cause (see ``diagnosis.rounds``). A misreported amount is misreported again.

    Args:
        base: The recipe.
        truth: What was at work in its flask.
        case: The recipe as written, or changed by a remedy.
    """
    cause = truth.cause
    if cause is not None and cause.artefact is None:
        fits = replace(cause, needs=tuple(n for n in cause.needs if not n.startswith("observed:")))
        runs = tuple(Run(i, c, (), _situation(base, c)) for i, c in enumerate((base.case, case)))
        for h in hypotheses_over(runs, (fits,), base.knowledge.shifts, base.tools):
            case = case_in(runs[1], h, base.tools)
    return _with_misreported(base, case, truth)


def _situation(base: Base, case: Case) -> frozenset[str]:
    """Return the features by which cards are chosen, as if the case were simulated."""
    plain = base.run(base.case, SCREEN)
    wanted = case.recipe.target
    target = plain.target if wanted is None else base.tools.canonical(wanted)
    return situation(replace(plain, case=case, target=target), base.knowledge)


def _with_misreported(base: Base, case: Case, truth: Truth) -> Case:
    if truth.misreported is None:
        return case
    patches = change_patches(case, truth.misreported, base.tools)
    return base.tools.patch(case, patches) if patches else case


def _misreported(base: Base, case: Case, lot: np.random.Generator) -> Change | None:
    """Return that one amount is not what the recipe says; never that of the limiting reactant, the basis of all."""
    limiting = base.tools.run(base.case, SCREEN).limiting
    smiles = {
        str(c["name"]): base.tools.smiles_of(case, str(c["name"]))
        for c in case.raw["charge"]
        if c.get("role") != "solvent"
    }
    free = [n for n, s in smiles.items() if s is not None and base.tools.canonical(s) != limiting]
    if not free:
        return None
    times = 1.0 + MISREPORTED * float(lot.choice([-1.0, 1.0]))
    return Change(f"name:{free[int(lot.integers(len(free)))]}", "amount", times=(times, times))


def _observations(
    base: Base,
    world: World,
    draw: int,
    chosen: Hypothesis | None,
    kinds: Sequence[str],
    lot: np.random.Generator,
    *,
    perturbed: bool,
) -> dict[str, Any]:
    """Return the [observed] table."""
    c = base.knowledge.constants
    seen: dict[str, Any] = {"instrument": INSTRUMENT}
    z = lot.standard_normal(4) if perturbed else lot.standard_t(c.tail_degrees, 4)
    made, turned = float(world.target_yield()[draw]), float(conversion(world)[draw])
    if "yield" in kinds:
        if perturbed:
            value = min(made * c.handling_median * math.exp(c.sd_handling_log * z[0]), 1.5)
            value = round(20 * value) / 20 if value > 0.2 else round(100 * value) / 100
        else:
            value = _spread(
                made * c.handling_median, math.hypot(c.sd_yield_logit, c.sd_handling_log) * z[0], c.floor_yield
            )
        seen["isolated_yield"] = f"{100 * value:.3g} %"
    if "conversion" in kinds:
        value = _spread(turned, (0.5 if perturbed else 1.0) * c.sd_conversion_logit * z[1], c.floor_conversion)
        seen["conversion"] = f"{100 * (round(10 * value) / 10 if perturbed else value):.3g} %"
    weight = float(crude_mass(world)[draw]) * math.exp(c.sd_crude_log * z[2])
    if "crude" in kinds and weight > 0:
        seen["crude_mass"] = f"{weight:.{2 if perturbed else 4}g} g"
    if "peaks" in kinds:
        seen["peak"] = _peaks(base, world, draw, lot, perturbed=perturbed)
    if "nmr" in kinds:
        seen["nmr"] = _integrals(world, draw, c.sd_nmr_log, c.detection_limit_nmr, lot)
    if "notes" in kinds:
        seen["notes"] = _notes(base, {} if chosen is None else chosen.signs, lot)
    return {k: v for k, v in seen.items() if v}


def _notes(base: Base, own: Mapping[str, float], lot: np.random.Generator) -> list[str]:
    noted = [s.id for s in base.knowledge.signs if lot.random() < own.get(s.id, s.baseline)]
    return [WORDS[s] for s in noted] or ["worked up as usual"]


def _integrals(world: World, draw: int, sd: float, limit: float, lot: np.random.Generator) -> list[dict[str, Any]]:
    """Return molar shares of the three most abundant species of the crude that stay in it, the target among them."""
    held = {
        s: float(world.isolated[draw, i])
        for i, s in enumerate(world.species)
        if world.residue[i] and not s.startswith(FAMILY_PREFIX)
    }
    most = sorted(held, key=lambda s: (s != world.product, -held[s], s))[:3]
    seen = {s: held[s] * math.exp(sd * lot.standard_normal()) for s in most if held[s] > limit * sum(held.values())}
    total = sum(seen.values())
    return [{"of": s, "mol_percent": round(100 * v / total, 1)} for s, v in seen.items()] if len(seen) > 1 else []


def _anything(base: Base, world: World, draw: int, kinds: Sequence[str], lot: np.random.Generator) -> dict[str, Any]:
    """Return an [observed] table of which nothing is known, as the broad densities of none-of-these have it."""
    c = base.knowledge.constants
    seen: dict[str, Any] = {"instrument": INSTRUMENT}
    for kind, key in (("yield", "isolated_yield"), ("conversion", "conversion")):
        if kind in kinds:
            seen[key] = f"{100 * lot.random():.3g} %"
    if "crude" in kinds:
        held = zip(world.species, world.charged, world.molar_mass, strict=True)
        charged = sum(a * m for s, a, m in held if s in world.starting_materials) * float(np.median(world.limiting_mol))
        seen["crude_mass"] = f"{charged / 2 * math.exp(c.sd_crude_reference_log * lot.standard_normal()):.4g} g"
    if "peaks" in kinds:
        peaks = _peaks(base, world, draw, lot, perturbed=False)[:-1]
        parts = np.exp(c.sd_area_reference_log * lot.standard_normal(len(peaks)))
        unread = float(lot.random() if lot.random() < c.unexplained_none else lot.exponential(c.unexplained_mean))
        areas = parts / max(float(parts.sum()), 1e-9) * (1 - min(unread, 0.9))
        rows = [{"mz": p["mz"], "area": f"{100 * a:.4g} %"} for p, a in zip(peaks, areas, strict=True)]
        stranger = {"mz": [round(float(lot.uniform(150.0, 550.0)), 4)], "area": f"{100 * min(unread, 0.9):.4g} %"}
        seen["peak"] = [*rows, stranger] if rows else []
    if "notes" in kinds:
        seen["notes"] = _notes(base, {}, lot)
    return {k: v for k, v in seen.items() if v}


def _spread(value: float, off: float, floor: float) -> float:
    return float(expit(logit(min(max(value, floor / 2), 1 - floor / 2)) + off))


def _peaks(base: Base, world: World, draw: int, lot: np.random.Generator, *, perturbed: bool) -> list[dict[str, Any]]:
    """Return the peaks that a chemist would list: those with an [M+H]+ and an area above the limit, and one without a reading."""
    c = base.knowledge.constants
    views = {v.species: v for v in looks(base.run(base.case, DRAWS), base.knowledge)}
    masses = {s: next((i.mz for i in v.ions if i.ion == PROTONATED), None) for s, v in views.items()}
    classes = dict(zip(sorted(set(world.uv_class)), lot.standard_normal(len(set(world.uv_class))), strict=True))
    tilt = math.log(2.0) * float(lot.choice([-1.0, 1.0])) if perturbed else 0.0
    areas: dict[str, float] = {}
    for i, s in enumerate(world.species):
        off = (
            c.sd_response_between_log * classes[world.uv_class[i]]
            + math.hypot(c.sd_response_within_log, c.sd_area_log) * lot.standard_normal()
        )
        off += tilt if s not in world.starting_materials else 0.0
        limit = c.detection_limit_uv * math.exp(c.sd_detection_log * lot.standard_normal())
        area = float(world.in_sample[draw, i] * world.uv[i])
        areas[s] = (
            area * math.exp(off)
            if area > limit * float(world.in_sample[draw] @ world.uv) and lot.random() > c.miss_rate
            else 0.0
        )
    total = sum(areas.values())
    due = 0.0 if world.unread is None else float(world.unread[draw])
    unread = min(due + float(lot.exponential(c.unexplained_mean)), 0.9)
    stranger = float(lot.uniform(150.0, 550.0))
    rows = [(m, areas[s] / total * (1 - unread)) for s, m in masses.items() if m is not None and areas.get(s, 0.0) > 0]
    if not rows:
        return []
    rows.append((stranger, unread))
    digits = 2 if perturbed else 4
    rounded = [(m, round(a, digits)) for m, a in rows]
    return [{"mz": [round(m, 4)], "area": f"{100 * a:.4g} %"} for m, a in sorted(rounded, key=lambda r: -r[1]) if a > 0]
