"""Which data sets there are, and how a name becomes one."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import replace

from gans.data.dataset import Dataset, validate
from gans.data.dirac import dirac
from gans.data.images import digits
from gans.data.toy import grid25, ring8
from gans.registry import Registry

DATASETS: Registry[Callable[[], Dataset]] = Registry(
    "dataset", accepts=callable, wanted="a function without arguments that returns a gans.data.Dataset"
)
DATASETS.add("digits", digits)
DATASETS.add("ring8", ring8)
DATASETS.add("grid25", grid25)
DATASETS.add("dirac", dirac)


@functools.cache
def load(name: str) -> Dataset:
    """The data set of a registered name, or of a user's own function named ``module:object``.

    The same object on every call, so never write into its tensors. It bears the
    name it was asked for: that name is what runs and cached statistics are kept under.

    Raises:
        ValueError: unknown name; or the function fails or returns what is no usable data set.

    Example:
        >>> load("digits").size, load("digits") is load("digits")
        (1100, True)
        >>> load("digit")
        Traceback (most recent call last):
        ValueError: dataset: must be a known dataset, got 'digit'; did you mean 'digits'? (...)
    """
    factory = DATASETS.resolve(name)
    if name in DATASETS:
        return factory()
    try:
        dataset = factory()
    # A user's function may fail in any way; whichever it is, the user needs one line that names it.
    except Exception as error:
        first_line = str(error).partition("\n")[0]
        raise ValueError(
            f"dataset {name!r}: must return a gans.data.Dataset, got {type(error).__name__}: {first_line}; "
            "call it without arguments to see where"
        ) from error
    return replace(validate(dataset, name), name=name)
