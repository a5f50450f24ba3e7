"""Two-dimensional mixtures whose modes and density are known, so that coverage can be counted exactly.

The constants are PacGAN's. Other papers use radius 2 or another spread: scores do not carry over.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

from gans.data.dataset import Dataset
from gans.rng import stream

TRAIN_SIZE = 100_000
HOLDOUT_SIZE = 10_000


def ring8() -> Dataset:
    """Eight narrow Gaussians on the unit circle.

    Shapes:
        samples (2,); 8 modes at (cos, sin) of 2 pi i / 8.

    Units:
        radius 1, standard deviation 0.01: neighbours are 77 deviations apart.

    Source:
        Lin et al. 2018, "PacGAN: The power of two samples in generative
        adversarial networks", section 4.1, and its published configuration.

    Example:
        >>> ring = ring8()
        >>> tuple(ring.train.shape), tuple(ring.holdout.shape), ring.classes, ring.mode_sd
        ((100000, 2), (10000, 2), 8, 0.01)
    """
    return mixture("ring8", ring_centers(8, radius=1.0), sd=0.01)


def grid25() -> Dataset:
    """Twenty-five Gaussians on a square grid.

    Shapes:
        samples (2,); 25 modes at {-4, -2, 0, 2, 4} squared.

    Units:
        spacing 2, standard deviation 0.05: neighbours are 40 deviations apart.

    Source:
        Lin et al. 2018, "PacGAN: The power of two samples in generative
        adversarial networks", section 4.1, and its published configuration.

    Example:
        >>> grid = grid25()
        >>> tuple(grid.train.shape), grid.classes, grid.mode_sd
        ((100000, 2), 25, 0.05)
    """
    axis = torch.tensor([-4.0, -2.0, 0.0, 2.0, 4.0])
    return mixture("grid25", torch.cartesian_prod(axis, axis), sd=0.05)


def ring_centers(modes: int, radius: float) -> Tensor:
    """Equally spaced points on a circle, starting at angle 0.

    Shapes:
        result: (modes, 2), float32.

    Example:
        >>> ring_centers(4, radius=1.0).round().int().tolist()
        [[1, 0], [0, 1], [-1, 0], [0, -1]]
    """
    # Not linspace(0, 2 pi, modes): its two ends are one point, and a mode is lost.
    angle = 2 * math.pi * torch.arange(modes, dtype=torch.float64) / modes
    return radius * torch.stack((angle.cos(), angle.sin()), dim=1).float()


def mixture(name: str, centers: Tensor, sd: float) -> Dataset:
    """Fixed samples of an equally weighted mixture of round Gaussians.

    The points depend on the name alone, so every run and every machine trains
    on the same ones.

    Shapes:
        centers: (modes, dimension). samples of the result: (dimension,).

    Units:
        sd: standard deviation of each mode along each axis, in data units.

    Example:
        >>> line = mixture("line", torch.tensor([[0.0], [9.0]]), sd=0.1)
        >>> [int(line.train[line.train_labels == mode].mean().round()) for mode in (0, 1)]
        [0, 9]
    """
    train, train_labels = _draw(f"data/{name}/train", TRAIN_SIZE, centers, sd)
    holdout, holdout_labels = _draw(f"data/{name}/holdout", HOLDOUT_SIZE, centers, sd)
    return Dataset(
        name=name,
        train=train,
        holdout=holdout,
        train_labels=train_labels,
        holdout_labels=holdout_labels,
        classes=len(centers),
        bounded=False,
        mode_centers=centers,
        mode_sd=sd,
    )


def log_density(samples: Tensor, centers: Tensor, sd: float) -> Tensor:
    """True log density of an equally weighted mixture of round Gaussians.

    Shapes:
        samples: (batch, dimension). centers: (modes, dimension). result: (batch,).

    Units:
        nats; the density is per data unit to the power of the dimension.

    Example:
        One standard Gaussian in the plane has density 1 / (2 pi) at its centre:

        >>> round(2 * math.pi * log_density(torch.zeros(1, 2), torch.zeros(1, 2), sd=1.0).exp().item(), 6)
        1.0
    """
    modes, dimension = centers.shape
    squared = (samples[:, None, :] - centers.to(samples.dtype)).square().sum(dim=2)
    log_normalizer = math.log(modes) + 0.5 * dimension * math.log(2 * math.pi * sd**2)
    return torch.logsumexp(-squared / (2 * sd**2), dim=1) - log_normalizer


def _draw(purpose: str, count: int, centers: Tensor, sd: float) -> tuple[Tensor, Tensor]:
    generator = stream(0, purpose)
    labels = torch.randint(len(centers), (count,), generator=generator)
    noise = torch.randn(count, centers.shape[1], generator=generator)
    return centers[labels] + sd * noise, labels
