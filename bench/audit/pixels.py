"""Numbers that tell good images from spoiled ones, each of one image or of many, without any network."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import pad, unfold

QUIET = 0.1
"""Share of an image's finest details that even a busy image has next to none of."""

_QUIET_NORMAL = 0.12566
"""That quantile of the absolute value of a standard normal number."""

STANDING_OUT = 1.0
"""How far a pixel must be from the median of its neighbours to stand out: half the range."""

AT_THE_END = 0.98

NARROWEST = 0.03
"""Spread below which a property of images is taken to be constant."""

_NORMAL = 1.4826, 2.563
"""A standard normal number's deviation over its median deviation, and its 10-90 % range."""


def details(images: Tensor) -> Tensor:
    """Finest details: what four neighbouring pixels have beyond a slope; of pure noise, its deviation.

    Shapes:
        images: (n, channels, height, width). result: (n, values).

    Example:
        >>> slope = torch.arange(4.0).expand(1, 1, 4, 4)
        >>> details(slope).abs().max().item()
        0.0
    """
    found = images[..., :-1, :-1] - images[..., 1:, :-1] - images[..., :-1, 1:] + images[..., 1:, 1:]
    return found.flatten(1) / 2


def noise_level(images: Tensor) -> float:
    """Standard deviation of pixel noise, from each image's quietest tenth of details.

    Too low where noise is cut off at black, as in drawings on a black
    ground; 0 for images that are flat in a tenth of their pixels.

    Units:
        data units; half of the range from black to white is 1.

    Example:
        >>> drawn = torch.randn(4, 1, 64, 64, generator=torch.Generator().manual_seed(0))
        >>> round(noise_level(0.2 * drawn), 1)
        0.2
    """
    quiet = torch.quantile(details(images).abs(), QUIET, dim=1).mean()
    return float(quiet) / _QUIET_NORMAL


def sharpness(images: Tensor) -> float:
    """Size of the finest details over the contrast, median over images that have any contrast.

    Example:
        >>> checks = (torch.arange(16).reshape(4, 4) % 2).float().expand(1, 1, 4, 4)
        >>> sharpness(checks) > sharpness(torch.arange(4.0).expand(1, 1, 4, 4))
        False
    """
    contrast = images.flatten(1).std(dim=1)
    ratio = details(images).square().mean(dim=1).sqrt() / contrast.clamp_min(NARROWEST)
    seen = ratio[contrast > NARROWEST]
    return float(seen.median()) if len(seen) else 0.0


def speckles(images: Tensor) -> float:
    """Share of pixels that are black or white and unlike most of their eight neighbours.

    Example:
        >>> dot = torch.zeros(1, 1, 5, 5) - 0.5
        >>> dot[0, 0, 2, 2] = 1
        >>> round(speckles(dot), 2)
        0.04
    """
    gray = images.mean(dim=1, keepdim=True)
    around = unfold(pad(gray, (1, 1, 1, 1), mode="replicate"), 3)
    middle = around[:, 4]
    neighbours = torch.cat([around[:, :4], around[:, 5:]], dim=1)
    strange = (neighbours.median(dim=1).values - middle).abs() > STANDING_OUT
    return float((strange & (middle.abs() > AT_THE_END)).float().mean())


def contrasts(images: Tensor) -> Tensor:
    """Standard deviation of each image's values. Shapes: (n, ...) to (n,)."""
    return images.flatten(1).std(dim=1)


def properties(images: Tensor) -> Tensor:
    """What each image looks like from afar: brightness, contrast, ends, edges, details, border.

    Shapes:
        images: (n, channels, height, width). result: (n, 7).
    """
    values = images.flatten(1)
    edges = (images[..., 1:] - images[..., :-1]).flatten(1).abs().mean(dim=1)
    border = [images[..., 0, :], images[..., -1, :], images[..., :, 0], images[..., :, -1]]
    return torch.stack(
        [
            values.mean(dim=1),
            values.std(dim=1),
            torch.quantile(values, 0.05, dim=1),
            torch.quantile(values, 0.95, dim=1),
            edges,
            details(images).abs().mean(dim=1),
            torch.cat([side.flatten(1) for side in border], dim=1).mean(dim=1),
        ],
        dim=1,
    )


def strangeness(found: Tensor, usual: Tensor) -> Tensor:
    """How many deviations an image's strangest property is from what is usual.

    Shapes:
        found: (n, k). usual: (m, k). result: (n,).

    Example:
        >>> usual = torch.linspace(-1, 1, 101)[:, None]
        >>> [round(value) for value in strangeness(torch.tensor([[0.0], [7.4]]), usual).tolist()]
        [0, 10]
    """
    middle = usual.median(dim=0).values
    by_median = (usual - middle).abs().median(dim=0).values * _NORMAL[0]
    by_range = (torch.quantile(usual, 0.9, dim=0) - torch.quantile(usual, 0.1, dim=0)) / _NORMAL[1]
    spread = torch.maximum(by_median, by_range).clamp_min(NARROWEST)
    return ((found - middle).abs() / spread).amax(dim=1)
