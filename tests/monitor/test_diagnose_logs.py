"""What a log says of a planted fault, how surely, and what a broken log says."""

from __future__ import annotations

import math

import logs
import pytest
from logs import FALLING, ROWS, STEPS, STUCK, SURE, UNSURE, series

from bench.monitor.diagnosis import NONE_SHOWN, NOT_JUDGED, NOT_MEASURED, diagnose
from bench.monitor.hypotheses import AT_WORK, EXCLUDED, OPEN, SUSPECTED
from bench.monitor.log import observe
from bench.monitor.scales import Meaning
from bench.monitor.telling import lines

MINIMAX = Meaning("minimax", 0.0)


def read(tmp_path, columns, meaning=None, options=()):
    return diagnose(observe(logs.write(tmp_path / "log.csv", columns), options, meaning))


def status(diagnosis, name):
    return next(each.status for each in diagnosis.mechanisms if each.name == name)


def test_a_discriminator_that_always_wins_over_a_stuck_generator_dominates(tmp_path):
    found = read(tmp_path, {"step": STEPS, "fid": STUCK, **SURE})

    assert found.outcomes == ("no-progress",)
    assert status(found, "D-dominated") == AT_WORK


def test_without_quality_a_winning_discriminator_is_only_suspected(tmp_path):
    found = read(tmp_path, {"step": STEPS, **SURE})

    assert found.outcomes == (NOT_JUDGED,)
    assert found.confidence == "none"
    assert status(found, "D-dominated") == SUSPECTED


def test_a_lower_bound_never_excludes_a_dominating_discriminator(tmp_path):
    found = read(tmp_path, {"step": STEPS, "fid": FALLING, **UNSURE})

    assert status(found, "D-dominated") == OPEN


@pytest.mark.parametrize("meaning, wanted", [(MINIMAX, AT_WORK), (Meaning("non_saturating", 0.0), EXCLUDED)])
def test_the_same_outputs_silence_the_minimax_loss_alone(tmp_path, meaning, wanted):
    found = read(tmp_path, {"iter": STEPS, "FID": STUCK, **SURE}, meaning)

    assert status(found, "vanishing-gradient") == wanted


def test_a_gradient_that_died_under_a_dominating_discriminator_has_vanished(tmp_path):
    gradient = series(lambda t: 1.0 if t < 0.05 else 1e-4)
    found = read(tmp_path, {"step": STEPS, "fid": STUCK, "grad_norm_G": gradient, **SURE})

    assert status(found, "vanishing-gradient") == AT_WORK


def test_a_discriminator_at_chance_beside_an_easy_probe_is_too_weak(tmp_path):
    weak = {"auc_real_fake": [0.5] * ROWS, "probe_auc": [0.97] * ROWS}
    found = read(tmp_path, {"step": STEPS, "fid": STUCK, **weak})

    assert status(found, "G-dominated") == AT_WORK


def test_a_bound_says_nothing_of_a_weak_discriminator(tmp_path):
    found = read(tmp_path, {"step": STEPS, "fid": STUCK, "probe_auc": [0.97] * ROWS, **UNSURE})

    assert status(found, "G-dominated") == NOT_MEASURED


def test_held_out_samples_that_look_like_fakes_mean_overfitting(tmp_path):
    outputs = {"logits_real": [4.0] * ROWS, "logits_fake": [-4.0] * ROWS, "val_logits": [-3.0] * ROWS}
    found = read(tmp_path, {"step": STEPS, "fid": FALLING, **outputs})

    assert status(found, "D-overfit") == AT_WORK


@pytest.mark.parametrize(
    "column, value, name",
    [
        ("data_copying", -9.0, "memorising"),
        ("penalty_deviation", 0.9, "critic-unconstrained"),
        ("clip_saturation", 0.99, "critic-unconstrained"),
    ],
)
def test_columns_of_our_own_records_are_understood(tmp_path, column, value, name):
    found = read(tmp_path, {"step": STEPS, "fid": FALLING, column: [value] * ROWS})

    assert status(found, name) == AT_WORK


OUTCOMES = {
    "diverged:late": series(lambda t: 300.0 if t < 0.05 or t > 0.7 else 3.0, 0.01),
    "no-progress": STUCK,
    "still-improving": series(lambda t: 300 * math.exp(-6 * t), 0.01),
    "degrading": series(lambda t: 300 * math.exp(-8 * min(t, 0.5) + 4 * max(0.0, t - 0.6)), 0.01),
    "oscillating:quality": [300.0, *(3.0 if row % 8 < 4 else 40.0 for row in range(ROWS - 1))],
}


