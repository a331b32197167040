"""Naming peaks: laws, and what mass can and cannot tell."""

import math

import pytest
from evidence_tables import ACCURATE, NONE, UNIT_MASS, chances, peak, read_peaks, rows, tables
from hypothesis import given, settings
from hypothesis import strategies as st

from ringside.chem.ions import isotope_pattern
from ringside.chem.mass import exact_mass
from ringside.chem.molecule import canonical
from ringside.evidence.assign import explained_area
from ringside.evidence.degeneracy import KINDS
from ringside.evidence.expected import expected
from ringside.network.nouns import FAMILY_PREFIX

DIAZEPANE = "C1CNCCNC1"
CYCLAM = "C1CNCCNCCCNCCNC1"
MONO = canonical("C1CN(CCNC1)Cc1ccccc1")
BIS = canonical("C1CN(CCN(C1)Cc1ccccc1)Cc1ccccc1")
BROMIDE = canonical("BrCc1ccccc1")
BENZYLATION = [MONO, BIS, DIAZEPANE, BROMIDE]
AMOUNTS = {MONO: (0.4, 0.5, 0.6), BIS: (0.1, 0.2, 0.3), DIAZEPANE: (0.2, 0.3, 0.4), BROMIDE: (0.001, 0.01, 0.05)}
PEAKS = (
    peak("a", 191.1543, area=0.60, rt=60.0),
    peak("b", 281.2012, area=0.35, rt=90.0),
    peak("c", 777.7, area=0.05, rt=120.0),
)


def test_peaks_are_named_by_their_ions():
    found = read_peaks(PEAKS, BENZYLATION, AMOUNTS)
    assert found["a"].candidates[0].species == MONO and found["a"].candidates[0].decided_by_data
    assert found["b"].candidates[0].species == BIS and found["b"].candidates[0].ion == "[M+H]+"
    assert abs(found["b"].candidates[0].ppm) < 5
    assert found["c"].candidates[0].species == NONE
    assert explained_area(tuple(found.values())) == pytest.approx(0.95 * 0.97, abs=0.02)


def test_without_areas_no_share_of_the_area_is_claimed():
    assert explained_area(tuple(read_peaks([peak("a", 191.1543)], BENZYLATION).values())) is None


masses = st.lists(st.floats(60, 900).map(lambda m: round(m, 4)), max_size=3).map(tuple)
areas = st.none() | st.floats(0.001, 0.3)
peak_lists = st.lists(st.tuples(masses, areas), min_size=1, max_size=4)


@settings(deadline=None, max_examples=40)
@given(peak_lists, st.randoms(use_true_random=False))
def test_probabilities_sum_to_one_and_do_not_depend_on_the_order_of_peaks(spec, random):
    peaks = [peak(f"p{i}", *mz, area=a) for i, (mz, a) in enumerate(spec)] + list(PEAKS[:2])
    shuffled = list(peaks)
    random.shuffle(shuffled)
    one, two = read_peaks(peaks, BENZYLATION, AMOUNTS), read_peaks(shuffled, BENZYLATION[::-1], AMOUNTS)
    assert one.keys() == two.keys() == {p.id for p in peaks}
    for name, assignment in one.items():
        assert math.fsum(chances(assignment).values()) == pytest.approx(1.0)
        assert NONE in chances(assignment)
        if sum(p.mz == assignment.peak.mz and p.area == assignment.peak.area for p in peaks) == 1:
            assert chances(two[name]) == pytest.approx(chances(assignment), abs=1e-6)


@pytest.mark.parametrize("instrument", [ACCURATE, UNIT_MASS])
@pytest.mark.parametrize("area", [None, 0.01, 0.5, 0.95])
def test_an_ion_far_from_every_species_is_none_of_these(instrument, area):
    found = read_peaks([peak("x", 777.7, area=area)], BENZYLATION, AMOUNTS, instrument)
    assert chances(found["x"])[NONE] >= 0.8


def test_a_peak_that_tells_nothing_changes_nothing_for_the_others():
    before = read_peaks(PEAKS, BENZYLATION, AMOUNTS)
    after = read_peaks([*PEAKS, peak("silent", rt=30.0)], BENZYLATION, AMOUNTS)
    for name, assignment in before.items():
        assert chances(after[name]) == pytest.approx(chances(assignment), abs=1e-9)


def test_without_species_every_peak_is_none_of_these():
    for assignment in read_peaks(PEAKS, []).values():
        assert chances(assignment)[NONE] > 0.6 and not assignment.undecidable_between
    assert read_peaks([], BENZYLATION, AMOUNTS) == {}


def test_removing_the_true_species_raises_none_of_these():
    there = read_peaks([PEAKS[0]], BENZYLATION, AMOUNTS)
    gone = read_peaks([PEAKS[0]], [s for s in BENZYLATION if s != MONO], AMOUNTS)
    assert chances(there["a"])[NONE] < 0.05
    assert chances(gone["a"])[NONE] > 0.8


