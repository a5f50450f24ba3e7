"""The discriminator's probe: against slow twins, closed forms and logits that went wrong."""

import math
from types import SimpleNamespace

import numpy as np
import pytest
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from bench.diagnostics.discriminator import (
    NEEDS,
    NEEDS_DECISION_POINT,
    NEEDS_LOG_ODDS,
    auc,
    auc_null_sd,
    discriminator_state,
    discriminator_states,
    discriminator_statuses,
)

LOGISTIC = SimpleNamespace(decision_point=0.0, log_odds=True)
LEAST_SQUARES = SimpleNamespace(decision_point=0.5, log_odds=False)
WASSERSTEIN = SimpleNamespace(decision_point=None, log_odds=False)

tied_scores = st.lists(st.integers(-3, 3).map(float), min_size=1, max_size=30)


def draws(seed, *shape):
    return np.random.default_rng(seed).normal(size=shape)


def brute_auc(positive, negative):
    wins = [(p > n) + 0.5 * (p == n) for p in positive for n in negative]
    return sum(wins) / len(wins)


@given(tied_scores, tied_scores)
def test_auc_counts_the_pairs_won_and_half_the_ties(positive, negative):
    assert auc(positive, negative) == pytest.approx(brute_auc(positive, negative), abs=1e-12)


@given(tied_scores, tied_scores)
def test_auc_of_the_swapped_sides_is_the_complement(positive, negative):
    assert auc(negative, positive) == pytest.approx(1 - auc(positive, negative), abs=1e-12)


@settings(max_examples=30)
@given(st.integers(0, 1000))
def test_auc_is_blind_to_monotone_maps(seed):
    high, low = draws(seed, 40) + 0.5, draws(seed + 1, 60)

    assert auc(np.exp(high), np.exp(low)) == auc(high, low)


def test_auc_agrees_with_scikit_learn():
    high, low = np.round(draws(0, 400) + 1, 1), np.round(draws(1, 300), 1)
    labels = np.r_[np.ones(400), np.zeros(300)]

    assert auc(high, low) == pytest.approx(roc_auc_score(labels, np.r_[high, low]), abs=1e-12)


def test_auc_of_gaussians_is_the_normal_tail_of_their_distance():
    distance = 2.9

    expected = scipy.stats.norm.cdf(distance / math.sqrt(2))

    assert auc(draws(2, 20_000) + distance, draws(3, 20_000)) == pytest.approx(expected, abs=0.002)


def test_auc_refuses_an_empty_side():
    with pytest.raises(ValueError, match="auc: both sides must hold a score, got 0 and 1"):
        auc([], [1.0])


def test_auc_null_sd_is_what_repeated_draws_show():
    rng = np.random.default_rng(4)
    repeats = [auc(rng.normal(size=50), rng.normal(size=80)) for _ in range(3000)]

    assert np.std(repeats) == pytest.approx(auc_null_sd(50, 80), rel=0.05)


@pytest.mark.parametrize(
    "loss", [LOGISTIC, LEAST_SQUARES, WASSERSTEIN], ids=["logistic", "squares", "critic"]
)
def test_a_cohort_reads_as_its_members_do_alone(loss):
    train, holdout, fake = draws(5, 4, 30) + 1, draws(6, 4, 50), draws(7, 4, 40) * 5
    counts = [30, 7, 1, 12]

    states = discriminator_states(train, holdout, fake, loss, train_counts=counts)

    for member, count in enumerate(counts):
        alone = discriminator_state(train[member, :count], holdout[member], fake[member], loss)
        for name, value in alone.items():
            assert states[name][member] == pytest.approx(value, abs=1e-12, nan_ok=True), name


def cost(*logits):
    return math.fsum(math.log1p(math.exp(logit)) for logit in logits) / len(logits)


def test_every_number_has_its_hand_computed_value():
    state = discriminator_state([7.0, 5.0], [3.0, -1.0, 4.0], [-7.0, 1.0, 0.0, -2.0], LOGISTIC)

    expected = {
        "auc_real_fake": 10 / 12,
        "auc_train_holdout": 1.0,
        "overfit_ratio": (6 - 2) / (6 + 2),
        "accuracy_real": 2 / 3,
        "accuracy_fake": (2 + 0.5) / 4,
        "saturation": (0 + 1 / 4) / 2,
        "logit_real": 2.0,
        "logit_fake": -2.0,
        "logit_real_p05": -0.6,
        "logit_real_p50": 3.0,
        "logit_real_p95": 3.9,
        "logit_fake_p05": -6.25,
        "logit_fake_p50": -1.0,
        "logit_fake_p95": 0.85,
        "jsd_bound": math.log(2) - (cost(-3, 1, -4) + cost(-7, 1, 0, -2)) / 2,
        "train_sign": 1.0,
    }
    assert state == pytest.approx(expected)
    assert set(state) == set(NEEDS)


def test_accuracy_follows_the_decision_point_of_the_loss():
    state = discriminator_state([0.6], [0.6, 0.4], [0.6, 0.4, 0.1, 0.2], LEAST_SQUARES)

    assert (state["accuracy_real"], state["accuracy_fake"]) == (0.5, 0.75)


