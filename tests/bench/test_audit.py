"""The audit finds what was planted, raises nothing on clean data, and is told and stored plainly."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

import bench.cli
from bench.audit import CHECKS, audit, subject_of, subject_of_folder
from bench.audit.pixels import noise_level, speckles, strangeness
from gans.data import Dataset, load
from gans.data.defective import apply_defect

DIGITS, RING = load("digits"), load("ring8")


def raised(dataset: Dataset, clean: Dataset | None = None) -> set[str]:
    return {finding.check for finding in audit(subject_of(dataset, clean)) if finding.raised}


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Digits as files, in a folder per class."""
    folder = tmp_path_factory.mktemp("photos")
    labels = DIGITS.train_labels
    assert labels is not None
    for row, (image, label) in enumerate(zip(DIGITS.train, labels.tolist(), strict=True)):
        place = folder / f"class{label}"
        place.mkdir(exist_ok=True)
        pixels = ((image[0] + 1) * 127.5).round().to(torch.uint8).numpy()
        Image.fromarray(pixels).save(place / f"{row:04}.png")
    return folder


@pytest.fixture
def folder(photos: Path, tmp_path: Path) -> Path:
    """A copy of them that a test may spoil; linked, so that it costs nothing."""
    for path in photos.rglob("*.png"):
        target = tmp_path / "images" / path.relative_to(photos)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.hardlink_to(path)
    return tmp_path / "images"


def raised_in(folder: Path) -> dict[str, float]:
    return {found.check: found.number for found in audit(subject_of_folder(folder)) if found.raised}


@pytest.mark.parametrize("name", ["digits", "ring8", "grid25"])
def test_clean_data_raise_nothing(name: str) -> None:
    assert raised(load(name)) == set()


@pytest.mark.parametrize(
    ("defect", "check"),
    [
        ("missing:0.3", "missing"),
        ("imbalance:0.4", "imbalance"),
        ("outliers:0.1", "outliers"),
        ("blur:0.4", "blur"),
        ("noise:0.3", "noise"),
        ("salt:0.3", "salt"),
        ("scaling:0.4", "scaling"),
        ("near-duplicates:0.3", "near-duplicates"),
        ("duplicates:0.3", "duplicates"),
    ],
)
@pytest.mark.parametrize("seed", [0, 1])
def test_every_planted_defect_of_images_is_found(defect: str, check: str, seed: int) -> None:
    assert check in raised(apply_defect(DIGITS, defect, seed), DIGITS)


@pytest.mark.parametrize(
    ("defect", "check"),
    [
        ("missing:0.3", "missing"),
        ("imbalance:0.4", "imbalance"),
        ("outliers:0.1", "strays"),
        ("noise:0.1", "spread"),
        ("duplicates:0.3", "duplicates"),
    ],
)
def test_every_planted_defect_of_points_is_found(defect: str, check: str) -> None:
    assert check in raised(apply_defect(RING, defect, seed=0), RING)


def test_defects_that_leave_the_pixels_alone_raise_only_what_they_are() -> None:
    assert raised(apply_defect(DIGITS, "duplicates:0.3", 0), DIGITS) == {"duplicates"}
    assert raised(apply_defect(DIGITS, "near-duplicates:0.3", 0), DIGITS) == {"near-duplicates"}
    assert raised(apply_defect(DIGITS, "missing:0.3", 0), DIGITS) == {"missing", "size"}


def test_numbers_are_those_that_were_planted() -> None:
    numbers = {
        found.check: found.number
        for found in audit(subject_of(apply_defect(DIGITS, "missing:0.3+duplicates:0.25", 0), DIGITS))
    }

    assert numbers["missing"] == 3
    assert numbers["duplicates"] == pytest.approx(0.25, abs=0.01)


def test_few_samples_are_told() -> None:
    assert raised(apply_defect(DIGITS, "none", seed=0, data_size=200), DIGITS) == {"size"}


def test_blank_images_are_told_and_are_no_near_duplicates() -> None:
    blank = torch.full((20, 1, 8, 8), -1.0) + torch.rand(20, 1, 8, 8) * 1e-3
    spoiled = replace(DIGITS, train=torch.cat([DIGITS.train[20:], blank]))

    assert {"blank"} <= raised(spoiled) <= {"blank", "outliers"}


def test_held_out_samples_among_those_trained_on_are_told() -> None:
    assert raised(replace(DIGITS, holdout=DIGITS.train[:600])) == {"held-out"}


def test_what_is_raised_says_what_it_does_and_what_to_do() -> None:
    worst = "missing:0.3+imbalance:0.4+outliers:0.1+noise:0.3+salt:0.2+duplicates:0.3"

    for found in audit(subject_of(apply_defect(DIGITS, worst, 0), DIGITS)):
        assert found.check in CHECKS
        assert bool(found.effect) == bool(found.advice) == found.raised
        assert found.says
        assert not found.says.endswith(".")


