"""A flask can be ranked again without simulating, and a long run goes on where it stopped."""

import importlib
import sys
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import pytest

from ringside.diagnosis.hypotheses import NONE_OF_THESE
from ringside.diagnosis.scores import draw_weights
from ringside.knowledge.load import load

sys.path.insert(0, str(Path(__file__).parents[2] / "tools"))
FLASKS, REPLAY, ROWS = (importlib.import_module(n) for n in ("troubled_flasks", "flask_replay", "kept_rows"))
KNOWN = load(None)
TRUTH = "lost-in-water"


@cache
def flask():
    base = FLASKS.base_of("benzylation", KNOWN)
    made = FLASKS.flask_of(base, 0, seed=1, perturbed=False, everything=True, cause=TRUTH)
    return base, made, FLASKS.looked_into(base, made.case).ranking


@cache
def dump():
    _, made, ranking = flask()
    return REPLAY.dump_of(
        ranking,
        KNOWN.constants,
        base=made.base,
        number=0,
        seed=1,
        perturbed=False,
        truth=TRUTH,
        kind=made.kind,
        seen=made.seen,
    )


def told():
    ranking = flask()[2]
    return {c.id: c.probability for c in ranking.candidates} | {NONE_OF_THESE: ranking.none_probability}


def test_with_the_same_constants_a_replay_tells_what_the_diagnosis_told():
    assert REPLAY.replay(dump(), KNOWN.constants) == pytest.approx(told(), abs=1e-9)


def test_likelihoods_made_again_of_the_dumped_worlds_are_those_of_the_diagnosis():
    other = replace(KNOWN.constants, sd_yield_logit=0.9, sd_area_log=0.5)
    made_again = REPLAY.replay(replace(dump(), constants=other), KNOWN.constants)
    assert made_again == pytest.approx(told(), abs=1e-9)
    for c in flask()[2].candidates:
        weights = draw_weights(dump().logs[c.id], KNOWN.constants.tempering)
        assert weights == pytest.approx(c.weights, abs=1e-9)


def test_constants_change_the_answer_as_they_should():
    sharp, dull = (REPLAY.replay(dump(), replace(KNOWN.constants, tempering=t)) for t in (1.0, 0.2))
    assert sharp[TRUTH] > dull[TRUTH]
    unsure = REPLAY.replay(dump(), replace(KNOWN.constants, prior_none=0.6))
    assert unsure[NONE_OF_THESE] > told()[NONE_OF_THESE]
    assert sum(unsure.values()) == pytest.approx(1.0)


def test_without_the_true_world_none_of_these_rises():
    without = REPLAY.replay(dump(), KNOWN.constants, without={TRUTH})
    assert TRUTH not in without
    assert without[NONE_OF_THESE] > told()[NONE_OF_THESE]


def test_a_dump_can_be_written_and_read_again(tmp_path):
    REPLAY.write_dump(dump(), tmp_path)
    (again,) = REPLAY.dumps(tmp_path)
    assert REPLAY.replay(again, KNOWN.constants) == REPLAY.replay(dump(), KNOWN.constants)


@dataclass(frozen=True)
class Line:
    name: str
    number: int
    share: float | None
    seen: tuple[str, ...]
    pair: tuple[float, float] | None


LINES = [
    Line("a, and b", 1, 0.1 + 0.2, ("yield", "notes"), (1.5, -2.0)),
    Line("none", 2, None, (), None),
]


def test_kept_rows_come_back_as_they_were(tmp_path):
    for line in LINES:
        ROWS.append(tmp_path / "rows.csv", line)
    assert ROWS.kept([tmp_path / "rows.csv", tmp_path / "not-there.csv"], Line) == LINES


def test_a_last_row_cut_short_by_an_interruption_is_left_out_and_the_next_begins_anew(tmp_path):
    path = tmp_path / "rows.csv"
    for line in LINES:
        ROWS.append(path, line)
    text = path.read_text(encoding="utf-8")
    path.write_text(text[:-20], encoding="utf-8")
    assert ROWS.kept([path], Line) == LINES[:1]
    ROWS.append(path, LINES[1])
    assert ROWS.kept([path], Line) == LINES


def test_rows_of_another_kind_are_refused(tmp_path):
    path = tmp_path / "rows.csv"
    path.write_text("name,other\na,b\n", encoding="utf-8")
    with pytest.raises(ValueError, match="take another file"):
        ROWS.kept([path], Line)
