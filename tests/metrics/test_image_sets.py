"""Metrics of image sets: which extractor serves which, modes of stacked digits, large sets within bounds."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from bench.features import EXTRACTORS, SERVES, ExtractorError, extractor_for
from bench.features.catalog import CHECK_ROWS
from bench.metrics import measure, reference_for
from bench.metrics.arrays import SAMPLE_ROWS
from bench.metrics.final_modes import LEAST_CERTAINTY, final_modes
from bench.metrics.kernel import KERNEL_ROWS
from bench.metrics.reference import EVALUATION_ROWS, ROWS_PER_CLASS
from bench.metrics.training import NUMBERS, searchable
from gans.data import Dataset, load


def loaded(name):
    try:
        return load(name)
    except ValueError as error:
        pytest.skip(f"not proved: scores of {name} ({error})")


def images(count, shape, seed=0):
    return torch.rand(count, *shape, generator=torch.Generator().manual_seed(seed)).mul(2).sub(1)


def set_of(name, train, holdout, classes=0):
    return Dataset(name, train, holdout, None, None, classes=classes, bounded=True)


@pytest.fixture(scope="module")
def stacked():
    """Noise in the place of stacked digits: the classifier sees some triples in it."""
    shape = (3, 28, 28)
    return reference_for(set_of("stacked-mnist", images(400, shape), images(3000, shape, 1), classes=1000))


@pytest.mark.parametrize("name", SERVES)
def test_every_served_data_set_has_a_registered_extractor(name):
    assert SERVES.get(name) in EXTRACTORS


@pytest.mark.parametrize("name", ["mnist", "fashion-mnist", "stacked-mnist", "mnist32", "stacked-mnist32"])
def test_image_sets_are_measured_with_their_own_classifier(name):
    dataset = loaded(name)

    reference = reference_for(dataset)
    found = measure(dataset.train[: reference.n], reference, "every")

    assert reference.extractor.name == SERVES.get(name)
    assert found.statuses == {}
    assert found.values["modes"] == pytest.approx(dataset.classes, rel=0.002)
    assert found.values["fid"] < 5 * reference.fid_bias


def test_stacked_digits_are_scored_as_the_literature_does():
    reference = reference_for(loaded("stacked-mnist"))

    real = measure(reference.dataset.train[:10_000], reference, ["modes", "mode_kl", "modes_strict"]).values
    one = measure(reference.dataset.train[:1].expand(10_000, -1, -1, -1), reference, ["modes", "mode_kl"])

    assert reference.n == 10_000
    assert real["modes"] >= 998
    assert real["modes_strict"] >= 980
    assert real["mode_kl"] == pytest.approx(0.0547, abs=0.005)
    assert one.values["modes"] == 1
    assert one.values["mode_kl"] == pytest.approx(np.log(1000))


def test_images_of_another_shape_than_the_classifiers_are_refused():
    with pytest.raises(
        ExtractorError, match=r"mnist64: samples must have shape \(1, 28, 28\), got \(1, 8, 8\)"
    ):
        extractor_for(set_of("mnist", images(20, (1, 8, 8)), images(20, (1, 8, 8))))


def test_modes_of_stacked_images_are_triples_of_classes(stacked):
    samples = stacked.real[:500]

    found = measure(samples, stacked, ["modes", "mode_kl"])
    single = EXTRACTORS.get("mnist64")()
    digits = [single.logits(samples[:, [channel]]).argmax(dim=1).tolist() for channel in range(3)]

    triples = {100 * a + 10 * b + c for a, b, c in zip(*digits, strict=True)}
    assert found.values["modes"] == len(triples)
    assert len(found.histogram) == 1000
    assert {index for index, share in enumerate(found.histogram) if share} == triples


def test_fair_shares_of_stacked_digits_are_even_whatever_the_holdout_holds(stacked):
    assert stacked.fair_share.tolist() == [1 / 1000] * 1000


def test_a_mode_needs_its_ten_samples_per_evaluation(stacked):
    assert stacked.n == 3000
    assert max(EVALUATION_ROWS, ROWS_PER_CLASS * 1000) == 10_000
    assert measure(stacked.real[:2000], stacked, ["modes"]).statuses == {"modes": "too_few"}


def test_sorted_image_files_are_measured_in_all_their_parts():
    holdout = torch.linspace(-1, 1, 7600)[:, None, None, None].expand(-1, 1, 4, 4)

    reference = reference_for(set_of("mine", images(300, (1, 4, 4)), holdout))

    assert reference.n == EVALUATION_ROWS
    assert reference.real.min() == -1
    assert reference.real.max() > 0.9


def test_points_keep_the_first_rows(grid):
    assert torch.equal(grid.real, grid.dataset.holdout[: grid.n])


def test_a_large_holdout_is_checked_in_all_its_parts(monkeypatch):
    seen = []
    monkeypatch.setattr("bench.features.catalog.check_on", lambda images, labels, _: seen.append(labels))
    labels = torch.arange(25_000) % 10
    holdout = torch.zeros(1, 1, 28, 28).expand(25_000, -1, -1, -1)
    dataset = Dataset("mnist", holdout[:5], holdout, None, labels, classes=10, bounded=True)

    extractor_for(dataset)

    assert len(seen[0]) <= CHECK_ROWS
    assert torch.equal(seen[0], labels[::3])


class TestLargeSets:
    def test_pixels_are_compared_for_a_part_of_many_samples(self, stacked):
        found = measure(stacked.real, stacked, ["support_size", "ndb", "pairwise_ratio"])

        assert len(stacked.rows) == SAMPLE_ROWS
        assert all(np.isfinite(value) for value in found.values.values())

    def test_kid_takes_a_part_of_many_samples(self, stacked):
        shuffled = stacked.real[torch.randperm(3000, generator=torch.Generator().manual_seed(1))]

        first, second = (measure(each, stacked, ["kid"]).values["kid"] for each in (stacked.real, shuffled))

        assert first == pytest.approx(second, abs=1e-12)
        assert len(stacked.kernel_side.rows) == KERNEL_ROWS

    def test_copies_are_sought_among_a_bounded_part_of_the_training_samples(self, stacked):
        most = searchable(stacked.real)
        train = images(most + 500, (3, 28, 28), seed=5)

        known = stacked.remembered(train)

        assert most == NUMBERS // (3 * 28 * 28)
        assert torch.equal(known.train, train[::2])
        assert measure(train[:100], stacked, ["authenticity"], train=train).values["authenticity"] <= 0.55


def test_final_modes_of_stacked_noise_are_not_counted_since_no_triple_is_sure(stacked):
    draw = torch.Generator().manual_seed(1)

    def noise(latents):
        return torch.rand(len(latents), 3, 28, 28, generator=draw) * 2 - 1

    found = final_modes(noise, 4, stacked)

    assert found.keys() == {"mode_certainty"}
    assert found["mode_certainty"] < LEAST_CERTAINTY


def test_final_modes_count_26000_samples_by_their_triples(stacked, monkeypatch):
    """A generator that cycles through 40 triples, 650 times each: KL log(1000 / 40) = 3.2189."""
    sure = replace(
        stacked.extractor,
        embed=lambda samples: samples[:, 0, 0, :1],
        classify=lambda rows: 50.0 * torch.nn.functional.one_hot(rows[:, 0].round().long(), 1000).float(),
        sample_shape=None,
    )
    shown = iter(range(26_000))

    def cycle(latents):
        triples = torch.tensor([next(shown) % 40 for _ in latents], dtype=torch.float32)
        return triples[:, None, None, None].expand(-1, 3, 28, 28)

    found = final_modes(cycle, 4, replace(stacked, extractor=sure))

    assert next(shown, None) is None
    assert found["mode_certainty"] == pytest.approx(1.0)
    assert (found["final_modes"], found["final_modes_strict"]) == (40, 40)
    assert found["final_mode_kl"] == pytest.approx(3.2189, abs=1e-4)


def test_a_generator_that_is_not_finite_has_no_final_modes(stacked):
    assert final_modes(lambda latents: torch.full((len(latents), 3, 28, 28), torch.nan), 4, stacked) == {}


def test_real_stacked_digits_have_all_modes_and_the_divergence_of_chance():
    reference = reference_for(loaded("stacked-mnist"))
    start = iter(range(0, 26_000, 1000))

    def real(latents):
        first = next(start)
        return reference.dataset.train[first : first + 1000]

    found = final_modes(real, 4, reference)

    assert found["mode_certainty"] > 0.9
    assert found["final_modes"] >= 999
    assert found["final_mode_kl"] == pytest.approx(0.0236, abs=0.004)


def test_noise_has_no_entropy_of_labels_and_misses_none():
    digits = reference_for(load("digits"))
    noise = torch.rand(697, 1, 8, 8, generator=torch.Generator().manual_seed(0)) * 2 - 1

    found = measure(noise, digits, ["label_entropy", "missing_modes", "mode_tv", "modes"])
    real = measure(digits.dataset.train[:697], digits, ["label_entropy", "missing_modes", "mode_tv"])

    gated = ("label_entropy", "missing_modes", "mode_tv")
    assert {name: found.statuses[name] for name in gated} == dict.fromkeys(gated, "not_applicable")
    assert found.values["modes"] > 0
    assert real.statuses == {}
    assert real.values["missing_modes"] == 0
