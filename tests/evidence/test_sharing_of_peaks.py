"""A species owns one main peak: sum-product against counting every case."""

import itertools

import numpy as np
import pytest
from evidence_tables import tables
from hypothesis import given, settings
from hypothesis import strategies as st

from ringside.evidence.lines import line_model, lines_of
from ringside.evidence.nouns import Expected, ExpectedIon
from ringside.evidence.sharing import share_out

AGAIN = 0.1


def counted(weights, none, again=AGAIN):
    """Return the exact answer by going through every way of naming the peaks."""
    n_peaks, n_species = weights.shape
    out = np.zeros((n_peaks, n_species + 1))
    for choice in itertools.product(range(n_species + 1), repeat=n_peaks):
        owned = [c for c in choice if c < n_species]
        weight = again ** (len(owned) - len(set(owned)))
        for i, c in enumerate(choice):
            weight *= none[i] if c == n_species else weights[i, c]
        for i, c in enumerate(choice):
            out[i, c] += weight
    return out / out.sum(axis=1, keepdims=True)


numbers = st.floats(1e-4, 1e3)


@settings(deadline=None, max_examples=50)
@given(st.lists(numbers, min_size=1, max_size=5), st.floats(0.01, 1.0))
def test_one_species_and_any_number_of_peaks_is_exact(weights, none):
    w, rest = np.array(weights)[:, None], np.full(len(weights), none)
    assert share_out(w, rest, AGAIN, [False] * len(weights)) == pytest.approx(counted(w, rest), abs=1e-6)


@settings(deadline=None, max_examples=50)
@given(st.lists(st.lists(numbers, min_size=3, max_size=3), min_size=1, max_size=4), st.floats(0.01, 1.0))
def test_several_species_come_close_to_counting_every_case(rows, none):
    w, rest = np.array(rows), np.full(len(rows), none)
    found = share_out(w, rest, AGAIN, [False] * len(rows))
    assert found.sum(axis=1) == pytest.approx(1.0)
    assert np.abs(found - counted(w, rest)).max() < 0.2
    assert np.abs(found - counted(w, rest)).mean() < 0.1


def test_equal_isomers_share_equal_peaks_evenly():
    found = share_out(np.full((2, 2), 50.0), np.full(2, 0.1), AGAIN, [False, False])
    assert found[:, :2] == pytest.approx(0.5, abs=0.01)


def test_the_lines_of_a_species_are_chances():
    ions = (
        ExpectedIon("[M+H]+", 101.1073, 1.0),
        ExpectedIon("[M+2H]2+", 51.0573, 0.15),
        ExpectedIon("[C7H7]+", 91.05, 0.2),
    )
    lines = lines_of(
        Expected("C1CNCCNC1", ions, uv=False, esi=True, uv_class="none", uv_response=0.0),
        line_model(tables().constants),
    )
    assert sum(line.base for line in lines) == pytest.approx(1.0) == sum(line.share for line in lines)
    assert [line.mz for line in lines] == sorted(line.mz for line in lines)
    doubly = [line for line in lines if line.ion == "[M+2H]2+"]
    assert doubly[1].mz - doubly[0].mz == pytest.approx(0.5017, abs=1e-3) and doubly[0].loaded
