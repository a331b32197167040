"""Least squares with priors, against what is known in closed form."""

import numpy as np
import pytest

from ringside.errors import BadKnowledge
from ringside.kinetics.draws import deviates, normals
from ringside.kinetics.fit import fit, profile, samples_agree
from ringside.kinetics.posterior import NOTHING, Posterior, posterior_rows, read_posterior, updated

DESIGN = np.array([[2.0, 0.0, 0.0], [0.0, 1.0, 1.0], [1.0, 1.0, 1.0], [0.5, -0.2, -0.2]])
SEEN = np.array([1.0, 2.0, 2.2, 0.1])


def linear(z):
    return SEEN - z @ DESIGN.T


def test_a_linear_model_gives_the_posterior_of_the_textbook():
    found = fit(linear, np.zeros((1, 3)))
    covariance = np.linalg.inv(DESIGN.T @ DESIGN / found.widened**2 + np.eye(3))
    assert np.allclose(found.covariance, covariance, atol=1e-8)
    assert np.allclose(found.mean, covariance @ DESIGN.T @ SEEN / found.widened**2, atol=1e-4)
    assert samples_agree(linear, found, 1) == pytest.approx(1.0, abs=1e-6)


def test_parameters_that_only_appear_as_a_sum_keep_their_prior_across_it():
    found = fit(linear, np.zeros((1, 3)))
    across = np.array([0.0, 1.0, -1.0]) / np.sqrt(2.0)
    assert across @ found.covariance @ across == pytest.approx(1.0, abs=1e-6)


def test_scatter_beyond_the_errors_widens_them():
    times = np.linspace(0.1, 3.0, 30)
    noise = np.random.default_rng(3).normal(0.0, 3.0, 30)

    def decay(z):
        return (noise * 0.01 + np.exp(-times) - np.exp(-times * 10 ** (0.5 * z))) / 0.01

    found = fit(decay, np.zeros((1, 1)))
    assert 2.0 < found.widened < 4.0
    assert abs(found.mean[0]) < 3.0 * np.sqrt(found.covariance[0, 0])


def test_the_profile_of_a_linear_model_is_its_parabola():
    found = fit(linear, np.zeros((1, 3)))
    c = np.array([1.0, 0.5, 0.0])
    values = np.linspace(-2.0, 3.0, 7)
    unit = c / np.linalg.norm(c)
    information = DESIGN.T @ DESIGN / found.widened**2 + np.eye(3) - np.outer(unit, unit)
    best = np.linalg.solve(information, DESIGN.T @ SEEN / found.widened**2)
    expected = (values - c @ best) ** 2 / (c @ np.linalg.solve(information, c))
    got = profile(linear, found, c, np.append(values, c @ best))
    assert np.allclose(got[:-1] - got[-1], expected, rtol=1e-3, atol=1e-3)


def test_a_rate_beyond_what_the_samples_can_follow_is_bounded_on_one_side_only():
    def done(z):
        return (1.0 - (1.0 - np.exp(-(10 ** (1.0 + z))))) / 0.02

    found = fit(done, np.zeros((1, 1)))
    loss = profile(done, found, np.array([1.0]), np.array([-3.0, 0.0, 3.0]))
    assert loss[0] > 4.0
    assert loss[2] < 0.1


def test_what_was_learned_is_read_back_as_it_was_written():
    found = fit(linear, np.zeros((1, 3)))
    learned = updated(NOTHING, ["a", "b", "c"], found.mean, found.covariance, "linear.csv")
    head, *body = posterior_rows(learned)
    again = read_posterior([dict(zip(head, row, strict=True)) for row in body])
    assert again.keys == learned.keys == ("a", "b", "c")
    assert np.allclose(again.covariance, learned.covariance, atol=1e-8)
    assert again.source == "linear.csv"


def test_a_damaged_covariance_is_refused():
    rows = [{"key": "a", "source": "x", "mean": "0", "a": "1", "b": "0.9"}, {"key": "b", "source": "x", "mean": "0", "a": "-0.9", "b": "1"}]  # fmt: skip
    with pytest.raises(BadKnowledge, match="symmetric"):
        read_posterior(rows)


def test_two_fits_one_after_the_other_teach_what_one_fit_of_both_does():
    both = fit(linear, np.zeros((1, 3)))
    if both.widened > 1.0:
        pytest.fail("the data of this test must agree within their errors")
    keys = ["a", "b", "c"]
    first = fit(lambda z: linear(z)[:, :2], np.zeros((1, 3)))
    before = updated(NOTHING, keys, first.mean, first.covariance, "one")

    def second(xi):
        z = before.mean + (before.spread()[:, None] * before.mixing() @ xi.T).T
        return linear(z)[:, 2:]

    then = fit(second, np.zeros((1, 3)))
    joint = updated(before, keys, then.mean, then.covariance, "two")
    assert np.allclose(joint.mean, both.mean, atol=1e-3)
    assert np.allclose(joint.covariance, both.covariance, atol=1e-6)
    assert joint.source == "one and two"


def test_draws_of_fitted_parts_keep_their_correlation_and_others_are_as_before():
    covariance = np.array([[0.2, -0.18], [-0.18, 0.25]])
    learned = Posterior(("a", "b"), np.array([1.0, 0.0]), covariance, "x")
    z = deviates(["a", "b", "c"], 20000, "seed", learned)
    assert np.corrcoef(z[0], z[1])[0, 1] == pytest.approx(-0.18 / np.sqrt(0.2 * 0.25), abs=0.02)
    assert z[:2].std(axis=1) == pytest.approx([1.0, 1.0], abs=0.02)
    assert np.array_equal(z[2], normals(["c"], 20000, "seed")[0])
    assert np.all(z[:, 0] == 0.0)