@pytest.mark.parametrize("wanted", OUTCOMES)
def test_a_curve_alone_names_its_outcome(tmp_path, wanted):
    found = read(tmp_path, {"step": STEPS, "fid": OUTCOMES[wanted]})

    assert wanted in found.outcomes


def test_a_level_curve_is_not_called_converged_for_want_of_coverage(tmp_path):
    found = read(tmp_path, {"step": STEPS, "fid": FALLING}, Meaning(floor=5.0))

    assert found.outcomes == (NONE_SHOWN,)


def test_a_level_that_only_the_floor_can_judge_leaves_outcomes_open(tmp_path):
    less = series(lambda t: 300 * math.exp(-3 * min(1, 3 * t)), 0.02)

    found = read(tmp_path, {"step": STEPS, "fid": less})

    assert len(found.outcomes) > 1
    assert any("floor" in doubt for doubt in found.doubts)


def test_the_given_floor_decides(tmp_path):
    found = read(tmp_path, {"step": STEPS, "fid": FALLING}, Meaning(floor=0.01))

    assert found.outcomes == ("stalled-low-quality",)


def test_losses_that_end_in_nan_have_diverged_there(tmp_path):
    loss = [1.0] * 150 + [math.nan] * 50
    found = read(tmp_path, {"step": STEPS, "d_loss": loss, "g_loss": [1.0] * ROWS})

    assert (found.outcomes, found.onset_step) == (("diverged:nonfinite",), 7500)


def test_nan_as_a_placeholder_is_no_divergence(tmp_path):
    loss = [1.0 if row % 5 == 0 else math.nan for row in range(ROWS)]
    found = read(tmp_path, {"step": STEPS, "d_loss": loss, "g_loss": [1.0] * ROWS})

    assert found.outcomes == (NOT_JUDGED,)


def test_stand_ins_lower_the_confidence(tmp_path):
    known = Meaning(floor=5.0)
    log, late = {"step": STEPS, "fid": STUCK}, {"step": [row + 500 for row in STEPS], "fid": STUCK}

    found = [
        read(tmp_path, log, known), read(tmp_path, log), read(tmp_path, late, known), read(tmp_path, late),
        read(tmp_path, {"fid": STUCK[:12]}),
    ]  # fmt: skip

    assert [each.confidence for each in found] == ["high", "medium", "medium", "low", "low"]
    assert all(each.outcomes == ("no-progress",) for each in found)


def test_an_assumed_floor_is_doubted_though_every_floor_says_the_same(tmp_path):
    (doubt,) = read(tmp_path, {"step": STEPS, "fid": STUCK}).doubts

    assert doubt.startswith("what real data score is not in the log")
    assert doubt.endswith("all give the same outcome")


@pytest.mark.parametrize("first", [1, 50])
def test_a_first_value_after_training_began_is_an_assumed_start(tmp_path, first):
    (doubt,) = read(
        tmp_path, {"step": [row + first for row in STEPS], "fid": STUCK}, Meaning(floor=5.0)
    ).doubts

    assert doubt == f"the first value, at step {first}, stands in for the untrained generator's"


def test_blank_cells_of_quality_are_counted_with_their_rows_and_spoil_nothing(tmp_path):
    fid = [value if row % 4 == 0 else "" for row, value in enumerate(STUCK)]
    found = read(tmp_path, {"step": STEPS, "fid": fid, "d_loss": [1.0] * ROWS}, Meaning(floor=5.0))

    assert "150 times distance is blank, of 200 rows: rows 3, 4, 5, 7, 8 and 145 more" in (
        str(problem) for problem in found.observed.problems
    )
    assert found.confidence == "high"


def test_losses_may_be_blank_without_a_word(tmp_path):
    loss = [1.0 if row % 4 == 0 else "" for row in range(ROWS)]

    assert read(tmp_path, {"step": STEPS, "fid": STUCK, "d_loss": loss}).observed.problems == ()


def test_quality_written_as_nan_to_the_end_is_listed_and_doubted(tmp_path):
    fid = [value if row < 150 else math.nan for row, value in enumerate(STUCK)]
    found = read(tmp_path, {"step": STEPS, "fid": fid}, Meaning(floor=5.0))

    assert any(
        "distance was written as NaN or infinity: rows 152" in str(each) for each in found.observed.problems
    )
    assert any("not finite from step 7,500 on" in doubt for doubt in found.doubts)
    assert found.confidence != "high"


