"""The training script: seeded to the bit, calibrated on what was held back, gated before it writes."""

import hashlib
import json
from dataclasses import replace

import numpy as np
import pytest
import torch
from safetensors.torch import load as load_tensors
from torch.nn.functional import cross_entropy

from bench.features import ExtractorError
from bench.features.shipped import CLASSIFIERS, DIGITS32, FOLDER, MNIST64, digits32
from bench.features.train import TRAININGS, Training, best_temperature, card, fit, labels_of, train, write
from gans.data import load

SHORT = Training(epochs=2, folds=2, held_back=2)
NETWORK = DIGITS32.architecture


@pytest.fixture(scope="module")
def digits():
    return load("digits")


@pytest.fixture(scope="module")
def trained(digits):
    return train(DIGITS32, digits.train[:300], digits.train_labels[:300], SHORT)


def test_training_twice_gives_the_same_bits(digits, trained):
    again, temperature = train(DIGITS32, digits.train[:300], digits.train_labels[:300], SHORT)

    assert temperature == trained[1]
    assert all(torch.equal(again[name], tensor) for name, tensor in trained[0].items())


def test_the_next_seed_gives_other_weights(digits, trained):
    other, _ = train(DIGITS32, digits.train[:300], digits.train_labels[:300], replace(SHORT, seed=1))

    assert not any(torch.equal(other[name], tensor) for name, tensor in trained[0].items())


def test_training_leaves_the_global_generator_alone(digits):
    before = torch.random.get_rng_state()

    fit(DIGITS32, digits.train[:64], digits.train_labels[:64], Training(epochs=1))

    assert torch.equal(before, torch.random.get_rng_state())


def test_a_few_epochs_learn_most_digits(digits):
    weights = fit(DIGITS32, digits.train, digits.train_labels, Training(epochs=20))

    assert NETWORK.accuracy(weights, digits.holdout, digits.holdout_labels) > 0.9


def test_the_temperature_minimises_surprise_over_a_grid():
    generator = torch.Generator().manual_seed(3)
    labels = torch.randint(10, (400,), generator=generator)
    logits = 5 * (torch.nn.functional.one_hot(labels, 10) + torch.randn(400, 10, generator=generator))

    found = best_temperature(logits, labels)
    surprise = [cross_entropy(logits / t, labels).item() for t in np.geomspace(0.1, 50, 400)]

    assert cross_entropy(logits / found, labels).item() <= min(surprise) + 1e-6


def test_the_temperature_is_divided_into_the_last_layer(digits):
    images, labels = digits.train[:300], digits.train_labels[:300]

    weights, temperature = train(DIGITS32, images, labels, SHORT)
    plain = fit(DIGITS32, images, labels, SHORT)

    torch.testing.assert_close(weights["2.weight"], plain["2.weight"] / temperature)
    assert torch.equal(weights["1.weight"], plain["1.weight"])


def test_initial_weights_have_the_promised_shapes_and_bounds():
    weights = NETWORK.initial_weights(torch.Generator().manual_seed(0))

    assert {name: tuple(tensor.shape) for name, tensor in weights.items()} == NETWORK.shapes()
    assert weights["1.weight"].abs().max() <= 1 / 8
    assert weights["1.weight"].abs().max() > 0.99 / 8


def test_nothing_is_written_below_the_gate(tmp_path, digits, trained):
    weights, temperature = trained
    facts = card(DIGITS32, digits, weights, temperature, SHORT)

    with pytest.raises(ExtractorError, match="accuracy on the holdout must be at least"):
        write(DIGITS32, tmp_path / "new", weights, facts)
    assert not (tmp_path / "new").exists()


def test_what_is_written_is_what_is_loaded(tmp_path, digits):
    weights = load_tensors((FOLDER / "digits32.safetensors").read_bytes())

    write(DIGITS32, tmp_path, weights, card(DIGITS32, digits, weights, 1.0, SHORT))
    extractor = digits32(tmp_path)

    assert extractor.sha256 == digits32().sha256
    assert torch.equal(extractor.features(digits.holdout), digits32().features(digits.holdout))


@pytest.mark.parametrize("name", CLASSIFIERS.names())
def test_the_card_says_how_to_make_the_weights_again(name):
    facts = json.loads((FOLDER / f"{name}.json").read_text())

    assert facts["command"] == f"python -m bench.features.train {name}"
    assert Training(**facts["training"]) == TRAININGS[name]
    assert {"torch", "numpy", "python"} <= set(facts["versions"])


def test_a_convolutional_classifier_learns_bars_from_the_same_lines():
    random = torch.Generator().manual_seed(1)
    labels = torch.randint(10, (200,), generator=random)
    images = 0.3 * torch.randn(200, 1, 28, 28, generator=random) - 0.5
    images[torch.arange(200), 0, 4 + 2 * labels] = 1.0

    weights, temperature = train(
        MNIST64, images, labels, Training(epochs=8, batch_size=20, folds=4, held_back=1)
    )

    assert MNIST64.architecture.accuracy(weights, images, labels) > 0.9
    assert temperature > 0


@pytest.mark.slow
def test_the_command_makes_the_shipped_classifier_again(digits):
    weights, temperature = train(DIGITS32, digits.train, digits.train_labels, Training())

    facts = json.loads((FOLDER / "digits32.json").read_text())
    # Bits may differ between processors; what the network does must not.
    assert temperature == pytest.approx(facts["temperature"], rel=0.05)
    assert NETWORK.accuracy(weights, digits.holdout, digits.holdout_labels) == pytest.approx(
        facts["holdout_accuracy"], abs=0.01
    )


def test_the_shipped_bytes_are_those_of_the_card():
    facts = json.loads((FOLDER / "digits32.json").read_text())
    content = (FOLDER / "digits32.safetensors").read_bytes()

    assert hashlib.sha256(content).hexdigest() == facts["sha256"]


def test_labels_that_are_missing_are_asked_for():
    with pytest.raises(ValueError, match="train: the dataset must have labels, got none"):
        labels_of(None)
