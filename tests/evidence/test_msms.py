import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from evidence_tables import ACCURATE, UNIT_MASS, peak, rows, tables
from hypothesis import given
from hypothesis import strategies as st

from ringside.chem.fragment_rules import read_fragment_rules
from ringside.chem.fragments import fragments_of
from ringside.chem.mass import exact_mass
from ringside.chem.molecule import canonical
from ringside.evidence.fragments import FragmentMatch, fragment_match, kind_of_ion, with_fragments
from ringside.evidence.raw import FragmentScan

DATA = Path(__file__).parent / "data"
PROTON = 1.007276
BENZYL, TOLYL = "c1ccccc1CN1CCCNCC1", "Cc1ccccc1N1CCCNCC1"
SPECTRUM = ((91.0542, 100.0), (148.1121, 12.0), (84.0808, 8.0), (134.0964, 5.0))


def read(constants):
    return read_fragment_rules(rows("fragmentation"), rows("fragment_ions"), constants)


RULES = read({r["key"]: float(r["value"]) for r in rows("fragment_scoring")})
TABLES = replace(tables(), fragmentation=RULES)


def matched(spectrum, smiles, kind="single", precursor=None, instrument=ACCURATE) -> FragmentMatch:
    text = canonical(smiles)
    return fragment_match(spectrum, text, kind, precursor or exact_mass(text) + PROTON, TABLES, instrument)


def record(name: str) -> tuple[str, tuple[tuple[float, float], ...]]:
    text = (DATA / f"{name}.txt").read_text(encoding="utf-8")
    smiles = text.partition("CH$SMILES: ")[2].partition("\n")[0]
    lines = [x.split() for x in text.partition("PK$PEAK:")[2].splitlines()[1:] if x.startswith("  ")]
    return smiles, tuple((float(a), float(b)) for a, b, _ in lines)


def test_an_n_benzyl_amine_is_told_from_its_tolyl_isomer():
    benzyl, tolyl = matched(SPECTRUM, BENZYL), matched(SPECTRUM, TOLYL)
    assert benzyl.log_ratio > 3.0
    assert benzyl.log_ratio > tolyl.log_ratio + 1.0
    assert benzyl.explained > 0.95
    mz, formula, label = benzyl.annotations[0]
    assert (mz, formula) == (91.0542, "C7H7")
    assert "benzyl" in label


def test_a_dimer_is_told_from_the_ring_of_twice_the_size_by_its_half():
    ring = canonical("C1CNCCN(Cc2ccccc2)CCCNCCN(Cc2ccccc2)C1")
    precursor = 2 * exact_mass(canonical(BENZYL)) + PROTON
    assert precursor == pytest.approx(exact_mass(ring) + PROTON)
    half = exact_mass(canonical(BENZYL)) + PROTON
    loose, firm = ((half, 100.0), (91.0542, 5.0)), ((91.0542, 100.0), (291.2543, 60.0), (364.2747, 40.0))

    def odds(spectrum):
        dimer = matched(spectrum, BENZYL, "dimer", precursor).log_ratio
        return dimer - matched(spectrum, ring, "single", precursor).log_ratio

    assert odds(loose) > 0.5
    assert odds(firm) < -0.5


def test_a_quaternary_ion_is_read_by_its_own_fragments():
    smiles = canonical("C[N+]1(Cc2ccccc2)CCCNCC1")
    found = fragment_match(((91.0542, 100.0),), smiles, "quaternary", exact_mass(smiles), TABLES, ACCURATE)
    assert found.annotations[0][1] == "C7H7"
    assert found.log_ratio > 1.0


@given(st.permutations(SPECTRUM), st.floats(1e-3, 1e6))
def test_neither_order_nor_scale_of_the_signals_matters(spectrum, scale):
    found = matched(tuple((m, h * scale) for m, h in spectrum), BENZYL)
    known = matched(SPECTRUM, BENZYL)
    assert found.log_ratio == pytest.approx(known.log_ratio)
    assert found.annotations == known.annotations


@given(st.lists(st.tuples(st.floats(20.0, 700.0), st.floats(0.0, 1e6)), max_size=30))
def test_any_spectrum_gives_a_bounded_ratio_and_a_share_between_nothing_and_all(spectrum):
    found = matched(tuple(spectrum), BENZYL)
    assert abs(found.log_ratio) <= RULES.constants["most_log"]
    assert 0.0 <= found.explained <= 1.0 + 1e-12
    assert {m for m, *_ in found.annotations} <= {m for m, _ in spectrum}


