import copy
from pathlib import Path

import numpy as np
import pytest

from ringside.answers.diagnose import diagnose, inquire
from ringside.answers.fit import fitted
from ringside.answers.flow import DRAWS, simulator
from ringside.answers.predict import predict
from ringside.answers.tools import case_tools
from ringside.answers.worlds import world_of
from ringside.case.nouns import Patch
from ringside.case.read import case_from_raw, patch_case
from ringside.knowledge.load import load
from ringside.record.toml import read_toml

FOLDER = Path(__file__).parents[2] / "validation" / "lookalikes"
RAW = read_toml(FOLDER / "salt-or-stall.toml")
EARLY, LATE = "40 %", "50 %"


@pytest.fixture(scope="module")
def known():
    return load()


def case(known, time="4 h", **observed):
    raw = copy.deepcopy(RAW)
    raw["conditions"]["time"] = time
    raw["observed"] = observed
    return case_from_raw(raw, case_tools(known), file="case.toml", folder=FOLDER)


def course(*points):
    return [{"at": at, "conversion": value} for at, value in points]


FLAT = course(("15 min", "40 %"), ("1 h", "49 %"), ("2 h", "50 %"))
RISING = course(("15 min", "4 %"), ("1 h", "14 %"), ("2 h", "26 %"))


def test_an_aliquot_sees_the_flask_as_a_run_that_ends_then(known):
    run = simulator(known)
    sampled = world_of(run(case(known, aliquot=RISING), 8), known).samples
    for at, time in ((900.0, "15 min"), (7200.0, "2 h")):
        ended = world_of(run(case(known, time=time, conversion="50 %"), 8), known)
        assert sampled[at].in_sample == pytest.approx(ended.in_sample, abs=0.01)


def test_an_aliquot_after_the_end_sees_the_end(known):
    late = world_of(simulator(known)(case(known, aliquot=course(("9 h", "50 %"))), 8), known)
    assert late.samples[9 * 3600.0].amount == pytest.approx(late.amount)


def test_taking_aliquots_changes_no_prediction(known):
    plain, sampled = (
        {s.id: s.amount.median for s in predict(case(known, **seen), known).species}
        for seen in ({"conversion": "50 %"}, {"conversion": "50 %", "aliquot": FLAT})
    )
    assert sampled.keys() == plain.keys()
    assert max(abs(sampled[s] - plain[s]) for s in plain) < 0.01


def test_a_course_that_stalls_and_one_that_creeps_have_different_causes(known):
    chance = {}
    for name, points in (("flat", FLAT), ("rising", RISING)):
        found = inquire(case(known, conversion="50 %", aliquot=points), known).ranking
        chance[name] = {c.id: c.probability for c in found.candidates}
    used_up, slow = "wet-diamine", "colder-than-written"
    assert chance["flat"][used_up] > 8 * chance["flat"][slow]
    assert chance["rising"][slow] > 8 * chance["rising"][used_up]


def test_without_any_lc_a_spectrum_and_a_ph_still_give_an_answer(known):
    signals = [{"of": "target", "mol_percent": 50}, {"of": "starting material", "mol_percent": 50}]
    report = diagnose(case(known, ph="8..9", nmr=signals, water="300 ppm"), known)
    seen = {e.observation for c in report.causes or () for e in (*c.for_, *c.against)}
    assert {"nmr-crude", "ph", "water:mixture"} <= seen
    assert abs(sum(c.probability for c in report.causes or ()) - 1) < 1e-6


def test_a_flask_without_base_is_less_basic_than_one_with_it(known):
    raw = copy.deepcopy(RAW)
    raw["observed"] = {"ph": 7}
    base = {"name": "N,N-diisopropylethylamine", "role": "base", "amount": "2 equiv"}
    with_base = raw | {"charge": [*raw["charge"], base]}
    run = simulator(known)
    none, some = (
        world_of(run(case_from_raw(r, case_tools(known), file="case.toml", folder=FOLDER), 8), known)
        for r in (raw, with_base)
    )
    assert none.ph is not None
    assert some.ph is not None
    assert float(np.median(some.ph)) > float(np.median(none.ph)) + 1


def test_water_written_for_a_solvent_is_what_its_titration_should_find(known):
    raw = copy.deepcopy(RAW)
    raw["charge"][2]["water"] = "0.5 %"
    raw["observed"] = {"water": {"value": "0.5 %", "of": "acetonitrile"}}
    one = case_from_raw(raw, case_tools(known), file="case.toml", folder=FOLDER)
    world = world_of(simulator(known)(one, 8), known)
    assert world.water["acetonitrile"] == pytest.approx(np.full(8, 0.005), rel=0.02)


def test_aliquots_are_fitted_as_a_table_of_the_same_numbers_would_be(known, tmp_path):
    table = tmp_path / "course.csv"
    table.write_text("time [h],conversion [%]\n0.25,40\n1,49\n2,50\n")
    typed, _ = fitted(case(known, aliquot=FLAT), known, None)
    read, _ = fitted(case(known), known, table)
    assert typed.fit is not None
    assert read.fit is not None
    assert typed.fit.points == read.fit.points == 3
    assert typed.fit.misfit_after == pytest.approx(read.fit.misfit_after, rel=0.05)


def test_a_patched_case_with_aliquots_gives_what_its_remedy_promised(known):
    one = case(known, conversion="50 %", aliquot=FLAT)
    remedies = diagnose(one, known).remedies or ()
    assert remedies
    run = simulator(known)
    for remedy in remedies:
        patches = [Patch(p.path, p.from_, p.to) for p in remedy.change.patch]
        world = world_of(run(patch_case(one, patches, case_tools(known)), DRAWS), known)
        assert min(float(np.median(world.target_yield())), 1.0) == pytest.approx(remedy.yield_.after.median, abs=1e-9)
