"""How much the peaks of a case hold, in its report."""

import copy
from dataclasses import replace

import pytest

from ringside.answers.flow import DRAWS, simulator
from ringside.answers.predict import assign_report, evidence_of, readings
from ringside.answers.quantities import quantities
from ringside.answers.report import to_plain
from ringside.answers.species import species_entries
from ringside.answers.tools import case_tools
from ringside.case.read import case_from_raw, read_case
from ringside.chem.molecule import canonical
from ringside.errors import BadInput
from ringside.evidence.nouns import Assignment, Candidate
from ringside.knowledge.load import load
from ringside.record.jsontext import to_json
from ringside.record.toml import read_toml

MONO = {"rt": "2.1 min", "mz": [191.154], "area": "30 %"}
BIS = {"rt": "3.4 min", "mz": [281.201], "area": "25 %"}
TMB = {"rt": "4.4 min", "area": "45 %"}
SEEN = {"uv": "254 nm", "mz_error": "5 ppm"}
STANDARD = {"species": "1,3,5-trimethoxybenzene", "amount": "0.5 equiv", "rt": "4.4 min"}
RATIO = {"species": "product", "relative_to": "1,3,5-trimethoxybenzene", "factor": "0.60"}


@pytest.fixture(scope="module")
def raw(examples):
    return read_toml(examples / "benzylation.toml")


def report_of(raw, examples, **observed):
    case = copy.deepcopy(dict(raw))
    case["observed"] = {"instrument": SEEN, "peak": [MONO, BIS, TMB], **observed}
    known = load()
    return assign_report(case_from_raw(case, case_tools(known), file="case.toml", folder=examples), known)


def of(report, label):
    return next(s for s in report.quantities.species if label in s.label)


@pytest.fixture(scope="module")
def relative(raw, examples):
    return report_of(raw, examples, isolated_yield="38 %", peak=[MONO, BIS])


@pytest.fixture(scope="module")
def absolute(raw, examples):
    return report_of(raw, examples, standard=STANDARD, calibration=[RATIO])


def test_without_a_standard_everything_is_marked_relative_and_no_yield_is_claimed(relative):
    q = relative.quantities
    assert q.basis == "relative" and q.wavelength == 254.0
    assert all(s.relative for s in q.species)
    assert not any("taken for UV" in note for note in q.notes)
    assert q.assay_yield.value is None and "area percent is no yield" in q.assay_yield.why_not
    assert q.selectivity.relative and 0.4 < q.selectivity.value.median < 0.9


def test_what_has_no_chromophore_is_not_visible_and_its_conversion_is_not_told(relative):
    diamine = of(relative, "homopiperazine")
    assert (diamine.status, diamine.visible, diamine.amount) == ("not-visible", False, None)
    assert "no chromophore at 254 nm" in diamine.why_not
    assert relative.quantities.conversion.value is None


def test_the_isolated_yield_stands_as_it_was_reported_beside_the_others(relative):
    value = relative.quantities.isolated_yield.value
    assert (value.low, value.median, value.high) == pytest.approx((0.38, 0.38, 0.38))


def test_a_standard_and_a_calibration_give_the_yield_of_the_crude(absolute):
    q = absolute.quantities
    assert q.basis == "internal-standard" and not any(s.relative for s in q.species)
    value = q.assay_yield.value
    assert value.median == pytest.approx(0.5 * 30 / 45 / 0.60, rel=0.05)
    assert value.low > 0.43 and value.high < 0.7
    assert of(absolute, "target").status == "calibrated"


def test_the_standard_is_a_species_of_the_report_and_its_peak_is_read_as_it(absolute):
    ids = {s.id for s in absolute.species}
    assert absolute.quantities.standard in ids
    peak = next(a for a in absolute.assignments if a.peak == "p3")
    assert peak.candidates[0].species == absolute.quantities.standard
    assert {c.species for a in absolute.assignments for c in a.candidates} <= ids | {"none-of-these"}


def test_a_standard_in_milligrams_is_that_in_equivalents(raw, examples, absolute):
    weighed = report_of(raw, examples, standard={**STANDARD, "amount": "841 mg"}, calibration=[RATIO])
    assert weighed.quantities.assay_yield.value.median == pytest.approx(
        absolute.quantities.assay_yield.value.median, rel=0.01
    )


