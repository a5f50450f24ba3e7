"""ganbench: the command line. Nothing heavy is imported here, so that help and errors come at once."""

from __future__ import annotations

import io
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from cyclopts import App, CycloptsError, Parameter

from bench import cli_images, cli_judging, cli_known
from bench.attribution import CELLS, SEEDS
from bench.cli_options import (
    CheckpointEvery,
    DataRoot,
    Device,
    Engine,
    Folder,
    Lang,
    Out,
    Plain,
    Profile,
    Seeds,
    Set,
    Shard,
    Slurm,
    Spectra,
    StopEarly,
    Tls,
    Workers,
    YesReally,
)
from bench.cli_regress import regress_app
from bench.commands.data_root import use_data_root
from bench.commands.endings import BAD_INPUT, INTERRUPTED, OUR_FAULT, CommandError, plain
from bench.jobs import CHECKPOINT_SECONDS
from bench.pages import write_comparison, write_report


def _version() -> str:
    from bench.machine import package_version

    return package_version()


app = App(
    name="ganbench",
    version=_version,
    help="Train reference GANs over grids, judge every run, report why GAN training fails and what helps.",
    help_format="plaintext",
    version_flags=["--version"],
)


@app.command
def run(  # noqa: PLR0913 - one argument per option
    profile: Profile,
    /,
    *,
    out: Out = None,
    workers: Workers = None,
    engine: Engine = "local",
    set_: Set = None,
    seeds: Seeds = None,
    device: Device = "cpu",
    plain: Plain = False,
    stop_early: StopEarly = False,
    spectra: Spectra = False,
    checkpoint_every: CheckpointEvery = CHECKPOINT_SECONDS,
    data_root: DataRoot = None,
    shard: Shard = None,
    tls: Tls = None,
    slurm: Slurm = None,
    yes_really: YesReally = False,
) -> int:
    """Train what a profile asks for and the folder lacks, then write the report."""
    use_data_root(data_root)
    from bench.commands.run import RunOptions
    from bench.commands.run import run as command

    options = RunOptions(
        out, workers, engine, device, plain, stop_early, spectra, checkpoint_every, data_root, shard,
        tls, tuple(slurm or ()), yes_really,
    )  # fmt: skip
    return command(profile, set_ or [], seeds, options, write_report)


@app.command
def plan(
    profile: Profile,
    /,
    *,
    out: Out = None,
    workers: Workers = None,
    set_: Set = None,
    seeds: Seeds = None,
    data_root: DataRoot = None,
    shard: Shard = None,
    yes_really: YesReally = False,
) -> int:
    """Say what a profile would train and take; train nothing."""
    use_data_root(data_root)
    from bench.commands.plan import plan as command
    from bench.commands.run import RunOptions

    return command(profile, set_ or [], seeds, RunOptions(out, workers, shard=shard, yes_really=yes_really))


@app.command
def cluster(
    *,
    workers: Workers = None,
    host: Annotated[
        str, Parameter(help="Address to listen on; others than this machine's own want --tls.")
    ] = ("127.0.0.1"),
    port: Annotated[int, Parameter(help="Port of the scheduler.")] = 8786,
    gpus: Annotated[int, Parameter(help="Slots for cohorts on a GPU, of each worker.")] = 0,
    tls: Tls = None,
) -> int:
    """Start a Dask scheduler with workers here, for run --engine dask://HOST:PORT, until Ctrl-C."""
    from bench.commands.cluster import cluster as command

    return command(workers, host, port, tls, gpus)


@app.command
def merge(
    folders: Annotated[list[Path], Parameter(help="Results folders, such as those of all shards.")],
    /,
    *,
    out: Annotated[Path, Parameter(help="The folder that joins them; it may hold runs already.")],
) -> int:
    """Join results folders into one, every run once, and write its report."""
    from bench.commands.merge import merge as command

    return command(folders, out, write_report)


