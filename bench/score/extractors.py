"""Which extractor a word of the command line means."""

from __future__ import annotations

from pathlib import Path

from bench.features import EXTRACTORS, SERVES, Extractor, ExtractorError
from bench.features.inception import NAME as INCEPTION
from bench.features.inception import inception2048

SHORT = {"inception": INCEPTION}


def extractor_named(name: str, inception_weights: Path | None = None) -> Extractor:
    """The extractor of that name, of a data set's name, or of a user's own ``module:object``.

    Args:
        inception_weights: file for ``inception``.

    Raises:
        ValueError: no such extractor, or its weights are of no use.

    Example:
        >>> extractor_named("fashion-mnist").name, extractor_named("digits32").name
        ('fashion64', 'digits32')
    """
    full = SHORT.get(name) or (SERVES.get(name) if name in SERVES else name)
    if full == INCEPTION:
        return inception2048(inception_weights)
    if inception_weights is not None:
        raise ExtractorError(
            f"--inception-weights: must come with --extractor inception, got {name!r}; leave one out"
        )
    if ":" not in full and full not in EXTRACTORS:
        from bench.profile.problems import nearest

        known = (*SHORT, *SERVES, *EXTRACTORS)
        raise ExtractorError(
            f"--extractor: must be a known extractor or module:object, got {name!r}; {nearest(name, known)}"
        )
    factory = EXTRACTORS.resolve(full)
    if full in EXTRACTORS:
        return factory()
    return _made(factory, full)


def _made(factory: object, name: str) -> Extractor:
    try:
        found = factory()  # type: ignore[operator]
    # A user's function may fail in any way; whichever it is, the user needs one line that names it.
    except Exception as error:
        first_line = str(error).partition("\n")[0]
        raise ExtractorError(
            f"extractor {name!r}: must return an Extractor, got {type(error).__name__}: {first_line}; "
            "call it without arguments to see where"
        ) from error
    if not isinstance(found, Extractor):
        raise ExtractorError(
            f"extractor {name!r}: must return a bench.features.Extractor, got {type(found).__name__}; "
            "wrap its map in one"
        )
    return found
