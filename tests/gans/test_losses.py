"""Losses: hand-computed values, the sign convention, closed forms, and a battery for every member."""

import math
from dataclasses import replace

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.func import grad, vmap

from gans.losses import LOSSES, Loss

ALL = [LOSSES.get(name) for name in LOSSES]
WITH_GAIN = [loss for loss in ALL if loss.has_gain]
every_loss = pytest.mark.parametrize("loss", ALL, ids=lambda loss: loss.name)
every_gain = pytest.mark.parametrize("loss", WITH_GAIN, ids=lambda loss: loss.name)
both_players = pytest.mark.parametrize("player", ["discriminator", "generator"])
few_examples = settings(deadline=None, max_examples=25, derandomize=True)
logit = st.floats(min_value=-50, max_value=50, width=32)


def _log_sigmoid(x: float) -> float:
    return -math.log1p(math.exp(-x))


def _pairs(
    count: int, seed: int = 0, dtype: torch.dtype = torch.float64
) -> tuple[torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(seed)
    real, fake = 3 * torch.randn(2, count, generator=generator, dtype=dtype)
    return real, fake


def _prefers_real(loss: Loss) -> bool:
    """Whether both players act as if a larger logit meant more real, around an undecided discriminator."""
    real, fake = torch.tensor([0.2]), torch.tensor([0.3])
    raises_real = grad(lambda x: loss.discriminator(x, fake).sum())(real) < 0
    lowers_fake = grad(lambda x: loss.discriminator(real, x).sum())(fake) > 0
    generator_raises_fake = grad(lambda x: loss.generator(real, x).sum())(fake) < 0
    return bool(raises_real & lowers_fake & generator_raises_fake)


@pytest.mark.parametrize(
    "name, discriminator, generator",
    [
        ("minimax", -_log_sigmoid(2) - _log_sigmoid(1), _log_sigmoid(1)),
        ("non_saturating", -_log_sigmoid(2) - _log_sigmoid(1), -_log_sigmoid(-1)),
        ("wasserstein", -3.0, 1.0),
        ("least_squares", 0.5 * 1 + 0.5 * 1, 0.5 * 4),
        ("hinge", 0.0, 1.0),
        ("relativistic", -_log_sigmoid(3), -_log_sigmoid(-3)),
    ],
)
def test_values_at_real_2_and_fake_minus_1_are_those_computed_by_hand(name, discriminator, generator):
    real, fake = torch.tensor([2.0], dtype=torch.float64), torch.tensor([-1.0], dtype=torch.float64)

    assert LOSSES.get(name).discriminator(real, fake).item() == pytest.approx(discriminator, abs=1e-15)
    assert LOSSES.get(name).generator(real, fake).item() == pytest.approx(generator, abs=1e-15)


@pytest.mark.parametrize(
    "name, discriminator, generator",
    [
        ("minimax", -_log_sigmoid(-0.5) - _log_sigmoid(-0.25), _log_sigmoid(-0.25)),
        ("non_saturating", -_log_sigmoid(-0.5) - _log_sigmoid(-0.25), -_log_sigmoid(0.25)),
        ("wasserstein", 0.75, -0.25),
        ("least_squares", 0.5 * 1.5**2 + 0.5 * 0.25**2, 0.5 * 0.75**2),
        ("hinge", 1.5 + 1.25, -0.25),
        ("relativistic", -_log_sigmoid(-0.75), -_log_sigmoid(0.75)),
    ],
)
def test_values_where_the_discriminator_is_wrong_are_those_computed_by_hand(name, discriminator, generator):
    real, fake = torch.tensor([-0.5], dtype=torch.float64), torch.tensor([0.25], dtype=torch.float64)

    assert LOSSES.get(name).discriminator(real, fake).item() == pytest.approx(discriminator, abs=1e-15)
    assert LOSSES.get(name).generator(real, fake).item() == pytest.approx(generator, abs=1e-15)


HAND_COMPUTED = ("minimax", "non_saturating", "wasserstein", "least_squares", "hinge", "relativistic")


def test_all_names_of_the_hand_computed_table_are_registered_and_no_other():
    assert LOSSES.names() == tuple(HAND_COMPUTED)


@every_loss
def test_larger_logit_means_more_real(loss):
    assert _prefers_real(loss)


@every_loss
def test_a_loss_with_a_flipped_sign_is_caught(loss):
    flipped_discriminator = replace(loss, discriminator=lambda real, fake: loss.discriminator(-real, -fake))
    flipped_generator = replace(loss, generator=lambda real, fake: loss.generator(-real, -fake))

    assert not _prefers_real(flipped_discriminator)
    assert not _prefers_real(flipped_generator)


def test_at_a_confident_discriminator_the_saturating_gradient_dies_and_the_other_does_not():
    sure_of_fakes = torch.tensor([-20.0], dtype=torch.float64)

    saturating = LOSSES.get("minimax").generator_gain(sure_of_fakes).item()
    non_saturating = LOSSES.get("non_saturating").generator_gain(sure_of_fakes).item()

    assert saturating == pytest.approx(math.exp(-20), rel=1e-8)
    assert non_saturating == pytest.approx(1.0, abs=1e-8)


def test_the_minimax_game_is_zero_sum_in_its_fakes():
    real, fake = _pairs(64)
    minimax = LOSSES.get("minimax")

    total = minimax.discriminator(real, fake) + minimax.generator(real, fake)

    torch.testing.assert_close(total, torch.nn.functional.softplus(-real))


def test_a_discriminator_that_guesses_pays_two_log_two():
    zero = torch.zeros(1, dtype=torch.float64)

    assert LOSSES.get("non_saturating").discriminator(zero, zero).item() == 2 * math.log(2)
    assert LOSSES.get("relativistic").discriminator(zero, zero).item() == math.log(2)


def test_the_relativistic_players_swap_roles_when_real_and_fake_are_swapped():
    real, fake = _pairs(64)
    relativistic = LOSSES.get("relativistic")

    assert torch.equal(relativistic.discriminator(real, fake), relativistic.generator(fake, real))


@pytest.mark.parametrize(
    "name, gain",
    [
        ("minimax", lambda logits: logits.sigmoid()),
        ("non_saturating", lambda logits: (-logits).sigmoid()),
        ("wasserstein", torch.ones_like),
        ("least_squares", lambda logits: (logits - 1).abs()),
        ("hinge", torch.ones_like),
    ],
)
def test_generator_gain_has_its_closed_form(name, gain):
    _, fake = _pairs(64)

    torch.testing.assert_close(LOSSES.get(name).generator_gain(fake), gain(fake), rtol=1e-12, atol=0)


@every_gain
def test_generator_gain_is_the_size_of_the_derivative_that_autograd_finds(loss):
    real, fake = _pairs(64)
    fake.requires_grad_()

    (slope,) = torch.autograd.grad(loss.generator(real, fake).sum(), fake)

    torch.testing.assert_close(loss.generator_gain(fake.detach()), slope.abs())


@every_gain
def test_generator_gain_serves_a_whole_cohort_at_once(loss):
    _, fake = _pairs(60)
    cohort = fake.reshape(5, 12)

    torch.testing.assert_close(loss.generator_gain(cohort), vmap(loss.generator_gain)(cohort))


def test_generator_gain_is_not_applicable_to_the_relativistic_loss():
    gain = LOSSES.get("relativistic").generator_gain(torch.zeros(3))

    assert gain.isnan().all()
    assert gain.shape == (3,)


@every_loss
def test_at_the_decision_point_the_pulls_on_real_and_fake_cancel(loss):
    # None claims that no logit is special: then they must cancel at every one.
    points = [-3.0, 0.4, 7.0] if loss.decision_point is None else [loss.decision_point]
    for point in points:
        at = torch.full((1,), point, dtype=torch.float64)
        on_real = grad(lambda x, at=at: loss.discriminator(x, at).sum())(at)
        on_fake = grad(lambda x, at=at: loss.discriminator(at, x).sum())(at)

        assert -on_real.item() == pytest.approx(on_fake.item(), abs=1e-15)


@pytest.mark.parametrize("name", ["minimax", "non_saturating", "least_squares"])
def test_away_from_the_decision_point_the_pulls_do_not_cancel(name):
    loss = LOSSES.get(name)
    at = torch.full((1,), loss.decision_point + 0.5, dtype=torch.float64)

    on_real = grad(lambda x: loss.discriminator(x, at).sum())(at)
    on_fake = grad(lambda x: loss.discriminator(at, x).sum())(at)

    assert abs((on_real + on_fake).item()) > 0.1


@every_loss
@both_players
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_values_and_gradients_are_finite_at_zero_and_at_extreme_logits(loss, player, dtype):
    extremes = torch.tensor([-1e4, 0.0, 1e4], dtype=dtype)
    real, fake = torch.cartesian_prod(extremes, extremes).T
    objective = getattr(loss, player)

    by_real, by_fake = grad(lambda r, f: objective(r, f).sum(), argnums=(0, 1))(real, fake)

    assert objective(real, fake).isfinite().all()
    assert by_real.isfinite().all()
    assert by_fake.isfinite().all()


@every_loss
@both_players
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.bfloat16])
def test_dtype_and_shape_are_kept(loss, player, dtype):
    real, fake = _pairs(7, dtype=torch.float32)

    values = getattr(loss, player)(real.to(dtype), fake.to(dtype))

    assert (values.dtype, tuple(values.shape)) == (dtype, (7,))


