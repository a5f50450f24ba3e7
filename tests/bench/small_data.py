"""A data set that is measured in a moment, for tests that train many cohorts."""

from __future__ import annotations

import torch

from gans.data import Dataset
from gans.rng import stream


def images():
    """64 training images and 80 held out, of 3 by 3 pixels."""
    pixels = torch.rand(144, 1, 3, 3, generator=stream(0, "small data")) * 2 - 1
    return Dataset("small", pixels[:64], pixels[64:], None, None, classes=0, bounded=True)


def larger():
    """As many in colour, of 8 by 8 pixels."""
    pixels = torch.rand(144, 3, 8, 8, generator=stream(0, "larger data")) * 2 - 1
    return Dataset("larger", pixels[:64], pixels[64:], None, None, classes=0, bounded=True)
