"""Named random streams: every draw of a run comes from (seed, purpose), never from a global generator.

The one exception is the initialisation of modules, which PyTorch draws from its global generator;
``seeded_globals`` lends it a seed and puts the old state back.
"""

from __future__ import annotations

import contextlib
import hashlib
import random
from collections.abc import Iterator

import numpy as np
import torch


def stream_seed(seed: int, purpose: str) -> int:
    """The 63-bit number that starts a stream; unrelated for different seeds or purposes.

    Example:
        >>> stream_seed(0, "data") == stream_seed(0, "latent")
        False
    """
    digest = hashlib.sha256(f"{seed}:{purpose}".encode()).digest()
    return int.from_bytes(digest[:8], "big") >> 1


def stream(seed: int, purpose: str) -> torch.Generator:
    """A CPU generator of its own for one purpose of one seed.

    Streams live on the CPU on every device, so that a run draws the same
    numbers wherever it trains.

    Example:
        >>> a, b = (torch.rand(1, generator=stream(7, "latent")) for _ in range(2))
        >>> bool(a == b)
        True
    """
    return torch.Generator().manual_seed(stream_seed(seed, purpose))


@contextlib.contextmanager
def seeded_globals(seed: int, purpose: str) -> Iterator[None]:
    """Lend PyTorch's global CPU generator a seed while modules initialise themselves."""
    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(stream_seed(seed, purpose))
        yield


@contextlib.contextmanager
def same_draws(seed: int, purpose: str) -> Iterator[None]:
    """Lend a seed to the global generators of Python, NumPy and PyTorch, whichever others' code draws from.

    Example:
        >>> with same_draws(0, "coefficients"):
        ...     first = random.random(), torch.rand(1).item()
        >>> with same_draws(0, "coefficients"):
        ...     first == (random.random(), torch.rand(1).item())
        True
    """
    kept, kept_numpy = random.getstate(), np.random.get_state()  # noqa: NPY002 - theirs, not ours
    random.seed(stream_seed(seed, purpose))
    np.random.seed(stream_seed(seed, purpose) % 2**32)  # noqa: NPY002
    try:
        with seeded_globals(seed, purpose):
            yield
    finally:
        random.setstate(kept)
        np.random.set_state(kept_numpy)  # noqa: NPY002
