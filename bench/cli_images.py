"""ganbench data, audit, sample and score: the part of the command line that looks at samples."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from bench.cli_options import DataRoot, Folder
from bench.commands.data_root import use_data_root


def data(
    name: Annotated[str | None, Parameter(help="A data set; all that are known where not given.")] = None,
    /,
    *,
    download: Annotated[
        bool, Parameter(negative=(), help="Fetch it with torchvision, into the data root where one is named.")
    ] = False,
    data_root: DataRoot = None,
) -> int:
    """Say where data sets were looked for, what was found, and how to get the others."""
    use_data_root(data_root)
    from bench.commands.data import data as command

    return command(name, download=download)


def audit(
    target: Annotated[
        str, Parameter(help="A data set (ganbench list datasets), or a folder; ./mnist for one of that name.")
    ],
    /,
    *,
    defect: Annotated[
        str, Parameter(help="Look at the data set as if spoiled so, NAME:STRENGTH, as in noise:0.2.")
    ] = "none",
    json: Annotated[Path | None, Parameter(help="Write the findings to this file, too.")] = None,
    data_root: DataRoot = None,
) -> int:
    """Say what is wrong with training data, what it does to a GAN, and what to do."""
    use_data_root(data_root)
    from bench.commands.audit import audit as command

    return command(target, defect=defect, json_file=json)


def sample(
    folder: Folder,
    run: Annotated[str, Parameter(help="Id of a run, or a unique start of it.")],
    /,
    *,
    n: Annotated[int, Parameter(name="--n", help="Samples.")] = 64,
    out: Annotated[
        list[Path] | None,
        Parameter(
            negative=(), help="File to write: .png, .npz or .safetensors; samples.png where not given."
        ),
    ] = None,
    seed: Annotated[
        int | None, Parameter(help="Of the latents; those of the run's own evaluations where not given.")
    ] = None,
    raw: Annotated[
        bool, Parameter(negative=(), help="The weights as last trained, not their running average.")
    ] = False,
    data_root: DataRoot = None,
) -> int:
    """Draw from the generator of a stored run."""
    use_data_root(data_root)
    from bench.commands.sample import DEFAULT_OUT, SampleOptions
    from bench.commands.sample import sample as command

    return command(folder, run, SampleOptions(n, out or (DEFAULT_OUT,), seed, raw))


def score(
    first: Annotated[
        str,
        Parameter(help="A data set such as fashion-mnist:train, or a folder; ./mnist for one of that name."),
    ],
    second: Annotated[str, Parameter(help="The real images: a data set, or a folder.")],
    /,
    *,
    extractor: Annotated[
        str | None,
        Parameter(help="inception (the default), mnist, fashion-mnist, digits or module:object."),
    ] = None,
    metrics: Annotated[
        str | None, Parameter(help="Out of fid,kid,pr,is; all that can be had where not given.")
    ] = None,
    inception_weights: Annotated[
        Path | None, Parameter(help="Weights of Inception; else GANBENCH_INCEPTION, else downloaded.")
    ] = None,
    n: Annotated[
        int | None, Parameter(name="--n", help="At most so many images of either, at random.")
    ] = None,
    data_root: DataRoot = None,
) -> int:
    """Score a set of images against another: FID, KID, IS, precision, recall, density, coverage."""
    use_data_root(data_root)
    from bench.commands.score import ScoreOptions
    from bench.commands.score import score as command

    return command(first, second, ScoreOptions(extractor, metrics, inception_weights, n))


COMMANDS = (data, audit, sample, score)
