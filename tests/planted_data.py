"""Tiny data sets in the files of the real ones, planted in a folder for one test."""

import gzip
import hashlib
import io
import pickle

import numpy as np

from gans.data.cifar import CIFAR10
from gans.data.idx import write_idx
from gans.data.mnist import MNIST

TRAIN, HOLDOUT = 40, 20


def images(count, seed=0, side=28):
    return np.random.default_rng(seed).integers(0, 256, (count, side, side), dtype=np.uint8)


def labels(count):
    return (np.arange(count) % 10).astype(np.uint8)


def plant_idx(folder, files=MNIST, *, packed=False):
    """Write four small IDX files and make them the ones that are expected; the folder they are in."""
    folder.mkdir(parents=True, exist_ok=True)
    for seed, (split, count) in enumerate((("train", TRAIN), ("t10k", HOLDOUT))):
        for kind, items in (("images-idx3", images(count, seed)), ("labels-idx1", labels(count))):
            path = folder / f"{split}-{kind}-ubyte"
            files.checksums[path.name] = write_idx(path, items)
            if packed:
                path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(path.read_bytes()))
                path.unlink()
    return folder


def cifar_images(count, seed):
    return np.random.default_rng(seed).integers(0, 256, (count, 3072), dtype=np.uint8)


def plant_cifar(root):
    """Write six small batches and make them the ones that are expected; the folder they are in."""
    folder = root / "cifar-10-batches-py"
    folder.mkdir(parents=True, exist_ok=True)
    for seed, name in enumerate(CIFAR10.checksums):
        content = {"data": cifar_images(10, seed), "labels": list(range(10)), "batch_label": "b"}
        plant_batch(folder / name, pickle.dumps(content, protocol=2))
    return folder


def plant_batch(path, content):
    path.write_bytes(content)
    CIFAR10.checksums[path.name] = hashlib.md5(content).hexdigest()


def png(pixels, mode=None):
    from PIL import Image

    stream = io.BytesIO()
    Image.fromarray(np.asarray(pixels, dtype=np.uint8), mode).save(stream, format="PNG")
    return stream.getvalue()
