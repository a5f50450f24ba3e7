"""NDB: its two-proportion test against the textbook, its false alarms, and the self-test of its authors."""

import math
import os
from pathlib import Path

import numpy as np
import pytest
from planted_digits import draw
from scipy.spatial.distance import jensenshannon
from statsmodels.stats.proportion import proportions_ztest

from bench.metrics import measure
from bench.metrics.bins import compare_bins, fit_bins, histogram


def test_z_is_the_pooled_two_proportion_test(rng):
    real, fake = rng.integers(1, 60, size=(2, 12)).astype(float)
    twins = [proportions_ztest([f, r], [fake.sum(), real.sum()])[0] for f, r in zip(fake, real, strict=True)]

    np.testing.assert_allclose(compare_bins(real, fake).z(), twins)


def test_divergence_is_scipys_and_log_two_for_disjoint_histograms(rng):
    real, fake = rng.integers(0, 60, size=(2, 12)).astype(float)

    assert compare_bins(real, fake).jensen_shannon() == pytest.approx(jensenshannon(real, fake) ** 2)
    assert compare_bins(np.array([3.0, 0.0]), np.array([0.0, 9.0])).jensen_shannon() == pytest.approx(
        math.log(2)
    )


def test_a_bin_that_neither_side_visits_is_no_difference():
    found = compare_bins(np.array([5.0, 0.0]), np.array([5.0, 0.0]))

    assert found.z().tolist() == [0.0, 0.0]
    assert not found.differs().any()


def test_false_alarms_of_equal_laws_come_at_the_level_of_the_test(rng):
    shares = [
        compare_bins(rng.multinomial(5000, np.full(100, 0.01)), rng.multinomial(10_000, np.full(100, 0.01)))
        .differs()
        .mean()
        for _ in range(200)
    ]

    assert np.mean(shares) == pytest.approx(0.05, abs=0.007)


def test_real_digits_differ_in_five_of_a_hundred_bins(digits):
    draws = np.array(digits.floor_draws["ndb"])

    assert len(draws) == 24
    assert draws.mean() == pytest.approx(0.05, abs=0.025)


def test_bins_of_the_digits_are_twenty_and_never_change(digits):
    rows = digits.dataset.train.flatten(1).double().numpy()

    first, second = fit_bins(rows, 20), fit_bins(rows, 20)

    assert digits.training.bins.points.shape == (20, 64)
    assert (first.points == second.points).all()


def test_planted_digits_keep_their_pinned_values(digits):
    # Re-derived on digits, 20 bins: what the authors' self-test says of MNIST.
    found = {
        name: measure(draw(name), digits, ("ndb", "bin_jsd")).values
        for name in ("real", "1 class missing", "3 classes missing", "5 classes missing")
    }

    ndb = [found[name]["ndb"] for name in found]
    assert ndb == pytest.approx([0.05, 0.10, 0.50, 0.80], abs=0.101)
    assert [found[name]["bin_jsd"] for name in found] == pytest.approx(
        [0.0046, 0.019, 0.064, 0.157], rel=0.25
    )


def test_fewer_distinct_training_rows_than_bins_give_fewer_bins():
    rows = np.repeat(np.arange(3.0), 50)[:, None]

    assert len(fit_bins(rows, 20).points) == 3


def mnist():
    """Training and test images of MNIST as rows in [0, 1], with the test labels; skips without them."""
    root = os.environ.get("GANBENCH_DATA")
    folder = Path(root or ".") / "MNIST" / "raw"
    if not root or not (folder / "train-images-idx3-ubyte").exists():
        pytest.skip("MNIST is not on disk: set GANBENCH_DATA to the folder that holds MNIST/raw")

    def read(name, offset):
        return np.frombuffer((folder / name).read_bytes(), dtype=np.uint8, offset=offset)

    images = read("train-images-idx3-ubyte", 16).reshape(-1, 784).astype(np.float32) / 255
    labels = read("train-labels-idx1-ubyte", 8)
    test = read("t10k-images-idx3-ubyte", 16).reshape(-1, 784).astype(np.float32) / 255
    return images, labels, test


@pytest.mark.slow
def test_the_authors_self_test_on_mnist():
    images, labels, test = mnist()
    order = np.random.default_rng(0).permutation(60_000)
    train, held = order[:45_000], order[45_000:]
    bins = fit_bins(images[train], 100)
    counts = {
        name: histogram(bins, rows.astype(np.float64))
        for name, rows in {
            "train": images[train],
            "held out": images[held[:10_000]],
            "test": test,
            "no nine": images[held][labels[held] != 9][:10_000],
        }.items()
    }
    found = {name: compare_bins(counts["train"], each) for name, each in counts.items() if name != "train"}

    four = {name: int(each.differs(threshold=4.0).sum()) for name, each in found.items()}
    divergence = {name: each.jensen_shannon() for name, each in found.items()}

    # Published: 0, 4 and 11 bins beyond z = 4, divergences 0.0014, 0.0041 and 0.016. The count on the test
    # images hangs on the bins (0, 1 and 3 with three seeds of ours; 9 at z = 3), the divergence does not.
    assert four["held out"] <= 1
    assert four["test"] <= 6
    assert int(found["test"].differs(threshold=3.0).sum()) >= 3
    assert 9 <= four["no nine"] <= 14
    assert divergence == pytest.approx({"held out": 0.0014, "test": 0.0041, "no nine": 0.016}, rel=0.2)
