"""Proton binding by microstates, from the shipped tables."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import pytest

import ringside.knowledge
from ringside.chem.acidity import read_acidity
from ringside.errors import BadKnowledge
from ringside.kinetics.protons import binding, dissolution_rates, read_protons

FOLDER = Path(ringside.knowledge.__file__).parent / "data"


def rows(name):
    with (FOLDER / f"{name}.csv").open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture(scope="module")
def acidity():
    return read_acidity(rows("acidity_sites"), rows("acidity_exact"), rows("acidity_interactions"))


@pytest.fixture(scope="module")
def table():
    return read_protons(rows("solvents"), rows("protons"), rows("dissolution"))


def pkas(b):
    return [math.log10(high / low) for low, high in zip(b.beta[:-1], b.beta[1:], strict=True)]


def test_diazepane_in_water_has_its_measured_pka(acidity, table):
    assert pkas(binding("C1CNCCNC1", "water", "water", acidity, table)) == pytest.approx([10.26, 6.60], abs=0.02)


def test_acetonitrile_moves_the_first_proton_of_an_amine_by_eight_and_the_second_by_less(acidity, table):
    water = pkas(binding("C1CNCCNC1", "water", "water", acidity, table))
    nitrile = pkas(binding("C1CNCCNC1", "acetonitrile", "polar-aprotic", acidity, table))
    assert nitrile[0] - water[0] == pytest.approx(8.0, abs=1e-6)
    assert nitrile[1] - water[1] < 7.5


def test_a_strong_acid_protonates_every_amine_in_every_solvent(acidity, table):
    for row in table.solvents:
        amine = pkas(binding("CCN(CC)CC", row.name, row.solvent_class, acidity, table))[0]
        for halide in ("Cl", "Br", "I"):
            held = binding(halide, row.name, row.solvent_class, acidity, table)
            assert held.offset == 1
            assert amine - pkas(held)[0] > 3.0


def test_the_second_nitrogen_of_a_protonated_diamine_is_free_but_damped(acidity, table):
    b = binding("C1CNCCNC1", "water", "water", acidity, table)
    assert len(b.free) == 2
    for weights in b.free.values():
        assert weights[0] == pytest.approx(1.0)
        assert weights[1] == pytest.approx(b.beta[1] / 2 * 10**-table.damp)
        assert weights[2] == 0.0


def test_an_acylated_nitrogen_is_no_base_and_water_has_no_free_nitrogen(acidity, table):
    boc = binding("CC(C)(C)OC(=O)N1CCCNCC1", "acetonitrile", "polar-aprotic", acidity, table)
    assert len(boc.beta) == 2
    assert len(boc.free) == 1
    assert binding("O", "acetonitrile", "polar-aprotic", acidity, table).free == {}


@pytest.mark.parametrize(
    ("written", "counted"),
    [
        ("[Br-]", "Br"),
        ("[OH-]", "O"),
        ("CC(=O)[O-]", "CC(=O)O"),
        ("O=C([O-])[O-]", "O=C(O)O"),
        ("O=C([O-])O", "O=C(O)O"),
        ("[BH4-]", "[BH4-]"),
        ("[Na+]", "[Na+]"),
        ("C[N+](=O)[O-]", "C[N+](=O)[O-]"),
    ],
)
def test_conjugate_forms_of_one_skeleton_are_counted_as_the_neutral_one(written, counted, acidity, table):
    assert binding(written, "acetonitrile", "", acidity, table).pool == counted


def test_a_solvent_without_a_row_takes_that_of_its_class_and_an_unknown_one_is_dipolar_aprotic(acidity, table):
    ether = binding("CCN(CC)CC", "some ether", "ether", acidity, table)
    assert ether == binding("CCN(CC)CC", "another ether", "ether", acidity, table)
    assert binding("CCN(CC)CC", "?", "?", acidity, table) == binding("CCN(CC)CC", "*", "polar-aprotic", acidity, table)


def test_carbonate_powder_dissolves_slowly_where_it_is_listed_and_amines_at_once(table):
    slow = dissolution_rates("acetonitrile", "polar-aprotic", table)
    assert -6 < slow["O=C([O-])[O-]"][0] < -2
    assert slow["O=C([O-])[O-]"][1] > 0.3
    assert "CCN(CC)CC" not in slow


def test_tables_without_the_damping_are_refused():
    with pytest.raises(BadKnowledge, match="damp_per_proton"):
        read_protons(rows("solvents"), [], rows("dissolution"))


def test_every_row_names_a_source():
    for name in ("solvents", "protons", "dissolution", "quench", "sample", "workup"):
        assert all(r["source"] for r in rows(name))
