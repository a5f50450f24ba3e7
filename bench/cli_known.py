"""ganbench ledger, dirac and floors: the part of the command line that holds us beside what is known."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from bench.pages import ledger_page


def ledger(
    folders: Annotated[
        list[Path] | None,
        Parameter(help="Results folders of presets, to judge anew; without any the records kept so far."),
    ] = None,
    /,
    *,
    out: Annotated[Path, Parameter(help="The page.")] = Path("REPRODUCTION.md"),
    records: Annotated[
        Path | None, Parameter(help="Folder of kept records; that of this project where not given.")
    ] = None,
    check: Annotated[
        bool, Parameter(negative=(), help="Write nothing; exit 1 if the page is not what the records say.")
    ] = False,
) -> int:
    """Write which published results are reproduced, which are not, and which were not run."""
    from bench.commands.ledger import ledger as command

    return command(folders or [], out, records, ledger_page, check=check)


def dirac(
    *,
    csv: Annotated[Path | None, Parameter(help="A file to write the table to.")] = None,
) -> int:
    """Train the Dirac-GAN under every loss and regularizer; print published and closed forms beside ours."""
    from bench.commands.dirac import dirac as command

    return command(csv)


def floors(
    *,
    csv: Annotated[Path | None, Parameter(help="A file to write the table to.")] = None,
) -> int:
    """Take the metrics of data whose answer is known; print the answer beside ours. Trains nothing."""
    from bench.commands.floors import floors as command

    return command(csv)


COMMANDS = (ledger, dirac, floors)
