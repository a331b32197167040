import tomllib
from dataclasses import asdict

import pytest
from shipped_cards import CAUSES, CHECKS, CONSTANTS, FEATURE_IDS, FOLDER, SHIFTS, SOURCE_KEYS, features_named

from ringside.diagnosis.cards import read_cause
from ringside.diagnosis.constants import prior_odds, read_constants, read_priors
from ringside.diagnosis.hypotheses import considered
from ringside.diagnosis.nexttest import read_test
from ringside.errors import BadKnowledge

GOOD = {
    "id": "x",
    "title": "X",
    "kind": "deviation",
    "status": "draft",
    "claims": "c",
    "wrong_when": "w",
    "prior": 0.1,
    "sources": ["judgement"],
    "change": [{"where": "conditions", "field": "time", "times": 0.5}],
}


def codes(card):
    with pytest.raises(BadKnowledge) as caught:
        read_cause(card, file="x.toml")
    return {c.code for c in caught.value.complaints}


def test_a_good_card_is_read():
    cause = read_cause(GOOD, file="x.toml")
    assert cause.changes[0].times == (0.5, 0.5)
    assert cause.sources == ("judgement",)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"colour": "red"}, "unknown-key"),
        ({"kind": "magic"}, "bad-kind"),
        ({"prior": 0}, "bad-prior"),
        ({"change": []}, "no-change"),
        ({"sources": []}, "no-source"),
        ({"status": "gospel"}, "bad-status"),
        ({"wrong_when": ""}, "missing-key"),
        ({"artefact": {"observable": "isolated", "of": "product", "times": [0.1, 0.2]}}, "bad-artefact"),
        ({"change": [{"where": "conditions", "field": "time"}]}, "bad-change"),
        ({"change": [{"where": "conditions", "field": "time", "times": 2, "to": "2 h"}]}, "bad-change"),
        ({"change": [{"where": "conditions", "times": 2}]}, "missing-key"),
        ({"locators": {"seed": "page 1"}}, "stray-locator"),
        ({"signs": {"gas": 1.0}}, "bad-probability"),
        (
            {"kind": "artefact", "artefact": {"observable": "smell", "of": "product", "times": [0.1, 0.2]}},
            "bad-artefact",
        ),
        (
            {"kind": "artefact", "artefact": {"observable": "isolated", "of": "cat", "times": [0.1, 0.2]}},
            "bad-artefact",
        ),
        (
            {
                "kind": "artefact",
                "artefact": {"observable": "isolated", "of": "all", "times": [0.1, 1], "into": "gold"},
            },
            "bad-artefact",
        ),
    ],
)
def test_a_faulty_card_is_refused_with_its_fault_named(change, code):
    assert code in codes(GOOD | change)


def test_every_shipped_cause_is_read_and_named_after_its_file():
    names = {p.stem for p in (FOLDER / "causes").glob("*.toml")}
    assert {c.id for c in CAUSES} == names
    assert len(CAUSES) >= 50
    assert len(CHECKS) >= 30
    assert {c.kind for c in CAUSES} == {"deviation", "artefact", "design"}


def test_every_cause_says_when_it_is_wrong_and_cites_a_known_source():
    for cause in CAUSES:
        assert cause.wrong_when
        assert set(cause.sources) <= SOURCE_KEYS, cause.id
        if cause.status == "reviewed":
            assert set(cause.sources) - {"judgement", "seed"}, cause.id


def test_causes_name_tests_and_remedies_that_exist():
    tests = {p.stem for p in (FOLDER / "tests").glob("*.toml")}
    remedies = {p.stem for p in (FOLDER / "remedies").glob("*.toml")}
    for cause in CAUSES:
        assert cause.test in tests, cause.id
        assert set(cause.remedies) <= remedies, cause.id


def test_every_test_card_cites_known_sources_and_speaks_of_known_causes():
    ids = {c.id for c in CAUSES}
    for card in CHECKS:
        assert set(card.sources) <= SOURCE_KEYS, card.id
        assert set(card.answers) <= ids, card.id


def test_features_that_cards_name_are_in_the_feature_table():
    for cause in CAUSES:
        named = features_named((*cause.needs, *cause.excludes), cause.changes)
        assert named <= FEATURE_IDS, cause.id


def test_priors_speak_of_known_causes_and_sources():
    ids = {c.id for c in CAUSES}
    for shift in SHIFTS:
        assert shift.cause in ids
        assert shift.source in SOURCE_KEYS


def test_prior_odds_follow_the_recipe():
    stab = frozenset({"has:triacetoxyborohydride"})
    assert prior_odds("dead-hydride", 0.1, stab, SHIFTS) == pytest.approx(0.15)
    assert prior_odds("dead-hydride", 0.1, frozenset(), SHIFTS) == pytest.approx(0.1)


def test_a_missing_or_unknown_constant_is_refused():
    with pytest.raises(BadKnowledge) as caught:
        read_constants([{"key": "tempering", "value": "half"}, {"key": "colour", "value": "1"}])
    assert {c.code for c in caught.value.complaints} == {"not-a-number", "unknown-key", "missing-key"}


def test_a_small_prior_of_none_of_these_is_refused():
    rows = [{"key": k, "value": str(v)} for k, v in (asdict(CONSTANTS) | {"prior_none": 0.05}).items()]
    with pytest.raises(BadKnowledge, match="prior of at least"):
        read_constants(rows)


def test_odds_must_be_positive():
    with pytest.raises(BadKnowledge):
        read_priors([{"cause": "x", "when": "y", "odds_times": "-1", "source": "judgement"}])


def test_a_certain_answer_is_refused():
    card = {"id": "t", "title": "t", "status": "draft", "claims": "c", "wrong_when": "w", "how": "h"}
    card |= {"measures": "check", "answers": {"x": 1.0}, "sources": ["judgement"]}
    card |= {"hours": 1, "positive": "p", "negative": "n"}
    with pytest.raises(BadKnowledge, match="never certain"):
        read_test(card, file="t.toml")


@pytest.mark.parametrize(("change", "code"), [({"hours": -1}, "bad-hours"), ({"positive": ""}, "missing-key")])
def test_an_experiment_says_how_long_it_takes_and_what_its_answers_mean(change, code):
    card = {
        "id": "t",
        "title": "t",
        "status": "draft",
        "claims": "c",
        "wrong_when": "w",
        "how": "h",
        "measures": "yield",
    }
    card |= {"hours": 1, "positive": "p", "negative": "n", "sources": ["judgement"]}
    assert read_test(card, file="t.toml").hours == 1.0
    with pytest.raises(BadKnowledge) as caught:
        read_test(card | change, file="t.toml")
    assert code in {c.code for c in caught.value.complaints}


def test_needs_and_excludes_decide_what_is_considered():
    assert considered(["has:a|has:b"], ["has:c"], frozenset({"has:b"}))
    assert not considered(["has:a", "has:b"], [], frozenset({"has:b"}))
    assert not considered([], ["has:c"], frozenset({"has:c"}))


def check_cards_are_valid_toml_without_tabs():
    for folder in ("causes", "remedies", "tests"):
        for path in sorted((FOLDER / folder).glob("*.toml")):
            text = path.read_text(encoding="utf-8")
            assert "\t" not in text
            assert tomllib.loads(text)["id"] == path.stem