@every_loss
@both_players
def test_a_batch_is_the_concatenation_of_its_halves(loss, player):
    real, fake = _pairs(10)
    objective = getattr(loss, player)

    halves = torch.cat([objective(real[:4], fake[:4]), objective(real[4:], fake[4:])])

    torch.testing.assert_close(objective(real, fake), halves)


@every_loss
@both_players
def test_logits_are_left_untouched(loss, player):
    real, fake = _pairs(10)
    before = real.clone(), fake.clone()

    getattr(loss, player)(real, fake)

    assert torch.equal(real, before[0])
    assert torch.equal(fake, before[1])


@every_loss
@both_players
def test_a_cohort_under_vmap_has_the_gradients_of_a_loop_over_its_members(loss, player):
    weights = torch.linspace(-2, 2, 5, dtype=torch.float64)
    real, fake = (logits.reshape(5, 12) for logits in _pairs(60))

    def objective(weight, real, fake):
        return getattr(loss, player)(weight * real, weight * fake).mean()

    together = vmap(grad(objective))(weights, real, fake)
    one_by_one = torch.stack([grad(objective)(*member) for member in zip(weights, real, fake, strict=True)])

    torch.testing.assert_close(together, one_by_one)


@every_loss
def test_a_trailing_axis_is_refused_and_not_broadcast(loss):
    with pytest.raises(
        ValueError, match=r"real and fake logits must have one shape, got \(4, 1\) and \(4,\)"
    ):
        loss.discriminator(torch.zeros(4, 1), torch.zeros(4))


