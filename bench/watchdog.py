"""When a cohort has hung: nothing is heard of it for far longer than all of it should take."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from bench.plan import PlannedCohort


@dataclass
class Watchdog:
    """Remembers when each running cohort was last heard of.

    Args:
        seconds: silence that is always allowed: compiling alone takes a minute.
        factor: times the estimate of the whole cohort that is allowed too. clock: monotonic seconds.
    """

    seconds: float
    factor: float
    clock: Callable[[], float] = time.monotonic
    _allowed: dict[str, float] = field(default_factory=dict)
    _heard: dict[str, float] = field(default_factory=dict)

    def started(self, cohort: PlannedCohort) -> None:
        """Begin to listen."""
        self._allowed[cohort.cohort] = max(self.seconds, self.factor * cohort.seconds)
        self._heard[cohort.cohort] = self.clock()

    def heard(self, cohort: str) -> None:
        """Note a step of it."""
        if cohort in self._heard:
            self._heard[cohort] = self.clock()

    def ended(self, cohort: str) -> None:
        """Listen no more."""
        self._allowed.pop(cohort, None)
        self._heard.pop(cohort, None)

    def hung(self, running: Iterable[str]) -> list[tuple[str, float]]:
        """Cohorts that have hung, with the seconds of their silence; each once per silence allowed."""
        now, found = self.clock(), []
        for cohort in running:
            silent = now - self._heard.get(cohort, now)
            if silent > self._allowed.get(cohort, self.seconds):
                found.append((cohort, silent))
                self._heard[cohort] = now
        return found
