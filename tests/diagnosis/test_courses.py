from dataclasses import replace

import numpy as np
import pytest
from fake_flasks import BIS, BROMIDE, DIAMINE, MONO, assigned, case_of, observed_case, raw_case, run
from shipped_cards import CONSTANTS

from ringside.diagnosis.artefacts import with_artefact
from ringside.diagnosis.likelihood import log_likelihood, mean_log, reference_log_density
from ringside.diagnosis.observations import observe
from ringside.diagnosis.world import head, recipe_key
from ringside.evidence.nouns import Aliquot, NmrSignal, Standard, WaterContent

HOUR = 3600.0
FINAL = run(case_of(raw_case()), 64)


def flask(*left):
    """A world whose limiting diamine is left in these shares of itself at 1, 2, 3, ... h, the last being the end."""

    def at(share):
        spread = np.exp(0.1 * np.linspace(-1, 1, FINAL.n_draws))
        used = np.clip((1 - share) * spread, 0.0, 0.99)
        columns = {DIAMINE: 1 - used, MONO: used, BIS: 0.01 * used, BROMIDE: 1 - used}
        amount = np.stack([columns[s] for s in FINAL.species], axis=1)
        return replace(FINAL, amount=amount, in_sample=amount, isolated=amount, starting_materials=(DIAMINE, BROMIDE))

    samples = {(k + 1) * HOUR: at(x) for k, x in enumerate(left)}
    return replace(at(left[-1]), samples=samples, charged=np.array([1.0, 0.0, 1.0, 0.0]))


SLOW, STALLED, DEAD = flask(0.8, 0.65, 0.5), flask(0.5, 0.48, 0.47), flask(0.98, 0.97, 0.97)
WORLDS = {"slow": SLOW, "stalled": STALLED, "dead": DEAD}


def series(*conversions, **more):
    aliquots = tuple(Aliquot((k + 1) * HOUR, (c, c)) for k, c in enumerate(conversions))
    return observe(observed_case(aliquots=aliquots, **more), (), SLOW, lambda s: s).observations


@pytest.mark.parametrize(
    ("conversions", "right"),
    [((0.2, 0.35, 0.5), "slow"), ((0.5, 0.51, 0.52), "stalled"), ((0.02, 0.03, 0.03), "dead")],
)
def test_the_shape_of_a_course_tells_slow_from_stalled_from_never_started(conversions, right):
    (seen,) = series(*conversions)
    found = {name: mean_log(log_likelihood(seen, w, CONSTANTS)) for name, w in WORLDS.items()}
    assert max(found, key=found.get) == right


def test_one_end_point_cannot_tell_slow_from_stalled():
    (seen,) = (o for o in observe(observed_case(conversion=(0.5, 0.5)), (), SLOW, lambda s: s).observations)
    slow, stalled = (mean_log(log_likelihood(seen, WORLDS[n], CONSTANTS)) for n in ("slow", "stalled"))
    assert abs(slow - stalled) < 0.1


def test_a_series_is_one_piece_of_evidence_and_the_end_point_its_last_sample():
    seen = series(0.2, 0.35, conversion=(0.5, 0.5))
    assert [(o.id, o.kind, len(o.parts)) for o in seen] == [("conversion", "course", 3)]


def test_the_same_shift_of_many_aliquots_is_no_more_surprising_than_of_one():
    many = flask(*[0.5] * 9)
    one, nine = series(0.8), series(*[0.8] * 9)
    right = {k: mean_log(log_likelihood(o, many, CONSTANTS)) for k, (o,) in (("one", one), ("nine", nine))}
    at_place = {
        k: mean_log(log_likelihood(o, flask(*[0.2] * 9), CONSTANTS)) for k, (o,) in (("one", one), ("nine", nine))
    }
    loss = {k: at_place[k] - right[k] for k in right}
    assert loss["nine"] < 2 * loss["one"]


def test_a_course_of_which_no_world_knows_is_none_of_these():
    (seen,) = series(0.9, 0.1, 0.9)
    named = max(mean_log(log_likelihood(seen, w, CONSTANTS)) for w in WORLDS.values())
    assert reference_log_density(seen, named, SLOW, CONSTANTS) > named + 3


def test_the_order_of_aliquots_does_not_matter():
    (seen,) = series(0.2, 0.35, 0.5)
    turned = replace(seen, parts=seen.parts[::-1])
    assert log_likelihood(turned, SLOW, CONSTANTS) == pytest.approx(log_likelihood(seen, SLOW, CONSTANTS))


def test_no_conversion_at_all_is_a_probability_not_a_density():
    (seen,) = series(0.0, 0.0, 0.0)
    assert log_likelihood(seen, DEAD, CONSTANTS).max() <= 0.0


