"""A page on disk in English and, where asked for, in one language more."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from reports.files import write
from reports.languages import ENGLISH, LANGUAGES, Language

Spell = Callable[[Language, Sequence[Language]], str]
"""(language, those of the pages beside it) to the text of a page."""


def write_in(language: Language, target: Path, page: Callable[[Language], str], spell: Spell) -> Path:
    """Write a page in English and in one more language; those of others would hold older numbers and go.

    Args:
        page: a language to the page's file name. spell: makes the text.

    Returns:
        the path of the page in that language.
    """
    wanted = tuple(dict.fromkeys((language, ENGLISH)))
    for each in LANGUAGES.values():
        if each not in wanted:
            (target / page(each)).unlink(missing_ok=True)
    for each in wanted:
        write(target / page(each), spell(each, [other for other in wanted if other != each]))
    return target / page(language)
