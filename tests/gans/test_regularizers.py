"""Regularizers: the mistakes of other code bases, closed forms, and a battery for every penalty."""

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.func import functional_call, grad, vmap

from gans.losses import LOSSES
from gans.regularizers import (
    REGULARIZERS,
    clip,
    gradient_penalty,
    interpolate,
    one_centered,
    r1,
    r1r2,
    slope,
    zero_centered,
)
from gans.rng import seeded_globals

PENALTIES = [entry for entry in map(REGULARIZERS.get, REGULARIZERS) if entry.penalty is not None]
every_penalty = pytest.mark.parametrize("regularizer", PENALTIES, ids=lambda entry: entry.name)
few_examples = settings(deadline=None, max_examples=25, derandomize=True)
BATCH, IMAGE = 64, (1, 28, 28)


def _normal(*shape: int, seed: int = 0, dtype: torch.dtype = torch.float64) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=dtype)


def _batch(*event: int, count: int = 6, dtype: torch.dtype = torch.float64):
    generator = torch.Generator().manual_seed(1)
    real, fake = torch.randn(2, count, *event, generator=generator, dtype=dtype)
    return real, fake, torch.rand(count, generator=generator, dtype=dtype)


def _bowl(samples: torch.Tensor) -> torch.Tensor:
    """Slope at x is x itself."""
    return 0.5 * samples.reshape(len(samples), -1).square().sum(dim=1)


def _linear_critic(norm: float, dtype: torch.dtype = torch.float64):
    weight = torch.full(IMAGE, norm / math.sqrt(math.prod(IMAGE)), dtype=dtype)
    return lambda samples: (samples * weight).sum(dim=(1, 2, 3))


def _smooth(weight: torch.Tensor, samples: torch.Tensor) -> torch.Tensor:
    """A curved discriminator of one parameter for samples of any shape."""
    flat = samples.reshape(len(samples), -1)
    return torch.tanh(weight * flat).sum(dim=1) + weight * flat.square().mean(dim=1)


# Mistakes found in other code bases, each written out to show that these tests would see it.


@pytest.mark.parametrize("norm, expected", [(1.0, 0.0), (2.0, 1.0), (0.0, 1.0), (0.25, 0.5625)])
def test_the_gradient_penalty_of_a_linear_critic_is_its_squared_distance_from_norm_one(norm, expected):
    real, fake, mix = _batch(*IMAGE, count=BATCH)

    penalty = gradient_penalty(_linear_critic(norm), real, fake, mix)

    torch.testing.assert_close(penalty, torch.full((BATCH,), expected, dtype=torch.float64))


def test_the_norm_over_the_whole_batch_would_give_49():
    real, fake, mix = _batch(*IMAGE, count=BATCH)
    slopes = slope(_linear_critic(1.0), interpolate(real, fake, mix))

    assert (slopes.norm(2) - 1).square().item() == pytest.approx(49.0)


def test_the_norm_per_pixel_would_give_93_hundredths():
    real, fake, mix = _batch(*IMAGE, count=BATCH)
    slopes = slope(_linear_critic(1.0), interpolate(real, fake, mix))

    per_pixel = (torch.linalg.vector_norm(slopes, dim=1) - 1).square().mean().item()

    assert per_pixel == pytest.approx((1 - 1 / 28) ** 2)
    assert per_pixel == pytest.approx(0.93, abs=0.001)


def test_the_norm_without_flattening_would_give_93_hundredths():
    real, fake, mix = _batch(*IMAGE, count=BATCH)
    slopes = slope(_linear_critic(1.0), interpolate(real, fake, mix))

    assert (slopes.norm(2, dim=1) - 1).square().mean().item() == pytest.approx(0.93, abs=0.001)


