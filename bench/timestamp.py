"""When something happened, as it is written down."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> str:
    """Spell this second, in UTC, such as "2026-11-29T20:49:51+00:00"."""
    return datetime.now(UTC).isoformat(timespec="seconds")
