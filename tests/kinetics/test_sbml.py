"""A flask written as SBML gives the same amounts elsewhere; libroadrunner is the referee where it is installed."""

import csv
import io
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from ringside.answers.ask import ask_exchange

EXAMPLES = Path(__file__).parents[2] / "examples"
NS = {"s": "http://www.sbml.org/sbml/level3/version1/core"}
RAMP = """
title = "feed, portion and ramp"
target = "C1CNCCN(C1)Cc1ccccc1"
scale = "10 mmol"
charge = [
  { name = "homopiperazine", role = "substrate", amount = "2 equiv" },
  { name = "benzyl bromide", role = "substrate", amount = "1 equiv", solution = "0.5 mol/L in acetonitrile", start = "10 min", add_over = "1 h" },
  { name = "triethylamine", role = "base", amount = "1 equiv", start = "30 min" },
  { name = "acetonitrile", role = "solvent", amount = "50 mL" },
]
conditions = { temperature = [["0 h", "0 degC"], ["2 h", "40 degC"]], time = "4 h", atmosphere = "N2" }
"""


@pytest.fixture(scope="module")
def ramp(tmp_path_factory):
    path = tmp_path_factory.mktemp("sbml") / "ramp.toml"
    path.write_text(RAMP, encoding="utf-8")
    return path


def course(path):
    _, smiles, *rows = csv.reader(io.StringIO(ask_exchange("course", path)))
    return smiles[1:], [[float(x) for x in row] for row in rows]


def test_every_name_in_the_mathematics_is_declared(ramp):
    root = ET.fromstring(ask_exchange("sbml", ramp))
    declared = {e.get("id") for e in root.iter() if e.get("id")}
    used = {e.text for e in root.iter("{http://www.w3.org/1998/Math/MathML}ci")}
    assert used
    assert used <= declared
    assert len([e.get("id") for e in root.iter() if e.get("id")]) == len(declared)


def test_a_feed_a_portion_and_a_ramp_are_in_the_model(ramp):
    root = ET.fromstring(ask_exchange("sbml", ramp))
    reactions = [r.get("name") for r in root.findall(".//s:reaction", NS)]
    assert "feed of BrCc1ccccc1" in reactions
    assert len(root.findall(".//s:event", NS)) == 1
    rules = {r.get("variable") for r in root.findall(".//s:listOfRules/*", NS)}
    assert {"kelvin", "flask", "ln_h"} <= rules


def test_a_reactant_that_is_not_used_up_is_a_modifier(ramp):
    for r in ET.fromstring(ask_exchange("sbml", ramp)).findall(".//s:reaction", NS):
        listed = {e.get("species") for e in r.iter() if e.get("species")}
        species = {e.text for e in r.iter("{http://www.w3.org/1998/Math/MathML}ci") if e.text.startswith("s")}
        assert species <= listed


def test_the_course_starts_with_what_is_charged_and_ends_as_predicted(ramp):
    smiles, rows = course(ramp)
    assert rows[0][0] == 0.0
    assert rows[-1][0] == 240.0
    assert rows[0][1 + smiles.index("C1CNCCNC1")] == pytest.approx(2.0)
    assert rows[0][1 + smiles.index("BrCc1ccccc1")] == 0.0
    assert rows[-1][1 + smiles.index("c1ccc(CN2CCCNCC2)cc1")] > 0.5


@pytest.mark.parametrize("name", ["benzylation", "dichloromethane-solvent", "stalled-closure", "ramp"])
def test_libroadrunner_finds_the_same_amounts(name, ramp):
    roadrunner = pytest.importorskip("roadrunner")
    path = ramp if name == "ramp" else EXAMPLES / f"{name}.toml"
    text = ask_exchange("sbml", path)
    model = roadrunner.RoadRunner(text)
    model.integrator.relative_tolerance = 1e-8
    model.integrator.absolute_tolerance = 1e-16
    smiles, rows = course(path)
    model.simulate(0, rows[-1][0] * 60.0, 2)
    states = {s.get("id"): s.find(".//{*}p").text for s in ET.fromstring(text).findall(".//s:species", NS)}
    amounts = dict(
        zip(map(states.get, model.model.getFloatingSpeciesIds()), model.model.getFloatingSpeciesAmounts(), strict=True)
    )
    scale = max(rows[-1][1:]) / amounts[smiles[rows[-1].index(max(rows[-1][1:])) - 1]]
    for s, value in zip(smiles, rows[-1][1:], strict=True):
        if s in amounts:
            assert scale * (amounts[s] + amounts.get(f"solid:{s}", 0.0)) == pytest.approx(value, rel=1e-4, abs=1e-4)
