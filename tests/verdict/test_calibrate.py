"""The calibration script on a store of planted runs."""

from dataclasses import asdict, replace

import pytest
from planted_runs import GOOD, UNCOVERED, approach, distance_at, ending, image_context, q_series, run

from bench.records.schema import RunRecord
from bench.records.store import open_store
from bench.verdict import DEFAULT, judge
from bench.verdict.calibrate import alternatives, best_cell, by_recipe, judge_all, main, stable_share
from gans.config import RunConfig, run_id

CONFIG = RunConfig(
    recipe="nsgan", loss="non_saturating", regularizer="none", regularizer_weight=0.0, optimizer="adam",
    beta1=0.5, beta2=0.999, n_critic=1, update_order="discriminator-first", network="mlp",
    generator_width=32, discriminator_width=32, generator_depth=2, discriminator_depth=2, latent_dim=16,
    generator_lr=1e-3, discriminator_lr=1e-3, batch_size=64, dataset="digits", data_size=1100,
    defect="none", augmentation="none", steps=4000, evaluations=40, ema_half_life=1e4, seed=0,
)  # fmt: skip


def stored(rows, context=None, **changes):
    config = replace(CONFIG, **changes)
    evaluations = run(rows)
    verdict = judge(evaluations, context or image_context())
    return RunRecord(
        run_id=run_id(config), config=asdict(config), status="finished", outcome=verdict.outcome,
        state=verdict.state, mechanisms=verdict.mechanisms, onset_step=verdict.onset_step,
        evidence=verdict.evidence, thresholds=verdict.thresholds, metrics={}, speed={}, cohort="c",
        cohort_members=1, mode="eager", machine="m", finished_at="2026-11-01T00:00:00+00:00",
        evaluations=evaluations,
    )  # fmt: skip


def pilot():
    """Two recipes; nsgan has a good rate (4 of 5 seeds stable), a bad one, and a better q at little data."""
    good = [stored(ending(), seed=seed) for seed in range(4)]
    stalled = stored(UNCOVERED, seed=4)
    bad = [stored(ending(distance=distance_at(0.6)), seed=seed, generator_lr=1e-2) for seed in range(5)]
    few = [stored(ending(distance=distance_at(-0.05)), seed=seed, data_size=64) for seed in range(5)]
    other = [stored(approach(GOOD | {"modes_strict": 5}), seed=seed, recipe="wgan") for seed in range(5)]
    return [*good, stalled, *bad, *few, *other]


@pytest.fixture
def folder(tmp_path):
    with open_store(tmp_path / "pilot", create=True) as store:
        store.ingest(pilot())
    return tmp_path / "pilot"


def test_the_best_cell_has_the_lowest_median_q_at_full_data():
    groups = by_recipe(judge_all(pilot(), [DEFAULT]))

    cell = best_cell(groups["digits", "nsgan"])

    assert {(each.record.config["generator_lr"], each.record.config["data_size"]) for each in cell} == {
        (1e-3, 1100)
    }
    assert len(cell) == 5
    assert stable_share(cell, 0) == 0.8


def test_the_gate_is_met_only_if_every_recipe_has_a_stable_cell(folder, capsys):
    assert main([str(folder)]) == 0

    lines = capsys.readouterr().out.splitlines()
    gate = [line for line in lines if line.startswith("gate under")]
    assert gate == [f"gate under {DEFAULT.version}: not met (every line >= 0.80)"]


def test_alternatives_are_judged_beside_the_current_limits(folder, capsys):
    half = f"stalled_coverage={DEFAULT.stalled_coverage / 2:g}"

    main([str(folder), "--set", half])

    out = capsys.readouterr().out
    last = out[out.index("Best tuned cell") :].splitlines()
    nsgan = next(line for line in last if "nsgan" in line)
    assert f"stable {DEFAULT.version}+{half}" in last[1]
    assert "0.80" in nsgan
    assert "1.00" in nsgan
    assert "stalled-low-quality (coverage_rel) 1" in nsgan


def test_distributions_show_what_was_stored(folder, capsys):
    main([str(folder)])

    head, nsgan, wgan = capsys.readouterr().out.splitlines()[1:4]
    assert head.split()[:5] == ["dataset", "recipe", "runs", "q", "delta_q"]
    assert nsgan.split()[:3] == ["digits", "nsgan", "15"]
    assert wgan.split()[head.split().index("modes_strict")] == "5/5/5"


def test_a_set_that_meets_the_gate_is_said_to(tmp_path, capsys):
    with open_store(tmp_path / "good", create=True) as store:
        store.ingest([stored(ending(), seed=seed) for seed in range(5)])

    main([str(tmp_path / "good")])

    assert f"gate under {DEFAULT.version}: met" in capsys.readouterr().out


def test_runs_that_diverged_count_as_far_away():
    away = judge_all([stored(q_series([1.0] * 40))], [DEFAULT])
    near = judge_all([stored(ending(), generator_lr=2e-3)], [DEFAULT])

    assert best_cell([*away, *near]) == near


def test_settings_are_numbers_of_known_limits():
    with pytest.raises(ValueError, match="--set: must be LIMIT=VALUE"):
        alternatives(["hop=much"])
    with pytest.raises(ValueError, match="must be a known limit, got 'hopp'; did you mean 'hop'"):
        alternatives(["hopp=1"])


@pytest.mark.parametrize("options", [[], ["--set", "nonsense=1"]])
def test_bad_input_is_one_line_and_exit_code_two(tmp_path, options, capsys):
    assert main([str(tmp_path / "nothing"), *options]) == 2

    said = capsys.readouterr()
    assert said.out == ""
    assert len(said.err.strip().splitlines()) == 1
