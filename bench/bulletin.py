"""What a sweep tells, on the terminal and to ``ganbench status``: how far it is, what is ahead."""

from __future__ import annotations

import queue
import time
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress

from bench.folder import WORKER_LOG
from bench.plan import PlannedCohort
from bench.progress import Reporter, Status
from bench.records.schema import RunRecord
from bench.records.store import Store
from bench.timestamp import now
from gans.config import run_id

_WORD_SECONDS = 5.0


class Bulletin:
    """The teller of one sweep, which also takes in what running cohorts say of themselves.

    Args:
        store: where ``ganbench status`` finds a word of how long it will take.
        reporter: who tells the user.
    """

    def __init__(self, store: Store, reporter: Reporter) -> None:
        self._store, self._reporter = store, reporter
        self._steps: queue.SimpleQueue[tuple[str, int, Mapping[str, int]]] = queue.SimpleQueue()
        self._seen: dict[str, Mapping[str, int]] = {}
        self._told_of_eager = False
        self._next_word = 0.0

    def hear(self, cohort: str, step: int, seen: Mapping[str, int]) -> None:
        """Take in how far a running cohort is and what its runs look like; any thread may call it."""
        self._steps.put((cohort, step, seen))

    def heard(self) -> Iterator[tuple[str, int]]:
        """Hand on which cohorts have come how far since the last time."""
        with suppress(queue.Empty):
            while True:
                cohort, step, seen = self._steps.get_nowait()
                self._seen[cohort] = seen
                yield cohort, step

    def seen(self, running: Iterable[str]) -> dict[str, int]:
        """Count what the runs of these cohorts look like so far."""
        return dict(sum((Counter(self._seen.get(name, {})) for name in running), Counter[str]()))

    def note(self, text: str) -> None:
        """Say one thing."""
        self._reporter.note(text)

    def ahead(self, waiting: Iterable[PlannedCohort], finished: Collection[str], again: int) -> None:
        """Say how much there is to do.

        Args:
            waiting: cohorts to train. finished: ids of the runs that are there.
            again: of the runs to train, those that were ended early before.
        """
        cohorts = list(waiting)
        runs = sum(run_id(config) not in finished for cohort in cohorts for config in cohort.configs)
        kept = f", {len(finished)} are there already" if finished else ""
        self.note(f"{runs} runs to train in {len(cohorts)} cohorts{kept}")
        if again:
            self.note(f"{again} of them were ended by --stop-early before and are now trained whole")

    def warn_of_mode(self, cohort: PlannedCohort, records: Iterable[RunRecord]) -> None:
        """Say once that cohorts which were to be compiled were not."""
        eager = cohort.compiled and any(record.mode == "eager" for record in records)
        if eager and not self._told_of_eager:
            self._told_of_eager = True
            self.note(
                "torch.compile did not work here, so cohorts train eager, two or three times slower; "
                f"install a C++ compiler such as g++, or see {WORKER_LOG}"
            )

    def show(self, status: Status) -> None:
        """Tell the user how far it is, and now and then leave word for another terminal."""
        self._reporter.show(status)
        if time.monotonic() < self._next_word:
            return
        self._next_word = time.monotonic() + _WORD_SECONDS
        word = {"left_seconds": round(status.left_seconds), "at": now(), "seen": dict(status.seen)}
        self._store.set_meta("driver", word)
