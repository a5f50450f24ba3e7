"""Measuring many draws, choosing metrics, and adding one."""

import math
import subprocess
import sys

import pytest
import torch

from bench.metrics import METRICS, Metric, MetricResult, measure, measure_many, register
from bench.metrics.catalog import BOTH, IMAGES, REQUEST
from bench.metrics.measure import select
from bench.metrics.result import absent

ALL = ("every", "window", "end")


def draws_of(reference, generator, members=4):
    data = reference.dataset
    rows = torch.randint(data.size, (members, reference.n), generator=generator)
    noise = torch.randn(members, reference.n, *data.sample_shape, generator=generator)
    return data.train[rows] + 0.1 * noise


@pytest.fixture(params=["digits", "ring"])
def reference(request):
    return request.getfixturevalue(request.param)


def test_measuring_many_is_measuring_each_bit_for_bit(reference, generator):
    samples = draws_of(reference, generator)

    together = measure_many(samples, reference, ALL)

    assert together == [measure(each, reference, ALL) for each in samples]


def test_a_member_that_is_not_finite_leaves_the_others_as_they_are(reference, generator):
    samples = draws_of(reference, generator)
    clean = measure_many(samples, reference, ALL)
    samples[1, 17] = math.nan

    spoiled = measure_many(samples, reference, ALL)

    assert [spoiled[0], *spoiled[2:]] == [clean[0], *clean[2:]]
    assert math.isnan(spoiled[1].values["distance"])
    assert spoiled[1].statuses["distance"] == "nonfinite_input"
    assert spoiled[1].histogram == ()
    assert spoiled[1].values["finite_fraction"] == pytest.approx(1 - 1 / reference.n)


def test_features_that_overflow_are_a_numeric_warning(digits):
    # Finite in float32, infinite behind the first layer.
    found = measure(torch.full((50, 1, 8, 8), 3e38), digits, "every")

    assert math.isnan(found.values["fid"])
    assert found.statuses["fid"] == "numeric_warning"
    assert found.values["finite_fraction"] == 1.0


def test_given_features_and_logits_are_used(digits, generator):
    samples = draws_of(digits, generator, members=2)
    features = torch.stack([digits.extractor.features(each) for each in samples])
    logits = torch.stack([digits.extractor.logits_of(each) for each in features])

    given = measure_many(samples, digits, ALL, features=features, logits=logits)
    shifted = measure_many(samples, digits, ALL, features=features + 1, logits=logits)

    assert given == measure_many(samples, digits, ALL)
    assert shifted[0].values["fid"] > given[0].values["fid"] + 10
    assert shifted[0].values["inception_score"] == given[0].values["inception_score"]


def test_distance_repeats_the_metric_that_the_reference_names(digits, ring):
    for reference in (digits, ring):
        found = measure(reference.dataset.train[: reference.n], reference, reference.distance_name)

        assert set(found.values) == {reference.distance_name, "distance"}
        assert found.values["distance"] == found.values[reference.distance_name] > 0


def test_a_tier_holds_what_the_contract_of_evaluations_says():
    every = [metric.name for metric in select("every", "images", has_train=False)]
    window = [metric.name for metric in select("window", "mixtures", has_train=False)]
    end = [metric.name for metric in select("end", "images", has_train=True)]

    assert every == [
        "finite_fraction", "range_fraction", "max_abs", "fid", "modes", "modes_strict",
        "mode_kl",
    ]  # fmt: skip
    assert window == [
        "duplicate_fraction",
        "pairwise_ratio",
        "precision",
        "recall",
        "density",
        "coverage",
        "mode_spread",
        "mode_jsd",
        "effective_modes",
        "label_entropy",
        "missing_modes",
    ]
    assert end == [
        "kid", "kid_se", "fid_infinity", "fid_infinity_se", "probe_auc", "ndb", "bin_jsd", "support_size",
        "vendi_ratio", "class_coverage", "inception_score", "data_copying", "memory_ratio", "authenticity",
        "authenticity_holdout",
    ]  # fmt: skip


def test_gradients_are_not_followed(digits):
    samples = digits.real.clone().requires_grad_()

    assert measure(samples, digits, "every").values["fid"] == 0.0


@pytest.mark.parametrize("shape", [(697, 8, 8), (697, 2), (0, 1, 8, 8)])
def test_samples_of_another_shape_are_refused(digits, shape):
    with pytest.raises(
        ValueError, match=r"measure: samples must have shape \(members, n, 1, 8, 8\) with n >= 1"
    ):
        measure(torch.zeros(shape), digits, "every")


def test_an_unknown_tier_or_metric_is_named(digits):
    with pytest.raises(ValueError, match="metric: must be a known metric, got 'windows'"):
        measure(digits.real, digits, ("every", "windows"))


@pytest.fixture
def brightness():
    """A metric that somebody adds: one function and one line."""

    def compute(comparison):
        """Mean of all coordinates."""
        return MetricResult(float(comparison.samples.mean()), comparison.reference.n, comparison.n)

    yield register(Metric("brightness", REQUEST, compute, None, (IMAGES,), -1, 1, "own"))
    del METRICS._entries["brightness"]


def test_a_new_metric_is_one_function_and_one_line(digits, brightness):
    found = measure(digits.real, digits, "brightness")

    assert found.values["brightness"] == pytest.approx(digits.real.mean().item())


def test_a_new_metric_that_forgets_non_finite_samples_is_guarded(digits, brightness):
    samples = digits.real.clone()
    samples[0] = math.inf

    found = measure(samples, digits, "brightness")

    assert (math.isnan(found.values["brightness"]), found.statuses["brightness"]) == (True, "nonfinite_input")


@pytest.fixture
def forgetful():
    """A metric with a fault: infinite where it should have said why."""

    def compute(comparison):
        """One over nothing."""
        return MetricResult(math.inf, 1, 1)

    yield register(Metric("forgetful", REQUEST, compute, None, BOTH, 0, 1, "own"))
    del METRICS._entries["forgetful"]


def test_a_value_that_is_no_number_never_passes_as_ok(digits, forgetful):
    found = measure(digits.real, digits, "forgetful")

    assert (math.isnan(found.values["forgetful"]), found.statuses["forgetful"]) == (True, "numeric_warning")


def test_a_second_metric_of_the_same_name_is_refused():
    with pytest.raises(ValueError, match="metric: 'fid' must be registered once, got it twice"):
        register(METRICS.get("fid"))


def test_a_metric_for_an_unknown_kind_of_data_is_refused():
    with pytest.raises(ValueError, match="metric x: domains must be some of"):
        register(Metric("x", REQUEST, lambda comparison: absent("ok", 0, 0), None, ("sound",), 0, 1, "own"))


def test_importing_metrics_does_not_import_the_slow_library_beneath():
    code = "import sys, bench.metrics; print('torch_fidelity' in sys.modules, 'torchvision' in sys.modules)"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.split() == ["False", "False"]