def test_a_standard_that_no_peak_is_leaves_the_amounts_relative_and_says_so(raw, examples):
    found = report_of(raw, examples, standard={**STANDARD, "rt": "9 min"}, peak=[MONO, BIS])
    assert found.quantities.basis == "relative"
    assert any("standard was not found" in note for note in found.quantities.notes)
    assert found.quantities.assay_yield.value is None


def test_a_standard_of_an_unknown_name_is_refused_with_what_would_do(raw, examples):
    with pytest.raises(BadInput) as caught:
        report_of(raw, examples, standard={**STANDARD, "species": "my standard"})
    (complaint,) = caught.value.complaints
    assert complaint.field == "observed.standard.species" and "SMILES" in complaint.limit


def test_a_species_calibrated_against_itself_is_refused(raw, examples):
    with pytest.raises(BadInput) as caught:
        report_of(raw, examples, calibration=[{**RATIO, "relative_to": "target"}])
    assert caught.value.complaints[0].code == "one-species"


@pytest.fixture(scope="module")
def plate_well(examples):
    known = load()
    case = read_case(examples / "waters-b6.toml", case_tools(known))
    simulation = simulator(known)(case, DRAWS)
    return simulation, readings(simulation, evidence_of(simulation, known), known), known


def quantities_of(simulation, found, known):
    return quantities(simulation, found, species_entries(simulation, known), known)


def test_a_real_plate_report_tells_what_is_seen_below_the_limit_and_not_visible(plate_well):
    told = quantities_of(*plate_well)
    status = {s.label: s.status for s in told.species}
    assert status["target"] == status["regioisomer of the target"] == "estimated"
    assert status["2,4-dichloropyrimidine"] == "below-limit" and status["N-Boc-piperazine"] == "not-visible"
    assert told.conversion.censored == "above" and told.conversion.value.low > 0.8
    assert any("cannot decide" in note for note in told.notes)


def test_ion_current_tells_neither_amounts_nor_ratios(plate_well):
    simulation, found, known = plate_well
    by_ions = [replace(a, peak=replace(a.peak, source="base peak, ES+")) for a in found]
    told = quantities_of(simulation, by_ions, known)
    assert all(s.amount is None and s.status == "area-only" for s in told.species)
    for entry in (told.conversion, told.selectivity, told.assay_yield, told.dr):
        assert entry.value is None and "ion current" in entry.why_not


@pytest.mark.parametrize(("source", "told"), [("UV 254 nm", True), ("base peak, ES+", False)])
def test_diastereomers_are_compared_by_uv_alone(plate_well, source, told):
    simulation, found, known = plate_well
    target = canonical("CC1CN(c2ccccc2)C(C)CN1")
    peaks = [replace(found[0].peak, id=f"p{i}", rt=60.0 * i, area=a, source=source) for i, a in ((1, 0.75), (2, 0.25))]
    readings = [Assignment(p, (Candidate(target, "", None, None, 0.0, 1.0, True),)) for p in peaks]
    entry = quantities_of(replace(simulation, target=target, reached=False), readings, known).dr
    if told:
        assert entry.value.median == pytest.approx(3.0, rel=0.03) and entry.value.high < 3.5
    else:
        assert entry.value is None and "ion current" in entry.why_not


def test_another_wavelength_compares_chromophores_more_loosely(plate_well):
    simulation, found, known = plate_well

    def width(source):
        told = quantities_of(simulation, [replace(a, peak=replace(a.peak, source=source)) for a in found], known)
        low = next(s for s in told.species if s.status == "below-limit").amount
        return low.high

    assert width("UV 254 nm") < width("UV 280 nm")


def test_peaks_without_areas_tell_no_amounts(raw, examples):
    bare = [{k: v for k, v in p.items() if k != "area"} for p in (MONO, BIS)]
    found = report_of(raw, examples, peak=bare).quantities
    assert all(s.amount is None for s in found.species)
    assert found.conversion.value is None and "no areas" in found.notes[0]


def test_a_case_without_peaks_has_no_quantities(raw, examples):
    assert report_of(raw, examples, peak=[], isolated_yield="38 %").quantities is None


def test_the_same_case_gives_the_same_bytes_whatever_the_order_of_its_peaks(raw, examples, absolute):
    again = report_of(raw, examples, standard=STANDARD, calibration=[RATIO])
    turned = report_of(raw, examples, standard=STANDARD, calibration=[RATIO], peak=[TMB, BIS, MONO])
    text = to_json(to_plain(absolute.quantities))
    assert to_json(to_plain(again.quantities)) == text
    assert to_json(to_plain(turned.quantities)) == text
