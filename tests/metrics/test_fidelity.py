"""FID, KID and Inception Score against closed forms, slow twins and known failures of the library beneath."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch_fidelity.metric_fid import fid_features_to_statistics, fid_statistics_to_metric
from torch_fidelity.metric_prc import prc_features_to_metric

from bench.metrics import measure
from bench.metrics.fidelity import (
    fid_bias,
    frechet_distance,
    frechet_statistics,
    inception_score_of,
)
from bench.metrics.kernel import kernel_side, mmd


def covariance(rng, d):
    root = rng.normal(size=(d, d))
    return root @ root.T / d + 0.1 * np.eye(d)


def matrix_root(matrix):
    values, vectors = np.linalg.eigh(matrix)
    return (vectors * np.sqrt(values.clip(0))) @ vectors.T


def frechet_twin(mean, sigma, other_mean, other_sigma):
    """The symmetric form: real and non-negative by construction, unlike the library's."""
    root = matrix_root(sigma)
    cross = np.sqrt(np.linalg.eigvalsh(root @ other_sigma @ root).clip(0)).sum()
    return np.square(mean - other_mean).sum() + np.trace(sigma) + np.trace(other_sigma) - 2 * cross


def frechet_by_singular_values(first, second):
    """The form for fewer rows than dimensions: the nuclear norm of the product of centred rows."""
    a = (first - first.mean(axis=0)) / math.sqrt(len(first) - 1)
    b = (second - second.mean(axis=0)) / math.sqrt(len(second) - 1)
    cross = np.linalg.svd(a @ b.T, compute_uv=False).sum()
    gap = first.mean(axis=0) - second.mean(axis=0)
    return gap @ gap + np.square(a).sum() + np.square(b).sum() - 2 * cross


def test_frechet_distance_of_gaussians_that_commute_is_the_closed_form():
    sd, other_sd, gap = np.array([1.0, 2.0, 0.5]), np.array([3.0, 2.0, 0.25]), np.array([1.0, -2.0, 0.0])

    value = frechet_distance(
        {"mu": gap, "sigma": np.diag(sd**2)}, {"mu": np.zeros(3), "sigma": np.diag(other_sd**2)}
    )

    assert value == pytest.approx(5 + np.square(sd - other_sd).sum(), rel=1e-12)


def test_frechet_distance_of_gaussians_that_do_not_commute_is_the_symmetric_form(rng):
    mean, other_mean = rng.normal(size=16), rng.normal(size=16)
    sigma, other_sigma = covariance(rng, 16), covariance(rng, 16)

    value = frechet_distance({"mu": mean, "sigma": sigma}, {"mu": other_mean, "sigma": other_sigma})

    assert value == pytest.approx(frechet_twin(mean, sigma, other_mean, other_sigma), rel=1e-9)


@pytest.mark.parametrize("n, d", [(500, 64), (60, 64), (20, 64)])
def test_three_forms_of_the_frechet_distance_agree_even_with_fewer_rows_than_dimensions(rng, n, d):
    first, second = rng.normal(size=(n, d)), 1.5 * rng.normal(size=(n, d)) + 0.3

    value = frechet_distance(frechet_statistics(first), frechet_statistics(second))

    twin = frechet_twin(first.mean(0), np.cov(first.T), second.mean(0), np.cov(second.T))
    assert value == pytest.approx(frechet_by_singular_values(first, second), rel=1e-6)
    # The root of a covariance that has lost rank costs the symmetric form half of its digits.
    assert value == pytest.approx(twin, rel=1e-6)


def test_fid_is_torch_fidelitys_number_on_float64_features(digits, generator):
    samples = digits.dataset.train[:697] + 0.3 * torch.randn(697, 1, 8, 8, generator=generator)
    features = [digits.extractor.features(x).double() for x in (digits.real, samples)]

    expected = fid_statistics_to_metric(*map(fid_features_to_statistics, features), verbose=False)

    assert measure(samples, digits, "fid").values["fid"] == pytest.approx(
        expected["frechet_inception_distance"], rel=1e-9
    )


@pytest.mark.parametrize("n, d", [(697, 32), (2, 3), (40, 1), (300, 128)])
def test_statistics_are_torch_fidelitys_to_the_last_bit(rng, n, d):
    features = 1e3 + rng.normal(size=(n, d))

    found, expected = frechet_statistics(features), fid_features_to_statistics(torch.from_numpy(features))

    assert (found["mu"] == expected["mu"]).all()
    assert (found["sigma"] == expected["sigma"]).all()


def test_fid_of_the_reference_with_itself_is_clamped_to_zero(digits):
    assert measure(digits.real, digits, "fid").values["fid"] == 0.0


def test_fid_of_a_constant_is_its_distance_from_the_mean_plus_the_spread_and_degenerate(digits):
    constant = digits.dataset.train[3:4].expand(697, 1, 8, 8)

    found = measure(constant, digits, "fid")

    point = digits.extractor.features(constant[:1])[0].double().numpy()
    mu, sigma = digits.statistics["mu"], digits.statistics["sigma"]
    assert found.values["fid"] == pytest.approx(np.square(mu - point).sum() + np.trace(sigma), rel=1e-6)
    assert found.statuses["fid"] == "degenerate"


def test_fid_of_too_few_samples_is_given_with_a_caution(digits):
    few = measure(digits.dataset.train[:300], digits, "fid")

    assert few.statuses["fid"] == "too_few"
    assert few.values["fid"] > 0


