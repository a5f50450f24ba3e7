"""How far a sweep is and when it will be done, told on a terminal by a bar and elsewhere by plain lines."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, TextIO

from bench.plan import PlannedCohort, makespan

if TYPE_CHECKING:
    from rich.progress import Progress

_PRIOR_SECONDS = 20.0
"""So much planned work weighs as much as the plan itself in the estimate of this machine's speed."""

_FIRST_PAUSE, _LONGEST_PAUSE, _PAUSE_GROWTH = 5.0, 60.0, 1.3


@dataclass(frozen=True, slots=True)
class Status:
    """How far a sweep is.

    Units:
        runs_done counts finished runs and the finished share of running ones; left_seconds is wall time.

    Args:
        states: how many runs ended stable, failed, undecided.
        seen: how many runs in training look like which outcome so far; "open" is none.
    """

    runs: int
    runs_done: float
    cohorts: int
    cohorts_done: int
    left_seconds: float
    states: Mapping[str, int]
    seen: Mapping[str, int] = field(default_factory=dict)


class Reporter(Protocol):
    """Who tells the user."""

    def show(self, status: Status) -> None:
        """Take note of how far the sweep is; called often."""

    def note(self, text: str) -> None:
        """Say one thing that the user should know."""


class Forecast:
    """When the rest will be done: the plan's seconds, corrected by how long finished work really took.

    Args:
        speed: this machine's speed over that of the plan's constants, believed until work has been seen.
    """

    def __init__(self, workers: int, speed: float = 1.0, clock: Callable[[], float] = time.monotonic) -> None:
        self._workers = workers
        self._clock = clock
        self._planned = _PRIOR_SECONDS
        self._taken = _PRIOR_SECONDS / speed
        self._running: dict[str, _Running] = {}

    def started(self, cohort: PlannedCohort) -> None:
        """Note that a cohort has begun."""
        self._running[cohort.cohort] = _Running(cohort, self._clock())

    def stepped(self, cohort: str, step: int) -> None:
        """Note how many generator steps a running cohort has made."""
        running = self._running.get(cohort)
        if running is not None:
            running.fraction = min(1.0, step / running.cohort.configs[0].steps)

    def ended(self, cohort: str, *, done: bool) -> None:
        """Note that a cohort has ended; one that failed teaches nothing about speed."""
        running = self._running.pop(cohort, None)
        if running is not None and done:
            self._planned += running.cohort.seconds
            self._taken += self._clock() - running.since

    @property
    def partial_runs(self) -> float:
        """The finished share of running runs."""
        return sum(running.fraction * len(running.cohort.configs) for running in self._running.values())

    def left_seconds(self, waiting: tuple[PlannedCohort, ...] | list[PlannedCohort]) -> float:
        """Estimate the wall time until everything is done."""
        now, pace = self._clock(), self._taken / self._planned
        busy = [running.left(now, pace) for running in self._running.values()]
        return makespan([cohort.seconds * pace for cohort in waiting], self._workers, busy)


@dataclass
class _Running:
    cohort: PlannedCohort
    since: float
    fraction: float = 0.0

    def left(self, now: float, pace: float) -> float:
        """By the plan at first, by its own progress as soon as there is enough of it."""
        elapsed = now - self.since
        by_plan = max(0.0, self.cohort.seconds * pace - elapsed)
        if self.fraction == 0.0:
            return by_plan
        by_progress = elapsed * (1 - self.fraction) / self.fraction
        return self.fraction * by_progress + (1 - self.fraction) * by_plan


@dataclass
class PlainReporter:
    """Lines at growing intervals, for files and pipes."""

    stream: TextIO = field(default_factory=lambda: sys.stderr)
    clock: Callable[[], float] = time.monotonic
    _pause: float = _FIRST_PAUSE
    _next: float = 0.0
    _begun: float | None = None

    def show(self, status: Status) -> None:
        """Print a line when it is time for one, and when everything is done."""
        now = self.clock()
        if self._begun is None:
            self._begun = now
            self._next = now
        finished = status.cohorts_done == status.cohorts
        if now < self._next and not finished:
            return
        self._next = now + self._pause
        self._pause = min(_LONGEST_PAUSE, self._pause * _PAUSE_GROWTH)
        self._print(f"[{clock_text(now - self._begun)}] {summary(status)}")

    def note(self, text: str) -> None:
        """Print it at once."""
        self._print(text)

    def _print(self, text: str) -> None:
        print(text, file=self.stream, flush=True)


