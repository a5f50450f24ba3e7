"""Named streams: same name same bits, any other name other bits, globals untouched."""

import torch
from hypothesis import given
from hypothesis import strategies as st

from gans.rng import seeded_globals, stream, stream_seed


@given(st.integers(0, 10**9), st.sampled_from(["data", "latent", "mix"]))
def test_a_stream_is_named_by_seed_and_purpose(seed: int, purpose: str) -> None:
    first, again = (torch.rand(4, generator=stream(seed, purpose)) for _ in range(2))
    next_seed = torch.rand(4, generator=stream(seed + 1, purpose))
    other = torch.rand(4, generator=stream(seed, purpose + "?"))

    assert torch.equal(first, again)
    assert not torch.equal(first, next_seed)
    assert not torch.equal(first, other)


def test_seed_and_purpose_cannot_be_confused() -> None:
    assert stream_seed(1, "1:x") != stream_seed(11, ":x")


def test_modules_are_seeded_without_touching_the_global_generator() -> None:
    before = torch.default_generator.get_state()
    with seeded_globals(3, "generator"):
        first = torch.nn.Linear(2, 2).weight.detach().clone()
    with seeded_globals(3, "generator"):
        again = torch.nn.Linear(2, 2).weight.detach().clone()

    assert torch.equal(first, again)
    assert torch.equal(before, torch.default_generator.get_state())
