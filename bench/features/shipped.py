"""The classifiers whose weights ship with the package, each refused unless it is the one that was checked."""

from __future__ import annotations

import functools
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from safetensors import SafetensorError
from safetensors.torch import load as load_tensors
from torch import Tensor

from bench.features.classifier import CHUNK, Architecture, Weights
from bench.features.extractor import CHUNK as ROWS
from bench.features.extractor import Extractor, ExtractorError
from gans.registry import Registry

FOLDER = Path(__file__).parent / "weights"


@dataclass(frozen=True)
class Shipped:
    """One classifier of the package.

    Args:
        name: of the extractor, the weights and their card.
        dataset: what it was trained on, and is gated on.
        gate: least holdout accuracy; below it, features miss what tells the classes apart.
    """

    name: str
    dataset: str
    architecture: Architecture
    gate: float

    @property
    def retrain(self) -> str:
        """What to do when the weights are of no use."""
        return f"run python -m bench.features.train {self.name}"


CLASSIFIERS: Registry[Shipped] = Registry(
    "classifier", accepts=lambda entry: isinstance(entry, Shipped), wanted="a bench.features.shipped.Shipped"
)

DIGITS32 = Shipped("digits32", "digits", Architecture((1, 8, 8), (), (64, 32), 10), gate=0.96)
MNIST64 = Shipped("mnist64", "mnist", Architecture((1, 28, 28), (16, 32), (64,), 10), gate=0.99)
FASHION64 = Shipped("fashion64", "fashion-mnist", Architecture((1, 28, 28), (16, 32), (64,), 10), gate=0.90)

for _shipped in (DIGITS32, MNIST64, FASHION64):
    CLASSIFIERS.add(_shipped.name, _shipped)


def digits32(folder: Path = FOLDER) -> Extractor:
    """Classifier of 8 by 8 digits: the dataset ``digits``, accuracy at least 0.96; see ``shipped``."""
    return shipped(DIGITS32, folder)


def mnist64(folder: Path = FOLDER) -> Extractor:
    """Classifier of MNIST, accuracy at least 0.99 on the test part; see ``shipped``."""
    return shipped(MNIST64, folder)


def fashion64(folder: Path = FOLDER) -> Extractor:
    """Classifier of Fashion-MNIST, accuracy at least 0.90 on the test part; see ``shipped``."""
    return shipped(FASHION64, folder)


def shipped(spec: Shipped, folder: Path = FOLDER) -> Extractor:
    """A classifier's penultimate features and its calibrated logits.

    Trained once on the training images of its dataset by ``bench.features.train``;
    the GANs train on the same images, the scores are taken against the holdout
    that neither has seen.

    Args:
        folder: holds the weights (safetensors) and their card (JSON).

    Raises:
        ExtractorError: weights or card are missing, the SHA-256 is another, or
            the accuracy on the card is below the gate.

    Example:
        >>> extractor = shipped(DIGITS32)
        >>> extractor.name, extractor.dimension, extractor.classes
        ('digits32', 32, 10)
    """
    weights, digest = load_weights(spec, folder)
    network = spec.architecture
    return Extractor(
        name=spec.name,
        dimension=network.dimension,
        classes=network.classes,
        sha256=digest,
        embed=functools.partial(network.penultimate, weights),
        classify=functools.partial(network.class_logits, weights),
        gate=spec.gate,
        sample_shape=network.image,
        chunk=CHUNK if network.channels else ROWS,
    )


def load_weights(spec: Shipped, folder: Path = FOLDER) -> tuple[Weights, str]:
    """Checked weights and their SHA-256.

    Raises:
        ExtractorError: as ``shipped`` says.
    """
    card = _read_card(spec, folder / f"{spec.name}.json")
    content = _read(spec, folder / f"{spec.name}.safetensors")
    digest = hashlib.sha256(content).hexdigest()
    if digest != card["sha256"]:
        raise ExtractorError(
            f"{spec.name}: weights must have SHA-256 {card['sha256']}, got {digest}; "
            f"restore the file or {spec.retrain}"
        )
    require_accuracy(spec, card["holdout_accuracy"], "its card")
    expected = spec.architecture.shapes()
    try:
        weights = load_tensors(content)
    except SafetensorError as error:
        raise ExtractorError(
            f"{spec.name}: weights must be safetensors, got {error}; {spec.retrain}"
        ) from error
    shapes = {name: tuple(tensor.shape) for name, tensor in weights.items()}
    if shapes != expected:
        raise ExtractorError(
            f"{spec.name}: weights must have shapes {expected}, got {shapes}; {spec.retrain}"
        )
    return weights, digest


def require_accuracy(spec: Shipped, share: float, where: str) -> float:
    """Hand an accuracy back if it passes the gate.

    Raises:
        ExtractorError: it is below the gate, or not a number.

    Example:
        >>> require_accuracy(DIGITS32, 0.5, "3 images")
        Traceback (most recent call last):
        bench.features.extractor.ExtractorError: digits32: accuracy on 3 images must be ..., got 0.5; ...
    """
    if not share >= spec.gate:
        raise ExtractorError(
            f"{spec.name}: accuracy on {where} must be at least {spec.gate}, got {share:.4g}; {spec.retrain}"
        )
    return share


def check_on(images: Tensor, labels: Tensor, classifier: Extractor) -> float:
    """Accuracy of an extractor on labeled images that it must pass its gate on.

    Raises:
        ExtractorError: the accuracy is below the gate.
    """
    logits = classifier.logits(images)
    if logits is None:
        raise ExtractorError(
            f"{classifier.name}: must classify to be checked, got no classifier; use one of "
            f"{', '.join(CLASSIFIERS)}"
        )
    share = (logits.argmax(dim=1) == labels).double().mean().item()
    if not share >= classifier.gate:
        raise ExtractorError(
            f"{classifier.name}: accuracy on {len(labels)} holdout images must be at least "
            f"{classifier.gate}, got {share:.4g}; see that the images and labels are those it was trained for"
        )
    return share


def _read_card(spec: Shipped, path: Path) -> dict[str, Any]:
    try:
        card = json.loads(_read(spec, path))
        return {"sha256": str(card["sha256"]), "holdout_accuracy": float(card["holdout_accuracy"])}
    except (ValueError, KeyError, TypeError) as error:
        if isinstance(error, ExtractorError):
            raise
        raise ExtractorError(
            f"{spec.name}: {path.name} must be a JSON object with sha256 and holdout_accuracy, "
            f"got {error!r}; {spec.retrain}"
        ) from error


def _read(spec: Shipped, path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ExtractorError(
            f"{spec.name}: {path} must be readable, got {error.strerror}; {spec.retrain}"
        ) from error
