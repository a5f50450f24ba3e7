"""From the text of a profile to its raw mapping; text that no parser should be given is refused before."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from typing import Any

from bench.profile.problems import ProfileError

_LONG_KEY = re.compile(r"(?:[\w\"'-]+[ \t]*\.[ \t]*){32}")
"""A key of so many parts: the parser's time grows with their square, 100 kB of them take minutes."""


def parse(name: str, text: str) -> Mapping[str, Any]:
    """Read TOML.

    Args:
        name: what the error line calls the profile.

    Raises:
        ProfileError: no TOML, or numbers, nesting and keys beyond any sense.

    Example:
        >>> parse("p.toml", "name = 'p'")
        {'name': 'p'}
    """
    if _LONG_KEY.search(text):
        raise _refusal(name, "a key of more than 32 parts")
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        problem, _, place = str(error).replace("\n", " ").rpartition(" (at ")
        raise ProfileError(
            [f"{name}: must be valid TOML, got at {place.rstrip(')')}: {problem}; correct it"]
        ) from error
    except RecursionError as error:
        raise _refusal(name, "values nested without end") from error
    except (ValueError, OverflowError) as error:  # Python reads no numbers of more than 4,300 digits
        raise _refusal(name, " ".join(str(error).split()).partition(";")[0]) from error


def _refusal(name: str, found: str) -> ProfileError:
    return ProfileError([f"{name}: must be valid TOML, got {found}; correct it"])
