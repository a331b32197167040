"""Side reactions as causes: which reactions a card means, and how their share is told beside that of the recipe."""

from dataclasses import replace

import numpy as np
import pytest
from fake_flasks import MONO, case_of, raw_case, run, tools
from shipped_cards import CAUSES, CONSTANTS

from ringside.diagnosis.cards import read_cause
from ringside.diagnosis.channels import events_of
from ringside.diagnosis.design import design_shares
from ringside.diagnosis.hypotheses import Hypothesis
from ringside.diagnosis.nouns import Channel
from ringside.errors import BadKnowledge
from ringside.network.nouns import Network, Reaction
from ringside.network.route import route

CARD = {
    "id": "x",
    "title": "X",
    "kind": "design",
    "status": "draft",
    "claims": "c",
    "wrong_when": "w",
    "sources": ["judgement"],
    "channel": {"rules": ["sn2"], "makes": ["larger"], "closes": ["no-ring"], "target": "open"},
}


def codes(card):
    with pytest.raises(BadKnowledge) as caught:
        read_cause(card, file="x.toml")
    return {c.code for c in caught.value.complaints}


def test_a_card_of_a_side_reaction_is_read():
    cause = read_cause(CARD | {"covers": ["too-hot"], "advice": "a column"}, file="x.toml")
    assert cause.channel == Channel(("sn2",), "open", ("no-ring",), ("larger",))
    assert (cause.covers, cause.advice, cause.changes) == (("too-hot",), "a column", ())


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"channel": {"rules": []}}, "missing-key"),
        ({"channel": {"rules": ["sn2"], "colour": "red"}}, "unknown-key"),
        ({"channel": {"rules": ["sn2"], "makes": ["gold"]}}, "bad-channel"),
        ({"channel": {"rules": ["sn2"], "closes": ["circle"]}}, "bad-channel"),
        ({"channel": {"rules": ["sn2"], "target": "square"}}, "bad-channel"),
        ({"change": [{"where": "conditions", "field": "time", "times": 2}]}, "bad-channel"),
        ({"kind": "deviation", "prior": 0.1}, "bad-channel"),
    ],
)
def test_a_faulty_channel_is_refused(change, code):
    assert code in codes(CARD | change)


def test_only_a_channel_covers_other_causes():
    plain = {k: v for k, v in CARD.items() if k != "channel"}
    change = [{"where": "conditions", "field": "time", "times": 2}]
    assert codes(plain | {"change": change, "covers": ["too-hot"]}) == {"bad-channel"}


def _step(name, rule, reactants, products, ring=None, reverse_of=None):
    return Reaction(name, rule, "x", tuple(reactants), tuple(products), 1, ring, (), reverse_of)


NETWORK = Network(
    tuple("ABEHPSTZ"),
    (
        _step("open", "sn2", "AE", "H"),
        _step("close", "sn2", "H", "P", ring=7),
        _step("six", "sn2", "H", "S", ring=6),
        _step("grow", "sn2", "HH", "B"),
        _step("big", "sn2", "B", "T", ring=14),
        _step("lose", "e2", "E", "Z"),
        _step("unlose", "e2", "Z", "E", reverse_of="lose"),
    ),
)
HELD = {
    "A": {"A": 1}, "E": {"E": 1}, "H": {"A": 1, "E": 1}, "P": {"A": 1, "E": 1}, "S": {"A": 1, "E": 1},
    "B": {"A": 2, "E": 2}, "T": {"A": 2, "E": 2}, "Z": {"E": 1},
}  # fmt: skip
WAY = route(NETWORK, "P", "AE", HELD)


@pytest.mark.parametrize(
    ("channel", "events"),
    [
        (Channel(("sn2",)), {"six", "grow", "big"}),
        (Channel(("sn2",), closes=("smaller-ring",)), {"six"}),
        (Channel(("sn2",), closes=("larger-ring",)), {"big"}),
        (Channel(("sn2",), closes=("no-ring",), makes=("larger",)), {"grow"}),
        (Channel(("sn2",), makes=("isomer",)), {"six"}),
        (Channel(("sn2",), target="open"), set()),
        (Channel(("e2",)), {"lose", "unlose"}),
        (Channel(("snar",)), set()),
    ],
)
def test_a_channel_means_only_what_leaves_the_way_to_the_target(channel, events):
    assert events_of(channel, NETWORK, WAY) == events


