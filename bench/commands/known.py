"""Presets without a grid: numbers that are known, each set printed and written beside ours by a command."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from bench.commands import dirac, floors


class KnownNumbers(NamedTuple):
    """One such preset.

    Args:
        command: takes the file to write, or None; the exit code.
        amount: how much it does. summary: what it is. takes: how long, in words.
    """

    command: Callable[[Path | None], int]
    amount: str
    summary: str
    takes: str


KNOWN: Mapping[str, KnownNumbers] = {
    dirac.DIRAC: KnownNumbers(dirac.dirac, "135 runs", dirac.SUMMARY, "about two minutes"),
    floors.FLOORS: KnownNumbers(floors.floors, "no runs", floors.SUMMARY, "about 30 s"),
}
"""What ``run``, ``plan`` and ``list profiles`` take beside profiles, by name."""
