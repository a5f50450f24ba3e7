"""Why a rule of the table of outcomes matched."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Evidence:
    """Why a rule matched.

    Args:
        numbers: what was measured. limits: what it was compared with, under the same names where one exists.
        onset_step: first step from which it held; each rule says what "it" is.
        detail: the kind or the reason in words, where the label leaves it open.
    """

    numbers: Mapping[str, float]
    limits: Mapping[str, float] = field(default_factory=dict)
    onset_step: int | None = None
    detail: str = ""
