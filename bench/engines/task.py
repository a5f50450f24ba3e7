"""What happens around a cohort in whichever process trains it: no exception gets out."""

from __future__ import annotations

import importlib
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.disk import DISK_FAULTS
from bench.jobs import CohortJob
from bench.memory import give_back

WORKER = "bench.worker:run_cohort"
"""Where the function that trains a cohort is found; tests put another in its place."""


def execute(worker: str, job: CohortJob, progress: Callable[..., None]) -> str:
    """Train one cohort; hand back an empty text, or why it failed.

    Args:
        progress: told a step, and by name of outcome how many members look so by then, where that is known.

    An exception becomes text here, where its traceback is, because not every exception can be sent on.
    """
    try:
        module, _, name = worker.partition(":")
        run_cohort = getattr(importlib.import_module(module), name)
        run_cohort(job, progress)
    except Exception as error:  # whatever a user's network raises is this cohort's failure, not the driver's
        if not (isinstance(error, OSError) and error.errno in DISK_FAULTS):
            traceback.print_exc()  # of a full disk the message says it all
        return describe(error)
    finally:
        give_back()
    return ""


def describe(error: BaseException) -> str:
    """Spell an exception in one line with the place it came from.

    Example:
        >>> describe(ValueError("width must be >= 1\\nmore"))
        'ValueError: width must be >= 1'
    """
    first_line: Any = str(error).strip().partition("\n")[0]
    frames = traceback.extract_tb(error.__traceback__)
    place = f" ({Path(frames[-1].filename).name}:{frames[-1].lineno})" if frames else ""
    return f"{type(error).__name__}: {first_line}{place}"
