"""What one evaluation of a monitored run measures, against the user's data or a registered data set."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from bench.metrics import Reference, measure, measure_memorisation
from bench.metrics.reference import FEWEST_REAL
from bench.monitor.looks import Look, shown, slope_of
from bench.monitor.observed import QUALITY
from bench.monitor.stick import TRAIN_ROWS, Given, reference_of


@dataclass(eq=False)
class Gauge:
    """Measures generators and discriminators, and writes what it finds into an evaluation.

    Args:
        given: the user's data, checked; None where there are none, or too few.
        train: the training samples, as they were given.
        reference: the measuring stick; made of ``given`` when the first samples come, for as many.
    """

    given: Given | None = None
    train: Any | None = None
    reference: Reference | None = None

    @property
    def sample_shape(self) -> tuple[int, ...] | None:
        """Shape of one real sample; None where there are none."""
        if self.reference is not None:
            return tuple(self.reference.dataset.sample_shape)
        return None if self.given is None else tuple(self.given.real.shape[1:])

    def measure_samples(
        self, look: Look, samples: Tensor, averaged: Tensor | None, tiers: Iterable[str]
    ) -> None:
        """Measure a generator's samples, and the distance of those of its average."""
        reference = self._reference_for(len(samples))
        if reference is None:
            return
        rows = reference.n
        if len(samples) < rows:
            look.statuses[QUALITY] = "too_few"
            return
        look.samples = samples[:rows].cpu()
        found = measure(look.samples, reference, set(tiers))
        look.values.update(found.values)
        look.statuses.update(found.statuses)
        look.histogram = found.histogram
        if averaged is not None and len(averaged) >= rows:
            mean = measure(averaged.detach()[:rows].cpu(), reference, {reference.distance_name})
            look.values["distance_ema"] = mean.values[QUALITY]

    def ask(
        self,
        look: Look,
        discriminator: Callable[[Tensor], Tensor],
        samples: Tensor | None,
        *,
        slope: bool,
    ) -> None:
        """Ask a discriminator about real, training and generated samples, and for its slope at the latter."""
        if self.reference is not None:
            look.outputs.setdefault("holdout", shown(discriminator, self.reference.real))
        if self.train is not None:
            look.outputs.setdefault("train", shown(discriminator, torch.as_tensor(self.train)))
        if samples is None or not len(samples):
            return
        look.outputs.setdefault("fake", shown(discriminator, samples))
        if slope:
            look.values.setdefault("discriminator_slope", slope_of(discriminator, samples))

    def measure_end(self, last: Look) -> None:
        """Add what is measured once, at the end; nothing where it is there already, or without samples."""
        if self.reference is None or last.samples is None or last.ended:
            return
        last.ended = True
        found = [measure(last.samples, self.reference, "end")]
        if self.train is not None:
            own = torch.as_tensor(self.train).detach().float().cpu().reshape(-1, *last.samples.shape[1:])
            found.append(measure_memorisation(last.samples, own[:TRAIN_ROWS], self.reference))
        for measured in found:
            last.values = {**measured.values, **last.values}
            last.statuses = {**measured.statuses, **last.statuses}

    def _reference_for(self, rows: int) -> Reference | None:
        if self.reference is None and self.given is not None and rows > FEWEST_REAL:
            self.reference = reference_of(self.given, min(rows, self.given.rows))
        return self.reference
