"""The distance from a kept root is that of scipy and of torch-fidelity."""

import numpy as np
import pytest
import torch
from scipy.linalg import sqrtm
from torch_fidelity.metric_fid import fid_features_to_statistics

from bench.features import Extractor
from bench.metrics import measure
from bench.metrics.fidelity import frechet_distance
from bench.metrics.frechet import (
    distance_from_factor,
    frechet_factor,
    statistics_of,
)
from bench.metrics.reference import Reference
from gans.data import Dataset


def by_scipy(first, second):
    cross = np.trace(sqrtm(first["sigma"] @ second["sigma"]).real)
    gap = first["mu"] - second["mu"]
    return gap @ gap + np.trace(first["sigma"]) + np.trace(second["sigma"]) - 2 * cross


def skewed(rng, rows, columns):
    """Rows whose spectrum falls like one over the rank, as that of features does."""
    return torch.from_numpy(rng.normal(size=(rows, columns)) / np.sqrt(1 + np.arange(columns)) + 0.3)


@pytest.mark.parametrize("columns", [1, 5, 64, 200])
def test_the_distance_from_a_factor_is_scipys(rng, columns):
    real, fake = (statistics_of(skewed(rng, 900, columns) * scale) for scale in (1.0, 1.3))

    found = distance_from_factor(frechet_factor(real), fake)

    assert found == pytest.approx(by_scipy(real, fake), rel=1e-7)


def test_the_distance_from_a_factor_is_torch_fidelitys(rng):
    real, fake = (statistics_of(skewed(rng, 900, 160) + shift) for shift in (0.0, 0.1))

    assert distance_from_factor(frechet_factor(real), fake) == pytest.approx(
        frechet_distance(fake, real), rel=1e-7
    )


def test_fewer_rows_than_features_give_torch_fidelitys_distance_too(rng):
    real, fake = (statistics_of(skewed(rng, 60, 200)) for _ in range(2))

    found = distance_from_factor(frechet_factor(real), fake)

    assert found == pytest.approx(frechet_distance(fake, real), rel=1e-4)


def test_the_distance_to_itself_is_rounding(rng):
    real = statistics_of(skewed(rng, 500, 150))

    assert abs(distance_from_factor(frechet_factor(real), real)) < 1e-6 * np.trace(real["sigma"])


def test_statistics_by_parts_are_those_of_all_rows(rng):
    rows = skewed(rng, 10_000, 7) + 50

    found, expected = statistics_of(rows), fid_features_to_statistics(rows)

    np.testing.assert_allclose(found["mu"], expected["mu"], rtol=1e-13)
    np.testing.assert_allclose(found["sigma"], expected["sigma"], rtol=1e-10, atol=1e-12)


def wide_reference(rng, columns):
    images = torch.from_numpy(rng.normal(size=(2 * 1500, 1, 1, columns))).float()
    dataset = Dataset("wide", images[:1500], images[1500:], None, None, classes=0, bounded=False)
    flat = Extractor("flat", columns, 0, "0" * 64, embed=lambda samples: samples.flatten(1))
    return Reference(dataset, flat, dataset.holdout)


@pytest.mark.parametrize("columns", [2, 32, 128, 148])
def test_runs_get_the_number_of_torch_fidelity(rng, columns):
    reference = wide_reference(rng, columns)
    samples = 0.9 * reference.dataset.train

    found = measure(samples, reference, ["fid"]).values["fid"]

    fake = reference.summarise(reference.extractor.features(samples).double().numpy())
    assert found == pytest.approx(frechet_distance(reference.statistics, fake), rel=1e-7)


def test_the_root_is_taken_once_per_real_side(rng, monkeypatch):
    taken = []
    monkeypatch.setattr(
        "bench.metrics.reference.frechet_factor", lambda found: taken.append(1) or frechet_factor(found)
    )
    wide, narrow = wide_reference(rng, 40), wide_reference(rng, 20)

    for reference in (wide, wide, narrow):
        measure(reference.dataset.train, reference, ["fid"])

    assert taken == [1, 1]
