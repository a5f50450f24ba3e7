"""The worked example runs as it stands, and the README shows the same lines."""

from __future__ import annotations

import contextlib
import io
import os
import re
import textwrap
from pathlib import Path

import pytest
import torch

import bench.monitor

ROOT = Path(__file__).parent.parent.parent


def example() -> str:
    """The code block of the package's docstring."""
    block = bench.monitor.__doc__.partition("::\n")[2]
    return textwrap.dedent(block).strip() + "\n"


@pytest.fixture(scope="module")
def ran(tmp_path_factory) -> tuple[str, dict, str]:
    folder = tmp_path_factory.mktemp("example")
    printed, names = io.StringIO(), {}
    before = Path.cwd()
    os.chdir(folder)
    try:
        with torch.random.fork_rng(), contextlib.redirect_stdout(printed):
            exec(compile(example(), "example", "exec"), names)
    finally:
        os.chdir(before)
    return printed.getvalue(), names, (folder / "diagnosis.html").read_text(encoding="utf-8")


def test_the_example_is_short():
    assert len([line for line in example().splitlines() if line.strip()]) <= 40


def test_the_example_finds_the_fault_that_is_planted_in_it(ran):
    verdict = ran[1]["monitor"].verdict()

    assert verdict.state == "failed"
    assert {"D-dominated", "vanishing-gradient"} <= set(verdict.mechanisms)


def test_the_example_prints_its_outcome_and_an_experiment(ran):
    printed, names, page = ran

    assert f"outcome: {names['monitor'].verdict().outcome}" in printed
    assert "next experiment:" in printed
    assert names["monitor"].verdict().outcome in page


def test_the_readme_shows_the_same_loop():
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    shown = [block for block in blocks if "import Monitor" in block]
    if not shown:
        pytest.skip("the README shows no monitored loop")

    def code(text: str) -> list[str]:
        return [line.rstrip() for line in text.splitlines() if line.strip()]

    assert code(shown[0]) == code(example())
