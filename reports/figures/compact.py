"""Matplotlib's SVG without what no reader needs: two fifths of its bytes, the same picture.

Styles that come twice become classes of the picture's own style sheet, groups that say nothing go, names
that nothing refers to go, and paths lose what they imply. A mark set with ``set_gid("r-...")`` becomes a
class, so that a page can hide it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import count
from string import ascii_lowercase

MARK = "r-"
"""How names begin that are kept, as classes."""

_Attributes = dict[str, str]
_TOKEN = re.compile(r"<[^>]+>|[^<]+")
_ATTRIBUTE = re.compile(r'([\w:-]+)="([^"]*)"')
_REFERENCE = re.compile(r"#([\w.-]+)")


def compact(svg: str) -> str:
    """Spell the same picture shorter.

    Args:
        svg: one line of SVG as matplotlib writes it: attributes in double quotes, no comments.

    Example:
        >>> path = '<path d="M 1.0 2 L 3 4 L 5 6 "/>'
        >>> compact(f'<svg><defs><style>a{{}}</style></defs><g id="patch_1">{path}</g></svg>')
        "<svg><defs><style>a{}</style></defs><path d='M1 2 3 4 5 6'/></svg>"
    """
    tags = [_parsed(token) for token in _TOKEN.findall(svg)]
    tags = _without_idle_groups([_cleaned(tag) for tag in tags], set(_REFERENCE.findall(svg)))
    styles = Counter(tag.attributes["style"] for tag in tags if "style" in tag.attributes)
    classes = dict(zip((style for style, uses in styles.items() if uses > 1), _names(), strict=False))
    ids = dict(
        zip(
            dict.fromkeys(tag.attributes["id"] for tag in tags if "id" in tag.attributes),
            _names(),
            strict=False,
        )
    )
    text = "".join(tag.spelled(classes, ids) for tag in tags)
    sheet = "".join(f".{name}{{{style}}}" for style, name in classes.items())
    return text.replace("</style>", f"{sheet}</style>", 1)


class _Tag:
    """A tag or a text between tags."""

    __slots__ = ("attributes", "name", "text")

    def __init__(self, name: str, attributes: _Attributes, text: str = "") -> None:
        self.name, self.attributes, self.text = name, attributes, text

    def spelled(self, classes: dict[str, str], ids: dict[str, str]) -> str:
        """Spell it with classes in place of styles and short names; attributes in single quotes."""
        if self.text:
            return self.text
        shown = dict(self.attributes)
        if "style" in shown and shown["style"] in classes:
            shown["class"] = " ".join(filter(None, (shown.get("class"), classes[shown.pop("style")])))
        if "id" in shown:
            shown["id"] = ids[shown["id"]]
        for name in ("href", "clip-path"):
            if name in shown:
                shown[name] = _REFERENCE.sub(lambda found: f"#{ids.get(found[1], found[1])}", shown[name])
        inside = "".join(f" {name}='{value}'" for name, value in shown.items())
        return f"<{self.name}{inside}>" if not self.name.endswith("/") else f"<{self.name[:-1]}{inside}/>"


def _parsed(token: str) -> _Tag:
    if not token.startswith("<"):
        return _Tag("", {}, token)
    name = re.match(r"</?[\w:]+", token)
    if name is None or name[0].startswith("</"):
        return _Tag("", {}, token)
    return _Tag(name[0][1:] + ("/" if token.endswith("/>") else ""), dict(_ATTRIBUTE.findall(token)))


def _cleaned(tag: _Tag) -> _Tag:
    shown = tag.attributes
    if "xlink:href" in shown:
        shown["href"] = shown.pop("xlink:href")
    if shown.get("id", "").startswith(MARK):
        shown["class"] = shown.pop("id")
    if "d" in shown:
        shown["d"] = _path(shown["d"])
    if "style" in shown:
        shown["style"] = (
            shown["style"].replace(": ", ":").replace("; ", ";").replace("stroke-dashoffset:0;", "")
        )
    for name in ("x", "y", "width", "height"):
        if name in shown:
            shown[name] = re.sub(r"\.0\b", "", shown[name])
    for name in ("type", "version", "xmlns:xlink"):
        shown.pop(name, None)
    return tag


def _path(drawn: str) -> str:
    """Drop what a path implies: ``L`` after ``M`` or ``L``, spaces about letters, ``.0``."""
    words, said = [], ""
    for word in re.sub(r"(\.\d*?)0+\b", r"\1", drawn).replace(". ", " ").split():
        if word == "L" and said in ("L", "M"):
            continue
        if word.isalpha():
            said = word
        words.append(word)
    return re.sub(r" ?([A-Za-z]) ?", r"\1", " ".join(words))


def _without_idle_groups(tags: list[_Tag], referred: set[str]) -> list[_Tag]:
    kept: list[_Tag] = []
    open_groups: list[bool] = []
    for tag in tags:
        if "id" in tag.attributes and tag.attributes["id"] not in referred:
            del tag.attributes["id"]
        if tag.name == "g":
            open_groups.append(bool(tag.attributes))
            if not tag.attributes:
                continue
        elif tag.name == "g/" or (tag.text == "</g>" and not open_groups.pop()):
            continue
        kept.append(tag)
    return kept


def _names() -> Iterator[str]:
    """Yield a, b, ..., z, a1, b1, ..."""
    for turn in count():
        for letter in ascii_lowercase:
            yield f"{letter}{turn or ''}"
