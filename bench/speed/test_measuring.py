"""Evaluation: what one probe of one member costs, tier by tier."""

from __future__ import annotations

import pytest
import torch

from bench.metrics import measure_many, reference_for
from gans.data import load
from gans.rng import stream

pytestmark = pytest.mark.bench

MEMBERS = 16


@pytest.mark.parametrize("tiers", ["every", "every+window", "every+window+end"])
@pytest.mark.parametrize("name", ["digits", "ring8"])
def test_probe(benchmark, figure, name: str, tiers: str) -> None:
    """Milliseconds that one member's probe takes when 16 are measured together; smaller is better."""
    dataset = load(name)
    reference = reference_for(dataset)
    picked = torch.randint(dataset.size, (MEMBERS, reference.n), generator=stream(0, "speed"))
    samples = dataset.train[picked]
    samples = samples + 0.1 * torch.randn(samples.shape, generator=stream(1, "speed"))

    benchmark.pedantic(measure_many, args=(samples, reference, tiers.split("+")), rounds=5, warmup_rounds=1)

    each = 1000 * benchmark.stats.stats.median / MEMBERS
    benchmark.extra_info["milliseconds_per_member"] = each
    figure(f"ms per member of a probe, {name}, {tiers}", each)
