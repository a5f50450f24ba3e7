"""What the benchmarks share: one thread, and a table of figures against their targets at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import torch

FIGURES: list[tuple[str, float, str]] = []
"""(what, measured, its target and whether it was met) in the order of measurement; printed at the end."""


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """Time on one thread, whatever the machine has."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture
def figure() -> Callable[..., None]:
    """Note a figure for the table; ``least`` or ``most`` is the target, where there is one."""

    def note(what: str, measured: float, least: float | None = None, *, most: float | None = None) -> None:
        """Keep a figure for the end."""
        mark = ""
        if least is not None:
            mark = f"  target {least:g}: {'met' if measured >= least else 'MISSED'}"
        if most is not None:
            mark = f"  target at most {most:g}: {'met' if measured <= most else 'MISSED'}"
        FIGURES.append((what, measured, mark))

    return note


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print every figure that was noted, and whether it met its target."""
    if not FIGURES:
        return
    terminalreporter.section("figures against targets")
    for what, measured, mark in FIGURES:
        terminalreporter.write_line(f"{what:<72}{measured:>12.4g}{mark}")
