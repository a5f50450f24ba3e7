"""Which extractors there are, and which one a dataset is measured with."""

from __future__ import annotations

import functools
from collections.abc import Callable

from bench.features.extractor import Extractor
from bench.features.identity import xy
from bench.features.inception import inception2048
from bench.features.padded import padded
from bench.features.pixels import pixels
from bench.features.shipped import check_on, digits32, fashion64, mnist64
from bench.features.stacked import stacked192
from gans.data import Dataset
from gans.registry import Registry

CHECK_ROWS = 10_000
"""Held-out images that a classifier is checked on, at most; evenly spaced, for files may be sorted."""

EXTRACTORS: Registry[Callable[[], Extractor]] = Registry(
    "extractor", accepts=callable, wanted="a function without arguments that returns an Extractor"
)
for _name, _factory in (
    ("digits32", digits32),
    ("mnist64", mnist64),
    ("fashion64", fashion64),
    ("stacked192", stacked192),
    ("inception2048", inception2048),
    ("mnist64in32", padded(mnist64)),
    ("fashion64in32", padded(fashion64)),
    ("stacked192in32", padded(stacked192)),
    ("xy", xy),
):
    EXTRACTORS.add(_name, _factory)

SERVES: Registry[str] = Registry(
    "extractor", accepts=lambda entry: isinstance(entry, str), wanted="the name of an extractor"
)
"""Datasets with a trained extractor of their own; points use identity, other images their pixels."""

for _dataset, _extractor in (
    ("digits", "digits32"),
    ("mnist", "mnist64"),
    ("fashion-mnist", "fashion64"),
    ("stacked-mnist", "stacked192"),
    ("mnist32", "mnist64in32"),
    ("fashion-mnist32", "fashion64in32"),
    ("stacked-mnist32", "stacked192in32"),
):
    SERVES.add(_dataset, _extractor)


@functools.lru_cache(maxsize=16)
def extractor_for(dataset: Dataset) -> Extractor:
    """The extractor that a dataset's scores are named after; the same object on every call.

    Points are their own features. Datasets of ``SERVES`` have a classifier, which
    is checked on the holdout here, at the cost of one forward pass. Any other
    images are projected on 32 principal components of their training pixels.

    Raises:
        ExtractorError: the classifier is not the shipped one or misses its accuracy gate, or the images
            have another shape than those it was trained on.

    Example:
        >>> from gans.data import load
        >>> extractor_for(load("ring8")).name, extractor_for(load("digits")).name
        ('xy', 'digits32')
    """
    if dataset.name not in SERVES:
        is_point = len(dataset.sample_shape) == 1
        return xy(dataset.sample_shape[0]) if is_point else pixels(dataset.train)
    extractor = EXTRACTORS.get(SERVES.get(dataset.name))()
    extractor.require_shape(dataset.sample_shape)
    if extractor.classes and dataset.holdout_labels is not None:
        every = 1 + (len(dataset.holdout) - 1) // CHECK_ROWS
        check_on(dataset.holdout[::every], dataset.holdout_labels[::every], extractor)
    return extractor
