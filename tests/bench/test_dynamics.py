"""What a probe writes down about the players, for every recipe and whatever became of them."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from bench.diagnostics.gradients import noise_limit, signal_to_noise
from bench.dynamics import GRADIENT_EVERY, dynamics, run_level
from bench.metrics import reference_for
from bench.probe_samples import GRADIENT_BATCHES, gradient_batches, probes_for
from gans.cohort import Cohort
from gans.data import load
from gans.defaults import config_of
from gans.losses import logistic_discriminator
from gans.recipes import RECIPES

DIGITS = load("digits")
REFERENCE = reference_for(DIGITS)
EVERY, WINDOW, END = frozenset({"every"}), frozenset({"every", "window"}), frozenset({"every", "end"})
ALWAYS = ("generator_gain", "discriminator_slope", "generator_update_ratio", "discriminator_update_ratio")
SELDOM = (
    "generator_snr", "discriminator_snr", "slope_profile", "generator_profile", "lipschitz_lower",
    "lipschitz_upper", "pair_slope", "critic_gap", "generator_growth", "discriminator_growth",
)  # fmt: skip
COSINES = ("generator_cosine", "discriminator_cosine")


def cohort_of(recipe: str, members: int = 2, **overrides: object) -> Cohort:
    shape = {"generator_width": 8, "discriminator_width": 8, "batch_size": 16, "data_size": 64}
    return Cohort([config_of(recipe, seed=s, **{**shape, **overrides}) for s in range(members)], DIGITS)


def looks(cohort: Cohort, tiers: list[frozenset[str]]) -> list:
    probes = probes_for(cohort, DIGITS, REFERENCE)
    found = []
    for tier in tiers:
        cohort.train(2)
        found.append(dynamics(cohort, probes, cohort.generate(probes.latents[:300]), tier))
    return [*found, probes]


@pytest.mark.parametrize("recipe", RECIPES)
def test_every_recipe_fills_every_column_that_applies_to_it(recipe):
    *found, _ = looks(cohort_of(recipe), [EVERY] * GRADIENT_EVERY + [END])

    columns, statuses = found[-1]
    for name in (*ALWAYS, *SELDOM, *COSINES):
        applies = name != "generator_gain" or recipe != "rpgan-r1r2"
        assert np.isfinite(columns[name]).all() == applies, name
        assert all((each.get(name) == "not_applicable") != applies for each in statuses), name
    assert (columns["lipschitz_lower"] <= columns["lipschitz_upper"]).all()
    assert (columns["lipschitz_lower"] >= columns["discriminator_slope"]).all()
    assert (columns["pair_slope"] <= columns["lipschitz_upper"]).all()


@pytest.mark.parametrize("recipe", RECIPES)
def test_only_logits_that_are_log_odds_bound_a_divergence_and_only_those_with_a_zero_have_a_sign(recipe):
    cohort = cohort_of(recipe)
    found, _ = looks(cohort, [EVERY])

    columns, statuses = found
    applies = {
        "jsd_bound": cohort.game.loss.discriminator is logistic_discriminator,
        "train_sign": cohort.game.loss.name not in ("wasserstein", "relativistic"),
    }
    for name, does in applies.items():
        assert np.isfinite(columns[name]).all() == does, name
        assert all((each.get(name) == "not_applicable") != does for each in statuses), name
    assert (columns["logit_real_p05"] < columns["logit_real_p50"]).all()
    assert (columns["logit_real_p50"] < columns["logit_real_p95"]).all()


def test_a_critic_gap_is_the_gap_of_mean_logits_over_the_steepest_slope_seen():
    *found, _ = looks(cohort_of("wgan"), [END])

    columns, _ = found[0]
    steepest = np.maximum(columns["lipschitz_lower"], columns["pair_slope"])
    assert columns["critic_gap"] * steepest == pytest.approx(columns["logit_real"] - columns["logit_fake"])


def test_convolutions_are_bounded_at_the_end_alone():
    cohort = cohort_of("nsgan", members=1, network="dcgan", generator_depth=1, discriminator_depth=1)

    *found, _ = looks(cohort, [*[EVERY] * GRADIENT_EVERY, END])

    assert ["lipschitz_upper" in columns for columns, _ in found] == [False] * GRADIENT_EVERY + [True]
    columns, statuses = found[-1]
    assert columns["lipschitz_lower"] <= columns["lipschitz_upper"] < math.inf
    assert "lipschitz_upper" not in statuses[0]


def test_gradients_are_looked_at_every_fourth_time_and_at_the_end():
    *found, _ = looks(cohort_of("nsgan"), [*[EVERY] * 9, END])

    assert ["generator_snr" in columns for columns, _ in found] == [index in (3, 7, 9) for index in range(10)]
    assert ["generator_cosine" in columns for columns, _ in found] == [index in (7, 9) for index in range(10)]
    assert all(set(ALWAYS) <= set(columns) for columns, _ in found)


def test_a_member_that_is_not_finite_is_marked_and_leaves_the_others_bit_for_bit():
    calm, broken = cohort_of("wgan-gp", 3), cohort_of("wgan-gp", 3)
    probes = probes_for(calm, DIGITS, REFERENCE), probes_for(broken, DIGITS, REFERENCE)
    for state in (broken.state.generator, broken.state.discriminator):
        state.weights[1] = math.nan

    expected, _ = dynamics(calm, probes[0], calm.generate(probes[0].latents[:300]), END)
    columns, statuses = dynamics(broken, probes[1], broken.generate(probes[1].latents[:300]), END)

    for name in (*ALWAYS, *SELDOM):
        assert math.isnan(columns[name][1]), name
        assert statuses[1][name] == "nonfinite_input", name
        assert np.array_equal(columns[name][[0, 2]], expected[name][[0, 2]]), name
    assert not set(statuses[0]) & set(SELDOM)


def test_players_that_stand_still_turn_by_nothing():
    cohort = cohort_of("nsgan", generator_lr=0.0, discriminator_lr=0.0)

    *found, probes = looks(cohort, [WINDOW] * (2 * GRADIENT_EVERY))

    columns, _ = found[-1]
    assert columns["generator_cosine"] == pytest.approx(1.0)
    assert columns["generator_update_ratio"].tolist() == [0.0, 0.0]
    assert math.isnan(run_level(probes, 0)["straightness"])


def test_straightness_is_taken_in_the_window_alone():
    *_, before = looks(cohort_of("nsgan"), [EVERY] * 2)
    *_, probes = looks(cohort_of("nsgan"), [EVERY, WINDOW, WINDOW, WINDOW])

    assert run_level(before, 0) == {}
    assert all(0.0 < run_level(probes, member)["straightness"] <= 1.0 for member in range(2))


def test_gradient_batches_hold_a_members_own_data_and_are_the_same_each_time():
    cohort = cohort_of("nsgan")

    batches, again = gradient_batches(cohort), gradient_batches(cohort)

    assert batches.real.shape == (2, GRADIENT_BATCHES, 16, 1, 8, 8)
    assert all(torch.equal(a, b) for a, b in zip(batches, again, strict=True))
    for member in range(2):
        own = DIGITS.train[cohort.training_indices(member)].flatten(start_dim=1)
        shown = batches.real[member].flatten(end_dim=1).flatten(start_dim=1)
        assert (torch.cdist(shown, own).min(dim=1).values < 1e-4).all()


def test_an_untrained_gan_has_signal_far_above_what_noise_gives():
    cohort = cohort_of("nsgan")
    generators, _ = cohort.gradients(gradient_batches(cohort))

    found = signal_to_noise(generators.numpy())

    assert (found > 3 * noise_limit(10, GRADIENT_BATCHES)).all()
