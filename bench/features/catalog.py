"""Which extractors there are, and which one a dataset is measured with."""

from __future__ import annotations

import functools
from collections.abc import Callable

from bench.features.digits import check_on, digits32
from bench.features.extractor import Extractor
from bench.features.identity import xy
from bench.features.pixels import pixels
from gans.data import Dataset
from gans.registry import Registry

EXTRACTORS: Registry[Callable[[], Extractor]] = Registry(
    "extractor", accepts=callable, wanted="a function without arguments that returns an Extractor"
)
EXTRACTORS.add("digits32", digits32)
EXTRACTORS.add("xy", xy)

_BY_DATASET = {"digits": "digits32"}
"""Datasets with a trained extractor of their own; points use identity, other images their pixels."""


@functools.lru_cache(maxsize=16)
def extractor_for(dataset: Dataset) -> Extractor:
    """The extractor that a dataset's scores are named after; the same object on every call.

    Points are their own features. ``digits`` has a classifier, which is checked
    on the holdout here, at the cost of one forward pass. Any other images are
    projected on 32 principal components of their training pixels.

    Raises:
        ExtractorError: the classifier is not the shipped one or misses its accuracy gate.

    Example:
        >>> from gans.data import load
        >>> extractor_for(load("ring8")).name, extractor_for(load("digits")).name
        ('xy', 'digits32')
    """
    if dataset.name not in _BY_DATASET:
        is_point = len(dataset.sample_shape) == 1
        return xy(dataset.sample_shape[0]) if is_point else pixels(dataset.train)
    extractor = EXTRACTORS.get(_BY_DATASET[dataset.name])()
    if extractor.classes and dataset.holdout_labels is not None:
        check_on(dataset.holdout, dataset.holdout_labels, extractor)
    return extractor
