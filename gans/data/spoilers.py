"""What each planted defect does to training samples: pure functions of samples, strength and a random stream.

Every strength lies in (0, 1]: near 0 next to nothing happens, at 1 the worst that the defect can do.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import torch
from torch import Generator, Tensor

JITTER = 0.02
"""Standard deviation of what tells a near-duplicate from its original, in half ranges of the data."""

LONGEST_TAIL = 100.0
"""How many times the rarest class is rarer than the commonest one at strength 1."""

WIDEST_BLUR = 0.25
"""Standard deviation of the blur at strength 1, in sides of the image."""


@dataclass(frozen=True)
class Training:
    """The samples that a defect falls upon.

    Shapes:
        samples: (n, *sample_shape). labels: (n,), or None.

    Units:
        half_range: half of the way from the least to the largest value of the data; 1 for images.

    Args:
        foreign: draws so many samples that do not belong; only outliers need it.
    """

    samples: Tensor
    labels: Tensor | None
    bounded: bool
    half_range: float = 1.0
    foreign: Callable[[int, Generator], Tensor] | None = None


def noise(part: Training, strength: float, generator: Generator) -> Training:
    """Gaussian noise on every value, cut off at the data's bounds.

    Units:
        strength: standard deviation in half ranges, so 0.2 is a tenth of the way from black to white.

    Example:
        >>> gray = Training(torch.zeros(1, 1, 100, 100), None, bounded=True)
        >>> round(noise(gray, 0.2, torch.Generator().manual_seed(0)).samples.std().item(), 2)
        0.2
    """
    drawn = torch.randn(part.samples.shape, generator=generator, dtype=part.samples.dtype)
    return _with(part, part.samples + strength * part.half_range * drawn)


def blur(part: Training, strength: float, generator: Generator) -> Training:
    """Gaussian blur; beyond the edge the image goes on as its last pixel.

    Units:
        strength: standard deviation in quarters of the shorter side, so 0.5 is one pixel of eight.

    Example:
        >>> dot = torch.zeros(1, 1, 3, 3).index_fill(2, torch.tensor([1]), 1.0)
        >>> blurred = blur(Training(dot, None, bounded=True), 1.0, torch.Generator()).samples
        >>> [round(value, 2) for value in blurred[0, 0, :, 0].tolist()]
        [0.22, 0.53, 0.22]
    """
    height, width = part.samples.shape[-2:]
    sd = strength * WIDEST_BLUR * min(height, width)
    rows, columns = (blur_matrix(side, sd).to(part.samples.dtype) for side in (height, width))
    return _with(part, rows @ part.samples @ columns.T)


def blur_matrix(side: int, sd: float) -> Tensor:
    """What a Gaussian blur does to one line of pixels, as a matrix.

    Shapes:
        result: (side, side), float64; rows sum to 1.

    Example:
        >>> blur_matrix(2, sd=1e-3).tolist()
        [[1.0, 0.0], [0.0, 1.0]]
    """
    reach = max(1, math.ceil(4 * sd))
    offsets = torch.arange(-reach, reach + 1)
    weights = torch.softmax(-offsets.double().square() / (2 * sd * sd), dim=0)
    matrix = torch.zeros(side, side, dtype=torch.float64)
    for pixel in range(side):
        matrix[pixel].index_add_(0, (pixel + offsets).clamp(0, side - 1), weights)
    return matrix


def salt(part: Training, strength: float, generator: Generator) -> Training:
    """Pixels turned black or white, with equal odds; all channels of a pixel together.

    Units:
        strength: share of the pixels.

    Example:
        >>> gray = Training(torch.zeros(1, 1, 100, 100), None, bounded=True)
        >>> salted = salt(gray, 0.3, torch.Generator().manual_seed(0)).samples
        >>> round((salted.abs() == 1).float().mean().item(), 1)
        0.3
    """
    count, _, *sides = part.samples.shape
    struck = torch.rand(count, 1, *sides, generator=generator) < strength
    value = torch.randint(2, (count, 1, *sides), generator=generator).to(part.samples.dtype) * 2 - 1
    return _with(part, torch.where(struck, value * part.half_range, part.samples))


def scaling(part: Training, strength: float, generator: Generator) -> Training:
    """Pixels squeezed towards white: at strength 1 they lie in [0, 1] where [-1, 1] is expected.

    Units:
        strength: how far black has moved towards the middle gray.

    Example:
        >>> ends = Training(torch.tensor([[[[-1.0, 1.0]]]]), None, bounded=True)
        >>> scaling(ends, 0.5, torch.Generator()).samples.flatten().tolist()
        [-0.5, 1.0]
    """
    top = part.half_range
    return _with(part, top - (top - part.samples) * (1 - strength / 2))


def duplicates(part: Training, strength: float, generator: Generator) -> Training:
    """Samples replaced by exact copies of the others, so that fewer are distinct.

    Units:
        strength: share of the samples that are copies; at least one stays itself.

    Example:
        >>> points = Training(torch.arange(10.0)[:, None], None, bounded=False)
        >>> copied = duplicates(points, 0.5, torch.Generator().manual_seed(0)).samples
        >>> len(copied), len(copied.unique())
        (10, 5)
    """
    rows = _sources(len(part.samples), strength, generator)
    return replace(
        part, samples=part.samples[rows], labels=None if part.labels is None else part.labels[rows]
    )


def near_duplicates(part: Training, strength: float, generator: Generator) -> Training:
    """Samples replaced by copies of the others that differ by a noise nobody sees.

    Units:
        strength: share of the samples that are copies; the noise is JITTER half ranges.

    Example:
        >>> images = Training(torch.eye(4).reshape(4, 1, 2, 2), None, bounded=True)
        >>> copied = near_duplicates(images, 0.75, torch.Generator().manual_seed(0)).samples
        >>> len(copied.unique(dim=0)), bool((copied - copied[:1]).abs().max() < 6 * JITTER)
        (4, True)
    """
    copied = duplicates(part, strength, generator)
    jittered = noise(copied, JITTER, generator).samples
    copies = torch.arange(len(jittered)) >= _originals(len(jittered), strength)
    chosen = copies.reshape(-1, *[1] * (jittered.ndim - 1))
    return replace(copied, samples=torch.where(chosen, jittered, copied.samples))


def outliers(part: Training, strength: float, generator: Generator) -> Training:
    """Samples replaced by foreign ones; labels stay as they were.

    Units:
        strength: share of the samples.

    Raises:
        ValueError: nobody said where foreign samples come from.

    Example:
        >>> points = Training(torch.zeros(10, 2), None, False, foreign=lambda n, _: torch.ones(n, 2))
        >>> int(outliers(points, 0.3, torch.Generator().manual_seed(0)).samples[:, 0].sum())
        3
    """
    if part.foreign is None:
        raise ValueError("outliers: must know where foreign samples come from, got no source; give foreign")
    rows = torch.randperm(len(part.samples), generator=generator)[: round(strength * len(part.samples))]
    return replace(part, samples=part.samples.index_copy(0, rows, part.foreign(len(rows), generator)))


def missing(labels: Tensor, classes: int, strength: float, generator: Generator) -> Tensor:
    """Which samples stay when whole classes go missing.

    Units:
        strength: share of the classes, rounded up; one stays.

    Shapes:
        labels: (n,). result: indices of those that stay, ascending.

    Example:
        >>> kept = missing(torch.arange(10), 10, 0.3, torch.Generator().manual_seed(0))
        >>> len(kept)
        7
    """
    order = torch.randperm(classes, generator=generator)
    gone = order[: min(classes - 1, math.ceil(strength * classes - 1e-9))]
    return (~torch.isin(labels, gone)).nonzero().flatten()


def imbalance(labels: Tensor, classes: int, strength: float, generator: Generator) -> Tensor:
    """Which samples stay when each class is rarer than the one before it, by an equal factor.

    Units:
        strength: the rarest class keeps 100 to the power of -strength of its samples: a tenth at 0.5; at
            least one.

    Shapes:
        labels: (n,). result: indices of those that stay, ascending.

    Example:
        >>> labels = torch.arange(3).repeat_interleave(100)
        >>> kept = imbalance(labels, 3, 1.0, torch.Generator().manual_seed(0))
        >>> sorted(torch.bincount(labels[kept]).tolist())
        [1, 10, 100]
    """
    order = torch.randperm(classes, generator=generator).tolist()
    stays = torch.zeros(len(labels), dtype=torch.bool)
    for rank, label in enumerate(order):
        members = (labels == label).nonzero().flatten()
        share = LONGEST_TAIL ** (-strength * rank / max(1, classes - 1))
        stays[members[: max(1, round(share * len(members)))]] = True
    return stays.nonzero().flatten()


def _originals(count: int, strength: float) -> int:
    return max(1, round(count * (1 - strength)))


def _sources(count: int, strength: float, generator: Generator) -> Tensor:
    """Row that stands at each place: the originals first, then copies of any of them."""
    originals = _originals(count, strength)
    return torch.cat(
        [torch.arange(originals), torch.randint(originals, (count - originals,), generator=generator)]
    )


def _with(part: Training, samples: Tensor) -> Training:
    kept = samples.clamp(-1, 1) if part.bounded else samples
    return replace(part, samples=kept.to(part.samples.dtype))
