"""What each member draws while it trains: data indices, latents, interpolation and augmentation.

Every member has its own streams, read in blocks of a fixed number of steps, so that what a run
sees does not depend on which cohort it trains in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from gans.config import RunConfig
from gans.data import subset_indices
from gans.program import Draws
from gans.rng import stream

BLOCK = 25
"""Generator steps drawn at once. Part of the algorithm: ``randn(1000)`` is not twice ``randn(500)``."""


_PURPOSES = ("data", "latent", "mix", "augmentation")


@dataclass(frozen=True)
class Block:
    """The draws of ``BLOCK`` steps.

    Shapes:
        indices: (members, BLOCK, n_critic, samples), into the training data; samples is batch * packing.
        latents: (members, BLOCK, n_critic + 1, samples, latent_dim); the last is the generator's.
        mix: (members, BLOCK, n_critic, batch), or (members, BLOCK, n_critic, 0) where no penalty needs it.
        augmentation: (members, BLOCK, n_critic + 1, 2, samples, numbers); numbers may be 0.
    """

    indices: Tensor
    latents: Tensor
    mix: Tensor
    augmentation: Tensor

    def at(self, position: int) -> Draws:
        """What the step at one position of the block is made of."""
        return Draws(*(each[:, position] for each in vars(self).values()))


class MemberStreams:
    """The random streams of all members.

    Args:
        needs_mix: whether interpolation coefficients are drawn.
        augmenting: how many uniform numbers the augmentation takes per sample.
        subsets: which rows of the data each member may see; those of ``subset_indices`` where not given.
        dtype: of latents and coefficients; the precision of the data.

    Example:
        >>> from gans.data import load
        >>> from gans.defaults import config_of
        >>> config = config_of("nsgan", data_size=64, batch_size=8)
        >>> streams = MemberStreams([config, config], load("digits").size, needs_mix=False)
        >>> block = streams.draw(torch.device("cpu"))
        >>> block.indices.shape, bool((block.latents[0] == block.latents[1]).all())
        (torch.Size([2, 25, 1, 8]), True)
    """

    def __init__(
        self,
        configs: Sequence[RunConfig],
        dataset_size: int,
        *,
        needs_mix: bool,
        augmenting: int = 0,
        dtype: torch.dtype = torch.float32,
        subsets: Sequence[Tensor] | None = None,
    ) -> None:
        self._config = configs[0]
        self._needs_mix, self._augmenting, self._dtype = needs_mix, augmenting, dtype
        self.subsets = list(subsets or (_subset_of(config, dataset_size) for config in configs))
        self._streams = [
            {purpose: stream(config.seed, purpose) for purpose in _PURPOSES} for config in configs
        ]

    def keep(self, members: Sequence[int]) -> None:
        """Go on with some members only, each from where its streams stand; one named twice gets copies."""
        seen: set[int] = set()
        kept = []
        for member in members:
            streams = self._streams[member]
            kept.append(
                {purpose: _copied(each) for purpose, each in streams.items()} if member in seen else streams
            )
            seen.add(member)
        self._streams, self.subsets = kept, [self.subsets[member] for member in members]

    def draw(self, device: torch.device) -> Block:
        """The next block of every member, drawn on the CPU and moved to the device."""
        config, members = self._config, len(self._streams)
        draws = (BLOCK, config.n_critic, config.batch_samples)
        indices = torch.empty(members, *draws, dtype=torch.int64)
        per_step = (config.n_critic + 1, config.batch_samples, config.latent_dim)
        latents = torch.empty(members, BLOCK, *per_step, dtype=self._dtype)
        mix_shape = (*draws[:-1], config.batch_size if self._needs_mix else 0)
        mix = torch.empty(members, *mix_shape, dtype=self._dtype)
        # Reals and fakes of each update, as latents: two looks of a discriminator never share a draw.
        looks = (config.n_critic + 1, 2, config.batch_samples, self._augmenting)
        augmentation = torch.empty(members, BLOCK, *looks, dtype=self._dtype)
        for member, (streams, subset) in enumerate(zip(self._streams, self.subsets, strict=True)):
            picked = torch.randint(len(subset), draws, generator=streams["data"])
            indices[member] = subset[picked]
            torch.randn(latents.shape[1:], generator=streams["latent"], out=latents[member])
            torch.rand(mix.shape[1:], generator=streams["mix"], out=mix[member])
            torch.rand(augmentation.shape[1:], generator=streams["augmentation"], out=augmentation[member])
        return Block(*(each.to(device) for each in (indices, latents, mix, augmentation)))


def _subset_of(config: RunConfig, dataset_size: int) -> Tensor:
    return subset_indices(dataset_size, config.data_size, config.seed)


def _copied(generator: torch.Generator) -> torch.Generator:
    twin = torch.Generator(device=generator.device)
    twin.set_state(generator.get_state())
    return twin
