"""Signal, direction and layers of gradients."""

from __future__ import annotations

import math

import numpy as np
import pytest

from bench.diagnostics.gradients import (
    cosine,
    generator_factors,
    noise_limit,
    signal_to_noise,
    slope_profile,
)

MEMBERS, BATCHES, PARAMETERS = 400, 4, 300


def noise(seed: int, *shape: int) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal(shape)


def test_planted_signal_is_found_at_its_size_over_the_noise():
    signal = np.zeros(PARAMETERS)
    signal[0] = 3.0 * math.sqrt(PARAMETERS)

    found = signal_to_noise(signal + noise(0, MEMBERS, BATCHES, PARAMETERS))

    assert np.mean(found) == pytest.approx(3.0, rel=0.01)


def test_noise_alone_stays_below_its_limit_as_often_as_the_limit_says():
    found = signal_to_noise(noise(1, 2000, BATCHES, PARAMETERS))

    share = np.mean(found < noise_limit(PARAMETERS, BATCHES, level=0.95))

    assert share == pytest.approx(0.95, abs=0.015)
    assert np.mean(found == 0.0) == pytest.approx(0.5, abs=0.05)


def test_without_subtracting_noise_the_null_would_not_be_zero():
    table = noise(2, MEMBERS, BATCHES, PARAMETERS)
    raw = np.linalg.norm(table.mean(axis=1), axis=1) / np.sqrt(table.var(axis=1, ddof=1).sum(axis=1))

    assert np.median(raw) == pytest.approx(1 / math.sqrt(BATCHES), rel=0.05)
    assert np.median(signal_to_noise(table)) < 0.05


def test_signal_to_noise_does_not_depend_on_the_scale():
    table = 1.0 + noise(3, 5, BATCHES, PARAMETERS)

    assert signal_to_noise(1e-12 * table) == pytest.approx(signal_to_noise(table))


def test_equal_batches_are_all_signal_and_gradients_of_zero_have_none():
    table = np.stack([np.ones((BATCHES, 2)), np.zeros((BATCHES, 2))])

    assert signal_to_noise(table).tolist() == pytest.approx([math.inf, math.nan], nan_ok=True)


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_only_members_that_are_not_finite_have_no_number(bad):
    table = 1.0 + noise(4, 3, BATCHES, 6)
    clean = table.copy()
    table[1, 2, 3] = bad
    names, sizes = ["a.weight", "b.weight"], [4, 2]

    for measure in (
        signal_to_noise,
        lambda t: cosine(t[:, 0], t[:, 1] + t[:, 2]),
        lambda t: slope_profile(t[:, 2], names, sizes),
    ):
        assert np.isnan(measure(table)).tolist() == [False, True, False]
        assert np.array_equal(measure(table)[[0, 2]], measure(clean)[[0, 2]])


@pytest.mark.parametrize("shape", [(4, 300), (2, 1, 300)])
def test_one_batch_tells_no_noise(shape):
    with pytest.raises(ValueError, match="signal_to_noise: gradients must be"):
        signal_to_noise(np.ones(shape))


def test_cosine_sees_direction_alone():
    first = np.array([[1.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 0.0]])
    second = np.array([[5.0, 0.0], [-1e-20, 0.0], [1.0, -1.0], [1.0, 0.0]])

    assert cosine(first, second).tolist() == pytest.approx([1.0, -1.0, 0.0, math.nan], nan_ok=True)


def test_two_noisy_batches_agree_as_far_as_their_signal_to_noise_says():
    signal = np.zeros(PARAMETERS)
    signal[:] = 1.0
    table = signal + noise(5, MEMBERS, 2, PARAMETERS)

    # snr is 1 here: each gradient is half signal, half noise.
    assert np.mean(cosine(table[:, 0], table[:, 1])) == pytest.approx(0.5, abs=0.01)


def test_profile_compares_layers_and_not_weights_with_biases():
    gradient = [[100.0, 100.0, 0.0, 0.0, 1.0]]
    names = ["body.0.weight", "body.0.bias", "body.2.weight", "body.2.bias"]

    found = slope_profile(gradient, names, [1, 1, 2, 1])

    assert found.tolist() == pytest.approx([100.0 * math.sqrt(3)])


def test_profile_of_a_dead_layer_is_infinite_and_of_a_dead_network_missing():
    names = ["a.weight", "b.weight"]

    found = slope_profile([[1.0, 0.0], [0.0, 0.0], [2.0, -2.0]], names, [1, 1])

    assert found.tolist() == pytest.approx([math.inf, math.nan, 1.0], nan_ok=True)


def test_factors_multiply_to_the_gradient_and_name_the_one_that_died():
    row = {"generator_gradient": 1e-6, "generator_gain": 1e-4, "discriminator_slope": 0.5}

    factors = generator_factors(row, parameters=400)

    assert math.prod(factors.values()) == pytest.approx(1e-6 * 20)
    assert min(factors, key=factors.__getitem__) == "gain"
    assert math.isnan(generator_factors({}, parameters=1)["jacobian"])
