"""The extractor of images that nobody trained a classifier for: principal components of the pixels."""

from __future__ import annotations

import hashlib

import torch
from torch import Tensor

from bench.features.extractor import Extractor

COMPONENTS = 32
"""As many features as digits32 has, so that sample counts which suffice there suffice here."""

FIT_ROWS = 10_000
"""Enough to fix the leading components; keeps large image folders out of memory."""


def pixels(train: Tensor) -> Extractor:
    """Projection on the leading principal components of training images.

    It sees brightness and coarse shape, and knows no classes: scores over
    classes are not applicable under it.

    Shapes:
        train: (n, *sample_shape). Features: min(32, n - 1, pixels) components, fewer for flat data.

    Source:
        Jolliffe 2002, "Principal Component Analysis", chapter 3.

    Example:
        >>> line = torch.tensor([[[0.0, 0.0]], [[1.0, 1.0]], [[2.0, 2.0]]])
        >>> extractor = pixels(line)
        >>> extractor.name, [round(value, 3) for value in extractor.features(line).flatten().tolist()]
        ('pixels1', [-1.414, 0.0, 1.414])
    """
    rows = train[:FIT_ROWS].flatten(start_dim=1).double()
    center = rows.mean(dim=0)
    _, spread, directions = torch.linalg.svd(rows - center, full_matrices=False)
    kept = max(1, min(COMPONENTS, int((spread > 1e-6 * spread[0]).sum())))
    basis = _with_fixed_signs(directions[:kept]).T.float().contiguous()
    offset = center.float()

    def embed(samples: Tensor) -> Tensor:
        """Coordinates along the kept directions."""
        return (samples.flatten(start_dim=1) - offset) @ basis

    digest = hashlib.sha256(offset.numpy().tobytes() + basis.numpy().tobytes()).hexdigest()
    return Extractor(name=f"pixels{kept}", dimension=kept, classes=0, sha256=digest, embed=embed)


def _with_fixed_signs(directions: Tensor) -> Tensor:
    # An SVD leaves the sign of each direction open; the largest entry shall be positive everywhere.
    largest = directions.abs().argmax(dim=1, keepdim=True)
    return directions * directions.gather(1, largest).sign()