@pytest.mark.parametrize("instrument", [ACCURATE, UNIT_MASS])
def test_many_possible_fragments_do_not_make_a_large_molecule_explain_noise(instrument):
    large = "CN1CCC(CC1)NC(=O)c1ccc(Nc2ncc3c(n2)N(C2CCCC2)CC(F)(F)C(=O)N3C)c(OC)c1"
    chance = random.Random(7)
    whole = exact_mass(canonical(large))
    ratios = []
    for _ in range(20):
        nominal = [chance.randrange(55, int(whole) - 5) for _ in range(12)]
        noise = tuple((n + n * 5e-4 + chance.uniform(-0.04, 0.04), chance.uniform(0.2, 1.0)) for n in nominal)
        ratios.append(matched(noise, large, instrument=instrument).log_ratio)
    assert sum(ratios) / len(ratios) < 0.0


def test_signals_of_the_precursor_say_nothing():
    own = exact_mass(canonical(BENZYL)) + PROTON
    assert matched(((own, 100.0), (own + 1.003, 12.0)), BENZYL) == FragmentMatch(0.0, 0.0, ())
    assert matched((*SPECTRUM, (own, 500.0)), BENZYL) == matched(SPECTRUM, BENZYL)


@pytest.mark.parametrize("smiles", ["C[N+](C)(C)C", "[Na+]", "family:chain"])
def test_nothing_is_said_where_there_is_nothing_to_go_by(smiles):
    assert fragment_match(SPECTRUM, smiles, "single", 191.154, TABLES, ACCURATE) == FragmentMatch(0.0, 0.0, ())


def test_tables_without_rules_say_nothing():
    assert fragment_match(SPECTRUM, canonical(BENZYL), "single", 191.154, tables(), ACCURATE).log_ratio == 0.0


def test_the_ions_of_the_adduct_table_are_of_a_kind_or_of_none():
    kinds = {r["label"]: kind_of_ion(r["label"]) for r in rows("adducts")}
    assert kinds["[M+H]+"] == "single"
    assert kinds["[2M+H]+"] == "dimer"
    assert kinds["M+"] == "quaternary"
    assert kinds["[M+Na]+"] is None
    assert kinds["[M+2H]2+"] is None


# --- recorded spectra -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "isomer"),
    [
        ("MSBNK-LCSB-LU054003", "O=C(Oc1cccc(Br)c1C1CC1)N1CCCN=CC1"),
        ("MSBNK-HBM4EU-HB003694", "CN1C(=O)CNC(=O)c2ccc(Cc3ccccc3)cc21"),
    ],
)
def test_a_recorded_spectrum_is_mostly_annotated_and_speaks_for_its_molecule(name, isomer):
    smiles, spectrum = record(name)
    found = matched(spectrum, smiles)
    assert found.explained > 0.6
    assert found.log_ratio > 3.0
    assert found.log_ratio > matched(spectrum, isomer, precursor=exact_mass(canonical(smiles)) + PROTON).log_ratio + 1.0


# --- joining scans to peaks -----------------------------------------------------------------------------------------


def scan(t: float, precursor: float, *lines: tuple[float, float]) -> FragmentScan:
    return FragmentScan(t, precursor, np.array([m for m, _ in lines]), np.array([h for _, h in lines]))


PEAK = replace(peak("p1", 191.154, 213.136, rt=100.0, heights=(1.0, 0.2)), span=(95.0, 108.0))


def test_the_scans_of_a_peaks_strongest_ion_are_merged():
    scans = (
        scan(98.0, 191.2, (91.0540, 50.0), (148.112, 10.0)),
        scan(104.0, 191.1, (91.0544, 150.0)),
        scan(104.0, 213.1, (60.0, 999.0)),
        scan(120.0, 191.15, (70.0, 999.0)),
    )
    (found,) = with_fragments([PEAK], scans, 0.0, 0.3, apart=0.01)
    assert [h for _, h in found.fragments] == pytest.approx([1.0, 0.05])
    assert found.fragments[0][0] == pytest.approx(91.0543, abs=2e-4)
    assert replace(found, fragments=()) == PEAK


def test_the_delay_of_the_detectors_counts():
    late = (scan(115.0, 191.15, (91.054, 1.0)),)
    assert with_fragments([PEAK], late, 0.0, 0.3, apart=0.01) == (PEAK,)
    assert with_fragments([PEAK], late, 12.0, 0.3, apart=0.01)[0].fragments == ((91.054, 1.0),)


def test_peaks_without_time_ions_or_scans_stay_as_they_are():
    silent = replace(PEAK, mz=(), intensity=())
    timeless = replace(PEAK, rt=None, span=None)
    empty = (scan(100.0, 191.154),)
    assert with_fragments([silent, timeless], (scan(100.0, 191.154, (91.0, 1.0)),), 0.0, 0.3, apart=0.01) == (
        silent,
        timeless,
    )
    assert with_fragments([PEAK], empty, 0.0, 0.3, apart=0.01) == (PEAK,)


def test_fragments_are_worked_out_once_for_each_molecule():
    text = canonical(BENZYL)
    assert fragments_of(text, "single", RULES) is fragments_of(text, "single", RULES)
