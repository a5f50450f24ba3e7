"""What cannot be compiled trains eager and says so: a loss or network of one's own must not fail for it."""

import dataclasses
import sys
import types

import pytest
import torch

from gans.cohort import Cohort
from gans.data import load
from gans.defaults import config_of
from gans.losses import LOSSES, logistic_discriminator


def untraceable(real_logits, fake_logits):
    """The logistic loss, with a break that a whole graph cannot hold."""
    torch._dynamo.graph_break()
    return logistic_discriminator(real_logits, fake_logits)


@pytest.fixture
def own_loss(monkeypatch):
    """The import path of a loss that PyTorch's compiler refuses."""
    module = types.ModuleType("own_losses")
    module.broken = dataclasses.replace(
        LOSSES.get("non_saturating"), name="broken", discriminator=untraceable
    )
    monkeypatch.setitem(sys.modules, "own_losses", module)
    return "own_losses:broken"


def test_a_loss_that_cannot_be_compiled_trains_eager_as_its_eager_twin(own_loss):
    config = config_of("nsgan", loss=own_loss, generator_width=8, discriminator_width=8, batch_size=8)
    digits = load("digits")

    with pytest.warns(RuntimeWarning, match="training eager, cannot compile"):
        cohort = Cohort([config], digits, compiled=True)
    twin = Cohort([config_of("nsgan", generator_width=8, discriminator_width=8, batch_size=8)], digits)
    cohort.train(3)
    twin.train(3)

    assert cohort.mode == "eager"
    latents = torch.randn(50, config.latent_dim, generator=torch.Generator().manual_seed(0))
    assert torch.allclose(cohort.generate(latents), twin.generate(latents), atol=1e-5)
