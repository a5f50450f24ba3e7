"""Planted defects of training data, each at a graded strength; the holdout stays clean.

A defect is spelled ``NAME:STRENGTH``, as in "noise:0.2", and several are joined by "+". They fall upon
the training samples that a run may see, after its data size is chosen; only defects of the classes come
before, so that a run whose data size allows it sees as many samples without them as with them. Outliers
come from photographs or from a data set of the user's choice, "outliers@mnist:0.1".
"""

from __future__ import annotations

import difflib
from collections.abc import Callable
from dataclasses import dataclass
from typing import NoReturn

from torch import Generator, Tensor

from gans.data import spoilers
from gans.data.dataset import Dataset
from gans.data.spoilers import Training
from gans.registry import Registry

NONE = "none"

IMAGES, POINTS = "images", "points"

Spoil = Callable[[Training, float, Generator], Training]
Keep = Callable[[Tensor, int, float, Generator], Tensor]


@dataclass(frozen=True)
class Defect:
    """One way to spoil training data: either which samples stay, or what becomes of them.

    Args:
        strength: what it means, in words.
        keep: (labels, classes, strength, generator) to the indices of the samples that stay.
        spoil: (samples, strength, generator) to as many samples.
        kinds: data it applies to, of IMAGES and POINTS.
        of_the_set: it does not change what a sample can look like, only how often: fresh samples of the
            same law are the clean ones.
    """

    name: str
    strength: str
    keep: Keep | None = None
    spoil: Spoil | None = None
    kinds: tuple[str, ...] = (IMAGES,)
    of_the_set: bool = False


@dataclass(frozen=True)
class Dose:
    """A defect at a strength; ``source`` names the data set that outliers come from, if one was named."""

    defect: Defect
    strength: float
    source: str = ""

    def __str__(self) -> str:
        """The spelling that a config bears."""
        source = f"@{self.source}" if self.source else ""
        return f"{self.defect.name}{source}:{self.strength:.12g}"


DEFECTS: Registry[Defect] = Registry("defect")
"""In the order in which they happen to data: collected, photographed, stored."""

BOTH = (IMAGES, POINTS)

for _defect in (
    Defect("missing", "share of the classes that are gone, rounded up", keep=spoilers.missing, kinds=BOTH),
    Defect(
        "imbalance", "the rarest class keeps 100^-strength of its samples", keep=spoilers.imbalance,
        kinds=BOTH,
    ),
    Defect(
        "outliers", "share of the samples that are replaced by foreign ones", spoil=spoilers.outliers,
        kinds=BOTH,
    ),
    Defect("blur", "standard deviation in quarters of the shorter side", spoil=spoilers.blur),
    Defect("noise", "standard deviation in half ranges of the data", spoil=spoilers.noise, kinds=BOTH),
    Defect("salt", "share of the pixels turned black or white", spoil=spoilers.salt),
    Defect("scaling", "1 puts pixels into [0, 1] where [-1, 1] is expected", spoil=spoilers.scaling),
    Defect(
        "near-duplicates", "share of the samples that are all but copies", spoil=spoilers.near_duplicates,
        of_the_set=True,
    ),
    Defect(
        "duplicates", "share of the samples that are copies", spoil=spoilers.duplicates, kinds=BOTH,
        of_the_set=True,
    ),
):  # fmt: skip
    DEFECTS.add(_defect.name, _defect)


def parse_defect(text: str) -> tuple[Dose, ...]:
    """The defects that a text names, in the order in which they fall upon data; none for "none".

    Raises:
        ValueError: an unknown name, a strength that is no number in (0, 1], or one name twice.

    Example:
        >>> [str(dose) for dose in parse_defect("noise:.2+missing:0.3")]
        ['missing:0.3', 'noise:0.2']
        >>> parse_defect("nose:0.2")
        Traceback (most recent call last):
        ValueError: defect: must be NAME:STRENGTH, got 'nose:0.2'; did you mean 'noise:0.2'? (...)
        >>> parse_defect("noise:2")
        Traceback (most recent call last):
        ValueError: defect: noise must have a strength above 0 and up to 1, got '2'; did you ...
    """
    if text == NONE:
        return ()
    doses = [_parse_one(part) for part in str(text).split("+")]
    order = DEFECTS.names()
    doses.sort(key=lambda dose: order.index(dose.defect.name))
    names = [dose.defect.name for dose in doses]
    if len(set(names)) < len(names):
        raise ValueError(f"defect: must name each defect once, got {text!r}; give the stronger one alone")
    return tuple(doses)


def canonical_defect(text: str) -> str:
    """The one spelling of a defect: what a config must bear, so that equal runs have equal ids.

    Raises:
        ValueError: as ``parse_defect``.

    Example:
        >>> canonical_defect("noise:.20+missing:0.3"), canonical_defect("none")
        ('missing:0.3+noise:0.2', 'none')
    """
    return "+".join(map(str, parse_defect(text))) or NONE


def check_defect(dataset: Dataset, text: str) -> None:
    """See that defects can fall upon a data set.

    Raises:
        ValueError: as ``parse_defect``; or one does not apply to such data.

    Example:
        >>> from gans.data import load
        >>> check_defect(load("ring8"), "blur:0.5")
        Traceback (most recent call last):
        ValueError: defect: blur must have images, got points (2,) of 'ring8'; choose one of missing, ...
    """
    kind = kind_of(dataset)
    for dose in parse_defect(text):
        defect = dose.defect
        if kind not in defect.kinds:
            able = ", ".join(name for name in DEFECTS if kind in DEFECTS.get(name).kinds)
            raise ValueError(
                f"defect: {defect.name} must have images, got points {dataset.sample_shape} of "
                f"{dataset.name!r}; choose one of {able}"
            )
        if defect.keep is not None and (dataset.train_labels is None or dataset.classes < 2):
            raise ValueError(
                f"defect: {defect.name} must have labels of two classes or more, got none in "
                f"{dataset.name!r}; choose duplicates or outliers"
            )


def kind_of(dataset: Dataset) -> str:
    """IMAGES of data with channels, height and width, else POINTS."""
    return IMAGES if len(dataset.sample_shape) == 3 else POINTS


def _parse_one(text: str) -> Dose:
    head, colon, number = text.strip().rpartition(":")
    name, _, source = head.partition("@")
    if not colon or name not in DEFECTS or (source and name != "outliers"):
        _refuse(text, name if colon else text.strip(), number)
    try:
        strength = float(number)
    except ValueError:
        strength = -1.0
    if not 0 < strength <= 1:
        nearest = "1" if strength > 1 else "0.2"
        raise ValueError(
            f"defect: {name} must have a strength above 0 and up to 1, got {number!r}; "
            f"did you mean '{head}:{nearest}'? ({DEFECTS.get(name).strength})"
        )
    return Dose(DEFECTS.get(name), strength, source)


def _refuse(text: str, name: str, number: str) -> NoReturn:
    near = difflib.get_close_matches(name.partition("@")[0].lower(), DEFECTS, n=1, cutoff=0.5)
    advice = f"did you mean '{near[0]}:{_strength_like(number)}'?" if near else "choose one of"
    raise ValueError(
        f"defect: must be NAME:STRENGTH, got {text!r}; {advice} ({', '.join((NONE, *sorted(DEFECTS)))})"
    )


def _strength_like(number: str) -> str:
    try:
        return number if 0 < float(number) <= 1 else "0.2"
    except ValueError:
        return "0.2"
