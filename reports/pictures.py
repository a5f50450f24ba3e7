"""Samples to look at: typical runs of each outcome beside real data, read from the artifacts and embedded."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd
from PIL import Image

from reports import films, png, words
from reports.films import Film
from reports.outcomes import OUTCOME_COLOURS
from reports.say import Name, say
from reports.summaries import datasets

PER_OUTCOME = 3
"""Pictures of each outcome and dataset."""
MAX_BYTES = 24_000
"""A larger picture is shrunk before it is embedded."""
BUDGET = 280_000
"""Bytes of all pictures together; past it no more are embedded. Films have a budget of their own."""
_SIDE = 216


@dataclass(frozen=True, slots=True)
class Picture:
    """One embedded picture: its data URI, words for who cannot see it, and the line below it."""

    uri: str
    alt: str
    caption: str
    side: int = _SIDE


@dataclass(frozen=True, slots=True)
class Album:
    """Pictures of one dataset.

    Args:
        real: real samples, None where their picture is missing.
        outcomes: outcome, number of its runs, pictures of some of them.
        absent: pictures that were looked for and not found or not readable.
        films: of one run of each outcome, where runs left films.
    """

    dataset: str
    real: Picture | None
    outcomes: tuple[tuple[str, int, tuple[Picture, ...]], ...]
    absent: int
    films: tuple[Film, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether there is nothing to show."""
        return self.real is None and not self.films and not any(shown for _, _, shown in self.outcomes)


def albums(runs: pd.DataFrame, folder: Path | None) -> list[Album]:
    """Collect pictures for every dataset: those of typical runs, median score first."""
    if folder is None:
        return []
    left = BUDGET
    found = []
    for dataset in datasets(runs):
        part = runs[runs["dataset"] == dataset]
        album, used = _album(part, dataset, folder / "artifacts", left)
        left -= used
        found.append((album, part))
    shelves = sum(len(album.outcomes) for album, _ in found)
    return [
        _with_films(album, part, folder / "artifacts", films.BUDGET * len(album.outcomes) // max(1, shelves))
        for album, part in found
    ]


def _album(runs: pd.DataFrame, dataset: str, folder: Path, budget: int) -> tuple[Album, int]:
    name = words.label(dataset)
    content = _read(folder / f"real-{file_name(dataset)}.png", budget)
    real = (
        None if content is None else Picture(png.uri(content), say("Real samples of {name}.", name=name), "")
    )
    used, absent, groups = len(content or b""), int(content is None), []
    for outcome in (outcome for outcome in OUTCOME_COLOURS if (runs["outcome"] == outcome).any()):
        part = runs[runs["outcome"] == outcome]
        pictures = []
        for run in _typical(part).to_dict("records"):
            place = folder / file_name(str(run["run_id"])) / "samples.png"
            content = _read(place, budget - used)
            if content is None:
                absent += 1
                continue
            used += len(content)
            pictures.append(_picture(run, content))
        groups.append((outcome, len(part), tuple(pictures)))
    return Album(name, real, tuple(groups), absent), used


def _with_films(album: Album, runs: pd.DataFrame, folder: Path, budget: int) -> Album:
    """Add the film of the most typical run of each outcome that left one; older runs left none."""
    found: list[Film] = []
    absent = 0
    for outcome, _, _ in album.outcomes:
        for run in _typical(runs[runs["outcome"] == outcome]).to_dict("records"):
            place = folder / file_name(str(run["run_id"])) / films.FILE
            left = budget - sum(film.used for film in found)
            film = films.film(run, _where(run), place, left)
            if film is not None:
                found.append(film)
                break
            absent += place.exists()
    return replace(album, films=tuple(found), absent=album.absent + absent)


def _typical(runs: pd.DataFrame) -> pd.DataFrame:
    """Pick runs nearest to the median score, of different recipes where there are some."""
    away = (runs["score"] - runs["score"].median()).abs().fillna(9.0)
    ranked = runs.assign(away=away).sort_values(["away", "run_id"], kind="stable")
    first = ranked.drop_duplicates("variant")
    rest = ranked.drop(first.index)
    return pd.concat([first, rest]).head(PER_OUTCOME)


def _picture(run: dict[str, object], content: bytes) -> Picture:
    where, score = _where(run), words.fixed(float(str(run["score"])))
    alt = say(
        "Samples of run {run}: {where}, {outcome}, score {score}.",
        run=Name(run["run_id"]),
        where=where,
        outcome=Name(run["outcome"]),
        score=score,
    )
    return Picture(png.uri(content), alt, say("{where}, score {score}", where=where, score=score))


def _where(run: dict[str, object]) -> str:
    return say(
        "{recipe}, ratio {ratio}, {size:,.0f} samples",
        recipe=words.label(run["variant"]),
        ratio=words.ratio(float(str(run["capacity_ratio"]))),
        size=float(str(run["data_size"])),
    )


def _read(path: Path, budget: int) -> bytes | None:
    content = png.content_of(path)
    if content is None:
        return None
    try:
        content = content if len(content) <= MAX_BYTES else _shrunk(content)
    except png.DAMAGED:
        return None
    return content if len(content) <= min(budget, 4 * MAX_BYTES) else None


def _shrunk(content: bytes) -> bytes:
    with Image.open(io.BytesIO(content), formats=("PNG",)) as image:
        image.thumbnail((_SIDE, _SIDE))
        target = io.BytesIO()
        image.convert("L").save(target, format="PNG", optimize=True)
    return target.getvalue()


def file_name(name: str) -> str:
    """Spell a name as the worker does for files; no name leads out of the folder."""
    return "".join(letter if letter.isalnum() or letter in "-_" else "_" for letter in name)
