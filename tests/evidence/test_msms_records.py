"""Recorded spectra that are not shipped: what validation/fragments.md says holds."""

import importlib
import sys
from pathlib import Path
from statistics import mean

import pytest

from ringside.knowledge.load import load

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared" / "data" / "lcms" / "massbank"
sys.path.insert(0, str(ROOT / "tools"))


@pytest.mark.skipif(not SHARED.is_dir(), reason="the records are not here")
def test_true_structures_explain_more_than_scrambled_ones_and_much_more_than_other_molecules():
    tool = importlib.import_module("validate_fragments")
    records, out = tool.read_records(sorted(SHARED.glob("*.txt"))[::6])
    everyone = sorted({r.smiles for r in records})
    trials = [tool.trial(r, everyone, load().evidence) for r in records]
    assert out
    assert len(trials) > 15
    true = mean(t.true.explained for t in trials)
    assert true > 0.4
    assert true > 1.3 * mean(w.explained for t in trials for w in t.wrong)
    assert true > 4.0 * mean(t.other.explained for t in trials if t.other)
    assert mean(t.rank for t in trials) < 8.0
