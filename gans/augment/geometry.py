"""Changes of place: shifts, flips, quarter turns and cut-out squares, built from plain gathers.

``gather`` and not ``grid_sample``: the same arithmetic eager, compiled and under ``vmap``, in any precision.
"""

from __future__ import annotations

import torch
from torch import Tensor

from gans.augment.transform import per_sample, whole

SHIFT = 1 / 8
"""Farthest shift, as a share of the image's side."""
CUT = 1 / 2
"""Side of the square that is cut out, as a share of the image's side."""


def pick(samples: Tensor, rows: Tensor, columns: Tensor) -> Tensor:
    """Build each image from its own pixels: from which row and column each pixel comes.

    Shapes:
        samples, result: (batch, channels, height, width).
        rows, columns: int64, together broadcast to (batch, height, width).

    Example:
        >>> image = torch.tensor([[1.0, 2.0], [3.0, 4.0]]).reshape(1, 1, 2, 2)
        >>> flipped = torch.tensor([1, 0]).reshape(1, 1, 2)
        >>> pick(image, torch.arange(2).reshape(1, 2, 1), flipped).tolist()
        [[[[2.0, 1.0], [4.0, 3.0]]]]
    """
    batch, channels, height, width = samples.shape
    index = (rows * width + columns).reshape(batch, 1, height * width).expand(batch, channels, -1)
    return samples.flatten(2).gather(2, index).reshape(samples.shape)


def translation(samples: Tensor, draws: Tensor) -> Tensor:
    """Shift each image by whole pixels, at most an eighth of its side each way; what comes in is 0.

    Shapes:
        samples, result: (batch, channels, height, width). draws: (batch, 2), for rows and for columns.

    Source:
        Zhao et al. 2020, "Differentiable Augmentation for Data-Efficient GAN Training", and its code,
        which fills with 0 (mid-grey where data lie within [-1, 1]) as well.

    Example:
        >>> image = torch.arange(1.0, 5.0).expand(1, 1, 4, 4)
        >>> translation(image, torch.tensor([[0.5, 0.99]]))[0, 0, 0].tolist()
        [2.0, 3.0, 4.0, 0.0]
    """
    rows, columns = _moved(samples, draws)
    height, width = samples.shape[2:]
    inside = (rows >= 0) & (rows < height) & (columns >= 0) & (columns < width)
    moved = pick(samples, rows.clamp(0, height - 1), columns.clamp(0, width - 1))
    return torch.where(inside.unsqueeze(1), moved, torch.zeros_like(moved))


def mirrored_translation(samples: Tensor, draws: Tensor) -> Tensor:
    """The same shift, with the image mirrored at its border where something comes in.

    Shapes:
        samples, result: (batch, channels, height, width). draws: (batch, 2).

    Source:
        Karras et al. 2020, "Training Generative Adversarial Networks with Limited Data", appendix B.

    Example:
        >>> image = torch.arange(1.0, 5.0).expand(1, 1, 4, 4)
        >>> mirrored_translation(image, torch.tensor([[0.5, 0.99]]))[0, 0, 0].tolist()
        [2.0, 3.0, 4.0, 3.0]
    """
    rows, columns = _moved(samples, draws)
    height, width = samples.shape[2:]
    return pick(samples, mirrored(rows, height), mirrored(columns, width))


def cutout(samples: Tensor, draws: Tensor) -> Tensor:
    """Set a square of half the image's side to 0; its centre is anywhere, so it may hang over the edge.

    Shapes:
        samples, result: (batch, channels, height, width). draws: (batch, 2), for rows and for columns.

    Source:
        Zhao et al. 2020, as in ``translation``.

    Example:
        >>> cutout(torch.ones(1, 1, 4, 4), torch.tensor([[0.5, 0.5]]))[0, 0].tolist()
        [[1.0, 1.0, 1.0, 1.0], [1.0, 0.0, 0.0, 1.0], [1.0, 0.0, 0.0, 1.0], [1.0, 1.0, 1.0, 1.0]]
    """
    height, width = samples.shape[2:]
    hit = _cut(draws[:, 0], height).unsqueeze(2) & _cut(draws[:, 1], width).unsqueeze(1)
    return torch.where(hit.unsqueeze(1), torch.zeros_like(samples), samples)


def flip(samples: Tensor, draws: Tensor) -> Tensor:
    """Mirror half of the images left to right.

    Shapes:
        samples, result: (batch, channels, height, width). draws: (batch, 1).

    Source:
        Karras et al. 2020, as in ``mirrored_translation``.

    Example:
        >>> flip(torch.tensor([[[[1.0, 2.0]]]]), torch.tensor([[0.9]])).tolist()
        [[[[2.0, 1.0]]]]
    """
    return torch.where(per_sample(draws[:, 0] >= 0.5, samples), samples.flip(3), samples)


def quarter_turns(samples: Tensor, draws: Tensor) -> Tensor:
    """Turn each image by 0, 90, 180 or 270 degrees.

    Shapes:
        samples, result: (batch, channels, side, side). draws: (batch, 1).

    Source:
        Karras et al. 2020, as in ``mirrored_translation``.

    Example:
        >>> image = torch.tensor([[1.0, 2.0], [3.0, 4.0]]).reshape(1, 1, 2, 2)
        >>> quarter_turns(image, torch.tensor([[0.3]])).tolist()
        [[[[2.0, 4.0], [1.0, 3.0]]]]
    """
    turns = per_sample(whole(draws[:, 0], 4), samples)
    turned = samples
    for quarters in (1, 2, 3):
        turned = torch.where(turns == quarters, torch.rot90(samples, quarters, (2, 3)), turned)
    return turned


def mirrored(position: Tensor, size: int) -> Tensor:
    """Positions beyond an axis' ends, folded back as between two mirrors on the end pixels.

    Shapes:
        position, result: any, the same; whole or fractional.

    Example:
        >>> mirrored(torch.tensor([-2, -1, 0, 3, 4, 5, 7]), 4).tolist()
        [2, 1, 0, 3, 2, 1, 1]
    """
    last = size - 1
    return last - (torch.remainder(position, 2 * last) - last).abs()


def _moved(samples: Tensor, draws: Tensor) -> tuple[Tensor, Tensor]:
    """Which row and column each pixel comes from: (batch, height, 1) and (batch, 1, width)."""
    height, width = samples.shape[2:]
    rows = _shifted(draws[:, 0], height).unsqueeze(2)
    return rows, _shifted(draws[:, 1], width).unsqueeze(1)


def _shifted(draws: Tensor, size: int) -> Tensor:
    reach = int(size * SHIFT + 0.5)
    shift = whole(draws, 2 * reach + 1) - reach
    return torch.arange(size, device=draws.device) + shift.unsqueeze(1)


def _cut(draws: Tensor, size: int) -> Tensor:
    """Which positions of an axis the square covers, (batch, size)."""
    side = int(size * CUT + 0.5)
    start = whole(draws, size + 1 - side % 2) - side // 2
    position = torch.arange(size, device=draws.device) - start.unsqueeze(1)
    return (position >= 0) & (position < side)
