"""Eigenvalues against closed forms, against dense Jacobians, and turns against the trainer itself."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from bench.diagnostics import eigen
from bench.diagnostics.eigen import RANKS, jacobian_spectrum
from bench.diagnostics.spectrum import (
    early_size,
    field_sizes,
    game_spectrum,
    spectrum_columns,
    spectrum_of_run,
    stationarity,
    turn_spectrum,
)
from bench.diagnostics.turns import TURNS, Turn, place_of
from gans.cohort import Cohort
from gans.data import load
from gans.defaults import config_of
from gans.field import Batch
from gans.networks import NETWORKS, Network
from gans.program import ORDERS, Draws
from gans.recipes import RECIPES
from gans.rng import stream

RING, DIRAC = load("ring8"), load("dirac")
SIZE = 16


def cohort_of(recipe: str, members: int = 1, **overrides: object) -> Cohort:
    shape = {"generator_width": 16, "discriminator_width": 16, "generator_depth": 1, "discriminator_depth": 1}
    shape |= {"batch_size": SIZE, "dataset": "ring8", "latent_dim": 2, "data_size": 64}
    return Cohort([config_of(recipe, seed=s, **{**shape, **overrides}) for s in range(members)], RING)


def dirac(recipe: str, position: float = 0.0, slope: float = 0.0, **overrides: object) -> Cohort:
    fixed = {"network": "dirac", "dataset": "dirac", "data_size": 8, "optimizer": "sgd", "batch_size": 8}
    cohort = Cohort([config_of(recipe, **{**fixed, **overrides})], DIRAC)
    cohort.state.generator.weights.fill_(position)
    cohort.state.discriminator.weights.fill_(slope)
    return cohort


def batch_of(data: Tensor, latent_dim: int = 2) -> Batch:
    draws = stream(0, "test spectrum")
    return Batch(
        data[:SIZE], torch.randn(SIZE, latent_dim, generator=draws), torch.rand(SIZE, generator=draws)
    )


def where(cohort: Cohort, member: int = 0, latent_dim: int = 2):
    data = DIRAC.train if cohort.configs[0].dataset == "dirac" else RING.train
    return cohort.game, cohort.state, member, batch_of(data, latent_dim)


def same_ranks(found: np.ndarray, dense: np.ndarray, which: str) -> None:
    """Equal in what they were ranked by: of a pair cut in two either half may be there."""
    expected = np.sort(RANKS[which](dense))[::-1][: len(found)]
    np.testing.assert_allclose(RANKS[which](found), expected, rtol=2e-3, atol=1e-6)


def dense_spectrum(function, point: Tensor) -> np.ndarray:
    """By reverse differentiation, row by row, where the module goes forward."""
    return np.linalg.eigvals(torch.autograd.functional.jacobian(function, point, vectorize=True).numpy())


def test_a_bilinear_game_turns_and_does_not_stretch():
    found = jacobian_spectrum(lambda w: torch.stack([-w[1], w[0]]), torch.ones(2).double(), "LM", 6)

    assert sorted(found.eigenvalues.imag) == pytest.approx([-1.0, 1.0])
    assert found.eigenvalues.real == pytest.approx([0.0, 0.0], abs=1e-12)
    assert (found.radius, found.rotation) == pytest.approx((1.0, 1.0))


@pytest.mark.parametrize("pairs", [3, 600], ids=["dense", "matrix-free"])
def test_a_quadratic_game_has_the_eigenvalues_it_was_made_of(pairs):
    decay, turn = torch.linspace(0.1, 1.0, pairs).double(), torch.linspace(2.0, 1.0, pairs).double()

    def field(w: Tensor) -> Tensor:
        x, y = w[:pairs], w[pairs:]
        return torch.cat([-decay * x - turn * y, turn * x - decay * y])

    spectra = {which: jacobian_spectrum(field, torch.ones(2 * pairs).double(), which, 4) for which in RANKS}

    expected = np.concatenate([-decay.numpy() + 1j * turn.numpy(), -decay.numpy() - 1j * turn.numpy()])
    for which, found in spectra.items():
        assert found.status == "ok"
        same_ranks(found.eigenvalues, expected, which)
    assert spectra["LR"].largest_real == pytest.approx(-0.1, rel=1e-3)


@pytest.mark.parametrize("gamma", [0.0, 0.3, 1.5, 2.0])
@pytest.mark.parametrize("recipe", ["mmgan", "nsgan"])
def test_dirac_gans_have_their_published_eigenvalues(recipe, gamma):
    cohort = dirac(recipe, regularizer="r1", regularizer_weight=gamma)

    found = game_spectrum(*where(cohort, latent_dim=16)).eigenvalues

    root = np.emath.sqrt(gamma**2 / 4 - 0.25)
    expected = np.array([-gamma / 2 + root, -gamma / 2 - root], dtype=complex)
    np.testing.assert_allclose(np.sort_complex(found), np.sort_complex(expected), atol=1e-6)


@pytest.mark.parametrize("order", TURNS)
def test_turns_of_a_dirac_gan_have_their_published_radii(order):
    h, gamma = 0.2, 0.3
    cohort = dirac("nsgan", regularizer="r1", regularizer_weight=gamma)

    found = turn_spectrum(*where(cohort, latent_dim=16), Turn(h, h, order))

    squared = 1 - h * gamma + (h**2 / 4 if order == "simultaneous" else 0.0)
    assert found.radius == pytest.approx(math.sqrt(squared), abs=1e-9)


@pytest.mark.parametrize(
    "recipe, which", [*((name, "LI") for name in RECIPES), ("wgan-gp", "LM"), ("hinge", "LR")]
)
def test_matrix_free_and_dense_agree_for_every_recipe(recipe, which, monkeypatch):
    cohort = cohort_of(recipe)
    cohort.train(5)
    place = place_of(*where(cohort))
    dense = dense_spectrum(place.field, place.weights)
    monkeypatch.setattr(eigen, "DENSE_UP_TO", 0)

    found = game_spectrum(*where(cohort), which=which)

    assert found.status == "ok"
    assert found.products > 0
    same_ranks(found.eigenvalues, dense, which)


@pytest.mark.parametrize("order", TURNS)
def test_matrix_free_and_dense_agree_on_a_turn_of_small_steps(order, monkeypatch):
    cohort = cohort_of("wgan-gp")
    cohort.train(5)
    turn = Turn(1e-4, 1e-4, order, n_critic=2)
    dense = turn_spectrum(*where(cohort), turn, k=4)
    monkeypatch.setattr(eigen, "DENSE_UP_TO", 0)

    found = turn_spectrum(*where(cohort), turn, k=4)

    # Their distance from 1 is 1e-3 or less: it is that which must agree, not the 1.
    np.testing.assert_allclose(np.abs(found.eigenvalues) - 1, np.abs(dense.eigenvalues) - 1, rtol=1e-2)


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("recipe", ["nsgan", "wgan", "wgan-gp", "rpgan-r1r2"])
def test_a_turn_is_what_the_trainer_does(recipe, order):
    cohort = cohort_of(recipe, optimizer="sgd", update_order=order, n_critic=2, generator_lr=0.1)
    batch = where(cohort)[3]
    indices = torch.arange(SIZE).expand(1, 2, SIZE)
    needs_mix = cohort.game.regularizer.penalty is not None
    mix = batch.mix.expand(1, 2, SIZE) if needs_mix else torch.zeros(1, 2, 0)
    draws = Draws(indices, batch.latents.expand(1, 3, SIZE, 2), mix, torch.zeros(1, 3, 2, SIZE, 0))

    moved, _ = cohort.program.turn(cohort.state, draws)

    turn = Turn(0.1, cohort.configs[0].discriminator_lr, order, n_critic=2)
    expected = torch.cat([moved.generator.weights[0], moved.discriminator.weights[0]]).double()
    place = place_of(*where(cohort))
    torch.testing.assert_close(place.after(turn, place.weights), expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("optimizer", ["adam", "rmsprop"])
def test_the_preconditioner_divides_rows_by_the_optimizers_root(optimizer):
    cohort = cohort_of("nsgan", optimizer=optimizer)
    cohort.train(3)
    plain = place_of(*where(cohort))
    jacobian = torch.autograd.functional.jacobian(plain.field, plain.weights, vectorize=True)
    players = cohort.state.generator, cohort.state.discriminator
    square = torch.cat([player.moments[-1][0].double() for player in players])
    if optimizer == "adam":
        square = square / (1 - cohort.configs[0].beta2 ** 3)
    expected = np.linalg.eigvals((jacobian / (square.sqrt() + 1e-8)[:, None]).numpy())

    found = game_spectrum(*where(cohort), field="preconditioned", k=4)

    same_ranks(found.eigenvalues, expected, "LM")


def test_before_the_first_step_there_is_no_preconditioner_and_descent_needs_none():
    fresh = game_spectrum(*where(cohort_of("nsgan")), field="preconditioned")

    assert (fresh.status, fresh.eigenvalues.size) == ("not_applicable", 0)
    assert math.isnan(fresh.radius)
    assert game_spectrum(*where(dirac("nsgan"), latent_dim=16), field="preconditioned").status == "ok"


@pytest.mark.parametrize("recipe", ["nsgan", "wgan-gp"])
def test_a_run_that_is_not_finite_has_no_spectrum_and_its_neighbour_has_its_own(recipe):
    calm, broken = cohort_of(recipe, members=2), cohort_of(recipe, members=2)
    broken.state.discriminator.weights[0] = math.nan

    lost = game_spectrum(*where(broken))

    assert (lost.status, lost.eigenvalues.size) == ("nonfinite_input", 0)
    kept, expected = game_spectrum(*where(broken, 1)), game_spectrum(*where(calm, 1))
    assert np.array_equal(kept.eigenvalues, expected.eigenvalues)


def test_what_did_not_converge_is_kept_and_marked(monkeypatch):
    monkeypatch.setattr(eigen, "MOST_RESTARTS", 1)
    monkeypatch.setattr(eigen, "BASIS", 20)
    rows = torch.from_numpy(np.random.default_rng(0).standard_normal((1200, 1200)))

    found = jacobian_spectrum(lambda w: rows @ w, torch.ones(1200).double(), "LM", 6)

    assert found.status == "numeric_warning"
    assert found.eigenvalues.size < 6


def test_a_field_that_does_not_depend_on_the_weights_has_a_status_and_no_exception():
    found = jacobian_spectrum(lambda w: 0.0 * w, torch.ones(1200).double(), "LM", 6)

    assert found.status in ("ok", "numeric_warning")
    assert found.radius == pytest.approx(0.0) or math.isnan(found.radius)
    assert math.isnan(found.rotation)


def test_the_same_game_gives_the_same_bits(monkeypatch):
    cohort = cohort_of("wgan-gp")
    monkeypatch.setattr(eigen, "DENSE_UP_TO", 0)

    first, again = (game_spectrum(*where(cohort), which="LI") for _ in range(2))

    assert first.products > 0
    assert np.array_equal(first.eigenvalues, again.eigenvalues)


class Normalised(nn.Module):
    """A generator with batch norm, whose statistics a spectrum must neither use nor move."""

    def __init__(
        self, latent_dim: int, width: int, depth: int, shape: tuple[int, ...], bounded: bool
    ) -> None:
        super().__init__()
        self.body = nn.Sequential(nn.Linear(latent_dim, width), nn.BatchNorm1d(width), nn.Linear(width, 2))

    def forward(self, latents: Tensor) -> Tensor:
        return self.body(latents)


normalised = Network("normalised", Normalised, NETWORKS.get("mlp").discriminator)


def test_batch_norm_is_taken_in_evaluation_mode_and_stays_as_it_was():
    cohort = cohort_of("nsgan", network=f"{__name__}:normalised")
    cohort.train(2)
    before = {name: value.clone() for name, value in cohort.state.generator.buffers.items()}

    found = game_spectrum(*where(cohort))

    assert found.status == "ok"
    assert all(torch.equal(value, cohort.state.generator.buffers[name]) for name, value in before.items())
    assert cohort.game.generator.module.training


@pytest.fixture
def small_run() -> Cohort:
    cohort = cohort_of("nsgan", update_order="generator-first", discriminator_lr=1e-3)
    cohort.train(10)
    return cohort


def test_a_run_has_three_spectra_and_one_number_from_each(small_run):
    before = small_run.state.generator.weights.clone()

    spectra = spectrum_of_run(small_run, 0)

    columns = spectrum_columns(spectra, early=2 * spectra["spectrum_real"].size)
    assert {spectrum.status for spectrum in spectra.values()} == {"ok"}
    assert columns["stationarity"] == pytest.approx(0.5)
    assert columns["spectrum_radius"] == np.abs(spectra["spectrum_radius"].eigenvalues).max()
    assert 0.0 <= columns["spectrum_rotation"] <= 1.0
    assert {columns[f"{name}_ok"] for name in spectra} == {1.0}
    assert torch.equal(before, small_run.state.generator.weights)


def test_columns_say_of_which_spectra_all_eigenvalues_converged(small_run, monkeypatch):
    monkeypatch.setattr(eigen, "DENSE_UP_TO", 10)
    monkeypatch.setattr(eigen, "BASIS", 20)
    monkeypatch.setattr(eigen, "MOST_RESTARTS", 1)

    cut_short = spectrum_of_run(small_run, 0)
    columns = spectrum_columns(cut_short, early=1.0)

    assert cut_short["spectrum_rotation"].status == "numeric_warning"
    assert columns["spectrum_rotation_ok"] == 0.0
    assert columns["spectrum_radius_ok"] == float(cut_short["spectrum_radius"].status == "ok")


@pytest.mark.parametrize(
    "changed, message",
    [
        ({"which": "SM"}, "which must be known, got 'SM'"),
        ({"field": "natural"}, "field must be one of plain, preconditioned, got 'natural'"),
    ],
)
def test_unknown_choices_are_named(changed, message):
    with pytest.raises(ValueError, match=message):
        game_spectrum(*where(dirac("nsgan"), latent_dim=16), **changed)


def test_an_unknown_order_is_named():
    with pytest.raises(ValueError, match="turn: order must be known, got 'both'"):
        Turn(0.1, 0.1, "both")
    assert set(TURNS) == set(ORDERS)


def test_stationarity_is_the_end_over_the_beginning():
    series = field_sizes(np.full(100, 3.0), np.full(100, 4.0), (1, 1))
    falling = np.concatenate([series[:50], series[50:] / 20])

    assert early_size(series) == pytest.approx(math.sqrt(12.5))
    assert stationarity(falling) == pytest.approx(0.05)
    assert math.isnan(stationarity(np.empty(0)))
    assert math.isnan(stationarity(np.full(10, math.nan)))
    assert math.isnan(stationarity(np.zeros(10)))


def test_a_turns_rates_scale_each_player_alone():
    cohort = cohort_of("nsgan")
    place = place_of(*where(cohort))
    still = dataclasses.replace(Turn(0.0, 0.1, "generator-first"), n_critic=1)

    moved = place.split(place.after(still, place.weights))
    at = place.split(place.weights)

    assert torch.equal(moved[0], at[0])
    assert not torch.equal(moved[1], at[1])