def test_a_loss_logged_now_and_then_that_ends_in_nan_has_diverged(tmp_path):
    loss = [("nan" if row > 150 else 1.0) if row % 10 == 0 else "" for row in range(ROWS)]
    found = read(tmp_path, {"step": STEPS, "d_loss": loss})

    assert (found.outcomes, found.onset_step) == (("diverged:nonfinite",), 8000)


def test_the_experiment_separates_what_is_left_and_names_no_excluded_cause(tmp_path):
    found = read(tmp_path, {"step": STEPS, "fid": STUCK, **SURE}, Meaning("non_saturating", 0.0))

    assert found.experiment is not None
    live = [each for each in found.standings if each.status != EXCLUDED]
    assert len({found.experiment.prediction(each.hypothesis.name) for each in live}) > 1
    assert "lost-signal" in [each.hypothesis.name for each in found.standings if each.status == EXCLUDED]


BAD = {
    "empty": ("", "the file is empty"),
    "header only": ("step,d_loss\n", "there is no row below the header"),
    "binary": ("\x00\x01PNG\x00", "no text"),
    "no header": ("1,2,3\n4,5,6\n", "must name the columns"),
    "one row": ("step,fid\n1,300\n", "fewer than two values"),
    "strings": ("step,d_loss,fid\n1,abc,300\n2,1.0,200\n", "'d_loss' is no number there"),
    "step strings": ("step,fid\n1,300\nfoo,200\n3,100\n", "no usable step and is left out: row 3"),
    "ragged": ("step,fid\n1,300\n2\n3,100,7\n", "the row has more cells than the header: row 4"),
    "repeated": ("step,fid\n1,300\n1,200\n2,100\n", "repeats a step"),
    "decreasing": ("step,fid\n5,300\n1,200\n2,100\n", "rows are put in order of step: row 3"),
    "gap": ("step,fid\n1,9\n2,8\n3,7\n4,6\n500,5\n", "steps are missing before that row: row 6"),
    "nan": ("step,d_loss\n1,nan\n2,1\n3,1\n", "discriminator_loss was written as NaN or infinity: row 2"),
    "prose": ("Dear reader, this\nis no log at all\n", "not judged"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_a_bad_log_is_a_status_that_names_its_rows(tmp_path, name):
    content, wanted = BAD[name]
    path = tmp_path / "log.csv"
    path.write_bytes(content.encode())

    found = diagnose(observe(path))
    told = "\n".join(lines(found))

    assert wanted.replace("not judged", "outcome: not-judged") in told


def test_every_row_is_read_or_named(tmp_path):
    path = tmp_path / "log.csv"
    path.write_text("step,d_loss\n1,1\nx,1\n2,1\n2,1\n", encoding="utf-8")

    observed = observe(path)

    assert observed.counts["rows"] == 4
    assert observed.counts["steps"] == 2
    assert sum(problem.count for problem in observed.problems if "row" in problem.what) == 2


def test_steps_that_begin_again_each_epoch_are_counted_through(tmp_path):
    columns = {"epoch": [0, 0, 0, 1, 1, 1], "iter": [0, 50, 100] * 2, "fid": [9, 8, 7, 6, 5, 4]}

    observed = observe(logs.write(tmp_path / "log.csv", columns))

    assert [record.step for record in observed.evaluations] == [0, 50, 100, 150, 200, 250]
    assert observed.problems == ()


def test_a_name_cannot_steer_the_terminal(tmp_path):
    path = tmp_path / "a\x1b[2J.csv"
    path.write_text('step,"x\x1b[31m\ny"\n1,2\n', encoding="utf-8")

    told = "\n".join(lines(diagnose(observe(path))))

    assert "\x1b" not in told
    assert "not recognised: x [31m y" in told


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_delimiters_are_found(tmp_path, delimiter):
    path = tmp_path / "log.csv"
    path.write_text(delimiter.join(("step", "fid")) + "\n" + delimiter.join(("1", "2")), encoding="utf-8")

    assert set(observe(path).mapping.values()) == {"step", "distance"}


def test_a_long_log_is_drawn_together_and_judged_in_time(tmp_path):
    rows = 20_000
    columns = {"step": range(rows), "fid": [300.0] * rows, "d_loss": [1.0] * rows}

    found = read(tmp_path, columns)

    assert len(found.observed.evaluations) == 400
    assert found.outcomes == ("no-progress",)
