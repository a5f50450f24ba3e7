"""Names that a profile may give, checked against registries that are imported only when a profile is read."""

from __future__ import annotations

import importlib
import importlib.util
import math
from collections.abc import Callable
from typing import Any


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
    parse: Any = _from("gans.augment", "parse", "augmentation", name)
    parse(name)
    return name


def known_defect(name: str) -> str:
    """Check what ``RunConfig.defect`` may be: "none", or a name with its strength, as in "noise:0.2".

    Raises:
        ValueError: the name is unknown, or its strength no number >= 0.

    Example:
        >>> known_defect("none")
        'none'
    """
    if name == "none":
        return name
    kind, colon, strength = name.partition(":")
    defects: Any = _from("gans.data.defects", "DEFECTS", "defect", name)
    defects.get(kind)
    if not colon or not _is_strength(strength):
        raise ValueError(f"must be 'none' or a name and its strength, got {name!r}; as in '{kind}:0.2'")
    return name


def _is_strength(text: str) -> bool:
    try:
        return 0 <= float(text) < math.inf
    except ValueError:
        return False


def _from(module: str, thing: str, field: str, name: str) -> Any:
    """What a module holds; where this installation lacks the module, the name alone is at fault."""
    if importlib.util.find_spec(module) is None:
        raise ValueError(f"must be 'none', got {name!r}; this version knows no other {field}")
    return getattr(importlib.import_module(module), thing)
