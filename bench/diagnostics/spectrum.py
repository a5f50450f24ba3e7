"""Eigenvalues of a game where it stands: does its field attract, does it turn, does a turn of training?

Positive real parts are normal far from a stationary point, so no verdict rests on a spectrum alone:
read it beside ``stationarity``. Expensive (seconds for 9,000 weights), so taken only when asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import numpy as np
import numpy.typing as npt
import torch

from bench.diagnostics.arrays import Floats, median, share_of
from bench.diagnostics.eigen import Spectrum, jacobian_spectrum, no_spectrum
from bench.diagnostics.turns import Turn, place_of
from gans.cohort import Cohort
from gans.field import Batch
from gans.program import State
from gans.rng import stream
from gans.step import Game

BATCH = 1024
"""Samples a run's spectrum is taken on: with fewer, sampling noise moves the eigenvalues."""
EARLY_SHARE = 0.05
"""Of all steps: the beginning that stationarity is measured against, and the end that is measured."""


def game_spectrum(
    game: Game,
    state: State,
    member: int,
    batch: Batch,
    *,
    field: str = "plain",
    n_critic: int = 1,
    which: str = "LM",
    k: int = 6,
) -> Spectrum:
    """Eigenvalues of the Jacobian of the field (-grad L_G, -grad L_D) at one member's weights.

    Simultaneous descent in small steps converges locally if all real parts are negative; with
    steps h, if all ``|1 + h lambda| < 1``. Show it a large batch, the same each time.

    Args:
        field: "plain", or "preconditioned": each row divided by what the optimizer divides
            that weight's gradient by (Adam, RMSprop; running squares held, no momentum).
        n_critic: discriminator updates per step so far, for the age of its running squares.
        which: "LM", "LR" or "LI": largest size, real part, size of imaginary part.
        k: how many eigenvalues.

    Raises:
        ValueError: ``field`` or ``which`` is unknown, or a penalty needs ``batch.mix`` and has none.

    Source:
        Mescheder et al. 2017, "The numerics of GANs"; Berard et al. 2020, "A closer
        look at the optimization landscapes of generative adversarial networks".

    Example:
        The Dirac-GAN turns around its equilibrium at f'(0) = 1/2:

        >>> from gans.data import load
        >>> from gans.defaults import config_of
        >>> dirac = {"network": "dirac", "dataset": "dirac", "data_size": 8, "optimizer": "sgd"}
        >>> cohort = Cohort([config_of("mmgan", **dirac)], load("dirac"))
        >>> for player in (cohort.state.generator, cohort.state.discriminator):
        ...     _ = player.weights.zero_()
        >>> batch = Batch(load("dirac").train[:8], torch.zeros(8, 16))
        >>> found = game_spectrum(cohort.game, cohort.state, 0, batch)
        >>> np.abs(found.eigenvalues.imag).round(9).tolist(), found.rotation
        ([0.5, 0.5], 1.0)
    """
    place = place_of(game, state, member, batch, field, n_critic)
    if place is None:
        return no_spectrum(which, "not_applicable")
    return jacobian_spectrum(place.field, place.weights, which, k)


def turn_spectrum(
    game: Game,
    state: State,
    member: int,
    batch: Batch,
    turn: Turn,
    *,
    field: str = "plain",
    which: str = "LM",
    k: int = 6,
) -> Spectrum:
    """Eigenvalues of the Jacobian of one training turn, as a map of the weights to the next.

    A turn is one generator update with its ``n_critic`` discriminator updates, each followed by
    the regularizer's constraint. Where the weights stand still, a turn attracts if all its
    eigenvalues are smaller than 1 in size, and repels if one is larger.

    Args:
        turn: rates, order and number of updates.
        field: "plain" for gradient descent, "preconditioned" for Adam and RMSprop with their
            running squares held and without momentum.
        batch, which, k: as in ``game_spectrum``; all updates see the same batch.

    Raises:
        ValueError: ``field`` or ``which`` is unknown, or a penalty needs ``batch.mix`` and has none.

    Source:
        Mescheder et al. 2018, "Which training methods for GANs do actually converge?",
        on simultaneous and alternating gradient descent.

    Example:
        A simultaneous turn of step h drives the Dirac-GAN outward by sqrt(1 + h^2 / 4):

        >>> from gans.data import load
        >>> from gans.defaults import config_of
        >>> dirac = {"network": "dirac", "dataset": "dirac", "data_size": 8, "optimizer": "sgd"}
        >>> cohort = Cohort([config_of("mmgan", **dirac)], load("dirac"))
        >>> for player in (cohort.state.generator, cohort.state.discriminator):
        ...     _ = player.weights.zero_()
        >>> batch = Batch(load("dirac").train[:8], torch.zeros(8, 16))
        >>> radius = lambda order: turn_spectrum(
        ...     cohort.game, cohort.state, 0, batch, Turn(0.2, 0.2, order)).radius
        >>> [round(radius(order), 6) for order in ("simultaneous", "generator-first")]
        [1.004988, 1.0]
    """
    place = place_of(game, state, member, batch, field, turn.n_critic)
    if place is None:
        return no_spectrum(which, "not_applicable")
    return jacobian_spectrum(partial(place.after, turn), place.weights, which, k, fixed=True)


