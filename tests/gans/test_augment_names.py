"""Names of augmentations: what they stand for, and one line for each that stands for nothing."""

from __future__ import annotations

import sys
from types import ModuleType

import pytest
import torch

from gans.augment import AUGMENTATIONS, Family, augmentation_for, parse
from gans.augment.transform import IMAGE, Transform

GREY, COLOUR, POINT = (1, 8, 8), (3, 32, 32), (2,)


def names_of(name: str, shape: tuple[int, ...]) -> list[str]:
    return [transform.name for transform in augmentation_for(name, shape).transforms]


def test_diffaugment_takes_the_policies_that_apply() -> None:
    grey = ["brightness", "contrast", "translation", "cutout"]

    assert names_of("diffaugment", GREY) == grey
    assert names_of("diffaugment", COLOUR) == ["brightness", "saturation", *grey[1:]]
    assert names_of("diffaugment:translation,cutout", GREY) == ["translation", "cutout"]


def test_ada_neither_mirrors_nor_turns_by_quarters_unless_asked() -> None:
    assert names_of("ada", GREY) == ["translation", "affine", "brightness", "contrast"]
    assert names_of("ada:xflip,rotate90,scale,cutout", GREY) == ["xflip", "rotate90", "affine", "cutout"]


def test_only_ada_adapts() -> None:
    assert [name for name in AUGMENTATIONS if augmentation_for(name, GREY).adaptive] == ["ada"]


@pytest.mark.parametrize("shape", [GREY, COLOUR, POINT, (1,)])
def test_none_hands_back_the_samples_themselves(shape: tuple[int, ...]) -> None:
    none, samples = augmentation_for("none", shape), torch.zeros(2, *shape)

    assert none.numbers == 0
    assert none(samples, torch.empty(2, 0)) is samples


@pytest.mark.parametrize(
    "name, expected",
    [
        ("nonne", "must be a known augmentation, got 'nonne'; did you mean 'none'?"),
        ("Diffaugment", "must be a known augmentation, got 'Diffaugment'; did you mean 'diffaugment'?"),
        ("diff-augment:cutout", "got 'diff-augment'; did you mean 'diffaugment'?"),
        ("diffaugment:cutuot", "transforms of 'diffaugment', got 'cutuot'; did you mean 'cutout'?"),
        ("diffaugment:", "transforms of 'diffaugment', got ''; choose of"),
        ("diffaugment:cutout,translation", "did you mean 'diffaugment:translation,cutout'?"),
        ("diffaugment:translation, cutout", "did you mean 'diffaugment:translation,cutout'?"),
        ("diffaugment:cutout,cutout", "did you mean 'diffaugment:cutout'?"),
        ("none:cutout", "transforms of 'none', got 'cutout'; use 'none' alone"),
        ("diffaugment:saturation", "whose saturation needs images in colour (3 channels)"),
        ("", "must be a known augmentation, got ''"),
        ("no_such_module:thing", "module 'no_such_module' must be importable"),
    ],
)
def test_a_wrong_name_is_told_in_one_line_with_the_nearest_right_one(name: str, expected: str) -> None:
    with pytest.raises(ValueError, match=r"^augmentation: ") as caught:
        augmentation_for(name, GREY)

    assert expected in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["diffaugment", "ada", "diffaugment:cutout"])
def test_points_of_a_plane_cannot_be_augmented(name: str) -> None:
    with pytest.raises(ValueError, match=r"must suit the data, got .* needs images .* use 'none'"):
        augmentation_for(name, POINT)


def test_quarter_turns_need_a_square() -> None:
    with pytest.raises(ValueError, match="whose rotate90 needs square images"):
        augmentation_for("ada:rotate90", (1, 8, 6))


def test_a_family_of_the_users_own_is_found_by_its_path(monkeypatch: pytest.MonkeyPatch) -> None:
    negative = Transform("negative", 0, lambda samples, draws, strength: -samples)
    mine = Family("mine", {"negative": IMAGE}, ("negative",), lambda options, shape: (negative,))
    module = ModuleType("my_gans")
    module.mine, module.other = mine, 3
    monkeypatch.setitem(sys.modules, "my_gans", module)

    assert augmentation_for("my_gans:mine", GREY)(torch.ones(1, *GREY), torch.empty(1, 0)).sum() == -64
    with pytest.raises(ValueError, match=r"must be a gans\.augment\.Family, got int"):
        augmentation_for("my_gans:other", GREY)


def test_every_family_says_where_it_is_from() -> None:
    assert [name for name in AUGMENTATIONS if not AUGMENTATIONS.get(name).source] == ["none"]
    assert all(parse(name)[0] is AUGMENTATIONS.get(name) for name in AUGMENTATIONS)
