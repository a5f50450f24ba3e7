"""Planted remedies are found, each level and direction by itself: opposite ones cannot cancel."""

import pytest
from report_records import QUICK, draws, grid

from gans.recipes import RECIPES
from reports.frame import Results, frames
from reports.prices import build
from reports.prices.together import prices
from reports.prices.verdicts import HELPS, HURTS, NOTHING

RATE = RECIPES.get("nsgan").generator_lr
PAIRS = 75  # five widths, three data sizes, five seeds


def plain(**changes):
    """The 75 runs of one recipe with a change."""
    return grid(**{"recipes": ("nsgan",), "scales": (1.0,), **changes})


def priced(configs, odds):
    made = frames(draws(configs, odds, probes=2))
    found = prices(made.judged, made.evaluations, QUICK)
    return {item.remedy.key: item for item in found.measured}


def by(field, odds):
    """Odds of failure that go by one field of a config."""
    return lambda given: odds[getattr(given, field)]


def failures(item):
    """Pairs and difference in failure rates of a price."""
    return item.contrast.failure.pairs, item.contrast.failure.difference.estimate


def test_a_fast_discriminator_that_helps_and_a_slow_one_that_harms_do_not_cancel():
    rates = {RATE / 4: 0.9, RATE: 0.5, RATE * 4: 0.1}
    configs = [given for rate in rates for given in plain(discriminator_lr=rate)]

    found = priced(configs, by("discriminator_lr", rates))

    fast, slow = found["faster-discriminator:4"], found["slower-discriminator:1/4"]
    assert (fast.verdict, slow.verdict) == (HELPS, HURTS)
    assert failures(fast) == (PAIRS, pytest.approx(-0.4, abs=0.15))
    assert failures(slow) == (PAIRS, pytest.approx(0.4, abs=0.15))
    assert {score.verdict for score in fast.scores.values()} == {HELPS}
    assert {score.verdict for score in slow.scores.values()} == {HURTS}


def test_each_ratio_of_rates_has_a_row():
    rates = {RATE: 0.5, RATE * 2: 0.5, RATE * 4: 0.5}
    configs = [given for rate in rates for given in plain(discriminator_lr=rate)]

    found = priced(configs, by("discriminator_lr", rates))

    assert [key for key in found if "discriminator" in key] == [
        "faster-discriminator:2",
        "faster-discriminator:4",
    ]


def test_an_augmentation_that_helps_and_one_that_harms_do_not_cancel():
    odds = {"diffaugment": 0.1, "none": 0.5, "ada": 0.9}
    configs = [given for name in odds for given in plain(augmentation=name)]

    found = priced(configs, by("augmentation", odds))

    assert found["augmentation:diffaugment"].verdict == HELPS
    assert found["augmentation:ada"].verdict == HURTS
    assert failures(found["augmentation:ada"]) == (PAIRS, pytest.approx(0.4, abs=0.15))


def test_cleaning_helps_against_the_defect_that_harms_only():
    odds = {"none": 0.1, "noise:0.3": 0.8, "blur:1.0": 0.1}
    configs = [given for name in odds for given in plain(defect=name)]

    found = priced(configs, by("defect", odds))

    assert found["cleaner-data:noise:0.3"].verdict == HELPS
    assert found["cleaner-data:blur:1.0"].verdict == NOTHING
    assert failures(found["cleaner-data:noise:0.3"]) == (PAIRS, pytest.approx(-0.7, abs=0.15))


@pytest.mark.parametrize("few, all_data, verdict", [(0.9, 0.1, HELPS), (0.1, 0.9, HURTS)])
def test_more_data(few, all_data, verdict):
    found = priced(plain(), by("data_size", {64: few, 256: 0.5, 1100: all_data}))

    assert found["more-data"].verdict == verdict
    # Each largest run with its smallest, and none with the size between.
    assert failures(found["more-data"]) == (25, pytest.approx(all_data - few, abs=0.25))


@pytest.mark.parametrize(
    "key, treated, baseline",
    [
        ("r1", "nsgan-r1", "nsgan"),
        ("relativistic", "rpgan-r1r2", "nsgan-r1"),
        ("wgan", "wgan", "mmgan"),
        ("wgan-gp", "wgan-gp", "mmgan"),
        ("wgan-gp-ns", "wgan-gp", "nsgan"),
    ],
)
@pytest.mark.parametrize("odds, verdict", [((0.1, 0.9), HELPS), ((0.9, 0.1), HURTS)])
def test_a_recipe(key, treated, baseline, odds, verdict):
    planted = by("recipe", dict(zip((treated, baseline), odds, strict=True)))

    found = priced(plain(recipes=(treated, baseline)), planted)

    assert found[key].verdict == verdict
    assert failures(found[key]) == (PAIRS, pytest.approx(odds[0] - odds[1], abs=0.15))


def test_the_page_and_the_file_say_what_each_level_did():
    odds = {"diffaugment": 0.1, "none": 0.5, "ada": 0.9}
    made = frames(
        draws(
            (given for name in odds for given in plain(augmentation=name)), by("augmentation", odds), probes=2
        )
    )
    section = build(Results(made), QUICK)
    rows = {row["remedy"]: row for row in section.rows["prices.csv"]}

    assert "Hurts at equal seconds: Augmentation by ada, against none." in section.notes
    assert rows["augmentation:ada"]["verdict_at_equal_seconds"] == HURTS
    assert rows["augmentation:diffaugment"]["verdict_at_equal_seconds"] == HELPS
    assert "augmentation" not in rows
