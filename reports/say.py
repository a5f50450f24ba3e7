"""Sentences that remember what they are made of, so that the same findings can be told in another language.

English is written where it is said, as a pattern with named values; a catalogue maps patterns to patterns.
What stands alone on the page, such as a heading or the name of a column, may stay a plain string: the
catalogue finds it as it is. Names from outside are ``Name``, and no catalogue touches them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

Catalogue = Mapping[str, str]
"""English pattern to the pattern of another language, with the same names in braces."""


class Name(str):
    """A name of the data or of the code: the same in every language."""

    __slots__ = ()


class Text(str):
    """A text that knows its pattern and its values; to all else an ordinary string."""

    __slots__ = ("pattern", "values")
    pattern: str
    values: Mapping[str, object]


def say(pattern: str, /, **values: object) -> Text:
    """Fill a pattern; values may be texts themselves.

    Example:
        >>> say("{runs} failed with {loss}.", runs=say("{n} runs", n=3), loss="mmgan")
        '3 runs failed with mmgan.'
    """
    return _text(pattern.format(**values) if values else pattern, pattern, values)


def shaped(content: str, text: str) -> str:
    """Give a text another English form (a capital letter, the singular); other languages say it as before.

    Example:
        >>> one = shaped("1 run", say("{n} runs", n=1))
        >>> one, translated(one, {"{n} runs": "{n} 次运行"})
        ('1 run', '1 次运行')
    """
    if isinstance(text, Text):
        return _text(content, text.pattern, text.values)
    return Name(content) if isinstance(text, Name) else _text(content, text, {})


def joined(
    parts: Sequence[str], pattern: str = "{left} {right}", names: tuple[str, str] = ("left", "right")
) -> str:
    """Join texts by a pattern of two, which another language may join otherwise.

    Example:
        >>> said = joined(["a", "b", "c"], "{left}, {right}")
        >>> said, translated(said, {"{left}, {right}": "{left}，{right}"})
        ('a, b, c', 'a，b，c')
    """
    if len(parts) < 2:
        return parts[0] if parts else ""
    half = len(parts) // 2  # halves, for a chain of many would nest too deep
    sides = (joined(parts[:half], pattern, names), joined(parts[half:], pattern, names))
    return say(pattern, **dict(zip(names, sides, strict=True)))


def translated(text: str, catalogue: Catalogue) -> str:
    """Say a text by another language's patterns; what the catalogue lacks stays English.

    Example:
        >>> text = say("{runs} failed.", runs=say("{n} runs", n=3))
        >>> translated(text, {"{runs} failed.": "失败：{runs}。", "{n} runs": "{n} 次"})
        '失败：3 次。'
    """
    if isinstance(text, Name):
        return text
    if not isinstance(text, Text):
        return catalogue.get(text, text)
    pattern = catalogue.get(text.pattern)
    if pattern is None and not text.values:
        return str(text)
    values = {name: _value(value, catalogue) for name, value in text.values.items()}
    return (pattern or text.pattern).format(**values) if values else str(pattern)


def _text(content: str, pattern: str, values: Mapping[str, object]) -> Text:
    text = Text(content)
    text.pattern, text.values = pattern, values
    return text


def _value(value: object, catalogue: Catalogue) -> object:
    return translated(value, catalogue) if isinstance(value, str) else value
