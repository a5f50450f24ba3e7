"""Straightness of the way that samples travel."""

from __future__ import annotations

import math

import numpy as np
import pytest

from bench.diagnostics.path import Path


def straightness(stops: np.ndarray) -> list[float]:
    """Of (stops, members, n, dimensions)."""
    path = Path()
    for stop in stops:
        path.visit(stop)
    return path.straightness().tolist()


def test_a_drift_is_straight_an_orbit_is_not_and_standing_still_is_neither():
    turns = np.linspace(0, 2 * math.pi, 21)
    drift = np.stack([turns, 3 * turns], axis=1)
    orbit = np.stack([np.cos(turns), np.sin(turns)], axis=1)
    still = np.ones((21, 2))
    stops = np.stack([drift, orbit, still], axis=1)[:, :, None, :]

    assert straightness(stops) == pytest.approx([1.0, 0.0, math.nan], abs=1e-12, nan_ok=True)


def test_a_random_walk_is_as_straight_as_one_over_the_root_of_its_length():
    steps = np.random.default_rng(0).standard_normal((25, 200, 30, 2))

    found = straightness(np.concatenate([np.zeros((1, 200, 30, 2)), steps.cumsum(axis=0)]))

    assert np.mean(found) == pytest.approx(0.2, rel=0.02)


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_only_members_that_are_not_finite_have_no_number(bad):
    stops = np.random.default_rng(1).standard_normal((5, 3, 4, 2))
    clean = straightness(stops)
    stops[2, 1, 0, 0] = bad

    assert straightness(stops) == pytest.approx([clean[0], math.nan, clean[2]], nan_ok=True)


def test_before_two_stops_there_is_no_way():
    path = Path()
    assert path.straightness().shape == (0,)
    path.visit(np.ones((2, 3, 1)))
    assert np.isnan(path.straightness()).tolist() == [True, True]
