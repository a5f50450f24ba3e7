"""ganbench regress history: append, list, plot and search the history of comparisons."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bench.commands.endings import DONE, OUR_FAULT, CommandError
from bench.pages import WriteHistory

if TYPE_CHECKING:
    from bench.regression.history.log import History, Line
    from bench.regression.outcome import Comparison


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a new line comes from.

    Args:
        reference: the pinned revision or folder that is timed beside this tree. saved: a comparison that
            ``ganbench regress --save`` wrote, taken in place of measuring.
        repin: whether a new reference may begin a stretch of its own.
    """

    reference: str | None = None
    saved: Path | None = None
    pairs: int | None = None
    repin: bool = False


def append(path: Path, source: Source) -> int:
    """Add this revision to the history, measured now or from a saved comparison."""
    from bench.regression.history import log

    history = _read(path)
    line = _saved(source.saved) if source.saved else _measured(history, source)
    try:
        log.write(log.appended(history, line, repin=source.repin), path)
    except log.HistoryError as error:
        raise CommandError([str(error)]) from error
    except OSError as error:
        raise CommandError([f"--file: must be writable, got {path} ({error.strerror})"]) from error
    print(f"{path}: {line.revision} against {line.reference}, {len(line.ratios)} benchmarks")
    return DONE


def show(path: Path) -> int:
    """Print one line per revision."""
    from bench.regression.history.told import listed

    print(listed(_read(path)))
    return DONE


def search(path: Path, *, check: bool) -> int:
    """Print changes for good; with ``check`` exit 1 where a present level is a regression."""
    from bench.regression.history.told import changed, regressed

    history = _read(path)
    print(changed(history))
    return OUR_FAULT if check and regressed(history) else DONE


def plot(path: Path, out: Path, write: WriteHistory) -> int:
    """Write the page with one chart per benchmark."""
    from bench.regression.history.told import to_mapping

    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        print(write(to_mapping(_read(path)), out))
    except OSError as error:
        raise CommandError([f"--out: must be writable, got {out} ({error.strerror})"]) from error
    return DONE


def _read(path: Path) -> History:
    from bench.regression.history import log

    try:
        return log.read(path)
    except log.HistoryError as error:
        raise CommandError([str(error)]) from error


def _measured(history: History, source: Source) -> Line:
    """Time the pinned reference and this tree side by side."""
    from bench.commands.regress import RegressOptions, compared

    reference = source.reference or (history.lines[-1].reference if history.lines else None)
    if reference is None:
        raise CommandError(["--reference: must be given for the first line, got nothing; name a revision"])
    comparison = compared("speed", RegressOptions(base=reference, pairs=source.pairs))
    return _line(comparison, reference)


def _saved(path: Path) -> Line:
    from bench.regression.outcome import Comparison

    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        comparison = Comparison.of(content)
    except FileNotFoundError as error:
        raise CommandError(
            [f"--from: must be a file, got {path}, no such file; write it with --save"]
        ) from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        reason = " ".join(str(error).split())[:120]
        raise CommandError([f"--from: must be what --save wrote, got {path} ({reason})"]) from error
    return _line(comparison, comparison.base)


def _line(comparison: Comparison, reference: str) -> Line:
    from bench.regression.history.log import Line

    about = {
        "revision": comparison.head.removeprefix("this tree").strip() or "unknown",
        "reference": reference,
        "measured_at": comparison.measured_at,
        "answer": comparison.answer,
        "machine": comparison.machine,
        "processor": comparison.processor,
        "python": comparison.versions.get("python", sys.version.partition(" ")[0]),
        "torch": comparison.versions.get("torch", ""),
    }
    return Line(about, {row.name: row.ratio for row in comparison.rows if row.ratio > 0})
