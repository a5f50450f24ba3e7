"""Inception's weights: from safetensors or a plain state dict, refused where they are another network's."""

import os
import pickle
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file
from torch_fidelity.feature_extractor_inceptionv3 import FeatureExtractorInceptionV3

from bench.features import ExtractorError
from bench.features.inception import HEAD, VARIABLE, _empty, inception2048
from bench.features.shipped import FOLDER


@pytest.fixture(autouse=True)
def no_network(monkeypatch):
    """Nothing here may download; whoever tries gets what a machine without a network gets."""

    def fail(*_, **__):
        raise OSError("no network\nat all")

    monkeypatch.setattr("torch.hub.load_state_dict_from_url", fail)


@pytest.fixture(scope="module")
def state():
    """Small random weights of the right shapes: they cost nothing, and every feature depends on them."""
    random = torch.Generator().manual_seed(0)

    def tensor(name, shape):
        if name.endswith(("running_var", "bn.weight")):
            return torch.ones(shape)
        if len(shape) < 2:
            return torch.zeros(shape)
        return torch.randn(shape, generator=random) * (2 / shape[1:].numel()) ** 0.5

    return {name: tensor(name, each.shape) for name, each in _empty().state_dict().items()}


def written(state, path, *without):
    kept = {name: tensor for name, tensor in state.items() if name not in without}
    if path.suffix == ".safetensors":
        save_file(kept, path)
    else:
        torch.save(kept, path)
    return path


@pytest.fixture(scope="module")
def images():
    return torch.rand(2, 1, 28, 28, generator=torch.Generator().manual_seed(1)).mul(2).sub(1)


def test_features_and_logits_are_torch_fidelitys(state, images, tmp_path):
    path = written(state, tmp_path / "w.pth")
    levels = images.add(1).mul(127.5).round().to(torch.uint8).expand(-1, 3, -1, -1)

    extractor = inception2048(path)
    theirs = FeatureExtractorInceptionV3(
        "i", ["2048", "logits_unbiased"], feature_extractor_weights_path=path
    )
    features, logits = theirs(levels)

    torch.testing.assert_close(
        extractor.features(images), features, rtol=1e-3, atol=1e-3 * features.std().item()
    )
    torch.testing.assert_close(extractor.logits_of(features), logits)
    assert (extractor.name, extractor.dimension, extractor.classes) == ("inception2048", 2048, 1008)


def test_the_head_may_be_missing_and_the_hash_stays(state, tmp_path):
    whole = inception2048(written(state, tmp_path / "whole.safetensors"))
    headless = inception2048(written(state, tmp_path / "headless.safetensors", *HEAD))

    assert (headless.classes, headless.classify) == (0, None)
    assert headless.sha256 == whole.sha256


def test_other_weights_have_another_hash(state, tmp_path):
    name = "Mixed_7c.branch1x1.conv.weight"
    first = inception2048(written(state, tmp_path / "a.safetensors"))
    second = inception2048(written(state | {name: state[name] + 1e-3}, tmp_path / "b.safetensors"))

    assert first.sha256 != second.sha256


def test_building_the_network_draws_no_random_number(state, tmp_path):
    path = written(state, tmp_path / "w.safetensors")
    before = torch.random.get_rng_state()

    inception2048(path)

    assert torch.equal(before, torch.random.get_rng_state())


def test_the_environment_names_the_weights(state, tmp_path, monkeypatch):
    monkeypatch.setenv(VARIABLE, str(written(state, tmp_path / "w.safetensors")))

    assert inception2048().dimension == 2048


def test_rows_that_are_not_finite_stay_so_and_others_do_not_notice(state, images, tmp_path):
    extractor = inception2048(written(state, tmp_path / "w.safetensors"))
    spoiled = images.clone()
    spoiled[0, 0, 3, 3] = float("nan")

    features = extractor.features(spoiled)

    assert features[0].isnan().all()
    torch.testing.assert_close(features[1:], extractor.features(images[1:]))


def test_points_are_refused(state, tmp_path):
    extractor = inception2048(written(state, tmp_path / "w.safetensors"))

    with pytest.raises(ExtractorError, match=r"samples must be images of 1 or 3 channels, got shape \(2,\)"):
        extractor.features(torch.zeros(4, 2))


class Trap:
    def __reduce__(self):
        return Path.touch, (Path("trapped"),)


def test_a_pickle_that_runs_code_is_refused_unrun(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "trap.pth").write_bytes(pickle.dumps(Trap(), protocol=2))
    torch.save(Trap(), tmp_path / "zipped.pth")

    for name in ("trap.pth", "zipped.pth"):
        with pytest.raises(ExtractorError, match="weights must be safetensors or a state dict"):
            inception2048(tmp_path / name)
    assert not (tmp_path / "trapped").exists()


def test_weights_of_another_network_are_refused_with_what_differs():
    with pytest.raises(
        ExtractorError,
        match=r"of another network \(Conv2d_1a_3x3\.conv\.weight must have shape \(32, 3, 3, 3\)",
    ):
        inception2048(FOLDER / "mnist64.safetensors")


def test_one_tensor_of_another_shape_is_named(state, tmp_path):
    name = "Mixed_5b.branch1x1.conv.weight"
    path = written(state | {name: torch.zeros(64, 192, 3, 3)}, tmp_path / "w.safetensors")

    with pytest.raises(ExtractorError, match=f"{name} must have shape .64, 192, 1, 1., got .64, 192, 3, 3."):
        inception2048(path)


def test_tensors_that_belong_elsewhere_are_refused(state, tmp_path):
    path = written(state | {"AuxLogits.conv0.conv.weight": torch.zeros(2)}, tmp_path / "w.safetensors")

    with pytest.raises(ExtractorError, match=r"1 unknown tensors, 'AuxLogits\.conv0\.conv\.weight' among"):
        inception2048(path)


@pytest.mark.parametrize("content", [b"", b"nonsense", b"\x08\x00\x00\x00\x00\x00\x00\x00{}      "])
@pytest.mark.parametrize("suffix", [".safetensors", ".pth"])
def test_damaged_files_are_refused_in_one_line(tmp_path, suffix, content):
    path = tmp_path / f"w{suffix}"
    path.write_bytes(content)

    with pytest.raises(ExtractorError, match="give a file as --inception-weights FILE or") as caught:
        inception2048(path)
    assert "\n" not in str(caught.value)


def test_a_missing_file_and_a_folder_are_told_apart(tmp_path):
    with pytest.raises(ExtractorError, match="no such file; give a file as"):
        inception2048(tmp_path / "none.safetensors")
    with pytest.raises(ExtractorError, match="a folder; give a file as"):
        inception2048(tmp_path)


def test_without_file_and_network_the_way_out_is_told(monkeypatch):
    monkeypatch.delenv(VARIABLE, raising=False)

    with pytest.raises(ExtractorError, match="on disk or downloadable, got OSError: no network; give a file"):
        inception2048()


def test_the_published_weights_are_read():
    given = os.environ.get(VARIABLE)
    if not given:
        pytest.skip(f"not proved: the published weights are read ({VARIABLE} names none)")

    assert inception2048(Path(given)).dimension == 2048
    assert len(load_file(given)) >= 470
