"""The page that sets two results folders side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from reports import html, words
from reports.build import FOLDER
from reports.comparison.alone import alone
from reports.comparison.change import change, contrasts
from reports.comparison.matched import Matched, Side, matched, side_names
from reports.comparison.rows import COLUMNS, rows
from reports.comparison.setting import setting, warnings
from reports.comparison.speed import speed
from reports.contrasts import DEFAULT, Resampling
from reports.files import csv_of, write
from reports.frame import load
from reports.languages import ENGLISH, Language
from reports.languages.pages import write_in
from reports.say import Text, say
from reports.section import Section

NUMBERS = "comparison.csv"


def write_comparison(
    first: Path,
    second: Path,
    out: Path | None = None,
    resampling: Resampling = DEFAULT,
    language: Language = ENGLISH,
) -> Path:
    """Compare two results folders, A and B.

    Args:
        first, second: results folders; differences are the second less the first.
        out: folder to write to; that of the second's report where not given.
        resampling: repetitions and seed of the bootstrap.
        language: of a page beside the English one.

    Returns:
        The path of the page in that language; comparison.csv is written before it, beside it.

    Raises:
        bench.records.store.StoreError: a folder holds no results, or those of a newer schema.
    """
    names = side_names(Path(first), Path(second))
    sides = [
        Side(letter, name, load(Path(folder)))
        for letter, name, folder in zip("AB", names, (first, second), strict=True)
    ]
    found = matched(*sides)
    target = Path(out) if out is not None else Path(second) / FOLDER
    write(target / NUMBERS, csv_of(list(COLUMNS), ([row[name] for name in COLUMNS] for row in rows(found))))
    return write_in(language, target, file_of, partial(render, content(found, resampling)))


def file_of(language: Language) -> str:
    """Name the page in a language.

    Example:
        >>> file_of(ENGLISH)
        'comparison.html'
    """
    return language.file.replace("index", "comparison")


def render(shown: Mapping[str, Any], language: Language = ENGLISH, others: Sequence[Language] = ()) -> str:
    """Spell the page; whatever came from outside is escaped.

    Args:
        language: what it is told in. others: languages of the pages beside it, to link to.
    """
    links = [(file_of(each), each.tag, each.name) for each in others]
    return html.render("comparison.html", {**shown, "others": links}, language=language)


def content(found: Matched, resampling: Resampling = DEFAULT) -> Mapping[str, Any]:
    """Gather all that the page shows."""
    return {
        "title": say("{a} and {b}", a=words.label(found.a.name, 60), b=words.label(found.b.name, 60)),
        "over": say("GAN stability bench · comparison"),
        "heading": say("What changed from A to B?"),
        "lead": _lead(found),
        "totals": _totals(found),
        "warned": say("Before you compare"),
        "warnings": warnings(found),
        "sections": sections(found, resampling),
        "numbers": NUMBERS,
    }


def sections(found: Matched, resampling: Resampling) -> Sequence[Section]:
    """Build the parts of the page in their order."""
    return (change(found, contrasts(found, resampling)), setting(found), speed(found), alone(found))


def _lead(found: Matched) -> Text:
    return say(
        "A is {a}, B is {b}. Runs of both are paired by config and seed; differences are B less A.",
        a=words.label(found.a.name, 60), b=words.label(found.b.name, 60),
    )  # fmt: skip


def _totals(found: Matched) -> list[tuple[Text, str]]:
    counts = (
        (say("runs of A"), found.a.runs),
        (say("runs of B"), found.b.runs),
        (say("in both"), found.pairs),
        (say("only in A"), found.only_a),
        (say("only in B"), found.only_b),
    )
    return [(name, f"{len(runs):,}") for name, runs in counts]
