"""Images are read as torch-fidelity reads them, or refused by name."""

import re

import numpy as np
import pytest
import torch
from PIL import Image
from score_images import write_images
from torch_fidelity.datasets import ImagesPathDataset
from torch_fidelity.utils import glob_samples_paths

from bench.features import Extractor, ExtractorError
from bench.features.shipped import mnist64
from bench.score.as_files import write_files
from bench.score.embedding import embed, fitted
from bench.score.images import ImageError, Images, images_named
from bench.score.telling import Lines
from gans.data import load
from gans.rng import stream


def test_files_and_pixels_are_torch_fidelitys(tmp_path):
    write_images(tmp_path, 11, seed=1, colour=True)
    Image.fromarray(np.full((28, 28, 4), 77, np.uint8)).save(tmp_path / "alpha.PNG")
    Image.fromarray(np.full((28, 28), 9, np.uint8)).convert("P").save(tmp_path / "palette.png")
    Image.fromarray(np.full((28, 28), 8, np.uint8)).save(tmp_path / "lossy.jpeg")
    (tmp_path / "notes.txt").write_text("no image")

    expected = ImagesPathDataset(glob_samples_paths(str(tmp_path), False, "png,jpg,jpeg", verbose=False))
    found = images_named(str(tmp_path))

    assert found.count == len(expected) == 14
    levels = found.read(torch.arange(14)).add(1).mul(127.5)
    torch.testing.assert_close(levels, torch.stack([*expected]).float(), rtol=0, atol=1e-4)


def test_folders_of_classes_are_one_set(tmp_path):
    write_images(tmp_path / "cats", 6, seed=1)
    write_images(tmp_path / "dogs", 7, seed=2)

    assert images_named(str(tmp_path)).count == 13


def test_a_folder_of_mixed_sizes_is_scored_as_the_error_advises(tmp_path):
    write_images(tmp_path, 14, seed=1)
    Image.fromarray(np.zeros((32, 32), np.uint8)).save(tmp_path / "larger.png")
    with pytest.raises(ImageError, match=r"or score (folder:.*)@SIZE") as told:
        images_named(str(tmp_path))
    advised = re.search(r"score (folder:.*)@SIZE", str(told.value))[1]

    found = images_named(f"{advised}@28")
    assert (found.count, found.size) == (15, (28, 28))
    assert images_named(f"{advised}@28:train").count == 12


def spoil(folder, what):
    write_images(folder, 12, seed=3)
    file = folder / "0005.png"
    if what == "truncated":
        file.write_bytes(file.read_bytes()[:60])
    if what == "no image":
        file.write_bytes(b"GIF89a is a lie")
    if what == "empty file":
        file.write_bytes(b"")
    if what == "another size":
        Image.fromarray(np.zeros((32, 32), np.uint8)).save(file)
    if what == "deep":
        Image.fromarray(np.full((28, 28), 4000, np.uint16)).save(file)
    if what == "no files":
        for path in folder.iterdir():
            path.unlink()
    if what == "few":
        for path in sorted(folder.iterdir())[9:]:
            path.unlink()
    return folder


FAULTS = {
    "truncated": r"0005\.png: must be an image that can be read, got .*; remove it or write it again",
    "no image": r"0005\.png: must be an image that can be read",
    "empty file": r"0005\.png: must be an image that can be read",
    "another size": r"must have one size, got 28x28 \(0000\.png\) and 32x32 \(0005\.png\); resize",
    "deep": r"0005\.png: must have 8 bits a channel, got Pillow's mode I;16; convert it to 8 bits$",
    "no files": r"must hold images, got no \.png, \.jpg, \.jpeg file in it",
    "few": r"must hold at least 10 images, got 9; add more",
}


@pytest.mark.parametrize("what", FAULTS)
def test_bad_folders_are_refused_in_one_line(tmp_path, what):
    folder = spoil(tmp_path, what)

    with pytest.raises(ImageError, match=FAULTS[what]) as caught:
        embed(images_named(str(folder)), mnist64(), lambda *_: None)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "name, message",
    [
        ("digts", "must be a folder of images or a data set, got 'digts'; did you mean 'digits'"),
        ("./nowhere", "must be a folder of images or a data set, got './nowhere'; check the path"),
        ("ring8", r"must hold images, got samples of shape \(2,\)"),
        ("digits:tset", "did you mean digits:test?"),
        ("no_such_module:images", "module 'no_such_module' must be importable"),
    ],
)
def test_names_of_nothing_are_refused(name, message):
    with pytest.raises(ImageError, match=message):
        images_named(name)


@pytest.mark.parametrize("name", ["digits", "digits:train"])
def test_a_name_of_a_data_set_and_of_a_folder_is_the_data_set(tmp_path, monkeypatch, name):
    write_images(tmp_path / name, 12, seed=9)
    monkeypatch.chdir(tmp_path)

    assert images_named(name).size == (8, 8)
    assert images_named(f"./{name}").count == 12


def test_test_and_holdout_are_the_same_part():
    test, holdout = (images_named(f"digits:{part}") for part in ("test", "holdout"))

    assert torch.equal(test.read(torch.arange(697)), holdout.read(torch.arange(697)))
    assert images_named("digits:train").count == 1100


