"""The Monitor in loops of all kinds: what it leaves alone, what it says of faults, what of bad input."""

from __future__ import annotations

import csv
import math

import pytest
import torch
from torch import nn

import bench
from bench.monitor import Monitor
from bench.monitor.diagnosis import NONE_SHOWN, NOT_JUDGED, diagnose
from bench.monitor.hypotheses import AT_WORK
from bench.monitor.log import observe

CENTERS = torch.tensor([[math.cos(k * math.pi / 4), math.sin(k * math.pi / 4)] for k in range(8)])


def ring(n, seed, modes=8):
    source = torch.Generator().manual_seed(seed)
    mode = torch.randint(modes, (n,), generator=source)
    return CENTERS[mode] + 0.05 * torch.randn(n, 2, generator=source)


def far(n, seed):
    return 3 * torch.randn(n, 2, generator=torch.Generator().manual_seed(seed)) + 5


@pytest.fixture(scope="module")
def holdout():
    return ring(600, seed=1)


@pytest.fixture(scope="module")
def train():
    return ring(1500, seed=2)


def played(samples_at, steps=400, every=10, **options):
    """A monitor that has seen a run whose samples at each step are given."""
    monitor = Monitor(steps=steps, **options)
    monitor.evaluate(far(600, seed=3), step=0)
    for step in range(every, steps + 1, every):
        monitor.evaluate(samples_at(step), step=step)
    return monitor


def status(diagnosis, name):
    return next(each.status for each in diagnosis.mechanisms if each.name == name)


def test_a_perfect_sampler_of_known_modes_has_converged(holdout, train):
    monitor = played(
        lambda step: ring(600, step), real=holdout, train=train, mode_centers=CENTERS, mode_sd=0.05
    )

    assert monitor.verdict().outcome == "converged"
    assert monitor.diagnosis().confidence == "high"


def test_real_samples_sorted_by_class_are_measured_against_as_if_they_were_not(train):
    real = ring(8000, seed=4)
    by_angle = real[torch.atan2(real[:, 1], real[:, 0]).argsort()]
    distances = []
    for held_out in (real, by_angle):
        monitor = Monitor(real=held_out, train=train)
        monitor.evaluate(ring(2500, seed=5), step=1)
        distances.append(monitor.records()[0].values["distance"])

    assert distances[1] < 3 * distances[0]


def test_two_modes_of_eight_are_a_collapse(holdout, train):
    monitor = played(
        lambda step: ring(600, step, modes=2 if step > 200 else 8),
        real=holdout, train=train, mode_centers=CENTERS, mode_sd=0.05,
    )  # fmt: skip

    assert monitor.verdict().outcome == "collapsed:partial"
    assert monitor.verdict().onset_step == 210


def test_a_run_that_visits_one_mode_after_the_other_hops(holdout, train):
    def hopping(step):
        return CENTERS[step // 10 % 8] + 0.05 * torch.randn(
            600, 2, generator=torch.Generator().manual_seed(step)
        )

    monitor = played(hopping, real=holdout, train=train, mode_centers=CENTERS, mode_sd=0.05)

    assert monitor.verdict().outcome == "oscillating:mode-hopping"


def test_samples_that_stop_being_finite_have_diverged(holdout):
    monitor = played(
        lambda step: ring(600, step) if step < 300 else torch.full((600, 2), math.nan), real=holdout
    )

    assert monitor.verdict().outcome == "diverged:nonfinite"
    assert monitor.verdict().onset_step == 300


def test_copies_of_training_samples_are_memorised(holdout):
    few = ring(600, seed=4)
    monitor = played(lambda step: few + 1e-4 * step / 400, real=holdout, train=few)

    assert status(monitor.diagnosis(), "memorising") == AT_WORK


def test_without_a_start_the_first_distance_stands_in_and_is_named(holdout, train):
    monitor = Monitor(real=holdout, train=train)
    for step in range(1, 30):
        monitor.evaluate(ring(600, step) + 3 / step, step=step)

    assert any("untrained" in doubt for doubt in monitor.diagnosis().doubts)


