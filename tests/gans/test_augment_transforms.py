"""Augmentations: closed forms, and a battery for every one that is registered."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor
from torch.func import grad, vmap

from gans.augment import AUGMENTATIONS, Augmentation, augmentation_for
from gans.augment.affine import PARTS, Matrix, affine, resample
from gans.augment.colour import brightness, contrast, log_contrast, normal_brightness, saturation
from gans.augment.geometry import cutout, mirrored, mirrored_translation, quarter_turns, translation
from gans.augment.transform import normal, whole

SHAPE = (3, 8, 8)
EVERY_OPTION = [f"{name}:{option}" for name in AUGMENTATIONS for option in AUGMENTATIONS.get(name).options]
NAMES = [*AUGMENTATIONS, *EVERY_OPTION, "ada:" + ",".join(AUGMENTATIONS.get("ada").options)]
every_augmentation = pytest.mark.parametrize("name", NAMES)


def uniform(*shape: int, seed: int = 0, dtype: torch.dtype = torch.float64) -> Tensor:
    return torch.rand(*shape, generator=torch.Generator().manual_seed(seed), dtype=dtype)


def images(count: int, *shape: int, seed: int = 1, dtype: torch.dtype = torch.float64) -> Tensor:
    return 2 * uniform(count, *(shape or SHAPE), seed=seed, dtype=dtype) - 1


def prepared(name: str, count: int = 16) -> tuple[Augmentation, Tensor, Tensor]:
    augmentation = augmentation_for(name, SHAPE)
    return augmentation, images(count), uniform(count, augmentation.numbers, seed=2)


# Closed forms


@pytest.mark.parametrize("down, right", [(0, 0), (1, 0), (-1, 1), (1, -1)])
def test_a_translation_is_a_shift_by_whole_pixels_filled_with_zero(down: int, right: int) -> None:
    # 8 pixels reach 1 each way: thirds of [0, 1) are -1, 0 and 1.
    draws = torch.tensor([[(down + 1.5) / 3, (right + 1.5) / 3]])
    image = images(1)

    moved = translation(image, draws)

    expected = torch.zeros_like(image)
    for row in range(8):
        for column in range(8):
            if 0 <= row + down < 8 and 0 <= column + right < 8:
                expected[..., row, column] = image[..., row + down, column + right]
    assert torch.equal(expected, moved)


def test_a_translation_takes_every_shift_within_an_eighth_equally_often() -> None:
    image = torch.arange(32.0).expand(9000, 1, 32, 32)

    middle = translation(image, uniform(9000, 2, dtype=torch.float32))[:, 0, 16, 16]

    counts = torch.bincount(middle.long() - 12, minlength=9)
    assert len(counts) == 9
    # A chi-square of 8 degrees of freedom exceeds 26.1 once in 1,000 tries.
    assert ((counts - 1000).square() / 1000).sum() < 26.1


def test_a_mirrored_translation_shows_pixels_of_the_image_alone() -> None:
    image = images(400) + 5

    moved = mirrored_translation(image, uniform(400, 2))

    assert moved.min() >= 4
    assert torch.equal(
        torch.nn.functional.pad(image[:1], (1, 1, 1, 1), mode="reflect")[..., 2:, :-2],
        mirrored_translation(image[:1], torch.tensor([[0.99, 0.01]])),
    )


def test_mirrored_positions_walk_back_and_forth() -> None:
    position = torch.arange(-8, 12)

    assert mirrored(position, 4).tolist() == [2, 1, 0, 1, 2, 3, 2, 1, 0, 1, 2, 3, 2, 1, 0, 1, 2, 3, 2, 1]
    assert mirrored(torch.tensor([-0.5, 3.25]), 4).tolist() == [0.5, 2.75]


@pytest.mark.parametrize("side", [8, 28, 32])
def test_a_cutout_in_the_middle_takes_a_quarter_of_the_image(side: int) -> None:
    cut = cutout(torch.ones(1, 2, side, side), torch.full((1, 2), 0.5))

    assert (cut == 0).sum() == 2 * (side // 2) ** 2
    assert cut[0, 0, side // 2, side // 2] == 0


def test_the_mean_area_of_a_cutout_is_what_its_law_says() -> None:
    side, cut = 8, 4
    # Along one axis 9 starts -2 to 6 are equally likely; 2, 3, 4, 4, 4, 4, 4, 3, 2 positions are hit.
    expected = (sum(min(start + cut, side) - max(start, 0) for start in range(-2, 7)) / 9) ** 2

    zeros = (cutout(torch.ones(20_000, 1, side, side), uniform(20_000, 2)) == 0).sum(dim=(1, 2, 3))

    assert zeros.min() >= 4
    assert zeros.double().mean().item() == pytest.approx(expected, abs=0.12)  # four standard errors


def test_brightness_moves_the_mean_and_nothing_else() -> None:
    image, draws = images(5), uniform(5, 1)

    changed = brightness(image, draws)

    assert torch.allclose(changed.mean(dim=(1, 2, 3)), image.mean(dim=(1, 2, 3)) + draws[:, 0] - 0.5)
    assert torch.allclose(changed.std(dim=(1, 2, 3)), image.std(dim=(1, 2, 3)))


def test_contrast_keeps_the_mean_and_scales_the_spread() -> None:
    image, draws = images(5), uniform(5, 1)

    changed = contrast(image, draws)

    assert torch.allclose(changed.mean(dim=(1, 2, 3)), image.mean(dim=(1, 2, 3)))
    assert torch.allclose(changed.std(dim=(1, 2, 3)), image.std(dim=(1, 2, 3)) * (draws[:, 0] + 0.5))


def test_saturation_keeps_the_grey_of_each_pixel_and_leaves_grey_images_alone() -> None:
    image, draws = images(5), uniform(5, 1)
    grey = image.mean(dim=1, keepdim=True).expand_as(image)

    assert torch.allclose(saturation(image, draws).mean(dim=1), image.mean(dim=1))
    assert torch.allclose(saturation(grey, draws), grey)
    assert torch.allclose(saturation(image, torch.zeros(5, 1)), grey)


def test_adas_colours_follow_their_laws() -> None:
    draws = uniform(40_000, 1)
    ones = torch.ones(40_000, 1, 1, 1, dtype=torch.float64)

    shifts = (normal_brightness(ones, draws) - 1).flatten()
    factors = log_contrast(ones, draws).flatten().log2()

    assert (shifts.mean().item(), shifts.std().item()) == pytest.approx((0.0, 0.2), abs=0.004)
    assert (factors.mean().item(), factors.std().item()) == pytest.approx((0.0, 0.5), abs=0.01)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_normal_numbers_are_finite_at_both_ends(dtype: torch.dtype) -> None:
    ends = torch.tensor([0.0, math.nextafter(1.0, 0.0)], dtype=torch.float64).to(dtype).clamp(max=1 - 2**-24)

    low, high = normal(ends).tolist()

    assert -5.2 < low < -4.8
    assert 4.8 < high < 5.3


def test_whole_numbers_never_reach_their_count() -> None:
    last = torch.tensor([1 - 2**-24], dtype=torch.float32)

    assert [int(whole(last, count)) for count in range(1, 65)] == list(range(64))


@pytest.mark.parametrize("quarters", range(4))
def test_quarter_turns_are_those_of_torch_and_of_the_affine_map(quarters: int) -> None:
    image = images(1)
    cosine, sine = [(1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.0, -1.0)][quarters]

    turned = quarter_turns(image, torch.tensor([[quarters / 4 + 0.1]]))
    matrix = Matrix(*(torch.tensor([entry]) for entry in (cosine, -sine, sine, cosine)))

    assert torch.equal(turned, torch.rot90(image, quarters, (2, 3)))
    assert torch.allclose(resample(image, matrix), turned)


def test_resampling_agrees_with_grid_sample() -> None:
    image = images(6, 3, 8, 8)
    entries = 2 * uniform(4, 6, seed=3) - 1
    theta = torch.stack([entries[0], entries[1], entries[2], entries[3]], dim=1).reshape(6, 2, 2)

    ours = resample(image, Matrix(*entries))

    padded = torch.cat([theta, torch.zeros(6, 2, 1, dtype=theta.dtype)], dim=2)
    grid = torch.nn.functional.affine_grid(padded, list(image.shape), align_corners=True)
    theirs = torch.nn.functional.grid_sample(
        image, grid, mode="bilinear", padding_mode="reflection", align_corners=True
    )
    assert torch.allclose(theirs, ours)


def test_an_affine_map_of_a_linear_ramp_is_the_ramp_moved() -> None:
    ramp = torch.arange(9.0, dtype=torch.float64).sub(4).expand(1, 1, 9, 9)
    half = torch.tensor([0.5], dtype=torch.float64)
    zero = torch.zeros(1, dtype=torch.float64)

    zoomed = resample(ramp, Matrix(half, zero, zero, half))

    assert torch.allclose(zoomed, ramp / 2)


def test_a_sample_is_turned_with_the_stated_probability() -> None:
    count, strength = 20_000, 0.4
    image = images(1, 1, 4, 4).expand(count, 1, 4, 4)

    turned = affine(("rotation",)).apply(image, uniform(count, 8), strength)

    share = (turned != image).flatten(1).any(dim=1).double().mean().item()
    assert share == pytest.approx(strength, abs=0.014)  # four standard errors


# Battery


@every_augmentation
def test_strength_0_leaves_every_bit_alone(name: str) -> None:
    augmentation, samples, draws = prepared(name)

    assert torch.equal(augmentation(samples, draws, 0.0), samples)
    assert torch.equal(augmentation(samples, draws, torch.tensor(0.0)), samples)


@every_augmentation
def test_strength_is_how_many_samples_change(name: str) -> None:
    augmentation, samples, draws = prepared(name, count=4000)
    if len(augmentation.transforms) != 1:
        pytest.skip("several transforms: their probabilities mix")

    def changed(strength: float) -> float:
        return (
            (augmentation(samples, draws, strength) != samples).flatten(1).any(dim=1).double().mean().item()
        )

    # Some draws leave an image as it is: no shift, no mirroring, a turn by 0 degrees.
    assert changed(0.5) == pytest.approx(0.5 * changed(1.0), abs=0.032)
    assert changed(1.0) > 0.45


@every_augmentation
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_shape_and_precision_are_kept(name: str, dtype: torch.dtype) -> None:
    augmentation, samples, draws = prepared(name)

    result = augmentation(samples.to(dtype), draws.to(dtype), torch.tensor(1.0, dtype=dtype))

    assert (result.dtype, result.shape) == (dtype, samples.shape)
    assert result.isfinite().all()


@every_augmentation
def test_each_sample_is_changed_on_its_own(name: str) -> None:
    augmentation, samples, draws = prepared(name)
    others = samples.clone()
    others[0], others[2:] = torch.nan, -7.0
    other_draws = draws.clone()
    other_draws[0], other_draws[2:] = 0.99, 0.01

    once = augmentation(samples, draws)[1]

    # Alone, powers of 2 come from the unvectorised branch, which may round their last digit otherwise.
    assert torch.allclose(once, augmentation(samples[1:2], draws[1:2])[0], rtol=0, atol=1e-12)
    assert torch.equal(once, augmentation(others, other_draws)[1])


@every_augmentation
def test_the_same_draws_give_the_same_bits_and_others_do_not(name: str) -> None:
    augmentation, samples, draws = prepared(name)
    before = samples.clone()

    once, again = augmentation(samples, draws), augmentation(samples, draws)

    assert torch.equal(once, again)
    assert torch.equal(samples, before)
    if augmentation.transforms:
        assert not torch.equal(once, augmentation(samples, uniform(*draws.shape, seed=9)))


@every_augmentation
def test_the_global_generator_is_left_alone(name: str) -> None:
    augmentation, samples, draws = prepared(name)
    before = torch.get_rng_state()

    augmentation(samples, draws)

    assert torch.equal(before, torch.get_rng_state())


@every_augmentation
def test_gradients_reach_the_samples_and_agree_with_differences(name: str) -> None:
    augmentation, samples, draws = prepared(name, count=3)

    assert torch.autograd.gradcheck(
        lambda changed: augmentation(changed, draws, 0.7), samples.requires_grad_(), eps=1e-6, atol=1e-7
    )
    assert grad(lambda changed: augmentation(changed, draws).sum())(samples.detach()).abs().sum() > 0


@every_augmentation
def test_vmap_equals_a_loop_over_members(name: str) -> None:
    augmentation = augmentation_for(name, SHAPE)
    samples = images(4, 5, *SHAPE)
    draws, strength = uniform(4, 5, augmentation.numbers, seed=2), torch.tensor([0.0, 0.3, 0.7, 1.0])

    together = vmap(augmentation)(samples, draws, strength)

    alone = [augmentation(*each) for each in zip(samples, draws, strength, strict=True)]
    assert torch.allclose(together, torch.stack(alone), rtol=0, atol=1e-12)


@every_augmentation
def test_its_mean_over_draws_does_not_depend_on_the_precision_of_draws(name: str) -> None:
    augmentation, samples, draws = prepared(name)

    exact, rounded = augmentation(samples, draws), augmentation(samples, draws.float().clamp(max=1 - 2**-24))

    assert torch.allclose(exact, rounded.double(), atol=1e-4)


@pytest.mark.parametrize("name", ["diffaugment", "ada", "ada:" + ",".join(AUGMENTATIONS.get("ada").options)])
def test_compiled_equals_eager_under_vmap_and_grad(name: str) -> None:
    augmentation = augmentation_for(name, SHAPE)
    samples, draws = images(2, 5, *SHAPE), uniform(2, 5, augmentation.numbers, seed=2)
    strength = torch.tensor([0.4, 1.0], dtype=torch.float64)

    def slopes(samples: Tensor, draws: Tensor, strength: Tensor) -> Tensor:
        """How the augmented samples' squares depend on the samples."""
        return vmap(grad(lambda s, d, p: augmentation(s, d, p).square().sum()))(samples, draws, strength)

    torch._dynamo.reset()
    fast = torch.compile(slopes, fullgraph=True, dynamic=False)(samples, draws, strength)

    assert torch.allclose(fast, slopes(samples, draws, strength), atol=1e-12)


def test_every_part_of_the_affine_map_can_be_asked_for() -> None:
    assert {f"ada:{part}" for part in PARTS} <= set(NAMES)