@app.command
def attribute(  # noqa: PLR0913 - one argument per option
    folder: Folder,
    /,
    *,
    cells: Annotated[int, Parameter(help="How many failing cells to choose.")] = CELLS,
    cell: Annotated[
        list[str] | None,
        Parameter(negative=(), help="Choose this one: id of a cell or of a run of it, or a unique start."),
    ] = None,
    seeds: Annotated[int, Parameter(help="Fresh seeds per cell and set of remedies.")] = SEEDS,
    plan: Annotated[
        bool, Parameter(negative=(), help="Say what would be trained and take; train nothing.")
    ] = False,
    out: Annotated[Path | None, Parameter(help="Results folder; the same where not given.")] = None,
    workers: Workers = None,
    engine: Engine = "local",
    device: Device = "cpu",
    plain: Plain = False,
    checkpoint_every: CheckpointEvery = CHECKPOINT_SECONDS,
    data_root: DataRoot = None,
) -> int:
    """Train failing cells again with every set of three remedies on fresh seeds: which cause was it?"""
    use_data_root(data_root)
    from bench.commands.attribute import Asked
    from bench.commands.attribute import attribute as command
    from bench.commands.run import RunOptions

    options = RunOptions(
        out, workers, engine, device, plain, checkpoint_every=checkpoint_every, data_root=data_root
    )
    return command(folder, Asked(cells, tuple(cell or ()), seeds, plan), options, write_report)


@app.command
def status(folder: Folder, /) -> int:
    """Say how far a results folder is, also while it is being filled."""
    from bench.commands.status import status as command

    return command(folder)


@app.command
def report(
    folder: Folder,
    /,
    *others: Annotated[Path, Parameter(help="A second one: compare the first with it, run by run.")],
    out: Annotated[
        Path | None,
        Parameter(help="Folder of comparison.html and .csv; that of the second's report where not given."),
    ] = None,
    lang: Lang = "en",
) -> int:
    """Write the report of a results folder: HTML, CSV and summary.json. Of two: what differs, run by run."""
    from bench.commands.status import compare
    from bench.commands.status import report as command

    if others or out:
        return compare((folder, *others), out, write_comparison, lang)
    return command(folder, write_report, lang)


@app.command(name="list")
def list_(
    kind: Annotated[
        str | None,
        Parameter(
            help="losses, recipes, networks, datasets, defects, augmentations, metrics or profiles; else all."
        ),
    ] = None,
    /,
) -> int:
    """List what profiles can name."""
    from bench.commands.catalog import list_kind

    return list_kind(kind)


@app.command
def rerun(
    folder: Folder,
    run: Annotated[str, Parameter(help="Id of a run, or a unique start of it.")],
    /,
    *,
    device: Device = "cpu",
    data_root: DataRoot = None,
) -> int:
    """Train one stored run again, alone, and set both results side by side."""
    use_data_root(data_root)
    from bench.commands.rerun import rerun as command

    return command(folder, run, device)


app.command(regress_app)
for _command in (*cli_images.COMMANDS, *cli_judging.COMMANDS, *cli_known.COMMANDS):
    app.command(_command)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command line and hand back its exit code; every error is a line on stderr."""
    signal.signal(signal.SIGTERM, _interrupt)
    if isinstance(sys.stdout, io.TextIOWrapper):  # a name may hold what the terminal's encoding has not
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        code = app(
            list(sys.argv[1:] if arguments is None else arguments),
            exit_on_error=False,
            print_error=False,
            result_action="return_value",
        )
    except CycloptsError as error:
        return _tell([" ".join(str(error).split())], BAD_INPUT)
    except CommandError as error:
        return _tell(error.lines, error.code)
    except KeyboardInterrupt:
        return _tell(["interrupted; everything that was finished is kept"], INTERRUPTED)
    except BrokenPipeError:  # the reader of our output has left, as in ganbench list | head
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OUR_FAULT
    except Exception as error:  # a bug is told in a line too; the traceback is there for who asks
        if os.environ.get("GANBENCH_TRACEBACK"):
            raise
        return _tell([_bug(error)], OUR_FAULT)
    return code if isinstance(code, int) else 0


def _interrupt(number: int, frame: object) -> None:
    raise KeyboardInterrupt


def _bug(error: Exception) -> str:
    from bench.engines.task import describe

    return f"internal error: {describe(error)}; please report it with the output of GANBENCH_TRACEBACK=1"


def _tell(lines: Sequence[str], code: int) -> int:
    for line in lines:
        print(f"ganbench: {plain(line)}", file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