@settings(max_examples=20, deadline=None)
@given(st.floats(0.02, 0.5), st.integers(0, 5))
def test_the_noise_level_of_a_gray_image_is_its_noise(level: float, seed: int) -> None:
    drawn = torch.randn(8, 1, 32, 32, generator=torch.Generator().manual_seed(seed))

    assert noise_level(level * drawn) == pytest.approx(level, rel=0.1)


@settings(max_examples=20, deadline=None)
@given(st.permutations(list(range(12))))
def test_the_order_of_images_does_not_matter(order: list[int]) -> None:
    images = DIGITS.train[:12]

    assert speckles(images[order]) == pytest.approx(speckles(images))
    assert noise_level(images[order]) == pytest.approx(noise_level(images))


def test_strangeness_ignores_the_strangers_themselves() -> None:
    usual = torch.cat([torch.linspace(-1, 1, 95), torch.full((5,), 100.0)])[:, None]

    assert int((strangeness(usual, usual) > 8).sum()) == 5


def test_a_clean_folder_raises_nothing_and_counts_its_classes(photos: Path) -> None:
    subject = subject_of_folder(photos)

    assert raised_in(photos) == {}
    assert subject.class_names == tuple(f"class{label}" for label in range(10))
    assert int(subject.counts.sum()) == 1100


@pytest.fixture
def halves(folder: Path) -> Path:
    """The same images, every fourth of each class held out in a folder of its own."""
    for place in sorted(folder.iterdir()):
        for row, path in enumerate(sorted(place.glob("*.png"))):
            target = folder / ("train" if row % 4 else "test") / place.name / path.name
            target.parent.mkdir(parents=True, exist_ok=True)
            path.rename(target)
        place.rmdir()
    return folder


def test_train_and_test_of_a_folder_are_sides_and_the_folders_in_them_classes(halves: Path) -> None:
    subject = subject_of_folder(halves)

    assert subject.holdout is not None
    assert (len(subject.train), len(subject.holdout)) == (822, 278)
    assert subject.class_names == tuple(f"class{label}" for label in range(10))
    assert int(subject.counts.sum()) == 822
    assert raised_in(halves) == {"size": 822}


def test_sides_without_classes_raise_no_imbalance(tmp_path: Path, halves: Path) -> None:
    for path in sorted(halves.rglob("*.png")):
        target = tmp_path / "flat" / path.relative_to(halves).parts[0] / path.name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.hardlink_to(path)

    subject = subject_of_folder(tmp_path / "flat")

    assert (len(subject.train), subject.labels, subject.classes) == (822, None, 0)
    assert raised_in(tmp_path / "flat") == {"size": 822}


def test_held_out_files_that_are_trained_on_as_well_are_told(halves: Path) -> None:
    for row, path in enumerate(sorted((halves / "train" / "class3").glob("*.png"))[:20]):
        (halves / "test" / "class3" / f"copy{row}.png").hardlink_to(path)

    assert raised_in(halves) == {"size": 822, "held-out": pytest.approx(20 / 298)}


def test_a_class_that_is_only_held_out_is_missing(halves: Path) -> None:
    (halves / "train" / "class7").rename(halves / "test" / "class99")

    (found,) = [each for each in audit(subject_of_folder(halves)) if each.check == "missing"]

    assert (found.raised, found.number) == (True, 2)
    assert "class7, class99" in found.says


def test_sides_are_refused_as_they_are_where_the_folder_is_trained_on(halves: Path) -> None:
    (halves / "spare").mkdir()
    next(halves.rglob("*.png")).rename(halves / "spare" / "a.png")

    with pytest.raises(ValueError, match="must hold train and one of test, holdout, val and") as audited:
        subject_of_folder(halves)
    with pytest.raises(ValueError, match="must hold train and one of") as trained:
        load(f"folder:{halves}")
    assert str(audited.value) == str(trained.value)


def test_hidden_folders_are_on_no_side(halves: Path) -> None:
    (halves / ".thumbnails").mkdir()
    next((halves / "train").rglob("*.png")).rename(halves / ".thumbnails" / "a.png")

    assert len(subject_of_folder(halves).train) == 821


