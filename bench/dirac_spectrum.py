"""The Dirac-GAN at its equilibrium under the ordinary spectrum diagnostic, and borders found by bisection."""

from __future__ import annotations

from dataclasses import replace

import torch

from bench.diagnostics.eigen import Spectrum
from bench.diagnostics.spectrum import game_spectrum, turn_spectrum
from bench.diagnostics.turns import Turn
from bench.dirac import Pair, dirac_config
from bench.dirac_laws import Turn as DiracTurn
from gans.cohort import Cohort
from gans.data import load
from gans.field import Batch

TOLERANCE = 1e-6
"""Largest difference of an eigenvalue, or of a border, from its closed form."""


def at_equilibrium(pair: Pair) -> Cohort:
    """A Dirac-GAN whose generator has found the data and whose discriminator is flat."""
    cohort = Cohort([dirac_config(*pair, "simultaneous")], load("dirac"))
    still = {
        name: getattr(cohort.state, name)._replace(weights=torch.zeros(1, 1, dtype=torch.float64))
        for name in ("generator", "discriminator")
    }
    cohort.state = cohort.state._replace(**still)
    return cohort


def batch_for(cohort: Cohort) -> Batch:
    """Two reals and two fakes: all are equal, so more would say no more."""
    latents = torch.zeros(2, cohort.configs[0].latent_dim)
    return Batch(cohort.program.data[:2], latents, torch.full((2,), 0.5))


def spectrum(pair: Pair) -> Spectrum:
    """The eigenvalues that the diagnostic finds in the field of simultaneous descent."""
    cohort = at_equilibrium(pair)
    return game_spectrum(cohort.game, cohort.state, 0, batch_for(cohort))


class Attraction:
    """Whether a turn of training attracts to the equilibrium, for any weight of the regularizer."""

    def __init__(self, pair: Pair, turn: DiracTurn) -> None:
        self._cohort = at_equilibrium(pair)
        self._turn = Turn(turn.step, turn.step, turn.order, turn.n_critic)

    def radius(self, weight: float) -> float:
        """Size of the largest eigenvalue of a turn."""
        game = replace(self._cohort.game, regularizer_weight=weight)
        return turn_spectrum(game, self._cohort.state, 0, batch_for(self._cohort), self._turn).radius

    def border(self, outside: float, inside: float) -> float:
        """Bisect the weights between one that repels and one that attracts.

        Raises:
            ValueError: the border does not lie between the two.
        """
        if self.radius(outside) <= 1 or self.radius(inside) >= 1:
            raise ValueError(
                f"border: the weights must repel and attract, got {outside:g} and {inside:g}; "
                "take them further apart"
            )
        while abs(outside - inside) > TOLERANCE / 2:
            middle = (outside + inside) / 2
            outside, inside = (outside, middle) if self.radius(middle) < 1 else (middle, inside)
        return (outside + inside) / 2
