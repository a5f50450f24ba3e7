"""Modes of stacked digits at the end of a run, counted as the literature does: of 26,000 samples.

While a run trains, 10,000 samples are looked at, of which even real data miss a triple now and then.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from bench.metrics.manifold import certainty
from bench.metrics.mode_counts import ModeCounts, count_classes
from bench.metrics.modes import reverse_kl
from gans.rng import stream

if TYPE_CHECKING:
    from bench.metrics.reference import Reference

SAMPLES = 26_000
LEAST_CERTAINTY = 0.8
"""Mean probability of the most likely triple below which samples are no digits: their triples say nothing."""

CHUNK = 1000


def final_modes(
    generate: Callable[[Tensor], Tensor], latent_dim: int, reference: Reference
) -> dict[str, float]:
    """Count one generator's modes at the end; nothing for data whose classes are not even by construction.

    Real stacked digits have 1,000 modes and a divergence of 0.019 + 0.004, from chance and from the digits'
    own shares.

    Shapes:
        generate: (n, latent_dim) -> (n, *sample_shape).

    Returns:
        ``mode_certainty``, and where it is at least 0.8 ``final_modes``, ``final_modes_strict`` (6 samples or
        more) and ``final_mode_kl``; nothing where samples are not finite.

    Source:
        Metz et al. 2017, section 3.3.1; number of samples as in Srivastava et al. 2017, "VEEGAN".
    """
    extractor, fair_share = reference.extractor, reference.fair_share
    if not extractor.even_classes or fair_share is None:
        return {}
    draws = stream(0, f"final modes/latents/{latent_dim}")
    latents = torch.randn(SAMPLES, latent_dim, generator=draws)
    counts, sure = torch.zeros(extractor.classes, dtype=torch.float64), 0.0
    for part in torch.split(latents, CHUNK):
        samples = generate(part).cpu()
        logits = extractor.logits_of(extractor.features(samples).float())
        if logits is None or not bool(samples.isfinite().all()):
            return {}
        counts += torch.from_numpy(count_classes(logits))
        sure += certainty(logits) * len(part) / SAMPLES
    if sure < LEAST_CERTAINTY:
        return {"mode_certainty": sure}
    found = ModeCounts(counts.numpy(), SAMPLES, fair_share)
    return {
        "mode_certainty": sure,
        "final_modes": float(found.covered),
        "final_modes_strict": float(found.strictly_covered),
        "final_mode_kl": reverse_kl(found.counts / SAMPLES, fair_share),
    }
