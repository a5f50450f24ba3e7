"""Mixtures: the published constants, the modes that are there, and the density that is claimed."""

import math

import pytest
import torch

from gans.data import load, log_density
from gans.data.toy import ring_centers

MIXTURES = ["ring8", "grid25"]
every_mixture = pytest.mark.parametrize("name", MIXTURES)
PERFECT_QUALITY = 1 - math.exp(-4.5)


def _nearest(samples: torch.Tensor, centers: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    return torch.cdist(samples, centers).min(dim=1)


def test_the_ring_has_eight_distinct_modes_on_the_unit_circle():
    ring = load("ring8")

    assert (ring.classes, ring.mode_sd) == (8, 0.01)
    assert len(ring.mode_centers.mul(1e4).round().unique(dim=0)) == 8
    torch.testing.assert_close(ring.mode_centers.norm(dim=1), torch.ones(8))


def test_neighbours_on_the_ring_are_equally_far_apart():
    centers = load("ring8").mode_centers

    gaps = (centers - centers.roll(1, dims=0)).norm(dim=1)

    torch.testing.assert_close(gaps, torch.full((8,), 2 * math.sin(math.pi / 8)))


def test_a_ring_by_linspace_would_have_seven():
    angle = torch.linspace(0, 2 * math.pi, 8)
    centers = torch.stack((angle.cos(), angle.sin()), dim=1)

    assert len(centers.mul(1e4).round().unique(dim=0)) == 7


def test_the_ring_is_that_of_pacgan():
    expected = [[math.cos(2 * math.pi * i / 8), math.sin(2 * math.pi * i / 8)] for i in range(8)]

    torch.testing.assert_close(ring_centers(8, radius=1.0), torch.tensor(expected))


def test_the_grid_is_that_of_pacgan():
    grid = load("grid25")

    assert (grid.classes, grid.mode_sd) == (25, 0.05)
    assert {tuple(center) for center in grid.mode_centers.tolist()} == {
        (float(x), float(y)) for x in (-4, -2, 0, 2, 4) for y in (-4, -2, 0, 2, 4)
    }


@every_mixture
def test_sizes_are_those_of_the_protocol(name):
    mixture = load(name)

    assert (tuple(mixture.train.shape), tuple(mixture.holdout.shape)) == ((100_000, 2), (10_000, 2))
    assert not mixture.bounded


@every_mixture
@pytest.mark.parametrize("split", ["train", "holdout"])
def test_real_samples_are_high_quality_as_often_as_theory_says(name, split):
    mixture = load(name)
    samples = getattr(mixture, split)

    distance, _ = _nearest(samples, mixture.mode_centers)
    quality = (distance < 3 * mixture.mode_sd).double().mean().item()

    error = math.sqrt(PERFECT_QUALITY * (1 - PERFECT_QUALITY) / len(samples))
    assert quality == pytest.approx(PERFECT_QUALITY, abs=4 * error)


@every_mixture
def test_a_box_instead_of_a_circle_would_be_told_apart(name):
    mixture = load(name)
    _, mode = _nearest(mixture.train, mixture.mode_centers)

    offset = (mixture.train - mixture.mode_centers[mode]).abs().max(dim=1).values
    box_quality = (offset < 3 * mixture.mode_sd).double().mean().item()

    assert box_quality == pytest.approx(0.9973**2, abs=0.001)
    assert abs(box_quality - PERFECT_QUALITY) > 0.004


@every_mixture
def test_every_mode_has_its_share_of_samples(name):
    mixture = load(name)
    counts = torch.bincount(mixture.train_labels, minlength=mixture.classes).double()

    expected = mixture.size / mixture.classes
    chi_squared = ((counts - expected).square() / expected).sum().item()

    # The 99.9 % quantile of chi squared is 24.3 at 7 degrees of freedom and 51.2 at 24.
    assert chi_squared < {8: 24.3, 25: 51.2}[mixture.classes]


@every_mixture
def test_a_label_is_the_index_of_the_nearest_mode(name):
    mixture = load(name)

    _, mode = _nearest(mixture.holdout, mixture.mode_centers)

    assert torch.equal(mixture.holdout_labels, mode)


@every_mixture
def test_within_a_mode_the_axes_have_the_stated_deviation_and_no_correlation(name):
    mixture = load(name)
    noise = (mixture.train - mixture.mode_centers[mixture.train_labels]).double() / mixture.mode_sd

    covariance = noise.T @ noise / len(noise)

    # Entries of the sample covariance of n unit Gaussians have sd sqrt(2 / n) = 0.0045 at most.
    assert (covariance - torch.eye(2)).abs().max().item() < 4.5 * 0.0045


@every_mixture
def test_the_mean_log_density_of_the_holdout_is_minus_the_entropy_of_separate_modes(name):
    mixture = load(name)
    values = log_density(mixture.holdout.double(), mixture.mode_centers, mixture.mode_sd)

    entropy = math.log(mixture.classes) + 1 + math.log(2 * math.pi * mixture.mode_sd**2)

    # Half a chi squared of two degrees of freedom has sd 1.
    assert values.mean().item() == pytest.approx(-entropy, abs=4 / math.sqrt(len(values)))


def test_the_density_integrates_to_one():
    centers, sd = torch.tensor([[-0.5, 0.0], [0.7, 0.3]]), 0.3
    axis = torch.linspace(-3, 3, 301, dtype=torch.float64)

    density = log_density(torch.cartesian_prod(axis, axis), centers, sd).exp()

    assert density.sum().item() * 0.02**2 == pytest.approx(1.0, abs=1e-9)


def test_the_density_equals_that_of_torch_distributions():
    distributions = torch.distributions
    mixture = load("ring8")
    centers = mixture.mode_centers.double()
    reference = distributions.MixtureSameFamily(
        distributions.Categorical(torch.ones(8, dtype=torch.float64)),
        distributions.Independent(distributions.Normal(centers, mixture.mode_sd), 1),
    )
    samples = mixture.holdout[:100].double()

    torch.testing.assert_close(log_density(samples, centers, mixture.mode_sd), reference.log_prob(samples))


def test_the_density_and_its_gradient_are_finite_far_from_every_mode():
    ring = load("ring8")
    far = torch.tensor([[1e4, -1e4]], dtype=torch.float64)

    gradient = torch.func.grad(lambda x: log_density(x, ring.mode_centers, ring.mode_sd).sum())(far)

    assert log_density(far, ring.mode_centers, ring.mode_sd).isfinite().all()
    assert gradient.isfinite().all()


# First training and holdout point that stored runs saw, printed on 2026-11-23 with torch 2.15 on x86-64.
GOLDEN_POINTS = {
    "ring8": ([-0.01153714, 1.00489199], [0.70028281, -0.71479344]),
    "grid25": ([-3.96310449, -0.03643245], [3.95523643, -1.98839939]),
}


@every_mixture
def test_the_points_are_the_ones_that_stored_results_were_made_with(name):
    mixture = load(name)
    train, holdout = GOLDEN_POINTS[name]

    # A vectorised normal may differ in its last bits between processors, never in its sixth digit.
    assert mixture.train[0].tolist() == pytest.approx(train, abs=1e-6)
    assert mixture.holdout[0].tolist() == pytest.approx(holdout, abs=1e-6)


def test_the_two_splits_and_the_two_mixtures_have_noise_of_their_own():
    noises = [
        (samples[:100] - mixture.mode_centers[labels[:100]]) / mixture.mode_sd
        for mixture in map(load, MIXTURES)
        for samples, labels in (
            (mixture.train, mixture.train_labels),
            (mixture.holdout, mixture.holdout_labels),
        )
    ]

    correlations = torch.corrcoef(torch.stack(noises).flatten(1)) - torch.eye(4)

    # 200 numbers each: sd 0.07.
    assert correlations.abs().max().item() < 0.3
