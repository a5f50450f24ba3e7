"""How far generated samples carry the augmentation that their discriminator was shown.

A probe of fixed size learns clean training samples from augmented ones; then it is asked about generated
samples, and about held-out ones, clean and augmented, whose answers fix the scale.
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass

import torch
from torch import Tensor

from gans.augment import Augmentation, augmentation_for
from gans.config import RunConfig
from gans.data import Dataset
from gans.rng import stream

ROWS = 1000
"""Training samples that teach the probe, and held-out and generated ones it is asked about, at most."""
SMALLEST_GAP = 0.2
"""Below this difference between the shares of augmented and of clean samples there is no scale to read."""
STRENGTHS = 20
"""ADA's strength is rounded to this many steps, so that members share their probes."""
BINS = 16
WIDTHS = (1.0, 0.1)
"""Kernel widths in median squared distances between training samples."""
RIDGE = 0.03
READABLE = ("diffaugment", "diffaugment:translation", "diffaugment:translation,cutout")
"""Augmentations whose leak a run records: those for which generators that never saw it were cleared.

The probe takes what is merely poor for augmented. Of 23 looks at 12 runs on digits without augmentation, all
with q at most 0.4, none read above 0.1 with these three; with cutout alone 5 did, with brightness 8, with
contrast 9, with "ada" 18, with "ada:translation,cutout" 2. DECISIONS.md of bench tells how that was found.
"""

COMPARED = ("ada", "none")
"""Augmentations whose runs are asked about ADA, so that those with it stand beside those without."""


@dataclass(frozen=True)
class Probe:
    """A classifier of augmented against clean, and the shares of held-out samples it takes for augmented.

    Shapes:
        rows: (n, d), what it was taught with. weights: (n,). shift, scale: (d,).
    """

    rows: Tensor
    weights: Tensor
    shift: Tensor
    scale: Tensor
    width: float
    on_clean: float = math.nan
    on_augmented: float = math.nan

    def share(self, samples: Tensor) -> float:
        """Share of samples that look augmented to it.

        Shapes:
            samples: (n, channels, height, width).
        """
        rows = (features(samples) - self.shift) / self.scale
        scores = _kernel(rows, self.rows, self.width) @ self.weights
        return float((scores > 0).double().mean())

    def leak(self, generated: Tensor) -> float:
        """Put the share of generated samples on the scale of clean (0) and augmented (1) held-out samples.

        Not cut off at either end, so that its mean over runs stays right where nothing leaks. NaN where the
        probe cannot tell augmented from clean, or samples are not finite.

        Source:
            Rogan and Gladen 1978, "Estimating prevalence from the results of a screening test".
        """
        gap = self.on_augmented - self.on_clean
        if gap < SMALLEST_GAP or not bool(generated.isfinite().all()):
            return math.nan
        return (self.share(generated[:ROWS]) - self.on_clean) / gap


def augmentation_leak(generated: Tensor, dataset: Dataset, augmentation: str, strength: float = 1.0) -> float:
    """Share of generated samples that carry an augmentation: 0 none, 1 as many as of augmented real ones.

    The probe sees whole images, their row and column means and the histogram of their values, so it knows
    shifts, cut-out squares and brightness alike. It does not know samples that look like neither: poor ones
    read as augmented, up to 1, though no augmentation made them so. ``leak_columns`` says where it can be
    trusted; elsewhere compare with a run without augmentation.

    Shapes:
        generated: (n, channels, height, width).

    Args:
        augmentation: as in ``RunConfig``.
        strength: how strong it was when training ended; rounded to twentieths.

    Returns:
        NaN for "none", and where the probe cannot tell: the strength is near 0, or a transform leaves
        samples that could be clean, such as a mirrored face.

    Raises:
        ValueError: an augmentation that is not known or does not suit the data.

    Example:
        >>> from gans.data import load
        >>> digits = load("digits")
        >>> abs(augmentation_leak(digits.holdout, digits, "diffaugment:cutout")) < 0.05
        True
    """
    probe = _probe_of(dataset, augmentation, round(strength * STRENGTHS) / STRENGTHS)
    return math.nan if probe is None else probe.leak(generated)


