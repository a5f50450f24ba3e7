"""Developer and user sessions: `nox -l` lists them, `nox -s bench` is the main job.

PyTorch is large, so one session, `env`, builds the environment and the others run from its interpreter.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import nox

nox.needs_version = ">=2025.2.9"
nox.options.default_venv_backend = "virtualenv"
nox.options.reuse_existing_virtualenvs = True
nox.options.sessions = ["lint", "tests"]

PROJECT = nox.project.load_toml("pyproject.toml")
ROOT = Path(__file__).parent
ENVIRONMENT = ROOT / ".nox" / "env"
SCRIPTS = ENVIRONMENT / ("Scripts" if sys.platform == "win32" else "bin")
ONE_THREAD = {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}

FAULTS = ("faults", "checkpoints", "resumed_sweep", "spool", "sweep", "engines", "slurm_jobs", "interrupts")
"""Tests of what may break on the way, below tests/bench."""


def tool(session: nox.Session, name: str, *arguments: str, **options: object) -> None:
    """Run a program of the shared environment."""
    program = shutil.which(name, path=str(SCRIPTS)) or str(SCRIPTS / name)
    session.run(program, *arguments, external=True, **options)


@nox.session
def env(session: nox.Session) -> None:
    """Build the shared environment: PyTorch, the project and its test, browser and lint tools.

    Playwright brings no browser along: tests drive the system's Chromium and skip where there is none.
    """
    groups = nox.project.dependency_groups(PROJECT, "test", "browser", "lint")
    session.install("-e", ".", *groups)


@nox.session(venv_backend="none", requires=["env"])
def tests(session: nox.Session) -> None:
    """Run unit, battery, property and doc tests: about twelve minutes on two cores."""
    workers = () if session.posargs else ("-n", str(min(4, os.cpu_count() or 1)))
    tool(session, "pytest", *workers, *session.posargs, env=ONE_THREAD)


@nox.session(venv_backend="none", requires=["env"])
def slow(session: nox.Session) -> None:
    """Run the tests that take longer than ten seconds each."""
    tool(session, "pytest", "-m", "slow", "--timeout", "900", *session.posargs, env=ONE_THREAD)


@nox.session(venv_backend="none", requires=["env"])
def faults(session: nox.Session) -> None:
    """Kill, stop, interrupt and starve real runs, a hundred random kills included; nothing may be lost."""
    marks = ["-m", "slow or not slow", "--timeout", "3600", "-s"]
    files = [f"tests/bench/test_{name}.py" for name in FAULTS]
    tool(session, "pytest", *files, *marks, *session.posargs, env=ONE_THREAD)


@nox.session(venv_backend="none", requires=["env"])
def fuzz(session: nox.Session) -> None:
    """Feed commands hostile profiles, words, logs, images, databases, spool files: over 5,000 cases."""
    chosen = ["tests/fuzz", "--timeout", "3600", "-n", str(min(4, os.cpu_count() or 1))]
    tool(session, "pytest", *chosen, *session.posargs, env={**ONE_THREAD, "GANBENCH_FUZZ": "13"})


@nox.session(venv_backend="none", requires=["env"])
def slurm(session: nox.Session) -> None:
    """Train the smoke profile through a SLURM of one node (Debian's packages, root); two things die."""
    if not shutil.which("slurmctld", path=f"{os.environ.get('PATH', '')}:/usr/sbin"):
        session.run("apt-get", "update", "-qq", external=True)
        install = ("apt-get", "install", "-y", "-qq", "--no-install-recommends")
        session.run(*install, "slurmctld", "slurmd", "slurm-client", "munge", external=True)
    extra = PROJECT["project"]["optional-dependencies"]["slurm"]
    tool(session, "python", "-m", "pip", "install", "-q", *extra)
    tool(session, "python", "tests/slurm/one_node.py")


@nox.session(venv_backend="none", requires=["env"])
def lint(session: nox.Session) -> None:
    """Check format, style, complexity and types; changes nothing."""
    tool(session, "ruff", "format", "--check", ".")
    tool(session, "ruff", "check", ".")
    tool(session, "mypy")


@nox.session(venv_backend="none", requires=["env"])
def bench(session: nox.Session) -> None:
    """Train a profile (default: standard), resume what is there, write the report, print its path."""
    # Busy workers take some seconds to close; what is finished is kept and the way to go on is printed.
    patience = {"interrupt_timeout": 30.0, "terminate_timeout": 10.0}
    tool(session, "ganbench", "run", *(session.posargs or ["standard"]), **patience)


@nox.session(venv_backend="none", requires=["env"])
def report(session: nox.Session) -> None:
    """Write CSV and HTML again from the records of a results folder (default: results/standard)."""
    tool(session, "ganbench", "report", *(session.posargs or ["results/standard"]))


@nox.session(venv_backend="none", requires=["env"])
def speed(session: nox.Session) -> None:
    """Benchmark the hot paths on one thread with pytest-benchmark."""
    defaults = ["bench/speed", "-m", "bench", "--benchmark-columns=median,iqr,ops,rounds", "--timeout", "0"]
    tool(session, "pytest", *defaults, *session.posargs, env=ONE_THREAD)


@nox.session(venv_backend="none", requires=["env"])
def detectors(session: nox.Session) -> None:
    """Measure how often verdicts are right, on planted failures and fresh seeds; exit 1 if not enough.

    The grid is trained first, or found as it was left; ``-- --quick`` looks at a sample of the planted part.
    """
    given = list(session.posargs)
    if "--quick" not in given and "--grid" not in given:
        tool(session, "ganbench", "run", "held-out", "--plain")
        given += ["--grid", "results/held-out"]
    tool(session, "python", "-m", "bench.detectors", *given, env=ONE_THREAD)


@nox.session(venv_backend="none", requires=["env"])
def regress(session: nox.Session) -> None:
    """Compare this tree with a revision (default: main) in counts, quality, speed; exit 1 if it is worse."""
    tool(session, "ganbench", "regress", "all", *(session.posargs or ["--base", "main"]))


@nox.session(venv_backend="none", requires=["env"])
def tracker(session: nox.Session) -> None:
    """Put the tracker on trial: planted slowdowns, planted faults, and nothing at all; exit 1 if it errs."""
    tool(session, "python", "-m", "bench.regression.proof", *session.posargs, env=ONE_THREAD)
