"""Which images of a folder are trained on and which are held out, where folders within say so."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from gans.data.places import DataError

TRAIN, HOLDOUTS = "train", ("test", "holdout", "val")


def held_out_folder(path: Path, parts: Sequence[tuple[str, ...]]) -> str | None:
    """Name of the folder whose images are held out from those in ``train`` beside it; None where none is.

    Args:
        path: the folder that holds both, for the message.
        parts: of each image, names of the folders that it lies in, from ``path`` downwards.

    Raises:
        DataError: beside ``train`` there are several such folders, or images on neither side.

    Example:
        >>> held_out_folder(Path("photos"), [("train", "cats"), ("train", "dogs"), ("test", "cats")])
        'test'
        >>> held_out_folder(Path("photos"), [("cats",), ("dogs",)]) is None
        True
    """
    tops = {each[0] for each in parts if each}
    held_out = sorted(tops & set(HOLDOUTS))
    if TRAIN not in tops or not held_out:
        return None
    stray = sorted(tops - {TRAIN, *HOLDOUTS}) + ["images of its own"] * any(not each for each in parts)
    if len(held_out) > 1 or stray:
        found = ", ".join([*held_out, *stray])
        raise DataError(
            f"{path}: must hold {TRAIN} and one of {', '.join(HOLDOUTS)} and nothing else, got {found} "
            f"beside {TRAIN}; move the rest away"
        )
    return held_out[0]
