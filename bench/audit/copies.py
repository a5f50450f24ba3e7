"""Samples that are there more than once, to the bit or nearly so."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import torch
from torch import Tensor
from torch.nn.functional import adaptive_avg_pool2d

from gans.rng import stream

CHUNK = 4_096
QUERIES = 1_000
"""Samples whose nearest other one is looked for among all: a share is then known to 1.6 %."""

COARSE = 32
"""Larger images are compared at this side: what tells copies apart is seldom finer."""

NEAR = 0.05
"""Two samples are nearly one where they are closer than this part of the usual distance."""


def hashes(samples: Tensor) -> list[bytes]:
    """A digest of each sample's values; equal samples have equal ones.

    Example:
        >>> a, b, c = hashes(torch.tensor([[1.0], [2.0], [1.0]]))
        >>> a == c, a == b
        (True, False)
    """
    found = []
    for chunk in chunks(samples):
        rows = chunk.contiguous().numpy()
        found += [hashlib.blake2b(row.tobytes(), digest_size=16).digest() for row in rows]
    return found


def repeated(digests: list[bytes]) -> int:
    """Samples that equal an earlier one.

    Example:
        >>> repeated([b"a", b"b", b"a", b"a"])
        2
    """
    return len(digests) - len(set(digests))


def near_share(samples: Tensor, digests: list[bytes], skip: Tensor) -> float:
    """Share of samples that have another, not equal one nearly upon them.

    Shapes:
        samples: (n, channels, height, width). skip: (n,), those that are left out, such as blank ones.
    """
    first = list({digest: row for row, digest in reversed(list(enumerate(digests)))}.values())
    rows = torch.tensor(sorted(first))
    rows = rows[~skip[rows]]
    if len(rows) < 3:
        return 0.0
    picked = rows[torch.randperm(len(rows), generator=stream(0, "audit/near"))[:QUERIES]]
    queries = _coarse(samples[picked])
    nearest, usual = torch.full((len(picked),), torch.inf), []
    for start in range(0, len(rows), CHUNK):
        part = rows[start : start + CHUNK]
        distances = torch.cdist(queries, _coarse(samples[part]))
        distances[picked[:, None] == part] = torch.inf
        nearest = torch.minimum(nearest, distances.amin(dim=1))
        usual.append(distances[:, : QUERIES // 10].flatten())
    all_usual = torch.cat(usual)
    limit = NEAR * float(all_usual[all_usual.isfinite()].median())
    return float((nearest < limit).float().mean())


def _coarse(images: Tensor) -> Tensor:
    images = images.float()
    if max(images.shape[-2:]) > COARSE:
        images = adaptive_avg_pool2d(images, COARSE)
    return images.flatten(1)


def chunks(samples: Tensor) -> Iterator[Tensor]:
    """Samples in order, some thousands at a time, so that lazily scaled ones are never all scaled.

    Example:
        >>> [len(chunk) for chunk in chunks(torch.zeros(5_000, 2))]
        [4096, 904]
    """
    for start in range(0, len(samples), CHUNK):
        yield samples[torch.arange(start, min(start + CHUNK, len(samples)))]
