"""Train a classifier of the package and write its weights with a card: ``python -m bench.features.train``.

Not part of a benchmark run: the weights it wrote are in the package.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import platform
from collections.abc import Mapping, Sequence
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

from bench.features.classifier import Weights
from bench.features.shipped import CLASSIFIERS, FOLDER, Shipped, require_accuracy
from gans.data import Dataset, load
from gans.rng import stream

COMMAND = "python -m bench.features.train"


@dataclass(frozen=True)
class Training:
    """How a classifier is trained; the holdout has no say in any of it.

    Units:
        learning_rate: peak step of Adam, falling to 0 on half a cosine.

    Args:
        folds: parts of the training split.
        held_back: how many of the folds are held back, each once, to measure the temperature.
    """

    epochs: int = 150
    batch_size: int = 64
    learning_rate: float = 1e-3
    folds: int = 5
    held_back: int = 5
    seed: int = 0


DIGITS = Training()
IMAGES = Training(epochs=10, batch_size=128, folds=10, held_back=1)
"""Of 60,000 images a single fold of 6,000 holds enough errors to fix the temperature."""

TRAININGS: Mapping[str, Training] = {"digits32": DIGITS, "mnist64": IMAGES, "fashion64": IMAGES}


def train(
    spec: Shipped, images: Tensor, labels: Tensor, training: Training
) -> tuple[dict[str, Tensor], float]:
    """Weights fitted to labeled images, temperature already divided into the last layer.

    The temperature is measured on logits of images that the network giving
    them has not seen: a fold is held back, a network is fitted to the others,
    and one temperature serves all held-back logits. A single fold of 110
    images holds three errors, too few to fix it. Equal arguments give equal
    bits on one machine with one thread.

    Shapes:
        images: (n, *image). labels: (n,), int64.

    Returns:
        The weights, and the temperature that is in them.
    """
    order = torch.randperm(len(images), generator=stream(training.seed, f"{spec.name}/folds"))
    folds = order.tensor_split(training.folds)[: training.held_back]
    logits = [held_back_logits(spec, images, labels, fold, training) for fold in folds]
    temperature = best_temperature(torch.cat(logits), labels[torch.cat(folds)])
    weights = fit(spec, images, labels, training)
    for part in ("weight", "bias"):
        name = f"{spec.architecture.last_layer}.{part}"
        weights[name] = weights[name] / temperature
    return weights, temperature


def held_back_logits(
    spec: Shipped, images: Tensor, labels: Tensor, fold: Tensor, training: Training
) -> Tensor:
    """Logits of one fold by a network fitted to the rest. Shapes: fold (m,) indices, result (m, classes)."""
    rest = torch.ones(len(images), dtype=torch.bool).index_fill(0, fold, value=False)
    weights, network = fit(spec, images[rest], labels[rest], training), spec.architecture
    with torch.no_grad():
        return network.class_logits(weights, network.penultimate(weights, images[fold]))


def fit(spec: Shipped, images: Tensor, labels: Tensor, training: Training) -> dict[str, Tensor]:
    """Cross-entropy by Adam from seeded weights, in seeded batches.

    Shapes:
        images: (n, *image). labels: (n,), int64.
    """
    network = spec.architecture
    initial = network.initial_weights(stream(training.seed, f"{spec.name}/initial-weights"))
    weights = {name: tensor.requires_grad_() for name, tensor in initial.items()}
    optimizer = torch.optim.Adam(weights.values(), lr=training.learning_rate)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, training.epochs)
    batches = stream(training.seed, f"{spec.name}/batches")
    for _ in range(training.epochs):
        for batch in torch.split(torch.randperm(len(images), generator=batches), training.batch_size):
            features = network.penultimate(weights, images[batch])
            loss = cross_entropy(network.class_logits(weights, features), labels[batch])
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
        raise ValueError("train: the dataset must have labels, got none; use one that has classes")
    return labels


def card(
    spec: Shipped, dataset: Dataset, weights: Weights, temperature: float, training: Training
) -> dict[str, Any]:
    """What the weights are, how well they classify, and how to make them again."""
    network = spec.architecture
    return {
        "name": spec.name,
        "dataset": dataset.name,
        "sha256": hashlib.sha256(tensor_bytes(dict(weights))).hexdigest(),
        "holdout_accuracy": network.accuracy(weights, dataset.holdout, labels_of(dataset.holdout_labels)),
        "train_accuracy": network.accuracy(weights, dataset.train, labels_of(dataset.train_labels)),
        "temperature": temperature,
        "training": asdict(training),
        "command": f"{COMMAND} {spec.name}",
        "versions": {
            "python": platform.python_version(),
            **{module.__name__: module.__version__ for module in (torch, numpy, scipy, sklearn, safetensors)},
        },
    }


def write(spec: Shipped, folder: Path, weights: Weights, facts: dict[str, Any]) -> None:
    """Write weights and card, refused before anything is written if the accuracy misses the gate."""
    require_accuracy(spec, facts["holdout_accuracy"], "the holdout")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{spec.name}.safetensors").write_bytes(tensor_bytes(dict(weights)))
    (folder / f"{spec.name}.json").write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")


def main(arguments: Sequence[str] | None = None) -> int:
    """Train, print the card, write both files."""
    parser = argparse.ArgumentParser(prog=COMMAND, description="Train a classifier and write its weights.")
    parser.add_argument("name", choices=CLASSIFIERS.names(), help="which classifier")
    parser.add_argument(
        "--out", type=Path, default=FOLDER, help="folder to write to (default: in the package)"
    )
    given = parser.parse_args(arguments)
    # One thread, because the order of a sum decides its last bit and the hash is over bits.
    torch.set_num_threads(1)
    spec, training = CLASSIFIERS.get(given.name), TRAININGS[given.name]
    dataset = load(spec.dataset)
    weights, temperature = train(spec, dataset.train, labels_of(dataset.train_labels), training)
    facts = card(spec, dataset, weights, temperature, training)
    write(spec, given.out, weights, facts)
    print(json.dumps(facts, indent=2))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
