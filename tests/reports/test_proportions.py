import math

import numpy as np
import pytest

from reports.proportions import FailureRate, mcnemar, newcombe, newcombe_paired, wilson


@pytest.mark.parametrize(("seeds", "upper"), [(3, 0.56), (5, 0.43), (10, 0.28), (20, 0.16)])
def test_wilson_after_no_failure_is_as_wide_as_the_table_of_seeds_says(seeds, upper):
    assert round(wilson(0, seeds).high, 2) == upper


def test_wilson_by_hand():
    z, share, n = 1.959964, 0.3, 10
    middle = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z * math.sqrt(share * (1 - share) / n + z**2 / (4 * n**2)) / (1 + z**2 / n)

    found = wilson(3, 10)

    assert (found.low, found.high) == pytest.approx((middle - half, middle + half), abs=1e-6)


def test_newcombe_is_made_of_wilson_limits():
    first, second = wilson(9, 10), wilson(3, 10)
    low = 0.6 - math.hypot(0.9 - first.low, second.high - 0.3)
    high = 0.6 + math.hypot(first.high - 0.9, 0.3 - second.low)

    found = newcombe(9, 10, 3, 10)

    assert (found.estimate, found.low, found.high) == pytest.approx((0.6, low, high))


def test_pairs_that_agree_narrow_the_interval():
    alike, unlike = newcombe_paired(40, 10, 0, 50), newcombe_paired(20, 30, 20, 30)

    assert alike.estimate == unlike.estimate
    assert alike.high - alike.low < unlike.high - unlike.low


def test_paired_and_unpaired_agree_where_pairs_have_nothing_in_common():
    paired, unpaired = newcombe_paired(25, 25, 25, 25), newcombe(50, 100, 50, 100)

    assert (paired.low, paired.high) == pytest.approx((unpaired.low, unpaired.high))


@pytest.mark.parametrize("likeness", [0.0, 0.6])
def test_the_paired_interval_covers_as_it_claims(likeness):
    """Pairs share their fate with some probability; the truth is a difference of 0.2."""
    source, hits, draws = np.random.default_rng(4), 0, 1500

    for _ in range(draws):
        shared = source.random(60)
        other = np.where(source.random(60) < likeness, shared, source.random(60))
        treated, baseline = shared < 0.5, other < 0.3
        cells = [(a & b).sum() for a in (treated, ~treated) for b in (baseline, ~baseline)]
        both, only_treated, only_baseline, neither = map(int, cells)
        found = newcombe_paired(both, only_treated, only_baseline, neither)
        hits += found.low <= 0.2 <= found.high

    assert 0.935 < hits / draws < 0.985


def test_mcnemar_looks_at_differing_pairs_alone():
    assert mcnemar(8, 1) == pytest.approx(2 * (1 + 9) / 2**9)


def test_a_failure_rate_counts_undecided_runs_apart():
    rate = FailureRate.of(np.array([1.0, 1.0, 0.0, math.nan]))

    assert (rate.failed, rate.stable, rate.undecided, rate.decided) == (2, 1, 1, 3)
    assert rate.interval.estimate == pytest.approx(2 / 3)
    assert rate.bounds == (0.5, 0.75)


def test_no_runs_have_no_rate():
    rate = FailureRate.of(np.empty(0))

    assert math.isnan(rate.interval.estimate)
    assert all(map(math.isnan, rate.bounds))
