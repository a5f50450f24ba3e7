import numpy as np
import pytest
from scipy import stats as scipy_stats
from statsmodels.stats.multitest import multipletests

from reports.significance import benjamini_hochberg, holm, seed_interval, sign_flip


def test_sign_flips_of_few_pairs_are_exact():
    differences = np.array([0.3, -0.1, 0.4, 0.2, 0.9, 0.05, -0.2])

    expected = scipy_stats.permutation_test(
        (differences,), np.mean, permutation_type="samples", n_resamples=np.inf
    ).pvalue

    assert sign_flip(differences, np.random.default_rng(0)) == pytest.approx(expected)


def test_sign_flips_of_many_pairs_agree_with_a_normal_test():
    differences = np.random.default_rng(3).normal(0.15, 1, 300)

    expected = scipy_stats.ttest_1samp(differences, 0).pvalue

    assert sign_flip(differences, np.random.default_rng(0)) == pytest.approx(expected, abs=0.01)


def test_equal_pairs_have_p_one_and_no_pairs_none():
    assert sign_flip(np.zeros(5), np.random.default_rng(0)) == 1.0
    assert np.isnan(sign_flip(np.empty(0), np.random.default_rng(0)))


@pytest.mark.parametrize("pairs", [8, 30])
def test_a_null_is_called_at_most_as_often_as_alpha(pairs):
    source = np.random.default_rng(7)

    called = [sign_flip(source.standard_t(3, pairs), source, flips=499) < 0.05 for _ in range(1000)]

    assert np.mean(called) < 0.05 + 3 * np.sqrt(0.05 * 0.95 / 1000)


def test_five_seeds_cover_the_truth_although_their_cells_are_alike():
    """Runs of one seed share a shock, so runs are no replication; seeds are."""
    source, hits = np.random.default_rng(8), 0
    keys = np.tile(np.arange(5), 12)

    for _ in range(1000):
        shocks = source.normal(0.2, 1, 5)
        interval, _ = seed_interval(shocks[keys] + source.normal(0, 0.5, 60), keys.tolist())
        hits += interval.low <= 0.2 <= interval.high

    assert hits / 1000 == pytest.approx(0.95, abs=0.025)


def test_agreement_counts_seeds_with_the_sign_of_the_mean():
    _, agreeing = seed_interval(np.array([3.0, 2.0, -1.0, 0.0]), [0, 1, 2, 3])

    assert agreeing == 2


def test_holm_steps_down():
    assert holm([0.01, 0.02, 0.04]) == pytest.approx([0.03, 0.04, 0.04])


def test_holm_equals_statsmodels():
    values = np.random.default_rng(5).random(20) ** 3

    expected = multipletests(values, method="holm")[1]

    assert holm(values.tolist()) == pytest.approx(expected.tolist())


def test_benjamini_hochberg_steps_up():
    assert benjamini_hochberg([0.01, 0.02, 0.06]) == pytest.approx([0.03, 0.03, 0.06])
