"""Shared references, and a generator seeded from each test's name."""

import hashlib

import numpy as np
import pytest
import torch

from bench.metrics import reference_for
from gans.data import load


@pytest.fixture(scope="session")
def digits():
    """The reference of the real digits."""
    return reference_for(load("digits"))


@pytest.fixture(scope="session")
def ring():
    """The reference of the ring of eight modes."""
    return reference_for(load("ring8"))


@pytest.fixture(scope="session")
def grid():
    """The reference of the grid of 25 modes."""
    return reference_for(load("grid25"))


def _seed(request):
    return int.from_bytes(hashlib.sha256(request.node.nodeid.encode()).digest()[:4], "big")


@pytest.fixture
def generator(request):
    """A torch generator of this test's own."""
    return torch.Generator().manual_seed(_seed(request))


@pytest.fixture
def rng(request):
    """A NumPy generator of this test's own."""
    return np.random.default_rng(_seed(request))


@pytest.fixture
def halves(digits, generator):
    """Real images against others of the same law: draws of (images, the reference made of as many others)."""
    pool = torch.cat([digits.dataset.train, digits.dataset.holdout])

    def drawn(count):
        for _ in range(count):
            order = torch.randperm(len(pool), generator=generator)
            yield pool[order[:697]], digits.against(pool[order[697:1394]])

    return drawn
