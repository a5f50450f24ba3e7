"""ganbench score: FID, KID and the like of any two folders of images or data sets."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bench.commands.endings import DONE, CommandError

if TYPE_CHECKING:
    from bench.features import Extractor
    from bench.score import Images, Score

DEFAULT = "inception"

HEAD_MISSING = (
    "is: not taken; it needs the classifier head (fc.weight), which these weights leave out; "
    "torch-fidelity's own file has it"
)


@dataclass(frozen=True, slots=True)
class ScoreOptions:
    """The options of ``ganbench score``, as they were given.

    Args:
        extractor: its name. metrics: names with commas between them; all that can be had where not given.
        inception_weights: file for the extractor ``inception``. n: images of either side, at most.
    """

    extractor: str | None = None
    metrics: str | None = None
    inception_weights: Path | None = None
    n: int | None = None


def score(first: str, second: str, options: ScoreOptions) -> int:
    """Print the scores of a first set of images, the generated one, against a second, the real one.

    Raises:
        CommandError: sets, extractor or metrics that cannot be used, in one line.
    """
    from bench.score import ImageError, extractor_named, images_named, score_sets
    from bench.score.embedding import cache_folder, embed
    from bench.score.scores import Sides
    from bench.score.telling import told

    groups = _groups(options.metrics)
    if options.n is not None and options.n < 2:
        raise CommandError([f"--n: must be at least 2, got {options.n}; leave it out to take all images"])
    try:
        sets = [images_named(name).at_most(options.n) for name in (first, second)]
        extractor = extractor_named(options.extractor or DEFAULT, options.inception_weights)
        notes = _without_classes(extractor, groups, named=options.metrics is not None)
        with told() as tell:
            features = [embed(images, extractor, tell, cache_folder()) for images in sets]
            found = score_sets(Sides(extractor, *features), groups, tell)
    except (ImageError, ValueError) as error:
        raise CommandError([" ".join(str(error).split())]) from error
    for line in (*_lines(sets, extractor, found), *notes):
        print(line)
    return DONE


def _groups(metrics: str | None) -> Sequence[str]:
    from bench.profile.problems import nearest
    from bench.score import GROUPS

    if metrics is None:
        return tuple(GROUPS)
    names = [name.strip() for name in metrics.split(",") if name.strip()]
    for name in names:
        if name not in GROUPS:
            raise CommandError([f"--metrics: must be known metrics, got {name!r}; {nearest(name, GROUPS)}"])
    if not names:
        raise CommandError(
            [f"--metrics: must name one metric or more, got none; choose out of {','.join(GROUPS)}"]
        )
    return list(dict.fromkeys(names))


def _without_classes(extractor: Extractor, groups: Sequence[str], *, named: bool) -> Sequence[str]:
    """What to say of the Inception Score where there is no classifier; asked for by name, it is refused."""
    from bench.features.inception import NAME

    if extractor.classify is not None or "is" not in groups:
        return ()
    words = HEAD_MISSING if extractor.name == NAME else f"is: not taken; {extractor.name} has no classifier"
    if not named:
        return (words,)
    reason = words.removeprefix("is: not taken; ")
    raise CommandError([f"--metrics: must be what {extractor.name} can give, got 'is': {reason}; drop it"])


def _lines(sets: Sequence[Images], extractor: Extractor, scores: Sequence[Score]) -> Iterator[str]:
    first, second = (f"{each.name} ({each.count} images of {'x'.join(map(str, each.size))})" for each in sets)
    yield f"{first} against {second}, features of {extractor.name} {extractor.sha256[:8]}"
    yield ""
    rows = [("score", "value", "real against real", "")] + [
        (each.name, _number(each.value), f"{_number(each.floor)} @{each.floor_count}", each.remark)
        for each in scores
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
        yield "  ".join([*cells, row[3]]).rstrip()


def _number(value: float) -> str:
    return "not to be had" if math.isnan(value) else f"{value:.6g}"
