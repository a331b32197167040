"""Reports of real cases: the laws that every one of them obeys, and the chemistry of a few."""

import json
from dataclasses import replace

import pytest

from ringside.answers.ask import ask
from ringside.answers.flow import DRAWS, simulator, world_of
from ringside.answers.report import to_plain
from ringside.answers.schema import schema_text
from ringside.answers.species import interval
from ringside.answers.tools import case_tools
from ringside.case.nouns import Patch
from ringside.case.read import case_from_raw, patch_case, read_case
from ringside.chem.mass import exact_mass, formula
from ringside.chem.molecule import canonical
from ringside.knowledge.load import load
from ringside.record.jsontext import to_json

CASES = ["waters-b6", "benzylation", "nitrobenzyl-reductive-amination", "piperazine-coupling"]
ROLES = {"product", "starting-material", "intermediate", "side-product", "reagent", "solvent", "salt"}


@pytest.fixture(scope="module")
def reports(examples):
    return {name: ask("diagnose", examples / f"{name}.toml") for name in CASES}


@pytest.fixture(scope="module", params=CASES)
def report(request, reports):
    return reports[request.param]


def text_of(report):
    return to_json(to_plain(report))


def amounts(report):
    return {s.smiles: s.amount.median for s in report.species if s.smiles}


def flask(charges, *, volume, temperature="25 degC", time="24 h", target=None):
    raw = {
        "title": "flask",
        "scale": "10 mmol",
        "charge": [
            *[{"name": n, "role": r, "amount": a, **({"smiles": s} if s else {})} for n, r, a, s in charges],
            {"name": "acetonitrile", "role": "solvent", "amount": volume},
        ],
        "conditions": {"temperature": temperature, "time": time},
    }
    return {**raw, "target": target} if target else raw


def predicted(raw, tmp_path):
    known = load()
    case = case_from_raw(raw, case_tools(known), file="flask.toml", folder=tmp_path)
    return simulator(case, known)(case, 60)


def median_of(simulation, smiles):
    at = {s: i for i, s in enumerate(simulation.outcome.species)}
    return interval(simulation.outcome.amount[:, at[smiles]]).median if smiles in at else 0.0


def test_probabilities_of_causes_sum_to_one_are_ranked_and_leave_room_for_none_of_these(report):
    chances = [c.probability for c in report.causes]
    assert sum(chances) == pytest.approx(1.0, abs=1e-6)
    assert chances == sorted(chances, reverse=True)
    assert "none-of-these" in {c.id for c in report.causes}


def test_ids_are_unique_roles_are_known_and_masses_follow_from_the_structures(report):
    assert len({s.id for s in report.species}) == len(report.species)
    assert {s.role for s in report.species} <= ROLES
    for s in report.species:
        if s.smiles:
            assert s.mass == pytest.approx(exact_mass(s.smiles))
            assert s.formula == formula(s.smiles)


def test_whatever_was_not_charged_has_a_path(report):
    for s in report.species:
        if s.role in {"product", "side-product", "intermediate"}:
            assert s.path, s.label


def test_the_verdict_has_at_most_thirty_words(report):
    assert len(report.verdict.split()) <= 30


def test_every_cited_source_is_listed(report):
    keys = {s.key for s in report.sources}
    cited = {k.split(":", 1)[0].strip() for c in (*report.causes, *report.remedies) for k in c.sources}
    assert cited <= keys


def test_the_json_has_the_keys_of_the_published_schema(report):
    schema = json.loads(schema_text("report"))
    plain = json.loads(text_of(report))
    assert set(plain) == set(schema["properties"])
    assert {"for", "against"} <= set(plain["causes"][0])
    assert all({"before", "after"} == set(r["yield"]) for r in plain["remedies"])


def test_the_same_case_gives_the_same_bytes_with_and_without_a_cache(examples, reports, tmp_path, monkeypatch):
    warm = text_of(ask("diagnose", examples / "benzylation.toml"))
    monkeypatch.setenv("RINGSIDE_CACHE", str(tmp_path))
    cold = text_of(ask("diagnose", examples / "benzylation.toml"))
    assert warm == cold == text_of(reports["benzylation"])


def test_the_order_of_the_charges_changes_nothing(examples, reports, tmp_path):
    known = load()
    case = read_case(examples / "benzylation.toml", case_tools(known))
    turned = tmp_path / "turned.toml"
    raw = {**case.raw, "charge": list(reversed(case.raw["charge"]))}
    from ringside.record.toml import to_toml  # noqa: PLC0415

    turned.write_text(to_toml(raw), encoding="utf-8")
    other = ask("diagnose", turned)
    assert [c.id for c in other.causes] == [c.id for c in reports["benzylation"].causes]
    assert amounts(other) == amounts(reports["benzylation"])