def spectrum_of_run(cohort: Cohort, member: int) -> dict[str, Spectrum]:
    """The three spectra of a run where it stands now, each under the column that it fills.

    * ``spectrum_radius``: one turn of its training, preconditioned as its optimizer does;
    * ``spectrum_real``: the plain field, by largest real part;
    * ``spectrum_rotation``: the plain field, the six of largest imaginary part.

    Costs seconds to a minute for a network of thousands of weights: to be asked for, not to be had always.
    """
    config = cohort.configs[member]
    indices = cohort.training_indices(member)[:BATCH]
    packs = max(len(indices) // config.packing, 1)
    own = cohort.training_samples(indices[torch.arange(packs * config.packing) % len(indices)])
    latents = torch.randn(len(own), config.latent_dim, generator=stream(0, "spectrum latents"))
    batch = Batch(own, latents, torch.rand(packs, generator=stream(0, "spectrum mix")))
    where = (cohort.game, cohort.state, member, batch)
    turn = Turn(config.generator_lr, config.discriminator_lr, config.update_order, config.n_critic)
    return {
        "spectrum_radius": turn_spectrum(*where, turn, field="preconditioned", k=2),
        "spectrum_real": game_spectrum(*where, which="LR", k=2),
        "spectrum_rotation": game_spectrum(*where, which="LI"),
    }


def spectrum_columns(spectra: Mapping[str, Spectrum], early: float) -> dict[str, float]:
    """What ``spectrum_of_run`` is summed up to, with ``stationarity`` measured on the same batch.

    Args:
        early: size of the field when training began, from ``early_size``.

    Returns:
        NaN for what a spectrum does not have; ``spectrum_*_ok`` is 1 where all its eigenvalues
        converged, else 0.

    Example:
        >>> spectra = {
        ...     "spectrum_radius": no_spectrum("LM", "not_applicable"),
        ...     "spectrum_real": Spectrum(np.array([-1.0 + 0j]), "LR", size=0.5),
        ...     "spectrum_rotation": Spectrum(np.array([3.0 + 4j]), "LI", 0.5, status="numeric_warning"),
        ... }
        >>> columns = spectrum_columns(spectra, early=10.0)
        >>> columns["spectrum_rotation"], columns["spectrum_rotation_ok"], columns["stationarity"]
        (0.8, 0.0, 0.05)
    """
    converged = {f"{name}_ok": float(found.status == "ok") for name, found in spectra.items()}
    size = spectra["spectrum_real"].size
    return {
        "spectrum_radius": spectra["spectrum_radius"].radius,
        "spectrum_real": spectra["spectrum_real"].largest_real,
        "spectrum_rotation": spectra["spectrum_rotation"].rotation,
        **converged,
        "stationarity": share_of(size, early),
    }


def field_sizes(
    generator_gradients: npt.ArrayLike, discriminator_gradients: npt.ArrayLike, sizes: tuple[int, int]
) -> Floats:
    """Root mean square of both players' gradients together, step by step.

    Shapes:
        generator_gradients, discriminator_gradients, result: (steps,), root mean squares.

    Args:
        sizes: parameters of the generator and of the discriminator.

    Example:
        >>> field_sizes([3.0], [5.0], (1, 1)).round(3).tolist()
        [4.123]
    """
    players = np.asarray(generator_gradients, np.float64), np.asarray(discriminator_gradients, np.float64)
    joined: Floats = np.sqrt((sizes[0] * players[0] ** 2 + sizes[1] * players[1] ** 2) / sum(sizes))
    return joined


def early_size(series: Floats) -> float:
    """Median of the first 5 % of ``field_sizes``; NaN without steps.

    Example:
        >>> early_size(np.array([2.0] * 5 + [0.5] * 95))
        2.0
    """
    return median(series[: _ends(series)])


def stationarity(series: Floats) -> float:
    """Size of the field at the end of training over its size at the beginning.

    From the gradients of training, noise of their batches included, so it errs towards
    "has not come to rest". Spectra mean little above 0.05.

    Args:
        series: from ``field_sizes``.

    Returns:
        median of the last 5 % of steps over that of the first 5 %; NaN where there are none.

    Example:
        >>> stationarity(np.array([2.0] * 50 + [0.1] * 50))
        0.05
    """
    return share_of(median(series[len(series) - _ends(series) :]), early_size(series))


def _ends(series: Floats) -> int:
    return max(1, round(EARLY_SHARE * len(series)))