def test_no_reaction_on_the_way_belongs_to_any_shipped_channel():
    for cause in CAUSES:
        if cause.channel is not None:
            wide = replace(cause.channel, rules=("sn2", "e2"))
            assert events_of(wide, NETWORK, WAY).isdisjoint({"open", "close"})


def test_no_reaction_belongs_to_two_shipped_channels():
    channels = [c for c in CAUSES if c.channel is not None]
    for one in channels:
        for two in channels:
            shared = set(one.channel.rules) & set(two.channel.rules)
            if one.id < two.id and shared:
                assert _apart(one.channel, two.channel), (one.id, two.id, sorted(shared))


def _apart(one, two):
    pairs = ((one.closes, two.closes), (one.makes, two.makes))
    apart = any(a and b and not set(a) & set(b) for a, b in pairs)
    return apart or {one.target, two.target} == {"ring", "open"} or _rings_apart(one, two) or _rings_apart(two, one)


def _rings_apart(one, two):
    """Rings beside the target's need a target with a ring, and "ring" one without."""
    relative = {"smaller-ring", "same-ring", "larger-ring"}
    return (one.target == "open" and bool(two.closes) and set(two.closes) <= relative) or (
        one.target == "ring" and two.closes == ("ring",)
    )


# --- shares ---------------------------------------------------------------------------------------------------------

CASE = case_of(raw_case())
N = 24
BASE = run(CASE, N)


def _world(gain):
    column = BASE.species.index(MONO)
    isolated = BASE.isolated.copy()
    isolated[:, column] += gain * (1 - isolated[:, column])
    return replace(BASE, isolated=isolated)


def _channel(name, covers=()):
    return Hypothesis(
        name, name, "design", 0.0, CASE, (), None, (), "", ("judgement",), channel=Channel((name,)), covers=covers
    )


def _recipe(name):
    return Hypothesis(name, name, "design", 0.0, case_of(raw_case(title=name)), (), None, (), "", ("judgement",))


def _tools(gains):
    def without(case, channel, n):
        gain = gains[channel.rules[0]]
        return None if gain == 0 else _head(_world(gain), n)

    def simulate(case, n):
        return _head(_world(gains.get(case.raw["title"], 0.0)), n)

    return replace(tools(simulate), without=without)


def _head(world, n):
    return replace(
        world,
        amount=world.amount[:n],
        in_sample=world.in_sample[:n],
        isolated=world.isolated[:n],
        limiting_mol=world.limiting_mol[:n],
    )


def shares(hypotheses, gains):
    found = design_shares(hypotheses, BASE, np.full(N, 1 / N), tools=_tools(gains), constants=CONSTANTS)
    assert sum(s.weight for s in found) == pytest.approx(1.0)
    return {s.id: s.weight for s in found}


def test_a_side_reaction_that_takes_nothing_has_no_share():
    assert set(shares([_channel("idle")], {"idle": 0.0})) == {"as-expected"}


def test_a_side_reaction_has_the_share_of_what_it_takes():
    found = shares([_channel("much"), _channel("little")], {"much": 0.6, "little": 0.2})
    assert found["much"] == pytest.approx(3 * found["little"])


def test_what_a_change_of_the_recipe_explains_is_not_given_to_its_side_reaction_too():
    alone = shares([_recipe("dilute")], {"dilute": 0.5})
    both = shares([_recipe("dilute"), _channel("chains", ("dilute",))], {"dilute": 0.5, "chains": 0.4})
    assert both == pytest.approx(alone)


def test_what_can_be_changed_comes_before_its_side_reaction():
    cards = [_recipe("dilute"), _channel("chains", ("dilute",))]
    much = shares(cards, {"dilute": 0.2, "chains": 0.6})
    assert 0 < much["chains"] < much["dilute"]
    little = shares(cards, {"dilute": 0.02, "chains": 0.6})
    assert little["chains"] > 10 * little["dilute"]


def test_shares_do_not_depend_on_the_order_of_the_cards():
    cards = [_recipe("dilute"), _channel("chains", ("dilute",)), _channel("other")]
    gains = {"dilute": 0.2, "chains": 0.6, "other": 0.1}
    assert shares(cards, gains) == shares(list(reversed(cards)), gains)
