"""Packing: a discriminator that judges several samples of one kind at once, so that it sees their variety.

A generator that lost modes shows twins in a pack, which real data do not. Nothing else of the game changes.
"""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor


def packed_shape(sample_shape: Sequence[int], packing: int) -> tuple[int, ...]:
    """The shape of one pack: samples side by side along their first axis, pictures as further channels.

    Example:
        >>> packed_shape((2,), 3), packed_shape((1, 28, 28), 2)
        ((6,), (2, 28, 28))
    """
    first, *rest = sample_shape
    return (first * packing, *rest)


def packed(samples: Tensor, packing: int) -> Tensor:
    """Neighbours in a batch put together; what is left over at the end is dropped.

    Shapes:
        samples: (batch, *event). result: (batch // packing, *packed_shape(event, packing)).

    Source:
        Lin et al. 2018, "PacGAN: the power of two samples in generative adversarial networks",
        section 3, and its code for two-dimensional mixtures: packs are drawn with every sample on its own,
        and a batch counts packs.

    Example:
        >>> import torch
        >>> packed(torch.tensor([[1, 2], [3, 4], [5, 6], [7, 8], [9, 9]]), 2).tolist()
        [[1, 2, 3, 4], [5, 6, 7, 8]]
    """
    if packing == 1:
        return samples
    packs, event = len(samples) // packing, samples.shape[1:]
    return samples[: packs * packing].reshape(packs, *packed_shape(event, packing))
