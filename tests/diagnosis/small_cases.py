"""Small cases in one line each, and whether a cause is in play in one of them."""

from functools import cache
from pathlib import Path

import numpy as np

from ringside.answers.channels import situation
from ringside.answers.flow import simulator
from ringside.answers.tools import case_tools, toolbox_of
from ringside.case.read import case_from_raw
from ringside.diagnosis.artefacts import with_artefact
from ringside.diagnosis.design import paired_gain
from ringside.diagnosis.hypotheses import hypotheses
from ringside.diagnosis.looks import differs
from ringside.errors import NoAnswer
from ringside.knowledge.load import load

DRAWS = 8
KNOWN = load(None)
BENZYL = "C1CNCCN(C1)Cc1ccccc1"
MEBENZYL = "CN1CCCN(CC1)Cc1ccccc1"
WASHED = {"quench": "sat. NaHCO3", "extract": [{"solvent": "dichloromethane", "volume": "20 mL", "times": 3}]}


def case(target, *charges, at="25 degC", time="16 h", air="N2", workup=None, seen=True):
    """Read "name, role, amount, key: value, ..." lines to a case; a SMILES may stand in brackets behind the name."""
    rows = []
    for text in charges:
        name, role, amount, *rest = (part.strip() for part in text.split(";"))
        row = {"name": name.split(" [")[0], "role": role, "amount": amount}
        if " [" in name:
            row["smiles"] = name.split(" [", 1)[1].removesuffix("]")
        row |= dict(tuple(part.strip() for part in item.split(":", 1)) for item in rest)
        rows.append(row)
    raw = {"title": "small", "scale": "10 mmol", "charge": rows}
    raw |= {"target": target} if target else {}
    raw["conditions"] = {"temperature": at, "time": time, "atmosphere": air}
    raw |= {"workup": workup} if workup else {}
    raw |= {"observed": {"isolated_yield": "30 %", "conversion": "80 %"}} if seen else {}
    return case_from_raw(raw, case_tools(KNOWN), file="small.toml", folder=Path())


RUN = simulator(KNOWN)


@cache
def tools():
    return toolbox_of(RUN, KNOWN, [])


def in_play(cause, one, confusable=()):
    """Say whether a cause fits a case and changes what is seen there (a design cause: brings yield back)."""
    card = next(c for c in KNOWN.causes if c.id == cause)
    here = situation(RUN(one, DRAWS), KNOWN)
    found = hypotheses(one, [card], here, KNOWN.shifts, tools())
    if not found:
        return False
    written = tools().run(one, DRAWS)
    if card.kind == "artefact":
        world = with_artefact(written, card.artefact, tools().features, confusable)
        return differs(world, written, KNOWN.constants.same_prediction)
    try:
        if card.channel is not None:
            world = tools().without(one, card.channel, DRAWS) or written
        else:
            world = tools().run(found[0].case, DRAWS)
    except NoAnswer:
        return False
    if card.kind == "design":
        return float(np.median(paired_gain(written, world))) > KNOWN.constants.gain_that_matters
    return differs(world, written, KNOWN.constants.same_prediction)