class BarReporter:
    """A bar with what is left, redrawn in place; use it as a context manager."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

        self._bar: Progress = Progress(
            TextColumn("training"),
            BarColumn(),
            TextColumn("{task.fields[text]}"),
            TimeElapsedColumn(),
            console=Console(stderr=True),
            refresh_per_second=4,
        )
        self._task = self._bar.add_task("training", total=None, text="starting")

    def __enter__(self) -> BarReporter:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def show(self, status: Status) -> None:
        """Redraw the bar."""
        self._bar.update(self._task, total=status.runs, completed=status.runs_done, text=summary(status))

    def note(self, text: str) -> None:
        """Print it above the bar."""
        self._bar.console.print(text, markup=False, highlight=False)


class _Plainly(AbstractContextManager[PlainReporter]):
    def __exit__(self, *_: object) -> None:
        return

    def __enter__(self) -> PlainReporter:
        return PlainReporter()


def reporter(*, plain: bool) -> AbstractContextManager[PlainReporter] | AbstractContextManager[BarReporter]:
    """Choose how to tell: a bar on a terminal, lines elsewhere or where asked for."""
    if plain or not sys.stderr.isatty():
        return _Plainly()
    return BarReporter()


def summary(status: Status) -> str:
    """Say in a line how far a sweep is.

    Example:
        >>> summary(Status(690, 120.4, 24, 5, 740.0, {"stable": 61, "failed": 40, "undecided": 19}))
        '120/690 runs, 5/24 cohorts (GANs: 61 stable, 40 failed, 19 undecided), about 12 min left'
        >>> summary(Status(8, 4.5, 2, 1, 30.0, {"stable": 4}, {"open": 3, "collapsed:total": 1}))
        '4/8 runs, 1/2 cohorts (GANs: 4 stable; in training: 3 open, 1 collapsed:total), about 30 s left'
    """
    ended = ", ".join(f"{count} {state}" for state, count in status.states.items() if count)
    states = "; ".join(
        part for part in (ended, f"in training: {by_count(status.seen)}" if status.seen else "") if part
    )
    counts = f"{int(status.runs_done)}/{status.runs} runs, {status.cohorts_done}/{status.cohorts} cohorts"
    left = f", about {duration(status.left_seconds)} left" if status.cohorts_done < status.cohorts else ""
    return f"{counts}{f' (GANs: {states})' if states else ''}{left}"


def by_count(outcomes: Mapping[str, int], most: int = 3) -> str:
    """Spell how many runs look like which outcome, the most frequent first.

    Example:
        >>> by_count({"degrading": 1, "open": 5, "no-progress": 1, "collapsed:total": 2})
        '5 open, 2 collapsed:total, 1 degrading, 1 of other kinds'
    """
    ordered = sorted(outcomes.items(), key=lambda item: (-item[1], item[0]))
    rest = sum(count for _, count in ordered[most:])
    words = [f"{count} {name}" for name, count in ordered[:most]]
    return ", ".join([*words, f"{rest} of other kinds"] if rest else words)


def duration(seconds: float) -> str:
    """Spell a length of time as one would say it.

    Example:
        >>> duration(42), duration(740), duration(5000), duration(200_000)
        ('42 s', '12 min', '1 h 23 min', '55 h')
    """
    if seconds < 90:
        return f"{round(seconds)} s"
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"{minutes} min"
    return f"{minutes // 60} h {minutes % 60} min" if minutes < 600 else f"{minutes // 60} h"


def clock_text(seconds: float) -> str:
    """Spell elapsed time as hours, minutes, seconds.

    Example:
        >>> clock_text(3725)
        '1:02:05'
    """
    whole = int(seconds)
    return f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}"
