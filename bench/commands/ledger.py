"""ganbench ledger: published results beside those of stored records."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bench.commands.endings import DONE, OUR_FAULT, CommandError, told_plainly

if TYPE_CHECKING:
    from bench.pages import LedgerPage


def ledger(
    folders: Sequence[Path], page: Path, records: Path | None, ledger_page: LedgerPage, *, check: bool
) -> int:
    """Write the page, or say whether it is up to date."""
    _require_readable(folders, records, check=check)
    from gans.data.checksums import written_atomically

    with told_plainly():
        try:
            text = ledger_page(folders, records)
        except ValueError as error:
            raise CommandError([str(error)]) from error
        if check:
            return _checked(page, text)
        with written_atomically(page) as stream:
            stream.write(text.encode())
    print(f"ledger: {page}")
    return DONE


def _checked(page: Path, text: str) -> int:
    if page.is_file() and page.read_text("utf-8") == text:
        print(f"{page} is what the records say")
        return DONE
    print(f"{page} is not what the records say; write it again: ganbench ledger --out {page}")
    return OUR_FAULT


def _require_readable(folders: Sequence[Path], records: Path | None, *, check: bool) -> None:
    lines = [
        f"ledger: must be given results folders, got {str(each)!r}, which is none; "
        "run a preset first (ganbench list profiles)"
        for each in folders
        if not each.is_dir()
    ]
    if records is not None and not folders and not records.is_dir():
        lines.append(f"--records: must be a folder, got {str(records)!r}; give results folders to fill it")
    if check and folders:
        lines.append("--check: must stand without results folders, got some; they would change the records")
    if lines:
        raise CommandError(lines)
