import pytest
from remedy_flasks import FEATURE_IDS, FOLDER, REMEDIES, SOURCE_KEYS, features_named

from ringside.errors import BadKnowledge
from ringside.remedy.cards import read_remedy

GOOD = {
    "id": "x",
    "title": "X",
    "status": "draft",
    "claims": "c",
    "wrong_when": "w",
    "text": "do it",
    "sources": ["judgement"],
    "option": [{"change": [{"where": "conditions", "field": "time", "times": 2}]}],
}


def test_a_good_card_is_read():
    card = read_remedy(GOOD, file="x.toml")
    assert card.options[0][0].times == (2.0, 2.0)
    assert (card.says, card.steps, card.hours) == ("", 0, 0.0)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"colour": "red"}, "unknown-key"),
        ({"option": []}, "missing-key"),
        ({"option": [{"change": []}]}, "no-change"),
        ({"option": [{"change": GOOD["option"][0]["change"], "colour": 1}]}, "unknown-key"),
        ({"text": ""}, "missing-key"),
        ({"sources": []}, "no-source"),
        ({"status": "gospel"}, "bad-status"),
    ],
)
def test_a_faulty_card_is_refused_with_its_fault_named(change, code):
    with pytest.raises(BadKnowledge) as caught:
        read_remedy(GOOD | change, file="x.toml")
    assert code in {c.code for c in caught.value.complaints}


def test_every_shipped_remedy_is_read_and_named_after_its_file():
    assert {r.id for r in REMEDIES} == {p.stem for p in (FOLDER / "remedies").glob("*.toml")}
    assert len(REMEDIES) >= 35


def test_every_remedy_says_when_it_is_wrong_and_cites_a_known_source():
    for card in REMEDIES:
        assert card.wrong_when
        assert set(card.sources) <= SOURCE_KEYS, card.id
        assert set(card.locators) <= set(card.sources), card.id


def test_features_that_remedies_name_are_in_the_feature_table():
    for card in REMEDIES:
        changes = [c for option in card.options for c in option]
        assert features_named((*card.needs, *card.excludes), changes) <= FEATURE_IDS, card.id


def test_the_seed_s_advice_carries_what_the_textbook_says():
    cards = {r.id: r for r in REMEDIES}
    assert "well-mixed" in cards["slow-addition"].says
    assert cards["mono-protection"].steps == 2
