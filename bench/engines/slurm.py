"""Workers as SLURM jobs, through dask-jobqueue (extra ``slurm``): the scheduler runs beside the driver."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from difflib import get_close_matches
from typing import Any, cast

from bench.engines.choice import EngineNameError, EngineOptions
from bench.engines.protocol import Engine, EngineError, OnStep

DEFAULTS: Mapping[str, str] = {"cores": "1", "memory": "2GB", "walltime": "01:00:00", "gpus": "0"}
_LISTS: Mapping[str, str] = {"directive": "job_extra_directives", "prologue": "job_script_prologue"}
"""Options that may be given more than once, and what dask-jobqueue calls them."""


def _count(value: str) -> int:
    if not re.fullmatch(r"[1-9]\d{0,4}", value):
        raise ValueError("a whole number from 1 to 99999; as in 4")
    return int(value)


def _count_or_zero(value: str) -> int:
    return 0 if value == "0" else _count(value)


def _memory(value: str) -> str:
    if not re.fullmatch(r"[1-9]\d*(\.\d+)? ?([kMGT]i?)?B", value):
        raise ValueError("a number with its unit; as in 2GB")
    return value


def _walltime(value: str) -> str:
    if not re.fullmatch(r"(\d+-)?\d{1,3}:[0-5]\d:[0-5]\d|\d+", value):
        raise ValueError("HH:MM:SS, D-HH:MM:SS or minutes; as in 04:00:00")
    return value


def _interface(value: str) -> str:
    import psutil

    here = sorted(psutil.net_if_addrs())
    if value not in here:
        raise ValueError(f"a network interface of this machine; there are {', '.join(here)}")
    return value


_KINDS: Mapping[str, Callable[[str], Any]] = {
    "queue": str,
    "account": str,
    "cores": _count,
    "memory": _memory,
    "walltime": _walltime,
    "gpus": _count_or_zero,
    "interface": _interface,
    "python": str,
    "log_directory": str,
    "directive": str,
    "prologue": str,
}
"""Options of a job and how they are read; what a reader says of a wrong value is what it must be."""


def read_options(given: Sequence[str]) -> dict[str, Any]:
    """Read ``KEY=VALUE`` options of a job.

    Raises:
        EngineNameError: a key that is not known, or a value of the wrong kind.

    Example:
        >>> read_options(["queue=long", "cores=4", "directive=--exclusive"])["job_extra_directives"]
        ['--exclusive']
    """
    read: dict[str, Any] = {key: _KINDS[key](value) for key, value in DEFAULTS.items()}
    for option in given:
        key, equals, value = option.partition("=")
        if key not in _KINDS or not equals or not value:
            close = get_close_matches(key, _KINDS, n=1)
            hint = f"did you mean {close[0]!r}?" if close else f"known: {', '.join(_KINDS)}"
            raise EngineNameError(f"--slurm: must be KEY=VALUE with a known key, got {option!r}; {hint}")
        if key in _LISTS:
            read.setdefault(_LISTS[key], []).append(value)
            continue
        try:
            read[key] = _KINDS[key](value)
        except ValueError as error:
            must, _, hint = str(error).partition("; ")
            raise EngineNameError(f"--slurm: {key} must be {must}, got {value!r}; {hint}") from error
    if read["gpus"] % read["cores"]:
        raise EngineNameError(
            f"--slurm: gpus must be a multiple of cores, one worker being on each, got {read['gpus']} "
            f"and {read['cores']}; as in cores=1 gpus=1"
        )
    return read


def job_of(options: Mapping[str, Any]) -> dict[str, Any]:
    """What dask-jobqueue is told of a job: a worker process per core, its slots, and how it behaves.

    Dask would pause or kill a worker by a measure that counts freed memory as used, so it is told of no
    limit; SLURM keeps its own. What ``worker_settings`` say here must be said again in the job's shell.

    Example:
        >>> job_of(read_options(["cores=2", "memory=4GB"]))["worker_extra_args"]
        ['--memory-limit', '0', '--resources', 'MEMORY=2000000000']
    """
    from dask.utils import parse_bytes

    from bench.engines.local import worker_settings

    job = dict(options)
    cores, gpus = job["cores"], job.pop("gpus")
    slots = {"MEMORY": int(parse_bytes(job["memory"])) // cores} | ({"GPU": gpus // cores} if gpus else {})
    told = ",".join(f"{name}={number}" for name, number in slots.items())
    environment = worker_settings()["distributed.nanny.pre-spawn-environ"]
    lines = [f"export {name}={value}" for name, value in environment.items() if name.endswith("_THREADS")]
    lines.append("export DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED=False")
    directives = [f"--gres=gpu:{gpus}"] if gpus else []
    return job | {
        "processes": cores,
        "worker_extra_args": ["--memory-limit", "0", "--resources", told],
        "job_script_prologue": [*lines, *job.get("job_script_prologue", [])],
        "job_extra_directives": [*directives, *job.get("job_extra_directives", [])],
    }


def slurm_engine(options: EngineOptions, on_step: OnStep) -> Engine:
    """Keep as many jobs in SLURM's queue as there are workers; cohorts go to whichever have begun.

    Raises:
        EngineError: dask-jobqueue or SLURM is not installed, or SLURM takes no jobs.
    """
    import dask

    from bench.engines.local import worker_settings
    from bench.engines.remote import Address, RemoteEngine
    from bench.engines.slurm_jobs import Jobs

    known, made = read_options(options.slurm), _installed()
    with ExitStack() as opened:
        opened.enter_context(dask.config.set(worker_settings()))  # some are read long after the start
        cluster = _cluster(made, job_of(known))
        opened.callback(cluster.close)
        jobs = Jobs(cluster, options.workers, options.note)
        jobs.begin()
        kept = opened.pop_all()
    return RemoteEngine(Address(cluster.scheduler_address), on_step, close_with=kept.close, tend=jobs.tend)


def _cluster(made: Any, job: Mapping[str, Any]) -> Any:
    try:
        return made.SLURMCluster(**job, silence_logs="critical")
    except (OSError, ValueError, RuntimeError) as error:
        reason = " ".join(str(error).split())[:160]
        raise EngineError(f"engine: Dask's scheduler must start here, got {reason!r}; see --slurm") from error


def _installed() -> Any:
    try:
        import dask_jobqueue
    except ImportError as error:
        raise EngineError(
            "engine: slurm needs the package dask-jobqueue, which is not installed; "
            "pip install 'gan-stability-bench[slurm]'"
        ) from error
    for program in ("sbatch", "squeue", "scancel"):
        if shutil.which(program) is None:
            raise EngineError(
                f"engine: slurm needs the program {program}, which is not on the PATH; "
                "run where jobs are submitted"
            )
    return cast(Any, dask_jobqueue)
