"""Shared references, and a generator seeded from each test's name."""

import hashlib

import numpy as np
import pytest
import torch

from bench.metrics import reference_for
from gans.data import load


@pytest.fixture(scope="session", autouse=True)
def one_thread():
    """Small matrices on many threads wait for each other."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


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
