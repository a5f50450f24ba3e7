"""The option --data-root: where the files of data sets lie."""

from __future__ import annotations

import os
from pathlib import Path

from bench.commands.endings import CommandError

VARIABLE = "GANBENCH_DATA"
"""The same as ``gans.data.ROOT_VARIABLE``, which cannot be imported without PyTorch."""


def use_data_root(root: Path | None) -> None:
    """Make a folder the data root of this process and of the workers that it starts, through the environment.

    Raises:
        CommandError: there is no such folder.
    """
    if root is None:
        return
    folder = root.expanduser()
    if not folder.is_dir():
        found = "a file" if folder.exists() else "no such folder"
        raise CommandError(
            [
                f"--data-root: must be a folder, got {found}: {root}; name the one that holds MNIST/ or "
                "FashionMNIST/, or leave the option out"
            ]
        )
    os.environ[VARIABLE] = str(folder.resolve())
