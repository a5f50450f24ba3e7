"""Real images that need no download: scikit-learn's handwritten digits."""

from __future__ import annotations

import hashlib

import torch
from torch import Tensor

from gans.data.dataset import Dataset

DIGITS_TRAIN_SIZE = 1_100


def digits() -> Dataset:
    """The 1,797 handwritten digits of 8 by 8 pixels, cut into 1,100 to train on and 697 held out.

    Shapes:
        samples (1, 8, 8); 10 classes, each cut in the same proportion.

    Units:
        pixels: ink 0 to 16 becomes -1 to 1.

    Source:
        Alpaydin and Kaynak 1998, "Optical recognition of handwritten digits"
        (UCI repository), the copy that scikit-learn ships.

    Example:
        >>> images = digits()
        >>> tuple(images.train.shape), tuple(images.holdout.shape)
        ((1100, 1, 8, 8), (697, 1, 8, 8))
        >>> images.train.min().item(), images.train.max().item()
        (-1.0, 1.0)
    """
    # scikit-learn takes most of a second to import: only who trains on digits pays for it.
    from sklearn.datasets import load_digits

    bunch = load_digits()
    images = torch.from_numpy(bunch.images).float().div(8).sub(1).unsqueeze(1)
    labels = torch.from_numpy(bunch.target).long()
    train, holdout = stratified_split(labels, DIGITS_TRAIN_SIZE, salt="digits")
    return Dataset(
        name="digits",
        train=images[train],
        holdout=images[holdout],
        train_labels=labels[train],
        holdout_labels=labels[holdout],
        classes=10,
        bounded=True,
    )


def stratified_split(labels: Tensor, train_size: int, salt: str) -> tuple[Tensor, Tensor]:
    """Cut labeled items in two, each class in the same proportion up to one item.

    Who goes where is decided by the SHA-256 of salt and index and by no random
    generator, so no library version can ever move an item to the other side.

    Shapes:
        labels: (n,), int64. result: (train_size,) and (n - train_size,) indices, ascending.

    Raises:
        ValueError: ``train_size`` is not between 1 and n - 1.

    Example:
        >>> train, holdout = stratified_split(torch.tensor([0, 0, 0, 0, 1, 1]), 3, salt="example")
        >>> len(train), len(holdout), (train >= 4).sum().item()
        (3, 3, 1)
    """
    if not 1 <= train_size < len(labels):
        raise ValueError(
            f"stratified_split: train_size must be between 1 and {len(labels) - 1}, got {train_size}; "
            "leave at least one item to either side"
        )
    quotas = _quotas(torch.bincount(labels), train_size)
    train = torch.cat(
        [
            torch.tensor(sorted(_members(labels, label), key=lambda index: _rank(salt, index))[:quota])
            for label, quota in enumerate(quotas)
        ]
    ).long()
    is_train = torch.zeros(len(labels), dtype=torch.bool)
    is_train[train] = True
    return is_train.nonzero().flatten(), (~is_train).nonzero().flatten()


def _quotas(counts: Tensor, total: int) -> list[int]:
    # Largest remainders: exact shares rounded down, the seats left go to the largest fractions.
    shares = counts.double() * total / counts.sum()
    quotas = shares.floor().long()
    neediest = (quotas - shares).argsort(stable=True)[: total - int(quotas.sum())]
    quotas[neediest] += 1
    return [int(quota) for quota in quotas]


def _members(labels: Tensor, label: int) -> list[int]:
    return [int(index) for index in (labels == label).nonzero().flatten()]


def _rank(salt: str, index: int) -> str:
    return hashlib.sha256(f"{salt}/{index}".encode()).hexdigest()
