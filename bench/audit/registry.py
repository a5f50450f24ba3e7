"""The checks of an audit, in the order in which they are told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bench.audit import images, points, sets
from bench.audit.finding import Finding
from bench.audit.subject import Subject
from gans.data.defects import IMAGES, POINTS
from gans.registry import Registry


@dataclass(frozen=True, slots=True)
class Check:
    """One check: what it applies to, and how it looks; None where it has nothing to look at.

    Args:
        of_files: it looks at files alone, and so also where no image of theirs can be looked at.
    """

    look: Callable[[Subject], Finding | None]
    kinds: tuple[str, ...] = (IMAGES,)
    of_files: bool = False


CHECKS: Registry[Check] = Registry("check")

_BOTH = (IMAGES, POINTS)

for _name, _check in (
    ("size", Check(sets.size, _BOTH)),
    ("corrupt", Check(sets.corrupt, of_files=True)),
    ("deep", Check(sets.deep, of_files=True)),
    ("mixed-sizes", Check(sets.mixed_sizes, of_files=True)),
    ("mixed-kinds", Check(sets.mixed_kinds, of_files=True)),
    ("transparent", Check(sets.transparent, of_files=True)),
    ("missing", Check(sets.missing, _BOTH)),
    ("imbalance", Check(sets.imbalance, _BOTH)),
    ("duplicates", Check(sets.duplicates, _BOTH)),
    ("near-duplicates", Check(sets.near_duplicates)),
    ("held-out", Check(sets.held_out, _BOTH)),
    ("scaling", Check(images.scaling)),
    ("blank", Check(images.blank)),
    ("blur", Check(images.blur)),
    ("noise", Check(images.noise)),
    ("salt", Check(images.salt)),
    ("outliers", Check(images.outliers)),
    ("spread", Check(points.spread, (POINTS,))),
    ("strays", Check(points.strays, (POINTS,))),
):
    CHECKS.add(_name, _check)


def audit(subject: Subject) -> list[Finding]:
    """Make every check that applies.

    Example:
        >>> from bench.audit.subject import subject_of
        >>> from gans.data import load
        >>> findings = audit(subject_of(load("digits")))
        >>> [finding.check for finding in findings if finding.raised]
        []
    """
    checks = [CHECKS.get(name) for name in CHECKS]
    checks = [check for check in checks if subject.kind in check.kinds]
    made = [check.look(subject) for check in checks if check.of_files or len(subject.train)]
    return [finding for finding in made if finding is not None]
