"""Names that a profile may give, checked against registries that are imported only when a profile is read."""

from __future__ import annotations

import importlib
from collections.abc import Callable


def known(module: str, registry: str) -> Callable[[str], str]:
    """A check of a name against a registry of some module.

    Example:
        >>> known("gans.losses", "LOSSES")("hinge")
        'hinge'
    """

    def check(name: str) -> str:
        """Hand the name back if it is known."""
        getattr(importlib.import_module(module), registry).resolve(name)
        return name

    return check


def known_optimizer(name: str) -> str:
    """Check an optimizer's name; "recipe" is each recipe's own."""
    return name if name == "recipe" else known("gans.optim", "OPTIMIZERS")(name)


def known_augmentation(name: str) -> str:
    """Check what ``RunConfig.augmentation`` may be: "none", a family's name, or one with its transforms."""
    if name == "none":
        return name
    importlib.import_module("gans.augment").parse(name)
    return name


def known_defect(name: str) -> str:
    """Hand back the one spelling of what ``RunConfig.defect`` may be, so that equal runs have equal ids.

    Example:
        >>> known_defect("noise:0.20")
        'noise:0.2'
    """
    if name == "none":
        return name
    canonical: str = importlib.import_module("gans.data.defects").canonical_defect(name)
    return canonical
