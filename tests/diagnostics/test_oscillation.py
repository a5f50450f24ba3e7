"""Series reduced to numbers: closed forms, slow twins, and nulls by simulation."""

import math

import numpy as np
import pytest
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st

from bench.diagnostics.arrays import median, rolling_median
from bench.diagnostics.oscillation import (
    amplitude,
    amplitude_null,
    histogram_tv,
    hop,
    log_series,
    reversals,
    theil_sen,
    tv_null,
)

any_series = st.lists(st.floats(width=64), max_size=25)


def rotating(modes, evaluations, held):
    """Each evaluation holds ``held`` modes, the next evaluation the next ones."""
    places = (np.arange(evaluations)[:, None] * held + np.arange(held)) % modes
    table = np.zeros((evaluations, modes), dtype=bool)
    table[np.arange(evaluations)[:, None], places] = True
    return table


def test_tv_of_disjoint_histograms_is_one():
    assert histogram_tv([[1.0, 0.0], [0.0, 1.0]])[1] == 1.0


def test_tv_beside_a_missing_histogram_is_missing():
    tv = histogram_tv([[1.0, 0.0], [math.nan, math.nan], [1.0, 0.0], [0.5, 0.5]])

    assert np.isnan(tv).tolist() == [True, True, True, False]


@pytest.mark.parametrize(("modes", "samples"), [(8, 2500), (10, 697), (25, 2500)])
def test_tv_null_is_what_two_samples_of_one_law_show(modes, samples):
    rng = np.random.default_rng(0)
    table = rng.multinomial(samples, np.full(modes, 1 / modes), size=4000) / samples

    assert np.nanmean(histogram_tv(table)) == pytest.approx(tv_null(modes, samples), rel=0.02)


def test_tv_null_bounds_the_null_of_an_uneven_law():
    rng = np.random.default_rng(1)
    table = rng.multinomial(1000, [0.7, 0.1, 0.1, 0.05, 0.05], size=2000) / 1000

    assert np.nanmean(histogram_tv(table)) < tv_null(5, 1000)


@pytest.mark.parametrize(
    ("held", "evaluations", "expected"), [(1, 8, 7 / 8), (2, 4, 6 / 8), (1, 3, 2 / 8), (8, 5, 0.0)]
)
def test_hop_is_visited_less_held_over_all(held, evaluations, expected):
    assert hop(rotating(8, evaluations, held)) == expected


def test_hop_of_nothing_is_missing():
    assert math.isnan(hop(np.zeros((0, 8), dtype=bool)))
    assert math.isnan(hop(np.zeros((4, 0), dtype=bool)))


def test_amplitude_is_blind_to_the_unit_of_the_distance():
    distances = np.random.default_rng(2).lognormal(size=50)

    assert amplitude(1000 * distances) == pytest.approx(amplitude(distances))


def test_amplitude_of_a_sine_in_the_log_is_its_decile_range():
    phase = np.linspace(0, 20 * math.pi, 4001)

    assert amplitude(np.exp(np.sin(phase))) == pytest.approx(math.exp(2 * math.cos(0.1 * math.pi)), rel=1e-3)


def test_amplitude_leaves_out_what_has_no_logarithm():
    assert amplitude([2.0, math.nan, math.inf, 0.0, -1.0, 2.0]) == 1.0
    assert math.isnan(amplitude([math.nan, 0.0]))


def test_amplitude_null_is_what_noise_shows():
    noise = np.exp(np.random.default_rng(3).normal(scale=0.2, size=100_000))

    assert amplitude(noise) == pytest.approx(amplitude_null(0.2), rel=0.01)


def test_amplitude_of_the_largest_swing_a_float_holds_is_still_a_number():
    assert math.isfinite(amplitude([5e-324, 1.7e308]))
    assert math.isfinite(amplitude_null(1e6))


def test_theil_sen_is_scipys_slope():
    series = np.random.default_rng(4).normal(size=31).cumsum()

    assert theil_sen(series) == pytest.approx(scipy.stats.theilslopes(series).slope, abs=1e-12)


def test_theil_sen_keeps_the_place_of_what_is_missing():
    assert theil_sen([0.0, math.nan, math.nan, 6.0]) == 2.0


@pytest.mark.parametrize("series", [[], [1.0], [math.nan, 3.0, math.inf]])
def test_theil_sen_of_fewer_than_two_values_is_missing(series):
    assert math.isnan(theil_sen(series))


def test_theil_sen_shrugs_off_a_quarter_of_wild_values():
    series = np.arange(20.0)
    series[[3, 8, 12, 15]] = [1e6, -1e6, 1e6, 1e6]

    assert theil_sen(series) == pytest.approx(1.0, abs=0.3)


def test_a_trend_never_reverses():
    turned, large = reversals(np.arange(10.0), smallest=0.5)

    assert (turned.any(), large) == (False, 9)


def test_steps_below_the_smallest_are_neither_large_nor_turns():
    turned, large = reversals([0.0, 0.4, 0.0, 0.4], smallest=0.5)

    assert (turned.any(), large) == (False, 0)


def test_a_zigzag_turns_at_every_step_but_the_first():
    turned, large = reversals([0.0, 1.0, 0.0, 1.0, 0.0], smallest=0.5)

    assert (turned.tolist(), large) == ([False, False, True, True, True], 4)


def test_steps_into_and_out_of_a_gap_do_not_count():
    _, large = reversals([0.0, math.nan, 5.0, 0.0], smallest=0.5)

    assert large == 1


def test_logs_of_what_has_none_are_missing():
    assert np.isnan(log_series([0.0, -1.0, math.inf, math.nan])).all()


def test_medians_leave_out_what_is_not_finite():
    assert median([math.nan, 2.0, math.inf, 4.0]) == 3.0
    assert math.isnan(median([]))


def test_a_rolling_median_drops_one_wild_value():
    assert rolling_median([1.0, 1.0, 99.0, 1.0, 1.0], width=3).tolist() == [1.0] * 5


@given(any_series)
def test_no_series_makes_a_number_of_nothing_or_an_error(series):
    with np.errstate(all="ignore"):
        values = [amplitude(series), theil_sen(series), median(series)]
        reversals(series, 0.1)
        log_series(series)

    usable = any(math.isfinite(value) for value in series)
    assert usable or all(math.isnan(value) for value in values)
