"""CIFAR-10 from torchvision's files, which are pickles: read without running anything that is in them."""

from __future__ import annotations

import io
import pickle
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from gans.data.dataset import Dataset
from gans.data.filesets import FileSet
from gans.data.pixels import Pixels
from gans.data.places import DataError
from gans.data.prepared import prepared_table

SHAPE = (3, 32, 32)

CIFAR10 = FileSet(
    name="cifar10",
    folder="cifar-10-batches-py",
    algorithm="md5",
    checksums={
        "data_batch_1": "c99cafc152244af753f735de768cd75f",
        "data_batch_2": "d4bba439e000b95fd0a9bffe97cbabec",
        "data_batch_3": "54ebc095f3ab1f0389bbae665268c751",
        "data_batch_4": "634d18415352ddfa80567beed471001a",
        "data_batch_5": "482c414d41f54cd18b22e5b47cb7c3cb",
        "test_batch": "40351d587109b95175f43aff81a1287e",
    },
    torchvision="CIFAR10",
    megabytes=171,
)

_HARMLESS = {
    ("numpy.core.multiarray", "_reconstruct"),
    ("numpy._core.multiarray", "_reconstruct"),
    ("numpy", "ndarray"),
    ("numpy", "dtype"),
    ("_codecs", "encode"),
}
"""All that a pickle of dictionaries, lists, numbers and arrays has to name."""


def cifar10() -> Dataset:
    """Photographs of ten kinds of things: 50,000 to train on, 10,000 held out, 32 by 32, colour; needs files.

    Shapes:
        samples (3, 32, 32), red, green, blue; 10 classes, the official split.

    Source:
        Krizhevsky 2009, "Learning multiple layers of features from tiny images".
    """
    paths = CIFAR10.require()
    batches = [path for name, path in paths.items() if name != "test_batch"]
    train, train_labels = _split("cifar10-train", batches)
    holdout, holdout_labels = _split("cifar10-test", [paths["test_batch"]])
    return Dataset(
        name="cifar10",
        train=Pixels(train),
        holdout=Pixels(holdout),
        train_labels=train_labels,
        holdout_labels=holdout_labels,
        classes=10,
        bounded=True,
    )


def read_batch(path: Path) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64]]:
    """Images and labels of one file.

    Whatever the file names beside plain arrays is refused, not imported.

    Shapes:
        result: (n, 3, 32, 32) and (n,).

    Raises:
        DataError: no batch of CIFAR, or a pickle that wants more than arrays.
    """
    try:
        content = _ArraysOnly(io.BytesIO(path.read_bytes()), encoding="latin1").load()
        images, labels = np.asarray(content["data"]), np.asarray(content["labels"], dtype=np.int64)
        if images.dtype != np.uint8 or images.shape != (len(labels), int(np.prod(SHAPE))):
            raise ValueError(f"images {images.shape} of {images.dtype} and {len(labels)} labels")
    # A damaged pickle may raise anything; whichever it is, this file is no batch.
    except Exception as error:
        reason = " ".join(str(error).split())[:120] or type(error).__name__
        raise DataError(
            f"{path}: must be a batch of CIFAR-10 in Python's format, got {reason}; "
            "delete it and get it again: ganbench data cifar10 --download"
        ) from error
    return images.reshape(-1, *SHAPE), labels


class _ArraysOnly(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        """Import what arrays are made of, and nothing else."""
        if (module, name) not in _HARMLESS:
            raise pickle.UnpicklingError(f"a pickle that asks for {module}.{name}")
        return super().find_class(module, name)


def _split(name: str, paths: list[Path]) -> tuple[Tensor, Tensor]:
    def made() -> Mapping[str, npt.NDArray[Any]]:
        """Images and labels of all batches, one after another."""
        images, labels = zip(*map(read_batch, paths), strict=True)
        return {"images": np.concatenate(images), "labels": np.concatenate(labels)}

    found = prepared_table(name, paths, made)
    return torch.from_numpy(found["images"]), torch.from_numpy(found["labels"])
