"""Reports of real cases: the laws that every one of them obeys."""

import json
import math
import os
import subprocess
import sys
from dataclasses import fields

import pytest
from pydantic import TypeAdapter

from ringside.answers.ask import ask
from ringside.answers.diagnose import diagnose
from ringside.answers.flow import DRAWS, simulator
from ringside.answers.predict import predict
from ringside.answers.report import Interval, Report, to_plain
from ringside.answers.schema import schema_text
from ringside.answers.tools import case_tools
from ringside.answers.worlds import world_of
from ringside.case.nouns import Patch
from ringside.case.read import case_from_raw, patch_case, read_case
from ringside.chem.mass import exact_mass, formula
from ringside.knowledge.load import load
from ringside.record.jsontext import to_json
from ringside.remedy.plan import interval

CASES = ["waters-b6", "benzylation", "nitrobenzyl-reductive-amination", "piperazine-coupling"]
OTHERS = [
    "aziridinium-ring-change",
    "dichloromethane-solvent",
    "fourteen-membered-ring",
    "piperazine-excess",
    "stall-in-aliquots",
    "stalled-closure",
    "sulfonylation",
]
QUICK = ["waters-b6", "benzylation", "piperazine-coupling"]
ROLES = {"product", "starting-material", "intermediate", "side-product", "reagent", "solvent", "salt"}


@pytest.fixture(scope="module")
def reports(examples):
    return {name: ask("diagnose", examples / f"{name}.toml") for name in CASES}


@pytest.fixture(scope="module", params=CASES)
def named(request, reports):
    return request.param, reports[request.param]


@pytest.fixture(scope="module")
def report(named):
    return named[1]


@pytest.fixture(scope="module")
def known():
    return load()


def text_of(report):
    return to_json(to_plain(report))


def read(examples, name, known):
    return read_case(examples / f"{name}.toml", case_tools(known))


def intervals(value):
    if isinstance(value, Interval):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from intervals(item)
    elif hasattr(value, "__dataclass_fields__"):
        for f in fields(value):
            yield from intervals(getattr(value, f.name))


def test_every_example_has_its_law_tests(examples):
    assert {p.stem for p in examples.glob("*.toml")} == {*CASES, *OTHERS}


def test_probabilities_of_causes_sum_to_one_are_ranked_and_leave_room_for_none_of_these(report):
    chances = [c.probability for c in report.causes]
    assert math.fsum(chances) == pytest.approx(1.0, abs=1e-9)
    assert chances == sorted(chances, reverse=True)
    assert [c.id for c in report.causes].count("none-of-these") == 1
    assert all(0 <= p <= 1 for p in chances)
    assert next(c.probability for c in report.causes if c.id == "none-of-these") > 0


def test_what_the_causes_had_before_the_evidence_sums_to_one_too(report):
    assert math.fsum(c.prior for c in report.causes) == pytest.approx(1.0, abs=1e-9)


def test_readings_of_a_peak_are_ranked_and_share_at_most_one(report):
    ids = {s.id for s in report.species} | {f.id for f in report.families or ()}
    for a in report.assignments or ():
        chances = [c.probability for c in a.candidates]
        assert chances == sorted(chances, reverse=True)
        assert math.fsum(chances) <= 1 + 1e-9
        for c in a.candidates:
            assert c.species in ids or c.species == "none-of-these" or c.species.startswith("background:")


def test_masses_and_formulas_follow_from_the_structures(report):
    for s in report.species:
        assert (s.mass is None) == (s.smiles is None)
        if s.smiles:
            assert s.mass == exact_mass(s.smiles)
            assert s.formula == formula(s.smiles)


def test_ids_are_unique_and_roles_are_those_of_the_schema(report):
    for ids in (
        [s.id for s in report.species],
        [s.smiles for s in report.species if s.smiles],
        [c.id for c in report.causes],
        [r.id for r in report.remedies],
        [s.key for s in report.sources],
    ):
        assert len(set(ids)) == len(ids)
    assert {s.role for s in report.species} <= ROLES
    assert [s.role for s in report.species].count("product") == 1


def test_intervals_are_in_order_and_amounts_are_never_negative(report):
    found = list(intervals(report))
    assert found
    for i in found:
        assert i.low <= i.median <= i.high
    for s in report.species:
        assert min(s.amount.low, s.in_sample.low, s.isolated.low) >= 0
    for r in report.remedies:
        assert r.yield_.before.low >= 0
        assert r.yield_.after.high <= 1


def test_whatever_was_not_charged_has_a_path(report):
    for s in report.species:
        if s.role in {"product", "side-product", "intermediate"}:
            assert s.path, s.label


def test_every_cited_source_is_listed(report):
    keys = {s.key for s in report.sources}
    cited = {k.split(":", 1)[0].strip() for c in (*report.causes, *report.remedies) for k in c.sources}
    assert cited <= keys


def test_the_verdict_has_at_most_thirty_words(report):
    assert 3 <= len(report.verdict.split()) <= 30


@pytest.mark.parametrize("name", OTHERS)
def test_the_verdict_of_every_other_example_has_at_most_thirty_words(name, examples):
    assert 3 <= len(ask("diagnose", examples / f"{name}.toml").verdict.split()) <= 30


