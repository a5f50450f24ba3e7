"""The languages that a page can be read in: English, in which it is written, and those with a catalogue.

``python -m reports.languages`` lists what a catalogue lacks.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from reports.languages.zh import CATALOGUE
from reports.say import Catalogue, translated


@dataclass(frozen=True, slots=True, eq=False)
class Language:
    """A language of the page.

    Args:
        code: what ``--lang`` takes. tag: what the page says of itself. name: as its readers call it.
        file: the page's name. catalogue: English pattern to its own; empty for English.
    """

    code: str
    tag: str
    name: str
    file: str
    catalogue: Catalogue = field(default_factory=dict)

    def tell(self, text: str) -> str:
        """Say a text in this language; between Chinese characters no space is left.

        Example:
            >>> from reports.say import joined
            >>> LANGUAGES["zh"].tell(joined(["Varied", "Causes"]))
            '变化的因素原因'
        """
        return _GAP.sub("", translated(text, self.catalogue)) if self.catalogue else text


_GAP = re.compile("(?<=[\u3001-\u3002\u4e00-\u9fff，；：（）“”]) (?=[\u4e00-\u9fff（“])")


ENGLISH = Language("en", "en", "English", "index.html")
CHINESE = Language("zh", "zh-Hans", "中文", "index.zh.html", CATALOGUE)
LANGUAGES: Mapping[str, Language] = {each.code: each for each in (ENGLISH, CHINESE)}
"""By code, English first."""

__all__ = ["CHINESE", "ENGLISH", "LANGUAGES", "Language"]
