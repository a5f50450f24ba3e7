import numpy as np
import pytest
from report_records import QUICK, config, controls, draws, evenly, grid, never, record

from reports.causes import capacity, data, loss
from reports.causes.data_views import copy_score
from reports.findings import IN_PART, MIXED, NOT_MEASURED, NOT_SUPPORTED, OPPOSITE, SUPPORTED, Evidence
from reports.frame import frames
from reports.matching import RATES, pairs
from reports.remedies import tuning, wasserstein
from reports.remedies.controls import ALONE, COMMON, STEPS
from reports.remedies.tuning import choose

RATIOS = (0.125, 1.0, 4.0)


def evidence(configs, odds, seed=0, **changes):
    return Evidence(frames(draws(configs, odds, seed=seed, **changes)), QUICK)


def by(**odds):
    """Odds of failure by one field of the config, e.g. ``recipe={...}``."""
    ((field, table),) = odds.items()
    return lambda given: table.get(getattr(given, field), table.get("else", 0.1))


def test_the_planted_weak_discriminator_is_found_and_the_strong_one_is_not(standard_findings):
    found = standard_findings["capacity"]
    weak, strong = found.decisive

    assert found.verdict == IN_PART
    assert (weak.failure.sign, strong.failure.sign) == (1, 0)
    assert weak.failure.difference.low < 0.5 < weak.failure.difference.high
    assert "1/8 as wide" in found.points[0]
    assert "more failures" in found.points[0]
    assert "no difference shown" in found.points[1]


def test_the_second_generator_width_is_compared_at_the_same_ratio_and_discriminator(standard_findings):
    notes = standard_findings["capacity"].notes

    assert any(note.startswith("Same ratio. ") for note in notes)
    assert any(note.startswith("Same discriminator. ") for note in notes)


def test_the_planted_minimax_loss_is_found_and_the_learning_rate_is_not(standard_findings):
    found = standard_findings["loss"]

    assert {item.failure.sign for item in found.decisive if item.claimed} == {1}
    assert {item.failure.sign for item in found.decisive if not item.claimed} == {0}
    assert found.points[0].startswith("Loss: supported. More failures: minimax against")
    assert found.points[1].startswith("Learning rate: not supported.")


def test_the_null_of_data_size_is_not_reported(standard_findings):
    found = standard_findings["data"]

    assert found.verdict == NOT_SUPPORTED
    assert "no difference shown" in found.sentence


def test_few_data_that_do_harm_are_reported():
    odds = by(data_size={64: 0.8, 256: 0.4, 1100: 0.1})

    found = data(evidence(grid(("nsgan", "wgan"), RATIOS, (1.0,), seeds=5), odds))

    assert found.verdict == SUPPORTED
    assert "1,100" in found.sentence


def test_a_perfect_copy_stands_beside_the_score(standard_findings):
    found = standard_findings["data"]

    assert any("perfect copy" in note for note in found.notes)
    assert any("training and held-out" in note for note in found.notes)


def test_a_copy_scores_as_the_verdicts_would_score_it():
    run = record(config())
    runs = frames([record(config(), metrics={**run.metrics, "distance_copy": np.sqrt(1.7 * 200.0)})]).runs

    assert copy_score(runs).item() == pytest.approx(0.5)


def test_an_effect_against_the_claim_is_called_opposite():
    odds = by(data_size={64: 0.1, 1100: 0.7})

    found = data(evidence(grid(("nsgan",), RATIOS, (1.0,), (64, 1100), 8), odds))

    assert found.verdict == OPPOSITE
    assert "fewer failures" in found.sentence


def test_ends_that_point_apart_are_called_mixed():
    odds = {4: 0.9, 32: 0.5, 128: 0.05}

    found = capacity(evidence(grid(("nsgan", "wgan"), RATIOS, (1.0,), seeds=5), by(discriminator_width=odds)))

    assert found.verdict == MIXED


def test_wasserstein_is_judged_against_minimax_at_each_ratio_with_its_controls(standard_findings):
    found = standard_findings["wasserstein"]
    groups = {item.group for item in found.contrasts}

    assert found.verdict == SUPPORTED
    assert {f"digits, capacity ratio {ratio}" for ratio in ("1/8", "1", "4")} <= groups
    assert {STEPS, COMMON, ALONE} <= groups
    assert not any(text.startswith("No control") for text in found.not_measured)


def test_missing_controls_are_said():
    found = wasserstein(evidence(grid(("mmgan", "wgan"), RATIOS, (1.0,), (1100,), 3), evenly(0.3)))

    assert sum(text.startswith("No control") for text in found.not_measured) == 3


def test_equal_critic_steps_are_compared_at_equal_critic_steps():
    odds = by(n_critic={5: 0.9, 1: 0.05})

    found = wasserstein(evidence([*grid(scales=(1.0,), sizes=(1100,)), *controls()], odds))
    equal = [item for item in found.contrasts if item.group == STEPS]
    alone = [item for item in found.contrasts if item.group == ALONE]

    assert len(equal) >= 3
    assert all(abs(item.failure.difference.estimate) < 0.3 for item in equal)
    assert {item.treated.split()[0]: item.failure.sign for item in alone} == {"nsgan": 1, "wgan-gp": -1}


