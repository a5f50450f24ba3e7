"""One answer of one tree: a file of this package run in a process of its own, as the tree's own code."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.regression.trees import Tree

ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")


class ChildError(RuntimeError):
    """A process that gave no answer; the message says why in one line."""


def ask(
    script: str,
    tree: Tree,
    arguments: Sequence[str] = (),
    *,
    python: str = sys.executable,
    timeout: float = 900.0,
) -> Any:
    """Run a script of this package against a tree, on one thread; what its last line holds.

    Args:
        script: file name, e.g. ``timed.py``. It gets the tree's folder, then the arguments.
        timeout: seconds after which it is given up.

    Raises:
        ChildError: it ended without an answer.
    """
    command = [python, str(Path(__file__).with_name(script)), str(tree.folder), *arguments]
    environment = {**os.environ, **ONE_THREAD, "PYTHONPATH": ""}
    try:
        done = subprocess.run(
            command,
            cwd=tree.folder,
            env=environment,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise ChildError(f"did not end within {timeout:.0f} s") from error
    except OSError as error:
        raise ChildError(f"cannot be started: {error.strerror}") from error
    try:
        return json.loads(done.stdout.strip().splitlines()[-1])
    except (ValueError, IndexError) as error:
        last = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        raise ChildError(f"ended with code {done.returncode}: {last[:200]}") from error