def test_a_critic_has_no_accuracy_and_says_so():
    states = discriminator_states([[1.0, 2.0]], [[1.0]], [[0.0]], WASSERSTEIN)

    missing = dict.fromkeys((*NEEDS_DECISION_POINT, *NEEDS_LOG_ODDS), "not_applicable")
    assert discriminator_statuses(states, WASSERSTEIN) == (missing,)
    assert all(math.isnan(states[name][0]) for name in missing)


def test_logits_that_are_no_log_odds_bound_no_divergence():
    states = discriminator_states([[1.0, 2.0]], [[1.0]], [[0.0]], LEAST_SQUARES)

    assert discriminator_statuses(states, LEAST_SQUARES) == ({"jsd_bound": "not_applicable"},)


def test_the_sign_of_training_logits_counts_from_the_decision_point_and_own_samples_alone():
    train = [[0.9, 0.6, 0.2, 0.7], [0.2, 0.9, 0.9, 0.9]]
    states = discriminator_states(train, [[0.6]] * 2, [[0.2]] * 2, LEAST_SQUARES, train_counts=[4, 1])

    assert states["train_sign"].tolist() == [0.5, -1.0]


def test_a_discriminator_that_memorised_its_training_set_has_ratio_one():
    fake = draws(8, 500)
    holdout = fake.copy()

    state = discriminator_state(draws(9, 500) + 10, holdout, fake, LOGISTIC)

    assert state["overfit_ratio"] == pytest.approx(1.0, abs=0.01)
    assert state["auc_train_holdout"] == 1.0


@pytest.mark.parametrize(("gap", "applies"), [(0.08, False), (0.15, True)])
def test_overfit_ratio_needs_a_gap_of_a_tenth_of_the_spread(gap, applies):
    scores = draws(10, 1000)
    scores = (scores - scores.mean()) / scores.std()
    states = discriminator_states([scores + gap], [scores], [scores], LOGISTIC)

    (status,) = discriminator_statuses(states, LOGISTIC)

    assert math.isfinite(states["overfit_ratio"][0]) == applies
    assert status == ({} if applies else {"overfit_ratio": "not_applicable"})


def test_a_constant_discriminator_is_a_coin_toss_without_a_ratio():
    state = discriminator_state([0.0, 0.0], [0.0], [0.0, 0.0, 0.0], LOGISTIC)

    assert (state["auc_real_fake"], state["accuracy_real"], state["accuracy_fake"]) == (0.5, 0.5, 0.5)
    assert math.isnan(state["overfit_ratio"])


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_a_member_that_is_not_finite_is_said_so_and_leaves_the_others_bit_equal(bad):
    train, holdout, fake = draws(11, 3, 20) + 3, draws(12, 3, 20), draws(13, 3, 20)
    before = discriminator_states(train, holdout, fake, LOGISTIC)
    fake[1, 4] = bad

    after = discriminator_states(train, holdout, fake, LOGISTIC)

    status = discriminator_statuses(after, LOGISTIC)
    for name in NEEDS:
        assert after[name][[0, 2]].tolist() == before[name][[0, 2]].tolist()
    assert status[0] == status[2] == {}
    assert set(status[1]) == {name for name, needed in NEEDS.items() if "fake" in needed}
    assert set(status[1].values()) == {"nonfinite_input"}


def test_what_lies_beyond_a_members_count_is_never_read():
    train = np.array([[1.0, 2.0, math.nan], [1.0, 2.0, 3.0]])
    states = discriminator_states(train, [[0.0], [0.0]], [[-1.0], [-1.0]], LOGISTIC, train_counts=[2, 3])

    assert discriminator_statuses(states, LOGISTIC) == ({}, {})
    assert states["overfit_ratio"].tolist() == [0.6, 2 / 3]


@pytest.mark.parametrize("counts", [[0], [4], [1, 1]])
def test_counts_that_fit_no_member_are_refused(counts):
    with pytest.raises(ValueError, match="train_counts must hold one count from 1 to 3 per member"):
        discriminator_states([[1.0, 2.0, 3.0]], [[0.0]], [[0.0]], LOGISTIC, train_counts=counts)


def test_sets_of_different_cohorts_are_refused():
    with pytest.raises(ValueError, match="every set must have the same members"):
        discriminator_states([[1.0], [1.0]], [[0.0]], [[0.0]], LOGISTIC)


@pytest.mark.parametrize("holdout", [[1.0], [[]]])
def test_a_set_that_is_no_table_of_logits_is_refused(holdout):
    with pytest.raises(ValueError, match="holdout must be \\(members, samples\\) with a sample"):
        discriminator_states([[1.0]], holdout, [[0.0]], LOGISTIC)


def test_float32_logits_are_summed_in_float64():
    offset = np.float32(2**24)
    logits = np.tile(np.array([0.0, 1.0], dtype=np.float32), 500) + offset

    state = discriminator_state(logits, logits, logits, LOGISTIC)

    assert state["logit_real"] == logits.astype(np.float64).mean()


def test_the_probe_does_not_touch_its_logits():
    sets = [draws(seed, 2, 10) for seed in (14, 15, 16)]
    copies = [each.copy() for each in sets]

    discriminator_states(*sets, LOGISTIC)

    assert all((each == copy).all() for each, copy in zip(sets, copies, strict=True))