@pytest.mark.parametrize("mix", [torch.full(shape, 0.5) for shape in ((), (BATCH, 1), (BATCH, *IMAGE))])
def test_one_coefficient_per_batch_or_per_element_is_refused(mix):
    real, fake, _ = _batch(*IMAGE, count=BATCH)

    with pytest.raises(ValueError, match="mix one entry per sample"):
        gradient_penalty(_linear_critic(1.0), real, fake, mix)


def test_each_sample_lies_on_its_own_segment_at_its_own_coefficient():
    real, fake, mix = _batch(2, count=BATCH)

    points = interpolate(real, fake, mix)

    travelled = (points - fake) / (real - fake)
    torch.testing.assert_close(travelled, mix[:, None].expand(-1, 2))
    assert len(mix.unique()) == BATCH


def test_the_penalty_is_taken_at_the_interpolated_point():
    real, fake = torch.tensor([[1.0, 0.0]]), torch.tensor([[0.0, 1.0]])

    penalty = gradient_penalty(_bowl, real, fake, torch.tensor([0.25]))

    assert penalty.item() == pytest.approx((math.hypot(0.25, 0.75) - 1) ** 2)


def test_r1_of_a_bowl_is_its_squared_radius_and_its_half_is_in_the_scale():
    entry = REGULARIZERS.get("r1")
    real = torch.tensor([[3.0, 4.0]])

    added_to_the_loss = entry.scale * 10 * entry.penalty(_bowl, real, real, torch.zeros(1)).mean()

    assert r1(_bowl, real, real, torch.zeros(1)).tolist() == [25.0]
    assert added_to_the_loss.item() == 0.5 * 10 * 25


def test_the_gradient_penalty_has_no_half():
    entry = REGULARIZERS.get("gradient_penalty")
    real, fake, mix = _batch(*IMAGE, count=BATCH)

    added_to_the_loss = entry.scale * 10 * entry.penalty(_linear_critic(2.0), real, fake, mix).mean()

    assert added_to_the_loss.item() == pytest.approx(10.0)


def test_r1r2_is_r1_on_real_plus_r1_on_fake_with_half_of_gamma_each():
    real, fake, mix = _batch(3)

    total = r1r2(_bowl, real, fake, mix)

    torch.testing.assert_close(total, r1(_bowl, real, fake, mix) + r1(_bowl, fake, real, mix))
    assert REGULARIZERS.get("r1r2").scale == 0.5


def test_the_gradient_of_the_penalty_at_a_flat_critic_is_finite_where_the_plain_norm_gives_nan():
    samples = _normal(4, 3)

    def plain(weight):
        slopes = slope(lambda x: weight * x.sum(dim=1), samples)
        return (slopes.square().sum(dim=1).sqrt() - 1).square().mean()

    def ours(weight):
        return one_centered(lambda x: weight * x.sum(dim=1), samples).mean()

    flat = torch.zeros((), dtype=torch.float64)

    assert grad(plain)(flat).isnan()
    assert grad(ours)(flat).item() == 0.0
    assert ours(flat).item() == 1.0


def test_clipping_after_the_step_bounds_the_weights_that_the_generator_meets_and_before_does_not():
    bound, rate = 0.01, 0.1
    weight, gradient = torch.tensor([0.005, -0.5, 0.02]), torch.tensor([-1.0, 2.0, 0.0])

    after = clip(weight - rate * gradient, bound)
    before = clip(weight, bound) - rate * gradient

    assert after.abs().max().item() == pytest.approx(bound)
    assert before.abs().max().item() > 10 * bound


@few_examples
@given(
    weights=st.lists(st.floats(-100, 100, width=32), min_size=1, max_size=9),
    bound=st.floats(2**-10, 8, width=32),
)
def test_clipping_is_idempotent_and_leaves_what_lies_within_bit_equal(weights, bound):
    weight = torch.tensor(weights)

    clipped = clip(weight, bound)

    within = weight.abs() <= bound
    assert torch.equal(clipped[within], weight[within])
    assert torch.equal(clipped[~within].abs(), torch.full_like(clipped[~within], bound))
    assert torch.equal(clip(clipped, bound), clipped)


