"""The shipped classifier is the one that was checked, and every extractor is a pure map."""

import hashlib
import json
import shutil
from dataclasses import replace

import pytest
import torch
from torch.nn.functional import cross_entropy

from bench.features import EXTRACTORS, ExtractorError, classifier, extractor_for
from bench.features.identity import xy
from bench.features.pixels import COMPONENTS, pixels
from bench.features.shipped import (
    CLASSIFIERS,
    DIGITS32,
    FOLDER,
    check_on,
    digits32,
    load_weights,
    mnist64,
    shipped,
)
from bench.features.stacked import stacked192
from gans.data import Dataset, load
from gans.rng import stream


@pytest.fixture
def digits():
    return load("digits")


@pytest.fixture
def copied_weights(tmp_path):
    for path in FOLDER.iterdir():
        shutil.copy(path, tmp_path / path.name)
    return tmp_path


def rewrite_card(folder, **changes):
    path = folder / "digits32.json"
    card = json.loads(path.read_text())
    path.write_text(json.dumps({**card, **changes}))


def test_the_shipped_classifier_passes_its_gate_on_the_real_holdout(digits):
    share = check_on(digits.holdout, digits.holdout_labels, digits32())

    assert share >= DIGITS32.gate


def test_the_card_tells_the_accuracy_that_is_measured(digits):
    card = json.loads((FOLDER / "digits32.json").read_text())

    measured = check_on(digits.holdout, digits.holdout_labels, digits32())

    assert card["holdout_accuracy"] == pytest.approx(measured, abs=2 / len(digits.holdout))


def test_the_extractor_hash_is_that_of_the_weights_file():
    expected = hashlib.sha256((FOLDER / "digits32.safetensors").read_bytes()).hexdigest()

    assert digits32().sha256 == expected


def test_digit_logits_are_calibrated_no_worse_than_at_any_nearby_temperature(digits):
    logits = digits32().logits(digits.holdout)

    surprise = [cross_entropy(logits / factor, digits.holdout_labels).item() for factor in (0.5, 1.0, 2.0)]

    assert surprise[1] == min(surprise)


def test_every_feature_of_digits32_is_alive(digits):
    spread = digits32().features(digits.train).std(dim=0)

    assert spread.min() > 0.01


def test_one_flipped_byte_of_the_weights_is_refused(copied_weights):
    path = copied_weights / "digits32.safetensors"
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)

    with pytest.raises(ExtractorError, match="digits32: weights must have SHA-256 326678d0"):
        digits32(copied_weights)


def test_an_accuracy_below_the_gate_is_refused(copied_weights):
    rewrite_card(copied_weights, holdout_accuracy=0.95)

    with pytest.raises(
        ExtractorError, match=r"digits32: accuracy on its card must be at least 0.96, got 0.95"
    ):
        digits32(copied_weights)


def test_a_nan_accuracy_is_refused(copied_weights):
    rewrite_card(copied_weights, holdout_accuracy=float("nan"))

    with pytest.raises(ExtractorError, match=r"must be at least 0.96, got nan"):
        digits32(copied_weights)


def test_a_card_without_a_hash_is_refused(copied_weights):
    (copied_weights / "digits32.json").write_text("{}")

    with pytest.raises(ExtractorError, match=r"digits32\.json must be a JSON object with sha256"):
        digits32(copied_weights)


@pytest.mark.parametrize("missing", ["digits32.json", "digits32.safetensors"])
def test_a_missing_file_is_refused_by_name(copied_weights, missing):
    (copied_weights / missing).unlink()

    with pytest.raises(ExtractorError, match=f"{missing} must be readable, got No such file"):
        digits32(copied_weights)


def test_a_classifier_that_guesses_is_refused_on_real_images(digits):
    blind = replace(digits32(), classify=lambda features: torch.zeros(len(features), 10))

    with pytest.raises(
        ExtractorError, match=r"digits32: accuracy on 697 holdout images must be at least 0.96"
    ):
        check_on(digits.holdout, digits.holdout_labels, blind)


def test_shuffled_holdout_labels_are_refused_by_extractor_for(digits):
    shifted = replace(digits, holdout_labels=(digits.holdout_labels + 1) % 10)

    with pytest.raises(ExtractorError, match="holdout images must be at least"):
        extractor_for(shifted)


def test_digits32_is_the_network_that_its_weights_describe(digits):
    weights, _ = load_weights(DIGITS32)
    images = digits.holdout.flatten(1)

    hidden = (images @ weights["0.weight"].T + weights["0.bias"]).clamp(min=0)
    features = (hidden @ weights["1.weight"].T + weights["1.bias"]).clamp(min=0)
    logits = features @ weights["2.weight"].T + weights["2.bias"]

    torch.testing.assert_close(digits32().features(digits.holdout), features)
    torch.testing.assert_close(digits32().logits(digits.holdout), logits)


