"""The training data of a cohort: one tensor, and which of its rows each member may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from gans.config import RunConfig
from gans.data.dataset import Dataset, subset_indices
from gans.data.defective import apply_defect
from gans.data.defects import NONE


@dataclass(frozen=True)
class Pool:
    """What the members of a cohort draw their real samples from.

    Shapes:
        samples: (n, *sample_shape). subsets: (m,) indices into it per member, in the order that its seed
            gives them.
    """

    samples: Tensor
    subsets: tuple[Tensor, ...]


def pool_for(configs: Sequence[RunConfig], dataset: Dataset) -> Pool:
    """Gather the training data of some runs, each spoiled as its config says.

    Without defects that is the training part itself, not a copy. The samples
    of a run with a defect are its own: they follow those of the data set, once
    for all members that agree in seed, data size and defect.

    Raises:
        ValueError: a data size is out of range, or a defect cannot fall upon such data.

    Example:
        >>> from gans.data import load
        >>> from gans.defaults import config_of
        >>> digits = load("digits")
        >>> clean, noisy = config_of("nsgan"), config_of("nsgan", data_size=64, defect="noise:0.2")
        >>> pool_for([clean], digits).samples is digits.train
        True
        >>> both = pool_for([clean, noisy], digits)
        >>> both.samples.shape[0], both.subsets[1][:3].tolist()
        (1164, [1100, 1101, 1102])
    """
    parts = [dataset.train] if any(config.defect == NONE for config in configs) else []
    held = sum(map(len, parts))
    spoiled: dict[tuple[int, int, str], Tensor] = {}
    subsets = []
    for config in configs:
        if config.defect == NONE:
            subsets.append(subset_indices(dataset.size, config.data_size, config.seed))
            continue
        key = config.seed, config.data_size, config.defect
        if key not in spoiled:
            own = apply_defect(dataset, config.defect, config.seed, config.data_size).train
            spoiled[key] = torch.arange(held, held + len(own))
            parts.append(own)
            held += len(own)
        subsets.append(spoiled[key])
    return Pool(parts[0] if len(parts) == 1 else torch.cat(parts), tuple(subsets))