def feed(monitor, real, fake, steps=60):
    for step in range(1, steps + 1):
        source = torch.Generator().manual_seed(step)
        monitor.step(
            real_logits=real + torch.randn(64, generator=source),
            fake_logits=fake + torch.randn(64, generator=source),
        )


def test_logits_alone_name_no_outcome_and_say_why():
    monitor = Monitor(loss="non_saturating")
    feed(monitor, 8.0, -8.0)

    diagnosis = monitor.diagnosis()
    assert monitor.verdict().outcome == "invalid"
    assert diagnosis.outcomes == (NOT_JUDGED,)
    assert status(diagnosis, "D-dominated") == "suspected"
    assert "training batches" in diagnosis.observed.stand_ins["auc_real_fake"]


def test_probabilities_are_found_out_and_give_the_same_as_their_logits():
    def look(outputs, convert):
        monitor = Monitor(loss="minimax", outputs=outputs)
        source = torch.Generator().manual_seed(0)
        sets = [torch.randn(300, generator=source) * 2 + shift for shift in (2.0, 1.5, -2.0)]
        train, held, fake = (convert(each.double()) for each in sets)
        monitor.evaluate(step=1, train_logits=train, holdout_logits=held, fake_logits=fake)
        return dict(monitor.records()[0].values)

    assert look("auto", torch.sigmoid) == pytest.approx(look("logits", lambda x: x), rel=1e-4)


def test_small_logits_between_zero_and_one_are_not_taken_for_probabilities():
    monitor = Monitor(loss="minimax")
    monitor.evaluate(step=1, holdout_logits=torch.full((50,), 0.3), fake_logits=torch.full((50,), 0.2))

    assert monitor.records()[0].values["logit_real"] == pytest.approx(0.3)


def test_parts_of_a_step_are_one_step_and_calls_without_a_number_count_up():
    monitor, plain = Monitor(), Monitor()
    for step in (1, 2, 3):
        monitor.step(step=step, d_loss=1.0)
        monitor.step(step=step, g_loss=torch.tensor(2.0))
        plain.step(d_loss=1.0, g_loss=2.0)

    assert [record.step for record in monitor.records()] == [1, 2, 3]
    assert monitor.records() == plain.records()


def test_the_networks_are_left_as_they_were(holdout):
    D = nn.Sequential(nn.Linear(2, 4), nn.BatchNorm1d(4), nn.Dropout(), nn.Linear(4, 1))
    D[1].eval()
    D(holdout[:8]).sum().backward()
    before = {name: value.clone() for name, value in D.state_dict().items()}
    gradients = [p.grad.clone() for p in D.parameters()]
    samples = ring(600, 5).requires_grad_()

    monitor = Monitor(loss="hinge", real=holdout)
    monitor.step(discriminator=D, d_loss=D(holdout).mean())
    monitor.evaluate(samples, discriminator=D)

    assert (D.training, D[1].training, D[2].training) == (True, False, True)
    assert all(torch.equal(before[name], value) for name, value in D.state_dict().items())
    assert all(torch.equal(old, p.grad) for old, p in zip(gradients, D.parameters(), strict=True))
    assert samples.grad is None
    assert "discriminator_slope" in monitor.records()[0].values


def test_images_without_an_extractor_are_measured_on_their_pixels_and_say_so():
    source = torch.Generator().manual_seed(0)
    images = torch.rand(120, 1, 6, 6, generator=source) * 2 - 1
    monitor = Monitor(real=images[:40], train=images[40:])
    monitor.evaluate(torch.zeros(40, 1, 6, 6), step=0)
    monitor.evaluate(images[60:100], step=1)

    assert math.isfinite(monitor.records()[0].values["fid"])
    assert monitor.extractor_name == "pixels32"


@pytest.mark.parametrize("step", range(3))
def test_strange_samples_are_a_status(holdout, step):
    strange = [torch.zeros(600, 2), torch.full((600, 2), math.inf), torch.zeros(0, 2)][step]
    monitor = played(lambda _: strange, steps=40, real=holdout)

    assert monitor.verdict().outcome in ("invalid", "collapsed:total", "diverged:nonfinite")
    assert monitor.summary()


