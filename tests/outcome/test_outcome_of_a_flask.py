"""What reaches the column and what is isolated."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

import ringside.knowledge
from ringside.chem.acidity import read_acidity
from ringside.errors import BadKnowledge
from ringside.kinetics.nouns import Ensemble
from ringside.outcome.fates import fate_of, hydrolyse
from ringside.outcome.outcome import outcome
from ringside.outcome.tables import quench_ph, read_outcome
from ringside.recipe.nouns import Extraction, Workup

FOLDER = Path(ringside.knowledge.__file__).parent / "data"
DIAZEPANE, BENZYL = "C1CNCCNC1", "c1ccc(CN2CCCNCC2)cc1"
BRIDGED, STAB = "c1ccc(C2N3CCCN2CC3)cc1", "CC(=O)O[BH-](OC(C)=O)OC(C)=O"


def rows(name):
    with (FOLDER / f"{name}.csv").open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture(scope="module")
def acidity():
    return read_acidity(rows("acidity_sites"), rows("acidity_exact"), rows("acidity_interactions"))


@pytest.fixture(scope="module")
def tables():
    return read_outcome(rows("quench"), rows("sample"), rows("workup"))


def run(amounts, n_draws=40):
    species = tuple(sorted(amounts))
    n = np.tile([[amounts[s] * 0.01 for s in species]], (n_draws, 1))[:, None, :]
    return Ensemble(species, np.array([1.0]), n, np.full(n_draws, 0.01), np.zeros((n_draws, 0)))


def column(out, which, species):
    return getattr(out, which)[:, out.species.index(species)]


def dcm(ph, times=3):
    return Workup(ph=ph, extract=(Extraction("dichloromethane", 0.02, times),))


@pytest.mark.parametrize(
    ("smiles", "products"),
    [
        (BRIDGED, (DIAZEPANE, "O=Cc1ccccc1")),
        ("C1CN2CCN(C1)C2", (DIAZEPANE, "C=O")),
        ("C[N+](C)=Cc1ccccc1", ("CNC", "O=Cc1ccccc1")),
        ("CN=Cc1ccccc1", ("CN", "O=Cc1ccccc1")),
        ("C=CN(C)C", ("CC=O", "CNC")),
        ("OC(c1ccccc1)N1CCCNCC1", (DIAZEPANE, "O=Cc1ccccc1")),
        (STAB, ()),
        ("CC(=O)Cl", ()),
    ],
)
def test_what_does_not_live_in_acid_becomes_amine_and_carbonyl(tables, smiles, products):
    hit = fate_of(smiles, tables.fates)
    assert hit is not None
    assert sorted(hit[1]) == sorted(products)


@pytest.mark.parametrize(
    "smiles",
    [
        DIAZEPANE,
        BENZYL,
        "CNC=CC(C)=O",
        "CC1=CC(C)=NCCN1",
        "CC(C)(C)OC(=O)N1CCCNCC1",
        "C[N+](C)(C)C",
        "family:x",
        "CN=C(N)N",
    ],
)
def test_what_lives_in_acid_is_left_alone(tables, smiles):
    assert fate_of(smiles, tables.fates) is None


def test_an_aminal_of_two_bridges_gives_both_aldehydes(tables):
    rules = [f.rule for f in tables.fates if f.rule is not None]
    assert hydrolyse("C1N2CN3CN1CN(C2)C3", rules) is not None
    assert hydrolyse(DIAZEPANE, rules) is None


def test_the_bridged_aminal_is_seen_as_the_diamine_in_acid_and_as_itself_in_ammonia(tables, acidity):
    e = run({BRIDGED: 0.6, DIAZEPANE: 0.1})
    acid = outcome(e, None, tables, acidity, eluent_ph=2.7)
    assert column(acid, "in_sample", DIAZEPANE)[0] == pytest.approx(0.1 + 0.95 * 0.6)
    assert column(acid, "in_sample", "O=Cc1ccccc1")[0] == pytest.approx(0.95 * 0.6)
    assert column(acid, "amount", "O=Cc1ccccc1")[0] == 0.0
    base = outcome(e, None, tables, acidity, eluent_ph=10.0)
    assert column(base, "in_sample", BRIDGED) == pytest.approx(0.6)


def test_without_a_workup_nothing_organic_is_lost(tables, acidity):
    out = outcome(run({BENZYL: 0.7, DIAZEPANE: 0.2, "Br": 0.7, "[Na+]": 1.0}), None, tables, acidity)
    assert column(out, "isolated", BENZYL) == pytest.approx(0.7)
    assert column(out, "isolated", "Br") == pytest.approx(0.0)
    assert column(out, "in_sample", "[Na+]") == pytest.approx(0.0)


def test_bicarbonate_leaves_a_basic_diazepane_in_the_water_and_hydroxide_does_not(tables, acidity):
    e = run({"CN1CCCNCC1": 1.0}, n_draws=1)
    weak = column(outcome(e, dcm(8.3), tables, acidity), "isolated", "CN1CCCNCC1")[0]
    strong = column(outcome(e, dcm(13.5), tables, acidity), "isolated", "CN1CCCNCC1")[0]
    assert weak < 0.25
    assert strong > 2 * weak
    ion = run({"C[N+]1(Cc2ccccc2)CCCNCC1": 1.0}, n_draws=1)
    assert outcome(ion, dcm(13.5), tables, acidity).isolated.max() < 0.01


def test_more_extractions_bring_more_and_never_more_than_there_was(tables, acidity):
    e = run({BENZYL: 0.8, DIAZEPANE: 0.1})
    got = [column(outcome(e, dcm(10.0, times), tables, acidity), "isolated", BENZYL) for times in (1, 2, 4)]
    assert np.all(got[0] < got[1])
    assert np.all(got[1] < got[2])
    assert np.all(got[2] <= 0.8)
    assert np.ptp(got[0]) > 0.01


def test_hydrides_end_in_the_quench_and_solvent_and_volatiles_are_not_isolated(tables, acidity):
    e = run({STAB: 0.5, "CC#N": 50.0, "CCNCC": 1.0, BENZYL: 0.5}, n_draws=1)
    out = outcome(e, dcm(12.0), tables, acidity, solvents=frozenset({"CC#N"}), boiling={"CCNCC": 55.5, BENZYL: 300.0})
    kept = outcome(e, dcm(12.0), tables, acidity)
    assert column(out, "isolated", STAB)[0] == 0.0
    assert column(out, "isolated", "CC#N")[0] == 0.0
    assert column(out, "isolated", "CCNCC")[0] < 0.5 * column(kept, "isolated", "CCNCC")[0]
    assert column(out, "isolated", BENZYL)[0] == pytest.approx(column(kept, "isolated", BENZYL)[0], rel=1e-3)


@pytest.mark.parametrize(
    ("text", "ph", "expected"),
    [
        ("sat. NaHCO3", None, 8.3),
        ("saturated aq. NaHCO3", None, 8.3),
        ("1 M NaOH", None, 13.5),
        ("sat. NH4Cl", None, 5.5),
        ("water", None, 7.0),
        (None, None, 7.0),
        ("a strange brew", None, 7.0),
        ("water", 4.0, 4.0),
    ],
)
def test_a_quench_is_known_by_name_or_by_its_ph(tables, text, ph, expected):
    assert quench_ph(text, ph, tables) == expected


def test_a_missing_constant_is_unsound_knowledge():
    with pytest.raises(BadKnowledge, match="constant is missing"):
        read_outcome(rows("quench"), rows("sample"), rows("workup")[1:])
