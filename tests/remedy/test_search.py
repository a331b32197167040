"""A search over recipes, in an analytic flask."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from remedy_flasks import REMEDIES, SITUATION, case_of, raw_case, tools

from ringside.case.nouns import Patch
from ringside.errors import BadKnowledge
from ringside.knowledge.load import load
from ringside.remedy.moves import joined, moves_of, read_levers
from ringside.remedy.screen import screen
from ringside.remedy.search import Belief, Bill, Limits, Question, Trial, best, evaluate, front, robust, search, winners

LEVERS = load(None).levers
N = 40


def question(limits=None, case=None):
    case = case or case_of(raw_case())

    def bill(case, moves):
        litres = sum(c.amount.value.mid for c in case.recipe.charges if c.role == "solvent")
        hours = case.recipe.time.mid / 3600.0 + sum(m.hours for m in moves)
        return Bill(
            1000.0 * litres,
            litres,
            hours,
            sum(m.steps for m in moves),
            None,
            hours + 100.0 * sum(m.steps for m in moves),
        )

    even = np.full(N, 1.0 / N)
    return Question(case, (Belief((), even, 1.0),), limits or Limits(), tools(), bill, np.full(N, 0.8), N)


def moves(case=None):
    return moves_of(case or case_of(raw_case()), REMEDIES, LEVERS, situation=SITUATION, tools=tools())


def trial(name, yields, purity=0.5, effort=1.0, of=()):
    values = np.full(N, yields) if np.isscalar(yields) else np.asarray(yields)
    picked = tuple(m for m in moves() if m.id in of) if of else ()
    return Trial(
        picked or (replace_id(name),), (), case_of(raw_case()), Bill(0, 0, 0, 0, None, effort), values, np.full(N, purity), np.full(N, 1 / N), values
    )  # fmt: skip


def replace_id(name):
    first = moves()[0]
    return type(first)(name, name, True, frozenset({name}), first.changes, 0, 0.0, ())


def test_a_search_finds_that_excess_diamine_helps_and_combines_what_touches_other_fields():
    tried = search(question(), moves(), width=3, partners=6, depth=2, most=60)
    top = best(tried, 0.005)
    assert tried[0].moves == ()
    assert top.mean > tried[0].mean + 0.1
    assert any("excess-diamine" in m.id or "partner" in m.id for m in top.moves)
    assert any(len(t.moves) == 2 for t in tried)
    for t in tried:
        touched = [f for m in t.moves for f in m.touches]
        assert len(touched) == len(set(touched))


def test_a_search_does_not_depend_on_the_order_of_moves():
    one = search(question(), moves(), width=3, partners=5, depth=2, most=60)
    two = search(question(), moves()[::-1], width=3, partners=5, depth=2, most=60)
    assert best(one, 0.01).patches == best(two, 0.01).patches


def test_limits_keep_recipes_out_that_break_them():
    tried = search(question(Limits(volume=0.06, hours=20.0)), moves(), width=3, partners=6, depth=2, most=80)
    assert len(tried) > 3
    assert all(t.bill.volume <= 0.06 and t.bill.hours <= 20.0 for t in tried)


def test_what_is_not_at_hand_is_not_proposed():
    everything = search(question(), moves(), width=2, partners=4, depth=1, most=80)
    put_in = {str(p.new["name"]).casefold() for t in everything for p in t.patches if p.path == "charge[+]"}
    assert put_in
    name = sorted(put_in)[0]
    kept = search(question(Limits(without=frozenset({name}))), moves(), width=2, partners=4, depth=1, most=80)
    assert name not in {str(p.new["name"]).casefold() for t in kept for p in t.patches if p.path == "charge[+]"}


def test_further_steps_cost_yield():
    longer = replace(next(m for m in moves() if m.id == "longer-2"), steps=2)
    found = evaluate(question(), (longer,))
    assert found is not None
    assert found.yields == pytest.approx(found.plain * 0.8**longer.steps)


def test_on_the_front_nothing_beats_anything():
    trials = [trial("a", 0.5, effort=1.0), trial("b", 0.7, effort=5.0), trial("c", 0.6, effort=9.0), trial("d", 0.4, 0.9, 9.0)]  # fmt: skip
    assert [t.moves[0].id for t in front(trials)] == ["a", "b", "d"]


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1), st.floats(1, 100)), min_size=1, max_size=12))
def test_a_front_is_never_empty_and_holds_the_best_of_each(spec):
    trials = [trial(f"t{i}", y, p, e) for i, (y, p, e) in enumerate(spec)]
    kept = front(trials)
    assert max(t.mean for t in kept) == max(t.mean for t in trials)
    assert max(t.clean for t in kept) == max(t.clean for t in trials)
    assert min(t.bill.effort for t in kept) == min(t.bill.effort for t in trials)


def test_the_robust_recipe_is_the_one_that_loses_least_where_things_go_badly():
    steady, bold = trial("steady", 0.6), trial("bold", np.where(np.arange(N) < 0.3 * N, 0.1, 1.0))
    assert best([steady, bold], 0.01).moves[0].id == "bold"
    assert robust([steady, bold], 0.2, 0.01).moves[0].id == "steady"


def test_a_move_that_brings_nothing_is_left_out():
    plain = trial("x", 0.7, of=("longer-2",))
    padded = trial("x", 0.7, of=("longer-2", "dilute-3"))
    assert len(padded.moves) == 2
    assert front([plain, padded], 0.01, 0.03) == [plain]
    assert winners([padded, plain], 0.01)[("longer-2",)] == pytest.approx(1.0)


# --- a screen ---------------------------------------------------------------------------------------------------------


def test_a_screen_runs_first_what_decides_between_two_recipes():
    rng = np.random.default_rng(3)
    doubtful, sure, other = rng.uniform(0.1, 0.9, N), np.full(N, 0.5), np.full(N, 0.2)
    runs = screen([trial("doubtful", doubtful), trial("sure", sure), trial("other", other)], runs=3, sd=0.05, same=0.01)
    assert runs[0].trial.moves[0].id == "doubtful"
    assert runs[0].bits > 0.5
    assert [r.trial.moves[0].id for r in runs[1:]] == []


def test_a_screen_of_what_is_known_is_empty():
    assert screen([trial("a", 0.5), trial("b", 0.3)], runs=4, sd=0.05, same=0.01) == ()
    assert screen([trial("a", 0.5)], runs=4, sd=0.05, same=0.01) == ()


def test_a_noisier_measurement_tells_less():
    rng = np.random.default_rng(4)
    table = [trial("a", rng.uniform(0.2, 0.8, N)), trial("b", np.full(N, 0.5))]
    sharp, blurred = (screen(table, runs=1, sd=sd, same=0.01)[0].bits for sd in (0.02, 0.2))
    assert sharp > blurred > 0.0


# --- patches and levers ------------------------------------------------------------------------------------------------


def test_patches_in_a_row_are_told_as_one():
    found = joined(
        [
            Patch("conditions.time", "4 h", "8 h"),
            Patch("charge[+]", None, {"name": "DMF", "amount": "10 mL"}),
            Patch("conditions.time", "8 h", "4 h"),
            Patch("charge[DMF].amount", "10 mL", "30 mL"),
        ]
    )
    assert found == (Patch("charge[+]", None, {"name": "DMF", "amount": "30 mL"}),)
    gone = joined([Patch("charge[+]", None, {"name": "DMF"}), Patch("charge[-DMF]", {"name": "DMF"}, None)])
    assert gone == ()


def test_joined_patches_lead_to_the_same_case():
    for t in search(question(), moves(), width=3, partners=5, depth=2, most=60):
        assert tools().patch(case_of(raw_case()), t.patches).raw == t.case.raw


@pytest.mark.parametrize(
    ("row", "says"),
    [({"times": "", "to": ""}, "either"), ({"times": "-2"}, "positive"), ({"group": "colour"}, "group")],
)
def test_a_lever_that_cannot_be_is_refused(row, says):
    whole = {
        "id": "x", "title": "x", "group": "time", "where": "conditions", "field": "time", "times": "2", "to": "", "needs": "", "excludes": "",
        "source": "judgement",
    }  # fmt: skip
    with pytest.raises(BadKnowledge, match=says):
        read_levers([whole | row])
