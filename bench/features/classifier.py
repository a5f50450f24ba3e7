"""A small classifier as pure functions of its weights: training and extraction share these lines."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping

import torch
from torch import Tensor
from torch.nn.functional import linear

WIDTHS = (64, 64, 32, 10)
"""Units per layer: 8 by 8 pixels, two hidden ReLU layers, ten digits."""

Weights = Mapping[str, Tensor]


def initial_weights(generator: torch.Generator) -> dict[str, Tensor]:
    """Uniform weights in plus or minus 1 / sqrt(fan-in), biases likewise, from one random stream.

    Source:
        LeCun et al. 1998, "Efficient BackProp", section 4.6 (variance 1 over fan-in, up to a constant).
    """
    weights = {}
    for name, shape in expected_shapes().items():
        bound = 1 / math.sqrt(WIDTHS[int(name[0])])
        weights[name] = (2 * torch.rand(shape, generator=generator) - 1) * bound
    return weights


def expected_shapes() -> dict[str, tuple[int, ...]]:
    """Name and shape of every tensor that the classifier needs."""
    return {
        f"{layer}.{part}": shape
        for layer, (fan_in, fan_out) in enumerate(itertools.pairwise(WIDTHS))
        for part, shape in (("weight", (fan_out, fan_in)), ("bias", (fan_out,)))
    }


def penultimate(weights: Weights, images: Tensor) -> Tensor:
    """Activations of the last hidden layer.

    Shapes:
        images: (N, 1, 8, 8) in [-1, 1]. result: (N, 32), non-negative.
    """
    hidden = linear(images.flatten(start_dim=1), weights["0.weight"], weights["0.bias"]).relu()
    return linear(hidden, weights["1.weight"], weights["1.bias"]).relu()


def class_logits(weights: Weights, features: Tensor) -> Tensor:
    """Logits of the ten digits. Shapes: features (N, 32), result (N, 10)."""
    return linear(features, weights["2.weight"], weights["2.bias"])


def accuracy(weights: Weights, images: Tensor, labels: Tensor) -> float:
    """Share of images whose largest logit is that of their label."""
    with torch.no_grad():
        guesses = class_logits(weights, penultimate(weights, images)).argmax(dim=1)
    return (guesses == labels).double().mean().item()
