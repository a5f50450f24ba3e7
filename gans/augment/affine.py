"""Scaling, turning and stretching in one resampling, so that an image is blurred once and not four times."""

from __future__ import annotations

import math
from collections.abc import Collection
from typing import NamedTuple

import torch
from torch import Tensor

from gans.augment.geometry import mirrored, pick
from gans.augment.transform import Strength, Transform, normal

SCALE_SD = 0.2
"""Scales are 2 to the power of a normal number of this standard deviation."""

PARTS = ("scale", "rotation", "stretch")
"""What an affine transform may do: zoom evenly, turn by any angle, stretch one axis and shrink the other."""

NUMBERS = 8


class Matrix(NamedTuple):
    """From a pixel of the result to the place of the source it shows, both counted from the centre.

    Shapes:
        each: (batch,). Source x is ``xx x + xy y``, source y is ``yx x + yy y``.
    """

    xx: Tensor
    xy: Tensor
    yx: Tensor
    yy: Tensor


def affine(parts: Collection[str]) -> Transform:
    """A transform that makes some of PARTS, each with its own probability, and resamples once.

    Scale and stretch are made with probability ``strength``; there is a turn before and one after the
    stretch, each with ``1 - sqrt(1 - strength)``, so that a sample is turned at all with ``strength``.

    Source:
        Karras et al. 2020, "Training Generative Adversarial Networks with Limited Data", appendix B.
        Bilinear here, where the authors resample at twice the resolution through wavelet filters.

    Example:
        >>> affine(("scale",)).apply(torch.ones(1, 1, 4, 4), torch.full((1, 8), 0.5), 1.0).sum().item()
        16.0
    """
    wanted = frozenset(parts)

    def apply(samples: Tensor, draws: Tensor, strength: Strength) -> Tensor:
        """Samples of which no part is chosen keep their bits."""
        matrix, touched = _matrix(draws, strength, wanted)
        return torch.where(touched.reshape(-1, 1, 1, 1), resample(samples, matrix), samples)

    return Transform("affine", NUMBERS, apply)


def resample(samples: Tensor, matrix: Matrix) -> Tensor:
    """Show each image through its matrix: bilinear, mirrored at the borders, the centre stays.

    Shapes:
        samples, result: (batch, channels, height, width).

    Example:
        A half turn:

        >>> image = torch.tensor([[1.0, 2.0], [3.0, 4.0]]).reshape(1, 1, 2, 2)
        >>> minus, zero = -torch.ones(1), torch.zeros(1)
        >>> resample(image, Matrix(minus, zero, zero, minus)).tolist()
        [[[[4.0, 3.0], [2.0, 1.0]]]]
    """
    height, width = samples.shape[2:]
    y = (torch.arange(height, device=samples.device, dtype=samples.dtype) - (height - 1) / 2).reshape(
        1, -1, 1
    )
    x = (torch.arange(width, device=samples.device, dtype=samples.dtype) - (width - 1) / 2).reshape(1, 1, -1)
    xx, xy, yx, yy = (entry.reshape(-1, 1, 1).to(samples.dtype) for entry in matrix)
    column = mirrored(xx * x + xy * y + (width - 1) / 2, width)
    row = mirrored(yx * x + yy * y + (height - 1) / 2, height)
    (top, bottom, down), (left, right, over) = _between(row, height), _between(column, width)
    upper = torch.lerp(pick(samples, top, left), pick(samples, top, right), over.unsqueeze(1))
    lower = torch.lerp(pick(samples, bottom, left), pick(samples, bottom, right), over.unsqueeze(1))
    return torch.lerp(upper, lower, down.unsqueeze(1))


def _between(position: Tensor, size: int) -> tuple[Tensor, Tensor, Tensor]:
    """The pixels on both sides of each position, and how far it lies on the way between them."""
    low = position.floor().clamp(0, size - 1)
    return low.long(), (low + 1).clamp(max=size - 1).long(), position - low


def _matrix(draws: Tensor, strength: Strength, parts: frozenset[str]) -> tuple[Matrix, Tensor]:
    """What each sample's draws ask for, and whether they ask for anything: (batch,), bool."""
    turned = 1 - (1 - strength) ** 0.5
    scaled, stretched = draws[:, 0] < strength, draws[:, 2] < strength
    before, after = draws[:, 4] < turned, draws[:, 6] < turned
    none = torch.zeros_like(scaled)
    if "scale" not in parts:
        scaled = none
    if "stretch" not in parts:
        stretched = none
    if "rotation" not in parts:
        before, after = none, none
    scale = _chosen(scaled, torch.exp2(SCALE_SD * normal(draws[:, 1])), 1.0)
    stretch = _chosen(stretched, torch.exp2(SCALE_SD * normal(draws[:, 3])), 1.0)
    first = _chosen(before, math.pi * (2 * draws[:, 5] - 1), 0.0)
    second = _chosen(after, math.pi * (2 * draws[:, 7] - 1), 0.0)
    wide, high = scale * stretch, scale / stretch
    # turn(first) @ diag(wide, high) @ turn(second), written out.
    c, s, d, t = first.cos(), first.sin(), second.cos(), second.sin()
    matrix = Matrix(
        wide * c * d - high * s * t,
        -wide * c * t - high * s * d,
        wide * s * d + high * c * t,
        -wide * s * t + high * c * d,
    )
    return matrix, scaled | stretched | before | after


def _chosen(chosen: Tensor, value: Tensor, otherwise: float) -> Tensor:
    return torch.where(chosen, value, torch.full_like(value, otherwise))
