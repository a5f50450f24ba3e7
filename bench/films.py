"""Films of training: what the same few latents became from the first probe to the last, as one strip."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
from torch import Tensor
from torch.nn.functional import avg_pool2d

from bench.artifacts import GAP_GREY, Pixels, png, scatter, sheet
from gans.data import Dataset

FILE = "film.png"
LOOKS = 6
TILES, POINTS = 4, 256
"""A look keeps 4 by 4 images or so many points of a mixture: 1 kB a member for the digits."""
FINEST = 16
"""Pixels of a kept image's side, at most; larger images are averaged down."""
DRAWN = 32
"""Pixels of an image's side in the strip, about."""
GREYS = 16
"""Shades of a drawn image: 256 would make the noise of early digits a strip of 11 kB, these make it 5 kB."""
CANVAS, BETWEEN = 128, 6

Kept = npt.NDArray[Any]
Shots = Sequence[tuple[int, Kept]]
"""Steps in order, each with what was kept of one member's samples: pixels or points."""


@dataclass
class Film:
    """What was kept of every member's samples at some probes.

    Args:
        due: steps to look at. steps: those looked at so far.
        looks: per step (members, 16, height, width), uint8, or (members, points, 2), float16.
    """

    due: tuple[int, ...]
    steps: list[int] = field(default_factory=list)
    looks: list[Kept] = field(default_factory=list)

    def look(self, step: int, samples: Tensor) -> None:
        """Keep a few samples of every member if the step is due.

        Shapes:
            samples: (members, n, *sample_shape), of the same latents at every step.
        """
        if step in self.due:
            self.steps.append(step)
            self.looks.append(_kept(samples))

    def keep(self, members: Sequence[int]) -> None:
        """Forget all other members."""
        self.looks = [kept[list(members)] for kept in self.looks]

    def shots(self, member: int, diverged: int | None, end: tuple[int, Tensor]) -> Shots:
        """One member's film: all its looks and its end, or up to the first look that divergence spoiled.

        Args:
            diverged: the step, None for a member that stayed finite.
            end: the step it was handed over at, with its samples (n, *sample_shape).
        """
        shots = [(step, kept[member]) for step, kept in zip(self.steps, self.looks, strict=True)]
        if diverged is not None:
            return shots[: sum(step < diverged for step, _ in shots) + 1]
        step, samples = end
        return shots if shots and shots[-1][0] == step else [*shots, (step, _kept(samples[None])[0])]


def due_steps(probes: Sequence[int]) -> tuple[int, ...]:
    """Choose the steps of a film evenly among those of all probes, the first and the last with them.

    Example:
        >>> due_steps(range(100, 1200, 100)), due_steps([5, 10])
        ((100, 300, 500, 700, 900, 1100), (5, 10))
    """
    places = np.linspace(0, len(probes) - 1, LOOKS).round().astype(int)
    return tuple(probes[place] for place in sorted(set(places.tolist())))


def strip(shots: Shots, dataset: Dataset) -> bytes:
    """Draw a film as a PNG of its looks from left to right; the file says their steps under ``steps``."""
    drawn = [_drawn(kept, dataset) for _, kept in shots]
    gap: Pixels = np.full((drawn[0].shape[0], BETWEEN), 255, dtype=np.uint8)
    spaced = [part for look in drawn for part in (gap, look)][1:]
    return png(np.concatenate(spaced, axis=1), {"steps": " ".join(str(step) for step, _ in shots)})


def _kept(samples: Tensor) -> Kept:
    if samples.ndim == 3:
        return samples[:, :POINTS].half().numpy(force=True)
    shown = samples[:, : TILES**2].float()
    grey = shown.mean(dim=2) if shown.ndim == 5 else shown
    small = avg_pool2d(grey, max(1, -(-max(grey.shape[-2:]) // FINEST)))
    pixels = (small.nan_to_num(nan=-1.0).clamp(-1.0, 1.0) + 1.0) * 127.5
    return pixels.round().byte().numpy(force=True)


def _drawn(kept: Kept, dataset: Dataset) -> Pixels:
    if dataset.mode_centers is not None:
        framed: Pixels = np.pad(
            scatter(kept.astype(np.float32), dataset.mode_centers.numpy(), CANVAS),
            1,
            constant_values=GAP_GREY,
        )
        return framed
    steps = np.rint(kept / 255 * (GREYS - 1)) / (GREYS - 1)
    return sheet(2.0 * steps - 1.0, TILES, TILES, scale=max(1, DRAWN // max(kept.shape[-2:])))
