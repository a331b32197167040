"""An interrupted plate goes on where it was."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from ringside.answers.plate.ask import ask_plate
from ringside.answers.report import to_plain
from ringside.record.jsontext import to_json

WATERS = Path(__file__).parents[2] / "examples" / "data" / "waters_plate"
KILLED = """
import os, signal, sys
from pathlib import Path
from ringside.answers.plate.ask import ask_plate

def step(done, of):
    if done == 5:
        os.kill(os.getpid(), signal.SIGKILL)

ask_plate(Path(sys.argv[1]), Path(sys.argv[2]), None, resume=Path(sys.argv[3]), step=step)
"""


def bytes_of(report):
    return to_json(to_plain(report))


@pytest.fixture(scope="module")
def whole():
    return bytes_of(ask_plate(WATERS / "platemap.csv", WATERS / "plate.rpt", None))


@pytest.fixture
def state(tmp_path):
    return tmp_path / "state"


def again(state, platemap=WATERS / "platemap.csv"):
    """Return the bytes of a run, how many wells it kept anew, and what it told."""
    before = {p.name: p.stat().st_mtime_ns for p in state.glob("*.json")} if state.exists() else {}
    told = []
    report = ask_plate(platemap, WATERS / "plate.rpt", None, resume=state, tell=told.append)
    after = {p.name: p.stat().st_mtime_ns for p in state.glob("*.json")}
    return bytes_of(report), sum(before.get(n) != t for n, t in after.items()), told


def test_a_run_killed_in_the_middle_goes_on_and_gives_the_same_bytes(state, whole):
    arguments = [str(WATERS / "platemap.csv"), str(WATERS / "plate.rpt"), str(state)]
    run = subprocess.run([sys.executable, "-c", KILLED, *arguments], env=dict(os.environ), check=False)
    assert run.returncode == -signal.SIGKILL
    assert len(list(state.glob("well-*.json"))) == 5
    text, anew, told = again(state)
    assert text == whole
    assert (anew, told) == (9, [])


def test_a_finished_run_is_not_done_again(state, whole):
    again(state)
    assert again(state) == (whole, 0, [])


def test_a_damaged_state_file_is_done_again_with_a_note(state, whole):
    again(state)
    broken, cut, *_ = sorted(state.glob("*.json"))
    broken.write_bytes(broken.read_bytes().replace(b'"well": "', b'"well": "X', 1))
    cut.write_bytes(cut.read_bytes()[:300])
    text, anew, told = again(state)
    assert text == whole
    assert anew == 2
    assert all("damaged" in note for note in told) and len(told) == 2


def test_a_well_whose_row_changed_is_done_again(state, tmp_path):
    platemap = tmp_path / "map.csv"
    shutil.copy(WATERS / "platemap.csv", platemap)
    again(state, platemap)
    lines = platemap.read_text().splitlines()
    platemap.write_text("\n".join(line.replace("4:18,B6", "4:18,renamed") for line in lines) + "\n")
    _, anew, _ = again(state, platemap)
    assert anew == 1


def test_another_target_on_the_plate_is_another_question_for_every_well(state, tmp_path):
    platemap = tmp_path / "map.csv"
    shutil.copy(WATERS / "platemap.csv", platemap)
    again(state, platemap)
    platemap.write_text(platemap.read_text().replace("BrC1=CC2=CC=CC=C2N=C1", "ClC1=CC2=CC=CC=C2N=C1"))
    _, anew, _ = again(state, platemap)
    assert anew == 14


def test_a_changed_report_is_read_again(state, tmp_path):
    again(state)
    changed = tmp_path / "plate.rpt"
    text = (WATERS / "plate.rpt").read_bytes()
    changed.write_bytes(text.replace(b"Area %Total\t7.13", b"Area %Total\t8.13", 1))
    assert changed.read_bytes() != text
    report = ask_plate(WATERS / "platemap.csv", changed, None, resume=state)
    assert len(list(state.glob("*.json"))) == 15
    assert report.wells[12].product_if_one_percent[0] == pytest.approx(8.13)