# Closed forms and references.


def test_the_slope_is_the_central_difference_of_the_logits():
    samples, step = _normal(3, 4), 1e-6
    weight = torch.tensor(0.7, dtype=torch.float64)

    difference = torch.stack(
        [
            (_smooth(weight, samples + step * axis) - _smooth(weight, samples - step * axis)) / (2 * step)
            for axis in torch.eye(4, dtype=torch.float64)
        ],
        dim=1,
    )

    torch.testing.assert_close(slope(lambda x: _smooth(weight, x), samples), difference, rtol=1e-7, atol=1e-8)


def test_penalty_and_weight_gradients_equal_those_of_double_backward():
    with seeded_globals(0, "test"):
        hidden, output = torch.nn.Linear(12, 8), torch.nn.Linear(8, 1)
    network = torch.nn.Sequential(torch.nn.Flatten(), hidden, torch.nn.LeakyReLU(0.2), output).double()
    real, fake, mix = _batch(3, 2, 2)
    weights = {name: weight.detach() for name, weight in network.named_parameters()}

    def ours(named):
        def discriminator(x):
            return functional_call(network, named, x).squeeze(1)

        return gradient_penalty(discriminator, real, fake, mix).mean()

    points = interpolate(real, fake, mix).requires_grad_()
    (slopes,) = torch.autograd.grad(network(points).sum(), points, create_graph=True)
    reference = (slopes.flatten(1).norm(dim=1) - 1).square().mean()
    # The last bias moves no slope: autograd leaves it out, torch.func gives it a zero.
    gradients = torch.autograd.grad(
        reference, list(network.parameters()), allow_unused=True, materialize_grads=True
    )

    torch.testing.assert_close(ours(weights), reference.detach())
    torch.testing.assert_close(tuple(grad(ours)(weights).values()), gradients)


# Radii after 500 updates of the Dirac-GAN, D(x) = psi x against a generator at theta, rate 0.2, from (1, -1):
# computed from the reference vector fields of Mescheder et al. 2018 (notebooks of its published code).
DIRAC_RADII = {
    ("minimax", "none", 0.0): (3.097, 1.421),
    ("non_saturating", "none", 0.0): (0.6402, 0.2839),
    ("wasserstein", "none", 0.0): (2.564e4, 1.398),
    ("wasserstein", "clip", 1.0): (1.002, 1.024),
    ("wasserstein", "gradient_penalty", 0.35): (1.802, 1.221),
    ("minimax", "r1", 0.3): (2.643e-6, 2.301e-7),
}


def _dirac_radius(loss: str, regularizer: str, weight: float, alternating: bool) -> float:
    objective, entry = LOSSES.get(loss), REGULARIZERS.get(regularizer)
    real, mix = torch.zeros(1, 1, dtype=torch.float64), torch.full((1,), 0.5, dtype=torch.float64)

    def generator_loss(theta, psi):
        return objective.generator((psi * real)[:, 0], (psi * theta.reshape(1, 1))[:, 0]).mean()

    def discriminator_loss(psi, theta):
        fake = theta.reshape(1, 1)
        value = objective.discriminator((psi * real)[:, 0], (psi * fake)[:, 0]).mean()
        if entry.penalty is None:
            return value
        penalty = entry.penalty(lambda x: (psi * x)[:, 0], real, fake, mix)
        return value + entry.scale * weight * penalty.mean()

    theta, psi = torch.tensor([1.0, -1.0], dtype=torch.float64)
    for _ in range(500):
        moved = theta - 0.2 * grad(generator_loss)(theta, psi)
        psi = psi - 0.2 * grad(discriminator_loss)(psi, moved if alternating else theta)
        psi = psi if entry.constrain is None else entry.constrain(psi, weight)
        theta = moved
    return math.hypot(theta.item(), psi.item())


