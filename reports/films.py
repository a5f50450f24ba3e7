"""Training films: strips of one run's samples over its steps, read from the artifacts and embedded."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from reports import png, words
from reports.say import Name, say

FILE = "film.png"
BUDGET = 80_000
"""Bytes of all films together; a dataset has a part of it for each of its outcomes."""
_WIDEST, _HIGHEST, _MOST_LOOKS = 4_000, 1_000, 12


@dataclass(frozen=True, slots=True)
class Film:
    """One embedded film: its data URI, its size in pixels, words for who cannot see it, and the line below.

    ``used``: bytes of the file.
    """

    uri: str
    width: int
    height: int
    alt: str
    caption: str
    used: int


def film(run: Mapping[str, object], where: str, place: Path, budget: int) -> Film | None:
    """Read the film of a run; None where there is none that can be shown.

    Args:
        run: a row of ``Frames.runs``. where: the run's settings in words.
        place: its file. budget: bytes that it may have at most.
    """
    content = png.content_of(place)
    found = None if content is None or len(content) > budget else _looked_into(content)
    if content is None or found is None:
        return None
    (width, height), steps = found
    told = {
        "where": where,
        "outcome": Name(run["outcome"]),
        "score": words.fixed(float(str(run["score"]))),
        "steps": words.listed([f"{step:,}" for step in steps]),
    }
    pattern = "Film of run {run}: samples at steps {steps} of {where}; {outcome}, score {score}."
    alt = say(pattern, run=Name(run["run_id"]), **told)
    caption = say("{outcome}: {where}, score {score}; steps {steps}", **told)
    return Film(png.uri(content), width, height, alt, caption, len(content))


def _looked_into(content: bytes) -> tuple[tuple[int, int], list[int]] | None:
    """Size and steps of a film; None where it is damaged, does not say its steps, or is no strip of ours."""
    try:
        with Image.open(io.BytesIO(content), formats=("PNG",)) as image:
            if image.width > _WIDEST or image.height > _HIGHEST:
                return None
            image.load()
            steps = [int(step) for step in str(image.info.get("steps", "")).split()]
            return (image.size, steps) if 0 < len(steps) <= _MOST_LOOKS else None
    except png.DAMAGED:
        return None
