"""Which augmentations there are, and how a run's ``augmentation`` becomes one."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from gans.augment.families import ADA, DIFFAUGMENT, NONE
from gans.augment.family import Augmentation, Family
from gans.registry import Registry

AUGMENTATIONS: Registry[Family] = Registry(
    "augmentation", accepts=lambda entry: isinstance(entry, Family), wanted="a gans.augment.Family"
)
for _family in (NONE, DIFFAUGMENT, ADA):
    AUGMENTATIONS.add(_family.name, _family)


def augmentation_for(name: str, sample_shape: tuple[int, ...]) -> Augmentation:
    """The augmentation of a run, for samples of one shape.

    Args:
        name: as in ``RunConfig.augmentation``: a registered name for all its usual transforms that suit the
            data; a name with a list, as in "diffaugment:translation,cutout", for exactly those; or
            ``module:object`` of a user's own ``Family``.

    Raises:
        ValueError: an unknown name or transform, or one that does not suit the data.

    Example:
        >>> [len(augmentation_for("diffaugment", shape).transforms) for shape in ((1, 8, 8), (3, 32, 32))]
        [4, 5]
        >>> augmentation_for("diffaugment:cutuot", (1, 8, 8))
        Traceback (most recent call last):
        ValueError: augmentation: must list transforms of 'diffaugment', got 'cutuot'; did you mean ...
    """
    family, listed = parse(name)
    if listed:
        _require_suited(name, family, listed, sample_shape)
    suited = tuple(option for option in family.default if family.options[option].met(sample_shape))
    if family.default and not (listed or suited):
        needs = family.options[family.default[0]].words
        raise ValueError(
            f"augmentation: must suit the data, got {name!r}, which needs {needs}, for samples of shape "
            f"{sample_shape}; use 'none'"
        )
    transforms = family.assemble(listed or suited, sample_shape)
    return Augmentation(name, transforms, adaptive=family.adaptive)


def parse(name: str) -> tuple[Family, tuple[str, ...]]:
    """The family that a name asks for, and the transforms it lists, whatever the data.

    Transforms are listed in the order in which they are made, so that one augmentation has one name.

    Raises:
        ValueError: an unknown name or transform, an empty list, one in another order, or with repeats.

    Example:
        >>> family, listed = parse("diffaugment:translation,cutout")
        >>> family.name, listed
        ('diffaugment', ('translation', 'cutout'))
        >>> parse("difaugment:cutout")
        Traceback (most recent call last):
        ValueError: augmentation: must be a known augmentation, got 'difaugment'; did you mean ...
    """
    head, colon, tail = str(name).partition(":")
    # A near miss of a known name is a slip of the pen, not a module of the user's own.
    misspelt = bool(difflib.get_close_matches(head.lower(), AUGMENTATIONS, n=1, cutoff=0.75))
    if head not in AUGMENTATIONS and colon and not misspelt:
        return AUGMENTATIONS.resolve(name), ()
    family = AUGMENTATIONS.get(head)
    if not colon:
        return family, ()
    listed = tuple(option.strip() for option in tail.split(","))
    _require_known(family, listed)
    ordered = tuple(option for option in family.options if option in listed)
    if ",".join(ordered) != tail:
        right = f"{family.name}:{','.join(ordered)}"
        raise ValueError(
            f"augmentation: must list each transform once, in the order they are made, got {name!r}; "
            f"did you mean {right!r}?"
        )
    return family, listed


def _require_known(family: Family, listed: Iterable[str]) -> None:
    for option in listed:
        if option not in family.options:
            near = difflib.get_close_matches(option.lower(), family.options, n=1, cutoff=0.5)
            advice = f"did you mean {near[0]!r}?" if near else "choose of"
            if not family.options:
                advice = f"use {family.name!r} alone"
            raise ValueError(
                f"augmentation: must list transforms of {family.name!r}, got {option!r}; {advice} "
                f"({', '.join(family.options)})"
            )


def _require_suited(name: str, family: Family, listed: Iterable[str], shape: tuple[int, ...]) -> None:
    for option in listed:
        need = family.options[option]
        if not need.met(shape):
            fitting = [other for other, its in family.options.items() if its.met(shape)]
            raise ValueError(
                f"augmentation: must suit the data, got {name!r}, whose {option} needs {need.words}, for "
                f"samples of shape {shape}; "
                + (f"choose of {', '.join(fitting)}" if fitting else "use 'none'")
            )
