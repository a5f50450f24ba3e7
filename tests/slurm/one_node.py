"""A SLURM of one node on this machine, from Debian's packages, as long as a block runs; needs root.

``python tests/slurm/one_node.py`` tries it: the smoke profile through real jobs, with a worker killed and
all its jobs cancelled on the way. ``nox -s slurm`` installs what it needs first.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

from bench.records.store import open_store

PROGRAMS = ("munged", "slurmctld", "slurmd", "sbatch", "scancel", "squeue", "sinfo")
CONFIG = """
ClusterName=one
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort=16817
SlurmdPort=16818
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket
SlurmUser=root
SlurmdUser=root
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
ProctrackType=proctrack/pgid
TaskPlugin=task/none
ReturnToService=2
MpiDefault=none
SwitchType=switch/none
SchedulerType=sched/backfill
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
KillWait=2
NodeName={host} NodeAddr=127.0.0.1 CPUs={cores} RealMemory={memory} State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP OverSubscribe=FORCE:4
"""


@contextmanager
def one_node() -> Iterator[Path]:
    """Start munge, the controller and the node; their folder, in which the logs are.

    Raises:
        RuntimeError: a program is missing, or the node does not come up.
    """
    missing = [name for name in PROGRAMS if not shutil.which(name, path=_path())]
    if missing:
        raise RuntimeError(
            f"slurm: {', '.join(missing)} must be installed; apt-get install slurmctld slurmd munge"
        )
    with tempfile.TemporaryDirectory(prefix="one-node-") as name:
        folder = Path(name)
        daemons: list[subprocess.Popen[bytes]] = []
        try:
            daemons += _started(folder)
            os.environ["SLURM_CONF"] = str(folder / "slurm.conf")
            _wait_for_node()
            yield folder
        finally:
            for daemon in reversed(daemons):
                daemon.terminate()
            for daemon in daemons:
                with suppress(subprocess.TimeoutExpired):
                    daemon.wait(timeout=10)
                daemon.kill()
            os.environ.pop("SLURM_CONF", None)


def _path() -> str:
    return os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/sbin"])


def _started(folder: Path) -> list[subprocess.Popen[bytes]]:
    folder.chmod(0o755)
    for place in ("state", "spool"):
        (folder / place).mkdir()
    key = folder / "munge.key"
    key.write_bytes(os.urandom(1024))
    key.chmod(0o400)
    memory = int(psutil.virtual_memory().total / 2**20 * 0.9)
    host, cores = socket.gethostname().partition(".")[0], os.cpu_count() or 1
    (folder / "slurm.conf").write_text(CONFIG.format(folder=folder, host=host, cores=cores, memory=memory))
    munge = [
        "munged", "--foreground", "--force", f"--key-file={key}", f"--socket={folder}/munge.socket",
        f"--pid-file={folder}/munge.pid", f"--log-file={folder}/munge.log",
        f"--seed-file={folder}/munge.seed",
    ]  # fmt: skip
    first = _daemon(munge, folder)
    time.sleep(1.0)
    config = str(folder / "slurm.conf")
    return [
        first,
        _daemon(["slurmctld", "-D", "-f", config], folder),
        _daemon(["slurmd", "-D", "-f", config], folder),
    ]


def _daemon(words: list[str], folder: Path) -> subprocess.Popen[bytes]:
    log = (folder / f"{words[0]}.out").open("ab")
    program = shutil.which(words[0], path=_path()) or words[0]
    return subprocess.Popen([program, *words[1:]], stdout=log, stderr=subprocess.STDOUT)


def _wait_for_node(seconds: float = 60.0) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        found = subprocess.run(["sinfo", "-h", "-o", "%T"], capture_output=True, text=True, check=False)
        if found.stdout.strip() in ("idle", "mixed", "allocated"):
            return
        time.sleep(0.5)
    raise RuntimeError(
        f"slurm: the node must come up within {seconds:.0f} s, got {found.stdout or found.stderr!r}"
    )


def main() -> int:
    """Run the smoke profile through SLURM, kill a worker, cancel all jobs, and count what is in the store."""
    with one_node() as folder, tempfile.TemporaryDirectory(prefix="slurm-smoke-") as place:
        out = Path(place) / "out"
        driver = _driver(out, folder)
        try:
            _wait(lambda: _stored(out) > 0, driver, 300)
            _kill_a_worker(driver)
            _wait(lambda: _stored(out) > 20, driver, 300)
            jobs = subprocess.run(
                ["squeue", "-h", "-o", "%i"], capture_output=True, text=True, check=True
            ).stdout.split()
            print(f"jobs in the queue: {', '.join(jobs)}; cancelling all of them", flush=True)
            subprocess.run(["scancel", *jobs], check=True)
            code = driver.wait(timeout=900)
        finally:
            driver.kill()
        with open_store(out) as store:
            runs, planned = len(store.finished_ids()), len(store.planned_ids())
        print(
            f"exit {code}; {runs} of {planned} runs are stored; {len(list((out / 'spool').iterdir()))} wait"
        )
        return 0 if code == 0 and runs == planned else 1


def _driver(out: Path, folder: Path) -> subprocess.Popen[bytes]:
    options = ["cores=1", "memory=2GB", "walltime=00:30:00", f"log_directory={folder}", "interface=lo"]
    words = [word for option in options for word in ("--slurm", option)]
    command = [
        sys.executable,
        "-m",
        "bench.cli",
        "run",
        "smoke",
        "--out",
        str(out),
        "--engine",
        "slurm",
        "--plain",
    ]
    return subprocess.Popen([*command, "--workers", "3", *words])


def _stored(out: Path) -> int:
    with suppress(ValueError), open_store(out) as store:
        return len(store.endings())
    return 0


def _wait(condition: object, driver: subprocess.Popen[bytes], seconds: float) -> None:
    until = time.monotonic() + seconds
    while not condition():  # type: ignore[operator]
        if driver.poll() is not None or time.monotonic() > until:
            raise RuntimeError(
                f"slurm: the driver must go on, it ended with {driver.poll()} or took too long"
            )
        time.sleep(0.5)


def _kill_a_worker(driver: subprocess.Popen[bytes]) -> None:
    """Kill the process of one worker, as an out-of-memory killer would."""
    workers = [
        each for each in psutil.process_iter(["cmdline", "ppid"])
        if "distributed.cli.dask_worker" in " ".join(each.info["cmdline"] or []) and each.pid != driver.pid
    ]  # fmt: skip
    family = workers[0].children(recursive=True) or workers[:1]
    print(f"{len(workers)} workers; killing process {family[-1].pid}", flush=True)
    family[-1].send_signal(signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(main())
