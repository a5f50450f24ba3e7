"""How far a score is: a bar on a terminal, lines at growing intervals elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TextIO

from bench.progress import clock_text, duration
from bench.score.embedding import Tell

FIRST_PAUSE, LONGEST_PAUSE, GROWTH = 5.0, 60.0, 1.3


@dataclass
class Lines:
    """Tells in lines, the first after five seconds of one task; a task that is done sooner is not told.

    Example:
        >>> now = iter([0.0, 1.0, 10.0])
        >>> tell = Lines(sys.stdout, lambda: next(now))
        >>> for done in (0, 100, 400):
        ...     tell("features of a", done, 1000)
        [0:00:10] features of a: 400/1000, about 15 s left
    """

    stream: TextIO = field(default_factory=lambda: sys.stderr)
    clock: Callable[[], float] = time.monotonic
    _what: str = ""
    _begun: float = 0.0
    _next: float = 0.0
    _pause: float = FIRST_PAUSE

    def __call__(self, what: str, done: int, total: int) -> None:
        """Take note; called often."""
        now = self.clock()
        if what != self._what:
            self._what, self._begun, self._pause = what, now, FIRST_PAUSE
            self._next = now + self._pause
            return
        if now < self._next:
            return
        self._pause = min(LONGEST_PAUSE, self._pause * GROWTH)
        self._next = now + self._pause
        left = (now - self._begun) * (total - done) / max(1, done)
        about = f", about {duration(left)} left" if done < total else ""
        print(
            f"[{clock_text(now - self._begun)}] {what}: {done}/{total}{about}", file=self.stream, flush=True
        )


@contextmanager
def told() -> Iterator[Tell]:
    """Choose how to tell."""
    if not sys.stderr.isatty():
        yield Lines()
        return
    from rich.console import Console
    from rich.progress import Progress, TaskID

    tasks: dict[str, TaskID] = {}
    with Progress(console=Console(stderr=True), transient=True) as bar:

        def tell(what: str, done: int, total: int) -> None:
            """Move the bar of one kind of work, which appears when it begins."""
            if what not in tasks:
                tasks[what] = bar.add_task(what, total=total)
            bar.update(tasks[what], completed=done)

        yield tell
