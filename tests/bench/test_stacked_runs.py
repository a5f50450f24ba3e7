"""Runs on stacked digits are handed over with the modes of many samples, each member's own."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
import torch

import bench.worker
from bench.jobs import CohortJob
from bench.records import spool
from bench.worker import run_cohort
from gans.config import run_id
from gans.data import DATASETS, Dataset, load
from gans.defaults import config_of


@pytest.fixture
def stacked(monkeypatch):
    """Noise under the name of stacked digits, so that their classifier serves."""
    draws = torch.Generator().manual_seed(0)
    pixels = torch.rand(160, 3, 28, 28, generator=draws) * 2 - 1
    noise = Dataset("stacked-mnist", pixels[:64], pixels[64:], None, None, classes=1000, bounded=True)
    monkeypatch.setitem(DATASETS._entries, "stacked-mnist", lambda: noise)
    load.cache_clear()
    yield
    load.cache_clear()


@pytest.mark.slow
def test_each_member_counts_its_own_modes_and_a_diverged_one_none(tmp_path: Path, stacked, monkeypatch):
    asked = []

    def counted(generate, latent_dim, reference):
        samples = generate(torch.ones(3, latent_dim))
        asked.append((tuple(samples.shape), reference.dataset.name))
        return {"final_modes": float(samples.sum())}

    monkeypatch.setattr(bench.worker, "final_modes", counted)
    shape = {"generator_width": 4, "discriminator_width": 4, "batch_size": 4, "steps": 3, "evaluations": 1}
    first = config_of("nsgan", dataset="stacked-mnist", data_size=64, **shape)
    configs = (
        first, dataclasses.replace(first, seed=1), dataclasses.replace(first, seed=2, generator_lr=1e38)
    )  # fmt: skip

    run_cohort(CohortJob("cohort", configs, compiled=False, out=str(tmp_path)))
    found = {record.run_id: record.metrics.get("final_modes") for _, record in spool.read_all(tmp_path)}

    assert asked == [((3, 3, 28, 28), "stacked-mnist")] * 2
    assert found[run_id(configs[0])] != found[run_id(configs[1])]
    assert found[run_id(configs[2])] is None
