"""The oscillation test: how often it cries wolf, what it sees, and what it cannot be asked."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.diagnostics.rednoise import FEWEST_CYCLES, SHORTEST, SIMULATIONS, oscillation


def autoregressions(phi, length, count, seed):
    rng = np.random.default_rng(seed)
    rows = np.empty((length, count))
    rows[0] = rng.normal(size=count) / math.sqrt(1 - phi**2)
    for place in range(1, length):
        rows[place] = phi * rows[place - 1] + rng.normal(size=count)
    return rows.T


def cycles(amplitude, period, length, count, seed):
    """Sines of random phase in white noise of sd 1."""
    rng = np.random.default_rng(seed)
    phase = rng.uniform(0, 2 * math.pi, size=(count, 1))
    waves = np.sin(2 * math.pi * np.arange(length) / period + phase)
    return amplitude * waves + rng.normal(size=(count, length))


def alarms(rows, level=0.01):
    return float(np.mean([oscillation(row).p <= level - 1e-9 for row in rows]))


@pytest.mark.parametrize("length", [20, 40, 200])
@pytest.mark.parametrize("phi", [0.0, 0.5, 0.9])
def test_red_noise_of_any_colour_is_rarely_called_an_oscillation(phi, length):
    rows = autoregressions(phi, length, 400, seed=length)

    # At a level of 0.01 four of 400 are due; 12 or more have a chance of 0.1 %.
    assert alarms(rows) < 12 / 400


@pytest.mark.parametrize("phi", [0.0, 0.5, 0.9])
def test_p_is_uniform_enough_to_be_read_at_other_levels(phi):
    share = alarms(autoregressions(phi, 40, 400, seed=7), level=0.1)

    assert 0.04 < share < 0.16


def fishers_g_alarms(rows):
    """The share of rows that the test against white noise, which this one replaces, calls periodic."""
    places = np.arange(rows.shape[1])
    found = 0
    for row in rows:
        flat = row - np.polyval(np.polyfit(places, row, 1), places)
        power = np.abs(np.fft.rfft(flat))[1 : (len(row) - 1) // 2 + 1] ** 2
        g, m = power.max() / power.sum(), len(power)
        found += m * (1 - g) ** (m - 1) < 0.01  # first term of Fisher's series: exact enough here
    return found / len(rows)


def test_the_test_against_white_noise_cries_wolf_where_this_one_does_not():
    rows = autoregressions(0.9, 200, 100, seed=1)

    assert fishers_g_alarms(rows) > 0.9
    assert alarms(rows) < 0.05


@pytest.mark.parametrize(("amplitude", "period", "length", "lowest", "highest"), [
    (0.7, 8, 200, 0.9, 1.0),
    (2.0, 8, 40, 0.8, 1.0),
    (3.0, 5, 20, 0.5, 1.0),
    # What it cannot see: few slow cycles look like red noise.
    (2.0, 8, 20, 0.0, 0.1),
    (0.7, 8, 40, 0.0, 0.1),
])  # fmt: skip
def test_power_is_high_for_strong_cycles_of_long_series_and_low_for_few(
    amplitude, period, length, lowest, highest
):
    assert lowest <= alarms(cycles(amplitude, period, length, 60, seed=2)) <= highest


def test_the_period_is_found_with_its_share_and_amplitude():
    wave = 3 * np.sin(2 * np.pi * np.arange(80) / 8)
    found = oscillation(wave + 5.0 * np.arange(80) + np.random.default_rng(0).normal(size=80))

    assert (found.p, found.period) == (1 / (1 + SIMULATIONS), 8.0)
    assert found.share > 0.3
    assert found.amplitude == pytest.approx(6.0, rel=0.2)


def test_a_bend_is_no_oscillation():
    """The slow end of learning, which a straight line does not take away."""
    assert oscillation(np.exp(-np.arange(60) / 15.0)).p > 0.01


def test_stickiness_is_what_the_series_was_made_with():
    row = autoregressions(0.8, 4000, 1, seed=3)[0]

    assert oscillation(row).stickiness == pytest.approx(0.8, abs=0.03)


@pytest.mark.parametrize(("scale", "shift"), [(1e6, 0.0), (1e-6, 3.0), (-1.0, 1.0)])
def test_units_and_offset_do_not_matter(scale, shift):
    row = cycles(1.0, 6, 60, 1, seed=4)[0]

    there, here = oscillation(scale * row + shift), oscillation(row)

    assert (there.p, there.period) == (here.p, here.period)
    assert there.amplitude == pytest.approx(abs(scale) * here.amplitude, rel=1e-6)


def test_a_trend_does_not_matter():
    row = cycles(1.0, 6, 60, 1, seed=4)[0]

    assert oscillation(row + 0.3 * np.arange(60)).p == oscillation(row).p


def test_equal_series_get_equal_answers_and_another_seed_another_null():
    row = autoregressions(0.3, 40, 1, seed=8)[0]

    assert oscillation(row) == oscillation(row)
    assert len({oscillation(row, seed=seed).p for seed in range(5)}) > 1


def test_more_simulations_allow_a_smaller_p():
    row = cycles(5.0, 5, 60, 1, seed=5)[0]

    assert oscillation(row, simulations=999).p == 0.001


def test_gaps_are_bridged_and_too_many_are_not():
    row = cycles(3.0, 8, 80, 1, seed=6)[0]
    some, most = row.copy(), row.copy()
    some[::10] = math.nan
    most[::3] = math.inf

    assert oscillation(some).p < 0.01
    assert math.isnan(oscillation(most).p)


@pytest.mark.parametrize("row", [
    [],
    np.arange(SHORTEST - 1) % 3,
    np.full(40, 2.0),
    np.arange(40.0),
    np.full(40, math.nan),
])  # fmt: skip
def test_what_has_no_rhythm_to_test_is_not_tested(row):
    assert math.isnan(oscillation(row).p)


BENDS = {
    "exponential": lambda t: np.exp(-4 * t),
    "fast exponential": lambda t: np.exp(-12 * t),
    "kink": lambda t: np.abs(t - 0.5),
    "step": lambda t: (t > 0.5) * 1.0,
    "cubic": lambda t: (t - 0.5) ** 3 - 0.15 * (t - 0.5),
}


@pytest.mark.parametrize("bend", BENDS)
def test_a_bend_in_noise_is_rarely_an_oscillation_at_the_length_that_runs_have(bend):
    shape = BENDS[bend](np.linspace(0, 1, 20))
    rows = 4 * shape / shape.std() + np.random.default_rng(11).normal(size=(200, 20))

    # At a level of 0.01 two of 200 are due; 8 or more have a chance of 0.1 %.
    assert alarms(rows) < 8 / 200


@pytest.mark.parametrize(("rounds", "lowest", "highest"), [(1.0, 0.0, 0.05), (2.0, 0.4, 0.8)])
def test_two_rounds_are_the_fewest_that_are_seen(rounds, lowest, highest):
    rows = cycles(5.0, 20 / rounds, 20, 60, seed=12)

    assert lowest <= alarms(rows) <= highest


def test_no_period_is_longer_than_half_of_the_series():
    rows = autoregressions(0.9, 40, 50, seed=9)

    assert max(oscillation(row).period for row in rows) <= 40 / FEWEST_CYCLES


@given(st.lists(st.floats(width=64), max_size=40))
def test_any_series_has_an_answer(values):
    with np.errstate(all="ignore"):
        found = oscillation(values)

    assert math.isnan(found.p) or 0 < found.p <= 1
