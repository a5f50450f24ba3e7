"""ganbench check-loss, verdict and diagnose: the part of the command line that judges."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from bench.cli_options import Folder
from bench.pages import write_diagnosis


def check_loss(
    target: Annotated[str, Parameter(help="package.module:object, or the name of a built-in.")],
    /,
    *,
    kind: Annotated[
        str | None,
        Parameter(
            help="loss, regularizer, penalty, discriminator-loss or generator-loss; guessed if not given."
        ),
    ] = None,
) -> int:
    """Check a loss or gradient penalty for the mistakes that are known of others'."""
    from bench.commands.check_loss import check_loss as command

    return command(target, kind)


def verdict(
    folder: Folder,
    /,
    *,
    set_: Annotated[
        list[str] | None,
        Parameter(name="--set", negative=(), help="Try another limit, LIMIT=VALUE, as in stalled_q=0.5."),
    ] = None,
    write: Annotated[bool, Parameter(negative=(), help="Store the new verdicts in the folder.")] = False,
    early: Annotated[bool, Parameter(negative=(), help="Say what --stop-early would have spared.")] = False,
) -> int:
    """Judge stored runs again, without training, and say what changes."""
    from bench.commands.verdict import verdict as command

    return command(folder, set_ or [], write=write, early=early)


def diagnose(
    log: Annotated[Path, Parameter(help="A training log: CSV with a header row.")],
    /,
    *,
    columns: Annotated[
        list[str] | None,
        Parameter(
            negative=(),
            consume_multiple=True,
            help="What a column is, NAME=COLUMN, as in distance=my_fid; common names are known.",
        ),
    ] = None,
    loss: Annotated[
        str | None, Parameter(help="The loss of the run (ganbench list losses); some diagnostics need it.")
    ] = None,
    floor: Annotated[
        float | None, Parameter(help="What real data score against real data on the quality column.")
    ] = None,
    out: Annotated[Path | None, Parameter(help="The page to write; beside the log where not given.")] = None,
) -> int:
    """Say what a training log shows, how surely, and which experiment to try next."""
    from bench.commands.diagnose import DiagnoseOptions
    from bench.commands.diagnose import diagnose as command

    return command(log, DiagnoseOptions(columns or (), loss, floor, out), write_diagnosis)


COMMANDS = (check_loss, verdict, diagnose)
