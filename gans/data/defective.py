"""Data sets whose training part is spoiled by planted defects; see ``gans.data.defects``."""

from __future__ import annotations

import functools
from dataclasses import replace

import torch
from torch import Generator, Tensor

from gans.data.dataset import Dataset, subset_indices
from gans.data.defects import NONE, Dose, check_defect, parse_defect
from gans.data.spoilers import Training
from gans.data.strangers import fitted, strangers
from gans.rng import stream


def apply_defect(dataset: Dataset, text: str, seed: int, data_size: int | None = None) -> Dataset:
    """A data set whose training part is spoiled; the holdout is the same tensor.

    Args:
        text: one defect or several, or "none".
        seed: chooses which samples, classes and pixels are hit, and which samples a limited run may see.
        data_size: at most so many training samples, those of ``subset_indices``; all, in their own order,
            where not given. Fewer are left where missing or rarer classes leave fewer.

    Raises:
        ValueError: as ``check_defect``; or ``data_size`` is out of range.

    Example:
        >>> from gans.data import load
        >>> clean = load("digits")
        >>> spoiled = apply_defect(clean, "missing:0.5", seed=0)
        >>> len(spoiled.train_labels.unique()), spoiled.holdout is clean.holdout
        (5, True)
        >>> apply_defect(clean, "duplicates:0.5", seed=0, data_size=64).train.unique(dim=0).shape[0]
        32
    """
    check_defect(dataset, text)
    doses = parse_defect(text)
    if not doses and data_size is None:
        return dataset
    rows = torch.arange(dataset.size)
    if data_size is not None:
        subset_indices(dataset.size, data_size, seed)  # refuses a size out of range
        rows = subset_indices(dataset.size, dataset.size, seed)
    rows = _kept(doses, rows, dataset.train_labels, dataset.classes, seed)[:data_size]
    labels = None if dataset.train_labels is None else dataset.train_labels[rows]
    part = _spoiled(doses, _part(dataset, dataset.train[rows], labels), dataset, "", seed)
    named = f"{dataset.name} ({'+'.join(map(str, doses)) or NONE})"
    return replace(dataset, name=named, train=part.samples, train_labels=part.labels)


def unseen(dataset: Dataset, text: str, seed: int, count: int) -> Tensor:
    """Held-out samples with the same defects: what a discriminator of spoiled data has not seen.

    They tell a discriminator that remembers its training data from one that
    knows the defect. Scores are never taken against them.

    Shapes:
        result: (at most count, *sample_shape); the holdout's first ones, less those of missing classes.

    Example:
        >>> from gans.data import load
        >>> clean = load("digits")
        >>> bool((unseen(clean, "duplicates:0.5", 0, 10) == clean.holdout[:10]).all())
        True
        >>> bool((unseen(clean, "scaling:1", 0, 10) >= 0).all())
        True
    """
    doses = tuple(dose for dose in parse_defect(text) if not dose.defect.of_the_set)
    if not doses:
        return dataset.holdout[:count]
    rows = _kept(doses, torch.arange(len(dataset.holdout)), dataset.holdout_labels, dataset.classes, seed)
    part = _part(dataset, dataset.holdout[rows[:count]], None)
    return _spoiled(doses, part, dataset, "/unseen", seed).samples


def check_source(dataset: Dataset, text: str) -> None:
    """See that the data set that outliers come from is there and fits.

    Raises:
        ValueError: it cannot be loaded, or its samples cannot be brought into shape.

    Example:
        >>> from gans.data import load
        >>> check_source(load("digits"), "outliers@ring8:0.1")
        Traceback (most recent call last):
        ValueError: defect: outliers must come from data of the kind of 'digits', samples (1, 8, 8), got ...
    """
    for dose in parse_defect(text):
        other = _other(dose.source)
        if other is not None:
            fitted(other.train[:1], dataset)


def half_range_of(dataset: Dataset) -> float:
    """Half of the way from the least to the largest training value; 1 for data bounded by -1 and 1.

    Example:
        >>> from gans.data import load
        >>> half_range_of(load("digits")), round(half_range_of(load("ring8")), 1)
        (1.0, 1.0)
    """
    if dataset.bounded:
        return 1.0
    return float(dataset.train.max() - dataset.train.min()) / 2


def _kept(doses: tuple[Dose, ...], rows: Tensor, labels: Tensor | None, classes: int, seed: int) -> Tensor:
    for dose in doses:
        if dose.defect.keep is not None and labels is not None:
            generator = stream(seed, f"defect/{dose.defect.name}")
            rows = rows[dose.defect.keep(labels[rows], classes, dose.strength, generator)]
    return rows


def _spoiled(doses: tuple[Dose, ...], part: Training, dataset: Dataset, purpose: str, seed: int) -> Training:
    for dose in doses:
        if dose.defect.spoil is not None:
            other = _other(dose.source)
            part = replace(part, foreign=functools.partial(_foreign, dataset, other))
            part = dose.defect.spoil(part, dose.strength, stream(seed, f"defect/{dose.defect.name}{purpose}"))
    return part


def _foreign(dataset: Dataset, other: Dataset | None, count: int, generator: Generator) -> Tensor:
    return strangers(dataset, count, generator, other)


def _other(source: str) -> Dataset | None:
    # The catalog imports what it lists; here it is only needed for a data set that a defect names.
    from gans.data.catalog import load

    return load(source) if source else None


def _part(dataset: Dataset, samples: Tensor, labels: Tensor | None) -> Training:
    return Training(samples, labels, dataset.bounded, half_range_of(dataset))