def test_areas_of_aliquots_make_one_series_whatever_the_response():
    aliquots = tuple(Aliquot((k + 1) * HOUR) for k in range(2))
    peaks = [assigned({MONO: 0.3, BIS: 0.7}), assigned({MONO: 0.6, BIS: 0.4})]
    found = observe(observed_case(aliquots=aliquots), (), SLOW, lambda s: s, (), peaks).observations
    (seen,) = (o for o in found if o.kind == "course")
    assert [p.kind for p in seen.parts] == ["areas", "areas"]
    assert np.isfinite(log_likelihood(seen, SLOW, CONSTANTS)).all()
    assert np.isfinite(reference_log_density(seen, 0.0, SLOW, CONSTANTS))


def test_what_misleads_at_the_end_misleads_in_every_aliquot():
    lost = {"observable": "in_sample", "of": "product", "times": [0.5, 0.5]}
    changed = with_artefact(SLOW, lost, lambda s: frozenset())
    for at, sample in changed.samples.items():
        before = SLOW.samples[at]
        assert sample.column(sample.in_sample, MONO) == pytest.approx(0.5 * before.column(before.in_sample, MONO))


def test_fewer_draws_of_a_world_are_fewer_draws_of_its_samples():
    assert {s.n_draws for s in head(SLOW, 8).samples.values()} == {8}


def test_runs_sampled_at_other_times_are_simulated_apart():
    one, two = (observed_case(aliquots=(Aliquot(t, (0.1, 0.1)),)) for t in (HOUR, 2 * HOUR))
    assert recipe_key(one) != recipe_key(two)


def nmr(*signals, world=STALLED, **more):
    case = observed_case(nmr=tuple(NmrSignal(*s) for s in signals), **more)
    return observe(case, (), world, lambda s: s if s in world.species else None)


def test_integrals_tell_a_conversion_without_any_lc():
    (right,), (wrong,) = (
        nmr(("target", x), ("starting material", 1 - x), world=STALLED).observations for x in (0.52, 0.95)
    )
    assert mean_log(log_likelihood(right, STALLED, CONSTANTS)) > mean_log(log_likelihood(wrong, STALLED, CONSTANTS)) + 3


def test_integrals_are_ratios_so_their_scale_does_not_matter():
    one, ten = (nmr(("target", 0.6 * x), ("starting material", 0.4 * x)).observations[0] for x in (1, 10))
    assert log_likelihood(one, STALLED, CONSTANTS) == pytest.approx(log_likelihood(ten, STALLED, CONSTANTS))


def test_an_internal_standard_makes_one_integral_an_amount():
    standard = Standard("trimethoxybenzene", (0.5, 0.5), "equiv")
    (seen,) = nmr(("target", 0.53), ("trimethoxybenzene", 0.5), standard=standard).observations
    assert seen.absolute
    assert seen.areas == pytest.approx((0.53,))
    assert log_likelihood(seen, STALLED, CONSTANTS).mean() > log_likelihood(seen, DEAD, CONSTANTS).mean() + 3


def test_one_integral_alone_says_nothing_and_is_named():
    found = nmr(("target", 1.0))
    assert found.observations == ()
    assert found.unread == ("NMR of target alone",)


def test_an_integral_of_an_unknown_species_is_named():
    assert nmr(("blue stuff", 1.0)).unread == ("NMR of blue stuff",)


def watered(fraction):
    return replace(SLOW, water={"acetonitrile": np.full(SLOW.n_draws, fraction)})


def test_a_wet_solvent_agrees_with_the_titration_that_finds_it_wet():
    case = observed_case(water=(WaterContent("acetonitrile", (5e-3, 5e-3)),))
    (seen,) = observe(case, (), watered(5e-3), lambda s: s).observations
    wet, dry = (mean_log(log_likelihood(seen, watered(x), CONSTANTS)) for x in (5e-3, 0.0))
    assert wet > dry + 3


def test_a_little_water_is_no_surprise_in_a_dry_solvent():
    case = observed_case(water=(WaterContent("acetonitrile", (1e-4, 1e-4)),))
    (seen,) = observe(case, (), watered(0.0), lambda s: s).observations
    assert mean_log(log_likelihood(seen, watered(0.0), CONSTANTS)) > mean_log(
        log_likelihood(seen, watered(5e-3), CONSTANTS)
    )


def test_water_of_what_is_no_charge_is_named():
    case = observed_case(water=(WaterContent("gin", (0.6, 0.6)),))
    assert observe(case, (), SLOW, lambda s: s).unread == ("water in gin",)


def test_a_ph_speaks_for_the_world_whose_acids_and_bases_give_it():
    (seen,) = observe(observed_case(ph=(3.0, 3.0)), (), SLOW, lambda s: s).observations
    acid, base = (replace(SLOW, ph=np.full(SLOW.n_draws, x)) for x in (4.0, 10.0))
    assert log_likelihood(seen, acid, CONSTANTS).mean() > log_likelihood(seen, base, CONSTANTS).mean() + 3


def test_a_ph_that_every_world_gives_says_nothing_between_them():
    (seen,) = observe(observed_case(ph=(9.0, 9.0)), (), SLOW, lambda s: s).observations
    one, two = (log_likelihood(seen, replace(w, ph=np.full(w.n_draws, 9.0)), CONSTANTS) for w in (SLOW, DEAD))
    assert one == pytest.approx(two)