def test_one_nan_row_gives_nan_here_and_a_normal_looking_precision_in_the_library(digits):
    # The planted failure that the check before all metrics exists for.
    samples = digits.dataset.train[:697].clone()
    samples[5] = math.nan
    features = digits.extractor.features(samples).double()

    unguarded = prc_features_to_metric(features, torch.from_numpy(digits.features), verbose=False)
    guarded = measure(samples, digits, ("every", "window", "end"))

    assert 0.5 < unguarded["precision"] < 1
    for name in ("fid", "kid", "inception_score", "precision", "recall", "density", "coverage", "mode_kl"):
        assert math.isnan(guarded.values[name])
        assert guarded.statuses[name] == "nonfinite_input"


@pytest.mark.parametrize(
    "d, n, spectrum, simulated",
    [
        (64, 1000, "isotropic", 2.203),
        (64, 5000, "isotropic", 0.446),
        (64, 2000, "harmonic", 0.0481),
        (128, 2000, "isotropic", 4.250),
        (128, 10000, "harmonic", 0.0187),
    ],
)
def test_bias_formula_gives_the_simulated_null_distance(d, n, spectrum, simulated):
    eigenvalues = np.ones(d) if spectrum == "isotropic" else 1 / np.arange(1, d + 1)

    assert fid_bias(eigenvalues, n, n) == pytest.approx(simulated, rel=0.01)


def test_bias_formula_of_an_isotropic_law_is_its_short_form():
    assert fid_bias(np.ones(20), 300, 700) == pytest.approx((1 / 300 + 1 / 700) * (20 + 20 * 21 / 4))


def test_directions_without_spread_add_no_bias():
    assert fid_bias(np.array([2.0, 0.0, 1.0]), 50, 50) == fid_bias(np.array([2.0, 1.0]), 50, 50)


def test_bias_formula_is_the_mean_of_gaussian_draws(rng):
    scale = np.sqrt(1 / np.arange(1, 17))
    draws = [
        frechet_distance(*(frechet_statistics(scale * rng.normal(size=(600, 16))) for _ in range(2)))
        for _ in range(60)
    ]

    error = np.std(draws) / math.sqrt(len(draws))
    assert np.mean(draws) == pytest.approx(fid_bias(scale**2, 600, 600), abs=4 * error)


@settings(max_examples=25, deadline=None)
@given(st.floats(0.01, 100), st.integers(0, 2**31))
def test_frechet_distance_grows_with_the_square_of_the_scale_and_ignores_rotation(scale, seed):
    rng = np.random.default_rng(seed)
    first, second = rng.normal(size=(80, 6)), 0.7 * rng.normal(size=(80, 6)) + 0.2
    turn = np.linalg.qr(rng.normal(size=(6, 6)))[0]

    plain = frechet_distance(frechet_statistics(first), frechet_statistics(second))
    moved = frechet_distance(
        frechet_statistics(scale * first @ turn + 3), frechet_statistics(scale * second @ turn + 3)
    )

    assert moved == pytest.approx(scale**2 * plain, rel=1e-6)


def mmd_twin(fake, real):
    """Unbiased MMD squared, pair by pair."""

    def kernel(x, y):
        return (x @ y / len(x) + 1) ** 3

    n, m = len(fake), len(real)
    within = sum(kernel(a, b) for i, a in enumerate(fake) for j, b in enumerate(fake) if i != j)
    among = sum(kernel(a, b) for i, a in enumerate(real) for j, b in enumerate(real) if i != j)
    across = sum(kernel(a, b) for a in fake for b in real)
    return within / (n * (n - 1)) + among / (m * (m - 1)) - 2 * across / (n * m)


def test_kid_is_the_pairwise_sum_over_all_samples(rng):
    fake, real = rng.normal(size=(30, 5)) + 0.4, rng.normal(size=(30, 5))

    assert mmd(kernel_side(fake), kernel_side(real))[0] == pytest.approx(mmd_twin(fake, real), rel=1e-10)


def test_kid_is_taken_on_features_in_units_of_their_spread_over_training_data(digits):
    samples = digits.dataset.train[:697]
    train = digits.extractor.features(digits.dataset.train).double().numpy()
    real, fake = (
        (digits.extractor.features(x).double().numpy() - train.mean(0)) / train.std(0)
        for x in (digits.real, samples)
    )

    assert measure(samples, digits, "kid").values["kid"] == pytest.approx(mmd_twin(fake, real), rel=1e-9)


def test_kid_of_real_data_is_zero_on_average(digits):
    draws = np.array(digits.floor_draws["kid"])

    assert abs(draws.mean()) < 4 * draws.std() / math.sqrt(len(draws))
    assert draws.min() < 0 < draws.max()


def inception_twin(logits):
    weights = np.exp(logits - logits.max(axis=1, keepdims=True))
    p = weights / weights.sum(axis=1, keepdims=True)
    q = p.mean(axis=0)
    terms = [a * math.log(a / b) for row in p for a, b in zip(row, q, strict=True) if a > 0]
    return math.exp(sum(terms) / len(p))


def test_inception_score_is_the_slow_sum(rng):
    logits = 4 * rng.normal(size=(200, 10))

    assert inception_score_of(torch.from_numpy(logits)) == pytest.approx(inception_twin(logits), rel=1e-10)


def test_logits_that_underflow_count_as_certain(rng):
    # The fourth class is nobody's: its mean posterior underflows too, and 0 * (log 0 - log 0) is no number.
    logits = np.zeros((90, 4))
    logits[np.arange(90), np.arange(90) % 3] = 5000.0

    assert inception_score_of(torch.from_numpy(logits)) == pytest.approx(3.0, rel=1e-12)


@given(st.integers(1, 60), st.integers(2, 12), st.integers(0, 2**31))
@settings(max_examples=30, deadline=None)
def test_inception_score_lies_between_one_and_the_number_of_classes(n, classes, seed):
    logits = 50 * torch.randn(n, classes, generator=torch.Generator().manual_seed(seed))

    assert 1 - 1e-9 <= inception_score_of(logits) <= classes + 1e-9
