"""What every probe of a cohort shows its players, chosen once: samples seen and unseen, latents, batches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from bench.diagnostics.arrays import Floats
from bench.diagnostics.layers import Layers, layers_of
from bench.diagnostics.path import Path
from bench.metrics import Reference
from gans.cohort import Cohort
from gans.data import Dataset
from gans.data.defective import unseen
from gans.data.defects import NONE
from gans.field import Batch
from gans.packing import packed_shape
from gans.rng import stream

TRAIN_PROBES = 500
"""Training samples shown to each discriminator, at most; fewer where the run may see fewer."""
HOLDOUT_PROBES = 512
SLOPE_PROBES = 256
"""Enough for a mean slope to 2 %, at a tenth of the price of all samples."""
GRADIENT_BATCHES = 4
"""Of the run's own batch size: the fewest whose noise limit of a gradient's signal is below 0.2."""


@dataclass
class Memory:
    """What a probe must know of those before it."""

    probes: int = 0
    gradients: tuple[Floats, Floats] | None = None
    path: Path = field(default_factory=Path)


@dataclass(frozen=True)
class Probes:
    """What every probe of a cohort shows its players: the same samples each time.

    Shapes:
        train: (members, T, *sample_shape), T the most any member has; counts: (members,).
        holdout: (members, H, *sample_shape). latents: (n, latent_dim). mix: (members, S).
        batches: real (members, GRADIENT_BATCHES, batch, *sample_shape), latents and mix likewise.

    Args:
        layers: of the discriminator, None where they bound nothing.
    """

    train: Tensor
    counts: npt.NDArray[np.int_]
    holdout: Tensor
    latents: Tensor
    mix: Tensor
    batches: Batch
    layers: Layers | None
    memory: Memory = field(default_factory=Memory)

    def keep(self, members: Sequence[int]) -> Probes:
        """The same of some members only; what they remember goes with them."""
        rows = list(members)
        self.memory.path.keep(rows)
        if self.memory.gradients is not None:
            self.memory.gradients = self.memory.gradients[0][rows], self.memory.gradients[1][rows]
        return replace(
            self,
            train=self.train[rows],
            counts=self.counts[rows],
            holdout=self.holdout[rows],
            mix=self.mix[rows],
            batches=Batch(*(each[rows] for each in self.batches)),
        )


def probes_for(cohort: Cohort, dataset: Dataset, reference: Reference) -> Probes:
    """Choose the samples: the start of each member's own training data, the start of the holdout."""
    own = [cohort.training_indices(member)[:TRAIN_PROBES] for member in range(cohort.members)]
    counts = np.array([len(indices) for indices in own])
    # Short members repeat their samples to fill the row; counts say how many are their own.
    packing = cohort.game.packing
    width = max(int(counts.max()), packing)
    rows = [indices[torch.arange(width) % len(indices)] for indices in own]
    return Probes(
        train=cohort.training_samples(torch.stack(rows)),
        counts=counts,
        holdout=_held_out(cohort, dataset),
        latents=reference.latents(cohort.configs[0].latent_dim),
        mix=_mix_of_packs((cohort.members, SLOPE_PROBES), packing),
        batches=gradient_batches(cohort),
        layers=layers_of(cohort.game.discriminator.module, packed_shape(dataset.sample_shape, packing)),
    )


def _mix_of_packs(shape: tuple[int, int], packing: int) -> Tensor:
    """Coefficients of interpolation, one for all samples of a pack as in training."""
    drawn = torch.rand(shape, generator=stream(0, "probe mix"))
    return drawn.repeat_interleave(packing, dim=1)[:, : shape[1]]


def _held_out(cohort: Cohort, dataset: Dataset) -> Tensor:
    """The start of the holdout, with the defects of each member's own training data.

    Clean samples beside spoiled training data would show that the discriminator knows the defect, not that it
    remembers samples. A member with fewer, for want of classes, repeats them.
    """
    holdout = dataset.holdout[:HOLDOUT_PROBES]
    if all(config.defect == NONE for config in cohort.configs):
        return holdout.expand(cohort.members, *holdout.shape)
    rows = torch.arange(len(holdout))
    own = [unseen(dataset, config.defect, config.seed, HOLDOUT_PROBES) for config in cohort.configs]
    return torch.stack([samples[rows % len(samples)] for samples in own])


def gradient_batches(cohort: Cohort) -> Batch:
    """Fixed batches, drawn from each member's own training data whoever trains beside it."""
    config, draws = cohort.configs[0], stream(0, "probe gradients")
    shape = (GRADIENT_BATCHES, config.batch_samples)
    own = [cohort.training_indices(member) for member in range(cohort.members)]
    picked = torch.stack(
        [
            indices[torch.randint(len(indices), shape, generator=stream(0, "probe gradient data"))]
            for indices in own
        ]
    )
    latents = torch.randn(*shape, config.latent_dim, generator=draws)
    mix = torch.rand(GRADIENT_BATCHES, config.batch_size, generator=draws)
    return Batch(
        cohort.training_samples(picked),
        latents.expand(cohort.members, *latents.shape),
        mix.expand(cohort.members, *mix.shape),
    )
