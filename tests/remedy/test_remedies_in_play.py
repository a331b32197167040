"""Each remedy beyond the first has a small case that it mends, and one where it finds nothing to do or brings nothing."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent / "diagnosis"))

from small_cases import DRAWS, KNOWN, RUN, tools
from test_causes_in_play import made

from ringside.answers.channels import situation
from ringside.diagnosis.changes import all_patches
from ringside.diagnosis.design import paired_gain
from ringside.diagnosis.hypotheses import considered

ROWS = [
    ("sodium-iodide", "butyl-dilute", "benzoyl"),
    ("hindered-base", "dabco", "benzyl"),
    ("soluble-base", "slurry", "benzyl"),
    ("stronger-base", "pyridine", "benzyl"),
    ("weaker-base", "phenol", "butyl"),
    ("free-base", "butyl-salt", "butyl"),
    ("inert-solvent", "acetyl-ethanol", "benzyl"),
    ("concentrate", "butyl-dilute", "ring-fed"),
    ("less-acid", "cyanoborohydride-sulfonic", "benzyl"),
    ("feed-aldehyde", "butanal", "benzyl"),
    ("break-borane", "lactam-borane", "benzyl"),
    ("hydride-instead-of-hydrogen", "pd-nitro", "pd-aniline"),
    ("inert-gas", "butyl-open", "butyl"),
    ("less-amine", "dichloropyrimidine", "benzyl"),
    ("milder-acid", "boc-sulfonic", "boc-hot"),
    ("extract-more", "mono-benzyl", "butyl"),
    ("monomeric-aldehyde", "half-paraformaldehyde", "butanal"),
    ("platinum", "pd-aniline", "raney-methanol"),
    ("acid-one-equivalent", "mono-benzyl", "benzoyl-once"),
]


def best_gain(remedy, name):
    """Return the best mean gain over the options that find something; minus 1 where none does."""
    card, one = next(r for r in KNOWN.remedies if r.id == remedy), made(name)
    if not considered(card.needs, card.excludes, situation(RUN(one, DRAWS), KNOWN)):
        return -1.0
    found = [p for p in (all_patches(one, option, tools()) for option in card.options) if p]
    written = tools().run(one, DRAWS)
    gains = [paired_gain(written, tools().run(tools().patch(one, p), DRAWS)) for p in found]
    return max((float(g.mean()) for g in gains), default=-1.0)


@pytest.mark.parametrize(("remedy", "here", "not_here"), ROWS, ids=[r[0] for r in ROWS])
def test_a_remedy_brings_something_where_it_fits_and_nothing_where_it_does_not(remedy, here, not_here):
    assert best_gain(remedy, here) > KNOWN.constants.gain_that_matters
    assert best_gain(remedy, not_here) < KNOWN.constants.gain_that_matters
