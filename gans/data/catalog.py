"""Which data sets there are, and how a name becomes one."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import replace

from gans.data.cifar import CIFAR10, cifar10
from gans.data.dataset import Dataset, validate
from gans.data.dirac import dirac
from gans.data.filesets import FileSet
from gans.data.folders import PREFIX, FolderName, folder
from gans.data.images import digits
from gans.data.mnist import (
    FASHION,
    MNIST,
    fashion_mnist,
    fashion_mnist32,
    mnist,
    mnist32,
    stacked_mnist,
    stacked_mnist32,
)
from gans.data.toy import grid25, ring8
from gans.registry import Registry


class _Datasets(Registry[Callable[[], Dataset]]):
    """The registered data sets, those of users, and folders of images."""

    def resolve(self, name: str) -> Callable[[], Dataset]:
        """Also understand ``folder:PATH``; the folder is looked at when the data set is made."""
        if not str(name).startswith(PREFIX):
            return super().resolve(name)
        FolderName.parse(name)
        return functools.partial(folder, name)


DATASETS = _Datasets(
    "dataset", accepts=callable, wanted="a function without arguments that returns a gans.data.Dataset"
)
DATASETS.add("digits", digits)
DATASETS.add("ring8", ring8)
DATASETS.add("grid25", grid25)
DATASETS.add("dirac", dirac)
DATASETS.add("mnist", mnist)
DATASETS.add("mnist32", mnist32)
DATASETS.add("fashion-mnist", fashion_mnist)
DATASETS.add("fashion-mnist32", fashion_mnist32)
DATASETS.add("stacked-mnist", stacked_mnist)
DATASETS.add("stacked-mnist32", stacked_mnist32)
DATASETS.add("cifar10", cifar10)
DATASETS.add("folder", folder)

FILES: Mapping[str, FileSet] = {
    "mnist": MNIST,
    "mnist32": MNIST,
    "stacked-mnist": MNIST,
    "stacked-mnist32": MNIST,
    "fashion-mnist": FASHION,
    "fashion-mnist32": FASHION,
    "cifar10": CIFAR10,
}
"""Data sets that need files, and which."""


@functools.cache
def load(name: str) -> Dataset:
    """The data set of a registered name, or of a user's own function named ``module:object``.

    The same object on every call, so never write into its tensors. It bears the
    name it was asked for: that name is what runs and cached statistics are kept under.

    Raises:
        DataError: its files are missing or damaged; also a ValueError, of one line.
        ValueError: unknown name; or the function fails or returns what is no usable data set.

    Example:
        >>> load("digits").size, load("digits") is load("digits")
        (1100, True)
        >>> load("digit")
        Traceback (most recent call last):
        ValueError: dataset: must be a known dataset, got 'digit'; did you mean 'digits'? (...)
    """
    factory = DATASETS.resolve(name)
    if name in DATASETS or name.startswith(PREFIX):
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
