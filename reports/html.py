"""What every page of ours is: one HTML file that needs no network, held to that by the policy in its head."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from importlib import resources
from typing import Any

import jinja2
from markupsafe import Markup, escape

from reports import words
from reports.languages import ENGLISH, Language
from reports.parts import Cell
from reports.say import Text, joined


def render(
    template: str, content: Mapping[str, Any], scripts: Sequence[str] = (), language: Language = ENGLISH
) -> str:
    """Spell a page as HTML; whatever came from outside is escaped.

    Args:
        template: a file of reports/templates that extends base.html.
        content: what it shows; ``title`` at least.
        scripts: files of reports/templates that are joined to the one script that the page may run.
        language: what its texts are told in.
    """
    style, code = _file("style.css"), _joined(scripts)
    shell = {"style": Markup(style), "script": Markup(code), "policy": _policy(style, code)}
    return environment(language).get_template(template).render({**content, **shell, "language": language})


def weighted(text: str) -> Markup:
    """Escape a sentence and set its differences, with their intervals, in bold.

    Example:
        >>> str(weighted("<b>: +5\N{NARROW NO-BREAK SPACE}points [1, 9] (20 pairs)"))
        '&lt;b&gt;: <strong>+5\u202fpoints [1, 9]</strong> (20 pairs)'
    """
    return Markup(_DIFFERENCE.sub(r"<strong>\g<0></strong>", str(escape(text))))


_DIFFERENCE = re.compile("[+−]?\\d+\N{NARROW NO-BREAK SPACE}(?:points?|个百分点) ?\\[[^\\]<>]*\\]")


def environment(language: Language) -> jinja2.Environment:
    """Templates that tell texts in a language.

    A ``Text`` is told so wherever it is shown; what is a plain string to the template asks for it: ``t`` for
    words of the template's own and for names of columns, ``filled`` for those with something put in.
    """

    def told(text: object) -> object:
        """Text in the page's language; all else as it is."""
        return language.tell(text) if isinstance(text, str) else text

    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("reports", "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        keep_trailing_newline=True,
        finalize=lambda text: told(text) if isinstance(text, Text) else text,
    )
    environment.filters["t"] = told
    environment.filters["drawn"] = lambda panel: panel.told(told)
    environment.filters["weighted"] = lambda text: weighted(str(told(text)))
    environment.filters["filled"] = lambda text, **values: escape(told(text)).format(**values)
    environment.filters["count"] = words.count
    environment.filters["cells"] = lambda row, keys: _cells(row, keys, told)
    environment.policies["json.dumps_kwargs"] = {"separators": (",", ":"), "ensure_ascii": False}
    environment.filters["joined"] = joined
    environment.filters["sentences"] = words.sentences
    return environment


def _cells(row: Sequence[Cell], keys: Sequence[bool], told: Callable[[object], object]) -> Markup:
    """Spell the cells of a row: in Python, for there are tens of thousands of them."""
    spelled = []
    for cell, key in zip(row, keys, strict=True):
        text = escape(told(cell.text))
        if cell.href:
            text = Markup('<a href="{}">{}</a>').format(cell.href, text)
        if cell.value is not None:
            spelled.append(f'<td class="n" data-v="{cell.order}">{text}' if key else f'<td class="n">{text}')
        else:
            spelled.append(f'<td class="w">{text}' if len(cell.text) > _LONG else f"<td>{text}")
    return Markup("</td>".join([*spelled, ""]))


_LONG = 28
"""Letters from which a cell breaks its line."""


def _joined(scripts: Sequence[str]) -> str:
    """Join scripts in one scope of theirs; an error stops them all, so each takes what is not there."""
    if not scripts:
        return ""
    return "\n".join(['"use strict";', "(() => {", *map(_file, scripts), "})();"])


def _file(name: str) -> str:
    return (resources.files("reports") / "templates" / name).read_text(encoding="utf-8").strip()


def _policy(style: str, script: str) -> str:
    """Allow this one style sheet, this one script if any, and pictures that the page itself holds."""
    run = f"script-src {_digest(script)}; " if script else ""
    return (
        f"default-src 'none'; img-src data:; style-src {_digest(style)}; {run}"
        "base-uri 'none'; form-action 'none'"
    )


def _digest(content: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"
