"""The workloads that ganbench regress compares between revisions, one benchmark each."""

import pytest

from bench.regression.workloads import WORKLOADS


@pytest.mark.bench
@pytest.mark.parametrize("name", WORKLOADS)
def test_workload(benchmark, name):
    """Nine rounds of one workload."""
    work = WORKLOADS[name]()
    work()
    benchmark.pedantic(work, rounds=9, iterations=1, warmup_rounds=1)
