"""The real plate: 14 injections on a unit-mass detector."""

import shutil

import pytest
from evidence_tables import NONE, PLATE, UNIT_MASS, chances, read_peaks, words

from ringside.chem.mass import exact_mass
from ringside.chem.molecule import canonical
from ringside.errors import BadInput
from ringside.evidence.assign import explained_area
from ringside.evidence.readers import read_lcms
from ringside.evidence.rpt import wells_of
from ringside.record.tables import read_csv

REPORT = PLATE / "plate.rpt"
WELLS = {r["vial"]: r for r in read_csv(PLATE / "platemap.csv")}
FOUR = canonical("CC(C)(C)OC(=O)N1CCN(CC1)c1ccnc(Cl)n1")
TWO = canonical("CC(C)(C)OC(=O)N1CCN(CC1)c1nccc(Cl)n1")
PROTON = 1.00728


def test_the_report_holds_the_injections_of_the_plate_map():
    assert wells_of(REPORT) == tuple(WELLS)


def test_well_b6_has_two_peaks_and_both_carry_the_mass_of_the_target_or_of_the_target_less_isobutene():
    run = read_lcms(REPORT, words(), well="4:18")
    assert [p.area for p in run.peaks] == pytest.approx([0.9287, 0.0713])
    assert [p.rt for p in run.peaks] == pytest.approx([64.104, 76.548])
    first, second = run.peaks
    assert first.mz[0] == pytest.approx(exact_mass(FOUR) + PROTON, abs=0.1)
    assert second.mz[0] == pytest.approx(exact_mass(FOUR) + PROTON - 56.0626, abs=0.1)
    assert min(abs(m - exact_mass(FOUR) - PROTON) for m in second.mz) < 0.1
    assert first.intensity[0] == 1.0 and all(0 < i <= 1 for i in first.intensity)


def test_plate_position_and_vial_name_the_same_injection():
    for vial, row in WELLS.items():
        by_position, by_vial = (read_lcms(REPORT, words(), well=w) for w in (row["well"], vial))
        assert by_position.peaks == by_vial.peaks and by_position.sample == vial


@pytest.mark.parametrize("amounts", [{}, {FOUR: (0.5, 0.8, 0.95), TWO: (0.03, 0.15, 0.4)}])
def test_the_regioisomers_of_well_b6_cannot_be_told_apart_by_mass(amounts):
    run = read_lcms(REPORT, words(), well="4:18")
    found = read_peaks(run.peaks, [FOUR, TWO, "Clc1ccnc(Cl)n1", "CC(C)(C)OC(=O)N1CCNCC1"], amounts, UNIT_MASS)
    assert len(found) == 2
    for assignment in found.values():
        assert set(assignment.undecidable_between) == {FOUR, TWO}
        assert "NOESY" in assignment.decided_by and "authentic" in assignment.decided_by
        assert not any(c.decided_by_data for c in assignment.candidates)
        assert chances(assignment)[NONE] < 0.05
    assert explained_area(tuple(found.values())) > 0.95


def test_of_two_isomers_the_larger_peak_goes_to_the_one_predicted_to_be_larger():
    run = read_lcms(REPORT, words(), well="4:18")
    amounts = {FOUR: (0.5, 0.8, 0.95), TWO: (0.03, 0.1, 0.3)}
    big, small = (chances(a) for a in read_peaks(run.peaks, [FOUR, TWO], amounts, UNIT_MASS).values())
    assert big[FOUR] > 0.8 and big[TWO] < 0.2
    assert small[TWO] > 0.8 and small[FOUR] < 0.2


def test_the_target_is_found_in_every_well_among_all_compounds_of_the_plate():
    everything = sorted({canonical(r["smiles"]) for r in WELLS.values()})
    found = []
    for vial, row in WELLS.items():
        run = read_lcms(REPORT, words(), well=vial)
        main = max(read_peaks(run.peaks, everything, {}, UNIT_MASS).values(), key=lambda a: a.peak.area or 0.0)
        own = canonical(row["smiles"])
        best = main.candidates[0].probability
        if chances(main).get(own, 0.0) >= 0.99 * best and main.candidates[0].species != NONE:
            found.append(vial)
    assert len(found) == len(WELLS) == 14


def test_no_well_is_explained_by_a_compound_of_another_mass():
    """Look-alike: the product of B3 is not in any other well."""
    own = canonical(WELLS["4:15"]["smiles"])
    for vial in WELLS:
        run = read_lcms(REPORT, words(), well=vial)
        main = max(read_peaks(run.peaks, [own], {}, UNIT_MASS).values(), key=lambda a: a.peak.area or 0.0)
        assert (chances(main).get(own, 0.0) > 0.5) == (vial == "4:15"), vial


def test_a_method_name_that_hints_at_high_ph_is_noted_and_not_used():
    run = read_lcms(REPORT, words(), well="4:18")
    assert run.instrument is not None and run.instrument.eluent_ph is None
    assert any("HPH" in note and "eluent_ph" in note for note in run.notes)


def test_the_trace_for_the_picture_keeps_the_peak():
    run = read_lcms(REPORT, words(), well="4:18")
    trace = run.traces[0]
    assert trace.label.startswith("DAD") and len(trace.t) <= 600 and trace.t.shape == trace.y.shape
    late = trace.t > 30.0  # the solvent front is higher than any peak
    assert trace.t[late][int(trace.y[late].argmax())] == pytest.approx(run.peaks[0].rt, abs=1.0)


@pytest.mark.parametrize(("well", "code"), [(None, "which-well"), ("9:99", "no-such-well"), ("H12", "no-such-well")])
def test_a_missing_or_unknown_well_is_refused_with_what_is_there(well, code):
    with pytest.raises(BadInput) as caught:
        read_lcms(REPORT, words(), well=well)
    complaint = caught.value.complaints[0]
    assert complaint.code == code and "4:18 (B6)" in complaint.limit


def test_a_report_cut_short_in_the_wanted_injection_is_refused(tmp_path):
    text = REPORT.read_bytes()
    cut = tmp_path / "cut.rpt"
    cut.write_bytes(text[: text.index(b"Well\t4:18") + 3000])
    with pytest.raises(BadInput) as caught:
        read_lcms(cut, words(), well="4:18")
    assert caught.value.complaints[0].code == "cut-short"
    assert len(read_lcms(cut, words(), well="4:1").peaks) == 1


def test_a_text_that_is_no_report_is_refused(tmp_path):
    wrong = tmp_path / "plate.rpt"
    wrong.write_text("Sample Report\nnothing here\n")
    with pytest.raises(BadInput) as caught:
        read_lcms(wrong, words())
    assert caught.value.complaints[0].code == "bad-rpt" and caught.value.complaints[0].next_step


def test_a_report_is_known_by_its_content_under_another_ending(tmp_path):
    copy = tmp_path / "plate.txt"
    shutil.copy(REPORT, copy)
    assert read_lcms(copy, words(), well="B6").sample == "4:18"
