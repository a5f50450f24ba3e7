"""Options that several commands of the command line share, with their words of help."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

Profile = Annotated[str, Parameter(help="Name of a profile (ganbench list profiles), or a .toml file.")]
Out = Annotated[Path | None, Parameter(help="Results folder; results/NAME-OF-PROFILE where not given.")]
Lang = Annotated[str, Parameter(help="Also in this language: zh (Chinese), beside the English page.")]
Folder = Annotated[Path, Parameter(help="A results folder.")]
Set = Annotated[
    list[str] | None,
    Parameter(
        name="--set", negative=(), help="Change a key of every grid, KEY=V1,V2, or of one, GRID.KEY=V1,V2."
    ),
]
Seeds = Annotated[int | None, Parameter(help="Seeds per cell, in place of the profile's.")]
Workers = Annotated[int | None, Parameter(help="Worker processes; one per core where not given.")]
Engine = Annotated[
    str,
    Parameter(
        help="local (worker processes), serial (this process), slurm, dask://HOST:PORT or dask+tls://..."
    ),
]
Tls = Annotated[
    tuple[Path, Path, Path] | None,
    Parameter(negative=(), help="Files of the authority, our certificate and its key, for dask+tls://."),
]
YesReally = Annotated[bool, Parameter(negative=(), help="Take a profile of more than 100,000 runs.")]
Slurm = Annotated[
    list[str] | None,
    Parameter(negative=(), help="Option of each SLURM job, KEY=VALUE: queue, cores, memory, walltime, ..."),
]
Device = Annotated[str, Parameter(help="cpu or cuda.")]
StopEarly = Annotated[
    bool,
    Parameter(negative=(), help="End runs that are past hope; a run without it trains them whole."),
]
Spectra = Annotated[
    bool, Parameter(negative=(), help="Take the game's eigenvalues at the end of each run: seconds for each.")
]
DataRoot = Annotated[
    Path | None,
    Parameter(help="Folder of data files, torchvision's layout; the variable GANBENCH_DATA where not given."),
]
CheckpointEvery = Annotated[
    float,
    Parameter(help="Seconds from one checkpoint of a cohort in training to its next; 0 for none."),
]
Shard = Annotated[
    str | None, Parameter(help="Only share I of N, as in 1/4; ganbench merge joins the folders.")
]
Plain = Annotated[bool, Parameter(negative=(), help="Print lines instead of a progress bar.")]