@pytest.fixture(params=["digits32", "mnist64", "fashion64", "stacked192", "xy", "pixels"])
def each(request, digits):
    """Each extractor with samples that it accepts."""
    if request.param == "xy":
        return EXTRACTORS.get("xy")(), load("ring8").train[:5000]
    if request.param == "pixels":
        return pixels(digits.train), digits.train
    if request.param == "digits32":
        return digits32(), digits.train
    extractor = EXTRACTORS.get(request.param)()
    images = torch.rand(9, *extractor.sample_shape, generator=torch.Generator().manual_seed(9))
    return extractor, 2 * images - 1


class TestEveryExtractor:
    def test_gives_float32_features_of_its_dimension(self, each):
        extractor, samples = each

        features = extractor.features(samples)

        assert features.dtype == torch.float32
        assert features.shape == (len(samples), extractor.dimension)

    def test_builds_no_autograd_graph(self, each):
        extractor, samples = each

        features = extractor.features(samples.clone().requires_grad_())

        assert not features.requires_grad

    def test_gives_logits_exactly_if_it_has_classes(self, each):
        extractor, samples = each

        logits = extractor.logits(samples[:7])

        assert (None if logits is None else tuple(logits.shape)) == (
            (7, extractor.classes) if extractor.classes else None
        )

    def test_leaves_samples_untouched(self, each):
        extractor, samples = each

        given = samples.clone()

        extractor.features(given).add_(1.0)

        assert torch.equal(given, samples)

    def test_embeds_float64_as_float32(self, each):
        extractor, samples = each

        assert torch.equal(extractor.features(samples.double()), extractor.features(samples))

    def test_embeds_each_row_by_itself_across_chunks(self, each):
        extractor, samples = each

        many = samples.repeat(1 + (2 * extractor.chunk) // len(samples), *[1] * (samples.ndim - 1))

        features = extractor.features(many)

        # Blocks of another size are summed in another order.
        torch.testing.assert_close(
            features[-len(samples) :], extractor.features(samples), rtol=1e-4, atol=1e-5
        )

    def test_keeps_nan_rows_nan_and_the_others_as_they_are(self, each):
        extractor, samples = each

        spoiled = samples[:5].clone()
        spoiled[2] = float("nan")

        features = extractor.features(spoiled)

        assert features[2].isnan().any()
        torch.testing.assert_close(features[[0, 1, 3, 4]], extractor.features(samples[[0, 1, 3, 4]]))


def dataset_of(train, **changes):
    values = {
        "name": "mine", "train": train, "holdout": train, "train_labels": None, "holdout_labels": None,
        "classes": 0, "bounded": False,
    }  # fmt: skip
    return Dataset(**{**values, **changes})


def test_points_of_any_dimension_are_their_own_features():
    dataset = dataset_of(torch.arange(12.0).reshape(4, 3))

    extractor = extractor_for(dataset)

    assert extractor.name == "identity3"
    assert torch.equal(extractor.features(dataset.train), dataset.train)


def test_images_without_a_classifier_are_projected_on_their_principal_components():
    images = torch.randn(200, 3, 5, 5, generator=torch.Generator().manual_seed(5))

    extractor = extractor_for(dataset_of(images))
    features = extractor.features(images).double()

    assert (extractor.name, extractor.classes) == (f"pixels{COMPONENTS}", 0)
    covariance = features.T.cov()
    variances = torch.linalg.eigvalsh(images.flatten(1).double().T.cov()).flip(0)[:COMPONENTS]
    torch.testing.assert_close(covariance, torch.diag(variances), rtol=1e-4, atol=1e-4)


def test_equal_images_give_equal_pixel_extractors_and_others_do_not():
    images = torch.randn(50, 1, 4, 4, generator=torch.Generator().manual_seed(6))

    assert pixels(images).sha256 == pixels(images.clone()).sha256
    assert pixels(images).sha256 != pixels(images + images**2).sha256


def test_flat_images_still_have_a_feature():
    extractor = pixels(torch.zeros(20, 1, 4, 4))

    assert extractor.features(torch.zeros(3, 1, 4, 4)).tolist() == [[0.0]] * 3


def test_the_same_dataset_gives_the_same_extractor_object(digits):
    assert extractor_for(digits) is extractor_for(digits)


def test_an_unknown_extractor_is_named_with_the_nearest_right_one():
    with pytest.raises(
        ValueError, match="extractor: must be a known extractor, got 'digits23'; did you mean"
    ):
        EXTRACTORS.get("digits23")


def test_identities_of_different_dimension_have_different_hashes():
    assert xy(2).sha256 != xy(3).sha256


@pytest.fixture(params=CLASSIFIERS.names())
def spec(request):
    """Each classifier of the package."""
    return CLASSIFIERS.get(request.param)


class TestEveryShippedClassifier:
    def test_is_smaller_than_a_megabyte(self, spec):
        assert (FOLDER / f"{spec.name}.safetensors").stat().st_size < 1_000_000

    def test_has_a_card_above_its_gate(self, spec):
        card = json.loads((FOLDER / f"{spec.name}.json").read_text())

        assert card["holdout_accuracy"] >= spec.gate
        assert card["sha256"] == shipped(spec).sha256

    def test_passes_its_gate_on_the_holdout(self, spec):
        try:
            dataset = load(spec.dataset)
        except ValueError as error:
            pytest.skip(f"not proved: accuracy of {spec.name} ({error})")
        card = json.loads((FOLDER / f"{spec.name}.json").read_text())

        measured = check_on(dataset.holdout, dataset.holdout_labels, shipped(spec))

        assert measured == pytest.approx(card["holdout_accuracy"], abs=5 / len(dataset.holdout))

    def test_is_refused_with_the_weights_of_another(self, spec, tmp_path):
        other = next(each for each in map(CLASSIFIERS.get, CLASSIFIERS) if each is not spec)
        content = (FOLDER / f"{other.name}.safetensors").read_bytes()
        (tmp_path / f"{spec.name}.safetensors").write_bytes(content)
        card = {"sha256": hashlib.sha256(content).hexdigest(), "holdout_accuracy": 1.0}
        (tmp_path / f"{spec.name}.json").write_text(json.dumps(card))
        if other.architecture == spec.architecture:
            pytest.skip("both have the same shapes: only the hash on the card tells them apart")

        with pytest.raises(ExtractorError, match=f"{spec.name}: weights must have shapes"):
            shipped(spec, tmp_path)


def test_a_file_that_is_no_safetensors_is_refused_whatever_its_card_says(tmp_path):
    (tmp_path / "digits32.safetensors").write_bytes(b"nonsense")
    card = {"sha256": hashlib.sha256(b"nonsense").hexdigest(), "holdout_accuracy": 1.0}
    (tmp_path / "digits32.json").write_text(json.dumps(card))

    with pytest.raises(ExtractorError, match="digits32: weights must be safetensors, got"):
        digits32(tmp_path)


def test_a_stacked_image_has_the_features_and_the_class_of_its_three_digits():
    images = 2 * torch.rand(20, 3, 28, 28, generator=torch.Generator().manual_seed(3)) - 1
    single, stacked = mnist64(), stacked192()

    digits = [single.logits(images[:, [channel]]).argmax(dim=1) for channel in range(3)]
    features = torch.cat([single.features(images[:, [channel]]) for channel in range(3)], dim=1)

    torch.testing.assert_close(stacked.features(images), features)
    expected = 100 * digits[0] + 10 * digits[1] + digits[2]
    assert torch.equal(stacked.logits(images).argmax(dim=1), expected)
    assert (stacked.classes, stacked.even_classes) == (1000, True)


def test_the_probability_of_a_triple_is_the_product_of_three():
    images = 2 * torch.rand(4, 3, 28, 28, generator=torch.Generator().manual_seed(4)) - 1

    joint = stacked192().logits(images).softmax(dim=1)
    first = mnist64().logits(images[:, [0]]).softmax(dim=1)

    torch.testing.assert_close(joint.unflatten(1, (10, 10, 10)).sum(dim=(2, 3)), first)
    torch.testing.assert_close(joint.sum(dim=1), torch.ones(4))


def test_samples_of_another_shape_are_refused_in_one_line():
    with pytest.raises(ExtractorError, match=r"mnist64: samples must have shape \(1, 28, 28\), got"):
        mnist64().require_shape((3, 32, 32))


@pytest.mark.parametrize("sides", [(8, 8), (7, 9), (2, 3)])
def test_looking_pools_to_the_bits_that_training_pools_to(sides) -> None:
    images = torch.randn(5, 3, *sides, generator=stream(3, "pooled"))
    images[1, 2, 0, 1], images[2, 0, 1, 1] = float("nan"), float("-inf")

    with torch.no_grad():
        looked = classifier._pooled(images)

    torch.testing.assert_close(looked, classifier._pooled(images), rtol=0, atol=0, equal_nan=True)
