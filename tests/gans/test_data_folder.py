"""Folders of images: how they are named, cut and brought to one size, and what is refused."""

import re

import numpy as np
import pytest
import torch
from PIL import Image
from planted_data import png

from gans.data import DataError, load, validate
from gans.data.folders import FolderName
from gans.data.pictures import Look, images_below, read_images


@pytest.fixture
def pictures(tmp_path, monkeypatch):
    """An empty folder called pictures in the current one."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GANBENCH_CACHE", str(tmp_path / "cache"))
    load.cache_clear()
    folder = tmp_path / "pictures"
    folder.mkdir()
    yield folder
    load.cache_clear()


def grey(value=100, height=8, width=8):
    return np.full((height, width), value, dtype=np.uint8)


def colour(value=(10, 20, 30), height=8, width=8):
    return np.broadcast_to(np.array(value, dtype=np.uint8), (height, width, 3))


def plant(folder, name, pixels, **how):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.asarray(pixels)).save(path, **how)
    return path


def plant_many(folder, count=10, made=grey, prefix="a"):
    for index in range(count):
        plant(folder, f"{prefix}{index:02}.png", made(index if made is grey else (index, 0, 0)))


@pytest.mark.parametrize(
    "name, path, look",
    [
        ("folder:pictures", "pictures", Look()),
        ("folder:pictures@32", "pictures", Look(32)),
        ("folder:pictures@32-grey", "pictures", Look(32, "grey")),
        ("folder:/a/b c@64-colour", "/a/b c", Look(64, "colour")),
        ("folder:pictures@grey", "pictures", Look(None, "grey")),
        ("folder:me@home", "me@home", Look()),
        ("folder:me@home@16", "me@home", Look(16)),
        ("folder:C:/pictures@8", "C:/pictures", Look(8)),
    ],
)
def test_a_name_says_folder_size_and_kind(name, path, look):
    found = FolderName.parse(name)

    assert (str(found.path), found.look) == (path, look)


@pytest.mark.parametrize("name", ["folder", "folder:", "folder: ", "folder:@32"])
def test_a_name_without_a_folder_is_answered_with_its_form(name):
    with pytest.raises(DataError, match=re.escape("dataset: must read folder:PATH, folder:PATH@SIZE or")):
        load(name)


@pytest.mark.parametrize("size", ["0", "3", "1025", "99999999999"])
def test_a_size_that_is_none_is_refused(size):
    with pytest.raises(DataError, match=f"size must be 4 to 1024 pixels, got {size}; 32 suits"):
        load(f"folder:pictures@{size}")


@pytest.mark.parametrize(
    "options, advice",
    [
        ("32-gray", "did you mean '32-grey'? (32, grey, colour, 32-grey, 32-colour)"),
        ("64-color", "did you mean '64-colour'? (64, grey,"),
        ("GRAY", "did you mean 'grey'?"),
        ("28px", "did you mean '28'?"),
        ("32-rgb", "choose one of (32, grey, colour, 32-grey, 32-colour)"),
        ("", "choose one of (32, grey, colour,"),
    ],
)
def test_misspelt_options_are_told_with_the_nearest_right_ones(pictures, options, advice):
    plant_many(pictures, 2)

    with pytest.raises(DataError) as caught:
        load(f"folder:pictures@{options}")
    assert str(caught.value).startswith(
        f"dataset 'folder:pictures@{options}': must have SIZE, grey, colour, SIZE-grey or SIZE-colour behind "
        f"the last @, got {options!r}; {advice}"
    )


def test_a_folder_with_what_reads_like_options_in_its_name_is_the_folder(pictures):
    plant_many(pictures.parent / "pictures@32-gray", 2)

    assert load("folder:pictures@32-gray").size == 1


def test_options_behind_no_folder_leave_the_path_to_blame(pictures):
    with pytest.raises(DataError, match=r"^nowhere@32-gray: must be a folder of images, got no"):
        load("folder:nowhere@32-gray")


def test_one_image_in_five_is_held_out_and_none_is_lost(pictures):
    plant_many(pictures, 10)

    dataset = load("folder:pictures")

    assert validate(dataset, "folder:pictures") is dataset
    assert (dataset.name, dataset.size, len(dataset.holdout)) == ("folder:pictures", 8, 2)
    values = torch.cat([dataset.train[:], dataset.holdout[:]])[:, 0, 0, 0]
    assert sorted(((values + 1) * 127.5).round().int().tolist()) == list(range(10))
    assert dataset.train_labels is None
    assert dataset.classes == 0


def test_folders_within_are_classes_cut_in_proportion(pictures):
    plant_many(pictures / "cat", 20)
    plant_many(pictures / "dog", 10)

    dataset = load("folder:pictures")

    assert dataset.classes == 2
    assert torch.bincount(dataset.train_labels).tolist() == [16, 8]
    assert torch.bincount(dataset.holdout_labels).tolist() == [4, 2]


@pytest.mark.parametrize("holdout", ["test", "holdout", "val"])
def test_a_folder_that_says_what_is_held_out_is_heeded(pictures, holdout):
    plant_many(pictures / "train", 3)
    plant_many(pictures / holdout, 5)

    dataset = load("folder:pictures")

    assert (dataset.size, len(dataset.holdout), dataset.train_labels) == (3, 5, None)


def test_classes_below_train_and_test_have_the_same_numbers_on_both_sides(pictures):
    for split in ("train", "test"):
        plant_many(pictures / split / "b", 2)
    plant_many(pictures / "train" / "a", 1)

    dataset = load("folder:pictures")

    assert sorted(dataset.train_labels.tolist()) == [0, 1, 1]
    assert dataset.holdout_labels.tolist() == [1, 1]


@pytest.mark.parametrize("splits", [("train/", "test/"), ("",)])
def test_the_first_images_of_either_side_are_of_all_classes_though_files_lie_class_by_class(pictures, splits):
    for split in splits:
        for label in "ab":
            plant_many(pictures / f"{split}{label}", 100)

    dataset = load("folder:pictures")

    for labels in (dataset.train_labels, dataset.holdout_labels):
        half = len(labels) // 2
        assert torch.bincount(labels).tolist() == [half, half]
        assert half // 4 <= labels[:half].sum() <= half - half // 4


def levels(samples):
    return samples[:][:, 0, 0, 0].add(1).mul(127.5).round().int().tolist()


def test_shuffled_images_keep_their_labels_lose_none_and_are_the_same_again(pictures):
    for split, first in (("train", 0), ("test", 60)):
        for index in range(40):
            plant(pictures / split / "ab"[index % 2], f"{index:02}.png", grey(first + index))

    dataset = load("folder:pictures")
    load.cache_clear()
    again = load("folder:pictures")

    assert sorted(levels(dataset.train)) == list(range(40))
    assert sorted(levels(dataset.holdout)) == list(range(60, 100))
    assert dataset.train_labels.tolist() == [level % 2 for level in levels(dataset.train)]
    assert dataset.holdout_labels.tolist() == [level % 2 for level in levels(dataset.holdout)]
    assert levels(dataset.train) == levels(again.train)


@pytest.mark.parametrize("stray", ["spare/x.png", "x.png", "val/x.png"])
def test_images_on_neither_side_are_not_dropped_in_silence(pictures, stray):
    plant_many(pictures / "train", 3)
    plant_many(pictures / "test", 3)
    plant(pictures, stray, grey())

    with pytest.raises(DataError, match="must hold train and one of test, holdout, val and nothing else"):
        load("folder:pictures")


def test_colour_stays_in_the_order_red_green_blue(pictures):
    plant_many(pictures, 2, made=lambda _: colour((255, 51, 0)))

    assert load("folder:pictures").train[0, :, 0, 0].tolist() == pytest.approx([1.0, -0.6, -1.0])


def test_images_are_decoded_once_and_again_when_one_changes(pictures, monkeypatch):
    plant_many(pictures, 5)
    first = load("folder:pictures").train[:]
    load.cache_clear()
    with monkeypatch.context() as patch:
        patch.setattr("gans.data.folders.read_images", None)
        again = load("folder:pictures").train[:]
    for index in range(5):
        plant(pictures, f"a{index:02}.png", grey(200 + index, 9, 9))
    load.cache_clear()
    changed = load("folder:pictures").train[:]

    assert torch.equal(first, again)
    assert changed.shape == (4, 1, 9, 9)


def test_sizes_and_kinds_do_not_share_what_was_decoded(pictures):
    plant_many(pictures, 5)

    shapes = [load(f"folder:pictures{look}").sample_shape for look in ("", "@4", "@4-colour", "@grey")]

    assert shapes == [(1, 8, 8), (1, 4, 4), (3, 4, 4), (1, 8, 8)]


def test_shrinking_averages_and_does_not_pick(pictures):
    stripes = np.zeros((64, 64), dtype=np.uint8)
    stripes[:, ::2] = 255
    path = plant(pictures, "stripes.png", stripes)

    small = read_images([path], Look(8))

    # Nearest-neighbour or unfiltered bilinear shrinking would give a flat 0 or 255 here.
    assert np.abs(small.astype(int) - 127).max() <= 8


def test_an_oblong_image_keeps_its_shape_and_loses_its_sides(pictures):
    wide = np.zeros((8, 24), dtype=np.uint8)
    wide[:, 8:16] = 200
    path = plant(pictures, "wide.png", wide)

    assert read_images([path], Look(8)).tolist() == np.full((1, 1, 8, 8), 200).tolist()


def test_grey_of_colour_is_its_luminance(pictures):
    path = plant(pictures, "green.png", colour((0, 255, 0)))

    assert read_images([path], Look(kind="grey"))[0, 0, 0, 0] == 150


def test_a_photograph_is_turned_upright(pictures):
    turned = Image.Exif()
    turned[0x0112] = 6
    half = np.zeros((8, 8), dtype=np.uint8)
    half[:4] = 255
    path = plant(pictures, "turned.png", half, exif=turned)

    upright = read_images([path], Look())[0, 0]

    assert (upright[:, 4:] == 255).all()
    assert (upright[:, :4] == 0).all()


def test_palettes_black_and_white_and_opaque_transparency_are_understood(pictures):
    Image.fromarray(colour((255, 0, 0))).quantize(4).save(pictures / "palette.png")
    Image.fromarray(colour((255, 0, 0))).convert("RGBA").save(pictures / "opaque.png")
    Image.fromarray(grey(255)).convert("1").save(pictures / "bits.png")

    for name in ("palette", "opaque"):
        assert read_images([pictures / f"{name}.png"], Look())[0, :, 0, 0].tolist() == [255, 0, 0]
    assert read_images([pictures / "bits.png"], Look()).shape == (1, 1, 8, 8)


def test_hidden_files_and_other_files_are_left_out(pictures):
    plant(pictures, "b/two.JPG", grey())
    plant(pictures, "a.png", grey())
    plant(pictures, ".hidden.png", grey())
    plant(pictures, ".cache/x.png", grey())
    (pictures / "notes.txt").write_text("x")

    assert [path.name for path in images_below(pictures)] == ["a.png", "two.JPG"]


def _corrupt(folder):
    (folder / "a05.png").write_bytes(b"\x89PNG\r\n\x1a\nnothing")


def _cut_off(folder):
    content = png(np.random.default_rng(0).integers(0, 256, (8, 8)))
    (folder / "a05.png").write_bytes(content[: len(content) // 2])


def _no_image(folder):
    (folder / "a05.png").write_text("<html>")


def _another_size(folder):
    plant(folder, "a05.png", grey(0, 16, 9))


def _another_kind(folder):
    plant(folder, "a05.png", colour())


def _transparent(folder):
    Image.fromarray(grey(0)).convert("RGBA").save(folder / "a05.png")
    with Image.open(folder / "a05.png") as image:
        image.putalpha(10)
        image.save(folder / "a05.png")


def _deep(folder):
    Image.fromarray(np.full((8, 8), 4000, dtype=np.uint16)).save(folder / "a05.png")


@pytest.mark.parametrize(
    "spoil, message",
    [
        (_corrupt, r"must be a readable image, got .*; repair or delete it"),
        (_cut_off, r"must be a readable image, got .*; repair or delete it"),
        (_no_image, r"must be a readable image, got cannot identify .*; repair or delete it"),
        (
            _another_size,
            "must have 8 x 8 pixels like a00.png, got 9 x 16; bring all to one size with @8 after",
        ),
        (
            _another_kind,
            "must be grey like a00.png, got colour; convert it, or bring all to one kind with @grey",
        ),
        (_transparent, "must be opaque, got transparent pixels; flatten it"),
        (_deep, "must have 8 bits a channel, got Pillow's mode I"),
    ],
)
def test_an_image_that_cannot_be_used_is_told_with_its_name_and_the_remedy(pictures, spoil, message):
    plant_many(pictures, 10)
    spoil(pictures)

    with pytest.raises(DataError, match=f"a05.png: {message}") as caught:
        load("folder:pictures")
    assert "\n" not in str(caught.value)


def test_the_remedies_for_mixed_sizes_and_kinds_help(pictures):
    plant_many(pictures, 10)
    _another_size(pictures)
    plant(pictures, "a06.png", colour())

    assert load("folder:pictures@8-grey").sample_shape == (1, 8, 8)


@pytest.mark.parametrize(
    "name, message",
    [
        ("folder:nowhere", "nowhere: must be a folder of images, got no such folder; see the spelling"),
        ("folder:file.txt@32", "file.txt: must be a folder of images, got a file"),
        ("folder:pictures", r"pictures: must hold images \(.bmp, .*\), found none; name the folder"),
        ("folder:single", "single: must hold at least 2 images, found 1"),
    ],
)
def test_a_folder_that_holds_no_data_set_is_told(pictures, name, message):
    (pictures.parent / "file.txt").write_text("")
    plant(pictures.parent / "single", "x.png", grey())

    with pytest.raises(DataError, match=message):
        load(name)


@pytest.mark.parametrize(
    "name", ["x" * 5_000, "y" * 300 + "/z", "x" * 5_000 + "@32", "x" * 5_000 + "@32-gray"]
)
def test_a_path_that_no_folder_can_have_is_no_folder(name):
    with pytest.raises(DataError, match="must be a folder of images, got no such folder") as told:
        load(f"folder:{name}")
    assert len(str(told.value)) < 6_000
