"""Trains cohorts in processes of their own that die at a named moment: python killed_worker.py PLAN.json.

The plan lists trainings, each with the job and a moment, ``EVENT:N``: the process kills itself with SIGKILL
as the event happens for the N-th time; an empty moment lets it end. Libraries and data are loaded once, and
every training runs in a fork of this process. What became of each is printed as JSON: its exit code and the
steps that were reported.

A plan of one training runs in this very process, which ends as that does and prints its steps: PyTorch's
compiler starts threads, and a fork of a process that has any may abort.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path

import torch

from bench import worker
from bench.checkpoints import code_digest
from bench.jobs import CohortJob
from bench.metrics import reference_for
from bench.records import spool
from gans import checkpoint
from gans.config import from_mapping
from gans.data import load

EVENTS = {
    "numbers": (checkpoint, "save_file"),
    "sync": (checkpoint, "_sync"),
    "prune": (checkpoint, "_prune"),
    "handed over": (spool, "write"),
}


def main(plan):
    torch.set_num_threads(1)
    if len(plan) == 1:
        train(plan[0], sys.stdout.fileno())
    reference_for(load(plan[0]["job"]["configs"][0]["dataset"]))
    code_digest()  # looked at once, so that somebody who edits the code meanwhile does no harm
    found = []
    for training in plan:
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            train(training, writer)
        os.close(writer)
        with os.fdopen(reader) as stream:
            steps = [int(line) for line in stream]
        found.append({"code": os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), "steps": steps})
    print(json.dumps(found))


def train(training, writer):
    name, _, count = training["moment"].partition(":")
    if name in EVENTS:
        module, function = EVENTS[name]
        setattr(module, function, killing(getattr(module, function), int(count), half=name == "numbers"))
    values = training["job"]
    configs = tuple(from_mapping(config) for config in values.pop("configs"))
    told = killing(lambda *_: None, int(count or 0) if name == "probe" else -1)

    def progress(step, outcomes=None):
        os.write(writer, f"{step}\n".encode())
        told()

    code = 1
    try:
        worker.run_cohort(CohortJob(configs=configs, **values), progress)
        code = 0
    finally:
        os._exit(code)


def killing(function, count, half=False):
    """The function, which at its n-th call is done (if ``half``, and its file cut) and then kills us."""
    calls = 0

    def wrapped(*arguments):
        nonlocal calls
        calls += 1
        result = function(*arguments)
        if calls == count:
            if half:
                path = Path(arguments[1])
                os.truncate(path, path.stat().st_size // 2)
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    return wrapped


if __name__ == "__main__":
    main(json.loads(Path(sys.argv[1]).read_text()))