@pytest.mark.parametrize("alternating", [False, True], ids=["simultaneous", "alternating"])
@pytest.mark.parametrize("case", DIRAC_RADII, ids=lambda case: "-".join(map(str, case)))
def test_the_dirac_gan_ends_at_its_published_radius(case, alternating):
    assert _dirac_radius(*case, alternating) == pytest.approx(DIRAC_RADII[case][alternating], rel=1e-3)


# The battery: whatever is registered with a penalty must pass.


@every_penalty
@pytest.mark.parametrize("event", [(), (5,), (2,), (1, 8, 8), (3, 4, 4, 2)])
def test_samples_of_any_shape_get_one_penalty_each(regularizer, event):
    real, fake, mix = _batch(*event)
    weight = torch.tensor(0.7, dtype=torch.float64)

    penalty = regularizer.penalty(lambda x: _smooth(weight, x), real, fake, mix)

    assert penalty.shape == (6,)
    assert (penalty >= 0).all()
    assert len(penalty.unique()) == 6


@every_penalty
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_dtype_is_kept(regularizer, dtype):
    real, fake, mix = _batch(1, 8, 8, dtype=dtype)
    weight = torch.tensor(0.7, dtype=dtype)

    assert regularizer.penalty(lambda x: _smooth(weight, x), real, fake, mix).dtype == dtype


@every_penalty
def test_a_batch_is_the_concatenation_of_its_halves(regularizer):
    real, fake, mix = _batch(3, 2)
    weight = torch.tensor(0.7, dtype=torch.float64)

    def penalty(part):
        return regularizer.penalty(lambda x: _smooth(weight, x), real[part], fake[part], mix[part])

    torch.testing.assert_close(
        penalty(slice(None)), torch.cat([penalty(slice(0, 2)), penalty(slice(2, None))])
    )


@every_penalty
def test_a_discriminator_that_looks_at_the_whole_batch_fails_the_halves_test(regularizer):
    real, fake, mix = _batch(3, 2)

    def normalized(samples):
        return _smooth(torch.tensor(0.7), (samples - samples.mean(dim=0)) / samples.std(dim=0))

    together = regularizer.penalty(normalized, real, fake, mix)
    halves = [
        regularizer.penalty(normalized, real[i : i + 3], fake[i : i + 3], mix[i : i + 3]) for i in (0, 3)
    ]

    assert not torch.allclose(together, torch.cat(halves))
    assert regularizer.forbids_batch_norm


@every_penalty
@pytest.mark.parametrize("scale", [0.0, 1e4])
@pytest.mark.parametrize("weight", [0.0, 1e-3, 1e4])
def test_values_and_gradients_are_finite_at_zero_and_at_extremes(regularizer, scale, weight):
    real, fake, mix = _batch(3, dtype=torch.float32)

    def mean_penalty(weight, real, fake):
        return regularizer.penalty(lambda x: _smooth(weight, x), real, fake, mix).mean()

    arguments = (torch.tensor(weight), scale * real, scale * fake)
    value, gradients = mean_penalty(*arguments), grad(mean_penalty, argnums=(0, 1, 2))(*arguments)

    assert value.isfinite()
    assert all(gradient.isfinite().all() for gradient in gradients)


@every_penalty
def test_a_cohort_under_vmap_has_the_gradients_of_a_loop_over_its_members(regularizer):
    weights = torch.linspace(-2, 2, 5, dtype=torch.float64)
    real, fake = _normal(2, 5, 6, 3)
    mix = torch.rand(5, 6, generator=torch.Generator().manual_seed(2), dtype=torch.float64)

    def objective(weight, real, fake, mix):
        return regularizer.penalty(lambda x: _smooth(weight, x), real, fake, mix).mean()

    together = vmap(grad(objective))(weights, real, fake, mix)
    one_by_one = [grad(objective)(*member) for member in zip(weights, real, fake, mix, strict=True)]

    torch.testing.assert_close(together, torch.stack(one_by_one))


