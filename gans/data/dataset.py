"""What a data set is, what it must satisfy, and which part of it a run may see."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from gans.data.pixels import Pixels
from gans.rng import stream


@dataclass(frozen=True, eq=False)
class Dataset:
    """Training samples, a holdout that no GAN sees, and what is known about both.

    Both splits lie in model space: images scaled to [-1, 1], points as they are.
    One object is shared by everyone who asks for it: never write into its tensors.

    Shapes:
        train, holdout: (n, *sample_shape) and (m, *sample_shape), float32 or both
            float64. Players compute in the precision of their data. Images from files are
            ``gans.data.pixels.Pixels``: index them, never take all of them at once.
        train_labels, holdout_labels: (n,) and (m,), int64, or None.
        mode_centers: (classes, dimension), float32, for mixtures only.

    Units:
        mode_sd: standard deviation of each mode along each axis, in data units.

    Args:
        classes: number of classes or modes that labels count, 0 if unlabeled.
        bounded: data lie within [-1, 1], so generators end in a tanh.
    """

    name: str
    train: Tensor
    holdout: Tensor
    train_labels: Tensor | None
    holdout_labels: Tensor | None
    classes: int
    bounded: bool
    mode_centers: Tensor | None = None
    mode_sd: float | None = None

    @property
    def sample_shape(self) -> tuple[int, ...]:
        """Shape of one sample, such as (1, 8, 8) or (2,)."""
        return tuple(self.train.shape[1:])

    @property
    def size(self) -> int:
        """Number of training samples: the largest data size of a run."""
        return len(self.train)

    @property
    def is_constant(self) -> bool:
        """All held-out samples are equal, so that no metric has a scale to measure with."""
        first = self.holdout[:1]
        # In parts, so that images kept as bytes become float a few at a time, and few of them.
        return all(bool((part == first).all()) for part in torch.split(self.holdout, 1024))

    def pooled(self, rows: Tensor) -> Tensor:
        """Samples of training data and holdout in one row, training data first; only these are made.

        Shapes:
            rows: (n,), int64, in [0, size + len(holdout)). result: (n, *sample_shape).

        Example:
            >>> points = torch.tensor([[1.0], [2.0]])
            >>> pair = Dataset("pair", points, -points, None, None, classes=0, bounded=False)
            >>> pair.pooled(torch.tensor([3, 0])).tolist()
            [[-2.0], [1.0]]
        """
        is_train = rows < self.size
        samples = torch.empty(len(rows), *self.sample_shape, dtype=self.train.dtype, device=self.train.device)
        samples[is_train] = self.train[rows[is_train]]
        samples[~is_train] = self.holdout[rows[~is_train] - self.size]
        return samples


def validate(dataset: object, name: str) -> Dataset:
    """Hand a data set back if it is one that GANs can be trained on.

    Raises:
        ValueError: the first thing that does not hold, with what was found.

    Example:
        >>> points = torch.zeros(4, 2)
        >>> good = Dataset("flat", points, points, None, None, classes=0, bounded=False)
        >>> validate(good, "flat") is good
        True
        >>> validate(points, "my_data:points")
        Traceback (most recent call last):
        ValueError: dataset 'my_data:points': must return a gans.data.Dataset, got Tensor; ...
    """
    if not isinstance(dataset, Dataset):
        found = type(dataset).__name__
        raise ValueError(
            f"dataset {name!r}: must return a gans.data.Dataset, got {found}; wrap its tensors in one"
        )
    # Only the first fault is drawn: the later checks assume that the earlier ones hold.
    fault = next(_faults(dataset), None)
    if fault is not None:
        raise ValueError(f"dataset {name!r}: {fault}")
    return dataset


def subset_indices(dataset_size: int, data_size: int, seed: int) -> Tensor:
    """Which training samples a run with this seed may see when its data size is limited.

    The first ``data_size`` entries of one permutation per seed, so a smaller
    subset is always part of a larger one: comparing data sizes at one seed
    adds samples and never swaps them.

    Shapes:
        result: (data_size,), int64, distinct entries in [0, dataset_size).

    Raises:
        ValueError: ``data_size`` is outside [1, dataset_size].

    Example:
        >>> few, many = subset_indices(1100, 64, seed=3), subset_indices(1100, 256, seed=3)
        >>> torch.equal(few, many[:64]), len(many.unique())
        (True, 256)
    """
    if not 1 <= data_size <= dataset_size:
        raise ValueError(
            f"data_size: must be between 1 and {dataset_size}, the size of the dataset, got {data_size}; "
            "choose one in that range"
        )
    return torch.randperm(dataset_size, generator=stream(seed, "data-subset"))[:data_size]


def _faults(dataset: Dataset) -> Iterator[str]:
    for split in ("train", "holdout"):
        yield from _sample_faults(split, getattr(dataset, split), dataset.bounded)
    if dataset.holdout.shape[1:] != dataset.train.shape[1:]:
        yield (
            f"holdout samples must have the shape of training samples {dataset.sample_shape}, "
            f"got {tuple(dataset.holdout.shape[1:])}; reshape one of them"
        )
    if dataset.holdout.dtype != dataset.train.dtype:
        dtypes = [str(split.dtype).removeprefix("torch.") for split in (dataset.train, dataset.holdout)]
        yield f"holdout must have the precision of train, {dtypes[0]}, got {dtypes[1]}; convert one of them"
    for split in ("train", "holdout"):
        yield from _label_faults(
            split, getattr(dataset, f"{split}_labels"), len(getattr(dataset, split)), dataset.classes
        )
    yield from _mode_faults(dataset)


def _sample_faults(split: str, samples: object, bounded: bool) -> Iterator[str]:
    if not isinstance(samples, Tensor):
        yield f"{split} must be a torch.Tensor, got {type(samples).__name__}; convert it with torch.as_tensor"
        return
    if samples.dtype not in (torch.float32, torch.float64):
        found = str(samples.dtype).removeprefix("torch.")
        yield f"{split} must be float32 or float64, got {found}; call .float()"
    if samples.ndim < 2 or samples.numel() == 0:
        yield (
            f"{split} must have shape (n, *sample_shape) with n >= 1, got {tuple(samples.shape)}; "
            "give one row per sample"
        )
    if isinstance(samples, Pixels):
        return  # bytes: finite and within bounds by nature
    finite = samples.flatten(1).isfinite().all(dim=1)
    if not finite.all():
        yield f"{split} must be finite, got {int((~finite).sum())} samples with NaN or infinity; drop them"
    if bounded and samples.abs().max() > 1:
        low, high = samples.min().item(), samples.max().item()
        yield f"{split} must lie within [-1, 1] when bounded, got [{low:.4g}, {high:.4g}]; rescale it"


def _label_faults(split: str, labels: object, count: int, classes: int) -> Iterator[str]:
    if labels is None:
        return
    if not isinstance(labels, Tensor) or labels.dtype != torch.int64 or labels.shape != (count,):
        found = (
            f"{labels.dtype} {tuple(labels.shape)}" if isinstance(labels, Tensor) else type(labels).__name__
        )
        yield f"{split}_labels must be int64 of shape ({count},), got {found}; give one label per sample"
        return
    if labels.min() < 0 or labels.max() >= classes:
        yield (
            f"{split}_labels must lie between 0 and classes - 1 = {classes - 1}, "
            f"got [{int(labels.min())}, {int(labels.max())}]; renumber them or raise classes"
        )


def _mode_faults(dataset: Dataset) -> Iterator[str]:
    centers, sd = dataset.mode_centers, dataset.mode_sd
    if centers is None and sd is None:
        return
    if centers is None or sd is None or not 0 < sd < float("inf"):
        yield f"mode_centers must come with a positive mode_sd, got mode_sd {sd}; give both or neither"
        return
    wanted = (dataset.classes, *dataset.sample_shape)
    if tuple(centers.shape) != wanted or not centers.isfinite().all():
        yield f"mode_centers must be finite of shape {wanted}, got {tuple(centers.shape)}; one row per mode"