def leak_columns(config: RunConfig, samples: Tensor, dataset: Dataset, *, near: bool) -> dict[str, float]:
    """The run-level columns of one run at its end; nothing where the probe's word is not to be trusted.

    ADA's is a reading, not a leak: its probe takes poor samples for augmented. So runs without augmentation
    are read too, and what a run of the same cell and seed with ADA reads beyond its twin without is the leak,
    on the scale of data that are augmented always.

    Shapes:
        samples: (n, *sample_shape), what the run generates.

    Args:
        near: whether the run came near the data. Far from it the probe finds leaks in runs that never were
            augmented.
    """
    if not near or len(dataset.sample_shape) != 3:
        return {}
    if config.augmentation in READABLE:
        return {"augmentation_leak": augmentation_leak(samples.cpu(), dataset, config.augmentation)}
    if config.augmentation in COMPARED:
        return {"ada_reading": augmentation_leak(samples.cpu(), dataset, "ada")}
    return {}


def features(samples: Tensor) -> Tensor:
    """What the probe sees of each sample: pixels, row and column means, a histogram of values.

    The blocks weigh the same, whatever their number of entries.

    Shapes:
        samples: (n, channels, height, width). result: (n, d), float32.
    """
    samples = samples.float()
    edges = torch.linspace(-1.2, 1.2, BINS)
    # Triangular bins: a value between two centres counts in part for both.
    counts = [(1 - (samples - edge).abs() * (BINS - 1) / 2.4).clamp(min=0).mean(dim=(2, 3)) for edge in edges]
    blocks = [
        samples.flatten(1),
        torch.cat([samples.mean(dim=3), samples.mean(dim=2)], dim=2).flatten(1),
        torch.stack(counts, dim=2).flatten(1),
    ]
    return torch.cat(blocks, dim=1)


@functools.lru_cache(maxsize=32)
def _probe_of(dataset: Dataset, augmentation: str, strength: float) -> Probe | None:
    known = augmentation_for(augmentation, dataset.sample_shape)
    if not known.transforms or strength == 0:
        return None
    draws = stream(0, "augmentation leak")
    clean, held_out = dataset.train[:ROWS], dataset.holdout[:ROWS]
    probe = _taught(clean, _augmented(clean, known, strength, draws))
    on_augmented = probe.share(_augmented(held_out, known, strength, draws))
    return Probe(**{**vars(probe), "on_clean": probe.share(held_out), "on_augmented": on_augmented})


def _augmented(
    samples: Tensor, augmentation: Augmentation, strength: float, draws: torch.Generator
) -> Tensor:
    numbers = torch.rand(len(samples), augmentation.numbers, generator=draws, dtype=samples.dtype)
    return augmentation(samples, numbers, strength)


def _taught(clean: Tensor, augmented: Tensor) -> Probe:
    rows = torch.cat([features(clean), features(augmented)])
    sizes = _block_sizes(clean)
    shift = rows.mean(dim=0)
    # Every block ends up with the same total variance, one.
    spread = [block.var(dim=0).sum().sqrt().clamp(min=1e-6).expand(size) for block, size in
              zip(torch.split(rows, sizes, dim=1), sizes, strict=True)]  # fmt: skip
    scale = torch.cat(spread)
    rows = (rows - shift) / scale
    width = float(torch.cdist(rows[: len(clean)], rows[: len(clean)]).square().median()) or 1.0
    labels = torch.cat([-torch.ones(len(clean)), torch.ones(len(augmented))])
    system = _kernel(rows, rows, width)
    system.diagonal().add_(RIDGE)
    weights = torch.cholesky_solve(labels[:, None], torch.linalg.cholesky(system))[:, 0]
    return Probe(rows, weights, shift, scale, width)


def _block_sizes(samples: Tensor) -> list[int]:
    channels, height, width = samples.shape[1:]
    return [channels * height * width, channels * (height + width), channels * BINS]


def _kernel(rows: Tensor, others: Tensor, width: float) -> Tensor:
    squared = torch.cdist(rows, others).square()
    kernel: Tensor = sum((squared / (-scale * width)).exp() for scale in WIDTHS) / len(WIDTHS)  # type: ignore[assignment]
    return kernel
