"""ganbench run: train what is missing, then write the report."""

from __future__ import annotations

import math
import shlex
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bench.commands.endings import DONE, INTERRUPTED, OUR_FAULT, CommandError, told_plainly
from bench.commands.known import KNOWN
from bench.jobs import CHECKPOINT_SECONDS

if TYPE_CHECKING:
    from bench.engines.protocol import Engine, OnStep
    from bench.pages import WriteReport
    from bench.plan import Plan
    from bench.sweep import SweepResult

DEVICES = ("cpu", "cuda")
_MOST_WORKERS = 1024
MOST_RUNS = 100_000
"""A profile with more runs is trained only if the user insists: each costs a second at the least."""
RESULTS = Path("results")
"""Where results go when nobody says otherwise, in a folder named after the profile."""


@dataclass(frozen=True, slots=True)
class RunOptions:
    """The options of ``ganbench run``, as they were given."""

    out: Path | None = None
    workers: int | None = None
    engine: str = "local"
    device: str = "cpu"
    plain: bool = False
    stop_early: bool = False
    spectra: bool = False
    checkpoint_every: float = CHECKPOINT_SECONDS
    data_root: Path | None = None
    shard: str | None = None
    tls: tuple[Path, Path, Path] | None = None
    slurm: tuple[str, ...] = ()
    yes_really: bool = False


def run(
    source: str, overrides: Sequence[str], seeds: int | None, options: RunOptions, write_report: WriteReport
) -> int:
    """Train a profile into its folder and report; the exit code says how that went."""
    check(options)
    if source in KNOWN:
        require_no_grid(source, overrides, seeds, options)
        return KNOWN[source].command((options.out or RESULTS / source) / f"{source}.csv")
    with told_plainly():
        plan, out = planned(source, overrides, seeds, options)
        for line in skips(plan):
            print(line)
        _require_runs(plan, source)
        result = train(plan, out, options)
    return ended(result, out, _command(source, overrides, seeds, options), write_report)


def require_no_grid(source: str, overrides: Sequence[str], seeds: int | None, options: RunOptions) -> None:
    """Refuse what would change a grid where there is none: numbers that are known are always the same."""
    given = {"--set": bool(overrides), "--seeds": seeds is not None, "--shard": options.shard is not None}
    lines = [
        f"{name}: must be left out of {source}, which has no grid to change; got it"
        for name, is_given in given.items()
        if is_given
    ]
    if lines:
        raise CommandError(lines)


def ended(result: SweepResult, out: Path, again: str, write_report: WriteReport) -> int:
    """Say how a sweep ended and write the report; the exit code.

    Args:
        again: the command that goes on with it.

    Raises:
        CommandError: runs failed through our own fault.
    """
    if result.interrupted:
        print(f"interrupted: {result.stored} of {result.runs} runs are kept; go on with: {again}")
        return INTERRUPTED
    print(f"{result.stored} of {result.runs} runs are in {out}, {result.trained} of them new")
    with told_plainly():
        print(f"report: {write_report(out)}")
    for reason, runs in result.failures.items():
        advice = f"see {out / 'workers.log'}, then try again with: {again}"
        raise CommandError([f"{runs} runs failed through our own fault: {reason}; {advice}"], OUR_FAULT)
    return DONE


def check(options: RunOptions) -> None:
    """Refuse options that cannot be.

    Raises:
        CommandError: with a line for each.
    """
    lines = []
    if options.workers is not None and not 1 <= options.workers <= _MOST_WORKERS:
        lines.append(f"--workers: must be an integer from 1 to {_MOST_WORKERS}, got {options.workers}; "
                     "leave it out for one per core")  # fmt: skip
    if not 0 <= options.checkpoint_every < math.inf:
        lines.append(f"--checkpoint-every: must be seconds >= 0, got {options.checkpoint_every:g}; "
                     "0 writes none")  # fmt: skip
    if options.device not in DEVICES:
        from bench.profile.problems import nearest

        known = nearest(options.device, DEVICES)
        lines.append(f"--device: must be a known device, got {options.device!r}; {known}")
    lines += _wrong_engine(options)
    if options.shard is not None:
        from bench.sharding import read_shard

        try:
            read_shard(options.shard)
        except ValueError as error:
            lines.append(str(error))
    if options.device == "cuda" and options.engine in ("local", "serial") and not _has_cuda():
        lines.append("--device: must be a device of this machine, got 'cuda' and no CUDA device; use cpu")
    if lines:
        raise CommandError(lines)


