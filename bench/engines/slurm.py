"""Workers as SLURM jobs, through dask-jobqueue (extra ``slurm``): the scheduler runs beside the driver."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, cast

from bench.engines.choice import EngineNameError, EngineOptions
from bench.engines.protocol import Engine, EngineError, OnStep

DEFAULTS: Mapping[str, str] = {"cores": "1", "memory": "2GB", "walltime": "01:00:00"}
_KINDS: Mapping[str, Callable[[str], Any]] = {
    "queue": str,
    "account": str,
    "cores": int,
    "memory": str,
    "walltime": str,
    "interface": str,
    "python": str,
    "log_directory": str,
    "directive": str,
    "prologue": str,
}
"""Options of a job and how they are read; the last two may be given more than once."""
_LISTS: Mapping[str, str] = {"directive": "job_extra_directives", "prologue": "job_script_prologue"}


def read_options(given: Sequence[str]) -> dict[str, Any]:
    """Read ``KEY=VALUE`` options as dask-jobqueue takes them.

    Raises:
        EngineNameError: a key that is not known, or a value of the wrong kind.

    Example:
        >>> read_options(["queue=long", "cores=4", "directive=--gres=gpu:1"])["job_extra_directives"]
        ['--gres=gpu:1']
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
            raise EngineNameError(f"--slurm: {key} must be a whole number, got {value!r}; as in 4") from error
    return read


def slurm_engine(options: EngineOptions, on_step: OnStep) -> Engine:
    """Ask SLURM for as many jobs as workers; cohorts go to whichever have begun.

    Raises:
        EngineError: dask-jobqueue is not installed, or SLURM takes no jobs.
    """
    from bench.engines.remote import Address, RemoteEngine

    try:
        import dask_jobqueue
    except ImportError as error:
        raise EngineError(
            "engine: slurm needs the package dask-jobqueue, which is not installed; "
            "pip install 'gan-stability-bench[slurm]'"
        ) from error
    known = read_options(options.slurm)
    try:
        cluster: Any = cast(Any, dask_jobqueue).SLURMCluster(processes=known["cores"], **known)
        cluster.scale(jobs=options.workers)
    except (OSError, ValueError, RuntimeError) as error:
        raise EngineError(
            f"engine: SLURM must take jobs, got {' '.join(str(error).split())[:160]!r}"
        ) from error
    return RemoteEngine(Address(cluster.scheduler_address), on_step, close_with=cluster.close)