def test_corrupt_files_are_counted_and_named(folder: Path) -> None:
    (folder / "class0" / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\n rubbish")
    whole = next((folder / "class1").glob("*.png")).read_bytes()
    (folder / "class1" / "half.png").write_bytes(whole[: len(whole) // 2])

    (found,) = [each for each in audit(subject_of_folder(folder)) if each.raised]

    assert (found.check, found.number) == ("corrupt", 2)
    assert "class0/broken.png, class1/half.png" in found.says


def deep(kind: type, level: int = 4000) -> Image.Image:
    return Image.fromarray(np.full((8, 8), level, dtype=kind))


def test_images_of_more_than_8_bits_are_told_and_not_looked_at_clipped(folder: Path) -> None:
    deep(np.uint16).save(folder / "class0" / "a.png")
    deep(np.float32).save(folder / "class0" / "b.tif")
    deep(np.int32).save(folder / "class0" / "c.tif")

    subject = subject_of_folder(folder)
    (found,) = [each for each in audit(subject) if each.raised]

    assert (found.check, found.number) == ("deep", 3)
    assert "class0/a.png, class0/b.tif, class0/c.tif" in found.says
    assert len(subject.train) == 1100


def test_where_all_images_have_more_than_8_bits_only_files_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for label in "ab":
        (tmp_path / label).mkdir()
        for row in range(20):
            deep(np.uint16, 1000 * row).save(tmp_path / label / f"{row}.png")

    code = bench.cli.main(["audit", str(tmp_path)])

    said = capsys.readouterr().out
    assert code == 0
    assert "FOUND  deep" in said
    assert "1 of 5 checks found something: deep" in said
    assert "per class" not in said


def test_mixed_sizes_kinds_and_transparency_are_told(folder: Path) -> None:
    Image.new("L", (16, 9), 200).save(folder / "class0" / "wide.png")
    Image.effect_noise((8, 8), 80).convert("RGB").save(folder / "class0" / "colour.png")
    Image.new("RGBA", (8, 8), (255, 0, 0, 10)).save(folder / "class0" / "glass.png")

    found = raised_in(folder)

    assert (found["mixed-sizes"], found["mixed-kinds"], found["transparent"]) == (1, 2, 1)


def test_a_class_without_images_is_missing(folder: Path) -> None:
    (folder / "class99").mkdir()

    assert raised_in(folder) == {"missing": 1}


def test_copied_files_are_found_whatever_their_names(folder: Path) -> None:
    for row, path in enumerate(sorted((folder / "class3").glob("*.png"))[:50]):
        (folder / "class4" / f"copy{row}.png").write_bytes(path.read_bytes())

    assert raised_in(folder) == {"duplicates": pytest.approx(50 / 1150)}


def test_large_photographs_are_read_and_a_dark_set_is_told(tmp_path: Path) -> None:
    drawn = np.random.default_rng(0)
    for row in range(30):
        pixels = drawn.integers(0, 90, (90, 120, 3), dtype=np.uint8)
        Image.fromarray(pixels).save(tmp_path / f"{row}.jpg")

    subject = subject_of_folder(tmp_path)

    assert tuple(subject.train.shape) == (30, 3, 32, 43)
    assert subject.classes == 0
    assert {"size", "scaling"} <= set(raised_in(tmp_path))


def test_a_name_of_a_data_set_and_of_a_folder_is_the_data_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "digits").mkdir()
    Image.new("L", (8, 8)).save(tmp_path / "digits" / "a.png")
    monkeypatch.chdir(tmp_path)

    bench.cli.main(["audit", "digits"])
    bench.cli.main(["audit", "./digits"])

    titles = [line for line in capsys.readouterr().out.splitlines() if " numbers" in line]
    assert titles == [
        "digits: 1,100 images of 1 x 8 x 8 numbers, 697 held out",
        "digits: 1 images of 1 x 8 x 8 numbers as looked at",
    ]


def test_the_command_prints_findings_and_exits_with_0(capsys: pytest.CaptureFixture[str]) -> None:
    code = bench.cli.main(["audit", "digits", "--defect", "noise:0.3"])

    said = capsys.readouterr().out
    assert code == 0
    assert "FOUND  noise" in said
    assert "What it does: " in " ".join(said.split())
    assert "1 of 12 checks found something: noise" in said


def test_the_command_writes_strict_json(tmp_path: Path, photos: Path) -> None:
    code = bench.cli.main(["audit", str(photos), "--json", str(tmp_path / "audit.json")])

    told = json.loads((tmp_path / "audit.json").read_text())
    assert code == 0
    assert told["samples"] == 1100
    assert sum(told["class_counts"]) == 1100
    assert {"check", "raised", "number", "unit", "says", "effect", "advice"} == set(told["findings"][0])


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["digts"], "audit: must be a data set or a folder of images, got 'digts'; did you mean 'digits'?"),
        (["nowhere/at/all"], "audit: must be a data set or a folder of images, got 'nowhere/at/all'"),
        (["digits", "--defect", "nose:0.2"], "defect: must be NAME:STRENGTH, got 'nose:0.2'; did you mean"),
        (["ring8", "--defect", "blur:0.2"], "defect: blur must have images, got points (2,) of 'ring8'"),
        (["no_such_module:thing"], "dataset: module 'no_such_module' must be importable"),
        (["digits", "--json", "no/such/folder/a.json"], "audit: --json must be a file that can be written"),
        (["EMPTY"], "must hold images (.bmp, "),
        (["BROKEN"], "must hold an image that can be read, got 1 files that cannot"),
        (["BROKEN", "--defect", "noise:0.2"], "audit: --defect must be left out for a folder"),
    ],
)
def test_bad_input_is_one_line_and_code_2(
    arguments: list[str], told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "EMPTY").mkdir()
    (tmp_path / "BROKEN").mkdir()
    (tmp_path / "BROKEN" / "a.png").write_bytes(b"rubbish")
    places = {name: str(tmp_path / name) for name in ("EMPTY", "BROKEN")}

    code = bench.cli.main(["audit", *[places.get(argument, argument) for argument in arguments]])

    (line,) = capsys.readouterr().err.splitlines()
    assert code == 2
    assert told in line
