import pytest

from ringside.answers.explain import explain


@pytest.mark.parametrize(
    ("card", "facts"),
    [
        (
            "cause/insoluble-hydride",
            {"what would be seen", "what notes may report", "mistaken for", "do instead", "settled by"},
        ),
        ("cause/rotamers", {"what is simulated", "prior odds against the recipe as written", "considered with"}),
        ("cause/dead-hydride", {"which are"}),
        ("test/vt-nmr", {"how", "takes", "if positive", "if negative", "tells"}),
        ("remedy/break-borane", {"how", "considered with", "not with"}),
    ],
)
def test_a_card_tells_what_is_seen_what_to_do_and_what_settles_it(card, facts):
    shown = explain(card)
    assert facts <= {name for name, _ in shown.facts}
    assert shown.claims
    assert shown.wrong_when
    assert all(where for _, where in shown.sources)
