"""Augmentations as a run uses them, and the families that build one from a name's options and a shape."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from torch import Tensor

from gans.augment.transform import Need, Strength, Transform

Assemble = Callable[[tuple[str, ...], tuple[int, ...]], tuple[Transform, ...]]
"""(options, sample shape) to transforms, in the order in which they are made."""


@dataclass(frozen=True)
class Augmentation:
    """What is done to every sample that a discriminator is shown in training, real and fake.

    Args:
        adaptive: its strength is set by ``gans.augment.controller`` from 0 up; else it is always 1.

    Example:
        >>> import torch
        >>> from gans.augment import augmentation_for
        >>> shifted = augmentation_for("diffaugment:translation", (1, 8, 8))
        >>> samples, draws = torch.rand(5, 1, 8, 8), torch.rand(5, shifted.numbers)
        >>> shifted(samples, draws, 1.0).shape, torch.equal(shifted(samples, draws, 0.0), samples)
        (torch.Size([5, 1, 8, 8]), True)
    """

    name: str
    transforms: tuple[Transform, ...]
    adaptive: bool = False

    @property
    def numbers(self) -> int:
        """Uniform numbers that it takes per sample; 0 where nothing is done."""
        return sum(transform.numbers for transform in self.transforms)

    def __call__(self, samples: Tensor, draws: Tensor, strength: Strength = 1.0) -> Tensor:
        """Make every transform in turn, each with probability ``strength`` per sample.

        Shapes:
            samples, result: (batch, *event), same precision. draws: (batch, numbers), uniform on [0, 1).
        """
        position = 0
        for transform in self.transforms:
            own = draws[:, position : position + transform.numbers]
            samples = transform.apply(samples, own, strength)
            position += transform.numbers
        return samples


NO_AUGMENTATION = Augmentation("none", ())
"""Samples are shown as they are."""


@dataclass(frozen=True)
class Family:
    """Augmentations that go by one name; a name may list which transforms are wanted.

    Args:
        options: each transform that may be listed, in the order in which they are made, with what it needs.
        default: those made when none is listed; of them, as many as suit the data.
        adaptive: as in ``Augmentation``.
        note: what a reader must know before comparing with the source.
    """

    name: str
    options: Mapping[str, Need]
    default: tuple[str, ...]
    assemble: Assemble
    adaptive: bool = False
    source: str = ""
    note: str = ""
