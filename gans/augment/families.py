"""The published augmentations: DiffAugment, always at full strength, and ADA, as strong as it must be."""

from __future__ import annotations

from collections.abc import Mapping

from gans.augment.affine import PARTS, affine
from gans.augment.colour import brightness, contrast, log_contrast, normal_brightness, saturation
from gans.augment.family import Family
from gans.augment.geometry import cutout, flip, mirrored_translation, quarter_turns, translation
from gans.augment.transform import COLOUR, IMAGE, SQUARE, Transform, sometimes

_DIFFAUGMENT: Mapping[str, Transform] = {
    "brightness": sometimes("brightness", 1, brightness),
    "saturation": sometimes("saturation", 1, saturation),
    "contrast": sometimes("contrast", 1, contrast),
    "translation": sometimes("translation", 2, translation),
    "cutout": sometimes("cutout", 2, cutout),
}

_ADA: Mapping[str, Transform] = {
    "xflip": sometimes("xflip", 1, flip),
    "rotate90": sometimes("rotate90", 1, quarter_turns),
    "translation": sometimes("translation", 2, mirrored_translation),
    "brightness": sometimes("brightness", 1, normal_brightness),
    "contrast": sometimes("contrast", 1, log_contrast),
    "cutout": sometimes("cutout", 2, cutout),
}


def _nothing(options: tuple[str, ...], shape: tuple[int, ...]) -> tuple[Transform, ...]:
    return ()


def _diffaugment(options: tuple[str, ...], shape: tuple[int, ...]) -> tuple[Transform, ...]:
    return tuple(_DIFFAUGMENT[option] for option in options)


def _ada(options: tuple[str, ...], shape: tuple[int, ...]) -> tuple[Transform, ...]:
    moved = [option for option in options if option in PARTS]
    before = [_ADA[option] for option in options if option in ("xflip", "rotate90", "translation")]
    after = [_ADA[option] for option in options if option in ("brightness", "contrast", "cutout")]
    return (*before, *([affine(moved)] if moved else ()), *after)


NONE = Family("none", {}, (), _nothing)

DIFFAUGMENT = Family(
    "diffaugment",
    options={
        "brightness": IMAGE,
        "saturation": COLOUR,
        "contrast": IMAGE,
        "translation": IMAGE,
        "cutout": IMAGE,
    },
    default=("brightness", "saturation", "contrast", "translation", "cutout"),
    assemble=_diffaugment,
    source="Zhao et al. 2020, Differentiable Augmentation for Data-Efficient GAN Training, and its code",
    note="The paper's policy 'color' is brightness, saturation and contrast; grey images have no saturation.",
)

ADA = Family(
    "ada",
    options={
        "xflip": IMAGE,
        "rotate90": SQUARE,
        "translation": IMAGE,
        **dict.fromkeys(PARTS, IMAGE),
        "brightness": IMAGE,
        "contrast": IMAGE,
        "cutout": IMAGE,
    },
    default=("translation", *PARTS, "brightness", "contrast"),
    assemble=_ada,
    adaptive=True,
    source="Karras et al. 2020, Training Generative Adversarial Networks with Limited Data, appendix B",
    note="Without fractional shifts, luma flips, hue, saturation and image-space filters. Mirroring and "
    "quarter turns make another sign of a digit or a letter, so xflip and rotate90 are made only if listed.",
)
