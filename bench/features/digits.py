"""digits32: the shipped classifier of 8 by 8 digits, refused unless it is the one that was checked."""

from __future__ import annotations

import functools
import hashlib
import json
from pathlib import Path
from typing import Any

from safetensors.torch import load as load_tensors
from torch import Tensor

from bench.features.classifier import WIDTHS, Weights, class_logits, expected_shapes, penultimate
from bench.features.extractor import Extractor, ExtractorError

NAME = "digits32"
ACCURACY_GATE = 0.96
"""Least holdout accuracy: below it, features miss what tells the digits apart."""

FOLDER = Path(__file__).parent / "weights"
RETRAIN = "run python -m bench.features.train_digits"


def digits32(folder: Path = FOLDER) -> Extractor:
    """The classifier's penultimate features and its calibrated logits.

    Trained once on the 1,100 training images of the dataset ``digits`` by
    ``bench.features.train_digits``; the GANs train on the same images, the
    scores are taken against the 697 that neither has seen.

    Args:
        folder: holds digits32.safetensors and digits32.json.

    Raises:
        ExtractorError: weights or card are missing, the SHA-256 is another, or
            the accuracy on the card is below the gate.

    Example:
        >>> extractor = digits32()
        >>> extractor.name, extractor.dimension, extractor.classes
        ('digits32', 32, 10)
    """
    weights, digest = load_weights(folder)
    return Extractor(
        name=NAME,
        dimension=WIDTHS[-2],
        classes=WIDTHS[-1],
        sha256=digest,
        embed=functools.partial(penultimate, weights),
        classify=functools.partial(class_logits, weights),
    )


def load_weights(folder: Path = FOLDER) -> tuple[Weights, str]:
    """Checked weights and their SHA-256.

    Raises:
        ExtractorError: as ``digits32`` says.
    """
    card = _read_card(folder / f"{NAME}.json")
    content = _read(folder / f"{NAME}.safetensors")
    digest = hashlib.sha256(content).hexdigest()
    if digest != card["sha256"]:
        raise ExtractorError(
            f"{NAME}: weights must have SHA-256 {card['sha256']}, got {digest}; restore the file or {RETRAIN}"
        )
    require_accuracy(card["holdout_accuracy"], "its card")
    weights = load_tensors(content)
    shapes = {name: tuple(tensor.shape) for name, tensor in weights.items()}
    if shapes != expected_shapes():
        raise ExtractorError(f"{NAME}: weights must have shapes {expected_shapes()}, got {shapes}; {RETRAIN}")
    return weights, digest


def check_on(images: Tensor, labels: Tensor, extractor: Extractor) -> float:
    """Accuracy of an extractor on labeled images that it must pass the gate on.

    Raises:
        ExtractorError: the accuracy is below the gate.
    """
    logits = extractor.logits(images)
    if logits is None:
        raise ExtractorError(
            f"{extractor.name}: must classify to be checked, got no classifier; use digits32"
        )
    share = (logits.argmax(dim=1) == labels).double().mean().item()
    return require_accuracy(share, f"{len(labels)} holdout images")


def require_accuracy(share: float, where: str) -> float:
    """Hand an accuracy back if it passes the gate.

    Raises:
        ExtractorError: it is below the gate, or not a number.

    Example:
        >>> require_accuracy(0.5, "3 images")
        Traceback (most recent call last):
        bench.features.extractor.ExtractorError: digits32: accuracy on 3 images must be ..., got 0.5; ...
    """
    if not share >= ACCURACY_GATE:
        raise ExtractorError(
            f"{NAME}: accuracy on {where} must be at least {ACCURACY_GATE}, got {share:.4g}; {RETRAIN}"
        )
    return share


def _read_card(path: Path) -> dict[str, Any]:
    try:
        card = json.loads(_read(path))
        return {"sha256": str(card["sha256"]), "holdout_accuracy": float(card["holdout_accuracy"])}
    except (ValueError, KeyError, TypeError) as error:
        if isinstance(error, ExtractorError):
            raise
        raise ExtractorError(
            f"{NAME}: {path.name} must be a JSON object with sha256 and holdout_accuracy, "
            f"got {error!r}; {RETRAIN}"
        ) from error


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ExtractorError(f"{NAME}: {path} must be readable, got {error.strerror}; {RETRAIN}") from error
