"""ganbench dirac: the published radii of the Dirac-GAN beside those of our trainer."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

from bench.commands.endings import DONE, OUR_FAULT, CommandError

DIRAC = "dirac"
"""Name of the preset: closed forms in place of a grid, so that no profile is read for it."""

SUMMARY = (
    "Mescheder et al. 2018: where the Dirac-GAN ends after 500 steps, under 9 losses and penalties x 3 orders"
)

_COLUMNS = ("loss", "regularizer", "weight", "order", "published", "ours", "relative_difference", "agrees")


def dirac(file: Path | None) -> int:
    """Train all cases, print them as they end, and write them if asked to; differences are our fault."""
    from bench.dirac import TOLERANCE, radii

    if file is not None:
        _write(file, [])  # a file that cannot be written is told before the training, not after
    rows = []
    print(f"{'loss':<16}{'regularizer':<18}{'weight':>6}  {'order':<28}{'published':>11}{'ours':>11}")
    for case, ours in radii():
        off = abs(ours / case.published - 1)
        agrees = off <= TOLERANCE
        rows.append((*case, ours, off, agrees))
        print(
            f"{case.loss:<16}{case.regularizer:<18}{case.weight:>6g}  {case.order:<28}"
            f"{case.published:>11.4g}{ours:>11.4g}{'' if agrees else '  differs'}",
            flush=True,
        )
    if file is not None:
        _write(file, rows)
        print(f"table: {file}")
    agreed = sum(row[-1] for row in rows)
    print(f"{agreed} of {len(rows)} radii agree with the published to {TOLERANCE:g} relative")
    return DONE if agreed == len(rows) else OUR_FAULT


def _write(file: Path, rows: Sequence[tuple[object, ...]]) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("w", newline="", encoding="utf-8") as stream:
            table = csv.writer(stream)
            table.writerow(_COLUMNS)
            table.writerows(rows)
    except OSError as error:
        reason = error.strerror or str(error)
        raise CommandError(
            [f"{file}: must be a file that can be written, got {reason}; name another"]
        ) from error