def test_a_species_owns_one_main_peak_so_isomers_share_the_peaks_of_their_mass():
    one, other = canonical("CC1CNCCCN1Cc1ccccc1"), canonical("CC1CN(Cc2ccccc2)CCCN1")
    amounts = {one: (0.4, 0.5, 0.6), other: (0.2, 0.25, 0.3)}
    found = read_peaks(
        [peak("big", 205.1699, area=0.7), peak("small", 205.1699, area=0.3)], [one, other], amounts, ACCURATE
    )
    assert chances(found["big"])[one] > chances(found["big"])[other]
    assert chances(found["small"])[other] > 0.6
    total = chances(found["big"])[one] + chances(found["small"])[one]
    assert total < 1.3
    for assignment in found.values():
        assert set(assignment.undecidable_between) == {one, other} and "HMBC" in assignment.decided_by


DEGENERATE = [
    ("dimer", [DIAZEPANE, CYCLAM], 201.2074, "dilution"),
    ("double charge", [DIAZEPANE, CYCLAM], 101.1073, "isotope spacing"),
    ("quaternary", ["CN1CCCN(C)CC1", "CNCC[N+]1(C)CCC1", "C=CCN(C)CCNC"], 129.1386, "base wash"),
    ("bridge", ["CC1(C)N2CCCN1CC2", "C1CN2CCCN(C1)CC2"], 141.1386, "HMBC"),
    ("stereo", ["C[C@H]1CNC[C@@H](C)NC1", "C[C@H]1CNC[C@H](C)NC1"], 129.1386, "diastereomers"),
    ("contraction", ["CN1CCNCC1CO", "CN1CCNCC(O)C1"], 131.1179, "authentic"),
]


@pytest.mark.parametrize("instrument", [ACCURATE, UNIT_MASS])
@pytest.mark.parametrize(("name", "smiles", "mz", "test"), DEGENERATE)
def test_mass_degenerate_readings_are_named_and_not_guessed(name, smiles, mz, test, instrument):
    found = read_peaks([peak("x", mz)], smiles, {}, instrument)["x"]
    assert set(found.undecidable_between) == {canonical(s) for s in smiles}
    assert test in found.decided_by
    assert not any(c.decided_by_data for c in found.candidates)


@pytest.mark.parametrize("instrument", [ACCURATE, UNIT_MASS])
def test_a_prior_does_not_decide_between_degenerate_readings(instrument):
    amounts = {DIAZEPANE: (0.5, 0.6, 0.7), CYCLAM: (0.0, 0.01, 0.05)}
    found = read_peaks([peak("x", 201.2074, area=0.5)], [DIAZEPANE, CYCLAM], amounts, instrument)["x"]
    assert set(found.undecidable_between) == {DIAZEPANE, CYCLAM}
    assert not any(c.decided_by_data for c in found.candidates)


def test_isotope_spacing_tells_a_doubly_charged_ion_where_the_instrument_resolves_it():
    both = [DIAZEPANE, CYCLAM]
    whole = peak("x", 101.1073, 102.1107, heights=(1.0, 0.055))
    half = peak("x", 101.1073, 101.6090, 201.2074, heights=(1.0, 0.115, 0.8))
    assert read_peaks([whole], both)["x"].candidates[0].species == DIAZEPANE
    assert read_peaks([half], both)["x"].candidates[0].species == CYCLAM
    assert read_peaks([half], both)["x"].candidates[0].decided_by_data


@pytest.mark.parametrize(("instrument", "decided"), [(ACCURATE, True), (UNIT_MASS, False)])
def test_formyl_and_ethyl_differ_by_36_mda(instrument, decided):
    formyl, ethyl = canonical("O=CN1CCCNCC1"), canonical("CCN1CCCNCC1")
    mz = round(exact_mass(formyl) + 1.00728, 4 if decided else 1)
    found = read_peaks([peak("x", mz)], [formyl, ethyl], {}, instrument)["x"]
    assert (found.candidates[0].species == formyl and found.candidates[0].decided_by_data) or not decided
    assert bool(found.undecidable_between) != decided
    assert decided or "accurate mass" in found.decided_by


def test_a_mass_typed_to_the_whole_number_is_not_trusted_to_5_ppm():
    formyl, ethyl = canonical("O=CN1CCCNCC1"), canonical("CCN1CCCNCC1")
    assert read_peaks([peak("x", 129.0)], [formyl, ethyl])["x"].undecidable_between


def test_the_chlorine_pattern_tells_a_chloride_from_another_compound_of_its_mass():
    chloride, plain = canonical("ClCCCN1CCNCC1"), canonical("OC(=O)CCCN1CCC1=O")
    mz = exact_mass(chloride) + 1.00728
    with_line = peak("x", mz, mz + 1.997, heights=(1.0, 0.33))
    without = peak("x", mz, mz + 1.003, heights=(1.0, 0.09))
    assert chances(read_peaks([with_line], [chloride], {}, UNIT_MASS)["x"])[chloride] > 0.95
    assert chances(read_peaks([without], [chloride], {}, UNIT_MASS)["x"])[chloride] < 0.7
    assert plain not in chances(read_peaks([with_line], [chloride], {}, UNIT_MASS)["x"])