def test_a_trailing_axis_is_refused_by_the_generator_that_pairs():
    with pytest.raises(ValueError, match=r"relativistic_generator: .* got \(4, 1\) and \(4,\)"):
        LOSSES.get("relativistic").generator(torch.zeros(4, 1), torch.zeros(4))


@every_loss
@both_players
@few_examples
@given(
    pairs=st.lists(st.tuples(logit, logit), min_size=1, max_size=8), order=st.randoms(use_true_random=False)
)
def test_reordering_pairs_reorders_the_losses(loss, player, pairs, order):
    permutation = list(range(len(pairs)))
    order.shuffle(permutation)
    real, fake = torch.tensor(pairs, dtype=torch.float64).T
    objective = getattr(loss, player)

    torch.testing.assert_close(
        objective(real, fake)[permutation], objective(real[permutation], fake[permutation])
    )


@pytest.mark.parametrize("name", ["wasserstein", "relativistic"])
@few_examples
@given(real=logit, fake=logit, shift=logit)
def test_shifting_every_logit_leaves_the_critic_losses_as_they_are(name, real, fake, shift):
    r, f = torch.tensor([[real], [fake]], dtype=torch.float64)
    loss = LOSSES.get(name)

    torch.testing.assert_close(loss.discriminator(r + shift, f + shift), loss.discriminator(r, f))


@pytest.mark.parametrize("name", ["minimax", "non_saturating", "least_squares", "hinge"])
def test_shifting_every_logit_changes_the_losses_with_a_decision_point(name):
    real, fake = _pairs(10)
    loss = LOSSES.get(name)

    assert not torch.allclose(loss.discriminator(real + 1, fake + 1), loss.discriminator(real, fake))


@every_loss
def test_every_loss_cites_its_paper_with_a_year(loss):
    assert any(str(year) in loss.source for year in range(2014, 2027))
