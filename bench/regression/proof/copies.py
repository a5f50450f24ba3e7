"""Scratch copies of this tree with one fault planted by an edit of the source."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bench.regression.trees import Tree

PACKAGES = ("gans", "bench", "reports")


@dataclass(frozen=True, slots=True)
class Edit:
    """What to write in place of what; the old text must be there exactly once."""

    file: str
    old: str
    new: str


_BUSY = """                self.state, row = self.program.turn(self.state, self._draws())
                planted = time.process_time() - planted
                until = time.process_time() + {share} * planted
                while time.process_time() < until:
                    pass
"""
_TURN = "                self.state, row = self.program.turn(self.state, self._draws())\n"


def slowdown(share: float) -> tuple[Edit, ...]:
    """Make every training step longer by a share of itself: time is lost after what it computes."""
    begin = "                self._before = self.state\n"
    return (
        Edit("gans/cohort.py", "import warnings\n", "import time\nimport warnings\n"),
        Edit("gans/cohort.py", begin, f"{begin}                planted = time.process_time()\n"),
        Edit("gans/cohort.py", _TURN, _BUSY.format(share=share)),
    )


_R1 = "def r1(discriminator: Discriminator, real: Tensor, fake: Tensor, mix: Tensor) -> Tensor:\n"

FAULTS: Mapping[str, tuple[Edit, ...]] = {
    "tripled learning rate": (
        Edit(
            "gans/optim.py",
            "    return weights - rates * corrections[0] * mean / scale, (mean, square)",
            "    return weights - 3.0 * rates * corrections[0] * mean / scale, (mean, square)",
        ),
    ),
    "dropped regularizer": (
        Edit(
            "gans/regularizers.py",
            _R1,
            f"{_R1}    return 0.0 * discriminator(real)\n\n\n{_R1.replace('r1', '_unplanted', 1)}",
        ),
    ),
    "wrong label": (
        Edit(
            "gans/losses.py",
            "    return softplus(-fake_logits)\n",
            "    return softplus(fake_logits)\n",
        ),
    ),
    "changed extractor": (
        Edit("bench/features/identity.py", '    name = "xy" if', '    name = "yx" if'),
        Edit("bench/features/shipped.py", "        name=spec.name,\n", '        name=f"{spec.name}b",\n'),
    ),
}
"""Faults of quality by what a reader calls them."""


FLIPPED = (
    Edit(
        "bench/regression/decision.py",
        'np.log(sides[1] / sides[0]), ""',
        'np.log(sides[0] / sides[1]), ""',
    ),
)
"""A fault of the tracker itself: its ratio turned round."""


class EditError(ValueError):
    """A fault that cannot be planted: the source has changed."""


def planted(source: Path, target: Path, edits: tuple[Edit, ...]) -> Tree:
    """Copy the packages of a tree and plant a fault.

    Raises:
        EditError: the text to be replaced is not there exactly once.
    """
    for package in PACKAGES:
        shutil.copytree(source / package, target / package, ignore=shutil.ignore_patterns("__pycache__"))
    for edit in edits:
        path = target / edit.file
        text = path.read_text(encoding="utf-8")
        if text.count(edit.old) != 1:
            raise EditError(
                f"{edit.file}: must hold once what a fault replaces, got {text.count(edit.old)} times"
            )
        path.write_text(text.replace(edit.old, edit.new), encoding="utf-8")
    return Tree("planted", target)
