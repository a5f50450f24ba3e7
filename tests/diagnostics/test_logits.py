"""Spread and proofs of logits, against closed forms and against NumPy's and SciPy's own."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from bench.diagnostics.logits import QUANTILES, critic_gap, jsd_bound, quantiles


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=40))
def test_quantiles_are_those_of_numpy(values):
    ordered = np.sort(np.array([values]))

    found = quantiles(ordered)

    expected = {end: np.quantile(ordered[0], level) for end, level in QUANTILES.items()}
    assert {end: each[0] for end, each in found.items()} == pytest.approx(expected, rel=1e-12, abs=1e-9)


def test_a_discriminator_that_guesses_proves_no_divergence_and_a_perfect_one_all_of_it():
    assert jsd_bound([[0.0, 0.0]], [[0.0]])[0] == 0.0
    assert jsd_bound([[800.0, 900.0]], [[-800.0]])[0] == math.log(2)
    assert jsd_bound([[-1e4]], [[1e4]])[0] == pytest.approx(math.log(2) - 1e4)


@pytest.mark.parametrize("apart", [0.5, 2.0])
def test_the_best_discriminator_of_two_gaussians_proves_their_divergence(apart):
    """Samples are quantiles of each law, so that a mean over them is an integral; the divergence by grid."""
    levels = (np.arange(20_000) + 0.5) / 20_000
    real, fake = stats.norm.ppf(levels) + apart, stats.norm.ppf(levels)
    grid = np.linspace(-12, 12 + apart, 200_001)
    laws = stats.norm.pdf(grid, apart), stats.norm.pdf(grid)
    middle = (laws[0] + laws[1]) / 2
    expected = sum(np.trapezoid(p * np.log(p / middle), grid) for p in laws) / 2

    def log_ratio(x):
        """Of the two densities: apart x - apart^2 / 2."""
        return (apart * x - apart**2 / 2)[None]

    assert jsd_bound(log_ratio(real), log_ratio(fake))[0] == pytest.approx(expected, abs=2e-4)
    assert jsd_bound(2 * log_ratio(real), 2 * log_ratio(fake))[0] < expected


def test_the_gap_of_a_linear_critic_is_the_distance_of_two_shifted_laws_at_any_scale():
    rng = np.random.default_rng(0)
    fake = rng.normal(size=(400, 2))
    real = fake + np.array([3.0, 4.0])  # Wasserstein-1 distance 5, by the critic along (3, 4)
    for scale in (0.01, 1.0, 100.0):
        slope = scale * np.array([0.6, 0.8])

        gap = critic_gap([(real @ slope).mean()], [(fake @ slope).mean()], [np.linalg.norm(slope)])

        assert gap[0] == pytest.approx(5.0)


@pytest.mark.parametrize("steepest", [0.0, math.nan])
def test_a_flat_or_broken_critic_has_no_gap(steepest):
    assert math.isnan(critic_gap([1.0], [0.0], [steepest])[0])
