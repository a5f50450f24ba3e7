"""The extractor of stacked digits: what the MNIST classifier sees in each of three channels."""

from __future__ import annotations

import functools
import hashlib
from pathlib import Path

from torch import Tensor

from bench.features.classifier import CHUNK, Architecture, Weights
from bench.features.extractor import Extractor
from bench.features.shipped import FOLDER, MNIST64, load_weights

CHANNELS = 3


def stacked192(folder: Path = FOLDER) -> Extractor:
    """Features of three digits side by side, and logits of the 1,000 triples they form.

    The triple of digits a, b, c in the first, second and third channel is class
    100 a + 10 b + c. Real data hold all triples equally, up to the shares of the
    digits themselves.

    Args:
        folder: holds the weights of ``mnist64``.

    Raises:
        ExtractorError: those weights are of no use.

    Source:
        Metz et al. 2017, "Unrolled Generative Adversarial Networks", section 3.3.1.
    """
    spec, (weights, digest) = MNIST64, load_weights(MNIST64, folder)
    network = spec.architecture
    name = f"stacked{CHANNELS * network.dimension}"
    return Extractor(
        name=name,
        dimension=CHANNELS * network.dimension,
        classes=network.classes**CHANNELS,
        sha256=hashlib.sha256(f"{name}/{digest}".encode()).hexdigest(),
        embed=functools.partial(_embed, network, weights),
        classify=functools.partial(_classify, network, weights),
        gate=spec.gate**CHANNELS,
        sample_shape=(CHANNELS, *network.image[1:]),
        chunk=CHUNK // CHANNELS,
        even_classes=True,
    )


def _embed(network: Architecture, weights: Weights, samples: Tensor) -> Tensor:
    features = network.penultimate(weights, samples.flatten(0, 1).unsqueeze(1))
    return features.reshape(len(samples), CHANNELS * network.dimension)


def _classify(network: Architecture, weights: Weights, features: Tensor) -> Tensor:
    """Log-probability of each triple: the digits are drawn apart, so it is the sum of three."""
    logits = network.class_logits(weights, features.reshape(-1, network.dimension))
    first, second, third = logits.log_softmax(dim=1).reshape(len(features), CHANNELS, -1).unbind(1)
    return (first[:, :, None, None] + second[:, None, :, None] + third[:, None, None, :]).flatten(1)
