"""What a run was made on: processor, memory, library versions, commit, and the measured peak of one core."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
import os
import platform
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

DISTRIBUTION = "gan-stability-bench"
_LIBRARIES = (
    DISTRIBUTION, "torch", "torchvision", "torch-fidelity", "numpy", "scipy", "scikit-learn", "pandas",
    "distributed",
)  # fmt: skip
_GEMM_SIZE = 768
_GEMM_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class Machine:
    """One machine with its software; equal machines have equal ids.

    Args:
        commit: of the checkout the code runs from, with a ``+`` where it has changes; empty outside of one.
        compiler: the C++ compiler that ``torch.compile`` would use; empty where there is none.
    """

    system: str
    python: str
    processor: str
    cores: int
    threads: int
    memory_gb: float
    compiler: str
    commit: str
    versions: Mapping[str, str]

    @property
    def id(self) -> str:
        """12 hex digits made from all that is described here."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()[:12]


@functools.cache
def describe() -> Machine:
    """Look at this machine; cheap, and once per process."""
    import psutil

    return Machine(
        system=f"{platform.system()} {platform.release()} {platform.machine()}",
        python=platform.python_version(),
        processor=_processor(),
        cores=physical_cores(),
        threads=os.cpu_count() or 1,
        memory_gb=round(psutil.virtual_memory().total / 2**30, 1),
        compiler=Path(shutil.which(os.environ.get("CXX", "g++")) or "").name,
        commit=_commit(),
        versions={name: version for name in _LIBRARIES if (version := _version(name))},
    )


def machine_id() -> str:
    """The id of this machine, as run records hold it."""
    return describe().id


def physical_cores() -> int:
    """Cores that this process may use: hyper-threads counted once, and what it is bound to respected."""
    import psutil

    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(allowed, psutil.cpu_count(logical=False) or allowed, _container_cores()))


def _container_cores() -> int:
    """What a container's quota allows; as good as unlimited where there is none."""
    try:
        quota, period = Path("/sys/fs/cgroup/cpu.max").read_text(encoding="ascii").split()
        return max(1, round(int(quota) / int(period)))
    except (OSError, ValueError):
        return 2**16


def host() -> str:
    """The name of this machine."""
    return socket.gethostname()


def package_version() -> str:
    """The version of the installed project."""
    return _version(DISTRIBUTION) or "0+unknown"


def gemm_gflops() -> float:
    """Measure the fastest square float32 matrix product of one thread.

    Units:
        10**9 floating-point operations per second, the best of several products.
    """
    import torch

    left, right = (torch.ones(_GEMM_SIZE, _GEMM_SIZE) for _ in range(2))
    best, until = float("inf"), time.perf_counter() + _GEMM_SECONDS
    with single_thread():
        while time.perf_counter() < until:
            start = time.perf_counter()
            torch.mm(left, right)
            best = min(best, time.perf_counter() - start)
    return 2 * _GEMM_SIZE**3 / best / 1e9


@contextlib.contextmanager
def single_thread() -> Iterator[None]:
    """Let PyTorch use one thread within the block, as workers do, and put the old number back."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def environment(gflops: float) -> dict[str, Any]:
    """The content of environment.json."""
    machine = describe()
    return {"machine": machine.id, "host": host(), "gemm_gflops": round(gflops, 1), **asdict(machine)}


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return platform.processor() or "unknown"
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return models[0] if models else platform.processor() or "unknown"


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""


def _commit() -> str:
    root = Path(__file__).resolve().parent.parent
    if not (root / ".git").exists() or not shutil.which("git"):
        return ""
    revision = _git(root, "rev-parse", "--short=12", "HEAD")
    return (
        f"{revision}+"
        if revision and _git(root, "status", "--porcelain", "--untracked-files=no")
        else revision
    )


def _git(root: Path, *arguments: str) -> str:
    try:
        done = subprocess.run(
            ["git", "-C", str(root), *arguments], capture_output=True, text=True, timeout=10, check=False
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