def _wrong_engine(options: RunOptions) -> list[str]:
    from bench.engines.choice import EngineNameError, check_name, check_tls

    try:
        check_name(options.engine, tls=options.tls is not None)
        if options.slurm and options.engine != "slurm":
            raise EngineNameError(f"--slurm: must stand beside --engine slurm, got {options.engine!r}")
        if options.engine == "slurm":
            from bench.engines.slurm import read_options

            read_options(options.slurm)
        if options.tls:
            check_tls(options.tls)
    except EngineNameError as error:
        return [str(error)]
    return []


def planned(
    source: str, overrides: Sequence[str], seeds: int | None, options: RunOptions
) -> tuple[Plan, Path]:
    """Read a profile, look at its folder, and plan it; the folder first, because planning takes longer."""
    from bench.folder import require_usable
    from bench.profile import read_profile

    profile = read_profile(source, overrides, seeds)
    if profile.runs > MOST_RUNS and not options.yes_really:
        raise CommandError(
            [
                f"{source}: must hold at most {MOST_RUNS:,} runs, got {profile.runs:,}; "
                "split it with --set and --seeds, or say --yes-really"
            ]
        )
    from bench.sharding import read_shard

    shard = read_shard(options.shard) if options.shard else None
    folder = options.out or RESULTS / f"{profile.name}{shard.suffix if shard else ''}"
    require_usable(folder)
    from bench.plan import make_plan
    from bench.sharding import shard_of

    plan = make_plan(profile)
    return (shard_of(plan, shard) if shard else plan), folder


def skips(plan: Plan) -> Iterable[str]:
    """A line for each reason why cells of a grid cannot be trained, with how many they are."""
    for skip in plan.skipped:
        yield f"  skipped {skip.cells} cells of grid {skip.grid}: {skip.reason}"


def _require_runs(plan: Plan, source: str) -> None:
    if not plan.runs and plan.skipped:
        raise CommandError(
            [f"{source}: must have a cell that can be trained, got all of them skipped; change its settings"]
        )


def workers_of(options: RunOptions) -> int:
    """How many processes train: as asked for, or one per core."""
    from bench.machine import physical_cores

    return 1 if options.engine == "serial" else options.workers or physical_cores()


def train(plan: Plan, out: Path, options: RunOptions) -> SweepResult:
    """Train what a folder lacks of a plan, with the engine that was asked for."""
    from bench.engines.choice import EngineOptions, make_engine
    from bench.folder import WORKER_LOG
    from bench.progress import reporter
    from bench.sweep import sweep

    def engine(on_step: OnStep) -> Engine:
        """The engine that was asked for; its workers start when the sweep does."""
        workers, log = min(workers_of(options), len(plan.cohorts)), (out / WORKER_LOG).absolute()
        asked = EngineOptions(
            name=options.engine,
            workers=workers,
            log=log,
            tls=options.tls,
            slurm=options.slurm,
            note=telling.note,
        )
        return make_engine(asked, on_step)

    with reporter(plain=options.plain) as telling:
        return sweep(
            plan,
            out,
            engine,
            telling,
            device=options.device,
            stop_early=options.stop_early,
            spectra=options.spectra,
            checkpoint_every=options.checkpoint_every,
        )


def _has_cuda() -> bool:
    import torch

    return torch.cuda.is_available()


def _command(source: str, overrides: Sequence[str], seeds: int | None, options: RunOptions) -> str:
    """Spell the command again, for the user to copy."""
    words = ["ganbench", "run", source]
    words += [word for override in overrides for word in ("--set", override)]
    words += ["--seeds", str(seeds)] if seeds is not None else []
    return shlex.join(words + option_words(options))


def option_words(options: RunOptions) -> list[str]:
    """Spell the options that are not at their defaults."""
    words = ["--out", str(options.out)] if options.out else []
    words += ["--workers", str(options.workers)] if options.workers else []
    words += ["--engine", options.engine] if options.engine != "local" else []
    words += ["--device", options.device] if options.device != "cpu" else []
    words += ["--stop-early"] if options.stop_early else []
    words += ["--spectra"] if options.spectra else []
    every = options.checkpoint_every
    words += ["--checkpoint-every", f"{every:g}"] if every != CHECKPOINT_SECONDS else []
    words += [word for option in options.slurm for word in ("--slurm", option)]
    words += ["--tls", *map(str, options.tls)] if options.tls else []
    words += ["--yes-really"] if options.yes_really else []
    words += ["--shard", options.shard] if options.shard else []
    words += ["--data-root", str(options.data_root)] if options.data_root else []
    return words
