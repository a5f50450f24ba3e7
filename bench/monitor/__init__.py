"""Watch a GAN that somebody else trains: in its loop with a ``Monitor``, or afterwards from its log."""

from __future__ import annotations
