"""Train digits32 and write its weights with a card: ``python -m bench.features.train_digits``.

Not part of a benchmark run: the weights it wrote are in the package.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy
import safetensors
import scipy
import sklearn
import torch
from safetensors.torch import save as tensor_bytes
from scipy.optimize import minimize_scalar
from torch import Tensor
from torch.nn.functional import cross_entropy

from bench.features.classifier import Weights, accuracy, class_logits, initial_weights, penultimate
from bench.features.digits import FOLDER, NAME, require_accuracy
from gans.data import Dataset, load
from gans.rng import stream

COMMAND = "python -m bench.features.train_digits"


@dataclass(frozen=True)
class Training:
    """How the classifier is trained; the holdout has no say in any of it.

    Units:
        learning_rate: peak step of Adam, falling to 0 on half a cosine.

    Args:
        folds: parts of the training split, each held back once to measure the temperature.
    """

    epochs: int = 150
    batch_size: int = 64
    learning_rate: float = 1e-3
    folds: int = 5
    seed: int = 0


def train(images: Tensor, labels: Tensor, training: Training) -> tuple[dict[str, Tensor], float]:
    """Weights fitted to labeled images, temperature already divided into the last layer.

    The temperature is measured on logits of images that the network giving
    them has not seen: each fold is held back once, a network is fitted to the
    others, and one temperature serves all held-back logits. A single fold of
    110 images holds three errors, too few to fix it. Equal arguments give
    equal bits on one machine with one thread.

    Shapes:
        images: (n, 1, 8, 8). labels: (n,), int64.

    Returns:
        The weights, and the temperature that is in them.
    """
    order = torch.randperm(len(images), generator=stream(training.seed, "digits32/folds"))
    folds = order.tensor_split(training.folds)
    logits = [held_back_logits(images, labels, fold, training) for fold in folds]
    temperature = best_temperature(torch.cat(logits), labels[order])
    weights = fit(images, labels, training)
    for part in ("weight", "bias"):
        weights[f"2.{part}"] = weights[f"2.{part}"] / temperature
    return weights, temperature


def held_back_logits(images: Tensor, labels: Tensor, fold: Tensor, training: Training) -> Tensor:
    """Logits of one fold by a network fitted to the rest. Shapes: fold (m,) indices, result (m, 10)."""
    rest = torch.ones(len(images), dtype=torch.bool).index_fill(0, fold, value=False)
    weights = fit(images[rest], labels[rest], training)
    with torch.no_grad():
        return class_logits(weights, penultimate(weights, images[fold]))


def fit(images: Tensor, labels: Tensor, training: Training) -> dict[str, Tensor]:
    """Cross-entropy by Adam from seeded weights, in seeded batches.

    Shapes:
        images: (n, 1, 8, 8). labels: (n,), int64.
    """
    initial = initial_weights(stream(training.seed, "digits32/initial-weights"))
    weights = {name: tensor.requires_grad_() for name, tensor in initial.items()}
    optimizer = torch.optim.Adam(weights.values(), lr=training.learning_rate)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, training.epochs)
    batches = stream(training.seed, "digits32/batches")
    for _ in range(training.epochs):
        for batch in torch.split(torch.randperm(len(images), generator=batches), training.batch_size):
            loss = cross_entropy(class_logits(weights, penultimate(weights, images[batch])), labels[batch])
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
        schedule.step()
    return {name: tensor.detach() for name, tensor in weights.items()}


def best_temperature(logits: Tensor, labels: Tensor) -> float:
    """The divisor of logits under which held-back labels are likeliest.

    Shapes:
        logits: (n, classes). labels: (n,), int64.

    Source:
        Guo et al. 2017, "On Calibration of Modern Neural Networks", section 4.2.

    Example:
        Three of four right at an equal margin: the odds become 3 to 1.

        >>> sure = torch.tensor([[8.0, 0.0]] * 4)
        >>> round(8.0 / best_temperature(sure, torch.tensor([0, 0, 0, 1])), 3)  # log(3)
        1.099
    """
    exact = logits.double()

    def surprise(log_temperature: float) -> float:
        """Cross-entropy of the labels, nats per sample."""
        return cross_entropy(exact / numpy.exp(log_temperature), labels).item()

    found = minimize_scalar(surprise, bounds=(-4.0, 4.0), method="bounded", options={"xatol": 1e-9})
    return float(numpy.exp(found.x))


def labels_of(labels: Tensor | None) -> Tensor:
    """Labels that must be there.

    Raises:
        ValueError: they are not.
    """
    if labels is None:
        raise ValueError("train_digits: the dataset must have labels, got none; use 'digits'")
    return labels


def card(dataset: Dataset, weights: Weights, temperature: float, training: Training) -> dict[str, Any]:
    """What the weights are, how well they classify, and how to make them again."""
    return {
        "name": NAME,
        "sha256": hashlib.sha256(tensor_bytes(dict(weights))).hexdigest(),
        "holdout_accuracy": accuracy(weights, dataset.holdout, labels_of(dataset.holdout_labels)),
        "train_accuracy": accuracy(weights, dataset.train, labels_of(dataset.train_labels)),
        "temperature": temperature,
        "training": asdict(training),
        "command": COMMAND,
        "versions": {
            "python": platform.python_version(),
            **{module.__name__: module.__version__ for module in (torch, numpy, scipy, sklearn, safetensors)},
        },
    }


def write(folder: Path, weights: Weights, facts: dict[str, Any]) -> None:
    """Write weights and card, refused before anything is written if the accuracy misses the gate."""
    require_accuracy(facts["holdout_accuracy"], "the holdout")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{NAME}.safetensors").write_bytes(tensor_bytes(dict(weights)))
    (folder / f"{NAME}.json").write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")


def main(arguments: Sequence[str] | None = None) -> int:
    """Train, print the card, write both files."""
    parser = argparse.ArgumentParser(
        prog=COMMAND, description="Train the digits classifier and write its weights."
    )
    parser.add_argument(
        "--out", type=Path, default=FOLDER, help="folder to write to (default: in the package)"
    )
    folder = parser.parse_args(arguments).out
    # One thread, because the order of a sum decides its last bit and the hash is over bits.
    torch.set_num_threads(1)
    dataset, training = load("digits"), Training()
    weights, temperature = train(dataset.train, labels_of(dataset.train_labels), training)
    facts = card(dataset, weights, temperature, training)
    write(folder, weights, facts)
    print(json.dumps(facts, indent=2))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
