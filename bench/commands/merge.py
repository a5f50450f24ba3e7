"""ganbench merge: the folders of several machines as one, and its report."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bench.commands.endings import DONE, CommandError, told_plainly
from bench.pages import WriteReport


def merge(folders: Sequence[Path], out: Path, write_report: WriteReport) -> int:
    """Join the folders and report; runs that are in none of them are counted."""
    if not folders:
        raise CommandError(["merge: must be given a results folder, got none; name those of all shards"])
    with told_plainly():
        from bench.merge import merge as join

        merged = join(folders, out, print)
        for note in merged.notes:
            print(note)
        missing = f"; {merged.missing} planned runs are in none of the folders" if merged.missing else ""
        print(f"{merged.stored} runs are in {out}, {merged.new} of them new{missing}")
        print(f"report: {write_report(out)}")
    return DONE
