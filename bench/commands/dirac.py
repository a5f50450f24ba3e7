"""ganbench dirac: published radii and closed forms of the Dirac-GAN beside what trainer and spectrum give."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bench.commands.endings import DONE, OUR_FAULT
from bench.commands.table_file import write_table

if TYPE_CHECKING:
    from bench.dirac import Pair
    from bench.dirac_table import Row

DIRAC = "dirac"
"""Name of the preset: closed forms in place of a grid, so that no profile is read for it."""

SUMMARY = (
    "Mescheder et al. 2018: where the Dirac-GAN ends after 500 steps, 9 losses and penalties x 3 orders; "
    "and closed forms of every loss with every regularizer"
)


def dirac(file: Path | None) -> int:
    """Train all cases, print them as they end, and write them if asked to; differences are our fault."""
    from bench.dirac import TOLERANCE, pairs
    from bench.dirac_spectrum import TOLERANCE as ABSOLUTE
    from bench.dirac_table import Row

    if file is not None:
        write_table(file, Row, [])  # a file that cannot be written is told before the training, not after
    published = _published()
    known = _pairs()
    if file is not None:
        write_table(file, Row, [*published, *known])
        print(f"table: {file}")
    for member in pairs()[1]:
        print(f"{member}: has no law in bench/dirac_laws.py, so none of its pairs is in the table")
    print(f"{_agreed(published)} radii agree with the published to {TOLERANCE:g} relative")
    for words, start in (
        (f"radii agree with the closed forms to {TOLERANCE:g} relative", "radius"),
        (f"parts of eigenvalues agree with them to {ABSOLUTE:g}", "eigenvalue"),
        (f"borders of stability, found by bisection, agree with them to {ABSOLUTE:g}", "border"),
    ):
        print(f"{_agreed(row for row in known if row.quantity.startswith(start))} {words}")
    return OUR_FAULT if any(row.agrees is False for row in (*published, *known)) else DONE


def _published() -> list[Row]:
    from bench.dirac_table import published_rows

    rows = []
    print(f"{'loss':<16}{'regularizer':<18}{'weight':>6}  {'order':<28}{'published':>11}{'ours':>11}")
    for row in published_rows():
        rows.append(row)
        print(
            f"{row.loss:<16}{row.regularizer:<18}{row.weight:>6g}  {row.order:<28}"
            f"{row.expected:>11.4g}{row.ours:>11.4g}{_mark([row])}",
            flush=True,
        )
    return rows


def _pairs() -> list[Row]:
    from bench.dirac import LAW_ORDERS, LAW_STEPS
    from bench.dirac_table import pair_rows

    print(f"\nclosed forms: radius after {LAW_STEPS} steps ({', '.join(LAW_ORDERS)}), eigenvalues, weights")
    print("between which simultaneous steps attract; ours, or why there is none")
    rows: list[Row] = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # of torch to itself, at its first forward derivative
        for pair, own in pair_rows():
            rows += own
            print(_pair_line(pair, own), flush=True)
    return rows


def _pair_line(pair: Pair, own: Sequence[Row]) -> str:
    radii, values, edges = (
        [row for row in own if row.quantity.startswith(start)] for start in ("radius", "eigenvalue", "border")
    )
    found = "".join(f"{row.ours:>11.4g}" for row in radii)
    named = f"{pair.loss:<16}{pair.regularizer:<18}{pair.weight:>6g}"
    return f"{named}{found}  {_eigenvalues(values):<32}{_borders(edges)}{_mark(own)}"


def _eigenvalues(rows: Sequence[Row]) -> str:
    parts = [row.ours for row in rows if row.agrees is not None]
    pairs = zip(parts[::2], parts[1::2], strict=True)
    return ", ".join(f"{real + 0.0:.4g}{imaginary:+.4g}i" for real, imaginary in pairs) or "none"


def _borders(rows: Sequence[Row]) -> str:
    if rows[0].agrees is None:
        return f"no border: {rows[0].note}"
    return f"({rows[0].ours:.6g}, {rows[1].ours:.6g})"


def _mark(rows: Iterable[Row]) -> str:
    return "  differs" if any(row.agrees is False for row in rows) else ""


def _agreed(rows: Iterable[Row]) -> str:
    known = [row.agrees for row in rows if row.agrees is not None]
    return f"{sum(known)} of {len(known)}"
