"""Comparisons as other trackers read them, and as our own history reads them back."""

import json
import math
import subprocess
import sys

import pytest

from bench.commands.regress import FORMS
from bench.regression.outcome import NO_WORSE, REFUSED, Comparison, Row
from bench.regression.table import FORMATS, to_json

TIMED = Row(
    name="step/nsgan", kind="speed", unit="s", base=0.01, head=0.012, ratio=1.2, low=1.1, high=1.3, n=4,
    answer=NO_WORSE, reason="|", base_times=(0.01, 0.01, math.nan, 0.01),
    head_times=(0.012, 0.011, math.nan, 0.013),
)  # fmt: skip
LOST = Row(
    name="step/wgan", kind="speed", unit="s", base=math.nan, head=math.nan, ratio=math.nan, answer=REFUSED,
    head_times=(math.nan,),
)  # fmt: skip
COUNT = Row(name="count/flops", kind="count", unit="FLOP", base=1.0, head=1.0, ratio=1.0, answer=NO_WORSE)
MADE = Comparison(
    base="main", head="this tree abc", rows=(TIMED, LOST, COUNT), measured_at="2026-11-29T00:00:00"
)


def test_every_format_is_offered_on_the_command_line():
    assert tuple(FORMATS) == FORMS


@pytest.mark.parametrize("form", [name for name in FORMATS if name not in ("text", "markdown")])
def test_every_format_for_programs_is_strict_json(form):
    def refuse(text):
        raise AssertionError(text)

    json.loads(FORMATS[form](MADE), parse_constant=refuse)


def test_bencher_gets_nanoseconds_with_their_range():
    told = json.loads(FORMATS["bmf"](MADE))

    assert told["step/nsgan"]["latency"] == {"value": 1.2e7, "lower_value": 1.1e7, "upper_value": 1.3e7}
    assert told["count/flops"] == {"count": {"value": 1.0}}
    assert "step/wgan" not in told


def test_github_action_benchmark_gets_ratios_of_which_smaller_is_better():
    first, second = json.loads(FORMATS["github-action-benchmark"](MADE))

    assert (first["name"], first["value"], first["range"]) == ("step/nsgan", 1.2, "[1.1, 1.3]")
    assert second["name"] == "count/flops"


def test_pytest_benchmark_reads_what_is_meant_for_it(tmp_path):
    kept = tmp_path / "Linux-CPython-3.11-64bit" / "0001_head.json"
    kept.parent.mkdir()
    kept.write_text(FORMATS["pytest-benchmark"](MADE))
    command = "import sys; from pytest_benchmark.cli import main; sys.exit(main())"
    done = subprocess.run(
        [sys.executable, "-c", command, "--storage", f"file://{tmp_path}", "compare", "0001"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert "step/nsgan" in done.stdout, done.stderr
    assert "step/wgan" not in done.stdout


def test_a_kept_comparison_is_read_back():
    found = Comparison.of(json.loads(to_json(MADE)))

    assert found.rows[0].head_times[:2] == (0.012, 0.011)
    assert math.isnan(found.rows[1].ratio)
    assert found.answer == MADE.answer
    with pytest.raises((KeyError, TypeError)):
        Comparison.of({"rows": []})