def against_schema(value, schema, defs, place="report"):
    """Yield where a value has other keys than its schema asks, or a kind that it does not allow."""
    if "$ref" in schema:
        schema = defs[schema["$ref"].rsplit("/", 1)[1]]
    kinds = {"object": dict, "array": list, "string": str, "number": (int, float), "boolean": bool, "null": type(None)}
    if "anyOf" in schema:
        if all(list(against_schema(value, option, defs, place)) for option in schema["anyOf"]):
            yield place
        return
    if "type" in schema and not isinstance(value, kinds[schema["type"]]):
        yield f"{place} is no {schema['type']}"
    elif "enum" in schema and value not in schema["enum"]:
        yield f"{place} is {value}"
    elif schema.get("type") == "object":
        if set(value) != set(schema["properties"]) or set(schema["required"]) != set(value):
            yield f"{place} has the keys {sorted(value)}"
        for key, inner in value.items():
            yield from against_schema(inner, schema["properties"].get(key, {}), defs, f"{place}.{key}")
    elif schema.get("type") == "array":
        for i, inner in enumerate(value):
            yield from against_schema(inner, schema.get("items", {}), defs, f"{place}[{i}]")


def test_the_json_is_what_the_published_schema_describes(report):
    schema = json.loads(schema_text("report"))
    assert list(against_schema(json.loads(text_of(report)), schema, schema["$defs"])) == []


def test_a_report_that_breaks_the_schema_is_noticed(reports):
    schema = json.loads(schema_text("report"))
    broken = json.loads(text_of(reports["benzylation"]))
    del broken["causes"][0]["for"]
    broken["species"][0]["role"] = "gift"
    broken["verdict"] = 5
    assert len(list(against_schema(broken, schema, schema["$defs"]))) >= 3


def test_reading_the_json_back_gives_the_same_report(report):
    def python(value):
        if isinstance(value, dict):
            return {{"for": "for_", "from": "from_", "yield": "yield_"}.get(k, k): python(v) for k, v in value.items()}
        return [python(v) for v in value] if isinstance(value, list) else value

    text = text_of(report)
    assert text_of(TypeAdapter(Report).validate_python(python(json.loads(text)))) == text


@pytest.mark.parametrize("name", QUICK)
def test_the_same_case_gives_the_same_bytes_with_a_cold_and_a_warm_cache(
    name, examples, reports, tmp_path, monkeypatch
):
    monkeypatch.setenv("RINGSIDE_CACHE", str(tmp_path))
    assert not list(tmp_path.iterdir())
    cold = text_of(ask("diagnose", examples / f"{name}.toml"))
    assert list(tmp_path.glob("*.network"))
    warm = text_of(ask("diagnose", examples / f"{name}.toml"))
    assert cold == warm == text_of(reports[name])


def test_a_cache_that_cannot_be_read_is_grown_again(examples, reports, tmp_path, monkeypatch):
    monkeypatch.setenv("RINGSIDE_CACHE", str(tmp_path))
    ask("predict", examples / "benzylation.toml")
    for path in tmp_path.glob("*.network"):
        path.write_bytes(path.read_bytes()[:100])
    assert text_of(ask("diagnose", examples / "benzylation.toml")) == text_of(reports["benzylation"])


@pytest.mark.parametrize("hashes", ["1", "2"])
def test_another_process_with_other_hashes_gives_the_same_bytes(hashes, examples, reports, tmp_path):
    out = tmp_path / "report.json"
    run = "import sys; from ringside.cli.main import main; main()"
    subprocess.run(
        [sys.executable, "-c", run, "diagnose", str(examples / "benzylation.toml"), "--json", str(out)],
        env={**os.environ, "PYTHONHASHSEED": hashes, "RINGSIDE_CACHE": str(tmp_path / "cache")},
        check=True,
        capture_output=True,
    )
    assert out.read_text(encoding="utf-8") == text_of(reports["benzylation"])


@pytest.mark.parametrize("name", QUICK)
def test_the_order_of_the_charges_changes_neither_causes_nor_species(name, examples, reports, known):
    case = read(examples, name, known)
    raw = {**case.raw, "charge": list(reversed(case.raw["charge"]))}
    turned = diagnose(case_from_raw(raw, case_tools(known), file="turned.toml", folder=examples), known)
    assert [c.id for c in turned.causes] == [c.id for c in reports[name].causes]
    assert turned.species == reports[name].species
    assert turned.remedies == reports[name].remedies
    assert turned.verdict == reports[name].verdict


def test_a_remedys_patch_reproduces_the_yield_it_promised(named, examples, known):
    name, report = named
    case = read(examples, name, known)
    run = simulator(known)
    published = json.loads(text_of(report))["remedies"]
    for remedy, told in zip(report.remedies, published, strict=True):
        patches = [Patch(p["path"], p["from"], p["to"]) for p in told["change"]["patch"]]
        world = world_of(run(patch_case(case, patches, case_tools(known)), DRAWS), known)
        found, promised = interval(world.target_yield()), remedy.yield_.after
        for one, other in zip(
            (found.median, found.low, found.high), (promised.median, promised.low, promised.high), strict=True
        ):
            assert min(max(one, 0.0), 1.0) == pytest.approx(other, abs=1e-9), remedy.id


def test_a_prediction_of_the_patched_case_file_agrees_within_the_error_of_its_own_draws(examples, reports, known):
    case = read(examples, "benzylation", known)
    for remedy in reports["benzylation"].remedies:
        patches = [Patch(p.path, p.from_, p.to) for p in remedy.change.patch]
        alone = predict(patch_case(case, patches, case_tools(known)), known)
        found = next(s.isolated for s in alone.species if s.role == "product")
        error = 1.25 * (found.high - found.low) / 3.29 * math.sqrt(2 / DRAWS)  # of the difference of two medians
        assert abs(found.median - remedy.yield_.after.median) <= 3 * error, remedy.id


def test_a_remedy_is_worth_its_place(report):
    for remedy in report.remedies:
        assert remedy.change.patch
        assert remedy.gain.high > 0
