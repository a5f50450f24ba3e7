"""ganbench regress: the part of the command line that tracks speed and quality."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from bench.commands.regress import RegressOptions, regress
from bench.pages import write_history

_File = Annotated[Path, Parameter(name="--file", help="The history, a CSV file.")]
HISTORY = Path("regression-history.csv")

regress_app = App(
    name="regress", help="Compare this tree with another in speed and quality; exit 1 on a regression."
)
history_app = App(name="history", help="Append to, list, search and plot a history of comparisons.")
regress_app.command(history_app)


@regress_app.default
def compare(
    kind: Annotated[str, Parameter(help="trace, quality, counts, speed or all; or history.")],
    /,
    *,
    options: RegressOptions = RegressOptions(),  # noqa: B008 - frozen
) -> int:
    """Compare this tree with another in speed and quality; exit 1 on a regression."""
    return regress(kind, options)


@history_app.command
def append(
    *,
    reference: Annotated[
        str | None, Parameter(help="Pinned revision or folder; the last line's where not given.")
    ] = None,
    saved: Annotated[
        Path | None, Parameter(name="--from", help="A comparison kept by --save, in place of measuring.")
    ] = None,
    pairs: Annotated[int | None, Parameter(help="Pairs of processes; 30 where not given.")] = None,
    repin: Annotated[bool, Parameter(negative=(), help="Let a new reference begin a new stretch.")] = False,
    file: _File = HISTORY,
) -> int:
    """Add this revision: its ratios to the pinned reference, measured side by side."""
    from bench.commands.history import Source
    from bench.commands.history import append as command

    return command(file, Source(reference=reference, saved=saved, pairs=pairs, repin=repin))


@history_app.command(name="list")
def show(*, file: _File = HISTORY) -> int:
    """Print one line per revision."""
    from bench.commands.history import show as command

    return command(file)


@history_app.command
def changes(
    *,
    check: Annotated[
        bool, Parameter(negative=(), help="Exit 1 where a present level is a regression.")
    ] = False,
    file: _File = HISTORY,
) -> int:
    """Print where a benchmark changed for good."""
    from bench.commands.history import search

    return search(file, check=check)


@history_app.command
def plot(
    *,
    out: Annotated[Path, Parameter(help="The page.")] = Path("history.html"),
    file: _File = HISTORY,
) -> int:
    """Write a page with one small chart per benchmark, regressions marked."""
    from bench.commands.history import plot as command

    return command(file, out, write_history)
