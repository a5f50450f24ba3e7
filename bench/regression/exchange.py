"""A comparison as other trackers read it: Bencher, github-action-benchmark, pytest-benchmark.

They know times and numbers, not pairs: each gets the head's numbers, with what is known of their spread.
"""

from __future__ import annotations

import json
import math
import statistics
from collections.abc import Sequence
from typing import Any

from bench.regression.outcome import Comparison, Row

NANOSECONDS = 1e9


def bencher(comparison: Comparison) -> str:
    """Spell Bencher Metric Format: times in nanoseconds as latency, all else by its kind.

    Source:
        https://bencher.dev/docs/reference/bencher-metric-format/
    """
    content = {row.name: {_measure(row): _metric(row)} for row in _known(comparison)}
    return _json(content)


def github_action(comparison: Comparison) -> str:
    """Spell the list that github-action-benchmark takes as ``customSmallerIsBetter``: ratios to base.

    Source:
        https://github.com/benchmark-action/github-action-benchmark#examples
    """
    content = [
        {
            "name": row.name,
            "unit": f"ratio to {comparison.base}",
            "value": row.ratio,
            "range": f"[{row.low:.4g}, {row.high:.4g}]" if math.isfinite(row.low) else "",
            "extra": f"{row.answer}: {row.reason}",
        }
        for row in comparison.rows
        if math.isfinite(row.ratio)
    ]
    return _json(content)


def pytest_benchmark(comparison: Comparison) -> str:
    """Spell what ``pytest-benchmark compare`` and others read: the head's times of every timed workload."""
    benchmarks = [_benchmark(row) for row in comparison.rows if _finite(row.head_times)]
    content = {
        "machine_info": {"node": comparison.machine, "cpu": {"brand_raw": comparison.processor}},
        "commit_info": {"id": comparison.head, "project": "", "time": comparison.measured_at, "dirty": False},
        "benchmarks": benchmarks,
        "datetime": comparison.measured_at,
        "version": "5.0.0",
    }
    return _json(content)


def _known(comparison: Comparison) -> list[Row]:
    return [row for row in comparison.rows if math.isfinite(row.head)]


def _measure(row: Row) -> str:
    return "latency" if row.kind == "speed" else row.kind


def _metric(row: Row) -> dict[str, float]:
    unit = NANOSECONDS if row.kind == "speed" else 1.0
    times = _finite(row.head_times)
    if not times:
        return {"value": row.head * unit}
    return {"value": row.head * unit, "lower_value": min(times) * unit, "upper_value": max(times) * unit}


def _benchmark(row: Row) -> dict[str, Any]:
    times = sorted(_finite(row.head_times))
    low, middle, high = statistics.quantiles(times, n=4) if len(times) > 1 else times * 3
    stats = {
        "min": times[0], "max": times[-1], "mean": statistics.fmean(times),
        "stddev": statistics.stdev(times) if len(times) > 1 else 0.0, "rounds": len(times),
        "median": middle, "iqr": high - low, "q1": low, "q3": high, "iqr_outliers": 0, "stddev_outliers": 0,
        "outliers": "0;0", "ld15iqr": times[0], "hd15iqr": times[-1], "ops": 1 / statistics.fmean(times),
        "total": sum(times), "iterations": 1, "data": list(_finite(row.head_times)),
    }  # fmt: skip
    return {
        "group": row.name.partition("/")[0], "name": row.name, "fullname": row.name, "params": None,
        "param": None, "extra_info": {"answer": row.answer, "ratio": row.ratio, "reason": row.reason},
        "options": {"disable_gc": True, "timer": "process_time", "min_rounds": 1, "warmup": True},
        "stats": stats,
    }  # fmt: skip


def _finite(times: Sequence[float]) -> list[float]:
    return [seconds for seconds in times if math.isfinite(seconds) and seconds > 0]


def _json(content: Any) -> str:
    return json.dumps(content, indent=1, allow_nan=False) + "\n"