def test_a_remedys_patch_reproduces_what_it_promised(examples, reports):
    known = load()
    case = read_case(examples / "benzylation.toml", case_tools(known))
    run = simulator(case, known)
    for remedy in reports["benzylation"].remedies:
        patches = [Patch(p.path, p.from_, p.to) for p in remedy.change.patch]
        world = world_of(run(patch_case(case, patches, case_tools(known)), DRAWS), known)
        promised = remedy.yield_.after.median
        possible = [interval(world.target_yield(per)).median for per in (None, *world.starting_materials)]
        assert any(p == pytest.approx(promised, abs=2e-3) for p in possible), remedy.id


def test_the_seeds_molecule_needs_its_hydride(examples, reports, tmp_path):
    with_hydride = reports["nitrobenzyl-reductive-amination"]
    known = load()
    case = read_case(examples / "nitrobenzyl-reductive-amination.toml", case_tools(known))
    bare = patch_case(case, [Patch("charge[-sodium triacetoxyborohydride]", None, None)], case_tools(known))
    without = simulator(bare, known)(bare, 60)
    assert amounts(with_hydride)[canonical(case.recipe.target)] > 0.5
    assert not without.reached


def test_ten_times_more_dilute_less_goes_to_chains_and_larger_rings(tmp_path):
    charges = [
        ("ethylenediamine", "substrate", "1 equiv", None),
        ("1,3-dibromopropane", "substrate", "1 equiv", None),
        ("potassium carbonate", "base", "3 equiv", None),
    ]
    ring, azetidine = "C1CNCCNC1", "NCCN1CCC1"
    shares = []
    for volume in ("50 mL", "500 mL"):
        found = predicted(flask(charges, volume=volume, temperature="60 degC", target=ring), tmp_path)
        larger = sum(
            median_of(found, s)
            for s in found.outcome.species
            if s.startswith("family:") or (len(s) < 200 and exact(s) > 150)
        )
        shares.append(larger / (larger + median_of(found, ring) + median_of(found, azetidine)))
    assert shares[1] < shares[0]


def exact(smiles):
    return exact_mass(smiles) if "Br" not in smiles and "K" not in smiles else 0.0


@pytest.mark.parametrize(
    ("amine", "bridge", "forms"), [("homopiperazine", "C1CN2CCN(C1)C2", True), ("piperazine", "C1CN2CCN1C2", False)]
)
def test_formaldehyde_bridges_a_diazepane_and_not_a_piperazine(amine, bridge, forms, tmp_path):
    charges = [(amine, "substrate", "1 equiv", None), ("paraformaldehyde", "substrate", "1 equiv", None)]
    found = predicted(flask(charges, volume="50 mL"), tmp_path)
    assert (median_of(found, canonical(bridge)) > 0.01) is forms


def test_the_plates_two_peaks_are_either_isomer_and_the_answer_says_what_would_decide(reports):
    report = reports["waters-b6"]
    names = {s.id: s.smiles for s in report.species}
    isomers = {canonical("CC(C)(C)OC(=O)N1CCN(CC1)c1ccnc(Cl)n1"), canonical("CC(C)(C)OC(=O)N1CCN(CC1)c1nccc(Cl)n1")}
    assert [round(a.area_percent, 2) for a in report.assignments] == [92.87, 7.13]
    for a in report.assignments:
        assert {names[s] for s in a.undecidable_between} == isomers
        assert "authentic" in a.decided_by
    assert report.explained_area > 0.95


def test_with_another_flasks_recipe_the_plates_peaks_are_not_explained(examples, tmp_path):
    known = load()
    plate = read_case(examples / "waters-b6.toml", case_tools(known))
    other = read_case(examples / "benzylation.toml", case_tools(known))
    swapped = replace(other, observed=plate.observed, raw={**other.raw, "observed": plate.raw["observed"]})
    from ringside.answers.predict import assign_report  # noqa: PLC0415

    assert assign_report(swapped, known).explained_area < 0.3


def test_a_target_that_no_rule_reaches_still_gets_its_masses(examples):
    known = load()
    case = read_case(examples / "benzylation.toml", case_tools(known))
    far = patch_case(case, [Patch("target", None, "CCCCCCCCN(CC)C(=O)c1ccccc1")], case_tools(known))
    from ringside.answers.predict import predict  # noqa: PLC0415

    report = predict(far, known)
    target = next(s for s in report.species if s.role == "product")
    assert not report.case.reached
    assert target.amount.high == 0.0
    assert target.ions
    assert "target-not-reached" in {w.code for w in report.warnings}
