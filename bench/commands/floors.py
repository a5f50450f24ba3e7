"""ganbench floors: what the metrics say of data whose answer is known, beside the answer."""

from __future__ import annotations

from pathlib import Path

from bench.commands.endings import DONE, told_plainly
from bench.commands.table_file import write_table

FLOORS = "floors"
"""Name of the preset: known answers in place of a grid, so that no profile is read for it."""

SUMMARY = "metrics of real mixtures and known supports, the self-test of NDB on MNIST: known answers and ours"


def floors(file: Path | None) -> int:
    """Take all numbers, print them as they are taken, and write them if asked to.

    A number off its published value is printed as such and no fault of ours: it hangs on seeds.
    """
    from bench.floors import Floor, floors

    if file is not None:
        write_table(file, Floor, [])  # a file that cannot be written is told before the work, not after
    rows = []
    print(f"{'quantity':<29}{'data':<34}{'known':>9}{'at least':>10}{'at most':>10}{'ours':>12}")
    with told_plainly():
        for row in floors():
            rows.append(row)
            mark = {True: "", False: "  differs", None: f"  not taken: {row.note}"}[row.agrees]
            print(
                f"{row.quantity:<29}{row.data:<34}{row.expected:>9.4g}{row.least:>10.4g}{row.most:>10.4g}"
                f"{row.ours:>12.5g}{mark}",
                flush=True,
            )
    if file is not None:
        write_table(file, Floor, rows)
        print(f"table: {file}")
    taken = [row.agrees for row in rows if row.agrees is not None]
    print(f"{sum(taken)} of {len(taken)} numbers are what they have to be")
    return DONE
