"""PNG files that runs left, read from disk and embedded: whole and ours, or not at all."""

from __future__ import annotations

import base64
from pathlib import Path

from PIL import Image

_SIGNATURE = b"\x89PNG\r\n\x1a\n"

DAMAGED = (OSError, ValueError, SyntaxError, Image.DecompressionBombError)
"""What opening a damaged picture raises; SyntaxError is Pillow's word for it."""


def content_of(path: Path) -> bytes | None:
    """Read a file; None where there is none, or one that is no PNG."""
    try:
        content = path.read_bytes()
    except OSError:
        return None
    return content if content.startswith(_SIGNATURE) else None


def uri(content: bytes) -> str:
    """Spell a PNG as a data URI."""
    return f"data:image/png;base64,{base64.b64encode(content).decode()}"
