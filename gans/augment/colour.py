"""Changes of brightness, contrast and saturation; differentiable in the samples, and nothing is cut off.

Values may leave [-1, 1], as they do in the published codes: a clamp would stop the generator's gradient.
"""

from __future__ import annotations

import torch
from torch import Tensor

from gans.augment.transform import normal, per_sample

BRIGHTNESS_SD = 0.2
"""ADA's shift of all values, in data units."""
CONTRAST_SD = 0.5
"""ADA's factor is 2 to the power of a normal number of this standard deviation."""


def brightness(samples: Tensor, draws: Tensor) -> Tensor:
    """Add one number between -0.5 and 0.5 to every value of a sample.

    Shapes:
        samples, result: (batch, *event). draws: (batch, 1).

    Source:
        Zhao et al. 2020, "Differentiable Augmentation for Data-Efficient GAN Training", and its code.

    Example:
        >>> brightness(torch.zeros(2, 1, 1, 1), torch.tensor([[0.75], [0.0]])).flatten().tolist()
        [0.25, -0.5]
    """
    return samples + per_sample(draws[:, 0] - 0.5, samples)


def saturation(samples: Tensor, draws: Tensor) -> Tensor:
    """Multiply each pixel's distance from its own grey (the mean of its channels) by 0 to 2.

    Shapes:
        samples, result: (batch, channels, height, width). draws: (batch, 1).

    Source:
        Zhao et al. 2020, as in ``brightness``.

    Example:
        >>> pixel = torch.tensor([1.0, 0.0, -1.0]).reshape(1, 3, 1, 1)
        >>> saturation(pixel, torch.tensor([[0.25]])).flatten().tolist()
        [0.5, 0.0, -0.5]
    """
    grey = samples.mean(dim=1, keepdim=True)
    return (samples - grey) * per_sample(2 * draws[:, 0], samples) + grey


def contrast(samples: Tensor, draws: Tensor) -> Tensor:
    """Multiply each value's distance from its sample's mean by 0.5 to 1.5.

    Shapes:
        samples, result: (batch, channels, height, width). draws: (batch, 1).

    Source:
        Zhao et al. 2020, as in ``brightness``.

    Example:
        >>> image = torch.tensor([1.0, 3.0]).reshape(1, 1, 1, 2)
        >>> contrast(image, torch.tensor([[0.0]])).flatten().tolist()
        [1.5, 2.5]
    """
    mean = samples.mean(dim=(1, 2, 3), keepdim=True)
    return (samples - mean) * per_sample(draws[:, 0] + 0.5, samples) + mean


def normal_brightness(samples: Tensor, draws: Tensor) -> Tensor:
    """Add one normal number of standard deviation 0.2 to every value of a sample.

    Shapes:
        samples, result: (batch, *event). draws: (batch, 1).

    Source:
        Karras et al. 2020, "Training Generative Adversarial Networks with Limited Data", appendix B.

    Example:
        >>> normal_brightness(torch.ones(1, 1, 1, 1), torch.tensor([[0.5]])).item()
        1.0
    """
    return samples + per_sample(BRIGHTNESS_SD * normal(draws[:, 0]), samples)


def log_contrast(samples: Tensor, draws: Tensor) -> Tensor:
    """Multiply every value of a sample, counted from mid-grey 0, by 2 to the power of a normal number.

    Shapes:
        samples, result: (batch, *event). draws: (batch, 1).

    Source:
        Karras et al. 2020, as in ``normal_brightness``.

    Example:
        >>> log_contrast(torch.ones(1, 1, 1, 1), torch.tensor([[0.5]])).item()
        1.0
    """
    return samples * per_sample(torch.exp2(CONTRAST_SD * normal(draws[:, 0])), samples)
