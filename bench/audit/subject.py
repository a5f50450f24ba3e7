"""What an audit looks at: samples with what is known of them, from a data set or a folder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import torch
from torch import Tensor

from bench.audit.copies import hashes
from gans.data import Dataset
from gans.data.defects import IMAGES, kind_of
from gans.rng import stream

LOOKED_AT = 4_000
"""Samples whose pixels are measured, at most: shares are then known to half a percent or better."""


@dataclass(frozen=True)
class FileFacts:
    """What reading a folder showed, whatever became of the images.

    Args:
        files: image files there are. read: how many of them were looked at.
        corrupt: names of those that cannot be decoded.
        deep: names of those with more than 8 bits a channel; their images are no part of the subject.
        sizes: (width, height) to how many have it. kinds: "grey" or "colour" likewise.
        transparent: how many have transparent pixels.
    """

    files: int
    read: int
    corrupt: Sequence[str] = ()
    deep: Sequence[str] = ()
    sizes: dict[tuple[int, int], int] = field(default_factory=dict)
    kinds: dict[str, int] = field(default_factory=dict)
    transparent: int = 0


@dataclass(frozen=True, eq=False)
class Subject:
    """Training samples under audit.

    Shapes:
        train: (n, *sample_shape), n = 0 where files are all that can be looked at. labels: (n,), or None.
        holdout: (m, *sample_shape), taken to be clean; None where there is none.

    Args:
        classes: how many there should be; 0 if unlabeled. class_names: of folders; else empty.
        bounded: values lie within [-1, 1].
        mode_centers, mode_sd: of a mixture whose modes are known.
    """

    name: str
    kind: str
    train: Tensor
    labels: Tensor | None
    classes: int
    bounded: bool
    holdout: Tensor | None = None
    class_names: Sequence[str] = ()
    mode_centers: Tensor | None = None
    mode_sd: float | None = None
    files: FileFacts | None = None

    @property
    def noun(self) -> str:
        """What a sample is called: "images" or "points"."""
        return "images" if self.kind == IMAGES else "points"

    @cached_property
    def digests(self) -> list[bytes]:
        """A digest of every training sample: equal for equal samples."""
        return hashes(self.train)

    @cached_property
    def counts(self) -> Tensor:
        """Training samples per class, (classes,); empty if unlabeled."""
        if self.labels is None or self.classes == 0:
            return torch.zeros(0, dtype=torch.int64)
        return torch.bincount(self.labels, minlength=self.classes)

    @cached_property
    def looked_at(self) -> Tensor:
        """A random part of the training samples, of those that are more than can be measured one by one."""
        return _some(self.train, f"audit/{self.name}/train")

    @cached_property
    def clean(self) -> Tensor | None:
        """As many held-out samples."""
        return None if self.holdout is None else _some(self.holdout, f"audit/{self.name}/holdout")


def subject_of(dataset: Dataset, clean: Dataset | None = None) -> Subject:
    """The training part of a data set, beside its holdout.

    Args:
        clean: where its holdout is taken from instead.

    Example:
        >>> from gans.data import load
        >>> subject = subject_of(load("digits"))
        >>> subject.noun, len(subject.train), subject.classes
        ('images', 1100, 10)
    """
    return Subject(
        name=dataset.name,
        kind=kind_of(dataset),
        train=dataset.train,
        labels=dataset.train_labels,
        classes=dataset.classes,
        bounded=dataset.bounded,
        holdout=(clean or dataset).holdout,
        mode_centers=dataset.mode_centers,
        mode_sd=dataset.mode_sd,
    )


def _some(samples: Tensor, purpose: str) -> Tensor:
    if len(samples) <= LOOKED_AT:
        rows = torch.arange(len(samples))
    else:
        rows = torch.randperm(len(samples), generator=stream(0, purpose))[:LOOKED_AT]
    return samples[rows].float()
