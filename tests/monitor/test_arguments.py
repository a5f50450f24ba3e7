"""What a Monitor refuses: one line that names the argument and what it got; and what it takes."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from bench.monitor import Monitor

POINTS = torch.arange(60.0).reshape(30, 2)

STEP = [
    ({"d_loss": "a"}, TypeError, "d_loss must be a number or a tensor of numbers, got 'a'"),
    ({"g_loss": {"loss": 1}}, TypeError, "g_loss must be a number or a tensor of numbers, got {'loss': 1}"),
    ({"real_logits": ["x", "y"]}, TypeError, "real_logits must be a number or a tensor of numbers, got ['x'"),
    ({"fake_logits": torch.ones(2) * 1j}, TypeError, "fake_logits must be a number or a tensor of numbers"),
    ({"generator": "G"}, TypeError, "generator must be a module, or the root mean square of its gradients"),
    ({"discriminator": [1.0]}, TypeError, "discriminator must be a module, or the root mean square"),
    ({"d_loss": 1.0, "step": "5"}, TypeError, "step must be a whole number from 0 on, got '5'"),
    ({"d_loss": 1.0, "step": True}, TypeError, "step must be a whole number from 0 on, got True"),
    ({"d_loss": 1.0, "step": 2.5}, ValueError, "step must be a whole number from 0 on, got 2.5"),
    ({"d_loss": 1.0, "step": math.nan}, ValueError, "step must be a whole number from 0 on, got nan"),
    ({"d_loss": 1.0, "step": -1}, ValueError, "step must be a whole number from 0 on, got -1"),
    ({"d_loss": 1.0, "step": 2**70}, ValueError, "step must be a whole number from 0 on, got 118059162071"),
    ({"d_loss": None, "step": 3}, ValueError, "at least one quantity must be given"),
]  # fmt: skip

EVALUATE = [
    ({"samples": "a"}, TypeError, "samples must be a number or a tensor of numbers, got 'a'"),
    ({"samples": torch.zeros(30, 3)}, ValueError, "samples must have shape (n, 2), as real samples have"),
    ({"samples": torch.tensor(1.0)}, ValueError, "samples must have shape (n, 2), as real samples have"),
    ({"averaged": torch.zeros(30, 3)}, ValueError, "averaged must have shape (n, 2), as real samples have"),
    ({"step": "5"}, TypeError, "step must be a whole number from 0 on, got '5'"),
    ({"holdout_logits": "a"}, TypeError, "holdout_logits must be a number or a tensor of numbers, got 'a'"),
    ({"train_logits": [None]}, TypeError, "train_logits must be a number or a tensor of numbers, got [None]"),
    ({"discriminator": 3}, TypeError, "discriminator must be callable on samples, got 3"),
    ({"values": 3}, TypeError, "values must map names of columns to numbers, got 3"),
    ({"values": {"distanse": 3}}, ValueError, "values must name known columns, got 'distanse'"),
    ({"values": {"distance": "low"}}, TypeError, "values['distance'] must be a number or a tensor"),
    ({"values": {"distance": [1, 2]}}, ValueError, "values['distance'] must be one number, got shape (2,)"),
]  # fmt: skip

OPTIONS = [
    ({"steps": "many"}, TypeError, "steps must be a whole number, got 'many'"),
    ({"evaluations": 2.5}, TypeError, "evaluations must be a whole number, got 2.5"),
    ({"mode_sd": -0.1}, ValueError, "mode_sd must be above 0, got -0.1"),
    ({"floor": "low"}, TypeError, "floor must be a number, got 'low'"),
    ({"floor": 0}, ValueError, "floor must be above 0, got 0"),
]


def refused(call, arguments, kind, where, wanted):
    with pytest.raises(kind) as caught:
        call(**arguments)

    assert str(caught.value).startswith(f"{where}: {wanted}")
    assert len(str(caught.value).splitlines()) == 1


@pytest.mark.parametrize(("arguments", "kind", "wanted"), STEP)
def test_a_step_names_the_argument_that_it_cannot_use(arguments, kind, wanted):
    refused(Monitor().step, arguments, kind, "Monitor.step", wanted)


@pytest.mark.parametrize(("arguments", "kind", "wanted"), EVALUATE)
def test_an_evaluation_names_the_argument_that_it_cannot_use(arguments, kind, wanted):
    refused(Monitor(real=POINTS).evaluate, arguments, kind, "Monitor.evaluate", wanted)


@pytest.mark.parametrize(("arguments", "kind", "wanted"), OPTIONS)
def test_a_monitor_names_the_option_that_it_cannot_use(arguments, kind, wanted):
    refused(Monitor, arguments, kind, "Monitor", wanted)


def test_an_unknown_column_comes_with_the_nearest_one():
    with pytest.raises(ValueError, match=r"got 'distanse'; did you mean 'distance'\?$"):
        Monitor().evaluate(values={"distanse": 3})


def test_a_call_that_was_refused_leaves_nothing_behind():
    monitor = Monitor(real=POINTS)
    with pytest.raises(TypeError):
        monitor.step(d_loss=1.0, step="5")
    with pytest.raises(ValueError, match="samples must have shape"):
        monitor.evaluate(torch.zeros(30, 3), step=1)

    assert monitor.records() == ()
    assert monitor.observed().counts == {"steps reported": 0, "evaluations": 0}


def test_an_endlessly_long_value_is_shown_shortened():
    with pytest.raises(TypeError) as caught:
        Monitor().step(d_loss="a" * 10_000)

    assert len(str(caught.value)) < 200


@pytest.mark.parametrize(
    "loss", [2, 2.0, np.float32(2), np.array([1, 3]), [1, 3], torch.tensor([1, 3]), torch.tensor([[2.0]])]
)
def test_numbers_of_every_kind_are_one_mean(loss):
    monitor = Monitor()
    monitor.step(d_loss=loss)

    assert monitor.records()[0].values == {"discriminator_loss": 2.0}


@pytest.mark.parametrize("step", [3, 3.0, np.int64(3), torch.tensor(3)])
def test_whole_numbers_of_every_kind_are_a_step(step):
    monitor = Monitor()
    monitor.step(d_loss=1.0, step=step)

    assert [record.step for record in monitor.records()] == [3]


def test_a_large_loss_in_double_precision_is_no_divergence():
    monitor = Monitor()
    monitor.step(d_loss=1e300, g_loss=torch.tensor(1e300, dtype=torch.float64))

    assert monitor.verdict().outcome == "invalid"
    assert monitor.records()[0].values["generator_loss"] == 1e300


def test_an_empty_batch_is_not_measured_and_counted_where_its_mean_would_be_no_number():
    monitor = Monitor()
    monitor.step(d_loss=1.0, real_logits=torch.zeros(0))
    monitor.evaluate(step=1, holdout_logits=[])

    assert monitor.verdict().outcome == "invalid"
    assert [str(problem) for problem in monitor.diagnosis().observed.problems] == [
        "real_logits was empty 1 times, and not measured",
        "holdout_logits was empty 1 times, and not measured",
    ]


def test_arrays_and_whole_numbers_are_samples():
    array, whole = Monitor(real=POINTS), Monitor(real=POINTS)
    array.evaluate(POINTS.numpy(), step=1)
    whole.evaluate(POINTS.int(), step=1)

    assert array.records()[0].values["distance"] == whole.records()[0].values["distance"]


def test_a_value_that_is_none_was_not_measured():
    monitor = Monitor()
    monitor.evaluate(step=1, values={"distance": 3, "precision": None})

    assert monitor.records()[0].values == {"distance": 3.0}


def test_steps_that_begin_again_with_every_epoch_are_counted_on():
    monitor = Monitor()
    for epoch in range(3):
        for batch in range(5):
            monitor.step(step=batch, d_loss=1.0)
        monitor.evaluate(values={"distance": 9.0 - epoch})

    assert [record.step for record in monitor.records()] == [4, 9, 14]
    assert "began again 2 times" in monitor.diagnosis().observed.stand_ins["step"]


def test_a_step_without_a_number_is_the_next_of_the_loops_own():
    monitor = Monitor()
    for step in (0, 1, 2, 0):
        monitor.step(step=step, d_loss=1.0)
    monitor.step(d_loss=1.0)

    assert [record.step for record in monitor.records()] == [0, 1, 2, 3, 4]
