"""What fuzzing shares: a guard over every write, program and connection, and an empty folder to be in."""

from __future__ import annotations

import signal

import pytest
from harness import GUARD, ganbench

COMMANDS = "commands that met hostile input"


@pytest.fixture(scope="session", autouse=True)
def warm():
    """Import what makes folders of its own when it is first imported, before anything is watched."""
    from bench import checkpoints
    from bench.monitor import diagnosis  # noqa: F401
    from reports import build  # noqa: F401

    GUARD.blind = True
    checkpoints.surroundings()
    assert ganbench("plan", "smoke").code == 0
    GUARD.blind = False


@pytest.fixture
def here(tmp_path, monkeypatch, record_property):
    """The current folder, the only one that may be written to; internal errors raise here."""
    before = GUARD.commands
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GANBENCH_TRACEBACK", "1")
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    monkeypatch.setattr(GUARD, "allowed", tmp_path)
    yield tmp_path
    record_property(COMMANDS, GUARD.commands - before)


def pytest_terminal_summary(terminalreporter):
    """How many commands met hostile input, in all processes of these tests."""
    ends = [report for report in terminalreporter.stats.get("", []) if report.when == "teardown"]
    counts = [value for report in ends for name, value in report.user_properties if name == COMMANDS]
    if counts:
        terminalreporter.write_sep("=", f"{sum(counts):,} commands met hostile input in {len(counts)} tests")
