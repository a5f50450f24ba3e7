"""ganbench diagnose: what a log of somebody else's training says, how surely, and what to try next."""

from __future__ import annotations

import errno
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bench.commands.endings import DONE, OUR_FAULT, CommandError

if TYPE_CHECKING:
    from bench.monitor.scales import Meaning
    from bench.pages import WritePage

_UNREADABLE = (errno.ENOENT, errno.EISDIR, errno.EACCES, errno.EPERM, errno.ENOTDIR, errno.ENAMETOOLONG)


@dataclass(frozen=True, slots=True)
class DiagnoseOptions:
    """The options of ``ganbench diagnose``, as they were given.

    Args:
        columns: ``NAME=COLUMN``. loss: a registered loss. floor: quality of real data against real data.
        out: where the page goes; beside the log where not given.
    """

    columns: Sequence[str] = ()
    loss: str | None = None
    floor: float | None = None
    out: Path | None = None


def diagnose(log: Path, options: DiagnoseOptions, write_page: WritePage) -> int:
    """Read a log, print the diagnosis and write its page.

    Whatever is wrong inside the log is part of the diagnosis; only a log that cannot be opened and options
    that cannot be used are errors.

    Raises:
        CommandError: in one line.
    """
    from bench.monitor import telling
    from bench.monitor.diagnosis import diagnose as explain
    from bench.monitor.log import observe

    out = options.out or log.parent / f"{log.stem}.diagnosis.html"
    _check(log, out)
    meaning = _meaning(options)
    try:
        observed = observe(log, options.columns, meaning)
    except ValueError as error:
        raise CommandError([str(error)]) from error
    except OSError as error:
        if error.errno not in _UNREADABLE:
            raise
        reason = error.strerror or "it cannot be read"
        raise CommandError(
            [f"log: must be a file that can be read, got {str(log)!r}: {reason}; check the path"]
        ) from error
    diagnosis = explain(observed)
    for line in telling.lines(diagnosis):
        print(line)
    try:
        print(f"report: {write_page(telling.to_mapping(diagnosis), out)}")
    except OSError as error:
        advice = "name another place with --out"
        raise CommandError(
            [f"--out: must be a place to write to, got {str(out)!r}: {error.strerror}; {advice}"], OUR_FAULT
        ) from error
    return DONE


def _check(log: Path, out: Path) -> None:
    if not log.is_file():
        found = "a folder" if log.is_dir() else "no such file"
        raise CommandError(
            [f"log: must be a CSV file, got {str(log)!r}, {found}; give the file that was logged to"]
        )
    if out.is_dir() or out.resolve() == log.resolve():
        raise CommandError(
            [f"--out: must be a file other than the log, got {str(out)!r}; as in diagnosis.html"]
        )


def _meaning(options: DiagnoseOptions) -> Meaning:
    from bench.monitor.scales import Meaning

    floor = math.nan if options.floor is None else options.floor
    if options.floor is not None and not (math.isfinite(floor) and floor > 0):
        raise CommandError([f"--floor: must be a positive number, got {floor}; give real data's own score"])
    if options.loss is None:
        return Meaning(floor=floor)
    from gans.losses import LOSSES  # imports PyTorch, which a log without a loss does not need

    try:
        loss = LOSSES.resolve(options.loss)
    except ValueError as error:
        raise CommandError([f"--loss: {error}"]) from error
    return Meaning(loss.name, loss.decision_point, loss.has_gain, floor)
