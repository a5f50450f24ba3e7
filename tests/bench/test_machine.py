"""The machine record: stable within a process, complete, and with a peak that a product really reaches."""

from __future__ import annotations

import json

import torch

from bench import machine


def test_a_machine_has_one_id_and_says_what_it_is():
    first, again = machine.describe(), machine.describe()

    assert first.id == again.id == machine.machine_id()
    assert len(first.id) == 12
    assert first.versions["torch"] == torch.__version__.split("+")[0]
    assert 1 <= machine.physical_cores() <= first.threads


def test_the_environment_is_json_with_the_id_that_records_hold():
    environment = json.loads(json.dumps(machine.environment(93.26)))

    assert environment["machine"] == machine.machine_id()
    assert environment["gemm_gflops"] == 93.3
    assert environment["processor"]


def test_the_peak_is_measured_on_one_thread_and_threads_are_put_back():
    before = torch.get_num_threads()
    peak = machine.gemm_gflops()

    assert 0.1 < peak < 10_000
    assert torch.get_num_threads() == before