@every_penalty
def test_samples_are_left_untouched(regularizer):
    real, fake, mix = _batch(3)
    before = [part.clone() for part in (real, fake, mix)]

    regularizer.penalty(_bowl, real, fake, mix)

    assert all(map(torch.equal, (real, fake, mix), before))


@every_penalty
def test_a_trailing_axis_of_the_discriminator_is_refused(regularizer):
    real, fake, mix = _batch(3)

    with pytest.raises(ValueError, match=r"the discriminator must return shape \(\d+,\), got \(\d+, 1\)"):
        regularizer.penalty(lambda x: _bowl(x)[:, None], real, fake, mix)


@every_penalty
@few_examples
@given(order=st.permutations(range(6)))
def test_reordering_samples_reorders_the_penalties(regularizer, order):
    real, fake, mix = _batch(3)
    weight = torch.tensor(0.7, dtype=torch.float64)

    def penalty(real, fake, mix):
        return regularizer.penalty(lambda x: _smooth(weight, x), real, fake, mix)

    torch.testing.assert_close(penalty(real, fake, mix)[order], penalty(real[order], fake[order], mix[order]))


@few_examples
@given(factor=st.floats(0.05, 20))
def test_rescaling_the_data_by_c_divides_the_zero_centered_penalty_by_c_squared(factor):
    samples, weight = _normal(6, 3), torch.tensor(0.7, dtype=torch.float64)

    rescaled = zero_centered(lambda x: _smooth(weight, x / factor), factor * samples)

    torch.testing.assert_close(rescaled, zero_centered(lambda x: _smooth(weight, x), samples) / factor**2)


@few_examples
@given(factor=st.floats(0.05, 20))
def test_rescaling_the_data_by_c_divides_the_slope_inside_the_one_centered_penalty_by_c(factor):
    samples, weight = _normal(6, 3), torch.tensor(0.7, dtype=torch.float64)

    rescaled = one_centered(lambda x: _smooth(weight, x / factor), factor * samples)

    slopes = zero_centered(lambda x: _smooth(weight, x), samples).sqrt()
    torch.testing.assert_close(rescaled, (slopes / factor - 1).square())


@few_examples
@given(shift=st.floats(-100, 100))
def test_a_constant_added_to_every_logit_costs_nothing(shift):
    samples, weight = _normal(6, 3), torch.tensor(0.7, dtype=torch.float64)

    shifted = zero_centered(lambda x: _smooth(weight, x) + shift, samples)

    torch.testing.assert_close(shifted, zero_centered(lambda x: _smooth(weight, x), samples))


def test_r1_ignores_the_fakes_and_r1r2_does_not():
    real, fake, mix = _batch(3)

    assert torch.equal(r1(_bowl, real, fake, mix), r1(_bowl, real, 2 * fake, mix))
    assert not torch.allclose(r1r2(_bowl, real, fake, mix), r1r2(_bowl, real, 2 * fake, mix))


def test_r1r2_refuses_batches_of_two_sizes():
    real, fake, mix = _batch(3)

    with pytest.raises(
        ValueError, match=r"r1r2: real and fake must have one shape, got \(6, 3\) and \(4, 3\)"
    ):
        r1r2(_bowl, real, fake[:4], mix)


@pytest.mark.parametrize(
    "name, has_penalty, has_constraint, scale, weight",
    [
        ("none", False, False, 1.0, 0.0),
        ("gradient_penalty", True, False, 1.0, 10.0),
        ("r1", True, False, 0.5, 10.0),
        ("r1r2", True, False, 0.5, 1.0),
        ("clip", False, True, 1.0, 0.01),
    ],
)
def test_each_regularizer_says_what_it_does(name, has_penalty, has_constraint, scale, weight):
    entry = REGULARIZERS.get(name)

    assert (entry.penalty is not None, entry.constrain is not None) == (has_penalty, has_constraint)
    assert (entry.scale, entry.default_weight) == (scale, weight)
    assert entry.forbids_batch_norm == has_penalty
