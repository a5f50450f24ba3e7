"""What every page of ours is: one HTML file that needs no network, held to that by the policy in its head."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from importlib import resources
from typing import Any

import jinja2
from markupsafe import Markup, escape


def render(template: str, content: Mapping[str, Any], script: str = "") -> str:
    """Spell a page as HTML; whatever came from outside is escaped.

    Args:
        template: a file of reports/templates that extends base.html.
        content: what it shows; ``title`` at least.
        script: the one file of reports/templates that the page may run; none where empty.
    """
    style, code = _file("style.css"), _file(script) if script else ""
    shell = {"style": Markup(style), "script": Markup(code), "policy": _policy(style, code)}
    return _environment().get_template(template).render({**content, **shell})


def weighted(text: str) -> Markup:
    """Escape a sentence and set its differences, with their intervals, in bold.

    Example:
        >>> str(weighted("<b>: +5\N{NARROW NO-BREAK SPACE}points [1, 9] (20 pairs)"))
        '&lt;b&gt;: <strong>+5\u202fpoints [1, 9]</strong> (20 pairs)'
    """
    return Markup(_DIFFERENCE.sub(r"<strong>\g<0></strong>", str(escape(text))))


_DIFFERENCE = re.compile("[+−]?\\d+\N{NARROW NO-BREAK SPACE}points? \\[[^\\]<>]*\\]")


def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("reports", "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["weighted"] = weighted
    return environment


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