def test_the_strongest_ion_of_a_dibromide_is_its_middle_line():
    dibromide = canonical("BrCCCN1CCN(CCCBr)CC1")
    mz = exact_mass(dibromide) + 1.00728
    found = read_peaks([peak("x", mz + 1.998, mz, mz + 3.996, heights=(1.0, 0.51, 0.49))], [dibromide], {}, UNIT_MASS)[
        "x"
    ]
    assert found.candidates[0].species == dibromide and "M+2" in found.candidates[0].ion


def test_a_boc_amine_is_recognised_by_the_loss_of_isobutene():
    boc = canonical("CC(C)(C)OC(=O)N1CCCN(Cc2ccccc2)CC1")
    mz = exact_mass(boc) + 1.00728
    for ion in (mz, mz - 56.0626, mz - 100.0524, mz + 21.98194):
        assert read_peaks([peak("x", round(ion, 4))], [boc])["x"].candidates[0].species == boc


def test_a_background_ion_is_named_when_nothing_in_the_flask_has_its_mass():
    found = read_peaks([peak("x", 279.0933)], BENZYLATION, AMOUNTS)["x"]
    assert found.candidates[0].species == "background:[Ph3PO+H]+"
    assert explained_area(tuple(read_peaks([peak("x", 279.0933, area=0.5)], BENZYLATION, AMOUNTS).values())) < 0.1


def test_a_species_in_the_flask_beats_the_background_ion_of_its_mass():
    base = canonical("CCN(C(C)C)C(C)C")
    found = read_peaks([peak("x", 130.1590)], [base, MONO], {base: (1.5, 2.0, 2.5), MONO: (0.4, 0.5, 0.6)})["x"]
    assert found.candidates[0].species == base
    assert any(c.species == "background:[DIPEA+H]+" for c in found.candidates)


def test_a_peak_without_ions_is_read_by_its_area_and_says_so():
    found = read_peaks([peak("x", area=0.6)], [MONO, BIS], AMOUNTS)["x"]
    assert all(not c.decided_by_data for c in found.candidates)
    assert not found.undecidable_between or "m/z" in found.decided_by


def test_what_uv_and_electrospray_see():
    seen = {s: expected(canonical(s), tables(), ACCURATE) for s in (MONO, DIAZEPANE, BROMIDE, "O=Cc1ccccc1")}
    assert seen[MONO].uv and seen[MONO].esi
    assert not seen[DIAZEPANE].uv and seen[DIAZEPANE].esi and seen[DIAZEPANE].uv_response == 0.0
    assert seen[BROMIDE].uv and not seen[BROMIDE].esi
    assert seen["O=Cc1ccccc1"].uv and not seen["O=Cc1ccccc1"].esi
    quaternary = expected(canonical("C[N+]1(Cc2ccccc2)CCCNCC1"), tables(), ACCURATE)
    assert quaternary.esi and quaternary.ions[0].ion == "M+"
    lumped = expected(f"{FAMILY_PREFIX}oligomers", tables(), ACCURATE)
    assert lumped.uv and not lumped.esi and lumped.ions == ()


def test_a_family_may_be_among_the_species():
    family = f"{FAMILY_PREFIX}oligomers"
    assert sum(chances(read_peaks([PEAKS[0]], [MONO])["a"]).values()) == pytest.approx(1.0)
    species = [expected(s, tables(), ACCURATE) for s in (MONO, family)]
    from ringside.evidence.assign import assign  # noqa: PLC0415

    found = assign([PEAKS[0]], species, {}, tables(), ACCURATE)[0]
    assert found.candidates[0].species == MONO


def test_every_background_ion_has_the_mass_of_its_formula():
    for row in rows("background_ions"):
        assert isotope_pattern(row["formula"], 1)[0][0] == pytest.approx(float(row["mz"]), abs=6e-5), row["ion"]


def test_every_kind_of_degeneracy_has_a_deciding_experiment_and_every_source_is_known():
    assert set(KINDS) == {r["kind"] for r in rows("decided_by")}
    known = {r["key"] for name in ("base", "evidence") for r in rows(f"sources/{name}")}
    for name in ("background_ions", "decided_by", "assignment", "lcms_columns"):
        assert {r["source"] for r in rows(name)} <= known, name


def test_three_hundred_species_are_matched_in_a_moment():
    import time  # noqa: PLC0415

    chains = [canonical(f"C1CN({'C' * n})CCN({'C' * m})C1") for n in range(1, 25) for m in range(n, 25)]
    assert len(set(chains)) == 300
    peaks = [peak(f"p{i}", 150.0 + 14.0157 * i, area=0.05) for i in range(15)]
    read_peaks(peaks, chains)
    start = time.perf_counter()
    read_peaks(peaks, chains)
    assert time.perf_counter() - start < 3.0
