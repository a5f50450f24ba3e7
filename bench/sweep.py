"""Run what is missing: every planned run ends in the store exactly once, whatever dies on the way."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from bench import checkpoints, machine
from bench.bulletin import Bulletin
from bench.engines.protocol import WORKER_DIED, Completion, Engine, OnStep
from bench.failures import failed_record
from bench.folder import ENVIRONMENT_FILE, PROFILE_FILE, make_usable, write_atomically
from bench.interrupts import Interrupts
from bench.jobs import CHECKPOINT_SECONDS
from bench.lock import Holder, driver_lock
from bench.plan import Plan, PlannedCohort
from bench.profile import to_toml
from bench.progress import Forecast, Reporter, Status
from bench.records import spool
from bench.records.schema import FAILED, STATES, STOPPED, RunRecord
from bench.records.store import Ending, Failure, Store, open_store
from bench.resume import Agenda, agenda, cut_off
from bench.timestamp import now
from bench.watchdog import Watchdog
from gans.config import RunConfig, run_id

_ATTEMPTS = 2
"""A cohort that fails is tried once more; twice is its fault."""

HUNG_SECONDS, HUNG_FACTOR = 900.0, 20.0
"""A cohort of which nothing is heard for so long, or for so many times its whole estimate, has hung."""

_POLL_SECONDS = 0.5

MakeEngine = Callable[[OnStep], Engine]


@dataclass(frozen=True, slots=True)
class SweepResult:
    """How a sweep ended.

    Args:
        runs: planned. stored: of them in the store now, other than as failed. trained: new in this sweep.
        failures: reason to number of runs that failed through our own fault.
    """

    runs: int
    stored: int
    trained: int
    failures: dict[str, int]
    interrupted: bool


def sweep(
    plan: Plan,
    out: Path,
    make_engine: MakeEngine,
    reporter: Reporter,
    *,
    device: str = "cpu",
    stop_early: bool = False,
    spectra: bool = False,
    checkpoint_every: float = CHECKPOINT_SECONDS,
) -> SweepResult:
    """Train what the folder lacks of a plan and store it.

    Args:
        make_engine: starts the engine; called only if there is something to train.
        stop_early: end runs that are past hope, and leave those alone that were ended so before. Without it
            such a run counts as missing, because it is but the start of one, and is trained whole.
        spectra: take the game's eigenvalues at the end of every run that is trained now.
        checkpoint_every: seconds from one checkpoint of a cohort to its next; 0 for none.

    Raises:
        FolderError, StoreError, FolderLockedError: the folder cannot be used; nothing was written to it.
        EngineError: the engine gave up; what was finished is kept.
    """
    make_usable(out)
    with (
        driver_lock(out, lambda holder: reporter.note(_takeover(holder))),
        open_store(out, create=True) as store,
    ):
        asked = {"device": device, "stop_early": stop_early, "spectra": spectra}
        watchdog, bulletin = Watchdog(HUNG_SECONDS, HUNG_FACTOR), Bulletin(store, reporter)
        under_way = _Sweep(plan, out, store, bulletin, asked, checkpoint_every, watchdog)
        return under_way.run(make_engine)


def _takeover(holder: Holder) -> str:
    return f"taking over from process {holder.pid}, which died; it had begun at {holder.started}"


@dataclass
class _Sweep:
    """One sweep under way. Everything that changes is here; the store is the truth, this only the agenda."""

    plan: Plan
    out: Path
    store: Store
    bulletin: Bulletin
    asked: Mapping[str, Any]
    checkpoint_every: float
    watchdog: Watchdog
    waiting: list[PlannedCohort] = field(default_factory=list)
    running: dict[str, PlannedCohort] = field(default_factory=dict)
    attempts: Counter[str] = field(default_factory=Counter)
    failures: Counter[str] = field(default_factory=Counter)
    states: Counter[str] = field(default_factory=Counter)
    finished: set[str] = field(default_factory=set)
    stopped: set[str] = field(default_factory=set)

    def run(self, make_engine: MakeEngine) -> SweepResult:
        """Train what is missing and say how that ended."""
        speed = self._describe_folder()
        self._ingest()
        endings = self.store.endings()
        self._count(endings)
        before = len(self.finished)
        self.waiting = list(self._agenda(endings).cohorts)
        interrupted = False
        if self.waiting:
            again = 0 if self.asked["stop_early"] else len(self.stopped)
            self.bulletin.ahead(self.waiting, self.finished, again)
            try:
                with Interrupts() as interrupts:
                    self._train_all(make_engine, speed, interrupts)
            except KeyboardInterrupt:
                interrupted = True
            finally:
                self._ingest()
                checkpoints.tidy(self.out)
        stored = len(self.finished)
        return SweepResult(self.plan.runs, stored, stored - before, dict(self.failures), interrupted)

    def _describe_folder(self) -> float:
        """Write down what is wanted and where it runs; tell the machine's speed over that of the plan."""
        gflops = machine.gemm_gflops()
        environment = machine.environment(gflops)
        write_atomically(self.out / ENVIRONMENT_FILE, json.dumps(environment, indent=2) + "\n")
        self.store.plan(self.plan.grids, keep=self.plan.profile is None)
        if self.plan.profile is not None:  # further runs leave the folder's profile as it is
            write_atomically(self.out / PROFILE_FILE, to_toml(self.plan.profile))
            self.store.set_meta("profile", self.plan.profile.name)
            self.store.set_meta("skipped", [asdict(skip) for skip in self.plan.skipped])
        self.store.set_meta(f"machine:{machine.machine_id()}", environment)
        spool.remove_drafts(self.out)
        return gflops / self.plan.model.reference_gflops

    def _agenda(self, endings: Mapping[str, Ending]) -> Agenda:
        """What is left to train; checkpoints of what is finished are deleted."""
        held = checkpoints.held(self.out, {**checkpoints.surroundings(), **self.asked})
        left = agenda(self.plan, self.finished, held, cut_off(self.plan, endings))
        for cohort in left.ended:
            checkpoints.remove(self.out, cohort)
        for line in left.notes:
            self.bulletin.note(line)
        return left

    def _train_all(self, make_engine: MakeEngine, speed: float, interrupts: Interrupts) -> None:
        engine = make_engine(self.bulletin.hear)
        forecast = Forecast(engine.slots, speed)
        total = len(self.waiting)
        try:
            while self.waiting or self.running:
                interrupts.check()
                self._submit(engine, forecast)
                self._show(forecast, total)
                self._replace_hung(engine)
                completion = engine.next_completed(_POLL_SECONDS)
                if completion is not None:
                    forecast.ended(completion.cohort, done=not completion.error)
                    self._complete(completion)
            self._show(forecast, total)
        except KeyboardInterrupt:
            self.bulletin.note("stopping; what is finished is kept")
            raise
        finally:
            engine.close()

    def _submit(self, engine: Engine, forecast: Forecast) -> None:
        while self.waiting and len(self.running) < engine.slots:
            cohort = self.waiting.pop(0)
            self.running[cohort.cohort] = cohort
            self.attempts[cohort.cohort] += 1
            forecast.started(cohort)
            self.watchdog.started(cohort)
            job = cohort.job(str(self.out.resolve()), self.asked["device"])
            engine.submit(replace(job, **self.asked, checkpoint_every=self.checkpoint_every))

    def _replace_hung(self, engine: Engine) -> None:
        for name, silent in self.watchdog.hung(self.running):
            if engine.kill(name):
                told = f"cohort {name} has said nothing for {silent:.0f} s; its worker is replaced"
                self.bulletin.note(told)

    def _complete(self, completion: Completion) -> None:
        cohort = self.running.pop(completion.cohort)
        self.watchdog.ended(completion.cohort)
        self.bulletin.warn_of_mode(cohort, self._ingest())
        lost = tuple(config for config in cohort.configs if run_id(config) not in self.finished)
        if lost:
            self._retry_or_give_up(cohort, lost, completion.error or "the worker handed no record over")

    def _retry_or_give_up(self, cohort: PlannedCohort, lost: tuple[RunConfig, ...], reason: str) -> None:
        attempt, at = self.attempts[cohort.cohort], now()
        self.store.add_failures(
            Failure(cohort.cohort, run_id(config), attempt, reason, at) for config in lost
        )
        again = attempt < _ATTEMPTS
        fate = "trying again" if again else "giving up"
        self.bulletin.note(f"cohort {cohort.cohort} ({cohort.configs[0].recipe}) failed: {reason}; {fate}")
        if again:
            # Whole: without those that are stored the others would round otherwise.
            self.waiting.append(cohort)
            return
        if len(lost) > 1 and reason == WORKER_DIED:
            self._try_apart(cohort, lost)
            return
        self.failures[reason] += len(lost)
        self.store.ingest([failed_record(config, cohort, reason, at) for config in lost])

    def _try_apart(self, cohort: PlannedCohort, lost: tuple[RunConfig, ...]) -> None:
        """Halve a cohort that kills its worker, each half with one try: what is harmless in it is kept."""
        halves = self.plan.halves(cohort, lost)
        self.attempts.update({half.cohort: _ATTEMPTS - 1 for half in halves})
        self.waiting += halves
        sizes = " and ".join(str(len(half.configs)) for half in halves)
        self.bulletin.note(f"its {len(lost)} runs are tried apart, {sizes}")

    def _ingest(self) -> list[RunRecord]:
        """Store what workers have handed over, and only then delete their files."""
        records: list[RunRecord] = []
        paths: list[Path] = []
        for item in spool.read_all(self.out):
            if isinstance(item, spool.Damaged):
                self.bulletin.note(f"set aside a damaged hand-over file as {item.path.name}: {item.reason}")
                continue
            paths.append(item[0])
            records.append(item[1])
        self.store.ingest(records)
        for path in paths:
            path.unlink(missing_ok=True)
        self._count(self.store.endings([record.run_id for record in records]))
        return records

    def _count(self, endings: Mapping[str, Ending]) -> None:
        """Take note of runs that are in the store: a look at all of them after each cohort would add up."""
        unfinished = (FAILED,) if self.asked["stop_early"] else (FAILED, STOPPED)
        for run, end in endings.items():
            if run not in self.plan.ids:
                continue
            self.stopped.discard(run)
            if end.status == STOPPED:
                self.stopped.add(run)
            if end.status not in unfinished and run not in self.finished:
                self.finished.add(run)
                self.states[end.state] += 1

    def _show(self, forecast: Forecast, cohorts: int) -> None:
        for cohort, step in self.bulletin.heard():
            forecast.stepped(cohort, step)
            self.watchdog.heard(cohort)
        self.bulletin.show(Status(
            runs=self.plan.runs,
            runs_done=len(self.finished) + forecast.partial_runs,
            cohorts=cohorts,
            cohorts_done=cohorts - len(self.waiting) - len(self.running),
            left_seconds=forecast.left_seconds(self.waiting),
            states={state: self.states[state] for state in STATES},
            seen=self.bulletin.seen(self.running),
        ))  # fmt: skip
