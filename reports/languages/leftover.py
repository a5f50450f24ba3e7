"""English that is left on a page of another language."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html.parser import HTMLParser

from bench.records.columns import EVALUATION_COLUMNS, RUN_COLUMNS
from bench.records.schema import MECHANISMS, OUTCOMES
from gans.recipes import RECIPES

_SPOKEN = ("alt", "aria-label", "title")
_SILENT = ("style", "script")
_OUTSIDE = ("environment", "verdicts")
"""Sections whose tables hold what a machine said of itself, and what a record says of its verdict."""

TERMS = frozenset(
    {
        "GAN", "GANs", "IQM", "AUC", "KL", "MMD", "ADA", "Wilson", "Newcombe", "McNemar", "Holm",
        "BH", "Benjamini", "Hochberg", "Wasserstein", "Inception", "Fréchet", "Jensen", "Shannon",
        "Jacobian", "DiffAugment", "bootstrap", "logit", "beta", "minimax", "clip", "exp",
        "English", "stability", "bench", "EMA", "df", "Student", "slope", "real", "min", "MB",
        "GFLOP", "FLOP", "nat", "inf", "train", "failed", "stable", "undecided", "finished",
        "diverged", "stopped", "size", "defect", "training", "none", "standard", "pilot",
        "log", "Firth", "Spearman",
    }
)  # fmt: skip
"""Latin words that the other language uses too: terms, units and names that code gives."""

_CODE = re.compile(
    r"--[a-z-]+|python -m [\w.]+|ganbench [a-z-]+ DIR(?: ID)?|"
    r"[\w-]+\.(?:csv|json|html|toml)|\b[0-9a-f]{8,}\b|[\w-]+@\d+|[a-z]+_[a-z_]+"
)
_WORD = re.compile(r"[A-Za-zÀ-ÿ]{2,}")


class _Reader(HTMLParser):
    """Collects what a reader sees or hears, outside of the section of foreign words."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._tag, self._section = "", ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep attributes that are read out."""
        given = dict(attrs)
        if tag == "section":
            self._section = given.get("id") or ""
        self._tag = tag
        self.texts += [text for name in _SPOKEN if (text := given.get(name))]

    def handle_endtag(self, tag: str) -> None:
        """Leave a style sheet or a script behind."""
        self._tag = ""

    def handle_data(self, data: str) -> None:
        """Keep text."""
        if (
            self._tag not in _SILENT
            and data.strip()
            and not (self._section in _OUTSIDE and self._tag == "td")
        ):
            self.texts.append(data.strip())


def texts(page: str) -> list[str]:
    """Every text of a page in order: text nodes, alternative texts, labels and titles.

    Example:
        >>> texts('<p title="a">b <i>c</i></p><style>d</style>')
        ['a', 'b', 'c']
    """
    return _Reader(page).texts


def leftover(page: str, names: Iterable[str] = ()) -> list[str]:
    """Texts of a page in which there is an English word that is no name, no term and no code.

    Args:
        page: HTML of a page of another language.
        names: further names, such as those of datasets.

    Example:
        >>> leftover("<p>失败率 wgan-gp</p><p>no run failed</p><p>IQM，见 runs.csv</p>")
        ['no run failed']
    """
    known = [*RECIPES.names(), *OUTCOMES, *MECHANISMS, *RUN_COLUMNS, *EVALUATION_COLUMNS, *names]
    longest_first = sorted(map(re.escape, known), key=len, reverse=True)
    named = re.compile(rf"(?<![\w-])(?:{'|'.join(longest_first)})(?![\w-])")
    return [text for text in dict.fromkeys(texts(page)) if _english(named.sub(" ", _CODE.sub(" ", text)))]


def _english(text: str) -> bool:
    return any(word not in TERMS for word in _WORD.findall(text))