def test_a_tuned_rate_that_helps_is_found():
    odds = by(generator_lr={2e-4: 0.7, 1e-3: 0.05, "else": 0.7})

    found = tuning(evidence(grid(("nsgan", "mmgan"), RATIOS, (1.0, 5.0), (64, 1100), 5), odds))

    assert found.verdict == SUPPORTED
    assert "seeds 0 and 1" in found.varied
    assert "seeds 2, 3 and 4 only" in found.varied


def test_tuning_on_a_null_shows_nothing_although_its_own_seeds_flatter_it():
    runs = frames(draws(grid(scales=(0.3, 1.0, 3.0, 10.0), seeds=6), evenly(0.4))).runs
    tuned = choose(runs, [0.0, 1.0, 2.0])

    def gain(seeds):
        seen = runs[runs["seed"].isin(seeds)]
        best = seen.merge(tuned, on=[*(set(tuned.columns) - {"lr_scale"}), "lr_scale"])
        paired = pairs(best, seen[seen["lr_scale"] == 1.0], RATES)
        return float((paired["score_treated"] - paired["score_baseline"]).mean())

    assert gain([0.0, 1.0, 2.0]) > 0.1
    assert abs(gain([3.0, 4.0, 5.0])) < 0.06


def test_a_grid_like_smoke_is_not_over_read():
    configs = grid(ratios=(0.25, 1.0, 4.0), scales=(1.0, 3.0), sizes=(1100,), seeds=1)

    found = [claim(evidence(configs, evenly(0.5))) for claim in (loss, data, wasserstein, tuning, capacity)]

    assert {item.verdict for item in found} == {NOT_MEASURED}
    assert all("ot measured" in item.sentence for item in found)


def test_without_a_balanced_level_the_ratio_is_not_judged():
    found = capacity(evidence(grid(ratios=(0.125, 8.0), scales=(1.0,), seeds=5), evenly(0.5)))

    assert found.verdict == NOT_MEASURED
    assert "no run has a capacity ratio near 1" in found.sentence


def test_a_cut_grid_compares_only_what_has_a_counterpart():
    configs = grid(("nsgan",), (0.125, 1.0), (1.0,), (64, 1100), 12)
    cut = [item for item in configs if item.discriminator_width == 32 or item.data_size == 64]  # 24 + 12

    found = capacity(evidence(cut, never)).decisive[0]

    assert len(cut) == 36
    assert found.failure.pairs == 12
    assert "only 12 pairs" in found.obstacle


def test_many_undecided_runs_put_a_difference_in_doubt():
    records = []
    for item in grid(("nsgan", "wgan"), (0.125, 1.0), (1.0,), (64, 256, 1100), 10):
        weak, waits = item.discriminator_width == 4, item.seed < 6
        records.append(record(item, "still-improving" if waits else "no-progress" if weak else "converged"))

    found = capacity(Evidence(frames(records), QUICK))

    assert "72 undecided runs could undo it" in found.sentence


def test_runs_of_recipes_without_a_rate_of_their_own_are_said_to_be_left_out():
    own = [{**record(config(seed=seed)).config, "recipe": "mine:recipe"} for seed in range(3)]
    records = [record(config(seed=seed), config=values) for seed, values in enumerate(own)]

    found = loss(Evidence(frames(records), QUICK))

    assert any("3 runs of recipes that have no learning rate" in text for text in found.not_measured)


def test_what_a_factor_does_is_told_rate_by_rate():
    """At the own rate everything fails; only at the larger one does the ratio matter."""

    def odds(given):
        if given.generator_lr == 2e-4:
            return 1.0
        return 0.9 if given.discriminator_width < 32 else 0.05

    found = capacity(evidence(grid(("nsgan", "mmgan"), RATIOS, (1.0, 5.0), seeds=5), odds))
    slow, fast = (
        next(note for note in found.notes if note.startswith(f"At ×{rate} own rate.")) for rate in (1, 5)
    )

    assert "every run failed" in slow
    assert "more failures" in fast
    assert {"nsgan, failure rate", "mmgan, score"} <= {panel.title for panel in found.figures[0].panels}
    assert "×5 own rate" in found.figures[0].panels[0].alt


def test_rates_that_few_runs_were_made_at_do_not_crowd_the_verdict():
    fine = [
        config(recipe, scale=scale, seed=seed)
        for recipe in ("nsgan", "hinge")
        for scale in (1.0, 3.0, 10.0)
        for seed in range(5)
    ]
    wide = grid(("nsgan",), RATIOS, (1.0, 30.0), seeds=5)

    found = loss(evidence([*fine, *wide], evenly(0.4)))

    assert [item.treated for item in found.decisive] == ["nsgan at ×30 own rate"]
    assert any("learning rate of hinge by itself" in text for text in found.not_measured)
    assert len(found.figures) == 2


@pytest.mark.parametrize(("low", "blame"), [(0.75, "data alone can account"), (0.2, "training adds to it")])
def test_a_loss_of_score_is_compared_with_what_a_perfect_copy_would_lose(low, blame):
    """The made-up copy of 64 samples loses 0.26 of score."""
    configs = grid(("nsgan", "wgan"), RATIOS, (1.0,), (64, 1100), 5)
    records = [record(item, score=low if item.data_size == 64 else 0.85) for item in configs]

    found = data(Evidence(frames(records), QUICK))

    assert any(blame in note for note in found.notes)