@pytest.fixture
def bytes_only(tmp_path, monkeypatch):
    """A folder of images whose names as data sets never turn all of them to float."""
    monkeypatch.setenv("GANBENCH_CACHE", str(tmp_path / "cache"))
    monkeypatch.delattr("gans.data.pixels.Pixels.dense")
    return write_images(tmp_path / "a", 60, seed=8)


def test_both_parts_of_a_data_set_are_read_without_joining_them(bytes_only):
    name, indices = f"folder:{bytes_only}", torch.tensor([59, 0, 48, 47, 47])

    joined = images_named(name)
    halves = [images_named(f"{name}:{part}") for part in ("train", "test")]

    assert [joined.count, *(half.count for half in halves)] == [60, 48, 12]
    in_turn = torch.cat([half.read(torch.arange(half.count)) for half in halves])
    assert torch.equal(joined.read(indices), in_turn[indices])


def test_all_of_a_small_data_set_is_both_its_parts():
    digits = load("digits")

    found = images_named("digits:all")

    assert (found.name, found.count) == ("digits:all", 1797)
    assert torch.equal(found.read(torch.arange(1797)), torch.cat([digits.train, digits.holdout]))


def test_grey_images_in_three_channels_are_taken_as_grey():
    grey = torch.rand(4, 1, 28, 28).mul(2).sub(1)

    assert torch.equal(fitted(grey.expand(-1, 3, -1, -1), mnist64(), "a"), grey)


def test_colour_where_grey_is_expected_is_refused():
    colour = torch.rand(4, 3, 28, 28)

    with pytest.raises(
        ExtractorError, match="my folder: images must be grey for mnist64, got colour; convert"
    ):
        fitted(colour, mnist64(), "my folder")


class Counting:
    """An extractor that takes long and counts what it is asked."""

    def __init__(self):
        self.asked = 0

    def __call__(self, images):
        self.asked += len(images)
        return images.flatten(1)[:, :5]


@pytest.fixture
def counting():
    count = Counting()
    return count, Extractor("counting", 5, 0, "ab", embed=count, costly=True)


def test_costly_features_are_found_again_and_cheap_ones_not_kept(tmp_path, counting):
    count, extractor = counting
    images = images_named(str(write_images(tmp_path / "a", 300, seed=4)))

    first = embed(images, extractor, lambda *_: None, tmp_path / "cache")
    again = embed(images, extractor, lambda *_: None, tmp_path / "cache")

    assert torch.equal(first, again)
    assert count.asked == 300
    cheap = Extractor("cheap", 5, 0, "ab", embed=count)
    embed(images, cheap, lambda *_: None, tmp_path / "other")
    assert not (tmp_path / "other").exists()


def test_other_images_and_other_weights_are_computed(tmp_path, counting):
    count, extractor = counting
    folder = write_images(tmp_path / "a", 20, seed=5)
    embed(images_named(str(folder)), extractor, lambda *_: None, tmp_path / "cache")
    Image.fromarray(np.zeros((28, 28), np.uint8)).save(folder / "0003.png")

    embed(images_named(str(folder)), extractor, lambda *_: None, tmp_path / "cache")
    other = Extractor("counting", 5, 0, "cd", embed=count, costly=True)
    embed(images_named(str(folder)), other, lambda *_: None, tmp_path / "cache")

    assert count.asked == 60


def test_damaged_features_are_computed_again(tmp_path, counting):
    count, extractor = counting
    images = images_named(str(write_images(tmp_path / "a", 20, seed=6)))
    first = embed(images, extractor, lambda *_: None, tmp_path / "cache")
    (kept,) = (tmp_path / "cache").rglob("*.safetensors")
    kept.write_bytes(kept.read_bytes()[:-7])

    assert torch.equal(embed(images, extractor, lambda *_: None, tmp_path / "cache"), first)
    assert count.asked == 40


def test_a_cache_that_cannot_be_written_costs_nothing_but_time(tmp_path, counting):
    _, extractor = counting
    images = images_named(str(write_images(tmp_path / "a", 20, seed=7)))
    (tmp_path / "cache").write_text("a file, not a folder")

    assert embed(images, extractor, lambda *_: None, tmp_path / "cache").shape == (20, 5)


def test_progress_is_told_with_what_is_left(capsys):
    now = iter(range(0, 1000, 4))
    tell = Lines(clock=lambda: float(next(now)))

    for done in range(0, 5001, 250):
        tell("features of a", done, 5000)

    lines = capsys.readouterr().err.splitlines()
    assert 3 <= len(lines) <= 12
    assert all(
        re.fullmatch(r"\[\d:\d\d:\d\d\] features of a: \d+/5000(, about .* left)?", line) for line in lines
    )


@pytest.mark.parametrize("channels", [1, 3])
def test_images_written_as_files_are_read_back_bit_for_bit(tmp_path, channels):
    """So another program's score of the files is one of the same images."""
    levels = torch.randint(0, 256, (12, channels, 5, 5), generator=stream(0, "test/files"))
    samples = levels.float() / 127.5 - 1
    images = Images("twelve", 12, (5, 5), lambda indices: samples[indices])
    write_files(images, tmp_path / "files")
    again = images_named(str(tmp_path / "files"))

    read = (again.read(torch.arange(12)) + 1) * 127.5
    assert torch.equal(read.round().long(), levels if read.shape[1] == channels else levels.expand_as(read))
    with pytest.raises(FileExistsError):
        write_files(images, tmp_path / "files")