def test_fewer_samples_than_before_have_no_quality_and_are_counted(holdout):
    monitor = played(lambda step: ring(100 if step == 100 else 600, step), real=holdout)

    assert any("too few samples" in str(problem) for problem in monitor.diagnosis().observed.problems)
    assert any("1 of 40 evaluations" in str(problem) for problem in monitor.diagnosis().observed.problems)


def test_real_samples_that_are_not_finite_or_too_few_are_told():
    bad = ring(600, 0)
    bad[:3] = math.nan
    problems = [
        str(problem)
        for real in (bad, bad[:5])
        for problem in played(lambda step: ring(600, step), steps=20, real=real).diagnosis().observed.problems
    ]

    assert "3 of 600 samples of real are not finite and are left out" in problems
    assert any("more than 10 finite samples are needed" in problem for problem in problems)


def test_a_restart_and_a_repeated_evaluation_are_told():
    monitor = Monitor()
    for step in (1, 2, 3, 2, 3, 4):
        monitor.step(step=step, d_loss=1.0)
    monitor.evaluate(step=4, holdout_logits=torch.zeros(9))
    monitor.evaluate(step=4, holdout_logits=torch.ones(9))

    told = [str(problem) for problem in monitor.diagnosis().observed.problems]
    assert any("went back" in problem for problem in told)
    assert any("repeat a step" in problem for problem in told)


def test_a_monitor_that_saw_nothing_says_so():
    monitor = Monitor()

    assert monitor.verdict().outcome == "invalid"
    assert monitor.diagnosis().outcomes == (NOT_JUDGED,)


@pytest.mark.parametrize(
    "options, wanted",
    [
        ({"loss": "minmax"}, "loss: must be a known loss, got 'minmax'; did you mean 'minimax'?"),
        ({"outputs": "odds"}, "Monitor: outputs must be one of"),
        ({"steps": 0}, "Monitor: steps must be at least 1, got 0"),
        ({"real": torch.zeros(20, 2), "train": torch.zeros(20, 3)}, "Monitor: train must have the shape"),
        ({"real": torch.zeros(20, 2), "mode_centers": torch.zeros(3)}, "Monitor: mode_centers must have"),
        ({"real": torch.zeros(20, 2), "dataset": "ring8"}, "Monitor: dataset and real must not both"),
    ],
)
def test_arguments_are_refused_before_training(options, wanted):
    with pytest.raises(ValueError, match="^" + wanted.replace("?", r"\?")):
        Monitor(**options)


def test_a_step_without_anything_is_refused():
    with pytest.raises(ValueError, match=r"^Monitor\.step: at least one quantity"):
        Monitor().step()


def test_a_distance_of_ones_own_is_judged_under_floors_that_are_tried():
    monitor = Monitor(steps=400)
    for step in range(0, 401, 10):
        monitor.evaluate(step=step, values={"distance": 300.0})

    assert monitor.verdict().outcome == "no-progress"
    assert monitor.diagnosis().outcomes == ("no-progress",)


def test_the_csv_of_a_monitor_is_a_log_that_can_be_diagnosed(holdout, train, tmp_path):
    monitor = played(lambda step: far(600, step), real=holdout, train=train, loss="minimax")
    path = monitor.to_csv(tmp_path / "run.csv")

    with path.open(encoding="utf-8") as source:
        rows = list(csv.DictReader(source))
    again = diagnose(observe(path))
    assert [int(row["step"]) for row in rows] == list(range(10, 401, 10))
    assert monitor.verdict().outcome == "no-progress"
    assert again.outcomes in (("no-progress",), (NONE_SHOWN,))
    assert again.outcomes == ("no-progress",)


def test_the_report_is_a_page_or_what_a_function_makes_of_the_diagnosis(tmp_path):
    monitor = Monitor()
    feed(monitor, 1.0, -1.0)

    written = monitor.report(tmp_path / "page.html")
    told = []
    monitor.report(tmp_path / "x", writer=lambda diagnosis, path: told.append(diagnosis) or path)

    assert "not-judged" in written.read_text(encoding="utf-8")
    assert told[0]["outcomes"] == ["not-judged"]


def test_bench_lends_the_monitor_without_importing_it():
    assert bench.Monitor is Monitor
